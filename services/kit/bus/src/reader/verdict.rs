//! What follows from a batch's failure: a plain decision over its class.

use std::time::Duration;

use kit_values::Class;

/// Tries of one event before it is parked.
pub const ATTEMPTS: i32 = 5;

/// How often a batch that met another transaction is tried again before it counts as a failure of
/// its events.
pub const CONFLICTS: u32 = 5;

/// What to do with a batch that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The surroundings failed: wait and try the same batch again. No attempt is counted.
    BackOff(Duration),
    /// It met another transaction: try the same batch again at once.
    Retry,
    /// One of its events is at fault: try each half by itself.
    Bisect,
    /// This one event is at fault: count an attempt.
    Attempt,
    /// This one event refers to something not yet known: put it aside until that is there. No
    /// attempt is counted.
    Wait,
    /// This one event can never be applied: park it.
    Park,
    /// A rule said no to this one event, which is an answer: acknowledge it.
    Acknowledge,
}

/// What follows when a batch of `size` events failed with `class`, after `failures` back-offs and
/// `conflicts` tries that met another transaction. `hint` is the wait that the fault asks for.
#[must_use]
pub fn verdict(
    class: Class,
    hint: Option<Duration>,
    size: usize,
    failures: u32,
    conflicts: u32,
) -> Verdict {
    let alone = size <= 1;
    match class {
        Class::Unavailable | Class::Timeout | Class::Limited => {
            Verdict::BackOff(hint.unwrap_or_else(|| back_off(failures)))
        }
        Class::Conflict if conflicts < CONFLICTS => Verdict::Retry,
        _ if !alone => Verdict::Bisect,
        Class::Rejected => Verdict::Acknowledge,
        Class::Invalid | Class::Unauthenticated | Class::Forbidden => Verdict::Park,
        Class::NotFound => Verdict::Wait,
        Class::Conflict | Class::Internal => Verdict::Attempt,
    }
}

/// The wait after so many failures in a row: 100 ms doubling up to 5 s.
#[must_use]
pub fn back_off(failures: u32) -> Duration {
    Duration::from_millis(100 << failures.min(6)).min(Duration::from_secs(5))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const CLASSES: [Class; 10] = [
        Class::Invalid,
        Class::Unauthenticated,
        Class::Forbidden,
        Class::NotFound,
        Class::Conflict,
        Class::Rejected,
        Class::Limited,
        Class::Unavailable,
        Class::Timeout,
        Class::Internal,
    ];

    proptest! {
        #[test]
        fn the_surroundings_are_never_held_against_an_event(
            class in prop::sample::select(CLASSES.as_slice()),
            size in 1_usize..600,
            failures in 0_u32..1_000,
            conflicts in 0_u32..20,
        ) {
            let verdict = verdict(class, None, size, failures, conflicts);
            if class.is_infrastructure() {
                prop_assert!(matches!(verdict, Verdict::BackOff(wait)
                    if wait > Duration::ZERO && wait <= Duration::from_secs(5)));
            }
            // Only an event by itself is judged.
            if size > 1 {
                prop_assert!(!matches!(
                    verdict,
                    Verdict::Attempt | Verdict::Wait | Verdict::Park | Verdict::Acknowledge
                ));
            }
        }
    }

    #[test]
    fn a_conflict_is_tried_again_and_then_held_against_the_event() {
        assert_eq!(verdict(Class::Conflict, None, 10, 0, 0), Verdict::Retry);
        assert_eq!(verdict(Class::Conflict, None, 10, 0, CONFLICTS), Verdict::Bisect);
        assert_eq!(verdict(Class::Conflict, None, 1, 0, CONFLICTS), Verdict::Attempt);
    }

    #[test]
    fn a_single_event_is_parked_acknowledged_counted_or_put_aside_by_its_class() {
        let alone = |class| verdict(class, None, 1, 0, 0);
        assert_eq!(alone(Class::Invalid), Verdict::Park);
        assert_eq!(alone(Class::Forbidden), Verdict::Park);
        assert_eq!(alone(Class::Rejected), Verdict::Acknowledge);
        assert_eq!(alone(Class::Internal), Verdict::Attempt);
        assert_eq!(alone(Class::NotFound), Verdict::Wait);
    }

    #[test]
    fn a_limit_waits_as_long_as_it_asks() {
        let hint = Duration::from_secs(40);
        assert_eq!(verdict(Class::Limited, Some(hint), 3, 0, 0), Verdict::BackOff(hint));
    }
}
