//! What clients' keys brought about.

use kit_store::{Row as _, Transaction};
use kit_values::{Fault, OrganizationId};
use time::{Duration, OffsetDateTime};

use crate::domain::words::ConversationId;

/// How long a client may ask again with the same key.
const KEPT_FOR: Duration = Duration::days(7);

/// What a key brought about for a conversation: what was asked, and the answer.
pub async fn kept_outcome(
    transaction: &Transaction,
    organization: OrganizationId,
    key: &str,
    conversation: ConversationId,
) -> Result<Option<(String, Vec<u8>)>, Fault> {
    let rows = transaction
        .rows(
            "SELECT asked, answer FROM outcome
             WHERE organization_id = $1 AND key = $2 AND conversation_id = $3",
            vec![organization.uuid().into(), key.into(), conversation.uuid().into()],
        )
        .await?;
    rows.first().map(|row| Ok((row.get("asked")?, row.get("answer")?))).transpose()
}

/// Whether a key has brought about something else than what is asked now.
pub async fn is_taken(
    transaction: &Transaction,
    organization: OrganizationId,
    key: &str,
    asked: &str,
) -> Result<bool, Fault> {
    let values = vec![organization.uuid().into(), key.into(), asked.into()];
    let rows = transaction
        .rows(
            "SELECT 1 FROM outcome
             WHERE organization_id = $1 AND key = $2 AND asked <> $3 LIMIT 1",
            values,
        )
        .await?;
    Ok(!rows.is_empty())
}

/// Keeps what a key brought about for a conversation.
pub async fn keep_outcome(
    transaction: &Transaction,
    organization: OrganizationId,
    (key, asked): (&str, &str),
    conversation: ConversationId,
    answer: Vec<u8>,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    let values = vec![
        organization.uuid().into(),
        key.into(),
        conversation.uuid().into(),
        asked.into(),
        now.into(),
        answer.into(),
        (now - KEPT_FOR).into(),
    ];
    transaction.run(include_str!("sql/keep_outcome.sql"), values).await?;
    Ok(())
}
