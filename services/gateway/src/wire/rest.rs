//! What browsers and API clients see: the JSON of `/api/v1`.
//!
//! Ids have their prefix (`conv_…`), times are RFC 3339 in UTC, what may be absent is `null`.

mod answering;
mod links;
mod lists;
mod notifications;
mod people;
mod settings;
mod story;
mod team;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use answering::*;
pub use links::*;
pub use lists::*;
pub use notifications::*;
pub use people::*;
pub use settings::*;
pub use story::*;
pub use team::*;

/// Who signs in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// Whatever the case of its letters.
    #[schema(example = "amelie@quai.example")]
    pub login: String,
    /// As it was chosen, blanks included.
    #[schema(format = Password)]
    pub password: String,
}

/// A member, as themselves.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Me {
    /// `mem_…`
    pub id: String,
    /// What they sign in with.
    pub login: String,
    /// What others see.
    pub display_name: String,
    /// What they may do.
    pub roles: Vec<Role>,
}

/// What a member may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Answers conversations.
    Agent,
    /// Watches over agents.
    Supervisor,
    /// Changes settings.
    Admin,
}

/// A session that has just begun.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SignedIn {
    /// Who signed in.
    pub me: Me,
    /// To be sent as `x-guichet-csrf` with every request that changes something.
    pub csrf: String,
}

/// The present session.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CurrentSession {
    /// Who is signed in.
    pub me: Me,
    /// Where they belong.
    pub organization: Organization,
    /// To be sent as `x-guichet-csrf` with every request that changes something.
    pub csrf: String,
}

/// The organization.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Organization {
    /// `org_…`
    pub id: String,
    /// Its name.
    pub name: String,
    /// BCP 47.
    #[schema(example = "fr")]
    pub language: String,
    /// IANA name.
    #[schema(example = "Europe/Paris")]
    pub time_zone: String,
}

/// A social network.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Network {
    /// X.
    X,
    /// Facebook.
    Facebook,
}

/// One connected account.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Channel {
    /// `chan_…`
    pub id: String,
    /// Where the account is.
    pub network: Network,
    /// Without "@"; may be empty.
    pub handle: String,
    /// What agents call it.
    pub display_name: String,
    /// Whether its customers are played.
    pub simulated: bool,
}

/// How many conversations are in each queue.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct Counts {
    /// Needs attention.
    pub new: i64,
    /// Waits for the contact.
    pub pending: i64,
    /// Everything that is not resolved.
    pub all: i64,
    /// Finished.
    pub resolved: i64,
}

/// Everything that a workspace needs to begin.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Bootstrap {
    /// Where the live feed goes on from here; opaque.
    pub cursor: String,
    /// Who is signed in.
    pub me: Me,
    /// Where they belong.
    pub organization: Organization,
    /// The organization's accounts.
    pub channels: Vec<Channel>,
    /// How many conversations are in each queue.
    pub counts: Counts,
    /// Which build of the workspace the gateway serves.
    pub ui_build: String,
}

/// What a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Queue {
    /// Needs attention, longest waiting first.
    New,
    /// Waits for the contact, latest activity first.
    Pending,
    /// Everything that is not resolved.
    All,
    /// Finished.
    Resolved,
}

/// Where a conversation is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Needs attention.
    New,
    /// Waits for the contact.
    Pending,
    /// Finished.
    Resolved,
}

/// Which way a message went.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// From the contact.
    Inbound,
    /// From the organization.
    Outbound,
}

/// What a message is at its network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MessageKind {
    /// Between the contact and the account alone.
    PrivateMessage,
    /// Under a post.
    Comment,
    /// To another message.
    Reply,
    /// Names the account.
    Mention,
    /// On a page or profile.
    Post,
    /// Repeats another message with own words.
    Quote,
}

/// Who a conversation is with.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Contact {
    /// `cont_…`
    pub id: String,
    /// Empty when the network withholds it.
    pub name: String,
    /// Without "@"; may be empty.
    pub handle: String,
    /// The network's own address of their picture.
    pub avatar_url: Option<String>,
}

/// The newest message of a conversation.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Last {
    /// Its text, whole.
    pub text: String,
    /// What it is; `null` while the conversation holds no message.
    pub kind: Option<MessageKind>,
    /// Which way it went; `null` while the conversation holds no message.
    pub direction: Option<Direction>,
}

