//! Calls to directory, and the tokens that it told.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use kit_service::rpc::{self, Channel};
use kit_service::{Caller, Identity, Peer};
use kit_values::{Fault, OrganizationId, Secret};
use proto::directory::v1::directory_service_client::DirectoryServiceClient;
use proto::directory::v1::{GetChannelCredentialsRequest, ListRoutesRequest};

use crate::calls::Credentials;
use crate::domain::letter::Account;
use crate::domain::words::ChannelId;
use crate::wire::directory as wire;

const DEADLINE: Duration = Duration::from_secs(5);

/// How long a token is believed without asking again.
const BELIEVED: Duration = Duration::from_mins(10);

/// Longest answer, in bytes: every channel of an installation with a hundred thousand.
const LONGEST_ANSWER: usize = 64 << 20;

/// The service that knows applications, channels and their tokens.
#[derive(Debug, Clone)]
pub struct Directory {
    client: DirectoryServiceClient<Channel>,
    known: Arc<Mutex<HashMap<ChannelId, Known>>>,
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
        let client = DirectoryServiceClient::new(channel);
        let client = client.max_decoding_message_size(LONGEST_ANSWER);
        Ok(Self { client, known: Arc::default() })
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
        self.lock().insert(account.channel, known);
        Ok(credentials)
    }

    /// The network refused the token: the next call asks again.
    pub fn forget(&self, channel: ChannelId) {
        self.lock().remove(&channel);
    }

    fn believed(&self, channel: ChannelId, versions: (i64, i64)) -> Option<Arc<Credentials>> {
        let known = self.lock();
        let found = known.get(&channel)?;
        let fresh = found.versions == versions && found.since.elapsed() < BELIEVED;
        fresh.then(|| Arc::clone(&found.credentials))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<ChannelId, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
