//! An operator connects an account.

use kit_store::Transaction;
use kit_values::{Class, Fault};
use time::OffsetDateTime;

use super::announce::announce;
use crate::domain::ApplicationId;
use crate::domain::channel::{Channel, Connection, connect};
use crate::sealing::{Owner, Sealer};
use crate::store::{applications, channels, organizations};
use crate::wire::Fact;

/// Connects it; asked again for the same id and account, answers with what is connected already.
///
/// # Errors
/// Invalid or rejected as [`connect`] says; not found without such an organization or
/// application; rejected when the account is connected already, whoever's it is.
pub async fn connect_channel(
    tx: &Transaction,
    sealer: &Sealer,
    application: ApplicationId,
    connection: &Connection,
    now: OffsetDateTime,
) -> Result<Channel, Fault> {
    if organizations::find(tx, connection.organization).await?.is_none() {
        return Err(Fault::not_found("organization"));
    }
    let (application, _) = applications::find(tx, application)
        .await?
        .ok_or_else(|| Fault::not_found("application"))?;
    let channel = connect(&application, connection, now)?;
    if let Some(existing) = channels::find(tx, channel.organization, channel.id).await? {
        let same = existing.application == channel.application
            && existing.account_id == channel.account_id;
        return if same { Ok(existing) } else { Err(super::taken("a channel")) };
    }
    let token = connection.access_token.expose();
    let ciphertext = (!token.is_empty())
        .then(|| {
            let owner = Owner::Channel(channel.organization, channel.id);
            sealer.seal(owner, channel.version, token.as_bytes())
        })
        .transpose()?;
    if !channels::add(tx, &channel, ciphertext).await? {
        return Err(Fault::new(
            Class::Rejected,
            "account_connected",
            "This account is connected already.",
        ));
    }
    let fact = Fact::ChannelConnected(channel.clone());
    let (organization, network) = (Some(channel.organization), Some(channel.network));
    announce(tx, organization, network, channel.id.uuid(), &fact, now).await?;
    Ok(channel)
}
