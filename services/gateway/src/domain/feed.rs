//! What the sockets of one organization are told, and when.
//!
//! A feed goes round: *take* what happened since the last round together with what the sockets
//! that have just come missed, look it all up with one batched call, *deliver* it. One round is
//! under way at a time, so that every socket gets one ordered row of batches, and a socket that
//! comes is served at the border of two rounds: nothing falls between what it missed and what it
//! is told from then on.
//!
//! A batch moves a socket's cursor from `before` to `position` as a whole. Deliberately absent:
//! the contents of rows and messages, which are looked up after the decision; a row may
//! therefore be newer than the event that asked for it, and its rev says so.

use std::collections::{BTreeMap, BTreeSet};

use time::{Duration, OffsetDateTime};

use super::personal::Personal;
use super::position::{Position, Source};
use super::ring::{Change, Entry, Ring, Settings};
use super::{ContactId, ConversationId, MemberId, MessageId, NoteId};

/// Shortest time between two rounds of one organization (`design.md` 3).
pub const ROUND: Duration = Duration::milliseconds(15);
/// Shortest time between two counts of one organization.
pub const COUNTS: Duration = Duration::milliseconds(250);
/// How far back a socket that opens a conversation is told its messages: longer than any answer
/// to a request for them can be on its way.
pub const OPENING: Duration = Duration::seconds(15);
/// Most rows, and messages and notes of what it has open, that a socket is told after a cut; one
/// that missed more starts anew, which is cheaper for everybody. Without a bound on the messages a
/// socket that missed many of them would be too slow for its own batch, be cut, and come back to
/// the same batch.
pub const MOST_MISSED: usize = 500;

/// A socket of this process.
pub type Key = u64;

/// One thing to tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Item {
    /// A conversation's row.
    Row(ConversationId),
    /// A message; for sockets that have its conversation open.
    Message(ConversationId, MessageId),
    /// The newest messages of a conversation that took in another one; for sockets that have it
    /// open.
    Messages(ConversationId),
    /// A note; for sockets that have its conversation open.
    Note(ConversationId, NoteId),
    /// A contact of whom something else is known; for whoever may see this conversation of theirs.
    Contact(ConversationId, ContactId),
    /// Settings.
    Settings(Settings),
    /// Something for the sockets of one member.
    Personal(MemberId, Personal),
    /// How many conversations are in each queue.
    Counts,
}

/// Things to tell in this order, and how they move the cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// In the order in which they last happened.
    pub items: Vec<Item>,
    /// The cursor while the batch is not complete.
    pub before: Position,
    /// The cursor after its last item.
    pub position: Position,
}

/// What has to be looked up for one round.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wanted {
    /// Rows.
    pub rows: BTreeSet<ConversationId>,
    /// Messages.
    pub messages: BTreeSet<MessageId>,
    /// Conversations whose newest messages are wanted.
    pub conversations: BTreeSet<ConversationId>,
    /// Notes.
    pub notes: BTreeSet<NoteId>,
    /// Counts.
    pub counts: bool,
    /// The round's number, to end it with.
    pub round: u64,
}

/// Who gets what at the end of a round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The sockets.
    pub sockets: Vec<Key>,
    /// What they are told.
    pub batch: Batch,
}

/// How a socket comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// It will be told what it missed.
    Resumed,
    /// What it missed is not known any more: it must start anew, at a place not before this one.
    Reset(Position),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Waiting {
    /// Came with this cursor.
    Joining(Key, Position),
    /// Opened this conversation.
    Opening(Key, ConversationId),
    /// Shows these rows, of which it knows no more than where they stand.
    Showing(Key, Vec<ConversationId>),
}

#[derive(Debug, Clone)]
struct Round {
    number: u64,
    from: u64,
    position: Position,
    before: Position,
    waiting: Vec<Waiting>,
    broadcast: Vec<Item>,
    single: Vec<(Key, Vec<Item>)>,
    counts: bool,
}

/// The sockets of one organization and what happened lately.
#[derive(Debug)]
pub struct Feed {
    ring: Ring,
    /// Index of the first entry that no round has taken.
    next: u64,
    /// Where the last round ended: what subscribers have been told.
    told: Position,
    subscribers: BTreeMap<Key, Option<ConversationId>>,
    waiting: Vec<Waiting>,
    /// Conversation that a socket that is still waiting has open.
    waiting_open: BTreeMap<Key, Option<ConversationId>>,
    round: Option<Round>,
    rounds: u64,
    last_round: Option<OffsetDateTime>,
    last_counts: Option<OffsetDateTime>,
    counts_wanted: bool,
}

