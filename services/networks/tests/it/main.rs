//! The crate seen from outside: one conformance suite over every network, the committed
//! fixtures, and what each network does in its own way.

#![expect(clippy::panic, reason = "a test that is surprised fails")]

mod conformance;
mod facebook;
mod fixtures;
mod x;
