//! The use cases.

mod hear;
mod read;

pub use hear::{Heard, hear, lock_key};
pub use read::{mark_read, standing};
