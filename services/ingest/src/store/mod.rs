//! Rows of this service's schema: batches as SQL files, whatever their size one statement each.

mod entry;
mod items;
mod registry;
mod requests;
mod unrouted;

pub use entry::Entry;
pub use items::{ItemRow, KeyRow, WaitingItem, admit, events, proceed, waiting};
pub use registry::{Known, Sealed, known, seal, state, upsert_applications, upsert_routes};
pub use requests::{RequestRow, body, insert, lock, outcomes, settle};
pub use unrouted::{Unrouted, keep, routed, take};

use kit_store::{Transaction, statement};
use kit_values::Fault;
use sea_orm::{ConnectionTrait as _, QueryResult, Value};

use kit_store::OrFault as _;

async fn rows(
    tx: &Transaction,
    sql: &'static str,
    values: Vec<Value>,
) -> Result<Vec<QueryResult>, Fault> {
    tx.query_all_raw(statement(sql, values)).await.or_fault()
}

async fn run(tx: &Transaction, sql: &'static str, values: Vec<Value>) -> Result<u64, Fault> {
    Ok(tx.execute_raw(statement(sql, values)).await.or_fault()?.rows_affected())
}
