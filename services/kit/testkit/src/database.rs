//! A database for each test, cloned from a template that has its roles and migrations.

use std::sync::atomic::{AtomicU32, Ordering};

use kit_store::{DatabaseSettings, Migrations, ServiceSchema, Store, migrate, provision};
use kit_values::Secret;
use sea_orm::{ConnectionTrait, Database as Connector, DatabaseConnection, DbBackend, Statement};
use sha2::{Digest as _, Sha256};
use tokio::sync::OnceCell;
use url::Url;

use crate::servers::servers;

/// Roles belong to the whole cluster, so every test's roles have one password. The server listens
/// on the loopback address and holds nothing.
const PASSWORD: &str = "test";

/// Connections of one role of one test.
const POOL: u32 = 4;

/// A database of one test. It is dropped by a later test process, so that what a failed test left
/// can be looked at.
#[derive(Debug, Clone)]
pub struct Database {
    name: String,
    admin: Secret<String>,
}

/// A database with one schema, and the stores of its two roles.
#[derive(Debug, Clone)]
pub struct SchemaDatabase {
    /// The database.
    pub database: Database,
    /// As the service's role.
    pub store: Store,
    /// As the role of the service's relay.
    pub relay: Store,
    /// As the cluster's administrator, whom row-level security does not bind: for checkers.
    pub admin: Store,
}

/// A fresh database with `migrations` applied to `schema`.
///
/// # Panics
/// When the servers cannot be started or a migration fails.
pub async fn database(schema: &str, migrations: &Migrations) -> SchemaDatabase {
    let database = Database::create(&[(schema, migrations)]).await;
    let store = Store::connect(&database.settings(schema)).await.expect("the service's role");
    let relay = Store::connect(&database.relay_settings(schema)).await.expect("the relay's role");
    let admin = Store::connect(&database.admin_settings()).await.expect("the administrator");
    SchemaDatabase { database, store, relay, admin }
}

