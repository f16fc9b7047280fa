//! Delivery asks for what a call in an account's name needs.

use kit_store::Transaction;
use kit_values::{Class, Fault, OrganizationId, Secret};

use super::create_application::open_secrets;
use crate::domain::ChannelId;
use crate::domain::channel::Channel;
use crate::sealing::{Owner, Sealer};
use crate::store::channels;

/// What a call in an account's name needs; secrets in plain text.
pub struct Opened {
    /// The account.
    pub channel: Channel,
    /// Its token.
    pub access_token: Secret<String>,
    /// The newest secret of its application.
    pub application_secret: Secret<String>,
}

/// Opens the channel's token and its application's secret.
///
/// # Errors
/// Not found without such a channel, also for another organization's; rejected while it has no
/// token.
pub async fn open_channel(
    tx: &Transaction,
    sealer: &Sealer,
    organization: OrganizationId,
    id: ChannelId,
) -> Result<Opened, Fault> {
    let (channel, ciphertext) = channels::find_with_token(tx, organization, id)
        .await?
        .ok_or_else(|| Fault::not_found("channel"))?;
    let ciphertext = ciphertext.ok_or_else(|| {
        Fault::new(
            Class::Rejected,
            "channel_without_token",
            "This account has no access token; connect it again.",
        )
    })?;
    let opened = sealer.open(Owner::Channel(organization, id), channel.version, &ciphertext)?;
    let access_token = String::from_utf8(opened.expose().clone())
        .map(Secret::new)
        .map_err(|_| Fault::internal("an opened token is not text"))?;
    let (secrets, _) = open_secrets(tx, sealer, channel.application, 0).await?;
    let application_secret = secrets.signing.into_iter().next().unwrap_or_default();
    Ok(Opened { channel, access_token, application_secret })
}
