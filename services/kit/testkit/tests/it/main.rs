//! The test kit itself, against real servers.

mod database;
mod proxy;
mod servers;