/// One conversation as lists show it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Row {
    /// `conv_…`
    pub id: String,
    /// Grows with every change; a reader keeps the greatest.
    pub rev: i64,
    /// Where it is in its life.
    pub state: State,
    /// Who it is with.
    pub contact: Contact,
    /// Where it takes place.
    pub network: Network,
    /// Through which accounts (`chan_…`).
    pub channel_ids: Vec<String>,
    /// Its newest message.
    pub last: Last,
    /// When something last happened in it.
    #[schema(format = DateTime)]
    pub last_activity_at: Option<String>,
    /// Since when the contact waits; `null` unless new.
    #[schema(format = DateTime)]
    pub waiting_since: Option<String>,
    /// How many messages no person has seen.
    pub unseen_count: i32,
    /// How many messages it holds.
    pub message_count: i64,
    /// The greatest `sequence` of its messages; whoever decides by this row has seen it.
    pub last_sequence: i64,
    /// When it was opened.
    #[schema(format = DateTime)]
    pub opened_at: Option<String>,
    /// When it was resolved; `null` unless resolved.
    #[schema(format = DateTime)]
    pub resolved_at: Option<String>,
    /// The conversation that it follows.
    pub previous_id: Option<String>,
    /// The conversation that it became part of: it is then a signpost only.
    pub absorbed_into: Option<String>,
    /// Who answers it; `null`: nobody.
    pub owner: Option<Owner>,
    /// Grows with every change of the owner.
    pub owner_epoch: i64,
    /// Who may answer now; `null`: nobody holds it. It stands until it is told otherwise, also
    /// past its `expires_at`, because renewals are not told.
    pub lock: Option<Lock>,
    /// When a member wants it among those that wait again; `null`: nobody does.
    pub reminder: Option<Reminder>,
}

/// One page of a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RowPage {
    /// In the list's order.
    pub rows: Vec<Row>,
    /// To be given as `after`; `null` on the last page.
    pub next: Option<String>,
    /// How far back the list goes; `null`: as far as there is anything. What is older is found by
    /// search.
    pub limited_to_months: Option<u8>,
}

/// Which rows to give.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RowsWanted {
    /// 1 to 200 ids (`conv_…`).
    #[schema(min_items = 1, max_items = 200)]
    pub ids: Vec<String>,
}

/// Rows by id.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Rows {
    /// Those that exist, in any order.
    pub rows: Vec<Row>,
}

/// A person as a network names them.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Author {
    /// Empty when the network withholds it.
    pub name: String,
    /// Without "@"; may be empty.
    pub handle: String,
}

/// Something that came with a message.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Attachment {
    /// The network's own word: `image`, `video`, `audio`, `file`, `sticker`, `share` …
    #[serde(rename = "type")]
    pub kind: String,
    /// Given by a stranger: to be shown as text or opened by a person, never fetched.
    pub url: String,
    /// May be empty.
    pub title: String,
}

/// A reaction to a message.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Reaction {
    /// The network's own word.
    pub reaction: String,
    /// May be empty.
    pub emoji: String,
}

/// One message of a conversation.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[expect(clippy::struct_excessive_bools, reason = "a document, and each is a fact of its own")]
pub struct Message {
    /// `msg_…`
    pub id: String,
    /// `conv_…`
    pub conversation_id: String,
    /// Dense per conversation, in the order of arrival; shown in the order of `network_time`,
    /// then of `external_id` (shorter first, then bytewise).
    pub sequence: i64,
    /// Grows with every change; a reader keeps the greatest.
    pub rev: i64,
    /// What it is at its network.
    pub kind: MessageKind,
    /// Where it was written.
    pub network: Network,
    /// Which way it went.
    pub direction: Direction,
    /// Who wrote it; `null` when the network does not say.
    pub author: Option<Author>,
    /// Which accounts it concerns (`chan_…`).
    pub channel_ids: Vec<String>,
    /// Plain text; empty once deleted.
    pub text: String,
    /// Whether its author has changed it.
    pub edited: bool,
    /// Whether its author has deleted it.
    pub deleted: bool,
    /// What came with it.
    pub attachments: Vec<Attachment>,
    /// Where to see it on the network; `null` for private ones.
    pub permalink: Option<String>,
    /// The network's own time; of a reply that is not sent yet, when it was accepted.
    #[schema(format = DateTime)]
    pub network_time: Option<String>,
    /// The network's own id; empty until the network gave one.
    pub external_id: String,
    /// The message that it answers (`msg_…`).
    pub in_reply_to: Option<String>,
    /// Reactions to it.
    pub reactions: Vec<Reaction>,
    /// Outbound: the contact's client has it.
    pub delivered: bool,
    /// Outbound: the contact has read it.
    pub read: bool,
    /// How it stands at its network; `null` unless it was written here.
    pub reply: Option<Reply>,
    /// Ways to answer it, best first; empty unless inbound.
    pub answers: Vec<AnswerOption>,
    /// What can be done to it, or to its author, besides answering.
    pub actions: Vec<ActionOption>,
    /// What was done, or is being done.
    pub acts: Acts,
}

/// One page of a conversation's messages.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MessagePage {
    /// Oldest first.
    pub messages: Vec<Message>,
    /// To be given as `before`; `null` once the beginning has been reached.
    pub older: Option<String>,
}

/// What went wrong (RFC 9457).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProblemDocument {
    /// `urn:guichet:problem:…`
    #[serde(rename = "type")]
    pub kind: String,
    /// The class, in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// Stable, for programs.
    pub code: String,
    /// A sentence for people.
    pub detail: String,
    /// The field at fault.
    pub field: Option<String>,
    /// To find it in logs and traces.
    pub trace_id: Option<String>,
}
