//! Table `member_preferences`.

use kit_store::{Row as _, Transaction};
use kit_values::{Fault, OrganizationId};

use crate::domain::MemberId;

/// What a member prefers, and its version; empty and 0 while nothing was set.
pub async fn find(
    tx: &Transaction,
    organization: OrganizationId,
    member: MemberId,
) -> Result<(String, i64), Fault> {
    let sql = "SELECT preferences, version FROM member_preferences \
               WHERE organization_id = $1 AND member_id = $2";
    let rows = tx.rows(sql, vec![organization.uuid().into(), member.uuid().into()]).await?;
    rows.first()
        .map_or(Ok((String::new(), 0)), |row| Ok((row.get("preferences")?, row.get("version")?)))
}

/// Puts them as the version after `version`; false when another one stands by now.
pub async fn save(
    tx: &Transaction,
    organization: OrganizationId,
    member: MemberId,
    preferences: &str,
    version: i64,
) -> Result<bool, Fault> {
    let sql = "INSERT INTO member_preferences \
               (organization_id, member_id, preferences, version) \
               SELECT $1, $2, $3, 1 WHERE $4 = 0 \
               ON CONFLICT (organization_id, member_id) DO NOTHING";
    let update = "UPDATE member_preferences SET preferences = $3, version = version + 1 \
                  WHERE organization_id = $1 AND member_id = $2 AND version = $4";
    let values =
        vec![organization.uuid().into(), member.uuid().into(), preferences.into(), version.into()];
    Ok(tx.run(if version == 0 { sql } else { update }, values).await? == 1)
}
