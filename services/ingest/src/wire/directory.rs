//! What directory tells: applications, routes, secrets.

use kit_values::{EventId, OrganizationId, Secret};
use proto::directory::v1 as pb;
use proto::network::v1::Network as WireNetwork;

use super::moment;
use crate::domain::{ApplicationId, ChannelId, Connection, Registration};
use crate::sealing::Secrets;

/// What an event of directory says to this service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// An application is there, or changed.
    Application(Registration),
    /// A channel is there, or changed.
    Route(Connection),
}

/// Why an event says nothing to this service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Silent {
    /// It concerns others, or may be ignored.
    Others,
    /// It cannot be read; where, without content.
    Malformed(&'static str),
    /// A fact that this release does not know.
    Unknown,
}

/// An event read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its id.
    pub event: EventId,
    /// Whose.
    pub organization: Option<OrganizationId>,
    /// What it says.
    pub told: Told,
}

/// Reads an event of stream DIRECTORY.
///
/// # Errors
/// Why it says nothing to this service.
pub fn read(payload: &[u8]) -> Result<Event, Silent> {
    use pb::directory_event::Fact;

    let event: pb::DirectoryEvent =
        prost::Message::decode(payload).map_err(|_| Silent::Malformed("not a DirectoryEvent"))?;
    let metadata = event.metadata.ok_or(Silent::Malformed("metadata is missing"))?;
    let told = match event.fact {
        Some(Fact::ApplicationChanged(changed)) => {
            changed.application.as_ref().and_then(application).map(Told::Application)
        }
        Some(Fact::ChannelConnected(connected)) => {
            connected.channel.as_ref().and_then(route).map(Told::Route)
        }
        Some(Fact::ChannelChanged(changed)) => {
            changed.channel.as_ref().and_then(route).map(Told::Route)
        }
        Some(_) => return Err(Silent::Others),
        None if metadata.may_ignore => return Err(Silent::Others),
        None => return Err(Silent::Unknown),
    };
    let organization = match metadata.organization_id.as_str() {
        "" => None,
        text => Some(text.parse().map_err(|_| Silent::Malformed("organization_id"))?),
    };
    Ok(Event {
        event: metadata.event_id.parse().map_err(|_| Silent::Malformed("event_id"))?,
        organization,
        told: told.ok_or(Silent::Malformed("the fact"))?,
    })
}

/// An application, unless of a network that cannot be received from.
#[must_use]
pub fn application(told: &pb::Application) -> Option<Registration> {
    let organization = match told.organization_id.as_str() {
        "" => None,
        text => Some(text.parse().ok()?),
    };
    Some(Registration {
        application: told.application_id.parse::<ApplicationId>().ok()?,
        network: network(told.network())?.as_str().to_owned(),
        organization,
        simulated: told.simulated,
        version: told.version,
        permalink_base: told.permalink_base.trim_end_matches('/').to_owned(),
    })
}

/// The route to a channel.
#[must_use]
pub fn route(told: &pb::Channel) -> Option<Connection> {
    Some(Connection {
        application: told.application_id.parse().ok()?,
        account: told.account_id.clone(),
        channel: told.channel_id.parse::<ChannelId>().ok()?,
        organization: told.organization_id.parse().ok()?,
        connected_at: moment(told.connected_at.as_ref()?)?,
        version: told.version,
    })
}

/// Everything of the installation.
#[must_use]
pub fn routes(told: &pb::ListRoutesResponse) -> (Vec<Registration>, Vec<Connection>) {
    let applications = told.applications.iter().filter_map(application).collect();
    (applications, told.channels.iter().filter_map(route).collect())
}

/// The secrets of one application, with their version.
#[must_use]
pub fn secrets(told: pb::GetApplicationSecretsResponse) -> (Secrets, i64) {
    let signing = told.signing_secrets.into_iter().map(Secret::new).collect();
    (Secrets { signing, verify_token: Secret::new(told.verify_token) }, told.version)
}

const fn network(told: WireNetwork) -> Option<networks::Network> {
    match told {
        WireNetwork::X => Some(networks::Network::X),
        WireNetwork::Facebook => Some(networks::Network::Facebook),
        WireNetwork::Unspecified => None,
    }
}
