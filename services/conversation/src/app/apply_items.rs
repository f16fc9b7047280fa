//! Applies a batch of ingest's items.

use std::collections::{BTreeMap, BTreeSet};

use kit_store::waiting::{self, Waiting as Kept};
use kit_store::{Transaction, lock_key};
use kit_values::{Class, EventId, Fault, OrganizationId};
use time::OffsetDateTime;

use super::follow_up::{Trail, Trails, follow_up};
use crate::domain::batch::{Batch, Loaded, Others, Waiting, left_by};
use crate::domain::item::{Item, MessageKey, What};
use crate::domain::message::Message;
use crate::domain::person::IdentityKey;
use crate::domain::policy::Policy;
use crate::domain::standing::ConversationState;
use crate::domain::words::{ConversationId, MessageId};
use crate::store::{self, Found, Stored};
use crate::wire::{Envelope, read_item};

/// The key, in the side table, of what nothing known will release: own messages that answer
/// nothing and name nobody.
const UNATTRIBUTED: &str = "unattributed";

/// How often what is loaded may turn out to have moved until it was locked.
const ATTEMPTS: usize = 5;

/// An item with what must be kept should it have to wait.
#[derive(Debug, Clone)]
pub struct Given {
    /// What it says.
    pub envelope: Envelope,
    /// The event as it came.
    pub payload: Vec<u8>,
    /// W3C `traceparent`.
    pub trace: Option<String>,
}

/// Every message and identity that applying `item` concerns, as advisory locks.
#[must_use]
pub fn lock_keys(item: &Item) -> Vec<i64> {
    let messages = item.messages();
    let mut keys: Vec<i64> = messages.iter().map(lock_message).collect();
    keys.extend(item.identity().as_ref().map(lock_identity));
    // Taken with the others, in one order: two batches about the same people wait for each other,
    // and never both.
    keys.extend(item.stranger().as_ref().map(lock_identity));
    keys.extend(item.own().map(|reply| lock_reply(item.organization, reply)));
    keys
}

fn lock_message(key: &MessageKey) -> i64 {
    let organization = key.organization.to_string();
    lock_key(&["message", &organization, key.network.name(), &key.scope, &key.external_id])
}

/// Delivery's words on one reply take turns: one of them gives it another key.
fn lock_reply(organization: OrganizationId, reply: MessageId) -> i64 {
    lock_key(&["reply", &organization.to_string(), &reply.to_string()])
}

pub(super) fn lock_identity(key: &IdentityKey) -> i64 {
    let organization = key.organization.to_string();
    let person = key.person.text();
    lock_key(&["identity", &organization, key.network.name(), &key.scope, &person])
}

/// Applies `given`, whose locks ([`lock_keys`]) are held, and whatever they release.
pub async fn apply_items(
    transaction: &Transaction,
    given: Vec<Given>,
    policy: &Policy,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    let mut kept: BTreeMap<EventId, Given> =
        given.into_iter().map(|one| (one.envelope.item.event, one)).collect();
    let items: Vec<Item> = kept.values().map(|one| one.envelope.item.clone()).collect();
    let replies = find_replies(transaction, &items).await?;
    let released = release(transaction, &items, replies.awaited, &mut kept).await?;
    let loaded = load(transaction, &items, &replies.messages, released).await?;
    let mut batch = Batch::new(loaded);
    batch.apply(items, policy, now);
    let receipted = store::save(transaction, &batch).await?;
    keep_waiting(transaction, &batch, &kept).await?;
    let events = kept
        .into_iter()
        .map(|(event, one)| {
            (event, Trail { trace: one.trace, correlation: one.envelope.correlation })
        })
        .collect();
    let trails = Trails { events, ..Trails::default() };
    follow_up(transaction, &batch, &receipted, &trails, now).await
}

