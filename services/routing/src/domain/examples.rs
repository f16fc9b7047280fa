//! The rules of `product.md` 4 as examples, one each.

use std::collections::BTreeSet;

use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::access::Access;
use super::agent::{Agent, Removal, Requirement};
use super::explanation::{Outcome, Reason, Unplaced};
use super::ownership::{Assignment, Command, Decision, Queueing, Rejection, Standing, decide};
use super::plan::{Queue, Snapshot, Waiting, plan};
use super::policy::Policy;
use super::presence::{Observation, Presence, Source};
use super::words::{Actor, Availability, ChannelId, ConversationId, MemberId, State};

fn now() -> OffsetDateTime {
    OffsetDateTime::UNIX_EPOCH + Duration::days(20_000)
}

fn member(number: u128) -> MemberId {
    MemberId::from_uuid(Uuid::from_u128(number))
}

fn conversation(number: u128) -> ConversationId {
    ConversationId::from_uuid(Uuid::from_u128(number))
}

fn agent(number: u128, load: u32) -> Agent {
    Agent {
        member: member(number),
        availability: Availability::Available,
        availability_epoch: 1,
        presence: Presence::Present,
        access: Access::Everywhere,
        load,
        capacity: 2,
        hard_limit: 4,
        last_assigned_at: None,
    }
}

fn away(agent: Agent) -> Agent {
    Agent { availability: Availability::Away, ..agent }
}

fn owned(state: State, owner: Option<u128>) -> Assignment {
    Assignment {
        owner: owner.map(member),
        epoch: 7,
        state,
        waiting_since: (state == State::New).then(|| now() - Duration::HOUR),
        rev: 3,
        decision: 1,
        ..Assignment::unknown(conversation(1))
    }
}

fn standing(state: State, decision: i64, replier: Option<u128>) -> Standing {
    Standing {
        rev: 4,
        state,
        waiting_since: (state == State::New).then(|| now() - Duration::MINUTE),
        channels: BTreeSet::new(),
        decision,
        replier: replier.map(member),
    }
}

fn observe(before: &Assignment, standing: Standing, agents: &[Agent]) -> Decision {
    let command = Command::Observe { standing, agents: agents.to_vec() };
    decide(before, command, now()).expect("a standing is never refused")
}

fn waiting(number: u128, minutes: i64, points: i32) -> Waiting {
    let waiting_since = now() - Duration::minutes(minutes);
    Waiting { conversation: conversation(number), waiting_since, points, epoch: 0 }
}

#[test]
fn what_wakes_stays_with_its_owner_above_capacity_up_to_the_hard_limit() {
    let pending = owned(State::Pending, Some(1));
    let kept = observe(&pending, standing(State::New, 1, None), &[agent(1, 3)]);
    assert_eq!(kept.assignment.owner, Some(member(1)));
    assert_eq!(kept.load, [(member(1), 1)]);
    assert_eq!(kept.owner, None, "nothing to announce");
    assert_eq!(kept.explanations[0].outcome, Outcome::Kept);

    let released = observe(&pending, standing(State::New, 1, None), &[agent(1, 4)]);
    assert_eq!(released.assignment.owner, None);
    assert_eq!(released.load, []);
    assert_eq!(
        released.owner.map(|change| (change.epoch, change.cause.name())),
        Some((8, "released"))
    );
    assert_eq!(released.explanations[0].reason, Some(Reason::Removed(Removal::AtHardLimit)));
    let Queueing::Put(queued) = &released.queueing else { panic!("it waits") };
    assert_eq!(queued.waiting.waiting_since, now() - Duration::MINUTE);
}

#[test]
fn what_wakes_stays_while_it_is_unknown_whether_its_owner_is_there() {
    let pending = owned(State::Pending, Some(1));
    for (presence, stays) in [
        (Presence::Present, true),
        (Presence::Unseen, true),
        (Presence::Unknown, true),
        (Presence::Absent, false),
    ] {
        let owner = Agent { presence, ..agent(1, 0) };
        let decision = observe(&pending, standing(State::New, 1, None), &[owner]);
        assert_eq!(decision.assignment.owner.is_some(), stays, "{presence:?}");
    }
    let gone = observe(&pending, standing(State::New, 1, None), &[away(agent(1, 0))]);
    assert_eq!(gone.assignment.owner, None);
}

