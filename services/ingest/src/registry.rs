//! Applications and routes in memory: a webhook is verified and routed without a query.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use kit_values::OrganizationId;
use networks::Network;
use time::OffsetDateTime;

use crate::domain::{ApplicationId, ChannelId};
use crate::sealing::{Sealer, Secrets};
use crate::store::Known;

/// One registration at a network.
#[derive(Debug, Clone)]
pub struct Application {
    /// Its id, as in its callback address.
    pub id: ApplicationId,
    /// The network.
    pub network: Network,
    /// Where permalinks lead; empty for the network's own site.
    pub permalink_base: String,
    /// What signs its webhooks; nothing until fetched.
    pub secrets: Secrets,
}

/// Where the items of one account go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Route {
    /// The channel.
    pub channel: ChannelId,
    /// Whose.
    pub organization: OrganizationId,
    /// When it was connected.
    pub connected_at: OffsetDateTime,
}

/// Everything known at one moment.
#[derive(Debug, Default)]
pub struct Snapshot {
    applications: HashMap<ApplicationId, Arc<Application>>,
    routes: HashMap<ApplicationId, HashMap<String, Route>>,
    /// Applications whose secrets are to be fetched, and their version.
    wanted: Vec<(ApplicationId, i64)>,
}

impl Snapshot {
    /// What the tables hold, opened. Secrets that do not open, or are of an older version, are
    /// wanted; until they come, the older ones serve.
    #[must_use]
    pub fn open(known: Known, sealer: &Sealer) -> Self {
        let mut snapshot = Self::default();
        for (row, sealed) in known.applications {
            let Ok(network) = row.network.parse::<Network>() else { continue };
            let opened = sealed.and_then(|(sealed, version)| {
                sealer.open(row.application, version, &sealed).map(|secrets| (secrets, version))
            });
            if opened.as_ref().is_none_or(|(_, version)| *version < row.version) {
                snapshot.wanted.push((row.application, row.version));
            }
            let secrets = opened.map(|(secrets, _)| secrets).unwrap_or_default();
            let permalink_base = row.permalink_base;
            let application = Application { id: row.application, network, permalink_base, secrets };
            snapshot.applications.insert(row.application, Arc::new(application));
        }
        for row in known.routes {
            let route = Route {
                channel: row.channel,
                organization: row.organization,
                connected_at: row.connected_at,
            };
            snapshot.routes.entry(row.application).or_default().insert(row.account, route);
        }
        snapshot
    }

    /// The application of a callback address.
    #[must_use]
    pub fn application(&self, id: ApplicationId) -> Option<&Arc<Application>> {
        self.applications.get(&id)
    }

    /// Where the items of an account go; `None` while nobody has connected it.
    #[must_use]
    pub fn route(&self, application: ApplicationId, account: &str) -> Option<Route> {
        self.routes.get(&application)?.get(account).copied()
    }

    /// Applications whose secrets are to be fetched, and their version.
    #[must_use]
    pub fn wanted(&self) -> &[(ApplicationId, i64)] {
        &self.wanted
    }
}

/// The current snapshot, replaced as a whole.
#[derive(Debug, Default)]
pub struct Registry(RwLock<Arc<Snapshot>>);

impl Registry {
    /// What is known now.
    #[must_use]
    pub fn now(&self) -> Arc<Snapshot> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Replaces what is known.
    pub fn replace(&self, snapshot: Snapshot) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(snapshot);
    }
}
