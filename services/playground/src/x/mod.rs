//! X: what its activity API tells a webhook, and how it signs.
//!
//! Written from the description of the network's contract alone; deliberately without the library
//! that reads these bodies, so that one misreading cannot agree with itself.

mod envelope;
mod signature;

pub use envelope::updates;
pub use signature::{HEADER, response_token, sign};
