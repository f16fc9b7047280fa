//! What may be shortened, what a code is, and who is a bot: plain functions.

mod address;
mod bot;
mod breaker;
mod code;
mod settings;

use kit_values::typed_id;

pub use address::{Address, Base, Refusal};
pub use bot::is_bot;
pub use breaker::Breaker;
pub use code::{Code, RANDOM_BYTES, Short};
pub use settings::{Account, Choice, Provider, Settings};

typed_id! {
    /// One conversation.
    pub ConversationId(ConversationMarker) = "conv"
}

typed_id! {
    /// A member of directory's.
    pub MemberId(MemberMarker) = "mem"
}
