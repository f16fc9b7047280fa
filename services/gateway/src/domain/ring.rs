//! What happened to one organization in the last minutes, by id, so that a socket that was cut
//! can be told what it missed.

use std::collections::VecDeque;

use time::{Duration, OffsetDateTime};

use super::personal::Personal;
use super::position::{Position, Source};
use super::{ContactId, ConversationId, MemberId, MessageId, NoteId};

/// How long the ring remembers (`design.md` 3).
pub const MEMORY: Duration = Duration::minutes(15);

/// What changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Change {
    /// A conversation's row.
    Conversation(ConversationId),
    /// A message, and with it its conversation's row.
    Message(ConversationId, MessageId),
    /// A conversation became part of another; both rows, and the messages that moved.
    Absorbed {
        /// The one that is now a signpost.
        conversation: ConversationId,
        /// The one that has its messages now.
        into: ConversationId,
    },
    /// All messages of a conversation show something new, and its row.
    Messages(ConversationId),
    /// A note of a conversation, and the row.
    Note(ConversationId, NoteId),
    /// What is known of a contact, whose conversation this is.
    Contact(ConversationId, ContactId),
    /// Settings of the organization.
    Settings(Settings),
    /// Something for one member alone.
    Personal(MemberId, Personal),
}

/// Which settings changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Settings {
    /// The organization's own.
    Organization,
    /// Its channels.
    Channels,
    /// Its members.
    Members,
    /// Its reasons for being away.
    AwayStates,
    /// What can be known of contacts.
    ContactAttributes,
    /// Who makes its short links.
    LinkShortening,
}

/// One event, as far as the feed cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// Where it came from.
    pub source: Source,
    /// Its place there.
    pub sequence: u64,
    /// When this process received it.
    pub at: OffsetDateTime,
    /// What it says.
    pub change: Change,
}

/// The recent entries of one organization, in the order of their arrival here.
#[derive(Debug, Clone)]
pub struct Ring {
    entries: VecDeque<Entry>,
    /// How many entries were dropped before the first one held.
    dropped: u64,
    /// Every entry after this place is held.
    floor: Position,
}

impl Ring {
    /// An empty ring that holds everything after `floor`.
    #[must_use]
    pub const fn new(floor: Position) -> Self {
        Self { entries: VecDeque::new(), dropped: 0, floor }
    }

    /// Adds what happened last.
    pub fn push(&mut self, entry: Entry) {
        self.entries.push_back(entry);
    }

    /// Whether everything after `since` is still held: the same lives of all streams, and
    /// nothing of this organization was dropped after it.
    #[must_use]
    pub fn reaches_back_to(&self, since: &Position) -> bool {
        Source::ALL.into_iter().all(|source| {
            let (floor, mark) = (self.floor.mark(source), since.mark(source));
            floor.incarnation == mark.incarnation && floor.sequence <= mark.sequence
        })
    }

    /// What happened after `since`.
    pub fn after(&self, since: Position) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(move |entry| entry.sequence > since.mark(entry.source).sequence)
    }

    /// What happened from the index `from` on ([`Ring::end`]).
    pub fn since_index(&self, from: u64) -> impl Iterator<Item = &Entry> {
        let skipped = usize::try_from(from.saturating_sub(self.dropped)).unwrap_or(usize::MAX);
        self.entries.iter().skip(skipped)
    }

    /// What happened before the index `to`, at `earliest` or later; newest first.
    pub fn recent(&self, to: u64, earliest: OffsetDateTime) -> impl Iterator<Item = &Entry> {
        let held = usize::try_from(to.saturating_sub(self.dropped)).unwrap_or(usize::MAX);
        let later = self.entries.len().saturating_sub(held);
        self.entries.iter().rev().skip(later).take_while(move |entry| entry.at >= earliest)
    }

    /// The index that the next entry will have, counted from the first entry ever.
    #[must_use]
    pub fn end(&self) -> u64 {
        // usize fits into u64 on every supported machine.
        self.dropped + self.entries.len() as u64
    }

    /// The index of the oldest entry held.
    #[must_use]
    pub const fn start(&self) -> u64 {
        self.dropped
    }

    /// Drops what is older than [`MEMORY`].
    pub fn trim(&mut self, now: OffsetDateTime) {
        while let Some(entry) = self.entries.front()
            && now - entry.at > MEMORY
        {
            let mut mark = self.floor.mark(entry.source);
            mark.sequence = mark.sequence.max(entry.sequence);
            self.floor.set(entry.source, mark);
            self.entries.pop_front();
            self.dropped += 1;
        }
    }

    /// Forgets everything: from here on only what comes after `floor` is held.
    pub fn restart(&mut self, floor: Position) {
        self.dropped = self.end();
        self.entries.clear();
        self.floor = floor;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::position::Mark;
    use super::*;

    const START: OffsetDateTime = OffsetDateTime::UNIX_EPOCH;

    fn at(sequences: [u64; 4]) -> Position {
        let mut position = Position::default();
        for (source, sequence) in Source::ALL.into_iter().zip(sequences) {
            position.set(source, Mark { incarnation: 7, sequence });
        }
        position
    }

    proptest! {
        /// Entries arrive seconds apart and are trimmed now and then: whatever the ring says it
        /// reaches back to, it gives exactly what came after.
        #[test]
        fn what_the_ring_vouches_for_is_complete(
            steps in prop::collection::vec((0_usize..4, 0_i64..200, any::<bool>()), 1..80),
            since in prop::array::uniform4(0_u64..40),
        ) {
            let mut ring = Ring::new(at([0; 4]));
            let mut all: Vec<Entry> = Vec::new();
            let (mut now, mut sequences) = (START, [0_u64; 4]);
            for (place, pause, trim) in steps {
                now += Duration::seconds(pause);
                let source = Source::ALL[place];
                sequences[place] += 1;
                let entry = Entry {
                    source,
                    sequence: sequences[place],
                    at: now,
                    change: Change::Settings(Settings::Channels),
                };
                ring.push(entry);
                all.push(entry);
                if trim {
                    ring.trim(now);
                }
            }
            let since = at(since);
            let missed = |entry: &&Entry| entry.sequence > since.mark(entry.source).sequence;
            let expected: Vec<_> = all.iter().filter(missed).collect();
            if ring.reaches_back_to(&since) {
                prop_assert_eq!(ring.after(since).collect::<Vec<_>>(), expected);
            } else {
                let dropped = usize::try_from(ring.start()).expect("small");
                prop_assert!(all[..dropped].iter().any(|entry| missed(&entry)));
            }
            prop_assert_eq!(ring.end(), all.len() as u64);
        }
    }

    #[test]
    fn an_organization_where_nothing_happens_can_always_be_resumed() {
        let mut ring = Ring::new(at([10; 4]));
        ring.trim(START + Duration::hours(5));
        assert!(ring.reaches_back_to(&at([10; 4])));
        assert!(!ring.reaches_back_to(&at([9, 10, 10, 10])));
    }

    #[test]
    fn another_life_of_a_stream_cannot_be_resumed() {
        let ring = Ring::new(at([10; 4]));
        let mut other = at([500; 4]);
        assert!(ring.reaches_back_to(&other));
        other.set(Source::Directory, Mark { incarnation: 8, sequence: 500 });
        assert!(!ring.reaches_back_to(&other));
    }
}
