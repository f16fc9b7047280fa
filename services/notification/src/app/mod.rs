//! The use cases.

mod hear;
mod read;
mod tell;

pub use hear::{Heard, hear, lock_key};
pub use read::{Read, choose, forget, keep, mark_read, record, test};
pub use tell::{MAIL, PUSH, TRIES, WITHDRAW, timer_version};
