//! The auditor: compares what was sent, what is stored and what a screen shows.
//!
//! A plain function over three records, so that it can be shown to turn red without any server.
//! Deliberately absent: any knowledge of how a fault was injected.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// One message that the generator sent, and whether the network's side saw a 2xx for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// Id at the network, unique in the run.
    pub external_id: String,
    /// The customer's id at the network.
    pub customer: String,
    /// What they wrote.
    pub text: String,
    /// Microseconds since the epoch, as the network says.
    pub network_time: i64,
    /// Whether some try was answered 2xx.
    pub acknowledged: bool,
}

/// One message as the database or a screen has it, in the order in which it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Id at the network.
    pub external_id: String,
    /// The conversation that it stands in.
    pub conversation: String,
    /// Its text.
    pub text: String,
}

/// What is wrong, with the invariant that it breaks (`services/README.md`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Violation {
    /// I1: answered 2xx, but not stored.
    Lost(String),
    /// I2: stored more than once.
    Doubled(String),
    /// I1: stored, but never sent, or with another text.
    Altered(String),
    /// I3: two messages of one conversation stand in the wrong order.
    Misordered(String, String),
    /// One customer's messages stand in more than one conversation, though nothing was resolved.
    Scattered(String),
    /// I9: stored, but not on the screen.
    Unshown(String),
    /// I9: on the screen, but not stored, or with another text.
    Phantom(String),
}

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lost(id) => write!(formatter, "I1: {id} was answered 2xx and is not stored"),
            Self::Doubled(id) => write!(formatter, "I2: {id} is stored more than once"),
            Self::Altered(id) => write!(formatter, "I1: {id} is stored otherwise than it was sent"),
            Self::Misordered(first, second) => {
                write!(formatter, "I3: {first} stands before {second}")
            }
            Self::Scattered(customer) => {
                write!(formatter, "{customer} has more than one conversation")
            }
            Self::Unshown(id) => write!(formatter, "I9: {id} is stored and not on the screen"),
            Self::Phantom(id) => write!(formatter, "I9: {id} is on the screen and not stored"),
        }
    }
}

/// Every violation, sorted; empty means clean.
///
/// `stored` and each conversation of `screen` are in the order in which they are shown.
#[must_use]
pub fn check(sent: &[Sent], stored: &[Shown], screen: &[Shown]) -> Vec<Violation> {
    let mut found = BTreeSet::new();
    let by_id: BTreeMap<&str, &Sent> =
        sent.iter().map(|message| (message.external_id.as_str(), message)).collect();

    let mut times_stored: BTreeMap<&str, usize> = BTreeMap::new();
    for message in stored {
        *times_stored.entry(&message.external_id).or_default() += 1;
        match by_id.get(message.external_id.as_str()) {
            Some(original) if original.text == message.text => {}
            _ => {
                found.insert(Violation::Altered(message.external_id.clone()));
            }
        }
    }
    for message in sent {
        match times_stored.get(message.external_id.as_str()).copied().unwrap_or_default() {
            0 if message.acknowledged => {
                found.insert(Violation::Lost(message.external_id.clone()));
            }
            0 | 1 => {}
            _ => {
                found.insert(Violation::Doubled(message.external_id.clone()));
            }
        }
    }
    found.extend(misordered(&by_id, stored));
    found.extend(misordered(&by_id, screen));
    found.extend(scattered(&by_id, stored));

    let on_screen: BTreeSet<(&str, &str)> = texts(screen);
    let in_store: BTreeSet<(&str, &str)> = texts(stored);
    for (id, _) in in_store.difference(&on_screen) {
        found.insert(Violation::Unshown((*id).to_owned()));
    }
    for (id, _) in on_screen.difference(&in_store) {
        found.insert(Violation::Phantom((*id).to_owned()));
    }
    let mut seen = BTreeSet::new();
    for message in screen {
        if !seen.insert(&message.external_id) {
            found.insert(Violation::Doubled(message.external_id.clone()));
        }
    }
    found.into_iter().collect()
}

