//! Directory's events and lists → members and accounts.

use kit_values::{EventId, OrganizationId};
use prost::Message as _;
use proto::directory::v1::directory_event::Fact;
use proto::directory::v1::{
    Access, Channel, ContactAttributeDefinition, ContactAttributeType, ContactAttributes,
    DirectoryEvent, Member, Role,
};
use time::{Duration, OffsetDateTime};

use super::Unread;
use super::items::{clean, read_id, read_moment, read_network, unknown};
use crate::domain::access::Level;
use crate::domain::attribute::{Definition, Type};
use crate::domain::contact::Definitions;
use crate::domain::heard::{ToldAccount, ToldMember};
use crate::domain::member::Roles;
use crate::domain::view::Account;

/// The facts that this service reads; last words of their subjects.
pub const TOLD_BY_DIRECTORY: [&str; 4] =
    ["member_changed", "channel_connected", "channel_changed", "contact_attributes_changed"];

/// One fact of directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ToldByDirectory {
    /// About a member.
    Member(ToldMember),
    /// About an account.
    Account(ToldAccount),
    /// About what an organization wants to know of its contacts.
    Attributes(Definitions),
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
        Fact::OrganizationChanged(_) | Fact::ApplicationChanged(_) | Fact::ConnectionChanged(_) => {
            return Err(Unread::Ignorable);
        }
        Fact::ContactAttributesChanged(changed) => {
            let attributes = changed.attributes.as_ref().ok_or(Unread::Malformed("attributes"))?;
            ToldByDirectory::Attributes(told_attributes(attributes)?)
        }
    };
    let event = read_id(&metadata.event_id, "event_id")?;
    Ok((event, read_id(&metadata.organization_id, "organization_id")?, told))
}

fn account(channel: Option<&Channel>) -> Result<ToldByDirectory, Unread> {
    let channel = channel.ok_or(Unread::Malformed("channel"))?;
    Ok(ToldByDirectory::Account(told_account(channel)?))
}

const fn level(access: Access) -> Level {
    match access {
        Access::Unspecified => Level::Nothing,
        Access::Viewer => Level::Viewer,
        Access::Contributor => Level::Contributor,
        Access::Supervisor => Level::Supervisor,
    }
}

/// A member as of `at`; one who was deactivated is nobody.
///
/// # Errors
/// Why it is none.
pub fn told_member(member: &Member, at: OffsetDateTime) -> Result<ToldMember, Unread> {
    let mut roles = Roles::default();
    for role in member.roles().filter(|_| !member.deactivated) {
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
        version: member.version,
    })
}

/// What an organization wants to know of its contacts.
///
/// # Errors
/// Why it is not that.
pub fn told_attributes(attributes: &ContactAttributes) -> Result<Definitions, Unread> {
    let definition = |one: &ContactAttributeDefinition| {
        Ok(Definition {
            id: read_id(&one.attribute_id, "attribute_id")?,
            key: clean(&one.key),
            name: clean(&one.name),
            kind: match one.r#type() {
                ContactAttributeType::Number => Type::Number,
                ContactAttributeType::Date => Type::Date,
                ContactAttributeType::List => {
                    Type::List(one.choices.iter().map(|choice| clean(choice)).collect())
                }
                ContactAttributeType::Boolean => Type::Boolean,
                ContactAttributeType::Url => Type::Url,
                ContactAttributeType::Email => Type::Email,
                ContactAttributeType::Phone => Type::Phone,
                // Of one of a newer release no more is known than that it is words.
                ContactAttributeType::Text | ContactAttributeType::Unspecified => Type::Text,
            },
        })
    };
    Ok(Definitions {
        organization: read_id(&attributes.organization_id, "organization_id")?,
        definitions: attributes.attributes.iter().map(definition).collect::<Result<_, _>>()?,
        version: attributes.version,
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
        restricted: channel.restricted,
        access: channel
            .access
            .iter()
            .map(|entry| Ok((read_id(&entry.member_id, "member_id")?, level(entry.access()))))
            .collect::<Result<_, Unread>>()?,
        auto_resolve_days: channel.auto_resolve_days,
        reopen_window: channel.reopen_window_hours.map(|hours| Duration::hours(hours.into())),
        version: channel.version,
    })
}
