//! Runs of a few customers and two of our accounts, over several decisions.

use std::collections::BTreeSet;
use std::fmt;

use kit_values::{EventId, OrganizationId};
use proptest::prelude::*;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::domain::item::{
    Author, Item, MessageKey, Profile, Revision, Spare, What, Writer, Written,
};
use crate::domain::message::{Attachment, Reaction, Version};
use crate::domain::person::{IdentityKey, Person};
use crate::domain::reply::{Failure, News, Place, Progress};
use crate::domain::words::{
    ChannelId, ContactId, ConversationId, ItemId, MemberId, MessageId, MessageKind, Network,
};

/// Between two decisions.
pub const SEGMENT: Duration = Duration::hours(30);
pub const SEGMENTS: usize = 3;

pub fn start() -> OffsetDateTime {
    OffsetDateTime::UNIX_EPOCH + Duration::days(20_000)
}

/// The moment of the decision that ends a segment.
pub fn decision_at(segment: usize) -> OffsetDateTime {
    start() + SEGMENT * i32::try_from(segment + 1).expect("few segments")
}

/// One message of a run. Everything that the network would say follows from it.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "drawn and compared as a whole")]
pub struct Message {
    pub person: u8,
    pub own: bool,
    /// An own message that does not say to whom: its parent tells.
    pub nameless: bool,
    pub parent: prop::sample::Index,
    pub private: bool,
    /// Through which of our accounts its first copy comes.
    pub through: bool,
    /// Seconds after the start; may lie far before its arrival.
    pub second: i64,
    /// In which segment its first copy arrives.
    pub segment: usize,
    pub history: bool,
    /// A second copy through the other account: how many segments later, and whether it is of
    /// history there.
    pub copy: Option<(usize, bool)>,
    pub revisions: Vec<Change>,
}

#[derive(Debug, Clone)]
pub enum Change {
    Edit { number: i64, segment: usize },
    Delete { segment: usize },
    React { actor: u8, second: i64, taken_back: bool, segment: usize },
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        (1_i64..4, 0..SEGMENTS).prop_map(|(number, segment)| Change::Edit { number, segment }),
        (0..SEGMENTS).prop_map(|segment| Change::Delete { segment }),
        (0_u8..2, 0_i64..5, any::<bool>(), 0..SEGMENTS).prop_map(
            |(actor, second, taken_back, segment)| Change::React {
                actor,
                second,
                taken_back,
                segment
            }
        ),
    ]
}

/// Moments that matter: around the decisions, around the ends of the reopen windows, and a few
/// seconds apart for the echo's margin.
fn second() -> impl Strategy<Value = i64> {
    let hours = prop_oneof![
        -40_i64..130,
        Just(30_i64),
        Just(54_i64),
        Just(60_i64),
        Just(84_i64),
        Just(90_i64),
    ];
    (hours, prop_oneof![Just(0_i64), -7_i64..8, -3_600_i64..3_600])
        .prop_map(|(hour, fine)| hour * 3_600 + fine)
}

pub fn message() -> impl Strategy<Value = Message> {
    (
        (0_u8..2, prop::bool::weighted(0.4), prop::bool::weighted(0.3)),
        (any::<prop::sample::Index>(), prop::bool::weighted(0.4), any::<bool>()),
        (second(), 0..SEGMENTS, prop::bool::weighted(0.15)),
        prop::option::weighted(0.3, (0_usize..2, prop::bool::weighted(0.3))),
        prop_oneof![3 => Just(Vec::new()), 1 => prop::collection::vec(change(), 1..3)],
    )
        .prop_map(
            |((person, own, nameless), (parent, private, through), when, copy, revisions)| {
                Message {
                    person,
                    own,
                    nameless,
                    parent,
                    private,
                    through,
                    second: when.0,
                    segment: when.1,
                    history: when.2,
                    copy,
                    revisions,
                }
            },
        )
}

/// One delivery of a run, with what its order and repetition are drawn from.
#[derive(Clone)]
pub struct Shuffle {
    pub keys: Vec<u16>,
    pub repeats: Vec<u8>,
    pub breaks: Vec<bool>,
}