impl Feed {
    /// A feed that knows everything after `floor`.
    #[must_use]
    pub fn new(floor: Position) -> Self {
        Self {
            ring: Ring::new(floor),
            next: 0,
            told: floor,
            subscribers: BTreeMap::new(),
            waiting: Vec::new(),
            waiting_open: BTreeMap::new(),
            round: None,
            rounds: 0,
            last_round: None,
            last_counts: None,
            counts_wanted: false,
        }
    }

    /// Something happened.
    pub fn record(&mut self, entry: Entry) {
        self.ring.push(entry);
    }

    /// A socket comes with its cursor (none: unreadable) and the conversation that it has open;
    /// `head` is how far the streams have been read.
    pub fn join(
        &mut self,
        key: Key,
        cursor: Option<Position>,
        open: Option<ConversationId>,
        head: Position,
    ) -> Admission {
        self.catch_up_without_listeners(head);
        let since = cursor.filter(|since| {
            self.ring.reaches_back_to(since)
                && self.missed(*since, open) <= MOST_MISSED
                && !self.ring.after(*since).any(|entry| may_change_sight(entry.change))
        });
        self.counts_wanted = true;
        if let Some(since) = since {
            self.waiting.push(Waiting::Joining(key, since));
            self.waiting_open.insert(key, open);
            Admission::Resumed
        } else {
            self.subscribers.insert(key, open);
            Admission::Reset(self.position(head))
        }
    }

    /// A socket goes.
    pub fn leave(&mut self, key: Key) {
        self.subscribers.remove(&key);
        self.waiting_open.remove(&key);
        self.waiting.retain(|waiting| waiting.key() != key);
    }

    /// A socket opens a conversation, or none.
    pub fn open(&mut self, key: Key, open: Option<ConversationId>, now: OffsetDateTime) {
        if let Some(known) = self.waiting_open.get_mut(&key) {
            *known = open;
        } else if let Some(known) = self.subscribers.get_mut(&key) {
            *known = open;
        } else {
            return;
        }
        // Rounds up to now left its messages out: it is told the recent ones once more.
        if let Some(conversation) = open
            && self.recent_messages(conversation, now).next().is_some()
        {
            self.waiting.push(Waiting::Opening(key, conversation));
        }
    }

    /// A socket shows rows that it does not have: it is told them once.
    pub fn show(&mut self, key: Key, rows: Vec<ConversationId>) {
        let known = self.subscribers.contains_key(&key) || self.waiting_open.contains_key(&key);
        if known && !rows.is_empty() {
            self.waiting.push(Waiting::Showing(key, rows));
        }
    }

    /// Whether anybody listens.
    #[must_use]
    pub fn has_sockets(&self) -> bool {
        !self.subscribers.is_empty() || !self.waiting.is_empty() || self.round.is_some()
    }

    /// When the next round is due; none while there is nothing to tell or a round is under way.
    #[must_use]
    pub fn due(&self, now: OffsetDateTime) -> Option<OffsetDateTime> {
        if self.round.is_some() || !self.has_sockets() {
            return None;
        }
        let after = |last: Option<OffsetDateTime>, pause| last.map_or(now, |last| last + pause);
        if !self.waiting.is_empty() || self.next < self.ring.end() {
            Some(after(self.last_round, ROUND))
        } else if self.counts_wanted {
            Some(after(self.last_round, ROUND).max(after(self.last_counts, COUNTS)))
        } else {
            None
        }
    }

