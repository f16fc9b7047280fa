//! Tables `channel` and `channel_account`.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use kit_store::{OrFault as _, Row as _, Transaction, array, statement};
use kit_values::{Fault, OrganizationId};
use sea_orm::ActiveValue::{Set, Unchanged};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ConnectionTrait as _, EntityTrait as _, FromQueryResult as _, QuerySelect as _, Value,
};

use super::entities::{channel, channel_account};
use super::unreadable;
use crate::domain::access::Access;
use crate::domain::channel::{Capabilities, Channel, Health, Settings};
use crate::domain::{ApplicationId, ChannelId, MemberId, Network};

/// The channel and its sealed token, if it exists and is the organization's.
pub async fn find_with_token(
    tx: &Transaction,
    organization: OrganizationId,
    id: ChannelId,
) -> Result<Option<(Channel, Option<Vec<u8>>)>, Fault> {
    let key = (organization.uuid(), id.uuid());
    let row = channel::Entity::find_by_id(key).one(tx).await.or_fault()?;
    with_entries(tx, organization, row).await
}

/// As [`find_with_token`], the row locked until the transaction ends.
pub async fn find_to_change(
    tx: &Transaction,
    organization: OrganizationId,
    id: ChannelId,
) -> Result<Option<(Channel, Option<Vec<u8>>)>, Fault> {
    let key = (organization.uuid(), id.uuid());
    let row = channel::Entity::find_by_id(key).lock_exclusive().one(tx).await.or_fault()?;
    with_entries(tx, organization, row).await
}

async fn with_entries(
    tx: &Transaction,
    organization: OrganizationId,
    row: Option<channel::Model>,
) -> Result<Option<(Channel, Option<Vec<u8>>)>, Fault> {
    let Some(mut row) = row else { return Ok(None) };
    let token = row.access_token.take();
    let mut channel = read(row)?;
    let mut entries = entries(tx, array::uuids([organization.uuid()])).await?;
    channel.settings.access = entries.remove(&channel.id).unwrap_or_default();
    Ok(Some((channel, token)))
}

/// Who stands in the entries of these organizations' channels.
async fn entries(
    tx: &Transaction,
    organizations: Value,
) -> Result<HashMap<ChannelId, BTreeMap<MemberId, Access>>, Fault> {
    let mut entries: HashMap<ChannelId, BTreeMap<MemberId, Access>> = HashMap::new();
    for row in tx.rows(include_str!("sql/access_of.sql"), vec![organizations]).await? {
        let access: String = row.get("access")?;
        let access = Access::named(&access).ok_or_else(|| unreadable("access"))?;
        let channel = ChannelId::from_uuid(row.get("channel_id")?);
        let member = MemberId::from_uuid(row.get("member_id")?);
        entries.entry(channel).or_default().insert(member, access);
    }
    Ok(entries)
}

/// Puts these entries in the place of the channel's former ones.
pub async fn replace_entries(tx: &Transaction, channel: &Channel) -> Result<(), Fault> {
    let access = &channel.settings.access;
    let values = vec![
        channel.organization.uuid().into(),
        channel.id.uuid().into(),
        array::uuids(access.keys().map(|id| id.uuid())),
        array::texts(access.values().map(|access| access.name().to_owned())),
    ];
    tx.run(include_str!("sql/access_replace.sql"), values).await?;
    Ok(())
}

/// Every channel of these organizations, which must be the transaction's.
pub async fn of(
    tx: &Transaction,
    organizations: impl IntoIterator<Item = OrganizationId>,
) -> Result<Vec<Channel>, Fault> {
    let organizations = array::uuids(organizations.into_iter().map(OrganizationId::uuid));
    let rows = tx
        .query_all_raw(statement(include_str!("sql/channels_of.sql"), vec![organizations.clone()]))
        .await
        .or_fault()?;
    let mut channels = rows
        .iter()
        .map(|row| read(channel::Model::from_query_result(row, "").or_fault()?))
        .collect::<Result<Vec<_>, _>>()?;
    let mut entries = entries(tx, organizations).await?;
    for channel in &mut channels {
        channel.settings.access = entries.remove(&channel.id).unwrap_or_default();
    }
    Ok(channels)
}

/// Every organization that has a channel; needs no organization.
pub async fn organizations(tx: &Transaction) -> Result<BTreeSet<OrganizationId>, Fault> {
    let rows = tx
        .query_all_raw(statement(include_str!("sql/organizations_with_channels.sql"), Vec::new()))
        .await
        .or_fault()?;
    rows.iter().map(|row| row.get("organization_id").map(OrganizationId::from_uuid)).collect()
}

