//! What is shown: rows of lists, messages, history, counts, and where pages begin.

use std::collections::{BTreeMap, BTreeSet};

use time::OffsetDateTime;
use uuid::Uuid;

use super::action::{Act, Aspect, Deed};
use super::batch::{Owner, Touched};
use super::history::Entry;
use super::item::Profile;
use super::lists::Sort;
use super::lock::Lock;
use super::message::{Attachment, Reaction};
use super::person::Person;
use super::reply::Reply;
use super::standing::{Reminder, Standing};
use super::words::{
    ChannelId, ContactId, ConversationId, Direction, MemberId, MessageId, MessageKind, Network,
    NetworkOrder, State,
};

/// Which list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Queue {
    /// The contact waits; longest waiting first.
    New,
    /// We wait for the contact; last activity first.
    Pending,
    /// Everything not resolved; last activity first.
    All,
    /// Resolved in the last three months; last resolved first.
    Resolved,
}

/// The key of a list's row: where the next page begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListCursor {
    /// The order of the list that it belongs to.
    pub sort: Sort,
    /// What the list is ordered by.
    pub moment: OffsetDateTime,
    /// Settles ties.
    pub conversation: ConversationId,
}

/// One row of a list, complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Which conversation.
    pub conversation: ConversationId,
    /// Its rev.
    pub rev: i64,
    /// Its state; a signpost's is none.
    pub state: Option<State>,
    /// The person.
    pub contact: ContactId,
    /// What they are called.
    pub profile: Profile,
    /// On which network.
    pub network: Network,
    /// The page or account that the contact's id belongs to.
    pub scope: String,
    /// Who they are there.
    pub person: Person,
    /// Every channel that a message came through.
    pub channels: BTreeSet<ChannelId>,
    /// Text of the newest message.
    pub last_text: String,
    /// What it is; a signpost has none.
    pub last_kind: Option<MessageKind>,
    /// Who wrote it.
    pub last_direction: Option<Direction>,
    /// Network time of the newest message.
    pub last_activity_at: Option<OffsetDateTime>,
    /// Since when the contact waits.
    pub waiting_since: Option<OffsetDateTime>,
    /// Messages that no human decision has seen.
    pub unseen_count: i32,
    /// All messages.
    pub message_count: i64,
    /// The greatest arrival sequence of its messages: what a decision by this row has seen.
    pub last_sequence: i64,
    /// When it was recorded first.
    pub opened_at: OffsetDateTime,
    /// When it was resolved.
    pub resolved_at: Option<OffsetDateTime>,
    /// The conversation that it follows.
    pub previous: Option<ConversationId>,
    /// The conversation that it became part of.
    pub absorbed_into: Option<ConversationId>,
    /// As projected from routing.
    pub owner: Owner,
    /// Who may answer now; without a holder when nobody's lease is live.
    pub lock: Lock,
    /// When it is to wait again, as a member wants it.
    pub reminder: Option<Reminder>,
}

/// Where the next page of standings begins: behind the one of this identity, which has one
/// unresolved conversation at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StandingCursor(pub Uuid);

/// What other services need of a conversation, complete: it goes with every event, and the one
/// with the greatest rev stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overview {
    /// Which conversation.
    pub conversation: ConversationId,
    /// Its rev.
    pub rev: i64,
    /// Its state; a signpost's is none.
    pub state: Option<State>,
    /// On which network.
    pub network: Network,
    /// Every channel that a message came through.
    pub channels: BTreeSet<ChannelId>,
    /// Since when the contact waits.
    pub waiting_since: Option<OffsetDateTime>,
    /// As projected from routing.
    pub owner: Owner,
    /// Who decided last.
    pub decided_by: Option<MemberId>,
    /// How many decisions people made.
    pub decision: i64,
    /// The last decision was a reply.
    pub decided_by_reply: bool,
    /// The conversation that it became part of.
    pub absorbed_into: Option<ConversationId>,
    /// The person.
    pub contact: ContactId,
}

impl Overview {
    /// How a conversation stands after a batch.
    #[must_use]
    pub fn of(one: &Touched<'_>) -> Self {
        let after = one.after;
        Self {
            conversation: after.id,
            rev: one.rev,
            state: after.state(),
            network: one.identity.network,
            channels: after.contents.channels.clone(),
            waiting_since: after.waiting_since(),
            owner: one.owner,
            decided_by: after.decided.by,
            decision: after.decided.count,
            decided_by_reply: after.decided.by_reply,
            absorbed_into: match after.standing {
                Standing::Absorbed { into } => Some(into),
                _ => None,
            },
            contact: one.record.contact,
        }
    }
}

