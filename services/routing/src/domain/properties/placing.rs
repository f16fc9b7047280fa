//! What every plan keeps to.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;
use time::Duration;

use super::config;
use super::draw::{now, policy, shuffled, snapshot};
use super::reference::{self, Verdict, routable};
use crate::domain::agent::{Agent, Removal, Requirement};
use crate::domain::explanation::{Candidates, Outcome};
use crate::domain::plan::{Plan, Queue, Snapshot, plan};
use crate::domain::policy::Policy;
use crate::domain::presence::Presence;
use crate::domain::words::{Availability, ConversationId, MemberId};

/// The agents of a snapshot while its plan is carried out.
struct Agents(BTreeMap<MemberId, Agent>);

impl Agents {
    fn of(snapshot: &Snapshot) -> Self {
        Self(snapshot.agents.iter().map(|agent| (agent.member, agent.clone())).collect())
    }

    fn hand(&mut self, member: MemberId) -> &Agent {
        let agent = self.0.get_mut(&member).expect("a member of the snapshot");
        agent.load += 1;
        agent
    }

    fn somebody(&self, requirement: &Requirement) -> bool {
        self.0.values().any(|agent| routable(agent, requirement))
    }
}

fn requirements(snapshot: &Snapshot) -> BTreeMap<ConversationId, Requirement> {
    let of = |queue: &Queue| {
        let requirement = queue.requirement.clone();
        queue.waiting.clone().into_iter().map(move |it| (it.conversation, requirement.clone()))
    };
    snapshot.queues.iter().flat_map(of).collect()
}

/// What an explanation says of everybody, by id; complete when everybody is shown.
fn told(candidates: &Candidates) -> Vec<Verdict> {
    let mut told: Vec<Verdict> =
        candidates.shown.iter().map(|it| (it.member, it.removed, it.load)).collect();
    told.sort();
    told
}

/// The counts agree with what the reference says of everybody.
fn check_counts(candidates: &Candidates, verdicts: &[Verdict]) -> Result<(), TestCaseError> {
    let many = |removal| verdicts.iter().filter(|(_, it, _)| *it == removal).count();
    prop_assert_eq!(candidates.considered as usize, verdicts.len());
    prop_assert_eq!(candidates.eligible as usize, many(None));
    for removal in Removal::ALL {
        prop_assert_eq!(candidates.removed_by(removal) as usize, many(Some(removal)));
    }
    Ok(())
}

fn check_agrees(plan: &Plan, snapshot: &Snapshot, policy: &Policy) -> Result<(), TestCaseError> {
    let expected = reference::plan(snapshot, policy, now());
    let of: BTreeMap<ConversationId, Requirement> = requirements(snapshot);
    prop_assert_eq!(plan.placements.len(), expected.placed.len());
    for (placement, placed) in plan.placements.iter().zip(&expected.placed) {
        prop_assert_eq!(placement.conversation, placed.conversation);
        prop_assert_eq!(placement.member, placed.member);
        let explanation = &placement.explanation;
        prop_assert_eq!(explanation.outcome, Outcome::Assigned);
        prop_assert_eq!(explanation.conversation, placed.conversation);
        prop_assert_eq!(explanation.member, Some(placed.member));
        prop_assert_eq!(explanation.policy_version, policy.version);
        check_counts(&explanation.candidates, &placed.verdicts)?;
        if let Some(first) = explanation.candidates.shown.first() {
            prop_assert_eq!(first.member, placed.member, "the winner leads");
        }
        let told = told(&explanation.candidates);
        prop_assert_eq!(told.len(), policy.shown.min(placed.verdicts.len()));
        prop_assert!(told.iter().all(|one| placed.verdicts.contains(one)), "{told:?}");
    }
    let left: Vec<_> = plan.left.iter().map(|it| (it.waiting.conversation, it.reason)).collect();
    prop_assert_eq!(&left, &expected.left);
    let mut agents = Agents::of(snapshot);
    for placement in &plan.placements {
        agents.hand(placement.member);
    }
    let agents: Vec<Agent> = agents.0.into_values().collect();
    for (position, left) in (1..).zip(&plan.left) {
        prop_assert_eq!(left.position, position);
        let verdicts = reference::verdicts(&agents, &of[&left.waiting.conversation]);
        check_counts(&left.candidates, &verdicts)?;
        prop_assert!(told(&left.candidates).iter().all(|one| verdicts.contains(one)));
    }
    Ok(())
}

