//! Applications and accounts, as directory tells them.

use std::collections::{BTreeMap, BTreeSet};

use kit_store::{Row as _, Transaction, array};
use kit_values::{Fault, OrganizationId};

use crate::domain::attempt::DISCONNECTED;
use crate::domain::letter::Account;
use crate::domain::words::{ApplicationId, ChannelId};

/// Keeps applications; what is older than what is kept changes nothing.
///
/// # Errors
/// Unavailable when the database is away.
pub async fn learn_applications(
    transaction: &Transaction,
    told: &[(ApplicationId, i64, String)],
) -> Result<(), Fault> {
    if told.is_empty() {
        return Ok(());
    }
    let values = vec![
        array::uuids(told.iter().map(|(id, _, _)| id.uuid())),
        array::bigints(told.iter().map(|(_, version, _)| *version)),
        array::texts(told.iter().map(|(_, _, base)| base.clone())),
    ];
    transaction.run(include_str!("sql/learn_applications.sql"), values).await?;
    Ok(())
}

/// Keeps accounts, and gives those that are new or changed.
///
/// # Errors
/// Unavailable when the database is away.
pub async fn learn_channels(
    transaction: &Transaction,
    told: &[(OrganizationId, Account)],
) -> Result<Vec<ChannelId>, Fault> {
    if told.is_empty() {
        return Ok(Vec::new());
    }
    let accounts = || told.iter().map(|(_, account)| account);
    let text = |read: fn(&Account) -> String| array::texts(accounts().map(read));
    let values = vec![
        array::uuids(told.iter().map(|(organization, _)| organization.uuid())),
        array::uuids(accounts().map(|account| account.channel.uuid())),
        array::uuids(accounts().map(|account| account.application.uuid())),
        text(|account| account.network.as_str().to_owned()),
        text(|account| account.account_id.clone()),
        text(|account| account.handle.clone()),
        text(|account| account.api_base.clone()),
        array::booleans(accounts().map(|account| account.simulated)),
        array::bigints(accounts().map(|account| account.version)),
    ];
    let rows = transaction.rows(include_str!("sql/learn_channels.sql"), values).await?;
    rows.iter().map(|row| Ok(ChannelId::from_uuid(row.get("channel_id")?))).collect()
}

/// Lets what waits for these accounts to be connected again be tried at once.
///
/// # Errors
/// Unavailable when the database is away.
pub async fn wake(
    transaction: &Transaction,
    channels: &[(OrganizationId, ChannelId)],
) -> Result<u64, Fault> {
    let values = vec![
        array::uuids(channels.iter().map(|(organization, _)| organization.uuid())),
        array::uuids(channels.iter().map(|(_, channel)| channel.uuid())),
        DISCONNECTED.into(),
    ];
    transaction.run(include_str!("sql/wake_channels.sql"), values).await
}

/// Accounts by id; those that directory has not told of yet are left out.
///
/// # Errors
/// Unavailable when the database is away.
pub async fn accounts(
    transaction: &Transaction,
    wanted: &BTreeSet<(OrganizationId, ChannelId)>,
) -> Result<BTreeMap<(OrganizationId, ChannelId), Account>, Fault> {
    let values = vec![
        array::uuids(wanted.iter().map(|(organization, _)| organization.uuid())),
        array::uuids(wanted.iter().map(|(_, channel)| channel.uuid())),
    ];
    let rows = transaction.rows(include_str!("sql/accounts.sql"), values).await?;
    rows.iter()
        .map(|row| {
            let organization = OrganizationId::from_uuid(row.get("organization_id")?);
            let account = Account {
                channel: ChannelId::from_uuid(row.get("channel_id")?),
                application: ApplicationId::from_uuid(row.get("application_id")?),
                network: super::network(&row.get::<String>("network")?)?,
                account_id: row.get("account_id")?,
                handle: row.get("handle")?,
                api_base: row.get("api_base")?,
                simulated: row.get("simulated")?,
                version: row.get("version")?,
                application_version: row.get("application_version")?,
                permalink_base: row.get("permalink_base")?,
            };
            Ok(((organization, account.channel), account))
        })
        .collect()
}
