//! The life of an attempt, by examples.

use std::time::Duration;

use kit_values::OrganizationId;
use time::OffsetDateTime;
use uuid::Uuid;

use super::attempt::{
    Attempt, Command, DISCONNECTED, Decision, Failure, LONGEST_WAIT, MOST_TRIES, NOT_LEFT, News,
    Refusal, Sent, State, UNAVAILABLE, Verdict, decide, pause,
};
use super::words::{Action, Key, MessageId};

const START: OffsetDateTime = OffsetDateTime::UNIX_EPOCH;
const LEASE: Duration = Duration::from_mins(1);

fn key(action: Action) -> Key {
    let organization = OrganizationId::from_uuid(Uuid::from_u128(1));
    Key { organization, message: MessageId::from_uuid(Uuid::from_u128(2)), action, attempt: 1 }
}

fn after(attempt: &Attempt, command: Command, seconds: u64) -> Attempt {
    decide(attempt, command, START + Duration::from_secs(seconds)).expect("it happens").after
}

/// Being made since the start, its first byte on its way.
fn sending(action: Action) -> Attempt {
    let leased = after(&Attempt::queued(key(action), START), Command::Lease(LEASE), 0);
    after(&leased, Command::FirstByte { fence: 1 }, 1)
}

fn answer(verdict: Verdict) -> Command {
    Command::Answer { fence: 1, verdict, status: Some(200) }
}

fn wait(until: Option<OffsetDateTime>) -> Verdict {
    Verdict::Wait { reason: "rate_limited", sentence: "Later.".to_owned(), until }
}

#[test]
fn an_attempt_is_begun_once_and_only_within_its_lease() {
    let leased = after(&Attempt::queued(key(Action::Send), START), Command::Lease(LEASE), 0);
    let late = decide(&leased, Command::FirstByte { fence: 1 }, START + LEASE);
    assert_eq!(late, Err(Refusal::Lease));
    assert_eq!(decide(&leased, Command::FirstByte { fence: 0 }, START), Err(Refusal::Stale));
    let begun = decide(&leased, Command::FirstByte { fence: 1 }, START).expect("begun");
    assert_eq!(begun.news, Some(News::Started));
    // Whoever was not told that it was written down asks again, within the lease.
    let again = decide(&begun.after, Command::FirstByte { fence: 1 }, START + LEASE / 2);
    assert_eq!(again, Ok(Decision { after: begun.after.clone(), news: None }));
    let late = decide(&begun.after, Command::FirstByte { fence: 1 }, START + LEASE);
    assert_eq!(late, Err(Refusal::Lease));
    assert_eq!(decide(&begun.after, Command::Lease(LEASE), START), Err(Refusal::State));
}

#[test]
fn an_older_lease_has_no_say() {
    let leased = after(&Attempt::queued(key(Action::Send), START), Command::Lease(LEASE), 0);
    let free = after(&leased, Command::LeaseOver, 60);
    assert_eq!(free.state, State::Queued);
    let second = after(&free, Command::Lease(LEASE), 61);
    assert_eq!(second.fence, 2);
    let stale = decide(&second, answer(Verdict::Sent(Sent::default())), START + LEASE);
    assert_eq!(stale, Err(Refusal::Stale));
}

#[test]
fn an_answer_that_comes_after_the_lease_is_better_than_none() {
    let unknown = after(&sending(Action::Send), Command::LeaseOver, 60);
    assert!(matches!(unknown.state, State::Unknown(_)));
    let sent = Sent { external_id: "9".to_owned(), ..Sent::default() };
    let settled = after(&unknown, answer(Verdict::Sent(sent.clone())), 70);
    assert_eq!(settled.state, State::Sent(sent));
    // The network did not take it after all; but nothing unknown is made again by itself.
    let refused = after(&unknown, answer(wait(None)), 70);
    assert!(matches!(refused.state, State::Failed(Failure { retryable: true, .. })));
}

#[test]
fn pauses_grow_and_end() {
    assert_eq!(pause(0), Duration::from_secs(2));
    assert_eq!(pause(3), Duration::from_secs(16));
    assert_eq!(pause(40), Duration::from_mins(5));
    let tired = Attempt { tries: MOST_TRIES, ..sending(Action::Send) };
    let failed = after(&tired, answer(wait(None)), 2);
    assert!(matches!(failed.state, State::Failed(Failure { retryable: true, .. })));
    // A hint is followed, but not for ever.
    let hint = START + Duration::from_hours(1);
    let waiting = after(&tired, answer(wait(Some(hint))), 2);
    assert_eq!(waiting.state, State::Waiting { until: hint, reason: "rate_limited".to_owned() });
    assert_eq!(waiting.first_byte_at, None);
    let never = START + LONGEST_WAIT + Duration::from_secs(1);
    let failed = after(&tired, answer(wait(Some(never))), 2);
    assert!(matches!(failed.state, State::Failed(_)));
}

