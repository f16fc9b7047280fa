//! What echoes may be of.

use std::collections::BTreeMap;

use kit_store::{Row as _, Transaction, array};
use kit_values::{Fault, OrganizationId};
use networks::MessageKind;
use time::OffsetDateTime;
use uuid::Uuid;

use super::attempts::key;
use crate::domain::attempt::SettledBy;
use crate::domain::echo::{Candidate, Standing};
use crate::domain::letter::kind;
use crate::domain::words::{ChannelId, MessageId};

/// What one echo is looked for by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sought {
    /// Whose.
    pub organization: OrganizationId,
    /// Of which account.
    pub channel: ChannelId,
    /// Its id at the network.
    pub external_id: String,
    /// The message that it is marked with.
    pub message: Option<MessageId>,
}

/// The attempts of each account that these echoes may be of, first bytes before `since`
/// excepted, with all other tries of the same messages, in the order of their keys and locked:
/// how they stand now, they stand until the transaction ends.
///
/// # Errors
/// Unavailable when the database is away.
pub async fn candidates(
    transaction: &Transaction,
    sought: &[Sought],
    since: OffsetDateTime,
) -> Result<BTreeMap<(OrganizationId, ChannelId), Vec<Candidate>>, Fault> {
    let organizations = || array::uuids(sought.iter().map(|one| one.organization.uuid()));
    let channels = || array::uuids(sought.iter().map(|one| one.channel.uuid()));
    let values = || {
        vec![
            organizations(),
            channels(),
            array::texts(sought.iter().map(|one| one.external_id.clone())),
            array::nullable_uuids(sought.iter().map(|one| one.message.map(MessageId::uuid))),
            since.into(),
        ]
    };
    transaction.rows(include_str!("sql/lock_candidates.sql"), values()).await?;
    // A statement of its own: it sees what was committed while the locks were waited for.
    let rows = transaction.rows(include_str!("sql/candidates.sql"), values()).await?;
    let mut found: BTreeMap<_, Vec<Candidate>> = BTreeMap::new();
    for row in &rows {
        let key = key(row)?;
        let external_id: Option<String> = row.get("external_id")?;
        let state: i16 = row.get("state")?;
        let kind = kind(&row.get::<String>("kind")?)
            .ok_or_else(|| Fault::internal("a stored kind cannot be read"))?;
        let settled_by: Option<String> = row.get("settled_by")?;
        let standing = match (state, settled_by.as_deref().and_then(SettledBy::of)) {
            (1 | 2, _) => Standing::Waits,
            (3 | 6, _) => Standing::Open,
            (4, _) if external_id.is_none() => Standing::Open,
            (5, Some(SettledBy::Person)) => Standing::Denied,
            _ => Standing::Ended,
        };
        let candidate = Candidate {
            key,
            standing,
            sent: external_id.map(|id| Ok::<_, Fault>((id, row.get("scope")?))).transpose()?,
            private: kind == MessageKind::PrivateMessage,
            recipient: row.get("recipient")?,
            in_reply_to: row.get("to_external_id")?,
            text: row.get("text")?,
            quotes: kind == MessageKind::Quote,
            first_byte_at: row.get("first_byte_at")?,
        };
        let channel = ChannelId::from_uuid(row.get::<Uuid>("channel_id")?);
        found.entry((key.organization, channel)).or_default().push(candidate);
    }
    Ok(found)
}
