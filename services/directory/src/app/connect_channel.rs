//! An operator connects an account.

use kit_store::Transaction;
use kit_values::{Class, Fault};
use serde_json::json;
use time::OffsetDateTime;

use super::announce::announce;
use super::{Actor, audit};
use crate::domain::ApplicationId;
use crate::domain::channel::{Channel, Connection, connect, reconnect};
use crate::sealing::{Owner, Sealer};
use crate::store::{applications, channels, organizations};
use crate::wire::Fact;

/// Connects it; asked again for the same id and account, it is connected anew when the account
/// may do something else by now or another token is given: with the token that is given then, as
/// its next version.
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
    // Whoever sets something about it waits, or is waited for: what is kept is what they set.
    let existing = channels::find_to_change(tx, channel.organization, channel.id).await?;
    if let Some((existing, kept)) = existing {
        let same = existing.application == channel.application
            && existing.account_id == channel.account_id;
        if !same {
            return Err(super::taken("a channel"));
        }
        let has_token = is_known(sealer, &existing, kept.as_deref(), connection);
        if existing.capabilities == channel.capabilities && has_token {
            return Ok(existing);
        }
        let channel = reconnect(&existing, channel);
        channels::replace(tx, &channel, sealed(sealer, &channel, connection)?).await?;
        let fact = Fact::ChannelChanged(channel.clone());
        let (organization, network) = (Some(channel.organization), Some(channel.network));
        announce(tx, organization, network, channel.id.uuid(), &fact, now).await?;
        keep(tx, &channel, "channel.connected_anew", now).await?;
        return Ok(channel);
    }
    if !channels::add(tx, &channel, sealed(sealer, &channel, connection)?).await? {
        return Err(Fault::new(
            Class::Rejected,
            "account_connected",
            "This account is connected already.",
        ));
    }
    let fact = Fact::ChannelConnected(channel.clone());
    let (organization, network) = (Some(channel.organization), Some(channel.network));
    announce(tx, organization, network, channel.id.uuid(), &fact, now).await?;
    keep(tx, &channel, "channel.connected", now).await?;
    Ok(channel)
}

async fn keep(
    tx: &Transaction,
    channel: &Channel,
    act: &'static str,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    let network = channel.network.name();
    let detail = json!({ "display_name": channel.display_name, "network": network });
    let (actor, subject) = (Actor::operator(), channel.id.to_string());
    audit::keep(tx, &actor, channel.organization, act, subject, &detail, now).await
}

/// Whether the token that is given is the one that is kept, or none is given. One that does not
/// open any more is replaced.
fn is_known(
    sealer: &Sealer,
    existing: &Channel,
    kept: Option<&[u8]>,
    connection: &Connection,
) -> bool {
    let given = connection.access_token.expose();
    let owner = Owner::Channel(existing.organization, existing.id);
    let opened = kept.map(|kept| sealer.open(owner, existing.version, kept));
    given.is_empty() || matches!(opened, Some(Ok(kept)) if kept.equals(given))
}

/// The token, sealed for this version of its channel; none if none was given.
fn sealed(
    sealer: &Sealer,
    channel: &Channel,
    connection: &Connection,
) -> Result<Option<Vec<u8>>, Fault> {
    let token = connection.access_token.expose();
    let owner = Owner::Channel(channel.organization, channel.id);
    (!token.is_empty()).then(|| sealer.seal(owner, channel.version, token.as_bytes())).transpose()
}
