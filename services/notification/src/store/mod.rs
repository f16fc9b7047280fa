//! Tables `conversation` and `availability`; beside them, what members were told ([`told`]), who
//! they are and what they want ([`people`]), and their browsers ([`subscriptions`]).

pub mod people;
pub mod subscriptions;
pub mod told;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use kit_store::{Row as _, Transaction, array};
use kit_values::{Fault, OrganizationId};
use sea_orm::QueryResult;
use uuid::Uuid;

use crate::domain::{
    Availability, ConversationId, Kind, Known, MemberId, Notification, NotificationId,
};

const fn code(kind: Kind) -> i16 {
    match kind {
        Kind::AssignedToYou => 1,
        Kind::CustomerAnswered => 2,
        Kind::ReplyFailed => 3,
        Kind::ChannelUnhealthy => 4,
        Kind::Test => 5,
    }
}

fn kind(code: i16) -> Result<Kind, Fault> {
    match code {
        1 => Ok(Kind::AssignedToYou),
        2 => Ok(Kind::CustomerAnswered),
        3 => Ok(Kind::ReplyFailed),
        4 => Ok(Kind::ChannelUnhealthy),
        5 => Ok(Kind::Test),
        _ => Err(Fault::internal("a stored kind cannot be read")),
    }
}

/// What is known of these conversations; those never heard of are left out.
pub async fn load(
    transaction: &Transaction,
    about: &BTreeSet<(OrganizationId, ConversationId)>,
) -> Result<HashMap<(OrganizationId, ConversationId), Known>, Fault> {
    let values = vec![
        array::uuids(about.iter().map(|(organization, _)| organization.uuid())),
        array::uuids(about.iter().map(|(_, conversation)| conversation.uuid())),
    ];
    let rows = transaction.rows(include_str!("sql/load.sql"), values).await?;
    rows.iter()
        .map(|row| {
            let key = (
                OrganizationId::from_uuid(row.get("organization_id")?),
                ConversationId::from_uuid(row.get("conversation_id")?),
            );
            let owner: Option<Uuid> = row.get("owner_id")?;
            let known = Known {
                owner: owner.map(MemberId::from_uuid),
                epoch: row.get("owner_epoch")?,
                rev: row.get("rev")?,
                waits: row.get("waits")?,
                notification: notification(row)?,
                notification_rev: row.get("notification_rev")?,
            };
            Ok((key, known))
        })
        .collect()
}

fn notification(row: &QueryResult) -> Result<Option<Notification>, Fault> {
    let id: Option<Uuid> = row.get("notification_id")?;
    let Some(id) = id else { return Ok(None) };
    Ok(Some(Notification {
        id: NotificationId::from_uuid(id),
        member: MemberId::from_uuid(row.get("notified_id")?),
        kind: kind(row.get("kind")?)?,
        at: row.get("notified_at")?,
        badge_only: row.get("badge_only")?,
    }))
}

/// Keeps what is known.
pub async fn save(
    transaction: &Transaction,
    known: &BTreeMap<(OrganizationId, ConversationId), Known>,
) -> Result<(), Fault> {
    let of = |read: fn(&Notification) -> Uuid| {
        array::nullable_uuids(known.values().map(|it| it.notification.as_ref().map(read)))
    };
    let notifications = || known.values().map(|it| it.notification);
    let values = vec![
        array::uuids(known.keys().map(|(organization, _)| organization.uuid())),
        array::uuids(known.keys().map(|(_, conversation)| conversation.uuid())),
        array::nullable_uuids(known.values().map(|it| it.owner.map(MemberId::uuid))),
        array::bigints(known.values().map(|it| it.epoch)),
        array::bigints(known.values().map(|it| it.rev)),
        array::booleans(known.values().map(|it| it.waits)),
        of(|it| it.id.uuid()),
        of(|it| it.member.uuid()),
        array::nullable_smallints(notifications().map(|it| it.map(|it| code(it.kind)))),
        array::nullable_times(notifications().map(|it| it.map(|it| it.at))),
        array::nullable_booleans(notifications().map(|it| it.map(|it| it.badge_only))),
        array::bigints(known.values().map(|it| it.notification_rev)),
    ];
    transaction.run(include_str!("sql/save.sql"), values).await?;
    Ok(())
}

/// Keeps who is away, by the greatest epoch.
pub async fn save_availability(
    transaction: &Transaction,
    heard: &[(OrganizationId, Availability)],
) -> Result<(), Fault> {
    // One row a member: a statement may not touch a row twice.
    let mut newest: BTreeMap<(OrganizationId, MemberId), Availability> = BTreeMap::new();
    for (organization, one) in heard {
        let entry = newest.entry((*organization, one.member)).or_insert(*one);
        if one.epoch > entry.epoch {
            *entry = *one;
        }
    }
    let values = vec![
        array::uuids(newest.keys().map(|(organization, _)| organization.uuid())),
        array::uuids(newest.keys().map(|(_, member)| member.uuid())),
        array::booleans(newest.values().map(|one| one.away)),
        array::bigints(newest.values().map(|one| one.epoch)),
    ];
    transaction.run(include_str!("sql/save_availability.sql"), values).await?;
    Ok(())
}

/// Who is away in these organizations.
pub async fn away(
    transaction: &Transaction,
    organizations: impl IntoIterator<Item = OrganizationId>,
) -> Result<BTreeSet<(OrganizationId, MemberId)>, Fault> {
    let organizations: BTreeSet<_> = organizations.into_iter().collect();
    let values = vec![array::uuids(organizations.into_iter().map(OrganizationId::uuid))];
    let rows = transaction.rows(include_str!("sql/away.sql"), values).await?;
    rows.iter()
        .map(|row| {
            let organization = OrganizationId::from_uuid(row.get("organization_id")?);
            Ok((organization, MemberId::from_uuid(row.get("member_id")?)))
        })
        .collect()
}
