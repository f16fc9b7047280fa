//! One database transaction, usable wherever sea-orm takes a connection.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use kit_values::{EventId, Fault};
use sea_orm::sqlx::postgres::{PgArguments, PgConnection, Postgres};
use sea_orm::sqlx::{self, Executor as _};
use sea_orm::{
    ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr, Statement, Value,
};
use sea_orm_migration::async_trait::async_trait;
use tokio::sync::Mutex;

use crate::bell::Bell;
use crate::pool::Held;
use crate::{OrFault as _, Scope, array, bind};

/// Longest wait for the answer to one statement. The server's own limit on the service's role
/// is shorter ([`crate::provision`]); this one is for a line that went silent.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(35);

/// An open transaction that sees the organizations of its [`Scope`] and no other. Dropped
/// without [`Transaction::commit`], it is rolled back.
///
/// Statements of one transaction run one after the other even when awaited together.
pub struct Transaction {
    inner: Mutex<Held>,
    /// Whether an event was appended, so that the commit wakes the relay.
    appended: AtomicBool,
    /// Whether a statement failed: the server would answer COMMIT with a rollback, and say so
    /// only in a word that the driver does not read.
    failed: AtomicBool,
    bell: Arc<Bell>,
}

impl std::fmt::Debug for Transaction {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Transaction").finish_non_exhaustive()
    }
}

/// A statement of the kit's one backend; `sql` comes from the source tree
/// (`include_str!("sql/….sql")`), every variable part is a parameter.
#[must_use]
pub fn statement(sql: &'static str, values: Vec<Value>) -> Statement {
    Statement::from_sql_and_values(DbBackend::Postgres, sql, values)
}

impl Transaction {
    pub(crate) fn new(inner: Held, bell: Arc<Bell>) -> Self {
        Self {
            inner: Mutex::new(inner),
            appended: AtomicBool::new(false),
            failed: AtomicBool::new(false),
            bell,
        }
    }

    /// Makes what was written permanent; when the connection is lost here, it may or may not
    /// have become so.
    ///
    /// # Errors
    ///
    /// Internal when a statement of it failed and its error was passed over: nothing is kept.
    pub async fn commit(self) -> Result<(), Fault> {
        if self.failed.into_inner() {
            return Err(Fault::internal(
                "a statement of the transaction had failed, so there was nothing to commit",
            ));
        }
        end(self.inner.into_inner(), "COMMIT").await?;
        if self.appended.into_inner() {
            self.bell.ring();
        }
        Ok(())
    }

    /// Undoes everything.
    pub async fn rollback(self) -> Result<(), Fault> {
        end(self.inner.into_inner(), "ROLLBACK").await
    }

    /// Waits for the advisory locks `keys` ([`crate::lock_key`]) in one statement, in ascending
    /// order so that two transactions never wait for each other in a circle; they are released
    /// when the transaction ends.
    pub async fn lock(&self, keys: &[i64]) -> Result<(), Fault> {
        let mut keys = keys.to_vec();
        keys.sort_unstable();
        keys.dedup();
        if keys.is_empty() {
            return Ok(());
        }
        self.execute_raw(statement(
            "SELECT pg_advisory_xact_lock(key) FROM unnest($1::bigint[]) AS wanted (key)",
            vec![array::bigints(keys)],
        ))
        .await
        .or_fault()?;
        Ok(())
    }

    /// Changes the organizations that the rest of the transaction sees: for runners that learn
    /// whose work it is from a table outside row-level security (timers).
    pub async fn rescope(&self, scope: &Scope) -> Result<(), Fault> {
        self.execute_raw(statement(
            "SELECT set_config('guichet.organizations', $1, true)",
            vec![scope.literal().into()],
        ))
        .await
        .or_fault()?;
        Ok(())
    }

    /// The relay is woken when this transaction commits.
    pub(crate) fn has_appended(&self) {
        self.appended.store(true, Ordering::Relaxed);
    }

    /// Runs a statement for its number of rows.
    pub async fn run(&self, sql: &'static str, values: Vec<Value>) -> Result<u64, Fault> {
        Ok(self.execute_raw(statement(sql, values)).await.or_fault()?.rows_affected())
    }

    /// Runs a statement for its rows ([`crate::Row`] reads them).
    pub async fn rows(
        &self,
        sql: &'static str,
        values: Vec<Value>,
    ) -> Result<Vec<QueryResult>, Fault> {
        self.query_all_raw(statement(sql, values)).await.or_fault()
    }
}

impl Transaction {
    /// Runs one query on the connection; any failure is remembered.
    async fn ask<T>(
        &self,
        wrap: fn(RuntimeErr) -> DbErr,
        query: impl AsyncFnOnce(&mut PgConnection) -> Result<T, sqlx::Error>,
    ) -> Result<T, DbErr> {
        let mut inner = self.inner.lock().await;
        answered(ANSWER_TIMEOUT, query(&mut inner)).await.map_err(|error| {
            self.failed.store(true, Ordering::Relaxed);
            wrap(RuntimeErr::SqlxError(Arc::new(error)))
        })
    }
}

/// Ends a transaction; its connection serves the next only when the server has said so.
async fn end(mut held: Held, word: &'static str) -> Result<(), Fault> {
    match answered(ANSWER_TIMEOUT, held.execute(word)).await {
        Ok(_) => {
            held.give_back();
            Ok(())
        }
        Err(error) => Err(error).or_fault(),
    }
}

/// An array parameter of event ids.
pub(crate) fn event_ids(events: impl IntoIterator<Item = EventId>) -> Value {
    array::uuids(events.into_iter().map(EventId::uuid))
}

/// Waits for the server's answer, but not for ever.
pub(crate) async fn answered<T>(
    longest: Duration,
    work: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, sqlx::Error> {
    tokio::time::timeout(longest, work).await.unwrap_or_else(|_| {
        Err(sqlx::Error::Io(std::io::Error::new(
            std::io::ErrorKind::TimedOut,
            "the server did not answer",
        )))
    })
}

/// The driver's query for a statement.
fn query(statement: Statement) -> Result<Query, DbErr> {
    let arguments = bind::arguments(statement.values)?;
    Ok(sqlx::query_with(sqlx::AssertSqlSafe(statement.sql), arguments))
}

type Query = sqlx::query::Query<'static, Postgres, PgArguments>;

#[async_trait]
impl ConnectionTrait for Transaction {
    fn get_database_backend(&self) -> DbBackend {
        DbBackend::Postgres
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        let query = query(statement)?;
        let done = self.ask(DbErr::Exec, async |connection| connection.execute(query).await);
        Ok(done.await?.into())
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        let sql = sqlx::AssertSqlSafe(sql);
        let done = self.ask(DbErr::Exec, async |connection| connection.execute(sql).await);
        Ok(done.await?.into())
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        let query = query(statement)?;
        let row = self.ask(DbErr::Query, async |connection| connection.fetch_optional(query).await);
        Ok(row.await?.map(QueryResult::from))
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let query = query(statement)?;
        let rows = self.ask(DbErr::Query, async |connection| connection.fetch_all(query).await);
        Ok(rows.await?.into_iter().map(QueryResult::from).collect())
    }
}
