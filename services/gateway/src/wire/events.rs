//! What the streams say, as changes for the feed.

use kit_values::OrganizationId;
use prost::Message as _;
use proto::conversation::v1 as conversation;
use proto::directory::v1 as directory;
use proto::network::v1::MessageAction;
use proto::notification::v1 as notifications;
use proto::routing::v1 as routing;

use super::personal;
use crate::domain::position::Source;
use crate::domain::ring::{Change, Settings};
use crate::domain::{ConversationId, MemberId};

/// What one event means to the gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meaning {
    /// Something to tell an organization's sockets.
    Change(OrganizationId, Change),
    /// A member is another than before, and their older sessions are void.
    Member {
        /// Whose organization.
        organization: OrganizationId,
        /// Whose sessions.
        member: MemberId,
        /// Sessions of an older epoch.
        before: i64,
    },
    /// Nothing.
    Nothing,
}

/// What one event says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// What it means to the gateway.
    pub meaning: Meaning,
    /// Members who may own more or less than before.
    pub loads: Vec<(OrganizationId, MemberId)>,
}

impl Told {
    const fn only(meaning: Meaning) -> Self {
        Self { meaning, loads: Vec::new() }
    }
}

/// Reads an event; `subject_organization` is the one that its subject names.
///
/// # Errors
/// What is wrong with it: it cannot be read, or names another organization than its subject.
pub fn read(
    source: Source,
    subject_organization: Option<OrganizationId>,
    payload: &[u8],
) -> Result<Told, &'static str> {
    match source {
        Source::Conversation => {
            let event = conversation::ConversationEvent::decode(payload)
                .map_err(|_| "not a conversation event")?;
            let named = event.metadata.as_ref().map(|metadata| metadata.organization_id.as_str());
            let organization = agreed(subject_organization, named)?;
            let Some(organization) = organization else { return Err("names no organization") };
            let meaning = Meaning::Change(organization, conversation_change(&event)?);
            Ok(Told { meaning, loads: loads_of_state(organization, &event) })
        }
        Source::Directory => {
            let event =
                directory::DirectoryEvent::decode(payload).map_err(|_| "not a directory event")?;
            let named = event.metadata.as_ref().map(|metadata| metadata.organization_id.as_str());
            let organization = agreed(subject_organization, named)?;
            directory_meaning(organization, &event).map(Told::only)
        }
        Source::Routing => {
            let event =
                routing::RoutingEvent::decode(payload).map_err(|_| "not a routing event")?;
            let named = event.metadata.as_ref().map(|metadata| metadata.organization_id.as_str());
            let organization = agreed(subject_organization, named)?;
            let Some(organization) = organization else { return Err("names no organization") };
            let meaning = routing_meaning(organization, &event)?;
            Ok(Told { meaning, loads: loads_of_owners(organization, &event) })
        }
        Source::Notification => {
            let event = notifications::NotificationEvent::decode(payload)
                .map_err(|_| "not a notification event")?;
            let named = event.metadata.as_ref().map(|metadata| metadata.organization_id.as_str());
            let organization = agreed(subject_organization, named)?;
            notification_meaning(organization, &event).map(Told::only)
        }
    }
}

fn agreed(
    subject: Option<OrganizationId>,
    metadata: Option<&str>,
) -> Result<Option<OrganizationId>, &'static str> {
    let metadata = match metadata {
        None => return Err("has no metadata"),
        Some("") => None,
        Some(text) => Some(text.parse().map_err(|_| "names no organization")?),
    };
    if subject == metadata {
        Ok(subject)
    } else {
        Err("names another organization than its subject")
    }
}

fn conversation_change(event: &conversation::ConversationEvent) -> Result<Change, &'static str> {
    use conversation::conversation_event::Fact;

    let conversation: ConversationId =
        event.conversation_id.parse().map_err(|_| "names no conversation")?;
    match &event.fact {
        Some(Fact::MessageStored(stored)) => message(conversation, &stored.message_id),
        Some(Fact::MessageRevised(revised)) => message(conversation, &revised.message_id),
        Some(Fact::ReplyQueued(queued)) => message(conversation, &queued.message_id),
        Some(Fact::ReplySettledByPerson(settled)) => message(conversation, &settled.message_id),
        Some(Fact::DeletionQueued(queued)) => message(conversation, &queued.message_id),
        Some(Fact::ActionQueued(queued)) => {
            // Whom the account follows shows on all that they wrote.
            let of_author =
                matches!(queued.action(), MessageAction::Follow | MessageAction::Unfollow);
            acted(conversation, &queued.message_id, of_author)
        }
        Some(Fact::ActionChanged(changed)) => {
            acted(conversation, &changed.message_id, changed.of_author)
        }
        Some(Fact::NoteChanged(changed)) => {
            let note = changed.note_id.parse().map_err(|_| "names no note")?;
            Ok(Change::Note(conversation, note))
        }
        Some(Fact::ContactChanged(changed)) => {
            let contact = changed.contact_id.parse().map_err(|_| "names no contact")?;
            Ok(Change::Contact(conversation, contact))
        }
        Some(Fact::ConversationAbsorbed(absorbed)) => {
            let into =
                absorbed.into_conversation_id.parse().map_err(|_| "names no conversation")?;
            Ok(Change::Absorbed { conversation, into })
        }
        // A fact of a later version also changes the row that it is about.
        Some(
            Fact::ConversationOpened(_)
            | Fact::StateChanged(_)
            | Fact::OwnerProjected(_)
            | Fact::LockChanged(_)
            | Fact::ReminderChanged(_),
        )
        | None => Ok(Change::Conversation(conversation)),
    }
}

