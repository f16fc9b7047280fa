//! Rows → answers of the calls.

use kit_values::{EventId, Fault};
use proto::conversation::v1 as conversation;
use proto::conversation::v1::EventProgress;
use proto::network::v1 as network;

use super::{deeds, lists, replies, timestamp};
use crate::domain::item::{Profile, is_unsent};
use crate::domain::person::Person;
use crate::domain::view::{AnswerOption, Counts, HistoryRow, MessageRow, Progress, Queue, Row};
use crate::domain::words::{Direction, MessageKind, Network, State};

/// A row of a list, with the ways to answer its newest inbound message where they were asked for.
#[must_use]
pub fn row(row: Row, answers: &[AnswerOption]) -> conversation::ConversationRow {
    conversation::ConversationRow {
        conversation_id: row.conversation.to_string(),
        rev: row.rev,
        state: state(row.state).into(),
        contact: Some(conversation::Contact {
            contact_id: row.contact.to_string(),
            author: Some(author(row.network, row.scope, &row.person, row.profile)),
        }),
        channel_ids: row.channels.iter().map(ToString::to_string).collect(),
        network: network_of(row.network).into(),
        last_text: row.last_text,
        last_kind: kind(row.last_kind).into(),
        last_direction: direction(row.last_direction).into(),
        last_activity_at: Some(timestamp(row.last_activity_at.unwrap_or(row.opened_at))),
        waiting_since: row.waiting_since.map(timestamp),
        unseen_count: row.unseen_count,
        message_count: row.message_count,
        last_sequence: row.last_sequence,
        opened_at: Some(timestamp(row.opened_at)),
        resolved_at: row.resolved_at.map(timestamp),
        previous_conversation_id: row.previous.map(|id| id.to_string()).unwrap_or_default(),
        absorbed_into: row.absorbed_into.map(|id| id.to_string()).unwrap_or_default(),
        owner_member_id: row.owner.member.map(|id| id.to_string()).unwrap_or_default(),
        owner_epoch: row.owner.epoch,
        lock: replies::lock(&row.lock),
        answers: answers.iter().map(replies::answer).collect(),
        reminder: row.reminder.as_ref().map(lists::reminder),
    }
}

