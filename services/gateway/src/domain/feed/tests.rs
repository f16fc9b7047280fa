//! Clients that are cut anywhere and come back must end up with what the server holds.

use proptest::prelude::*;

use super::super::position::Mark;
use super::*;

const START: OffsetDateTime = OffsetDateTime::UNIX_EPOCH;
const CONVERSATIONS: usize = 4;

fn conversation(index: usize) -> ConversationId {
    ConversationId::from_uuid(uuid::Uuid::from_u128(1 + index as u128))
}

#[derive(Debug, Clone)]
enum Step {
    Message(usize),
    Row(usize),
    /// The first becomes part of the second.
    Absorb(usize, usize),
    Pause(i64),
    Trim,
    Take,
    Deliver,
    Fail,
    Connect(usize),
    Cut(usize),
    /// The client asks for the messages, then tells what it has open, this much later.
    Open(usize, usize, i64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => (0..CONVERSATIONS).prop_map(Step::Message),
        2 => (0..CONVERSATIONS).prop_map(Step::Row),
        1 => (0..CONVERSATIONS, 1..CONVERSATIONS)
            .prop_map(|(from, by)| Step::Absorb(from, (from + by) % CONVERSATIONS)),
        4 => (1_i64..60).prop_map(Step::Pause),
        1 => (60_000_i64..700_000).prop_map(Step::Pause),
        1 => Just(Step::Trim),
        6 => Just(Step::Take),
        6 => Just(Step::Deliver),
        1 => Just(Step::Fail),
        3 => (0_usize..3).prop_map(Step::Connect),
        2 => (0_usize..3).prop_map(Step::Cut),
        2 => (0_usize..3, 0..CONVERSATIONS, 0_i64..5_000).prop_map(|(c, o, ms)| Step::Open(c, o, ms)),
    ];
    prop::collection::vec(step, 1..60)
}

/// What the server holds.
#[derive(Debug, Clone, Default, PartialEq)]
struct World {
    revs: BTreeMap<ConversationId, u64>,
    /// Where each message is, and the sequence of its event.
    messages: BTreeMap<MessageId, (ConversationId, u64)>,
}

impl World {
    fn messages_of(&self, conversation: Option<ConversationId>) -> BTreeSet<MessageId> {
        let messages = self.messages.iter().filter(|(_, (of, _))| Some(*of) == conversation);
        messages.map(|(id, _)| *id).collect()
    }
}

#[derive(Debug, Default)]
struct Client {
    key: Option<Key>,
    cursor: Option<Position>,
    revs: BTreeMap<ConversationId, u64>,
    open: Option<ConversationId>,
    messages: BTreeSet<MessageId>,
}

struct Trial {
    feed: Feed,
    world: World,
    clients: [Client; 3],
    now: OffsetDateTime,
    sequence: u64,
    keys: Key,
    /// The round under way, and the world as it was looked up.
    looked_up: Option<(u64, World)>,
}

impl Trial {
    fn new() -> Self {
        Self {
            feed: Feed::new(Position::default()),
            world: World::default(),
            clients: Default::default(),
            now: START,
            sequence: 0,
            keys: 0,
            looked_up: None,
        }
    }

    fn head(&self) -> Position {
        head(self.sequence)
    }

    fn happens(&mut self, change: impl FnOnce(&mut World, u64) -> Change) {
        self.sequence += 1;
        let change = change(&mut self.world, self.sequence);
        let changed = match change {
            Change::Conversation(of)
            | Change::Message(of, _)
            | Change::Messages(of)
            | Change::Note(of, _)
            | Change::Contact(of, _) => vec![of],
            Change::Absorbed { conversation, into } => vec![conversation, into],
            Change::Settings(_) | Change::Personal(..) => Vec::new(),
        };
        for of in changed {
            *self.world.revs.entry(of).or_default() += 1;
        }
        let (sequence, at) = (self.sequence, self.now);
        self.feed.record(Entry { source: Source::Conversation, sequence, at, change });
    }

    /// The client reads everything anew.
    fn bootstrap(&mut self, client: usize, cursor: Position) {
        self.clients[client].cursor = Some(cursor);
        self.clients[client].revs = self.world.revs.clone();
        self.fetch_messages(client);
    }

    fn fetch_messages(&mut self, client: usize) {
        let client = &mut self.clients[client];
        client.messages = self.world.messages_of(client.open);
    }

