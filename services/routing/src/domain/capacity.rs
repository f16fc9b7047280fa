//! How much members may own (`product.md` 4): by team, and where somebody said so by member.
//!
//! Deliberately absent: further teams, and what is owned already; whoever owns more than a new
//! limit keeps it.

/// Most conversations at which handing out can be set to end.
pub const MOST: u32 = 1_000;

/// How much one member may own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Nothing more is handed at this load.
    pub capacity: u32,
    /// Nothing more may be owned at this load.
    pub hard_limit: u32,
}

/// How much the members of a team may own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    capacity: u32,
    hard_limit: Option<u32>,
}

/// Why a capacity cannot be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rejection {
    /// The capacity, or twice it as the hard limit, is above what can be set.
    TooMuch,
    /// The hard limit is below the capacity.
    LimitBelowCapacity,
}

impl Allowance {
    /// A capacity of at most [`MOST`], and a hard limit of at most twice that; none: twice the
    /// capacity of each member.
    ///
    /// # Errors
    /// [`Rejection`].
    pub const fn new(capacity: u32, hard_limit: Option<u32>) -> Result<Self, Rejection> {
        if capacity > MOST {
            return Err(Rejection::TooMuch);
        }
        match hard_limit {
            Some(limit) if limit > 2 * MOST => Err(Rejection::TooMuch),
            Some(limit) if limit < capacity => Err(Rejection::LimitBelowCapacity),
            _ => Ok(Self { capacity, hard_limit }),
        }
    }

    /// What those are handed who have no capacity of their own.
    #[must_use]
    pub const fn capacity(self) -> u32 {
        self.capacity
    }

    /// The hard limit, where it is not twice the capacity.
    #[must_use]
    pub const fn hard_limit(self) -> Option<u32> {
        self.hard_limit
    }

    /// What holds for a member with this capacity of their own, if any. The database computes the
    /// same for all of a team.
    #[must_use]
    pub fn limits(self, own: Option<u32>) -> Limits {
        let capacity = own.unwrap_or(self.capacity);
        let hard_limit = self.hard_limit.map_or(2 * capacity, |limit| limit.max(capacity));
        Limits { capacity, hard_limit }
    }
}

/// A capacity of a member's own.
///
/// # Errors
/// [`Rejection`].
pub const fn own(capacity: u32) -> Result<u32, Rejection> {
    if capacity > MOST { Err(Rejection::TooMuch) } else { Ok(capacity) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_capacity_never_exceeds_the_hard_limit(
            capacity in 0..1_200_u32,
            limit in prop::option::of(0..2_500_u32),
            own in prop::option::of(0..=MOST),
        ) {
            match Allowance::new(capacity, limit) {
                Err(Rejection::TooMuch) => {
                    prop_assert!(capacity > MOST || limit.is_some_and(|limit| limit > 2 * MOST));
                }
                Err(Rejection::LimitBelowCapacity) => prop_assert!(limit < Some(capacity)),
                Ok(team) => {
                    let limits = team.limits(own);
                    prop_assert_eq!(limits.capacity, own.unwrap_or(capacity));
                    prop_assert!(limits.capacity <= limits.hard_limit);
                    prop_assert!(limits.hard_limit <= 2 * MOST);
                    match limit {
                        None => prop_assert_eq!(limits.hard_limit, 2 * limits.capacity),
                        Some(limit) => {
                            prop_assert_eq!(limits.hard_limit, limit.max(limits.capacity));
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn what_can_be_set_ends_at_a_thousand() {
        assert_eq!(own(MOST), Ok(MOST));
        assert_eq!(own(MOST + 1), Err(Rejection::TooMuch));
        assert!(Allowance::new(MOST, Some(2 * MOST)).is_ok());
        assert_eq!(Allowance::new(MOST + 1, None), Err(Rejection::TooMuch));
        assert_eq!(Allowance::new(5, Some(4)), Err(Rejection::LimitBelowCapacity));
        assert!(Allowance::new(5, Some(5)).is_ok());
    }
}
