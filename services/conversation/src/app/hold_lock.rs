//! The reply lock: taken, renewed, taken over, given back.

use kit_store::Transaction;
use kit_values::Fault;

use super::follow_up::announce;
use super::rejected::no;
use super::table::{self, Deciding};
use super::whose::lock_whose;
use crate::domain::lock::{Claim, Lock, Outcome};
use crate::domain::words::ConversationId;
use crate::store::{self, Seat};
use crate::wire::Told;

/// Who holds the lock after a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    /// The lock.
    pub lock: Lock,
    /// The claim was granted.
    pub granted: bool,
}

/// Takes, renews or takes over the lock.
///
/// # Errors
/// Rejected when the member may not displace its holder; `NotFound`.
pub async fn acquire_lock(
    transaction: &Transaction,
    who: &Deciding,
    conversation: ConversationId,
    session: &str,
    take_over: bool,
) -> Result<Claimed, Fault> {
    let organization = who.organization;
    let renewed =
        store::renew_lock(transaction, organization, conversation, who.member, session).await?;
    if let Some(lock) = renewed {
        // Whoever lost their access lets go of it.
        table::seat(transaction, who, conversation).await?;
        return Ok(Claimed { lock, granted: true });
    }
    let seat = lay(transaction, who, conversation).await?;
    let claim = Claim {
        member: who.member,
        session: session.to_owned(),
        take_over,
        level: seat.level,
        owns: seat.owner == Some(who.member),
    };
    match seat.lock.claimed(&claim, seat.moment) {
        // Its own had expired, and somebody may have been told so: they are told again.
        Outcome::Renewed(lock) | Outcome::Taken(lock) => {
            write(transaction, who, conversation, &lock).await?;
            Ok(Claimed { lock, granted: true })
        }
        Outcome::Held => Ok(Claimed { lock: seat.lock, granted: false }),
        Outcome::NotAllowed => Err(no(
            "lock_held",
            "Somebody else is answering, and only a supervisor or the owner may take over.",
        )),
    }
}

/// Gives the lock back. One that is somebody else's by now stays theirs.
///
/// # Errors
/// `NotFound` when the organization has no such conversation.
pub async fn release_lock(
    transaction: &Transaction,
    who: &Deciding,
    conversation: ConversationId,
    session: &str,
    fence: i64,
) -> Result<(), Fault> {
    let seat = lay(transaction, who, conversation).await?;
    let own = seat.lock.fence == fence
        && seat
            .lock
            .holder
            .as_ref()
            .is_some_and(|held| held.member == who.member && held.session == session);
    if own {
        write(transaction, who, conversation, &Lock { holder: None, fence }).await?;
    }
    Ok(())
}

async fn lay(
    transaction: &Transaction,
    who: &Deciding,
    conversation: ConversationId,
) -> Result<Seat, Fault> {
    lock_whose(transaction, &[(who.organization, conversation)], &[]).await?;
    let seat = table::seat(transaction, who, conversation).await?;
    if seat.absorbed {
        return Err(no("goes_on_elsewhere", "The conversation became part of an earlier one."));
    }
    Ok(seat)
}

async fn write(
    transaction: &Transaction,
    who: &Deciding,
    conversation: ConversationId,
    lock: &Lock,
) -> Result<(), Fault> {
    let stands = store::write_lock(transaction, who.organization, conversation, lock).await?;
    let changed = [((who.organization, stands), who.trail.clone())];
    announce(transaction, Told::Lock(lock), &changed, who.now).await
}
