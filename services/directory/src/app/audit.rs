//! Who did what: kept in the transaction of the act, and read by administrators.

use kit_store::{Transaction, audit};
use kit_values::{Fault, OrganizationId};
use serde_json::Value;
use time::OffsetDateTime;

use super::Actor;
use crate::domain::MemberId;

pub use kit_store::audit::{Entry as Kept, Page, page};

/// Keeps one act. `detail` is an object without secrets.
pub async fn keep(
    tx: &Transaction,
    actor: &Actor,
    organization: OrganizationId,
    act: &'static str,
    subject: String,
    detail: &Value,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    let act = audit::Act {
        organization,
        at: now,
        member: actor.member.map(MemberId::uuid),
        service: actor.service.clone(),
        act,
        subject,
        detail: detail.to_string(),
    };
    audit::append(tx, &act).await.map(drop)
}

/// What a field was and is, where it changed.
pub fn difference(fields: &[(&str, Value, Value)]) -> Value {
    let changed = fields.iter().filter(|(_, before, after)| before != after);
    let object = changed.map(|(field, before, after)| {
        ((*field).to_owned(), serde_json::json!({ "from": before, "to": after }))
    });
    Value::Object(object.collect())
}
