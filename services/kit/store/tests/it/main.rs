//! The kit's store against a real PostgreSQL.

mod audit;
mod harness;
mod isolation;
mod outbox;
mod pool;
mod provisioning;
mod readers;
mod timers;
mod transactions;
mod waiting;
