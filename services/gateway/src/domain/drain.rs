//! When each socket of a stopping gateway is told to go, and when it shall come back.
//!
//! Closed all at once, thousands of browsers would sign on to the remaining gateways within the
//! same second.

use std::time::Duration;

/// How long a socket that was told to go waits at least: time for whoever stands in front of the
/// gateways to notice that this one stops.
const LEAST_WAIT: Duration = Duration::from_millis(500);

/// What the sockets' returns are spread over at least, also when they are all told to go at once.
const RETURNS: Duration = Duration::from_secs(5);

/// One socket's farewell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Farewell {
    /// How long after the stop it is told.
    pub at: Duration,
    /// How long it shall wait before it connects again.
    pub after: Duration,
}

/// The farewells of so many sockets, evenly spread over `window` from its beginning on: the last
/// one is told while there is time left for its answer.
pub fn farewells(sockets: usize, window: Duration) -> impl Iterator<Item = Farewell> {
    let count = u32::try_from(sockets).unwrap_or(u32::MAX);
    let step = |whole: Duration| whole.checked_div(count).unwrap_or_default();
    let told = step(window);
    let further = step(RETURNS.saturating_sub(window));
    (0..count).map(move |place| Farewell { at: told * place, after: LEAST_WAIT + further * place })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What dividing whole nanoseconds may leave over.
    fn is_about(left: Duration, right: Duration) -> bool {
        left.abs_diff(right) < Duration::from_micros(10)
    }

    proptest! {
        #[test]
        fn everybody_is_told_once_within_the_window_at_even_steps(
            sockets in 1_usize..5_000,
            window in 0_u64..60_000,
        ) {
            let window = Duration::from_millis(window);
            let farewells: Vec<Farewell> = farewells(sockets, window).collect();
            prop_assert_eq!(farewells.len(), sockets);
            prop_assert_eq!(farewells[0].at, Duration::ZERO);
            let count = u32::try_from(sockets).expect("few");
            for (place, farewell) in (0_u32..).zip(&farewells) {
                prop_assert!(farewell.at < window || window.is_zero());
                prop_assert!(is_about(farewell.at, window * place / count));
            }
        }

        #[test]
        fn nobody_comes_back_before_the_pause_nor_do_many_at_once_however_short_the_window(
            sockets in 1_usize..5_000,
            window in 0_u64..60_000,
        ) {
            let window = Duration::from_millis(window);
            let farewells: Vec<Farewell> = farewells(sockets, window).collect();
            let count = u32::try_from(sockets).expect("few");
            for (place, farewell) in (0_u32..).zip(&farewells) {
                prop_assert!(farewell.after >= LEAST_WAIT);
                prop_assert!(farewell.after <= LEAST_WAIT + RETURNS);
                let back = farewell.at + farewell.after;
                let even = LEAST_WAIT + window.max(RETURNS) * place / count;
                prop_assert!(is_about(back, even));
            }
        }
    }

    #[test]
    fn without_a_socket_there_is_nobody_to_tell() {
        assert_eq!(farewells(0, Duration::from_secs(20)).count(), 0);
    }
}
