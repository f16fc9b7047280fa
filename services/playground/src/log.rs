//! What was told to whom, and what was answered: for the page, and for those who check that
//! nothing was lost.

use std::collections::{HashMap, VecDeque};

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::update::Update;
use crate::world::{Network, Origin};

/// How many lines are kept; the oldest go first.
pub const LONGEST: usize = 300_000;

/// One posting of an update and its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// When the request left.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// How long the answer took, in microseconds.
    pub took_us: u64,
    /// The HTTP status; none when there was no answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The receipt that the answer named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<String>,
    /// How many updates the request held.
    pub together: usize,
    /// Whether it was a second sending by a switch or by a replay.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_copy: bool,
}

impl Attempt {
    /// Whether the network takes the update for delivered.
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        self.status.is_some_and(|status| (200..300).contains(&status))
    }
}

/// How an update stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Not answered yet, or to be tried again.
    Pending,
    /// Answered 2xx.
    Accepted,
    /// Given up: X does not try again by itself.
    Failed,
}

/// One update in the log.
#[derive(Debug, Clone, Serialize)]
pub struct Line {
    /// Dense, from 1.
    pub line: u64,
    /// The happening.
    pub number: u64,
    /// Which of its updates.
    pub index: u32,
    /// The network.
    pub network: Network,
    /// The registration told.
    pub application_id: String,
    /// The account that it is about.
    pub account_id: String,
    /// The kind of event, as in [`Update::event`].
    pub event: String,
    /// The network's id of what it is about; empty for receipts.
    pub external_id: String,
    /// The network's id of the author.
    pub author_id: String,
    /// The words, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The network's moment.
    #[serde(with = "time::serde::rfc3339")]
    pub network_time: OffsetDateTime,
    /// What asked for it.
    pub origin: Origin,
    /// How it stands.
    pub outcome: Outcome,
    /// Every posting, in order of the answers.
    pub attempts: Vec<Attempt>,
}

/// The lines, oldest first.
#[derive(Debug, Default)]
pub struct Log {
    lines: VecDeque<Line>,
    places: HashMap<(u64, u32), u64>,
    last: u64,
    pending: usize,
}

impl Log {
    /// Adds an update that has not been posted yet.
    pub fn add(&mut self, update: &Update, origin: Origin) {
        self.last += 1;
        self.pending += 1;
        self.places.insert((update.number, update.index), self.last);
        self.lines.push_back(Line {
            line: self.last,
            number: update.number,
            index: update.index,
            network: update.network,
            application_id: update.application.clone(),
            account_id: update.account.clone(),
            event: update.event.clone(),
            external_id: update.external_id.clone(),
            author_id: update.author.clone(),
            text: update.text.clone(),
            network_time: update.at,
            origin,
            outcome: Outcome::Pending,
            attempts: Vec::new(),
        });
        if self.lines.len() > LONGEST
            && let Some(oldest) = self.lines.pop_front()
        {
            self.places.remove(&(oldest.number, oldest.index));
            self.pending -= usize::from(oldest.outcome == Outcome::Pending);
        }
    }

    /// Records an answer. An update once accepted stays accepted; `is_final` says that no other
    /// attempt follows by itself.
    pub fn answered(&mut self, number: u64, index: u32, attempt: Attempt, is_final: bool) {
        let Some(line) = self.find(number, index) else { return };
        let was_pending = line.outcome == Outcome::Pending;
        if attempt.is_accepted() {
            line.outcome = Outcome::Accepted;
        } else if line.outcome != Outcome::Accepted {
            line.outcome = if is_final { Outcome::Failed } else { Outcome::Pending };
        }
        line.attempts.push(attempt);
        let is_pending = line.outcome == Outcome::Pending;
        self.pending = self.pending + usize::from(is_pending) - usize::from(was_pending);
    }

