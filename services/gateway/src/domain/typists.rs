//! Who types where at this moment, by connection and by member: what routing is told, so that it
//! takes nothing away from under somebody's hands.
//!
//! Deliberately absent: who only looks (`viewers`), and any record.

use std::collections::{BTreeMap, BTreeSet};

use kit_values::OrganizationId;
use time::OffsetDateTime;
use uuid::Uuid;

use super::viewers::{HEARD, Looking};
use super::{ConversationId, MemberId};

#[derive(Debug, Clone, Copy)]
struct Typist {
    organization: OrganizationId,
    member: MemberId,
    conversation: ConversationId,
    until: OffsetDateTime,
}

/// Those who type, as far as this process has heard.
#[derive(Debug, Default)]
pub struct Typists(BTreeMap<Uuid, Typist>);

impl Typists {
    /// Takes note of one connection, for [`HEARD`].
    pub fn hear(&mut self, organization: OrganizationId, looking: &Looking, now: OffsetDateTime) {
        match looking.conversation {
            Some(conversation) if looking.typing => {
                let (member, until) = (looking.member, now + HEARD);
                let typist = Typist { organization, member, conversation, until };
                self.0.insert(looking.connection, typist);
            }
            _ => {
                self.0.remove(&looking.connection);
            }
        }
    }

    /// Forgets what was not repeated in time.
    pub fn forget(&mut self, now: OffsetDateTime) {
        self.0.retain(|_, typist| typist.until > now);
    }

    /// Where the member of a connection types.
    #[must_use]
    pub fn at(&self, connection: Uuid) -> Option<ConversationId> {
        self.0.get(&connection).map(|typist| typist.conversation)
    }

    /// Where a member types, by whichever connection.
    #[must_use]
    pub fn of(&self, organization: OrganizationId, member: MemberId) -> BTreeSet<ConversationId> {
        let theirs =
            |typist: &&Typist| (typist.organization, typist.member) == (organization, member);
        self.0.values().filter(theirs).map(|typist| typist.conversation).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_types_is_known_by_connection_and_member_until_they_stop_or_fall_silent() {
        let (ours, theirs) = (OrganizationId::mint(), OrganizationId::mint());
        let (lea, one, other) = (MemberId::mint(), ConversationId::mint(), ConversationId::mint());
        let tab = |number, conversation, typing| Looking {
            connection: Uuid::from_u128(number),
            member: lea,
            conversation,
            typing,
        };
        let (mut typists, now) = (Typists::default(), OffsetDateTime::UNIX_EPOCH);
        typists.hear(ours, &tab(1, Some(one), true), now);
        typists.hear(ours, &tab(2, Some(other), false), now);
        assert_eq!(typists.of(ours, lea), BTreeSet::from([one]));
        assert_eq!(typists.of(theirs, lea), BTreeSet::new());
        assert_eq!(
            (typists.at(Uuid::from_u128(1)), typists.at(Uuid::from_u128(2))),
            (Some(one), None)
        );
        typists.hear(ours, &tab(2, Some(other), true), now);
        assert_eq!(typists.of(ours, lea), BTreeSet::from([one, other]));
        // She goes on in one, leaves the other, and is not heard of any more.
        typists.hear(ours, &tab(1, Some(other), true), now);
        typists.hear(ours, &tab(2, None, true), now);
        assert_eq!(typists.of(ours, lea), BTreeSet::from([other]));
        typists.forget(now + HEARD / 2);
        assert_eq!(typists.of(ours, lea), BTreeSet::from([other]));
        typists.forget(now + HEARD);
        assert_eq!(typists.of(ours, lea), BTreeSet::new());
    }
}
