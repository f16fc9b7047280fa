//! `decide`: what a signal means for the one notification that a conversation may have.
//!
//! Of each source the newest word stands, so that signals may come in any order and more than
//! once. Deliberately absent: whether the member looks at the conversation right now, which only
//! the browser knows.

use time::OffsetDateTime;

use super::{Channel, ConversationId, MemberId, NotificationId, Person};

/// What a member is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A conversation was handed to the member, by the planner or by somebody else.
    AssignedToYou,
    /// The contact wrote in a conversation of the member.
    CustomerAnswered,
    /// A reply in a conversation of the member failed for good.
    ReplyFailed,
    /// A network refuses an account's token; admins are told.
    ChannelUnhealthy,
    /// The member wants to see whether it comes.
    Test,
}

/// A notification that stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Notification {
    /// Which one; a newer one of the same conversation keeps it.
    pub id: NotificationId,
    /// Who is told.
    pub member: MemberId,
    /// What.
    pub kind: Kind,
    /// When it happened.
    pub at: OffsetDateTime,
    /// The member is away: nothing but the badge (`product.md` 8).
    pub badge_only: bool,
}

/// What is known of a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// Its owner, by the greatest epoch.
    pub owner: Option<MemberId>,
    /// That epoch; 0 before the first.
    pub epoch: i64,
    /// The greatest rev; 0 before the first.
    pub rev: i64,
    /// By that rev, its contact waits.
    pub waits: bool,
    /// What stands.
    pub notification: Option<Notification>,
    /// Grows with everything that is told about this conversation.
    pub notification_rev: i64,
}

impl Known {
    /// Before anything was heard of it.
    pub const NOTHING: Self = Self {
        owner: None,
        epoch: 0,
        rev: 0,
        waits: false,
        notification: None,
        notification_rev: 0,
    };
}

/// Whose a conversation became.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owned {
    /// Nobody's, if none.
    pub owner: Option<MemberId>,
    /// Routing's epoch.
    pub epoch: i64,
    /// The owner did not do it: it was handed to them.
    pub handed: bool,
}

/// How a conversation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Its rev.
    pub rev: i64,
    /// Its contact waits (it is New).
    pub waits: bool,
    /// The contact just wrote.
    pub wrote: bool,
    /// Its state just changed, or it became part of another: not only its owner or its lock.
    pub moved: bool,
}

/// Whether a member is away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Availability {
    /// Who.
    pub member: MemberId,
    /// Is away.
    pub away: bool,
    /// Routing's epoch.
    pub epoch: i64,
}

/// What was heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// From routing.
    Owned(Owned),
    /// From conversation.
    Standing(Standing),
    /// From delivery: a reply in it failed for good.
    ReplyFailed,
    /// The member has it on the screen.
    Read(MemberId),
}

/// What this service heeds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heeded {
    /// Something about a conversation.
    Conversation(ConversationId, Signal),
    /// Whether a member is away.
    Availability(Availability),
    /// Whether a network takes an account's token.
    Channel(Channel),
    /// Who a member is.
    Person(Person),
    /// In which language mails are written.
    Language(String),
}

/// Whether members are away.
pub trait Away {
    /// Whether this one is; nobody is until it was heard.
    fn is_away(&self, member: MemberId) -> bool;
}

/// Why a notification no longer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The member read it.
    Read,
    /// The contact no longer waits: it was answered, put aside or resolved.
    Settled,
    /// Somebody else has the conversation now, or nobody.
    HandedOn,
    /// It was a test.
    Test,
}

impl Reason {
    /// Its stable word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Settled => "settled",
            Self::HandedOn => "handed_on",
            Self::Test => "test",
        }
    }
}

/// What is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// A new one, or one in the place of another.
    Raised(Notification),
    /// This one no longer stands.
    Withdrawn(Notification, Reason),
}

/// Decides. `spare` is the id of a notification, should a new one be raised. The second value is
/// what is told, in order; nothing for what was known already.
#[must_use]
pub fn decide(
    mut known: Known,
    signal: Signal,
    away: &impl Away,
    spare: NotificationId,
    at: OffsetDateTime,
) -> (Known, Vec<Change>) {
    let mut changes = Vec::new();
    match signal {
        Signal::Owned(owned) if owned.epoch > known.epoch => {
            (known.owner, known.epoch) = (owned.owner, owned.epoch);
            let is_others =
                known.notification.is_some_and(|standing| Some(standing.member) != owned.owner);
            if is_others {
                withdraw(&mut known, Reason::HandedOn, &mut changes);
            }
            if owned.handed {
                raise(&mut known, Kind::AssignedToYou, away, spare, at, &mut changes);
            }
        }
        Signal::Standing(standing) => {
            if standing.rev > known.rev {
                (known.rev, known.waits) = (standing.rev, standing.waits);
            }
            // An older word that the contact wrote still counts while the contact waits.
            if known.waits && standing.wrote {
                raise(&mut known, Kind::CustomerAnswered, away, spare, at, &mut changes);
            }
            // One that was handed over while nobody waited in it stands until it is read.
            if !known.waits && standing.moved {
                withdraw(&mut known, Reason::Settled, &mut changes);
            }
        }
        // Whoever owns it has to see to it; when nobody does, it is handed to somebody first.
        Signal::ReplyFailed => raise(&mut known, Kind::ReplyFailed, away, spare, at, &mut changes),
        Signal::Read(member)
            if known.notification.is_some_and(|standing| standing.member == member) =>
        {
            withdraw(&mut known, Reason::Read, &mut changes);
        }
        Signal::Owned(_) | Signal::Read(_) => {}
    }
    known.notification_rev += i64::try_from(changes.len()).unwrap_or_default();
    (known, changes)
}

fn raise(
    known: &mut Known,
    kind: Kind,
    away: &impl Away,
    spare: NotificationId,
    at: OffsetDateTime,
    changes: &mut Vec<Change>,
) {
    let Some(member) = known.owner else { return };
    let id = known.notification.map_or(spare, |standing| standing.id);
    let notification = Notification { id, member, kind, at, badge_only: away.is_away(member) };
    known.notification = Some(notification);
    changes.push(Change::Raised(notification));
}

fn withdraw(known: &mut Known, reason: Reason, changes: &mut Vec<Change>) {
    if let Some(standing) = known.notification.take() {
        changes.push(Change::Withdrawn(standing, reason));
    }
}
