//! What is kept of replies beside the message, and what their use cases look up.

use std::collections::{BTreeMap, BTreeSet};

use kit_store::{Row as _, Transaction, array};
use kit_values::{Fault, OrganizationId};
use sea_orm::QueryResult;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::detail::{kind, unknown_code};
use super::load::{network, read_identity_key};
use crate::domain::item::{MessageKey, is_unsent};
use crate::domain::person::{IdentityKey, Person};
use crate::domain::reply::{Failure, Reply, Stage, Wait};
use crate::domain::seen::Unseen;
use crate::domain::view::Outbound;
use crate::domain::words::{ChannelId, ConversationId, MemberId, MessageId};

/// How long a client may ask again with the same key.
const KEPT_FOR: Duration = Duration::days(7);

pub(super) fn read_reply(row: &QueryResult, scope: &str) -> Result<Option<Reply>, Fault> {
    let Some(code) = row.get::<Option<i16>>("reply_state")? else { return Ok(None) };
    let state = Stage::from_code(code).ok_or_else(|| unknown_code("reply state"))?;
    let failure = match row.get::<Option<String>>("reply_failure_code")? {
        None => None,
        Some(code) => Some(Failure {
            code,
            sentence: row.get::<Option<String>>("reply_failure")?.unwrap_or_default(),
            retryable: row.get::<Option<bool>>("reply_retryable")?.unwrap_or_default(),
        }),
    };
    let wait = match row.get::<Option<String>>("reply_wait_reason")? {
        None => None,
        Some(reason) => Some(Wait { until: row.get("reply_waits_until")?, reason }),
    };
    Ok(Some(Reply {
        state,
        member: MemberId::from_uuid(row.get("reply_member_id")?),
        channel: ChannelId::from_uuid(row.get("reply_channel_id")?),
        to: row.get::<Option<Uuid>>("reply_to")?.map(MessageId::from_uuid),
        attempt: row.get("reply_attempt")?,
        as_of: row.get("reply_as_of")?,
        failure,
        wait,
        placed: !is_unsent(scope),
        seen_through: row.get::<Option<i64>>("reply_seen_through")?.unwrap_or_default(),
        accepted_at: row.get("reply_accepted_at")?,
    }))
}

/// Messages that were looked for by our own ids.
#[derive(Debug, Default)]
pub struct Found {
    /// Their keys and identities; unknown ones are left out.
    pub messages: BTreeMap<MessageId, (MessageKey, IdentityKey)>,
    /// Something waits in the side table for what was brought.
    pub awaited: bool,
}

/// Looks for messages by our own ids, and whether anything waits for one of the keys `brought`.
pub async fn find_messages(
    transaction: &Transaction,
    wanted: &BTreeSet<(OrganizationId, MessageId)>,
    brought: &[(OrganizationId, String)],
) -> Result<Found, Fault> {
    let rows = transaction
        .rows(
            include_str!("sql/find_messages.sql"),
            vec![
                array::uuids(wanted.iter().map(|(organization, _)| organization.uuid())),
                array::uuids(wanted.iter().map(|(_, message)| message.uuid())),
                array::uuids(brought.iter().map(|(organization, _)| organization.uuid())),
                array::texts(brought.iter().map(|(_, key)| key.clone())),
            ],
        )
        .await?;
    let awaited = rows.first().map_or(Ok(false), |row| row.get("awaited"))?;
    let messages = rows
        .iter()
        .map(|row| {
            let key = MessageKey {
                organization: OrganizationId::from_uuid(row.get("organization_id")?),
                network: network(row.get("network")?)?,
                scope: row.get("message_scope")?,
                external_id: row.get("external_id")?,
            };
            let message = MessageId::from_uuid(row.get("message_id")?);
            Ok((message, (key, read_identity_key(row)?)))
        })
        .collect::<Result<_, Fault>>()?;
    Ok(Found { messages, awaited })
}

