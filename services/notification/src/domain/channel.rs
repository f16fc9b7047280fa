//! A connected account whose token its network refuses, and who hears of it.

use time::OffsetDateTime;

use super::{ChannelId, MemberId};

/// How an account stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Channel {
    /// Which one.
    pub id: ChannelId,
    /// Its shown name.
    pub name: String,
    /// The network refuses its token.
    pub unhealthy: bool,
    /// When that was seen; the newest word stands.
    pub checked_at: OffsetDateTime,
    /// Of words of one moment, the greatest version.
    pub version: i64,
}

/// A member, as directory knows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Who.
    pub id: MemberId,
    /// What they sign in with; where mails go, if it is an address.
    pub login: String,
    /// Shown name.
    pub name: String,
    /// Hears of accounts.
    pub is_admin: bool,
    /// May sign in.
    pub is_active: bool,
    /// The greatest stands.
    pub version: i64,
    /// Their sessions of a lower one are over.
    pub session_epoch: i64,
}

/// What a word about an account brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// It is older than what is known.
    Old,
    /// It stands as before.
    Same,
    /// Its token was taken, and is refused now.
    Lost,
    /// Its token was refused, and is taken now.
    Found,
}

/// Compares a word with what is known: when it was seen, its version, and whether the token was
/// refused.
#[must_use]
pub fn turn(known: Option<(OffsetDateTime, i64, bool)>, heard: &Channel) -> Turn {
    let was_unhealthy = match known {
        Some((at, version, _)) if (heard.checked_at, heard.version) <= (at, version) => {
            return Turn::Old;
        }
        Some((.., unhealthy)) => unhealthy,
        None => false,
    };
    match (was_unhealthy, heard.unhealthy) {
        (false, true) => Turn::Lost,
        (true, false) => Turn::Found,
        _ => Turn::Same,
    }
}

/// What several words about one account come to: that it was lost and found in between is told to
/// nobody, and what stands before and after stands once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Swing<T> {
    first: Turn,
    last: (Turn, T),
}

impl<T> Swing<T> {
    /// After a turn that came with this; loss and return take turns.
    #[must_use]
    pub fn after(before: Option<Self>, turn: Turn, with: T) -> Self {
        let first = before.map_or(turn, |swing| swing.first);
        Self { first, last: (turn, with) }
    }

    /// The turn that is left, and what it came with; none when it stands as it stood.
    #[must_use]
    pub fn net(self) -> Option<(Turn, T)> {
        (self.first == self.last.0).then_some(self.last)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn word(seconds: i64, version: i64, unhealthy: bool) -> Channel {
        let checked_at = OffsetDateTime::from_unix_timestamp(seconds).expect("a moment");
        let id = ChannelId::from_uuid(Uuid::nil());
        Channel { id, name: String::new(), unhealthy, checked_at, version }
    }

    proptest! {
        #[test]
        fn loss_and_return_take_turns_and_the_newest_word_stands(
            words in prop::collection::vec((0..6_i64, 0..4_i64, any::<bool>()), 1..20)
        ) {
            let (mut known, mut lost) = (None, false);
            for (seconds, version, unhealthy) in &words {
                let heard = word(*seconds, *version, *unhealthy);
                match turn(known, &heard) {
                    Turn::Old => continue,
                    Turn::Same => prop_assert_eq!(lost, heard.unhealthy),
                    Turn::Lost => {
                        prop_assert!(!lost);
                        lost = true;
                    }
                    Turn::Found => {
                        prop_assert!(lost);
                        lost = false;
                    }
                }
                known = Some((heard.checked_at, heard.version, heard.unhealthy));
            }
            let newest = words.iter().map(|(at, version, _)| (*at, *version)).max();
            let (at, version, _) = known.expect("a word was heard");
            prop_assert_eq!(newest, Some((at.unix_timestamp(), version)));
        }

        #[test]
        fn however_words_are_batched_a_loss_is_told_once_and_stands_while_it_lasts(
            words in prop::collection::vec((0..9_i64, 0..3_i64, any::<bool>()), 1..24),
            cuts in prop::collection::vec(any::<bool>(), 24)
        ) {
            let (mut known, mut stands, mut swing) = (None, false, None);
            for (place, (seconds, version, unhealthy)) in words.iter().enumerate() {
                let heard = word(*seconds, *version, *unhealthy);
                let turned = turn(known, &heard);
                if turned != Turn::Old {
                    known = Some((heard.checked_at, heard.version, heard.unhealthy));
                }
                if matches!(turned, Turn::Lost | Turn::Found) {
                    swing = Some(Swing::after(swing.take(), turned, heard.checked_at));
                }
                // The batch ends here.
                if cuts[place] || place + 1 == words.len() {
                    match swing.take().and_then(Swing::net) {
                        None => {}
                        Some((Turn::Lost, at)) => {
                            prop_assert!(!stands, "told twice");
                            prop_assert!(known.is_some_and(|(last, ..)| at <= last));
                            stands = true;
                        }
                        Some((turned, _)) => {
                            prop_assert_eq!(turned, Turn::Found);
                            prop_assert!(stands, "nothing is there to settle");
                            stands = false;
                        }
                    }
                    prop_assert_eq!(Some(stands), known.map(|(.., unhealthy)| unhealthy));
                }
            }
        }
    }
}