fn texts(messages: &[Shown]) -> BTreeSet<(&str, &str)> {
    messages.iter().map(|message| (message.external_id.as_str(), message.text.as_str())).collect()
}

/// Neighbours of one conversation that stand against network order: time, then id.
fn misordered(by_id: &BTreeMap<&str, &Sent>, shown: &[Shown]) -> Vec<Violation> {
    let mut last: BTreeMap<&str, &Sent> = BTreeMap::new();
    let mut found = Vec::new();
    for message in shown {
        let Some(original) = by_id.get(message.external_id.as_str()) else { continue };
        if let Some(before) = last.insert(&message.conversation, original) {
            let key =
                |sent: &Sent| (sent.network_time, sent.external_id.len(), sent.external_id.clone());
            if key(before) > key(original) {
                found.push(Violation::Misordered(
                    before.external_id.clone(),
                    original.external_id.clone(),
                ));
            }
        }
    }
    found
}

fn scattered(by_id: &BTreeMap<&str, &Sent>, stored: &[Shown]) -> Vec<Violation> {
    let mut conversations: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for message in stored {
        if let Some(original) = by_id.get(message.external_id.as_str()) {
            conversations.entry(&original.customer).or_default().insert(&message.conversation);
        }
    }
    conversations
        .into_iter()
        .filter(|(_, conversations)| conversations.len() > 1)
        .map(|(customer, _)| Violation::Scattered(customer.to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(number: i64) -> Sent {
        Sent {
            external_id: format!("{}", 1_990_000_000_000_000_000 + number),
            customer: "77".to_owned(),
            text: format!("message {number}"),
            network_time: 1_000_000 * number,
            acknowledged: true,
        }
    }

    fn shown(number: i64) -> Shown {
        let sent = sent(number);
        Shown { external_id: sent.external_id, conversation: "conv_1".to_owned(), text: sent.text }
    }

    #[test]
    fn a_faithful_run_is_clean() {
        let (log, rows) = ([sent(1), sent(2)], [shown(1), shown(2)]);
        assert_eq!(check(&log, &rows, &rows), []);
    }

    #[test]
    fn a_message_that_was_never_acknowledged_may_be_absent() {
        let mut unanswered = sent(2);
        unanswered.acknowledged = false;
        assert_eq!(check(&[sent(1), unanswered], &[shown(1)], &[shown(1)]), []);
    }

    #[test]
    fn every_kind_of_violation_is_found() {
        let log = [sent(1), sent(2)];
        let both = [shown(1), shown(2)];
        let id = |number| sent(number).external_id;
        assert_eq!(check(&log, &[shown(1)], &[shown(1)]), [Violation::Lost(id(2))]);
        assert_eq!(
            check(&log, &[shown(1), shown(1), shown(2)], &both),
            [Violation::Doubled(id(1))]
        );
        assert_eq!(
            check(&log, &both, &[shown(1), shown(1), shown(2)]),
            [Violation::Doubled(id(1))]
        );
        assert_eq!(
            check(&log, &[shown(2), shown(1)], &both),
            [Violation::Misordered(id(2), id(1))]
        );
        assert_eq!(check(&log, &both, &[shown(1)]), [Violation::Unshown(id(2))]);
        assert_eq!(check(&log[..1], &[shown(1)], &both), [Violation::Phantom(id(2))]);
        let mut elsewhere = shown(2);
        elsewhere.conversation = "conv_2".to_owned();
        assert_eq!(
            check(&log, &[shown(1), elsewhere.clone()], &[shown(1), elsewhere]),
            [Violation::Scattered("77".to_owned())]
        );
        let mut other = shown(2);
        other.text = "something else".to_owned();
        assert_eq!(
            check(&log, &[shown(1), other.clone()], &[shown(1), other]),
            [Violation::Altered(id(2))]
        );
    }
}