/// A message, with the ways to answer it.
#[must_use]
pub fn message(row: MessageRow, answers: &[AnswerOption]) -> conversation::Message {
    let reactions = row
        .reactions
        .into_iter()
        .filter(|(_, reaction)| !reaction.reaction.is_empty() || !reaction.emoji.is_empty())
        .map(|(actor, reaction)| conversation::Reaction {
            actor: Some(network::Identity {
                network: network_of(row.network).into(),
                scope: row.scope.clone(),
                network_user_id: actor,
            }),
            reaction: reaction.reaction,
            emoji: reaction.emoji,
        })
        .collect();
    // What our account wrote, an unknown agent wrote.
    let author = (row.direction == Direction::Inbound)
        .then(|| author(row.network, row.contact_scope, &row.person, row.profile));
    conversation::Message {
        message_id: row.message.to_string(),
        conversation_id: row.conversation.to_string(),
        sequence: row.sequence,
        rev: row.rev + row.deeds.changes,
        kind: kind(Some(row.kind)).into(),
        network: network_of(row.network).into(),
        direction: direction(Some(row.direction)).into(),
        author,
        channel_ids: row.channels.iter().map(ToString::to_string).collect(),
        text: row.text,
        edited: row.edited,
        deleted: row.deleted,
        attachments: row
            .attachments
            .into_iter()
            .map(|one| network::Attachment { r#type: one.kind, url: one.url, title: one.title })
            .collect(),
        permalink: row.permalink,
        network_time: Some(timestamp(row.order.time)),
        external_id: if is_unsent(&row.scope) { String::new() } else { row.order.external_id },
        in_reply_to_message_id: row.in_reply_to.map(|id| id.to_string()).unwrap_or_default(),
        reactions,
        delivered: row.delivered,
        read: row.read,
        reply: row.reply.as_ref().map(replies::reply),
        answers: answers.iter().map(replies::answer).collect(),
        actions: deeds::options(&row.deeds),
        acts: deeds::acts(&row.deeds),
    }
}

/// A history entry.
#[must_use]
pub fn history_entry(row: &HistoryRow) -> conversation::HistoryEntry {
    let entry = &row.entry;
    conversation::HistoryEntry {
        sequence: entry.sequence,
        at: Some(timestamp(entry.at)),
        kind: entry.fact.name().to_owned(),
        message_id: entry.fact.message().map(|id| id.to_string()).unwrap_or_default(),
        state_after: match row.state_after {
            Some(after) => state(Some(after)).into(),
            None => conversation::State::Unspecified.into(),
        },
        reason: entry.fact.reason().to_owned(),
        member_id: entry.fact.by().map(|id| id.to_string()).unwrap_or_default(),
    }
}

/// The counts.
#[must_use]
pub const fn counts(counts: Counts) -> conversation::Counts {
    conversation::Counts { new: counts.new, pending: counts.pending, resolved: counts.resolved }
}

/// How far an event got.
#[must_use]
pub fn outcome(event: EventId, progress: Progress) -> conversation::EventOutcome {
    let (progress, reason) = match progress {
        Progress::Awaited => (EventProgress::Awaited, String::new()),
        Progress::Applied => (EventProgress::Applied, String::new()),
        Progress::Waiting => (EventProgress::Waiting, String::new()),
        Progress::Parked(reason) => (EventProgress::Parked, reason),
    };
    conversation::EventOutcome { event_id: event.to_string(), progress: progress.into(), reason }
}

/// Which list is asked for.
///
/// # Errors
/// Invalid when it is none.
pub fn queue(code: i32) -> Result<Queue, Fault> {
    match conversation::Queue::try_from(code) {
        Ok(conversation::Queue::New) => Ok(Queue::New),
        Ok(conversation::Queue::Pending) => Ok(Queue::Pending),
        Ok(conversation::Queue::All) => Ok(Queue::All),
        Ok(conversation::Queue::Resolved) => Ok(Queue::Resolved),
        Ok(conversation::Queue::Unspecified) | Err(_) => {
            Err(Fault::invalid("queue_unknown", "queue", "There is no such list."))
        }
    }
}

/// A signpost is shown as resolved: it stands in no list, and nothing can be done with it.
pub(super) const fn state(state: Option<State>) -> conversation::State {
    match state {
        Some(State::New) => conversation::State::New,
        Some(State::Pending) => conversation::State::Pending,
        Some(State::Resolved) | None => conversation::State::Resolved,
    }
}

pub(super) const fn direction(direction: Option<Direction>) -> conversation::Direction {
    match direction {
        Some(Direction::Inbound) => conversation::Direction::Inbound,
        Some(Direction::Outbound) => conversation::Direction::Outbound,
        None => conversation::Direction::Unspecified,
    }
}

pub(super) const fn kind(kind: Option<MessageKind>) -> network::MessageKind {
    match kind {
        Some(MessageKind::PrivateMessage) => network::MessageKind::PrivateMessage,
        Some(MessageKind::Comment) => network::MessageKind::Comment,
        Some(MessageKind::Reply) => network::MessageKind::Reply,
        Some(MessageKind::Mention) => network::MessageKind::Mention,
        Some(MessageKind::Post) => network::MessageKind::Post,
        Some(MessageKind::Quote) => network::MessageKind::Quote,
        None => network::MessageKind::Unspecified,
    }
}

pub(super) const fn network_of(network: Network) -> network::Network {
    match network {
        Network::X => network::Network::X,
        Network::Facebook => network::Network::Facebook,
    }
}

/// Whom the network does not name has an empty id.
pub(super) fn author(
    network: Network,
    scope: String,
    person: &Person,
    profile: Profile,
) -> network::Author {
    network::Author {
        identity: Some(network::Identity {
            network: network_of(network).into(),
            scope,
            network_user_id: match person {
                Person::Known(user_id) => user_id.clone(),
                Person::Someone(_) => String::new(),
            },
        }),
        display_name: profile.display_name,
        handle: profile.handle,
        avatar_url: profile.avatar_url,
    }
}
