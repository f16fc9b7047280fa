//! How often a wrong password may be tried.
//!
//! A leaky bucket in one moment (the generic cell rate algorithm, ITU-T I.371): every failure
//! pushes the moment at which all is forgotten further away; a try is admitted while that moment
//! is near enough. Deliberately absent: a lock that only a person can lift, which would let
//! anybody lock anybody out for good.

use std::net::IpAddr;

use time::{Duration, OffsetDateTime};

/// How many failures are forgiven, and how fast they are forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// Failures in a row before a try must wait.
    pub burst: u32,
    /// How long it takes to forget one failure.
    pub forget: Duration,
}

/// For one login: ten failures, then one try a minute.
pub const PER_LOGIN: Policy = Policy { burst: 10, forget: Duration::minutes(1) };
/// For one client address, behind which a whole office may sit: a hundred failures, then one try
/// every six seconds.
pub const PER_ADDRESS: Policy = Policy { burst: 100, forget: Duration::seconds(6) };

/// How long a try must wait at `now`; none if it is admitted.
#[must_use]
pub fn wait(policy: Policy, settled_at: OffsetDateTime, now: OffsetDateTime) -> Option<Duration> {
    let debt = settled_at - now;
    let tolerated = policy.forget * policy.burst.saturating_sub(1);
    (debt > tolerated).then(|| debt - tolerated)
}

/// When all is forgotten after a failure at `now`.
///
/// Several tries can be admitted before the first of them fails; the debt never exceeds a full
/// bucket, so that those do not lengthen the wait beyond one failure's.
#[must_use]
pub fn charge(policy: Policy, settled_at: OffsetDateTime, now: OffsetDateTime) -> OffsetDateTime {
    let full = now + policy.forget * policy.burst;
    (settled_at.max(now) + policy.forget).min(full)
}

/// What of a client's address counts as one client: the whole of an IPv4 address, the network
/// half of an IPv6 address (one household or office holds at least that much). A text that is no
/// address counts as it is.
#[must_use]
pub fn client(address: &str) -> String {
    match address.parse::<IpAddr>().map(|address| address.to_canonical()) {
        Ok(IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        Ok(address) => address.to_string(),
        Err(_) => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const START: OffsetDateTime = OffsetDateTime::UNIX_EPOCH;

    #[test]
    fn ten_failures_are_forgiven_and_the_eleventh_try_waits_a_minute() {
        let mut settled_at = START;
        for _ in 0..10 {
            assert_eq!(wait(PER_LOGIN, settled_at, START), None);
            settled_at = charge(PER_LOGIN, settled_at, START);
        }
        assert_eq!(wait(PER_LOGIN, settled_at, START), Some(Duration::minutes(1)));
    }

    #[test]
    fn a_client_is_an_ipv4_address_or_half_an_ipv6_address() {
        assert_eq!(client("192.0.2.7"), "192.0.2.7");
        assert_eq!(client("::ffff:192.0.2.7"), "192.0.2.7");
        assert_eq!(client("2001:db8:1:2:3:4:5:6"), client("2001:db8:1:2:ffff::"));
        assert_ne!(client("2001:db8:1:2::1"), client("2001:db8:1:3::1"));
    }

    fn policies() -> impl Strategy<Value = Policy> {
        (1_u32..20, 1_i64..600)
            .prop_map(|(burst, seconds)| Policy { burst, forget: Duration::seconds(seconds) })
    }

    proptest! {
        #[test]
        fn in_any_period_no_more_is_admitted_than_the_burst_and_what_leaked(
            policy in policies(),
            pauses in prop::collection::vec(0_i64..400, 1..200),
        ) {
            let mut now = START;
            let mut settled_at = START;
            let mut admitted = Vec::new();
            for pause in pauses {
                now += Duration::seconds(pause);
                if wait(policy, settled_at, now).is_none() {
                    admitted.push(now);
                    settled_at = charge(policy, settled_at, now);
                }
            }
            for (index, first) in admitted.iter().enumerate() {
                for (further, last) in admitted.iter().enumerate().skip(index) {
                    let count = i64::try_from(further - index + 1).expect("small");
                    let leaked = (*last - *first).whole_seconds() / policy.forget.whole_seconds();
                    prop_assert!(count <= i64::from(policy.burst) + leaked);
                }
            }
        }

        #[test]
        fn after_the_stated_wait_a_try_is_admitted_and_not_before(
            policy in policies(),
            failures in 1_u32..60,
        ) {
            let settled_at =
                (0..failures).fold(START, |settled_at, _| charge(policy, settled_at, START));
            if let Some(needed) = wait(policy, settled_at, START) {
                prop_assert!(needed <= policy.forget);
                prop_assert_eq!(wait(policy, settled_at, START + needed), None);
                let early = START + needed - Duration::microseconds(1);
                prop_assert!(wait(policy, settled_at, early).is_some());
            } else {
                prop_assert!(failures < policy.burst);
            }
        }
    }
}
