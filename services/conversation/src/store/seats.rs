//! What a change of the states of several conversations looks at, whatever their number.

use std::collections::BTreeMap;

use kit_store::{Row as _, Transaction, array};
use kit_values::{Fault, OrganizationId};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::domain::access::{Level, level};
use crate::domain::member::Roles;
use crate::domain::words::{ConversationId, MemberId, State};

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Its state; a signpost's is none.
    pub state: Option<State>,
    /// To whom it is assigned.
    pub owner: Option<MemberId>,
    /// What the member who asks is.
    pub roles: Roles,
    /// What the member may do there.
    pub level: Level,
    /// It is only a signpost.
    pub absorbed: bool,
    /// Network time of the contact's newest live message.
    pub last_inbound: Option<OffsetDateTime>,
    /// How many of its replies the network has not accepted, if that was asked for.
    pub undelivered: i64,
}

/// These conversations as `member` meets them, with how much is `undelivered` if that is wanted;
/// unknown ones are left out.
pub async fn places(
    transaction: &Transaction,
    organization: OrganizationId,
    conversations: impl Iterator<Item = ConversationId>,
    member: MemberId,
    undelivered: bool,
) -> Result<BTreeMap<ConversationId, Place>, Fault> {
    let ids = array::uuids(conversations.map(ConversationId::uuid));
    let values = vec![organization.uuid().into(), ids, member.uuid().into(), undelivered.into()];
    let rows = transaction.rows(include_str!("sql/seats.sql"), values).await?;
    rows.iter()
        .map(|row| {
            let roles = row.get::<Option<i16>>("roles")?.map(Roles::from_code).unwrap_or_default();
            let door = row.get::<Option<i16>>("door")?.map(Level::from_code);
            let place = Place {
                state: row.get::<Option<i16>>("state")?.and_then(State::from_code),
                owner: row.get::<Option<Uuid>>("owner_member_id")?.map(MemberId::from_uuid),
                roles,
                level: level(roles, door.as_slice()),
                absorbed: row.get::<Option<Uuid>>("absorbed_into")?.is_some(),
                last_inbound: row.get("last_inbound")?,
                undelivered: row.get("undelivered")?,
            };
            Ok((ConversationId::from_uuid(row.get("conversation_id")?), place))
        })
        .collect()
}

/// Clears the locks of conversations that `member` resolves.
pub async fn clear_locks(
    transaction: &Transaction,
    organization: OrganizationId,
    conversations: &[ConversationId],
    member: MemberId,
) -> Result<(), Fault> {
    if conversations.is_empty() {
        return Ok(());
    }
    let ids = array::uuids(conversations.iter().map(|id| id.uuid()));
    let values = vec![organization.uuid().into(), ids, member.uuid().into()];
    transaction.run(include_str!("sql/clear_locks.sql"), values).await?;
    Ok(())
}