/// Adds a new channel; false when its account is connected through the same application already,
/// by this organization or another one, after which the transaction must be rolled back.
///
/// # Errors
/// Conflict when its id is taken.
pub async fn add(
    tx: &Transaction,
    channel: &Channel,
    access_token: Option<Vec<u8>>,
) -> Result<bool, Fault> {
    let row = channel::ActiveModel {
        organization_id: Set(channel.organization.uuid()),
        channel_id: Set(channel.id.uuid()),
        application_id: Set(channel.application.uuid()),
        network: Set(channel.network.name().to_owned()),
        account_id: Set(channel.account_id.clone()),
        handle: Set(channel.handle.clone()),
        display_name: Set(channel.display_name.clone()),
        simulated: Set(channel.simulated),
        access_token: Set(access_token),
        connected_at: Set(channel.connected_at),
        version: Set(channel.version),
        tier: Set(channel.capabilities.tier.clone()),
        scopes: Set(channel.capabilities.scopes.iter().cloned().collect()),
        api_base: Set(channel.capabilities.api_base.clone()),
        restricted: Set(channel.settings.restricted),
        auto_resolve_days: Set(days(channel)),
        reopen_window_hours: Set(hours(channel)),
        health: Set(health_name(channel).to_owned()),
        health_checked_at: Set(channel.health.checked_at),
    };
    channel::Entity::insert(row).exec_without_returning(tx).await.or_fault()?;
    let row = channel_account::ActiveModel {
        application_id: Set(channel.application.uuid()),
        account_id: Set(channel.account_id.clone()),
        organization_id: Set(channel.organization.uuid()),
        channel_id: Set(channel.id.uuid()),
    };
    let key = [channel_account::Column::ApplicationId, channel_account::Column::AccountId];
    let added = channel_account::Entity::insert(row)
        .on_conflict(OnConflict::columns(key).do_nothing().to_owned())
        .exec_without_returning(tx)
        .await
        .or_fault()?;
    Ok(added == 1)
}

/// Puts the channel's next version and its token in the place of the former ones.
pub async fn replace(
    tx: &Transaction,
    channel: &Channel,
    access_token: Option<Vec<u8>>,
) -> Result<(), Fault> {
    let row = channel::ActiveModel {
        organization_id: Unchanged(channel.organization.uuid()),
        channel_id: Unchanged(channel.id.uuid()),
        handle: Set(channel.handle.clone()),
        display_name: Set(channel.display_name.clone()),
        access_token: Set(access_token),
        version: Set(channel.version),
        tier: Set(channel.capabilities.tier.clone()),
        scopes: Set(channel.capabilities.scopes.iter().cloned().collect()),
        api_base: Set(channel.capabilities.api_base.clone()),
        restricted: Set(channel.settings.restricted),
        auto_resolve_days: Set(days(channel)),
        reopen_window_hours: Set(hours(channel)),
        health: Set(health_name(channel).to_owned()),
        health_checked_at: Set(channel.health.checked_at),
        ..Default::default()
    };
    channel::Entity::update(row).exec(tx).await.or_fault()?;
    Ok(())
}

const CONNECTED: &str = "connected";

fn health_name(channel: &Channel) -> &'static str {
    match channel.health.connected {
        None => "",
        Some(true) => CONNECTED,
        Some(false) => "disconnected",
    }
}

/// Bounded by the domain: fits.
fn days(channel: &Channel) -> i32 {
    i32::try_from(channel.settings.auto_resolve_days).unwrap_or(i32::MAX)
}

/// Bounded by the domain, too.
fn hours(channel: &Channel) -> Option<i32> {
    channel.settings.reopen_window_hours.map(|hours| i32::try_from(hours).unwrap_or(i32::MAX))
}

/// Without its entries.
fn read(row: channel::Model) -> Result<Channel, Fault> {
    Ok(Channel {
        id: ChannelId::from_uuid(row.channel_id),
        organization: OrganizationId::from_uuid(row.organization_id),
        application: ApplicationId::from_uuid(row.application_id),
        network: Network::named(&row.network).ok_or_else(|| unreadable("network"))?,
        account_id: row.account_id,
        handle: row.handle,
        display_name: row.display_name,
        simulated: row.simulated,
        connected_at: row.connected_at,
        version: row.version,
        capabilities: Capabilities {
            tier: row.tier,
            scopes: row.scopes.into_iter().collect(),
            api_base: row.api_base,
        },
        settings: Settings {
            restricted: row.restricted,
            access: BTreeMap::new(),
            auto_resolve_days: u32::try_from(row.auto_resolve_days)
                .map_err(|_| unreadable("auto_resolve_days"))?,
            reopen_window_hours: row
                .reopen_window_hours
                .map(|hours| u32::try_from(hours).map_err(|_| unreadable("reopen_window_hours")))
                .transpose()?,
        },
        health: Health {
            connected: match row.health.as_str() {
                "" => None,
                CONNECTED => Some(true),
                _ => Some(false),
            },
            checked_at: row.health_checked_at,
        },
    })
}
