//! People between the domain and protobuf.

use kit_values::{Fault, OrganizationId};
use proto::directory::v1 as pb;

use super::requests::{missing, role};
use super::{role_code, timestamp};
use crate::domain::invitation::Invitation;
use crate::domain::member::{self, Member, Role};
use crate::domain::organization::{self, Organization};
use crate::domain::{InvitationId, MemberId};

/// What of a member is to change.
///
/// # Errors
/// Invalid, naming the field.
pub fn change(asked: &pb::ChangeMemberRequest) -> Result<member::Change, Fault> {
    Ok(member::Change {
        display_name: asked.display_name.clone(),
        roles: asked.roles().map(role).collect::<Result<_, _>>()?,
        active: asked.active,
    })
}

/// Who is invited; the member that they become has the invitation's number.
///
/// # Errors
/// Invalid, naming the field.
pub fn invited(
    organization: OrganizationId,
    id: InvitationId,
    asked: &pb::InviteRequest,
) -> Result<Member, Fault> {
    let roles = asked.roles().map(role).collect::<Result<Vec<_>, _>>()?;
    let id = MemberId::from_uuid(id.uuid());
    member::describe(id, organization, &asked.login, &asked.display_name, &roles)
}

/// An invitation as others see it.
#[must_use]
pub fn invitation(invitation: &Invitation) -> pb::Invitation {
    let invited = &invitation.invited;
    pb::Invitation {
        invitation_id: invitation.id.to_string(),
        login: invited.login.as_str().to_owned(),
        display_name: invited.display_name.clone(),
        roles: invited.roles.iter().map(|role| role_code(*role).into()).collect(),
        created_at: Some(timestamp(invitation.created_at)),
        expires_at: Some(timestamp(invitation.expires_at)),
        member_id: invitation.by.to_string(),
    }
}

/// The first organization of an installation and its first member, who administers and answers.
///
/// # Errors
/// Invalid, naming the field.
pub fn welcome(
    id: OrganizationId,
    member: MemberId,
    asked: &pb::CompleteWelcomeRequest,
) -> Result<(Organization, Member), Fault> {
    let named = asked.organization.as_ref().ok_or_else(|| missing("organization"))?;
    let organization = organization::describe(id, &named.name, &named.language, &named.time_zone)?;
    let roles = [Role::Admin, Role::Agent];
    let member = member::describe(member, id, &asked.login, &asked.display_name, &roles)?;
    Ok((organization, member))
}
