//! Between the domain and protobuf.

mod events;
pub mod people;
pub mod requests;
pub mod secrets;
pub mod settings;

pub use events::Fact;

use proto::directory::v1 as pb;
use proto::network::v1 as network_pb;
use time::OffsetDateTime;

use crate::domain::Network;
use crate::domain::application::Application;
use crate::domain::channel::Channel;
use crate::domain::member::{Member, Role};
use crate::domain::organization::Organization;

/// The organization as others see it.
#[must_use]
pub fn organization(organization: &Organization) -> pb::Organization {
    pb::Organization {
        organization_id: organization.id.to_string(),
        name: organization.name.clone(),
        language: organization.language.clone(),
        time_zone: organization.time_zone.clone(),
    }
}

/// The member as others see them.
#[must_use]
pub fn member(member: &Member) -> pb::Member {
    pb::Member {
        member_id: member.id.to_string(),
        organization_id: member.organization.to_string(),
        login: member.login.as_str().to_owned(),
        display_name: member.display_name.clone(),
        roles: member.roles.iter().map(|role| role_code(*role).into()).collect(),
        session_epoch: member.session_epoch,
        deactivated: member.deactivated,
        version: member.version,
    }
}

/// The application as others see it, without its secrets.
#[must_use]
pub fn application(application: &Application) -> pb::Application {
    pb::Application {
        application_id: application.id.to_string(),
        network: network_code(application.network).into(),
        name: application.name.clone(),
        organization_id: application.organization.map(|id| id.to_string()).unwrap_or_default(),
        simulated: application.simulated,
        version: application.version,
        permalink_base: application.permalink_base.clone(),
    }
}

/// The channel as others see it, without its token.
#[must_use]
pub fn channel(channel: &Channel) -> pb::Channel {
    pb::Channel {
        channel_id: channel.id.to_string(),
        organization_id: channel.organization.to_string(),
        application_id: channel.application.to_string(),
        network: network_code(channel.network).into(),
        account_id: channel.account_id.clone(),
        handle: channel.handle.clone(),
        display_name: channel.display_name.clone(),
        simulated: channel.simulated,
        connected_at: Some(timestamp(channel.connected_at)),
        version: channel.version,
        tier: channel.capabilities.tier.clone(),
        scopes: channel.capabilities.scopes.iter().cloned().collect(),
        api_base: channel.capabilities.api_base.clone(),
        restricted: channel.settings.restricted,
        access: settings::entries(&channel.settings.access),
        auto_resolve_days: channel.settings.auto_resolve_days,
        health: match channel.health.connected {
            None => pb::ChannelHealth::Unspecified,
            Some(true) => pb::ChannelHealth::Connected,
            Some(false) => pb::ChannelHealth::Disconnected,
        }
        .into(),
        health_checked_at: channel.health.checked_at.map(timestamp),
        reopen_window_hours: channel.settings.reopen_window_hours,
    }
}

/// A moment as others see it.
#[must_use]
pub fn timestamp(moment: OffsetDateTime) -> prost_types::Timestamp {
    prost_types::Timestamp {
        seconds: moment.unix_timestamp(),
        // Below a thousand million: fits.
        nanos: i32::try_from(moment.nanosecond()).unwrap_or_default(),
    }
}

fn network_code(network: Network) -> network_pb::Network {
    match network {
        Network::X => network_pb::Network::X,
        Network::Facebook => network_pb::Network::Facebook,
    }
}

fn role_code(role: Role) -> pb::Role {
    match role {
        Role::Agent => pb::Role::Agent,
        Role::Supervisor => pb::Role::Supervisor,
        Role::Admin => pb::Role::Admin,
    }
}
