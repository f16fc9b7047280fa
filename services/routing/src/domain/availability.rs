//! What a member chose: Available, or Away with or without a named reason.
//!
//! Deliberately absent: presence (it comes from live connections), and the conversations that
//! go back to the queue (`ownership`), of which this only says that they must.

use time::OffsetDateTime;

use super::words::{Availability, AwayStateId};

/// What a member chose, as the database keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// What stands now.
    pub availability: Availability,
    /// The named reason for being away; `None` for plain Away.
    pub away_state: Option<AwayStateId>,
    /// Since when.
    pub since: OffsetDateTime,
    /// Grows by one with every change.
    pub epoch: i64,
    /// What the next sign-in starts with, if the member ever said so.
    pub default: Option<Availability>,
    /// The member has chosen once; until then the first sign-in asks.
    pub ever_chosen: bool,
}

impl Chosen {
    /// A member who has never chosen anything is away.
    #[must_use]
    pub const fn never(since: OffsetDateTime) -> Self {
        Self {
            availability: Availability::Away,
            away_state: None,
            since,
            epoch: 0,
            default: None,
            ever_chosen: false,
        }
    }

    /// What the next sign-in starts with: until a member has said, Away.
    #[must_use]
    pub fn starts_with(&self) -> Availability {
        self.default.unwrap_or(Availability::Away)
    }
}

/// A named reason for being away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AwayChoice {
    /// Which one.
    pub state: AwayStateId,
    /// It may not be chosen any more.
    pub archived: bool,
}

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// The member chooses Available.
    Available,
    /// The member chooses Away.
    Away {
        /// The named reason.
        state: Option<AwayChoice>,
        /// Keep the New conversations owned, instead of handing them back at once.
        keep_conversations: bool,
    },
    /// The member says what sign-ins start with.
    Default(Availability),
    /// The member signs in.
    SignIn {
        /// Another session of theirs lives, so that nothing starts.
        other_live_session: bool,
    },
}

/// What follows from a choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What stands afterwards.
    pub chosen: Chosen,
    /// Whether anything changed; if not, it was already so.
    pub changed: bool,
    /// Every New conversation that the member owns goes back to the queue, in the same
    /// transaction.
    pub hand_back: bool,
    /// The member may be handed something from now on: plan.
    pub plan: bool,
}

/// Why a choice cannot be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rejection {
    /// The away state may not be chosen any more.
    Archived,
}

/// Decides what a member's availability becomes. Pure.
///
/// # Errors
/// [`Rejection`] when the rules stand against it; nothing changes then.
pub fn choose(before: &Chosen, choice: Choice, now: OffsetDateTime) -> Result<Change, Rejection> {
    let mut chosen = before.clone();
    let mut hand_back = false;
    match choice {
        Choice::Available => {
            chosen.availability = Availability::Available;
            chosen.away_state = None;
            chosen.ever_chosen = true;
        }
        Choice::Away { state, keep_conversations } => {
            if state.is_some_and(|state| state.archived) {
                return Err(Rejection::Archived);
            }
            chosen.availability = Availability::Away;
            chosen.away_state = state.map(|state| state.state);
            chosen.ever_chosen = true;
            hand_back = !keep_conversations;
        }
        Choice::Default(availability) => {
            chosen.default = Some(availability);
        }
        Choice::SignIn { other_live_session: true } => {}
        Choice::SignIn { other_live_session: false } => {
            chosen.availability = before.starts_with();
            chosen.away_state = None;
            hand_back = chosen.availability == Availability::Away;
        }
    }
    let moved =
        (chosen.availability, chosen.away_state) != (before.availability, before.away_state);
    if moved {
        chosen.since = now;
    }
    let changed = chosen != *before;
    if changed {
        chosen.epoch += 1;
    }
    let plan = moved && chosen.availability == Availability::Available;
    Ok(Change { chosen, changed, hand_back, plan })
}