impl fmt::Debug for Shuffle {
    /// On one line: a counter-example is read by people.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format!("{:?} {:?} {:?}", self.keys, self.repeats, self.breaks);
        formatter.write_str(&text)
    }
}

pub fn shuffle() -> impl Strategy<Value = Shuffle> {
    (
        prop::collection::vec(any::<u16>(), 64),
        prop::collection::vec(prop_oneof![3 => Just(0_u8), 1 => Just(1_u8), 1 => Just(2_u8)], 64),
        prop::collection::vec(any::<bool>(), 64),
    )
        .prop_map(|(keys, repeats, breaks)| Shuffle { keys, repeats, breaks })
}

fn organization() -> OrganizationId {
    OrganizationId::from_uuid(Uuid::from_u128(1))
}

pub fn channel(second: bool) -> ChannelId {
    ChannelId::from_uuid(Uuid::from_u128(10 + u128::from(second)))
}

fn key(index: usize) -> MessageKey {
    MessageKey {
        organization: organization(),
        network: Network::X,
        scope: String::new(),
        external_id: (98 + index).to_string(),
    }
}

pub fn identity(person: u8) -> IdentityKey {
    IdentityKey {
        organization: organization(),
        network: Network::X,
        scope: String::new(),
        person: Person::Known(person.to_string()),
    }
}

/// The deliveries of each segment.
pub fn deliveries(messages: &[Message]) -> Vec<Vec<Item>> {
    let mut segments: Vec<Vec<Item>> = vec![Vec::new(); SEGMENTS];
    let mut put = |segment: usize, channel, what| {
        let item = Item {
            event: EventId::mint(),
            item: ItemId::mint(),
            organization: organization(),
            channel,
            network: Network::X,
            at: start(),
            what,
        };
        segments[segment.min(SEGMENTS - 1)].push(item);
    };
    for (index, message) in messages.iter().enumerate() {
        let what = |second: bool, history: bool| written(messages, index, second, history);
        put(message.segment, channel(message.through), what(false, message.history));
        if let Some((later, history)) = message.copy {
            put(message.segment + later, channel(!message.through), what(true, history));
        }
        for change in &message.revisions {
            let (segment, revision) = revision(change);
            let what = What::Revised { target: key(index), revision };
            put(message.segment + segment, channel(false), what);
        }
    }
    segments
}

fn written(messages: &[Message], index: usize, second: bool, history: bool) -> What {
    let message = &messages[index];
    let time = start() + Duration::seconds(message.second);
    let parent = message.parent.index(messages.len());
    let writer = if message.own {
        // A chain of nameless ones that ends in itself waits for ever; that is right too.
        Writer::Own((!message.nameless).then(|| identity(message.person)))
    } else {
        Writer::Contact(Some(Author {
            identity: identity(message.person),
            profile: Profile {
                display_name: format!("name {}", message.second.rem_euclid(3)),
                ..Profile::default()
            },
        }))
    };
    let kind = match (message.private, second) {
        (true, _) => MessageKind::PrivateMessage,
        (false, true) => MessageKind::Reply,
        (false, false) => MessageKind::Mention,
    };
    What::Written(Box::new(Written {
        key: key(index),
        writer,
        kind,
        text: format!("text {index}"),
        attachments: vec![Attachment {
            kind: "image".to_owned(),
            url: "https://example.test/".to_owned(),
            title: String::new(),
        }],
        permalink: String::new(),
        time,
        in_reply_to: message.nameless.then(|| key(parent).external_id),
        thread: None,
        history,
        spare: Spare {
            message: MessageId::mint(),
            conversation: ConversationId::mint(),
            contact: ContactId::mint(),
            identity: kit_values::mint_uuid(),
        },
    }))
}

fn revision(change: &Change) -> (usize, Revision) {
    match *change {
        Change::Edit { number, segment } => {
            let time = start() + Duration::hours(number);
            (segment, Revision::Edited(Version { number, time, text: format!("edit {number}") }))
        }
        Change::Delete { segment } => (segment, Revision::Deleted),
        Change::React { actor, second, taken_back, segment } => {
            let reaction = Reaction {
                time: start() + Duration::seconds(second),
                reaction: if taken_back { String::new() } else { "like".to_owned() },
                emoji: String::new(),
            };
            (segment, Revision::Reacted { actor: actor.to_string(), reaction })
        }
    }
}

