//! Calls about replies, the lock and states, and their answers.

use std::collections::BTreeSet;

use kit_values::Fault;
use prost::Message as _;
use proto::conversation::v1 as calls;

use super::answers::{kind, network_of};
use super::items::read_kind;
use super::{answers, id, timestamp};
use crate::domain::lock::Lock;
use crate::domain::person::Person;
use crate::domain::reply::{Reply, Stage};
use crate::domain::view::{AnswerOption, Counting, MessageRow, Outbound, Row};
use crate::domain::words::{ChannelId, ConversationId, MessageId, MessageKind, State};
use proto::network::v1 as network;

/// Longest key of a client, in characters.
const LONGEST_KEY: usize = 128;

/// Longest text that is looked at, in bytes; no network takes more.
const LONGEST_TEXT: usize = 100_000;

/// A reply that a member asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// In which conversation.
    pub conversation: ConversationId,
    /// The client's key.
    pub key: String,
    /// What it is.
    pub kind: MessageKind,
    /// The account that answers.
    pub channel: ChannelId,
    /// The message that it answers.
    pub to: Option<MessageId>,
    /// Its text.
    pub text: String,
    /// The greatest arrival sequence that its author's screen held.
    pub seen_through: i64,
    /// Of the lock; 0 when its author never held it.
    pub fence: i64,
    /// Shorten the addresses in it.
    pub shorten_links: bool,
    /// But for these, by their place in the text, from 0.
    pub keep_long: BTreeSet<usize>,
    /// Send although something newer arrived.
    pub despite_newer: bool,
}

/// A state that a member asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateAsked {
    /// Of which conversation.
    pub conversation: ConversationId,
    /// The client's key.
    pub key: String,
    /// Which state.
    pub to: State,
    /// The greatest arrival sequence that the member's screen held.
    pub seen_through: i64,
}

/// A key that a client chose.
///
/// # Errors
/// Invalid when it is none.
pub fn key(text: String) -> Result<String, Fault> {
    if text.is_empty() || text.chars().count() > LONGEST_KEY || text.contains('\0') {
        let sentence = "Give a key of 1 to 128 characters.";
        return Err(Fault::invalid("key_invalid", "idempotency_key", sentence));
    }
    Ok(text)
}

/// Reads a reply.
///
/// # Errors
/// Invalid, with the field; `NotFound` for ids that cannot be ours.
pub fn read_reply(call: calls::AcceptReplyRequest) -> Result<Asked, Fault> {
    let wanted = read_kind(call.kind)
        .map_err(|_| Fault::invalid("kind_unknown", "kind", "There is no such kind of message."))?;
    if call.text.trim().is_empty() {
        return Err(Fault::invalid("text_empty", "text", "A reply needs a text."));
    }
    if call.text.contains('\0') {
        let sentence = "The text holds a character that no network takes (NUL).";
        return Err(Fault::invalid("text_invalid", "text", sentence));
    }
    if call.text.len() > LONGEST_TEXT {
        return Err(Fault::invalid("text_too_long", "text", "The text is too long."));
    }
    let to = &call.in_reply_to_message_id;
    Ok(Asked {
        conversation: id(&call.conversation_id, "a conversation")?,
        key: key(call.idempotency_key)?,
        kind: wanted,
        channel: id(&call.channel_id, "a channel")?,
        to: if to.is_empty() { None } else { Some(id(to, "a message")?) },
        text: call.text,
        seen_through: call.seen_through,
        fence: call.fence,
        shorten_links: call.shorten_links,
        keep_long: call
            .keep_long_ordinals
            .iter()
            .filter_map(|ordinal| usize::try_from(*ordinal).ok())
            .collect(),
        despite_newer: call.despite_newer,
    })
}

/// Reads a change of state.
///
/// # Errors
/// Invalid, with the field; `NotFound` for an id that cannot be ours.
pub fn read_state(call: calls::ChangeStateRequest) -> Result<StateAsked, Fault> {
    let to = match calls::State::try_from(call.to) {
        Ok(calls::State::New) => State::New,
        Ok(calls::State::Pending) => State::Pending,
        Ok(calls::State::Resolved) => State::Resolved,
        Ok(calls::State::Unspecified) | Err(_) => {
            return Err(Fault::invalid("state_unknown", "to", "There is no such state."));
        }
    };
    Ok(StateAsked {
        conversation: id(&call.conversation_id, "a conversation")?,
        key: key(call.idempotency_key)?,
        to,
        seen_through: call.seen_through,
    })
}

