//! Who did what: each service keeps its own, and the gateway merges them by time.
//!
//! All or nothing: a page without what one service keeps would look like all there is. Each service
//! decides who may read what it keeps.

use kit_service::rpc::{self, Channel, Client};
use kit_service::{Caller, Identity, Peer};
use kit_values::Fault;
use proto::audit::v1::Entry;
use proto::directory::v1::settings_service_client::SettingsServiceClient;
use proto::link::v1::link_shortener_service_client::LinkShortenerServiceClient;
use proto::routing::v1::routing_settings_service_client::RoutingSettingsServiceClient;

use super::{DEADLINE, People};
use crate::domain::audit::{Keeper, Offered, Place, page};
use crate::wire::from_proto::settings as from_proto;
use crate::wire::rest;

/// Most entries of one page.
const LENGTH: usize = 100;

/// The services that keep who did what.
#[derive(Clone)]
pub struct Audit {
    directory: SettingsServiceClient<Channel>,
    routing: RoutingSettingsServiceClient<Channel>,
    /// Not every installation has one.
    link_shortener: Option<LinkShortenerServiceClient<Channel>>,
    people: People,
}

/// What a service answers, and whether it found its record unbroken.
type Kept = (Vec<Entry>, bool);

/// Asks one service; their calls have one shape, with messages of each one's own.
macro_rules! ask {
    ($client:expr, $package:ident, $caller:expr, $before:expr) => {{
        let limit = u32::try_from(LENGTH).unwrap_or(u32::MAX);
        let message = proto::$package::v1::ListAuditRequest { before: $before, limit };
        let request = rpc::request(message, $caller, DEADLINE);
        let answer = $client.clone().list_audit(request).await.map_err(rpc::fault)?.into_inner();
        (answer.entries, answer.intact)
    }};
}

impl Audit {
    /// At these addresses; connected when first used.
    ///
    /// # Errors
    /// Invalid when one is no address.
    pub fn new(
        (directory, routing, link_shortener): (&Peer, &Peer, Option<&Peer>),
        identity: &Identity,
        people: People,
    ) -> Result<Self, Fault> {
        let connect = |peer, name| Client::connect(peer, identity.clone(), name);
        let shortener = link_shortener.map(|peer| connect(peer, "link_shortener")).transpose()?;
        Ok(Self {
            directory: SettingsServiceClient::new(connect(directory, "directory")?),
            routing: RoutingSettingsServiceClient::new(connect(routing, "routing")?),
            link_shortener: shortener.map(LinkShortenerServiceClient::new),
            people,
        })
    }

    /// What was done, newest first, from `begins` on.
    ///
    /// # Errors
    /// What the first of the services says that does not answer.
    pub async fn page(&self, caller: &Caller, begins: Place) -> Result<rest::AuditPage, Fault> {
        // Together, and yet of several refusals always the same one is told.
        let [directory, routing, shortener] = Keeper::ALL;
        let (directory, routing, shortener) = tokio::join!(
            self.kept(directory, caller, begins),
            self.kept(routing, caller, begins),
            self.kept(shortener, caller, begins),
        );
        let kept = [directory?, routing?, shortener?];
        let intact = kept.iter().all(|(_, intact)| *intact);
        let (entries, next) = page(begins, kept.map(offered), LENGTH);
        let members = entries.iter().map(|(_, entry)| entry.member_id.as_str()).collect();
        let names = self.people.names(caller.organization()?, members).await;
        let entries = entries.into_iter();
        let entries =
            entries.map(|(keeper, entry)| from_proto::audit_entry(keeper.name(), entry, &names));
        Ok(rest::AuditPage {
            entries: entries.collect::<Result<_, _>>()?,
            intact,
            next: next.map(|place| place.to_string()),
        })
    }

    async fn kept(&self, by: Keeper, caller: &Caller, begins: Place) -> Result<Kept, Fault> {
        let before = begins.before(by);
        if begins.is_behind_all(by) {
            return Ok((Vec::new(), true));
        }
        Ok(match (by, &self.link_shortener) {
            (Keeper::Directory, _) => ask!(self.directory, directory, caller, before),
            (Keeper::Routing, _) => ask!(self.routing, routing, caller, before),
            (Keeper::LinkShortener, Some(client)) => ask!(client, link, caller, before),
            (Keeper::LinkShortener, None) => (Vec::new(), true),
        })
    }
}

fn offered((entries, _): Kept) -> Vec<Offered<Entry, (i64, i32)>> {
    let entries = entries.into_iter().map(|entry| {
        let at = entry.at.map_or((0, 0), |at| (at.seconds, at.nanos));
        Offered { number: entry.number, at, entry }
    });
    entries.collect()
}
