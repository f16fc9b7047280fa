//! The story of a conversation: notes, what is done to messages, who the contact is, what
//! happened.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Message, Network, Row, State};

/// An internal remark; never visible to the contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "in frames, ids of several kinds stand beside it")]
pub struct Note {
    /// `note_…`
    pub note_id: String,
    /// Where it stands (`conv_…`).
    pub conversation_id: String,
    /// The message that it is tied to (`msg_…`).
    pub message_id: Option<String>,
    /// Who wrote it (`mem_…`).
    pub member_id: String,
    /// What others see of who wrote it.
    pub name: String,
    /// Plain text.
    pub text: String,
    /// When it was written.
    #[schema(format = DateTime)]
    pub created_at: Option<String>,
    /// When it was last changed.
    #[schema(format = DateTime)]
    pub edited_at: Option<String>,
    /// When it was deleted; it can be restored for 30 days.
    #[schema(format = DateTime)]
    pub deleted_at: Option<String>,
    /// Grows with every change; a reader keeps the greatest.
    pub rev: i64,
    /// Whether the member may change it; `null` in frames, which are for everybody: its author and
    /// supervisors may.
    pub mine_to_change: Option<bool>,
}

/// The notes of a conversation.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Notes {
    /// Oldest first, without deleted ones.
    pub notes: Vec<Note>,
}

/// A note to be written.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoteWanted {
    /// 1 to 128 characters, chosen by the client; the same key gives the first outcome.
    #[schema(min_length = 1, max_length = 128)]
    pub key: String,
    /// 1 to 10,000 characters.
    #[schema(min_length = 1, max_length = 10_000)]
    pub text: String,
    /// The message that it is tied to (`msg_…`); `null` for a note on the conversation.
    pub message_id: Option<String>,
}

/// A note that shall say something else.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoteChange {
    /// 1 to 10,000 characters.
    #[schema(min_length = 1, max_length = 10_000)]
    pub text: String,
    /// The `rev` that the member's screen held.
    pub rev: i64,
}

/// A note as it is now.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ChangedNote {
    /// It.
    pub note: Note,
}

/// One text that a note has had.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct NoteVersion {
    /// The text.
    pub text: String,
    /// When it was written.
    #[schema(format = DateTime)]
    pub at: Option<String>,
    /// Who wrote it (`mem_…`).
    pub member_id: String,
    /// What others see of who wrote it.
    pub name: String,
}

/// Every text that a note has had.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct NoteVersions {
    /// Oldest first; the last one is what it says.
    pub versions: Vec<NoteVersion>,
}

/// What an account can do to a message, or to its author, besides answering.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Like it.
    Like,
    /// No more.
    Unlike,
    /// Let only its author and their friends see it.
    Hide,
    /// Let everybody see it again.
    Unhide,
    /// Show it to whoever reads the account.
    Repost,
    /// No more.
    Unrepost,
    /// Read what its author writes.
    Follow,
    /// No more.
    Unfollow,
    /// Answer it by a quote: a reply of kind `quote`.
    Quote,
    /// Delete what was sent from here.
    Delete,
}

/// One thing that can be done to a message, or why it cannot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ActionOption {
    /// What.
    pub action: Action,
    /// Whether it is possible now.
    pub available: bool,
    /// What prevents it, for programs.
    pub reason_code: Option<String>,
    /// What prevents it, for people.
    pub reason: Option<String>,
    /// The account that would do it (`chan_…`).
    pub channel_id: String,
    /// It cannot be taken back: ask again.
    pub needs_confirmation: bool,
}

/// How something that was done to a message stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ActState {
    /// So it stands at the network.
    On,
    /// It shall be so, and is under way.
    TurningOn,
    /// It shall be no more, and that is under way.
    TurningOff,
    /// What was asked for last was not done; `on` says what stands.
    Failed,
}

/// Something that was done to a message, or is being done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Act {
    /// How it stands.
    pub state: ActState,
    /// What stands at the network, as far as is known.
    pub on: bool,
    /// The account that acts (`chan_…`).
    pub channel_id: String,
    /// Who asked last (`mem_…`).
    pub member_id: String,
    /// What others see of who asked.
    pub name: String,
    /// When.
    #[schema(format = DateTime)]
    pub at: Option<String>,
    /// Why it was not done, for programs.
    pub failure_code: Option<String>,
    /// Why it was not done, for people: the network's reason.
    pub failure: Option<String>,
    /// Whether asking again may succeed.
    pub retryable: bool,
    /// Until when it waits.
    #[schema(format = DateTime)]
    pub waits_until: Option<String>,
    /// What it waits for, for programs.
    pub wait_reason: Option<String>,
}

/// What was done to a message at its network; each `null` while it is not so.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Acts {
    /// Our account likes it.
    pub liked: Option<Act>,
    /// Only its author and their friends see it.
    pub hidden: Option<Act>,
    /// Our account shows it to its readers.
    pub reposted: Option<Act>,
    /// Our account follows its author: the same on all their messages.
    pub following: Option<Act>,
    /// Our own message is gone at the network.
    pub deleted: Option<Act>,
}

