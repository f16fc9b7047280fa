//! A database of its own for each test, with a service called `probe`.

use kit_store::{
    DatabaseSettings, Migrations, OrFault as _, Scope, ServiceSchema, Store, Transaction, statement,
};
use kit_testkit::SchemaDatabase;
use kit_values::{Fault, OrganizationId, Secret};
use sea_orm::{ConnectionTrait as _, Value};
use uuid::Uuid;

pub fn migrations() -> Migrations {
    Migrations::new().add("0001_parcel", include_str!("sql/parcel.sql"))
}

pub async fn database() -> SchemaDatabase {
    kit_testkit::database("probe", &migrations()).await
}

/// A fresh database without any schema.
pub async fn empty() -> kit_testkit::Database {
    kit_testkit::Database::create(&[]).await
}

/// A service whose roles log in as the test servers' roles do: they belong to the whole cluster,
/// which other tests use at the same time.
pub fn service(name: &str) -> ServiceSchema {
    let password = || Some(Secret::new("test".to_owned()));
    ServiceSchema::new(name, password(), password()).expect("a name")
}

/// The same address for another role of the test servers, reached through `host`.
pub fn address(of: &DatabaseSettings, host: &str) -> DatabaseSettings {
    let url = of.url.expose();
    let (head, tail) = url.split_once('@').expect("an address with a user");
    let (_, path) = tail.split_once('/').expect("an address with a path");
    DatabaseSettings { url: Secret::new(format!("{head}@{host}/{path}")), pool: of.pool }
}

/// Host and port of an address.
pub fn host(of: &DatabaseSettings) -> String {
    let (_, tail) = of.url.expose().split_once('@').expect("an address with a user");
    tail.split('/').next().expect("a host").to_owned()
}

pub fn organization(number: u128) -> OrganizationId {
    OrganizationId::from_uuid(Uuid::from_u128(number))
}

/// Runs one statement in a transaction of its own.
pub async fn run(
    store: &Store,
    scope: &Scope,
    sql: &'static str,
    values: Vec<Value>,
) -> Result<u64, Fault> {
    store.transaction(scope, async |transaction| execute(transaction, sql, values).await).await
}

pub async fn execute(
    transaction: &Transaction,
    sql: &'static str,
    values: Vec<Value>,
) -> Result<u64, Fault> {
    Ok(transaction.execute_raw(statement(sql, values)).await.or_fault()?.rows_affected())
}

/// The one value of the one row of a query.
pub async fn scalar<T: sea_orm::TryGetable>(
    store: &Store,
    scope: &Scope,
    sql: &'static str,
) -> Result<T, Fault> {
    store
        .transaction(scope, async |transaction| {
            let row = transaction.query_one_raw(statement(sql, vec![])).await.or_fault()?;
            row.expect("a row").try_get_by_index(0).or_fault()
        })
        .await
}
