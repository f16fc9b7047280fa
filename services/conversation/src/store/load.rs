//! What a batch loads.

use std::collections::{BTreeMap, BTreeSet};

use kit_store::{Row as _, Transaction, array};
use kit_values::{Fault, OrganizationId};
use sea_orm::QueryResult;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::actions::read_requests;
use super::detail::{direction, kind, read_attachments, read_reactions, unknown_code};
use super::locks::{read_lock, read_owner};
use super::replies::read_reply;
use crate::domain::action::Request;
use crate::domain::batch::{Beside, Identity, Others};
use crate::domain::chain::IdentityState;
use crate::domain::item::{MessageKey, Profile};
use crate::domain::message::{Message, Version};
use crate::domain::person::{IdentityKey, Person};
use crate::domain::seen::{Unseen, retain_unseen};
use crate::domain::standing::{
    Contents, ConversationState, Decided, Last, Raised, Reminder, Replied, Standing, Undo,
};
use crate::domain::words::{
    ChannelId, ContactId, ConversationId, ItemId, MemberId, MessageId, Network, NetworkOrder, State,
};

/// Stored messages, and what surrounds them.
#[derive(Debug, Default)]
pub struct Stored {
    /// By key.
    pub messages: BTreeMap<MessageKey, Message>,
    /// What surrounds those that may leave their places.
    pub others: BTreeMap<ConversationId, Others>,
    /// What was asked to be done to them and their authors.
    pub acts: Vec<Request>,
}

/// Messages by key, the surroundings of those that may leave their places (history, and those in
/// `leaving`), and what was asked to be done to those in `acted`.
pub async fn load_messages(
    transaction: &Transaction,
    keys: &BTreeSet<MessageKey>,
    leaving: &BTreeSet<MessageKey>,
    acted: &BTreeSet<MessageKey>,
) -> Result<Stored, Fault> {
    let mut stored = Stored::default();
    if keys.is_empty() {
        return Ok(stored);
    }
    let rows = transaction
        .rows(
            include_str!("sql/load_messages.sql"),
            vec![
                array::uuids(keys.iter().map(|key| key.organization.uuid())),
                array::smallints(keys.iter().map(|key| key.network.code())),
                array::texts(keys.iter().map(|key| key.scope.clone())),
                array::texts(keys.iter().map(|key| key.external_id.clone())),
                array::booleans(keys.iter().map(|key| leaving.contains(key))),
                array::booleans(keys.iter().map(|key| acted.contains(key))),
            ],
        )
        .await?;
    for row in &rows {
        let message = read_message(row)?;
        if message.history || row.get("leaves")? {
            stored.others.insert(message.conversation, read_others(row)?);
        }
        stored.acts.extend(read_requests(row, "requests")?);
        stored.messages.insert(message.key.clone(), message);
    }
    Ok(stored)
}

/// The keys of everything that these conversations hold.
pub async fn held_messages(
    transaction: &Transaction,
    conversations: &BTreeSet<(OrganizationId, ConversationId)>,
) -> Result<BTreeSet<MessageKey>, Fault> {
    let rows = transaction
        .rows(
            include_str!("sql/held_messages.sql"),
            vec![
                array::uuids(conversations.iter().map(|(organization, _)| organization.uuid())),
                array::uuids(conversations.iter().map(|(_, conversation)| conversation.uuid())),
            ],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(MessageKey {
                organization: OrganizationId::from_uuid(row.get("organization_id")?),
                network: network(row.get("network")?)?,
                scope: row.get("scope")?,
                external_id: row.get("external_id")?,
            })
        })
        .collect()
}

fn read_message(row: &QueryResult) -> Result<Message, Fault> {
    let organization = OrganizationId::from_uuid(row.get("organization_id")?);
    let network = network(row.get("network")?)?;
    let identity = IdentityKey {
        organization,
        network,
        scope: row.get("identity_scope")?,
        person: Person::from_text(&row.get::<String>("network_user_id")?),
    };
    Ok(Message {
        id: MessageId::from_uuid(row.get("message_id")?),
        key: MessageKey {
            organization,
            network,
            scope: row.get("scope")?,
            external_id: row.get("external_id")?,
        },
        identity,
        conversation: ConversationId::from_uuid(row.get("conversation_id")?),
        sequence: row.get("sequence")?,
        rev: row.get("rev")?,
        item: Some(row.get("item_id")?).filter(|id: &Uuid| !id.is_nil()).map(ItemId::from_uuid),
        direction: direction(row.get("direction")?)?,
        kind: kind(row.get("kind")?)?,
        channels: channels(row.get("channel_ids")?),
        history: row.get("history")?,
        time: row.get("network_time")?,
        version: Version {
            number: row.get("version")?,
            time: row.get("version_time")?,
            text: row.get("body")?,
        },
        edited: row.get("edited")?,
        deleted: row.get("deleted")?,
        attachments: read_attachments(row.get("attachments")?)?,
        permalink: row.get("permalink")?,
        in_reply_to: row.get("in_reply_to")?,
        thread: row.get("thread")?,
        reactions: read_reactions(row.get("reactions")?)?,
        reply: read_reply(row, &row.get::<String>("scope")?)?,
    })
}

