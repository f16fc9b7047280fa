//! Calls to directory.

use std::time::Duration;

use kit_service::rpc::{self, Channel};
use kit_service::{Caller, Identity, Peer};
use kit_values::Fault;
use proto::directory::v1::directory_service_client::DirectoryServiceClient;
use proto::directory::v1::{GetApplicationSecretsRequest, ListRoutesRequest};

use crate::domain::{ApplicationId, Connection, Registration};
use crate::sealing::Secrets;
use crate::wire::directory as wire;

const DEADLINE: Duration = Duration::from_secs(5);

/// Longest answer, in bytes: every channel of an installation with a hundred thousand.
const LONGEST_ANSWER: usize = 64 << 20;

/// The service that knows applications and channels.
#[derive(Debug, Clone)]
pub struct Directory(DirectoryServiceClient<Channel>);

impl Directory {
    /// A connection, made at the first call.
    ///
    /// # Errors
    /// Invalid when the peer's address is no address.
    pub fn connect(peer: &Peer, identity: Identity) -> Result<Self, Fault> {
        let channel = rpc::Client::connect(peer, identity, "directory")?;
        let client = DirectoryServiceClient::new(channel);
        Ok(Self(client.max_decoding_message_size(LONGEST_ANSWER)))
    }

    /// Every application and channel of the installation.
    ///
    /// # Errors
    /// Unavailable when directory is away.
    pub async fn routes(&self) -> Result<(Vec<Registration>, Vec<Connection>), Fault> {
        let request = rpc::request(ListRoutesRequest {}, &Caller::installation(), DEADLINE);
        let told = self.0.clone().list_routes(request).await.map_err(rpc::fault)?;
        Ok(wire::routes(told.get_ref()))
    }

    /// The secrets of one application, at this version or a later one.
    ///
    /// # Errors
    /// Unavailable when directory is away.
    pub async fn secrets(
        &self,
        application: ApplicationId,
        version: i64,
    ) -> Result<(Secrets, i64), Fault> {
        let message =
            GetApplicationSecretsRequest { application_id: application.to_string(), version };
        let request = rpc::request(message, &Caller::installation(), DEADLINE);
        let told = self.0.clone().get_application_secrets(request).await.map_err(rpc::fault)?;
        Ok(wire::secrets(told.into_inner()))
    }
}
