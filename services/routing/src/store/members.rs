//! Members: what they chose, and what they own.

use std::collections::{BTreeMap, BTreeSet};

use kit_store::{Row as _, Transaction, array};
use kit_values::{Fault, OrganizationId};
use sea_orm::QueryResult;
use time::OffsetDateTime;
use uuid::Uuid;

use super::access::note_roles;
use super::capacity::lock_limits;
use super::unknown_code;
use crate::domain::access::Doors;
use crate::domain::agent::Agent;
use crate::domain::availability::Chosen;
use crate::domain::capacity::{Allowance, Limits};
use crate::domain::person::{Person, Roles};
use crate::domain::presence::Presence;
use crate::domain::words::{Availability, AwayStateId, MemberId};

/// A member as they are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staff {
    /// Whose.
    pub organization: OrganizationId,
    /// Who.
    pub member: MemberId,
    /// What they may do.
    pub roles: Roles,
    /// What they chose.
    pub chosen: Chosen,
    /// The newest sign-in that was noticed.
    pub signed_in_at: Option<OffsetDateTime>,
    /// When they chose last, also what already stood.
    pub chosen_at: Option<OffsetDateTime>,
    /// New conversations owned.
    pub load: u32,
    /// How much they may own.
    pub limits: Limits,
    /// Their capacity where it is not the team's.
    pub own_capacity: Option<u32>,
    /// When a conversation became theirs last.
    pub last_assigned_at: Option<OffsetDateTime>,
}

impl Staff {
    /// As the planner and the decisions see them; `doors` are their organization's.
    #[must_use]
    pub fn agent(&self, presence: Presence, doors: &Doors) -> Agent {
        Agent {
            member: self.member,
            availability: self.chosen.availability,
            availability_epoch: self.chosen.epoch,
            presence,
            access: doors.access(self.member, self.roles),
            load: self.load,
            capacity: self.limits.capacity,
            hard_limit: self.limits.hard_limit,
            last_assigned_at: self.last_assigned_at,
        }
    }
}

/// Loads members and locks them.
pub async fn load_members(
    transaction: &Transaction,
    keys: &BTreeSet<(OrganizationId, MemberId)>,
) -> Result<BTreeMap<(OrganizationId, MemberId), Staff>, Fault> {
    of_keys(transaction, include_str!("sql/load_members.sql"), keys).await
}

/// Loads and locks those whom nobody else is at; the others are left out.
pub async fn lock_free_members(
    transaction: &Transaction,
    keys: &BTreeSet<(OrganizationId, MemberId)>,
) -> Result<BTreeMap<(OrganizationId, MemberId), Staff>, Fault> {
    of_keys(transaction, include_str!("sql/lock_free_members.sql"), keys).await
}

async fn of_keys(
    transaction: &Transaction,
    sql: &'static str,
    keys: &BTreeSet<(OrganizationId, MemberId)>,
) -> Result<BTreeMap<(OrganizationId, MemberId), Staff>, Fault> {
    if keys.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows = transaction.rows(sql, columns(keys)).await?;
    rows.iter()
        .map(|row| {
            let member = read(row)?;
            Ok(((member.organization, member.member), member))
        })
        .collect()
}

/// One member, not locked.
pub async fn one_member(
    transaction: &Transaction,
    organization: OrganizationId,
    member: MemberId,
) -> Result<Option<Staff>, Fault> {
    let values = vec![organization.uuid().into(), member.uuid().into()];
    let rows = transaction.rows(include_str!("sql/one_member.sql"), values).await?;
    rows.first().map(read).transpose()
}

/// Everybody of an organization, not locked.
pub async fn members_of(
    transaction: &Transaction,
    organization: OrganizationId,
) -> Result<Vec<Staff>, Fault> {
    let values = vec![organization.uuid().into()];
    let rows = transaction.rows(include_str!("sql/members_of.sql"), values).await?;
    rows.iter().map(read).collect()
}

/// Makes rows for members of whom directory has not told yet, with the limits that stand: whoever
/// sets others at the same moment waits, or is waited for. Where both hold rows besides, the server
/// ends one of the two, which is tried again.
pub async fn ensure_members(
    transaction: &Transaction,
    keys: &BTreeSet<(OrganizationId, MemberId)>,
    capacity: Allowance,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    if keys.is_empty() {
        return Ok(());
    }
    lock_limits(transaction, keys.iter().map(|(organization, _)| *organization)).await?;
    let mut values = columns(keys);
    values.push(now.into());
    values.extend(defaults(capacity));
    transaction.run(include_str!("sql/ensure_members.sql"), values).await?;
    Ok(())
}

