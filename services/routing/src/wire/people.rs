//! Directory's events → people and channels.

use kit_values::{EventId, OrganizationId};
use prost::Message as _;
use proto::directory::v1 as pb;

use super::channels::channel;
use super::{Unread, read_id};
use crate::domain::access::ToldChannel;
use crate::domain::person::{Person, Roles};

/// What an event tells of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// A member, and what they may do.
    Person(Person),
    /// A channel, and who may answer there.
    Channel(ToldChannel),
}

/// A fact and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// The event's id.
    pub event: EventId,
    /// Whose.
    pub organization: OrganizationId,
    /// What it tells.
    pub fact: Fact,
}

/// Reads an event of stream DIRECTORY.
///
/// # Errors
/// Why it says nothing to this service.
pub fn read(payload: &[u8]) -> Result<Read, Unread> {
    use pb::directory_event::Fact as Told;

    let event = pb::DirectoryEvent::decode(payload)
        .map_err(|_| Unread::Malformed("not a DirectoryEvent"))?;
    let metadata = event.metadata.as_ref().ok_or(Unread::Malformed("metadata"))?;
    let read_channel = |told: Option<pb::Channel>| {
        let channel = channel(told.as_ref().ok_or(Unread::Malformed("channel"))?);
        Ok(Fact::Channel(channel.ok_or(Unread::Malformed("channel"))?))
    };
    let fact = match event.fact {
        Some(Told::MemberChanged(changed)) => {
            // An event of a release before members travelled whole; they are loaded at the start.
            let member = changed.member.ok_or(Unread::Others)?;
            Fact::Person(person(&member).ok_or(Unread::Malformed("member"))?)
        }
        Some(Told::ChannelConnected(connected)) => read_channel(connected.channel)?,
        Some(Told::ChannelChanged(changed)) => read_channel(changed.channel)?,
        Some(_) => return Err(Unread::Others),
        None if metadata.may_ignore => return Err(Unread::Others),
        None => return Err(Unread::Unknown),
    };
    let organization = read_id(&metadata.organization_id, "organization_id")?;
    let told_of = match &fact {
        Fact::Person(person) => person.organization,
        Fact::Channel(channel) => channel.organization,
    };
    if told_of != organization {
        return Err(Unread::Malformed("organization_id"));
    }
    Ok(Read { event: read_id(&metadata.event_id, "event_id")?, organization, fact })
}

/// A member; `None` when their ids are none.
#[must_use]
pub fn person(member: &pb::Member) -> Option<Person> {
    // Whoever is deactivated may nothing any more, and nothing is handed to them.
    let told = member.roles().filter(|_| !member.deactivated);
    let roles = told.fold(Roles::default(), |roles, role| {
        roles.and(match role {
            pb::Role::Agent => Roles::AGENT,
            pb::Role::Supervisor => Roles::SUPERVISOR,
            pb::Role::Admin => Roles::ADMIN,
            pb::Role::Unspecified => Roles::default(),
        })
    });
    Some(Person {
        organization: member.organization_id.parse().ok()?,
        member: member.member_id.parse().ok()?,
        roles,
        version: member.version,
        epoch: member.session_epoch,
    })
}

#[cfg(test)]
mod tests {
    use proto::event::v1::Metadata;

    use super::*;
    use crate::domain::words::MemberId;

    fn event(organization: OrganizationId, fact: pb::directory_event::Fact) -> Vec<u8> {
        let metadata = Metadata {
            event_id: EventId::mint().to_string(),
            organization_id: organization.to_string(),
            ..Metadata::default()
        };
        pb::DirectoryEvent { metadata: Some(metadata), fact: Some(fact) }.encode_to_vec()
    }

    #[test]
    fn a_member_is_read_with_all_roles_and_only_as_their_own_organization_s() {
        let (organization, member) = (OrganizationId::mint(), MemberId::mint());
        let told = pb::Member {
            member_id: member.to_string(),
            organization_id: organization.to_string(),
            roles: vec![pb::Role::Agent.into(), pb::Role::Admin.into(), 99],
            session_epoch: 3,
            version: 2,
            ..pb::Member::default()
        };
        let event = |organization: OrganizationId, member: Option<pb::Member>| {
            let changed = pb::MemberChanged { member, ..pb::MemberChanged::default() };
            event(organization, pb::directory_event::Fact::MemberChanged(changed))
        };
        let person = |payload: &[u8]| match read(payload).expect("readable").fact {
            Fact::Person(person) => person,
            Fact::Channel(channel) => panic!("{channel:?}"),
        };
        let found = person(&event(organization, Some(told.clone())));
        assert_eq!(found.roles, Roles::AGENT.and(Roles::ADMIN));
        assert!(found.roles.supervises());
        assert_eq!((found.member, found.version, found.epoch), (member, 2, 3));
        let gone = pb::Member { deactivated: true, ..told.clone() };
        let found = person(&event(organization, Some(gone)));
        assert_eq!(found.roles, Roles::default());
        let stranger = read(&event(OrganizationId::mint(), Some(told)));
        assert_eq!(stranger, Err(Unread::Malformed("organization_id")));
        assert_eq!(read(&event(organization, None)), Err(Unread::Others));
    }

    #[test]
    fn a_channel_is_read_from_both_of_its_facts_and_only_as_its_own_organization_s() {
        let organization = OrganizationId::mint();
        let channel = Some(pb::Channel {
            channel_id: crate::domain::words::ChannelId::mint().to_string(),
            organization_id: organization.to_string(),
            version: 3,
            restricted: true,
            ..pb::Channel::default()
        });
        let told = |channel: &Option<pb::Channel>| {
            let channel = channel.clone();
            [
                pb::directory_event::Fact::ChannelConnected(pb::ChannelConnected {
                    channel: channel.clone(),
                }),
                pb::directory_event::Fact::ChannelChanged(pb::ChannelChanged { channel }),
            ]
        };
        for fact in told(&channel) {
            let found = read(&event(organization, fact)).expect("readable").fact;
            assert!(matches!(found, Fact::Channel(one) if one.version == 3 && one.restricted));
        }
        for fact in told(&channel) {
            let stranger = read(&event(OrganizationId::mint(), fact));
            assert_eq!(stranger, Err(Unread::Malformed("organization_id")));
        }
        for fact in told(&None) {
            assert_eq!(read(&event(organization, fact)), Err(Unread::Malformed("channel")));
        }
    }
}
