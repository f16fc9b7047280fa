//! The life of sessions.

use kit_store::{Scope, Store};
use kit_values::{Class, Fault, OrganizationId};

use crate::domain::MemberId;
use crate::domain::session::{Session, Standing};
use crate::edge::bearer::{SessionDigest, SessionToken};
use crate::store::sessions;

/// Begins a session, and ends the one that the browser had before: a token never survives a
/// sign-in.
pub async fn begin(
    store: &Store,
    session: &Session,
    previous: Option<SessionDigest>,
) -> Result<SessionToken, Fault> {
    let token = SessionToken::mint()?;
    store
        .transaction(&Scope::Unscoped, async |tx| {
            if let Some(previous) = previous {
                sessions::end(tx, previous).await?;
            }
            sessions::add(tx, token.digest(), session).await
        })
        .await?;
    Ok(token)
}

/// The session of a token.
///
/// # Errors
/// Unauthenticated when there is none or it is over.
pub async fn current(store: &Store, digest: SessionDigest) -> Result<Session, Fault> {
    store
        .transaction(&Scope::Unscoped, async |tx| {
            let session = sessions::find(tx, digest).await?.ok_or_else(not_signed_in)?;
            let now = kit_values::now();
            match session.standing(now) {
                Standing::Good => Ok(session),
                Standing::Stale => {
                    sessions::touch(tx, digest, now).await?;
                    Ok(session)
                }
                Standing::Over => Err(not_signed_in()),
            }
        })
        .await
}

/// Ends a session.
pub async fn end(store: &Store, digest: SessionDigest) -> Result<(), Fault> {
    store.transaction(&Scope::Unscoped, async |tx| sessions::end(tx, digest).await).await
}

/// The session goes on with another epoch, also when it has been ended for its former one.
pub async fn renew(store: &Store, digest: SessionDigest, session: &Session) -> Result<(), Fault> {
    store
        .transaction_retrying(&Scope::Unscoped, async |tx| {
            sessions::end(tx, digest).await?;
            sessions::add(tx, digest, session).await
        })
        .await
}

/// Ends every session of a member that is older than this epoch.
pub async fn void(
    store: &Store,
    organization: OrganizationId,
    member: MemberId,
    before: i64,
) -> Result<(), Fault> {
    store
        .transaction(&Scope::Unscoped, async |tx| {
            sessions::void(tx, organization, member, before).await
        })
        .await
}

/// Which of these sessions are not over.
pub async fn alive(
    store: &Store,
    digests: Vec<SessionDigest>,
) -> Result<Vec<SessionDigest>, Fault> {
    let now = kit_values::now();
    store.transaction(&Scope::Unscoped, async |tx| sessions::alive(tx, digests, now).await).await
}

/// Drops the sessions that are over.
pub async fn sweep(store: &Store) -> Result<(), Fault> {
    let now = kit_values::now();
    store.transaction(&Scope::Unscoped, async |tx| sessions::sweep(tx, now).await).await
}

/// Nobody is signed in.
#[must_use]
pub fn not_signed_in() -> Fault {
    Fault::new(Class::Unauthenticated, "not_signed_in", "Sign in first.")
}