fn read_others(row: &QueryResult) -> Result<Others, Fault> {
    let last = match row.get::<Option<Uuid>>("other_message_id")? {
        None => None,
        Some(message) => Some(Last {
            order: NetworkOrder {
                time: row.get("other_network_time")?,
                external_id: row.get("other_external_id")?,
            },
            message: MessageId::from_uuid(message),
            kind: kind(row.get("other_kind")?)?,
            direction: direction(row.get("other_direction")?)?,
        }),
    };
    let known: Option<Vec<Uuid>> = row.get("others_channel_ids")?;
    Ok(Others {
        last,
        channels: channels(known.unwrap_or_default()),
        newest_echo: row.get("others_newest_echo_at")?,
        inbound: BTreeSet::new(),
    })
}

/// Identities with the conversations that decisions look at, and further conversations of theirs
/// that are asked for.
pub async fn load_identities(
    transaction: &Transaction,
    keys: &BTreeSet<IdentityKey>,
    further: &BTreeSet<ConversationId>,
) -> Result<BTreeMap<IdentityKey, Identity>, Fault> {
    if keys.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows = transaction
        .rows(
            include_str!("sql/load_identities.sql"),
            vec![
                array::uuids(keys.iter().map(|key| key.organization.uuid())),
                array::smallints(keys.iter().map(|key| key.network.code())),
                array::texts(keys.iter().map(|key| key.scope.clone())),
                array::texts(keys.iter().map(|key| key.person.text())),
                array::uuids(further.iter().map(|conversation| conversation.uuid())),
            ],
        )
        .await?;
    let mut found: BTreeMap<IdentityKey, (Identity, Vec<ConversationState>)> = BTreeMap::new();
    for row in &rows {
        let key = read_identity_key(row)?;
        if !found.contains_key(&key) {
            found.insert(key.clone(), (read_identity(row)?, Vec::new()));
        }
        if let (Some((identity, states)), Some(id)) =
            (found.get_mut(&key), row.get::<Option<Uuid>>("conversation_id")?)
        {
            identity.reopen_windows.extend(read_reopen_windows(row)?);
            let id = ConversationId::from_uuid(id);
            let beside =
                Beside { rev: row.get("rev")?, owner: read_owner(row)?, lock: read_lock(row)? };
            identity.rows.insert(id, beside);
            states.push(read_conversation(row, id)?);
        }
    }
    Ok(found
        .into_iter()
        .map(|(key, (identity, states))| {
            (key, Identity { state: IdentityState::new(states), ..identity })
        })
        .collect())
}

/// The identity of each of these conversations.
pub async fn find_identities(
    transaction: &Transaction,
    conversations: &[(OrganizationId, ConversationId)],
) -> Result<BTreeMap<ConversationId, IdentityKey>, Fault> {
    let rows = transaction
        .rows(
            include_str!("sql/find_identity.sql"),
            vec![
                array::uuids(conversations.iter().map(|(organization, _)| organization.uuid())),
                array::uuids(conversations.iter().map(|(_, conversation)| conversation.uuid())),
            ],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let conversation = ConversationId::from_uuid(row.get("conversation_id")?);
            Ok((conversation, read_identity_key(row)?))
        })
        .collect()
}

pub(super) fn read_identity_key(row: &QueryResult) -> Result<IdentityKey, Fault> {
    Ok(IdentityKey {
        organization: OrganizationId::from_uuid(row.get("organization_id")?),
        network: network(row.get("network")?)?,
        scope: row.get("scope")?,
        person: Person::from_text(&row.get::<String>("network_user_id")?),
    })
}

fn read_identity(row: &QueryResult) -> Result<Identity, Fault> {
    Ok(Identity {
        id: row.get("identity_id")?,
        contact: ContactId::from_uuid(row.get("contact_id")?),
        profile: Profile {
            display_name: row.get("display_name")?,
            handle: row.get("handle")?,
            avatar_url: row.get("avatar_url")?,
        },
        profile_as_of: row.get("profile_as_of")?,
        stored: true,
        state: IdentityState::default(),
        rows: BTreeMap::new(),
        reopen_windows: BTreeMap::new(),
    })
}

fn read_reopen_windows(row: &QueryResult) -> Result<Vec<(ChannelId, Duration)>, Fault> {
    let channels: Option<Vec<Uuid>> = row.get("reopening_channel_ids")?;
    let hours: Option<Vec<i32>> = row.get("reopening_hours")?;
    let windows = hours.unwrap_or_default().into_iter().map(|hours| Duration::hours(hours.into()));
    let channels = channels.unwrap_or_default().into_iter().map(ChannelId::from_uuid);
    Ok(channels.zip(windows).collect())
}

