//! The rows of `product.md` 3, one by one.

use std::collections::BTreeSet;

use time::{Duration, OffsetDateTime};

use super::chain::IdentityState;
use super::decide::{Command, Decision, Effect, News, Rejection, decide};
use super::hand::{By, Echo, Replying};
use super::history::BecameReply;
use super::join::{Arriving, Known};
use super::policy::Policy;
use super::remind::Reminding;
use super::seen::Unseen;
use super::words::{
    ChannelId, ConversationId, Direction, MemberId, MessageId, MessageKind, NetworkOrder, State,
};

fn at(hours: i64) -> OffsetDateTime {
    OffsetDateTime::UNIX_EPOCH + Duration::hours(hours)
}

/// One person's conversations.
struct Person {
    state: IdentityState,
    policy: Policy,
    next: u32,
}

impl Person {
    fn new() -> Self {
        Self { state: IdentityState::default(), policy: Policy::default(), next: 0 }
    }

    fn arriving(&mut self, direction: Direction, time: OffsetDateTime) -> Arriving {
        self.next += 1;
        Arriving {
            message: MessageId::mint(),
            spare: ConversationId::mint(),
            order: NetworkOrder { time, external_id: self.next.to_string() },
            kind: MessageKind::PrivateMessage,
            direction,
            channel: ChannelId::from_uuid(uuid::Uuid::nil()),
            reopen_window: None,
            history: false,
            known: None,
        }
    }

    fn take(&mut self, arriving: Arriving, now: OffsetDateTime) -> Decision {
        self.act(&Command::Arrive(Box::new(arriving)), now).expect("never refused")
    }

    fn act(&mut self, command: &Command, now: OffsetDateTime) -> Result<Decision, Rejection> {
        let decision = decide(&self.state, command, &self.policy, now)?;
        for entry in &decision.entries {
            self.state.apply(entry);
        }
        Ok(decision)
    }

    /// A member's decision about the newest conversation, seen up to there.
    fn seeing(&self, seen_through: i64) -> By {
        By {
            conversation: self.state.newest().expect("one").id,
            member: MemberId::from_uuid(uuid::Uuid::nil()),
            seen_through,
            last_inbound: Some(at(0)),
        }
    }

    /// A member replies to all that there is.
    fn replies(&mut self, now: OffsetDateTime) -> MessageId {
        let seen_through = self.state.newest().expect("one").contents.last_sequence;
        let message = MessageId::mint();
        let replying = Replying {
            by: self.seeing(seen_through),
            message,
            kind: MessageKind::PrivateMessage,
            channel: ChannelId::from_uuid(uuid::Uuid::nil()),
            order: NetworkOrder { time: now, external_id: message.uuid().simple().to_string() },
            despite_newer: false,
        };
        self.act(&Command::Reply(Box::new(replying)), now).expect("accepted");
        message
    }

    fn fails(&mut self, message: MessageId, now: OffsetDateTime) {
        let conversation = self.state.newest().expect("one").id;
        self.act(&Command::Failed { conversation, message }, now).expect("never refused");
    }

    fn waiting_since(&self) -> Option<OffsetDateTime> {
        self.state.newest().expect("one").waiting_since()
    }

    fn writes(&mut self, time: OffsetDateTime) -> Decision {
        let arriving = self.arriving(Direction::Inbound, time);
        self.take(arriving, time)
    }

    fn is_answered(&mut self, time: OffsetDateTime) -> Decision {
        let arriving = self.arriving(Direction::Outbound, time);
        self.take(arriving, time)
    }

    fn wrote_long_ago(&mut self, time: OffsetDateTime) -> Decision {
        let arriving = Arriving { history: true, ..self.arriving(Direction::Inbound, time) };
        self.take(arriving, time)
    }

    fn resolve(&mut self, now: OffsetDateTime) -> Result<Decision, Rejection> {
        let conversation = self.state.newest().expect("one").id;
        let quiet_since = now - Duration::days(30);
        self.act(&Command::AutoResolve { conversation, quiet_since }, now)
    }

    fn states(&self) -> Vec<Option<State>> {
        self.state.conversations().iter().map(super::ConversationState::state).collect()
    }
}

