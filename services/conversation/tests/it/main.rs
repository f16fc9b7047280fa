//! The conversation service on real servers: its readers' handler on PostgreSQL, and the whole
//! service over NATS and gRPC.

mod access;
mod any_order;
mod bulk;
mod contacts;
mod deeds;
mod desk;
mod drafts;
mod feed;
mod filters;
mod isolation;
mod list_plans;
mod lists;
mod locks;
mod neighbours;
mod notes;
mod office;
mod plans;
mod quiet;
mod reminders;
mod reopening;
mod replies;
mod search;
mod service;
mod standings;
mod statements;
mod strangers;
mod vectors;
