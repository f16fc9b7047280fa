//! The conversation service on real servers: its readers' handler on PostgreSQL, and the whole
//! service over NATS and gRPC.

mod any_order;
mod desk;
mod feed;
mod isolation;
mod lists;
mod locks;
mod neighbours;
mod office;
mod plans;
mod replies;
mod service;
mod statements;
