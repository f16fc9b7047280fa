//! Takes over what directory says of members and accounts.

use kit_store::Transaction;
use kit_values::Fault;
use time::OffsetDateTime;

use super::auto_resolve::look;
use crate::domain::contact::Definitions;
use crate::domain::heard::{ToldAccount, ToldMember};
use crate::store;
use crate::wire::ToldByDirectory;

/// Takes over facts as they come.
pub async fn learn(
    transaction: &Transaction,
    told: Vec<ToldByDirectory>,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    let (mut members, mut accounts, mut attributes) = (Vec::new(), Vec::new(), Vec::new());
    for one in told {
        match one {
            ToldByDirectory::Member(member) => members.push(member),
            ToldByDirectory::Account(account) => accounts.push(account),
            ToldByDirectory::Attributes(definitions) => attributes.push(definitions),
        }
    }
    store::learn_definitions(transaction, &attributes).await?;
    learn_all(transaction, &members, &accounts, now).await
}

/// Takes over what organizations want to know of their contacts.
pub async fn learn_definitions(
    transaction: &Transaction,
    told: &[Definitions],
) -> Result<(), Fault> {
    store::learn_definitions(transaction, told).await
}

/// Takes over whole lists.
pub async fn learn_all(
    transaction: &Transaction,
    members: &[ToldMember],
    accounts: &[ToldAccount],
    now: OffsetDateTime,
) -> Result<(), Fault> {
    store::learn_members(transaction, members).await?;
    store::learn_accounts(transaction, accounts).await?;
    look(transaction, accounts, now).await
}