#[test]
fn who_replies_becomes_the_owner_if_there_is_none_even_while_away() {
    let reply = || standing(State::Pending, 2, Some(1));
    let replied = observe(&owned(State::New, None), reply(), &[away(agent(1, 0))]);
    assert_eq!(replied.assignment.owner, Some(member(1)));
    assert_eq!(replied.queueing, Queueing::Remove);
    assert_eq!(replied.load, [], "a Pending one counts nothing");

    let others = observe(&owned(State::New, Some(2)), reply(), &[agent(1, 0), agent(2, 1)]);
    assert_eq!(others.assignment.owner, Some(member(2)));
    assert_eq!(others.load, [(member(2), -1)]);
    assert!(others.calls_for_plan());

    let full = observe(&owned(State::New, None), reply(), &[agent(1, 4)]);
    assert_eq!(full.assignment.owner, None, "the hard limit binds");
}

#[test]
fn a_reply_and_the_answer_to_it_seen_as_one_leave_the_replier_as_owner() {
    let both = || standing(State::New, 2, Some(1));
    let decision = observe(&owned(State::New, None), both(), &[agent(1, 0)]);
    assert_eq!(decision.assignment.owner, Some(member(1)));
    let outcomes: Vec<_> = decision.explanations.iter().map(|it| it.outcome).collect();
    assert_eq!(outcomes, [Outcome::Replied, Outcome::Kept]);

    // Counted already: woken at the limit, it is not one too many.
    let woken = observe(&owned(State::New, Some(1)), both(), &[agent(1, 4)]);
    assert_eq!(woken.assignment.owner, Some(member(1)));

    let decision = observe(&owned(State::New, None), both(), &[away(agent(1, 0))]);
    assert_eq!(decision.assignment.owner, None);
    assert!(matches!(decision.queueing, Queueing::Put(_)), "with the new epoch");
}

#[test]
fn resolving_releases_and_reopening_by_hand_returns_it() {
    let resolved =
        observe(&owned(State::New, Some(1)), standing(State::Resolved, 2, None), &[agent(1, 1)]);
    assert_eq!(resolved.assignment.owner, None);
    assert_eq!(resolved.load, [(member(1), -1)]);
    let again = |decision| Standing { rev: 5, ..standing(State::New, decision, None) };

    let by_hand = observe(&resolved.assignment, again(3), &[agent(1, 0)]);
    assert_eq!(by_hand.assignment.owner, Some(member(1)));
    assert_eq!(by_hand.owner.map(|change| change.cause), Some(Outcome::Returned));

    let unreachable = observe(&resolved.assignment, again(3), &[away(agent(1, 0))]);
    assert_eq!(unreachable.assignment.owner, None);
    assert!(matches!(unreachable.queueing, Queueing::Put(_)));

    let by_the_contact = observe(&resolved.assignment, again(2), &[agent(1, 0)]);
    assert_eq!(by_the_contact.assignment.owner, None, "reopened by the contact: unowned");
}

#[test]
fn a_person_may_give_work_to_somebody_away_but_not_above_the_hard_limit() {
    let by = Actor { member: member(9), supervises: true };
    let waits = owned(State::New, None);
    let give = |agent| decide(&waits, Command::Assign { agent, by }, now());
    let given = give(away(agent(1, 3))).expect("by hand");
    assert_eq!(given.explanations[0].by, Some(member(9)));
    assert_eq!(give(agent(1, 4)), Err(Rejection::Removed(Removal::AtHardLimit)));
    let mine = decide(&waits, Command::Take { agent: away(agent(1, 0)) }, now());
    assert_eq!(mine.expect("their own take").assignment.owner, Some(member(1)));
    let theirs = decide(&owned(State::New, Some(2)), Command::Take { agent: agent(1, 0) }, now());
    assert_eq!(theirs, Err(Rejection::OwnedByAnother { owner: member(2) }));
}

#[test]
fn a_plan_made_before_away_is_refused() {
    let snapshot = Snapshot {
        agents: vec![agent(1, 0)],
        queues: vec![Queue {
            requirement: Requirement::default(),
            waiting: vec![Waiting { epoch: 7, ..waiting(1, 60, 0) }],
        }],
    };
    let planned = plan(&snapshot, &Policy::default(), now()).placements.remove(0);
    let waits = owned(State::New, None);
    let place = |agent| {
        let placement = Box::new(planned.clone());
        decide(&waits, Command::Place { placement, agent }, now())
    };
    assert!(place(agent(1, 0)).is_ok());
    let back_again = Agent { availability_epoch: 3, ..agent(1, 0) };
    assert_eq!(place(back_again), Err(Rejection::Stale));
    assert_eq!(place(agent(1, 2)), Err(Rejection::Removed(Removal::AtCapacity)));
}

