//! The life of an attempt. The rule above all others: whatever crashes, comes late or comes
//! twice, one attempt is taken by its network at most once, and what cannot be known is said to
//! be unknown.
//!
//! ```text
//! queued ── lease ──► sending ── answer ──► sent, failed
//!   ▲  ▲                │  │ └── no answer, or the lease ends after the first byte ──► unknown
//!   │  └─ waiting ◄─────┘  └── the lease ends before the first byte ──► queued
//!   unknown ── echo, person ──► sent, failed
//! ```
//!
//! The fence grows with every lease, and a lease is given again only where nothing can have left:
//! so of all that ever held one, one at most wrote down its first byte.
//!
//! What may be done twice without harm (a deletion, a like …) is never unknown: it is made again.

use std::time::Duration;

use time::OffsetDateTime;

use super::words::Key;

/// How long a refusal without a hint is waited out, the first time; it doubles with each.
const FIRST_PAUSE: Duration = Duration::from_secs(2);

/// Longest of these pauses.
const LONGEST_PAUSE: Duration = Duration::from_mins(5);

/// How often an attempt is put off without a hint before it fails: an hour and a half.
pub const MOST_TRIES: i32 = 25;

/// How long an attempt is put off in all, hints or not.
pub const LONGEST_WAIT: Duration = Duration::from_hours(24);

/// Pauses after the network refused the account's token. One refusal proves nothing, so the
/// first pause is short; from then on somebody has to reconnect the account.
const TOKEN_PAUSES: [Duration; 3] =
    [Duration::from_secs(5), Duration::from_mins(1), Duration::from_mins(5)];

/// Shown while the network cannot be reached.
pub const UNAVAILABLE: &str = "network_unavailable";

/// Shown when nothing left, and others had been told already that nobody knew.
pub const NOT_LEFT: &str = "not_left";

/// Shown while the network does not take the account's token.
pub const DISCONNECTED: &str = "channel_disconnected";

/// What the network made of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sent {
    /// Its id there; empty when only a person says that it arrived, and for all but sends.
    pub external_id: String,
    /// What the id is unique within; may be empty.
    pub scope: String,
    /// Where people see it; empty for private ones.
    pub permalink: String,
    /// When, by the network's clock.
    pub network_time: Option<OffsetDateTime>,
}

/// Why it did not succeed, or may not have.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Failure {
    /// Stable code.
    pub code: String,
    /// For people.
    pub sentence: String,
    /// A deliberate retry may succeed.
    pub retryable: bool,
}

/// Who told how it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettledBy {
    /// The network's answer, or that there was none.
    Answer,
    /// Nobody: whoever made the call was gone when its lease ended.
    Lease,
    /// The network's echo.
    Echo,
    /// A person.
    Person,
}

impl SettledBy {
    const ALL: [Self; 4] = [Self::Answer, Self::Lease, Self::Echo, Self::Person];

    /// Its word in tables and calls.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::Lease => "lease",
            Self::Echo => "echo",
            Self::Person => "person",
        }
    }

    /// By its word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|by| by.as_str() == word)
    }
}

/// Where an attempt stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// To be made as soon as it is its turn.
    Queued,
    /// Put off.
    Waiting {
        /// Until when, as far as is known.
        until: OffsetDateTime,
        /// Stable code.
        reason: String,
    },
    /// Somebody is making it.
    Sending {
        /// Until when it is theirs.
        lease_until: OffsetDateTime,
    },
    /// The network took it, or did what was to be done.
    Sent(Sent),
    /// The network did not.
    Failed(Failure),
    /// Bytes left, and nobody knows.
    Unknown(Failure),
}

impl State {
    /// As it is kept.
    #[must_use]
    pub const fn code(&self) -> i16 {
        match self {
            Self::Queued => 1,
            Self::Waiting { .. } => 2,
            Self::Sending { .. } => 3,
            Self::Sent(_) => 4,
            Self::Failed(_) => 5,
            Self::Unknown(_) => 6,
        }
    }