/// Wrote at 0, answered at 1, resolved by itself at 1,000 hours.
fn resolved() -> Person {
    let mut person = Person::new();
    person.writes(at(0));
    person.is_answered(at(1));
    person.resolve(at(1_000)).expect("due");
    assert_eq!(person.states(), [Some(State::Resolved)]);
    person
}

#[test]
fn quiet_counts_from_the_last_decision_of_a_person_as_well() {
    let mut person = Person::new();
    person.writes(at(0));
    person.is_answered(at(1));
    let by = person.seeing(2);
    person.act(&Command::Reopen(by), at(980)).expect("reopened");
    assert_eq!(person.resolve(at(1_000)), Err(Rejection::ContactIsWaiting));
    person.act(&Command::SetPending(by), at(990)).expect("pending");
    assert_eq!(person.resolve(at(1_000)), Err(Rejection::NotDue));
    assert_eq!(person.resolve(at(990 + 719)), Err(Rejection::NotDue));
    let due = at(3_000);
    let reminding = Reminding { by, due, note: String::new() };
    person.act(&Command::Remind(reminding), at(1_500)).expect("set");
    let cancel = Command::CancelReminder { conversation: by.conversation, by: MemberId::mint() };
    person.act(&cancel, at(1_600)).expect("cancelled");
    assert_eq!(person.resolve(at(1_600 + 719)), Err(Rejection::NotDue));
    person.resolve(at(1_600 + 720)).expect("thirty days later");
    assert_eq!(person.states(), [Some(State::Resolved)]);
}

#[test]
fn of_two_reminders_that_are_overdue_the_earlier_moment_counts_whichever_fires_first() {
    let since = |first_is_first: bool| {
        let mut person = resolved();
        let remind = |person: &mut Person, seen, hours| {
            let by = person.seeing(seen);
            let reminding = Reminding { by, due: at(hours), note: String::new() };
            person.act(&Command::Remind(reminding), at(1_800)).expect("set");
            by.conversation
        };
        let first = remind(&mut person, 2, 2_001);
        // Too late to reopen the first one.
        person.writes(at(1_790));
        let second = remind(&mut person, 1, 2_002);
        assert_eq!(person.states(), [Some(State::Resolved), Some(State::Pending)]);
        let order = if first_is_first { [first, second] } else { [second, first] };
        let mut told = false;
        for conversation in order {
            let fire = Command::FireReminder { conversation };
            let decision = person.act(&fire, at(2_010)).expect("due");
            told = decision.effects.iter().any(
                |effect| matches!(effect, Effect::Announce(told) if told.conversation == second),
            );
        }
        // That it waits for longer is told, or routing would not know.
        assert!(told);
        assert_eq!(person.states(), [Some(State::Resolved), Some(State::New)]);
        let newest = person.state.newest().expect("one");
        (newest.waiting_since(), newest.raised())
    };
    assert_eq!(since(true).0, Some(at(2_001)));
    assert_eq!(since(true), since(false));
}

#[test]
fn the_first_message_opens_a_conversation_in_new_waiting_since_its_network_time() {
    let mut person = Person::new();
    person.writes(at(5));
    person.writes(at(3));
    assert_eq!(person.states(), [Some(State::New)]);
    assert_eq!(person.state.newest().expect("one").waiting_since(), Some(at(3)));
}

#[test]
fn an_answer_from_the_networks_own_app_moves_it_to_pending_and_the_contact_moves_it_back() {
    let mut person = Person::new();
    person.writes(at(0));
    person.is_answered(at(1));
    assert_eq!(person.states(), [Some(State::Pending)]);
    person.writes(at(2));
    assert_eq!(person.states(), [Some(State::New)]);
}

#[test]
fn an_answer_leaves_unseen_what_was_written_within_five_seconds_before_it() {
    let mut person = Person::new();
    person.writes(at(1) - Duration::milliseconds(5_000));
    person.is_answered(at(1));
    assert_eq!(person.states(), [Some(State::New)]);
    person.is_answered(at(1) + Duration::milliseconds(1));
    assert_eq!(person.states(), [Some(State::Pending)]);
}

