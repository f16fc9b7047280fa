//! Who did what to settings and people: rows that are only ever added, in the transaction of the
//! act, each one's digest covering the one before it (`product.md` 9).
//!
//! Numbers and digests are made by the database; the service's role may add and read and nothing
//! else. Deliberately absent: what the words mean, and who may read them.

use kit_values::{Fault, OrganizationId};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{Row as _, Transaction};

/// Most entries of one page.
pub const LONGEST_PAGE: u32 = 200;

/// One act, as it is about to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// In whose data it happened; one of the transaction's.
    pub organization: OrganizationId,
    /// When, to the microsecond.
    pub at: OffsetDateTime,
    /// Who; none when no member stands behind it.
    pub member: Option<Uuid>,
    /// The service that called.
    pub service: String,
    /// A stable word: `channel.changed`.
    pub act: &'static str,
    /// Prefixed id of what it was done to; may be empty.
    pub subject: String,
    /// A JSON object; never a secret, never what a customer wrote.
    pub detail: String,
}

/// One act, as it was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Dense in its organization, from 1.
    pub number: i64,
    /// When.
    pub at: OffsetDateTime,
    /// Who.
    pub member: Option<Uuid>,
    /// The service that called.
    pub service: String,
    /// A stable word.
    pub act: String,
    /// What it was done to.
    pub subject: String,
    /// A JSON object.
    pub detail: String,
    /// Over the digest of the entry before and every field of this one.
    pub hash: Vec<u8>,
}

/// Keeps `act`; gives its number. Other acts of the organization wait until the transaction
/// ends, so it is best the last thing that a transaction does.
///
/// # Errors
/// Internal when `detail` is not JSON or the organization is not the transaction's.
pub async fn append(transaction: &Transaction, act: &Act) -> Result<i64, Fault> {
    let values = vec![
        act.organization.uuid().into(),
        act.at.into(),
        act.member.into(),
        act.service.clone().into(),
        act.act.into(),
        act.subject.clone().into(),
        act.detail.clone().into(),
    ];
    let rows = transaction.rows(include_str!("sql/audit_append.sql"), values).await?;
    rows.first().ok_or_else(|| Fault::internal("an audit row gave no number"))?.get("number")
}

/// At most `limit` entries numbered below `before` (0: from the newest), newest first.
pub async fn list(
    transaction: &Transaction,
    organization: OrganizationId,
    before: i64,
    limit: u32,
) -> Result<Vec<Entry>, Fault> {
    let limit = limit.clamp(1, LONGEST_PAGE);
    let values = vec![organization.uuid().into(), before.into(), i64::from(limit).into()];
    let rows = transaction.rows(include_str!("sql/audit_list.sql"), values).await?;
    rows.iter()
        .map(|row| {
            Ok(Entry {
                number: row.get("number")?,
                at: row.get("at")?,
                member: row.get("member_id")?,
                service: row.get("service")?,
                act: row.get("act")?,
                subject: row.get("subject")?,
                detail: row.get("detail")?,
                hash: row.get("hash")?,
            })
        })
        .collect()
}

/// One page, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// As [`list`] gives them.
    pub entries: Vec<Entry>,
    /// Whether the whole chain of the organization is unbroken; looked at with the first page.
    pub intact: bool,
}

/// What a call that lists the audit answers: entries as [`list`] gives them, and with the first
/// page whether the chain holds. A broken one is somebody's to look into, and is told in the log.
pub async fn page(
    transaction: &Transaction,
    organization: OrganizationId,
    before: i64,
    limit: u32,
) -> Result<Page, Fault> {
    let entries = list(transaction, organization, before, limit).await?;
    let broken = if before == 0 { first_broken(transaction, organization).await? } else { None };
    if let Some(number) = broken {
        tracing::error!(%organization, number, "the audit chain is broken");
    }
    Ok(Page { entries, intact: broken.is_none() })
}

/// The number of the first entry that was altered, or follows one that was removed; none when
/// the chain is whole. Reads every entry of the organization.
pub async fn first_broken(
    transaction: &Transaction,
    organization: OrganizationId,
) -> Result<Option<i64>, Fault> {
    let values = vec![organization.uuid().into()];
    let rows = transaction.rows(include_str!("sql/audit_intact.sql"), values).await?;
    rows.first().map_or(Ok(None), |row| row.get("broken"))
}
