//! Percentiles, medians, and tables on standard output.

use std::fmt::Display;
use std::io::Write as _;

/// Prints one line.
pub fn line(text: impl Display) {
    // Nobody reads any more: there is nothing left to tell.
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// Measured times, in microseconds.
#[derive(Debug, Clone, Default)]
pub struct Times(Vec<i64>);

impl FromIterator<i64> for Times {
    fn from_iter<I: IntoIterator<Item = i64>>(microseconds: I) -> Self {
        let mut sorted: Vec<i64> = microseconds.into_iter().collect();
        sorted.sort_unstable();
        Self(sorted)
    }
}

impl Times {
    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The smallest that `percent` in a hundred do not exceed, in milliseconds; 0 of none.
    #[must_use]
    pub fn percentile(&self, percent: usize) -> f64 {
        let rank = (self.0.len() * percent).div_ceil(100).max(1);
        milliseconds(self.0.get(rank - 1).copied().unwrap_or_default())
    }

    /// The largest, in milliseconds; 0 of none.
    #[must_use]
    pub fn largest(&self) -> f64 {
        milliseconds(self.0.last().copied().unwrap_or_default())
    }
}

#[expect(clippy::cast_precision_loss, reason = "a benchmark does not last for centuries")]
fn milliseconds(microseconds: i64) -> f64 {
    microseconds as f64 / 1_000.0
}

/// The middle one; of an even number the mean of the middle two.
#[must_use]
pub fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut sorted: Vec<f64> = values.into_iter().collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match (sorted.get(middle), sorted.len() % 2) {
        (None, _) => 0.0,
        (Some(upper), 0) => f64::midpoint(sorted[middle - 1], *upper),
        (Some(only), _) => *only,
    }
}

/// `events` within `seconds`, as a rate.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "far fewer events than a float counts exactly")]
pub fn rate(events: usize, seconds: f64) -> f64 {
    events as f64 / seconds
}

/// A table whose columns line up: the first to the left, the others to the right.
#[derive(Debug)]
pub struct Table(Vec<Vec<String>>);

impl Table {
    /// With these headings.
    #[must_use]
    pub fn new(headings: &[&str]) -> Self {
        Self(vec![headings.iter().map(ToString::to_string).collect()])
    }

    /// Adds a row.
    pub fn row(&mut self, first: impl Display, others: impl IntoIterator<Item = String>) {
        let mut cells = vec![first.to_string()];
        cells.extend(others);
        self.0.push(cells);
    }

    /// Prints it, after an empty line.
    pub fn print(&self) {
        line("");
        for text in self.lines() {
            line(text);
        }
    }

    fn lines(&self) -> Vec<String> {
        let width = |column: usize| {
            let cells = self.0.iter().filter_map(|row| row.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or_default()
        };
        let written = |(row, cells): (usize, &Vec<String>)| {
            let cells = cells.iter().enumerate().map(|(column, cell)| match column {
                0 => format!("{cell:<0$}", width(0)),
                _ => format!("{cell:>0$}", width(column)),
            });
            let text = format!("| {} |", cells.collect::<Vec<_>>().join(" | "));
            if row > 0 {
                return vec![text];
            }
            let rules = (0..self.0[0].len()).map(|column| match column {
                0 => "-".repeat(width(0) + 2),
                _ => format!("{}:", "-".repeat(width(column) + 1)),
            });
            vec![text, format!("|{}|", rules.collect::<Vec<_>>().join("|"))]
        };
        self.0.iter().enumerate().flat_map(written).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_a_measured_value() {
        let times: Times = (1..=200).rev().map(|value| value * 1_000).collect();
        assert!(is(times.percentile(50), 100.0) && is(times.percentile(99), 198.0));
        assert!(is(times.largest(), 200.0) && times.len() == 200);
        let one: Times = [7_000].into_iter().collect();
        assert!(is(one.percentile(50), 7.0) && is(one.percentile(99), 7.0));
        assert!(is(Times::default().percentile(99), 0.0));
    }

    #[test]
    fn a_median_stands_in_the_middle() {
        assert!(is(median([9.0, 1.0, 5.0]), 5.0));
        assert!(is(median([1.0, 2.0, 9.0, 4.0]), 3.0));
        assert!(is(median([]), 0.0));
    }

    fn is(value: f64, expected: f64) -> bool {
        (value - expected).abs() < 1e-9
    }

    #[test]
    fn a_table_lines_up() {
        let mut table = Table::new(&["hop", "p50"]);
        table.row("a", ["1.0".to_owned()]);
        table.row("longer", ["10.0".to_owned()]);
        let expected =
            ["| hop    |  p50 |", "|--------|-----:|", "| a      |  1.0 |", "| longer | 10.0 |"];
        assert_eq!(table.lines(), expected);
    }
}
