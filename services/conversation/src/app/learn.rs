//! Takes over what directory says of members and accounts.

use kit_store::Transaction;
use kit_values::Fault;

use crate::domain::heard::{ToldAccount, ToldMember};
use crate::store;
use crate::wire::ToldByDirectory;

/// Takes over facts as they come.
pub async fn learn(transaction: &Transaction, told: Vec<ToldByDirectory>) -> Result<(), Fault> {
    let (mut members, mut accounts) = (Vec::new(), Vec::new());
    for one in told {
        match one {
            ToldByDirectory::Member(member) => members.push(member),
            ToldByDirectory::Account(account) => accounts.push(account),
        }
    }
    learn_all(transaction, &members, &accounts).await
}

/// Takes over whole lists.
pub async fn learn_all(
    transaction: &Transaction,
    members: &[ToldMember],
    accounts: &[ToldAccount],
) -> Result<(), Fault> {
    store::learn_members(transaction, members).await?;
    store::learn_accounts(transaction, accounts).await
}