    fn connect(&mut self, client: usize) {
        if self.clients[client].key.is_some() {
            return;
        }
        if self.clients[client].cursor.is_none() {
            self.bootstrap(client, self.head());
        }
        self.keys += 1;
        let (key, head) = (self.keys, self.head());
        self.clients[client].key = Some(key);
        let (cursor, open) = (self.clients[client].cursor, self.clients[client].open);
        if let Admission::Reset(position) = self.feed.join(key, cursor, open, head) {
            self.bootstrap(client, position);
        }
    }

    fn start_anew(&mut self, keys: &[Key]) {
        for client in 0..self.clients.len() {
            if self.clients[client].key.is_some_and(|key| keys.contains(&key)) {
                self.bootstrap(client, self.feed.position(self.head()));
            }
        }
    }

    fn deliver(&mut self, cut_after: Option<usize>) {
        let Some((round, world)) = self.looked_up.take() else { return };
        let mut gone = Vec::new();
        for delivery in self.feed.deliver(round) {
            for client in &mut self.clients {
                if let Some(key) = client.key
                    && delivery.sockets.contains(&key)
                    && !client.apply(&delivery.batch, &world, cut_after)
                {
                    client.key = None;
                    gone.push(key);
                }
            }
        }
        for key in gone {
            self.feed.leave(key);
        }
    }

    fn step(&mut self, step: &Step) {
        match *step {
            Step::Message(index) => self.happens(|world, sequence| {
                let message = MessageId::from_uuid(uuid::Uuid::from_u128(u128::from(sequence)));
                world.messages.insert(message, (conversation(index), sequence));
                Change::Message(conversation(index), message)
            }),
            Step::Row(index) => self.happens(|_, _| Change::Conversation(conversation(index))),
            Step::Absorb(from, into) => self.happens(|world, _| {
                let (from, into) = (conversation(from), conversation(into));
                for (of, _) in world.messages.values_mut().filter(|(of, _)| *of == from) {
                    *of = into;
                }
                Change::Absorbed { conversation: from, into }
            }),
            Step::Pause(milliseconds) => self.now += Duration::milliseconds(milliseconds),
            Step::Trim => {
                let anew = self.feed.trim(self.now);
                self.start_anew(&anew);
            }
            Step::Take => {
                if let Some(wanted) = self.feed.take(self.head(), self.now) {
                    self.looked_up = Some((wanted.round, self.world.clone()));
                }
            }
            Step::Deliver => self.deliver(None),
            Step::Fail => {
                if let Some((round, _)) = self.looked_up.take() {
                    let anew = self.feed.take_back(round);
                    self.start_anew(&anew);
                }
            }
            Step::Connect(client) => self.connect(client),
            Step::Cut(client) => {
                if let Some(key) = self.clients[client].key.take() {
                    self.feed.leave(key);
                }
            }
            Step::Open(client, index, later) => {
                self.clients[client].open = Some(conversation(index));
                self.fetch_messages(client);
                self.now += Duration::milliseconds(later);
                if let Some(key) = self.clients[client].key {
                    self.feed.open(key, self.clients[client].open, self.now);
                }
            }
        }
    }

    fn settle(&mut self) {
        for client in 0..self.clients.len() {
            self.connect(client);
        }
        for _ in 0..20 {
            self.now += COUNTS;
            self.step(&Step::Take);
            self.step(&Step::Deliver);
        }
    }
}