impl Database {
    /// A fresh database with several schemas.
    ///
    /// # Panics
    /// When the servers cannot be started or a migration fails.
    pub async fn create(schemas: &[(&str, &Migrations)]) -> Self {
        let cluster = &servers().await.postgres;
        let admin = connection(cluster).await;
        drop_left_over(&admin).await;
        let template = template(cluster, &admin, schemas).await;
        let name = fresh_name();
        run(&admin, &format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
        admin.close().await.expect("a connection can be closed");
        Self { admin: in_database(cluster, &name), name }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The administrator's address of it.
    #[must_use]
    pub fn admin_url(&self) -> &Secret<String> {
        &self.admin
    }

    /// Settings of the administrator.
    #[must_use]
    pub fn admin_settings(&self) -> DatabaseSettings {
        DatabaseSettings { url: self.admin.clone(), pool: 2 }
    }

    /// Settings of the service's role.
    #[must_use]
    pub fn settings(&self, schema: &str) -> DatabaseSettings {
        self.settings_of(&format!("guichet_{schema}"))
    }

    /// Settings of the role of the service's relay.
    #[must_use]
    pub fn relay_settings(&self, schema: &str) -> DatabaseSettings {
        self.settings_of(&format!("guichet_{schema}_relay"))
    }

    fn settings_of(&self, role: &str) -> DatabaseSettings {
        let mut url = parsed(&self.admin);
        url.set_username(role).expect("an address has a user");
        url.set_password(Some(PASSWORD)).expect("an address has a password");
        DatabaseSettings { url: Secret::new(url.into()), pool: POOL }
    }

    /// The first column of the first row, as the administrator; tables are named with their
    /// schema.
    ///
    /// # Panics
    /// When the statement fails or gives no whole number.
    pub async fn number(&self, sql: &str) -> i64 {
        let connection = connection(&self.admin).await;
        let row = connection
            .query_one_raw(Statement::from_string(DbBackend::Postgres, sql))
            .await
            .expect("the statement runs")
            .expect("a row");
        let number = row.try_get_by_index::<i64>(0).expect("a bigint: cast it in the statement");
        connection.close().await.expect("a connection can be closed");
        number
    }

    /// The first column of every row as text, as the administrator.
    ///
    /// # Panics
    /// When the statement fails or gives something else than text.
    pub async fn texts(&self, sql: &str) -> Vec<String> {
        let connection = connection(&self.admin).await;
        let rows = connection
            .query_all_raw(Statement::from_string(DbBackend::Postgres, sql))
            .await
            .expect("the statement runs");
        connection.close().await.expect("a connection can be closed");
        rows.iter().map(|row| row.try_get_by_index(0).expect("text: cast it")).collect()
    }

    /// Runs statements as the administrator.
    ///
    /// # Panics
    /// When one fails.
    pub async fn execute(&self, sql: &str) {
        let connection = connection(&self.admin).await;
        run(&connection, sql).await;
        connection.close().await.expect("a connection can be closed");
    }
}

/// The name of the template with these schemas, made by the first test that needs it.
async fn template(
    cluster: &Secret<String>,
    admin: &DatabaseConnection,
    schemas: &[(&str, &Migrations)],
) -> String {
    let mut digest = Sha256::new();
    for (schema, migrations) in schemas {
        digest.update(schema.as_bytes());
        for (name, sql) in migrations.files() {
            for part in [name, sql] {
                digest.update(part.len().to_be_bytes());
                digest.update(part.as_bytes());
            }
        }
    }
    let name = format!("template_{}", hex::encode(&digest.finalize()[..10]));
    // One at a time over all test processes; released when this connection is closed.
    run(admin, "SELECT pg_advisory_lock(4711)").await;
    let exists = format!("SELECT 1 FROM pg_database WHERE datname = '{name}'");
    let found = admin
        .query_one_raw(Statement::from_string(DbBackend::Postgres, exists))
        .await
        .expect("the catalogue can be read");
    if found.is_none() {
        let unfinished = format!("{name}_unfinished");
        run(admin, &format!("DROP DATABASE IF EXISTS {unfinished} WITH (FORCE)")).await;
        run(admin, &format!("CREATE DATABASE {unfinished}")).await;
        let url = in_database(cluster, &unfinished);
        let password = || Some(Secret::new(PASSWORD.to_owned()));
        for (schema, migrations) in schemas {
            let schema = ServiceSchema::new(*schema, password(), password()).expect("a plain name");
            provision(&url, std::slice::from_ref(&schema)).await.expect("roles can be made");
            migrate(&url, &schema, migrations).await.expect("migrations apply");
        }
        rename_when_left(admin, &unfinished, &name).await;
    }
    run(admin, "SELECT pg_advisory_unlock(4711)").await;
    name
}

/// A connection that was closed a moment ago may still count as a user of the database.
async fn rename_when_left(admin: &DatabaseConnection, from: &str, to: &str) {
    run(
        admin,
        &format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{from}'"),
    )
    .await;
    let sql = format!("ALTER DATABASE {from} RENAME TO {to}");
    let mut tries = 0;
    while let Err(error) = admin.execute_unprepared(&sql).await {
        tries += 1;
        assert!(tries < 100, "the template cannot be renamed: {error}");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

static LEFT_OVER: OnceCell<()> = OnceCell::const_new();

/// Drops the databases of test processes that have ended, once in each process.
async fn drop_left_over(admin: &DatabaseConnection) {
    LEFT_OVER
        .get_or_init(|| async {
            let sql = "SELECT datname::text FROM pg_database WHERE datname LIKE 'test\\_%'";
            let rows = admin
                .query_all_raw(Statement::from_string(DbBackend::Postgres, sql))
                .await
                .expect("the catalogue can be read");
            for row in rows {
                let name: String = row.try_get_by_index(0).expect("text");
                let process = name.split('_').nth(1).unwrap_or_default();
                if !std::path::Path::new("/proc").join(process).exists() {
                    // Another process may be at the same one.
                    let sql = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
                    let _ = admin.execute_unprepared(&sql).await;
                }
            }
        })
        .await;
}

fn fresh_name() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

async fn connection(url: &Secret<String>) -> DatabaseConnection {
    let mut options = sea_orm::ConnectOptions::new(url.expose().clone());
    options.max_connections(1).sqlx_logging(false);
    Connector::connect(options).await.expect("the test servers answer")
}

async fn run(connection: &DatabaseConnection, sql: &str) {
    connection.execute_unprepared(sql).await.expect("the statement runs");
}

fn parsed(url: &Secret<String>) -> Url {
    Url::parse(url.expose()).expect("a database address")
}

fn in_database(url: &Secret<String>, database: &str) -> Secret<String> {
    let mut url = parsed(url);
    url.set_path(database);
    Secret::new(url.into())
}
