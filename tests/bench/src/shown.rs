//! Which messages a row tells of.

use std::collections::BTreeMap;

use crate::network::CUSTOMERS;

/// When the first row that told of each message was read, in microseconds since the epoch.
#[derive(Debug, Clone, Default)]
pub struct Shown(BTreeMap<u64, i64>);

impl Shown {
    /// When message `number` was shown; none if it was not.
    #[must_use]
    pub fn at(&self, number: u64) -> Option<i64> {
        self.0.get(&number).copied()
    }

    /// Takes in a row whose newest message is `number` and that counts `count` messages.
    ///
    /// Customer c writes the messages c, c + [`CUSTOMERS`], c + 2 [`CUSTOMERS`] and so on. Where
    /// the count is what `number` makes it, the row tells of every message up to it, else only of
    /// that one.
    pub fn row(&mut self, number: u64, count: u64, at: i64) {
        self.0.entry(number).or_insert(at);
        if count != number / CUSTOMERS + 1 {
            return;
        }
        let mut earlier = number;
        while let Some(before) = earlier.checked_sub(CUSTOMERS) {
            self.0.entry(before).or_insert(at);
            earlier = before;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: u64 = 7;
    const SECOND: u64 = 7 + CUSTOMERS;
    const THIRD: u64 = 7 + 2 * CUSTOMERS;

    #[test]
    fn a_row_that_counts_all_tells_of_all() {
        let mut shown = Shown::default();
        shown.row(FIRST, 1, 100);
        shown.row(THIRD, 3, 300);
        shown.row(THIRD, 3, 400);
        assert_eq!(
            [FIRST, SECOND, THIRD].map(|number| shown.at(number)),
            [Some(100), Some(300), Some(300)]
        );
        assert_eq!(shown.at(8), None);
    }

    #[test]
    fn a_row_that_lacks_one_tells_of_its_newest_alone() {
        let mut shown = Shown::default();
        shown.row(THIRD, 2, 300);
        assert_eq!((shown.at(SECOND), shown.at(THIRD)), (None, Some(300)));
        shown.row(THIRD, 3, 400);
        assert_eq!((shown.at(SECOND), shown.at(THIRD)), (Some(400), Some(300)));
    }
}
