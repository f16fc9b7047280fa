//! What others ask about organizations, members and channels.

use kit_store::{Scope, Store, Transaction};
use kit_values::{Fault, OrganizationId};

use crate::domain::MemberId;
use crate::domain::application::Application;
use crate::domain::channel::Channel;
use crate::domain::member::Member;
use crate::domain::organization::Organization;
use crate::store::{applications, channels, members, organizations};

/// A member of this organization.
///
/// # Errors
/// Not found, also for another organization's member.
pub async fn member(
    tx: &Transaction,
    organization: OrganizationId,
    id: MemberId,
) -> Result<Member, Fault> {
    let found = members::find(tx, organization, id).await?;
    found.map(|(member, _)| member).ok_or_else(|| Fault::not_found("member"))
}

/// This organization.
///
/// # Errors
/// Not found.
pub async fn organization(tx: &Transaction, id: OrganizationId) -> Result<Organization, Fault> {
    organizations::find(tx, id).await?.ok_or_else(|| Fault::not_found("organization"))
}

/// Every application and channel of the installation.
pub async fn routes(store: &Store) -> Result<(Vec<Application>, Vec<Channel>), Fault> {
    // Two transactions: which organizations to declare is known only after the first. An
    // account connected in between is told by its event.
    let organizations =
        store.transaction(&Scope::Unscoped, async |tx| channels::organizations(tx).await).await?;
    let scope = Scope::Organizations(organizations.clone());
    store
        .transaction(&scope, async |tx| {
            Ok((applications::all(tx).await?, channels::of(tx, organizations).await?))
        })
        .await
}
