//! The owner of several conversations changed by one call: each by itself, in a transaction of its
//! own, and each once for one key of the client's.

use kit_store::Transaction;
use kit_values::{Class, Fault, OrganizationId};
use time::OffsetDateTime;

use super::by_hand::{ByHand, Decided, decided};
use crate::domain::words::{ConversationId, MemberId};
use crate::wire::answers;
use crate::{error, store};

/// What a member decides about several conversations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Several {
    /// Of which organization.
    pub organization: OrganizationId,
    /// Who decides.
    pub by: MemberId,
    /// The client's key.
    pub key: String,
    /// What.
    pub what: ByHand,
}

impl Several {
    /// What the key stands for.
    fn meaning(&self) -> String {
        match self.what {
            ByHand::Take => format!("take {}", self.by),
            ByHand::Assign(to) => format!("assign {} {to}", self.by),
            ByHand::Unassign => format!("unassign {}", self.by),
        }
    }
}

/// Looks whether the key is free for this, before anything is changed.
///
/// # Errors
/// Invalid when it brought about something else.
pub async fn may_use_key(transaction: &Transaction, several: &Several) -> Result<(), Fault> {
    let Several { organization, key, .. } = several;
    if store::is_taken(transaction, *organization, key, &several.meaning()).await? {
        return Err(error::key_reused());
    }
    Ok(())
}

/// Decides about one of them, unless the key has done so before; gives the answer of the first
/// time, and whether somebody may be handed something now. What is refused says so in the answer.
///
/// # Errors
/// Invalid when the key brought about something else; Conflict when somebody decided at the same
/// time.
pub async fn one_of_several(
    transaction: &Transaction,
    several: &Several,
    conversation: ConversationId,
    now: OffsetDateTime,
) -> Result<(Vec<u8>, bool), Fault> {
    let Several { organization, by, key, what } = several;
    let (organization, meaning) = (*organization, several.meaning());
    let names = [organization.to_string(), conversation.to_string()];
    let lock = kit_store::lock_key(&["outcome", &names[0], &names[1], key]);
    transaction.lock(&[lock]).await?;
    match store::kept_outcome(transaction, organization, key, conversation).await? {
        Some((asked, answer)) if asked == meaning => return Ok((answer, false)),
        Some(_) => return Err(error::key_reused()),
        None => {}
    }
    let ended = decided(transaction, organization, conversation, *by, *what, now).await;
    let (before, outcome) = match ended {
        Ok(Decided { before, outcome }) => (Some(before), outcome),
        Err(fault) => (None, Err(fault)),
    };
    let (refused, plan) = match outcome {
        Ok((_, plan)) => (None, plan),
        Err(fault) if is_answer(&fault) => (Some(fault), false),
        Err(fault) => return Err(fault),
    };
    let answer = answers::assigned(conversation, before.as_ref(), refused.as_ref());
    if refused.as_ref().is_none_or(lasts) {
        let asked = (key.as_str(), meaning.as_str());
        store::keep_outcome(transaction, organization, asked, conversation, answer.clone(), now)
            .await?;
    }
    Ok((answer, plan))
}

/// Whether it is an answer about the conversation, not a call that failed.
fn is_answer(fault: &Fault) -> bool {
    matches!(fault.class(), Class::Invalid | Class::Forbidden | Class::NotFound | Class::Rejected)
}

/// Whether asking again would say the same. What has only not been heard of here yet leaves the
/// key free.
fn lasts(fault: &Fault) -> bool {
    fault.class() != Class::NotFound && fault.code() != "member_unknown"
}