#[test]
fn points_count_as_minutes_of_waiting_and_old_work_never_starves() {
    let queue = |waiting| Queue { requirement: Requirement::default(), waiting };
    let first = |queues: Vec<Queue>| {
        let snapshot = Snapshot { agents: vec![agent(1, 1)], queues };
        plan(&snapshot, &Policy::default(), now()).placements[0].conversation
    };
    assert_eq!(first(vec![queue(vec![waiting(1, 10, 0), waiting(2, 5, 6)])]), conversation(2));
    assert_eq!(
        first(vec![queue(vec![waiting(1, 12, 0)]), queue(vec![waiting(2, 5, 6)])]),
        conversation(1)
    );
    let absurd = vec![waiting(1, 12, i32::MAX), waiting(2, 5, i32::MIN)];
    assert_eq!(first(vec![queue(absurd)]), conversation(1));
}

#[test]
fn the_choice_is_spare_ratio_then_longest_unassigned_then_id() {
    let chosen = |agents: Vec<Agent>| {
        let queues =
            vec![Queue { requirement: Requirement::default(), waiting: vec![waiting(1, 1, 0)] }];
        plan(&Snapshot { agents, queues }, &Policy::default(), now()).placements[0].member
    };
    let big = Agent { capacity: 10, hard_limit: 20, ..agent(1, 6) };
    assert_eq!(chosen(vec![big, agent(2, 1)]), member(2), "half free beats four tenths");
    let at = |minutes| Some(now() - Duration::minutes(minutes));
    let rested = Agent { last_assigned_at: at(9), ..agent(2, 0) };
    let busy = Agent { last_assigned_at: at(2), ..agent(1, 0) };
    assert_eq!(chosen(vec![busy.clone(), rested.clone()]), member(2));
    assert_eq!(chosen(vec![busy, rested, agent(3, 0)]), member(3), "never is longest");
    assert_eq!(chosen(vec![agent(2, 0), agent(1, 0)]), member(1));
}

#[test]
fn what_waits_says_why() {
    let channel = ChannelId::from_uuid(Uuid::from_u128(5));
    let reason = |agents: Vec<Agent>, channels: BTreeSet<ChannelId>| {
        let queues =
            vec![Queue { requirement: Requirement { channels }, waiting: vec![waiting(1, 1, 0)] }];
        plan(&Snapshot { agents, queues }, &Policy::default(), now()).left[0].reason
    };
    let unknown = Agent { presence: Presence::Unknown, ..agent(1, 0) };
    let elsewhere = Agent { access: Access::Only(BTreeSet::new()), ..agent(1, 0) };
    let none = BTreeSet::new;
    assert_eq!(reason(vec![], none()), Unplaced::NobodyAllowed);
    assert_eq!(reason(vec![elsewhere], BTreeSet::from([channel])), Unplaced::NobodyAllowed);
    assert_eq!(reason(vec![away(agent(1, 0))], none()), Unplaced::NobodyAvailable);
    assert_eq!(reason(vec![unknown.clone()], none()), Unplaced::AssignmentPaused);
    assert_eq!(reason(vec![unknown, agent(2, 2)], none()), Unplaced::AllAtCapacity);
}

#[test]
fn a_member_fades_from_present_to_absent_only_on_a_healthy_source() {
    let look = |source: Source, second: i64, answered| {
        let at = now() + Duration::seconds(second);
        source.observe(&Observation { answered, renewals: &[at] }, at)
    };
    let mut source = Source::default();
    for second in (0..=200).step_by(5) {
        source = look(source, second, true);
        let at = |after| source.presence(Some(now()), now() + Duration::seconds(second + after));
        let expected = match second {
            0..15 => Presence::Present,
            15..120 => Presence::Unseen,
            _ => Presence::Absent,
        };
        assert_eq!(at(0), expected, "after {second} s");
        assert_eq!(at(15), Presence::Unknown, "nobody has looked since");
    }
    source = look(source, 205, false);
    assert_eq!(source.presence(None, now() + Duration::seconds(205)), Presence::Unknown);
    source = look(source, 210, true);
    assert_eq!(source.presence(None, now() + Duration::seconds(210)), Presence::Unseen);
}

#[test]
fn the_number_of_a_queue_stays_the_same_in_every_release() {
    let channels = BTreeSet::from([1, 2].map(|it| ChannelId::from_uuid(Uuid::from_u128(it))));
    assert_eq!(Requirement::default().class(), -3_750_763_034_362_895_579);
    assert_eq!(Requirement { channels }.class(), -4_779_785_403_920_892_980);
}
