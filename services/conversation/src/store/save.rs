//! What a batch saves.

use std::collections::BTreeMap;

use kit_store::{Row as _, Transaction, array};
use kit_values::{Class, Fault, OrganizationId};
use sea_orm::Value;
use uuid::Uuid;

use super::detail::{write_attachments, write_fact, write_reactions};
use crate::domain::batch::{Batch, Touched};
use crate::domain::history::evolve;
use crate::domain::message::Message;
use crate::domain::standing::{ConversationState, Standing};
use crate::domain::words::{ChannelId, ConversationId, MessageId, State};

/// A message that a receipt marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Receipted {
    /// Whose.
    pub organization: OrganizationId,
    /// Where it stands.
    pub conversation: ConversationId,
    /// Which one.
    pub message: MessageId,
    /// The conversation's rev.
    pub conversation_rev: i64,
}

/// Saves a batch: at most four statements, two of them only when conversations were absorbed or
/// receipts came.
///
/// # Errors
/// Conflict when a conversation was written by somebody else since it was loaded.
pub async fn save(transaction: &Transaction, batch: &Batch) -> Result<Vec<Receipted>, Fault> {
    save_conversations(transaction, batch).await?;
    move_messages(transaction, batch).await?;
    save_messages(transaction, batch).await?;
    apply_receipts(transaction, batch).await
}

async fn save_conversations(transaction: &Transaction, batch: &Batch) -> Result<(), Fault> {
    let touched = batch.touched();
    if touched.is_empty() && batch.changes().identities.is_empty() {
        return Ok(());
    }
    let mut values = people(batch);
    values.extend(entries(batch, &touched)?);
    values.extend(deltas(&touched));
    values.extend(conversations(&touched)?);
    let rows = transaction.rows(include_str!("sql/save_conversations.sql"), values).await?;
    let written: i64 = rows.first().map_or(Ok(0), |row| row.get("written"))?;
    if usize::try_from(written).ok() == Some(touched.len()) {
        return Ok(());
    }
    Err(Fault::new(
        Class::Conflict,
        "conversation_changed",
        "A conversation was changed by somebody else at the same time.",
    ))
}

fn people(batch: &Batch) -> Vec<Value> {
    let people: Vec<_> = batch
        .changes()
        .identities
        .iter()
        .filter_map(|key| Some((key, batch.identity(key)?)))
        .collect();
    let text = |get: fn(&crate::domain::batch::Identity) -> &String| {
        array::texts(people.iter().map(|(_, identity)| get(identity).clone()))
    };
    vec![
        array::uuids(people.iter().map(|(key, _)| key.organization.uuid())),
        array::smallints(people.iter().map(|(key, _)| key.network.code())),
        array::texts(people.iter().map(|(key, _)| key.scope.clone())),
        array::texts(people.iter().map(|(key, _)| key.person.text())),
        array::uuids(people.iter().map(|(_, identity)| identity.id)),
        array::uuids(people.iter().map(|(_, identity)| identity.contact.uuid())),
        // An identity comes into being with its first conversation.
        array::booleans(people.iter().map(|(_, identity)| identity.revs.is_empty())),
        text(|identity| &identity.profile.display_name),
        text(|identity| &identity.profile.handle),
        text(|identity| &identity.profile.avatar_url),
        array::nullable_times(people.iter().map(|(_, identity)| identity.profile_as_of)),
    ]
}

