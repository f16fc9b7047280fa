//! Rejections of the domain in the words of every edge.

use kit_values::{Class, Fault};

use crate::domain::AvailabilityRejection;
use crate::domain::access::Refusal;
use crate::domain::agent::Removal;
use crate::domain::away_states;
use crate::domain::capacity;
use crate::domain::ownership::Rejection;

/// A rule stood against an owner.
#[must_use]
pub fn rejected(rejection: Rejection) -> Fault {
    let (class, code, sentence) = match rejection {
        Rejection::NotOpen => {
            (Class::Rejected, "not_open", "The conversation is resolved; reopen it first.")
        }
        Rejection::OwnedByAnother { .. } => {
            (Class::Rejected, "owned_by_another", "Somebody else owns the conversation.")
        }
        Rejection::NotYours => (
            Class::Forbidden,
            "supervisor_only",
            "Only a supervisor or an administrator may do this to others' conversations.",
        ),
        Rejection::Removed(Removal::AtHardLimit) => (
            Class::Rejected,
            "at_hard_limit",
            "They own as many new conversations as may be owned.",
        ),
        Rejection::Removed(Removal::NotAllowed) => {
            (Class::Forbidden, "not_allowed", "They may not answer on this channel.")
        }
        Rejection::Removed(_) => (Class::Rejected, "not_possible", "They cannot own it now."),
        Rejection::Stale | Rejection::StillReachable => (
            Class::Conflict,
            "assignment_changed",
            "The assignment was changed by somebody else at the same time.",
        ),
    };
    Fault::new(class, code, sentence)
}

/// Somebody keeps a row that is asked for only briefly. However long they keep it, what waits for
/// it is not at fault: it is tried again without an end, a little later each time.
#[must_use]
pub fn kept(fault: Fault) -> Fault {
    if fault.class() != Class::Conflict {
        return fault;
    }
    Fault::new(Class::Timeout, "row_kept", "Somebody else keeps the row.").caused_by(fault)
}

/// Somebody does not get as far with `what` as they must.
#[must_use]
pub fn refused(refusal: Refusal, what: &'static str) -> Fault {
    match refusal {
        Refusal::NoRole => Fault::new(
            Class::Forbidden,
            "role_missing",
            "Only agents, supervisors and admins may do this.",
        ),
        Refusal::Unseen => Fault::not_found(what),
        Refusal::TooFar => Fault::new(
            Class::Forbidden,
            "access_missing",
            "Your access to this channel does not go that far.",
        ),
    }
}

/// A rule stood against an availability.
#[must_use]
pub fn not_chosen(rejection: AvailabilityRejection) -> Fault {
    match rejection {
        AvailabilityRejection::Archived => Fault::new(
            Class::Rejected,
            "away_state_archived",
            "This away state is archived; choose another one.",
        ),
    }
}

/// A change of the away states that cannot be had.
#[must_use]
pub fn not_an_away_state(rejection: away_states::Rejection) -> Fault {
    use away_states::Rejection;

    let (class, code, sentence) = match rejection {
        Rejection::Name => {
            let sentence = "The name of an away state has 1 to 60 characters.";
            return Fault::invalid("away_state_name", "name", sentence);
        }
        Rejection::Order => {
            let sentence = "Name every away state once.";
            return Fault::invalid("away_state_order", "away_state_ids", sentence);
        }
        Rejection::Unknown => return Fault::not_found("away state"),
        Rejection::NameTaken => (
            Class::Rejected,
            "away_state_name_taken",
            "There is an away state of this name, enabled or not.",
        ),
        Rejection::TooMany => {
            (Class::Rejected, "too_many_away_states", "There are as many away states as may be.")
        }
        Rejection::Stale => {
            (Class::Rejected, "stale", "The away states were changed meanwhile; look again.")
        }
    };
    Fault::new(class, code, sentence)
}

/// A capacity that cannot be had.
#[must_use]
pub fn not_a_capacity(rejection: capacity::Rejection) -> Fault {
    match rejection {
        capacity::Rejection::TooMuch => Fault::invalid(
            "capacity_out_of_range",
            "capacity",
            "The capacity is at most 1000, and the hard limit at most 2000.",
        ),
        capacity::Rejection::LimitBelowCapacity => Fault::invalid(
            "hard_limit_below_capacity",
            "hard_limit",
            "The hard limit is not below the capacity.",
        ),
    }
}

/// Something that agents may not do.
#[must_use]
pub fn supervisors_only() -> Fault {
    let sentence = "Only a supervisor or an administrator may do this.";
    Fault::new(Class::Forbidden, "supervisor_only", sentence)
}

/// Nobody told of the member who calls.
#[must_use]
pub fn member_unknown() -> Fault {
    Fault::new(Class::Forbidden, "member_unknown", "You are not known here yet; try again.")
}

/// The client's key brought about something else.
#[must_use]
pub fn key_reused() -> Fault {
    Fault::invalid("key_reused", "idempotency_key", "This key was used for something else.")
}
