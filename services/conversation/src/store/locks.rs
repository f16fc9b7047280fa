//! The reply lock and the owner, which stand on the conversation's row beside the fold of its
//! history.

use kit_store::{Row as _, Transaction, array};
use kit_values::{Fault, OrganizationId};
use sea_orm::QueryResult;
use time::OffsetDateTime;
use uuid::Uuid;

use super::load::{channels, network};
use crate::domain::access::{Level, level};
use crate::domain::batch::Owner;
use crate::domain::heard::Owned;
use crate::domain::lock::{Holder, LEASE, Lock};
use crate::domain::member::Roles;
use crate::domain::view::Overview;
use crate::domain::words::{ContactId, ConversationId, MemberId, State};

/// What a claim on the lock, or a decision, looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    /// Who may answer now.
    pub lock: Lock,
    /// To whom it is assigned.
    pub owner: Option<MemberId>,
    /// What the member who asks is.
    pub roles: Roles,
    /// What the member may do here.
    pub level: Level,
    /// It is only a signpost.
    pub absorbed: bool,
    /// The database's clock.
    pub moment: OffsetDateTime,
}

pub(super) fn read_owner(row: &QueryResult) -> Result<Owner, Fault> {
    Ok(Owner {
        member: row.get::<Option<Uuid>>("owner_member_id")?.map(MemberId::from_uuid),
        epoch: row.get("owner_epoch")?,
    })
}

pub(super) fn read_lock(row: &QueryResult) -> Result<Lock, Fault> {
    let member: Option<Uuid> = row.get("lock_member_id")?;
    let session: Option<String> = row.get("lock_session")?;
    let expires_at: Option<OffsetDateTime> = row.get("lock_expires_at")?;
    let holder = match (member, session, expires_at) {
        (Some(member), Some(session), Some(expires_at)) => {
            Some(Holder { member: MemberId::from_uuid(member), session, expires_at })
        }
        _ => None,
    };
    Ok(Lock { holder, fence: row.get("lock_fence")? })
}

pub(super) fn read_overview(row: &QueryResult) -> Result<Overview, Fault> {
    Ok(Overview {
        conversation: ConversationId::from_uuid(row.get("conversation_id")?),
        rev: row.get("rev")?,
        state: row.get::<Option<i16>>("state")?.and_then(State::from_code),
        network: network(row.get("network")?)?,
        channels: channels(row.get("channel_ids")?),
        waiting_since: row.get("waiting_since")?,
        owner: read_owner(row)?,
        decided_by: row.get::<Option<Uuid>>("decided_by")?.map(MemberId::from_uuid),
        decision: row.get("decision")?,
        decided_by_reply: row.get("decided_by_reply")?,
        absorbed_into: row.get::<Option<Uuid>>("absorbed_into")?.map(ConversationId::from_uuid),
        contact: ContactId::from_uuid(row.get("contact_id")?),
    })
}

/// The lock of a conversation whose identity is locked, and what `member` is. None when the
/// organization has no such conversation.
pub async fn lock_seat(
    transaction: &Transaction,
    organization: OrganizationId,
    conversation: ConversationId,
    member: MemberId,
) -> Result<Option<Seat>, Fault> {
    let values = vec![organization.uuid().into(), conversation.uuid().into(), member.uuid().into()];
    let rows = transaction.rows(include_str!("sql/read_lock.sql"), values).await?;
    rows.first()
        .map(|row| {
            let roles = row.get::<Option<i16>>("roles")?.map(Roles::from_code).unwrap_or_default();
            let door = row.get::<Option<i16>>("door")?.map(Level::from_code);
            Ok(Seat {
                lock: read_lock(row)?,
                owner: row.get::<Option<Uuid>>("owner_member_id")?.map(MemberId::from_uuid),
                roles,
                level: level(roles, door.as_slice()),
                absorbed: row.get::<Option<Uuid>>("absorbed_into")?.is_some(),
                moment: row.get("moment")?,
            })
        })
        .transpose()
}

/// Lets the live holder go on, in one statement; none when `member` is not that.
pub async fn renew_lock(
    transaction: &Transaction,
    organization: OrganizationId,
    conversation: ConversationId,
    member: MemberId,
    session: &str,
) -> Result<Option<Lock>, Fault> {
    let values = vec![
        organization.uuid().into(),
        conversation.uuid().into(),
        member.uuid().into(),
        session.into(),
        LEASE.whole_seconds().into(),
    ];
    let rows = transaction.rows(include_str!("sql/renew_lock.sql"), values).await?;
    rows.first().map(read_lock).transpose()
}

/// Writes a lock with another holder, or none; gives how the conversation stands.
pub async fn write_lock(
    transaction: &Transaction,
    organization: OrganizationId,
    conversation: ConversationId,
    lock: &Lock,
) -> Result<Overview, Fault> {
    let holder = lock.holder.as_ref();
    let values = vec![
        organization.uuid().into(),
        conversation.uuid().into(),
        holder.map(|holder| holder.member.uuid()).into(),
        holder.map(|holder| holder.session.clone()).into(),
        lock.fence.into(),
        holder.map(|holder| holder.expires_at).into(),
    ];
    let rows = transaction.rows(include_str!("sql/write_lock.sql"), values).await?;
    rows.first().map(read_overview).transpose()?.ok_or_else(|| Fault::not_found("a conversation"))
}

/// Clears the lock of a conversation that `member` resolves.
pub async fn clear_lock(
    transaction: &Transaction,
    organization: OrganizationId,
    conversation: ConversationId,
    member: MemberId,
) -> Result<(), Fault> {
    let values = vec![organization.uuid().into(), conversation.uuid().into(), member.uuid().into()];
    transaction.run(include_str!("sql/clear_lock.sql"), values).await?;
    Ok(())
}

/// Takes over owners of a greater epoch; gives how those conversations stand.
pub async fn project_owners(
    transaction: &Transaction,
    told: &[Owned],
    now: OffsetDateTime,
) -> Result<Vec<(OrganizationId, Overview)>, Fault> {
    let rows = transaction
        .rows(
            include_str!("sql/project_owners.sql"),
            vec![
                array::uuids(told.iter().map(|one| one.organization.uuid())),
                array::uuids(told.iter().map(|one| one.conversation.uuid())),
                array::nullable_uuids(told.iter().map(|one| one.owner.member.map(MemberId::uuid))),
                array::bigints(told.iter().map(|one| one.owner.epoch)),
                now.into(),
            ],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok((OrganizationId::from_uuid(row.get("organization_id")?), read_overview(row)?))
        })
        .collect()
}
