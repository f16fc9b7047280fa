//! Tables `member`, `organization`, `channel` and `preference`.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use kit_store::{Row as _, Transaction, array};
use kit_values::{Fault, OrganizationId};
use sea_orm::Value;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::domain::{Channel, ChannelId, Matrix, MemberId, Person, Reach};

/// What one member wants and can be reached by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wishes {
    /// By what they can be reached.
    pub reach: Reach,
    /// What they want.
    pub matrix: Matrix,
    /// Where mails go.
    pub login: String,
}

/// Whether a login is an address that mails can go to.
#[must_use]
pub fn is_address(login: &str) -> bool {
    login.split_once('@').is_some_and(|(name, domain)| !name.is_empty() && domain.contains('.'))
}

/// What these members want and can be reached by; one of whom nothing was heard has no address.
pub async fn wishes(
    transaction: &Transaction,
    members: &BTreeSet<(OrganizationId, MemberId)>,
) -> Result<HashMap<(OrganizationId, MemberId), Wishes>, Fault> {
    if members.is_empty() {
        return Ok(HashMap::new());
    }
    let values = vec![
        array::uuids(members.iter().map(|(organization, _)| organization.uuid())),
        array::uuids(members.iter().map(|(_, member)| member.uuid())),
    ];
    let rows = transaction.rows(include_str!("sql/reach.sql"), values).await?;
    rows.iter()
        .map(|row| {
            let organization = OrganizationId::from_uuid(row.get("organization_id")?);
            let login: Option<String> = row.get("login")?;
            let is_active: Option<bool> = row.get("is_active")?;
            let login = login.unwrap_or_default();
            let wishes = Wishes {
                reach: Reach {
                    away: row.get("away")?,
                    // Of whom nothing was heard yet may be signed in all the same.
                    has_subscription: is_active != Some(false) && row.get("has_subscription")?,
                    has_address: is_active.unwrap_or_default() && is_address(&login),
                },
                matrix: Matrix::from_bits(row.get("wanted")?, row.get("chosen")?),
                login,
            };
            Ok(((organization, MemberId::from_uuid(row.get("member_id")?)), wishes))
        })
        .collect()
}

/// The admins of these organizations.
pub async fn admins(
    transaction: &Transaction,
    organizations: &BTreeSet<OrganizationId>,
) -> Result<Vec<(OrganizationId, MemberId)>, Fault> {
    let values = vec![array::uuids(organizations.iter().map(|it| it.uuid()))];
    let rows = transaction.rows(include_str!("sql/admins.sql"), values).await?;
    rows.iter()
        .map(|row| {
            let organization = OrganizationId::from_uuid(row.get("organization_id")?);
            Ok((organization, MemberId::from_uuid(row.get("member_id")?)))
        })
        .collect()
}

/// Keeps who members are, by the greatest version, and forgets the browsers of their sessions
/// that are over.
pub async fn learn(
    transaction: &Transaction,
    heard: impl IntoIterator<Item = (OrganizationId, Person)>,
) -> Result<(), Fault> {
    let mut newest: BTreeMap<(OrganizationId, MemberId), Person> = BTreeMap::new();
    for (organization, person) in heard {
        let key = (organization, person.id);
        if newest.get(&key).is_none_or(|known| known.version <= person.version) {
            newest.insert(key, person);
        }
    }
    if newest.is_empty() {
        return Ok(());
    }
    let values = vec![
        array::uuids(newest.keys().map(|(organization, _)| organization.uuid())),
        array::uuids(newest.keys().map(|(_, member)| member.uuid())),
        array::texts(newest.values().map(|it| it.login.clone())),
        array::texts(newest.values().map(|it| it.name.clone())),
        array::booleans(newest.values().map(|it| it.is_admin)),
        array::booleans(newest.values().map(|it| it.is_active)),
        array::bigints(newest.values().map(|it| it.version)),
        array::bigints(newest.values().map(|it| it.session_epoch)),
    ];
    transaction.run(include_str!("sql/save_people.sql"), values).await?;
    let values = vec![
        array::uuids(newest.keys().map(|(organization, _)| organization.uuid())),
        array::uuids(newest.keys().map(|(_, member)| member.uuid())),
        array::bigints(newest.values().map(|it| it.session_epoch)),
    ];
    transaction.run(include_str!("sql/end_push_sessions.sql"), values).await?;
    Ok(())
}

