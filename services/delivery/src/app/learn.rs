//! Keeping what directory tells of applications and accounts.

use kit_store::Transaction;
use kit_values::Fault;

use crate::domain::letter::Account;
use crate::domain::words::ChannelId;
use crate::store;
use crate::wire::directory::Told;

/// Keeps applications and accounts; what is older than what is kept changes nothing. An account
/// that changed may have been connected again, so what waits for that is tried at once.
///
/// # Errors
/// Unavailable when the database is away.
pub async fn learn(
    transaction: &Transaction,
    told: impl IntoIterator<Item = Told>,
) -> Result<(), Fault> {
    let (mut applications, mut accounts) = (Vec::new(), Vec::new());
    for told in told {
        match told {
            Told::Application(id, version, base) => applications.push((id, version, base)),
            Told::Account(organization, account) => accounts.push((organization, *account)),
        }
    }
    store::learn_applications(transaction, &applications).await?;
    let changed: Vec<ChannelId> = store::learn_channels(transaction, &accounts).await?;
    if changed.is_empty() {
        return Ok(());
    }
    let is_changed = |(_, account): &&(_, Account)| changed.contains(&account.channel);
    let wanted: Vec<_> = accounts
        .iter()
        .filter(is_changed)
        .map(|(_, account)| (account.network, account.channel))
        .collect();
    // As whoever looks people up does: turns, then limits.
    store::wake_lookups(transaction, &wanted).await?;
    store::reopen(transaction, &changed).await?;
    let changed: Vec<_> = accounts
        .iter()
        .filter(is_changed)
        .map(|(organization, account)| (*organization, account.channel))
        .collect();
    store::wake(transaction, &changed).await?;
    Ok(())
}
