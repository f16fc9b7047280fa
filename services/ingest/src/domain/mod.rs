//! The decisions about an item of a webhook: plain functions over values.

mod fate;
mod outcome;
mod told;

pub use fate::{Fate, Settled, Shelved};
pub use told::{Connection, Registration};

pub use outcome::{Outcome, Reading, Waiting, decide, is_history, needs_key};

use kit_values::typed_id;

typed_id! {
    /// One webhook request, as the receipt of its answer names it.
    pub RequestId(RequestKind) = "req"
}
typed_id! {
    /// One item of a request.
    pub ItemId(ItemKind) = "item"
}
typed_id! {
    /// Something kept because it could not be read.
    pub ParkedId(ParkedKind) = "park"
}
typed_id! {
    /// One registration at a network.
    pub ApplicationId(ApplicationKind) = "app"
}
typed_id! {
    /// One connected account.
    pub ChannelId(ChannelKind) = "chan"
}
