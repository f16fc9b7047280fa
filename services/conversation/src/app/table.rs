//! One conversation on the table: loaded and locked for a member's decision, then saved.

use std::collections::{BTreeMap, BTreeSet};

use kit_store::{Transaction, lock_key};
use kit_values::{Class, Fault, OrganizationId};
use time::OffsetDateTime;

use super::follow_up::{Trail, Trails, follow_up};
use super::whose::lock_whose;
use crate::domain::By;
use crate::domain::access::Level;
use crate::domain::batch::{Batch, Loaded};
use crate::domain::item::MessageKey;
use crate::domain::member::Roles;
use crate::domain::person::IdentityKey;
use crate::domain::policy::Policy;
use crate::domain::view::{MessageRow, Row};
use crate::domain::words::{ChannelId, ConversationId, MemberId, MessageId};
use crate::store::{self, Seat};

/// A member who decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deciding {
    /// Of which organization.
    pub organization: OrganizationId,
    /// Who.
    pub member: MemberId,
    /// By what settings.
    pub policy: Policy,
    /// When.
    pub now: OffsetDateTime,
    /// What the call leaves behind.
    pub trail: Trail,
}

/// A conversation whose identity is locked until the transaction ends.
pub(super) struct Table {
    pub(super) conversation: ConversationId,
    pub(super) identity: IdentityKey,
    pub(super) seat: Seat,
    pub(super) batch: Batch,
}

/// A client's key as an advisory lock: two requests with the same one take turns.
pub(super) fn key_lock(organization: OrganizationId, key: &str) -> i64 {
    lock_key(&["outcome", &organization.to_string(), key])
}

/// What `key` brought about before, if anything; else the key is this transaction's.
///
/// # Errors
/// Invalid when it brought about something else than what is asked now.
pub(super) async fn known(
    transaction: &Transaction,
    who: &Deciding,
    key: &str,
    asked: &str,
) -> Result<Option<Vec<u8>>, Fault> {
    match store::kept_outcome(transaction, who.organization, key).await? {
        None => Ok(None),
        Some((before, answer)) if before == asked => Ok(Some(answer)),
        Some(_) => {
            let sentence = "This key was used for something else.";
            Err(Fault::invalid("key_reused", "idempotency_key", sentence))
        }
    }
}

/// Locks a conversation, and the client's key if it gave one, and loads what a decision of
/// `who` looks at; `messages` with it. `None` when the key has brought about an answer already,
/// which comes instead.
///
/// # Errors
/// `NotFound` when the organization has no such conversation; forbidden when the member may not
/// decide.
pub(super) async fn lay(
    transaction: &Transaction,
    who: &Deciding,
    conversation: ConversationId,
    key: Option<(&str, &str)>,
    messages: &[MessageId],
) -> Result<Result<Table, Vec<u8>>, Fault> {
    lay_for(Level::Contributor, transaction, who, conversation, key, messages).await
}

/// The same for what needs `wanted`.
///
/// # Errors
/// The same.
pub(super) async fn lay_for(
    wanted: Level,
    transaction: &Transaction,
    who: &Deciding,
    conversation: ConversationId,
    key: Option<(&str, &str)>,
    messages: &[MessageId],
) -> Result<Result<Table, Vec<u8>>, Fault> {
    let organization = who.organization;
    let lock: Vec<i64> = key.iter().map(|(key, _)| key_lock(organization, key)).collect();
    let whose = lock_whose(transaction, &[(organization, conversation)], &lock).await?;
    let identity = whose.into_values().next().ok_or_else(|| Fault::not_found("a conversation"))?;
    if let Some((key, asked)) = key
        && let Some(answer) = known(transaction, who, key, asked).await?
    {
        return Ok(Err(answer));
    }
    let seat = seat_for(wanted, transaction, who, conversation).await?;
    if seat.absorbed {
        return Err(Fault::new(
            Class::Rejected,
            "goes_on_elsewhere",
            "The conversation became part of an earlier one.",
        ));
    }
    let wanted: BTreeSet<(OrganizationId, MessageId)> =
        messages.iter().map(|message| (organization, *message)).collect();
    let keys: BTreeSet<MessageKey> = if wanted.is_empty() {
        BTreeSet::new()
    } else {
        store::find_messages(transaction, &wanted, &[])
            .await?
            .messages
            .into_values()
            .map(|(key, _)| key)
            .collect()
    };
    let store::Stored { messages, others, acts } =
        store::load_messages(transaction, &keys, &keys, &keys).await?;
    let identities = BTreeSet::from([identity.clone()]);
    let stands = BTreeSet::from([conversation]);
    let identities = store::load_identities(transaction, &identities, &stands).await?;
    let batch = Batch::new(Loaded { identities, messages, others, acts, ..Loaded::default() });
    Ok(Ok(Table { conversation, identity, seat, batch }))
}

