//! Who wrote what: asked for, taken by workers, and answered.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use kit_store::{Scope, Transaction, outbox};
use kit_values::{EventId, Fault};
use networks::outbound::Call;
use networks::{Network, Person};
use time::OffsetDateTime;

use crate::calls;
use crate::domain::budget::{Budget, Ledger, Name, Turn};
use crate::domain::letter::Account;
use crate::domain::lookup::{LONGEST_PAUSE, Lookup, Shown, Step, Subject};
use crate::domain::words::ChannelId;
use crate::store;
use crate::topology::PRODUCER;
use crate::{metrics, wire};

/// For how long it is kept how one ended.
const KEPT: Duration = Duration::from_hours(30 * 24);

/// How long one waits whose account directory has not told of yet.
const UNTOLD: Duration = Duration::from_secs(30);

/// Most that are forgotten in one transaction.
const PAGE: i64 = 500;

/// How many are begun, and for how long they are the worker's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// So many at most, one of each account.
    pub slots: usize,
    /// Accounts of which none is to be taken.
    pub busy: Vec<ChannelId>,
    /// Longer than a call may take.
    pub lease: Duration,
}

/// A lookup that is a worker's own for a while. Made twice, it is answered once.
#[derive(Debug, Clone)]
pub struct Looking {
    /// What is wanted.
    pub lookup: Lookup,
    /// In whose name.
    pub account: Account,
    /// What is asked of the network.
    pub call: Call,
}

/// What a call showed, beside what was wanted.
#[derive(Debug, Clone)]
pub struct Answered {
    /// Who it is, if that was shown.
    pub shown: Shown,
    /// What the network still takes.
    pub budgets: Vec<(Name, Budget)>,
    /// Nobody of the account, or of the application, asks such a thing before this.
    pub closed: Option<(Name, Budget)>,
}

/// Keeps what is wanted; what is kept already stays as it is.
///
/// # Errors
/// Unavailable when the database is away.
pub async fn want(transaction: &Transaction, wanted: &[Lookup]) -> Result<(), Fault> {
    store::add_lookups(transaction, wanted).await
}

/// Takes what may be made now, of what replies leave of the limits. Gives also how many were
/// looked at.
///
/// # Errors
/// Unavailable when the database is away.
pub async fn begin_lookups(
    transaction: &Transaction,
    network: Network,
    share: &Share,
) -> Result<(Vec<Looking>, usize), Fault> {
    let Share { slots, busy, lease } = share;
    let keys = store::claim_lookups(transaction, network, *slots, busy, *lease).await?;
    if keys.is_empty() {
        return Ok((Vec::new(), 0));
    }
    transaction.rescope(&keys.iter().map(|key| key.organization).collect::<Scope>()).await?;
    let lookups = store::load_lookups(transaction, &keys).await?;
    let wanted = lookups.iter().map(|it| (it.key.organization, it.channel)).collect();
    let accounts = store::accounts(transaction, &wanted).await?;
    let applications = accounts.values().map(|account| account.application.uuid()).collect();
    let channels = accounts.values().map(|account| account.channel.uuid()).collect();
    let mut ledger = store::ledger(transaction, &applications, &channels).await?;
    let now = store::now(transaction).await?;
    let mut begun = Vec::new();
    for lookup in lookups {
        if lookup.is_over(now) {
            apply(transaction, &lookup, Lookup::given_up(), now).await?;
            continue;
        }
        let Some(account) = accounts.get(&(lookup.key.organization, lookup.channel)) else {
            store::put_off_lookup(transaction, &lookup, now + UNTOLD, "account_unknown").await?;
            continue;
        };
        match calls::author(account, &lookup) {
            Err(reason) => apply(transaction, &lookup, Step::End(Err(reason)), now).await?,
            Ok(call) => match spare(&mut ledger, account, &call, now) {
                Turn::Now => begun.push(Looking { lookup, account: account.clone(), call }),
                Turn::At { until, reason } => {
                    // The account's others of its kind would have to wait as this one has.
                    let until = until.min(now + LONGEST_PAUSE);
                    store::put_off_lookup(transaction, &lookup, until, &reason).await?;
                    store::hold_lookups(transaction, &lookup, until).await?;
                }
            },
        }
    }
    store::save_ledger(transaction, &ledger).await?;
    Ok((begun, keys.len()))
}

