//! What a member does from a list, and what finds a conversation. What they may see and do is
//! decided by conversation.

use std::collections::BTreeMap;

use kit_service::rpc::{self, Channel};
use kit_service::{Caller, Identity, Peer};
use kit_values::Fault;
use proto::conversation::v1 as conversation;
use proto::conversation::v1::lists_service_client::ListsServiceClient;

use super::conversations::Filters;
use super::{Conversations, DEADLINE};
use crate::domain::ConversationId;
use crate::wire::{from_proto, rest};

/// Longest answer, in bytes: an index of 50,000.
const LONGEST_ANSWER: usize = 32 * 1024 * 1024;

/// The calls of lists.
#[derive(Clone)]
pub struct Lists {
    client: ListsServiceClient<Channel>,
    conversations: Conversations,
}

impl Lists {
    /// At this address; connected when first used.
    ///
    /// # Errors
    /// Invalid when it is no address.
    pub fn new(
        peer: &Peer,
        identity: Identity,
        conversations: Conversations,
    ) -> Result<Self, Fault> {
        let channel = rpc::Client::connect(peer, identity, "conversation")?;
        let client = ListsServiceClient::new(channel).max_decoding_message_size(LONGEST_ANSWER);
        Ok(Self { client, conversations })
    }

    /// Changes the state of several conversations.
    ///
    /// # Errors
    /// Invalid as conversation says; what is refused of one is in its result.
    pub async fn change_states(
        &self,
        caller: &Caller,
        key: String,
        ids: Vec<String>,
        to: rest::State,
        seen: &BTreeMap<String, i64>,
    ) -> Result<rest::BulkResults, Fault> {
        let wanted = ids.into_iter().map(|conversation_id| conversation::StateWanted {
            seen_through: seen.get(&conversation_id).copied().unwrap_or_default(),
            conversation_id,
        });
        let message = conversation::ChangeStatesRequest {
            idempotency_key: key,
            wanted: wanted.collect(),
            to: from_proto::state_wanted(to).into(),
        };
        let request = rpc::request(message, caller, DEADLINE);
        let answer = self.client.clone().change_states(request).await.map_err(rpc::fault)?;
        let results = answer.into_inner().results.into_iter().map(|result| rest::BulkResult {
            before: from_proto::stood(result.state_before()).map(|state| rest::StoodBefore {
                state,
                owner_member_id: from_proto::filled(result.owner_before.clone()),
            }),
            conversation_id: result.conversation_id,
            done: result.done,
            code: from_proto::filled(result.code),
            sentence: from_proto::filled(result.sentence),
            undelivered_replies: result.undelivered_replies,
        });
        Ok(rest::BulkResults { results: results.collect() })
    }

    /// Sets a reminder.
    ///
    /// # Errors
    /// Rejected, invalid or not found, as conversation says.
    pub async fn remind(
        &self,
        caller: &Caller,
        of: ConversationId,
        wanted: rest::ReminderWanted,
    ) -> Result<rest::ChangedRow, Fault> {
        let message = conversation::SetReminderRequest {
            conversation_id: of.to_string(),
            idempotency_key: wanted.key,
            due_at: Some(from_proto::given_moment(&wanted.due_at, "due_at")?),
            note: wanted.note,
            seen_through: wanted.seen_through,
        };
        let request = rpc::request(message, caller, DEADLINE);
        let answer = self.client.clone().set_reminder(request).await.map_err(rpc::fault)?;
        let row = self.conversations.named_row(caller, answer.into_inner().row).await?;
        Ok(rest::ChangedRow { row })
    }

    /// Cancels a reminder.
    ///
    /// # Errors
    /// Not found without such a conversation.
    pub async fn cancel_reminder(
        &self,
        caller: &Caller,
        of: ConversationId,
        key: String,
    ) -> Result<rest::ChangedRow, Fault> {
        let message = conversation::CancelReminderRequest {
            conversation_id: of.to_string(),
            idempotency_key: key,
        };
        let request = rpc::request(message, caller, DEADLINE);
        let answer = self.client.clone().cancel_reminder(request).await.map_err(rpc::fault)?;
        let row = self.conversations.named_row(caller, answer.into_inner().row).await?;
        Ok(rest::ChangedRow { row })
    }

