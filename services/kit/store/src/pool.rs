//! The connections of one role.
//!
//! Not the driver's pool: that one tries every connection on its way back, so that each
//! transaction costs one more round trip, and without a limit of time, so that a peer that went
//! silent holds its place for ever. Here a connection comes back only when its COMMIT or ROLLBACK
//! was answered, which is all that a try could show. One that was dropped on the way is closed,
//! upon which the server rolls back; so none is ever handed out in the middle of somebody's
//! transaction.

use std::ops::{Deref, DerefMut};
use std::time::Duration;

use deadpool::Runtime;
use deadpool::managed::{self, Metrics, Object, PoolError, RecycleError, RecycleResult, Timeouts};
use sea_orm::sqlx::postgres::{PgConnectOptions, PgConnection};
use sea_orm::sqlx::{self, ConnectOptions as _, Connection as _};

/// How long a caller waits for a connection: PostgreSQL being away must show quickly.
pub(crate) const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(2);

/// A connection idle for less than this is used without a round trip to try it first.
const TRUSTED_WHILE_IDLE: Duration = Duration::from_secs(30);

/// How long a connection that was idle for longer has to answer.
const TRY_TIMEOUT: Duration = Duration::from_millis(500);

/// No connection lives longer: server processes grow, and addresses move.
const LIVES_FOR: Duration = Duration::from_hours(1);

/// How connections are made and tried.
#[derive(Debug)]
pub(crate) struct Manager(PgConnectOptions);

impl managed::Manager for Manager {
    type Type = PgConnection;
    type Error = sqlx::Error;

    async fn create(&self) -> Result<PgConnection, sqlx::Error> {
        self.0.connect().await
    }

    async fn recycle(
        &self,
        connection: &mut PgConnection,
        metrics: &Metrics,
    ) -> RecycleResult<sqlx::Error> {
        if metrics.age() >= LIVES_FOR {
            return Err(RecycleError::message("old"));
        }
        if metrics.last_used() >= TRUSTED_WHILE_IDLE {
            connection.ping().await?;
        }
        Ok(())
    }
}

/// Connections that log in as one role, made when first needed.
#[derive(Debug, Clone)]
pub(crate) struct Pool(managed::Pool<Manager>);

impl Pool {
    pub(crate) fn new(options: PgConnectOptions, size: usize) -> Result<Self, sqlx::Error> {
        managed::Pool::builder(Manager(options))
            .max_size(size)
            .timeouts(Timeouts {
                wait: Some(ACQUIRE_TIMEOUT),
                create: Some(ACQUIRE_TIMEOUT),
                recycle: Some(TRY_TIMEOUT),
            })
            .runtime(Runtime::Tokio1)
            .build()
            .map(Self)
            .map_err(|error| sqlx::Error::Configuration(error.into()))
    }

    /// A connection to begin a transaction on.
    pub(crate) async fn acquire(&self) -> Result<Held, sqlx::Error> {
        // Boxed: connecting is a large future, which every caller's would contain.
        Box::pin(self.0.get()).await.map(|object| Held(Some(object))).map_err(|error| match error {
            PoolError::Backend(error) => error,
            PoolError::Timeout(_) => sqlx::Error::PoolTimedOut,
            _ => sqlx::Error::PoolClosed,
        })
    }

    /// Closes every connection once the transactions still open have ended.
    pub(crate) async fn close(&self) {
        self.0.close();
        while self.0.status().size > 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

/// A connection in use. Dropped, it is closed.
pub(crate) struct Held(Option<Object<Manager>>);

impl Held {
    /// Gives back a connection whose transaction has ended, as the server has said.
    pub(crate) fn give_back(mut self) {
        // An object that is dropped returns to its pool.
        drop(self.0.take());
    }
}

impl Deref for Held {
    type Target = PgConnection;

    #[expect(clippy::expect_used, reason = "taken only by what consumes the value")]
    fn deref(&self) -> &PgConnection {
        self.0.as_ref().expect("in use")
    }
}

impl DerefMut for Held {
    #[expect(clippy::expect_used, reason = "taken only by what consumes the value")]
    fn deref_mut(&mut self) -> &mut PgConnection {
        self.0.as_mut().expect("in use")
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        // Taken out of its pool: its place is free, and the line closes with it.
        drop(self.0.take().map(Object::take));
    }
}
