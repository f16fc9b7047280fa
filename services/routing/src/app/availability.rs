//! What a member chooses, and what a sign-in starts with.
//!
//! An Away holds from the transaction that records it: it writes the member's row, which every
//! assignment locks and checks. What the member owns goes back afterwards, in transactions of
//! its own ([`super::hand_back`]), so that recording waits for no other row.

use std::collections::BTreeSet;

use kit_store::Transaction;
use kit_store::outbox::{self, Message};
use kit_values::{EventId, Fault, OrganizationId};
use time::OffsetDateTime;

use super::Surroundings;
use crate::domain::availability::{AwayChoice, Choice, choose};
use crate::domain::presence::Presence;
use crate::domain::view::Teammate;
use crate::domain::words::{Availability, AwayStateId, MemberId};
use crate::error;
use crate::store::{self, Moments, Staff};
use crate::topology::subject_of;
use crate::wire::events;

/// What a member asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// Available.
    Available,
    /// Away.
    Away {
        /// The named reason.
        state: Option<AwayStateId>,
        /// Keep the New conversations owned.
        keep_conversations: bool,
    },
    /// What sign-ins start with.
    Default(Availability),
}

/// What a choice led to.
#[derive(Debug, Clone)]
pub struct Chose {
    /// How the member stands.
    pub member: Teammate,
    /// The member has chosen once.
    pub ever_chosen: bool,
    /// What they own has to go back now.
    pub hand_back: bool,
    /// They may be handed something from now on.
    pub plan: bool,
}

/// A session of a member that opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignIn {
    /// Whose.
    pub organization: OrganizationId,
    /// Who.
    pub member: MemberId,
    /// When they signed in, which may be long before the session opened; `None` where the
    /// gateway does not say.
    pub at: Option<OffsetDateTime>,
    /// Another session of theirs lives, or nobody knows.
    pub other_live_session: bool,
}

/// How the member stands.
pub async fn own_availability(
    transaction: &Transaction,
    surroundings: &Surroundings,
    organization: OrganizationId,
    member: MemberId,
    now: OffsetDateTime,
) -> Result<Chose, Fault> {
    // Asked after every change of load: nobody waits for whoever changes it.
    let member = match store::one_member(transaction, organization, member).await? {
        Some(found) => found,
        None => locked(transaction, surroundings, organization, member, now).await?,
    };
    Ok(Chose {
        ever_chosen: member.chosen.ever_chosen,
        member: view(&member, None),
        hand_back: false,
        plan: false,
    })
}

/// Records what a member chose.
///
/// # Errors
/// `NotFound` for an away state that is not the organization's; Rejected for an archived one.
pub async fn set_availability(
    transaction: &Transaction,
    surroundings: &Surroundings,
    organization: OrganizationId,
    member: MemberId,
    asked: Asked,
    now: OffsetDateTime,
) -> Result<Chose, Fault> {
    let choice = match asked {
        Asked::Available => Choice::Available,
        Asked::Default(availability) => Choice::Default(availability),
        Asked::Away { state: None, keep_conversations } => {
            Choice::Away { state: None, keep_conversations }
        }
        Asked::Away { state: Some(state), keep_conversations } => {
            let found = store::away_state(transaction, organization, state).await?;
            let found = found.ok_or_else(|| Fault::not_found("away state"))?;
            let state = Some(AwayChoice { state, archived: found.archived });
            Choice::Away { state, keep_conversations }
        }
    };
    let member = locked(transaction, surroundings, organization, member, now).await?;
    let moments = Moments { chosen_at: Some(now), ..Moments::default() };
    record(transaction, &member, choice, moments, now).await
}

/// Starts with the default availability when the member has just signed in and no other session
/// of theirs lives. A session that only came back, after a reload or a loss of connection,
/// changes nothing: what stood, stands; so does what they chose since they signed in.
pub async fn sign_in(
    transaction: &Transaction,
    surroundings: &Surroundings,
    sign_in: SignIn,
    now: OffsetDateTime,
) -> Result<Option<Chose>, Fault> {
    let SignIn { organization, member, at, other_live_session } = sign_in;
    // It is told again until it is recorded, and others' come behind it.
    store::wait_briefly(transaction).await?;
    let member = locked(transaction, surroundings, organization, member, now).await?;
    let fresh = match (at, member.signed_in_at) {
        (Some(at), Some(known)) => at > known,
        (_, None) => true,
        (None, Some(_)) => false,
    };
    if !fresh {
        return Ok(None);
    }
    let at = at.unwrap_or(now);
    let chose_since = member.chosen_at.is_some_and(|chosen| chosen >= at);
    let choice = Choice::SignIn { other_live_session: other_live_session || chose_since };
    let moments = Moments { signed_in_at: Some(at), ..Moments::default() };
    record(transaction, &member, choice, moments, now).await.map(Some)
}

async fn record(
    transaction: &Transaction,
    member: &Staff,
    choice: Choice,
    moments: Moments,
    now: OffsetDateTime,
) -> Result<Chose, Fault> {
    let change = choose(&member.chosen, choice, now).map_err(error::not_chosen)?;
    let after = Staff { chosen: change.chosen.clone(), ..member.clone() };
    let hand_back = change.hand_back && member.load > 0;
    store::save_choice(transaction, member, &change.chosen, moments, hand_back).await?;
    if change.changed {
        let event = EventId::mint();
        let view = view(&after, None);
        let message = Message {
            event,
            organization: Some(member.organization),
            subject: subject_of(member.organization, "availability_changed"),
            network: None,
            lane: outbox::lane(member.member.uuid()),
            payload: events::availability_changed(member.organization, &view, event, now),
            occurred_at: now,
            trace: kit_service::telemetry::trace_context(),
        };
        outbox::append(transaction, vec![message]).await?;
    }
    Ok(Chose {
        ever_chosen: change.chosen.ever_chosen,
        member: view(&after, None),
        hand_back,
        plan: change.plan,
    })
}

/// The member's row, locked; made when directory has not told of them yet.
async fn locked(
    transaction: &Transaction,
    surroundings: &Surroundings,
    organization: OrganizationId,
    member: MemberId,
    now: OffsetDateTime,
) -> Result<Staff, Fault> {
    let key = (organization, member);
    let keys = BTreeSet::from([key]);
    if let Some(found) = store::load_members(transaction, &keys).await?.remove(&key) {
        return Ok(found);
    }
    store::ensure_members(transaction, &keys, surroundings.capacity, now).await?;
    store::load_members(transaction, &keys).await?.remove(&key).ok_or_else(error::member_unknown)
}

pub(super) fn view(member: &Staff, presence: Option<Presence>) -> Teammate {
    Teammate {
        member: member.member,
        chosen: member.chosen.clone(),
        presence,
        load: member.load,
        capacity: member.limits.capacity,
        hard_limit: member.limits.hard_limit,
        own_capacity: member.own_capacity,
    }
}