/// The same deliveries in another order, some repeated (as the same event, or as another event
/// with the same content), cut into batches.
pub fn shuffled(items: &[Item], shuffle: &Shuffle) -> Vec<Vec<Item>> {
    let draw = |index: usize| index % shuffle.keys.len();
    let mut drawn: Vec<(u16, Item)> = Vec::new();
    for (index, item) in items.iter().enumerate() {
        drawn.push((shuffle.keys[draw(index)], item.clone()));
        for repeat in 0..shuffle.repeats[draw(index)] {
            let mut copy = item.clone();
            if repeat == 1 {
                copy.event = EventId::mint();
                if let What::Written(written) = &mut copy.what {
                    written.spare.message = MessageId::mint();
                    written.spare.conversation = ConversationId::mint();
                }
            }
            drawn.push((shuffle.keys[draw(index * 7 + usize::from(repeat) + 1)], copy));
        }
    }
    drawn.sort_by_key(|(key, _)| *key);
    let mut batches: Vec<Vec<Item>> = vec![Vec::new()];
    for (index, (_, item)) in drawn.into_iter().enumerate() {
        if shuffle.breaks[draw(index)] {
            batches.push(Vec::new());
        }
        batches.last_mut().expect("there is one").push(item);
    }
    batches
}

/// The network ids that must be stored in the end: all but the nameless own ones whose chain of
/// parents ends nowhere.
pub fn attributable(messages: &[Message]) -> BTreeSet<String> {
    let mut known: BTreeSet<usize> = messages
        .iter()
        .enumerate()
        .filter(|(_, message)| !(message.own && message.nameless))
        .map(|(index, _)| index)
        .collect();
    loop {
        let more: Vec<usize> = (0..messages.len())
            .filter(|index| {
                !known.contains(index)
                    && known.contains(&messages[*index].parent.index(messages.len()))
            })
            .collect();
        if more.is_empty() {
            return known.into_iter().map(|index| key(index).external_id).collect();
        }
        known.extend(more);
    }
}

/// What a member decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decides {
    Reply,
    Pending,
    Resolve,
    Reopen,
    Remind,
    Forget,
}

/// How a reply ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ends {
    Never,
    Unknown,
    Sent,
    Failed,
}

/// One decision of a member at the end of a segment, and what its network says later.
#[derive(Debug, Clone)]
pub struct Act {
    pub person: u8,
    pub member: u8,
    pub segment: usize,
    pub decides: Decides,
    pub despite_newer: bool,
    /// How many of the newest messages the member's screen did not show.
    pub blind: i64,
    pub ends: Ends,
    /// The network shows a sent one as written by the account, too.
    pub echoed: bool,
    /// Decisions come between the first and the last of what its network says.
    pub spread: bool,
    /// When a reminder is due, from then on.
    pub later: Duration,
}

pub fn act() -> impl Strategy<Value = Act> {
    let decides = prop_oneof![
        3 => Just(Decides::Reply),
        1 => Just(Decides::Pending),
        1 => Just(Decides::Resolve),
        1 => Just(Decides::Reopen),
        2 => Just(Decides::Remind),
        1 => Just(Decides::Forget),
    ];
    let ends = prop_oneof![
        1 => Just(Ends::Never),
        1 => Just(Ends::Unknown),
        2 => Just(Ends::Sent),
        2 => Just(Ends::Failed),
    ];
    let who = (0_u8..2, 0_u8..2, 0..SEGMENTS);
    let later = prop_oneof![1_i64..29, 29_i64..70].prop_map(Duration::hours);
    (who, decides, any::<bool>(), 0_i64..3, ends, any::<bool>(), any::<bool>(), later).prop_map(
        |(who, decides, despite_newer, blind, ends, echoed, spread, later)| Act {
            person: who.0,
            member: who.1,
            segment: who.2,
            decides,
            despite_newer,
            blind,
            ends,
            echoed,
            spread,
            later,
        },
    )
}

