//! What a member sees and says.

use std::collections::{BTreeMap, BTreeSet};

use kit_store::Transaction;
use kit_values::{Class, Fault, OrganizationId};
use time::{Duration, OffsetDateTime};

use super::hear::lock_key;
use super::tell::{Telling, tell, tell_all};
use crate::domain::{
    Away, ConversationId, Equipment, Heeded, Means, MemberId, NotificationId, Occasion, Outcome,
    Reason, Seen, Set, Signal, Told, advance, decide,
};
use crate::store::people::{self, Preference};
use crate::store::{self, told};

/// How long a settled notification is kept.
const KEPT: Duration = Duration::days(30);

/// Nobody's being away matters when something is withdrawn.
struct Irrelevant;

impl Away for Irrelevant {
    fn is_away(&self, _: MemberId) -> bool {
        false
    }
}

/// What a member has read.
#[derive(Debug, Clone, Copy)]
pub enum Read {
    /// A conversation is on their screen.
    Conversation(ConversationId),
    /// One that is about no conversation.
    One(NotificationId),
    /// All of them.
    All,
}

/// The member has read it: what stands of it no longer does.
///
/// # Errors
/// Unavailable without the database.
pub async fn mark_read(
    transaction: &Transaction,
    organization: OrganizationId,
    member: MemberId,
    read: Read,
    equipment: Equipment,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    let signal = Signal::Read(member);
    let trace = kit_service::telemetry::trace_context();
    let conversations = match read {
        Read::Conversation(conversation) => vec![conversation],
        Read::One(_) => Vec::new(),
        Read::All => told::conversations_of(transaction, organization, member).await?,
    };
    let mut locks: Vec<i64> = conversations
        .iter()
        .map(|id| lock_key(organization, &Heeded::Conversation(*id, signal)))
        .collect();
    locks.sort_unstable();
    transaction.lock(&locks).await?;
    let keys = conversations.into_iter().map(|id| (organization, id)).collect();
    let known = store::load(transaction, &keys).await?;
    let (mut tellings, mut touched) = (Vec::new(), BTreeMap::new());
    for (key, before) in known {
        let (after, changes) = decide(before, signal, &Irrelevant, NotificationId::mint(), now);
        let telling = |change| Telling::of(key, after.notification_rev, change, now, trace.clone());
        if !changes.is_empty() {
            touched.insert(key, after);
        }
        tellings.extend(changes.into_iter().map(telling));
    }
    if !touched.is_empty() {
        store::save(transaction, &touched).await?;
    }
    let others = match read {
        Read::Conversation(_) => None,
        Read::One(notification) => Some(told::Which::One(member, notification)),
        Read::All => Some(told::Which::OfMember(member)),
    };
    if let Some(which) = others {
        let settled = told::settle(transaction, organization, which, Reason::Read, now).await?;
        let settled = settled.iter();
        tellings.extend(settled.map(|it| Telling::settled(organization, it, now, trace.clone())));
    }
    tell(transaction, tellings, equipment).await
}

/// Forgets some of what was settled long ago in these organizations; gives how many.
///
/// # Errors
/// Unavailable without the database.
pub async fn forget(
    transaction: &Transaction,
    organizations: &BTreeSet<OrganizationId>,
    now: OffsetDateTime,
) -> Result<u64, Fault> {
    told::forget(transaction, organizations, now - KEPT).await
}

/// Tells the member something to see whether it comes; what became of it so far.
///
/// # Errors
/// Unavailable without the database.
pub async fn test(
    transaction: &Transaction,
    organization: OrganizationId,
    member: MemberId,
    means: Means,
    equipment: Equipment,
    now: OffsetDateTime,
) -> Result<Told, Fault> {
    let telling = Telling::test(organization, member, means, now);
    let mut told = tell_all(transaction, vec![telling], equipment).await?;
    told.pop().ok_or_else(|| Fault::internal("a test told nothing"))
}

/// Keeps what a browser did with a member's notification, unless that was an earlier one in its
/// place: `rev` is that of what the browser had, 0 where it does not say.
///
/// # Errors
/// Not found when the member has none such.
pub async fn record(
    transaction: &Transaction,
    organization: OrganizationId,
    member: MemberId,
    (notification, rev): (NotificationId, i64),
    heard: Seen,
) -> Result<(), Fault> {
    let found = told::find(transaction, organization, notification).await?;
    let found = found.filter(|told| told.member == member);
    let told = found.ok_or_else(|| Fault::not_found("notification"))?;
    if rev != 0 && rev < told.raised_rev {
        return Ok(());
    }
    keep(transaction, organization, &told, heard).await
}

/// Keeps what became of a notification by one means, unless it came further already.
///
/// # Errors
/// Unavailable without the database.
pub async fn keep(
    transaction: &Transaction,
    organization: OrganizationId,
    told: &Told,
    heard: Seen,
) -> Result<(), Fault> {
    let known = told.outcomes.iter().find(|seen| seen.means == heard.means);
    if known.is_some_and(|known| !advance(known.outcome, heard.outcome)) {
        return Ok(());
    }
    if heard.outcome >= Outcome::Shown {
        metrics::counter!("notifications_shown").increment(1);
    }
    let outcomes = [((organization, told.id), vec![heard])].into();
    told::save_outcomes(transaction, &outcomes).await
}

/// Keeps what a member wants, if nobody changed it meanwhile.
///
/// # Errors
/// Rejected as changed; invalid when what is asked for is not offered.
pub async fn choose(
    transaction: &Transaction,
    organization: OrganizationId,
    member: MemberId,
    chosen: &[(Occasion, Set)],
    volume: i16,
    rev: i64,
) -> Result<Preference, Fault> {
    let known = people::preference(transaction, organization, member).await?;
    if known.rev != rev {
        let sentence = "These preferences were changed meanwhile; look at them again.";
        return Err(Fault::new(Class::Rejected, "preferences_changed", sentence));
    }
    let mut matrix = known.matrix;
    for (occasion, wanted) in chosen {
        matrix = matrix.with(*occasion, *wanted).ok_or_else(|| {
            let sentence = "This event is not told by these means.";
            Fault::invalid("means_not_offered", "matrix", sentence)
        })?;
    }
    if !(0..=100).contains(&volume) {
        return Err(Fault::invalid("volume", "sound.volume", "A volume is 0 to 100."));
    }
    let next = Preference { matrix, volume, rev: known.rev + 1 };
    people::save_preference(transaction, organization, member, next).await?;
    Ok(next)
}
