//! What members have done to messages at their networks, or to who wrote them: likes, hiding,
//! reposts, follows, deletions, and their taking back.
//!
//! Each request concerns one thing (a like and its taking back are one thing) and has its turn
//! there. The request with the greatest turn is what is wanted; of those done, the one with the
//! greatest turn is what stands. Whatever the order and repetition in which their ends are heard,
//! the same is shown. Deliberately absent: what an account may do, which its network's manifest
//! says.

use time::OffsetDateTime;
use uuid::Uuid;

use super::reply::{Failure, Wait};
use super::words::{ActionId, ChannelId, MemberId, MessageId};

/// The kinds of thing that can be so, or not be so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Aspect {
    /// Our account likes the message.
    Like,
    /// Only its author and their friends see the message.
    Hide,
    /// Our account shows the message to whoever reads it.
    Repost,
    /// Our account reads what the author writes.
    Follow,
    /// Our own message is gone.
    Delete,
}

impl Aspect {
    /// How the database keeps it.
    #[must_use]
    pub const fn code(self) -> i16 {
        match self {
            Self::Like => 1,
            Self::Hide => 2,
            Self::Repost => 3,
            Self::Follow => 4,
            Self::Delete => 5,
        }
    }

    /// The aspect kept as `code`.
    #[must_use]
    pub const fn from_code(code: i16) -> Option<Self> {
        match code {
            1 => Some(Self::Like),
            2 => Some(Self::Hide),
            3 => Some(Self::Repost),
            4 => Some(Self::Follow),
            5 => Some(Self::Delete),
            _ => None,
        }
    }

    /// It is of the author: the same for every message of theirs.
    #[must_use]
    pub const fn is_of_author(self) -> bool {
        matches!(self, Self::Follow)
    }
}

/// What is asked for: that something be so, or be no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Deed {
    /// What.
    pub aspect: Aspect,
    /// Whether it shall be so.
    pub wanted: bool,
}

impl Deed {
    /// Every deed there is: a deletion has no opposite.
    pub const ALL: [Self; 9] = [
        Self::new(Aspect::Like, true),
        Self::new(Aspect::Like, false),
        Self::new(Aspect::Repost, true),
        Self::new(Aspect::Repost, false),
        Self::new(Aspect::Hide, true),
        Self::new(Aspect::Hide, false),
        Self::new(Aspect::Follow, true),
        Self::new(Aspect::Follow, false),
        Self::new(Aspect::Delete, true),
    ];

    const fn new(aspect: Aspect, wanted: bool) -> Self {
        Self { aspect, wanted }
    }

    /// Its stable word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match (self.aspect, self.wanted) {
            (Aspect::Like, true) => "like",
            (Aspect::Like, false) => "unlike",
            (Aspect::Hide, true) => "hide",
            (Aspect::Hide, false) => "unhide",
            (Aspect::Repost, true) => "repost",
            (Aspect::Repost, false) => "unrepost",
            (Aspect::Follow, true) => "follow",
            (Aspect::Follow, false) => "unfollow",
            (Aspect::Delete, _) => "delete",
        }
    }

    /// By its word.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|deed| deed.name() == word)
    }
}

/// How a request ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// So it stands at the network.
    Done,
    /// The network refused, or a newer request took its place.
    Failed(Failure),
}

/// What delivery says of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// It is held back.
    Waiting(Wait),
    /// It ended.
    Ended(End),
}

/// One request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Which.
    pub id: ActionId,
    /// What it is done to: the message, or its author's identity.
    pub target: Uuid,
    /// What.
    pub deed: Deed,
    /// Its place among the requests about the same thing, from 1.
    pub turn: i64,
    /// The message at hand.
    pub message: MessageId,
    /// The account that acts.
    pub channel: ChannelId,
    /// Who asked.
    pub member: MemberId,
    /// When.
    pub at: OffsetDateTime,
    /// How it ended, if it has.
    pub end: Option<End>,
    /// When the wait was so.
    pub as_of: Option<OffsetDateTime>,
    /// Until when it waits for its turn.
    pub wait: Option<Wait>,
    /// Grows by one with every change, from 1.
    pub rev: i64,
}

