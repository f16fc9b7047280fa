//! Calls to networks as plain values: the request that a call becomes, and what its answer
//! means. One file a network behind these functions (`reference/networks.md` 1.3, 2 and 3.3).
//!
//! Nothing here connects anywhere. Deliberately absent: an HTTP client, storage of attempts and
//! budgets, waiting, and refreshing tokens, which are delivery's.

mod answer;
mod budget;
mod call;
mod headers;

use time::OffsetDateTime;

use crate::manifest::Action;
use crate::{Network, facebook, x};

pub use answer::{Answer, Class, Failure, Sent, Waiting};
pub(crate) use answer::{decoded, words};
pub use budget::{Allowance, Budget, Scope};
pub(crate) use call::encoded;
pub use call::{Account, Call, Reply, Request, Tag, Target};
pub use headers::Headers;

/// The call that sends `reply`.
///
/// # Errors
/// The failure to settle the reply with, when no call of the network can send it: its window
/// closed while it waited, or ids are missing or unusable.
pub fn plan(network: Network, reply: &Reply, now: OffsetDateTime) -> Result<Call, Failure> {
    match network {
        Network::X => x::outbound::plan(reply),
        Network::Facebook => facebook::outbound::plan(reply, now),
    }
}

/// The call that deletes one of the account's own messages, by its id at the network.
///
/// # Errors
/// The failure to settle the deletion with, where the network has no such call.
pub fn deletion(
    network: Network,
    kind: crate::MessageKind,
    external_id: &str,
) -> Result<Call, Failure> {
    match network {
        Network::X => x::outbound::deletion(kind, external_id),
        Network::Facebook => facebook::outbound::deletion(kind, external_id),
    }
}

/// The call that does `action` to the message `to`, or to its `author` where it is one of those
/// that are done to people.
///
/// # Errors
/// The failure to settle the action with, where the network has no such call, or ids are missing
/// or unusable.
pub fn action(
    network: Network,
    action: Action,
    to: &Target,
    author: &str,
) -> Result<Call, Failure> {
    match network {
        Network::X => x::actions::plan(action, to, author),
        Network::Facebook => facebook::actions::plan(action, to),
    }
}

/// The call that reads who wrote a message: by the `author`'s id where that is known, else by the
/// message's own.
///
/// # Errors
/// The failure that says why, when no call of the network can tell.
pub fn author(network: Network, of: &Target, author: &str) -> Result<Call, Failure> {
    match network {
        Network::X => x::people::plan(of, author),
        Network::Facebook => facebook::people::plan(of, author),
    }
}

/// The request that reads back whether an action that the network says it did was done, for those
/// where it is known to say so without doing it (`reference/networks.md` 9).
#[must_use]
pub fn confirmation(account: &Account, call: &Call) -> Option<Request> {
    match account.network {
        Network::X => None,
        Network::Facebook => facebook::actions::confirmation(account, call),
    }
}

/// What became of the action, by a complete answer to its [`confirmation`].
#[must_use]
pub fn confirmed(
    account: &Account,
    call: &Call,
    status: u16,
    headers: &Headers,
    body: &[u8],
    now: OffsetDateTime,
) -> Answer {
    match account.network {
        Network::X => Answer::Done,
        Network::Facebook => {
            facebook::actions::confirmed(account, call, status, headers, body, now)
        }
    }
}

/// The request that makes the call.
#[must_use]
pub fn request(account: &Account, call: &Call) -> Request {
    match account.network {
        Network::X => x::outbound::request(account, call),
        Network::Facebook => facebook::outbound::request(account, call),
    }
}

/// What a complete answer means. Never fails: an answer that makes no sense is
/// [`Answer::Unknown`] for a send, since the network may have done it.
#[must_use]
pub fn read(
    account: &Account,
    call: &Call,
    status: u16,
    headers: &Headers,
    body: &[u8],
    now: OffsetDateTime,
) -> Answer {
    match account.network {
        Network::X => x::outbound::read(account, call, status, headers, body, now),
        Network::Facebook => facebook::outbound::read(account, call, status, headers, body, now),
    }
}

/// What it means that no complete answer came. `bytes_left` says whether any byte of the request
/// may have reached the network: without one nothing can have happened there.
#[must_use]
pub fn lost(call: &Call, bytes_left: bool) -> Answer {
    if bytes_left && !call.is_idempotent() {
        return Answer::unknown(
            "answer_lost",
            "No answer came, so it may or may not have arrived.",
        );
    }
    Answer::Wait(Waiting {
        code: "network_unavailable",
        sentence: "The network cannot be reached.".to_owned(),
        scope: Scope::Account,
        until: None,
    })
}

/// What the answer's headers say is left, of whichever status. Several may bound one call.
#[must_use]
pub fn budgets(
    account: &Account,
    call: &Call,
    headers: &Headers,
    now: OffsetDateTime,
) -> Vec<Budget> {
    match account.network {
        Network::X => x::outbound::budgets(call, headers, now),
        Network::Facebook => facebook::outbound::budgets(account, headers, now),
    }
}

/// The budgets that can hold this call back, by the names of [`Budget`] and [`Allowance`].
#[must_use]
pub fn bounds(network: Network, call: &Call) -> &'static [(Scope, &'static str)] {
    match network {
        Network::X => x::outbound::bounds(call),
        Network::Facebook => facebook::outbound::bounds(call),
    }
}

/// What the network's documents allow for this call, to be counted by ourselves, because no
/// header tells it in time. Names agree with those of [`budgets`] where both speak of the same.
#[must_use]
pub fn allowances(network: Network, call: &Call) -> &'static [Allowance] {
    match network {
        Network::X => x::outbound::allowances(call),
        Network::Facebook => facebook::outbound::allowances(call),
    }
}
