//! Who looks at which conversation and who types there, as far as this process has heard within
//! the last seconds.
//!
//! Deliberately absent: any record. What is not repeated in time is forgotten.

use std::collections::{BTreeMap, BTreeSet};

use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{ConversationId, MemberId};

/// How long what was heard stands (`design.md` 3).
pub const HEARD: Duration = Duration::seconds(15);
/// How long somebody types after their browser last said so; it repeats itself every 3 s.
pub const TYPING: Duration = Duration::seconds(8);

/// What one connection looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Looking {
    /// Which connection.
    pub connection: Uuid,
    /// Whose.
    pub member: MemberId,
    /// What it has open; none: nothing, or it is gone.
    pub conversation: Option<ConversationId>,
    /// Whether its member types there.
    pub typing: bool,
}

/// Somebody who looks at a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Viewer {
    /// Who.
    pub member: MemberId,
    /// Whether they type.
    pub typing: bool,
}

#[derive(Debug, Clone, Copy)]
struct Seen {
    member: MemberId,
    typing: bool,
    until: OffsetDateTime,
}

/// The viewers of one organization.
#[derive(Debug, Default)]
pub struct Viewers {
    rooms: BTreeMap<ConversationId, BTreeMap<Uuid, Seen>>,
    places: BTreeMap<Uuid, ConversationId>,
}

impl Viewers {
    /// Takes note of one connection, for [`HEARD`]. Gives the conversations whose viewers are
    /// others than before.
    pub fn hear(&mut self, looking: &Looking, now: OffsetDateTime) -> BTreeSet<ConversationId> {
        let before = self.places.get(&looking.connection).copied();
        let mut touched: BTreeSet<ConversationId> =
            before.into_iter().chain(looking.conversation).collect();
        let shown: BTreeMap<_, _> = touched.iter().map(|of| (*of, self.of(*of))).collect();
        if before != looking.conversation
            && let Some(before) = before
        {
            self.leave(before, looking.connection);
        }
        if let Some(conversation) = looking.conversation {
            let seen = Seen { member: looking.member, typing: looking.typing, until: now + HEARD };
            self.rooms.entry(conversation).or_default().insert(looking.connection, seen);
            self.places.insert(looking.connection, conversation);
        }
        touched.retain(|of| shown.get(of) != Some(&self.of(*of)));
        touched
    }

    /// Forgets what was not repeated in time. Gives the conversations whose viewers are others
    /// than before.
    pub fn forget(&mut self, now: OffsetDateTime) -> BTreeSet<ConversationId> {
        let silent: Vec<(ConversationId, Uuid)> = self
            .rooms
            .iter()
            .flat_map(|(of, room)| {
                room.iter().map(move |(connection, seen)| (of, connection, seen))
            })
            .filter(|(_, _, seen)| seen.until <= now)
            .map(|(of, connection, _)| (*of, *connection))
            .collect();
        let mut touched: BTreeSet<ConversationId> = silent.iter().map(|(of, _)| *of).collect();
        let shown: BTreeMap<_, _> = touched.iter().map(|of| (*of, self.of(*of))).collect();
        for (of, connection) in silent {
            self.leave(of, connection);
        }
        touched.retain(|of| shown.get(of) != Some(&self.of(*of)));
        touched
    }

    /// Who looks at a conversation, each member once, in the order of their ids.
    #[must_use]
    pub fn of(&self, conversation: ConversationId) -> Vec<Viewer> {
        let mut viewers: BTreeMap<MemberId, bool> = BTreeMap::new();
        for seen in self.rooms.get(&conversation).into_iter().flat_map(BTreeMap::values) {
            *viewers.entry(seen.member).or_default() |= seen.typing;
        }
        viewers.into_iter().map(|(member, typing)| Viewer { member, typing }).collect()
    }

    /// The conversations that somebody looks at.
    pub fn conversations(&self) -> impl Iterator<Item = ConversationId> {
        self.rooms.keys().copied()
    }

    /// Whether nobody looks at anything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    fn leave(&mut self, conversation: ConversationId, connection: Uuid) {
        self.places.remove(&connection);
        if let Some(room) = self.rooms.get_mut(&conversation) {
            room.remove(&connection);
            if room.is_empty() {
                self.rooms.remove(&conversation);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const START: OffsetDateTime = OffsetDateTime::UNIX_EPOCH;

    fn looking(connection: u128, at: Option<u128>, typing: bool) -> Looking {
        Looking {
            connection: Uuid::from_u128(connection),
            // Two connections a member.
            member: MemberId::from_uuid(Uuid::from_u128(connection / 2)),
            conversation: at.map(|at| ConversationId::from_uuid(Uuid::from_u128(at))),
            typing,
        }
    }

    proptest! {
        /// Whatever is heard in whatever order: the viewers are those whose last word, not older
        /// than [`HEARD`], names the conversation; and every change of a list is told.
        #[test]
        fn the_viewers_are_what_was_said_last_and_every_change_is_told(
            steps in prop::collection::vec(
                (0_u128..6, prop::option::of(0_u128..3), any::<bool>(), 0_i64..6, any::<bool>()),
                1..80,
            ),
        ) {
            let mut viewers = Viewers::default();
            let mut last: BTreeMap<u128, (Looking, OffsetDateTime)> = BTreeMap::new();
            let mut told: BTreeMap<ConversationId, Vec<Viewer>> = BTreeMap::new();
            let mut now = START;
            for (connection, at, typing, pause, forget) in steps {
                now += Duration::seconds(pause);
                let mut changed = BTreeSet::new();
                // What is over is forgotten before anything else is said.
                if forget || pause > 0 {
                    changed.extend(viewers.forget(now));
                }
                let word = looking(connection, at, typing);
                changed.extend(viewers.hear(&word, now));
                last.insert(connection, (word, now));
                for of in changed {
                    told.insert(of, viewers.of(of));
                }
                for room in 0..3 {
                    let room = ConversationId::from_uuid(Uuid::from_u128(room));
                    let mut expected: BTreeMap<MemberId, bool> = BTreeMap::new();
                    for (word, at) in last.values() {
                        if word.conversation == Some(room) && now - *at < HEARD {
                            *expected.entry(word.member).or_default() |= word.typing;
                        }
                    }
                    let expected: Vec<Viewer> = expected
                        .into_iter()
                        .map(|(member, typing)| Viewer { member, typing })
                        .collect();
                    prop_assert_eq!(&viewers.of(room), &expected);
                    prop_assert_eq!(told.get(&room).cloned().unwrap_or_default(), expected);
                }
            }
            viewers.forget(now + HEARD);
            prop_assert!(viewers.is_empty());
        }
    }
}
