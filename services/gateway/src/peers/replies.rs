//! What a member does to a conversation: replies, states, the lock. What they may do is decided
//! by conversation.

use kit_service::{Caller, rpc};
use kit_values::{Class, Fault};
use proto::conversation::v1 as conversation;
use tonic::Status;

use super::{Conversations, DEADLINE};
use crate::domain::{ConversationId, MessageId};
use crate::wire::{from_proto, rest};

impl Conversations {
    /// Records a reply, to be sent.
    ///
    /// # Errors
    /// Rejected, invalid or not found, as conversation says.
    pub async fn accept_reply(
        &self,
        caller: &Caller,
        to: ConversationId,
        wanted: rest::ReplyWanted,
    ) -> Result<rest::AcceptedReply, Fault> {
        let message = conversation::AcceptReplyRequest {
            conversation_id: to.to_string(),
            idempotency_key: wanted.key,
            kind: from_proto::message_kind(wanted.kind).into(),
            channel_id: wanted.channel_id,
            in_reply_to_message_id: wanted.in_reply_to.unwrap_or_default(),
            text: wanted.text,
            seen_through: wanted.seen_through,
            fence: wanted.fence,
            shorten_links: wanted.shorten_links,
            despite_newer: wanted.despite_newer,
            keep_long_ordinals: wanted.keep_long_ordinals,
        };
        let request = rpc::request(message, caller, DEADLINE);
        let answer = self.client.clone().accept_reply(request).await.map_err(refused)?;
        let answer = answer.into_inner();
        Ok(rest::AcceptedReply {
            row: self.named_row(caller, answer.row).await?,
            message: self.named_message(caller, answer.message).await?,
            link_notices: answer.link_notices,
        })
    }

    /// Sends a failed reply again.
    ///
    /// # Errors
    /// Rejected or not found, as conversation says.
    pub async fn retry_reply(
        &self,
        caller: &Caller,
        reply: MessageId,
        wanted: rest::RetryWanted,
    ) -> Result<rest::ChangedMessage, Fault> {
        let message = conversation::RetryReplyRequest {
            message_id: reply.to_string(),
            idempotency_key: wanted.key,
        };
        let request = rpc::request(message, caller, DEADLINE);
        let answer = self.client.clone().retry_reply(request).await.map_err(refused)?;
        let message = self.named_message(caller, answer.into_inner().message).await?;
        Ok(rest::ChangedMessage { message })
    }

    /// Says how an unknown reply ended.
    ///
    /// # Errors
    /// Rejected or not found, as conversation says.
    pub async fn settle_reply(
        &self,
        caller: &Caller,
        reply: MessageId,
        sent: bool,
    ) -> Result<rest::ChangedMessage, Fault> {
        let message = conversation::SettleReplyRequest { message_id: reply.to_string(), sent };
        let request = rpc::request(message, caller, DEADLINE);
        let answer = self.client.clone().settle_reply(request).await.map_err(refused)?;
        let message = self.named_message(caller, answer.into_inner().message).await?;
        Ok(rest::ChangedMessage { message })
    }

    /// Pending, Resolve or Reopen by hand.
    ///
    /// # Errors
    /// Rejected or not found, as conversation says.
    pub async fn change_state(
        &self,
        caller: &Caller,
        of: ConversationId,
        wanted: rest::StateWanted,
    ) -> Result<rest::ChangedState, Fault> {
        let message = conversation::ChangeStateRequest {
            conversation_id: of.to_string(),
            idempotency_key: wanted.key,
            to: from_proto::state_wanted(wanted.to).into(),
            seen_through: wanted.seen_through,
        };
        let request = rpc::request(message, caller, DEADLINE);
        let answer = self.client.clone().change_state(request).await.map_err(refused)?;
        let answer = answer.into_inner();
        Ok(rest::ChangedState {
            row: self.named_row(caller, answer.row).await?,
            undelivered_replies: answer.undelivered_replies,
        })
    }

    /// Takes, renews or takes over the reply lock, for one tab.
    ///
    /// # Errors
    /// Rejected or not found, as conversation says.
    pub async fn acquire_lock(
        &self,
        caller: &Caller,
        of: ConversationId,
        tab: String,
        take_over: bool,
    ) -> Result<rest::LockAnswer, Fault> {
        let message = conversation::AcquireLockRequest {
            conversation_id: of.to_string(),
            session: tab,
            take_over,
        };
        let request = rpc::request(message, caller, DEADLINE);
        let answer = self.client.clone().acquire_lock(request).await.map_err(refused)?;
        let conversation::AcquireLockResponse { lock, granted } = answer.into_inner();
        let holder = lock.iter().map(|lock| lock.member_id.as_str()).collect();
        let names = self.people.names(caller.organization()?, holder).await;
        let lock = lock.map(|lock| from_proto::lock(lock, &names)).transpose()?;
        Ok(rest::LockAnswer { lock, granted })
    }

    /// Gives the reply lock of a tab back.
    ///
    /// # Errors
    /// Not found without such a conversation.
    pub async fn release_lock(
        &self,
        caller: &Caller,
        of: ConversationId,
        tab: String,
        fence: i64,
    ) -> Result<(), Fault> {
        let message = conversation::ReleaseLockRequest {
            conversation_id: of.to_string(),
            session: tab,
            fence,
        };
        let request = rpc::request(message, caller, DEADLINE);
        self.client.clone().release_lock(request).await.map_err(refused)?;
        Ok(())
    }
}

/// A refusal, whose field is named as the route names it.
pub(super) fn refused(status: Status) -> Fault {
    let fault = rpc::fault(status);
    let field = match fault.field() {
        Some("idempotency_key") => "key",
        Some("in_reply_to_message_id") => "in_reply_to",
        _ => return fault,
    };
    match fault.class() {
        Class::Invalid => Fault::invalid(fault.code(), field, fault.sentence().to_owned()),
        _ => fault,
    }
}
