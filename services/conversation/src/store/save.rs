//! What a batch saves.

use std::collections::{BTreeMap, BTreeSet};

use kit_store::{Row as _, Transaction, array};
use kit_values::{Class, Fault, OrganizationId};
use sea_orm::{QueryResult, Value};
use uuid::Uuid;

use super::detail::{write_attachments, write_reactions};
use super::facts::write_fact;
use super::locks::read_overview;
use crate::domain::batch::{Batch, Touched};
use crate::domain::fold::evolve;
use crate::domain::message::Message;
use crate::domain::reply::{Reply, Stage};
use crate::domain::standing::{ConversationState, Raised, Standing, Undo};
use crate::domain::view::Overview;
use crate::domain::words::{ChannelId, ConversationId, ItemId, MemberId, MessageId, State};

/// A message that a receipt marked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipted {
    /// Whose.
    pub organization: OrganizationId,
    /// Which one.
    pub message: MessageId,
    /// How its conversation stands.
    pub overview: Overview,
}

/// Saves a batch in one statement, whatever its size; in one more when messages turned out to be
/// others, and when some have left their conversation for that of their author.
///
/// # Errors
/// Conflict when a conversation was written by somebody else since it was loaded.
pub async fn save(transaction: &Transaction, batch: &Batch) -> Result<Vec<Receipted>, Fault> {
    let changes = batch.changes();
    let touched = batch.touched();
    if touched.is_empty() && changes.identities.is_empty() && changes.receipts.is_empty() {
        return Ok(Vec::new());
    }
    remove_messages(transaction, batch).await?;
    let mut values = people(batch);
    values.extend(entries(batch, &touched)?);
    let (counted, channels) = deltas(&touched);
    values.extend(counted);
    values.extend(conversations(&touched)?);
    values.extend(moves(batch));
    values.extend(messages(batch)?);
    values.extend(receipts(batch));
    values.push(channels);
    values.extend(reminders(&touched));
    values.extend(super::actions::actions(batch));
    values.push(array::nullable_times(touched.iter().map(|one| one.after.decided.at)));
    let rows = transaction.rows(include_str!("sql/save.sql"), values).await?;
    let written: i64 = rows.first().map_or(Ok(0), |row| row.get("written"))?;
    if usize::try_from(written).ok() != Some(touched.len()) {
        return Err(Fault::new(
            Class::Conflict,
            "conversation_changed",
            "A conversation was changed by somebody else at the same time.",
        ));
    }
    take_notes(transaction, batch).await?;
    let after: BTreeMap<ConversationId, Overview> =
        touched.iter().map(|one| (one.after.id, Overview::of(one))).collect();
    rows.iter().filter_map(|row| receipted(row, &after).transpose()).collect()
}