#[test]
fn a_message_within_the_window_reopens_and_one_after_it_opens_another_that_is_linked() {
    let mut within = resolved();
    within.writes(at(1_000) + Duration::hours(24));
    assert_eq!(within.states(), [Some(State::New)]);
    let mut after = resolved();
    after.writes(at(1_000) + Duration::hours(24) + Duration::microseconds(1));
    assert_eq!(after.states(), [Some(State::Resolved), Some(State::New)]);
    let conversations = after.state.conversations();
    assert_eq!(conversations[1].previous, Some(conversations[0].id));
    let mut never = resolved();
    never.policy.reopen_window = Duration::ZERO;
    never.writes(at(999));
    assert_eq!(never.states(), [Some(State::Resolved), Some(State::New)]);
}

#[test]
fn the_window_is_that_of_the_channel_through_which_a_message_came() {
    let through = |hours: i64, time: OffsetDateTime| {
        let mut person = resolved();
        let arriving = person.arriving(Direction::Inbound, time);
        let reopen_window = Some(Duration::hours(hours));
        person.take(Arriving { reopen_window, ..arriving }, time);
        person.states()
    };
    let (reopened, opened) = ([Some(State::New)], [Some(State::Resolved), Some(State::New)]);
    assert_eq!(through(72, at(1_072)), reopened);
    assert_eq!(through(72, at(1_072) + Duration::microseconds(1)), opened);
    assert_eq!(through(1, at(1_002)), opened, "the installation's window would reopen it");
    assert_eq!(through(0, at(999)), opened, "never");
}

#[test]
fn a_copy_through_a_channel_whose_window_is_longer_reopens_whichever_copy_came_first() {
    let (short, long) = (ChannelId::mint(), ChannelId::mint());
    let hours = |channel| Some(Duration::hours(if channel == long { 72 } else { 0 }));
    for order in [[short, long], [long, short]] {
        let mut person = resolved();
        let first = person.arriving(Direction::Inbound, at(1_050));
        let copy = |channel| Arriving { channel, reopen_window: hours(channel), ..first.clone() };
        person.take(copy(order[0]), at(1_050));
        let known = Known {
            conversation: person.state.newest().expect("one").id,
            kind: first.kind,
            channels: BTreeSet::from([order[0]]),
            history: false,
            others_last: None,
            others_channels: BTreeSet::new(),
        };
        let again = Arriving { known: Some(known.clone()), ..copy(order[1]) };
        // A copy of history says nothing about when it came.
        let mut untouched = person.state.clone();
        let historic = Command::Arrive(Box::new(Arriving { history: true, ..again.clone() }));
        let merged = decide(&untouched, &historic, &person.policy, at(1_051)).expect("taken");
        merged.entries.iter().for_each(|entry| untouched.apply(entry));
        assert_eq!(untouched.conversations().len(), person.state.conversations().len());
        assert_eq!(merged.entries.len(), 1);
        person.take(again, at(1_051));
        let newest = person.state.newest().expect("one");
        assert_eq!((newest.ordinal, newest.state()), (1, Some(State::New)), "{order:?}");
        assert_eq!(newest.contents.message_count, 3);
        assert_eq!(newest.contents.channels.len(), 3);
    }
}

#[test]
fn what_no_decision_has_seen_is_new_however_late_it_arrives() {
    let mut person = resolved();
    person.writes(at(2));
    assert_eq!(person.states(), [Some(State::New)]);
}

#[test]
fn an_answer_after_the_resolution_reopens_into_pending_and_an_earlier_one_changes_no_state() {
    let mut later = resolved();
    later.is_answered(at(1_001));
    assert_eq!(later.states(), [Some(State::Pending)]);
    let mut earlier = resolved();
    let decision = earlier.is_answered(at(1_000));
    assert_eq!(earlier.states(), [Some(State::Resolved)]);
    assert_eq!(earlier.state.newest().expect("one").contents.message_count, 3);
    let changed = decision.effects.iter().any(|effect| {
        matches!(effect, Effect::Announce(it) if matches!(it.news, News::StateChanged { .. }))
    });
    assert!(!changed, "{:?}", decision.effects);
    // Also while another conversation is open.
    earlier.writes(at(2_000));
    earlier.is_answered(at(999));
    assert_eq!(earlier.states(), [Some(State::Resolved), Some(State::New)]);
    assert_eq!(earlier.state.conversations()[1].contents.message_count, 1);
}