    /// The member's drafts.
    pub async fn drafts(&self, caller: &Caller) -> Result<rest::Drafts, Fault> {
        let request = rpc::request(conversation::ListDraftsRequest {}, caller, DEADLINE);
        let answer = self.client.clone().list_drafts(request).await.map_err(rpc::fault)?;
        let drafts = answer.into_inner().drafts.into_iter().map(from_proto::draft);
        Ok(rest::Drafts { drafts: drafts.collect::<Result<_, _>>()? })
    }

    /// Keeps a draft.
    ///
    /// # Errors
    /// Invalid or not found, as conversation says.
    pub async fn put_draft(
        &self,
        caller: &Caller,
        of: ConversationId,
        mode: rest::DraftMode,
        wanted: rest::DraftWanted,
    ) -> Result<rest::StandingDraft, Fault> {
        let kind = wanted.kind.map(from_proto::message_kind);
        let message = conversation::PutDraftRequest {
            draft: Some(conversation::Draft {
                conversation_id: of.to_string(),
                mode: from_proto::draft_mode(mode).into(),
                text: wanted.text,
                kind: kind.map(Into::into).unwrap_or_default(),
                channel_id: wanted.channel_id.unwrap_or_default(),
                in_reply_to_message_id: wanted.in_reply_to.unwrap_or_default(),
                shorten_links: wanted.shorten_links,
                written_at: Some(from_proto::given_moment(&wanted.written_at, "written_at")?),
                rev: 0,
            }),
        };
        let request = rpc::request(message, caller, DEADLINE);
        let answer = self.client.clone().put_draft(request).await.map_err(rpc::fault)?;
        let draft = answer.into_inner().draft.map(from_proto::draft).transpose()?;
        Ok(rest::StandingDraft { draft })
    }

    /// Throws a draft away.
    ///
    /// # Errors
    /// Invalid or not found, as conversation says.
    pub async fn drop_draft(
        &self,
        caller: &Caller,
        of: ConversationId,
        mode: rest::DraftMode,
        written_at: Option<&str>,
    ) -> Result<rest::StandingDraft, Fault> {
        let given = |text| from_proto::given_moment(text, "written_at");
        let message = conversation::DropDraftRequest {
            conversation_id: of.to_string(),
            mode: from_proto::draft_mode(mode).into(),
            written_at: written_at.map(given).transpose()?,
        };
        let request = rpc::request(message, caller, DEADLINE);
        let answer = self.client.clone().drop_draft(request).await.map_err(rpc::fault)?;
        let draft = answer.into_inner().draft.map(from_proto::draft).transpose()?;
        Ok(rest::StandingDraft { draft })
    }

    /// Looks for something.
    ///
    /// # Errors
    /// Invalid as conversation says.
    pub async fn search(
        &self,
        caller: &Caller,
        query: String,
        within: rest::SearchIn,
        after: String,
        limit: i32,
    ) -> Result<rest::SearchResults, Fault> {
        let message = conversation::SearchRequest {
            query,
            r#in: from_proto::search_in(within).into(),
            after,
            limit,
        };
        let request = rpc::request(message, caller, DEADLINE);
        let answer = self.client.clone().search(request).await.map_err(rpc::fault)?;
        let answer = answer.into_inner();
        let names = self.conversations.names_of(caller, &answer).await?;
        from_proto::found(answer, &names)
    }

    /// Every place of a list.
    ///
    /// # Errors
    /// Invalid as conversation says.
    pub async fn index(
        &self,
        caller: &Caller,
        filters: Filters,
        cursor: String,
    ) -> Result<rest::ListIndex, Fault> {
        let list = filters.request(0, String::new());
        let message = conversation::GetIndexRequest { list: Some(list) };
        let request = rpc::request(message, caller, DEADLINE);
        let answer = self.client.clone().get_index(request).await.map_err(rpc::fault)?;
        let conversation::GetIndexResponse { conversation_ids, key_deltas, last_sequences, cut } =
            answer.into_inner();
        let keys = key_deltas.into_iter().scan(0_i64, |key, delta| {
            *key = key.wrapping_add(delta);
            Some(*key)
        });
        Ok(rest::ListIndex {
            keys: keys.collect(),
            ids: conversation_ids,
            sequences: last_sequences,
            cut,
            cursor,
        })
    }
}
