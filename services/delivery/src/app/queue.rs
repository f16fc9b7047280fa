//! What conversation asks for becomes attempts, and what people say settles them.

use std::collections::{BTreeMap, BTreeSet};

use kit_store::Transaction;
use kit_values::{Fault, OrganizationId};
use networks::MessageKind;

use super::arrived::arrived;
use super::step::{apply, step};
use crate::domain::attempt::{Command, Failure};
use crate::domain::letter::{Letter, Request};
use crate::domain::words::{Action, Key, MessageId};
use crate::store;

/// What conversation told, one event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// A reply waits to be sent.
    ReplyQueued {
        /// Which deliberate try.
        attempt: i32,
    },
    /// A message is to be deleted.
    DeletionQueued,
    /// Something is to be done to a message or to its author, which the event tells whole.
    ActionQueued {
        /// What.
        action: Action,
        /// To what, in whose name, and which request it is.
        letter: Box<Letter>,
    },
    /// A person said how it ended.
    SettledByPerson {
        /// Which deliberate try.
        attempt: i32,
        /// It arrived.
        sent: bool,
    },
}

/// What conversation told, of which message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Whose.
    pub organization: OrganizationId,
    /// Which message.
    pub message: MessageId,
    /// What.
    pub told: Told,
    /// What the message says and whom it goes to, its newest attempt, and its id at the network,
    /// empty until sent; nothing when conversation does not know it, or it is not asked for.
    pub letter: Option<(Letter, i32, String)>,
}

/// Queues attempts; one that is there already stays as it is.
///
/// # Errors
/// Unavailable when the database is away; not found when what is to leave is not known, or cannot
/// be read by this release.
pub async fn queue(transaction: &Transaction, asked: Vec<Asked>) -> Result<(), Fault> {
    let now = store::now(transaction).await?;
    let deletions: BTreeSet<_> = asked
        .iter()
        .filter(|one| one.told == Told::DeletionQueued)
        .map(|one| (one.organization, one.message))
        .collect();
    let deletions = if deletions.is_empty() {
        BTreeMap::new()
    } else {
        store::deletions_of(transaction, &deletions).await?
    };
    let mut letters: BTreeMap<Key, Letter> = BTreeMap::new();
    let mut ended: BTreeMap<Key, Command> = BTreeMap::new();
    let mut said: BTreeMap<Key, Command> = BTreeMap::new();
    let mut requested: Vec<Requested> = Vec::new();
    for Asked { organization, message, told, letter } in asked {
        let key = |action, attempt| Key { organization, message, action, attempt };
        match (told, letter) {
            (Told::SettledByPerson { attempt, sent }, _) => {
                said.insert(key(Action::Send, attempt), Command::Person { sent });
            }
            (Told::ActionQueued { action, letter }, _) => {
                requested.push(Requested { organization, message, action, letter: *letter });
            }
            // Perhaps of a newer release: the event waits aside, and a person sees it in the end.
            (_, None) => return Err(Fault::not_found("a reply")),
            (Told::ReplyQueued { attempt }, Some((letter, newest, _))) => {
                // An older try that only now arrives was given up for the newer one.
                if attempt == newest {
                    letters.insert(key(Action::Send, attempt), letter);
                }
            }
            (Told::DeletionQueued, Some((letter, _, external_id))) => {
                let attempt = match deletions.get(&(organization, message)) {
                    None => 1,
                    Some((attempt, true)) => attempt + 1,
                    // Under way, or done.
                    Some((_, false)) => continue,
                };
                let key = key(Action::Delete, attempt);
                if external_id.is_empty() {
                    ended.insert(key, Command::GiveUp(not_sent()));
                }
                letters.insert(key, deletion(letter, external_id));
            }
        }
    }
    for (key, letter, superseded) in numbered(transaction, requested).await? {
        if superseded {
            ended.insert(key, Command::GiveUp(super::superseded()));
        }
        letters.insert(key, letter);
    }
    let added = store::add(transaction, &letters, now).await?;
    ended.retain(|key, _| added.contains(key));
    let arrived = arrived(transaction, added.iter()).await?;
    ended.extend(arrived.into_iter().map(|(key, sent)| (key, Command::Echoed(sent))));
    if !ended.is_empty() {
        let keys = ended.keys().copied().collect();
        let entries = store::load(transaction, &keys).await?;
        apply(transaction, entries, ended, None, now).await?;
    }
    if !said.is_empty() {
        step(transaction, said, None, now).await?;
    }
    Ok(())
}

/// A request to do something to a message.
struct Requested {
    organization: OrganizationId,
    message: MessageId,
    action: Action,
    letter: Letter,
}

/// The attempts that these requests become, those that are known already left out, and whether a
/// newer one about the same thing has come before. Requests about one message are told by one
/// batch at a time, so nobody else numbers them meanwhile.
async fn numbered(
    transaction: &Transaction,
    requested: Vec<Requested>,
) -> Result<Vec<(Key, Letter, bool)>, Fault> {
    let asked: Vec<(OrganizationId, MessageId, Action, Request)> = requested
        .iter()
        .filter_map(|one| {
            Some((one.organization, one.message, one.action, one.letter.request.clone()?))
        })
        .collect();
    let mut standings = store::requests(transaction, &asked).await?;
    let mut newest: BTreeMap<(OrganizationId, String), i64> = BTreeMap::new();
    for (organization, _, _, request) in &asked {
        let known = standings.get(&request.id).map_or(0, |standing| standing.newest);
        let newest = newest.entry((*organization, request.thing.clone())).or_insert(known);
        *newest = (*newest).max(request.turn);
    }
    let mut numbers: BTreeMap<(OrganizationId, MessageId, Action), i32> = BTreeMap::new();
    let mut attempts = Vec::new();
    for Requested { organization, message, action, letter } in requested {
        let Some(request) = &letter.request else { continue };
        // The same one twice in a batch is found once.
        let Some(standing) = standings.remove(&request.id).filter(|it| !it.known) else { continue };
        let number = numbers.entry((organization, message, action)).or_insert(standing.tries);
        *number += 1;
        let key = Key { organization, message, action, attempt: *number };
        let newest = newest.get(&(organization, request.thing.clone()));
        let superseded = newest.is_some_and(|newest| *newest > request.turn);
        attempts.push((key, letter, superseded));
    }
    Ok(attempts)
}

fn deletion(letter: Letter, external_id: String) -> Letter {
    Letter {
        text: String::new(),
        to_external_id: external_id,
        to_kind: MessageKind::Reply,
        last_private_inbound_at: None,
        ..letter
    }
}

fn not_sent() -> Failure {
    Failure {
        code: "not_sent".to_owned(),
        sentence: "The message is not on the network, so there is nothing to delete.".to_owned(),
        retryable: false,
    }
}
