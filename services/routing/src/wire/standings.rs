//! Conversation's events → how conversations stand. The facts themselves do not matter here.

use kit_values::{EventId, OrganizationId};
use prost::Message as _;
use prost_types::Timestamp;
use proto::conversation::v1 as pb;

use super::{Unread, moment, optional_id, read_id};
use crate::domain::ownership::Standing;
use crate::domain::words::{ConversationId, State};

/// A standing and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// The event's id.
    pub event: EventId,
    /// Whose.
    pub organization: OrganizationId,
    /// Which conversation.
    pub conversation: ConversationId,
    /// How it stands.
    pub standing: Standing,
}

/// Reads an event of stream CONVERSATION.
///
/// # Errors
/// Why it says nothing to this service.
pub fn read(payload: &[u8]) -> Result<Read, Unread> {
    let event = pb::ConversationEvent::decode(payload)
        .map_err(|_| Unread::Malformed("not a ConversationEvent"))?;
    let metadata = event.metadata.as_ref().ok_or(Unread::Malformed("metadata"))?;
    // An event of a release before standings travelled.
    let standing = event.standing.as_ref().ok_or(Unread::Others)?;
    Ok(Read {
        event: read_id(&metadata.event_id, "event_id")?,
        organization: read_id(&metadata.organization_id, "organization_id")?,
        conversation: read_id(&event.conversation_id, "conversation_id")?,
        standing: read_standing(standing, event.rev, metadata.occurred_at.as_ref())?,
    })
}

/// A standing out of a list of all; `None` when it says nothing to this service.
#[must_use]
pub fn told(one: &pb::ConversationStanding) -> Option<(ConversationId, Standing)> {
    let standing = read_standing(one.standing.as_ref()?, one.rev, None).ok()?;
    Some((one.conversation_id.parse().ok()?, standing))
}

fn read_standing(
    standing: &pb::Standing,
    rev: i64,
    occurred_at: Option<&Timestamp>,
) -> Result<Standing, Unread> {
    let state = match standing.state() {
        _ if !standing.absorbed_into.is_empty() => State::Absorbed,
        pb::State::New => State::New,
        pb::State::Pending => State::Pending,
        pb::State::Resolved => State::Resolved,
        pb::State::Unspecified => return Err(Unread::Unknown),
    };
    let decided_by = optional_id(&standing.decided_by_member_id, "decided_by_member_id")?;
    let since = standing.waiting_since.as_ref().or(occurred_at);
    Ok(Standing {
        rev,
        state,
        waiting_since: since.and_then(moment).filter(|_| state == State::New),
        channels: standing
            .channel_ids
            .iter()
            .map(|id| read_id(id, "channel_ids"))
            .collect::<Result<_, _>>()?,
        decision: standing.decision,
        replier: decided_by.filter(|_| standing.decided_by_reply),
    })
}

#[cfg(test)]
mod tests {
    use kit_values::now;
    use proto::event::v1::Metadata;

    use super::*;
    use crate::domain::words::{ChannelId, MemberId};
    use crate::wire::timestamp;

    fn event(standing: Option<pb::Standing>) -> pb::ConversationEvent {
        pb::ConversationEvent {
            metadata: Some(Metadata {
                event_id: EventId::mint().to_string(),
                organization_id: OrganizationId::mint().to_string(),
                occurred_at: Some(timestamp(now())),
                ..Metadata::default()
            }),
            conversation_id: ConversationId::mint().to_string(),
            rev: 7,
            standing,
            fact: None,
        }
    }

    #[test]
    fn a_standing_is_read_whatever_the_fact() {
        let (member, channel, at) = (MemberId::mint(), ChannelId::mint(), now());
        let standing = pb::Standing {
            state: pb::State::New.into(),
            waiting_since: Some(timestamp(at)),
            channel_ids: vec![channel.to_string()],
            decision: 2,
            decided_by_member_id: member.to_string(),
            decided_by_reply: true,
            ..pb::Standing::default()
        };
        let found = read(&event(Some(standing.clone())).encode_to_vec()).expect("readable");
        assert_eq!(found.standing.rev, 7);
        assert_eq!(found.standing.waiting_since, Some(at));
        assert_eq!(found.standing.replier, Some(member));
        assert_eq!(found.standing.channels.into_iter().collect::<Vec<_>>(), [channel]);
        // A decision that was no reply makes nobody the owner.
        let pending = pb::Standing {
            state: pb::State::Pending.into(),
            decided_by_reply: false,
            ..standing.clone()
        };
        let found = read(&event(Some(pending)).encode_to_vec()).expect("readable").standing;
        assert_eq!((found.state, found.replier, found.waiting_since), (State::Pending, None, None));
        let absorbed = pb::Standing { absorbed_into: "conv_x".to_owned(), ..standing };
        let found = read(&event(Some(absorbed)).encode_to_vec()).expect("readable").standing;
        assert_eq!((found.state, found.waiting_since), (State::Absorbed, None));
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        assert_eq!(read(b"\xff"), Err(Unread::Malformed("not a ConversationEvent")));
        assert_eq!(read(&event(None).encode_to_vec()), Err(Unread::Others));
        let unknown = pb::Standing { state: 9, ..pb::Standing::default() };
        assert_eq!(read(&event(Some(unknown)).encode_to_vec()), Err(Unread::Unknown));
        let wrong = pb::Standing {
            state: pb::State::New.into(),
            channel_ids: vec!["mem_1".to_owned()],
            ..pb::Standing::default()
        };
        let read = read(&event(Some(wrong)).encode_to_vec());
        assert_eq!(read, Err(Unread::Malformed("channel_ids")));
    }
}
