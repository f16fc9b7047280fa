//! Fixtures, requests and counting against the networks' own specifications, in the folder that
//! `GUICHET_SPECS` names (`tests/README.md`).

#![expect(clippy::panic, reason = "a test that is surprised fails")]

mod bitly_requests;
mod counting;
mod facebook_requests;
mod prism;
mod requests;
mod x;
mod x_requests;

use std::path::PathBuf;

/// The folder of specifications; `None`, said on the terminal, when it is not set. Set, every
/// file must be there.
#[expect(clippy::disallowed_methods, reason = "a test has no configuration but this variable")]
#[expect(clippy::print_stdout, reason = "a skip must be seen")]
fn specifications() -> Option<PathBuf> {
    let named = std::env::var("GUICHET_SPECS").ok().filter(|value| !value.is_empty());
    if named.is_none() {
        println!("skipped: GUICHET_SPECS names no folder of specifications");
    }
    named.map(PathBuf::from)
}

/// The folder of fixtures.
fn fixtures() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../fixtures")
}
