//! What was decided is told: kept, put on the stream, and handed to those who push and mail.

use std::collections::{BTreeMap, BTreeSet};

use kit_store::Transaction;
use kit_store::outbox::{self, Message};
use kit_store::timer::{self, Timer};
use kit_values::{EventId, Fault, OrganizationId, mint_uuid};
use time::{Duration, OffsetDateTime};

use crate::domain::{
    Change, ConversationId, Equipment, Kind, Means, MemberId, NotificationId, Outcome, Reason,
    Seen, Set, Subject, Told, told_by,
};
use crate::store::{people, told};
use crate::wire;

/// Timer: a push.
pub const PUSH: &str = "push";
/// Timer: a push that takes a push back.
pub const WITHDRAW: &str = "withdraw";
/// Timer: a mail.
pub const MAIL: &str = "mail";

/// How many tries one version of a timer counts ([`timer_version`]).
pub const TRIES: i64 = 100;

/// How long a mail waits for its reader to see it in the workspace (`workspace-ui.md` 4.13).
const UNREAD: Duration = Duration::minutes(10);

/// Something to tell.
#[derive(Debug, Clone)]
pub struct Telling {
    organization: OrganizationId,
    told: Told,
    trace: Option<String>,
    /// A test asks for exactly these; otherwise the member's wishes say.
    only: Option<Set>,
}

/// A timer's version: that of the notification, and how often it was tried.
#[must_use]
pub const fn timer_version(rev: i64, tries: i64) -> i64 {
    rev * TRIES + tries
}

impl Telling {
    /// What a decision about a conversation brought.
    #[must_use]
    pub fn of(
        (organization, conversation): (OrganizationId, ConversationId),
        rev: i64,
        change: Change,
        at: OffsetDateTime,
        trace: Option<String>,
    ) -> Self {
        let (notification, settled, count) = match change {
            Change::Raised(notification) => (notification, None, 1),
            Change::Withdrawn(notification, reason) => (notification, Some((at, reason)), 0),
        };
        let raised_rev = if settled.is_none() { rev } else { 0 };
        let told = Told {
            id: notification.id,
            member: notification.member,
            kind: notification.kind,
            subject: Subject::Conversation(conversation),
            at: notification.at,
            badge_only: notification.badge_only,
            count,
            rev,
            raised_rev,
            pushed: false,
            settled,
            outcomes: Vec::new(),
        };
        Self { organization, told, trace, only: None }
    }

    /// A new one that is about no conversation.
    #[must_use]
    pub fn new(
        organization: OrganizationId,
        (member, kind, subject): (MemberId, Kind, Subject),
        at: OffsetDateTime,
        trace: Option<String>,
    ) -> Self {
        let told = Told {
            id: NotificationId::mint(),
            member,
            kind,
            subject,
            at,
            badge_only: false,
            count: 1,
            rev: 1,
            raised_rev: 1,
            pushed: false,
            settled: None,
            outcomes: Vec::new(),
        };
        Self { organization, told, trace, only: None }
    }

    /// A test of one means; it stands for nothing.
    #[must_use]
    pub fn test(
        organization: OrganizationId,
        member: MemberId,
        means: Means,
        now: OffsetDateTime,
    ) -> Self {
        let whose = (member, Kind::Test, Subject::Nothing);
        let mut telling = Self::new(organization, whose, now, None);
        telling.told.settled = Some((now, Reason::Test));
        telling.only = Some(Set::of(&[means]));
        telling
    }

    /// That one is settled which was kept so already.
    #[must_use]
    pub fn settled(
        organization: OrganizationId,
        told: &Told,
        at: OffsetDateTime,
        trace: Option<String>,
    ) -> Self {
        let settled = told.settled.or(Some((at, Reason::Settled)));
        let told = Told { count: 0, settled, ..told.clone() };
        Self { organization, told, trace, only: None }
    }

    /// A test is raised though it stands for nothing.
    fn is_raised(&self) -> bool {
        self.told.settled.is_none() || self.told.kind == Kind::Test
    }
}

/// Tells, in order.
///
/// # Errors
/// Unavailable without the database.
pub async fn tell(
    transaction: &Transaction,
    tellings: Vec<Telling>,
    equipment: Equipment,
) -> Result<(), Fault> {
    tell_all(transaction, tellings, equipment).await.map(drop)
}

