//! Calls to conversation.

use std::collections::BTreeMap;
use std::time::Duration;

use futures::future::try_join_all;
use kit_service::rpc::{self, Channel};
use kit_service::{Caller, Identity, Peer};
use kit_values::{Fault, OrganizationId};
use proto::conversation::v1::GetOutboundRequest;
use proto::conversation::v1::conversation_service_client::ConversationServiceClient;

use crate::domain::letter::Letter;
use crate::domain::words::MessageId;
use crate::wire::replies;

/// A transaction waits for the answer.
const DEADLINE: Duration = Duration::from_secs(3);

/// Most messages in one call.
const PAGE: usize = 200;

/// What to send, its newest attempt, and its id at the network.
pub type Outbound = (Letter, i32, String);

/// The service that knows what replies say.
#[derive(Debug, Clone)]
pub struct Conversations(ConversationServiceClient<Channel>);

impl Conversations {
    /// A connection, made at the first call.
    ///
    /// # Errors
    /// Invalid when the peer's address is no address.
    pub fn connect(peer: &Peer, identity: Identity) -> Result<Self, Fault> {
        let channel = rpc::Client::connect(peer, identity, "conversation")?;
        let client = ConversationServiceClient::new(channel);
        // Two hundred of the longest texts.
        Ok(Self(client.max_decoding_message_size(PAGE * 128 * 1024)))
    }

    /// What these messages say and whom they go to; unknown ones are left out.
    ///
    /// # Errors
    /// Unavailable when conversation is away.
    pub async fn outbound(
        &self,
        wanted: &BTreeMap<OrganizationId, Vec<MessageId>>,
    ) -> Result<BTreeMap<(OrganizationId, MessageId), Outbound>, Fault> {
        let calls = wanted
            .iter()
            .flat_map(|(organization, messages)| {
                messages.chunks(PAGE).map(|page| (*organization, page))
            })
            .map(|(organization, page)| self.page(organization, page));
        Ok(try_join_all(calls).await?.into_iter().flatten().collect())
    }

    async fn page(
        &self,
        organization: OrganizationId,
        messages: &[MessageId],
    ) -> Result<Vec<((OrganizationId, MessageId), Outbound)>, Fault> {
        let message =
            GetOutboundRequest { message_ids: messages.iter().map(ToString::to_string).collect() };
        let request = rpc::request(message, &Caller::for_organization(organization), DEADLINE);
        let told = self.0.clone().get_outbound(request).await.map_err(rpc::fault)?.into_inner();
        let mut found = Vec::with_capacity(told.outbound.len());
        for outbound in &told.outbound {
            if let Some((id, letter, attempt, external_id)) = replies::letter(outbound) {
                found.push(((organization, id), (letter, attempt, external_id)));
            } else {
                tracing::warn!("conversation told a reply that cannot be read");
            }
        }
        Ok(found)
    }
}
