//! Reports of gateways: who signed in, who lives, who left.
//!
//! Whoever is known to live is renewed first, whatever becomes of the sign-ins of the same report:
//! a gateway repeats all of it until it was heard, and must not lose everybody's presence over one
//! member who cannot be recorded. What a sign-in means is then decided in PostgreSQL, while it can
//! still be told whether another session of the member lives; only then Redis learns of the
//! session, and those who became present may be handed something. So a session that Redis knows is
//! recorded, and the next report goes on behind it.

use std::collections::BTreeSet;
use std::time::Duration;

use futures::{StreamExt as _, stream};
use kit_values::{Class, Fault, OrganizationId, mint_uuid, now};
use proto::routing::v1 as calls;
use time::OffsetDateTime;
use tokio::time::{Instant, timeout_at};

use super::Routing;
use crate::app::{self, SignIn};
use crate::presence::{Gateway, Session};
use crate::wire;

/// Sessions in one report.
const MOST: usize = 100_000;

/// Sign-ins looked at together: after a gateway's restart all of its sessions open at once.
const AT_ONCE: usize = 4;

/// Longest time for the sign-ins of one report; a gateway waits 4 s for the answer.
const LONGEST: Duration = Duration::from_secs(3);

fn session(told: &calls::Session) -> Option<Session> {
    Some(Session {
        organization: told.organization_id.parse().ok()?,
        member: told.member_id.parse().ok()?,
        id: (!told.session.is_empty()).then(|| told.session.clone())?,
        typing: told.typing_conversation_ids.iter().filter_map(|id| id.parse().ok()).collect(),
    })
}

impl Routing {
    pub(super) async fn report(&self, told: calls::ReportSessionsRequest) -> Result<(), Fault> {
        let all = told.opened.len() + told.closed.len() + told.live.len();
        if told.gateway.is_empty() || all > MOST {
            let sentence = "A report names its gateway and at most 100,000 sessions.";
            return Err(Fault::invalid("report_malformed", "gateway", sentence));
        }
        let says = match (told.leaving, told.renewal) {
            (true, _) => Gateway::Leaves,
            (false, true) => Gateway::Renews,
            (false, false) => Gateway::Silent,
        };
        let presences = &self.surroundings.presences;
        let fresh = self.fresh(&told.opened).await?;
        let unknown: BTreeSet<&str> = fresh.iter().map(|(one, _)| one.id.as_str()).collect();
        // One that opened and closed meanwhile is closed.
        let closed: BTreeSet<&str> = told.closed.iter().map(|it| it.session.as_str()).collect();
        let lives = told.opened.iter().chain(&told.live).filter(|it| {
            !closed.contains(it.session.as_str()) && !unknown.contains(it.session.as_str())
        });
        let mut sessions: Vec<(Session, bool)> =
            lives.filter_map(session).map(|one| (one, true)).collect();
        sessions.extend(told.closed.iter().filter_map(session).map(|one| (one, false)));
        presences.report(&told.gateway, says, &sessions).await?;

        let all = fresh.len();
        let recorded = self.sign_ins(fresh).await;
        let left = all - recorded.len();
        let organizations: BTreeSet<OrganizationId> =
            recorded.iter().map(|one| one.organization).collect();
        let recorded: Vec<(Session, bool)> = recorded
            .into_iter()
            .filter(|one| !closed.contains(one.id.as_str()))
            .map(|one| (one, true))
            .collect();
        if !recorded.is_empty() {
            presences.report(&told.gateway, Gateway::Silent, &recorded).await?;
        }
        for organization in organizations {
            self.waker.wake(organization);
        }
        if left > 0 {
            let sentence = "Some sign-ins could not be recorded yet; report them again.";
            return Err(Fault::new(Class::Unavailable, "sign_ins_left", sentence));
        }
        Ok(())
    }

    /// Those that Redis has not heard of, and when each signed in. They begin at any of them, so
    /// that those behind one that cannot be recorded have their turn.
    async fn fresh(
        &self,
        opened: &[calls::Session],
    ) -> Result<Vec<(Session, Option<OffsetDateTime>)>, Fault> {
        let (sessions, moments): (Vec<_>, Vec<_>) = opened
            .iter()
            .filter_map(|it| Some((session(it)?, it.signed_in_at.as_ref().and_then(wire::moment))))
            .unzip();
        let heard = self.surroundings.presences.has_heard_of(&sessions).await?;
        let mut fresh: Vec<_> = sessions
            .into_iter()
            .zip(moments)
            .zip(heard)
            .filter_map(|(one, heard)| (!heard).then_some(one))
            .collect();
        if !fresh.is_empty() {
            let begin = mint_uuid().as_u128() % fresh.len() as u128;
            fresh.rotate_left(usize::try_from(begin).unwrap_or_default());
        }
        Ok(fresh)
    }

    /// Records sign-ins, as many as there is time for; those that were.
    async fn sign_ins(&self, fresh: Vec<(Session, Option<OffsetDateTime>)>) -> Vec<Session> {
        let mut recorded = Vec::with_capacity(fresh.len());
        let mut outcomes = stream::iter(fresh)
            .map(|(session, at)| async move {
                let outcome = self.signed_in(&session, at).await;
                (session, outcome)
            })
            .buffer_unordered(AT_ONCE);
        let end = Instant::now() + LONGEST;
        while let Ok(Some((session, outcome))) = timeout_at(end, outcomes.next()).await {
            match outcome {
                Ok(()) => recorded.push(session),
                Err(fault) => {
                    let organization = session.organization;
                    tracing::info!(%organization, %fault, "a sign-in is recorded later");
                }
            }
        }
        recorded
    }

    async fn signed_in(&self, session: &Session, at: Option<OffsetDateTime>) -> Result<(), Fault> {
        // Where nobody knows whether another session lives, nothing is taken away.
        let other = self.surroundings.presences.has_another(session).await.unwrap_or(true);
        let sign_in = SignIn {
            organization: session.organization,
            member: session.member,
            at,
            other_live_session: other,
        };
        let surroundings = self.surroundings.clone();
        let chose = self
            .store
            .transaction_retrying(&session.organization.into(), async move |transaction| {
                app::sign_in(transaction, &surroundings, sign_in, now()).await
            })
            .await?;
        if let Some(chose) = chose {
            self.follow(session.organization, session.member, &chose, &[]).await;
        }
        Ok(())
    }
}
