//! What is known of one of our own replies besides its text, and what delivery's facts make of
//! it: the same whatever their order and repetition.

use time::OffsetDateTime;

use super::words::{ChannelId, MemberId, MessageId};

/// What the code of a person's word on an unknown reply is.
pub const SETTLED_BY_PERSON: &str = "settled_by_person";

/// How a reply stands at its network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Waits to be sent.
    Queued,
    /// Bytes may be leaving.
    Sending,
    /// The network has it.
    Sent,
    /// The network refused it, or a person said that it never arrived.
    Failed,
    /// Bytes left and no answer came; never sent again by itself.
    Unknown,
}

impl Stage {
    /// How the database keeps it.
    #[must_use]
    pub const fn code(self) -> i16 {
        match self {
            Self::Queued => 1,
            Self::Sending => 2,
            Self::Sent => 3,
            Self::Failed => 4,
            Self::Unknown => 5,
        }
    }

    /// The state kept as `code`.
    #[must_use]
    pub const fn from_code(code: i16) -> Option<Self> {
        match code {
            1 => Some(Self::Queued),
            2 => Some(Self::Sending),
            3 => Some(Self::Sent),
            4 => Some(Self::Failed),
            5 => Some(Self::Unknown),
            _ => None,
        }
    }

    /// What stands against what, within one attempt: an answer against no answer, acceptance
    /// against refusal.
    const fn rank(self) -> u8 {
        match self {
            Self::Queued | Self::Sending => 0,
            Self::Unknown => 1,
            Self::Failed => 2,
            Self::Sent => 3,
        }
    }
}

/// Why a reply failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Stable.
    pub code: String,
    /// The network's reason.
    pub sentence: String,
    /// A deliberate retry may succeed.
    pub retryable: bool,
}

/// Until when a reply waits for its turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wait {
    /// Until then, as far as is known.
    pub until: Option<OffsetDateTime>,
    /// Stable code of why.
    pub reason: String,
}

/// Where a reply is at its network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The network's id of it.
    pub external_id: String,
    /// The page or account that the id belongs to.
    pub scope: String,
    /// Where the network shows it; empty for private ones.
    pub permalink: String,
    /// When the network says that it was written; unknown when it does not say.
    pub time: Option<OffsetDateTime>,
}

/// What delivery, or a person, says of one attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    /// Which attempt.
    pub attempt: i32,
    /// When that was so.
    pub at: OffsetDateTime,
    /// What.
    pub progress: Progress,
}

/// How far an attempt got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// It is held back.
    Waiting(Wait),
    /// It is under way.
    Started,
    /// The network has it; where, unless a person said so.
    Sent(Option<Place>),
    /// It failed for good.
    Failed(Failure),
    /// Nobody knows.
    Unknown,
}

impl Progress {
    const fn state(&self) -> Stage {
        match self {
            Self::Waiting(_) => Stage::Queued,
            Self::Started => Stage::Sending,
            Self::Sent(_) => Stage::Sent,
            Self::Failed(_) => Stage::Failed,
            Self::Unknown => Stage::Unknown,
        }
    }
}

/// One of our own replies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// How it stands.
    pub state: Stage,
    /// Who wrote it.
    pub member: MemberId,
    /// The account that answers.
    pub channel: ChannelId,
    /// The message that it answers; none for a private message in an open dialogue.
    pub to: Option<MessageId>,
    /// 1 for the first send; grows with every deliberate retry.
    pub attempt: i32,
    /// When what is known of a send under way was so; none before anything is.
    pub as_of: Option<OffsetDateTime>,
    /// Why it failed.
    pub failure: Option<Failure>,
    /// Until when it waits for its turn.
    pub wait: Option<Wait>,
    /// The network has given it an id.
    pub placed: bool,
    /// The arrival sequence that its author had seen.
    pub seen_through: i64,
    /// When it was accepted.
    pub accepted_at: OffsetDateTime,
}

/// What news did to a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Learnt {
    /// Nothing new.
    Nothing,
    /// It shows something else now.
    Changed,
    /// It failed, for good unless somebody retries.
    Failed,
    /// The network's place for it is known now.
    Placed,
}

impl Reply {
    /// Takes in what is said of one attempt. Any order and repetition ends the same.
    pub fn learn(&mut self, news: &News) -> Learnt {
        let state = news.progress.state();
        let theirs = (news.attempt, state.rank());
        let ours = (self.attempt, self.state.rank());
        if theirs < ours {
            return Learnt::Nothing;
        }
        if theirs == ours {
            match state.rank() {
                0 => {
                    // Both are steps of a send under way: the later one stands.
                    let told = (Some(news.at), state == Stage::Sending);
                    if told <= (self.as_of, self.state == Stage::Sending) {
                        return Learnt::Nothing;
                    }
                }
                // A person said so before the network's id was known.
                3 if !self.placed && matches!(news.progress, Progress::Sent(Some(_))) => {}
                _ => return Learnt::Nothing,
            }
        }
        self.placed &= news.attempt == self.attempt;
        self.attempt = news.attempt;
        self.state = state;
        self.as_of = Some(news.at);
        (self.failure, self.wait) = (None, None);
        match &news.progress {
            Progress::Waiting(wait) => self.wait = Some(wait.clone()),
            Progress::Failed(failure) => {
                self.failure = Some(failure.clone());
                return Learnt::Failed;
            }
            Progress::Sent(Some(_)) => {
                self.placed = true;
                return Learnt::Placed;
            }
            Progress::Started | Progress::Sent(None) | Progress::Unknown => {}
        }
        Learnt::Changed
    }

