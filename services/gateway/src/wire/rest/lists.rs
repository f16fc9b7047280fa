//! Lists: filters, states of several, reminders, drafts, search, the index of a list.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Contact, Message, MessageKind, Row, State};

/// The order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// Longest waiting first; `new` only, and its own order.
    Waiting,
    /// What happened last first; the own order of the others.
    Newest,
    /// What happened longest ago first.
    OldestActivity,
}

/// A member wants a conversation among those that wait again at a moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Reminder {
    /// When.
    #[schema(format = DateTime)]
    pub due_at: Option<String>,
    /// What for; may be empty.
    pub note: String,
    /// Who set it (`mem_…`).
    pub member_id: String,
    /// What others see of who set it.
    pub name: String,
}

/// A reminder to be set.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReminderWanted {
    /// The client's own, 1 to 128 characters: the same key gives the first outcome.
    pub key: String,
    /// In the future, at most 400 days ahead.
    #[schema(format = DateTime)]
    pub due_at: String,
    /// What for, at most 500 characters.
    #[serde(default)]
    pub note: String,
    /// The greatest `sequence` that the screen held; needed while the conversation is new.
    #[serde(default)]
    pub seen_through: i64,
}

/// A reminder to be cancelled.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReminderCancelled {
    /// The client's own, 1 to 128 characters.
    pub key: String,
}

/// A conversation that was changed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ChangedRow {
    /// As it stands now.
    pub row: Row,
}

/// What is to be done to several conversations.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum BulkAction {
    /// Change the state.
    To(BulkState),
    /// Change the owner.
    Assign(BulkOwner),
}

/// A state.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BulkState {
    /// Which.
    pub to: State,
}

/// An owner.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BulkOwner {
    /// Who (`mem_…`); `null`: nobody.
    #[serde(deserialize_with = "Option::deserialize")]
    pub assign_to: Option<String>,
}

/// Something to be done to several conversations.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BulkWanted {
    /// The client's own, 1 to 128 characters: the same key gives the first outcome.
    pub key: String,
    /// 1 to 100 ids (`conv_…`).
    #[schema(min_items = 1, max_items = 100)]
    pub conversation_ids: Vec<String>,
    /// What.
    pub action: BulkAction,
    /// Of each the greatest `sequence` that the screen held; what is not named, none.
    #[serde(default)]
    pub seen_through: std::collections::BTreeMap<String, i64>,
}

/// How a conversation stood before.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StoodBefore {
    /// In which state.
    pub state: State,
    /// Who owned it (`mem_…`).
    pub owner_member_id: Option<String>,
}

/// What became of one of several.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BulkResult {
    /// `conv_…`
    pub conversation_id: String,
    /// Whether it stands so now.
    pub done: bool,
    /// Why not, for programs.
    pub code: Option<String>,
    /// Why not, for people.
    pub sentence: Option<String>,
    /// What undoes it; `null` for what the member does not see.
    pub before: Option<StoodBefore>,
    /// Replies that the network has not accepted yet, when it was resolved.
    pub undelivered_replies: i32,
}

/// What became of several.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BulkResults {
    /// In the order asked.
    pub results: Vec<BulkResult>,
}

/// What is being written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DraftMode {
    /// To the contact.
    Reply,
    /// For the team.
    Note,
}

/// A member's draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Draft {
    /// `conv_…`
    pub conversation_id: String,
    /// Of what.
    pub mode: DraftMode,
    /// So far.
    pub text: String,
    /// The kind of the reply, where it was chosen.
    pub kind: Option<MessageKind>,
    /// The account that would answer (`chan_…`), where it was chosen.
    pub channel_id: Option<String>,
    /// The message (`msg_…`) that it answers or is tied to.
    pub in_reply_to: Option<String>,
    /// Whether its addresses shall be shortened.
    pub shorten_links: bool,
    /// By the clock of the device that wrote it; the latest stands.
    #[schema(format = DateTime)]
    pub written_at: Option<String>,
    /// Grows with every change.
    pub rev: i64,
}

/// A draft to be kept.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DraftWanted {
    /// 1 to 10,000 characters.
    pub text: String,
    /// The kind of the reply, where it was chosen.
    #[serde(default)]
    pub kind: Option<MessageKind>,
    /// The account that would answer (`chan_…`), where it was chosen.
    #[serde(default)]
    pub channel_id: Option<String>,
    /// The message (`msg_…`) that it answers or is tied to.
    #[serde(default)]
    pub in_reply_to: Option<String>,
    /// Whether its addresses shall be shortened.
    #[serde(default)]
    pub shorten_links: bool,
    /// When it was written, by the device's clock.
    #[schema(format = DateTime)]
    pub written_at: String,
}

/// The draft that stands.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StandingDraft {
    /// The latest; `null` when there is none.
    pub draft: Option<Draft>,
}

/// The member's drafts.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Drafts {
    /// The newest first, at most 200.
    pub drafts: Vec<Draft>,
}

/// In what to search.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SearchIn {
    /// In everything; one page.
    #[default]
    All,
    /// Conversations whose contact or messages have it.
    Conversations,
    /// Messages.
    Messages,
    /// Contacts.
    Contacts,
}

/// A piece of a text; pieces in their order make the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Piece {
    /// Plain text.
    pub text: String,
    /// Whether it is what was searched for.
    pub hit: bool,
}

/// A conversation that was found.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FoundConversation {
    /// As lists show it.
    pub row: Row,
    /// Where it was found.
    pub marks: Marks,
}

/// Where a conversation was found.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Marks {
    /// The contact's name.
    pub name: Vec<Piece>,
    /// A part of the newest message that has it; empty when only the contact has.
    pub snippet: Vec<Piece>,
}

/// Where a message that was found stands.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FoundIn {
    /// `conv_…`
    pub id: String,
    /// In which state.
    pub state: State,
}

/// A message that was found.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FoundMessage {
    /// The message.
    pub message: Message,
    /// Where it stands.
    pub conversation: FoundIn,
    /// The part of its text that has it.
    pub snippet: Vec<Piece>,
}

/// A contact who was found.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FoundContact {
    /// Who.
    pub contact: Contact,
    /// Their name, then their handle.
    pub snippet: Vec<Piece>,
    /// Their newest conversation (`conv_…`).
    pub last_conversation_id: String,
}

/// What was found.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SearchResults {
    /// What happened last first.
    pub conversations: Vec<FoundConversation>,
    /// The newest first.
    pub messages: Vec<FoundMessage>,
    /// Those first who came last.
    pub contacts: Vec<FoundContact>,
    /// To be given as `cursor`; `null` on the last page, and when everything was searched.
    pub next: Option<String>,
}

/// Every place of a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ListIndex {
    /// `conv_…`, in the list's order; at most 50,000.
    pub ids: Vec<String>,
    /// What the list is ordered by, in microseconds since 1970.
    pub keys: Vec<i64>,
    /// The greatest `sequence` of each one's messages.
    pub sequences: Vec<i64>,
    /// Whether there are more.
    pub cut: bool,
    /// Where the live feed goes on from here; opaque.
    pub cursor: String,
}
