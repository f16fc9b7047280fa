//! Random lives of a few conversations among a few members: whatever is asked in whatever
//! order, stale plans and repeated standings included, ownership holds together.

use proptest::prelude::*;
use time::Duration;

use super::config;
use super::draw::{access, agents, channels, conversation, now};
use super::world::World;
use crate::domain::access::Access;
use crate::domain::availability::{AwayChoice, Choice};
use crate::domain::explanation::Outcome;
use crate::domain::ownership::{Command, Rejection, Standing};
use crate::domain::policy::Policy;
use crate::domain::presence::Presence;
use crate::domain::words::{Actor, Availability, AwayStateId, ChannelId, State};

const CONVERSATIONS: usize = 6;

#[derive(Debug, Clone)]
enum Step {
    /// Conversation says something new; routing hears it now or later.
    Says {
        conversation: usize,
        state: State,
        decided: bool,
        replier: Option<usize>,
        heard: bool,
    },
    /// Routing hears the newest of everything.
    Hears,
    /// Routing hears once more what may be long past.
    HearsAgain {
        conversation: usize,
        which: prop::sample::Index,
    },
    Take {
        conversation: usize,
        agent: usize,
    },
    Assign {
        conversation: usize,
        agent: usize,
        by: usize,
        supervises: bool,
    },
    Unassign {
        conversation: usize,
        by: usize,
        supervises: bool,
    },
    Choose {
        agent: usize,
        choice: Choice,
    },
    Presence {
        agent: usize,
        presence: Presence,
    },
    /// Directory says where they may answer.
    Access {
        agent: usize,
        access: Access,
    },
    /// Plans; the steps between are carried out before the plan is.
    Plan {
        batch: usize,
        between: Vec<Step>,
    },
    Passes {
        seconds: i64,
    },
}

fn choice() -> impl Strategy<Value = Choice> {
    let away = (prop::option::of(any::<bool>()), any::<bool>()).prop_map(|(archived, keep)| {
        let state = archived.map(|archived| AwayChoice {
            state: AwayStateId::from_uuid(conversation(900).uuid()),
            archived,
        });
        Choice::Away { state, keep_conversations: keep }
    });
    prop_oneof![
        4 => Just(Choice::Available),
        3 => away,
        1 => prop_oneof![Just(Availability::Available), Just(Availability::Away)]
            .prop_map(Choice::Default),
        2 => any::<bool>().prop_map(|other| Choice::SignIn { other_live_session: other }),
    ]
}

