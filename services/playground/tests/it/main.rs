//! The playground as its neighbours see it: what it posts, what it serves, what it remembers.

mod actions;
mod calls_of_bitly;
mod calls_of_graph;
mod calls_of_x;
mod envelopes;
mod faults;
mod generator;
mod instagram;
mod page;
mod support;
mod tiktok;
mod trouble;
mod world;
