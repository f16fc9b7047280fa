//! What is done to messages at their networks: requests → events, and what is shown.

use kit_values::Fault;
use prost::Message as _;
use proto::conversation::v1 as calls;
use proto::conversation::v1::conversation_event::Fact;
use proto::conversation::v1::{ActionQueued, DeletionQueued};
use proto::network::v1 as network;
use proto::network::v1::MessageAction;

use super::answers::{kind, network_of};
use super::{id, key, timestamp};
use crate::domain::action::{Act, Aspect, Deed, End, Request, State};
use crate::domain::message::Message;
use crate::domain::person::Person;
use crate::domain::view::{ActionOption, AnswerOption, Deeds, Doing, MessageRow};
use crate::domain::words::{ChannelId, MessageId};

/// The fact that hands a request to delivery, whole.
pub(super) fn queued(request: &Request, message: &Message) -> (&'static str, Fact) {
    let (message_id, channel_id) = (request.message.to_string(), request.channel.to_string());
    if request.deed.aspect == Aspect::Delete {
        let deletion = DeletionQueued { message_id, channel_id };
        return ("deletion_queued", Fact::DeletionQueued(deletion));
    }
    let identity = &message.identity;
    let action = ActionQueued {
        action_id: request.id.to_string(),
        message_id,
        channel_id,
        network: network_of(message.key.network).into(),
        action: deed(request.deed).into(),
        turn: request.turn,
        member_id: request.member.to_string(),
        external_id: message.key.external_id.clone(),
        scope: message.key.scope.clone(),
        kind: kind(Some(message.kind)).into(),
        author: Some(network::Identity {
            network: network_of(identity.network).into(),
            scope: identity.scope.clone(),
            network_user_id: match &identity.person {
                Person::Known(user_id) => user_id.clone(),
                Person::Someone(_) => String::new(),
            },
        }),
    };
    ("action_queued", Fact::ActionQueued(action))
}

const fn deed(deed: Deed) -> MessageAction {
    match (deed.aspect, deed.wanted) {
        (Aspect::Like, true) => MessageAction::Like,
        (Aspect::Like, false) => MessageAction::Unlike,
        (Aspect::Hide, true) => MessageAction::Hide,
        (Aspect::Hide, false) => MessageAction::Unhide,
        (Aspect::Repost, true) => MessageAction::Repost,
        (Aspect::Repost, false) => MessageAction::Unrepost,
        (Aspect::Follow, true) => MessageAction::Follow,
        (Aspect::Follow, false) => MessageAction::Unfollow,
        (Aspect::Delete, _) => MessageAction::Delete,
    }
}

/// Something that a member wants done to a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionAsked {
    /// Which message.
    pub message: MessageId,
    /// The client's key.
    pub key: String,
    /// What.
    pub deed: Deed,
    /// The account that acts; none: the one that wrote the message.
    pub channel: Option<ChannelId>,
}

/// Reads what a member wants done.
///
/// # Errors
/// Invalid, with the field; `NotFound` for ids that cannot be ours.
pub fn read_action(call: calls::ActOnMessageRequest) -> Result<ActionAsked, Fault> {
    Ok(ActionAsked {
        message: id(&call.message_id, "a message")?,
        key: key(call.idempotency_key)?,
        deed: read_deed(call.action)?,
        channel: Some(id(&call.channel_id, "a channel")?),
    })
}

/// Reads which of our own messages a member wants deleted.
///
/// # Errors
/// Invalid, with the field; `NotFound` for an id that cannot be ours.
pub fn read_deletion(call: calls::DeleteMessageRequest) -> Result<ActionAsked, Fault> {
    Ok(ActionAsked {
        message: id(&call.message_id, "a message")?,
        key: key(call.idempotency_key)?,
        deed: Deed { aspect: Aspect::Delete, wanted: true },
        channel: None,
    })
}

/// The answer to something done, as it is kept for the same key.
#[must_use]
pub fn acted(message: MessageRow, answers: &[AnswerOption]) -> Vec<u8> {
    let message = Some(super::answers::message(message, answers));
    calls::ActOnMessageResponse { message }.encode_to_vec()
}

fn read_deed(code: i32) -> Result<Deed, Fault> {
    Deed::ALL
        .into_iter()
        .find(|one| one.aspect != Aspect::Delete && i32::from(deed(*one)) == code)
        .ok_or_else(|| Fault::invalid("action_unknown", "action", "There is no such action."))
}

/// What can be done to a message.
pub(super) fn options(deeds: &Deeds) -> Vec<calls::ActionOption> {
    deeds.options.iter().map(option).collect()
}

fn option(option: &ActionOption) -> calls::ActionOption {
    let (reason_code, reason) = option.refusal.unwrap_or_default();
    let action = match option.doing {
        Doing::Deed(one) => deed(one),
        Doing::Quote => MessageAction::Quote,
    };
    calls::ActionOption {
        action: action.into(),
        channel_id: option.channel.to_string(),
        available: option.refusal.is_none(),
        reason_code: reason_code.to_owned(),
        reason: reason.to_owned(),
        needs_confirmation: action == MessageAction::Delete,
    }
}

/// What was done to a message, or is being done.
pub(super) fn acts(deeds: &Deeds) -> Option<calls::Acts> {
    let of = |aspect| deeds.acts.get(&aspect).map(act);
    (!deeds.acts.is_empty()).then(|| calls::Acts {
        liked: of(Aspect::Like),
        hidden: of(Aspect::Hide),
        reposted: of(Aspect::Repost),
        following: of(Aspect::Follow),
        deleted: of(Aspect::Delete),
    })
}

fn act(act: &Act) -> calls::Act {
    let failure = match &act.last.end {
        Some(End::Failed(failure)) => Some(failure),
        _ => None,
    };
    let wait = act.last.wait.as_ref();
    calls::Act {
        state: match act.state {
            State::On => calls::ActState::On,
            State::TurningOn => calls::ActState::TurningOn,
            State::TurningOff => calls::ActState::TurningOff,
            State::Failed => calls::ActState::Failed,
        }
        .into(),
        on: act.on,
        channel_id: act.last.channel.to_string(),
        member_id: act.last.member.to_string(),
        at: Some(timestamp(act.last.at)),
        failure_code: failure.map(|failure| failure.code.clone()).unwrap_or_default(),
        failure: failure.map(|failure| failure.sentence.clone()).unwrap_or_default(),
        retryable: failure.is_some_and(|failure| failure.retryable),
        waits_until: wait.and_then(|wait| wait.until).map(timestamp),
        wait_reason: wait.map(|wait| wait.reason.clone()).unwrap_or_default(),
    }
}