/// The lock and what the member is.
///
/// # Errors
/// `NotFound` when the organization has no such conversation; forbidden when the member may not
/// decide.
pub(super) async fn seat(
    transaction: &Transaction,
    who: &Deciding,
    conversation: ConversationId,
) -> Result<Seat, Fault> {
    seat_for(Level::Contributor, transaction, who, conversation).await
}

/// The same for what needs `wanted`.
///
/// # Errors
/// The same. What the member may not see is not found.
pub(super) async fn seat_for(
    wanted: Level,
    transaction: &Transaction,
    who: &Deciding,
    conversation: ConversationId,
) -> Result<Seat, Fault> {
    let seat = store::lock_seat(transaction, who.organization, conversation, who.member)
        .await?
        .ok_or_else(|| Fault::not_found("a conversation"))?;
    admit(seat.roles, seat.level, wanted)?;
    Ok(seat)
}

/// Whether somebody of these roles who gets that far may do what needs `wanted`.
///
/// # Errors
/// `NotFound` for what they do not see; forbidden for what they may not do.
pub(super) fn admit(roles: Roles, level: Level, wanted: Level) -> Result<(), Fault> {
    if !roles.answers() {
        return Err(Fault::new(
            Class::Forbidden,
            "role_missing",
            "Only agents, supervisors and admins may do this.",
        ));
    }
    if level == Level::Nothing {
        return Err(Fault::not_found("a conversation"));
    }
    if level < wanted {
        return Err(Fault::new(
            Class::Forbidden,
            "access_missing",
            "Your access to this channel does not go that far.",
        ));
    }
    Ok(())
}

/// Whether somebody who decides about a conversation may do so through this account: the
/// conversation may have come through another one.
///
/// # Errors
/// Forbidden when they may not.
pub(super) async fn admit_through(
    transaction: &Transaction,
    who: &Deciding,
    seat: &Seat,
    channel: ChannelId,
) -> Result<(), Fault> {
    let level = store::channel_level(transaction, who.organization, who.member, channel).await?;
    admit(seat.roles, level.max(Level::Viewer), Level::Contributor)
}

impl Table {
    /// The decision's author and what they had seen.
    pub(super) async fn by(
        &self,
        transaction: &Transaction,
        who: &Deciding,
        seen_through: i64,
    ) -> Result<By, Fault> {
        let last_inbound =
            store::last_inbound(transaction, who.organization, self.conversation).await?;
        Ok(By { conversation: self.conversation, member: who.member, seen_through, last_inbound })
    }

    /// Saves what was decided and tells the others.
    pub(super) async fn save(
        &self,
        transaction: &Transaction,
        who: &Deciding,
    ) -> Result<(), Fault> {
        let receipted = store::save(transaction, &self.batch).await?;
        let trails = Trails { events: BTreeMap::new(), ..Trails::of(who.trail.clone()) };
        follow_up(transaction, &self.batch, &receipted, &trails, who.now).await
    }
}

/// The conversation's row as it stands now.
pub(super) async fn row(
    transaction: &Transaction,
    who: &Deciding,
    conversation: ConversationId,
) -> Result<Row, Fault> {
    store::conversation_rows(transaction, who.organization, &[conversation])
        .await?
        .pop()
        .ok_or_else(|| Fault::not_found("a conversation"))
}

/// A message as it stands now.
///
/// # Errors
/// `NotFound` when the organization has no such message.
pub(super) async fn message(
    transaction: &Transaction,
    who: &Deciding,
    message: MessageId,
) -> Result<MessageRow, Fault> {
    store::message_rows(transaction, who.organization, &[message])
        .await?
        .pop()
        .ok_or_else(|| Fault::not_found("a message"))
}
