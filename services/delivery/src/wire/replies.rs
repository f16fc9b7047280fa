//! What conversation tells and answers.

use kit_values::{EventId, OrganizationId};
use networks::MessageKind;
use prost::Message as _;
use proto::conversation::v1 as pb;
use proto::conversation::v1::conversation_event::Fact;

use super::{Silent, envelope, moment, read_action, read_kind, read_network};
use crate::app::Told;
use crate::domain::letter::{Letter, Request};
use crate::domain::words::{ChannelId, MessageId};

/// An event read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its id.
    pub id: EventId,
    /// Whose.
    pub organization: OrganizationId,
    /// About which message.
    pub message: MessageId,
    /// What it says.
    pub told: Told,
}

/// Reads an event of stream CONVERSATION.
///
/// # Errors
/// Why it says nothing to this service.
pub fn read(payload: &[u8]) -> Result<Event, Silent> {
    let event = pb::ConversationEvent::decode(payload)
        .map_err(|_| Silent::Malformed("not a ConversationEvent"))?;
    let metadata = event.metadata.ok_or(Silent::Malformed("metadata is missing"))?;
    let (message, told) = match event.fact {
        Some(Fact::ReplyQueued(it)) => (it.message_id, Told::ReplyQueued { attempt: it.attempt }),
        Some(Fact::ReplySettledByPerson(it)) => {
            let told = Told::SettledByPerson { attempt: it.attempt, sent: it.sent };
            (it.message_id, told)
        }
        Some(Fact::DeletionQueued(it)) => (it.message_id, Told::DeletionQueued),
        Some(Fact::ActionQueued(it)) => {
            let told = requested(&event.conversation_id, &it)?;
            (it.message_id, told)
        }
        Some(_) => return Err(Silent::Others),
        None if metadata.may_ignore => return Err(Silent::Others),
        None => return Err(Silent::Unknown),
    };
    if let Told::ReplyQueued { attempt } | Told::SettledByPerson { attempt, .. } = told
        && attempt < 1
    {
        return Err(Silent::Malformed("attempt"));
    }
    let (id, organization) = envelope(&metadata)?;
    Ok(Event {
        id,
        organization: organization.ok_or(Silent::Malformed("organization_id"))?,
        message: message.parse().map_err(|_| Silent::Malformed("message_id"))?,
        told,
    })
}

/// What is to be done to a message or to its author.
fn requested(conversation: &str, asked: &pb::ActionQueued) -> Result<Told, Silent> {
    let action = read_action(asked.action())?;
    let channel: ChannelId =
        asked.channel_id.parse().map_err(|_| Silent::Malformed("channel_id"))?;
    let author = asked.author.as_ref().map(|it| it.network_user_id.clone()).unwrap_or_default();
    let of = if action.is_of_author() { &author } else { &asked.external_id };
    let changes = action.changes().ok_or(Silent::Malformed("action"))?;
    let request = Request {
        id: asked.action_id.parse().map_err(|_| Silent::Malformed("action_id"))?,
        turn: asked.turn,
        thing: format!("{channel}/{changes}/{of}"),
    };
    let letter = Letter {
        conversation: conversation.parse().map_err(|_| Silent::Malformed("conversation_id"))?,
        channel,
        network: read_network(asked.network()).ok_or(Silent::Unknown)?,
        kind: read_kind(asked.kind()).ok_or(Silent::Unknown)?,
        text: String::new(),
        recipient: author,
        to_external_id: asked.external_id.clone(),
        to_kind: read_kind(asked.kind()).ok_or(Silent::Unknown)?,
        request: Some(request),
        last_private_inbound_at: None,
        trace: None,
    };
    Ok(Told::ActionQueued { action, letter: Box::new(letter) })
}

/// What to send, its newest attempt, and its id at the network; none when it cannot be read.
#[must_use]
pub fn letter(outbound: &pb::Outbound) -> Option<(MessageId, Letter, i32, String)> {
    let letter = Letter {
        conversation: outbound.conversation_id.parse().ok()?,
        channel: outbound.channel_id.parse().ok()?,
        network: read_network(outbound.network())?,
        kind: read_kind(outbound.kind())?,
        // The database keeps no NUL; nothing that was accepted has one.
        text: outbound.text.replace('\0', "\u{fffd}"),
        recipient: outbound
            .recipient
            .as_ref()
            .map(|recipient| recipient.network_user_id.clone())
            .unwrap_or_default(),
        to_external_id: outbound.in_reply_to_external_id.clone(),
        // What nothing is answered has no kind.
        to_kind: read_kind(outbound.in_reply_to_kind()).unwrap_or(MessageKind::PrivateMessage),
        request: None,
        last_private_inbound_at: outbound.last_private_inbound_at.as_ref().and_then(moment),
        trace: None,
    };
    let message = outbound.message_id.parse().ok()?;
    Some((message, letter, outbound.attempt, outbound.external_id.clone()))
}

#[cfg(test)]
mod tests {
    use proto::event::v1::Metadata;

    use super::*;

