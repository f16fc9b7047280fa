//! The services behind the gateway, as it asks them.

use std::collections::BTreeSet;
use std::time::Duration;

use kit_service::rpc::{self, Channel, Client};
use kit_service::{Caller, Identity, Peer};
use kit_values::{Fault, OrganizationId, Secret};
use proto::conversation::v1 as conversation;
use proto::conversation::v1::conversation_service_client::ConversationServiceClient;
use proto::directory::v1 as directory;
use proto::directory::v1::directory_service_client::DirectoryServiceClient;

use crate::domain::session::Session;
use crate::domain::{ConversationId, MemberId, MessageId};
use crate::wire::{from_proto, rest};

/// How long a person waits for one answer.
const DEADLINE: Duration = Duration::from_secs(5);
/// Most rows of one call.
pub const MOST_ROWS: usize = 200;
/// Most messages of one call.
pub const MOST_MESSAGES: usize = 500;
/// Longest answer, in bytes: 500 messages of 10,000 characters of four bytes.
const LONGEST_ANSWER: usize = 32 * 1024 * 1024;

/// The caller for a signed-in member.
#[must_use]
pub fn member_of(session: &Session) -> Caller {
    Caller::for_member(session.organization, session.member.uuid())
}

/// The directory.
#[derive(Clone)]
pub struct Directory(DirectoryServiceClient<Channel>);

/// Somebody who has proved who they are.
pub struct Verified {
    /// As JSON shows them.
    pub me: rest::Me,
    /// Where they belong.
    pub organization: OrganizationId,
    /// Who they are.
    pub member: MemberId,
    /// Sessions of an older epoch are void.
    pub epoch: i64,
}

impl Directory {
    /// At this address; connected when first used.
    ///
    /// # Errors
    /// Invalid when it is no address.
    pub fn new(peer: &Peer, identity: Identity) -> Result<Self, Fault> {
        let channel = Client::connect(peer, identity, "directory")?;
        Ok(Self(DirectoryServiceClient::new(channel)))
    }

    /// Who signs in.
    ///
    /// # Errors
    /// Unauthenticated or limited, as the directory says.
    pub async fn verify_sign_in(
        &self,
        login: String,
        password: Secret<String>,
        client_address: String,
    ) -> Result<Verified, Fault> {
        let message = directory::VerifySignInRequest {
            login,
            password: password.expose().clone(),
            client_address,
        };
        // Hashing may wait for its turn.
        let request = rpc::request(message, &Caller::installation(), Duration::from_secs(9));
        let answer = self.0.clone().verify_sign_in(request).await.map_err(rpc::fault)?;
        verified(answer.into_inner().member)
    }

    /// The member of the session.
    ///
    /// # Errors
    /// Not found when the member is there no more.
    pub async fn member(&self, session: &Session) -> Result<Verified, Fault> {
        let message = directory::GetMemberRequest { member_id: session.member.to_string() };
        let request = rpc::request(message, &member_of(session), DEADLINE);
        let answer = self.0.clone().get_member(request).await.map_err(rpc::fault)?;
        verified(answer.into_inner().member)
    }

    /// The organization of the session.
    pub async fn organization(&self, session: &Session) -> Result<rest::Organization, Fault> {
        let message = directory::GetOrganizationRequest {};
        let request = rpc::request(message, &member_of(session), DEADLINE);
        let answer = self.0.clone().get_organization(request).await.map_err(rpc::fault)?;
        let organization = answer.into_inner().organization.ok_or_else(incomplete)?;
        Ok(from_proto::organization(organization))
    }

    /// The channels of the session's organization.
    pub async fn channels(&self, session: &Session) -> Result<Vec<rest::Channel>, Fault> {
        let message = directory::ListChannelsRequest {};
        let request = rpc::request(message, &member_of(session), DEADLINE);
        let answer = self.0.clone().list_channels(request).await.map_err(rpc::fault)?;
        answer.into_inner().channels.into_iter().map(from_proto::channel).collect()
    }
}

fn verified(member: Option<directory::Member>) -> Result<Verified, Fault> {
    let member = member.ok_or_else(incomplete)?;
    Ok(Verified {
        organization: member.organization_id.parse().map_err(Fault::internal)?,
        member: member.member_id.parse().map_err(Fault::internal)?,
        epoch: member.session_epoch,
        me: from_proto::me(&member)?,
    })
}

fn incomplete() -> Fault {
    Fault::internal("a service answered without what it was asked for")
}

/// Conversations.
#[derive(Clone)]
pub struct Conversations(ConversationServiceClient<Channel>);

impl Conversations {
    /// At this address; connected when first used.
    ///
    /// # Errors
    /// Invalid when it is no address.
    pub fn new(peer: &Peer, identity: Identity) -> Result<Self, Fault> {
        let channel = Client::connect(peer, identity, "conversation")?;
        let client =
            ConversationServiceClient::new(channel).max_decoding_message_size(LONGEST_ANSWER);
        Ok(Self(client))
    }

    /// One page of a queue.
    pub async fn list(
        &self,
        caller: &Caller,
        queue: rest::Queue,
        limit: i32,
        after: String,
    ) -> Result<rest::RowPage, Fault> {
        let message = conversation::ListConversationsRequest {
            queue: from_proto::queue(queue).into(),
            limit,
            after,
            channel_ids: Vec::new(),
        };
        let request = rpc::request(message, caller, DEADLINE);
        let answer = self.0.clone().list_conversations(request).await.map_err(rpc::fault)?;
        let answer = answer.into_inner();
        Ok(rest::RowPage {
            rows: answer.rows.into_iter().map(from_proto::row).collect::<Result<_, _>>()?,
            next: from_proto::filled(answer.next),
        })
    }

    /// Rows by id, any number; those that exist.
    pub async fn rows(
        &self,
        caller: &Caller,
        ids: &BTreeSet<ConversationId>,
    ) -> Result<Vec<rest::Row>, Fault> {
        let mut rows = Vec::with_capacity(ids.len());
        for ids in texts(ids).chunks(MOST_ROWS) {
            let message = conversation::GetConversationsRequest { conversation_ids: ids.to_vec() };
            let request = rpc::request(message, caller, DEADLINE);
            let answer = self.0.clone().get_conversations(request).await.map_err(rpc::fault)?;
            for row in answer.into_inner().rows {
                rows.push(from_proto::row(row)?);
            }
        }
        Ok(rows)
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
        let answer = self.0.clone().list_messages(request).await.map_err(rpc::fault)?;
        let answer = answer.into_inner();
        Ok(rest::MessagePage {
            messages: answer
                .messages
                .into_iter()
                .map(from_proto::message)
                .collect::<Result<_, _>>()?,
            older: from_proto::filled(answer.older),
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
            let answer = self.0.clone().get_messages(request).await.map_err(rpc::fault)?;
            for message in answer.into_inner().messages {
                messages.push(from_proto::message(message)?);
            }
        }
        Ok(messages)
    }

    /// How many conversations are in each queue.
    pub async fn counts(&self, caller: &Caller) -> Result<rest::Counts, Fault> {
        let request = rpc::request(conversation::GetCountsRequest {}, caller, DEADLINE);
        let answer = self.0.clone().get_counts(request).await.map_err(rpc::fault)?;
        answer.into_inner().counts.map(from_proto::counts).ok_or_else(incomplete)
    }
}

fn texts<T: ToString>(ids: &BTreeSet<T>) -> Vec<String> {
    ids.iter().map(ToString::to_string).collect()
}
