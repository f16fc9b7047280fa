//! Contacts, and what is known of them.

use std::collections::BTreeSet;

use kit_store::{Row as _, Transaction, array};
use kit_values::{Fault, OrganizationId};
use sea_orm::QueryResult;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::detail::unknown_code;
use super::load::{channels, read_identity_key};
use super::locks::read_overview;
use crate::domain::access::{Level, level};
use crate::domain::attribute::{Definition, Type};
use crate::domain::contact::{Definitions, Known, Source};
use crate::domain::item::{Author, Profile};
use crate::domain::member::Roles;
use crate::domain::view::Overview;
use crate::domain::words::{AttributeId, ChannelId, ContactId, ConversationId, MemberId};

/// A definition as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    id: Uuid,
    key: String,
    name: String,
    kind: String,
    choices: Vec<String>,
}

impl Kept {
    fn of(definition: &Definition) -> Self {
        let (kind, choices) = match &definition.kind {
            Type::Text => ("text", Vec::new()),
            Type::Number => ("number", Vec::new()),
            Type::Date => ("date", Vec::new()),
            Type::List(choices) => ("list", choices.clone()),
            Type::Boolean => ("boolean", Vec::new()),
            Type::Url => ("url", Vec::new()),
            Type::Email => ("email", Vec::new()),
            Type::Phone => ("phone", Vec::new()),
        };
        Self {
            id: definition.id.uuid(),
            key: definition.key.clone(),
            name: definition.name.clone(),
            kind: kind.to_owned(),
            choices,
        }
    }

    fn read(self) -> Result<Definition, Fault> {
        let kind = match self.kind.as_str() {
            "text" => Type::Text,
            "number" => Type::Number,
            "date" => Type::Date,
            "list" => Type::List(self.choices),
            "boolean" => Type::Boolean,
            "url" => Type::Url,
            "email" => Type::Email,
            "phone" => Type::Phone,
            _ => return Err(unknown_code("attribute type")),
        };
        let id = AttributeId::from_uuid(self.id);
        Ok(Definition { id, key: self.key, name: self.name, kind })
    }
}

/// Takes over what organizations want to know of their contacts.
pub async fn learn_definitions(
    transaction: &Transaction,
    told: &[Definitions],
) -> Result<(), Fault> {
    if told.is_empty() {
        return Ok(());
    }
    let kept = |one: &Definitions| {
        let kept: Vec<Kept> = one.definitions.iter().map(Kept::of).collect();
        serde_json::to_string(&kept).map_err(Fault::internal)
    };
    let definitions: Vec<String> = told.iter().map(kept).collect::<Result<_, _>>()?;
    transaction
        .run(
            include_str!("sql/learn_definitions.sql"),
            vec![
                array::uuids(told.iter().map(|one| one.organization.uuid())),
                array::bigints(told.iter().map(|one| one.version)),
                array::texts(definitions),
            ],
        )
        .await?;
    Ok(())
}

/// What an organization wants to know of its contacts.
pub async fn definitions(
    transaction: &Transaction,
    organization: OrganizationId,
) -> Result<Vec<Definition>, Fault> {
    let rows = transaction
        .rows(
            "SELECT definitions FROM attribute_list WHERE organization_id = $1",
            vec![organization.uuid().into()],
        )
        .await?;
    let Some(row) = rows.first() else { return Ok(Vec::new()) };
    let kept: Vec<Kept> =
        serde_json::from_value(row.get("definitions")?).map_err(Fault::internal)?;
    kept.into_iter().map(Kept::read).collect()
}

/// Who a contact is at the network; none when the organization has no such contact.
pub async fn author_of(
    transaction: &Transaction,
    organization: OrganizationId,
    contact: ContactId,
) -> Result<Option<Author>, Fault> {
    let values = vec![organization.uuid().into(), contact.uuid().into()];
    let rows = transaction.rows(include_str!("sql/contact.sql"), values).await?;
    rows.first()
        .map(|row| {
            Ok(Author {
                identity: read_identity_key(row)?,
                profile: Profile {
                    display_name: row.get("display_name")?,
                    handle: row.get("handle")?,
                    avatar_url: row.get("avatar_url")?,
                },
            })
        })
        .transpose()
}