/// Keeps in which language organizations' mails are written; the last word stands.
pub async fn save_languages(
    transaction: &Transaction,
    heard: &BTreeMap<OrganizationId, String>,
) -> Result<(), Fault> {
    if heard.is_empty() {
        return Ok(());
    }
    let values = vec![
        array::uuids(heard.keys().map(|organization| organization.uuid())),
        array::texts(heard.values().cloned()),
    ];
    transaction.run(include_str!("sql/save_language.sql"), values).await?;
    Ok(())
}

/// How accounts stood: when that was seen, their version, whether their token was refused.
pub type Standings = HashMap<(OrganizationId, ChannelId), (OffsetDateTime, i64, bool)>;

/// How these accounts stood.
pub async fn channels(
    transaction: &Transaction,
    about: &BTreeSet<(OrganizationId, ChannelId)>,
) -> Result<Standings, Fault> {
    let values = vec![
        array::uuids(about.iter().map(|(organization, _)| organization.uuid())),
        array::uuids(about.iter().map(|(_, channel)| channel.uuid())),
    ];
    let rows = transaction.rows(include_str!("sql/channels.sql"), values).await?;
    rows.iter()
        .map(|row| {
            let organization = OrganizationId::from_uuid(row.get("organization_id")?);
            let key = (organization, ChannelId::from_uuid(row.get("channel_id")?));
            Ok((key, (row.get("checked_at")?, row.get("version")?, row.get("unhealthy")?)))
        })
        .collect()
}

/// Keeps how accounts stand.
pub async fn save_channels(
    transaction: &Transaction,
    channels: &BTreeMap<(OrganizationId, ChannelId), Channel>,
) -> Result<(), Fault> {
    let values = vec![
        array::uuids(channels.keys().map(|(organization, _)| organization.uuid())),
        array::uuids(channels.keys().map(|(_, channel)| channel.uuid())),
        array::texts(channels.values().map(|it| it.name.clone())),
        array::booleans(channels.values().map(|it| it.unhealthy)),
        array::times(channels.values().map(|it| it.checked_at)),
        array::bigints(channels.values().map(|it| it.version)),
    ];
    transaction.run(include_str!("sql/save_channels.sql"), values).await?;
    Ok(())
}

/// What a member chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preference {
    /// The rows.
    pub matrix: Matrix,
    /// Of the sound, 0 to 100.
    pub volume: i16,
    /// 0 before they chose anything.
    pub rev: i64,
}

/// What a member chose, locked.
pub async fn preference(
    transaction: &Transaction,
    organization: OrganizationId,
    member: MemberId,
) -> Result<Preference, Fault> {
    let values = vec![organization.uuid().into(), member.uuid().into()];
    let rows = transaction.rows(include_str!("sql/preference.sql"), values).await?;
    let Some(row) = rows.first() else {
        return Ok(Preference { matrix: Matrix::default(), volume: 70, rev: 0 });
    };
    Ok(Preference {
        matrix: Matrix::from_bits(row.get("wanted")?, row.get("chosen")?),
        volume: row.get("volume")?,
        rev: row.get("rev")?,
    })
}

/// Keeps what a member chose.
pub async fn save_preference(
    transaction: &Transaction,
    organization: OrganizationId,
    member: MemberId,
    preference: Preference,
) -> Result<(), Fault> {
    let (wanted, chosen) = preference.matrix.bits();
    let values: Vec<Value> = vec![
        organization.uuid().into(),
        member.uuid().into(),
        wanted.into(),
        chosen.into(),
        preference.volume.into(),
        preference.rev.into(),
    ];
    transaction.run(include_str!("sql/save_preference.sql"), values).await?;
    Ok(())
}

/// Whom a mail goes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addressee {
    /// Their login.
    pub login: String,
    /// Their shown name.
    pub name: String,
    /// They may sign in.
    pub is_active: bool,
    /// `en` or `fr`.
    pub language: String,
    /// The account that it is about; empty when it is about none.
    pub channel: String,
}

/// Whom a mail goes to, and the account that it is about.
pub async fn addressee(
    transaction: &Transaction,
    organization: OrganizationId,
    member: MemberId,
    channel: Option<Uuid>,
) -> Result<Option<Addressee>, Fault> {
    let values = vec![organization.uuid().into(), member.uuid().into(), Value::from(channel)];
    let rows = transaction.rows(include_str!("sql/addressee.sql"), values).await?;
    rows.first()
        .map(|row| {
            Ok(Addressee {
                login: row.get("login")?,
                name: row.get("name")?,
                is_active: row.get("is_active")?,
                language: row.get("language")?,
                channel: row.get("channel")?,
            })
        })
        .transpose()
}
