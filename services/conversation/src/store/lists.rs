//! The lists of conversations, page by page by the key of the last row: a row that moves
//! meanwhile is met once or where it moved to, and every other one exactly once.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use kit_store::{Row as _, Transaction, array};
use kit_values::{Fault, OrganizationId};
use sea_orm::sea_query::ArrayType;
use sea_orm::{QueryResult, Value};
use time::macros::datetime;
use time::{OffsetDateTime, Time};
use uuid::Uuid;

use super::counts::resolved_since;
use super::detail::{direction, kind};
use super::load::{channels, network, read_reminder};
use super::locks::{read_lock, read_overview, read_owner};
use crate::domain::access::Sight;
use crate::domain::item::Profile;
use crate::domain::lists::{Asked, Assignee, Sort};
use crate::domain::lock::Lock;
use crate::domain::person::Person;
use crate::domain::view::{ListCursor, Overview, Queue, Row, StandingCursor};
use crate::domain::words::{ContactId, ConversationId, MemberId, MessageKind, State};

/// Before and after every moment that a row can hold.
const EARLIEST: OffsetDateTime = datetime!(0001-01-01 0:00 UTC);
const LATEST: OffsetDateTime = datetime!(9999-12-31 0:00 UTC);

/// The words of one variant of `sql/list.sql`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Variant {
    queue: usize,
    sort: Sort,
    assignee: usize,
    drafts: bool,
    index: bool,
}

const QUEUES: [Queue; 4] = [Queue::New, Queue::Pending, Queue::All, Queue::Resolved];
const OWNERS: [&str; 3] = [
    "AND $8::uuid IS NULL",
    "AND $8::uuid IS NULL AND c.owner_member_id IS NULL",
    "AND c.owner_member_id = $8::uuid",
];

/// Every variant, written once: an order and a filter that has an index of its own must be in the
/// text, or no plan would know of them.
static VARIANTS: LazyLock<BTreeMap<Variant, &'static str>> = LazyLock::new(|| {
    let mut variants = BTreeMap::new();
    for (queue, of) in QUEUES.into_iter().enumerate() {
        for sort in [Sort::Waiting, Sort::Newest, Sort::Oldest] {
            for assignee in 0..OWNERS.len() {
                for (drafts, index) in [(false, false), (false, true), (true, false), (true, true)]
                {
                    let variant = Variant { queue, sort, assignee, drafts, index };
                    if sort.fits(of) {
                        variants.insert(variant, &*variant.text().leak());
                    }
                }
            }
        }
    }
    variants
});

impl Variant {
    fn of(asked: &Asked, index: bool) -> Self {
        Self {
            queue: QUEUES.iter().position(|queue| *queue == asked.queue).unwrap_or_default(),
            sort: asked.sort,
            assignee: match asked.assignee {
                Assignee::Any => 0,
                Assignee::Nobody => 1,
                Assignee::Member(_) => 2,
            },
            drafts: asked.drafts_of.is_some(),
            index,
        }
    }

    fn text(self) -> String {
        let state = match QUEUES[self.queue] {
            Queue::New => "c.state = 1 AND $9::timestamptz IS NULL",
            Queue::Pending => "c.state = 2 AND $9::timestamptz IS NULL",
            Queue::All => "c.state IN (1, 2) AND $9::timestamptz IS NULL",
            Queue::Resolved => "c.state = 3 AND c.resolved_at >= $9::timestamptz",
        };
        let key = match (QUEUES[self.queue], self.sort) {
            (Queue::Resolved, _) => "resolved_at",
            (_, Sort::Waiting) => "waiting_since",
            (_, Sort::Newest | Sort::Oldest) => "last_activity_at",
        };
        let (after, order) = if self.sort.ascends() { (">", "ASC") } else { ("<", "DESC") };
        let drafts = if self.drafts {
            "AND c.conversation_id IN (SELECT d.conversation_id FROM draft AS d \
             WHERE d.organization_id = $1 AND d.member_id = $10::uuid AND d.body IS NOT NULL)"
        } else {
            "AND $10::uuid IS NULL"
        };
        let shown =
            if self.index { include_str!("sql/index.sql") } else { include_str!("sql/row.sql") };
        let page = include_str!("sql/list.sql");
        let text =
            format!("{page}{shown}ORDER BY page.place {{order}}, page.conversation_id {{order}}");
        text.replace("{state}", state)
            .replace("{key}", key)
            .replace("{after}", after)
            .replace("{order}", order)
            .replace("{owner}", OWNERS[self.assignee])
            .replace("{drafts}", drafts)
    }
}

/// Which part of a list is wanted.
struct Part<'a> {
    organization: OrganizationId,
    asked: &'a Asked,
    sight: &'a Sight,
    after: Option<ListCursor>,
    limit: i64,
    now: OffsetDateTime,
    /// Places alone.
    index: bool,
}

async fn page(transaction: &Transaction, part: Part<'_>) -> Result<Vec<QueryResult>, Fault> {
    let Part { organization, asked, sight, after, limit, now, index } = part;
    let begin = if asked.sort.ascends() { (EARLIEST, Uuid::nil()) } else { (LATEST, Uuid::max()) };
    let (moment, id) = after.map_or(begin, |after| (after.moment, after.conversation.uuid()));
    let channels = if asked.channels.is_empty() {
        Value::Array(ArrayType::Uuid, None)
    } else {
        array::uuids(asked.channels.iter().map(|channel| channel.uuid()))
    };
    let owner = match asked.assignee {
        Assignee::Any | Assignee::Nobody => None,
        Assignee::Member(member) => Some(member.uuid()),
    };
    let since = (asked.queue == Queue::Resolved)
        .then(|| resolved_since(now).with_time(Time::MIDNIGHT).assume_utc());
    let values = vec![
        organization.uuid().into(),
        moment.into(),
        id.into(),
        limit.into(),
        channels,
        array::uuids(sight.closed().iter().map(|channel| channel.uuid())),
        asked.kind.map(MessageKind::code).into(),
        owner.into(),
        since.into(),
        asked.drafts_of.map(MemberId::uuid).into(),
    ];
    let sql = VARIANTS.get(&Variant::of(asked, index)).copied().ok_or_else(|| {
        Fault::invalid("sort_unknown", "sort", "This list cannot be ordered like that.")
    })?;
    transaction.rows(sql, values).await
}

