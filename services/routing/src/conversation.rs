//! Calls to conversation: how everything unresolved stands, for what no event tells any more.
//!
//! The stream keeps events for a short time, so a conversation that stood before this service's
//! first start, and in which nothing happens, would never be heard of. Each organization is caught
//! up with once by every process, when it starts or when the organization becomes known; whatever
//! changes from then on tells of itself, and the greatest rev stands.

use std::collections::BTreeSet;
use std::time::Duration;

use kit_service::rpc::{self, Channel};
use kit_service::{Caller, Identity, Peer};
use kit_store::{Scope, Store};
use kit_values::{Class, Fault, OrganizationId, now};
use proto::conversation::v1::ListStandingsRequest;
use proto::conversation::v1::conversation_service_client::ConversationServiceClient;
use tokio_util::sync::CancellationToken;

use crate::app::{self, Observed, Surroundings};
use crate::planner::Waker;
use crate::store;
use crate::wire::standings;

const DEADLINE: Duration = Duration::from_secs(5);

/// Standings in one call and one transaction; as many as the reader takes at a time.
const PAGE: i32 = 200;

/// Organizations in one look.
const ORGANIZATIONS: i64 = 500;

/// How often organizations are looked for that have become known.
const EVERY: Duration = Duration::from_secs(1);

/// Longest wait between two tries, and for directory.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// The service that knows how conversations stand.
#[derive(Debug, Clone)]
pub struct Conversations {
    client: ConversationServiceClient<Channel>,
    store: Store,
    surroundings: Surroundings,
    waker: Waker,
}

impl Conversations {
    /// A connection, made at the first call.
    ///
    /// # Errors
    /// Invalid when the peer's address is no address.
    pub fn connect(
        peer: &Peer,
        identity: Identity,
        store: Store,
        surroundings: Surroundings,
        waker: Waker,
    ) -> Result<Self, Fault> {
        let channel = rpc::Client::connect(peer, identity, "conversation")?;
        Ok(Self { client: ConversationServiceClient::new(channel), store, surroundings, waker })
    }

    /// Catches up with every organization, once each, until `stop`; after everybody is `known`, of
    /// whom some may have to own what they answered.
    ///
    /// # Errors
    /// None: a conversation or a database that is away is waited for.
    pub async fn catch_up(
        self,
        known: CancellationToken,
        stop: CancellationToken,
    ) -> Result<(), Fault> {
        tokio::select! {
            () = stop.cancelled() => {}
            () = known.cancelled() => {}
            () = tokio::time::sleep(LONGEST_WAIT) => {}
        }
        let mut done = BTreeSet::new();
        let mut wait = EVERY;
        while !stop.is_cancelled() {
            wait = match self.round(&mut done, &stop).await {
                Ok(()) => EVERY,
                Err(fault) => {
                    tracing::info!(%fault, "conversations cannot be caught up with yet");
                    (wait * 2).min(LONGEST_WAIT)
                }
            };
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(wait) => {}
            }
        }
        Ok(())
    }

    /// Catches up with those that are not `done`. One that fails for itself keeps no other waiting.
    async fn round(
        &self,
        done: &mut BTreeSet<OrganizationId>,
        stop: &CancellationToken,
    ) -> Result<(), Fault> {
        let mut after = OrganizationId::from_uuid(uuid::Uuid::nil());
        let mut failed = None;
        loop {
            let page = self
                .store
                .transaction(&Scope::Unscoped, async move |transaction| {
                    store::organizations(transaction, after, ORGANIZATIONS).await
                })
                .await?;
            let Some(last) = page.last() else { break };
            after = *last;
            for organization in page {
                if stop.is_cancelled() || done.contains(&organization) {
                    continue;
                }
                match self.organization(organization).await {
                    Ok(learned) => {
                        done.insert(organization);
                        if learned > 0 {
                            tracing::info!(%organization, learned, "caught up with conversations");
                        }
                    }
                    Err(fault) if fault.class() == Class::Unavailable => return Err(fault),
                    Err(fault) => failed = Some(fault),
                }
            }
        }
        failed.map_or(Ok(()), Err)
    }

    /// Catches up with one organization; how many of its conversations were not known so.
    async fn organization(&self, organization: OrganizationId) -> Result<usize, Fault> {
        let (mut all, mut after) = (0, String::new());
        loop {
            let (observed, next) = self.page(organization, after).await?;
            let surroundings = self.surroundings.clone();
            let (learned, outcome) = self
                .store
                .transaction_retrying(&organization.into(), async move |transaction| {
                    app::catch_up(transaction, &surroundings, observed.clone(), now()).await
                })
                .await?;
            all += learned;
            for organization in outcome.plan {
                self.waker.wake(organization);
            }
            if next.is_empty() {
                return Ok(all);
            }
            after = next;
        }
    }

    /// A page of standings, and where the next one begins.
    async fn page(
        &self,
        organization: OrganizationId,
        after: String,
    ) -> Result<(Vec<Observed>, String), Fault> {
        let message = ListStandingsRequest { limit: PAGE, after };
        let caller = Caller::for_organization(organization);
        let request = rpc::request(message, &caller, DEADLINE);
        let told = self.client.clone().list_standings(request).await.map_err(rpc::fault)?;
        let told = told.into_inner();
        let observed = told
            .standings
            .iter()
            .filter_map(standings::told)
            .map(|(conversation, standing)| Observed {
                organization,
                conversation,
                standing,
                trace: None,
            })
            .collect();
        Ok((observed, told.next))
    }
}