#[test]
fn a_late_message_within_the_window_takes_over_what_was_opened_since() {
    let mut person = resolved();
    person.writes(at(2_000));
    let decision = person.writes(at(1_001));
    assert_eq!(person.states(), [Some(State::New), None]);
    let survivor = person.state.newest().expect("one");
    assert_eq!(survivor.ordinal, 1);
    assert_eq!(survivor.contents.message_count, 4);
    assert_eq!(survivor.waiting_since(), Some(at(1_001)));
    let moves: Vec<_> = decision
        .effects
        .iter()
        .filter(|effect| matches!(effect, Effect::MoveMessages { offset: 2, .. }))
        .collect();
    assert_eq!(moves.len(), 1);
}

#[test]
fn history_alone_rests_in_resolved_until_a_live_message_comes_whenever_that_is() {
    let mut person = Person::new();
    person.wrote_long_ago(at(-10_000));
    assert_eq!(person.states(), [Some(State::Resolved)]);
    person.writes(at(10_000));
    assert_eq!(person.states(), [Some(State::New)]);
    assert_eq!(person.state.newest().expect("one").contents.unseen.len(), 1);
    person.wrote_long_ago(at(-9_000));
    assert_eq!(person.state.newest().expect("one").contents.message_count, 3);
    assert_eq!(person.state.newest().expect("one").waiting_since(), Some(at(10_000)));
}

#[test]
fn a_second_copy_adds_its_channel_and_nothing_else() {
    let mut person = Person::new();
    let first = person.arriving(Direction::Inbound, at(0));
    person.take(first.clone(), at(0));
    let other = ChannelId::from_uuid(uuid::Uuid::max());
    let known = |channels| Known {
        conversation: person.state.newest().expect("one").id,
        kind: first.kind,
        channels,
        history: false,
        others_last: None,
        others_channels: BTreeSet::new(),
    };
    let again = Arriving { known: Some(known(BTreeSet::from([first.channel]))), ..first.clone() };
    let copy = Arriving { channel: other, ..again.clone() };
    assert!(person.take(again, at(1)).already_applied());
    assert_eq!(person.take(copy, at(1)).entries.len(), 1);
    let state = person.state.newest().expect("one");
    assert_eq!(state.contents.channels, BTreeSet::from([first.channel, other]));
    assert_eq!((state.contents.message_count, state.contents.unseen.len()), (1, 1));
}

#[test]
fn only_what_is_quiet_long_enough_and_not_waited_for_resolves_by_itself_and_only_once() {
    let mut person = Person::new();
    person.writes(at(0));
    assert_eq!(person.resolve(at(10_000)), Err(Rejection::ContactIsWaiting));
    person.is_answered(at(1));
    let due = at(1) + Duration::days(30);
    let early = due - Duration::microseconds(1);
    assert_eq!(person.resolve(early), Err(Rejection::NotDue));
    assert!(!person.resolve(due).expect("due").already_applied());
    assert!(person.resolve(due).expect("resolved").already_applied());
    let conversation = ConversationId::mint();
    let stranger = Command::AutoResolve { conversation, quiet_since: due };
    let outcome = decide(&person.state, &stranger, &person.policy, due);
    assert_eq!(outcome, Err(Rejection::UnknownConversation));
}

#[test]
fn replies_in_a_row_that_all_fail_give_back_what_the_first_had_seen_whichever_fails_first() {
    for order in [[0, 1], [1, 0]] {
        let mut person = Person::new();
        person.writes(at(0));
        let replies = [person.replies(at(1)), person.replies(at(2))];
        assert_eq!(person.states(), [Some(State::Pending)]);
        person.fails(replies[order[0]], at(3));
        assert_eq!(person.states(), [Some(State::Pending)], "the other may still reach them");
        person.fails(replies[order[0]], at(3));
        assert_eq!(person.states(), [Some(State::Pending)], "and it failed only once");
        person.fails(replies[order[1]], at(4));
        assert_eq!(person.states(), [Some(State::New)], "{order:?}");
        assert_eq!(person.waiting_since(), Some(at(0)), "as long as before");
    }
}

