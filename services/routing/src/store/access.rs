//! Who may answer on which account, as directory tells of it.

use std::collections::{BTreeMap, BTreeSet};

use kit_store::{Row as _, Transaction, array};
use kit_values::{Fault, OrganizationId};
use uuid::Uuid;

use super::conversations::channels;
use crate::domain::access::{Doors, Level, ToldChannel};
use crate::domain::person::{Person, Roles};
use crate::domain::words::{ChannelId, MemberId};

/// A list of a door, as it is read.
type List = Vec<(MemberId, Level)>;

/// Whoever asks whose doors let in whom.
#[derive(Debug, Clone, Copy)]
pub enum Whose<'a> {
    /// Everybody.
    Everybody,
    /// These alone.
    Of(&'a BTreeSet<(OrganizationId, MemberId)>),
}

/// Keeps what directory says of channels; gives the organizations where it was news.
pub async fn learn_channels(
    transaction: &Transaction,
    told: &[ToldChannel],
) -> Result<BTreeSet<OrganizationId>, Fault> {
    if told.is_empty() {
        return Ok(BTreeSet::new());
    }
    let literal = |parts: Vec<String>| format!("{{{}}}", parts.join(","));
    let values =
        vec![
            array::uuids(told.iter().map(|one| one.organization.uuid())),
            array::uuids(told.iter().map(|one| one.channel.uuid())),
            array::bigints(told.iter().map(|one| one.version)),
            array::booleans(told.iter().map(|one| one.restricted)),
            // An array of arrays of different lengths does not exist; the literal of one does.
            array::texts(told.iter().map(|one| {
                literal(one.list.keys().map(|member| member.uuid().to_string()).collect())
            })),
            array::texts(told.iter().map(|one| {
                literal(one.list.values().map(|level| level.code().to_string()).collect())
            })),
        ];
    let rows = transaction.rows(include_str!("sql/learn_channels.sql"), values).await?;
    rows.iter().map(|row| Ok(OrganizationId::from_uuid(row.get("organization_id")?))).collect()
}

/// Notes that access may be lost where the roles of these people change; before they are kept.
pub async fn note_roles(transaction: &Transaction, people: &[Person]) -> Result<(), Fault> {
    let values = vec![
        array::uuids(people.iter().map(|person| person.organization.uuid())),
        array::uuids(people.iter().map(|person| person.member.uuid())),
        array::smallints(people.iter().map(|person| person.roles.code())),
    ];
    transaction.run(include_str!("sql/note_roles.sql"), values).await?;
    Ok(())
}

/// The doors of organizations; one that is not there has none.
pub async fn doors(
    transaction: &Transaction,
    organizations: &BTreeSet<OrganizationId>,
    whose: Whose<'_>,
) -> Result<BTreeMap<OrganizationId, Doors>, Fault> {
    let members: Vec<Uuid> = match whose {
        Whose::Everybody => Vec::new(),
        Whose::Of(members) => members.iter().map(|(_, member)| member.uuid()).collect(),
    };
    let values = vec![
        array::uuids(organizations.iter().map(|one| one.uuid())),
        array::uuids(members),
        matches!(whose, Whose::Everybody).into(),
    ];
    let rows = transaction.rows(include_str!("sql/doors.sql"), values).await?;
    let mut lists: BTreeMap<OrganizationId, Vec<(ChannelId, List)>> = BTreeMap::new();
    for row in &rows {
        let members: Vec<Uuid> = row.get("member_ids")?;
        let levels: Vec<i16> = row.get("levels")?;
        let list = members.into_iter().map(MemberId::from_uuid);
        let list = list.zip(levels.into_iter().map(Level::from_code)).collect();
        lists
            .entry(OrganizationId::from_uuid(row.get("organization_id")?))
            .or_default()
            .push((ChannelId::from_uuid(row.get("channel_id")?), list));
    }
    Ok(lists.into_iter().map(|(organization, lists)| (organization, Doors::new(lists))).collect())
}

/// The doors of one organization.
pub async fn doors_of(
    transaction: &Transaction,
    organization: OrganizationId,
    whose: Whose<'_>,
) -> Result<Doors, Fault> {
    let found = doors(transaction, &[organization].into(), whose).await?;
    Ok(found.into_values().next().unwrap_or_default())
}

/// Those of these organizations where somebody may have lost access a moment ago.
pub async fn access_changed(
    transaction: &Transaction,
    organizations: &[OrganizationId],
) -> Result<Vec<OrganizationId>, Fault> {
    let values = vec![array::uuids(organizations.iter().map(|one| one.uuid()))];
    let rows = transaction.rows(include_str!("sql/access_changed.sql"), values).await?;
    rows.iter().map(|row| Ok(OrganizationId::from_uuid(row.get("organization_id")?))).collect()
}

/// Forgets that access changed, once everything has been looked at that began before.
pub async fn access_settled(
    transaction: &Transaction,
    organization: OrganizationId,
) -> Result<(), Fault> {
    let values = vec![organization.uuid().into()];
    transaction.run(include_str!("sql/access_settled.sql"), values).await?;
    Ok(())
}

/// Who owns something New that they may not answer.
pub async fn owners_without_access(
    transaction: &Transaction,
    organization: OrganizationId,
) -> Result<BTreeSet<MemberId>, Fault> {
    let doors = doors_of(transaction, organization, Whose::Everybody).await?;
    let values = vec![organization.uuid().into()];
    let rows = transaction.rows(include_str!("sql/owned.sql"), values).await?;
    let mut found = BTreeSet::new();
    for row in &rows {
        let owner = MemberId::from_uuid(row.get("owner_member_id")?);
        let (roles, channels) =
            (Roles::from_code(row.get("roles")?), channels(row.get("channel_ids")?));
        if doors.level(owner, roles, &channels) < Level::Contributor {
            found.insert(owner);
        }
    }
    Ok(found)
}