fn spare(ledger: &mut Ledger, account: &Account, call: &Call, now: OffsetDateTime) -> Turn {
    let holders = [account.application.uuid(), account.channel.uuid()];
    let shared: Vec<&str> = calls::limits(account, call);
    let allowances = calls::allowances(account, call);
    ledger.take_spare(&holders, call.counted_as(), &shared, &allowances, now)
}

/// Writes down what a call showed, and tells it if that is the end.
///
/// # Errors
/// Unavailable when the database is away.
pub async fn settle_lookup(
    transaction: &Transaction,
    looking: &Looking,
    answered: &Answered,
) -> Result<(), Fault> {
    let Looking { lookup, account, .. } = looking;
    let now = store::now(transaction).await?;
    // As whoever begins some does: the turn, the limits, the lookup itself.
    store::lock_lookup_turn(transaction, lookup.key).await?;
    let budgets: BTreeMap<Name, Budget> =
        answered.budgets.iter().chain(&answered.closed).cloned().collect();
    if !budgets.is_empty() {
        let application = BTreeSet::from([account.application.uuid()]);
        let channel = BTreeSet::from([account.channel.uuid()]);
        let mut ledger = store::ledger(transaction, &application, &channel).await?;
        for (name, budget) in budgets {
            ledger.observe(name, budget, now);
        }
        store::save_ledger(transaction, &ledger).await?;
    }
    let current = store::load_lookups(transaction, &[lookup.key]).await?;
    if let Some(current) = current.first() {
        apply(transaction, current, current.step(answered.shown.clone(), now), now).await?;
    }
    Ok(())
}

async fn apply(
    transaction: &Transaction,
    lookup: &Lookup,
    step: Step,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    let who = match step {
        Step::Again { at, reason } => {
            let later = Lookup { tries: lookup.tries.saturating_add(1), ..lookup.clone() };
            return store::put_off_lookup(transaction, &later, at, reason).await;
        }
        Step::End(who) => who,
    };
    let reason = who.as_ref().map_or_else(String::as_str, |_| "found");
    if !store::end_lookup(transaction, lookup.key, reason, now + KEPT).await? {
        return Ok(());
    }
    metrics::looked_up(lookup.network, if who.is_ok() { "found" } else { "not_found" });
    outbox::append(transaction, vec![message(lookup, &who, now)]).await
}

/// The answer, under a subject without a network, as the question came.
fn message(lookup: &Lookup, who: &Result<Person, String>, now: OffsetDateTime) -> outbox::Message {
    let event = EventId::mint();
    let organization = Some(lookup.key.organization);
    outbox::Message {
        event,
        organization,
        subject: kit_bus::subject(PRODUCER, None, organization, wire::lookups::AUTHOR_ANSWERED),
        network: None,
        lane: outbox::lane(lookup.channel.uuid()),
        payload: wire::lookups::answered(event, lookup, who, now),
        occurred_at: now,
        trace: lookup.trace.clone(),
    }
}

/// Forgets what ended long ago; gives whether there may be more.
///
/// # Errors
/// Unavailable when the database is away.
pub async fn forget_lookups(transaction: &Transaction) -> Result<bool, Fault> {
    let old: Vec<Subject> = store::forget_lookup_turns(transaction, PAGE).await?;
    if old.is_empty() {
        return Ok(false);
    }
    transaction.rescope(&old.iter().map(|key| key.organization).collect::<Scope>()).await?;
    store::forget_lookups(transaction, &old).await?;
    Ok(i64::try_from(old.len()).is_ok_and(|found| found >= PAGE))
}
