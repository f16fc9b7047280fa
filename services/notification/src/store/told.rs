//! Tables `notification` and `outcome`: everything that members were told.

use std::collections::{BTreeMap, BTreeSet};

use kit_store::{Row as _, Transaction, array};
use kit_values::{Fault, OrganizationId};
use sea_orm::{QueryResult, Value};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{code, kind};
use crate::domain::{
    ChannelId, ConversationId, Means, MemberId, NotificationId, Outcome, Reason, Seen, Subject,
    Told,
};

const fn reason(name: &str) -> Option<Reason> {
    Some(match name.as_bytes() {
        b"read" => Reason::Read,
        b"settled" => Reason::Settled,
        b"handed_on" => Reason::HandedOn,
        b"test" => Reason::Test,
        _ => return None,
    })
}

/// A means by its stored number.
#[must_use]
pub fn means(number: i16) -> Option<Means> {
    usize::try_from(number).ok().and_then(|place| Means::ALL.get(place)).copied()
}

const fn number(means: Means) -> i16 {
    means as i16
}

/// Keeps what changed: `count` of each is added to what it stood for.
pub async fn save(
    transaction: &Transaction,
    told: &BTreeMap<(OrganizationId, NotificationId), Told>,
) -> Result<(), Fault> {
    if told.is_empty() {
        return Ok(());
    }
    let conversation = |told: &Told| match told.subject {
        Subject::Conversation(id) => Some(id.uuid()),
        Subject::Channel(_) | Subject::Nothing => None,
    };
    let channel = |told: &Told| match told.subject {
        Subject::Channel(id) => Some(id.uuid()),
        Subject::Conversation(_) | Subject::Nothing => None,
    };
    let settled = |told: &Told| told.settled.map(|(_, reason)| reason.name().to_owned());
    let values = vec![
        array::uuids(told.keys().map(|(organization, _)| organization.uuid())),
        array::uuids(told.keys().map(|(_, notification)| notification.uuid())),
        array::uuids(told.values().map(|it| it.member.uuid())),
        array::smallints(told.values().map(|it| code(it.kind))),
        array::nullable_uuids(told.values().map(conversation)),
        array::nullable_uuids(told.values().map(channel)),
        array::times(told.values().map(|it| it.at)),
        array::booleans(told.values().map(|it| it.badge_only)),
        array::integers(told.values().map(|it| it.count)),
        array::bigints(told.values().map(|it| it.rev)),
        array::nullable_times(told.values().map(|it| it.settled.map(|(at, _)| at))),
        array::nullable_texts(told.values().map(settled)),
        array::bigints(told.values().map(|it| it.raised_rev)),
    ];
    transaction.run(include_str!("sql/save_told.sql"), values).await?;
    Ok(())
}

/// Keeps what became of them, as it stands: a notification that was raised anew begins anew.
pub async fn save_outcomes(
    transaction: &Transaction,
    outcomes: &BTreeMap<(OrganizationId, NotificationId), Vec<Seen>>,
) -> Result<(), Fault> {
    let all: Vec<_> =
        outcomes.iter().flat_map(|(key, seen)| seen.iter().map(move |one| (*key, one))).collect();
    if all.is_empty() {
        return Ok(());
    }
    let values = vec![
        array::uuids(all.iter().map(|((organization, _), _)| organization.uuid())),
        array::uuids(all.iter().map(|((_, notification), _)| notification.uuid())),
        array::smallints(all.iter().map(|(_, seen)| number(seen.means))),
        array::smallints(all.iter().map(|(_, seen)| seen.outcome.number())),
        array::texts(all.iter().map(|(_, seen)| seen.reason.clone())),
        array::times(all.iter().map(|(_, seen)| seen.at)),
    ];
    transaction.run(include_str!("sql/save_outcomes.sql"), values).await?;
    Ok(())
}

/// Keeps that a push of it is about to leave.
pub async fn begin_push(
    transaction: &Transaction,
    organization: OrganizationId,
    notification: NotificationId,
) -> Result<(), Fault> {
    let values = vec![organization.uuid().into(), notification.uuid().into()];
    transaction.run(include_str!("sql/begin_push.sql"), values).await?;
    Ok(())
}

/// Forgets some of what has been settled in these organizations since before `since`; gives how
/// many.
pub async fn forget(
    transaction: &Transaction,
    organizations: &BTreeSet<OrganizationId>,
    since: OffsetDateTime,
) -> Result<u64, Fault> {
    let values = vec![
        array::uuids(organizations.iter().map(|organization| organization.uuid())),
        since.into(),
    ];
    transaction.run(include_str!("sql/forget_told.sql"), values).await
}

