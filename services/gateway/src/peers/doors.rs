//! Who may see what, kept in memory: everything that is pushed goes by it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use kit_service::Caller;
use kit_values::{Fault, OrganizationId};

use super::Administration;
use crate::domain::access::Rights;

/// How long rights stand that no event has changed.
const FRESH: Duration = Duration::from_mins(1);

#[derive(Default)]
struct Known {
    rights: Option<Arc<Rights>>,
    /// When they were read, and after how many changes.
    read: Option<(Instant, u64)>,
    /// Grows whenever a member or an account has changed.
    changes: u64,
    /// One question at a time.
    turn: Arc<tokio::sync::Mutex<()>>,
}

/// What the members of every organization may see.
#[derive(Clone)]
pub struct Doors {
    administration: Administration,
    known: Arc<Mutex<HashMap<OrganizationId, Known>>>,
}

impl Doors {
    /// As this directory says.
    #[must_use]
    pub fn new(administration: Administration) -> Self {
        Self { administration, known: Arc::default() }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<OrganizationId, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A member or an account of this organization has changed.
    pub fn changed(&self, organization: OrganizationId) {
        if let Some(known) = self.lock().get_mut(&organization) {
            known.changes += 1;
        }
    }

    /// The rights of now: the same pointer as long as they are the same.
    ///
    /// # Errors
    /// As the directory, while nothing is known yet or what is known has changed: nothing is told
    /// by rights that may be gone.
    pub async fn rights(&self, organization: OrganizationId) -> Result<Arc<Rights>, Fault> {
        let turn = match self.held(organization, FRESH) {
            Ok(rights) => return Ok(rights),
            Err(turn) => turn,
        };
        let _turn = turn.lock().await;
        if let Ok(rights) = self.held(organization, FRESH) {
            return Ok(rights);
        }
        let before = self.lock().entry(organization).or_default().changes;
        let caller = Caller::for_organization(organization);
        let read = match self.administration.rights(&caller).await {
            Ok(read) => read,
            // Unchanged as far as anybody has heard: they stand until the directory is back.
            Err(fault) => return self.held(organization, Duration::MAX).map_err(|_| fault),
        };
        let mut known = self.lock();
        let known = known.entry(organization).or_default();
        known.read = Some((Instant::now(), before));
        let rights = match known.rights.take() {
            Some(same) if *same == read => same,
            _ => Arc::new(read),
        };
        known.rights = Some(Arc::clone(&rights));
        Ok(rights)
    }

    /// Whether these are still the rights of this organization, as far as anybody has heard.
    #[must_use]
    pub fn stand(&self, organization: OrganizationId, rights: &Arc<Rights>) -> bool {
        self.held(organization, Duration::MAX).is_ok_and(|held| Arc::ptr_eq(&held, rights))
    }

    /// What is known, if nothing has changed since; else whose turn it is to ask.
    fn held(
        &self,
        organization: OrganizationId,
        fresh: Duration,
    ) -> Result<Arc<Rights>, Arc<tokio::sync::Mutex<()>>> {
        let mut known = self.lock();
        let known = known.entry(organization).or_default();
        let stands = known
            .read
            .is_some_and(|(at, changes)| changes == known.changes && at.elapsed() < fresh);
        match &known.rights {
            Some(rights) if stands => Ok(Arc::clone(rights)),
            _ => Err(Arc::clone(&known.turn)),
        }
    }
}