impl Client {
    /// Whether the line held until the end of the batch.
    fn apply(&mut self, batch: &Batch, world: &World, cut_after: Option<usize>) -> bool {
        let cursor = self.cursor.expect("connected").mark(Source::Conversation).sequence;
        // A batch that does not move the cursor repeats on purpose.
        let moves = batch.before != batch.position;
        for (index, item) in batch.items.iter().enumerate() {
            if cut_after.is_some_and(|after| index >= after) {
                return false;
            }
            match *item {
                Item::Row(of) => {
                    let rev = world.revs[&of];
                    let have = self.revs.entry(of).or_default();
                    *have = rev.max(*have);
                }
                Item::Message(_, message) => {
                    let (of, sequence) = world.messages[&message];
                    assert!(
                        !moves || sequence > cursor,
                        "a message the cursor covers was repeated"
                    );
                    if self.open == Some(of) {
                        self.messages.insert(message);
                    }
                }
                Item::Messages(of) if self.open == Some(of) => {
                    self.messages.extend(world.messages_of(Some(of)));
                }
                Item::Messages(_)
                | Item::Note(..)
                | Item::Contact(..)
                | Item::Settings(_)
                | Item::Personal(..)
                | Item::Counts => {}
            }
            let last = index + 1 == batch.items.len();
            self.cursor = Some(if last { batch.position } else { batch.before });
        }
        true
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    /// Whatever is cut, fails or is forgotten in between: a client that comes back holds every
    /// row as the server holds it, and every message of the conversation that it has open.
    #[test]
    fn resuming_loses_nothing_and_repeats_nothing_that_the_cursor_covers(steps in steps()) {
        let mut trial = Trial::new();
        for step in &steps {
            trial.step(step);
        }
        trial.settle();
        for client in &trial.clients {
            prop_assert_eq!(&client.revs, &trial.world.revs);
            // What moved into another conversation may still be shown in the old one.
            prop_assert!(client.messages.is_superset(&trial.world.messages_of(client.open)));
        }
    }

    /// The line breaks in the middle of a batch: the cursor has not moved past what was not
    /// received.
    #[test]
    fn a_cut_in_the_middle_of_a_batch_loses_nothing(
        before in steps(),
        cut_after in 0_usize..4,
        after in steps(),
    ) {
        let mut trial = Trial::new();
        trial.connect(0);
        for step in &before {
            trial.step(step);
        }
        trial.step(&Step::Take);
        trial.deliver(Some(cut_after));
        for step in &after {
            trial.step(step);
        }
        trial.settle();
        for client in &trial.clients {
            prop_assert_eq!(&client.revs, &trial.world.revs);
        }
    }
}

fn feed_with_socket() -> Feed {
    let mut feed = Feed::new(Position::default());
    assert_eq!(
        feed.join(1, Some(Position::default()), None, Position::default()),
        Admission::Resumed
    );
    let first = feed.take(Position::default(), START).expect("due");
    feed.deliver(first.round);
    feed
}

fn head(sequence: u64) -> Position {
    at(Mark { incarnation: 0, sequence })
}

/// Somewhere in the conversation stream, at the beginning of the others.
fn at(mark: Mark) -> Position {
    let mut position = Position::default();
    position.set(Source::Conversation, mark);
    position
}

fn row(sequence: u64, at: OffsetDateTime, index: usize) -> Entry {
    let change = Change::Conversation(conversation(index));
    Entry { source: Source::Conversation, sequence, at, change }
}

#[test]
fn rounds_keep_their_distance_and_tell_each_row_once() {
    let mut feed = feed_with_socket();
    for sequence in 1..=3 {
        feed.record(row(sequence, START, 0));
    }
    let soon = START + Duration::milliseconds(1);
    assert_eq!(feed.take(head(3), soon), None, "too early");
    assert_eq!(feed.due(soon), Some(START + ROUND));
    let wanted = feed.take(head(3), START + ROUND).expect("due");
    assert_eq!(wanted.rows.len(), 1);
    assert_eq!(feed.take(head(3), START + ROUND * 2), None, "one round at a time");
    let delivered = feed.deliver(wanted.round);
    assert_eq!(delivered[0].batch.items, [Item::Row(conversation(0))]);
    assert_eq!(delivered[0].batch.position, head(3));
}

#[test]
fn counts_are_told_at_most_four_times_a_second_and_the_last_ones_always() {
    let mut feed = feed_with_socket();
    let mut told = Vec::new();
    let mut now = START;
    for sequence in 1..=100 {
        now = START + ROUND * i32::try_from(sequence).expect("small");
        feed.record(row(sequence, now, 0));
        let wanted = feed.take(head(sequence), now).expect("due");
        if wanted.counts {
            told.push(now);
        }
        feed.deliver(wanted.round);
    }
    assert!(told.windows(2).all(|pair| pair[1] - pair[0] >= COUNTS));
    let due = feed.due(now).expect("the last counts are still to be told");
    assert!(feed.take(head(100), due).expect("due").counts);
}

#[test]
fn a_stream_that_begins_anew_makes_every_socket_start_anew() {
    let mut feed = feed_with_socket();
    feed.record(row(1, START, 0));
    let wanted = feed.take(head(1), START + ROUND).expect("due");
    let reborn = at(Mark { incarnation: 9, sequence: 4 });
    assert_eq!(feed.restart(reborn), [1]);
    assert_eq!(feed.deliver(wanted.round), [], "the round was given up");
    assert_eq!(feed.join(2, Some(head(1)), None, reborn), Admission::Reset(reborn));
    assert_eq!(feed.join(3, Some(reborn), None, reborn), Admission::Resumed);
}

#[test]
fn a_socket_that_missed_too_much_starts_anew() {
    let mut feed = Feed::new(Position::default());
    for index in 0..=MOST_MISSED {
        feed.record(row(index as u64 + 1, START, index));
    }
    let last = head(MOST_MISSED as u64 + 1);
    assert_eq!(feed.join(1, Some(Position::default()), None, last), Admission::Reset(last));
    assert_eq!(feed.join(2, Some(head(1)), None, last), Admission::Resumed);
}

#[test]
fn a_socket_that_missed_too_many_messages_of_what_it_has_open_starts_anew() {
    let mut feed = Feed::new(Position::default());
    for index in 0..=MOST_MISSED as u64 {
        let message = MessageId::from_uuid(uuid::Uuid::from_u128(u128::from(index) + 1));
        let change = Change::Message(conversation(0), message);
        feed.record(Entry { source: Source::Conversation, sequence: index + 1, at: START, change });
    }
    let last = head(MOST_MISSED as u64 + 1);
    let (from, open) = (Some(Position::default()), Some(conversation(0)));
    assert_eq!(feed.join(1, from, open, last), Admission::Reset(last));
    assert_eq!(feed.join(2, from, Some(conversation(1)), last), Admission::Resumed);
    assert_eq!(feed.join(3, Some(head(50)), open, last), Admission::Resumed);
}

#[test]
fn a_quiet_organizations_cursor_does_not_grow_old() {
    let feed = feed_with_socket();
    assert_eq!(feed.position(head(5_000)), head(5_000));
}

#[test]
fn a_socket_that_opens_a_conversation_is_told_its_recent_messages() {
    let mut feed = feed_with_socket();
    let message = MessageId::from_uuid(uuid::Uuid::from_u128(77));
    let change = Change::Message(conversation(0), message);
    feed.record(Entry { source: Source::Conversation, sequence: 1, at: START, change });
    let wanted = feed.take(head(1), START + ROUND).expect("due");
    assert!(wanted.messages.is_empty(), "nobody has it open");
    feed.deliver(wanted.round);
    feed.open(1, Some(conversation(0)), START + ROUND);
    let wanted = feed.take(head(1), START + ROUND * 2).expect("due");
    assert_eq!(wanted.messages, BTreeSet::from([message]));
    let delivered = feed.deliver(wanted.round);
    assert_eq!(delivered[0].batch.items, [Item::Message(conversation(0), message)]);
}

#[test]
fn a_note_is_told_to_who_has_its_conversation_open_also_when_they_open_it_a_moment_later() {
    let note = crate::domain::NoteId::mint();
    let (of, other) = (ConversationId::mint(), ConversationId::mint());
    let mut feed = Feed::new(head(0));
    let now = OffsetDateTime::UNIX_EPOCH;
    for (key, open) in [(1, Some(of)), (2, Some(other))] {
        assert_eq!(feed.join(key, Some(head(0)), open, head(0)), Admission::Resumed);
    }
    let round = |feed: &mut Feed, at: OffsetDateTime, sequence| {
        let wanted = feed.take(head(sequence), at).expect("due");
        let round = wanted.round;
        (wanted.notes, feed.deliver(round))
    };
    round(&mut feed, now, 0);
    let change = Change::Note(of, note);
    feed.record(Entry { source: Source::Conversation, sequence: 1, at: now, change });
    let (wanted, _) = round(&mut feed, now + COUNTS, 1);
    assert_eq!(wanted, [note].into());
    let later = now + COUNTS * 2;
    feed.open(2, Some(of), later);
    let (wanted, told) = round(&mut feed, later, 1);
    assert_eq!(wanted, [note].into());
    let alone = told.iter().find(|delivery| delivery.sockets == [2]).expect("told");
    assert_eq!(alone.batch.items, [Item::Note(of, note)]);
    // What one may see but has not opened needs no look-up.
    let change = Change::Note(ConversationId::mint(), crate::domain::NoteId::mint());
    feed.record(Entry { source: Source::Conversation, sequence: 2, at: later, change });
    let (wanted, told) = round(&mut feed, later + COUNTS, 2);
    assert!(wanted.is_empty());
    assert!(told.iter().all(|one| one.batch.items.iter().all(|it| !matches!(it, Item::Note(..)))));
}
