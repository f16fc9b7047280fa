//! What a member prefers: an object whose meaning is the workspace's.

use kit_store::Transaction;
use kit_values::{Fault, OrganizationId};

use super::{Actor, rights};
use crate::domain::stale;
use crate::store::preferences;

/// Longest, in bytes.
const LONGEST: usize = 16_384;

/// The actor's own; empty and version 0 while nothing was set.
///
/// # Errors
/// Forbidden for who is no member.
pub async fn of(
    tx: &Transaction,
    organization: OrganizationId,
    actor: &Actor,
) -> Result<(String, i64), Fault> {
    let member = rights::member(tx, organization, actor).await?;
    preferences::find(tx, organization, member.id).await
}

/// Sets the actor's own, seen at `version`.
///
/// # Errors
/// Invalid unless it is a JSON object of a bounded length; rejected as stale.
pub async fn put(
    tx: &Transaction,
    organization: OrganizationId,
    actor: &Actor,
    given: &str,
    version: i64,
) -> Result<(String, i64), Fault> {
    let member = rights::member(tx, organization, actor).await?;
    let is_object = serde_json::from_str::<serde_json::Value>(given).is_ok_and(|it| it.is_object());
    if given.len() > LONGEST || !is_object {
        let sentence = format!("Preferences are a JSON object of at most {LONGEST} bytes.");
        return Err(Fault::invalid("preferences", "preferences", sentence));
    }
    if !preferences::save(tx, organization, member.id, given, version).await? {
        return Err(stale("set of preferences"));
    }
    preferences::find(tx, organization, member.id).await
}
