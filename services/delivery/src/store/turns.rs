//! Who has something to do, and taking it.

use std::time::Duration;

use kit_store::{Row as _, Transaction, array};
use kit_values::{Fault, OrganizationId};
use networks::Network;
use sea_orm::Value;
use time::OffsetDateTime;
use uuid::Uuid;

use super::attempts::key;
use crate::domain::words::{ChannelId, Key};

/// For how long a call that is being made holds up those behind it in its conversation.
const HELD_UP: Duration = Duration::from_secs(5);

/// An account that has something to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// The account.
    pub channel: ChannelId,
    /// Whose.
    pub organization: OrganizationId,
    /// How many attempts may be made, counted up to a limit.
    pub ready: usize,
    /// How many are being made, counted up to the same.
    pub busy: usize,
    /// Since when the first may be made.
    pub oldest: OffsetDateTime,
}

/// The accounts of a network that have something to do; counts up to `most`.
///
/// # Errors
/// Unavailable when the database is away.
pub async fn heads(
    transaction: &Transaction,
    network: Network,
    most: usize,
) -> Result<Vec<Head>, Fault> {
    let values = vec![network.as_str().into(), i64::try_from(most).unwrap_or(i64::MAX).into()];
    let rows = transaction.rows(include_str!("sql/heads.sql"), values).await?;
    let number = |count: i64| usize::try_from(count).unwrap_or(0);
    rows.iter()
        .map(|row| {
            Ok(Head {
                channel: ChannelId::from_uuid(row.get("channel_id")?),
                organization: OrganizationId::from_uuid(row.get("organization_id")?),
                ready: number(row.get("ready")?),
                busy: number(row.get("busy")?),
                oldest: row.get("oldest")?,
            })
        })
        .collect()
}

/// The first so many attempts of each of these accounts, which nobody else can take until the
/// transaction ends.
///
/// # Errors
/// Unavailable when the database is away.
pub async fn claim(
    transaction: &Transaction,
    network: Network,
    shares: &[(Uuid, usize)],
) -> Result<Vec<Key>, Fault> {
    let values = vec![
        network.as_str().into(),
        array::uuids(shares.iter().map(|(account, _)| *account)),
        array::bigints(shares.iter().map(|(_, wanted)| i64::try_from(*wanted).unwrap_or(0))),
        HELD_UP.as_secs_f64().into(),
    ];
    let rows = transaction.rows(include_str!("sql/claim.sql"), values).await?;
    rows.iter().map(key).collect()
}

/// Attempts whose lease is over. They are not locked yet: another process may end the same ones.
///
/// # Errors
/// Unavailable when the database is away.
pub async fn expired(transaction: &Transaction, most: i64) -> Result<Vec<Key>, Fault> {
    let rows = transaction.rows(include_str!("sql/expired.sql"), vec![most.into()]).await?;
    rows.iter().map(key).collect()
}

/// For how long the oldest attempt of each network has waited for a worker.
///
/// # Errors
/// Unavailable when the database is away.
pub async fn ages(transaction: &Transaction) -> Result<Vec<(Network, Duration)>, Fault> {
    let words: Value = array::texts(Network::ALL.map(|network| network.as_str().to_owned()));
    let rows = transaction.rows(include_str!("sql/ages.sql"), vec![words]).await?;
    let mut ages: Vec<_> = Network::ALL.map(|network| (network, Duration::ZERO)).into();
    for row in rows {
        let network = super::network(&row.get::<String>("network")?)?;
        let age = Duration::try_from_secs_f64(row.get("age")?).unwrap_or(Duration::ZERO);
        ages.retain(|(known, _)| *known != network);
        ages.push((network, age));
    }
    Ok(ages)
}