/// Something that shall be done to a message.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ActionWanted {
    /// 1 to 128 characters, chosen by the client; the same key gives the first outcome.
    #[schema(min_length = 1, max_length = 128)]
    pub key: String,
    /// What. A quote is a reply of kind `quote`, a deletion has a route of its own.
    pub action: Action,
    /// The account that acts (`chan_…`).
    pub channel_id: String,
}

/// One of our own messages shall be deleted.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeletionWanted {
    /// 1 to 128 characters, chosen by the client; the same key gives the first outcome.
    #[schema(min_length = 1, max_length = 128)]
    pub key: String,
}

/// A message as it is now.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ActedMessage {
    /// It.
    pub message: Message,
}

/// Who a contact is at their network.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ContactProfile {
    /// `contact_…`
    pub contact_id: String,
    /// Empty when the network withholds it.
    pub display_name: String,
    /// Without "@"; may be empty.
    pub handle: String,
    /// The network's own address of their picture.
    pub avatar_url: Option<String>,
    /// Where.
    pub network: Network,
    /// Whether the network vouches for who they are; `null`: it does not say.
    pub verified: Option<bool>,
    /// How many follow them; `null`: the network does not say.
    pub followers: Option<i64>,
    /// Their page at the network, where it has an address that is known.
    pub profile_url: Option<String>,
}

/// Who said what is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum KnownFrom {
    /// A member.
    Member,
    /// The operator, or a program of theirs.
    Operator,
}

/// What is known of one attribute of a contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct KnownAttribute {
    /// `attr_…`
    pub attribute_id: String,
    /// As its type has it; `null`: nothing is known.
    pub value: Option<String>,
    /// Grows with every change; 0 while nothing was ever known.
    pub rev: i64,
    /// Who said so; `null`: nobody did.
    pub source: Option<KnownFrom>,
    /// The member who did.
    pub edited_by: Option<EditedBy>,
    /// When.
    #[schema(format = DateTime)]
    pub edited_at: Option<String>,
}

/// A member who changed something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct EditedBy {
    /// `mem_…`
    pub member_id: String,
    /// What others see.
    pub name: String,
}

/// A contact as the panel shows it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ContactCard {
    /// Who that is.
    pub contact: ContactProfile,
    /// What is known; an attribute that is not in it was never known, and has rev 0.
    pub attributes: Vec<KnownAttribute>,
    /// The newest twenty conversations that the member may see.
    pub conversations: Vec<Row>,
}

/// A value for an attribute of a contact.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AttributeWanted {
    /// `null`: nothing is known any more. A date as `2026-11-23`, a number with a point, a boolean
    /// as `true` or `false`, one of a list's choices.
    pub value: Option<String>,
    /// The `rev` that the member's screen held; 0 while nothing was ever known.
    pub rev: i64,
}

/// An attribute of a contact as it is now.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ChangedAttribute {
    /// It.
    pub attribute: KnownAttribute,
}

/// One thing that happened in a conversation.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ActivityEntry {
    /// Its place, from 1.
    pub sequence: i64,
    /// When.
    #[schema(format = DateTime)]
    pub at: Option<String>,
    /// `opened`, `message`, `reopened`, `resolved`, `absorbed`, `became_part_of`, `replied`,
    /// `retried`, `set_pending`, `reopened_by_hand`, `reply_sent`, `reply_failed`, `reminder_set`,
    /// `reminder_cancelled`, `reminder_fired`, `reminded`, `note`, `action`, `action_done`,
    /// `action_failed`, `assigned` …; one that a reader does not know is left out.
    pub kind: String,
    /// Who did it (`mem_…`); `null` for the network and for timers.
    pub member_id: Option<String>,
    /// What others see of who did it.
    pub name: Option<String>,
    /// Why, for programs: `inbound`, `echo`, `automatic`, `by_hand`, `history`.
    pub reason: Option<String>,
    /// The state after it.
    pub state_after: Option<State>,
    /// The message that it is about (`msg_…`).
    pub message_id: Option<String>,
    /// The note that it is about (`note_…`).
    pub note_id: Option<String>,
    /// Of a note: `written`, `changed`, `deleted`, `restored`; of an action: which.
    pub what: Option<String>,
    /// Of `assigned`: to whom; `null`: to nobody.
    pub to: Option<EditedBy>,
    /// Why an action was not done, for programs.
    pub failure_code: Option<String>,
    /// The account (`chan_…`).
    pub channel_id: Option<String>,
    /// Of a reminder: when it is due.
    #[schema(format = DateTime)]
    pub due_at: Option<String>,
    /// Of a reminder: its note.
    pub text: Option<String>,
}

/// What happened in a conversation.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Activity {
    /// Oldest first.
    pub entries: Vec<ActivityEntry>,
    /// What `before` asks for what is older with; `null` when there is none.
    pub older: Option<i64>,
}
