//! Who may see what, read from what the directory says of members and accounts.

use kit_values::Fault;
use proto::directory::v1 as directory;

use super::rest;
use crate::domain::access::{Access, Door, Rights, Standing};

/// A member, as far as rights are concerned.
#[must_use]
pub fn standing(member: &directory::Member) -> Standing {
    let supervises = member
        .roles()
        .any(|role| matches!(role, directory::Role::Supervisor | directory::Role::Admin));
    // Whose only role is one of a later version is nobody yet, here as everywhere.
    let somebody = member.roles().any(|role| role != directory::Role::Unspecified);
    Standing { active: !member.deactivated && somebody, supervises }
}

/// Who comes in by an account.
///
/// # Errors
/// Internal when an entry names no member.
pub fn door(channel: &directory::Channel) -> Result<Door, Fault> {
    let entries = channel.access.iter().filter_map(|entry| {
        let access = match entry.access() {
            directory::Access::Viewer => Access::Viewer,
            directory::Access::Contributor => Access::Contributor,
            directory::Access::Supervisor => Access::Supervisor,
            // Of a later version: less than anything known.
            directory::Access::Unspecified => return None,
        };
        Some(entry.member_id.parse().map(|member| (member, access)).map_err(Fault::internal))
    });
    Ok(Door { restricted: channel.restricted, entries: entries.collect::<Result<_, _>>()? })
}

/// What the members of one organization may see.
///
/// # Errors
/// Internal when something has no id.
pub fn rights(
    members: &[directory::Member],
    channels: &[directory::Channel],
) -> Result<Rights, Fault> {
    let members = members
        .iter()
        .map(|member| Ok((member.member_id.parse().map_err(Fault::internal)?, standing(member))));
    let doors = channels
        .iter()
        .map(|channel| Ok((channel.channel_id.parse().map_err(Fault::internal)?, door(channel)?)));
    Ok(Rights::new(members.collect::<Result<_, Fault>>()?, doors.collect::<Result<_, Fault>>()?))
}

/// What a member may do, as JSON shows it.
#[must_use]
pub const fn shown(access: Access) -> rest::Access {
    match access {
        Access::Viewer => rest::Access::Viewer,
        Access::Contributor => rest::Access::Contributor,
        Access::Supervisor => rest::Access::Supervisor,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use kit_values::OrganizationId;
    use serde_json::Value;

    use super::*;
    use crate::domain::access::access;
    use crate::domain::{ChannelId, MemberId};

    fn level(word: &Value) -> Option<directory::Access> {
        match word.as_str() {
            Some("viewer") => Some(directory::Access::Viewer),
            Some("contributor") => Some(directory::Access::Contributor),
            Some("supervisor") => Some(directory::Access::Supervisor),
            _ => None,
        }
    }

    fn wire(access: Access) -> directory::Access {
        match access {
            Access::Viewer => directory::Access::Viewer,
            Access::Contributor => directory::Access::Contributor,
            Access::Supervisor => directory::Access::Supervisor,
        }
    }

    /// The table that every service that keeps the rule is checked against.
    #[test]
    fn the_rule_of_access_is_that_of_every_service() {
        let table = include_str!("../../../../tests/vectors/access.json");
        let table: Value = serde_json::from_str(table).expect("is JSON");
        let cases = table["cases"].as_array().expect("a list");
        assert!(cases.len() > 20);
        for case in cases {
            let member = MemberId::mint();
            let roles = case["roles"].as_array().expect("a list").iter();
            let roles = roles.map(|role| match role.as_str() {
                Some("agent") => directory::Role::Agent.into(),
                Some("supervisor") => directory::Role::Supervisor.into(),
                _ => directory::Role::Admin.into(),
            });
            let who = directory::Member {
                member_id: member.to_string(),
                organization_id: OrganizationId::mint().to_string(),
                roles: roles.collect(),
                deactivated: case["active"] == false,
                ..directory::Member::default()
            };
            let (mut of, mut channels) = (BTreeSet::new(), Vec::new());
            for channel in case["channels"].as_array().expect("a list") {
                let id = ChannelId::mint();
                of.insert(id);
                if channel["unknown"] == true {
                    continue;
                }
                let entry = level(&channel["entry"]).map(|level| directory::ChannelAccess {
                    member_id: member.to_string(),
                    access: level.into(),
                });
                channels.push(directory::Channel {
                    channel_id: id.to_string(),
                    restricted: channel["restricted"] == true,
                    access: entry.into_iter().collect(),
                    ..directory::Channel::default()
                });
            }
            let expected = level(&case["level"]);
            let sight = rights(std::slice::from_ref(&who), &channels).expect("read").sight(member);
            assert_eq!(sight.sees(&of), expected.is_some(), "{case}");
            // How far, the gateway asks of one account.
            if let ([channel], 1) = (channels.as_slice(), of.len()) {
                let found = access(member, standing(&who), &door(channel).expect("a door"));
                assert_eq!(found.map(wire), expected, "{case}");
            }
        }
    }
}
