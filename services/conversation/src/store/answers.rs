//! What bounds the ways to answer: the accounts, when contacts last wrote to them, and what was
//! answered privately already.

use std::collections::{BTreeMap, BTreeSet};

use kit_store::{Row as _, Transaction, array};
use kit_values::{Fault, OrganizationId};
use time::OffsetDateTime;

use super::load::network;
use crate::domain::view::Account;
use crate::domain::words::{ChannelId, ConversationId, MessageId};

/// When the contact of each conversation last wrote privately to each account.
pub type Windows = BTreeMap<(ConversationId, ChannelId), OffsetDateTime>;

/// The organization's accounts.
pub async fn accounts(
    transaction: &Transaction,
    organization: OrganizationId,
) -> Result<Vec<Account>, Fault> {
    let values = vec![organization.uuid().into()];
    let rows = transaction.rows(include_str!("sql/channels_of.sql"), values).await?;
    rows.iter()
        .map(|row| {
            Ok(Account {
                channel: ChannelId::from_uuid(row.get("channel_id")?),
                network: network(row.get("network")?)?,
                account_id: row.get("account_id")?,
                tier: row.get("tier")?,
                scopes: row.get("scopes")?,
            })
        })
        .collect()
}

/// When the contacts of these conversations last wrote privately.
pub async fn windows(
    transaction: &Transaction,
    organization: OrganizationId,
    conversations: &BTreeSet<ConversationId>,
) -> Result<Windows, Fault> {
    let ids = conversations.iter().map(|conversation| conversation.uuid());
    let values = vec![organization.uuid().into(), array::uuids(ids)];
    let rows = transaction.rows(include_str!("sql/windows.sql"), values).await?;
    rows.iter()
        .map(|row| {
            let conversation = ConversationId::from_uuid(row.get("conversation_id")?);
            let channel = ChannelId::from_uuid(row.get("channel_id")?);
            Ok(((conversation, channel), row.get("at")?))
        })
        .collect()
}

/// Which of these messages were answered privately, or are about to be.
pub async fn answered_privately(
    transaction: &Transaction,
    organization: OrganizationId,
    messages: &[MessageId],
) -> Result<BTreeSet<MessageId>, Fault> {
    let ids = messages.iter().map(|message| message.uuid());
    let values = vec![organization.uuid().into(), array::uuids(ids)];
    let rows = transaction.rows(include_str!("sql/answered_privately.sql"), values).await?;
    rows.iter().map(|row| Ok(MessageId::from_uuid(row.get("message_id")?))).collect()
}
