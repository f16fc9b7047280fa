//! What is done by time: presence is looked at, what waits is planned whatever was missed, and
//! the work of those who are gone, or may not answer it any more, goes back.
//!
//! Assignment does not wait for it; it is the net below the wakes.

use std::time::Duration;

use kit_store::{Scope, Store};
use kit_values::{Class, Fault, Id, OrganizationId, now};
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use crate::app::{self, Surroundings};
use crate::domain::presence::Presence;
use crate::planner::Waker;
use crate::store::Burdened;
use crate::{metrics, store};

/// How often.
const EVERY: Duration = Duration::from_secs(1);

/// Organizations in one transaction.
const PAGE: i64 = 500;

/// How long an explanation is kept.
const KEPT: time::Duration = time::Duration::days(90);

/// How often old explanations are forgotten, and how many of an organization at a time.
const FORGET_EVERY: u32 = 600;
const FORGET: i64 = 1_000;

/// Sweeps.
#[derive(Debug, Clone)]
pub struct Sweep {
    /// The service's database.
    pub store: Store,
    /// Who is there.
    pub surroundings: Surroundings,
    /// Wakes the planner.
    pub waker: Waker,
}

impl Sweep {
    /// Sweeps until `stop`.
    ///
    /// # Errors
    /// None: a database that is away is waited for.
    pub async fn run(self, stop: CancellationToken) -> Result<(), Fault> {
        let mut ticks = tokio::time::interval(EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut rounds: u32 = 0;
        loop {
            tokio::select! {
                () = stop.cancelled() => return Ok(()),
                _ = ticks.tick() => {}
            }
            rounds = rounds.wrapping_add(1);
            self.surroundings.presences.observe().await;
            if let Err(fault) = self.round(rounds.is_multiple_of(FORGET_EVERY)).await {
                tracing::info!(%fault, "the sweep could not be finished");
            }
        }
    }

    /// One look at every organization.
    async fn round(&self, forget: bool) -> Result<(), Fault> {
        let mut after = OrganizationId::from_uuid(uuid::Uuid::nil());
        let mut waiting = 0;
        loop {
            let page = self
                .store
                .transaction(&Scope::Unscoped, async move |transaction| {
                    store::organizations(transaction, after, PAGE).await
                })
                .await?;
            let Some(last) = page.last() else { break };
            after = *last;
            waiting += self.look(&page).await?;
            if forget {
                self.forget(&page).await?;
            }
        }
        metrics::waiting(waiting);
        Ok(())
    }

    /// Wakes for what waits, and hands back what the absent own; how many conversations wait.
    async fn look(&self, organizations: &[OrganizationId]) -> Result<i64, Fault> {
        let scope: Scope = organizations.iter().copied().collect();
        let asked = organizations.to_vec();
        let (waiting, burdened, changed) = self
            .store
            .transaction(&scope, async move |transaction| {
                let waiting = store::waiting(transaction, &asked).await?;
                let burdened = store::burdened(transaction, &asked).await?;
                Ok((waiting, burdened, store::access_changed(transaction, &asked).await?))
            })
            .await?;
        for organization in waiting.keys() {
            self.waker.wake(*organization);
        }
        let members = burdened.iter().map(|one| (one.organization, one.member)).collect();
        for organization in changed {
            self.recheck(organization).await?;
        }
        let presences = self.surroundings.presences.of_all(&members).await;
        for one in burdened {
            let presence = presences.get(&(one.organization, one.member)).copied();
            if presence == Some(Presence::Absent) || one.handing_back {
                self.hand_back(one).await?;
            }
        }
        Ok(waiting.values().sum())
    }

    /// Takes from owners what they may not answer any more. What fails for this one organization
    /// must not keep the others waiting.
    async fn recheck(&self, organization: OrganizationId) -> Result<(), Fault> {
        match app::recheck(&self.store, organization).await {
            Ok(back) => {
                metrics::handed_back(back, "not_allowed");
                if back > 0 {
                    tracing::debug!(%organization, back, "work went back as access was lost");
                    self.waker.wake(organization);
                }
                Ok(())
            }
            Err(fault) if fault.class() == Class::Unavailable => Err(fault),
            Err(fault) => {
                tracing::info!(%organization, %fault, "access is rechecked later");
                Ok(())
            }
        }
    }

    /// Hands back what one member owns. What fails for this one member or organization must not
    /// keep the work of those behind them: it is tried again in the next round.
    async fn hand_back(&self, one: Burdened) -> Result<(), Fault> {
        let Burdened { organization, member, handing_back } = one;
        // Others' work may have taken a while: who came back meanwhile keeps theirs.
        let presence = self.surroundings.presences.of(organization, &[member]).await;
        let presence = presence.get(&member).copied().unwrap_or(Presence::Unknown);
        if presence != Presence::Absent && !handing_back {
            return Ok(());
        }
        // Where nobody knows who types, what is typed in is not taken away.
        let Some(typing) = self.surroundings.presences.typing(organization, member).await else {
            return Ok(());
        };
        let reason = if handing_back { "away" } else { "absent" };
        match app::hand_back(&self.store, organization, member, presence, &typing).await {
            Ok(back) => {
                metrics::handed_back(back, reason);
                if back > 0 {
                    tracing::debug!(%organization, back, reason, "work went back to the queue");
                    self.waker.wake(organization);
                }
                Ok(())
            }
            Err(fault) if fault.class() == Class::Unavailable => Err(fault),
            Err(fault) => {
                tracing::info!(%organization, %fault, reason, "work goes back later");
                Ok(())
            }
        }
    }

    /// Forgets explanations that nobody asks for any more. Their ids carry their time.
    async fn forget(&self, organizations: &[OrganizationId]) -> Result<(), Fault> {
        let milliseconds = (now() - KEPT).unix_timestamp_nanos() / 1_000_000;
        let milliseconds = u128::try_from(milliseconds).unwrap_or_default();
        let before = Id::from_uuid(uuid::Uuid::from_u128(milliseconds << 80));
        for organization in organizations.iter().copied() {
            self.store
                .transaction(&organization.into(), async move |transaction| {
                    store::forget_explanations(transaction, organization, before, FORGET).await
                })
                .await?;
        }
        Ok(())
    }
}