/// As [`tell`]; what was told, in order.
///
/// # Errors
/// Unavailable without the database.
pub async fn tell_all(
    transaction: &Transaction,
    mut tellings: Vec<Telling>,
    equipment: Equipment,
) -> Result<Vec<Told>, Fault> {
    if tellings.is_empty() {
        return Ok(Vec::new());
    }
    let members: BTreeSet<_> =
        tellings.iter().map(|telling| (telling.organization, telling.told.member)).collect();
    let wishes = people::wishes(transaction, &members).await?;
    let mut kept: BTreeMap<_, Told> = BTreeMap::new();
    let mut outcomes = BTreeMap::new();
    let mut timers: BTreeMap<(NotificationId, &'static str), Timer> = BTreeMap::new();
    let mut messages = Vec::new();
    for telling in &mut tellings {
        let (organization, trace) = (telling.organization, telling.trace.clone());
        let raised = telling.is_raised();
        let told = &mut telling.told;
        let key = (organization, told.id);
        let wish = wishes.get(&(organization, told.member));
        let arm = |kind: &'static str, due: OffsetDateTime| Timer {
            id: mint_uuid(),
            kind: kind.to_owned(),
            organization,
            aggregate: told.id.uuid(),
            version: timer_version(told.rev, 0),
            due,
        };
        if let (true, Some(wish)) = (raised, wish) {
            let wanted = telling.only.or_else(|| Some(wish.matrix.wants(told.kind.occasion()?)));
            let mut reach = wish.reach;
            reach.away |= told.badge_only;
            let verdicts = told_by(told.kind, wanted.unwrap_or_default(), reach, equipment);
            for (means, verdict) in verdicts {
                if verdict.is_ok() && means == Means::Desktop {
                    timers.insert((told.id, PUSH), arm(PUSH, told.at));
                    timers.remove(&(told.id, WITHDRAW));
                }
                if verdict.is_ok() && means == Means::Email {
                    let wait = if is_urgent(told.kind) { Duration::ZERO } else { UNREAD };
                    timers.insert((told.id, MAIL), arm(MAIL, told.at + wait));
                }
            }
            let seen = verdicts.map(|(means, verdict)| Seen {
                means,
                outcome: match (verdict, means) {
                    (Err(_), _) => Outcome::Not,
                    (Ok(()), Means::InApp | Means::Sound) => Outcome::Sent,
                    (Ok(()), Means::Desktop | Means::Email) => Outcome::Queued,
                },
                reason: verdict.err().map(|why| why.code().to_owned()).unwrap_or_default(),
                at: told.at,
            });
            told.outcomes = seen.to_vec();
            outcomes.insert(key, told.outcomes.clone());
        }
        if let (false, true) = (raised, wish.is_some_and(|wish| wish.reach.has_subscription)) {
            let at = told.settled.map_or(told.at, |(at, _)| at);
            timers.insert((told.id, WITHDRAW), arm(WITHDRAW, at));
        }
        messages.push(message(organization, told, raised, trace));
        kept.entry(key)
            .and_modify(|known| {
                let raised_rev = known.raised_rev.max(told.raised_rev);
                *known = Told { count: known.count + told.count, raised_rev, ..told.clone() };
            })
            .or_insert_with(|| told.clone());
    }
    told::save(transaction, &kept).await?;
    told::save_outcomes(transaction, &outcomes).await?;
    let timers: Vec<Timer> = timers.into_values().collect();
    timer::arm(transaction, &timers).await?;
    outbox::append(transaction, messages).await?;
    Ok(tellings.into_iter().map(|telling| telling.told).collect())
}

/// Whether a mail does not wait to be seen elsewhere first.
const fn is_urgent(kind: Kind) -> bool {
    matches!(kind, Kind::ChannelUnhealthy | Kind::Test)
}

fn message(
    organization: OrganizationId,
    told: &Told,
    raised: bool,
    trace: Option<String>,
) -> Message {
    let event = EventId::mint();
    let at = if raised { told.at } else { told.settled.map_or(told.at, |(at, _)| at) };
    let (fact, payload) = wire::event(event, organization, told, raised, at);
    let aggregate = match told.subject {
        Subject::Conversation(id) => id.uuid(),
        Subject::Channel(_) | Subject::Nothing => told.id.uuid(),
    };
    Message {
        event,
        organization: Some(organization),
        subject: kit_bus::subject(crate::topology::PRODUCER, None, Some(organization), fact),
        network: None,
        lane: outbox::lane(aggregate),
        payload,
        occurred_at: at,
        trace,
    }
}
