//! What directory tells of members and of channels.

use std::collections::BTreeSet;

use kit_store::Transaction;
use kit_values::{Fault, OrganizationId};
use time::OffsetDateTime;

use crate::domain::access::ToldChannel;
use crate::domain::capacity::Allowance;
use crate::domain::person::Person;
use crate::store;

/// What directory told together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// Members.
    pub people: Vec<Person>,
    /// Channels.
    pub channels: Vec<ToldChannel>,
}

impl Told {
    /// Of whom.
    #[must_use]
    pub fn organizations(&self) -> BTreeSet<OrganizationId> {
        let people = self.people.iter().map(|person| person.organization);
        people.chain(self.channels.iter().map(|channel| channel.organization)).collect()
    }
}

/// Keeps what directory says; the greatest version of each member and channel stands. What owners
/// lose by it is looked at afterwards ([`super::recheck`]). Gives the transaction's id.
pub async fn learn(
    transaction: &Transaction,
    told: &Told,
    capacity: Allowance,
    now: OffsetDateTime,
) -> Result<String, Fault> {
    if !told.people.is_empty() {
        let organizations: BTreeSet<_> =
            told.people.iter().map(|person| person.organization).collect();
        store::lock_limits(transaction, organizations).await?;
        store::learn_people(transaction, &told.people, capacity, now).await?;
    }
    store::learn_channels(transaction, &told.channels).await?;
    store::learn_organizations(transaction, told.organizations()).await
}
