//! What a batch is given and what it gives back.

use std::collections::{BTreeMap, BTreeSet};

use kit_values::{EventId, OrganizationId};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::domain::action::Request;
use crate::domain::chain::IdentityState;
use crate::domain::decide::Announcement;
use crate::domain::history::Entry;
use crate::domain::item::{Item, MessageKey, Profile};
use crate::domain::lock::Lock;
use crate::domain::message::{Message, Version};
use crate::domain::person::IdentityKey;
use crate::domain::receipts::Watermark;
use crate::domain::seen::Unseen;
use crate::domain::standing::{Contents, ConversationState, Last};
use crate::domain::words::{
    ActionId, ChannelId, ContactId, ConversationId, ItemId, MemberId, MessageId, Network,
};

/// A contact identity with its conversations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Our id of it.
    pub id: Uuid,
    /// The person.
    pub contact: ContactId,
    /// What they are called, by the newest message that says so.
    pub profile: Profile,
    /// The network time of that message.
    pub profile_as_of: Option<OffsetDateTime>,
    /// It was there before the batch.
    pub stored: bool,
    /// Its conversations.
    pub state: IdentityState,
    /// What their rows say besides, as loaded; nothing for a new one.
    pub rows: BTreeMap<ConversationId, Beside>,
    /// How long channels of its organization open resolved conversations again, of those that say
    /// so; loaded where one is resolved.
    pub reopen_windows: BTreeMap<ChannelId, Duration>,
}

/// What a conversation's row holds beside the fold of its history.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Beside {
    /// Grows by one with every transaction that changes the row; 0 before the first.
    pub rev: i64,
    /// As projected from routing.
    pub owner: Owner,
    /// Who may answer now.
    pub lock: Lock,
}

/// To whom routing has assigned a conversation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Owner {
    /// To whom, if to anybody.
    pub member: Option<MemberId>,
    /// Grows with every change; a projection keeps the greatest.
    pub epoch: i64,
}

/// What surrounds the messages of a conversation that may leave their places: those of history
/// that a live copy withdraws, replies that the network gives a place, and their echoes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Others {
    /// The newest of the other messages.
    pub last: Option<Last>,
    /// Their channels.
    pub channels: BTreeSet<ChannelId>,
    /// Network time of the newest of them that the account wrote elsewhere; looked at only when an
    /// echo turns out to be a reply.
    pub newest_echo: Option<OffsetDateTime>,
    /// Live inbound ones that nobody here had seen before the last decision, and later ones;
    /// looked at only then, too.
    pub inbound: BTreeSet<Unseen>,
}

/// An item that waits for a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// For which message.
    pub awaited: MessageKey,
    /// What waits.
    pub item: Item,
}

/// What was loaded for a batch.
#[derive(Debug, Clone, Default)]
pub struct Loaded {
    /// Identities that exist.
    pub identities: BTreeMap<IdentityKey, Identity>,
    /// Messages that exist, with rev as stored.
    pub messages: BTreeMap<MessageKey, Message>,
    /// What waited for messages of this batch, directly or through one another, taken out of the
    /// side table; what still cannot be applied goes back there.
    pub waiting: Vec<Waiting>,
    /// Surroundings, by conversation, of the loaded messages that may leave their places, these
    /// left out.
    pub others: BTreeMap<ConversationId, Others>,
    /// What members asked to be done to loaded messages and their authors.
    pub acts: Vec<Request>,
}

/// All messages of one conversation that move to another, with its notes and drafts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Move {
    /// Whose.
    pub organization: OrganizationId,
    /// From the signpost.
    pub from: ConversationId,
    /// To the conversation that goes on.
    pub into: ConversationId,
    /// Added to every sequence.
    pub offset: i64,
}

/// A conversation as it stands after the batch.
#[derive(Debug, Clone)]
pub struct Touched<'batch> {
    /// Whose.
    pub identity: &'batch IdentityKey,
    /// The identity and its contact.
    pub record: &'batch Identity,
    /// As loaded; none when it is new.
    pub before: Option<&'batch ConversationState>,
    /// As it stands now.
    pub after: &'batch ConversationState,
    /// Its rev from now on.
    pub rev: i64,
    /// As projected from routing.
    pub owner: Owner,
}