fn acted(
    conversation: ConversationId,
    acted: &str,
    of_author: bool,
) -> Result<Change, &'static str> {
    if of_author { Ok(Change::Messages(conversation)) } else { message(conversation, acted) }
}

fn message(conversation: ConversationId, message: &str) -> Result<Change, &'static str> {
    let message = message.parse().map_err(|_| "names no message")?;
    Ok(Change::Message(conversation, message))
}

/// A conversation counts as its owner's while it is new.
fn loads_of_state(
    organization: OrganizationId,
    event: &conversation::ConversationEvent,
) -> Vec<(OrganizationId, MemberId)> {
    use conversation::conversation_event::Fact;

    let Some(Fact::StateChanged(_)) = event.fact else { return Vec::new() };
    let owner = event.standing.as_ref().and_then(|now| now.owner_member_id.parse().ok());
    owner.into_iter().map(|owner| (organization, owner)).collect()
}

fn loads_of_owners(
    organization: OrganizationId,
    event: &routing::RoutingEvent,
) -> Vec<(OrganizationId, MemberId)> {
    use routing::routing_event::Fact;

    let Some(Fact::OwnerChanged(changed)) = &event.fact else { return Vec::new() };
    let members = [&changed.owner_member_id, &changed.former_member_id].into_iter();
    members.filter_map(|id| id.parse().ok()).map(|member| (organization, member)).collect()
}

fn routing_meaning(
    organization: OrganizationId,
    event: &routing::RoutingEvent,
) -> Result<Meaning, &'static str> {
    use routing::routing_event::Fact;

    Ok(match &event.fact {
        Some(Fact::AvailabilityChanged(changed)) => {
            let told = changed.availability.as_ref().ok_or("says no availability")?;
            let (member, availability) = personal::availability(told)?;
            Meaning::Change(organization, Change::Personal(member, availability))
        }
        Some(Fact::AwayStatesChanged(_)) => {
            Meaning::Change(organization, Change::Settings(Settings::AwayStates))
        }
        // Lists show the owner as conversation has projected it, which tells of it in turn.
        Some(Fact::OwnerChanged(_)) | None => Meaning::Nothing,
    })
}

fn notification_meaning(
    organization: Option<OrganizationId>,
    event: &notifications::NotificationEvent,
) -> Result<Meaning, &'static str> {
    use notifications::notification_event::Fact;

    let Some(organization) = organization else { return Err("names no organization") };
    let (member, told) = match &event.fact {
        Some(Fact::NotificationRaised(raised)) => {
            personal::raised(raised.notification.as_ref().ok_or("says no notification")?)?
        }
        Some(Fact::NotificationWithdrawn(withdrawn)) => personal::withdrawn(withdrawn)?,
        None => return Ok(Meaning::Nothing),
    };
    Ok(Meaning::Change(organization, Change::Personal(member, told)))
}

fn directory_meaning(
    organization: Option<OrganizationId>,
    event: &directory::DirectoryEvent,
) -> Result<Meaning, &'static str> {
    use directory::directory_event::Fact;

    let Some(organization) = organization else { return Ok(Meaning::Nothing) };
    Ok(match &event.fact {
        Some(Fact::OrganizationChanged(_)) => {
            Meaning::Change(organization, Change::Settings(Settings::Organization))
        }
        Some(Fact::ChannelConnected(_) | Fact::ChannelChanged(_)) => {
            Meaning::Change(organization, Change::Settings(Settings::Channels))
        }
        Some(Fact::MemberChanged(changed)) => Meaning::Member {
            organization,
            member: changed.member_id.parse().map_err(|_| "names no member")?,
            before: changed.session_epoch,
        },
        Some(Fact::ContactAttributesChanged(_)) => {
            Meaning::Change(organization, Change::Settings(Settings::ContactAttributes))
        }
        Some(Fact::ApplicationChanged(_) | Fact::ConnectionChanged(_)) | None => Meaning::Nothing,
    })
}

#[cfg(test)]
mod tests {
    use proto::event::v1::Metadata;

    use super::*;

    fn event(organization: &str) -> Vec<u8> {
        conversation::ConversationEvent {
            metadata: Some(Metadata {
                organization_id: organization.to_owned(),
                ..Metadata::default()
            }),
            conversation_id: ConversationId::mint().to_string(),
            ..conversation::ConversationEvent::default()
        }
        .encode_to_vec()
    }

    #[test]
    fn an_event_is_for_the_organization_of_its_subject_alone() {
        let (own, other) = (OrganizationId::mint(), OrganizationId::mint());
        let read = |subject, payload: &[u8]| read(Source::Conversation, subject, payload);
        assert!(matches!(
            read(Some(own), &event(&own.to_string())),
            Ok(Told { meaning: Meaning::Change(to, _), .. }) if to == own
        ));
        assert!(read(Some(other), &event(&own.to_string())).is_err());
        assert!(read(None, &event(&own.to_string())).is_err());
        assert!(read(Some(own), &event("")).is_err());
        assert!(read(None, &event("")).is_err());
    }

    #[test]
    fn what_cannot_be_read_is_an_error_and_not_a_panic() {
        for payload in [&b"\xff\xff\xff"[..], b"", &[0x0a, 0x7f]] {
            assert!(read(Source::Conversation, None, payload).is_err());
        }
    }
}
