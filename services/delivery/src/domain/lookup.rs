//! Who wrote a message whose network did not say so by itself: what is read from the network, and
//! how often it is tried.
//!
//! Nothing that people wait for hangs on it, so that it takes only what replies leave of the
//! networks' limits ([`super::budget::Ledger::take_spare`]), and ends one way or the other.

use kit_values::OrganizationId;
use networks::{MessageKind, Network, Person};
use time::{Duration, OffsetDateTime};

use super::words::{ChannelId, ItemId};

/// For how long it is tried: by then whoever answers knows the person otherwise.
const PATIENCE: Duration = Duration::hours(24);

/// The first pause, where the network names none.
const FIRST_PAUSE: Duration = Duration::seconds(2);

/// After this at the latest it is looked at again: whether it has been tried for long enough.
pub const LONGEST_PAUSE: Duration = Duration::hours(1);

/// Told when nobody knows after all that time.
const GAVE_UP: &str = "gave_up";

/// Which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject {
    /// Whose.
    pub organization: OrganizationId,
    /// Of which item.
    pub item: ItemId,
}

/// What is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lookup {
    /// Which.
    pub key: Subject,
    /// In whose name.
    pub channel: ChannelId,
    /// Of which network.
    pub network: Network,
    /// The message's id there.
    pub external_id: String,
    /// What the message is.
    pub kind: MessageKind,
    /// The author's id there, where it is known; else empty.
    pub author: String,
    /// What the author's id belongs to.
    pub scope: String,
    /// How often the network put it off.
    pub tries: i32,
    /// When it was asked for.
    pub asked_at: OffsetDateTime,
    /// W3C `traceparent` of what asked for it.
    pub trace: Option<String>,
}

/// What a call showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// Who it is.
    Person(Person),
    /// The network does not say, and will not; a stable code says why.
    Nobody(String),
    /// The network may say later.
    Later {
        /// Its hint.
        until: Option<OffsetDateTime>,
        /// Stable code.
        reason: &'static str,
    },
}

/// What becomes of a lookup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// It ends, and ingest is told.
    End(Result<Person, String>),
    /// It is tried again.
    Again {
        /// When.
        at: OffsetDateTime,
        /// Stable code.
        reason: &'static str,
    },
}

impl Lookup {
    /// What becomes of it by what a call showed.
    #[must_use]
    pub fn step(&self, shown: Shown, now: OffsetDateTime) -> Step {
        match shown {
            Shown::Person(person) => Step::End(Ok(person)),
            Shown::Nobody(reason) => Step::End(Err(reason)),
            Shown::Later { .. } if self.is_over(now) => Step::End(Err(GAVE_UP.to_owned())),
            Shown::Later { until, reason } => {
                let doubled = FIRST_PAUSE * 2_i32.pow(self.tries.clamp(0, 12).unsigned_abs());
                let pause = now + doubled.min(LONGEST_PAUSE);
                let at = until.map_or(pause, |until| until.max(pause));
                Step::Again { at: at.min(now + LONGEST_PAUSE), reason }
            }
        }
    }

    /// Whether it has been tried for long enough.
    #[must_use]
    pub fn is_over(&self, now: OffsetDateTime) -> bool {
        now - self.asked_at >= PATIENCE
    }

    /// How it ends when it is over.
    #[must_use]
    pub fn given_up() -> Step {
        Step::End(Err(GAVE_UP.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lookup(tries: i32, asked_at: OffsetDateTime) -> Lookup {
        let key = Subject { organization: OrganizationId::mint(), item: ItemId::mint() };
        Lookup {
            key,
            channel: ChannelId::mint(),
            network: Network::Facebook,
            external_id: "1_2".to_owned(),
            kind: MessageKind::Comment,
            author: String::new(),
            scope: String::new(),
            tries,
            asked_at,
            trace: None,
        }
    }

    #[test]
    fn it_is_tried_ever_more_seldom_not_before_a_hint_within_the_hour_and_not_for_ever() {
        let now = OffsetDateTime::UNIX_EPOCH + Duration::days(20_000);
        let later = |until| Shown::Later { until, reason: "rate_limited" };
        let pause = |tries, until| match lookup(tries, now).step(later(until), now) {
            Step::Again { at, .. } => at - now,
            Step::End(end) => panic!("{end:?}"),
        };
        let pauses: Vec<i64> = (0..14).map(|tries| pause(tries, None).whole_seconds()).collect();
        assert!(pauses.is_sorted() && pauses[0] == 2 && pauses[13] == 3_600, "{pauses:?}");
        assert_eq!(pause(0, Some(now + Duration::HOUR)), Duration::HOUR);
        // One that names next month is not believed for longer than an hour at a time.
        assert_eq!(pause(0, Some(now + Duration::days(20))), Duration::HOUR);
        // A hint that lies in the past, or is one moment, makes no storm.
        assert_eq!(pause(5, Some(now)), Duration::seconds(64));
        let old = lookup(3, now - Duration::hours(24));
        assert_eq!(old.step(later(None), now), Lookup::given_up());
        let person = Person { id: "7".to_owned(), ..Person::default() };
        assert_eq!(old.step(Shown::Person(person.clone()), now), Step::End(Ok(person)));
    }
}
