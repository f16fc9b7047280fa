//! What becomes of an item: exactly one of five outcomes, whatever arrives.

use time::{Duration, OffsetDateTime};

/// X and the Facebook feed tell times in whole seconds.
const CLOCK_RESOLUTION: Duration = Duration::SECOND;

/// What could be read of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// A message, and whether the network says who wrote it.
    Message {
        /// The author is given.
        has_author: bool,
    },
    /// Anything else that concerns a message: an edit, an end, a reaction, a receipt.
    Statement,
    /// A kind that makes no message, with its stable code.
    Ignored(&'static str),
    /// Nothing, with a stable code that says why.
    Unreadable(&'static str),
}

/// What became of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Committed and handed on.
    Stored,
    /// The same statement was stored, or waits, already.
    Duplicate,
    /// It makes no message; the raw request keeps it.
    Ignored(&'static str),
    /// Kept until something becomes known.
    Waiting(Waiting),
    /// Kept with its reason.
    Parked(&'static str),
}

/// What an item waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waiting {
    /// That somebody connects the account.
    Account,
    /// Its author, for a minute.
    Author,
}

impl Waiting {
    /// Stable code.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Account => "account_not_connected",
            Self::Author => "author_missing",
        }
    }
}

impl Outcome {
    /// Stable code that says why; empty for stored and duplicate.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Stored | Self::Duplicate => "",
            Self::Ignored(reason) | Self::Parked(reason) => reason,
            Self::Waiting(waiting) => waiting.reason(),
        }
    }
}

/// Whether the outcome depends on whether the item's key is new: the item is then admitted by
/// its key, and [`decide`] told.
#[must_use]
pub const fn needs_key(reading: Reading, has_channel: bool) -> bool {
    has_channel && matches!(reading, Reading::Message { .. } | Reading::Statement)
}

/// The outcome. `has_channel`: the account is connected; `is_new`: the key was admitted just now,
/// or the item that was admitted for it waits for nothing but the author whom this one names; of no
/// meaning unless [`needs_key`].
///
/// What cannot be read is parked and what makes no message is ignored even when nobody owns the
/// account: connecting it would change nothing.
#[must_use]
pub const fn decide(reading: Reading, has_channel: bool, is_new: bool) -> Outcome {
    match reading {
        Reading::Unreadable(reason) => Outcome::Parked(reason),
        Reading::Ignored(reason) => Outcome::Ignored(reason),
        Reading::Message { .. } | Reading::Statement if !has_channel => {
            Outcome::Waiting(Waiting::Account)
        }
        Reading::Message { .. } | Reading::Statement if !is_new => Outcome::Duplicate,
        Reading::Message { has_author: false } => Outcome::Waiting(Waiting::Author),
        Reading::Message { has_author: true } | Reading::Statement => Outcome::Stored,
    }
}

/// Whether a message was written before its channel was connected: it then changes no state
/// (`product.md` 3). A moment within the networks' clock resolution counts as after.
#[must_use]
pub fn is_history(network_time: OffsetDateTime, connected_at: OffsetDateTime) -> bool {
    network_time + CLOCK_RESOLUTION < connected_at
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use super::*;

    fn any_reading() -> impl Strategy<Value = Reading> {
        prop_oneof![
            any::<bool>().prop_map(|has_author| Reading::Message { has_author }),
            Just(Reading::Statement),
            Just(Reading::Ignored("kind_without_message")),
            Just(Reading::Unreadable("truncated_json")),
        ]
    }

    /// An item by its key, its account and what it says; a key always says the same.
    fn any_item() -> impl Strategy<Value = (u8, bool, Reading)> {
        (0_u8..12, any_reading()).prop_map(|(key, reading)| (key, key % 3 != 0, reading))
    }

    fn outcomes(items: &[(u8, bool, Reading)], admitted: &mut BTreeSet<u8>) -> Vec<Outcome> {
        let decided = items.iter().map(|(key, has_channel, reading)| {
            let is_new = needs_key(*reading, *has_channel) && admitted.insert(*key);
            decide(*reading, *has_channel, is_new)
        });
        decided.collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1_000))]

        #[test]
        fn the_key_matters_only_where_it_is_asked_for(reading in any_reading(), has in any::<bool>()) {
            let same = decide(reading, has, true) == decide(reading, has, false);
            prop_assert_eq!(same, !needs_key(reading, has));
        }

        #[test]
        fn only_a_readable_message_of_a_connected_account_is_handed_on_or_waits_for_its_author(
            reading in any_reading(), has in any::<bool>(), is_new in any::<bool>(),
        ) {
            match decide(reading, has, is_new) {
                Outcome::Stored => prop_assert!(has && is_new && needs_key(reading, has)),
                Outcome::Waiting(Waiting::Author) => {
                    prop_assert!(has);
                    prop_assert_eq!(reading, Reading::Message { has_author: false });
                }
                Outcome::Waiting(Waiting::Account) => prop_assert!(!has),
                Outcome::Duplicate => prop_assert!(has && !is_new),
                Outcome::Ignored(reason) => prop_assert_eq!(reading, Reading::Ignored(reason)),
                Outcome::Parked(reason) => prop_assert_eq!(reading, Reading::Unreadable(reason)),
            }
        }

        #[test]
        fn any_order_and_duplication_hands_each_key_on_at_most_once(
            items in prop::collection::vec(any_item(), 0..40),
            order in any::<prop::sample::Index>(),
        ) {
            // The same key says the same, as the networks' ids promise.
            let meaning: BTreeMap<u8, Reading> =
                items.iter().rev().map(|(key, _, reading)| (*key, *reading)).collect();
            let items: Vec<_> =
                items.iter().map(|(key, has, _)| (*key, *has, meaning[key])).collect();
            let kept = |items: &[(u8, bool, Reading)]| -> BTreeMap<u8, usize> {
                let mut counts = BTreeMap::new();
                let decided = outcomes(items, &mut BTreeSet::new());
                for ((key, has_channel, reading), outcome) in items.iter().zip(decided) {
                    let once = matches!(outcome, Outcome::Stored | Outcome::Waiting(Waiting::Author));
                    if needs_key(*reading, *has_channel) {
                        *counts.entry(*key).or_default() += usize::from(once);
                    }
                }
                counts
            };
            let mut again = items.clone();
            again.extend(items.iter().rev());
            if !again.is_empty() {
                let turn = order.index(again.len());
                again.rotate_left(turn);
            }
            let first = kept(&items);
            prop_assert!(first.values().all(|count| *count == 1), "{first:?}");
            prop_assert_eq!(kept(&again), first);
        }
    }

    #[test]
    fn history_ends_when_the_channel_is_connected() {
        let connected = OffsetDateTime::UNIX_EPOCH + Duration::days(20_000);
        assert!(is_history(connected - Duration::seconds(2), connected));
        assert!(!is_history(connected - Duration::milliseconds(900), connected));
        assert!(!is_history(connected + Duration::seconds(1), connected));
    }
}
