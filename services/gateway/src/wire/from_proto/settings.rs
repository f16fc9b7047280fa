//! Settings and people, as JSON shows them.

use kit_values::Fault;
use proto::audit::v1 as audit;
use proto::directory::v1 as directory;
use serde_json::Value;

use super::{filled, moment, network, unknown};
use crate::wire::names::Names;
use crate::wire::rest;

/// An organization's contact attributes.
///
/// # Errors
/// Internal for a type of a later version.
pub fn attributes(list: directory::ContactAttributes) -> Result<rest::ContactAttributes, Fault> {
    let attribute = |attribute: directory::ContactAttributeDefinition| {
        Ok(rest::ContactAttribute {
            r#type: attribute_type(attribute.r#type())?,
            attribute_id: attribute.attribute_id,
            name: attribute.name,
            choices: attribute.choices,
            shown: attribute.shown,
            position: attribute.position,
            rev: attribute.version,
        })
    };
    Ok(rest::ContactAttributes {
        attributes: list.attributes.into_iter().map(attribute).collect::<Result<_, Fault>>()?,
        rev: list.version,
    })
}

fn attribute_type(code: directory::ContactAttributeType) -> Result<rest::AttributeType, Fault> {
    use directory::ContactAttributeType as Code;

    Ok(match code {
        Code::Text => rest::AttributeType::Text,
        Code::Number => rest::AttributeType::Number,
        Code::Date => rest::AttributeType::Date,
        Code::List => rest::AttributeType::List,
        Code::Boolean => rest::AttributeType::Boolean,
        Code::Url => rest::AttributeType::Url,
        Code::Email => rest::AttributeType::Email,
        Code::Phone => rest::AttributeType::Phone,
        Code::Unspecified => return Err(unknown("attribute type")),
    })
}

/// A type, the other way.
#[must_use]
pub const fn attribute_type_wanted(of: rest::AttributeType) -> directory::ContactAttributeType {
    use directory::ContactAttributeType as Code;

    match of {
        rest::AttributeType::Text => Code::Text,
        rest::AttributeType::Number => Code::Number,
        rest::AttributeType::Date => Code::Date,
        rest::AttributeType::List => Code::List,
        rest::AttributeType::Boolean => Code::Boolean,
        rest::AttributeType::Url => Code::Url,
        rest::AttributeType::Email => Code::Email,
        rest::AttributeType::Phone => Code::Phone,
    }
}

/// An account, as it is set, and what the member who asks may do with it.
///
/// # Errors
/// Internal for a code of a later version.
pub fn managed_channel(
    channel: directory::Channel,
    my_access: Option<rest::Access>,
) -> Result<rest::ManagedChannel, Fault> {
    Ok(rest::ManagedChannel {
        network: network(channel.network())?,
        health: match channel.health() {
            directory::ChannelHealth::Unspecified | directory::ChannelHealth::Connected => {
                rest::ChannelHealth::Connected
            }
            directory::ChannelHealth::Disconnected => rest::ChannelHealth::Disconnected,
        },
        channel_id: channel.channel_id,
        handle: channel.handle,
        display_name: channel.display_name,
        last_checked_at: moment(channel.health_checked_at)?,
        simulated: channel.simulated,
        tier: channel.tier,
        restricted: channel.restricted,
        auto_resolve_days: channel.auto_resolve_days,
        reopen_window_hours: channel.reopen_window_hours,
        my_access,
        rev: channel.version,
    })
}

/// Who may do what with an account.
///
/// # Errors
/// Internal for a code of a later version.
pub fn channel_access(channel: directory::Channel) -> Result<rest::ChannelAccess, Fault> {
    let entry = |entry: directory::ChannelAccess| {
        let access = access(entry.access()).ok_or_else(|| unknown("access"))?;
        Ok(rest::AccessEntry { access, member_id: entry.member_id })
    };
    Ok(rest::ChannelAccess {
        entries: channel.access.into_iter().map(entry).collect::<Result<_, Fault>>()?,
        rev: channel.version,
    })
}

/// What a member may do; none for nothing.
#[must_use]
pub const fn access(code: directory::Access) -> Option<rest::Access> {
    match code {
        directory::Access::Viewer => Some(rest::Access::Viewer),
        directory::Access::Contributor => Some(rest::Access::Contributor),
        directory::Access::Supervisor => Some(rest::Access::Supervisor),
        directory::Access::Unspecified => None,
    }
}

/// Entries, the other way.
#[must_use]
pub fn entries_wanted(entries: Vec<rest::AccessEntry>) -> Vec<directory::ChannelAccess> {
    let entry = |entry: rest::AccessEntry| directory::ChannelAccess {
        member_id: entry.member_id,
        access: match entry.access {
            rest::Access::Viewer => directory::Access::Viewer,
            rest::Access::Contributor => directory::Access::Contributor,
            rest::Access::Supervisor => directory::Access::Supervisor,
        }
        .into(),
    };
    entries.into_iter().map(entry).collect()
}

/// A member, as administrators see them.
///
/// # Errors
/// Internal for a role of a later version.
pub fn managed_member(member: directory::Member) -> Result<rest::ManagedMember, Fault> {
    Ok(rest::ManagedMember {
        roles: super::roles(&member)?,
        member_id: member.member_id,
        login: member.login,
        display_name: member.display_name,
        active: !member.deactivated,
        rev: member.version,
    })
}

/// Roles, the other way.
#[must_use]
pub fn roles_wanted(roles: &[rest::Role]) -> Vec<i32> {
    let code = |role: &rest::Role| match role {
        rest::Role::Agent => directory::Role::Agent.into(),
        rest::Role::Supervisor => directory::Role::Supervisor.into(),
        rest::Role::Admin => directory::Role::Admin.into(),
    };
    roles.iter().map(code).collect()
}

/// An open invitation.
///
/// # Errors
/// Internal for a role of a later version.
pub fn invitation(invitation: directory::Invitation) -> Result<rest::Invitation, Fault> {
    let roles = directory::Member { roles: invitation.roles, ..directory::Member::default() };
    Ok(rest::Invitation {
        roles: super::roles(&roles)?,
        invitation_id: invitation.invitation_id,
        login: invitation.login,
        display_name: invitation.display_name,
        invited_by: invitation.member_id,
        created_at: moment(invitation.created_at)?,
        expires_at: moment(invitation.expires_at)?,
    })
}

/// A moment, as JSON shows it.
///
/// # Errors
/// Internal when it is out of range.
pub fn at(at: Option<prost_types::Timestamp>) -> Result<Option<String>, Fault> {
    moment(at)
}

/// One administrative act that `source` kept.
///
/// # Errors
/// Internal for a moment out of range.
pub fn audit_entry(
    source: &str,
    entry: audit::Entry,
    names: &Names,
) -> Result<rest::AuditEntry, Fault> {
    let name = filled(names.name(&entry.member_id));
    Ok(rest::AuditEntry {
        source: source.to_owned(),
        number: entry.number,
        at: moment(entry.at)?,
        member_id: filled(entry.member_id),
        name,
        service: entry.service,
        act: entry.act,
        subject: entry.subject,
        // What is no object is shown as nothing: the record itself stays as it is.
        detail: serde_json::from_str(&entry.detail).unwrap_or(Value::Null),
    })
}