    /// Its word in calls and metrics.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Waiting { .. } => "waiting",
            Self::Sending { .. } => "sending",
            Self::Sent(_) => "sent",
            Self::Failed(_) => "failed",
            Self::Unknown(_) => "unknown",
        }
    }

    /// Nothing changes it any more but the network itself, when only a person had said so.
    #[must_use]
    pub const fn is_final(&self) -> bool {
        matches!(self, Self::Sent(_) | Self::Failed(_))
    }
}

/// One attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// Which.
    pub key: Key,
    /// Where it stands.
    pub state: State,
    /// Of the newest lease.
    pub fence: i64,
    /// When its first byte was about to leave; none while nothing can have left.
    pub first_byte_at: Option<OffsetDateTime>,
    /// How often the network made it wait.
    pub tries: i32,
    /// When it was queued.
    pub queued_at: OffsetDateTime,
    /// Before when it is not looked at again, while it is queued.
    pub due: OffsetDateTime,
    /// The network's last HTTP status.
    pub status: Option<u16>,
    /// How it ended, as far as it has.
    pub settled: Option<(OffsetDateTime, SettledBy)>,
}

impl Attempt {
    /// A new one.
    #[must_use]
    pub const fn queued(key: Key, now: OffsetDateTime) -> Self {
        Self {
            key,
            state: State::Queued,
            fence: 0,
            first_byte_at: None,
            tries: 0,
            queued_at: now,
            due: now,
            status: None,
            settled: None,
        }
    }
}

/// What a call of the network showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It did it.
    Sent(Sent),
    /// It did not, and will not.
    Failed(Failure),
    /// It may have.
    Unknown(Failure),
    /// It did not do it yet.
    Wait {
        /// Stable code.
        reason: &'static str,
        /// For people, should it never do it.
        sentence: String,
        /// The network's hint.
        until: Option<OffsetDateTime>,
    },
    /// It did not do it, because of the token.
    TokenRefused,
}

/// What happens to an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// A worker makes it its own for so long.
    Lease(Duration),
    /// It is its turn, but it has to be put off before anything was done.
    Hold {
        /// Until when.
        until: OffsetDateTime,
        /// Stable code.
        reason: String,
    },
    /// It can never be made.
    GiveUp(Failure),
    /// Whoever has this fence is about to let the first byte leave.
    FirstByte {
        /// Of its lease.
        fence: i64,
    },
    /// Whoever has this fence lets go of it; no byte has left.
    Unsent {
        /// Of its lease.
        fence: i64,
        /// Before when it is not worth another try.
        until: OffsetDateTime,
    },
    /// Whoever has this fence knows what became of it.
    Answer {
        /// Of its lease.
        fence: i64,
        /// What the call showed.
        verdict: Verdict,
        /// The HTTP status, if one came.
        status: Option<u16>,
    },
    /// Time passed.
    LeaseOver,
    /// The network says by itself that the message is there.
    Echoed(Sent),
    /// A person says whether it arrived.
    Person {
        /// It did.
        sent: bool,
    },
}

/// What others are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News {
    /// The first byte is about to leave.
    Started,
    /// It was put off.
    Waiting,
    /// It ended, or became unknown.
    Settled,
}

/// What a command does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The attempt from now on.
    pub after: Attempt,
    /// What is told of it.
    pub news: Option<News>,
}

/// Why a command does nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Its fence is not the newest, or the attempt is not being made.
    Stale,
    /// The lease is over, or not over yet.
    Lease,
    /// It has ended.
    Ended,
    /// The attempt does not stand so that this could happen.
    State,
}