/// What a member may do with what is known of a contact: as much as in the contact's
/// conversations.
pub async fn level_at_contact(
    transaction: &Transaction,
    organization: OrganizationId,
    contact: ContactId,
    member: MemberId,
) -> Result<Level, Fault> {
    let values = vec![organization.uuid().into(), contact.uuid().into(), member.uuid().into()];
    let rows = transaction.rows(include_str!("sql/contact_level.sql"), values).await?;
    let Some(row) = rows.first() else { return Ok(Level::Nothing) };
    let roles = row.get::<Option<i16>>("roles")?.map(Roles::from_code).unwrap_or_default();
    let door = row.get::<Option<i16>>("door")?.map(Level::from_code);
    Ok(level(roles, door.as_slice()))
}

/// A contact's conversations, newest first, each with its channels; signposts left out.
pub async fn conversations_of_contact(
    transaction: &Transaction,
    organization: OrganizationId,
    contact: ContactId,
    most: i64,
) -> Result<Vec<(ConversationId, BTreeSet<ChannelId>)>, Fault> {
    let rows = transaction
        .rows(
            "SELECT c.conversation_id, c.channel_ids FROM conversation AS c \
             WHERE c.organization_id = $1 AND c.contact_id = $2 AND c.absorbed_into IS NULL \
             ORDER BY c.opened_at DESC, c.conversation_id DESC LIMIT $3",
            vec![organization.uuid().into(), contact.uuid().into(), most.into()],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let id = ConversationId::from_uuid(row.get("conversation_id")?);
            Ok((id, channels(row.get("channel_ids")?)))
        })
        .collect()
}

/// How the newest conversation of a contact stands.
pub async fn overview_of_contact(
    transaction: &Transaction,
    organization: OrganizationId,
    contact: ContactId,
) -> Result<Option<Overview>, Fault> {
    let rows = transaction
        .rows(
            "SELECT c.* FROM conversation AS c \
             WHERE c.organization_id = $1 AND c.contact_id = $2 AND c.absorbed_into IS NULL \
             ORDER BY c.opened_at DESC, c.conversation_id DESC LIMIT 1",
            vec![organization.uuid().into(), contact.uuid().into()],
        )
        .await?;
    rows.first().map(read_overview).transpose()
}

/// Everything that is known of a contact.
pub async fn attributes_of(
    transaction: &Transaction,
    organization: OrganizationId,
    contact: ContactId,
) -> Result<Vec<Known>, Fault> {
    let rows = transaction
        .rows(
            "SELECT a.* FROM contact_attribute AS a \
             WHERE a.organization_id = $1 AND a.contact_id = $2",
            vec![organization.uuid().into(), contact.uuid().into()],
        )
        .await?;
    rows.iter().map(read_known).collect()
}

fn read_known(row: &QueryResult) -> Result<Known, Fault> {
    let by: Option<Uuid> = row.get("edited_by")?;
    Ok(Known {
        attribute: AttributeId::from_uuid(row.get("attribute_id")?),
        value: row.get("value")?,
        rev: row.get("rev")?,
        source: by.map_or(Source::Operator, |by| Source::Member(MemberId::from_uuid(by))),
        at: row.get("edited_at")?,
    })
}

/// Writes what is known of one attribute over the rev before; whether that was the one.
pub async fn write_attribute(
    transaction: &Transaction,
    organization: OrganizationId,
    contact: ContactId,
    known: &Known,
) -> Result<bool, Fault> {
    let values = vec![
        organization.uuid().into(),
        contact.uuid().into(),
        known.attribute.uuid().into(),
        known.value.clone().into(),
        known.rev.into(),
        known.source.code().into(),
        known.source.member().map(MemberId::uuid).into(),
        known.at.into(),
    ];
    let rows = transaction.rows(include_str!("sql/write_attribute.sql"), values).await?;
    Ok(!rows.is_empty())
}

/// The contact behind an identity, which comes to be if it is not known: one without a
/// conversation. The identity is locked.
pub async fn contact_of(
    transaction: &Transaction,
    author: &Author,
    spare: (ContactId, Uuid),
) -> Result<ContactId, Fault> {
    let (identity, profile) = (&author.identity, &author.profile);
    let values = vec![
        identity.organization.uuid().into(),
        identity.network.code().into(),
        identity.scope.clone().into(),
        identity.person.text().into(),
        spare.0.uuid().into(),
        spare.1.into(),
        profile.display_name.clone().into(),
        profile.handle.clone().into(),
        profile.avatar_url.clone().into(),
    ];
    let rows = transaction.rows(include_str!("sql/contact_of.sql"), values).await?;
    let row = rows.first().ok_or_else(|| Fault::internal("a contact came not to be"))?;
    Ok(ContactId::from_uuid(row.get("contact_id")?))
}
