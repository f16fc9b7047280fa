//! Ingest against real servers: PostgreSQL, NATS, a directory that speaks gRPC, and HTTP from
//! outside.

mod answers;
mod authors;
mod away;
mod batches;
mod bodies;
mod consume;
mod directory;
mod fixtures;
mod handshakes;
mod house;
mod isolation;
mod operators;
mod routes;
#[cfg(feature = "failpoints")]
mod sabotage;
mod waiting;