/// Decides what a command does to an attempt.
///
/// # Errors
/// Why it does nothing.
pub fn decide(
    attempt: &Attempt,
    command: Command,
    now: OffsetDateTime,
) -> Result<Decision, Refusal> {
    match command {
        Command::Lease(lease) => leased(attempt, lease, now),
        Command::Hold { until, reason } => match attempt.state {
            State::Queued | State::Waiting { .. } => Ok(put_off(attempt, until, &reason)),
            _ => Err(refusal(attempt)),
        },
        Command::GiveUp(failure) => match attempt.state {
            State::Queued | State::Waiting { .. } => {
                Ok(settled(attempt, State::Failed(failure), SettledBy::Answer, now))
            }
            _ => Err(refusal(attempt)),
        },
        Command::FirstByte { fence } => {
            let lease_until = held(attempt, fence)?;
            if now >= lease_until {
                return Err(Refusal::Lease);
            }
            // Nobody else has this fence: whoever asks wrote it down and was not told so.
            if attempt.first_byte_at.is_some() {
                return Ok(Decision { after: attempt.clone(), news: None });
            }
            let after = Attempt { first_byte_at: Some(now), ..attempt.clone() };
            Ok(Decision { after, news: Some(News::Started) })
        }
        Command::Unsent { fence, until } => unsent(attempt, fence, until, now),
        Command::Answer { fence, verdict, status } => {
            answered(attempt, fence, verdict, status, now)
        }
        Command::LeaseOver => lease_over(attempt, now),
        Command::Echoed(sent) => match attempt.state {
            // A person said so, and now its id is known.
            State::Sent(ref known) if !known.external_id.is_empty() => Err(Refusal::Ended),
            // Whatever we, the network or a person thought of it: there it is.
            _ => Ok(settled(attempt, State::Sent(sent), SettledBy::Echo, now)),
        },
        Command::Person { sent } => match &attempt.state {
            State::Unknown(failure) => {
                let state = if sent {
                    State::Sent(Sent::default())
                } else {
                    State::Failed(Failure { retryable: true, ..failure.clone() })
                };
                Ok(settled(attempt, state, SettledBy::Person, now))
            }
            _ => Err(refusal(attempt)),
        },
    }
}

fn refusal(attempt: &Attempt) -> Refusal {
    if attempt.state.is_final() { Refusal::Ended } else { Refusal::State }
}

/// The end of the lease that `fence` holds.
fn held(attempt: &Attempt, fence: i64) -> Result<OffsetDateTime, Refusal> {
    match attempt.state {
        State::Sending { lease_until } if attempt.fence == fence => Ok(lease_until),
        _ => Err(Refusal::Stale),
    }
}

/// Whoever has the fence knows that nothing has left, however late it says so.
fn unsent(
    attempt: &Attempt,
    fence: i64,
    until: OffsetDateTime,
    now: OffsetDateTime,
) -> Result<Decision, Refusal> {
    if attempt.fence == fence && matches!(attempt.state, State::Unknown(_)) {
        let failure = Failure {
            code: NOT_LEFT.to_owned(),
            sentence: "It could not leave in time.".to_owned(),
            retryable: true,
        };
        return Ok(settled(attempt, State::Failed(failure), SettledBy::Answer, now));
    }
    held(attempt, fence)?;
    // Others were told that it is being made.
    if attempt.first_byte_at.is_some() {
        return Ok(put_off(attempt, until, UNAVAILABLE));
    }
    Ok(Decision { after: again(attempt, until), news: None })
}

fn leased(attempt: &Attempt, lease: Duration, now: OffsetDateTime) -> Result<Decision, Refusal> {
    match attempt.state {
        State::Queued | State::Waiting { .. } => {
            let after = Attempt {
                state: State::Sending { lease_until: now + lease },
                fence: attempt.fence + 1,
                first_byte_at: None,
                ..attempt.clone()
            };
            Ok(Decision { after, news: None })
        }
        _ => Err(refusal(attempt)),
    }
}

/// Back to where it may be leased again: only where no byte has left.
fn again(attempt: &Attempt, due: OffsetDateTime) -> Attempt {
    Attempt { state: State::Queued, first_byte_at: None, due, ..attempt.clone() }
}

fn put_off(attempt: &Attempt, until: OffsetDateTime, reason: &str) -> Decision {
    let state = State::Waiting { until, reason: reason.to_owned() };
    let news = (attempt.state != state).then_some(News::Waiting);
    Decision { after: Attempt { state, first_byte_at: None, ..attempt.clone() }, news }
}

fn settled(attempt: &Attempt, state: State, by: SettledBy, now: OffsetDateTime) -> Decision {
    let after = Attempt { state, settled: Some((now, by)), ..attempt.clone() };
    Decision { after, news: Some(News::Settled) }
}

