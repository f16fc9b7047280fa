//! Who did what here: kept in the transaction of the act, and read by administrators.

use kit_store::Transaction;
use kit_store::audit::{self, Act, Page};
use kit_values::{Class, Fault, OrganizationId};
use serde_json::Value;
use time::OffsetDateTime;

use crate::domain::words::MemberId;
use crate::store;

pub use kit_store::audit::Entry as Kept;

/// Keeps one act; the last thing that a transaction does. `by` is nobody where an operator acts.
pub(super) async fn keep(
    transaction: &Transaction,
    organization: OrganizationId,
    by: Option<MemberId>,
    (act, subject): (&'static str, String),
    detail: &Value,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    let service = if by.is_some() { "gateway" } else { "operator" };
    let act = Act {
        organization,
        at: now,
        member: by.map(MemberId::uuid),
        service: service.to_owned(),
        act,
        subject,
        detail: detail.to_string(),
    };
    audit::append(transaction, &act).await.map(drop)
}

/// A page of it, newest first.
///
/// # Errors
/// Forbidden for who is no administrator.
pub async fn audit_page(
    transaction: &Transaction,
    organization: OrganizationId,
    by: MemberId,
    before: i64,
    limit: u32,
) -> Result<Page, Fault> {
    let caller = store::one_member(transaction, organization, by).await?;
    if !caller.is_some_and(|caller| caller.roles.administers()) {
        let sentence = "Only an administrator may do this.";
        return Err(Fault::new(Class::Forbidden, "admin_only", sentence));
    }
    audit::page(transaction, organization, before, limit).await
}
