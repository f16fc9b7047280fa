//! How far every declared reader has come: the confirmed floor, as a plain decision.

use uuid::Uuid;

use crate::stream::StreamState;

/// Where one declared reader stands, as its consumer's leader tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReaderState {
    /// The life of the stream that the consumer was made for.
    pub incarnation: Option<Uuid>,
    /// Every sequence up to here is acknowledged, or no longer in the stream.
    pub acknowledged: u64,
    /// Events that it has not been given yet.
    pub pending: u64,
    /// Events that it was given and has not acknowledged.
    pub unacknowledged: u64,
}

/// What a look at stream and readers has shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmation {
    /// The new floor; never lower than the one before.
    pub floor: u64,
    /// What is recorded above the old floor and outside this range, or among `holes`, is no
    /// longer in the stream, and nobody can tell who had it: it must be published again *before*
    /// the floor rises over it.
    pub first: u64,
    /// The end of that range.
    pub last: u64,
    /// Sequences inside the range that were deleted one by one.
    pub holes: Vec<u64>,
}

/// Decides the floor from the stream as it was before the readers were looked at, the readers,
/// and the stream afterwards.
///
/// An acknowledgement floor says nothing of messages that the stream has dropped, because the
/// server moves it over them; so it counts only for sequences that the stream still held
/// *afterwards*. A reader with nothing pending and nothing unacknowledged stands at the last
/// sequence that the stream had *before*. A reader that does not exist, or whose consumer belongs
/// to another life, holds the floor where it is.
#[must_use]
pub fn confirm(
    floor: u64,
    before: &StreamState,
    readers: &[Option<ReaderState>],
    after: &StreamState,
) -> Confirmation {
    let reached = readers
        .iter()
        .map(|reader| match reader {
            Some(reader) if reader.incarnation == after.incarnation => {
                if reader.pending == 0 && reader.unacknowledged == 0 {
                    before.last
                } else {
                    reader.acknowledged.min(before.last)
                }
            }
            _ => 0,
        })
        .min()
        // Without readers there is nobody to wait for.
        .unwrap_or(before.last);
    Confirmation {
        floor: reached.max(floor),
        first: after.first,
        last: after.last,
        holes: after.deleted.iter().copied().filter(|&hole| hole > floor).collect(),
    }
}

impl Confirmation {
    /// Whether an event recorded at this sequence above the old floor must be published again.
    #[must_use]
    pub fn is_missing(&self, sequence: u64) -> bool {
        !(self.first..=self.last).contains(&sequence) || self.holes.contains(&sequence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    const LIFE: Option<Uuid> = Some(Uuid::from_u128(1));

    fn state(first: u64, last: u64) -> StreamState {
        StreamState { incarnation: LIFE, first, last, deleted: Vec::new() }
    }

    #[expect(clippy::unnecessary_wraps, reason = "what a look at a reader gives")]
    fn reader(acknowledged: u64, pending: u64, unacknowledged: u64) -> Option<ReaderState> {
        Some(ReaderState { incarnation: LIFE, acknowledged, pending, unacknowledged })
    }

    fn floor(old: u64, readers: &[Option<ReaderState>]) -> u64 {
        confirm(old, &state(1, 100), readers, &state(1, 100)).floor
    }

    #[test]
    fn the_slowest_reader_holds_the_floor() {
        assert_eq!(floor(0, &[reader(40, 10, 3), reader(70, 30, 0)]), 40);
        assert_eq!(floor(0, &[reader(40, 0, 0), reader(70, 30, 0)]), 70);
        assert_eq!(floor(0, &[reader(40, 0, 1)]), 40);
    }

    #[test]
    fn a_reader_that_is_not_there_holds_the_floor_where_it_is() {
        assert_eq!(floor(5, &[None, reader(100, 0, 0)]), 5);
        let of_another_life = Some(ReaderState {
            incarnation: Some(Uuid::from_u128(2)),
            acknowledged: 90,
            pending: 0,
            unacknowledged: 0,
        });
        assert_eq!(floor(0, &[of_another_life]), 0);
    }

    #[test]
    fn the_floor_never_falls() {
        assert_eq!(floor(50, &[reader(40, 60, 0)]), 50);
    }

    #[test]
    fn what_aged_out_is_missing_though_the_reader_has_nothing_left() {
        // The reader never ran; everything it should have had is gone, so nothing is pending.
        let confirmed = confirm(10, &state(60, 100), &[reader(59, 0, 0)], &state(101, 100));
        assert_eq!(confirmed.floor, 100);
        for sequence in 11..=100 {
            assert!(confirmed.is_missing(sequence), "{sequence} would be lost");
        }
    }

    /// A stream with some sequences removed, and a reader that really applied some.
    fn world() -> impl Strategy<Value = (u64, BTreeSet<u64>, BTreeSet<u64>, u64)> {
        (1_u64..60).prop_flat_map(|last| {
            (
                Just(last),
                prop::collection::btree_set(1..=last, 0..30),
                prop::collection::btree_set(1..=last, 0..60),
                0_u64..20,
            )
        })
    }

    proptest! {
        #[test]
        fn nothing_that_a_reader_has_not_applied_is_ever_forgotten(
            (last, removed, applied, old) in world()
        ) {
            // The consumer as the server tells it: dropped messages count as neither pending nor
            // unacknowledged, and its acknowledgement floor moves over them.
            let settled = |sequence: &u64| applied.contains(sequence) || removed.contains(sequence);
            let acknowledged = (1..=last).take_while(settled).count() as u64;
            let open = (1..=last).filter(|sequence| !settled(sequence)).count() as u64;
            let consumer = reader(acknowledged, open, 0);
            let old = old.min((1..=last).take_while(|sequence| applied.contains(sequence)).count() as u64);
            let first = (1..=last).find(|sequence| !removed.contains(sequence)).unwrap_or(last + 1);
            let stream = StreamState {
                incarnation: LIFE,
                first,
                last,
                deleted: removed.range(first..).copied().collect(),
            };
            let confirmed = confirm(old, &stream, &[consumer], &stream);
            for sequence in old + 1..=confirmed.floor {
                prop_assert!(
                    confirmed.is_missing(sequence) || applied.contains(&sequence),
                    "{} would be forgotten without having been applied", sequence
                );
            }
        }
    }
}
