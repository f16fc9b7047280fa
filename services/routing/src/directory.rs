//! Calls to directory: everybody and every channel of the installation, to fill the projections at
//! the start.

use std::time::Duration;

use kit_service::rpc::{self, Channel};
use kit_service::{Caller, Identity, Peer};
use kit_store::{Scope, Store};
use kit_values::{Fault, now};
use proto::directory::v1::directory_service_client::DirectoryServiceClient;
use proto::directory::v1::{ListPeopleRequest, ListRoutesRequest};
use tokio_util::sync::CancellationToken;

use crate::app::{self, Surroundings, Told};
use crate::domain::access::ToldChannel;
use crate::domain::person::Person;
use crate::wire::{channels, people};

const DEADLINE: Duration = Duration::from_secs(5);

/// Longest wait between two tries.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// Channels in one transaction.
const AT_ONCE: usize = 200;

/// Longest answer, in bytes: channels come with their lists.
const LONGEST_ANSWER: usize = 64 << 20;

/// What is loaded next.
enum Next {
    Channels,
    People { after: String },
}

/// The service that knows the members and the channels.
#[derive(Debug, Clone)]
pub struct Directory(DirectoryServiceClient<Channel>);

impl Directory {
    /// A connection, made at the first call.
    ///
    /// # Errors
    /// Invalid when the peer's address is no address.
    pub fn connect(peer: &Peer, identity: Identity) -> Result<Self, Fault> {
        let client =
            DirectoryServiceClient::new(rpc::Client::connect(peer, identity, "directory")?);
        Ok(Self(client.max_decoding_message_size(LONGEST_ANSWER)))
    }

    /// A page of everybody, and where the next one begins.
    async fn people(&self, after: String) -> Result<(Vec<Person>, String), Fault> {
        let message = ListPeopleRequest { after };
        let request = rpc::request(message, &Caller::installation(), DEADLINE);
        let told = self.0.clone().list_people(request).await.map_err(rpc::fault)?.into_inner();
        Ok((told.members.iter().filter_map(people::person).collect(), told.next))
    }

    /// Every channel.
    async fn channels(&self) -> Result<Vec<ToldChannel>, Fault> {
        let request = rpc::request(ListRoutesRequest {}, &Caller::installation(), DEADLINE);
        let told = self.0.clone().list_routes(request).await.map_err(rpc::fault)?.into_inner();
        Ok(told.channels.iter().filter_map(channels::channel).collect())
    }

    /// Loads every channel and everybody once, because the stream keeps a day only; tried until
    /// directory answers. Channels come first: nobody is handed anything before it is known who
    /// may answer where. Cancels `known` when all are.
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
        let mut next = Next::Channels;
        while !stop.is_cancelled() {
            match self.load_page(&store, &surroundings, &next).await {
                Ok(Some(page)) => next = page,
                Ok(None) => {
                    known.cancel();
                    return Ok(());
                }
                Err(fault) => {
                    tracing::info!(%fault, "members and channels cannot be loaded yet");
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
        page: &Next,
    ) -> Result<Option<Next>, Fault> {
        let (pages, next) = match page {
            Next::Channels => {
                let channels = self.channels().await?;
                let pages = channels.chunks(AT_ONCE);
                let told = |channels: &[ToldChannel]| Told {
                    channels: channels.to_vec(),
                    ..Told::default()
                };
                (pages.map(told).collect(), Some(Next::People { after: String::new() }))
            }
            Next::People { after } => {
                let (people, next) = self.people(after.clone()).await?;
                let next = (!next.is_empty()).then_some(Next::People { after: next });
                (vec![Told { people, ..Told::default() }], next)
            }
        };
        let capacity = surroundings.capacity;
        for told in pages {
            let scope: Scope = told.organizations().into_iter().collect();
            store
                .transaction_retrying(&scope, async move |transaction| {
                    app::learn(transaction, &told, capacity, now()).await
                })
                .await?;
        }
        Ok(next)
    }
}