/// What a news item is about, with the item that caused it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Notice {
    /// Whose.
    pub organization: OrganizationId,
    /// On which network.
    pub network: Network,
    /// What happened.
    pub announcement: Announcement,
    /// The event that caused it; none for a timer.
    pub cause: Option<Cause>,
}

/// The item behind a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cause {
    /// The event that carried it.
    pub event: EventId,
    /// Ingest's id of it.
    pub item: ItemId,
    /// Through which channel.
    pub channel: ChannelId,
}

/// What must be saved, beside the identities, conversations and messages themselves.
#[derive(Debug, Default)]
pub struct Changes {
    /// Identities that are new or whose profile changed.
    pub identities: BTreeSet<IdentityKey>,
    /// Conversations whose row changed, by identity.
    pub conversations: BTreeSet<(IdentityKey, ConversationId)>,
    /// Messages that are new or changed.
    pub messages: BTreeSet<MessageKey>,
    /// Earlier versions to keep.
    pub versions: Vec<(MessageKey, Version)>,
    /// Messages whose earlier versions go.
    pub emptied: BTreeSet<MessageKey>,
    /// Messages that are no more, each with the one that it is.
    pub removed: Vec<(OrganizationId, MessageId, MessageId)>,
    /// Conversations that go on in others: their messages, notes and drafts.
    pub moves: Vec<Move>,
    /// Messages that have left their conversation for that of their author.
    pub gone: Vec<(OrganizationId, MessageId)>,
    /// Conversations that have become another identity's.
    pub taken_over: BTreeSet<ConversationId>,
    /// History to append.
    pub entries: Vec<(OrganizationId, Entry)>,
    /// Reminders to look at, latest wins.
    pub reminders: BTreeMap<(OrganizationId, ConversationId), OffsetDateTime>,
    /// Requests that are new or changed.
    pub acts: BTreeSet<ActionId>,
    /// Those that delivery is to carry out.
    pub asked: Vec<ActionId>,
    /// Receipts by contact and channel.
    pub receipts: BTreeMap<(IdentityKey, ChannelId), Watermark>,
    /// Items that wait from now on, for this message; without one, nothing known will release
    /// them.
    pub wait: Vec<(EventId, OrganizationId, Option<MessageKey>)>,
    /// What the other services learn.
    pub notices: Vec<Notice>,
}

impl Others {
    pub(super) fn add(&mut self, last: Option<Last>, channels: &BTreeSet<ChannelId>) {
        if last.as_ref().map(|it| &it.order) > self.last.as_ref().map(|it| &it.order) {
            self.last = last;
        }
        self.channels.extend(channels.iter().copied());
    }

    /// The messages of another conversation follow, their sequences grown by `offset`: what was
    /// loaded of it if any of them may leave its place, else what it `held`.
    pub(super) fn absorb(&mut self, loaded: Option<Self>, held: &Contents, offset: i64) {
        self.add(held.last.clone(), &held.channels);
        let (echo, inbound) = match loaded {
            Some(theirs) => (theirs.newest_echo, theirs.inbound),
            None => (held.newest_echo, held.unseen.clone()),
        };
        self.newest_echo = self.newest_echo.max(echo);
        let moved = |it: Unseen| Unseen { sequence: it.sequence + offset, ..it };
        self.inbound.extend(inbound.into_iter().map(moved));
    }
}

impl Identity {
    /// Takes over what a message written at `as_of` calls the contact; whether it was news.
    /// The newest that says something stands; its words settle a tie.
    pub(super) fn learn(&mut self, profile: &Profile, as_of: OffsetDateTime) -> bool {
        if profile.is_empty() || (Some(as_of), profile) <= (self.profile_as_of, &self.profile) {
            return false;
        }
        self.profile_as_of = Some(as_of);
        self.profile = profile.clone();
        true
    }
}
