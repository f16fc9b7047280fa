//! The lists of conversations, page by page by the key of the last row: a row that moves
//! meanwhile is met once or where it moved to, and every other one exactly once.

use kit_store::{Row as _, Transaction, array};
use kit_values::{Fault, OrganizationId};
use sea_orm::QueryResult;
use time::macros::datetime;
use time::{OffsetDateTime, Time};
use uuid::Uuid;

use super::counts::resolved_since;
use super::detail::{direction, kind};
use super::load::{channels, network};
use super::locks::{read_lock, read_owner};
use crate::domain::item::Profile;
use crate::domain::lock::Lock;
use crate::domain::person::Person;
use crate::domain::view::{ListCursor, Queue, Row};
use crate::domain::words::{ChannelId, ContactId, ConversationId, State};

/// Before and after every moment that a row can hold.
const EARLIEST: OffsetDateTime = datetime!(0001-01-01 0:00 UTC);
const LATEST: OffsetDateTime = datetime!(9999-12-31 0:00 UTC);

/// One page of a list and where the next begins, if this one is full.
pub async fn list(
    transaction: &Transaction,
    organization: OrganizationId,
    queue: Queue,
    channels: &[ChannelId],
    after: Option<ListCursor>,
    limit: i64,
    now: OffsetDateTime,
) -> Result<(Vec<Row>, Option<ListCursor>), Fault> {
    let after = after.unwrap_or(match queue {
        Queue::New => {
            ListCursor { moment: EARLIEST, conversation: ConversationId::from_uuid(Uuid::nil()) }
        }
        Queue::Pending | Queue::All | Queue::Resolved => {
            ListCursor { moment: LATEST, conversation: ConversationId::from_uuid(Uuid::max()) }
        }
    });
    let mut values = vec![
        organization.uuid().into(),
        after.moment.into(),
        after.conversation.uuid().into(),
        limit.into(),
        array::uuids(channels.iter().map(|channel| channel.uuid())),
    ];
    let sql = match queue {
        Queue::New => concat!(
            include_str!("sql/list_new.sql"),
            include_str!("sql/row.sql"),
            include_str!("sql/order_asc.sql")
        ),
        Queue::Pending => concat!(
            include_str!("sql/list_pending.sql"),
            include_str!("sql/row.sql"),
            include_str!("sql/order_desc.sql")
        ),
        Queue::All => concat!(
            include_str!("sql/list_all.sql"),
            include_str!("sql/row.sql"),
            include_str!("sql/order_desc.sql")
        ),
        Queue::Resolved => {
            values.push(resolved_since(now).with_time(Time::MIDNIGHT).assume_utc().into());
            concat!(
                include_str!("sql/list_resolved.sql"),
                include_str!("sql/row.sql"),
                include_str!("sql/order_desc.sql")
            )
        }
    };
    let found = transaction.rows(sql, values).await?;
    let rows = found.iter().map(read).collect::<Result<Vec<_>, Fault>>()?;
    let full = i64::try_from(rows.len()).is_ok_and(|count| count == limit);
    let next = match (found.last(), rows.last()) {
        (Some(found), Some(row)) if full => {
            Some(ListCursor { moment: found.get("place")?, conversation: row.conversation })
        }
        _ => None,
    };
    Ok((rows, next))
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
    })
}