    /// Marks an update that will not be tried again although it was never answered.
    pub fn give_up(&mut self, number: u64, index: u32) {
        if let Some(line) = self.find(number, index)
            && line.outcome == Outcome::Pending
        {
            line.outcome = Outcome::Failed;
            self.pending -= 1;
        }
    }

    /// How many updates are not answered yet, or will be tried again.
    #[must_use]
    pub fn pending(&self) -> usize {
        self.pending
    }

    /// How an update stands; none when it is not in the log.
    #[must_use]
    pub fn outcome(&self, number: u64, index: u32) -> Option<Outcome> {
        let place = self.position(number, index)?;
        self.lines.get(place).map(|line| line.outcome)
    }

    /// Number of the last line; 0 when there is none.
    #[must_use]
    pub fn last(&self) -> u64 {
        self.last
    }

    /// Up to `limit` lines after line `after`, oldest first.
    pub fn after(&self, after: u64, limit: usize) -> impl Iterator<Item = &Line> {
        let first = self.lines.front().map_or(1, |line| line.line);
        let skipped = usize::try_from((after + 1).saturating_sub(first)).unwrap_or(usize::MAX);
        self.lines.iter().skip(skipped).take(limit)
    }

    /// The newest `count` lines, newest first.
    pub fn newest(&self, count: usize) -> impl Iterator<Item = &Line> {
        self.lines.iter().rev().take(count)
    }

    fn find(&mut self, number: u64, index: u32) -> Option<&mut Line> {
        let place = self.position(number, index)?;
        self.lines.get_mut(place)
    }

    fn position(&self, number: u64, index: u32) -> Option<usize> {
        let line = *self.places.get(&(number, index))?;
        let first = self.lines.front()?.line;
        usize::try_from(line.checked_sub(first)?).ok()
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;
    use crate::update::Content;

    fn update(number: u64) -> Update {
        Update {
            number,
            index: 0,
            network: Network::X,
            application: "a".into(),
            account: "1".into(),
            event: "dm.received".into(),
            external_id: number.to_string(),
            author: "2".into(),
            text: None,
            at: datetime!(2026-11-23 10:00 UTC),
            content: Content::Envelope(serde_json::Value::Null),
        }
    }

    fn attempt(status: u16) -> Attempt {
        Attempt {
            at: datetime!(2026-11-23 10:00 UTC),
            took_us: 3,
            status: Some(status),
            receipt: None,
            together: 1,
            is_copy: false,
        }
    }

    #[test]
    fn a_line_is_accepted_for_good_once_it_was_accepted() {
        let mut log = Log::default();
        log.add(&update(1), Origin::Hand);
        assert_eq!(log.pending(), 1);
        log.answered(1, 0, attempt(503), true);
        assert_eq!(log.outcome(1, 0), Some(Outcome::Failed));
        log.answered(1, 0, attempt(200), true);
        log.answered(1, 0, attempt(503), true);
        assert_eq!(log.outcome(1, 0), Some(Outcome::Accepted));
        assert_eq!(log.pending(), 0);
        assert_eq!(log.after(0, 10).next().map(|line| line.attempts.len()), Some(3));
    }

    #[test]
    fn the_oldest_lines_go_and_the_others_are_still_found() {
        let mut log = Log::default();
        let count = u64::try_from(LONGEST).expect("small") + 5;
        for number in 1..=count {
            log.add(&update(number), Origin::Load);
        }
        assert_eq!(log.outcome(5, 0), None);
        log.answered(6, 0, attempt(200), true);
        assert_eq!(log.outcome(6, 0), Some(Outcome::Accepted));
        log.give_up(7, 0);
        assert_eq!(log.pending(), LONGEST - 2);
        let numbers: Vec<u64> = log.after(0, 2).map(|line| line.number).collect();
        assert_eq!(numbers, [6, 7]);
        let numbers: Vec<u64> = log.after(count - 1, 9).map(|line| line.number).collect();
        assert_eq!(numbers, [count]);
    }
}
