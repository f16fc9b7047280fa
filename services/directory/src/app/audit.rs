//! Who did what: kept in the transaction of the act, and read by administrators.
//!
//! A page is checked when it is read, which costs a page. All of a chain is checked beside, some
//! entries at a time, by every process for itself ([`Chains`]).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use kit_store::audit::{Step, Walk};
use kit_store::{Store, Transaction, audit};
use kit_values::{Fault, OrganizationId};
use serde_json::Value;
use time::{Duration, OffsetDateTime};

use super::Actor;
use crate::domain::MemberId;

pub use kit_store::audit::{Entry as Kept, Page, page};

/// Entries that are checked in one transaction.
const STEP: u32 = 1_000;
/// Steps in one organization before it is the next one's turn.
const STEPS: usize = 20;
/// How long what was checked is believed; then the chain is walked from its beginning.
const BELIEVED: Duration = Duration::days(1);

/// How far this process has checked the chain of each organization.
#[derive(Debug, Clone, Default)]
pub struct Chains(Arc<Mutex<HashMap<OrganizationId, Chain>>>);

#[derive(Debug, Clone)]
struct Chain {
    walk: Walk,
    began: OffsetDateTime,
    is_broken: bool,
}

impl Chains {
    /// Whether a break was found, wherever it is; it stays one until the process ends.
    #[must_use]
    pub fn is_broken(&self, organization: OrganizationId) -> bool {
        self.held().get(&organization).is_some_and(|chain| chain.is_broken)
    }

    /// Checks the next part of an organization's chain: what was added since the last time, and
    /// once a day all of it.
    ///
    /// # Errors
    /// Unavailable without the database.
    pub async fn check(
        &self,
        store: &Store,
        organization: OrganizationId,
        now: OffsetDateTime,
    ) -> Result<(), Fault> {
        let anew = || Chain { walk: Walk::default(), began: now, is_broken: false };
        let mut chain = self.held().get(&organization).cloned().unwrap_or_else(anew);
        for _ in 0..STEPS {
            if chain.is_broken {
                break;
            }
            let mut walk = chain.walk.clone();
            let (step, walk) = store
                .transaction(&organization.into(), async move |tx: &Transaction| {
                    let step = walk.step(tx, organization, STEP).await?;
                    Ok((step, walk))
                })
                .await?;
            chain.walk = walk;
            match step {
                Step::Whole => {}
                Step::Done if now - chain.began > BELIEVED => {
                    chain = anew();
                    break;
                }
                Step::Done => break,
                Step::Broken(number) => {
                    tracing::error!(%organization, number, "the audit chain is broken");
                    chain.is_broken = true;
                }
            }
        }
        self.held().insert(organization, chain);
        Ok(())
    }

    fn held(&self) -> MutexGuard<'_, HashMap<OrganizationId, Chain>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Keeps one act. `detail` is an object without secrets.
pub async fn keep(
    tx: &Transaction,
    actor: &Actor,
    organization: OrganizationId,
    act: &'static str,
    subject: String,
    detail: &Value,
    now: OffsetDateTime,
) -> Result<(), Fault> {
    let act = audit::Act {
        organization,
        at: now,
        member: actor.member.map(MemberId::uuid),
        service: actor.service.clone(),
        act,
        subject,
        detail: detail.to_string(),
    };
    audit::append(tx, &act).await.map(drop)
}

/// What a field was and is, where it changed.
pub fn difference(fields: &[(&str, Value, Value)]) -> Value {
    let changed = fields.iter().filter(|(_, before, after)| before != after);
    let object = changed.map(|(field, before, after)| {
        ((*field).to_owned(), serde_json::json!({ "from": before, "to": after }))
    });
    Value::Object(object.collect())
}
