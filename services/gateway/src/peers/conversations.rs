//! Conversations, as they are read.

use std::collections::{BTreeSet, HashMap};

use kit_service::rpc::{self, Channel, Client};
use kit_service::{Caller, Identity, Peer};
use kit_values::Fault;
use proto::conversation::v1 as conversation;
use proto::conversation::v1::conversation_service_client::ConversationServiceClient;
use proto::conversation::v1::story_service_client::StoryServiceClient;

use super::{DEADLINE, People, incomplete};
use crate::domain::{ChannelId, ConversationId, MessageId};
use crate::wire::names::Names;
use crate::wire::{from_proto, rest};

/// Most rows of one call.
pub const MOST_ROWS: usize = 200;
/// Most messages of one call.
const MOST_MESSAGES: usize = 500;
/// Longest answer, in bytes: 500 messages of 10,000 characters of four bytes.
const LONGEST_ANSWER: usize = 32 * 1024 * 1024;

/// How far back the list of resolved conversations goes.
const RESOLVED_MONTHS: u8 = 3;

/// Whose conversations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Assignee {
    /// Everybody's.
    Any,
    /// Nobody's.
    Nobody,
    /// This member's (`mem_…`).
    Member(String),
}

/// Which conversations of a queue, in which order.
#[derive(Debug, Clone)]
pub struct Filters {
    /// Which queue.
    pub queue: rest::Queue,
    /// Whose.
    pub assignee: Assignee,
    /// With this account (`chan_…`).
    pub channel: Option<String>,
    /// What the newest message is.
    pub kind: Option<rest::MessageKind>,
    /// Where the member who asks has a draft.
    pub has_draft: bool,
    /// The order; none: the queue's own.
    pub sort: Option<rest::Sort>,
}

impl Filters {
    pub(super) fn request(
        self,
        limit: i32,
        after: String,
    ) -> conversation::ListConversationsRequest {
        conversation::ListConversationsRequest {
            queue: from_proto::queue(self.queue).into(),
            limit,
            after,
            channel_ids: self.channel.into_iter().collect(),
            unassigned: self.assignee == Assignee::Nobody,
            owner_member_id: match self.assignee {
                Assignee::Member(member) => member,
                Assignee::Any | Assignee::Nobody => String::new(),
            },
            kind: self.kind.map(from_proto::message_kind).map(Into::into).unwrap_or_default(),
            has_draft: self.has_draft,
            sort: from_proto::sort(self.sort).into(),
        }
    }
}

/// Conversations.
#[derive(Clone)]
pub struct Conversations {
    pub(super) client: ConversationServiceClient<Channel>,
    pub(super) story: StoryServiceClient<Channel>,
    pub(super) people: People,
}

impl Conversations {
    /// At this address; connected when first used.
    ///
    /// # Errors
    /// Invalid when it is no address.
    pub fn new(peer: &Peer, identity: Identity, people: People) -> Result<Self, Fault> {
        let channel = Client::connect(peer, identity, "conversation")?;
        let story = StoryServiceClient::new(channel.clone());
        let story = story.max_decoding_message_size(LONGEST_ANSWER);
        let client =
            ConversationServiceClient::new(channel).max_decoding_message_size(LONGEST_ANSWER);
        Ok(Self { client, story, people })
    }

    /// One page of a queue.
    pub async fn list(
        &self,
        caller: &Caller,
        filters: Filters,
        limit: i32,
        after: String,
    ) -> Result<rest::RowPage, Fault> {
        let resolved = filters.queue == rest::Queue::Resolved;
        let message = filters.request(limit, after);
        let request = rpc::request(message, caller, DEADLINE);
        let answer = self.client.clone().list_conversations(request).await.map_err(rpc::fault)?;
        let answer = answer.into_inner();
        let next = from_proto::filled(answer.next);
        let limited_to_months = resolved.then_some(RESOLVED_MONTHS);
        let rows = self.named_rows(caller, answer.rows).await?;
        Ok(rest::RowPage { rows, next, limited_to_months })
    }

    /// Rows by id, any number; those that exist.
    pub async fn rows(
        &self,
        caller: &Caller,
        ids: &BTreeSet<ConversationId>,
    ) -> Result<Vec<rest::Row>, Fault> {
        let rows = self.plain_rows(caller, ids).await?;
        self.named_rows(caller, rows).await
    }

    async fn plain_rows(
        &self,
        caller: &Caller,
        ids: &BTreeSet<ConversationId>,
    ) -> Result<Vec<conversation::ConversationRow>, Fault> {
        let mut rows = Vec::with_capacity(ids.len());
        for ids in texts(ids).chunks(MOST_ROWS) {
            let message = conversation::GetConversationsRequest { conversation_ids: ids.to_vec() };
            let request = rpc::request(message, caller, DEADLINE);
            let answer =
                self.client.clone().get_conversations(request).await.map_err(rpc::fault)?;
            rows.extend(answer.into_inner().rows);
        }
        Ok(rows)
    }

    /// The accounts that conversations belong to; of those that exist.
    pub async fn channels(
        &self,
        caller: &Caller,
        ids: &BTreeSet<ConversationId>,
    ) -> Result<HashMap<ConversationId, Vec<ChannelId>>, Fault> {
        let rows = self.plain_rows(caller, ids).await?;
        let channels = rows.into_iter().map(|row| {
            let channels = row.channel_ids.iter().map(|text| text.parse());
            let channels = channels.collect::<Result<_, _>>().map_err(Fault::internal)?;
            Ok((row.conversation_id.parse().map_err(Fault::internal)?, channels))
        });
        channels.collect()
    }

