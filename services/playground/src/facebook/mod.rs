//! Facebook: what a page's webhooks tell, how Meta writes and signs them, and what Graph answers.
//!
//! Written from the description of the network's contract alone; deliberately without the library
//! that reads these bodies, so that one misreading cannot agree with itself.

pub mod actions;
mod body;
pub mod calls;
mod envelope;
mod escape;
mod parameters;
pub mod people;
mod refused;
pub(crate) mod send_api;
mod signature;

pub use body::body;
pub use envelope::updates;
pub use parameters::Parameters;
pub use refused::Refused;
pub use signature::{HEADER, proof, sign};
