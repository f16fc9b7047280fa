//! Availability and ownership.

use kit_values::Fault;
use proto::routing::v1 as routing;

use super::{Names, filled, moment, rest, unknown};

/// A member's own availability.
///
/// # Errors
/// Internal for a code of a later version.
pub fn own_availability(
    of: routing::MemberAvailability,
    never_chosen: bool,
) -> Result<rest::OwnAvailability, Fault> {
    Ok(rest::OwnAvailability {
        availability: choice(of.availability()).ok_or_else(|| unknown("availability"))?,
        default_availability: choice(of.default_availability()),
        away_state_id: filled(of.away_state_id),
        since: moment(of.since)?,
        epoch: of.epoch,
        load: of.load,
        capacity: of.capacity,
        hard_limit: of.hard_limit,
        never_chosen,
    })
}

const fn choice(code: routing::Availability) -> Option<rest::AvailabilityChoice> {
    match code {
        routing::Availability::Available => Some(rest::AvailabilityChoice::Available),
        routing::Availability::Away => Some(rest::AvailabilityChoice::Away),
        routing::Availability::Unspecified => None,
    }
}

/// A choice, the other way.
#[must_use]
pub const fn availability_wanted(choice: rest::AvailabilityChoice) -> routing::Availability {
    match choice {
        rest::AvailabilityChoice::Available => routing::Availability::Available,
        rest::AvailabilityChoice::Away => routing::Availability::Away,
    }
}

/// A reason for being away; none for one that may not be chosen any more.
#[must_use]
pub fn away_state(state: routing::AwayState) -> Option<rest::AwayState> {
    (!state.archived).then_some(rest::AwayState {
        id: state.away_state_id,
        name: state.name,
        position: state.position,
    })
}

/// All reasons for being away, as supervisors see them.
#[must_use]
pub fn managed_away_states(mut states: Vec<routing::AwayState>) -> rest::ManagedAwayStates {
    states.sort_by_key(|state| state.position);
    let rev = states.iter().map(|state| state.rev).max().unwrap_or_default();
    let away_states = states.into_iter().map(|state| rest::ManagedAwayState {
        id: state.away_state_id,
        name: state.name,
        enabled: !state.archived,
        rev: state.rev,
    });
    rest::ManagedAwayStates { away_states: away_states.collect(), rev }
}

/// A colleague.
///
/// # Errors
/// Internal for a code of a later version.
pub fn team_member(
    of: routing::MemberAvailability,
    names: &Names,
) -> Result<rest::TeamMember, Fault> {
    let presence = match of.presence() {
        routing::Presence::Present => rest::Presence::Present,
        routing::Presence::Absent => rest::Presence::Absent,
        routing::Presence::Unknown | routing::Presence::Unspecified => rest::Presence::Unknown,
    };
    Ok(rest::TeamMember {
        availability: choice(of.availability()).ok_or_else(|| unknown("availability"))?,
        name: names.name(&of.member_id),
        roles: names.roles(&of.member_id),
        member_id: of.member_id,
        away_state_id: filled(of.away_state_id),
        since: moment(of.since)?,
        presence,
        load: of.load,
        capacity: of.capacity,
        hard_limit: of.hard_limit,
        own_capacity: of.own_capacity,
    })
}

/// How much a team's members may own.
#[must_use]
pub fn team_capacity(of: routing::TeamCapacity) -> rest::TeamCapacity {
    let hard_limit = (of.hard_limit > 0).then_some(of.hard_limit);
    rest::TeamCapacity { capacity: of.capacity, hard_limit }
}

/// Why a conversation is where it is.
///
/// # Errors
/// Internal for a moment that is none.
pub fn explanation(of: routing::Explanation, names: &Names) -> Result<rest::Explanation, Fault> {
    let (owner, by) = (names.owner(of.member_id), names.owner(of.by_member_id));
    let candidates = of.candidates.into_iter().map(|candidate| {
        Ok(rest::Candidate {
            name: names.name(&candidate.member_id),
            member_id: candidate.member_id,
            removed_by: filled(candidate.removed_by),
            load: candidate.load,
            capacity: candidate.capacity,
            last_assigned_at: moment(candidate.last_assigned_at)?,
        })
    });
    Ok(rest::Explanation {
        candidates: candidates.collect::<Result<_, Fault>>()?,
        decision_id: of.decision_id,
        at: moment(of.at)?,
        outcome: of.outcome,
        reason: filled(of.reason),
        name: owner.as_ref().map(|owner| owner.name.clone()),
        member_id: owner.map(|owner| owner.member_id),
        by_name: by.as_ref().map(|by| by.name.clone()),
        by_member_id: by.map(|by| by.member_id),
        waiting_since: moment(of.waiting_since)?,
        position: (of.position > 0).then_some(of.position),
        policy_version: of.policy_version,
    })
}
