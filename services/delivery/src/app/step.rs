//! Commands happen to attempts: the one place that loads, decides, saves and tells.

use std::collections::{BTreeMap, BTreeSet};

use kit_store::timer::{self, Timer};
use kit_store::{Transaction, outbox};
use kit_values::{EventId, Fault};
use time::OffsetDateTime;

use super::forget::{FORGET_TIMER, RECOGNISED};
use crate::domain::attempt::{Attempt, Command, News, Refusal, State, decide};
use crate::domain::letter::Entry;
use crate::domain::words::Key;
use crate::topology::PRODUCER;
use crate::{metrics, sabotage, store, wire};

/// Lets each command happen to its attempt, at most one to each, and tells of it. Gives what
/// became of those that are known.
///
/// # Errors
/// Unavailable when the database is away.
pub async fn step(
    transaction: &Transaction,
    commands: BTreeMap<Key, Command>,
    trace: Option<&str>,
    now: OffsetDateTime,
) -> Result<BTreeMap<Key, Result<Entry, Refusal>>, Fault> {
    let keys: BTreeSet<Key> = commands.keys().copied().collect();
    let entries = store::load(transaction, &keys).await?;
    apply(transaction, entries, commands, trace, now).await
}

/// As [`step`], for attempts that are loaded and locked already.
pub(super) async fn apply(
    transaction: &Transaction,
    mut entries: BTreeMap<Key, Entry>,
    commands: BTreeMap<Key, Command>,
    trace: Option<&str>,
    now: OffsetDateTime,
) -> Result<BTreeMap<Key, Result<Entry, Refusal>>, Fault> {
    let mut outcomes = BTreeMap::new();
    let mut messages = Vec::new();
    for (key, command) in commands {
        let Some(mut entry) = entries.remove(&key) else { continue };
        if sabotage::resends_unknown() {
            forget_first_byte(&mut entry, &command);
        }
        let outcome = match decide(&entry.attempt, command, now) {
            Ok(decision) => {
                entry.attempt = decision.after;
                if let Some(news) = decision.news {
                    messages.extend(announcement(&entry, news, trace, now));
                }
                Ok(entry)
            }
            Err(refusal) => Err(refusal),
        };
        outcomes.insert(key, outcome);
    }
    let changed: Vec<_> = outcomes
        .values()
        .filter_map(|outcome| outcome.as_ref().ok())
        .map(|it| &it.attempt)
        .collect();
    store::save(transaction, &changed).await?;
    let forgotten: Vec<_> = changed.iter().filter_map(|attempt| forgetting(attempt, now)).collect();
    timer::arm(transaction, &forgotten).await?;
    outbox::append(transaction, messages).await?;
    Ok(outcomes)
}

/// The text of what is unknown is kept to recognise an echo by, but not for ever.
fn forgetting(attempt: &Attempt, now: OffsetDateTime) -> Option<Timer> {
    matches!(attempt.state, State::Unknown(_)).then(|| Timer {
        id: kit_values::mint_uuid(),
        kind: FORGET_TIMER.to_owned(),
        organization: attempt.key.organization,
        aggregate: attempt.key.message.uuid(),
        version: i64::from(attempt.key.attempt),
        due: now + RECOGNISED,
    })
}

/// Sabotage: an attempt that left and was never answered looks as if it had not left.
fn forget_first_byte(entry: &mut Entry, command: &Command) {
    if matches!(command, Command::LeaseOver) && matches!(entry.attempt.state, State::Sending { .. })
    {
        entry.attempt.first_byte_at = None;
    }
}

fn announcement(
    entry: &Entry,
    news: News,
    trace: Option<&str>,
    now: OffsetDateTime,
) -> Option<outbox::Message> {
    let Entry { attempt, letter } = entry;
    if news == News::Settled {
        metrics::settled(letter.network, attempt.state.as_str());
    }
    let event = EventId::mint();
    let (fact, payload) = wire::events::of_attempt(event, entry, news, now)?;
    let organization = Some(attempt.key.organization);
    let network = letter.network.as_str();
    Some(outbox::Message {
        event,
        organization,
        subject: kit_bus::subject(PRODUCER, Some(network), organization, fact),
        network: Some(network),
        lane: outbox::lane(letter.channel.uuid()),
        payload,
        occurred_at: now,
        trace: trace.map(str::to_owned).or_else(|| letter.trace.clone()),
    })
}