impl Request {
    const fn rank(end: Option<&End>) -> u8 {
        match end {
            None => 0,
            Some(End::Failed(_)) => 1,
            Some(End::Done) => 2,
        }
    }

    /// Takes in what is said of it; whether that changed anything. Any order and repetition ends
    /// the same: an end stands against waiting, and what was done was done.
    pub fn learn(&mut self, said: &Said, at: OffsetDateTime) -> bool {
        match said {
            Said::Waiting(wait) => {
                if self.end.is_some() || self.as_of.is_some_and(|known| known >= at) {
                    return false;
                }
                self.wait = Some(wait.clone());
                self.as_of = Some(at);
            }
            Said::Ended(end) => {
                if Self::rank(Some(end)) <= Self::rank(self.end.as_ref()) {
                    return false;
                }
                self.end = Some(end.clone());
                self.wait = None;
            }
        }
        self.rev += 1;
        true
    }
}

/// How one thing stands, as it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It is so.
    On,
    /// It shall be so.
    TurningOn,
    /// It shall be no more.
    TurningOff,
    /// What was asked for last was not done.
    Failed,
}

/// One thing as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// How it stands.
    pub state: State,
    /// What stands at the network, as far as is known.
    pub on: bool,
    /// The request that says so.
    pub last: Request,
}

/// Whether something stands, by its requests.
fn stands(requests: &[Request]) -> bool {
    let done = requests.iter().filter(|request| request.end == Some(End::Done));
    done.max_by_key(|request| request.turn).is_some_and(|request| request.deed.wanted)
}

fn last(requests: &[Request]) -> Option<&Request> {
    requests.iter().max_by_key(|request| request.turn)
}

/// How one thing stands, by all requests about it; nothing when it is not so and nobody wants it
/// to be.
#[must_use]
pub fn shown(requests: &[Request]) -> Option<Act> {
    let last = last(requests)?;
    let state = match (&last.end, last.deed.wanted) {
        (None, true) => State::TurningOn,
        (None, false) => State::TurningOff,
        (Some(End::Done), true) => State::On,
        (Some(End::Done), false) => return None,
        (Some(End::Failed(_)), _) => State::Failed,
    };
    Some(Act { state, on: stands(requests), last: last.clone() })
}

/// Whether people want it to be so, by all requests about it: what they asked for last, or what
/// stands if that came to nothing.
#[must_use]
pub fn is_wanted(requests: &[Request]) -> bool {
    match last(requests) {
        Some(Request { end: Some(End::Failed(_)), .. }) | None => stands(requests),
        Some(last) => last.deed.wanted,
    }
}

