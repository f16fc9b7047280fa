//! Roles, schemas and migrations of every configured service.

use kit_store::{DatabaseSettings, Row as _, Scope, ServiceSchema, Store};
use kit_values::{Class, Fault, Secret};
use url::Url;

use crate::services::ALL;
use crate::settings::Settings;

/// The oldest PostgreSQL that works.
const OLDEST: i32 = 15;

/// Makes roles and schemas as the administrator, then applies each service's migrations.
///
/// # Errors
/// Unavailable when PostgreSQL cannot be reached; Rejected when it is too old; else what a
/// migration says.
pub async fn apply(settings: &Settings) -> Result<(), Fault> {
    let admin = settings.servers.postgresql.as_ref().ok_or_else(|| {
        let sentence = "Say where PostgreSQL is, as its administrator: postgresql in [servers], or \
                        GUICHET__servers__postgresql.";
        Fault::new(Class::Invalid, "administrator_missing", sentence)
    })?;
    let mut schemas = Vec::new();
    for service in ALL {
        if let (Some(migrations), Some((own, relay))) =
            (service.migrations(), service.databases(settings))
        {
            let relay = relay.map(password).transpose()?.flatten();
            let schema = ServiceSchema::new(service.name(), password(own)?, relay)?;
            schemas.push((schema, migrations));
        }
    }
    check_version(admin).await?;
    let all: Vec<ServiceSchema> = schemas.iter().map(|(schema, _)| schema.clone()).collect();
    kit_store::provision(admin, &all).await?;
    for (schema, migrations) in &schemas {
        kit_store::migrate(admin, schema, migrations).await?;
        tracing::debug!(schema = schema.name(), "schema is up to date");
    }
    Ok(())
}

/// Refuses a server whose SQL the services could not use.
async fn check_version(admin: &Secret<String>) -> Result<(), Fault> {
    let store = Store::connect(&DatabaseSettings { url: admin.clone(), pool: 1 }).await?;
    let transaction = store.begin(&Scope::Unscoped).await?;
    let sql = "SELECT current_setting('server_version_num')::int / 10000 AS version";
    let rows = transaction.rows(sql, Vec::new()).await?;
    let version: i32 = rows.first().map_or(Ok(0), |row| row.get("version"))?;
    transaction.rollback().await?;
    store.close().await;
    if version >= OLDEST {
        return Ok(());
    }
    let sentence = format!(
        "PostgreSQL {version} is too old; Guichet needs {OLDEST} or later. Give the address of a \
         newer server."
    );
    Err(Fault::new(Class::Rejected, "postgresql_too_old", sentence))
}

/// The password in a database address: what the role will be given.
fn password(database: &DatabaseSettings) -> Result<Option<Secret<String>>, Fault> {
    let url = Url::parse(database.url.expose()).map_err(|_| {
        let sentence = "A database address is not of the form postgres://role:password@host/name.";
        Fault::invalid("database_url", "url", sentence)
    })?;
    Ok(url.password().map(|password| Secret::new(password.to_owned())))
}
