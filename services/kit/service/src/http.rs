//! HTTP edges: problem documents, request spans by route template, graceful drain.

mod problem;
mod serve;

pub use problem::Problem;
pub use serve::{serve, traced};