fn answered(
    attempt: &Attempt,
    fence: i64,
    verdict: Verdict,
    status: Option<u16>,
    now: OffsetDateTime,
) -> Result<Decision, Refusal> {
    // A person may have said that it did not arrive: the network knows better.
    let denied = matches!(attempt.settled, Some((_, SettledBy::Person)))
        && matches!(attempt.state, State::Failed(_))
        && matches!(verdict, Verdict::Sent(_));
    if attempt.state.is_final() && !denied {
        return Err(Refusal::Ended);
    }
    // The answer may come after the lease, when it is already unknown: better late than never.
    let late = denied || matches!(attempt.state, State::Unknown(_));
    if attempt.fence != fence || !(late || matches!(attempt.state, State::Sending { .. })) {
        return Err(Refusal::Stale);
    }
    let attempt = Attempt { status: status.or(attempt.status), ..attempt.clone() };
    let end = |state| Ok(settled(&attempt, state, SettledBy::Answer, now));
    match verdict {
        Verdict::Sent(sent) => end(State::Sent(sent)),
        Verdict::Failed(failure) => end(State::Failed(failure)),
        Verdict::Unknown(_) if late => Err(Refusal::State),
        Verdict::Unknown(failure) if attempt.key.action.is_repeatable() => {
            Ok(waited(&attempt, UNAVAILABLE, failure.sentence, None, now))
        }
        Verdict::Unknown(failure) => end(State::Unknown(failure)),
        // It did not happen. What was unknown is not made again by itself, though.
        Verdict::Wait { reason, sentence, .. } if late => {
            let failure = Failure { code: reason.to_owned(), sentence, retryable: true };
            end(State::Failed(failure))
        }
        Verdict::TokenRefused if late => end(State::Failed(disconnected())),
        Verdict::Wait { reason, sentence, until } => {
            Ok(waited(&attempt, reason, sentence, until, now))
        }
        Verdict::TokenRefused => {
            let place = usize::try_from(attempt.tries).unwrap_or(0).min(TOKEN_PAUSES.len() - 1);
            let tried = Attempt { tries: attempt.tries.saturating_add(1), ..attempt };
            Ok(put_off(&tried, now + TOKEN_PAUSES[place], DISCONNECTED))
        }
    }
}

fn disconnected() -> Failure {
    let sentence = "The network does not take the account's authorization.".to_owned();
    Failure { code: DISCONNECTED.to_owned(), sentence, retryable: true }
}

/// Waits, but not for ever.
fn waited(
    attempt: &Attempt,
    reason: &str,
    sentence: String,
    hint: Option<OffsetDateTime>,
    now: OffsetDateTime,
) -> Decision {
    let tries = attempt.tries.saturating_add(1);
    let until = hint.unwrap_or_else(|| now + pause(attempt.tries)).max(now + FIRST_PAUSE / 2);
    let exhausted = hint.is_none() && tries > MOST_TRIES;
    if exhausted || until > attempt.queued_at + LONGEST_WAIT {
        let failure = Failure { code: reason.to_owned(), sentence, retryable: true };
        return settled(attempt, State::Failed(failure), SettledBy::Answer, now);
    }
    put_off(&Attempt { tries, ..attempt.clone() }, until, reason)
}

/// The pause after so many refusals without a hint.
#[must_use]
pub fn pause(tries: i32) -> Duration {
    let doubled = u32::try_from(tries.clamp(0, 16)).unwrap_or(0);
    FIRST_PAUSE.saturating_mul(1 << doubled).min(LONGEST_PAUSE)
}

fn lease_over(attempt: &Attempt, now: OffsetDateTime) -> Result<Decision, Refusal> {
    let State::Sending { lease_until } = attempt.state else { return Err(refusal(attempt)) };
    if now < lease_until {
        return Err(Refusal::Lease);
    }
    if attempt.first_byte_at.is_none() || attempt.key.action.is_repeatable() {
        return Ok(Decision { after: again(attempt, now), news: None });
    }
    let failure = Failure {
        code: "answer_lost".to_owned(),
        sentence: "No answer came, so it may or may not have arrived.".to_owned(),
        retryable: true,
    };
    Ok(settled(attempt, State::Unknown(failure), SettledBy::Lease, now))
}
