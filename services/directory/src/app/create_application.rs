//! An operator registers an application.

use kit_store::Transaction;
use kit_values::{Class, Fault};
use time::OffsetDateTime;

use super::announce::announce;
use crate::domain::application::{Application, Credentials, Registration, register};
use crate::sealing::{Owner, Sealer};
use crate::store::{applications, organizations};
use crate::wire::{self, Fact};

/// Registers it; asked again for the same id, answers with what is registered already, whose
/// secrets stay as they are.
///
/// # Errors
/// Invalid as [`register`] says; not found without such an organization; rejected when the id
/// belongs to another registration.
pub async fn create_application(
    tx: &Transaction,
    sealer: &Sealer,
    registration: &Registration,
    secrets: &Credentials,
    now: OffsetDateTime,
) -> Result<Application, Fault> {
    let application = register(registration, secrets)?;
    if let Some((existing, _)) = applications::find(tx, application.id).await? {
        let same = Application { version: application.version, ..existing.clone() } == application;
        return if same { Ok(existing) } else { Err(super::taken("an application")) };
    }
    if let Some(organization) = application.organization
        && organizations::find(tx, organization).await?.is_none()
    {
        return Err(Fault::not_found("organization"));
    }
    let owner = Owner::Application(application.organization, application.id);
    let ciphertext = sealer.seal(owner, application.version, &wire::secrets::encode(secrets)?)?;
    applications::add(tx, &application, ciphertext, now).await?;
    let fact = Fact::ApplicationChanged(application.clone());
    let (organization, network) = (application.organization, Some(application.network));
    announce(tx, organization, network, application.id.uuid(), &fact, now).await?;
    Ok(application)
}

/// The plaintext secrets of an application at one version, 0 for the present one.
///
/// # Errors
/// Not found without such an application or version: older versions are not kept.
pub async fn open_secrets(
    tx: &Transaction,
    sealer: &Sealer,
    id: crate::domain::ApplicationId,
    version: i64,
) -> Result<(Credentials, i64), Fault> {
    let (application, ciphertext) =
        applications::find(tx, id).await?.ok_or_else(|| Fault::not_found("application"))?;
    if version > application.version {
        return Err(Fault::new(
            Class::NotFound,
            "version_unknown",
            "This application has no such version yet.",
        ));
    }
    let owner = Owner::Application(application.organization, application.id);
    let plaintext = sealer.open(owner, application.version, &ciphertext)?;
    Ok((wire::secrets::decode(&plaintext)?, application.version))
}