/// The turn of a new request for `wanted`; none when that is so, or under way, already.
#[must_use]
pub fn ask(requests: &[Request], wanted: bool) -> Option<i64> {
    let turn = last(requests).map_or(0, |last| last.turn) + 1;
    (is_wanted(requests) != wanted).then_some(turn)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::Duration;

    use super::*;

    fn request(turn: i64, wanted: bool) -> Request {
        Request {
            id: ActionId::from_uuid(Uuid::from_u64_pair(0, turn.unsigned_abs())),
            target: Uuid::nil(),
            deed: Deed { aspect: Aspect::Like, wanted },
            turn,
            message: MessageId::from_uuid(Uuid::nil()),
            channel: ChannelId::from_uuid(Uuid::nil()),
            member: MemberId::from_uuid(Uuid::nil()),
            at: OffsetDateTime::UNIX_EPOCH,
            end: None,
            as_of: None,
            wait: None,
            rev: 1,
        }
    }

    fn failed(code: &str) -> Said {
        let (code, sentence) = (code.to_owned(), String::new());
        Said::Ended(End::Failed(Failure { code, sentence, retryable: true }))
    }

    fn said() -> impl Strategy<Value = Said> {
        prop_oneof![
            Just(Said::Waiting(Wait { until: None, reason: "rate_limited".to_owned() })),
            Just(Said::Ended(End::Done)),
            Just(failed("refused")),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        /// However members change their minds, and in whichever order and however often the ends
        /// of their requests are heard, the same is shown in the end.
        #[test]
        fn the_ends_of_requests_show_the_same_in_any_order(
            wishes in prop::collection::vec(any::<bool>(), 1..6),
            ends in prop::collection::vec((0_usize..6, said(), 0_i64..4), 0..10),
            keys in prop::collection::vec(any::<u16>(), 20),
        ) {
            let mut requests: Vec<Request> = Vec::new();
            for wanted in wishes {
                if let Some(turn) = ask(&requests, wanted) {
                    prop_assert_eq!(turn, i64::try_from(requests.len()).expect("few") + 1);
                    requests.push(request(turn, wanted));
                } else {
                    prop_assert_eq!(is_wanted(&requests), wanted);
                }
            }
            let tell = |requests: &mut [Request], (of, said, second): &(usize, Said, i64)| {
                let at = OffsetDateTime::UNIX_EPOCH + Duration::seconds(*second);
                let Some(request) = requests.get_mut(*of) else { return Ok(()) };
                let before = (Request::rank(request.end.as_ref()), request.rev);
                let changed = request.learn(said, at);
                let after = (Request::rank(request.end.as_ref()), request.rev);
                prop_assert!(after.0 >= before.0, "an end is never taken back");
                prop_assert_eq!(after.1 - before.1, i64::from(changed));
                Ok(())
            };
            let mut forwards = requests.clone();
            for end in &ends {
                tell(&mut forwards, end)?;
            }
            let mut drawn: Vec<_> = ends
                .iter()
                .enumerate()
                .flat_map(|(index, end)| [(keys[index], end), (keys[index + 10], end)])
                .collect();
            drawn.sort_by_key(|(key, _)| *key);
            let mut other = requests.clone();
            for (_, end) in drawn {
                tell(&mut other, end)?;
            }
            let seen = |requests: &[Request]| {
                shown(requests).map(|act| (act.state, act.on, act.last.end, act.last.turn))
            };
            prop_assert_eq!(seen(&forwards), seen(&other));
            prop_assert_eq!(is_wanted(&forwards), is_wanted(&other));
        }
    }

    #[test]
    fn a_failure_gives_back_what_stood() {
        let now = OffsetDateTime::UNIX_EPOCH;
        let mut requests = vec![request(1, true)];
        assert_eq!(
            shown(&requests).map(|act| (act.state, act.on)),
            Some((State::TurningOn, false))
        );
        assert_eq!(ask(&requests, true), None, "it is under way");
        requests[0].learn(&Said::Ended(End::Done), now);
        assert_eq!(shown(&requests).map(|act| (act.state, act.on)), Some((State::On, true)));
        requests.push(request(ask(&requests, false).expect("it is so"), false));
        assert_eq!(shown(&requests).map(|act| act.state), Some(State::TurningOff));
        requests[1].learn(&failed("refused"), now);
        assert_eq!(shown(&requests).map(|act| (act.state, act.on)), Some((State::Failed, true)));
        assert!(is_wanted(&requests));
        assert_eq!(ask(&requests, false), Some(3), "it can be tried again");
        requests.push(request(3, false));
        requests[2].learn(&Said::Ended(End::Done), now);
        assert_eq!(shown(&requests), None);
    }

    #[test]
    fn every_word_and_code_reads_back() {
        for deed in Deed::ALL {
            assert_eq!(Deed::named(deed.name()), Some(deed));
            assert_eq!(Aspect::from_code(deed.aspect.code()), Some(deed.aspect));
        }
        assert_eq!(Aspect::from_code(0), None);
        assert_eq!(Deed::named("quote"), None);
    }
}
