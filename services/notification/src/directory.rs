//! Calls to directory: everybody of the installation, to fill the projection at the start.

use std::time::Duration;

use kit_service::rpc::{self, Channel};
use kit_service::{Caller, Identity, Peer};
use kit_store::{Scope, Store};
use kit_values::Fault;
use proto::directory::v1::ListPeopleRequest;
use proto::directory::v1::directory_service_client::DirectoryServiceClient;
use tokio_util::sync::CancellationToken;

use crate::store::people;
use crate::wire;

const DEADLINE: Duration = Duration::from_secs(5);
/// Longest wait between two tries.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// The service that knows the members.
#[derive(Debug, Clone)]
pub struct Directory(DirectoryServiceClient<Channel>);

impl Directory {
    /// A connection, made at the first call.
    ///
    /// # Errors
    /// Invalid when the peer's address is no address.
    pub fn connect(peer: &Peer, identity: Identity) -> Result<Self, Fault> {
        Ok(Self(DirectoryServiceClient::new(rpc::Client::connect(peer, identity, "directory")?)))
    }

    /// Loads everybody once, because the stream keeps a day only; tried until directory answers.
    ///
    /// # Errors
    /// None: a directory that is away is waited for.
    pub async fn load(self, store: Store, stop: CancellationToken) -> Result<(), Fault> {
        let mut wait = Duration::from_millis(200);
        let mut after = String::new();
        while !stop.is_cancelled() {
            match self.load_page(&store, after.clone()).await {
                Ok(next) if next.is_empty() => return Ok(()),
                Ok(next) => after = next,
                Err(fault) => {
                    tracing::info!(%fault, "members cannot be loaded yet");
                    tokio::select! {
                        () = stop.cancelled() => {}
                        () = tokio::time::sleep(wait) => {}
                    }
                    wait = (wait * 2).min(LONGEST_WAIT);
                }
            }
        }
        Ok(())
    }

    async fn load_page(&self, store: &Store, after: String) -> Result<String, Fault> {
        let message = ListPeopleRequest { after };
        let request = rpc::request(message, &Caller::installation(), DEADLINE);
        let told = self.0.clone().list_people(request).await.map_err(rpc::fault)?.into_inner();
        let everybody = wire::people(&told.members);
        let scope: Scope = everybody.iter().map(|(organization, _)| *organization).collect();
        store
            .transaction_retrying(&scope, async move |transaction| {
                people::learn(transaction, everybody.clone()).await
            })
            .await?;
        Ok(told.next)
    }
}
