//! Calls on behalf of a member: replies, states, the lock. The gateway makes them; what the
//! member may do is decided here, by this service's own projection of members.

use kit_service::rpc::{caller, status};
use kit_service::telemetry::trace_context;
use kit_store::{Scope, Transaction};
use kit_values::{Fault, now};
use prost::Message;
use proto::conversation::v1 as calls;
use tonic::{Request, Status};

use super::Conversations;
use crate::app::{self, Answered, Deciding, Outgoing, Trail};
use crate::domain::words::{MemberId, MessageId};
use crate::wire;

/// Longest name of a browser session, in bytes.
const LONGEST_SESSION: usize = 200;

impl Conversations {
    /// The member of a call.
    pub(super) fn deciding<T>(&self, request: &Request<T>) -> Result<Deciding, Status> {
        let caller = caller(request)?;
        caller.require_service(&["gateway"]).map_err(status)?;
        let organization = caller.organization().map_err(status)?;
        let member = caller.member().map_err(status)?;
        Ok(Deciding {
            organization,
            member: MemberId::from_uuid(member),
            policy: self.policy,
            now: now(),
            trail: Trail { trace: trace_context(), correlation: String::new() },
        })
    }

    /// Runs a decision in one transaction, again when it met another.
    pub(super) async fn decide<T, W>(&self, who: &Deciding, work: W) -> Result<T, Fault>
    where
        W: AsyncFnOnce(&Transaction) -> Result<T, Fault> + Clone,
    {
        let decided = self.store.transaction_retrying(&Scope::from(who.organization), work).await?;
        // Whatever it changed, counts may have changed with it.
        self.dirty.note([who.organization]);
        Ok(decided)
    }

    pub(super) async fn accept(
        &self,
        who: Deciding,
        call: calls::AcceptReplyRequest,
    ) -> Result<calls::AcceptReplyResponse, Fault> {
        let asked = wire::read_reply(call)?;
        let (text, link_notices) = if asked.shorten_links {
            let (first, again) = (who.clone(), asked.clone());
            let known = self
                .store
                .transaction(&Scope::from(who.organization), async move |transaction| {
                    app::known_answer(transaction, &first, &again).await
                })
                .await?;
            if let Some(known) = known {
                return read(&known);
            }
            let (organization, conversation) = (who.organization, asked.conversation);
            let (key, text) = (&asked.key, &asked.text);
            let keep_long = &asked.keep_long;
            self.shortener.shorten(organization, conversation, key, text, keep_long).await
        } else {
            (asked.text.clone(), Vec::new())
        };
        let outgoing = Outgoing { message: MessageId::mint(), text, link_notices };
        let deciding = who.clone();
        let answered = self
            .decide(&who, async move |transaction| {
                app::accept_reply(transaction, &deciding, &asked, &outgoing).await
            })
            .await?;
        crate::metrics::accepted(answered.now);
        read(&answered)
    }

    pub(super) async fn retry(
        &self,
        who: Deciding,
        call: calls::RetryReplyRequest,
    ) -> Result<calls::RetryReplyResponse, Fault> {
        let message: MessageId = wire::id(&call.message_id, "a message")?;
        let key = wire::key(call.idempotency_key)?;
        let deciding = who.clone();
        let answered = self
            .decide(&who, async move |transaction| {
                app::retry_reply(transaction, &deciding, message, &key).await
            })
            .await?;
        read(&answered)
    }

    pub(super) async fn settle(
        &self,
        who: Deciding,
        call: calls::SettleReplyRequest,
    ) -> Result<calls::SettleReplyResponse, Fault> {
        let message: MessageId = wire::id(&call.message_id, "a message")?;
        let deciding = who.clone();
        let settled = self
            .decide(&who, async move |transaction| {
                app::settle_reply(transaction, &deciding, message, call.sent).await
            })
            .await?;
        Ok(wire::settled(settled))
    }

    pub(super) async fn change(
        &self,
        who: Deciding,
        call: calls::ChangeStateRequest,
    ) -> Result<calls::ChangeStateResponse, Fault> {
        let asked = wire::read_state(call)?;
        let deciding = who.clone();
        let answered = self
            .decide(&who, async move |transaction| {
                app::change_state(transaction, &deciding, &asked).await
            })
            .await?;
        read(&answered)
    }

    pub(super) async fn acquire(
        &self,
        who: Deciding,
        call: calls::AcquireLockRequest,
    ) -> Result<calls::AcquireLockResponse, Fault> {
        let conversation = wire::id(&call.conversation_id, "a conversation")?;
        let session = session(call.session)?;
        let claimed = self
            .store
            .transaction_retrying(&Scope::from(who.organization), async move |transaction| {
                app::acquire_lock(transaction, &who, conversation, &session, call.take_over).await
            })
            .await?;
        Ok(calls::AcquireLockResponse { lock: wire::lock(&claimed.lock), granted: claimed.granted })
    }

    pub(super) async fn release(
        &self,
        who: Deciding,
        call: calls::ReleaseLockRequest,
    ) -> Result<calls::ReleaseLockResponse, Fault> {
        let conversation = wire::id(&call.conversation_id, "a conversation")?;
        let session = session(call.session)?;
        self.store
            .transaction_retrying(&Scope::from(who.organization), async move |transaction| {
                app::release_lock(transaction, &who, conversation, &session, call.fence).await
            })
            .await?;
        Ok(calls::ReleaseLockResponse {})
    }
}

fn session(text: String) -> Result<String, Fault> {
    if text.is_empty() || text.len() > LONGEST_SESSION || text.contains('\0') {
        let sentence = "Name the browser session, in at most 200 bytes.";
        return Err(Fault::invalid("session_invalid", "session", sentence));
    }
    Ok(text)
}

/// An answer as it was kept.
fn read<M: Message + Default>(answered: &Answered) -> Result<M, Fault> {
    M::decode(answered.answer.as_slice()).map_err(Fault::internal)
}
