//! What is shown to people: members with their availability, reasons for being away, decisions.

use time::OffsetDateTime;

use super::availability::Chosen;
use super::explanation::Candidate;
use super::presence::Presence;
use super::words::{AwayStateId, ConversationId, DecisionId, MemberId};

/// A member as others see them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Teammate {
    /// Who.
    pub member: MemberId,
    /// What they chose.
    pub chosen: Chosen,
    /// Whether they are there; `None` where nobody looked.
    pub presence: Option<Presence>,
    /// New conversations owned.
    pub load: u32,
    /// Nothing more is handed at this load.
    pub capacity: u32,
    /// Nothing more may be owned at this load.
    pub hard_limit: u32,
    /// Their capacity where it is not the team's.
    pub own_capacity: Option<u32>,
}

/// A named reason for being away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AwayState {
    /// Its id.
    pub id: AwayStateId,
    /// 1 to 60 characters.
    pub name: String,
    /// Its place in the list.
    pub position: i32,
    /// May not be chosen any more.
    pub archived: bool,
    /// Of its last change; each change of the list, its order included, has a greater one.
    pub rev: i64,
}

/// A decision, explained, as it was kept: words stay as they were written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Its id; `None` for what was found out only now.
    pub decision: Option<DecisionId>,
    /// About which conversation.
    pub conversation: ConversationId,
    /// When.
    pub at: OffsetDateTime,
    /// What was decided.
    pub outcome: String,
    /// What spoke against it.
    pub reason: Option<String>,
    /// The owner after it.
    pub member: Option<MemberId>,
    /// Who decided by hand.
    pub by: Option<MemberId>,
    /// Since when the contact waits.
    pub waiting_since: Option<OffsetDateTime>,
    /// By which settings; 0 where none were used.
    pub policy_version: i64,
    /// Who was looked at.
    pub candidates: Vec<Candidate>,
    /// Its place in the queue, from 1; only while it waits.
    pub position: Option<u32>,
}
