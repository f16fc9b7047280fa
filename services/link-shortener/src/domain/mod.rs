//! What may be shortened, what a code is, and who is a bot: plain functions.

mod address;
mod bot;
mod code;

use kit_values::typed_id;

pub use address::{Address, Base, Refusal};
pub use bot::is_bot;
pub use code::{Code, RANDOM_BYTES};

typed_id! {
    /// One conversation.
    pub ConversationId(ConversationMarker) = "conv"
}
