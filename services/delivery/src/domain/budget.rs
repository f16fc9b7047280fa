//! What the networks still take, by application and by account.
//!
//! Two sources speak of one limit: the network's headers, which come too late for what is in
//! flight, and our own count by the documented allowance, which knows nothing of other clients of
//! the account. The lower of both is believed until the limit is given anew.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use time::OffsetDateTime;

/// Shown while a limit is used up.
pub const LIMITED: &str = "rate_limited";

/// The name of the limit that a refused token closes.
pub const TOKEN: &str = "token";

/// Which limit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name {
    /// The application or account that it bounds.
    pub holder: uuid::Uuid,
    /// The sort of call that it bounds; empty: every sort.
    pub call: String,
    /// Which of several.
    pub name: String,
}

/// What is left of one limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Budget {
    /// How much there is in all.
    pub allowed: i32,
    /// How much is left.
    pub remaining: i32,
    /// Whether we count it ourselves, call by call.
    pub counted: bool,
    /// When there is all of it again.
    pub resets_at: OffsetDateTime,
    /// Shown while it is used up.
    pub reason: String,
}

impl Budget {
    /// Takes no call before `until`.
    #[must_use]
    pub fn closed(until: OffsetDateTime, reason: &str) -> Self {
        Self {
            allowed: 0,
            remaining: 0,
            counted: false,
            resets_at: until,
            reason: reason.to_owned(),
        }
    }

    fn is_used_up(&self, now: OffsetDateTime) -> bool {
        self.remaining <= 0 && self.resets_at > now
    }

    /// Whether half of it is gone: the rest is for what people wait for.
    fn is_reserved(&self, now: OffsetDateTime) -> bool {
        self.remaining.saturating_mul(2) <= self.allowed && self.resets_at > now
    }
}

/// A limit that is counted here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance<'a> {
    /// The application or account that it bounds.
    pub holder: uuid::Uuid,
    /// Which of several.
    pub name: &'a str,
    /// Calls in the window.
    pub limit: i32,
    /// Its length.
    pub window: Duration,
}

/// Whether a call may be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Turn {
    /// It may.
    Now,
    /// Not before.
    At {
        /// When the last of the limits that bound it is given anew.
        until: OffsetDateTime,
        /// That limit's reason.
        reason: String,
    },
}

/// Whether a call that all of `budgets` bound may be made.
#[must_use]
pub fn next_turn<'a>(budgets: impl IntoIterator<Item = &'a Budget>, now: OffsetDateTime) -> Turn {
    let used_up = budgets.into_iter().filter(|budget| budget.is_used_up(now));
    used_up.max_by_key(|budget| budget.resets_at).map_or(Turn::Now, |budget| Turn::At {
        until: budget.resets_at,
        reason: budget.reason.clone(),
    })
}

/// What is known of one limit after the network has spoken of it.
#[must_use]
pub fn observe(known: Option<&Budget>, seen: Budget, now: OffsetDateTime) -> Budget {
    match known {
        // The same window as far as we can tell: what is in flight is missing in what was seen.
        Some(known) if known.resets_at > now && seen.resets_at <= known.resets_at => Budget {
            remaining: seen.remaining.min(known.remaining),
            counted: known.counted,
            ..seen
        },
        Some(known) => Budget { counted: known.counted, ..seen },
        None => seen,
    }
}

/// The limits that bound some accounts and their applications, in hand for one transaction.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    budgets: BTreeMap<Name, Budget>,
    changed: BTreeSet<Name>,
}

impl Ledger {
    /// What is kept.
    #[must_use]
    pub fn new(kept: impl IntoIterator<Item = (Name, Budget)>) -> Self {
        Self { budgets: kept.into_iter().collect(), changed: BTreeSet::new() }
    }

    /// Whether the account and the application (`holders`) may make one more `call`; if so, it is
    /// counted as made.
    pub fn take(
        &mut self,
        holders: &[uuid::Uuid],
        call: &str,
        allowances: &[Allowance<'_>],
        now: OffsetDateTime,
    ) -> Turn {
        self.open(call, allowances, now);
        let bounds = |name: &Name| {
            holders.contains(&name.holder) && (name.call == call || name.call.is_empty())
        };
        let bounding = self.budgets.iter().filter(|(name, _)| bounds(name));
        let turn = next_turn(bounding.map(|(_, budget)| budget), now);
        self.count(&turn, call, allowances);
        turn
    }

    /// As [`Self::take`], for a call that nobody waits for: it may be made only while more than
    /// half is left of every limit that bounds it. `shared` names limits that calls of other
    /// sorts tell of and that bound this one, too.
    pub fn take_spare(
        &mut self,
        holders: &[uuid::Uuid],
        call: &str,
        shared: &[&str],
        allowances: &[Allowance<'_>],
        now: OffsetDateTime,
    ) -> Turn {
        self.open(call, allowances, now);
        let bounds = |name: &Name| {
            let is_of_call = name.call == call || name.call.is_empty();
            holders.contains(&name.holder) && (is_of_call || shared.contains(&name.name.as_str()))
        };
        let bounding = self.budgets.iter().filter(|(name, _)| bounds(name));
        let reserved = bounding.filter(|(_, budget)| budget.is_reserved(now));
        let last = reserved.max_by_key(|(_, budget)| budget.resets_at);
        let turn = last.map_or(Turn::Now, |(_, budget)| Turn::At {
            until: budget.resets_at,
            reason: budget.reason.clone(),
        });
        self.count(&turn, call, allowances);
        turn
    }

    /// Gives anew what is counted here.
    fn open(&mut self, call: &str, allowances: &[Allowance<'_>], now: OffsetDateTime) {
        for allowance in allowances {
            let name = name(allowance.holder, call, allowance.name);
            if self.budgets.get(&name).is_none_or(|known| known.resets_at <= now) {
                let fresh = Budget {
                    allowed: allowance.limit,
                    remaining: allowance.limit,
                    counted: true,
                    resets_at: now + allowance.window,
                    reason: LIMITED.to_owned(),
                };
                self.budgets.insert(name, fresh);
            }
        }
    }

    /// Counts a call that may be made as made.
    fn count(&mut self, turn: &Turn, call: &str, allowances: &[Allowance<'_>]) {
        if *turn != Turn::Now {
            return;
        }
        for allowance in allowances {
            let name = name(allowance.holder, call, allowance.name);
            if let Some(budget) = self.budgets.get_mut(&name) {
                budget.remaining -= 1;
                self.changed.insert(name);
            }
        }
    }

    /// The network spoke of a limit.
    pub fn observe(&mut self, name: Name, seen: Budget, now: OffsetDateTime) {
        let after = observe(self.budgets.get(&name), seen, now);
        self.budgets.insert(name.clone(), after);
        self.changed.insert(name);
    }

    /// A call that was counted was not made after all.
    pub fn give_back(&mut self, call: &str, allowances: &[Allowance<'_>]) {
        for allowance in allowances {
            let name = name(allowance.holder, call, allowance.name);
            if let Some(budget) = self.budgets.get_mut(&name) {
                budget.remaining = (budget.remaining + 1).min(budget.allowed);
                self.changed.insert(name);
            }
        }
    }

    /// What has to be kept anew.
    pub fn changes(&self) -> impl Iterator<Item = (&Name, &Budget)> {
        self.changed.iter().filter_map(|name| self.budgets.get_key_value(name))
    }
}

fn name(holder: uuid::Uuid, call: &str, name: &str) -> Name {
    Name { holder, call: call.to_owned(), name: name.to_owned() }
}