#[test]
fn a_refused_token_is_tried_soon_and_then_slowly() {
    let mut attempt = sending(Action::Send);
    let mut pauses = Vec::new();
    for _ in 0..5 {
        let now = START + Duration::from_secs(2);
        let refused =
            Command::Answer { fence: attempt.fence, verdict: Verdict::TokenRefused, status: None };
        attempt = decide(&attempt, refused, now).expect("waits").after;
        let State::Waiting { until, reason } = attempt.state.clone() else { panic!("waits") };
        assert_eq!(reason, DISCONNECTED);
        pauses.push((until - now).whole_seconds());
        attempt = decide(&attempt, Command::Lease(LEASE), now).expect("leased").after;
        attempt = after(&attempt, Command::FirstByte { fence: attempt.fence }, 2);
    }
    assert_eq!(pauses, [5, 60, 300, 300, 300]);
}

#[test]
fn a_person_settles_only_what_nobody_knows_and_an_echo_gives_it_its_id() {
    let sending = sending(Action::Send);
    assert_eq!(decide(&sending, Command::Person { sent: true }, START), Err(Refusal::State));
    let unknown = after(&sending, Command::LeaseOver, 60);
    let said = after(&unknown, Command::Person { sent: true }, 61);
    assert_eq!(said.state, State::Sent(Sent::default()));
    let sent = Sent { external_id: "9".to_owned(), ..Sent::default() };
    let seen = after(&said, Command::Echoed(sent.clone()), 62);
    assert_eq!(seen.state, State::Sent(sent.clone()));
    let failed = after(&unknown, Command::Person { sent: false }, 61);
    let seen = after(&failed, Command::Echoed(sent.clone()), 62);
    assert_eq!(seen.state, State::Sent(sent.clone()));
    // So does the network's answer, however late; what it did not do, it did not.
    let told = after(&failed, answer(Verdict::Sent(sent.clone())), 62);
    assert_eq!(told.state, State::Sent(sent));
    let refused = answer(Verdict::Failed(Failure::default()));
    assert_eq!(decide(&failed, refused, START), Err(Refusal::Ended));
}

#[test]
fn whoever_knows_that_nothing_left_says_so_even_after_the_lease() {
    let unknown = after(&sending(Action::Send), Command::LeaseOver, 60);
    let unsent = |fence| Command::Unsent { fence, until: START };
    assert_eq!(decide(&unknown, unsent(0), START), Err(Refusal::Stale));
    let failed = after(&unknown, unsent(1), 70);
    let State::Failed(failure) = failed.state else { panic!("nothing was sent") };
    assert_eq!((failure.code.as_str(), failure.retryable), (NOT_LEFT, true));
}

#[test]
fn a_deletion_whose_answer_is_lost_is_made_again() {
    let again = after(&sending(Action::Delete), Command::LeaseOver, 60);
    assert_eq!(again.state, State::Queued);
    let lost = answer(Verdict::Unknown(Failure::default()));
    let again = after(&sending(Action::Delete), lost, 2);
    assert!(matches!(again.state, State::Waiting { .. }));
}

#[test]
fn letting_go_after_the_first_byte_was_announced_takes_that_back() {
    let until = START + Duration::from_secs(3);
    let unsent = || Command::Unsent { fence: 1, until };
    let announced = decide(&sending(Action::Send), unsent(), START).expect("let go");
    assert_eq!(announced.news, Some(News::Waiting));
    assert_eq!(announced.after.first_byte_at, None);
    let waiting = State::Waiting { until, reason: UNAVAILABLE.to_owned() };
    assert_eq!(announced.after.state, waiting);
    // Nobody was told of one that was only leased.
    let leased = after(&Attempt::queued(key(Action::Send), START), Command::Lease(LEASE), 0);
    let quiet = decide(&leased, unsent(), START).expect("let go");
    assert_eq!((quiet.after.state, quiet.news), (State::Queued, None));
}

#[test]
fn being_put_off_until_the_same_moment_is_told_once() {
    let queued = Attempt::queued(key(Action::Send), START);
    let hold = || Command::Hold { until: START + LEASE, reason: "rate_limited".to_owned() };
    let first = decide(&queued, hold(), START).expect("put off");
    assert_eq!(first.news, Some(News::Waiting));
    let second = decide(&first.after, hold(), START).expect("put off");
    assert_eq!(second.news, None);
}