    /// Begins a round, when one is due, and says what has to be looked up for it; `head` is how
    /// far the streams have been read.
    pub fn take(&mut self, head: Position, now: OffsetDateTime) -> Option<Wanted> {
        if self.due(now)? > now {
            return None;
        }
        let waiting = std::mem::take(&mut self.waiting);
        let open: BTreeSet<ConversationId> = self
            .subscribers
            .values()
            .chain(self.waiting_open.values())
            .copied()
            .flatten()
            .collect();
        let broadcast = if self.subscribers.is_empty() {
            Vec::new()
        } else {
            items(self.ring.since_index(self.next), |conversation| open.contains(&conversation))
        };
        let single: Vec<(Key, Vec<Item>)> = waiting
            .iter()
            .map(|waiting| match waiting {
                Waiting::Joining(key, since) => {
                    let open = self.waiting_open.get(key).copied().flatten();
                    let missed = self.ring.after(*since);
                    (*key, items(missed, |conversation| Some(conversation) == open))
                }
                Waiting::Opening(key, conversation) => {
                    let mut recent: Vec<_> = self.recent_messages(*conversation, now).collect();
                    recent.reverse();
                    (*key, recent)
                }
                Waiting::Showing(key, rows) => {
                    (*key, rows.iter().copied().map(Item::Row).collect())
                }
            })
            .collect();

        self.counts_wanted |=
            self.ring.since_index(self.next).any(|entry| entry.source == Source::Conversation);
        let counts = self.counts_wanted && self.last_counts.is_none_or(|last| now - last >= COUNTS);
        self.rounds += 1;
        let mut wanted = Wanted { counts, round: self.rounds, ..Wanted::default() };
        for item in broadcast.iter().chain(single.iter().flat_map(|(_, items)| items)) {
            match *item {
                Item::Row(conversation) => {
                    wanted.rows.insert(conversation);
                }
                // Rows say who may see what belongs to them.
                Item::Message(conversation, message) => {
                    wanted.rows.insert(conversation);
                    wanted.messages.insert(message);
                }
                Item::Messages(conversation) => {
                    wanted.rows.insert(conversation);
                    wanted.conversations.insert(conversation);
                }
                Item::Settings(Settings::Channels | Settings::Members) => {
                    wanted.rows.extend(&open);
                }
                Item::Note(conversation, note) => {
                    wanted.rows.insert(conversation);
                    wanted.notes.insert(note);
                }
                Item::Contact(..) | Item::Settings(_) | Item::Personal(..) | Item::Counts => {}
            }
        }
        let round = Round {
            number: self.rounds,
            from: self.next,
            position: head,
            before: self.told,
            waiting,
            broadcast,
            single,
            counts,
        };
        self.next = self.ring.end();
        self.last_round = Some(now);
        if counts {
            self.last_counts = Some(now);
            self.counts_wanted = false;
        }
        self.round = Some(round);
        Some(wanted)
    }

    /// Ends the round of this number: who gets what. Nothing for a round that was given up.
    pub fn deliver(&mut self, round: u64) -> Vec<Delivery> {
        let Some(round) = self.round.take_if(|under_way| under_way.number == round) else {
            return Vec::new();
        };
        self.told = round.position;
        let mut deliveries = Vec::new();
        let mut tell = |sockets: Vec<Key>, items: Vec<Item>, before: Position| {
            if !sockets.is_empty() && !items.is_empty() {
                let batch = Batch { items, before, position: round.position };
                deliveries.push(Delivery { sockets, batch });
            }
        };
        tell(self.subscribers.keys().copied().collect(), round.broadcast, round.before);
        for (waiting, (key, items)) in round.waiting.iter().zip(round.single) {
            match *waiting {
                Waiting::Joining(_, since) => {
                    // Gone meanwhile: not waiting any more.
                    let Some(open) = self.waiting_open.remove(&key) else { continue };
                    self.subscribers.insert(key, open);
                    tell(vec![key], items, since);
                }
                Waiting::Opening(..) | Waiting::Showing(..) => {
                    if self.subscribers.contains_key(&key) {
                        tell(vec![key], items, round.position);
                    }
                }
            }
        }
        if round.counts {
            let everybody = self.subscribers.keys().copied().collect();
            tell(everybody, vec![Item::Counts], round.position);
        }
        deliveries
    }

    /// The look-up failed: the round is taken back, and will be taken again together with what
    /// happens meanwhile. Gives the sockets that must start anew.
    #[must_use]
    pub fn take_back(&mut self, round: u64) -> Vec<Key> {
        let Some(round) = self.round.take_if(|under_way| under_way.number == round) else {
            return Vec::new();
        };
        self.next = round.from.max(self.ring.start());
        self.counts_wanted |= round.counts;
        let gone = |waiting: &Waiting| {
            !self.waiting_open.contains_key(&waiting.key())
                && !self.subscribers.contains_key(&waiting.key())
        };
        let mut waiting = round.waiting;
        waiting.retain(|waiting| !gone(waiting));
        waiting.append(&mut self.waiting);
        self.waiting = waiting;
        self.overtaken()
    }

    /// Drops what is too old. Gives the sockets that have not been told some of it yet and must
    /// start anew.
    #[must_use]
    pub fn trim(&mut self, now: OffsetDateTime) -> Vec<Key> {
        self.ring.trim(now);
        let untold = self.round.as_ref().map_or(self.next, |round| round.from);
        if self.ring.start() <= untold {
            return self.overtaken();
        }
        self.next = self.next.max(self.ring.start());
        if self.has_sockets() { self.everybody_starts_anew(self.told) } else { Vec::new() }
    }

    /// A stream began another life, or part of it was missed: from here on only what comes after
    /// `head` is known. Gives the sockets that must start anew: every one.
    #[must_use]
    pub fn restart(&mut self, head: Position) -> Vec<Key> {
        self.ring.restart(head);
        self.next = self.ring.end();
        self.everybody_starts_anew(head)
    }

