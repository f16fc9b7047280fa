//! Whether the stream is still the one that the outbox published to: plain decisions.

use kit_values::EventId;
use uuid::Uuid;

use crate::stream::StreamState;

/// What the outbox has recorded of its stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recorded {
    /// The life of the stream that its sequences belong to.
    pub incarnation: Uuid,
    /// The highest sequence that it recorded, and the event published there.
    pub highest: Option<(u64, EventId)>,
}

/// What comparing found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// The stream is the one that is recorded.
    Same,
    /// It is in another life than recorded, or nothing is recorded yet: its incarnation is taken
    /// over, and everything above the floor is published again.
    AnotherLife(Uuid),
    /// It claims the recorded life but has not what was published in it: it was shortened, or
    /// put back to an older state and refilled. It must be given a new incarnation.
    Forged(Difference),
}

/// How a stream of the right incarnation differs from what was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Difference {
    /// It ends before the highest recorded sequence.
    Shortened,
    /// At the highest recorded sequence stands another message, or one that was deleted.
    Refilled,
}

/// Compares the stream with what was recorded, before anything is published.
///
/// `at_highest` is the id of the message at the highest recorded sequence: looked up only while
/// the stream holds that sequence.
#[must_use]
pub fn compare(
    recorded: Option<&Recorded>,
    state: &StreamState,
    at_highest: Option<EventId>,
) -> Comparison {
    // A stream without an incarnation is given one before it is compared.
    let incarnation = state.incarnation.unwrap_or_default();
    let Some(recorded) = recorded.filter(|recorded| recorded.incarnation == incarnation) else {
        return Comparison::AnotherLife(incarnation);
    };
    let Some((sequence, event)) = recorded.highest else {
        return Comparison::Same;
    };
    if state.last < sequence {
        return Comparison::Forged(Difference::Shortened);
    }
    // Aged out: nothing is left to compare, and the floor decides what to publish again.
    if sequence < state.first {
        return Comparison::Same;
    }
    if at_highest == Some(event) {
        Comparison::Same
    } else {
        Comparison::Forged(Difference::Refilled)
    }
}

/// What an acknowledgement of a publication is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settlement {
    /// The event is in the stream at this sequence.
    Record,
    /// The stream still knows the event's id, but no longer has the event: it must be published
    /// under another message id.
    Again,
    /// A fresh sequence that was given out before: the stream is not the one that is recorded.
    Suspect,
}

/// Judges an acknowledgement against the floor and the highest recorded sequence. `held`: whether
/// the stream has the message of that sequence, looked at after the acknowledgement.
///
/// A duplicate under the floor is recorded when it is held: the floor rose over a message that
/// was in the stream, so every reader has confirmed it.
#[must_use]
pub fn settle(sequence: u64, duplicate: bool, held: bool, floor: u64, highest: u64) -> Settlement {
    if duplicate {
        return if held { Settlement::Record } else { Settlement::Again };
    }
    if sequence <= highest.max(floor) { Settlement::Suspect } else { Settlement::Record }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LIFE: Uuid = Uuid::from_u128(1);

    fn event(number: u128) -> EventId {
        EventId::from_uuid(Uuid::from_u128(number))
    }

    fn state(first: u64, last: u64) -> StreamState {
        StreamState { incarnation: Some(LIFE), first, last, deleted: Vec::new() }
    }

    fn recorded(sequence: u64) -> Recorded {
        Recorded { incarnation: LIFE, highest: Some((sequence, event(u128::from(sequence)))) }
    }

    #[test]
    fn a_wiped_and_recreated_stream_is_another_life() {
        let fresh = StreamState { incarnation: Some(Uuid::from_u128(2)), ..state(1, 0) };
        assert_eq!(
            compare(Some(&recorded(9)), &fresh, None),
            Comparison::AnotherLife(Uuid::from_u128(2))
        );
        assert_eq!(compare(None, &state(1, 0), None), Comparison::AnotherLife(LIFE));
    }

    #[test]
    fn a_shortened_stream_is_found_by_its_end() {
        assert_eq!(
            compare(Some(&recorded(9)), &state(1, 8), None),
            Comparison::Forged(Difference::Shortened)
        );
    }

    #[test]
    fn a_refilled_stream_is_found_by_the_message_id() {
        let recorded = recorded(9);
        assert_eq!(
            compare(Some(&recorded), &state(1, 12), Some(event(77))),
            Comparison::Forged(Difference::Refilled)
        );
        assert_eq!(
            compare(Some(&recorded), &state(1, 12), None),
            Comparison::Forged(Difference::Refilled)
        );
        assert_eq!(compare(Some(&recorded), &state(1, 12), Some(event(9))), Comparison::Same);
    }

    #[test]
    fn a_stream_whose_messages_aged_out_is_the_same() {
        assert_eq!(compare(Some(&recorded(9)), &state(20, 30), None), Comparison::Same);
        // Everything aged out: the first one is above the last.
        assert_eq!(compare(Some(&recorded(9)), &state(10, 9), None), Comparison::Same);
    }

    proptest! {
        #[test]
        fn an_honest_stream_is_never_called_forged(published in 1_u64..100, aged in 0_u64..100, more in 0_u64..50) {
            let (first, last) = (aged.min(published + more) + 1, published + more);
            let state = state(first, last);
            let at_highest = state.holds(published).then(|| event(u128::from(published)));
            prop_assert_eq!(compare(Some(&recorded(published)), &state, at_highest), Comparison::Same);
        }

        #[test]
        fn a_recorded_sequence_is_one_that_is_the_events_own(
            sequence in 1_u64..50, duplicate: bool, held: bool, floor in 0_u64..50, above in 0_u64..50,
        ) {
            let highest = floor + above;
            match settle(sequence, duplicate, held, floor, highest) {
                // Only the same event, still there, may stand at a sequence given out before.
                Settlement::Record => prop_assert!(sequence > highest || (duplicate && held)),
                Settlement::Again => prop_assert!(duplicate && !held),
                Settlement::Suspect => prop_assert!(!duplicate && sequence <= highest),
            }
        }
    }
}
