//! The real thing, started by its own command, with two organizations in it.
//!
//! Each test has an installation of its own: nextest runs each in a process of its own, and an
//! installation starts in seconds. The binary must be built before (`tests/README.md`).
#![expect(
    clippy::panic,
    clippy::print_stdout,
    reason = "a harness stops at the first thing it cannot do, and shows its figures"
)]

mod account;
mod authors;
mod browser;
mod calls;
mod canaries;
mod fixtures;
mod organizations;
mod rights;
mod rows;
mod shortening;
mod subjects;
mod world;