    /// The sockets that still wait while what they missed was dropped: they must start anew.
    fn overtaken(&mut self) -> Vec<Key> {
        let mut overtaken = Vec::new();
        let ring = &self.ring;
        self.waiting.retain(|waiting| match waiting {
            Waiting::Joining(key, since) if !ring.reaches_back_to(since) => {
                overtaken.push(*key);
                false
            }
            _ => true,
        });
        for key in &overtaken {
            if let Some(open) = self.waiting_open.remove(key) {
                self.subscribers.insert(*key, open);
            }
        }
        overtaken
    }

    fn everybody_starts_anew(&mut self, told: Position) -> Vec<Key> {
        self.round = None;
        self.waiting.clear();
        self.subscribers.append(&mut self.waiting_open);
        self.told = told;
        self.counts_wanted = true;
        self.subscribers.keys().copied().collect()
    }

    /// Where somebody stands who has been told everything that this feed has told; `head` is how
    /// far the streams have been read. While nothing waits to be told, that is the head itself,
    /// so that the cursor of a quiet organization does not grow old.
    #[must_use]
    pub fn position(&self, head: Position) -> Position {
        let quiet = self.round.is_none() && self.waiting.is_empty() && self.next == self.ring.end();
        if quiet { head } else { self.told }
    }

    /// Nobody listens: what happened meanwhile need not be told to anybody.
    fn catch_up_without_listeners(&mut self, head: Position) {
        if !self.has_sockets() {
            self.next = self.ring.end();
            self.told = head;
        }
    }

    fn missed(&self, since: Position, open: Option<ConversationId>) -> usize {
        let missed = items(self.ring.after(since), |conversation| Some(conversation) == open);
        let counts = |item: &&Item| {
            matches!(item, Item::Row(_) | Item::Message(..) | Item::Messages(_) | Item::Note(..))
        };
        missed.iter().filter(counts).count()
    }

    /// The messages and notes of a conversation that rounds have taken lately, newest first, each
    /// once.
    fn recent_messages(
        &self,
        conversation: ConversationId,
        now: OffsetDateTime,
    ) -> impl Iterator<Item = Item> {
        let mut seen = BTreeSet::new();
        self.ring
            .recent(self.next, now - OPENING)
            .filter_map(move |entry| match entry.change {
                Change::Message(of, message) if of == conversation => {
                    Some(Item::Message(of, message))
                }
                Change::Absorbed { into: of, .. } | Change::Messages(of) if of == conversation => {
                    Some(Item::Messages(of))
                }
                Change::Note(of, note) if of == conversation => Some(Item::Note(of, note)),
                _ => None,
            })
            .filter(move |item| seen.insert(*item))
    }
}

impl Waiting {
    const fn key(&self) -> Key {
        match *self {
            Self::Joining(key, _) | Self::Opening(key, _) | Self::Showing(key, _) => key,
        }
    }
}

/// Whether members may see other conversations than before: a socket that was away then starts
/// anew.
const fn may_change_sight(change: Change) -> bool {
    matches!(change, Change::Settings(Settings::Channels | Settings::Members))
}

/// What entries ask to be told: each thing once, in the order in which it last happened;
/// messages only of conversations that are `open`.
fn items<'a>(
    entries: impl Iterator<Item = &'a Entry>,
    open: impl Fn(ConversationId) -> bool,
) -> Vec<Item> {
    let mut told: Vec<Item> = Vec::new();
    for entry in entries {
        match entry.change {
            Change::Conversation(conversation) => told.push(Item::Row(conversation)),
            Change::Message(conversation, message) => {
                told.push(Item::Row(conversation));
                if open(conversation) {
                    told.push(Item::Message(conversation, message));
                }
            }
            Change::Absorbed { conversation, into } => {
                told.extend([Item::Row(conversation), Item::Row(into)]);
                if open(into) {
                    told.push(Item::Messages(into));
                }
            }
            Change::Messages(conversation) => {
                told.push(Item::Row(conversation));
                if open(conversation) {
                    told.push(Item::Messages(conversation));
                }
            }
            Change::Note(conversation, note) => {
                told.push(Item::Row(conversation));
                if open(conversation) {
                    told.push(Item::Note(conversation, note));
                }
            }
            Change::Contact(conversation, contact) => {
                told.extend([Item::Row(conversation), Item::Contact(conversation, contact)]);
            }
            Change::Settings(settings) => told.push(Item::Settings(settings)),
            Change::Personal(member, personal) => told.push(Item::Personal(member, personal)),
        }
    }
    let mut seen = BTreeSet::new();
    told.reverse();
    told.retain(|item| seen.insert(*item));
    told.reverse();
    told
}

#[cfg(test)]
mod tests;
