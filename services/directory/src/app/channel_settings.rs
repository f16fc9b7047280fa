//! What administrators set for an account, and what its network says to its token.

use kit_store::Transaction;
use kit_values::{Fault, OrganizationId};
use serde_json::{Value, json};
use time::OffsetDateTime;

use super::announce::announce;
use super::{Actor, audit, rights};
use crate::domain::access::{self, Access};
use crate::domain::channel::{self, Change, Channel};
use crate::domain::{ChannelId, MemberId, stale};
use crate::sealing::{Owner, Sealer};
use crate::store::{channels, members};
use crate::wire::Fact;

/// An administrator changes an account's settings, seen at `version`.
///
/// # Errors
/// Forbidden for others; not found; as [`channel::change`] says.
pub async fn change(
    tx: &Transaction,
    sealer: &Sealer,
    actor: &Actor,
    (organization, id): (OrganizationId, ChannelId),
    version: i64,
    change: &Change,
    now: OffsetDateTime,
) -> Result<Channel, Fault> {
    rights::admin(tx, organization, actor).await?;
    let (before, token) = to_change(tx, organization, id).await?;
    let after = channel::change(&before, version, change)?;
    replace(tx, sealer, &before, &after, token, now).await?;
    let (was, is) = (&before.settings, &after.settings);
    let detail = audit::difference(&[
        ("display_name", json!(before.display_name), json!(after.display_name)),
        ("restricted", was.restricted.into(), is.restricted.into()),
        ("auto_resolve_days", was.auto_resolve_days.into(), is.auto_resolve_days.into()),
        ("reopen_window_hours", was.reopen_window_hours.into(), is.reopen_window_hours.into()),
    ]);
    audit::keep(tx, actor, organization, "channel.changed", id.to_string(), &detail, now).await?;
    Ok(after)
}

/// An administrator says who may do what while the account is restricted. `version` 0: whatever
/// it is.
///
/// # Errors
/// Forbidden for others; not found; stale; as [`access::entries`] says.
pub async fn set_access(
    tx: &Transaction,
    sealer: &Sealer,
    actor: &Actor,
    (organization, id): (OrganizationId, ChannelId),
    version: i64,
    asked: &[(MemberId, Access)],
    now: OffsetDateTime,
) -> Result<Channel, Fault> {
    rights::admin(tx, organization, actor).await?;
    let (before, token) = to_change(tx, organization, id).await?;
    if version != 0 && version != before.version {
        return Err(stale("channel"));
    }
    let known = members::of(tx, [organization]).await?.into_iter().map(|member| member.id);
    let entries = access::entries(asked, &known.collect())?;
    let mut after = Channel { version: before.version + 1, ..before.clone() };
    after.settings.access = entries;
    replace(tx, sealer, &before, &after, token, now).await?;
    channels::replace_entries(tx, &after).await?;
    let words = |channel: &Channel| {
        let entries = channel.settings.access.iter();
        Value::Object(entries.map(|(id, it)| (id.to_string(), it.name().into())).collect())
    };
    let detail = json!({ "from": words(&before), "to": words(&after) });
    let act = "channel.access_changed";
    audit::keep(tx, actor, organization, act, id.to_string(), &detail, now).await?;
    Ok(after)
}

/// Whether the network takes the account's token, as delivery found at `version`. A report about
/// an older one is passed over; the version stays, since nothing that others keep has changed.
///
/// # Errors
/// Not found.
pub async fn report_health(
    tx: &Transaction,
    organization: OrganizationId,
    id: ChannelId,
    version: i64,
    connected: bool,
    now: OffsetDateTime,
) -> Result<Channel, Fault> {
    let (before, token) = to_change(tx, organization, id).await?;
    if version < before.version {
        return Ok(before);
    }
    let mut after = before.clone();
    after.health = channel::Health { connected: Some(connected), checked_at: Some(now) };
    channels::replace(tx, &after, token).await?;
    if before.health.connected != after.health.connected {
        tell(tx, &after, now).await?;
    }
    Ok(after)
}

async fn to_change(
    tx: &Transaction,
    organization: OrganizationId,
    id: ChannelId,
) -> Result<(Channel, Option<Vec<u8>>), Fault> {
    channels::find_to_change(tx, organization, id).await?.ok_or_else(|| Fault::not_found("channel"))
}

/// The token is sealed for one version: it is sealed anew for the next.
async fn replace(
    tx: &Transaction,
    sealer: &Sealer,
    before: &Channel,
    after: &Channel,
    token: Option<Vec<u8>>,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    let owner = Owner::Channel(after.organization, after.id);
    let anew = token
        .map(|token| {
            let opened = sealer.open(owner, before.version, &token)?;
            sealer.seal(owner, after.version, opened.expose())
        })
        .transpose()?;
    channels::replace(tx, after, anew).await?;
    tell(tx, after, now).await
}

async fn tell(tx: &Transaction, channel: &Channel, now: OffsetDateTime) -> Result<(), Fault> {
    let fact = Fact::ChannelChanged(channel.clone());
    let (organization, network) = (Some(channel.organization), Some(channel.network));
    announce(tx, organization, network, channel.id.uuid(), &fact, now).await
}
