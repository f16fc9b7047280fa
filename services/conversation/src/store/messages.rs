//! The messages of a conversation in network order, page by page, and its history.

use kit_store::{Row as _, Transaction, array};
use kit_values::{Fault, OrganizationId};
use sea_orm::QueryResult;
use time::OffsetDateTime;
use time::macros::datetime;
use uuid::Uuid;

use super::detail::{direction, kind, read_attachments, read_reactions};
use super::facts::read_fact;
use super::load::{channels, network};
use super::replies::read_reply;
use crate::domain::history::Entry;
use crate::domain::item::Profile;
use crate::domain::person::Person;
use crate::domain::view::{Deeds, HistoryRow, MessageCursor, MessageRow, Page};
use crate::domain::words::{ConversationId, MessageId, NetworkOrder, State};

/// After every moment that a row can hold.
const LATEST: OffsetDateTime = datetime!(9999-12-31 0:00 UTC);

/// The newest messages before a place. None when the organization has no such conversation.
pub async fn list_messages(
    transaction: &Transaction,
    organization: OrganizationId,
    conversation: ConversationId,
    before: Option<MessageCursor>,
    limit: i64,
) -> Result<Option<Page>, Fault> {
    let (moment, length, external_id) = match before {
        Some(MessageCursor(order)) => {
            let length = i32::try_from(order.external_id.len()).unwrap_or(i32::MAX);
            (order.time, length, order.external_id)
        }
        None => (LATEST, i32::MAX, String::new()),
    };
    let sql = concat!(include_str!("sql/messages_page.sql"), include_str!("sql/message_row.sql"));
    let values = vec![
        organization.uuid().into(),
        conversation.uuid().into(),
        moment.into(),
        length.into(),
        external_id.into(),
        limit.into(),
    ];
    let mut messages: Vec<MessageRow> =
        transaction.rows(sql, values).await?.iter().map(read).collect::<Result<_, Fault>>()?;
    if messages.is_empty() && !exists(transaction, organization, conversation).await? {
        return Ok(None);
    }
    messages.reverse();
    let full = i64::try_from(messages.len()).is_ok_and(|count| count == limit);
    let older = messages.first().filter(|_| full).map(|first| MessageCursor(first.order.clone()));
    Ok(Some(Page { messages, older }))
}

/// Messages by id, in no particular order; unknown ids are left out.
pub async fn message_rows(
    transaction: &Transaction,
    organization: OrganizationId,
    ids: &[MessageId],
) -> Result<Vec<MessageRow>, Fault> {
    let sql = concat!(include_str!("sql/messages_ids.sql"), include_str!("sql/message_row.sql"));
    let values = vec![organization.uuid().into(), array::uuids(ids.iter().map(|id| id.uuid()))];
    transaction.rows(sql, values).await?.iter().map(read).collect()
}

/// The contact's newest message in a conversation.
pub async fn newest_inbound(
    transaction: &Transaction,
    organization: OrganizationId,
    conversation: ConversationId,
) -> Result<Option<MessageRow>, Fault> {
    let sql = concat!(include_str!("sql/newest_inbound.sql"), include_str!("sql/message_row.sql"));
    let values = vec![organization.uuid().into(), conversation.uuid().into()];
    transaction.rows(sql, values).await?.first().map(read).transpose()
}

/// The contact's newest private message in a conversation.
pub async fn newest_private(
    transaction: &Transaction,
    organization: OrganizationId,
    conversation: ConversationId,
) -> Result<Option<MessageRow>, Fault> {
    let sql = concat!(include_str!("sql/newest_private.sql"), include_str!("sql/message_row.sql"));
    let values = vec![organization.uuid().into(), conversation.uuid().into()];
    transaction.rows(sql, values).await?.first().map(read).transpose()
}

/// The whole history of a conversation; empty when the organization has no such one.
pub async fn history(
    transaction: &Transaction,
    organization: OrganizationId,
    conversation: ConversationId,
) -> Result<Vec<HistoryRow>, Fault> {
    let of = (organization, conversation);
    rows_of_history(transaction, of, i64::MAX, i64::MAX, true).await
}

/// At most this many entries of it, the newest ones before a place, oldest first; without those
/// that say that a message came, of which there may be any number.
pub async fn history_page(
    transaction: &Transaction,
    organization: OrganizationId,
    conversation: ConversationId,
    before: Option<i64>,
    most: i64,
) -> Result<Vec<HistoryRow>, Fault> {
    let of = (organization, conversation);
    rows_of_history(transaction, of, before.unwrap_or(i64::MAX), most, false).await
}

async fn rows_of_history(
    transaction: &Transaction,
    (organization, conversation): (OrganizationId, ConversationId),
    before: i64,
    most: i64,
    with_messages: bool,
) -> Result<Vec<HistoryRow>, Fault> {
    let values = vec![
        organization.uuid().into(),
        conversation.uuid().into(),
        most.into(),
        before.into(),
        with_messages.into(),
    ];
    let rows = transaction.rows(include_str!("sql/history.sql"), values).await?;
    rows.iter()
        .rev()
        .map(|row| {
            Ok(HistoryRow {
                entry: Entry {
                    conversation,
                    sequence: row.get("sequence")?,
                    at: row.get("at")?,
                    fact: read_fact(row.get("detail")?)?,
                },
                state_after: row.get::<Option<i16>>("state_after")?.and_then(State::from_code),
            })
        })
        .collect()
}

async fn exists(
    transaction: &Transaction,
    organization: OrganizationId,
    conversation: ConversationId,
) -> Result<bool, Fault> {
    let found = transaction
        .rows(
            "SELECT 1 FROM conversation WHERE organization_id = $1 AND conversation_id = $2",
            vec![organization.uuid().into(), conversation.uuid().into()],
        )
        .await?;
    Ok(!found.is_empty())
}

fn read(row: &QueryResult) -> Result<MessageRow, Fault> {
    Ok(MessageRow {
        message: MessageId::from_uuid(row.get("message_id")?),
        conversation: ConversationId::from_uuid(row.get("conversation_id")?),
        sequence: row.get("sequence")?,
        rev: row.get("rev")?,
        kind: kind(row.get("kind")?)?,
        network: network(row.get("network")?)?,
        direction: direction(row.get("direction")?)?,
        channels: channels(row.get("channel_ids")?),
        text: row.get("body")?,
        edited: row.get("edited")?,
        deleted: row.get("deleted")?,
        attachments: read_attachments(row.get("attachments")?)?,
        permalink: row.get("permalink")?,
        order: NetworkOrder {
            time: row.get("network_time")?,
            external_id: row.get("external_id")?,
        },
        scope: row.get("message_scope")?,
        reactions: read_reactions(row.get("reactions")?)?,
        delivered: row.get("delivered")?,
        read: row.get("read")?,
        in_reply_to: row.get::<Option<Uuid>>("parent_id")?.map(MessageId::from_uuid),
        profile: Profile {
            display_name: row.get("display_name")?,
            handle: row.get("handle")?,
            avatar_url: row.get("avatar_url")?,
        },
        person: Person::from_text(&row.get::<String>("network_user_id")?),
        contact_scope: row.get("scope")?,
        history: row.get("history")?,
        reply: read_reply(row, &row.get::<String>("message_scope")?)?,
        identity: row.get("identity_id")?,
        deeds: Deeds::default(),
    })
}
