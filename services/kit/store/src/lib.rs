//! PostgreSQL, the record on both sides of every hop.
//!
//! A [`Store`] is a pool on one role. A [`Transaction`] names, in the same round trip as its
//! BEGIN, the organizations that it touches ([`Scope`]); forced row-level security shows it no
//! other. Events leave through [`outbox`] and enter through [`inbox`], in the transaction that
//! decided or applied them; what refers to something not yet known is kept by [`waiting`], what
//! cannot be read by [`parked`]; [`timer`] wakes a decision later; [`audit`] keeps who did what. [`Migrations`] and
//! [`provision`] make the schema, its roles and its tables.
//!
//! Deliberately absent: the broker (the relay and the readers are `kit-bus`), any word of the
//! domain, and repository traits: services speak SQL to their own tables through sea-orm.

pub mod array;
pub mod audit;
mod bell;
mod bind;
mod connect;
mod fault;
pub mod inbox;
mod lock;
mod migration;
pub mod outbox;
pub mod parked;
mod pool;
mod provision;
mod row;
mod scope;
mod store;
pub mod timer;
mod transaction;
pub mod waiting;

pub use connect::DatabaseSettings;
pub use fault::{OrFault, is_retryable, sql_state};
pub use lock::lock_key;
pub use migration::{Migrations, migrate};
pub use provision::{ServiceSchema, provision};
pub use row::Row;
pub use scope::Scope;
pub use store::Store;
pub use transaction::{Transaction, statement};
