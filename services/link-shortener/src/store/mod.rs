//! Tables `link`, `link_code` and `link_click`.

pub mod settings;

use std::collections::HashMap;

use kit_store::{OrFault as _, Row as _, Transaction, array, statement};
use kit_values::{Fault, OrganizationId};
use sea_orm::{ConnectionTrait as _, Value};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::domain::{Address, Code, ConversationId, Short};

/// A link that may have to be made.
#[derive(Debug, Clone)]
pub struct NewLink {
    /// Its id.
    pub id: Uuid,
    /// Its code.
    pub code: Code,
    /// Where it leads.
    pub address: Address,
    /// Its place in the reply.
    pub ordinal: i16,
    /// What another provider made of it; none: we lead people there.
    pub short_url: Option<String>,
}

/// Where a code leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Whose link it is.
    pub organization: OrganizationId,
    /// Which one.
    pub link: Uuid,
    /// The address.
    pub address: String,
    /// Somebody switched it off.
    pub disabled: bool,
}

/// Adds the links of a reply that are not there yet; the code of each place.
///
/// # Errors
/// Conflict when a code is taken.
pub async fn add(
    transaction: &Transaction,
    organization: OrganizationId,
    conversation: ConversationId,
    reply_key: &str,
    links: &[NewLink],
    now: OffsetDateTime,
) -> Result<HashMap<i16, Short>, Fault> {
    let values = vec![
        Value::from(organization.uuid()),
        Value::from(conversation.uuid()),
        Value::from(reply_key),
        Value::from(now),
        array::uuids(links.iter().map(|link| link.id)),
        array::texts(links.iter().map(|link| link.code.as_str().to_owned())),
        array::texts(links.iter().map(|link| link.address.as_str().to_owned())),
        array::smallints(links.iter().map(|link| link.ordinal)),
        array::nullable_texts(links.iter().map(|link| link.short_url.clone())),
    ];
    transaction.execute_raw(statement(include_str!("sql/add.sql"), values)).await.or_fault()?;
    // A statement of its own: it also sees what another transaction has added meanwhile.
    of_reply(transaction, organization, reply_key).await
}

/// The links of a reply, by their places.
pub async fn of_reply(
    transaction: &Transaction,
    organization: OrganizationId,
    reply_key: &str,
) -> Result<HashMap<i16, Short>, Fault> {
    let values = vec![Value::from(organization.uuid()), Value::from(reply_key)];
    let rows = transaction
        .query_all_raw(statement(include_str!("sql/of_reply.sql"), values))
        .await
        .or_fault()?;
    rows.iter()
        .map(|row| {
            let code: String = row.get("code")?;
            let short_url: Option<String> = row.get("short_url")?;
            let ours = || Code::parse(&code).ok_or_else(|| Fault::internal("a stored code"));
            let short =
                short_url.map_or_else(|| ours().map(Short::Ours), |it| Ok(Short::Theirs(it)));
            Ok((row.get("ordinal")?, short?))
        })
        .collect()
}

/// Where the code leads; needs no organization.
pub async fn find(transaction: &Transaction, code: &Code) -> Result<Option<Target>, Fault> {
    let values = vec![Value::from(code.as_str())];
    let row = transaction
        .query_one_raw(statement(include_str!("sql/find.sql"), values))
        .await
        .or_fault()?;
    row.map(|row| {
        Ok(Target {
            organization: OrganizationId::from_uuid(row.get("organization_id")?),
            link: row.get("link_id")?,
            address: row.get("address")?,
            disabled: row.get("disabled")?,
        })
    })
    .transpose()
}

/// Clicks of one link in one hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hour {
    /// Whose link.
    pub organization: OrganizationId,
    /// Which one.
    pub link: Uuid,
    /// When the hour began.
    pub began: OffsetDateTime,
    /// Bots' clicks, or people's.
    pub bot: bool,
}

/// Adds to the counts; the organizations must be the transaction's.
pub async fn count(transaction: &Transaction, clicks: &HashMap<Hour, i64>) -> Result<(), Fault> {
    let values = vec![
        array::uuids(clicks.keys().map(|hour| hour.organization.uuid())),
        array::uuids(clicks.keys().map(|hour| hour.link)),
        array::times(clicks.keys().map(|hour| hour.began)),
        array::booleans(clicks.keys().map(|hour| hour.bot)),
        array::bigints(clicks.values().copied()),
    ];
    transaction.execute_raw(statement(include_str!("sql/count.sql"), values)).await.or_fault()?;
    Ok(())
}
