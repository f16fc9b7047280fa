//! The routing service on real PostgreSQL, NATS and Redis.

mod access;
mod away;
mod away_states;
mod before;
mod by_hand;
mod capacity;
mod directory;
mod feed;
mod handing;
mod held;
mod plans;
mod played;
mod presence;
mod races;
mod signing_in;
mod standings;
mod typing;
mod vectors;
mod world;