proptest! {
    #![proptest_config(config())]

    /// No conversation is passed over by one that ranks after it, unless nobody could be handed
    /// it at that moment.
    #[test]
    fn the_oldest_eligible_conversation_goes_first(
        snapshot in snapshot(),
        policy in policy(),
    ) {
        let plan = plan(&snapshot, &policy, now());
        let of = requirements(&snapshot);
        let order: Vec<ConversationId> = reference::in_order(&snapshot, now())
            .into_iter()
            .map(|(_, waiting)| waiting.conversation)
            .collect();
        let mut agents = Agents::of(&snapshot);
        let mut placed: Vec<ConversationId> = Vec::new();
        for placement in &plan.placements {
            let before = order.iter().take_while(|id| **id != placement.conversation);
            for passed_over in before.filter(|id| !placed.contains(id)) {
                prop_assert!(!agents.somebody(&of[passed_over]), "{passed_over} was passed over");
            }
            agents.hand(placement.member);
            placed.push(placement.conversation);
        }
    }

    #[test]
    fn nobody_is_handed_more_than_their_capacity(snapshot in snapshot(), policy in policy()) {
        let plan = plan(&snapshot, &policy, now());
        let mut agents = Agents::of(&snapshot);
        for placement in &plan.placements {
            let agent = agents.hand(placement.member);
            prop_assert!(agent.load <= agent.capacity, "{agent:?}");
            prop_assert!(agent.load <= agent.hard_limit, "{agent:?}");
        }
        prop_assert!(plan.placements.len() <= policy.batch);
    }

    #[test]
    fn nobody_is_handed_anything_who_is_away_not_there_or_not_allowed(
        snapshot in snapshot(),
        policy in policy(),
    ) {
        let plan = plan(&snapshot, &policy, now());
        let of = requirements(&snapshot);
        for placement in &plan.placements {
            let mut of_plan = snapshot.agents.iter().filter(|it| it.member == placement.member);
            let agent = of_plan.next().expect("a member of the snapshot");
            prop_assert_eq!(agent.availability, Availability::Available);
            prop_assert_eq!(agent.presence, Presence::Present);
            prop_assert!(reference::may_answer(agent, &of[&placement.conversation]));
            prop_assert_eq!(agent.availability_epoch, placement.availability_epoch);
        }
    }

    /// Every conversation is placed once or left once; and while the plan is not full, none is
    /// left that somebody could be handed.
    #[test]
    fn nothing_is_left_that_somebody_could_be_handed(snapshot in snapshot(), policy in policy()) {
        let plan = plan(&snapshot, &policy, now());
        let of = requirements(&snapshot);
        let mut seen: Vec<ConversationId> = plan.placements.iter().map(|it| it.conversation).collect();
        seen.extend(plan.left.iter().map(|it| it.waiting.conversation));
        seen.sort();
        prop_assert_eq!(seen, of.keys().copied().collect::<Vec<_>>());
        let mut agents = Agents::of(&snapshot);
        for placement in &plan.placements {
            agents.hand(placement.member);
        }
        let more = plan.left.iter().any(|it| agents.somebody(&of[&it.waiting.conversation]));
        prop_assert!(!more || plan.placements.len() == policy.batch, "left though there was room");
        prop_assert_eq!(plan.more, more);
    }

    #[test]
    fn the_order_of_what_is_given_does_not_matter(
        (snapshot, other) in snapshot().prop_flat_map(|it| { let other = shuffled(&it); (Just(it), other) }),
        policy in policy(),
    ) {
        let first = plan(&snapshot, &policy, now());
        prop_assert_eq!(&first, &plan(&snapshot, &policy, now()), "not the same twice");
        prop_assert_eq!(&first, &plan(&other, &policy, now()), "not the same in another order");
    }

    /// Placements, their order, reasons, positions, counts and candidates.
    #[test]
    fn a_slow_planner_says_the_same_and_gives_the_same_reasons(
        snapshot in snapshot(),
        policy in policy(),
    ) {
        check_agrees(&plan(&snapshot, &policy, now()), &snapshot, &policy)?;
    }

    /// The epoch that begins is greater than every one before, and moments tell placements apart.
    #[test]
    fn a_placement_begins_the_next_epoch_at_a_moment_of_its_own(
        snapshot in snapshot(),
        policy in policy(),
    ) {
        let plan = plan(&snapshot, &policy, now());
        let waiting = snapshot.queues.iter().flat_map(|queue| &queue.waiting);
        let epochs: BTreeMap<_, _> = waiting.map(|it| (it.conversation, it.epoch)).collect();
        for (number, placement) in (0..).zip(&plan.placements) {
            prop_assert_eq!(placement.epoch, epochs[&placement.conversation] + 1);
            prop_assert_eq!(placement.at, now() + Duration::microseconds(number));
            prop_assert_eq!(placement.explanation.at, placement.at);
        }
    }

    /// The size of a plan does not grow with candidates times conversations.
    #[test]
    fn what_waits_in_one_queue_shares_its_candidates(snapshot in snapshot()) {
        let plan = plan(&snapshot, &Policy { batch: 0, ..Policy::default() }, now());
        for queue in &snapshot.queues {
            let ids: Vec<_> = queue.waiting.iter().map(|it| it.conversation).collect();
            let mut left = plan.left.iter().filter(|it| ids.contains(&it.waiting.conversation));
            let Some(first) = left.next() else { continue };
            prop_assert!(left.all(|it| Arc::ptr_eq(&it.candidates, &first.candidates)));
        }
    }
}
