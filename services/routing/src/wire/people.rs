//! Directory's members → people.

use kit_values::{EventId, OrganizationId};
use prost::Message as _;
use proto::directory::v1 as pb;

use super::{Unread, read_id};
use crate::domain::person::{Person, Roles};

/// A member as an event tells of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Read {
    /// The event's id.
    pub event: EventId,
    /// Whose.
    pub organization: OrganizationId,
    /// Who, and what they may do.
    pub person: Person,
}

/// Reads an event of stream DIRECTORY.
///
/// # Errors
/// Why it says nothing to this service.
pub fn read(payload: &[u8]) -> Result<Read, Unread> {
    use pb::directory_event::Fact;

    let event = pb::DirectoryEvent::decode(payload)
        .map_err(|_| Unread::Malformed("not a DirectoryEvent"))?;
    let metadata = event.metadata.as_ref().ok_or(Unread::Malformed("metadata"))?;
    let changed = match event.fact {
        Some(Fact::MemberChanged(changed)) => changed,
        Some(_) => return Err(Unread::Others),
        None if metadata.may_ignore => return Err(Unread::Others),
        None => return Err(Unread::Unknown),
    };
    // An event of a release before members travelled whole; they are loaded at the start.
    let member = changed.member.ok_or(Unread::Others)?;
    let organization = read_id(&metadata.organization_id, "organization_id")?;
    let person = person(&member).ok_or(Unread::Malformed("member"))?;
    if person.organization != organization {
        return Err(Unread::Malformed("organization_id"));
    }
    Ok(Read { event: read_id(&metadata.event_id, "event_id")?, organization, person })
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
        epoch: member.session_epoch,
    })
}

#[cfg(test)]
mod tests {
    use proto::event::v1::Metadata;

    use super::*;
    use crate::domain::words::MemberId;

    #[test]
    fn a_member_is_read_with_all_roles_and_only_as_their_own_organization_s() {
        let (organization, member) = (OrganizationId::mint(), MemberId::mint());
        let told = pb::Member {
            member_id: member.to_string(),
            organization_id: organization.to_string(),
            roles: vec![pb::Role::Agent.into(), pb::Role::Admin.into(), 99],
            session_epoch: 3,
            ..pb::Member::default()
        };
        let event = |organization: OrganizationId, member: Option<pb::Member>| {
            let metadata = Metadata {
                event_id: EventId::mint().to_string(),
                organization_id: organization.to_string(),
                ..Metadata::default()
            };
            let changed = pb::MemberChanged { member, ..pb::MemberChanged::default() };
            let fact = Some(pb::directory_event::Fact::MemberChanged(changed));
            pb::DirectoryEvent { metadata: Some(metadata), fact }.encode_to_vec()
        };
        let found = read(&event(organization, Some(told.clone()))).expect("readable").person;
        assert_eq!(found.roles, Roles::AGENT.and(Roles::ADMIN));
        assert!(found.roles.supervises());
        assert_eq!((found.member, found.epoch), (member, 3));
        let gone = pb::Member { deactivated: true, ..told.clone() };
        let found = read(&event(organization, Some(gone))).expect("readable").person;
        assert_eq!(found.roles, Roles::default());
        let stranger = read(&event(OrganizationId::mint(), Some(told)));
        assert_eq!(stranger, Err(Unread::Malformed("organization_id")));
        assert_eq!(read(&event(organization, None)), Err(Unread::Others));
    }
}
