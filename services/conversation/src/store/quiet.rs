//! What has been quiet for long.

use kit_store::{Row as _, Transaction, array};
use kit_values::{Fault, OrganizationId};
use time::{Duration, OffsetDateTime};

use crate::domain::words::{ChannelId, ConversationId};

/// A Pending conversation in which nothing happened for the time of each of its channels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quiet {
    /// Whose.
    pub organization: OrganizationId,
    /// Which.
    pub conversation: ConversationId,
    /// The channel whose time it was that was asked for.
    pub channel: ChannelId,
    /// That channel's time ago.
    pub since: OffsetDateTime,
}

/// Some of those of each of these channels, `limit` of each at most; `unknown` is the time of
/// channels that are not known.
pub async fn quiet(
    transaction: &Transaction,
    channels: &[(OrganizationId, ChannelId)],
    unknown: Duration,
    limit: i64,
    now: OffsetDateTime,
) -> Result<Vec<Quiet>, Fault> {
    let values = vec![
        array::uuids(channels.iter().map(|(organization, _)| organization.uuid())),
        array::uuids(channels.iter().map(|(_, channel)| channel.uuid())),
        now.into(),
        unknown.as_seconds_f64().into(),
        limit.into(),
    ];
    let rows = transaction.rows(include_str!("sql/quiet.sql"), values).await?;
    rows.iter()
        .map(|row| {
            Ok(Quiet {
                organization: OrganizationId::from_uuid(row.get("organization_id")?),
                conversation: ConversationId::from_uuid(row.get("conversation_id")?),
                channel: ChannelId::from_uuid(row.get("channel_id")?),
                since: row.get("quiet_since")?,
            })
        })
        .collect()
}