/// A reply whose echo comes a decision before its answer.
pub fn sent_and_echoed_later() -> Act {
    Act {
        person: 0,
        member: 0,
        segment: 0,
        decides: Decides::Reply,
        despite_newer: false,
        blind: 0,
        ends: Ends::Sent,
        echoed: true,
        spread: true,
        later: Duration::ZERO,
    }
}

/// This one as a reply that fails.
pub fn failed(act: &Act) -> Act {
    Act { decides: Decides::Reply, ends: Ends::Failed, ..act.clone() }
}

pub fn member(number: u8) -> MemberId {
    MemberId::from_uuid(Uuid::from_u128(20 + u128::from(number)))
}

pub fn reply_id(index: usize) -> MessageId {
    MessageId::from_uuid(Uuid::from_u128(1_000 + index as u128))
}

/// When the act with this index is decided.
pub fn decided_at(act: &Act, index: usize) -> OffsetDateTime {
    decision_at(act.segment) + Duration::minutes(1 + i64::try_from(index).expect("few acts"))
}

/// What comes of a reply: in the segment after it and, if its network takes that long, in the
/// one after that; in any order within each.
fn consequences(act: &Act, index: usize) -> [Vec<Item>; 2] {
    let accepted = decided_at(act, index);
    let item = |what| Item {
        event: EventId::mint(),
        item: ItemId::mint(),
        organization: organization(),
        channel: channel(false),
        network: Network::X,
        at: accepted,
        what,
    };
    let said = |second, progress| {
        let news = News { attempt: 1, at: accepted + Duration::seconds(second), progress };
        item(What::Answered { reply: reply_id(index), news })
    };
    let place = Place {
        external_id: (5_000 + index).to_string(),
        scope: String::new(),
        permalink: String::new(),
        time: Some(accepted + Duration::seconds(7)),
    };
    let mut items = vec![said(1, Progress::Started)];
    let mut last = Vec::new();
    match act.ends {
        Ends::Never => {}
        Ends::Unknown => items.push(said(2, Progress::Unknown)),
        Ends::Failed => last.push(said(
            2,
            Progress::Failed(Failure {
                code: "refused".to_owned(),
                sentence: String::new(),
                retryable: true,
            }),
        )),
        Ends::Sent => {
            items.push(said(2, Progress::Unknown));
            let key = MessageKey { external_id: place.external_id.clone(), ..self::key(0) };
            let time = accepted + Duration::seconds(7);
            last.push(said(3, Progress::Sent(Some(place))));
            if act.echoed {
                items.push(item(echo(act, key, time, index)));
            }
        }
    }
    if !act.spread || act.segment + 2 >= SEGMENTS {
        items.append(&mut last);
    }
    [items, last]
}

/// What comes of replies and has not come yet: in the next segment, and in the one after it.
#[derive(Default)]
pub struct Coming([Vec<Item>; 2]);

impl Coming {
    /// What comes in this segment.
    pub fn now(&mut self) -> Vec<Item> {
        let later = std::mem::take(&mut self.0[1]);
        std::mem::replace(&mut self.0[0], later)
    }

    /// A reply was accepted at the end of this segment.
    pub fn of(&mut self, act: &Act, index: usize) {
        for (coming, items) in self.0.iter_mut().zip(consequences(act, index)) {
            coming.extend(items);
        }
    }
}

fn echo(act: &Act, key: MessageKey, time: OffsetDateTime, index: usize) -> What {
    What::Written(Box::new(Written {
        key,
        writer: Writer::Own(Some(identity(act.person))),
        kind: MessageKind::Reply,
        text: format!("reply {index}"),
        attachments: Vec::new(),
        permalink: String::new(),
        time,
        in_reply_to: None,
        thread: None,
        history: false,
        spare: Spare {
            message: MessageId::mint(),
            conversation: ConversationId::mint(),
            contact: ContactId::mint(),
            identity: kit_values::mint_uuid(),
        },
    }))
}
