//! News → events of stream CONVERSATION: ids only, never customers' text.

use kit_values::{EventId, OrganizationId};
use prost::Message as _;
use proto::conversation::v1::conversation_event::Fact;
use proto::conversation::v1::{
    ConversationAbsorbed, ConversationEvent, ConversationOpened, MessageRevised, MessageStored,
    StateChanged,
};
use proto::event::v1::Metadata;
use time::OffsetDateTime;

use super::answers::{direction, state};
use super::timestamp;
use crate::domain::batch::Notice;
use crate::domain::decide::News;
use crate::domain::words::{ConversationId, MessageId};

/// An event ready for the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Encoded {
    /// Last word of its subject.
    pub fact: &'static str,
    /// The encoded event.
    pub payload: Vec<u8>,
}

/// Encodes one piece of news.
#[must_use]
pub fn encode(
    notice: &Notice,
    rev: i64,
    event: EventId,
    correlation: &str,
    now: OffsetDateTime,
) -> Encoded {
    let conversation = notice.announcement.conversation;
    let (fact, body) = match notice.announcement.news {
        News::Opened { state: opened, previous } => (
            "conversation_opened",
            Fact::ConversationOpened(ConversationOpened {
                state: state(Some(opened)).into(),
                previous_conversation_id: previous.map(|id| id.to_string()).unwrap_or_default(),
            }),
        ),
        News::Stored { message, sequence, direction: by } => (
            "message_stored",
            Fact::MessageStored(MessageStored {
                message_id: message.to_string(),
                sequence,
                direction: direction(Some(by)).into(),
                item_id: notice.cause.map(|cause| cause.item.to_string()).unwrap_or_default(),
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
        News::Absorbed { into } => (
            "conversation_absorbed",
            Fact::ConversationAbsorbed(ConversationAbsorbed {
                into_conversation_id: into.to_string(),
            }),
        ),
    };
    let metadata = Metadata {
        causation_id: notice.cause.map(|cause| cause.event.to_string()).unwrap_or_default(),
        correlation_id: correlation.to_owned(),
        ..metadata(notice.organization, conversation, rev, event, now)
    };
    Encoded { fact, payload: event_of(metadata, conversation, rev, body) }
}

/// Encodes that a receipt marked a message.
#[must_use]
pub fn encode_receipt(
    organization: OrganizationId,
    conversation: ConversationId,
    message: MessageId,
    rev: i64,
    event: EventId,
    now: OffsetDateTime,
) -> Encoded {
    let metadata = metadata(organization, conversation, rev, event, now);
    let payload = event_of(metadata, conversation, rev, revised(message));
    Encoded { fact: "message_revised", payload }
}

fn revised(message: MessageId) -> Fact {
    Fact::MessageRevised(MessageRevised { message_id: message.to_string(), message_rev: 0 })
}

fn metadata(
    organization: OrganizationId,
    conversation: ConversationId,
    rev: i64,
    event: EventId,
    now: OffsetDateTime,
) -> Metadata {
    Metadata {
        event_id: event.to_string(),
        organization_id: organization.to_string(),
        aggregate_id: conversation.to_string(),
        aggregate_version: rev,
        occurred_at: Some(timestamp(now)),
        ..Metadata::default()
    }
}

fn event_of(metadata: Metadata, conversation: ConversationId, rev: i64, fact: Fact) -> Vec<u8> {
    ConversationEvent {
        metadata: Some(metadata),
        conversation_id: conversation.to_string(),
        rev,
        fact: Some(fact),
    }
    .encode_to_vec()
}
