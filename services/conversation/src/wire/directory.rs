//! Directory's events and lists → members and accounts.

use kit_values::{EventId, OrganizationId};
use prost::Message as _;
use proto::directory::v1::directory_event::Fact;
use proto::directory::v1::{Channel, DirectoryEvent, Member, Role};
use time::OffsetDateTime;

use super::Unread;
use super::items::{clean, read_id, read_moment, read_network, unknown};
use crate::domain::heard::{ToldAccount, ToldMember};
use crate::domain::member::Roles;
use crate::domain::view::Account;

/// The facts that this service reads; last words of their subjects.
pub const TOLD_BY_DIRECTORY: [&str; 3] = ["member_changed", "channel_connected", "channel_changed"];

/// One fact of directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ToldByDirectory {
    /// About a member.
    Member(ToldMember),
    /// About an account.
    Account(ToldAccount),
}

/// Reads an event of stream DIRECTORY.
///
/// # Errors
/// Why it cannot be applied, or that it is not ours.
pub fn read_directory(
    payload: &[u8],
) -> Result<(EventId, OrganizationId, ToldByDirectory), Unread> {
    let event = DirectoryEvent::decode(payload).map_err(|_| Unread::Malformed("encoding"))?;
    let metadata = event.metadata.as_ref().ok_or(Unread::Malformed("metadata"))?;
    let at = read_moment(metadata.occurred_at.as_ref(), "occurred_at")?;
    let told = match event.fact.as_ref().ok_or_else(|| unknown(metadata))? {
        Fact::MemberChanged(changed) => {
            // Of before members were told of completely: the list at start says more.
            let member = changed.member.as_ref().ok_or(Unread::Ignorable)?;
            ToldByDirectory::Member(told_member(member, at)?)
        }
        Fact::ChannelConnected(connected) => account(connected.channel.as_ref())?,
        Fact::ChannelChanged(changed) => account(changed.channel.as_ref())?,
        Fact::OrganizationChanged(_) | Fact::ApplicationChanged(_) => {
            return Err(Unread::Ignorable);
        }
    };
    let event = read_id(&metadata.event_id, "event_id")?;
    Ok((event, read_id(&metadata.organization_id, "organization_id")?, told))
}

fn account(channel: Option<&Channel>) -> Result<ToldByDirectory, Unread> {
    let channel = channel.ok_or(Unread::Malformed("channel"))?;
    Ok(ToldByDirectory::Account(told_account(channel)?))
}

/// A member as of `at`.
///
/// # Errors
/// Why it is none.
pub fn told_member(member: &Member, at: OffsetDateTime) -> Result<ToldMember, Unread> {
    let mut roles = Roles::default();
    for role in member.roles() {
        match role {
            Role::Agent => roles.agent = true,
            Role::Supervisor => roles.supervisor = true,
            Role::Admin => roles.admin = true,
            Role::Unspecified => {}
        }
    }
    Ok(ToldMember {
        organization: read_id(&member.organization_id, "organization_id")?,
        member: read_id(&member.member_id, "member_id")?,
        roles,
        as_of: at,
    })
}

/// An account.
///
/// # Errors
/// Why it is none.
pub fn told_account(channel: &Channel) -> Result<ToldAccount, Unread> {
    Ok(ToldAccount {
        organization: read_id(&channel.organization_id, "organization_id")?,
        account: Account {
            channel: read_id(&channel.channel_id, "channel_id")?,
            network: read_network(channel.network)?,
            account_id: clean(&channel.account_id),
            tier: clean(&channel.tier),
            scopes: channel.scopes.iter().map(|scope| clean(scope)).collect(),
        },
        version: channel.version,
    })
}
