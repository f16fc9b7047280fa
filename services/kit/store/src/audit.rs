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
    let checked = checked(transaction, organization, before, limit).await?;
    Ok(checked.into_iter().map(|(entry, _)| entry).collect())
}

/// As [`list`], each with whether it follows from the entry before it.
async fn checked(
    transaction: &Transaction,
    organization: OrganizationId,
    before: i64,
    limit: u32,
) -> Result<Vec<(Entry, bool)>, Fault> {
    let limit = limit.clamp(1, LONGEST_PAGE);
    let values = vec![organization.uuid().into(), before.into(), i64::from(limit).into()];
    let rows = transaction.rows(include_str!("sql/audit_list.sql"), values).await?;
    rows.iter()
        .map(|row| {
            let entry = Entry {
                number: row.get("number")?,
                at: row.get("at")?,
                member: row.get("member_id")?,
                service: row.get("service")?,
                act: row.get("act")?,
                subject: row.get("subject")?,
                detail: row.get("detail")?,
                hash: row.get("hash")?,
            };
            Ok((entry, row.get("is_whole")?))
        })
        .collect()
}

/// One page, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// As [`list`] gives them.
    pub entries: Vec<Entry>,
    /// Whether every one of these entries follows from the one before it, the last of them from the
    /// first of the next page: pages read to the end are the whole chain checked.
    pub intact: bool,
}

/// What a call that lists the audit answers: entries as [`list`] gives them, and whether the chain
/// holds there. It costs a page, however long the chain is; [`Walk`] checks all of it. A broken one
/// is somebody's to look into, and is told in the log.
pub async fn page(
    transaction: &Transaction,
    organization: OrganizationId,
    before: i64,
    limit: u32,
) -> Result<Page, Fault> {
    let found = checked(transaction, organization, before, limit).await?;
    let broken = found.iter().rev().find(|(_, is_whole)| !is_whole).map(|(entry, _)| entry.number);
    let entries = found.into_iter().map(|(entry, _)| entry).collect();
    if let Some(number) = broken {
        tracing::error!(%organization, number, "the audit chain is broken");
    }
    Ok(Page { entries, intact: broken.is_none() })
}

/// How far the chain of one organization has been checked, from its first entry on.
///
/// It is kept in memory and nowhere else: whoever can alter the table cannot alter what was seen of
/// it, and an entry that was checked and is another one now is found too, with all behind it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Walk {
    number: i64,
    hash: Vec<u8>,
}

/// What a step of a [`Walk`] found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Whole so far; there may be more.
    Whole,
    /// Whole, and there is no more.
    Done,
    /// This entry was altered, or follows one that was removed.
    Broken(i64),
}

impl Walk {
    /// Checks the next entries, `most` of them at most: the cost of a step does not grow with the
    /// chain, and a walk that is at its end reads what was added since.
    pub async fn step(
        &mut self,
        transaction: &Transaction,
        organization: OrganizationId,
        most: u32,
    ) -> Result<Step, Fault> {
        let values = vec![
            organization.uuid().into(),
            self.number.into(),
            self.hash.clone().into(),
            i64::from(most.max(1)).into(),
        ];
        let rows = transaction.rows(include_str!("sql/audit_intact.sql"), values).await?;
        let row = rows.first().ok_or_else(|| Fault::internal("an aggregate gave no row"))?;
        if !row.get::<bool>("is_there")? {
            return Ok(Step::Broken(self.number));
        }
        let broken: Option<i64> = row.get("broken")?;
        if let Some(number) = broken {
            return Ok(Step::Broken(number));
        }
        let number: Option<i64> = row.get("number")?;
        let Some(number) = number else { return Ok(Step::Done) };
        (self.number, self.hash) = (number, row.get("hash")?);
        Ok(Step::Whole)
    }
}

/// Most entries of one step of [`first_broken`].
const STEP: u32 = 1_000;

/// The number of the first entry that was altered, or follows one that was removed; none when
/// the chain is whole. Reads every entry of the organization, some at a time.
pub async fn first_broken(
    transaction: &Transaction,
    organization: OrganizationId,
) -> Result<Option<i64>, Fault> {
    let mut walk = Walk::default();
    loop {
        match walk.step(transaction, organization, STEP).await? {
            Step::Whole => {}
            Step::Done => return Ok(None),
            Step::Broken(number) => return Ok(Some(number)),
        }
    }
}
