//! Which conversations whoever asks may see, for the calls that read.

use std::collections::BTreeSet;

use kit_store::Transaction;
use kit_values::{Class, Fault, OrganizationId};

use crate::domain::access::Sight;
use crate::domain::words::{ConversationId, MemberId};
use crate::store;

/// Who asks: a member, or a service for everybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asking {
    /// Whose conversations.
    pub organization: OrganizationId,
    /// None: a service.
    pub member: Option<MemberId>,
}

impl Asking {
    /// What they see.
    ///
    /// # Errors
    /// Forbidden for a member who is nobody here.
    pub async fn sight(&self, transaction: &Transaction) -> Result<Sight, Fault> {
        let Some(member) = self.member else { return Ok(Sight::of_everybody()) };
        store::sight(transaction, self.organization, member).await?.ok_or_else(|| {
            let sentence = "Only agents, supervisors and admins may do this.";
            Fault::new(Class::Forbidden, "role_missing", sentence)
        })
    }

    /// Whether they see this conversation.
    ///
    /// # Errors
    /// `NotFound` when they do not, exactly as when there is none.
    pub async fn sees(
        &self,
        transaction: &Transaction,
        conversation: ConversationId,
    ) -> Result<(), Fault> {
        let seen = self.seen(transaction, [conversation].into()).await?;
        if seen.is_empty() { Err(Fault::not_found("a conversation")) } else { Ok(()) }
    }

    /// Those of these conversations that they see.
    ///
    /// # Errors
    /// Forbidden for a member who is nobody here.
    pub async fn seen(
        &self,
        transaction: &Transaction,
        conversations: BTreeSet<ConversationId>,
    ) -> Result<BTreeSet<ConversationId>, Fault> {
        let sight = self.sight(transaction).await?;
        if sight.closed().is_empty() {
            return Ok(conversations);
        }
        let organization = self.organization;
        let channels =
            store::channels_of_conversations(transaction, organization, &conversations).await?;
        let shown = channels.into_iter().filter(|(_, channels)| sight.shows(channels));
        Ok(shown.map(|(conversation, _)| conversation).collect())
    }
}
