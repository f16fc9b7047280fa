//! X: what its activity API tells a webhook, how it signs, and what its API v2 answers.
//!
//! Written from the description of the network's contract alone; deliberately without the library
//! that reads these bodies, so that one misreading cannot agree with itself.

pub mod actions;
pub mod calls;
mod envelope;
mod refused;
mod signature;
mod user;
mod weight;

pub use envelope::updates;
pub use refused::Refused;
pub use signature::{HEADER, response_token, sign};
pub use user::{fields, of_account as user_of_account, of_persona as user_of_persona};
