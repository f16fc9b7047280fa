//! Whether a member is there, from what the gateways reported (`product.md` 4).
//!
//! Positive evidence counts at once, its absence only while the source is known to be healthy:
//! a lost Redis, a gateway that stopped reporting, or an observer that was itself stopped, never
//! make anybody absent.
//!
//! Deliberately absent: where the records are kept. All moments must come from one clock, the
//! one that stamps the records.

use time::{Duration, OffsetDateTime};

/// Without a live session for this long, a member is handed nothing new. Also how long a report
/// or an observation stays good; sessions are renewed every 5 s.
pub const FRESH: Duration = Duration::seconds(15);

/// Without a live session for this long, on a source that was healthy all the time, a member
/// counts as absent and their work goes back.
pub const ABSENT_AFTER: Duration = Duration::minutes(2);

/// A gateway that has not reported for this long is taken to be gone for good.
pub const GATEWAY_FORGOTTEN_AFTER: Duration = Duration::minutes(1);

/// Whether a member is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Presence {
    /// A live session.
    Present,
    /// No live session for a while, not long enough to count as absent. Shown to others as
    /// unknown.
    Unseen,
    /// Known to have no live session.
    Absent,
    /// The source cannot tell.
    Unknown,
}

impl Presence {
    /// Whether work may stay with such a member; only a present one is handed more.
    #[must_use]
    pub const fn is_reachable(self) -> bool {
        !matches!(self, Self::Absent)
    }
}

/// What one look at the source found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Observation<'a> {
    /// Redis answered.
    pub answered: bool,
    /// When each gateway that has a record there renewed its sessions last. One that stopped
    /// in order removes its record.
    pub renewals: &'a [OffsetDateTime],
}

/// What is known of the source of presence: the fold of one observer's looks at it, each at
/// most [`FRESH`] after the one before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Source {
    answered_at: Option<OffsetDateTime>,
    healthy_since: Option<OffsetDateTime>,
}

impl Source {
    /// The source after one more look at it.
    #[must_use]
    pub fn observe(self, observation: &Observation<'_>, now: OffsetDateTime) -> Self {
        if !observation.answered {
            return Self::default();
        }
        let mut reporting = false;
        let mut overdue = false;
        for renewal in observation.renewals {
            let fresh = is_fresh(*renewal, now);
            reporting |= fresh;
            overdue |= !fresh && now - *renewal < GATEWAY_FORGOTTEN_AFTER;
        }
        let continued =
            self.healthy_since.filter(|_| self.answered_at.is_some_and(|at| is_fresh(at, now)));
        Self {
            answered_at: Some(now),
            healthy_since: (reporting && !overdue).then(|| continued.unwrap_or(now)),
        }
    }

    /// Since when it has been healthy all the time, as far as known at `now`.
    #[must_use]
    pub fn healthy_since(&self, now: OffsetDateTime) -> Option<OffsetDateTime> {
        self.healthy_since.filter(|_| self.answers(now))
    }

    /// Whether it answered lately.
    #[must_use]
    pub fn answers(&self, now: OffsetDateTime) -> bool {
        self.answered_at.is_some_and(|at| is_fresh(at, now))
    }

    /// Whether a member is there whose newest session was last known to live at `last_seen`
    /// (its last renewal, or its closing); `None` if there is no record.
    #[must_use]
    pub fn presence(&self, last_seen: Option<OffsetDateTime>, now: OffsetDateTime) -> Presence {
        if !self.answers(now) {
            return Presence::Unknown;
        }
        if last_seen.is_some_and(|seen| is_fresh(seen, now)) {
            return Presence::Present;
        }
        let Some(healthy_since) = self.healthy_since(now) else { return Presence::Unknown };
        // A record from the future says nothing of when the silence began.
        let seen = last_seen.filter(|seen| *seen <= now);
        let silent_since = seen.map_or(healthy_since, |seen| seen.max(healthy_since));
        if now - silent_since >= ABSENT_AFTER { Presence::Absent } else { Presence::Unseen }
    }
}

/// Whether something that was so at `moment` still counts; a clock may be a little behind.
fn is_fresh(moment: OffsetDateTime, now: OffsetDateTime) -> bool {
    (now - moment).abs() < FRESH
}
