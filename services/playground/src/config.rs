//! What the playground needs to be told.

use std::path::PathBuf;

use kit_service::Listener;
use kit_values::Secret;
use serde::{Deserialize, Serialize};

use crate::world::{Account, Network, Tier};

/// Section `[playground]`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where the page and its API are served.
    pub http: Listener,
    /// File of JSON lines that keeps what was posted; made when it is not there.
    pub journal: PathBuf,
    /// Where webhooks are posted: `<ingest_url>/hooks/<network>/<application id>`.
    pub ingest_url: String,
    /// Address under which people open the installation; permalinks begin with it.
    pub public_url: String,
    /// The registrations at the played networks.
    pub applications: Vec<Application>,
    /// How the generator starts.
    #[serde(default)]
    pub generator: Start,
}

/// One registration at a network.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Application {
    /// The network.
    pub network: Network,
    /// Its id in the callback address.
    pub application_id: String,
    /// X: consumer secret; the others: app secret. Signs every webhook.
    pub secret: Secret,
    /// Meta: what the callback must know to be accepted. X and TikTok have none.
    #[serde(default)]
    pub verify_token: Secret,
    /// The accounts that it hears about.
    pub accounts: Vec<ConnectedAccount>,
}

/// One account of a registration.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConnectedAccount {
    /// The network's id.
    pub account_id: String,
    /// Handle, or the page's name in addresses; without `@`.
    pub handle: String,
    /// Shown name.
    pub name: String,
    /// X: what its contract lets it do.
    #[serde(default)]
    pub tier: Tier,
    /// The scopes or permissions of its token; left out: all of them.
    #[serde(default)]
    pub scopes: Option<Vec<String>>,
}

/// How the generator starts.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Start {
    /// Whether it tells stories from the start.
    pub running: bool,
    /// What its choices follow from.
    pub seed: u64,
}

impl Default for Start {
    fn default() -> Self {
        Self { running: true, seed: 1 }
    }
}

impl Config {
    /// The accounts of all registrations; one that several registrations hold is one account.
    #[must_use]
    pub fn accounts(&self) -> Vec<Account> {
        let mut accounts: Vec<Account> = Vec::new();
        for application in &self.applications {
            for connected in &application.accounts {
                let known = accounts.iter_mut().find(|account| {
                    account.network == application.network
                        && account.account_id == connected.account_id
                });
                match known {
                    Some(account) => account.applications.push(application.application_id.clone()),
                    None => accounts.push(Account {
                        network: application.network,
                        applications: vec![application.application_id.clone()],
                        account_id: connected.account_id.clone(),
                        handle: connected.handle.clone(),
                        name: connected.name.clone(),
                        tier: connected.tier,
                        scopes: connected.scopes.clone(),
                    }),
                }
            }
        }
        accounts
    }
}