/// The answer to an accepted reply, as it is kept for the same key.
#[must_use]
pub fn accepted(row: Row, message: MessageRow, link_notices: Vec<String>) -> Vec<u8> {
    calls::AcceptReplyResponse {
        row: Some(answers::row(row, &[])),
        message: Some(answers::message(message, &[])),
        link_notices,
    }
    .encode_to_vec()
}

/// The answer to a retry, as it is kept for the same key.
#[must_use]
pub fn retried(message: MessageRow) -> Vec<u8> {
    calls::RetryReplyResponse { message: Some(answers::message(message, &[])) }.encode_to_vec()
}

/// The answer to a change of state, as it is kept for the same key.
#[must_use]
pub fn changed(row: Row, undelivered: i64) -> Vec<u8> {
    calls::ChangeStateResponse {
        row: Some(answers::row(row, &[])),
        undelivered_replies: i32::try_from(undelivered).unwrap_or(i32::MAX),
    }
    .encode_to_vec()
}

/// The answer to a person's word on an unknown reply.
#[must_use]
pub fn settled(message: MessageRow) -> calls::SettleReplyResponse {
    calls::SettleReplyResponse { message: Some(answers::message(message, &[])) }
}

/// Who holds the lock; nothing when nobody does.
#[must_use]
pub fn lock(lock: &Lock) -> Option<calls::Lock> {
    lock.holder.as_ref().map(|holder| calls::Lock {
        member_id: holder.member.to_string(),
        session: holder.session.clone(),
        fence: lock.fence,
        expires_at: Some(timestamp(holder.expires_at)),
    })
}

pub(super) fn reply(reply: &Reply) -> calls::Reply {
    let failure = reply.failure.as_ref();
    let wait = reply.wait.as_ref();
    calls::Reply {
        state: match reply.state {
            Stage::Queued => calls::ReplyState::Queued,
            Stage::Sending => calls::ReplyState::Sending,
            Stage::Sent => calls::ReplyState::Sent,
            Stage::Failed => calls::ReplyState::Failed,
            Stage::Unknown => calls::ReplyState::Unknown,
        }
        .into(),
        member_id: reply.member.to_string(),
        channel_id: reply.channel.to_string(),
        attempt: reply.attempt,
        failure_code: failure.map(|failure| failure.code.clone()).unwrap_or_default(),
        failure: failure.map(|failure| failure.sentence.clone()).unwrap_or_default(),
        retryable: failure.is_some_and(|failure| failure.retryable),
        waits_until: wait.and_then(|wait| wait.until).map(timestamp),
        wait_reason: wait.map(|wait| wait.reason.clone()).unwrap_or_default(),
    }
}

pub(super) fn answer(option: &AnswerOption) -> calls::AnswerOption {
    let (reason_code, reason) = option.refusal.unwrap_or_default();
    calls::AnswerOption {
        kind: kind(Some(option.kind)).into(),
        channel_id: option.channel.to_string(),
        in_reply_to_message_id: option.to.map(|id| id.to_string()).unwrap_or_default(),
        public: option.public,
        available: option.refusal.is_none(),
        reason_code: reason_code.to_owned(),
        reason: reason.to_owned(),
        text_limit: i32::try_from(option.text_limit).unwrap_or(i32::MAX),
        counting: match option.counting {
            Counting::XWeighted => calls::TextCounting::XWeighted,
            Counting::Characters => calls::TextCounting::Characters,
            Counting::Bytes => calls::TextCounting::Bytes,
        }
        .into(),
        expires_at: option.expires_at.map(timestamp),
    }
}

/// A reply as delivery needs it.
#[must_use]
pub fn outbound(reply: Outbound) -> calls::Outbound {
    calls::Outbound {
        message_id: reply.message.to_string(),
        conversation_id: reply.conversation.to_string(),
        channel_id: reply.channel.to_string(),
        network: network_of(reply.network).into(),
        kind: kind(Some(reply.kind)).into(),
        text: reply.text,
        recipient: Some(network::Identity {
            network: network_of(reply.network).into(),
            scope: reply.scope,
            network_user_id: match reply.person {
                Person::Known(user_id) => user_id,
                Person::Someone(_) => String::new(),
            },
        }),
        in_reply_to_external_id: reply.to.as_ref().map(|(id, _)| id.clone()).unwrap_or_default(),
        in_reply_to_kind: kind(reply.to.map(|(_, kind)| kind)).into(),
        last_private_inbound_at: reply.last_private_inbound_at.map(timestamp),
        attempt: reply.attempt,
        accepted_at: Some(timestamp(reply.accepted_at)),
        external_id: reply.external_id.unwrap_or_default(),
    }
}
