//! Table `push_subscription`: browsers that take pushes.

use kit_store::{Row as _, Transaction};
use kit_values::{Fault, OrganizationId};
use sea_orm::Value;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::domain::MemberId;

/// Most browsers of one member; the oldest goes.
const MOST: i64 = 20;

/// The session that asked for pushes: they end with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asker {
    /// Whose.
    pub member: MemberId,
    /// Which one; not what its browser shows for it.
    pub session: String,
    /// Its member's epoch when it began; a greater one ended it.
    pub epoch: i64,
}

/// A browser that takes pushes (RFC 8291).
#[derive(Clone, PartialEq, Eq)]
pub struct Subscription {
    /// Where pushes for it go; whoever knows it can be reached through it.
    pub endpoint: String,
    /// Its public key, uncompressed.
    pub p256dh: Vec<u8>,
    /// The secret that it shares with us.
    pub auth: Vec<u8>,
}

/// Keeps a browser of the member, who has it alone from now on; unless their session is over.
pub async fn add(
    transaction: &Transaction,
    organization: OrganizationId,
    Asker { member, session, epoch }: &Asker,
    id: Uuid,
    subscription: &Subscription,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    let values = vec![
        organization.uuid().into(),
        id.into(),
        member.uuid().into(),
        subscription.endpoint.clone().into(),
        subscription.p256dh.clone().into(),
        subscription.auth.clone().into(),
        now.into(),
        session.clone().into(),
        (*epoch).into(),
    ];
    transaction.run(include_str!("sql/add_subscription.sql"), values).await?;
    let values = vec![organization.uuid().into(), member.uuid().into(), MOST.into()];
    transaction.run(include_str!("sql/trim_subscriptions.sql"), values).await?;
    Ok(())
}

/// Forgets a browser.
pub async fn remove(
    transaction: &Transaction,
    organization: OrganizationId,
    member: MemberId,
    endpoint: &str,
) -> Result<(), Fault> {
    let values: Vec<Value> =
        vec![organization.uuid().into(), member.uuid().into(), endpoint.into()];
    transaction.run(include_str!("sql/remove_subscription.sql"), values).await?;
    Ok(())
}

/// Forgets the browser of a session that ended.
pub async fn end_session(
    transaction: &Transaction,
    organization: OrganizationId,
    member: MemberId,
    session: &str,
) -> Result<(), Fault> {
    let values: Vec<Value> = vec![organization.uuid().into(), member.uuid().into(), session.into()];
    transaction.run(include_str!("sql/end_push_session.sql"), values).await?;
    Ok(())
}

/// The member's browsers.
pub async fn of_member(
    transaction: &Transaction,
    organization: OrganizationId,
    member: MemberId,
) -> Result<Vec<Subscription>, Fault> {
    let values = vec![organization.uuid().into(), member.uuid().into()];
    let rows = transaction.rows(include_str!("sql/subscriptions.sql"), values).await?;
    rows.iter()
        .map(|row| {
            Ok(Subscription {
                endpoint: row.get("endpoint")?,
                p256dh: row.get("p256dh")?,
                auth: row.get("auth")?,
            })
        })
        .collect()
}
