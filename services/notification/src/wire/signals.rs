//! Events of conversation, routing, delivery and directory → signals.

use std::collections::BTreeMap;

use kit_values::{EventId, OrganizationId};
use prost::Message as _;
use proto::conversation::v1 as conversation;
use proto::conversation::v1::conversation_event::Fact as ConversationFact;
use proto::delivery::v1 as delivery;
use proto::delivery::v1::delivery_event::Fact as DeliveryFact;
use proto::directory::v1 as directory;
use proto::directory::v1::directory_event::Fact as DirectoryFact;
use proto::event::v1::Metadata;
use proto::routing::v1 as routing;
use proto::routing::v1::routing_event::Fact as RoutingFact;
use time::{Duration, OffsetDateTime};

use crate::domain::{Availability, Channel, Heeded, MemberId, Owned, Person, Signal, Standing};

/// A signal and what travels with it.
#[derive(Debug, Clone)]
pub struct Envelope {
    /// The event's id.
    pub event: EventId,
    /// Whose it is.
    pub organization: OrganizationId,
    /// When it happened.
    pub at: OffsetDateTime,
    /// What it says.
    pub what: Heeded,
}

/// Why an event says nothing to this service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unread {
    /// No release could read it; says which field.
    Malformed(&'static str),
    /// Nothing for this service.
    Others,
}

/// Reads an event; `producer` is that of its subject.
///
/// # Errors
/// Why it says nothing.
pub fn read(producer: &str, payload: &[u8]) -> Result<Envelope, Unread> {
    match producer {
        "conversation" => conversation_event(payload),
        "routing" => routing_event(payload),
        "delivery" => delivery_event(payload),
        "directory" => directory_event(payload),
        _ => Err(Unread::Others),
    }
}

fn conversation_event(payload: &[u8]) -> Result<Envelope, Unread> {
    let event = conversation::ConversationEvent::decode(payload)
        .map_err(|_| Unread::Malformed("encoding"))?;
    // What a release wrote that told no standing yet.
    let standing = event.standing.as_ref().ok_or(Unread::Others)?;
    let wrote = matches!(
        &event.fact,
        Some(ConversationFact::MessageStored(stored))
            if stored.direction() == conversation::Direction::Inbound
    );
    let moved = matches!(
        &event.fact,
        Some(ConversationFact::StateChanged(_) | ConversationFact::ConversationAbsorbed(_))
    );
    let signal = Signal::Standing(Standing {
        rev: event.rev,
        waits: standing.state() == conversation::State::New && standing.absorbed_into.is_empty(),
        wrote,
        moved,
    });
    let id = parse(&event.conversation_id, "conversation_id")?;
    envelope(event.metadata.as_ref(), Heeded::Conversation(id, signal))
}

fn routing_event(payload: &[u8]) -> Result<Envelope, Unread> {
    let event =
        routing::RoutingEvent::decode(payload).map_err(|_| Unread::Malformed("encoding"))?;
    let what = match &event.fact {
        Some(RoutingFact::OwnerChanged(changed)) => {
            let owner = member(&changed.owner_member_id)?;
            let is_own_deed = owner.is_some() && member(&changed.by_member_id)? == owner;
            let signal = Signal::Owned(Owned {
                owner,
                epoch: changed.epoch,
                // The planner names nobody; a take and one's own reply name the owner.
                handed: owner.is_some()
                    && !is_own_deed
                    && matches!(changed.reason.as_str(), "assigned" | "assigned_by_hand"),
            });
            let conversation = parse(&changed.conversation_id, "conversation_id")?;
            Heeded::Conversation(conversation, signal)
        }
        Some(RoutingFact::AvailabilityChanged(changed)) => {
            let changed = changed.availability.as_ref().ok_or(Unread::Malformed("availability"))?;
            Heeded::Availability(Availability {
                member: parse(&changed.member_id, "member_id")?,
                away: changed.availability() == routing::Availability::Away,
                epoch: changed.epoch,
            })
        }
        _ => return Err(Unread::Others),
    };
    envelope(event.metadata.as_ref(), what)
}