/// Takes out of the side table what waits for the messages that `items` bring, and for those
/// that these bring in turn; what waits for replies' places only if anything does.
async fn release(
    transaction: &Transaction,
    items: &[Item],
    awaited: bool,
    kept: &mut BTreeMap<EventId, Given>,
) -> Result<Vec<Waiting>, Fault> {
    let mut released = Vec::new();
    let mut wanted: BTreeMap<(OrganizationId, String), MessageKey> =
        items.iter().filter(|item| awaited || item.own().is_none()).filter_map(brings).collect();
    while !wanted.is_empty() {
        let keys: Vec<(OrganizationId, String)> = wanted.keys().cloned().collect();
        let taken = waiting::take(transaction, &keys).await?;
        let mut more = BTreeMap::new();
        let mut locks = Vec::new();
        for one in taken {
            let envelope = read_item(&one.payload)
                .map_err(|reason| Fault::internal(format!("unreadable though kept: {reason:?}")))?;
            let item = envelope.item.clone();
            if let Some(awaited) = wanted.get(&(one.organization, one.key)) {
                released.push(Waiting { awaited: awaited.clone(), item: item.clone() });
            }
            more.extend(brings(&item));
            locks.extend(lock_keys(&item));
            let given = Given { envelope, payload: one.payload, trace: one.trace };
            kept.insert(item.event, given);
        }
        // Whatever refers to these at this moment waits for us, or has been kept before we look.
        transaction.lock(&locks).await?;
        wanted = more;
    }
    Ok(released)
}

fn brings(item: &Item) -> Option<((OrganizationId, String), MessageKey)> {
    match &item.what {
        What::Written(written) => {
            Some(((item.organization, waiting_key(&written.key)), written.key.clone()))
        }
        // A reply's place at the network makes the reply known under it.
        What::Answered { .. } => {
            item.placed().map(|key| ((item.organization, waiting_key(&key)), key))
        }
        What::Revised { .. } | What::Received(_) | What::Erased { .. } | What::Acted { .. } => None,
    }
}

/// The scope's length keeps two different keys from giving one text.
fn waiting_key(key: &MessageKey) -> String {
    format!("{} {} {} {}", key.network.name(), key.scope.len(), key.scope, key.external_id)
}

async fn load(
    transaction: &Transaction,
    items: &[Item],
    replies: &BTreeMap<MessageId, (MessageKey, IdentityKey)>,
    waiting: Vec<Waiting>,
) -> Result<Loaded, Fault> {
    let all = || items.iter().chain(waiting.iter().map(|one| &one.item));
    let mut keys: BTreeSet<MessageKey> = all().flat_map(Item::messages).collect();
    let mut leaving: BTreeSet<MessageKey> = all().filter_map(Item::placed).collect();
    let mut identities: BTreeSet<IdentityKey> = all().filter_map(Item::identity).collect();
    let mut locked: BTreeSet<IdentityKey> = items.iter().filter_map(Item::identity).collect();
    locked.extend(items.iter().filter_map(Item::stranger));
    identities.extend(replies.values().map(|(_, identity)| identity.clone()));
    if !replies.is_empty() {
        // Members decide about replies, too: what is loaded must be what they left.
        lock_further(transaction, &identities, &mut locked).await?;
    }
    let mut acted: BTreeSet<MessageKey> = BTreeSet::new();
    for item in all() {
        let Some((key, _)) = item.own().and_then(|id| replies.get(&id)) else { continue };
        keys.insert(key.clone());
        if item.placed().is_some() {
            leaving.insert(key.clone());
        }
        if item.acted().is_some() {
            acted.insert(key.clone());
        }
    }
    for _ in 0..ATTEMPTS {
        let stored = store::load_messages(transaction, &keys, &leaving, &acted).await?;
        identities.extend(stored.messages.values().map(|message| message.identity.clone()));
        // Whose conversations these are was learnt only now. The messages themselves are locked,
        // but what surrounds them may have changed since, and they may have moved with their
        // conversation; with a stranger's message goes what answers it.
        let mut further = identities.difference(&locked);
        let surrounded = !stored.others.is_empty() || !replies.is_empty();
        let outdated = surrounded || further.any(|key| key.person.is_someone());
        if lock_further(transaction, &identities, &mut locked).await? && outdated {
            continue;
        }
        let Stored { mut messages, mut others, acts } = stored;
        load_whole(transaction, left_by(all(), &messages), &mut messages, &mut others).await?;
        let stands: BTreeSet<ConversationId> =
            messages.values().map(|message| message.conversation).collect();
        let loaded = store::load_identities(transaction, &identities, &stands).await?;
        let moved = messages.values().any(|message| {
            let state = loaded.get(&message.identity).map(|identity| &identity.state);
            state
                .and_then(|state| state.get(message.conversation))
                .is_none_or(ConversationState::is_absorbed)
        });
        if !moved {
            surround_echoes(transaction, all(), &messages, &mut others).await?;
            return Ok(Loaded { identities: loaded, messages, waiting, others, acts });
        }
    }
    Err(Fault::new(
        Class::Conflict,
        "conversation_changed",
        "A conversation was changed by somebody else at the same time.",
    ))
}

