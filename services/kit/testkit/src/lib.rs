//! What tests stand on: real servers, a database for each test, a NATS server that can be stopped
//! and wiped, a TCP line that can be cut.
//!
//! Everything here panics with a sentence when the machine lacks something: a test has no other
//! way to say so. Deliberately absent: imitations of servers.

mod database;
mod eventually;
mod nats;
mod place;
mod plan;
mod proxy;
mod servers;

pub use database::{Database, SchemaDatabase, database};
pub use eventually::{eventually, holds};
pub use nats::{TestNats, private_nats, private_nats as nats};
pub use place::scratch;
pub use plan::{kept_plan, looks_up_by};
pub use proxy::Proxy;
pub use servers::{SharedServers, servers, stop_shared};
