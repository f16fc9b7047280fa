//! The crate seen from outside: one conformance suite over every network, the committed
//! fixtures, and what each network does in its own way.

#![expect(clippy::panic, reason = "a test that is surprised fails")]

mod actions;
mod answers;
mod conformance;
mod counting;
mod document;
mod facebook;
mod fixtures;
mod manifest;
mod outbound;
mod x;
