//! What operators do with what a service parked: list it, look at it, hand it to its reader again.
//!
//! Whoever asks for one organization (`of`) sees only what is that one's; whoever asks for none
//! sees the installation's. An id of anybody else's is as unknown as one that never was.
//!
//! Deliberately absent: who is an operator, and the messages of the calls, which are each
//! service's own.

use kit_store::parked::{self, Filter, Parked};
use kit_store::{Scope, Store, Transaction};
use kit_values::{Fault, OrganizationId};
use uuid::Uuid;

/// Parked ones of a page when the caller does not say, and at most.
const PAGE: i64 = 100;

/// Parked ones replayed in one call.
const MOST_REPLAYED: usize = 200;

/// What became of one that was to be replayed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replayed {
    /// As it was asked for.
    pub id: String,
    /// Stable code of why not.
    pub outcome: Result<(), String>,
}

/// A page of what is parked and was not replayed, oldest first; `after` is the id that the page
/// before ended with, empty for the first.
///
/// # Errors
/// `NotFound` when `after` is no such id.
pub async fn list(
    store: &Store,
    of: Option<OrganizationId>,
    after: &str,
    limit: i32,
) -> Result<Vec<Parked>, Fault> {
    let filter = Filter {
        organization: of,
        after: if after.is_empty() { None } else { Some(id(after)?) },
        limit: match i64::from(limit) {
            limit @ 1..=PAGE => limit,
            _ => PAGE,
        },
        ..Filter::default()
    };
    store
        .transaction(&Scope::Unscoped, async move |transaction| {
            parked::list(transaction, &filter).await
        })
        .await
}

/// One of them, with its bytes.
///
/// # Errors
/// `NotFound` when there is none, or when it is not for whoever asks.
pub async fn show(store: &Store, of: Option<OrganizationId>, asked: &str) -> Result<Parked, Fault> {
    let id = id(asked)?;
    store
        .transaction(&Scope::Unscoped, async move |transaction: &Transaction| {
            let found = parked::show(transaction, id).await?;
            found.filter(|found| of.is_none() || found.what.organization == of).ok_or_else(unknown)
        })
        .await
}

/// Hands each to `again`, which knows the readers of its service by their names
/// ([`crate::reader::replay`]). What fails stays parked, and holds up none of the others.
///
/// # Errors
/// Invalid for more than 200.
pub async fn replay<F>(
    store: &Store,
    of: Option<OrganizationId>,
    asked: Vec<String>,
    again: impl Fn(Parked) -> F + Send,
) -> Result<Vec<Replayed>, Fault>
where
    F: Future<Output = Result<(), Fault>> + Send,
{
    if asked.len() > MOST_REPLAYED {
        let sentence = "Replay at most 200 parked events at a time.";
        return Err(Fault::invalid("too_many_ids", "parked_ids", sentence));
    }
    let mut results = Vec::with_capacity(asked.len());
    for id in asked {
        let outcome = match show(store, of, &id).await {
            Ok(found) => again(found).await,
            Err(fault) => Err(fault),
        };
        results.push(Replayed { id, outcome: outcome.map_err(|fault| fault.code().to_owned()) });
    }
    tracing::info!(events = results.len(), "parked events were replayed");
    Ok(results)
}

fn id(text: &str) -> Result<Uuid, Fault> {
    Uuid::try_parse(text).map_err(|_| unknown())
}

fn unknown() -> Fault {
    Fault::not_found("parked event")
}
