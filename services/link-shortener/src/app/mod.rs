//! The use cases.

mod settings;
mod shorten;

pub use settings::{Actor, choose, connect, disconnect, groups};
pub use shorten::{Asked, AskedLink, Made, shorten};
