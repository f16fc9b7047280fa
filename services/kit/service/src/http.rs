//! HTTP edges: problem documents, request spans by route template, time limits, graceful drain.
//!
//! Deliberately absent: TLS and HTTP/2, which the proxy in front terminates.

mod problem;
mod serve;

pub use problem::Problem;
pub use serve::{serve, traced};