fn simple() -> impl Strategy<Value = Step> {
    let state = prop_oneof![
        6 => Just(State::New),
        4 => Just(State::Pending),
        2 => Just(State::Resolved),
        1 => Just(State::Absorbed),
    ];
    let presence = prop_oneof![
        5 => Just(Presence::Present),
        1 => Just(Presence::Unseen),
        2 => Just(Presence::Absent),
        1 => Just(Presence::Unknown),
    ];
    let ours = 0..CONVERSATIONS;
    let agent = 0_usize..8;
    let heard = prop::bool::weighted(0.8);
    let replier = prop::option::of(agent.clone());
    prop_oneof![
        9 => (ours.clone(), state, any::<bool>(), replier, heard).prop_map(
            |(conversation, state, decided, replier, heard)| {
                Step::Says { conversation, state, decided, replier, heard }
            }
        ),
        1 => Just(Step::Hears),
        1 => (ours.clone(), any::<prop::sample::Index>())
            .prop_map(|(conversation, which)| Step::HearsAgain { conversation, which }),
        2 => (ours.clone(), agent.clone())
            .prop_map(|(conversation, agent)| Step::Take { conversation, agent }),
        2 => (ours.clone(), agent.clone(), agent.clone(), any::<bool>()).prop_map(
            |(conversation, agent, by, supervises)| {
                Step::Assign { conversation, agent, by, supervises }
            }
        ),
        1 => (ours, agent.clone(), any::<bool>()).prop_map(|(conversation, by, supervises)| {
            Step::Unassign { conversation, by, supervises }
        }),
        3 => (agent.clone(), choice()).prop_map(|(agent, choice)| Step::Choose { agent, choice }),
        2 => (agent.clone(), presence)
            .prop_map(|(agent, presence)| Step::Presence { agent, presence }),
        1 => (agent, access()).prop_map(|(agent, access)| Step::Access { agent, access }),
        1 => (0_i64..100).prop_map(|seconds| Step::Passes { seconds }),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let between = prop_oneof![2 => Just(Vec::new()), 1 => prop::collection::vec(simple(), 1..4)];
    prop_oneof![
        4 => simple(),
        1 => (0_usize..8, between).prop_map(|(batch, between)| Step::Plan { batch, between }),
    ]
}

fn says(
    world: &mut World,
    number: usize,
    (state, decided, replier): (State, bool, Option<usize>),
    channels: &std::collections::BTreeSet<ChannelId>,
) {
    let id = conversation(number);
    let before = world.said.get(&id).and_then(|said| said.last()).cloned();
    if before.as_ref().is_some_and(|before| before.state == State::Absorbed) {
        return;
    }
    let decision = before.as_ref().map_or(0, |before| before.decision) + i64::from(decided);
    let replier = match (decided, &before) {
        (true, _) => replier.map(|replier| world.agent(replier).member),
        (false, Some(before)) => before.replier,
        (false, None) => None,
    };
    let standing = Standing {
        rev: before.as_ref().map_or(0, |before| before.rev) + 1,
        state,
        waiting_since: (state == State::New).then_some(world.now - Duration::MINUTE),
        channels: channels.clone(),
        decision,
        replier,
    };
    world.said.entry(id).or_default().push(standing);
}

fn hears(world: &mut World, number: usize) {
    if let Some(newest) = world.said.get(&conversation(number)).and_then(|said| said.last()) {
        hears_one(world, number, &newest.clone());
    }
}

fn hears_one(world: &mut World, number: usize, standing: &Standing) {
    let id = conversation(number);
    let before = world.assignments[&id].clone();
    let decision = world.observe(id, standing.clone());
    let after = &decision.assignment;
    if standing.rev <= before.rev {
        assert_eq!(after, &before, "what is past changes nothing");
        return;
    }
    assert_eq!((after.rev, after.state), (standing.rev, standing.state));
    assert_eq!(after.waiting_since, standing.waiting_since);
    for explanation in &decision.explanations {
        // Woken or reopened work goes to nobody who cannot be reached.
        if let (Outcome::Kept | Outcome::Returned, Some(member)) =
            (explanation.outcome, explanation.member)
        {
            let agent = &world.agents[&member];
            assert_eq!(agent.availability, Availability::Available);
            assert_ne!(agent.presence, Presence::Absent);
        }
    }
}

fn run(world: &mut World, step: Step, channels: &std::collections::BTreeSet<ChannelId>) {
    match step {
        Step::Says { conversation, state, decided, replier, heard } => {
            says(world, conversation, (state, decided, replier), channels);
            if heard {
                hears(world, conversation);
            }
        }
        Step::Hears => (0..CONVERSATIONS).for_each(|number| hears(world, number)),
        Step::HearsAgain { conversation: number, which } => {
            let Some(said) = world.said.get(&conversation(number)) else { return };
            let standing = said[which.index(said.len())].clone();
            hears_one(world, number, &standing);
        }
        Step::Take { conversation: number, agent } => {
            let id = conversation(number);
            let agent = world.agent(agent);
            let (member, owner) = (agent.member, world.assignments[&id].owner);
            match world.carry_out(id, Command::Take { agent }) {
                Ok(decision) => assert_eq!(decision.assignment.owner, Some(member)),
                Err(Rejection::OwnedByAnother { owner: other }) => {
                    assert_eq!(owner, Some(other));
                    assert_ne!(other, member);
                }
                Err(Rejection::NotOpen | Rejection::Removed(_)) => {}
                Err(other) => panic!("{other:?}"),
            }
        }
        Step::Assign { conversation: number, agent, by, supervises } => {
            let by = Actor { member: world.agent(by).member, supervises };
            let id = conversation(number);
            let agent = world.agent(agent);
            let (member, owner) = (agent.member, world.assignments[&id].owner);
            if world.carry_out(id, Command::Assign { agent, by }).is_ok() && owner != Some(member) {
                assert!(supervises || (by.member == member && owner.is_none()), "not their right");
            }
        }
        Step::Unassign { conversation: number, by, supervises } => {
            let by = Actor { member: world.agent(by).member, supervises };
            let id = conversation(number);
            let owner = world.assignments[&id].owner;
            let done = world.carry_out(id, Command::Unassign { by }).is_ok();
            assert_eq!(done, supervises || owner.is_none_or(|owner| owner == by.member));
            if done {
                assert_eq!(world.assignments[&id].owner, None);
            }
        }
        Step::Choose { agent, choice } => {
            let member = world.agent(agent).member;
            let before = (world.chosen[&member].clone(), world.agents[&member].load);
            let refused = world.choose(member, choice).is_err();
            let after = (world.chosen[&member].clone(), world.agents[&member].load);
            let handed_back = match choice {
                _ if refused => false,
                Choice::Away { keep_conversations, .. } => !keep_conversations,
                Choice::SignIn { other_live_session: false } => {
                    before.0.default != Some(Availability::Available)
                }
                Choice::Available | Choice::Default(_) | Choice::SignIn { .. } => false,
            };
            assert_eq!(after.1, if handed_back { 0 } else { before.1 });
            assert!(!refused || after == before, "refused, and yet changed");
        }
        Step::Presence { agent, presence } => {
            let member = world.agent(agent).member;
            if let Some(agent) = world.agents.get_mut(&member) {
                agent.presence = presence;
            }
            if presence == Presence::Absent {
                world.hand_back(member);
            }
        }
        Step::Access { agent, access } => {
            let member = world.agent(agent).member;
            if let Some(agent) = world.agents.get_mut(&member) {
                agent.access = access;
            }
            world.recheck(member);
        }
        Step::Plan { batch, between } => {
            let plan = world.plan(&Policy { batch, ..Policy::default() });
            let undisturbed = between.is_empty();
            for step in between {
                run(world, step, channels);
            }
            let stale = world.execute(plan);
            assert!(!undisturbed || stale == 0, "a fresh plan holds");
        }
        Step::Passes { seconds } => world.now += Duration::seconds(seconds),
    }
}

proptest! {
    #![proptest_config(config())]

    /// The world checks after every transaction: epochs only grow and every owner has one of
    /// their own, loads count what is owned and New, nobody is over the hard limit, the queue
    /// holds exactly what is New and nobody's, what was announced is what stands, and a standing
    /// applied twice changes nothing. What is New is never left with somebody who may not answer
    /// it.
    #[test]
    fn ownership_holds_together_whatever_is_asked(
        agents in agents(5).prop_filter("somebody", |agents| !agents.is_empty()),
        channels in channels(),
        steps in prop::collection::vec(step(), 1..60),
    ) {
        let mut world = World::new(agents, CONVERSATIONS);
        for step in steps {
            world.now += Duration::SECOND;
            run(&mut world, step, &channels);
            world.check_access();
        }
        prop_assert!(world.now > now());
    }

    /// Once everything is heard and one plan with room is carried out, nobody who could be
    /// handed something has room while something that they may answer waits.
    #[test]
    fn after_a_plan_nothing_waits_for_somebody_with_room(
        agents in agents(5).prop_filter("somebody", |agents| !agents.is_empty()),
        channels in channels(),
        steps in prop::collection::vec(step(), 1..40),
    ) {
        let mut world = World::new(agents, CONVERSATIONS);
        for step in steps {
            run(&mut world, step, &channels);
        }
        run(&mut world, Step::Hears, &channels);
        let policy = Policy::default();
        let plan = world.plan(&policy);
        world.execute(plan);
        let after = world.plan(&policy);
        prop_assert!(after.placements.is_empty());
        prop_assert!(!after.more);
    }
}
