//! The auditor of the way out: compares what agents were told is accepted, what the network
//! took, and what conversations show.
//!
//! A plain function over three records. Deliberately absent: any knowledge of how a fault was
//! injected.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// A reply that an agent was told is accepted. Its words are unique in the run.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Written {
    /// `msg_…`
    pub message: String,
    /// `conv_…`
    pub conversation: String,
    /// What it says.
    pub words: String,
}

/// A send that the network took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// What it says.
    pub words: String,
    /// The network's id of it.
    pub external_id: String,
}

/// A message of the business as a conversation shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// `msg_…`
    pub message: String,
    /// `conv_…`
    pub conversation: String,
    /// What it says.
    pub words: String,
    /// The network's id; empty while there is none.
    pub external_id: String,
    /// How it stands; empty for what was written in the network's own app.
    pub state: String,
}

/// What is wrong; all of it breaks I5, unless it says otherwise.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wrong {
    /// The network took it more than once.
    SentTwice(String),
    /// The network took what nobody wrote.
    Invented(String),
    /// It has no end.
    Unended(String),
    /// It is told to be sent, and the network did not take it, or took it as something else.
    Claimed(String),
    /// It is told to have failed, and the network took it.
    Denied(String),
    /// The network took it and told so, and it still stands as unknown.
    Unrecognised(String),
    /// It is in no conversation (I1).
    Lost(String),
    /// It is shown more than once (I2).
    ShownTwice(String),
}

impl fmt::Display for Wrong {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SentTwice(words) => write!(formatter, "I5: taken more than once: {words}"),
            Self::Invented(words) => write!(formatter, "I5: taken and never written: {words}"),
            Self::Unended(words) => write!(formatter, "I5: has no end: {words}"),
            Self::Claimed(words) => write!(formatter, "I5: sent, and not taken: {words}"),
            Self::Denied(words) => write!(formatter, "I5: failed, and taken: {words}"),
            Self::Unrecognised(words) => {
                write!(formatter, "I5: unknown, though its echo came: {words}")
            }
            Self::Lost(words) => write!(formatter, "I1: accepted and not shown: {words}"),
            Self::ShownTwice(words) => write!(formatter, "I2: shown more than once: {words}"),
        }
    }
}

/// Everything that is wrong once nothing is under way any more, sorted; empty means clean.
#[must_use]
pub fn check(written: &[Written], taken: &[Taken], shown: &[Line]) -> Vec<Wrong> {
    let mut wrong = BTreeSet::new();
    let mut network: BTreeMap<&str, Vec<&Taken>> = BTreeMap::new();
    for send in taken {
        network.entry(&send.words).or_default().push(send);
    }
    let known: BTreeSet<&str> = written.iter().map(|reply| reply.words.as_str()).collect();
    for (words, sends) in &network {
        if sends.len() > 1 {
            wrong.insert(Wrong::SentTwice((*words).to_owned()));
        }
        if !known.contains(words) {
            wrong.insert(Wrong::Invented((*words).to_owned()));
        }
    }
    let mut by_message: BTreeMap<&str, &Line> = BTreeMap::new();
    let mut by_id: BTreeMap<&str, usize> = BTreeMap::new();
    let mut by_words: BTreeMap<&str, usize> = BTreeMap::new();
    for line in shown {
        *by_words.entry(without_names(&line.words)).or_default() += 1;
        by_message.insert(&line.message, line);
        if !line.external_id.is_empty() {
            *by_id.entry(&line.external_id).or_default() += 1;
        }
    }
    for reply in written {
        let words = reply.words.clone();
        let times = by_words.get(reply.words.as_str()).copied().unwrap_or_default();
        let sends = network.get(reply.words.as_str()).map(Vec::as_slice).unwrap_or_default();
        let doubled =
            sends.iter().any(|send| by_id.get(&*send.external_id).is_some_and(|n| *n > 1));
        if times > 1 || doubled {
            wrong.insert(Wrong::ShownTwice(words.clone()));
        }
        let Some(line) = by_message.get(reply.message.as_str()) else {
            wrong.insert(Wrong::Lost(words));
            continue;
        };
        let is_its_own = sends.iter().any(|send| send.external_id == line.external_id);
        match line.state.as_str() {
            "sent" if is_its_own => {}
            "sent" => {
                wrong.insert(Wrong::Claimed(words));
            }
            "failed" | "unknown" if sends.is_empty() => {}
            "failed" => {
                wrong.insert(Wrong::Denied(words));
            }
            "unknown" => {
                wrong.insert(Wrong::Unrecognised(words));
            }
            _ => {
                wrong.insert(Wrong::Unended(words));
            }
        }
    }
    wrong.into_iter().collect()
}

/// What is left without the names that X puts in front of a reply.
fn without_names(words: &str) -> &str {
    let mut rest = words;
    while let Some((name, after)) = rest.split_once(' ')
        && name.starts_with('@')
    {
        rest = after;
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(number: u32) -> Written {
        Written {
            message: format!("msg_{number}"),
            conversation: "conv_1".to_owned(),
            words: format!("answer {number} of the test"),
        }
    }

    fn taken(number: u32) -> Taken {
        Taken { words: written(number).words, external_id: format!("90{number}") }
    }

    fn line(number: u32, state: &str) -> Line {
        let Written { message, conversation, words } = written(number);
        let external_id = if state == "sent" { taken(number).external_id } else { String::new() };
        Line { message, conversation, words, external_id, state: state.to_owned() }
    }

    #[test]
    fn a_faithful_run_is_clean() {
        let replies = [written(1), written(2), written(3)];
        let lines = [line(1, "sent"), line(2, "failed"), line(3, "unknown")];
        assert_eq!(check(&replies, &[taken(1)], &lines), []);
    }

    #[test]
    fn everything_that_can_be_wrong_is_found() {
        let replies = [written(1)];
        let words = written(1).words;
        let found = |taken: &[Taken], lines: &[Line]| check(&replies, taken, lines);
        let sent = [line(1, "sent")];
        let twice = [taken(1), Taken { external_id: "99".to_owned(), ..taken(1) }];
        assert_eq!(found(&twice, &sent), [Wrong::SentTwice(words.clone())]);
        let invented = [taken(1), taken(2)];
        assert_eq!(found(&invented, &sent), [Wrong::Invented(written(2).words)]);
        for state in ["queued", "sending", ""] {
            assert_eq!(found(&[], &[line(1, state)]), [Wrong::Unended(words.clone())]);
        }
        assert_eq!(found(&[], &sent), [Wrong::Claimed(words.clone())]);
        assert_eq!(found(&[taken(1)], &[line(1, "failed")]), [Wrong::Denied(words.clone())]);
        let unknown = [line(1, "unknown")];
        assert_eq!(found(&[taken(1)], &unknown), [Wrong::Unrecognised(words.clone())]);
        assert_eq!(found(&[taken(1)], &[]), [Wrong::Lost(words.clone())]);
        let echo = Line { message: "msg_9".to_owned(), state: String::new(), ..line(1, "sent") };
        let both = [line(1, "sent"), echo.clone()];
        assert_eq!(found(&[taken(1)], &both), [Wrong::ShownTwice(words.clone())]);
        let named =
            Line { words: format!("@ada @bob {words}"), external_id: "98".to_owned(), ..echo };
        assert_eq!(found(&[taken(1)], &[line(1, "sent"), named]), [Wrong::ShownTwice(words)]);
    }
}
