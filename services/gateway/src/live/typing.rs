//! Who types where, as the task of the viewers hears it and others ask.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use kit_values::OrganizationId;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::domain::connections::Connection;
use crate::domain::typists::Typists;
use crate::domain::viewers::Looking;
use crate::domain::{ConversationId, MemberId};

/// Clones know the same.
#[derive(Debug, Clone, Default)]
pub struct Typing(Arc<Mutex<Typists>>);

impl Typing {
    /// Takes note of one connection.
    pub fn hear(&self, organization: OrganizationId, looking: &Looking, now: OffsetDateTime) {
        self.known().hear(organization, looking, now);
    }

    /// Forgets what was not repeated in time.
    pub fn forget(&self, now: OffsetDateTime) {
        self.known().forget(now);
    }

    /// Where the members of these connections type.
    #[must_use]
    pub fn among(&self, connections: &[Connection]) -> BTreeMap<Uuid, ConversationId> {
        let known = self.known();
        connections.iter().filter_map(|one| Some((one.id, known.at(one.id)?))).collect()
    }

    /// Where a member types, in whichever tab at whichever gateway.
    #[must_use]
    pub fn of(&self, organization: OrganizationId, member: MemberId) -> BTreeSet<ConversationId> {
        self.known().of(organization, member)
    }

    fn known(&self) -> MutexGuard<'_, Typists> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
