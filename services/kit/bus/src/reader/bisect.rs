//! Which part of a failed batch to try next: halves, down to the events at fault.

use std::ops::Range;

/// The two halves of a part; `None` when it is one event or none.
#[must_use]
pub fn halves(part: &Range<usize>) -> Option<(Range<usize>, Range<usize>)> {
    if part.len() < 2 {
        return None;
    }
    let middle = part.start + part.len() / 2;
    Some((part.start..middle, middle..part.end))
}

/// The parts of a batch that are still to be tried, in the batch's order.
#[derive(Debug)]
pub struct Work {
    parts: Vec<Range<usize>>,
}

impl Work {
    /// The whole batch, to be tried at once.
    #[must_use]
    pub fn new(size: usize) -> Self {
        Self { parts: if size == 0 { Vec::new() } else { std::iter::once(0..size).collect() } }
    }

    /// The next part to try. It is done with unless it comes back by [`Work::split`] or
    /// [`Work::again`].
    pub fn next_part(&mut self) -> Option<Range<usize>> {
        self.parts.pop()
    }

    /// A part failed: its halves are tried next. False when it cannot be split: this one event is
    /// at fault.
    pub fn split(&mut self, part: &Range<usize>) -> bool {
        let Some((first, second)) = halves(part) else {
            return false;
        };
        self.parts.push(second);
        self.parts.push(first);
        true
    }

    /// A part is to be tried again as it is.
    pub fn again(&mut self, part: Range<usize>) {
        self.parts.push(part);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn every_good_event_is_applied_once_and_every_bad_one_found_once(
            size in 0_usize..300,
            bad in prop::collection::btree_set(0_usize..300, 0..8),
        ) {
            let bad: BTreeSet<usize> = bad.into_iter().filter(|index| *index < size).collect();
            let mut work = Work::new(size);
            let (mut applied, mut found, mut tries) = (Vec::new(), Vec::new(), 0_usize);
            while let Some(part) = work.next_part() {
                tries += 1;
                if bad.range(part.clone()).next().is_none() {
                    applied.extend(part);
                } else if !work.split(&part) {
                    found.extend(part);
                }
            }
            prop_assert!(applied.is_sorted(), "the batch's order is kept");
            let expected: Vec<usize> = (0..size).filter(|index| !bad.contains(index)).collect();
            prop_assert_eq!(applied, expected);
            prop_assert_eq!(found, bad.iter().copied().collect::<Vec<_>>());
            // Each bad event costs two tries a level at most.
            let levels = size.next_power_of_two().trailing_zeros() as usize + 1;
            prop_assert!(tries <= 1 + 2 * levels * bad.len(), "{} tries", tries);
        }
    }

    #[test]
    fn one_event_cannot_be_split() {
        assert_eq!(halves(&(4..5)), None);
        assert_eq!(halves(&(4..4)), None);
        assert_eq!(halves(&(0..3)), Some((0..1, 1..3)));
    }
}