    fn event(fact: Option<Fact>, may_ignore: bool) -> Vec<u8> {
        let metadata = Metadata {
            event_id: EventId::mint().to_string(),
            organization_id: OrganizationId::mint().to_string(),
            may_ignore,
            ..Metadata::default()
        };
        pb::ConversationEvent { metadata: Some(metadata), fact, ..Default::default() }
            .encode_to_vec()
    }

    fn queued(message: &str, attempt: i32) -> Fact {
        let message_id = message.to_owned();
        Fact::ReplyQueued(pb::ReplyQueued { message_id, attempt, ..Default::default() })
    }

    #[test]
    fn only_what_is_asked_of_delivery_is_read() {
        let message = MessageId::mint();
        let read_back = read(&event(Some(queued(&message.to_string(), 3)), false)).expect("read");
        assert_eq!(
            (read_back.message, read_back.told),
            (message, Told::ReplyQueued { attempt: 3 })
        );
        let others = Some(Fact::StateChanged(pb::StateChanged::default()));
        assert_eq!(read(&event(others, false)), Err(Silent::Others));
        assert_eq!(read(&event(None, true)), Err(Silent::Others));
        assert_eq!(read(&event(None, false)), Err(Silent::Unknown));
    }

    fn liked() -> pb::ActionQueued {
        pb::ActionQueued {
            action_id: "act_00000000000000000000000000000001".to_owned(),
            message_id: MessageId::mint().to_string(),
            channel_id: "chan_00000000000000000000000000000001".to_owned(),
            network: proto::network::v1::Network::X.into(),
            action: proto::network::v1::MessageAction::Like.into(),
            turn: 3,
            external_id: "900".to_owned(),
            kind: proto::network::v1::MessageKind::Mention.into(),
            author: Some(proto::network::v1::Identity {
                network_user_id: "77".to_owned(),
                ..Default::default()
            }),
            ..Default::default()
        }
    }

    fn asked(it: pb::ActionQueued) -> Result<Event, Silent> {
        let mut event = pb::ConversationEvent::decode(&*event(Some(Fact::ActionQueued(it)), false))
            .expect("decodes");
        "conv_00000000000000000000000000000001".clone_into(&mut event.conversation_id);
        read(&event.encode_to_vec())
    }

    #[test]
    fn an_action_and_its_opposite_are_about_one_thing() {
        use proto::network::v1::MessageAction as Wire;
        let thing = |action: Wire| {
            let told = asked(pb::ActionQueued { action: action.into(), ..liked() }).expect("read");
            let Told::ActionQueued { letter, .. } = told.told else { panic!("an action") };
            letter.request.expect("a request").thing
        };
        let channel = "chan_00000000000000000000000000000001";
        for (action, opposite, what) in [
            (Wire::Like, Wire::Unlike, "like/900"),
            (Wire::Hide, Wire::Unhide, "hide/900"),
            (Wire::Repost, Wire::Unrepost, "repost/900"),
            // Whichever message of theirs was at hand.
            (Wire::Follow, Wire::Unfollow, "follow/77"),
        ] {
            assert_eq!(thing(action), thing(opposite));
            assert_eq!(thing(action), format!("{channel}/{what}"));
        }
    }

    #[test]
    fn what_is_no_action_of_its_own_is_malformed_and_what_is_newer_unknown() {
        use proto::network::v1::MessageAction as Wire;
        for action in [Wire::Quote, Wire::Delete] {
            let told = asked(pb::ActionQueued { action: action.into(), ..liked() });
            assert_eq!(told, Err(Silent::Malformed("action")));
        }
        assert_eq!(asked(pb::ActionQueued { action: 99, ..liked() }), Err(Silent::Unknown));
        assert_eq!(asked(pb::ActionQueued { network: 99, ..liked() }), Err(Silent::Unknown));
        let nobody = pb::ActionQueued { action_id: String::new(), ..liked() };
        assert_eq!(asked(nobody), Err(Silent::Malformed("action_id")));
    }

    #[test]
    fn what_makes_no_sense_is_malformed() {
        let message = MessageId::mint().to_string();
        for bytes in [
            b"\xff".to_vec(),
            event(Some(queued(&message, 0)), false),
            event(Some(queued("msg_7", 1)), false),
            pb::ConversationEvent::default().encode_to_vec(),
        ] {
            assert!(matches!(read(&bytes), Err(Silent::Malformed(_))));
        }
    }

    #[test]
    fn a_letter_needs_an_account_a_network_and_a_kind() {
        let whole = pb::Outbound {
            message_id: MessageId::mint().to_string(),
            conversation_id: "conv_00000000000000000000000000000001".to_owned(),
            channel_id: "chan_00000000000000000000000000000001".to_owned(),
            network: proto::network::v1::Network::X.into(),
            kind: proto::network::v1::MessageKind::Reply.into(),
            text: "a\0b".to_owned(),
            ..Default::default()
        };
        let (_, read_back, _, _) = letter(&whole).expect("read");
        assert_eq!(read_back.text, "a\u{fffd}b");
        assert_eq!(letter(&pb::Outbound { kind: 0, ..whole.clone() }), None);
        assert_eq!(letter(&pb::Outbound { network: 0, ..whole.clone() }), None);
        assert_eq!(letter(&pb::Outbound { channel_id: String::new(), ..whole }), None);
    }
}
