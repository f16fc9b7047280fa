//! Applications and routes: what the registry holds in memory.

use kit_store::{Row as _, Transaction, array};
use kit_values::{Fault, OrganizationId};

use crate::domain::{ApplicationId, ChannelId, Connection, Registration};

/// Sealed secrets and the version that they are of.
pub type Sealed = (Vec<u8>, i64);

/// Everything that the registry holds.
#[derive(Debug, Clone)]
pub struct Known {
    /// Applications, each with its sealed secrets and their version.
    pub applications: Vec<(Registration, Option<Sealed>)>,
    /// Routes.
    pub routes: Vec<Connection>,
}

/// Writes applications; an older version than the one kept changes nothing.
pub async fn upsert_applications(
    tx: &Transaction,
    applications: &[Registration],
) -> Result<(), Fault> {
    if applications.is_empty() {
        return Ok(());
    }
    let values = vec![
        array::uuids(applications.iter().map(|row| row.application.uuid())),
        array::texts(applications.iter().map(|row| row.network.clone())),
        array::nullable_uuids(
            applications.iter().map(|row| row.organization.map(OrganizationId::uuid)),
        ),
        array::booleans(applications.iter().map(|row| row.simulated)),
        array::bigints(applications.iter().map(|row| row.version)),
        array::texts(applications.iter().map(|row| row.permalink_base.clone())),
    ];
    tx.run(include_str!("sql/application_upsert.sql"), values).await?;
    Ok(())
}

/// Writes routes; an older version than the one kept changes nothing.
pub async fn upsert_routes(tx: &Transaction, routes: &[Connection]) -> Result<(), Fault> {
    if routes.is_empty() {
        return Ok(());
    }
    let values = vec![
        array::uuids(routes.iter().map(|row| row.application.uuid())),
        array::texts(routes.iter().map(|row| row.account.clone())),
        array::uuids(routes.iter().map(|row| row.channel.uuid())),
        array::uuids(routes.iter().map(|row| row.organization.uuid())),
        array::times(routes.iter().map(|row| row.connected_at)),
        array::bigints(routes.iter().map(|row| row.version)),
    ];
    tx.run(include_str!("sql/route_upsert.sql"), values).await?;
    Ok(())
}

/// Keeps an application's sealed secrets, unless newer ones are kept already.
pub async fn seal(
    tx: &Transaction,
    application: ApplicationId,
    sealed: Vec<u8>,
    version: i64,
) -> Result<(), Fault> {
    let values = vec![application.uuid().into(), sealed.into(), version.into()];
    tx.run(include_str!("sql/application_seal.sql"), values).await?;
    Ok(())
}

/// Everything.
pub async fn known(tx: &Transaction) -> Result<Known, Fault> {
    let mut applications = Vec::new();
    for row in tx.rows(include_str!("sql/application_all.sql"), Vec::new()).await? {
        let sealed: Option<Vec<u8>> = row.get("sealed")?;
        let version: Option<i64> = row.get("sealed_version")?;
        let application = Registration {
            application: ApplicationId::from_uuid(row.get("application_id")?),
            network: row.get("network")?,
            organization: row
                .get::<Option<uuid::Uuid>>("organization_id")?
                .map(OrganizationId::from_uuid),
            simulated: row.get("simulated")?,
            version: row.get("version")?,
            permalink_base: row.get("permalink_base")?,
        };
        applications.push((application, sealed.zip(version)));
    }
    let mut routes = Vec::new();
    for row in tx.rows(include_str!("sql/route_all.sql"), Vec::new()).await? {
        routes.push(Connection {
            application: ApplicationId::from_uuid(row.get("application_id")?),
            account: row.get("account_id")?,
            channel: ChannelId::from_uuid(row.get("channel_id")?),
            organization: OrganizationId::from_uuid(row.get("organization_id")?),
            connected_at: row.get("connected_at")?,
            version: row.get("version")?,
        });
    }
    Ok(Known { applications, routes })
}

/// A text that differs whenever [`known`] would.
pub async fn state(tx: &Transaction) -> Result<String, Fault> {
    let found = tx.rows(include_str!("sql/registry_state.sql"), Vec::new()).await?;
    found.first().map_or_else(|| Ok(String::new()), |row| row.get("state"))
}
