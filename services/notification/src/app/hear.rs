//! Signals of other services become notifications.

use std::collections::{BTreeMap, BTreeSet};

use kit_store::{Transaction, outbox};
use kit_values::{EventId, Fault, OrganizationId};
use time::OffsetDateTime;

use crate::domain::{
    Away, Change, ConversationId, Heeded, Known, MemberId, NotificationId, decide,
};
use crate::store;
use crate::wire;

/// What was heard, and whose it is.
#[derive(Debug, Clone)]
pub struct Heard {
    /// The organization.
    pub organization: OrganizationId,
    /// When it happened.
    pub at: OffsetDateTime,
    /// What.
    pub what: Heeded,
    /// The trace that it belongs to.
    pub trace: Option<String>,
}

/// The lock under which everything about a conversation is decided.
#[must_use]
pub fn lock_key(organization: OrganizationId, what: &Heeded) -> i64 {
    let (kind, id) = match what {
        Heeded::Conversation(id, _) => ("conversation", id.to_string()),
        Heeded::Availability(availability) => ("member", availability.member.to_string()),
    };
    kit_store::lock_key(&["notification", kind, &organization.to_string(), &id])
}

/// Who is away, seen from one organization.
struct Absent<'a>(&'a BTreeSet<(OrganizationId, MemberId)>, OrganizationId);

impl Away for Absent<'_> {
    fn is_away(&self, member: MemberId) -> bool {
        self.0.contains(&(self.1, member))
    }
}

/// Applies what was heard, in its order.
///
/// # Errors
/// Unavailable without the database.
pub async fn hear(transaction: &Transaction, heard: Vec<Heard>) -> Result<(), Fault> {
    let availability: Vec<_> = heard
        .iter()
        .filter_map(|one| match one.what {
            Heeded::Availability(availability) => Some((one.organization, availability)),
            Heeded::Conversation(..) => None,
        })
        .collect();
    if !availability.is_empty() {
        store::save_availability(transaction, &availability).await?;
    }
    let about: BTreeSet<_> = heard
        .iter()
        .filter_map(|one| match one.what {
            Heeded::Conversation(id, _) => Some((one.organization, id)),
            Heeded::Availability(_) => None,
        })
        .collect();
    if about.is_empty() {
        return Ok(());
    }
    let mut known = store::load(transaction, &about).await?;
    let away =
        store::away(transaction, about.iter().map(|(organization, _)| *organization)).await?;
    let mut messages = Vec::new();
    let mut touched: BTreeMap<(OrganizationId, ConversationId), Known> = BTreeMap::new();
    for one in heard {
        let Heeded::Conversation(id, signal) = one.what else { continue };
        let key = (one.organization, id);
        let before = known.get(&key).copied().unwrap_or(Known::NOTHING);
        let absent = Absent(&away, one.organization);
        let (after, changes) = decide(before, signal, &absent, NotificationId::mint(), one.at);
        if after != before {
            touched.insert(key, after);
        }
        messages.extend(announcements(key, &after, &changes, one.trace.as_deref(), one.at));
        known.insert(key, after);
    }
    if !touched.is_empty() {
        store::save(transaction, &touched).await?;
    }
    outbox::append(transaction, messages).await
}

/// What is told about one conversation.
pub(super) fn announcements(
    (organization, conversation): (OrganizationId, ConversationId),
    after: &Known,
    changes: &[Change],
    trace: Option<&str>,
    at: OffsetDateTime,
) -> Vec<outbox::Message> {
    changes
        .iter()
        .map(|change| {
            let event = EventId::mint();
            let (fact, payload) =
                wire::event(event, organization, conversation, after.notification_rev, change, at);
            outbox::Message {
                event,
                organization: Some(organization),
                subject: kit_bus::subject(
                    crate::topology::PRODUCER,
                    None,
                    Some(organization),
                    fact,
                ),
                network: None,
                lane: outbox::lane(conversation.uuid()),
                payload,
                occurred_at: at,
                trace: trace.map(str::to_owned),
            }
        })
        .collect()
}
