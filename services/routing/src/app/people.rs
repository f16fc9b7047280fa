//! What directory tells of members.

use std::collections::BTreeSet;

use kit_store::Transaction;
use kit_values::Fault;
use time::OffsetDateTime;

use crate::domain::capacity::Allowance;
use crate::domain::person::Person;
use crate::store;

/// Keeps what directory says; the greatest epoch of each member stands.
pub async fn learn(
    transaction: &Transaction,
    people: &[Person],
    capacity: Allowance,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    let organizations: BTreeSet<_> = people.iter().map(|person| person.organization).collect();
    store::lock_limits(transaction, organizations.iter().copied()).await?;
    store::learn_people(transaction, people, capacity, now).await?;
    store::learn_organizations(transaction, organizations).await
}
