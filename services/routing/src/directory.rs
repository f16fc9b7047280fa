//! Calls to directory: everybody of the installation, to fill the projection at the start.

use std::time::Duration;

use kit_service::rpc::{self, Channel};
use kit_service::{Caller, Identity, Peer};
use kit_store::{Scope, Store};
use kit_values::{Fault, now};
use proto::directory::v1::ListPeopleRequest;
use proto::directory::v1::directory_service_client::DirectoryServiceClient;
use tokio_util::sync::CancellationToken;

use crate::app::{self, Surroundings};
use crate::domain::person::Person;
use crate::wire::people;

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

    /// A page of everybody, and where the next one begins.
    async fn people(&self, after: String) -> Result<(Vec<Person>, String), Fault> {
        let message = ListPeopleRequest { after };
        let request = rpc::request(message, &Caller::installation(), DEADLINE);
        let told = self.0.clone().list_people(request).await.map_err(rpc::fault)?.into_inner();
        Ok((told.members.iter().filter_map(people::person).collect(), told.next))
    }

    /// Loads everybody once, because the stream keeps a day only; tried until directory answers.
    /// Cancels `known` when all are.
    ///
    /// # Errors
    /// None: a directory that is away is waited for.
    pub async fn load(
        self,
        store: Store,
        surroundings: Surroundings,
        known: CancellationToken,
        stop: CancellationToken,
    ) -> Result<(), Fault> {
        let mut wait = Duration::from_millis(200);
        let mut after = String::new();
        while !stop.is_cancelled() {
            match self.load_page(&store, &surroundings, after.clone()).await {
                Ok(next) if next.is_empty() => {
                    known.cancel();
                    return Ok(());
                }
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

    async fn load_page(
        &self,
        store: &Store,
        surroundings: &Surroundings,
        after: String,
    ) -> Result<String, Fault> {
        let (people, next) = self.people(after).await?;
        let scope: Scope = people.iter().map(|person| person.organization).collect();
        let capacity = surroundings.capacity;
        store
            .transaction_retrying(&scope, async move |transaction| {
                app::learn(transaction, &people, capacity, now()).await
            })
            .await?;
        Ok(next)
    }
}
