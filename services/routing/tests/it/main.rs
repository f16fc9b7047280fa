//! The routing service on real PostgreSQL, NATS and Redis.

mod away;
mod by_hand;
mod directory;
mod feed;
mod handing;
mod held;
mod plans;
mod presence;
mod races;
mod signing_in;
mod standings;
mod world;