#[test]
fn replies_in_a_row_that_reopened_a_conversation_and_all_fail_leave_it_waiting() {
    let mut person = resolved();
    let replies = [person.replies(at(1_100)), person.replies(at(1_101))];
    person.fails(replies[0], at(1_102));
    person.fails(replies[1], at(1_103));
    assert_eq!(person.states(), [Some(State::New)]);
}

#[test]
fn replies_that_fail_take_back_no_pending_that_somebody_else_decided() {
    let mut person = Person::new();
    person.writes(at(0));
    let by = person.seeing(1);
    person.act(&Command::SetPending(by), at(1)).expect("pending");
    let replies = [person.replies(at(2)), person.replies(at(3))];
    person.fails(replies[1], at(4));
    person.fails(replies[0], at(5));
    assert_eq!(person.states(), [Some(State::Pending)]);
}

/// Wrote at 0 and was answered from here; wrote again at 2 and was, it seemed, answered at 3 in
/// the network's own app; then a member resolved whose screen ended with the reply from here.
/// What seemed an answer is the reply's echo.
fn resolved_by_an_echo_of(person: &mut Person) -> Command {
    person.writes(at(0));
    let reply = person.replies(at(1));
    person.writes(at(2));
    person.is_answered(at(3));
    let by = person.seeing(2);
    person.act(&Command::Resolve(by), at(4)).expect("nothing waits");
    assert_eq!(person.states(), [Some(State::Resolved)]);
    let conversation = person.state.newest().expect("one");
    let second = Unseen { time: at(2), sequence: 3, kind: MessageKind::PrivateMessage };
    Command::BecameReply(Box::new(Echo {
        conversation: conversation.id,
        into: conversation.id,
        left: BecameReply {
            message: conversation.contents.last.as_ref().expect("the echo").message,
            reply,
            last: None,
            channels: conversation.contents.channels.clone(),
            newest_echo: None,
            inbound: BTreeSet::from([second]),
        },
    }))
}

#[test]
fn what_only_the_echo_of_a_reply_had_seen_is_new_again_though_it_was_resolved() {
    let mut person = Person::new();
    let became = resolved_by_an_echo_of(&mut person);
    let decision = person.act(&became, at(5)).expect("never refused");
    assert_eq!(person.states(), [Some(State::New)]);
    assert_eq!(person.waiting_since(), Some(at(2)));
    let told = decision.effects.iter().any(|effect| {
        matches!(effect, Effect::Announce(it)
            if matches!(it.news, News::StateChanged { from: State::Resolved, to: State::New, .. }))
    });
    assert!(told, "{:?}", decision.effects);
}

#[test]
fn what_such_an_echo_had_seen_takes_over_what_was_opened_since() {
    let mut person = Person::new();
    let became = resolved_by_an_echo_of(&mut person);
    person.writes(at(2_000));
    assert_eq!(person.states(), [Some(State::Resolved), Some(State::New)]);
    person.act(&became, at(2_001)).expect("never refused");
    assert_eq!(person.states(), [Some(State::New), None]);
    let survivor = person.state.newest().expect("one");
    assert_eq!(survivor.contents.message_count, 4);
    assert_eq!(survivor.waiting_since(), Some(at(2)));
}

#[test]
fn a_conversation_that_people_have_left_behind_stays_resolved_by_them() {
    let mut person = Person::new();
    let became = resolved_by_an_echo_of(&mut person);
    person.writes(at(2_000));
    person.replies(at(2_001));
    person.act(&became, at(2_002)).expect("never refused");
    assert_eq!(person.states(), [Some(State::Resolved), Some(State::Pending)]);
    let unseen = &person.state.conversations()[0].contents.unseen;
    assert!(unseen.is_empty(), "as it is read back");
}
