//! Facebook: what a page's webhooks tell, and how Meta writes and signs them.
//!
//! Written from the description of the network's contract alone; deliberately without the library
//! that reads these bodies, so that one misreading cannot agree with itself.

mod body;
mod envelope;
mod escape;
mod signature;

pub use body::body;
pub use envelope::updates;
pub use signature::{HEADER, sign};