/// Loads everything that these conversations hold: what stays of them must be known.
async fn load_whole(
    transaction: &Transaction,
    conversations: BTreeSet<(OrganizationId, ConversationId)>,
    messages: &mut BTreeMap<MessageKey, Message>,
    others: &mut BTreeMap<ConversationId, Others>,
) -> Result<(), Fault> {
    if conversations.is_empty() {
        return Ok(());
    }
    let mut keys = store::held_messages(transaction, &conversations).await?;
    keys.retain(|key| !messages.contains_key(key));
    let none = BTreeSet::new();
    let held = store::load_messages(transaction, &keys, &none, &none).await?;
    messages.extend(held.messages);
    others.extend(conversations.into_iter().map(|(_, id)| (id, Others::default())));
    Ok(())
}

/// The messages that items are about by our own ids, and whether anything waits for the places
/// that they give to replies. What waits in the side table is about none.
async fn find_replies(transaction: &Transaction, items: &[Item]) -> Result<Found, Fault> {
    let own: BTreeSet<(OrganizationId, MessageId)> =
        items.iter().filter_map(|item| Some((item.organization, item.own()?))).collect();
    if own.is_empty() {
        return Ok(Found::default());
    }
    let placed = items.iter().filter(|item| item.own().is_some()).filter_map(brings);
    let brought: Vec<_> = placed.map(|(key, _)| key).collect();
    let found = store::find_messages(transaction, &own, &brought).await?;
    if found.messages.len() < own.len() {
        // Delivery speaks of replies that were committed before it heard of them, so this is one
        // that is no more, or none of ours.
        return Err(Fault::not_found("a reply"));
    }
    Ok(found)
}

/// Locks the identities that are not locked yet; whether there were any.
async fn lock_further(
    transaction: &Transaction,
    identities: &BTreeSet<IdentityKey>,
    locked: &mut BTreeSet<IdentityKey>,
) -> Result<bool, Fault> {
    let further: Vec<i64> = identities.difference(locked).map(lock_identity).collect();
    transaction.lock(&further).await?;
    locked.extend(identities.iter().cloned());
    Ok(!further.is_empty())
}

/// What surrounds messages that turn out to be echoes of replies.
async fn surround_echoes(
    transaction: &Transaction,
    items: impl Iterator<Item = &Item>,
    messages: &BTreeMap<MessageKey, Message>,
    others: &mut BTreeMap<ConversationId, Others>,
) -> Result<(), Fault> {
    let echoes: BTreeSet<(OrganizationId, ConversationId)> = items
        .filter_map(Item::placed)
        .filter_map(|key| messages.get(&key))
        .filter(|message| message.reply.is_none())
        .map(|message| (message.key.organization, message.conversation))
        .collect();
    if !echoes.is_empty() {
        for (conversation, inbound) in store::unseen_without_echo(transaction, &echoes).await? {
            others.entry(conversation).or_default().inbound = inbound;
        }
    }
    Ok(())
}

async fn keep_waiting(
    transaction: &Transaction,
    batch: &Batch,
    kept: &BTreeMap<EventId, Given>,
) -> Result<(), Fault> {
    let waits = batch.changes().wait.iter().filter_map(|(event, organization, awaited)| {
        let given = kept.get(event)?;
        Some(Kept {
            organization: *organization,
            key: awaited.as_ref().map_or_else(|| UNATTRIBUTED.to_owned(), waiting_key),
            event: *event,
            payload: given.payload.clone(),
            occurred_at: given.envelope.occurred_at,
            trace: given.trace.clone(),
        })
    });
    waiting::keep(transaction, waits.collect()).await
}