/// A message that a receipt marked, and how its conversation stands after the batch.
fn receipted(
    row: &QueryResult,
    after: &BTreeMap<ConversationId, Overview>,
) -> Result<Option<Receipted>, Fault> {
    let Some(message) = row.get::<Option<Uuid>>("message_id")? else { return Ok(None) };
    let before = read_overview(row)?;
    Ok(Some(Receipted {
        organization: OrganizationId::from_uuid(row.get("organization_id")?),
        message: MessageId::from_uuid(message),
        overview: after.get(&before.conversation).cloned().unwrap_or(before),
    }))
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
        array::booleans(people.iter().map(|(_, identity)| !identity.stored)),
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

/// Where a conversation counts: in which state, resolved on which day, of which channels.
type Place = (OrganizationId, i16, Option<String>, BTreeSet<ChannelId>);

/// By how much the counts change, one row for each place in them; the channels last.
fn deltas(touched: &[Touched<'_>]) -> (Vec<Value>, Value) {
    let mut sums: BTreeMap<Place, i64> = BTreeMap::new();
    for one in touched {
        let organization = one.identity.organization;
        let mut add = |state: Option<&ConversationState>, amount| {
            if let Some((code, day)) = state.and_then(counted) {
                let channels = state.map(|state| state.contents.channels.clone());
                let place = (organization, code, day, channels.unwrap_or_default());
                *sums.entry(place).or_default() += amount;
            }
        };
        add(one.before, -1);
        add(Some(one.after), 1);
    }
    sums.retain(|_, amount| *amount != 0);
    let counted = vec![
        array::uuids(sums.keys().map(|(organization, ..)| organization.uuid())),
        array::smallints(sums.keys().map(|(_, state, ..)| *state)),
        array::nullable_texts(sums.keys().map(|(_, _, day, _)| day.clone())),
        array::bigints(sums.values().copied()),
    ];
    let of = sums.keys().map(|(.., channels)| literal(channels.iter().map(|id| id.uuid())));
    (counted, array::texts(of))
}

fn reminders(touched: &[Touched<'_>]) -> Vec<Value> {
    let reminders = || touched.iter().map(|one| one.after.reminder.as_ref());
    vec![
        array::nullable_times(reminders().map(|one| one.map(|reminder| reminder.due))),
        array::nullable_uuids(reminders().map(|one| one.map(|reminder| reminder.by.uuid()))),
        array::nullable_texts(reminders().map(|one| one.map(|reminder| reminder.note.clone()))),
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
    let raised = |one: &Touched<'_>| one.after.raised;
    let undo = |one: &Touched<'_>| one.after.decided.undo.clone();
    let again = |one: &Touched<'_>| undo(one).and_then(|undo: Undo| undo.raised);
    let since = |raised: Raised| raised.since;
    let at = |raised: Raised| raised.at;
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
        array::texts(
            rows().map(|one| {
                literal(one.after.contents.channels.iter().map(|channel| channel.uuid()))
            }),
        ),
        array::bigints(rows().map(|one| one.after.decided.count)),
        array::nullable_uuids(rows().map(|one| one.after.decided.by.map(MemberId::uuid))),
        array::booleans(rows().map(|one| one.after.decided.by_reply)),
        array::nullable_uuids(
            rows().map(|one| one.after.decided.replied.map(|reply| reply.by.uuid())),
        ),
        array::nullable_bigints(
            rows().map(|one| one.after.decided.replied.map(|reply| reply.sequence)),
        ),
        array::nullable_times(rows().map(|one| raised(one).map(since))),
        array::nullable_times(rows().map(|one| raised(one).map(at))),
        array::nullable_bigints(rows().map(|one| undo(one).map(|undo| undo.seen_before))),
        array::texts(rows().map(|one| {
            let replies = undo(one).map(|undo| undo.replies).unwrap_or_default();
            literal(replies.into_iter().map(MessageId::uuid))
        })),
        array::nullable_times(rows().map(|one| again(one).map(since))),
        array::nullable_times(rows().map(|one| again(one).map(at))),
    ])
}

fn moves(batch: &Batch) -> Vec<Value> {
    let moves = &batch.changes().moves;
    vec![
        array::uuids(moves.iter().map(|one| one.organization.uuid())),
        array::uuids(moves.iter().map(|one| one.from.uuid())),
        array::uuids(moves.iter().map(|one| one.into.uuid())),
        array::bigints(moves.iter().map(|one| one.offset)),
    ]
}

async fn take_notes(transaction: &Transaction, batch: &Batch) -> Result<(), Fault> {
    let gone = &batch.changes().gone;
    if gone.is_empty() {
        return Ok(());
    }
    transaction
        .run(
            include_str!("sql/take_notes.sql"),
            vec![
                array::uuids(gone.iter().map(|(organization, _)| organization.uuid())),
                array::uuids(gone.iter().map(|(_, message)| message.uuid())),
            ],
        )
        .await?;
    Ok(())
}

async fn remove_messages(transaction: &Transaction, batch: &Batch) -> Result<(), Fault> {
    let removed = &batch.changes().removed;
    if removed.is_empty() {
        return Ok(());
    }
    transaction
        .run(
            include_str!("sql/remove_messages.sql"),
            vec![
                array::uuids(removed.iter().map(|(organization, ..)| organization.uuid())),
                array::uuids(removed.iter().map(|(_, message, _)| message.uuid())),
                array::uuids(removed.iter().map(|(.., is)| is.uuid())),
            ],
        )
        .await?;
    Ok(())
}

fn messages(batch: &Batch) -> Result<Vec<Value>, Fault> {
    let changes = batch.changes();
    let messages: Vec<(&Message, Uuid)> = changes
        .messages
        .iter()
        .filter_map(|key| {
            let message = batch.message(key)?;
            Some((message, batch.identity(&message.identity)?.id))
        })
        .collect();
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
    let mut values = vec![
        array::uuids(rows().map(|one| one.key.organization.uuid())),
        array::uuids(rows().map(|one| one.id.uuid())),
        array::uuids(rows().map(|one| one.conversation.uuid())),
        array::uuids(messages.iter().map(|(_, identity)| *identity)),
        array::smallints(rows().map(|one| one.key.network.code())),
        array::texts(rows().map(|one| one.key.scope.clone())),
        array::texts(rows().map(|one| one.key.external_id.clone())),
        array::bigints(rows().map(|one| one.sequence)),
        array::bigints(rows().map(|one| one.rev + 1)),
        // A reply written here has no item.
        array::uuids(rows().map(|one| one.item.map_or_else(Uuid::nil, ItemId::uuid))),
        array::smallints(rows().map(|one| one.direction.code())),
        array::smallints(rows().map(|one| one.kind.code())),
        array::booleans(rows().map(|one| one.history)),
        array::texts(rows().map(|one| literal(one.channels.iter().map(|channel| channel.uuid())))),
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
    values.extend(replies(&messages));
    values.push(array::texts(rows().map(|one| one.identity.scope.clone())));
    values.push(array::texts(rows().map(|one| one.identity.person.text())));
    Ok(values)
}

/// What is kept of replies beside the message.
fn replies(messages: &[(&Message, Uuid)]) -> Vec<Value> {
    let rows = || messages.iter().map(|(message, _)| message.reply.as_ref());
    let failure = |reply: Option<&Reply>| reply.and_then(|reply| reply.failure.clone());
    let wait = |reply: Option<&Reply>| reply.and_then(|reply| reply.wait.clone());
    let state = |reply: &Reply| Stage::code(reply.state);
    vec![
        array::nullable_smallints(rows().map(|one| one.map(state))),
        array::nullable_uuids(rows().map(|one| one.map(|reply| reply.member.uuid()))),
        array::nullable_uuids(rows().map(|one| one.map(|reply| reply.channel.uuid()))),
        array::nullable_uuids(
            rows().map(|one| one.and_then(|reply| reply.to).map(MessageId::uuid)),
        ),
        array::nullable_integers(rows().map(|one| one.map(|reply| reply.attempt))),
        array::nullable_times(rows().map(|one| one.and_then(|reply| reply.as_of))),
        array::nullable_texts(rows().map(|one| failure(one).map(|failure| failure.code))),
        array::nullable_texts(rows().map(|one| failure(one).map(|failure| failure.sentence))),
        array::nullable_booleans(rows().map(|one| failure(one).map(|failure| failure.retryable))),
        array::nullable_times(rows().map(|one| wait(one).and_then(|wait| wait.until))),
        array::nullable_texts(rows().map(|one| wait(one).map(|wait| wait.reason))),
        array::nullable_bigints(rows().map(|one| one.map(|reply| reply.seen_through))),
        array::nullable_times(rows().map(|one| one.map(|reply| reply.accepted_at))),
    ]
}

fn receipts(batch: &Batch) -> Vec<Value> {
    // A watermark without a delivery moment does not exist: `advanced` sets it.
    let marks: Vec<_> = batch
        .changes()
        .receipts
        .iter()
        .filter_map(|((identity, channel), mark)| {
            Some((identity, channel, mark.delivered?, mark.read))
        })
        .collect();
    vec![
        array::uuids(marks.iter().map(|(identity, ..)| identity.organization.uuid())),
        array::smallints(marks.iter().map(|(identity, ..)| identity.network.code())),
        array::texts(marks.iter().map(|(identity, ..)| identity.scope.clone())),
        array::texts(marks.iter().map(|(identity, ..)| identity.person.text())),
        array::uuids(marks.iter().map(|(_, channel, ..)| channel.uuid())),
        array::times(marks.iter().map(|(.., delivered, _)| *delivered)),
        array::nullable_times(marks.iter().map(|(.., read)| *read)),
    ]
}

/// Ids as a `uuid[]` literal: one element of a `text[]` parameter.
fn literal(ids: impl Iterator<Item = Uuid>) -> String {
    let ids: Vec<String> = ids.map(|id| id.to_string()).collect();
    format!("{{{}}}", ids.join(","))
}