fn entries(batch: &Batch, touched: &[Touched<'_>]) -> Result<Vec<Value>, Fault> {
    let entries = &batch.changes().entries;
    // The state after each entry, by folding it once more.
    let mut states: BTreeMap<ConversationId, ConversationState> = touched
        .iter()
        .filter_map(|one| one.before.map(|before| (before.id, before.clone())))
        .collect();
    let mut after = Vec::with_capacity(entries.len());
    let mut details = Vec::with_capacity(entries.len());
    for (_, entry) in entries {
        let id = entry.conversation;
        let state = states.remove(&id).unwrap_or_else(|| ConversationState::unborn(id));
        let state = evolve(state, entry);
        after.push(state.state().map(State::code));
        states.insert(id, state);
        details.push(write_fact(&entry.fact)?);
    }
    Ok(vec![
        array::uuids(entries.iter().map(|(organization, _)| organization.uuid())),
        array::uuids(entries.iter().map(|(_, entry)| entry.conversation.uuid())),
        array::bigints(entries.iter().map(|(_, entry)| entry.sequence)),
        array::times(entries.iter().map(|(_, entry)| entry.at)),
        array::texts(entries.iter().map(|(_, entry)| entry.fact.name().to_owned())),
        array::nullable_uuids(
            entries.iter().map(|(_, entry)| entry.fact.message().map(MessageId::uuid)),
        ),
        array::nullable_smallints(after),
        array::texts(entries.iter().map(|(_, entry)| entry.fact.reason().to_owned())),
        array::texts(details),
    ])
}

/// By how much the counts change, one row for each place in them.
fn deltas(touched: &[Touched<'_>]) -> Vec<Value> {
    let mut sums: BTreeMap<(OrganizationId, i16, Option<String>), i64> = BTreeMap::new();
    for one in touched {
        let organization = one.identity.organization;
        let mut add = |state: Option<&ConversationState>, amount| {
            if let Some((code, day)) = state.and_then(counted) {
                *sums.entry((organization, code, day)).or_default() += amount;
            }
        };
        add(one.before, -1);
        add(Some(one.after), 1);
    }
    sums.retain(|_, amount| *amount != 0);
    vec![
        array::uuids(sums.keys().map(|(organization, _, _)| organization.uuid())),
        array::smallints(sums.keys().map(|(_, state, _)| *state)),
        array::nullable_texts(sums.keys().map(|(_, _, day)| day.clone())),
        array::bigints(sums.values().copied()),
    ]
}

fn counted(state: &ConversationState) -> Option<(i16, Option<String>)> {
    let day = state.resolved_at().map(|at| at.to_offset(time::UtcOffset::UTC).date().to_string());
    Some((state.state()?.code(), day))
}

fn conversations(touched: &[Touched<'_>]) -> Result<Vec<Value>, Fault> {
    let opened: Vec<_> = touched
        .iter()
        .map(|one| one.after.opened_at.ok_or_else(|| Fault::internal("opened without a moment")))
        .collect::<Result<_, _>>()?;
    let last = |one: &Touched<'_>| one.after.contents.last.clone();
    let absorbed = |one: &Touched<'_>| match one.after.standing {
        Standing::Absorbed { into } => Some(into.uuid()),
        _ => None,
    };
    let rows = || touched.iter();
    Ok(vec![
        array::uuids(rows().map(|one| one.identity.organization.uuid())),
        array::uuids(rows().map(|one| one.after.id.uuid())),
        array::uuids(rows().map(|one| one.record.id)),
        array::uuids(rows().map(|one| one.record.contact.uuid())),
        array::smallints(rows().map(|one| one.identity.network.code())),
        array::integers(rows().map(|one| one.after.ordinal)),
        array::bigints(rows().map(|one| one.rev)),
        array::nullable_smallints(rows().map(|one| one.after.state().map(State::code))),
        array::booleans(rows().map(|one| one.after.standing == Standing::Dormant)),
        array::nullable_uuids(rows().map(absorbed)),
        array::nullable_uuids(rows().map(|one| one.after.previous.map(ConversationId::uuid))),
        array::times(opened),
        array::nullable_times(rows().map(|one| one.after.resolved_at())),
        array::nullable_times(rows().map(|one| one.after.last_resolved_at)),
        array::bigints(rows().map(|one| one.after.seen_through)),
        array::bigints(rows().map(|one| one.after.contents.last_sequence)),
        array::bigints(rows().map(|one| one.after.history_sequence)),
        array::bigints(rows().map(|one| one.after.contents.message_count)),
        array::integers(
            rows().map(|one| i32::try_from(one.after.contents.unseen.len()).unwrap_or(i32::MAX)),
        ),
        array::nullable_times(rows().map(|one| one.after.waiting_since())),
        array::nullable_times(rows().map(|one| one.after.contents.newest_echo)),
        array::nullable_uuids(rows().map(|one| last(one).map(|last| last.message.uuid()))),
        array::nullable_times(rows().map(|one| one.after.last_activity_at())),
        array::nullable_texts(rows().map(|one| last(one).map(|last| last.order.external_id))),
        array::nullable_smallints(rows().map(|one| last(one).map(|last| last.kind.code()))),
        array::nullable_smallints(rows().map(|one| last(one).map(|last| last.direction.code()))),
        array::texts(rows().map(|one| literal(one.after.contents.channels.iter()))),
    ])
}

async fn move_messages(transaction: &Transaction, batch: &Batch) -> Result<(), Fault> {
    let moves = &batch.changes().moves;
    if moves.is_empty() {
        return Ok(());
    }
    transaction
        .run(
            include_str!("sql/move_messages.sql"),
            vec![
                array::uuids(moves.iter().map(|one| one.organization.uuid())),
                array::uuids(moves.iter().map(|one| one.from.uuid())),
                array::uuids(moves.iter().map(|one| one.into.uuid())),
                array::bigints(moves.iter().map(|one| one.offset)),
            ],
        )
        .await?;
    Ok(())
}

async fn save_messages(transaction: &Transaction, batch: &Batch) -> Result<(), Fault> {
    let changes = batch.changes();
    let messages: Vec<(&Message, Uuid)> = changes
        .messages
        .iter()
        .filter_map(|key| {
            let message = batch.message(key)?;
            Some((message, batch.identity(&message.identity)?.id))
        })
        .collect();
    if messages.is_empty() {
        return Ok(());
    }
    let rows = || messages.iter().map(|(message, _)| *message);
    let attachments: Vec<String> =
        rows().map(|one| write_attachments(&one.attachments)).collect::<Result<_, _>>()?;
    let reactions: Vec<String> =
        rows().map(|one| write_reactions(&one.reactions)).collect::<Result<_, _>>()?;
    let emptied: Vec<&Message> =
        changes.emptied.iter().filter_map(|key| batch.message(key)).collect();
    let versions: Vec<_> = changes
        .versions
        .iter()
        .filter_map(|(key, version)| Some((batch.message(key)?, version)))
        .collect();
    let values = vec![
        array::uuids(rows().map(|one| one.key.organization.uuid())),
        array::uuids(rows().map(|one| one.id.uuid())),
        array::uuids(rows().map(|one| one.conversation.uuid())),
        array::uuids(messages.iter().map(|(_, identity)| *identity)),
        array::smallints(rows().map(|one| one.key.network.code())),
        array::texts(rows().map(|one| one.key.scope.clone())),
        array::texts(rows().map(|one| one.key.external_id.clone())),
        array::bigints(rows().map(|one| one.sequence)),
        array::bigints(rows().map(|one| one.rev + 1)),
        array::uuids(rows().map(|one| one.item.uuid())),
        array::smallints(rows().map(|one| one.direction.code())),
        array::smallints(rows().map(|one| one.kind.code())),
        array::booleans(rows().map(|one| one.history)),
        array::texts(rows().map(|one| literal(one.channels.iter()))),
        array::times(rows().map(|one| one.time)),
        array::texts(rows().map(|one| one.version.text.clone())),
        array::bigints(rows().map(|one| one.version.number)),
        array::times(rows().map(|one| one.version.time)),
        array::booleans(rows().map(|one| one.edited)),
        array::booleans(rows().map(|one| one.deleted)),
        array::texts(attachments),
        array::texts(rows().map(|one| one.permalink.clone())),
        array::nullable_texts(rows().map(|one| one.in_reply_to.clone())),
        array::nullable_texts(rows().map(|one| one.thread.clone())),
        array::texts(reactions),
        array::uuids(emptied.iter().map(|one| one.key.organization.uuid())),
        array::uuids(emptied.iter().map(|one| one.id.uuid())),
        array::uuids(versions.iter().map(|(one, _)| one.key.organization.uuid())),
        array::uuids(versions.iter().map(|(one, _)| one.id.uuid())),
        array::bigints(versions.iter().map(|(_, version)| version.number)),
        array::times(versions.iter().map(|(_, version)| version.time)),
        array::texts(versions.iter().map(|(_, version)| version.text.clone())),
    ];
    transaction.run(include_str!("sql/save_messages.sql"), values).await?;
    Ok(())
}

async fn apply_receipts(transaction: &Transaction, batch: &Batch) -> Result<Vec<Receipted>, Fault> {
    // A watermark without a delivery moment does not exist: `advanced` sets it.
    let marks: Vec<_> = batch
        .changes()
        .receipts
        .iter()
        .filter_map(|((identity, channel), mark)| {
            Some((identity, channel, mark.delivered?, mark.read))
        })
        .collect();
    if marks.is_empty() {
        return Ok(Vec::new());
    }
    let rows = transaction
        .rows(
            include_str!("sql/apply_receipts.sql"),
            vec![
                array::uuids(marks.iter().map(|(identity, ..)| identity.organization.uuid())),
                array::smallints(marks.iter().map(|(identity, ..)| identity.network.code())),
                array::texts(marks.iter().map(|(identity, ..)| identity.scope.clone())),
                array::texts(marks.iter().map(|(identity, ..)| identity.person.text())),
                array::uuids(marks.iter().map(|(_, channel, ..)| channel.uuid())),
                array::times(marks.iter().map(|(.., delivered, _)| *delivered)),
                array::nullable_times(marks.iter().map(|(.., read)| *read)),
            ],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Receipted {
                organization: OrganizationId::from_uuid(row.get("organization_id")?),
                conversation: ConversationId::from_uuid(row.get("conversation_id")?),
                message: MessageId::from_uuid(row.get("message_id")?),
                conversation_rev: row.get("conversation_rev")?,
            })
        })
        .collect()
}

/// Channels as a `uuid[]` literal: one element of a `text[]` parameter.
fn literal<'a>(channels: impl Iterator<Item = &'a ChannelId>) -> String {
    let ids: Vec<String> = channels.map(|channel| channel.uuid().to_string()).collect();
    format!("{{{}}}", ids.join(","))
}