/// One page of a list and where the next begins, if this one is full.
///
/// # Errors
/// Invalid when the queue does not have that order.
pub async fn list(
    transaction: &Transaction,
    organization: OrganizationId,
    asked: &Asked,
    sight: &Sight,
    after: Option<ListCursor>,
    limit: i64,
    now: OffsetDateTime,
) -> Result<(Vec<Row>, Option<ListCursor>), Fault> {
    let part = Part { organization, asked, sight, after, limit, now, index: false };
    let found = page(transaction, part).await?;
    let rows = found.iter().map(read).collect::<Result<Vec<_>, Fault>>()?;
    let full = i64::try_from(rows.len()).is_ok_and(|count| count == limit);
    let next = match found.last() {
        Some(last) if full => Some(read_place(last, asked.sort)?),
        _ => None,
    };
    Ok((rows, next))
}

/// The places of a list, from the first one, at most `limit`; each with its newest message's
/// sequence.
///
/// # Errors
/// Invalid when the queue does not have that order.
pub async fn index(
    transaction: &Transaction,
    organization: OrganizationId,
    asked: &Asked,
    sight: &Sight,
    limit: i64,
    now: OffsetDateTime,
) -> Result<Vec<(ListCursor, i64)>, Fault> {
    let part = Part { organization, asked, sight, after: None, limit, now, index: true };
    let found = page(transaction, part).await?;
    let place = |row: &QueryResult| Ok((read_place(row, asked.sort)?, row.get("last_sequence")?));
    found.iter().map(place).collect()
}

fn read_place(row: &QueryResult, sort: Sort) -> Result<ListCursor, Fault> {
    Ok(ListCursor {
        sort,
        moment: row.get("place")?,
        conversation: ConversationId::from_uuid(row.get("conversation_id")?),
    })
}

/// Rows by id, in no particular order; unknown ids are left out.
pub async fn conversation_rows(
    transaction: &Transaction,
    organization: OrganizationId,
    ids: &[ConversationId],
) -> Result<Vec<Row>, Fault> {
    let sql = concat!(include_str!("sql/list_ids.sql"), include_str!("sql/row.sql"));
    let values = vec![organization.uuid().into(), array::uuids(ids.iter().map(|id| id.uuid()))];
    transaction.rows(sql, values).await?.iter().map(read).collect()
}

/// One page of how unresolved conversations stand, and where the next begins, if this one is full.
pub async fn standings(
    transaction: &Transaction,
    organization: OrganizationId,
    after: Option<StandingCursor>,
    limit: i64,
) -> Result<(Vec<Overview>, Option<StandingCursor>), Fault> {
    let after = after.map_or(Uuid::nil(), |StandingCursor(identity)| identity);
    let values = vec![organization.uuid().into(), after.into(), limit.into()];
    let found = transaction.rows(include_str!("sql/standings.sql"), values).await?;
    let full = i64::try_from(found.len()).is_ok_and(|count| count == limit);
    let next = match found.last() {
        Some(last) if full => Some(StandingCursor(last.get("identity_id")?)),
        _ => None,
    };
    Ok((found.iter().map(read_overview).collect::<Result<_, Fault>>()?, next))
}

fn read(row: &QueryResult) -> Result<Row, Fault> {
    Ok(Row {
        conversation: ConversationId::from_uuid(row.get("conversation_id")?),
        rev: row.get("rev")?,
        state: row.get::<Option<i16>>("state")?.and_then(State::from_code),
        contact: ContactId::from_uuid(row.get("contact_id")?),
        profile: Profile {
            display_name: row.get("display_name")?,
            handle: row.get("handle")?,
            avatar_url: row.get("avatar_url")?,
        },
        network: network(row.get("network")?)?,
        scope: row.get("scope")?,
        person: Person::from_text(&row.get::<String>("network_user_id")?),
        channels: channels(row.get("channel_ids")?),
        last_text: row.get::<Option<String>>("last_text")?.unwrap_or_default(),
        last_kind: row.get::<Option<i16>>("last_kind")?.map(kind).transpose()?,
        last_direction: row.get::<Option<i16>>("last_direction")?.map(direction).transpose()?,
        last_activity_at: row.get("last_activity_at")?,
        waiting_since: row.get("waiting_since")?,
        unseen_count: row.get("unseen_count")?,
        message_count: row.get("message_count")?,
        last_sequence: row.get("last_sequence")?,
        opened_at: row.get("opened_at")?,
        resolved_at: row.get("resolved_at")?,
        previous: row.get::<Option<Uuid>>("previous_id")?.map(ConversationId::from_uuid),
        absorbed_into: row.get::<Option<Uuid>>("absorbed_into")?.map(ConversationId::from_uuid),
        owner: read_owner(row)?,
        lock: Lock {
            holder: read_lock(row)?
                .holder
                .filter(|_| row.get::<Option<bool>>("lock_is_live").ok().flatten() == Some(true)),
            fence: row.get("lock_fence")?,
        },
        reminder: read_reminder(row)?,
    })
}
