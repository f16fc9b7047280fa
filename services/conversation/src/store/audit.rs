//! What an audit compares: everything that one organization has, read plainly.

use std::collections::{BTreeMap, BTreeSet};

use kit_store::{Row as _, Transaction, array};
use kit_values::{Fault, OrganizationId};
use time::OffsetDateTime;
use uuid::Uuid;

use super::counts::resolved_since;
use super::load::network;
use crate::domain::access::Sight;
use crate::domain::person::{IdentityKey, Person};
use crate::domain::view::Counts;
use crate::domain::words::{ConversationId, State};

/// Every identity of the organization, and every conversation.
pub async fn stored_identities(
    transaction: &Transaction,
    organization: OrganizationId,
) -> Result<(BTreeSet<IdentityKey>, BTreeSet<ConversationId>), Fault> {
    let rows = transaction
        .rows(
            "SELECT c.conversation_id, i.network, i.scope, i.network_user_id \
             FROM conversation AS c JOIN contact_identity AS i \
             ON i.organization_id = c.organization_id AND i.identity_id = c.identity_id \
             WHERE c.organization_id = $1",
            vec![organization.uuid().into()],
        )
        .await?;
    let mut identities = BTreeSet::new();
    let mut conversations = BTreeSet::new();
    for row in &rows {
        conversations.insert(ConversationId::from_uuid(row.get("conversation_id")?));
        identities.insert(IdentityKey {
            organization,
            network: network(row.get("network")?)?,
            scope: row.get("scope")?,
            person: Person::from_text(&row.get::<String>("network_user_id")?),
        });
    }
    Ok((identities, conversations))
}

/// How many messages each conversation holds.
pub async fn stored_messages(
    transaction: &Transaction,
    organization: OrganizationId,
) -> Result<BTreeMap<ConversationId, i64>, Fault> {
    let rows = transaction
        .rows(
            "SELECT conversation_id, count(*) AS held FROM message \
             WHERE organization_id = $1 GROUP BY conversation_id",
            vec![organization.uuid().into()],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let id: Uuid = row.get("conversation_id")?;
            Ok((ConversationId::from_uuid(id), row.get("held")?))
        })
        .collect()
}

/// The counts as far as `sight` goes, counted row by row.
pub async fn recount(
    transaction: &Transaction,
    organization: OrganizationId,
    sight: &Sight,
    now: OffsetDateTime,
) -> Result<Counts, Fault> {
    let closed = array::uuids(sight.closed().iter().map(|channel| channel.uuid()));
    let rows = transaction
        .rows(
            "SELECT state, count(*) AS held FROM conversation \
             WHERE organization_id = $1 AND state IS NOT NULL \
             AND (state <> 3 OR resolved_at >= ($2::date)::timestamp AT TIME ZONE 'UTC') \
             AND NOT (channel_ids <@ $3 AND channel_ids <> '{}') GROUP BY state",
            vec![organization.uuid().into(), resolved_since(now).to_string().into(), closed],
        )
        .await?;
    let mut counts = Counts::default();
    for row in &rows {
        let held: i64 = row.get("held")?;
        match State::from_code(row.get("state")?) {
            Some(State::New) => counts.new = held,
            Some(State::Pending) => counts.pending = held,
            Some(State::Resolved) => counts.resolved = held,
            None => {}
        }
    }
    Ok(counts)
}
