//! An organization's accounts at services that are no social network.

use kit_store::Transaction;
use kit_values::{Class, Fault, OrganizationId, Secret};
use serde_json::json;
use time::OffsetDateTime;

use super::announce::announce;
use super::{Actor, audit, rights};
use crate::domain::connection::{Connection, Kind, connect};
use crate::sealing::{Owner, Sealer};
use crate::store::connections;
use crate::wire::Fact;

/// An administrator connects an account, in the place of the one before.
///
/// # Errors
/// Forbidden for others; invalid, naming the field.
pub async fn put(
    tx: &Transaction,
    sealer: &Sealer,
    actor: &Actor,
    (organization, kind): (OrganizationId, Kind),
    account: &str,
    secret: &Secret<String>,
    now: OffsetDateTime,
) -> Result<Connection, Fault> {
    rights::admin(tx, organization, actor).await?;
    let before = connections::find(tx, organization, kind).await?.map(|(connection, _)| connection);
    let after = connect(organization, kind, before.as_ref(), account, secret.expose(), now)?;
    let owner = Owner::Connection(organization, kind);
    let ciphertext = sealer.seal(owner, after.version, secret.expose().as_bytes())?;
    connections::save(tx, &after, Some(ciphertext)).await?;
    tell(tx, actor, &after, "connection.made", now).await?;
    Ok(after)
}

/// An administrator removes an account; its secret is gone. A version other than 0 is the one that
/// it is to have.
///
/// # Errors
/// Forbidden for others; not found; rejected when it is another one meanwhile.
pub async fn remove(
    tx: &Transaction,
    actor: &Actor,
    (organization, kind): (OrganizationId, Kind),
    version: i64,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    rights::admin(tx, organization, actor).await?;
    let before = connections::find(tx, organization, kind).await?;
    let (before, _) = before
        .filter(|(before, _)| !before.removed)
        .ok_or_else(|| Fault::not_found("connection"))?;
    if version != 0 && version != before.version {
        let sentence = "This account was connected anew meanwhile.";
        return Err(Fault::new(Class::Rejected, "connection_changed", sentence));
    }
    let after = Connection { version: before.version + 1, removed: true, ..before };
    connections::save(tx, &after, None).await?;
    tell(tx, actor, &after, "connection.removed", now).await
}

/// The account and its secret in plain text.
///
/// # Errors
/// Not found when there is none.
pub async fn open(
    tx: &Transaction,
    sealer: &Sealer,
    organization: OrganizationId,
    kind: Kind,
) -> Result<(Connection, Secret<String>), Fault> {
    let found = connections::find(tx, organization, kind).await?;
    let Some((connection, Some(ciphertext))) = found else {
        return Err(Fault::not_found("connection"));
    };
    let owner = Owner::Connection(organization, kind);
    let opened = sealer.open(owner, connection.version, &ciphertext)?;
    let secret = String::from_utf8(opened.expose().clone())
        .map(Secret::new)
        .map_err(|_| Fault::internal("an opened secret is not text"))?;
    Ok((connection, secret))
}

async fn tell(
    tx: &Transaction,
    actor: &Actor,
    connection: &Connection,
    act: &'static str,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    let organization = connection.organization;
    let fact = Fact::ConnectionChanged(connection.clone());
    announce(tx, Some(organization), None, organization.uuid(), &fact, now).await?;
    let detail = json!({ "account": connection.account });
    let subject = connection.kind.name().to_owned();
    audit::keep(tx, actor, organization, act, subject, &detail, now).await
}
