//! How many conversations stand in each list: deltas and their folded totals.

use std::collections::BTreeSet;

use kit_store::{Row as _, Transaction, array};
use kit_values::{Fault, OrganizationId};
use time::{Date, Month, OffsetDateTime, UtcOffset};

use super::detail::unknown_code;
use crate::domain::access::Sight;
use crate::domain::view::Counts;
use crate::domain::words::State;

/// How far back the list of resolved conversations goes (`product.md` S14).
pub const RESOLVED_MONTHS: i32 = 3;

/// The day (UTC) that the list of resolved conversations begins with.
#[must_use]
pub fn resolved_since(now: OffsetDateTime) -> Date {
    let today = now.to_offset(UtcOffset::UTC).date();
    let months = today.year() * 12 + i32::from(u8::from(today.month())) - 1 - RESOLVED_MONTHS;
    let number = u8::try_from(months.rem_euclid(12) + 1).unwrap_or(1);
    let month = Month::try_from(number).unwrap_or(Month::January);
    let year = months.div_euclid(12);
    let day = today.day().min(month.length(year));
    Date::from_calendar_date(year, month, day).unwrap_or(Date::MIN)
}

/// The counts of one organization, as far as `sight` goes.
pub async fn counts(
    transaction: &Transaction,
    organization: OrganizationId,
    sight: &Sight,
    now: OffsetDateTime,
) -> Result<Counts, Fault> {
    let closed = array::uuids(sight.closed().iter().map(|channel| channel.uuid()));
    let rows = transaction
        .rows(
            include_str!("sql/counts.sql"),
            vec![organization.uuid().into(), resolved_since(now).to_string().into(), closed],
        )
        .await?;
    let mut counts = Counts::default();
    for row in &rows {
        let amount: i64 = row.get("amount")?;
        match State::from_code(row.get("state")?) {
            Some(State::New) => counts.new = amount,
            Some(State::Pending) => counts.pending = amount,
            Some(State::Resolved) => counts.resolved = amount,
            None => return Err(unknown_code("state")),
        }
    }
    Ok(counts)
}

/// Folds the deltas of these organizations, which the transaction has declared, into totals.
pub async fn fold_counts(
    transaction: &Transaction,
    organizations: &BTreeSet<OrganizationId>,
) -> Result<(), Fault> {
    transaction
        .run(
            include_str!("sql/fold_counts.sql"),
            vec![array::uuids(organizations.iter().map(|organization| organization.uuid()))],
        )
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use time::macros::{date, datetime};

    use super::*;

    #[test]
    fn three_months_ago_is_a_day_that_exists() {
        assert_eq!(resolved_since(datetime!(2026-11-23 10:00 UTC)), date!(2026 - 08 - 23));
        assert_eq!(resolved_since(datetime!(2026-05-31 10:00 UTC)), date!(2026 - 02 - 28));
        assert_eq!(resolved_since(datetime!(2026-02-01 10:00 UTC)), date!(2025 - 11 - 01));
    }
}
