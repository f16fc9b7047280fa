//! What became of a notification by one means: nothing goes back, and why not is kept.

use time::OffsetDateTime;

use super::Means;

/// How far it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// Not told this way.
    Not,
    /// It waits for its turn or its time.
    Queued,
    /// It left.
    Sent,
    /// A screen showed it.
    Shown,
    /// The member followed it.
    Opened,
}

impl Outcome {
    /// Its number, which is stored.
    #[must_use]
    pub const fn number(self) -> i16 {
        match self {
            Self::Not => 1,
            Self::Queued => 2,
            Self::Sent => 3,
            Self::Shown => 4,
            Self::Opened => 5,
        }
    }

    /// From its number.
    #[must_use]
    pub const fn from_number(number: i16) -> Option<Self> {
        Some(match number {
            1 => Self::Not,
            2 => Self::Queued,
            3 => Self::Sent,
            4 => Self::Shown,
            5 => Self::Opened,
            _ => return None,
        })
    }
}

/// What is known of one means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// By which means.
    pub means: Means,
    /// How far it came.
    pub outcome: Outcome,
    /// Why not; empty otherwise.
    pub reason: String,
    /// Since when.
    pub at: OffsetDateTime,
}

/// Whether `heard` replaces `known`: what was shown is not unshown by a late word, and whatever
/// was told before can still turn out not to have come.
#[must_use]
pub fn advance(known: Outcome, heard: Outcome) -> bool {
    match heard {
        Outcome::Not => known < Outcome::Shown,
        heard => known < heard,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn outcomes() -> impl Strategy<Value = Outcome> {
        (1..6_i16).prop_map(|number| Outcome::from_number(number).expect("one of five"))
    }

    proptest! {
        #[test]
        fn words_of_several_tabs_come_to_the_same_in_any_order(
            words in prop::collection::vec(outcomes(), 0..8), turn in any::<prop::sample::Index>()
        ) {
            let fold = |words: &[Outcome]| {
                words.iter().fold(Outcome::Sent, |known, word| {
                    if advance(known, *word) { *word } else { known }
                })
            };
            let mut turned = words.clone();
            if !turned.is_empty() {
                let by = turn.index(turned.len());
                turned.rotate_left(by);
            }
            let (one, other) = (fold(&words), fold(&turned));
            let seen = one >= Outcome::Shown;
            prop_assert_eq!(seen, other >= Outcome::Shown);
            prop_assert!(!seen || one == other);
        }
    }
}
