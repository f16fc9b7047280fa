//! The playground as its neighbours see it: what it posts, what it serves, what it remembers.

mod envelopes;
mod faults;
mod generator;
mod page;
mod support;
mod world;
