//! Search in texts and names: the only two functions that see past row-level security, each
//! taking the organization first and finding nothing of one that the transaction did not declare.
//!
//! Neither the query nor what was found is ever logged: patterns are parameters.

use kit_store::{Row as _, Transaction, array};
use kit_values::{Fault, OrganizationId};
use sea_orm::Value;
use time::OffsetDateTime;
use time::macros::datetime;
use uuid::Uuid;

use super::load::network;
use crate::domain::access::Sight;
use crate::domain::item::Profile;
use crate::domain::search::{FoundContact, Query};
use crate::domain::words::{ContactId, ConversationId, MessageId};

/// After every moment that a row can hold.
const LATEST: OffsetDateTime = datetime!(9999-12-31 0:00 UTC);

/// The place of a message that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// Which.
    pub message: MessageId,
    /// In which conversation.
    pub conversation: ConversationId,
    /// Its network time.
    pub at: OffsetDateTime,
}

fn looked_for(organization: OrganizationId, query: &Query, sight: &Sight) -> Vec<Value> {
    vec![
        organization.uuid().into(),
        array::texts(query.patterns()),
        array::uuids(sight.closed().iter().map(|channel| channel.uuid())),
    ]
}

/// Messages that have it, the newest first, behind `after`.
pub async fn search_messages(
    transaction: &Transaction,
    organization: OrganizationId,
    query: &Query,
    sight: &Sight,
    after: Option<(OffsetDateTime, MessageId)>,
    limit: i32,
) -> Result<Vec<Hit>, Fault> {
    let (moment, id) = after.map_or((LATEST, Uuid::max()), |(at, id)| (at, id.uuid()));
    let mut values = looked_for(organization, query, sight);
    values.extend([moment.into(), id.into(), limit.into(), query.is_indexed().into()]);
    let rows = transaction.rows(include_str!("sql/search_messages.sql"), values).await?;
    rows.iter()
        .map(|row| {
            Ok(Hit {
                message: MessageId::from_uuid(row.get("message_id")?),
                conversation: ConversationId::from_uuid(row.get("conversation_id")?),
                at: row.get("network_time")?,
            })
        })
        .collect()
}

/// Contacts who have it, those first who came last, behind `after`.
pub async fn search_contacts(
    transaction: &Transaction,
    organization: OrganizationId,
    query: &Query,
    sight: &Sight,
    after: Option<ContactId>,
    limit: i32,
) -> Result<Vec<FoundContact>, Fault> {
    let after = after.map_or(Uuid::max(), ContactId::uuid);
    let mut values = looked_for(organization, query, sight);
    values.extend([after.into(), limit.into(), query.is_indexed().into()]);
    let rows = transaction.rows(include_str!("sql/search_contacts.sql"), values).await?;
    rows.iter()
        .map(|row| {
            Ok(FoundContact {
                contact: ContactId::from_uuid(row.get("contact_id")?),
                profile: Profile {
                    display_name: row.get("display_name")?,
                    handle: row.get("handle")?,
                    avatar_url: row.get("avatar_url")?,
                },
                network: network(row.get("network")?)?,
                scope: row.get("scope")?,
                conversation: ConversationId::from_uuid(row.get("conversation_id")?),
            })
        })
        .collect()
}
