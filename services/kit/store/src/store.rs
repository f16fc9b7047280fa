//! A pool on one role, and the transactions that it begins.

use std::sync::Arc;
use std::time::{Duration, Instant};

use kit_values::Fault;
use sea_orm::sqlx::{self, AssertSqlSafe, Executor as _};

use crate::bell::Bell;
use crate::connect::{self, DatabaseSettings};
use crate::fault::is_connection_lost;
use crate::pool::{ACQUIRE_TIMEOUT, Held, Pool};
use crate::transaction::answered;
use crate::{OrFault as _, Scope, Transaction, is_retryable};

/// Longest wait for the answer to BEGIN, a connection included: it asks nothing of the server
/// that could take long, so a line this silent is dead.
const BEGIN_TIMEOUT: Duration = Duration::from_secs(4);

/// How often a transaction that met another one is run before its fault is the caller's.
const ATTEMPTS: u32 = 5;

/// Plans are made once a connection and without looking at sizes: along indices, one row after
/// the other. Statistics of tables that were empty a minute ago are wrong, and planning a statement
/// of a hundred columns anew each time takes longer than running it (decision 0012).
const KEPT_PLANS: &str = ", set_config('plan_cache_mode', 'force_generic_plan', true), \
    set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true), \
    set_config('enable_mergejoin', 'off', true)";

/// A pool of connections that log in as one role; clones share it.
#[derive(Debug, Clone)]
pub struct Store {
    pool: Pool,
    bell: Arc<Bell>,
    /// What BEGIN sets besides the scope.
    plans: &'static str,
}

impl Store {
    /// A store whose database answers now.
    ///
    /// # Errors
    ///
    /// Invalid for an address that cannot be read, Unavailable when nobody answers within two
    /// seconds.
    pub async fn connect(settings: &DatabaseSettings) -> Result<Self, Fault> {
        let store = Self::lazy(settings)?;
        store.ping().await?;
        Ok(store)
    }

    /// A store that connects when first used.
    pub fn lazy(settings: &DatabaseSettings) -> Result<Self, Fault> {
        Ok(Self { pool: connect::pool(settings)?, bell: Bell::of(&settings.url)?, plans: "" })
    }

    /// The same store for transactions whose every statement looks rows up by keys that have an
    /// index: their plans are made once a connection, along those indices, whatever the tables'
    /// sizes are or were.
    #[must_use]
    pub fn with_kept_plans(&self) -> Self {
        Self { plans: KEPT_PLANS, ..self.clone() }
    }

    /// The same store for transactions whose statements walk lists, count or search: planned as
    /// PostgreSQL thinks best for what is asked and for what its statistics say.
    #[must_use]
    pub fn with_fresh_plans(&self) -> Self {
        Self { plans: "", ..self.clone() }
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), Fault> {
        self.begin(&Scope::Unscoped).await?.rollback().await
    }

    /// Closes every connection; transactions still open finish first.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    /// Begins a transaction that sees `scope`: one round trip for BEGIN and the scope together.
    ///
    /// # Errors
    ///
    /// Unavailable when no connection can be had within two seconds, or none of the pool answers
    /// within four.
    pub async fn begin(&self, scope: &Scope) -> Result<Transaction, Fault> {
        // The literal holds only what a uuid[] literal holds: see Scope::literal.
        let sql = format!(
            "BEGIN; SELECT set_config('guichet.organizations', '{}', true){}",
            scope.literal(),
            self.plans
        );
        let deadline = Instant::now() + ACQUIRE_TIMEOUT;
        let mut pause = Duration::from_millis(1);
        loop {
            match answered(BEGIN_TIMEOUT, self.begin_with(&sql)).await {
                Ok(inner) => return Ok(Transaction::new(inner, Arc::clone(&self.bell))),
                // A pooled connection that died while idle: nothing has happened yet, so the
                // next one may serve.
                Err(error) if is_stale(&error) && Instant::now() + pause < deadline => {
                    tokio::time::sleep(pause).await;
                    pause *= 2;
                }
                Err(error) => return Err(error).or_fault(),
            }
        }
    }

    async fn begin_with(&self, sql: &str) -> Result<Held, sqlx::Error> {
        let mut held = self.pool.acquire().await?;
        held.execute(AssertSqlSafe(sql)).await?;
        Ok(held)
    }

    /// Runs `work` in a transaction: committed when it gives Ok, rolled back otherwise.
    // The future owns all it needs: an async method that borrowed them would give a future that
    // the compiler cannot prove Send for every lifetime.
    pub fn transaction<T, W>(
        &self,
        scope: &Scope,
        work: W,
    ) -> impl Future<Output = Result<T, Fault>> + use<T, W>
    where
        W: AsyncFnOnce(&Transaction) -> Result<T, Fault>,
    {
        let (store, scope) = (self.clone(), scope.clone());
        async move {
            let transaction = store.begin(&scope).await?;
            let outcome = work(&transaction).await;
            end(transaction, outcome).await
        }
    }

    /// Like [`Store::transaction`], run again, five times in all, when it met another
    /// transaction ([`is_retryable`]): `work` must have no effect outside the transaction.
    // Cloned for each attempt: a closure called by reference gives a future that borrows it,
    // which again cannot be proved Send.
    pub fn transaction_retrying<T, W>(
        &self,
        scope: &Scope,
        work: W,
    ) -> impl Future<Output = Result<T, Fault>> + use<T, W>
    where
        W: AsyncFnOnce(&Transaction) -> Result<T, Fault> + Clone,
    {
        let (store, scope) = (self.clone(), scope.clone());
        async move {
            let mut attempt = 1;
            loop {
                let transaction = store.begin(&scope).await?;
                let outcome = work.clone()(&transaction).await;
                match end(transaction, outcome).await {
                    Err(fault) if attempt < ATTEMPTS && is_retryable(&fault) => {
                        let code = fault.code();
                        tracing::debug!(attempt, code, "transaction met another one");
                        tokio::time::sleep(Duration::from_millis(5 << attempt)).await;
                        attempt += 1;
                    }
                    outcome => return outcome,
                }
            }
        }
    }

    /// The bell that the commits of this store's schema ring.
    pub(crate) fn bell(&self) -> &Bell {
        &self.bell
    }
}

/// Commits after Ok, rolls back otherwise.
async fn end<T>(transaction: Transaction, outcome: Result<T, Fault>) -> Result<T, Fault> {
    match outcome {
        Ok(value) => {
            transaction.commit().await?;
            Ok(value)
        }
        Err(fault) => {
            // The work's fault is the one to tell; a rollback that fails is a connection that
            // the server has rolled back by itself.
            let _ = transaction.rollback().await;
            Err(fault)
        }
    }
}

/// Whether a connection taken from the pool turned out to be dead.
fn is_stale(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::PoolClosed => false,
        sqlx::Error::Io(error) if error.kind() == std::io::ErrorKind::TimedOut => false,
        other => is_connection_lost(other),
    }
}
