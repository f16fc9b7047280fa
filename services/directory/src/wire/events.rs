//! What others are told, on stream DIRECTORY.

use kit_values::{EventId, OrganizationId};
use prost::Message as _;
use proto::directory::v1 as pb;
use proto::directory::v1::directory_event::Fact as FactMessage;
use proto::event::v1::Metadata;
use time::OffsetDateTime;

use super::settings::{attributes, connection};
use super::{application, channel, member, organization, timestamp};
use crate::domain::application::Application;
use crate::domain::attribute::Attributes;
use crate::domain::channel::Channel;
use crate::domain::connection::Connection;
use crate::domain::member::Member;
use crate::domain::organization::Organization;

/// One fact.
#[derive(Debug, Clone)]
pub enum Fact {
    /// An organization was created or its settings changed.
    OrganizationChanged(Organization),
    /// A member was added, or their older sessions became void.
    MemberChanged(Member),
    /// An application was registered, or its secrets or settings changed.
    ApplicationChanged(Application),
    /// An account was connected.
    ChannelConnected(Channel),
    /// An account was connected anew, or its settings changed.
    ChannelChanged(Channel),
    /// What can be known of contacts changed: the complete list.
    ContactAttributesChanged(OrganizationId, Attributes),
    /// An account that is on no social network was connected or removed.
    ConnectionChanged(Connection),
}

impl Fact {
    /// Last part of the subject.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::OrganizationChanged(_) => "organization_changed",
            Self::MemberChanged(_) => "member_changed",
            Self::ApplicationChanged(_) => "application_changed",
            Self::ChannelConnected(_) => "channel_connected",
            Self::ChannelChanged(_) => "channel_changed",
            Self::ContactAttributesChanged(..) => "contact_attributes_changed",
            Self::ConnectionChanged(_) => "connection_changed",
        }
    }

    /// The event's bytes.
    #[must_use]
    pub fn encode(
        &self,
        event: EventId,
        organization_id: Option<OrganizationId>,
        now: OffsetDateTime,
    ) -> Vec<u8> {
        let (aggregate_id, aggregate_version, fact) = match self {
            Self::OrganizationChanged(it) => (
                it.id.to_string(),
                0,
                FactMessage::OrganizationChanged(pb::OrganizationChanged {
                    organization: Some(organization(it)),
                }),
            ),
            Self::MemberChanged(it) => (
                it.id.to_string(),
                it.session_epoch,
                FactMessage::MemberChanged(pb::MemberChanged {
                    member_id: it.id.to_string(),
                    session_epoch: it.session_epoch,
                    member: Some(member(it)),
                }),
            ),
            Self::ApplicationChanged(it) => (
                it.id.to_string(),
                it.version,
                FactMessage::ApplicationChanged(pb::ApplicationChanged {
                    application: Some(application(it)),
                }),
            ),
            Self::ChannelConnected(it) => (
                it.id.to_string(),
                it.version,
                FactMessage::ChannelConnected(pb::ChannelConnected { channel: Some(channel(it)) }),
            ),
            Self::ChannelChanged(it) => (
                it.id.to_string(),
                it.version,
                FactMessage::ChannelChanged(pb::ChannelChanged { channel: Some(channel(it)) }),
            ),
            Self::ContactAttributesChanged(organization, it) => (
                organization.to_string(),
                it.version,
                FactMessage::ContactAttributesChanged(pb::ContactAttributesChanged {
                    attributes: Some(attributes(*organization, it)),
                }),
            ),
            Self::ConnectionChanged(it) => (
                it.organization.to_string(),
                it.version,
                FactMessage::ConnectionChanged(pb::ConnectionChanged {
                    connection: Some(connection(it)),
                }),
            ),
        };
        let metadata = Metadata {
            event_id: event.to_string(),
            organization_id: organization_id.map(|id| id.to_string()).unwrap_or_default(),
            aggregate_id,
            aggregate_version,
            occurred_at: Some(timestamp(now)),
            causation_id: String::new(),
            correlation_id: String::new(),
            may_ignore: false,
        };
        pb::DirectoryEvent { metadata: Some(metadata), fact: Some(fact) }.encode_to_vec()
    }
}
