//! What the rights of a member are made of.

use std::collections::{BTreeMap, BTreeSet};

use kit_store::{Row as _, Transaction, array};
use kit_values::{Fault, OrganizationId};
use uuid::Uuid;

use super::load::channels;
use crate::domain::access::{Level, Sight, door, level};
use crate::domain::member::Roles;
use crate::domain::words::{ChannelId, ConversationId, MemberId};

/// Which conversations `member` sees; none for somebody who is nobody here.
pub async fn sight(
    transaction: &Transaction,
    organization: OrganizationId,
    member: MemberId,
) -> Result<Option<Sight>, Fault> {
    let values = vec![organization.uuid().into(), member.uuid().into()];
    let rows = transaction.rows(include_str!("sql/rights.sql"), values).await?;
    let Some(first) = rows.first() else { return Ok(None) };
    let roles = Roles::from_code(first.get("roles")?);
    let mut doors = Vec::new();
    for row in &rows {
        let Some(channel) = row.get::<Option<Uuid>>("channel_id")? else { continue };
        let entry = row.get::<Option<i16>>("entry")?.map(Level::from_code);
        doors.push((ChannelId::from_uuid(channel), door(true, entry)));
    }
    Ok(Sight::of(roles, doors))
}

/// How far one channel lets `member` in.
pub async fn channel_level(
    transaction: &Transaction,
    organization: OrganizationId,
    member: MemberId,
    channel: ChannelId,
) -> Result<Level, Fault> {
    let values = vec![organization.uuid().into(), member.uuid().into(), channel.uuid().into()];
    let rows = transaction.rows(include_str!("sql/channel_level.sql"), values).await?;
    let Some(row) = rows.first() else { return Ok(Level::Nothing) };
    let door = row.get::<Option<i16>>("door")?.map(Level::from_code);
    Ok(level(Roles::from_code(row.get("roles")?), door.as_slice()))
}

/// The channels of each of these conversations; unknown ones are left out.
pub async fn channels_of_conversations(
    transaction: &Transaction,
    organization: OrganizationId,
    conversations: &BTreeSet<ConversationId>,
) -> Result<BTreeMap<ConversationId, BTreeSet<ChannelId>>, Fault> {
    let ids = array::uuids(conversations.iter().map(|id| id.uuid()));
    let values = vec![organization.uuid().into(), ids];
    let rows = transaction.rows(include_str!("sql/channels_of_conversations.sql"), values).await?;
    rows.iter()
        .map(|row| {
            let id = ConversationId::from_uuid(row.get("conversation_id")?);
            Ok((id, channels(row.get("channel_ids")?)))
        })
        .collect()
}
