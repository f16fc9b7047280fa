//! Who wrote what: what is wanted, and when it is looked at.

use std::time::Duration;

use kit_store::{Row as _, Transaction, array};
use kit_values::{Fault, OrganizationId};
use networks::Network;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::domain::letter::{kind, word};
use crate::domain::lookup::{Lookup, Subject};
use crate::domain::words::{ChannelId, ItemId};

/// Keeps what is wanted; what is kept already stays as it is.
///
/// # Errors
/// Unavailable when the database is away.
pub async fn add_lookups(transaction: &Transaction, wanted: &[Lookup]) -> Result<(), Fault> {
    if wanted.is_empty() {
        return Ok(());
    }
    let text = |read: fn(&Lookup) -> String| array::texts(wanted.iter().map(read));
    let values = vec![
        array::uuids(wanted.iter().map(|it| it.key.organization.uuid())),
        array::uuids(wanted.iter().map(|it| it.key.item.uuid())),
        array::uuids(wanted.iter().map(|it| it.channel.uuid())),
        text(|it| it.network.as_str().to_owned()),
        text(|it| it.external_id.clone()),
        text(|it| word(it.kind).to_owned()),
        text(|it| it.author.clone()),
        text(|it| it.scope.clone()),
        array::nullable_texts(wanted.iter().map(|it| it.trace.clone())),
        array::times(wanted.iter().map(|it| it.asked_at)),
    ];
    transaction.run(include_str!("sql/add_lookups.sql"), values).await?;
    Ok(())
}

/// Takes the oldest of each of `most` accounts that are not `busy`; for `lease` nobody else does.
///
/// # Errors
/// Unavailable when the database is away.
pub async fn claim_lookups(
    transaction: &Transaction,
    network: Network,
    most: usize,
    busy: &[ChannelId],
    lease: Duration,
) -> Result<Vec<Subject>, Fault> {
    let values = vec![
        network.as_str().into(),
        i64::try_from(most).unwrap_or(i64::MAX).into(),
        array::uuids(busy.iter().map(|id| id.uuid())),
        lease.as_secs_f64().into(),
    ];
    let rows = transaction.rows(include_str!("sql/claim_lookups.sql"), values).await?;
    rows.iter().map(key).collect()
}

fn key(row: &sea_orm::QueryResult) -> Result<Subject, Fault> {
    Ok(Subject {
        organization: OrganizationId::from_uuid(row.get("organization_id")?),
        item: ItemId::from_uuid(row.get::<Uuid>("item_id")?),
    })
}

fn columns(keys: &[Subject]) -> Vec<sea_orm::Value> {
    vec![
        array::uuids(keys.iter().map(|key| key.organization.uuid())),
        array::uuids(keys.iter().map(|key| key.item.uuid())),
    ]
}

/// Those of these that have not ended, locked.
///
/// # Errors
/// Unavailable when the database is away; internal for a row that cannot be read.
pub async fn load_lookups(
    transaction: &Transaction,
    keys: &[Subject],
) -> Result<Vec<Lookup>, Fault> {
    let rows = transaction.rows(include_str!("sql/load_lookups.sql"), columns(keys)).await?;
    rows.iter()
        .map(|row| {
            let unreadable = || Fault::internal("a stored kind cannot be read");
            Ok(Lookup {
                key: key(row)?,
                channel: ChannelId::from_uuid(row.get("channel_id")?),
                network: super::network(&row.get::<String>("network")?)?,
                external_id: row.get("external_id")?,
                kind: kind(&row.get::<String>("kind")?).ok_or_else(unreadable)?,
                author: row.get("author_id")?,
                scope: row.get("scope")?,
                tries: row.get("tries")?,
                asked_at: row.get("asked_at")?,
                trace: row.get("trace")?,
            })
        })
        .collect()
}

/// Puts one off.
///
/// # Errors
/// Unavailable when the database is away.
pub async fn put_off_lookup(
    transaction: &Transaction,
    lookup: &Lookup,
    until: OffsetDateTime,
    reason: &str,
) -> Result<(), Fault> {
    let Subject { organization, item } = lookup.key;
    let values = vec![
        organization.uuid().into(),
        item.uuid().into(),
        until.into(),
        reason.into(),
        lookup.tries.into(),
    ];
    transaction.run(include_str!("sql/put_off_lookup.sql"), values).await?;
    Ok(())
}

/// Lets the oldest lookups of the account that want to know the same of the same kind of message
/// not be made before `until`; those that somebody has in hand find out by themselves.
///
/// # Errors
/// Unavailable when the database is away.
pub async fn hold_lookups(
    transaction: &Transaction,
    as_this: &Lookup,
    until: OffsetDateTime,
) -> Result<(), Fault> {
    let values = vec![
        as_this.channel.uuid().into(),
        until.into(),
        as_this.network.as_str().into(),
        word(as_this.kind).to_owned().into(),
        as_this.author.is_empty().into(),
    ];
    transaction.run(include_str!("sql/hold_lookups.sql"), values).await?;
    Ok(())
}

/// Locks the turn of one.
///
/// # Errors
/// Unavailable when the database is away.
pub async fn lock_lookup_turn(transaction: &Transaction, key: Subject) -> Result<(), Fault> {
    let values = vec![key.organization.uuid().into(), key.item.uuid().into()];
    transaction.rows(include_str!("sql/lock_lookup_turn.sql"), values).await?;
    Ok(())
}

/// Ends one; false when it had ended before.
///
/// # Errors
/// Unavailable when the database is away.
pub async fn end_lookup(
    transaction: &Transaction,
    key: Subject,
    reason: &str,
    forgotten_at: OffsetDateTime,
) -> Result<bool, Fault> {
    let values = vec![
        key.organization.uuid().into(),
        key.item.uuid().into(),
        reason.into(),
        forgotten_at.into(),
    ];
    let ended = transaction.rows(include_str!("sql/end_lookup.sql"), values).await?;
    Ok(!ended.is_empty())
}

/// Takes out of the turns some of those that ended long ago; the lookups themselves are yet to be
/// forgotten ([`forget_lookups`]), by who may see them.
///
/// # Errors
/// Unavailable when the database is away.
pub async fn forget_lookup_turns(
    transaction: &Transaction,
    most: i64,
) -> Result<Vec<Subject>, Fault> {
    let sql = include_str!("sql/forget_lookup_turns.sql");
    transaction.rows(sql, vec![most.into()]).await?.iter().map(key).collect()
}

/// Forgets these.
///
/// # Errors
/// Unavailable when the database is away.
pub async fn forget_lookups(transaction: &Transaction, keys: &[Subject]) -> Result<(), Fault> {
    transaction.run(include_str!("sql/forget_lookups.sql"), columns(keys)).await?;
    Ok(())
}

/// Lets what is wanted of these accounts, which were connected again, be looked at now.
///
/// # Errors
/// Unavailable when the database is away.
pub async fn wake_lookups(
    transaction: &Transaction,
    accounts: &[(Network, ChannelId)],
) -> Result<(), Fault> {
    let values = vec![
        array::texts(accounts.iter().map(|(network, _)| network.as_str().to_owned())),
        array::uuids(accounts.iter().map(|(_, channel)| channel.uuid())),
    ];
    transaction.run(include_str!("sql/wake_lookups.sql"), values).await?;
    Ok(())
}
