//! Notes: internal remarks on a conversation, or tied to one of its messages.
//!
//! Deliberately absent: storage of earlier texts, which are appended with every change.

use time::{Duration, OffsetDateTime};

use super::access::Level;
use super::words::{ConversationId, MemberId, MessageId, NoteId};

/// Longest text, in characters.
pub const LONGEST: usize = 10_000;

/// How long a deleted note can be restored.
pub const RESTORABLE: Duration = Duration::days(30);

/// One note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Which.
    pub id: NoteId,
    /// Where it stands.
    pub conversation: ConversationId,
    /// The message that it is tied to.
    pub message: Option<MessageId>,
    /// Who wrote it.
    pub author: MemberId,
    /// What it says; nothing once it cannot be restored any more.
    pub text: String,
    /// When it was written.
    pub created_at: OffsetDateTime,
    /// When it was last changed.
    pub edited_at: Option<OffsetDateTime>,
    /// When it was deleted, if it is.
    pub deleted_at: Option<OffsetDateTime>,
    /// Grows by one with every change, from 1.
    pub rev: i64,
}

/// One text of a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// The text.
    pub text: String,
    /// When it was written.
    pub at: OffsetDateTime,
    /// Who wrote it.
    pub member: MemberId,
}

/// What is asked of a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// It shall say this instead.
    Change {
        /// What.
        text: String,
        /// The rev that the member's screen held.
        rev: i64,
    },
    /// It shall go.
    Delete,
    /// It shall come back.
    Restore,
}

/// What happened to a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remark {
    /// It was written.
    Written,
    /// It says something else.
    Changed,
    /// It was deleted.
    Deleted,
    /// It came back.
    Restored,
}

impl Remark {
    /// Its stable word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Written => "written",
            Self::Changed => "changed",
            Self::Deleted => "deleted",
            Self::Restored => "restored",
        }
    }

    /// By its word.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        let all = [Self::Written, Self::Changed, Self::Deleted, Self::Restored];
        all.into_iter().find(|remark| remark.name() == word)
    }
}

/// Why a note stays as it is though the wish was understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It is somebody else's, and the member does not supervise its channel.
    NotYours,
    /// It has been changed since.
    Changed,
    /// It is deleted.
    Deleted,
    /// It was deleted too long ago.
    Gone,
}

impl Note {
    /// Whether a member who may do `level` in its conversation may change it.
    #[must_use]
    pub fn is_changed_by(&self, member: MemberId, level: Level) -> bool {
        level >= Level::Supervisor || (level >= Level::Viewer && self.author == member)
    }

    /// The note after what is asked, and what happened; nothing when it stands so already.
    ///
    /// # Errors
    /// The rule that stands against it.
    pub fn decide(
        &self,
        asked: &Asked,
        member: MemberId,
        level: Level,
        now: OffsetDateTime,
    ) -> Result<Option<(Self, Remark)>, Refusal> {
        if !self.is_changed_by(member, level) {
            return Err(Refusal::NotYours);
        }
        let (mut after, rev) = (self.clone(), self.rev + 1);
        after.rev = rev;
        let remark = match (asked, self.deleted_at) {
            (Asked::Change { .. }, Some(_)) => return Err(Refusal::Deleted),
            // The same words again: a repetition, or two of one mind.
            (Asked::Change { text, .. }, None) if *text == self.text => return Ok(None),
            (Asked::Change { rev, .. }, None) if *rev != self.rev => {
                return Err(Refusal::Changed);
            }
            (Asked::Change { text, .. }, None) => {
                after.text.clone_from(text);
                after.edited_at = Some(now);
                Remark::Changed
            }
            (Asked::Delete, Some(_)) | (Asked::Restore, None) => return Ok(None),
            (Asked::Delete, None) => {
                after.deleted_at = Some(now);
                Remark::Deleted
            }
            (Asked::Restore, Some(at)) if now - at > RESTORABLE => return Err(Refusal::Gone),
            (Asked::Restore, Some(_)) => {
                after.deleted_at = None;
                Remark::Restored
            }
        };
        Ok(Some((after, remark)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn note() -> Note {
        Note {
            id: NoteId::from_uuid(uuid::Uuid::nil()),
            conversation: ConversationId::from_uuid(uuid::Uuid::nil()),
            message: None,
            author: member(0),
            text: "first".to_owned(),
            created_at: OffsetDateTime::UNIX_EPOCH,
            edited_at: None,
            deleted_at: None,
            rev: 1,
        }
    }

    fn member(number: u128) -> MemberId {
        MemberId::from_uuid(uuid::Uuid::from_u128(number))
    }

    fn asked() -> impl Strategy<Value = Asked> {
        prop_oneof![
            ("[ab]", 1_i64..4).prop_map(|(text, rev)| Asked::Change { text, rev }),
            Just(Asked::Delete),
            Just(Asked::Restore),
        ]
    }

    fn level() -> impl Strategy<Value = Level> {
        (0_i16..4).prop_map(Level::from_code)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        /// Whoever asks whatever in whichever order: only its author and supervisors change it,
        /// each change is one rev, no text is overwritten that the member had not seen, and asking
        /// the same thing twice changes nothing the second time.
        #[test]
        fn a_note_is_changed_by_those_who_may_and_who_saw_it(
            wishes in prop::collection::vec((asked(), 0_u128..2, level(), 0_i64..40), 1..12),
        ) {
            let mut stands = note();
            let mut now = stands.created_at;
            for (asked, who, level, days) in wishes {
                now += Duration::days(days);
                let member = member(who);
                let decided = stands.decide(&asked, member, level, now);
                let leads = level >= Level::Supervisor;
                let may = leads || (who == 0 && level >= Level::Viewer);
                prop_assert_eq!(decided == Err(Refusal::NotYours), !may);
                let Ok(Some((after, remark))) = decided else { continue };
                prop_assert_eq!(after.rev, stands.rev + 1);
                prop_assert_eq!(after.author, stands.author);
                match (&asked, remark) {
                    (Asked::Change { text, rev }, Remark::Changed) => {
                        prop_assert_eq!(*rev, stands.rev);
                        prop_assert!(stands.deleted_at.is_none() && &after.text == text);
                    }
                    (Asked::Delete, Remark::Deleted) => prop_assert!(after.deleted_at.is_some()),
                    (Asked::Restore, Remark::Restored) => {
                        prop_assert!(after.deleted_at.is_none());
                        prop_assert!(now - stands.deleted_at.expect("deleted") <= RESTORABLE);
                    }
                    other => prop_assert!(false, "{:?}", other),
                }
                prop_assert_eq!(after.decide(&asked, member, level, now), Ok(None));
                stands = after;
            }
        }
    }
}
