//! Tables `channel` and `channel_account`.

use std::collections::BTreeSet;

use kit_store::{OrFault as _, Row as _, Transaction, array, statement};
use kit_values::{Fault, OrganizationId};
use sea_orm::ActiveValue::{Set, Unchanged};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait as _, EntityTrait as _, FromQueryResult as _};

use super::entities::{channel, channel_account};
use super::unreadable;
use crate::domain::channel::{Capabilities, Channel};
use crate::domain::{ApplicationId, ChannelId, Network};

/// The channel, if it exists and is the organization's.
pub async fn find(
    tx: &Transaction,
    organization: OrganizationId,
    id: ChannelId,
) -> Result<Option<Channel>, Fault> {
    let key = (organization.uuid(), id.uuid());
    let row = channel::Entity::find_by_id(key).one(tx).await.or_fault()?;
    row.map(read).transpose()
}

/// The channel and its sealed token, if it exists and is the organization's.
pub async fn find_with_token(
    tx: &Transaction,
    organization: OrganizationId,
    id: ChannelId,
) -> Result<Option<(Channel, Option<Vec<u8>>)>, Fault> {
    let key = (organization.uuid(), id.uuid());
    let row = channel::Entity::find_by_id(key).one(tx).await.or_fault()?;
    row.map(|mut row| {
        let token = row.access_token.take();
        Ok((read(row)?, token))
    })
    .transpose()
}

/// Every channel of these organizations, which must be the transaction's.
pub async fn of(
    tx: &Transaction,
    organizations: impl IntoIterator<Item = OrganizationId>,
) -> Result<Vec<Channel>, Fault> {
    let organizations = array::uuids(organizations.into_iter().map(OrganizationId::uuid));
    let rows = tx
        .query_all_raw(statement(include_str!("sql/channels_of.sql"), vec![organizations]))
        .await
        .or_fault()?;
    rows.iter().map(|row| read(channel::Model::from_query_result(row, "").or_fault()?)).collect()
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
        access_token: Set(access_token),
        version: Set(channel.version),
        tier: Set(channel.capabilities.tier.clone()),
        scopes: Set(channel.capabilities.scopes.iter().cloned().collect()),
        api_base: Set(channel.capabilities.api_base.clone()),
        ..Default::default()
    };
    channel::Entity::update(row).exec(tx).await.or_fault()?;
    Ok(())
}

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
    })
}