/// One of them, locked.
pub async fn find(
    transaction: &Transaction,
    organization: OrganizationId,
    notification: NotificationId,
) -> Result<Option<Told>, Fault> {
    let values = vec![organization.uuid().into(), notification.uuid().into()];
    let rows = transaction.rows(include_str!("sql/find_told.sql"), values).await?;
    rows.first().map(read).transpose()
}

/// A place in a member's list: the last one that was shown.
pub type Place = (OffsetDateTime, NotificationId);

/// A member's, the newest first.
pub async fn of_member(
    transaction: &Transaction,
    organization: OrganizationId,
    member: MemberId,
    settled: bool,
    after: Option<Place>,
    limit: i64,
) -> Result<Vec<Told>, Fault> {
    let values = vec![
        organization.uuid().into(),
        member.uuid().into(),
        after.map(|(at, _)| at).into(),
        Value::from(after.map(|(_, id)| id.uuid())),
        limit.into(),
    ];
    // A statement of its own each, so that each finds its index.
    let sql = if settled {
        include_str!("sql/list_told.sql")
    } else {
        include_str!("sql/list_standing.sql")
    };
    transaction.rows(sql, values).await?.iter().map(read).collect()
}

/// Which conversations a member's standing notifications are about.
pub async fn conversations_of(
    transaction: &Transaction,
    organization: OrganizationId,
    member: MemberId,
) -> Result<Vec<ConversationId>, Fault> {
    let values = vec![organization.uuid().into(), member.uuid().into()];
    let rows = transaction.rows(include_str!("sql/conversations_of.sql"), values).await?;
    rows.iter().map(|row| Ok(ConversationId::from_uuid(row.get("conversation_id")?))).collect()
}

/// Settles what stands about no conversation: of one account, or of one member (all, or one).
pub async fn settle(
    transaction: &Transaction,
    organization: OrganizationId,
    which: Which,
    reason: Reason,
    now: OffsetDateTime,
) -> Result<Vec<Told>, Fault> {
    let (channel, member, notification) = match which {
        Which::OfChannel(channel) => (Some(channel.uuid()), None, None),
        Which::OfMember(member) => (None, Some(member.uuid()), None),
        Which::One(member, notification) => (None, Some(member.uuid()), Some(notification.uuid())),
    };
    let values = vec![
        organization.uuid().into(),
        Value::from(channel),
        Value::from(member),
        Value::from(notification),
        reason.name().into(),
        now.into(),
    ];
    transaction.rows(include_str!("sql/settle_told.sql"), values).await?.iter().map(read).collect()
}

/// Which to settle.
#[derive(Debug, Clone, Copy)]
pub enum Which {
    /// All about an account.
    OfChannel(ChannelId),
    /// All of a member.
    OfMember(MemberId),
    /// One of a member.
    One(MemberId, NotificationId),
}

fn read(row: &QueryResult) -> Result<Told, Fault> {
    let conversation: Option<Uuid> = row.get("conversation_id")?;
    let channel: Option<Uuid> = row.get("channel_id")?;
    let settled_at: Option<OffsetDateTime> = row.get("settled_at")?;
    let settled_by: Option<String> = row.get("reason")?;
    let numbers: Vec<i16> = row.get("means")?;
    let outcomes: Vec<i16> = row.get("outcomes")?;
    let reasons: Vec<String> = row.get("reasons")?;
    let times: Vec<OffsetDateTime> = row.get("times")?;
    let broken = || Fault::internal("a stored notification cannot be read");
    let outcomes = numbers
        .into_iter()
        .zip(outcomes)
        .zip(reasons)
        .zip(times)
        .map(|(((number, outcome), reason), at)| {
            let outcome = Outcome::from_number(outcome).ok_or_else(broken)?;
            Ok(Seen { means: means(number).ok_or_else(broken)?, outcome, reason, at })
        })
        .collect::<Result<_, Fault>>()?;
    Ok(Told {
        id: NotificationId::from_uuid(row.get("notification_id")?),
        member: MemberId::from_uuid(row.get("member_id")?),
        kind: kind(row.get("kind")?)?,
        subject: match (conversation, channel) {
            (Some(id), _) => Subject::Conversation(ConversationId::from_uuid(id)),
            (None, Some(id)) => Subject::Channel(ChannelId::from_uuid(id)),
            (None, None) => Subject::Nothing,
        },
        at: row.get("at")?,
        badge_only: row.get("badge_only")?,
        count: row.get("count")?,
        rev: row.get("rev")?,
        raised_rev: row.get("raised_rev")?,
        pushed: row.get("pushed")?,
        settled: settled_at.zip(settled_by.as_deref().and_then(reason)),
        outcomes,
    })
}
