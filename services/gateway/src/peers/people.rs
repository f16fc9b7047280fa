//! The names of members, kept in memory: rows and messages bear them.
//!
//! A name is decoration: while the directory is away, what is known is shown, and an unknown name
//! is empty. Nothing waits for it longer than one call takes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use kit_values::OrganizationId;

use super::Directory;
use crate::wire::names::Names;

/// How long names stand that no event has changed.
const FRESH: Duration = Duration::from_mins(5);
/// How soon the directory is asked again about somebody whom it did not know, or after it could
/// not be asked.
const AGAIN: Duration = Duration::from_secs(2);

#[derive(Default)]
struct Known {
    names: Arc<Names>,
    /// When the directory was last asked, and whether it answered.
    asked: Option<(Instant, bool)>,
    /// Grows whenever a member has changed.
    changes: u64,
    /// Of the names that are held; none when they are stale.
    held: Option<u64>,
    /// One question at a time.
    turn: Arc<tokio::sync::Mutex<()>>,
}

/// The names of everybody.
#[derive(Clone)]
pub struct People {
    directory: Directory,
    known: Arc<Mutex<HashMap<OrganizationId, Known>>>,
}

impl People {
    /// As this directory has them.
    #[must_use]
    pub fn new(directory: Directory) -> Self {
        Self { directory, known: Arc::default() }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<OrganizationId, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A member of this organization has changed.
    pub fn changed(&self, organization: OrganizationId) {
        if let Some(known) = self.lock().get_mut(&organization) {
            known.changes += 1;
        }
    }

    /// The names of these members and of whoever else is known.
    pub async fn names(&self, organization: OrganizationId, mut members: Vec<&str>) -> Arc<Names> {
        members.retain(|id| !id.is_empty());
        members.sort_unstable();
        members.dedup();
        if members.is_empty() {
            return Arc::default();
        }
        let turn = match self.held(organization, &members) {
            Ok(names) => return names,
            Err(turn) => turn,
        };
        let _turn = turn.lock().await;
        if let Ok(names) = self.held(organization, &members) {
            return names;
        }
        let before = self.lock().entry(organization).or_default().changes;
        let answer = self.directory.members(organization).await;
        let mut known = self.lock();
        let known = known.entry(organization).or_default();
        known.asked = Some((Instant::now(), answer.is_ok()));
        match answer {
            Ok(names) => {
                known.names = Arc::new(names);
                known.held = Some(before);
            }
            Err(fault) => {
                tracing::info!(%organization, %fault, "the names of members cannot be had yet");
            }
        }
        Arc::clone(&known.names)
    }

    /// What is known, if it will do; else whose turn it is to ask.
    fn held(
        &self,
        organization: OrganizationId,
        members: &[&str],
    ) -> Result<Arc<Names>, Arc<tokio::sync::Mutex<()>>> {
        let mut known = self.lock();
        let known = known.entry(organization).or_default();
        let will_do = known.asked.is_some_and(|(at, answered)| {
            let age = at.elapsed();
            let complete = || members.iter().all(|member| known.names.knows(member));
            let stands = answered && known.held == Some(known.changes) && age < FRESH;
            (stands && (complete() || age < AGAIN)) || (!answered && age < AGAIN)
        });
        if will_do { Ok(Arc::clone(&known.names)) } else { Err(Arc::clone(&known.turn)) }
    }
}
