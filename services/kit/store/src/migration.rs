//! Migrations: SQL files in their order, each once in each schema, the kit's own tables first.
//!
//! Deliberately absent: ways back. A release expands, a later one contracts.

use std::sync::Arc;
use std::time::Duration;

use kit_values::{Class, Fault, Secret};
use sea_orm::sea_query::{Alias, IntoIden as _};
use sea_orm::sqlx::postgres::PgPoolOptions;
use sea_orm::sqlx::{AssertSqlSafe, Executor as _};
use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbErr, DynIden, RuntimeErr};
use sea_orm_migration::async_trait::async_trait;
use sea_orm_migration::{MigrationName, MigrationTrait, MigratorTraitSelf, SchemaManager};

use crate::fault::state;
use crate::pool::ACQUIRE_TIMEOUT;
use crate::{OrFault as _, Row as _, Scope, ServiceSchema, Store, connect, lock_key};

/// The table in each schema that says which files were applied.
const BOOKKEEPING: &str = "migration";

/// How often to try when a lock is not to be had in three seconds: running services hold theirs
/// for far less, but a migration must not queue in front of them for long.
const LOCK_ATTEMPTS: u32 = 20;

/// The SQL files of one service, in their order, after the kit's own.
#[derive(Debug, Clone)]
pub struct Migrations(Vec<File>, Vec<&'static str>);

#[derive(Debug, Clone, Copy)]
struct File {
    name: &'static str,
    sql: &'static str,
    transactional: bool,
}

impl Migrations {
    /// The kit's tables alone.
    #[must_use]
    pub fn new() -> Self {
        Self(Vec::new(), Vec::new())
            .add("kit_0001_kit", include_str!("../migrations/0001_kit.sql"))
            .add("kit_0002_put_aside", include_str!("../migrations/0002_put_aside.sql"))
            .add("kit_0003_audit", include_str!("../migrations/0003_audit.sql"))
    }

    /// Adds a file, run in one transaction. `name` is kept in the database and never changes;
    /// `{schema}` in the text stands for the schema's name.
    #[must_use]
    pub fn add(mut self, name: &'static str, sql: &'static str) -> Self {
        self.0.push(File { name, sql, transactional: true });
        self
    }

    /// Adds a file of one statement that cannot run in a transaction (an index built
    /// concurrently). It may be run again after half of it, so it must say IF NOT EXISTS.
    #[must_use]
    pub fn add_outside_transaction(mut self, name: &'static str, sql: &'static str) -> Self {
        self.0.push(File { name, sql, transactional: false });
        self
    }

    /// Names an extension of PostgreSQL that the files need. It is made before them, by the
    /// administrator who migrates, in the schema `public`.
    #[must_use]
    pub fn needs(mut self, extension: &'static str) -> Self {
        self.1.push(extension);
        self
    }

    /// Whether the schema that `store` works in has seen all of these.
    ///
    /// # Errors
    ///
    /// Rejected, with what to do, when it has not; Unavailable as for any statement.
    pub async fn check(&self, store: &Store) -> Result<(), Fault> {
        let applied = store
            .transaction(&Scope::Unscoped, async |transaction| {
                let known = transaction
                    .rows("SELECT to_regclass('migration') IS NOT NULL AS known", Vec::new())
                    .await?;
                if !known.first().map_or(Ok(false), |row| row.get("known"))? {
                    return Ok(Vec::new());
                }
                transaction
                    .rows("SELECT version FROM migration", Vec::new())
                    .await?
                    .iter()
                    .map(|row| row.get::<String>("version"))
                    .collect::<Result<Vec<_>, _>>()
            })
            .await?;
        match self.0.iter().find(|file| !applied.iter().any(|name| name == file.name)) {
            None => Ok(()),
            Some(file) => Err(Fault::new(
                Class::Rejected,
                "not_migrated",
                format!(
                    "The database has not seen the migration {}; run `guichet migrate` first.",
                    file.name
                ),
            )),
        }
    }

    /// Names and texts, in order: what a template of a test database depends on.
    pub fn files(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.0.iter().map(|file| (file.name, file.sql))
    }
}

impl Default for Migrations {
    fn default() -> Self {
        Self::new()
    }
}

/// Applies what `schema` has not seen yet, as its owner. Any number of these may run at once.
///
/// # Errors
///
/// Conflict when a lock was not to be had for a minute; Internal when a file fails, or when the
/// database has seen a file that this release does not know.
pub async fn migrate(
    admin: &Secret<String>,
    schema: &ServiceSchema,
    migrations: &Migrations,
) -> Result<(), Fault> {
    let Migrations(files, extensions) = migrations.clone();
    let migrator = Migrator { schema: schema.name().to_owned(), files, extensions };
    let mut attempt = 1;
    loop {
        match migrator.apply(admin).await {
            // A lock that was not to be had, or a circle of which this was the end that PostgreSQL cut.
            Err(error)
                if attempt < LOCK_ATTEMPTS
                    && matches!(state(&error).as_deref(), Some("55P03" | "40P01")) =>
            {
                tracing::info!(schema = schema.name(), attempt, "migration waits for a lock");
                tokio::time::sleep(Duration::from_millis(200)).await;
                attempt += 1;
            }
            outcome => return outcome.or_fault(),
        }
    }
}

struct Migrator {
    schema: String,
    files: Vec<File>,
    extensions: Vec<&'static str>,
}

impl Migrator {
    async fn apply(&self, admin: &Secret<String>) -> Result<(), DbErr> {
        let connection = self.connect(admin).await?;
        let outcome = self.apply_on(&connection).await;
        // The session's lock goes with its connection.
        connection.close().await.and(outcome)
    }

    async fn apply_on(&self, connection: &DatabaseConnection) -> Result<(), DbErr> {
        let lock = lock_key(&["migration", &self.schema]);
        connection.execute_unprepared(&format!("SELECT pg_advisory_lock({lock})")).await?;
        for extension in &self.extensions {
            let sql = format!(
                "RESET ROLE; CREATE EXTENSION IF NOT EXISTS {extension} WITH SCHEMA public; \
                 SET ROLE guichet_{}_owner",
                self.schema
            );
            connection.execute_unprepared(&sql).await?;
        }
        self.up(connection, None).await
    }

    /// One connection that acts as the schema's owner.
    async fn connect(&self, admin: &Secret<String>) -> Result<DatabaseConnection, DbErr> {
        let options = connect::options(admin).map_err(|fault| DbErr::Custom(fault.to_string()))?;
        let session = format!(
            "SET ROLE guichet_{schema}_owner; SET search_path = {schema}; \
             SET lock_timeout = '3s'; SET client_min_messages = warning",
            schema = self.schema,
        );
        let pool = PgPoolOptions::new()
            .max_connections(1)
            .acquire_timeout(ACQUIRE_TIMEOUT * 5)
            .idle_timeout(None)
            .max_lifetime(None)
            .after_connect(move |connection, _| {
                let session = session.clone();
                Box::pin(async move {
                    connection.execute(AssertSqlSafe(session)).await?;
                    Ok(())
                })
            })
            .connect_with(options)
            .await
            .map_err(|error| DbErr::Conn(RuntimeErr::SqlxError(Arc::new(error))))?;
        Ok(DatabaseConnection::from(pool))
    }
}

#[async_trait]
impl MigratorTraitSelf for Migrator {
    fn migrations(&self) -> Vec<Box<dyn MigrationTrait>> {
        self.files
            .iter()
            .map(|file| {
                let sql = file.sql.replace("{schema}", &self.schema);
                let step = Step { name: file.name, sql, transactional: file.transactional };
                Box::new(step) as Box<dyn MigrationTrait>
            })
            .collect()
    }

    fn migration_table_name(&self) -> DynIden {
        Alias::new(BOOKKEEPING).into_iden()
    }
}

struct Step {
    name: &'static str,
    sql: String,
    transactional: bool,
}

impl MigrationName for Step {
    fn name(&self) -> &str {
        self.name
    }
}

#[async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared(&self.sql).await?;
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(self.transactional)
    }
}