/// Keeps what directory says of its members.
pub async fn learn_people(
    transaction: &Transaction,
    people: &[Person],
    capacity: Allowance,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    // One row a member: the last word of those with the greatest version.
    let mut newest: BTreeMap<(OrganizationId, MemberId), Person> = BTreeMap::new();
    for person in people {
        let known = newest.entry((person.organization, person.member)).or_insert(*person);
        if (known.version, known.epoch) <= (person.version, person.epoch) {
            *known = *person;
        }
    }
    if newest.is_empty() {
        return Ok(());
    }
    let people: Vec<Person> = newest.values().copied().collect();
    note_roles(transaction, &people).await?;
    let mut values = vec![
        array::uuids(newest.keys().map(|(organization, _)| organization.uuid())),
        array::uuids(newest.keys().map(|(_, member)| member.uuid())),
        array::smallints(newest.values().map(|person| person.roles.code())),
        array::bigints(newest.values().map(|person| person.epoch)),
        now.into(),
    ];
    values.extend(defaults(capacity));
    values.push(array::bigints(newest.values().map(|person| person.version)));
    transaction.run(include_str!("sql/learn_people.sql"), values).await?;
    Ok(())
}

/// What happened now; a moment that is older than the known one changes nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Moments {
    /// The member signed in.
    pub signed_in_at: Option<OffsetDateTime>,
    /// The member chose.
    pub chosen_at: Option<OffsetDateTime>,
}

/// Keeps what a member chose; `hand_back` marks that what they own has to go back to the queue.
pub async fn save_choice(
    transaction: &Transaction,
    member: &Staff,
    chosen: &Chosen,
    moments: Moments,
    hand_back: bool,
) -> Result<(), Fault> {
    transaction
        .run(
            include_str!("sql/save_choice.sql"),
            vec![
                member.organization.uuid().into(),
                member.member.uuid().into(),
                chosen.availability.code().into(),
                chosen.away_state.map(AwayStateId::uuid).into(),
                chosen.since.into(),
                chosen.epoch.into(),
                chosen.default.map(Availability::code).into(),
                chosen.ever_chosen.into(),
                moments.signed_in_at.into(),
                hand_back.into(),
                moments.chosen_at.into(),
            ],
        )
        .await?;
    Ok(())
}

/// Everything that a member owned has gone back.
pub async fn handed_back(
    transaction: &Transaction,
    organization: OrganizationId,
    member: MemberId,
) -> Result<(), Fault> {
    let values = vec![organization.uuid().into(), member.uuid().into()];
    transaction.run(include_str!("sql/handed_back.sql"), values).await?;
    Ok(())
}

fn columns(keys: &BTreeSet<(OrganizationId, MemberId)>) -> Vec<sea_orm::Value> {
    vec![
        array::uuids(keys.iter().map(|(organization, _)| organization.uuid())),
        array::uuids(keys.iter().map(|(_, member)| member.uuid())),
    ]
}

fn read(row: &QueryResult) -> Result<Staff, Fault> {
    let availability =
        |code: i16| Availability::from_code(code).ok_or_else(|| unknown_code("availability"));
    let default: Option<i16> = row.get("default_availability")?;
    Ok(Staff {
        organization: OrganizationId::from_uuid(row.get("organization_id")?),
        member: MemberId::from_uuid(row.get("member_id")?),
        roles: Roles::from_code(row.get("roles")?),
        chosen: Chosen {
            availability: availability(row.get("availability")?)?,
            away_state: row.get::<Option<Uuid>>("away_state_id")?.map(AwayStateId::from_uuid),
            since: row.get("since")?,
            epoch: row.get("availability_epoch")?,
            default: default.map(availability).transpose()?,
            ever_chosen: row.get("ever_chosen")?,
        },
        signed_in_at: row.get("signed_in_at")?,
        chosen_at: row.get("chosen_at")?,
        load: count(row.get("load")?),
        limits: Limits {
            capacity: count(row.get("capacity")?),
            hard_limit: count(row.get("hard_limit")?),
        },
        own_capacity: row.get::<Option<i32>>("own_capacity")?.map(count),
        last_assigned_at: row.get("last_assigned_at")?,
    })
}

/// A constraint keeps it from being negative.
pub(super) fn count(number: i32) -> u32 {
    u32::try_from(number).unwrap_or_default()
}

/// What holds where an organization has said nothing.
pub(super) fn defaults(capacity: Allowance) -> [sea_orm::Value; 2] {
    [whole(capacity.capacity()).into(), capacity.hard_limit().map(whole).into()]
}

pub(super) fn whole(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