/// What the contact wrote in these conversations that nobody here had seen before the last
/// decision, whatever an echo was taken to have seen.
pub async fn unseen_without_echo(
    transaction: &Transaction,
    conversations: &BTreeSet<(OrganizationId, ConversationId)>,
) -> Result<BTreeMap<ConversationId, BTreeSet<Unseen>>, Fault> {
    let rows = transaction
        .rows(
            include_str!("sql/unseen_without_echo.sql"),
            vec![
                array::uuids(conversations.iter().map(|(organization, _)| organization.uuid())),
                array::uuids(conversations.iter().map(|(_, conversation)| conversation.uuid())),
            ],
        )
        .await?;
    let mut unseen: BTreeMap<ConversationId, BTreeSet<Unseen>> = BTreeMap::new();
    for row in &rows {
        let conversation = ConversationId::from_uuid(row.get("conversation_id")?);
        unseen.entry(conversation).or_default().insert(Unseen {
            time: row.get("network_time")?,
            sequence: row.get("sequence")?,
            kind: kind(row.get("kind")?)?,
        });
    }
    Ok(unseen)
}

/// Network time of the contact's newest live message in a conversation.
pub async fn last_inbound(
    transaction: &Transaction,
    organization: OrganizationId,
    conversation: ConversationId,
) -> Result<Option<OffsetDateTime>, Fault> {
    let values = vec![organization.uuid().into(), conversation.uuid().into()];
    let rows = transaction.rows(include_str!("sql/last_inbound.sql"), values).await?;
    rows.first().map(|row| row.get("network_time")).transpose()
}

/// How many replies of a conversation its network has not accepted.
pub async fn undelivered(
    transaction: &Transaction,
    organization: OrganizationId,
    conversation: ConversationId,
) -> Result<i64, Fault> {
    let values = vec![organization.uuid().into(), conversation.uuid().into()];
    let rows = transaction
        .rows(
            "SELECT count(*) AS held FROM message WHERE organization_id = $1 \
             AND conversation_id = $2 AND reply_state IN (1, 2, 4, 5)",
            values,
        )
        .await?;
    rows.first().map_or(Ok(0), |row| row.get("held"))
}

/// Replies as delivery needs them; unknown ids are left out.
pub async fn outbound(
    transaction: &Transaction,
    organization: OrganizationId,
    ids: &[MessageId],
) -> Result<Vec<Outbound>, Fault> {
    let values = vec![organization.uuid().into(), array::uuids(ids.iter().map(|id| id.uuid()))];
    let rows = transaction.rows(include_str!("sql/outbound.sql"), values).await?;
    rows.iter()
        .map(|row| {
            let to_id: Option<String> = row.get("to_external_id")?;
            let to_scope: Option<String> = row.get("to_scope")?;
            let to_kind: Option<i16> = row.get("to_kind")?;
            let to = match (to_id, to_kind) {
                (Some(id), Some(code)) if !to_scope.as_deref().is_some_and(is_unsent) => {
                    Some((id, kind(code)?))
                }
                _ => None,
            };
            let scope: String = row.get("message_scope")?;
            let external_id: String = row.get("external_id")?;
            Ok(Outbound {
                message: MessageId::from_uuid(row.get("message_id")?),
                conversation: ConversationId::from_uuid(row.get("conversation_id")?),
                channel: ChannelId::from_uuid(row.get("reply_channel_id")?),
                network: network(row.get("network")?)?,
                kind: kind(row.get("kind")?)?,
                text: row.get("body")?,
                scope: row.get("scope")?,
                person: Person::from_text(&row.get::<String>("network_user_id")?),
                to,
                last_private_inbound_at: row.get("last_private_inbound_at")?,
                attempt: row.get("reply_attempt")?,
                accepted_at: row.get("reply_accepted_at")?,
                external_id: Some(external_id).filter(|_| !is_unsent(&scope)),
            })
        })
        .collect()
}

/// What a client's key brought about: what was asked, and the answer.
pub async fn kept_outcome(
    transaction: &Transaction,
    organization: OrganizationId,
    key: &str,
) -> Result<Option<(String, Vec<u8>)>, Fault> {
    let rows = transaction
        .rows(
            "SELECT asked, answer FROM outcome WHERE organization_id = $1 AND key = $2",
            vec![organization.uuid().into(), key.into()],
        )
        .await?;
    rows.first().map(|row| Ok((row.get("asked")?, row.get("answer")?))).transpose()
}

/// Keeps what a client's key brought about.
pub async fn keep_outcome(
    transaction: &Transaction,
    organization: OrganizationId,
    key: &str,
    asked: &str,
    answer: Vec<u8>,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    let values = vec![
        organization.uuid().into(),
        key.into(),
        asked.into(),
        now.into(),
        answer.into(),
        (now - KEPT_FOR).into(),
    ];
    transaction.run(include_str!("sql/keep_outcome.sql"), values).await?;
    Ok(())
}
