//! The conversation service on real servers: its readers' handler on PostgreSQL, and the whole
//! service over NATS and gRPC.

mod any_order;
mod desk;
mod feed;
mod isolation;
mod lists;
mod plans;
mod service;
