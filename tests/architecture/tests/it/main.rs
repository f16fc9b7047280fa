//! The rules of `services/README.md` that a program can check.
#![expect(clippy::panic, reason = "a broken rule stops its test with a sentence")]

mod crate_graph;
mod file_budget;
mod layers;
mod log_style;
mod manifests;
mod row_level_security;
mod tree;
