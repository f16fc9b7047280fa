//! News → events of stream CONVERSATION: ids only, never customers' text. With every one goes how
//! the conversation stands.

use kit_values::{EventId, OrganizationId};
use prost::Message as _;
use proto::conversation::v1::conversation_event::Fact;
use proto::conversation::v1::{
    ActionChanged, ContactChanged, ConversationAbsorbed, ConversationEvent, ConversationOpened,
    ConversationStanding, LockChanged, MessageRevised, MessageStored, NoteChanged, OwnerProjected,
    ReminderChanged, ReplyQueued, ReplySettledByPerson, Standing, StateChanged,
};
use proto::event::v1::Metadata;
use time::OffsetDateTime;

use super::answers::{direction, network_of, state};
use super::{deeds, replies, timestamp};
use crate::domain::action::Request;
use crate::domain::batch::Cause;
use crate::domain::decide::News;
use crate::domain::lock::Lock;
use crate::domain::message::Message;
use crate::domain::view::Overview;
use crate::domain::words::MessageId;

/// An event ready for the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Encoded {
    /// Last word of its subject.
    pub fact: &'static str,
    /// The encoded event.
    pub payload: Vec<u8>,
}

/// What is told.
#[derive(Debug, Clone, Copy)]
pub enum Told<'a> {
    /// A decision's news.
    News(News),
    /// The projection of the owner moved.
    Owner,
    /// Somebody else holds the lock, or nobody does.
    Lock(&'a Lock),
    /// Something is to be done to a message at its network.
    Action(&'a Request, &'a Message),
    /// What is known of the contact changed.
    Contact,
}

/// Whose event it is, when, and what it follows from.
#[derive(Debug, Clone, Copy)]
pub struct Stamp<'a> {
    /// The event's id.
    pub event: EventId,
    /// Whose.
    pub organization: OrganizationId,
    /// The event that caused it; none for a person or a timer.
    pub cause: Option<Cause>,
    /// The request at the head of the chain; may be empty.
    pub correlation: &'a str,
    /// When.
    pub now: OffsetDateTime,
}

/// Encodes one piece of news about a conversation that stands so.
#[must_use]
pub fn encode(told: Told<'_>, overview: &Overview, stamp: &Stamp<'_>) -> Encoded {
    let (fact, body) = match told {
        Told::News(news) => of_news(news, stamp.cause),
        Told::Owner => (
            "owner_projected",
            Fact::OwnerProjected(OwnerProjected {
                owner_member_id: text(overview.owner.member),
                owner_epoch: overview.owner.epoch,
            }),
        ),
        Told::Lock(lock) => {
            ("lock_changed", Fact::LockChanged(LockChanged { lock: replies::lock(lock) }))
        }
        Told::Action(request, message) => deeds::queued(request, message),
        Told::Contact => {
            let contact_id = overview.contact.to_string();
            ("contact_changed", Fact::ContactChanged(ContactChanged { contact_id }))
        }
    };
    let payload = ConversationEvent {
        metadata: Some(Metadata {
            event_id: stamp.event.to_string(),
            organization_id: stamp.organization.to_string(),
            aggregate_id: overview.conversation.to_string(),
            aggregate_version: overview.rev,
            occurred_at: Some(timestamp(stamp.now)),
            causation_id: stamp.cause.map(|cause| cause.event.to_string()).unwrap_or_default(),
            correlation_id: stamp.correlation.to_owned(),
            ..Metadata::default()
        }),
        conversation_id: overview.conversation.to_string(),
        rev: overview.rev,
        standing: Some(standing(overview)),
        fact: Some(body),
    }
    .encode_to_vec();
    Encoded { fact, payload }
}

fn of_news(news: News, cause: Option<Cause>) -> (&'static str, Fact) {
    match news {
        News::Opened { state: opened, previous } => (
            "conversation_opened",
            Fact::ConversationOpened(ConversationOpened {
                state: state(Some(opened)).into(),
                previous_conversation_id: text(previous),
            }),
        ),
        News::Stored { message, sequence, direction: by } => (
            "message_stored",
            Fact::MessageStored(MessageStored {
                message_id: message.to_string(),
                sequence,
                direction: direction(Some(by)).into(),
                item_id: text(cause.map(|cause| cause.item)),
            }),
        ),
        // The message's own rev is read with the message.
        News::Revised { message } => ("message_revised", revised(message)),
        News::StateChanged { from, to, reason } => (
            "state_changed",
            Fact::StateChanged(StateChanged {
                from: state(Some(from)).into(),
                to: state(Some(to)).into(),
                reason: reason.to_owned(),
            }),
        ),
        News::ReminderChanged { due } => (
            "reminder_changed",
            Fact::ReminderChanged(ReminderChanged { due_at: due.map(timestamp) }),
        ),
        News::Absorbed { into } => (
            "conversation_absorbed",
            Fact::ConversationAbsorbed(ConversationAbsorbed {
                into_conversation_id: into.to_string(),
            }),
        ),
        News::ReplyQueued { message, attempt, channel } => (
            "reply_queued",
            Fact::ReplyQueued(ReplyQueued {
                message_id: message.to_string(),
                attempt,
                channel_id: channel.to_string(),
            }),
        ),
        News::SettledByPerson { message, attempt, sent } => (
            "reply_settled_by_person",
            Fact::ReplySettledByPerson(ReplySettledByPerson {
                message_id: message.to_string(),
                attempt,
                sent,
            }),
        ),
        News::ActionChanged { message, of_author } => {
            let message_id = message.to_string();
            ("action_changed", Fact::ActionChanged(ActionChanged { message_id, of_author }))
        }
        News::NoteChanged { note, rev, message } => (
            "note_changed",
            Fact::NoteChanged(NoteChanged {
                note_id: note.to_string(),
                note_rev: rev,
                message_id: text(message),
            }),
        ),
    }
}

fn revised(message: MessageId) -> Fact {
    Fact::MessageRevised(MessageRevised { message_id: message.to_string(), message_rev: 0 })
}

/// How a conversation stands, for who reads all that are not resolved.
#[must_use]
pub fn stands(overview: &Overview) -> ConversationStanding {
    ConversationStanding {
        conversation_id: overview.conversation.to_string(),
        rev: overview.rev,
        standing: Some(standing(overview)),
    }
}

fn standing(overview: &Overview) -> Standing {
    Standing {
        state: state(overview.state).into(),
        network: network_of(overview.network).into(),
        channel_ids: overview.channels.iter().map(ToString::to_string).collect(),
        waiting_since: overview.waiting_since.map(timestamp),
        owner_member_id: text(overview.owner.member),
        owner_epoch: overview.owner.epoch,
        decided_by_member_id: text(overview.decided_by),
        decision: overview.decision,
        decided_by_reply: overview.decided_by_reply,
        absorbed_into: text(overview.absorbed_into),
        contact_id: overview.contact.to_string(),
    }
}

fn text(id: Option<impl ToString>) -> String {
    id.map(|id| id.to_string()).unwrap_or_default()
}
