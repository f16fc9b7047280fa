//! TikTok's API for business accounts (contract 5): what its webhooks tell, how it signs them,
//! and what it answers.
//!
//! Written from the description of the network's contract alone; deliberately without the library
//! that reads these bodies, so that one misreading cannot agree with itself.
//!
//! Deliberately absent: upload of pictures, templates, lists of conversations, mentions of the
//! brand and high-intent comments: nothing calls or reads them yet.

pub mod calls;
mod envelope;
pub mod reading;
mod refused;
mod signature;

pub use envelope::updates;
pub use refused::Refused;
pub use signature::{HEADER, sign};
