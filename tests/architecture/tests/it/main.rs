//! The rules of `services/README.md` that a program can check.

mod crate_graph;
mod file_budget;
mod layers;
mod log_style;
mod manifests;
mod tree;
