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
    Standing { active: !member.deactivated, supervises }
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
