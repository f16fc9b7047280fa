//! Calls to directory, and the tokens that it told.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use kit_service::rpc::{self, Channel};
use kit_service::{Caller, Identity, Peer};
use kit_values::{Fault, OrganizationId, Secret};
use proto::directory::v1::directory_service_client::DirectoryServiceClient;
use proto::directory::v1::settings_service_client::SettingsServiceClient;
use proto::directory::v1::{
    ChannelHealth, GetChannelCredentialsRequest, ListRoutesRequest, ReportChannelHealthRequest,
};

use crate::calls::Credentials;
use crate::domain::doubt::Doubts;
use crate::domain::letter::Account;
use crate::domain::words::ChannelId;
use crate::wire::directory as wire;

const DEADLINE: Duration = Duration::from_secs(5);

/// How long a token is believed without asking again.
const BELIEVED: Duration = Duration::from_mins(10);

/// How long directory is taken to know how an account stands, without telling it again: another
/// process may have found otherwise, and an administrator sees when it was last looked at.
const TOLD: Duration = Duration::from_mins(10);

/// Longest answer, in bytes: every channel of an installation with a hundred thousand.
const LONGEST_ANSWER: usize = 64 << 20;

/// The service that knows applications, channels and their tokens.
#[derive(Debug, Clone)]
pub struct Directory {
    client: DirectoryServiceClient<Channel>,
    settings: SettingsServiceClient<Channel>,
    known: Arc<Mutex<HashMap<ChannelId, Known>>>,
    /// What was told of each account last.
    told: Arc<Mutex<HashMap<ChannelId, Report>>>,
    /// What was not told yet. Of this process alone: each finds out for itself, and what waits is
    /// tried again and again.
    doubts: Arc<Mutex<Doubts>>,
}

/// How an account stands, as directory was told.
#[derive(Debug)]
struct Report {
    /// Of the account.
    version: i64,
    /// Whether the network takes its token.
    connected: bool,
    at: Instant,
}

#[derive(Debug)]
struct Known {
    /// Of the channel and of its application.
    versions: (i64, i64),
    since: Instant,
    credentials: Arc<Credentials>,
}

impl Directory {
    /// A connection, made at the first call.
    ///
    /// # Errors
    /// Invalid when the peer's address is no address.
    pub fn connect(peer: &Peer, identity: Identity) -> Result<Self, Fault> {
        let channel = rpc::Client::connect(peer, identity, "directory")?;
        let settings = SettingsServiceClient::new(channel.clone());
        let client = DirectoryServiceClient::new(channel);
        let client = client.max_decoding_message_size(LONGEST_ANSWER);
        let doubts = Arc::default();
        Ok(Self { client, settings, known: Arc::default(), told: Arc::default(), doubts })
    }

    /// Every application and account of the installation.
    ///
    /// # Errors
    /// Unavailable when directory is away.
    pub async fn routes(&self) -> Result<Vec<wire::Told>, Fault> {
        let request = rpc::request(ListRoutesRequest {}, &Caller::installation(), DEADLINE);
        let told = self.client.clone().list_routes(request).await.map_err(rpc::fault)?;
        Ok(wire::routes(told.get_ref()))
    }

    /// What the account's calls need, in its present version.
    ///
    /// # Errors
    /// Unavailable when directory is away; Rejected while the account has no token.
    pub async fn credentials(
        &self,
        organization: OrganizationId,
        account: &Account,
    ) -> Result<Arc<Credentials>, Fault> {
        let versions = (account.version, account.application_version);
        if let Some(credentials) = self.believed(account.channel, versions) {
            return Ok(credentials);
        }
        let message = GetChannelCredentialsRequest {
            organization_id: organization.to_string(),
            channel_id: account.channel.to_string(),
        };
        let request = rpc::request(message, &Caller::installation(), DEADLINE);
        let told =
            self.client.clone().get_channel_credentials(request).await.map_err(rpc::fault)?;
        let told = told.into_inner();
        let credentials = Arc::new(Credentials {
            token: Secret::new(told.access_token),
            application_secret: Secret::new(told.application_secret),
        });
        let known =
            Known { versions, since: Instant::now(), credentials: Arc::clone(&credentials) };
        lock(&self.known).insert(account.channel, known);
        Ok(credentials)
    }

    /// Tells whether the network takes the account's token, once until it is otherwise. What cannot
    /// be told now is told with the next call of the account that shows it.
    pub async fn report(&self, organization: OrganizationId, account: &Account, connected: bool) {
        let told = |told: &HashMap<_, _>| {
            let last = told.get(&account.channel);
            last.is_some_and(|last: &Report| {
                (last.version, last.connected) == (account.version, connected)
                    && last.at.elapsed() < TOLD
            })
        };
        if told(&lock(&self.told)) {
            return;
        }
        let health = if connected { ChannelHealth::Connected } else { ChannelHealth::Disconnected };
        let message = ReportChannelHealthRequest {
            organization_id: organization.to_string(),
            channel_id: account.channel.to_string(),
            health: health.into(),
            channel_version: account.version,
        };
        let request = rpc::request(message, &Caller::installation(), DEADLINE);
        match self.settings.clone().report_channel_health(request).await.map_err(rpc::fault) {
            Ok(_) => {
                let report = Report { version: account.version, connected, at: Instant::now() };
                lock(&self.told).insert(account.channel, report);
            }
            Err(fault) => {
                tracing::info!(code = fault.code(), "how an account stands is told later");
            }
        }
    }

    /// The network refused the token, so that the next call asks for it again; true when it has
    /// done nothing else for as long as `confirmed_after`.
    pub fn refused(&self, account: &Account, confirmed_after: Duration) -> bool {
        let Account { channel, version, .. } = *account;
        lock(&self.known).remove(&channel);
        lock(&self.doubts).refused(channel, version, confirmed_after, Instant::now())
    }

    /// The network took the token.
    pub fn taken(&self, account: &Account) {
        lock(&self.doubts).taken(account.channel);
    }

    fn believed(&self, channel: ChannelId, versions: (i64, i64)) -> Option<Arc<Credentials>> {
        let known = lock(&self.known);
        let found = known.get(&channel)?;
        let fresh = found.versions == versions && found.since.elapsed() < BELIEVED;
        fresh.then(|| Arc::clone(&found.credentials))
    }
}

fn lock<T>(held: &Mutex<T>) -> MutexGuard<'_, T> {
    held.lock().unwrap_or_else(PoisonError::into_inner)
}
