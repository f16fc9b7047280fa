//! What conversation asks for becomes attempts, and what people say settles them.

use std::collections::{BTreeMap, BTreeSet};

use kit_store::Transaction;
use kit_values::{Fault, OrganizationId};
use networks::MessageKind;

use super::arrived::arrived;
use super::step::{apply, step};
use crate::domain::attempt::{Command, Failure};
use crate::domain::letter::Letter;
use crate::domain::words::{Action, Key, MessageId};
use crate::store;

/// What conversation told, one event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// A reply waits to be sent.
    ReplyQueued {
        /// Which deliberate try.
        attempt: i32,
    },
    /// A message is to be deleted.
    DeletionQueued,
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
    for Asked { organization, message, told, letter } in asked {
        let key = |action, attempt| Key { organization, message, action, attempt };
        match (told, letter) {
            (Told::SettledByPerson { attempt, sent }, _) => {
                said.insert(key(Action::Send, attempt), Command::Person { sent });
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
