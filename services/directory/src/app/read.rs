//! What others ask about organizations, members and channels.

use kit_store::{Scope, Store, Transaction};
use kit_values::{Fault, OrganizationId};
use uuid::Uuid;

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

/// Every member of this organization.
///
/// # Errors
/// Unavailable without the database.
pub async fn members(tx: &Transaction, id: OrganizationId) -> Result<Vec<Member>, Fault> {
    members::of(tx, [id]).await
}

/// Most organizations whose members one page of [`people`] holds: an organization is never cut.
const ORGANIZATIONS_A_PAGE: u16 = 50;

/// A page of [`people`].
#[derive(Debug)]
pub struct People {
    /// Members of whole organizations.
    pub members: Vec<Member>,
    /// Those organizations.
    pub organizations: Vec<Organization>,
    /// Where the next page begins; none when this was the last one.
    pub next: Option<OrganizationId>,
}

/// The organizations behind `after` and their members.
///
/// # Errors
/// Unavailable without the database.
pub async fn people(store: &Store, after: Option<OrganizationId>) -> Result<People, Fault> {
    let after = after.map_or(Uuid::nil(), OrganizationId::uuid);
    // Two transactions, for the reason given at [`routes`].
    let organizations = store
        .transaction(&Scope::Unscoped, async |tx| {
            members::organizations_after(tx, after, ORGANIZATIONS_A_PAGE).await
        })
        .await?;
    let is_last = organizations.len() < usize::from(ORGANIZATIONS_A_PAGE);
    let next = organizations.last().copied().filter(|_| !is_last);
    let scope = Scope::Organizations(organizations.iter().copied().collect());
    store
        .transaction(&scope, async |tx| {
            let members = members::of(tx, organizations.iter().copied()).await?;
            let organizations = organizations::of(tx, organizations.iter().copied()).await?;
            Ok(People { members, organizations, next })
        })
        .await
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