    /// One row, with the ways to answer.
    ///
    /// # Errors
    /// Not found without such a conversation.
    pub async fn one(&self, caller: &Caller, id: ConversationId) -> Result<rest::OpenRow, Fault> {
        let message =
            conversation::GetConversationsRequest { conversation_ids: vec![id.to_string()] };
        let request = rpc::request(message, caller, DEADLINE);
        let answer = self.client.clone().get_conversations(request).await.map_err(rpc::fault)?;
        let row = answer.into_inner().rows.into_iter().next();
        let mut row = row.ok_or_else(|| Fault::not_found("conversation"))?;
        let answers = std::mem::take(&mut row.answers);
        let row = self.named_row(caller, Some(row)).await?;
        let answers =
            answers.into_iter().map(from_proto::answer_option).collect::<Result<_, _>>()?;
        Ok(rest::OpenRow { row, answers })
    }

    /// One page of a conversation's messages, oldest first.
    ///
    /// # Errors
    /// Not found without such a conversation.
    pub async fn messages(
        &self,
        caller: &Caller,
        conversation: ConversationId,
        limit: i32,
        before: String,
    ) -> Result<rest::MessagePage, Fault> {
        let message = conversation::ListMessagesRequest {
            conversation_id: conversation.to_string(),
            limit,
            before,
        };
        let request = rpc::request(message, caller, DEADLINE);
        let answer = self.client.clone().list_messages(request).await.map_err(rpc::fault)?;
        let answer = answer.into_inner();
        let older = from_proto::filled(answer.older);
        Ok(rest::MessagePage {
            messages: self.named_messages(caller, answer.messages).await?,
            older,
        })
    }

    /// Messages by id, any number; those that exist.
    pub async fn messages_by_id(
        &self,
        caller: &Caller,
        ids: &BTreeSet<MessageId>,
    ) -> Result<Vec<rest::Message>, Fault> {
        let mut messages = Vec::with_capacity(ids.len());
        for ids in texts(ids).chunks(MOST_MESSAGES) {
            let message = conversation::GetMessagesRequest { message_ids: ids.to_vec() };
            let request = rpc::request(message, caller, DEADLINE);
            let answer = self.client.clone().get_messages(request).await.map_err(rpc::fault)?;
            messages.extend(answer.into_inner().messages);
        }
        self.named_messages(caller, messages).await
    }

    /// How many conversations are in each queue.
    pub async fn counts(&self, caller: &Caller) -> Result<rest::Counts, Fault> {
        let request = rpc::request(conversation::GetCountsRequest {}, caller, DEADLINE);
        let answer = self.client.clone().get_counts(request).await.map_err(rpc::fault)?;
        answer.into_inner().counts.map(from_proto::counts).ok_or_else(incomplete)
    }

    pub(super) async fn named_rows(
        &self,
        caller: &Caller,
        rows: Vec<conversation::ConversationRow>,
    ) -> Result<Vec<rest::Row>, Fault> {
        let members = rows.iter().flat_map(members_of).collect();
        let names = self.people.names(caller.organization()?, members).await;
        rows.into_iter().map(|row| from_proto::row(row, &names)).collect()
    }

    /// The names in what was found.
    pub(super) async fn names_of(
        &self,
        caller: &Caller,
        found: &conversation::SearchResponse,
    ) -> Result<std::sync::Arc<Names>, Fault> {
        let rows = found.conversations.iter().filter_map(|one| one.row.as_ref());
        let messages = found.messages.iter().filter_map(|one| one.message.as_ref());
        let replies = messages.filter_map(|message| message.reply.as_ref());
        let replies = replies.map(|reply| reply.member_id.as_str());
        let members = rows.flat_map(members_of).chain(replies).collect();
        Ok(self.people.names(caller.organization()?, members).await)
    }

    /// The row of an answer.
    pub(super) async fn named_row(
        &self,
        caller: &Caller,
        row: Option<conversation::ConversationRow>,
    ) -> Result<rest::Row, Fault> {
        let rows = self.named_rows(caller, row.into_iter().collect()).await?;
        rows.into_iter().next().ok_or_else(incomplete)
    }

    async fn named_messages(
        &self,
        caller: &Caller,
        messages: Vec<conversation::Message>,
    ) -> Result<Vec<rest::Message>, Fault> {
        let replies = messages.iter().filter_map(|message| message.reply.as_ref());
        let replies = replies.map(|reply| reply.member_id.as_str());
        let members = replies.chain(messages.iter().flat_map(from_proto::actors)).collect();
        let names = self.people.names(caller.organization()?, members).await;
        messages.into_iter().map(|message| from_proto::message(message, &names)).collect()
    }

    /// The message of an answer.
    pub(super) async fn named_message(
        &self,
        caller: &Caller,
        message: Option<conversation::Message>,
    ) -> Result<rest::Message, Fault> {
        let messages = self.named_messages(caller, message.into_iter().collect()).await?;
        messages.into_iter().next().ok_or_else(incomplete)
    }
}

/// The members whom a row names.
fn members_of(row: &conversation::ConversationRow) -> impl Iterator<Item = &str> {
    let holder = row.lock.as_ref().map(|lock| lock.member_id.as_str());
    let reminder = row.reminder.as_ref().map(|reminder| reminder.member_id.as_str());
    [Some(row.owner_member_id.as_str()), holder, reminder].into_iter().flatten()
}

pub(super) fn texts<T: ToString>(ids: &BTreeSet<T>) -> Vec<String> {
    ids.iter().map(ToString::to_string).collect()
}