fn delivery_event(payload: &[u8]) -> Result<Envelope, Unread> {
    let event =
        delivery::DeliveryEvent::decode(payload).map_err(|_| Unread::Malformed("encoding"))?;
    let Some(DeliveryFact::SendSettled(settled)) = &event.fact else { return Err(Unread::Others) };
    // What a release wrote that named no conversation yet says nothing.
    if settled.outcome() != delivery::Outcome::Failed || settled.conversation_id.is_empty() {
        return Err(Unread::Others);
    }
    let conversation = parse(&settled.conversation_id, "conversation_id")?;
    envelope(event.metadata.as_ref(), Heeded::Conversation(conversation, Signal::ReplyFailed))
}

fn directory_event(payload: &[u8]) -> Result<Envelope, Unread> {
    let event =
        directory::DirectoryEvent::decode(payload).map_err(|_| Unread::Malformed("encoding"))?;
    let channel = match &event.fact {
        Some(DirectoryFact::ChannelConnected(connected)) => connected.channel.as_ref(),
        Some(DirectoryFact::ChannelChanged(changed)) => changed.channel.as_ref(),
        Some(DirectoryFact::MemberChanged(changed)) => {
            // What a release wrote that told nothing but the end of sessions.
            let told = changed.member.as_ref().ok_or(Unread::Others)?;
            let (_, person) = person(told)?;
            return envelope(event.metadata.as_ref(), Heeded::Person(person));
        }
        Some(DirectoryFact::OrganizationChanged(changed)) => {
            let told = changed.organization.as_ref().ok_or(Unread::Malformed("organization"))?;
            let language = Heeded::Language(told.language.clone());
            return envelope(event.metadata.as_ref(), language);
        }
        _ => return Err(Unread::Others),
    };
    let channel = channel.ok_or(Unread::Malformed("channel"))?;
    let checked_at = channel.health_checked_at.as_ref().or(channel.connected_at.as_ref());
    let checked_at = checked_at.map_or(Ok(OffsetDateTime::UNIX_EPOCH), |at| moment(at, "at"))?;
    let channel = Channel {
        id: parse(&channel.channel_id, "channel_id")?,
        name: channel.display_name.clone(),
        unhealthy: channel.health() == directory::ChannelHealth::Disconnected,
        checked_at,
        version: channel.version,
    };
    envelope(event.metadata.as_ref(), Heeded::Channel(channel))
}

fn person(told: &directory::Member) -> Result<(OrganizationId, Person), Unread> {
    let person = Person {
        id: parse(&told.member_id, "member_id")?,
        login: told.login.clone(),
        name: told.display_name.clone(),
        is_admin: told.roles().any(|role| role == directory::Role::Admin),
        is_active: !told.deactivated,
        version: told.version,
        session_epoch: told.session_epoch,
    };
    Ok((parse(&told.organization_id, "organization_id")?, person))
}

/// Those of a page of members that can be read.
#[must_use]
pub fn people(told: &[directory::Member]) -> Vec<(OrganizationId, Person)> {
    told.iter().filter_map(|member| person(member).ok()).collect()
}

/// In which languages organizations' mails are written, of those that can be read.
#[must_use]
pub fn languages(told: &[directory::Organization]) -> BTreeMap<OrganizationId, String> {
    let one = |it: &directory::Organization| {
        Some((it.organization_id.parse().ok()?, it.language.clone()))
    };
    told.iter().filter_map(one).collect()
}

fn moment(at: &prost_types::Timestamp, field: &'static str) -> Result<OffsetDateTime, Unread> {
    OffsetDateTime::from_unix_timestamp(at.seconds)
        .map(|moment| moment + Duration::nanoseconds(at.nanos.into()))
        .map_err(|_| Unread::Malformed(field))
}

fn envelope(metadata: Option<&Metadata>, what: Heeded) -> Result<Envelope, Unread> {
    let metadata = metadata.ok_or(Unread::Malformed("metadata"))?;
    let at = metadata.occurred_at.as_ref().ok_or(Unread::Malformed("occurred_at"))?;
    let at = moment(at, "occurred_at")?;
    Ok(Envelope {
        event: parse(&metadata.event_id, "event_id")?,
        organization: parse(&metadata.organization_id, "organization_id")?,
        at,
        what,
    })
}

fn member(text: &str) -> Result<Option<MemberId>, Unread> {
    if text.is_empty() { Ok(None) } else { parse(text, "member_id").map(Some) }
}

fn parse<T: std::str::FromStr>(text: &str, field: &'static str) -> Result<T, Unread> {
    text.parse().map_err(|_| Unread::Malformed(field))
}
