//! Workers take what may be made now, by fair turns, within the networks' limits.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use kit_store::{Scope, Transaction};
use kit_values::{Fault, OrganizationId};
use networks::Network;
use networks::outbound::Call;
use time::OffsetDateTime;
use uuid::Uuid;

use super::arrived::arrived;
use super::step::apply;
use crate::calls;
use crate::domain::attempt::{Command, State};
use crate::domain::budget::{Ledger, Turn};
use crate::domain::letter::{Account, Entry};
use crate::domain::turns::{Queue, share};
use crate::domain::words::{ChannelId, Key};
use crate::store;

/// How much is begun at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// So many at most.
    pub slots: usize,
    /// Under way for one account at most.
    pub per_account: usize,
    /// For how long an attempt is the worker's own.
    pub lease: Duration,
}

/// An attempt that is the worker's own.
#[derive(Debug, Clone)]
pub struct Begun {
    /// Which.
    pub key: Key,
    /// Of its lease.
    pub fence: i64,
    /// In whose name.
    pub account: Account,
    /// What is asked of the network.
    pub call: Call,
    /// W3C `traceparent` of what queued it.
    pub trace: Option<String>,
}

/// Takes attempts to one network. Those that have to wait for a limit are put off, those that
/// cannot be made any more are given up. Gives also how many were looked at.
///
/// # Errors
/// Unavailable when the database is away.
pub async fn begin(
    transaction: &Transaction,
    network: Network,
    pace: Pace,
) -> Result<(Vec<Begun>, usize), Fault> {
    let most = pace.slots.max(pace.per_account);
    let heads = store::heads(transaction, network, most).await?;
    if heads.is_empty() {
        return Ok((Vec::new(), 0));
    }
    transaction.rescope(&heads.iter().map(|head| head.organization).collect::<Scope>()).await?;
    let wanted = heads.iter().map(|head| (head.organization, head.channel)).collect();
    let accounts = store::accounts(transaction, &wanted).await?;
    // An account that directory has not told of yet keeps its place.
    let queues: Vec<Queue> = heads
        .iter()
        .filter_map(|head| {
            let account = accounts.get(&(head.organization, head.channel))?;
            Some(Queue {
                application: account.application.uuid(),
                account: head.channel.uuid(),
                ready: head.ready,
                busy: head.busy,
                oldest: head.oldest,
            })
        })
        .collect();
    let shares = share(&queues, pace.slots, pace.per_account);
    if shares.is_empty() {
        return Ok((Vec::new(), 0));
    }
    let keys: BTreeSet<Key> =
        store::claim(transaction, network, &shares).await?.into_iter().collect();
    // Locked together, in one order: of two about one thing only one is ever being made.
    let mut all = store::siblings(transaction, &keys).await?;
    all.extend(&keys);
    let entries = store::load(transaction, &all).await?;
    let begun = lease(transaction, &keys, entries, &accounts, pace.lease).await?;
    Ok((begun, keys.len()))
}

/// What becomes of requests about one thing when the newest has its turn: the older ones, which
/// nobody has begun, end. Nothing happens while one is being made.
fn superseding(
    claimed: &BTreeSet<Key>,
    entries: &BTreeMap<Key, Entry>,
) -> (BTreeMap<Key, Command>, BTreeSet<Key>) {
    let (mut ended, mut kept) = (BTreeMap::new(), BTreeSet::new());
    let about = |entry: &Entry| {
        let request = entry.letter.request.as_ref()?;
        Some((entry.attempt.key.organization, request.thing.clone(), request.turn))
    };
    for key in claimed {
        let Some((organization, thing, turn)) = entries.get(key).and_then(about) else { continue };
        for other in entries.values() {
            let Some((theirs, of, when)) = about(other) else { continue };
            if other.attempt.key == *key || (theirs, &of) != (organization, &thing) {
                continue;
            }
            match other.attempt.state {
                State::Sending { .. } => {
                    kept.insert(*key);
                }
                State::Queued | State::Waiting { .. } => {
                    let older = if when < turn { other.attempt.key } else { *key };
                    ended.insert(older, Command::GiveUp(super::superseded()));
                }
                State::Sent(_) | State::Failed(_) | State::Unknown(_) => {}
            }
        }
    }
    (ended, kept)
}

type Accounts = BTreeMap<(OrganizationId, ChannelId), Account>;

async fn lease(
    transaction: &Transaction,
    claimed: &BTreeSet<Key>,
    entries: BTreeMap<Key, Entry>,
    accounts: &Accounts,
    lease: Duration,
) -> Result<Vec<Begun>, Fault> {
    let theirs = |entry: &Entry| {
        accounts.get(&(entry.attempt.key.organization, entry.letter.channel)).cloned()
    };
    let applications: BTreeSet<Uuid> =
        entries.values().filter_map(theirs).map(|account| account.application.uuid()).collect();
    let channels = entries.values().map(|entry| entry.letter.channel.uuid()).collect();
    let mut arrived = arrived(transaction, claimed.iter()).await?;
    let mut ledger = store::ledger(transaction, &applications, &channels).await?;
    let now = store::now(transaction).await?;
    let (mut commands, kept) = superseding(claimed, &entries);
    let mut begun = BTreeMap::new();
    // First come, first served: keys are not in that order.
    let ready = |key: &&Key| !kept.contains(key) && !commands.contains_key(*key);
    let mut in_turn: Vec<&Entry> =
        claimed.iter().filter(ready).filter_map(|key| entries.get(key)).collect();
    in_turn.sort_by_key(|entry| (entry.attempt.queued_at, entry.attempt.key));
    for entry in in_turn {
        let key = entry.attempt.key;
        if let Some(sent) = arrived.remove(&key) {
            commands.insert(key, Command::Echoed(sent));
            continue;
        }
        let Some(account) = theirs(entry) else { continue };
        let command = match calls::plan(&account, entry, now) {
            Err(failure) => Command::GiveUp(failure),
            Ok(call) => match turn(&mut ledger, &account, &call, now) {
                Turn::At { until, reason } => Command::Hold { until, reason },
                Turn::Now => {
                    let trace = entry.letter.trace.clone();
                    begun.insert(key, Begun { key, fence: 0, account, call, trace });
                    Command::Lease(lease)
                }
            },
        };
        commands.insert(key, command);
    }
    let outcomes = apply(transaction, entries, commands, None, now).await?;
    store::save_ledger(transaction, &ledger).await?;
    let leased = begun.into_values().filter_map(|begun| {
        let entry = outcomes.get(&begun.key)?.as_ref().ok()?;
        let is_leased = matches!(entry.attempt.state, State::Sending { .. });
        is_leased.then_some(Begun { fence: entry.attempt.fence, ..begun })
    });
    Ok(leased.collect())
}

fn turn(ledger: &mut Ledger, account: &Account, call: &Call, now: OffsetDateTime) -> Turn {
    let holders = [account.application.uuid(), account.channel.uuid()];
    ledger.take(&holders, call.counted_as(), &calls::allowances(account, call), now)
}
