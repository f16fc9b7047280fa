//! Table `session`.

use kit_store::{OrFault as _, Row as _, Transaction, array, statement};
use kit_values::{Fault, OrganizationId};
use sea_orm::{ConnectionTrait as _, Value};
use time::OffsetDateTime;

use crate::domain::MemberId;
use crate::domain::session::{IDLE, LIFETIME, Session, TOUCH};
use crate::edge::bearer::SessionDigest;

/// Adds a session.
pub async fn add(tx: &Transaction, digest: SessionDigest, session: &Session) -> Result<(), Fault> {
    let values = vec![
        bytes(digest),
        session.organization.uuid().into(),
        session.member.uuid().into(),
        session.epoch.into(),
        session.created_at.into(),
        session.seen_at.into(),
    ];
    run(tx, include_str!("sql/session_add.sql"), values).await
}

/// The session with this digest, good or over.
pub async fn find(tx: &Transaction, digest: SessionDigest) -> Result<Option<Session>, Fault> {
    let row = tx
        .query_one_raw(statement(include_str!("sql/session_find.sql"), vec![bytes(digest)]))
        .await
        .or_fault()?;
    row.map(|row| {
        Ok(Session {
            organization: OrganizationId::from_uuid(row.get("organization_id")?),
            member: MemberId::from_uuid(row.get("member_id")?),
            epoch: row.get("epoch")?,
            created_at: row.get("created_at")?,
            seen_at: row.get("seen_at")?,
        })
    })
    .transpose()
}

/// Which of these sessions are not over; their use is written down.
pub async fn alive(
    tx: &Transaction,
    digests: Vec<SessionDigest>,
    now: OffsetDateTime,
) -> Result<Vec<SessionDigest>, Fault> {
    let values = vec![
        array::bytes(digests.into_iter().map(Vec::from)),
        now.into(),
        (now - TOUCH).into(),
        (now - LIFETIME).into(),
    ];
    let rows = tx
        .query_all_raw(statement(include_str!("sql/session_alive.sql"), values))
        .await
        .or_fault()?;
    rows.iter()
        .map(|row| {
            let digest: Vec<u8> = row.get("session_digest")?;
            SessionDigest::try_from(digest)
                .map_err(|_| Fault::internal("a stored session digest has another length"))
        })
        .collect()
}

/// Writes down that the session was used.
pub async fn touch(
    tx: &Transaction,
    digest: SessionDigest,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    run(tx, include_str!("sql/session_touch.sql"), vec![bytes(digest), now.into()]).await
}

/// Ends a session; nothing happens to one that is over already.
pub async fn end(tx: &Transaction, digest: SessionDigest) -> Result<(), Fault> {
    run(tx, include_str!("sql/session_end.sql"), vec![bytes(digest)]).await
}

/// Ends every session of a member that is older than this epoch.
pub async fn void(
    tx: &Transaction,
    organization: OrganizationId,
    member: MemberId,
    before: i64,
) -> Result<(), Fault> {
    let values = vec![organization.uuid().into(), member.uuid().into(), before.into()];
    run(tx, include_str!("sql/session_void.sql"), values).await
}

/// Drops the sessions that are over.
pub async fn sweep(tx: &Transaction, now: OffsetDateTime) -> Result<(), Fault> {
    let values = vec![(now - IDLE).into(), (now - LIFETIME).into()];
    run(tx, include_str!("sql/session_sweep.sql"), values).await
}

async fn run(tx: &Transaction, sql: &'static str, values: Vec<Value>) -> Result<(), Fault> {
    tx.execute_raw(statement(sql, values)).await.or_fault()?;
    Ok(())
}

fn bytes(digest: SessionDigest) -> Value {
    Value::Bytes(Some(digest.to_vec()))
}
