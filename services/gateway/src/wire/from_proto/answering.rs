//! Replies, locks and ways to answer.

use kit_values::Fault;
use proto::conversation::v1 as conversation;
use proto::network::v1 as network;

use super::{Names, filled, kind, moment, rest, unknown};

/// A lock.
///
/// # Errors
/// Internal for a moment that is none.
pub fn lock(lock: conversation::Lock, names: &Names) -> Result<rest::Lock, Fault> {
    Ok(rest::Lock {
        name: names.name(&lock.member_id),
        member_id: lock.member_id,
        fence: lock.fence,
        expires_at: moment(lock.expires_at)?,
    })
}

/// A way to answer.
///
/// # Errors
/// Internal for a code of a later version.
pub fn answer_option(option: conversation::AnswerOption) -> Result<rest::AnswerOption, Fault> {
    let counting = match option.counting() {
        conversation::TextCounting::XWeighted => rest::Counting::XWeighted,
        conversation::TextCounting::Characters => rest::Counting::Characters,
        conversation::TextCounting::Bytes => rest::Counting::Bytes,
        conversation::TextCounting::Unspecified => return Err(unknown("counting")),
    };
    Ok(rest::AnswerOption {
        kind: kind(option.kind())?,
        channel_id: option.channel_id,
        in_reply_to: filled(option.in_reply_to_message_id),
        public: option.public,
        available: option.available,
        reason_code: filled(option.reason_code),
        reason: filled(option.reason),
        text_limit: option.text_limit,
        counting,
        expires_at: moment(option.expires_at)?,
    })
}

/// What is known of a reply.
pub(super) fn reply(reply: conversation::Reply, names: &Names) -> Result<rest::Reply, Fault> {
    let state = match reply.state() {
        conversation::ReplyState::Queued => rest::ReplyState::Queued,
        conversation::ReplyState::Sending => rest::ReplyState::Sending,
        conversation::ReplyState::Sent => rest::ReplyState::Sent,
        conversation::ReplyState::Failed => rest::ReplyState::Failed,
        conversation::ReplyState::Unknown => rest::ReplyState::Unknown,
        conversation::ReplyState::Unspecified => return Err(unknown("reply state")),
    };
    let author = names.owner(reply.member_id);
    Ok(rest::Reply {
        state,
        name: author.as_ref().map(|author| author.name.clone()),
        member_id: author.map(|author| author.member_id),
        channel_id: reply.channel_id,
        attempt: reply.attempt,
        failure_code: filled(reply.failure_code),
        failure: filled(reply.failure),
        retryable: reply.retryable,
        waits_until: moment(reply.waits_until)?,
        wait_reason: filled(reply.wait_reason),
    })
}

/// A message kind, the other way.
#[must_use]
pub const fn message_kind(kind: rest::MessageKind) -> network::MessageKind {
    match kind {
        rest::MessageKind::PrivateMessage => network::MessageKind::PrivateMessage,
        rest::MessageKind::Comment => network::MessageKind::Comment,
        rest::MessageKind::Reply => network::MessageKind::Reply,
        rest::MessageKind::Mention => network::MessageKind::Mention,
        rest::MessageKind::Post => network::MessageKind::Post,
        rest::MessageKind::Quote => network::MessageKind::Quote,
    }
}

/// A state, the other way.
#[must_use]
pub const fn state_wanted(state: rest::State) -> conversation::State {
    match state {
        rest::State::New => conversation::State::New,
        rest::State::Pending => conversation::State::Pending,
        rest::State::Resolved => conversation::State::Resolved,
    }
}
