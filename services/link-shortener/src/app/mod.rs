//! The use cases.

mod shorten;

pub use shorten::{Asked, Made, shorten};
