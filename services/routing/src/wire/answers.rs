//! The domain's words → answers of calls.

use kit_values::Fault;
use prost::Message as _;
use proto::conversation::v1::State as Stood;
use proto::routing::v1 as pb;

use super::timestamp;
use crate::app::Kept;
use crate::domain::availability::Chosen;
use crate::domain::capacity::Allowance;
use crate::domain::explanation::Candidate;
use crate::domain::ownership::Assignment;
use crate::domain::presence::Presence;
use crate::domain::view::{AwayState, Teammate, Told};
use crate::domain::words::{Availability, ConversationId, MemberId, State};

/// What a member chose and how much they own.
#[must_use]
pub fn availability(view: &Teammate) -> pb::MemberAvailability {
    let chosen: &Chosen = &view.chosen;
    pb::MemberAvailability {
        member_id: view.member.to_string(),
        availability: word(chosen.availability).into(),
        away_state_id: chosen.away_state.map(|id| id.to_string()).unwrap_or_default(),
        since: Some(timestamp(chosen.since)),
        epoch: chosen.epoch,
        presence: presence(view.presence).into(),
        load: whole(view.load),
        capacity: whole(view.capacity),
        hard_limit: whole(view.hard_limit),
        default_availability: chosen.default.map_or(pb::Availability::Unspecified, word).into(),
        own_capacity: view.own_capacity.map(whole),
    }
}

/// How much the members of a team may own.
#[must_use]
pub fn team_capacity(team: Allowance) -> pb::TeamCapacity {
    pb::TeamCapacity {
        capacity: whole(team.capacity()),
        hard_limit: team.hard_limit().map_or(0, whole),
    }
}

const fn word(availability: Availability) -> pb::Availability {
    match availability {
        Availability::Available => pb::Availability::Available,
        Availability::Away => pb::Availability::Away,
    }
}

/// What a call asks for; `None` when it says nothing.
#[must_use]
pub fn read_availability(code: i32) -> Option<Availability> {
    match pb::Availability::try_from(code) {
        Ok(pb::Availability::Available) => Some(Availability::Available),
        Ok(pb::Availability::Away) => Some(Availability::Away),
        Ok(pb::Availability::Unspecified) | Err(_) => None,
    }
}

const fn presence(presence: Option<Presence>) -> pb::Presence {
    match presence {
        Some(Presence::Present) => pb::Presence::Present,
        Some(Presence::Absent) => pb::Presence::Absent,
        // Not seen for a moment, and nobody knows yet whether for good.
        Some(Presence::Unseen | Presence::Unknown) => pb::Presence::Unknown,
        None => pb::Presence::Unspecified,
    }
}

/// What became of one of several conversations, as it is kept.
#[must_use]
pub fn assigned(
    conversation: ConversationId,
    before: Option<&Assignment>,
    refused: Option<&Fault>,
) -> Vec<u8> {
    let result = pb::AssignResult {
        conversation_id: conversation.to_string(),
        done: refused.is_none(),
        code: refused.map(|fault| fault.code().to_owned()).unwrap_or_default(),
        sentence: refused.map(|fault| fault.sentence().to_owned()).unwrap_or_default(),
        state_before: before.map_or(Stood::Unspecified, |before| stood(before.state)).into(),
        owner_before: before
            .and_then(|before| before.owner)
            .map(|owner| owner.to_string())
            .unwrap_or_default(),
    };
    result.encode_to_vec()
}

/// What was kept.
///
/// # Errors
/// Internal when it cannot be read.
pub fn kept_assigned(answer: &[u8]) -> Result<pb::AssignResult, Fault> {
    pb::AssignResult::decode(answer).map_err(Fault::internal)
}

const fn stood(state: State) -> Stood {
    match state {
        State::New => Stood::New,
        State::Pending => Stood::Pending,
        State::Resolved => Stood::Resolved,
        // It goes on elsewhere, which is no state that anything could go back to.
        State::Absorbed => Stood::Unspecified,
    }
}

/// A named reason for being away.
#[must_use]
pub fn away_state(state: &AwayState) -> pb::AwayState {
    pb::AwayState {
        away_state_id: state.id.to_string(),
        name: state.name.clone(),
        position: state.position,
        archived: state.archived,
        rev: state.rev,
    }
}

/// A decision, explained.
#[must_use]
pub fn explanation(told: &Told) -> pb::Explanation {
    pb::Explanation {
        decision_id: told.decision.map(|id| id.to_string()).unwrap_or_default(),
        conversation_id: told.conversation.to_string(),
        at: Some(timestamp(told.at)),
        outcome: told.outcome.clone(),
        reason: told.reason.clone().unwrap_or_default(),
        member_id: told.member.map(|id| id.to_string()).unwrap_or_default(),
        by_member_id: told.by.map(|id| id.to_string()).unwrap_or_default(),
        waiting_since: told.waiting_since.map(timestamp),
        candidates: told.candidates.iter().map(candidate).collect(),
        policy_version: told.policy_version,
        position: told.position.map_or(0, whole),
    }
}

fn candidate(candidate: &Candidate) -> pb::Candidate {
    pb::Candidate {
        member_id: candidate.member.to_string(),
        removed_by: candidate.removed.map_or("", |removal| removal.name()).to_owned(),
        load: whole(candidate.load),
        capacity: whole(candidate.capacity),
        last_assigned_at: candidate.last_assigned_at.map(timestamp),
    }
}

fn whole(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

/// An entry of the audit table as others see it.
#[must_use]
pub fn entry(entry: Kept) -> proto::audit::v1::Entry {
    proto::audit::v1::Entry {
        number: entry.number,
        at: Some(timestamp(entry.at)),
        member_id: entry.member.map(|id| MemberId::from_uuid(id).to_string()).unwrap_or_default(),
        act: entry.act,
        subject: entry.subject,
        detail: entry.detail,
        hash: entry.hash,
        service: entry.service,
    }
}
