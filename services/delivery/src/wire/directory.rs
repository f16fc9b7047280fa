//! What directory tells of applications and accounts.

use kit_values::{EventId, OrganizationId};
use prost::Message as _;
use proto::directory::v1 as pb;
use proto::directory::v1::directory_event::Fact;

use super::{Silent, envelope, read_network};
use crate::domain::letter::Account;
use crate::domain::words::ApplicationId;

/// What an event of directory says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// An application is there, or changed: its version, and where its permalinks lead.
    Application(ApplicationId, i64, String),
    /// An account is there, or changed.
    Account(OrganizationId, Box<Account>),
}

/// An event read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its id.
    pub id: EventId,
    /// Whose, if of one organization.
    pub organization: Option<OrganizationId>,
    /// What it says.
    pub told: Told,
}

/// Reads an event of stream DIRECTORY.
///
/// # Errors
/// Why it says nothing to this service.
pub fn read(payload: &[u8]) -> Result<Event, Silent> {
    let event = pb::DirectoryEvent::decode(payload)
        .map_err(|_| Silent::Malformed("not a DirectoryEvent"))?;
    let metadata = event.metadata.ok_or(Silent::Malformed("metadata is missing"))?;
    let told = match event.fact {
        Some(Fact::ApplicationChanged(it)) => it.application.as_ref().and_then(application),
        Some(Fact::ChannelConnected(it)) => it.channel.as_ref().and_then(account),
        Some(Fact::ChannelChanged(it)) => it.channel.as_ref().and_then(account),
        Some(_) => return Err(Silent::Others),
        None if metadata.may_ignore => return Err(Silent::Others),
        None => return Err(Silent::Unknown),
    };
    let (id, organization) = envelope(&metadata)?;
    Ok(Event { id, organization, told: told.ok_or(Silent::Malformed("the fact"))? })
}

/// An application.
fn application(told: &pb::Application) -> Option<Told> {
    let base = told.permalink_base.trim_end_matches('/').to_owned();
    Some(Told::Application(told.application_id.parse().ok()?, told.version, base))
}

/// An account.
fn account(told: &pb::Channel) -> Option<Told> {
    let account = Account {
        channel: told.channel_id.parse().ok()?,
        application: told.application_id.parse().ok()?,
        network: read_network(told.network())?,
        account_id: told.account_id.clone(),
        handle: told.handle.clone(),
        api_base: told.api_base.trim_end_matches('/').to_owned(),
        simulated: told.simulated,
        version: told.version,
        application_version: 0,
        permalink_base: String::new(),
    };
    Some(Told::Account(told.organization_id.parse().ok()?, Box::new(account)))
}

/// Everything of the installation that can be read.
#[must_use]
pub fn routes(told: &pb::ListRoutesResponse) -> Vec<Told> {
    let applications = told.applications.iter().filter_map(application);
    applications.chain(told.channels.iter().filter_map(account)).collect()
}