/// A reply as delivery needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outbound {
    /// Which message.
    pub message: MessageId,
    /// Where it stands.
    pub conversation: ConversationId,
    /// The account that answers.
    pub channel: ChannelId,
    /// On which network.
    pub network: Network,
    /// What it is.
    pub kind: MessageKind,
    /// The text that leaves.
    pub text: String,
    /// The page or account that the contact's id belongs to.
    pub scope: String,
    /// The contact.
    pub person: Person,
    /// The message that it answers, if the network has that one.
    pub to: Option<(String, MessageKind)>,
    /// When the contact last wrote privately to the account that answers.
    pub last_private_inbound_at: Option<OffsetDateTime>,
    /// Which attempt.
    pub attempt: i32,
    /// When it was accepted.
    pub accepted_at: OffsetDateTime,
    /// Its id at the network, once sent.
    pub external_id: Option<String>,
}

/// How a network counts the length of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counting {
    /// X: code points weigh 1 or 2, an address 23.
    XWeighted,
    /// Unicode scalar values.
    Characters,
    /// Bytes of UTF-8.
    Bytes,
}

/// A kind of message and an account to answer one message with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerOption {
    /// What the answer is.
    pub kind: MessageKind,
    /// The account that answers.
    pub channel: ChannelId,
    /// The message that it answers; none for a private message in an open dialogue.
    pub to: Option<MessageId>,
    /// Everybody sees it.
    pub public: bool,
    /// What prevents it: a stable code, and a sentence.
    pub refusal: Option<(&'static str, &'static str)>,
    /// Longest text, in the network's own counting.
    pub text_limit: u32,
    /// How that counts.
    pub counting: Counting,
    /// When the right to answer so ends.
    pub expires_at: Option<OffsetDateTime>,
}

/// A connected account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Which.
    pub channel: ChannelId,
    /// On which network.
    pub network: Network,
    /// Its id there.
    pub account_id: String,
    /// What the network lets it do.
    pub tier: String,
    /// What its token carries.
    pub scopes: Vec<String>,
}

/// A message as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "a row of a table, each of its own meaning")]
pub struct MessageRow {
    /// Which one.
    pub message: MessageId,
    /// Where it stands.
    pub conversation: ConversationId,
    /// Its place in the order of arrival.
    pub sequence: i64,
    /// Its rev.
    pub rev: i64,
    /// What it is.
    pub kind: MessageKind,
    /// On which network.
    pub network: Network,
    /// Who wrote it.
    pub direction: Direction,
    /// Through which channels it came.
    pub channels: BTreeSet<ChannelId>,
    /// The newest version of its text.
    pub text: String,
    /// The text was changed.
    pub edited: bool,
    /// Only a tombstone is left.
    pub deleted: bool,
    /// What is attached.
    pub attachments: Vec<Attachment>,
    /// Where the network shows it.
    pub permalink: String,
    /// Its place in the order of the network.
    pub order: NetworkOrder,
    /// The scope of its id.
    pub scope: String,
    /// By actor; taken-back ones have an empty reaction.
    pub reactions: BTreeMap<String, Reaction>,
    /// The contact's client has it.
    pub delivered: bool,
    /// The contact has read it.
    pub read: bool,
    /// The message that it answers, if that is stored.
    pub in_reply_to: Option<MessageId>,
    /// What the contact is called.
    pub profile: Profile,
    /// Who the contact is at the network.
    pub person: Person,
    /// The page or account that the contact's id belongs to.
    pub contact_scope: String,
    /// From before its channel was connected.
    pub history: bool,
    /// Set on replies written here.
    pub reply: Option<Reply>,
    /// Our id of the contact's identity.
    pub identity: Uuid,
    /// What was done to it and can be; looked up apart from the row.
    pub deeds: Deeds,
}

/// What was done to a message at its network, and can be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Deeds {
    /// How each thing stands that is so, or shall be.
    pub acts: BTreeMap<Aspect, Act>,
    /// What can be done.
    pub options: Vec<ActionOption>,
    /// Grows with every change of any of that; counts as part of the message's rev.
    pub changes: i64,
}

/// Something that can be done to a message besides answering it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Doing {
    /// Something that delivery carries out.
    Deed(Deed),
    /// An answer of the kind quote.
    Quote,
}

/// One thing that can be done to a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionOption {
    /// What.
    pub doing: Doing,
    /// The account that would do it.
    pub channel: ChannelId,
    /// What prevents it: a stable code, and a sentence.
    pub refusal: Option<(&'static str, &'static str)>,
}

/// Where a page of messages ends: the place of its first one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageCursor(pub NetworkOrder);

/// One page of messages, the oldest first, and where the one before ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// In network order.
    pub messages: Vec<MessageRow>,
    /// None when the beginning has been reached.
    pub older: Option<MessageCursor>,
}

/// One history entry as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryRow {
    /// What happened.
    pub entry: Entry,
    /// The state after it; none for a signpost.
    pub state_after: Option<State>,
}

/// How many conversations stand in each state; resolved ones as far back as their list goes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// The contact waits.
    pub new: i64,
    /// We wait for the contact.
    pub pending: i64,
    /// Finished in the last three months.
    pub resolved: i64,
}

/// How far an event of ingest got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// Not seen yet.
    Awaited,
    /// Applied.
    Applied,
    /// Refers to something not yet known; applied when that arrives.
    Waiting,
    /// Could not be applied, for this reason.
    Parked(String),
}
