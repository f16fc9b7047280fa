//! Table `connection`.

use kit_store::{Row as _, Transaction};
use kit_values::{Fault, OrganizationId};

use crate::domain::connection::{Connection, Kind};

/// The connection of this kind and its sealed secret, also a removed one, locked until the transaction ends.
pub async fn find(
    tx: &Transaction,
    organization: OrganizationId,
    kind: Kind,
) -> Result<Option<(Connection, Option<Vec<u8>>)>, Fault> {
    let sql = "SELECT account, version, connected_at, secret FROM connection \
               WHERE organization_id = $1 AND kind = $2 FOR UPDATE";
    let rows = tx.rows(sql, vec![organization.uuid().into(), kind.name().into()]).await?;
    rows.first()
        .map(|row| {
            let secret: Option<Vec<u8>> = row.get("secret")?;
            let connection = Connection {
                organization,
                kind,
                account: row.get("account")?,
                version: row.get("version")?,
                connected_at: row.get("connected_at")?,
                removed: secret.is_none(),
            };
            Ok((connection, secret))
        })
        .transpose()
}

/// Puts it in the place of the former one.
///
/// # Errors
/// Conflict when its first version was added meanwhile.
pub async fn save(
    tx: &Transaction,
    connection: &Connection,
    secret: Option<Vec<u8>>,
) -> Result<(), Fault> {
    let insert = "INSERT INTO connection \
                  (organization_id, kind, account, version, connected_at, secret) \
                  VALUES ($1, $2, $3, $4, $5, $6)";
    let update = "UPDATE connection \
                  SET account = $3, version = $4, connected_at = $5, secret = $6 \
                  WHERE organization_id = $1 AND kind = $2";
    let values = vec![
        connection.organization.uuid().into(),
        connection.kind.name().into(),
        connection.account.clone().into(),
        connection.version.into(),
        connection.connected_at.into(),
        secret.into(),
    ];
    tx.run(if connection.version == 1 { insert } else { update }, values).await?;
    Ok(())
}
