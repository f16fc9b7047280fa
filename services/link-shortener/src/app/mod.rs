//! The use cases.

mod settings;
mod shorten;

pub use kit_store::audit::Entry as Kept;
pub use settings::{Actor, choose, connect, disconnect, groups};
pub use shorten::{Asked, AskedLink, Made, shorten};
