//! The owner of several conversations.

use kit_values::{Fault, OrganizationId, now};
use proto::routing::v1 as calls;

use super::Routing;
use crate::app::{self, ByHand, Several};
use crate::domain::words::{ConversationId, MemberId};
use crate::wire::answers;

/// Most conversations of one call.
const MOST_AT_ONCE: usize = 100;

/// Longest key of a client, in characters.
const LONGEST_KEY: usize = 128;

impl Routing {
    pub(super) async fn assign_each(
        &self,
        (organization, by): (OrganizationId, MemberId),
        wanted: calls::AssignSeveralRequest,
    ) -> Result<Vec<calls::AssignResult>, Fault> {
        let (key, named) = (wanted.idempotency_key, wanted.conversation_ids);
        if key.is_empty() || key.chars().count() > LONGEST_KEY || key.contains('\0') {
            let sentence = "Give a key of 1 to 128 characters.";
            return Err(Fault::invalid("key_invalid", "idempotency_key", sentence));
        }
        if named.is_empty() || named.len() > MOST_AT_ONCE {
            let sentence = format!("Name 1 to {MOST_AT_ONCE} conversations.");
            return Err(Fault::invalid("ids_out_of_range", "conversation_ids", sentence));
        }
        let what = match wanted.member_id {
            Some(member) => ByHand::Assign(member.parse().map_err(|_| {
                Fault::invalid("member_unknown", "member_id", "There is no such member.")
            })?),
            None => ByHand::Unassign,
        };
        let several = Several { organization, by, key, what };
        let asked = several.clone();
        self.store
            .transaction(&organization.into(), async move |transaction| {
                app::may_use_key(transaction, &asked).await
            })
            .await?;
        let mut results = Vec::with_capacity(named.len());
        for text in named {
            results.push(self.assign_one(&several, text).await?);
        }
        Ok(results)
    }

    async fn assign_one(
        &self,
        several: &Several,
        text: String,
    ) -> Result<calls::AssignResult, Fault> {
        let organization = several.organization;
        let Ok(conversation) = text.parse::<ConversationId>() else {
            let unknown = Fault::not_found("conversation");
            return Ok(calls::AssignResult {
                conversation_id: text,
                code: unknown.code().to_owned(),
                sentence: unknown.sentence().to_owned(),
                ..calls::AssignResult::default()
            });
        };
        let several = several.clone();
        let (answer, plan) = self
            .store
            .transaction_retrying(&organization.into(), async move |transaction| {
                app::one_of_several(transaction, &several, conversation, now()).await
            })
            .await?;
        if plan {
            self.waker.wake(organization);
        }
        answers::kept_assigned(&answer)
    }
}
