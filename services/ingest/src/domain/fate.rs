//! What operators are told.

use kit_values::{EventId, OrganizationId};
use time::OffsetDateTime;

use super::{ItemId, Outcome, ParkedId};

/// An outcome without its reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Settled {
    /// Committed and handed on.
    Stored,
    /// The same item was stored before.
    Duplicate,
    /// It makes no message.
    Ignored,
    /// For its account or its author.
    Waiting,
    /// Unreadable.
    Parked,
}

impl Settled {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Stored, Self::Duplicate, Self::Ignored, Self::Waiting, Self::Parked];

    /// Its word in tables and counters.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stored => "stored",
            Self::Duplicate => "duplicate",
            Self::Ignored => "ignored",
            Self::Waiting => "waiting",
            Self::Parked => "parked",
        }
    }
}

impl From<Outcome> for Settled {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Stored => Self::Stored,
            Outcome::Duplicate => Self::Duplicate,
            Outcome::Ignored(_) => Self::Ignored,
            Outcome::Waiting(_) => Self::Waiting,
            Outcome::Parked(_) => Self::Parked,
        }
    }
}

/// What became of one item of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fate {
    /// The item.
    pub item: ItemId,
    /// The network's own word for the kind.
    pub kind: String,
    /// The network's id; empty when it has none.
    pub external_id: String,
    /// What became of it.
    pub outcome: Settled,
    /// Stable code; empty for stored and duplicate.
    pub reason: String,
    /// The event that carried it on, or that carried the one that it doubles.
    pub event: Option<EventId>,
}

/// Something parked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shelved {
    /// Its id.
    pub id: ParkedId,
    /// Stable code.
    pub reason: String,
    /// A sentence without any customer's words.
    pub detail: String,
    /// When.
    pub parked_at: OffsetDateTime,
    /// Whose, when that can be told.
    pub organization: Option<OrganizationId>,
    /// Who parked it.
    pub source: String,
    /// The size of what it was parked for.
    pub bytes: usize,
    /// When it was replayed, if it was.
    pub replayed_at: Option<OffsetDateTime>,
}