fn read_conversation(row: &QueryResult, id: ConversationId) -> Result<ConversationState, Fault> {
    let newest_echo: Option<OffsetDateTime> = row.get("newest_echo_at")?;
    let last = match row.get::<Option<Uuid>>("last_message_id")? {
        None => None,
        Some(message) => Some(Last {
            order: NetworkOrder {
                time: row.get("last_activity_at")?,
                external_id: row.get("last_external_id")?,
            },
            message: MessageId::from_uuid(message),
            kind: kind(row.get("last_kind")?)?,
            direction: direction(row.get("last_direction")?)?,
        }),
    };
    let seen_through: i64 = row.get("seen_through")?;
    let mut read = read_unseen(row)?;
    retain_unseen(&mut read, newest_echo);
    let (seen, unseen) = read.into_iter().partition(|message| message.sequence <= seen_through);
    Ok(ConversationState {
        id,
        ordinal: row.get("ordinal")?,
        previous: row.get::<Option<Uuid>>("previous_id")?.map(ConversationId::from_uuid),
        opened_at: Some(row.get("opened_at")?),
        standing: read_standing(row)?,
        last_resolved_at: row.get("last_resolved_at")?,
        seen_through,
        raised: read_raised(row.get("raised_since")?, row.get("raised_at")?),
        decided: read_decided(row, seen)?,
        reminder: read_reminder(row)?,
        contents: Contents {
            message_count: row.get("message_count")?,
            last_sequence: row.get("last_sequence")?,
            newest_echo,
            unseen,
            last,
            channels: channels(row.get("channel_ids")?),
        },
        history_sequence: row.get("history_sequence")?,
    })
}

fn read_raised(since: Option<OffsetDateTime>, at: Option<OffsetDateTime>) -> Option<Raised> {
    Some(Raised { since: since?, at: at? })
}

pub(super) fn read_reminder(row: &QueryResult) -> Result<Option<Reminder>, Fault> {
    let due: Option<OffsetDateTime> = row.get("reminder_due_at")?;
    let by: Option<Uuid> = row.get("reminder_member_id")?;
    let note: Option<String> = row.get("reminder_note")?;
    Ok(match (due, by, note) {
        (Some(due), Some(by), Some(note)) => {
            Some(Reminder { due, by: MemberId::from_uuid(by), note })
        }
        _ => None,
    })
}

fn read_decided(row: &QueryResult, seen: BTreeSet<Unseen>) -> Result<Decided, Fault> {
    let by: Option<Uuid> = row.get("replied_by")?;
    let sequence: Option<i64> = row.get("replied_sequence")?;
    let seen_before: Option<i64> = row.get("undo_seen_before")?;
    let replies: Vec<Uuid> = row.get("undo_replies")?;
    let raised = read_raised(row.get("undo_raised_since")?, row.get("undo_raised_at")?);
    Ok(Decided {
        count: row.get("decision")?,
        by: row.get::<Option<Uuid>>("decided_by")?.map(MemberId::from_uuid),
        by_reply: row.get("decided_by_reply")?,
        at: row.get("decided_at")?,
        replied: by
            .zip(sequence)
            .map(|(by, sequence)| Replied { by: MemberId::from_uuid(by), sequence }),
        undo: seen_before.map(|seen_before| Undo {
            replies: replies.into_iter().map(MessageId::from_uuid).collect(),
            seen_before,
            seen,
            raised,
        }),
    })
}

fn read_standing(row: &QueryResult) -> Result<Standing, Fault> {
    if let Some(into) = row.get::<Option<Uuid>>("absorbed_into")? {
        return Ok(Standing::Absorbed { into: ConversationId::from_uuid(into) });
    }
    if row.get("dormant")? {
        return Ok(Standing::Dormant);
    }
    Ok(match State::from_code(row.get("state")?) {
        Some(State::Resolved) => Standing::Resolved { at: row.get("resolved_at")? },
        Some(State::New | State::Pending) => Standing::Open,
        None => return Err(unknown_code("state")),
    })
}

fn read_unseen(row: &QueryResult) -> Result<BTreeSet<Unseen>, Fault> {
    let times: Option<Vec<OffsetDateTime>> = row.get("unseen_times")?;
    let sequences: Option<Vec<i64>> = row.get("unseen_sequences")?;
    let kinds: Option<Vec<i16>> = row.get("unseen_kinds")?;
    times
        .unwrap_or_default()
        .into_iter()
        .zip(sequences.unwrap_or_default())
        .zip(kinds.unwrap_or_default())
        .map(|((time, sequence), code)| Ok(Unseen { time, sequence, kind: kind(code)? }))
        .collect()
}

pub(super) fn network(code: i16) -> Result<Network, Fault> {
    Network::from_code(code).ok_or_else(|| unknown_code("network"))
}

pub(super) fn channels(ids: Vec<Uuid>) -> BTreeSet<ChannelId> {
    ids.into_iter().map(ChannelId::from_uuid).collect()
}
