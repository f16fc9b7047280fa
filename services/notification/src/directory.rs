//! Calls to directory: everybody of the installation, to fill the projection at the start, and
//! later to know in whose tables there is something to forget.

use std::time::Duration;

use kit_service::rpc::{self, Channel};
use kit_service::{Caller, Identity, Peer};
use kit_store::{Scope, Store};
use kit_values::{Fault, OrganizationId, now};
use proto::directory::v1::directory_service_client::DirectoryServiceClient;
use proto::directory::v1::{ListPeopleRequest, ListPeopleResponse};
use tokio_util::sync::CancellationToken;

use crate::store::people;
use crate::{app, wire};

const DEADLINE: Duration = Duration::from_secs(5);
/// Longest wait between two tries.
const LONGEST_WAIT: Duration = Duration::from_secs(10);
/// How often what was settled long ago is forgotten.
const FORGET: Duration = Duration::from_hours(6);

/// The service that knows the members.
#[derive(Debug, Clone)]
pub struct Directory(DirectoryServiceClient<Channel>);

/// What a page of directory's is read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    /// Who members are and which language their organizations speak: the stream keeps a day only.
    Learn,
    /// Which organizations there are, to forget what is old in each.
    Forget,
}

impl Directory {
    /// A connection, made at the first call.
    ///
    /// # Errors
    /// Invalid when the peer's address is no address.
    pub fn connect(peer: &Peer, identity: Identity) -> Result<Self, Fault> {
        Ok(Self(DirectoryServiceClient::new(rpc::Client::connect(peer, identity, "directory")?)))
    }

    /// Loads everybody once, and forgets what is old in every organization, then and again.
    ///
    /// # Errors
    /// None: a directory that is away is waited for.
    pub async fn follow(self, store: Store, stop: CancellationToken) -> Result<(), Fault> {
        self.read_all(&store, Purpose::Learn, &stop).await;
        while !stop.is_cancelled() {
            self.read_all(&store, Purpose::Forget, &stop).await;
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(FORGET) => {}
            }
        }
        Ok(())
    }

    /// Page by page, each tried until it could be read.
    async fn read_all(&self, store: &Store, purpose: Purpose, stop: &CancellationToken) {
        let mut wait = Duration::from_millis(200);
        let mut after = String::new();
        while !stop.is_cancelled() {
            match self.read_page(store, purpose, after.clone()).await {
                Ok(next) if next.is_empty() => return,
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
    }

    async fn read_page(
        &self,
        store: &Store,
        purpose: Purpose,
        after: String,
    ) -> Result<String, Fault> {
        let message = ListPeopleRequest { after };
        let request = rpc::request(message, &Caller::installation(), DEADLINE);
        let told = self.0.clone().list_people(request).await.map_err(rpc::fault)?.into_inner();
        match purpose {
            Purpose::Learn => learn(store, &told).await?,
            Purpose::Forget => forget(store, &told).await?,
        }
        Ok(told.next)
    }
}

async fn learn(store: &Store, told: &ListPeopleResponse) -> Result<(), Fault> {
    let everybody = wire::people(&told.members);
    let languages = wire::languages(&told.organizations);
    let organizations = everybody.iter().map(|(organization, _)| *organization);
    let scope: Scope = organizations.chain(languages.keys().copied()).collect();
    store
        .transaction_retrying(&scope, async move |transaction| {
            people::learn(transaction, everybody.clone()).await?;
            people::save_languages(transaction, &languages).await
        })
        .await
}

async fn forget(store: &Store, told: &ListPeopleResponse) -> Result<(), Fault> {
    let organizations: std::collections::BTreeSet<OrganizationId> =
        wire::languages(&told.organizations).into_keys().collect();
    let scope = Scope::Organizations(organizations.clone());
    loop {
        let forgotten = store
            .transaction_retrying(&scope, async |transaction| {
                app::forget(transaction, &organizations, now()).await
            })
            .await?;
        if forgotten == 0 {
            return Ok(());
        }
    }
}