    /// Whether a person's word that it was `sent`, or was not, is what is known of it.
    #[must_use]
    pub fn is_settled_as(&self, sent: bool) -> bool {
        if sent {
            // Whoever said so first.
            return self.state == Stage::Sent;
        }
        let failure = self.failure.as_ref();
        failure.is_some_and(|failure| failure.code == SETTLED_BY_PERSON)
    }

    /// Queues it again; whether it may be: only what has failed, and may succeed another time.
    pub fn retry(&mut self) -> bool {
        let may = self.state == Stage::Failed
            && self.failure.as_ref().is_none_or(|failure| failure.retryable);
        if may {
            self.state = Stage::Queued;
            self.attempt += 1;
            self.as_of = None;
            self.failure = None;
        }
        may
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::Duration;

    use super::*;

    fn reply() -> Reply {
        Reply {
            state: Stage::Queued,
            member: MemberId::from_uuid(uuid::Uuid::nil()),
            channel: ChannelId::from_uuid(uuid::Uuid::nil()),
            to: None,
            attempt: 1,
            as_of: None,
            failure: None,
            wait: None,
            placed: false,
            seen_through: 0,
            accepted_at: OffsetDateTime::UNIX_EPOCH,
        }
    }

    fn news() -> impl Strategy<Value = News> {
        let progress = prop_oneof![
            Just(Progress::Waiting(Wait { until: None, reason: "rate_limited".to_owned() })),
            Just(Progress::Started),
            Just(Progress::Sent(Some(Place {
                external_id: "1".to_owned(),
                scope: String::new(),
                permalink: String::new(),
                time: None,
            }))),
            Just(Progress::Sent(None)),
            Just(Progress::Failed(Failure {
                code: "refused".to_owned(),
                sentence: String::new(),
                retryable: true
            })),
            Just(Progress::Unknown),
        ];
        // One network says one thing of one attempt at one moment.
        (1_i32..3, 0_i64..6, progress).prop_map(|(attempt, second, progress)| News {
            attempt,
            at: OffsetDateTime::UNIX_EPOCH
                + Duration::seconds(second * 2 + i64::from(progress == Progress::Started)),
            progress,
        })
    }

    fn shown(reply: &Reply) -> (Stage, i32, bool, Option<Failure>, Option<Wait>) {
        let placed = reply.placed && reply.state == Stage::Sent;
        (reply.state, reply.attempt, placed, reply.failure.clone(), reply.wait.clone())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn what_delivery_says_ends_the_same_in_any_order_and_never_goes_back(
            said in prop::collection::vec(news(), 0..8),
            keys in prop::collection::vec(any::<u16>(), 16),
        ) {
            let mut forwards = reply();
            for news in &said {
                let before = (forwards.attempt, forwards.state.rank());
                forwards.learn(news);
                prop_assert!((forwards.attempt, forwards.state.rank()) >= before);
            }
            let mut drawn: Vec<(u16, &News)> = said
                .iter()
                .enumerate()
                .flat_map(|(index, news)| [(keys[index], news), (keys[index + 8], news)])
                .collect();
            drawn.sort_by_key(|(key, _)| *key);
            let mut other = reply();
            for (_, news) in drawn {
                other.learn(news);
            }
            prop_assert_eq!(shown(&forwards), shown(&other));
        }
    }

    #[test]
    fn what_a_person_said_is_known_as_that_and_as_nothing_else() {
        let at = OffsetDateTime::UNIX_EPOCH;
        let said = |progress| {
            let mut unknown = reply();
            unknown.learn(&News { attempt: 1, at, progress: Progress::Unknown });
            assert!(!unknown.is_settled_as(true) && !unknown.is_settled_as(false));
            unknown.learn(&News { attempt: 1, at, progress });
            (unknown.is_settled_as(true), unknown.is_settled_as(false))
        };
        let failed = |code: &str| {
            let code = code.to_owned();
            Progress::Failed(Failure { code, sentence: String::new(), retryable: true })
        };
        assert_eq!(said(Progress::Sent(None)), (true, false));
        assert_eq!(said(failed(SETTLED_BY_PERSON)), (false, true));
        assert_eq!(said(failed("refused")), (false, false), "the network's word, not a person's");
    }

    #[test]
    fn only_what_failed_is_sent_again() {
        let at = OffsetDateTime::UNIX_EPOCH;
        let mut unknown = reply();
        unknown.learn(&News { attempt: 1, at, progress: Progress::Unknown });
        assert!(!unknown.retry());
        let failure =
            Failure { code: "refused".to_owned(), sentence: String::new(), retryable: true };
        unknown.learn(&News { attempt: 1, at, progress: Progress::Failed(failure) });
        assert!(unknown.retry());
        assert_eq!((unknown.state, unknown.attempt), (Stage::Queued, 2));
        assert!(!unknown.retry());
        // What is said of the first attempt by now is history.
        assert_eq!(
            unknown.learn(&News { attempt: 1, at, progress: Progress::Unknown }),
            Learnt::Nothing
        );
    }
}
