//! An organization in memory that carries out decisions as the real one does, and checks after
//! each what must hold.

use std::collections::{BTreeMap, BTreeSet};

use time::OffsetDateTime;

use super::draw::{conversation, member, now};
use crate::domain::agent::Agent;
use crate::domain::availability::{self, Change, Choice, Chosen, choose};
use crate::domain::ownership::{
    Assignment, Command, Decision, Queued, Queueing, Rejection, Standing, decide,
};
use crate::domain::plan::{Plan, Queue, Snapshot, plan};
use crate::domain::policy::Policy;
use crate::domain::presence::Presence;
use crate::domain::words::{Availability, ConversationId, MemberId, State};

pub struct World {
    pub agents: BTreeMap<MemberId, Agent>,
    pub chosen: BTreeMap<MemberId, Chosen>,
    pub assignments: BTreeMap<ConversationId, Assignment>,
    queue: BTreeMap<ConversationId, Queued>,
    /// All that conversation ever said, whether or not routing has heard it.
    pub said: BTreeMap<ConversationId, Vec<Standing>>,
    /// The epochs that were published, as another service would apply them.
    published: BTreeMap<ConversationId, (i64, Option<MemberId>)>,
    pub now: OffsetDateTime,
}

impl World {
    pub fn new(mut agents: Vec<Agent>, conversations: usize) -> Self {
        for agent in &mut agents {
            agent.load = 0;
            agent.availability_epoch = 0;
        }
        let chosen = agents
            .iter()
            .map(|agent| {
                let chosen = Chosen { availability: agent.availability, ..Chosen::never(now()) };
                (agent.member, chosen)
            })
            .collect();
        let ids = || (0..conversations).map(conversation);
        Self {
            agents: agents.into_iter().map(|agent| (agent.member, agent)).collect(),
            chosen,
            assignments: ids().map(|id| (id, Assignment::unknown(id))).collect(),
            queue: BTreeMap::new(),
            said: BTreeMap::new(),
            published: BTreeMap::new(),
            now: now(),
        }
    }

    pub fn agent(&self, number: usize) -> Agent {
        let number = 1 + number % self.agents.len().max(1);
        self.agents[&member(number)].clone()
    }

    /// Decides, saves, and checks.
    pub fn carry_out(
        &mut self,
        id: ConversationId,
        command: Command,
    ) -> Result<Decision, Rejection> {
        let before = self.assignments[&id].clone();
        let decision = decide(&before, command, self.now)?;
        let after = &decision.assignment;
        assert_eq!(decision.changed, *after != before);
        assert!(after.epoch >= before.epoch, "an epoch only grows");
        if after.owner != before.owner {
            assert!(after.epoch > before.epoch, "a new owner has a new epoch");
        }
        assert_eq!(
            after.epoch > before.epoch,
            decision.owner.is_some(),
            "every new epoch is announced"
        );
        if let Some(change) = decision.owner {
            assert_eq!((change.former, change.owner), (before.owner, after.owner));
            let known = self.published.entry(id).or_insert((0, None));
            assert!(change.epoch > known.0, "what is announced is newer than what was");
            *known = (change.epoch, change.owner);
            assert!(!decision.explanations.is_empty(), "every change is explained");
            assert_eq!(decision.explanations.last().expect("one").member, after.owner);
        }
        for (member, by) in &decision.load {
            let agent = self.agents.get_mut(member).expect("a member");
            agent.load = agent.load.checked_add_signed(*by).expect("a load is never negative");
        }
        if let Some(member) = decision.assigned {
            let agent = self.agents.get_mut(&member).expect("a member");
            agent.last_assigned_at = Some(self.now);
        }
        match &decision.queueing {
            Queueing::Unchanged => {}
            Queueing::Put(queued) => {
                self.queue.insert(id, queued.clone());
            }
            Queueing::Remove => {
                self.queue.remove(&id);
            }
        }
        self.assignments.insert(id, after.clone());
        self.check();
        Ok(decision)
    }

    pub fn choose(
        &mut self,
        member: MemberId,
        choice: Choice,
    ) -> Result<Change, availability::Rejection> {
        let before = self.chosen[&member].clone();
        let change = choose(&before, choice, self.now)?;
        assert_eq!(change.chosen.epoch, before.epoch + i64::from(change.changed));
        assert_eq!(change.changed, change.chosen != before);
        let agent = self.agents.get_mut(&member).expect("a member");
        agent.availability = change.chosen.availability;
        agent.availability_epoch = change.chosen.epoch;
        self.chosen.insert(member, change.chosen.clone());
        if change.hand_back {
            self.hand_back(member);
        }
        Ok(change)
    }

    /// Every New conversation that the member owns goes back.
    pub fn hand_back(&mut self, member: MemberId) {
        let owned: Vec<ConversationId> = self
            .assignments
            .values()
            .filter(|it| it.owner == Some(member) && it.state == State::New)
            .map(|it| it.conversation)
            .collect();
        for id in owned {
            let since = self.assignments[&id].waiting_since;
            let agent = self.agents[&member].clone();
            let hand_back = |typed_in| Command::HandBack { agent: agent.clone(), typed_in };
            let stays = self.carry_out(id, hand_back(true)).expect("not reachable");
            assert!(!stays.changed, "taken away while it was typed in");
            let decision = self.carry_out(id, hand_back(false)).expect("not reachable");
            assert_eq!(decision.assignment.waiting_since, since, "with its own waiting time");
            assert!(self.queue.contains_key(&id));
        }
        assert_eq!(self.agents[&member].load, 0);
    }

    /// Where the member may answer has changed.
    pub fn recheck(&mut self, member: MemberId) {
        let owned: Vec<Assignment> =
            self.assignments.values().filter(|it| it.owner == Some(member)).cloned().collect();
        for before in owned {
            let agent = self.agents[&member].clone();
            let keeps = before.state != State::New || agent.access.allows(&before.requirement());
            let decision = self.carry_out(before.conversation, Command::Recheck { agent });
            let after = decision.expect("never refused").assignment;
            assert_eq!(after.owner.is_some(), keeps);
            assert_eq!(after.waiting_since, before.waiting_since, "with its own waiting time");
        }
    }

    /// What is New is owned by nobody who may not answer it.
    pub fn check_access(&self) {
        for assignment in self.assignments.values() {
            let Some(owner) = assignment.counts_for() else { continue };
            let allowed = self.agents[&owner].access.allows(&assignment.requirement());
            assert!(allowed, "{owner} may not answer {assignment:?}");
        }
    }

    pub fn observe(&mut self, id: ConversationId, standing: Standing) -> Decision {
        let agents = self.concerned(id, &standing);
        let command = || Command::Observe { standing: standing.clone(), agents: agents.clone() };
        let decision = self.carry_out(id, command()).expect("a standing is never refused");
        let agents = self.concerned(id, &standing);
        let again = Command::Observe { standing, agents };
        assert!(!self.carry_out(id, again).expect("never refused").changed, "applied twice");
        decision
    }

    fn concerned(&self, id: ConversationId, standing: &Standing) -> Vec<Agent> {
        let concerned = self.assignments[&id].concerned(standing);
        concerned.iter().filter_map(|member| self.agents.get(member)).cloned().collect()
    }

    pub fn plan(&self, policy: &Policy) -> Plan {
        let mut queues: Vec<Queue> = Vec::new();
        for queued in self.queue.values() {
            match queues.iter_mut().find(|queue| queue.requirement == queued.requirement) {
                Some(queue) => queue.waiting.push(queued.waiting),
                None => queues.push(Queue {
                    requirement: queued.requirement.clone(),
                    waiting: vec![queued.waiting],
                }),
            }
        }
        let snapshot = Snapshot { agents: self.agents.values().cloned().collect(), queues };
        plan(&snapshot, policy, self.now)
    }

    /// Carries out what still holds; gives how many did not.
    pub fn execute(&mut self, plan: Plan) -> usize {
        let mut stale = 0;
        for placement in plan.placements {
            let agent = self.agents[&placement.member].clone();
            let id = placement.conversation;
            let before = self.assignments[&id].clone();
            let (epoch, availability_epoch) = (placement.epoch, placement.availability_epoch);
            let then = agent.clone();
            let command = Command::Place { placement: Box::new(placement), agent };
            match self.carry_out(id, command) {
                Ok(decision) => {
                    assert_eq!((before.state, before.owner), (State::New, None));
                    assert_eq!((before.epoch + 1, decision.assignment.epoch), (epoch, epoch));
                    assert_eq!(then.availability, Availability::Available);
                    assert_eq!(then.availability_epoch, availability_epoch, "away in between");
                    assert_eq!(then.presence, Presence::Present);
                    assert!(self.agents[&then.member].load <= then.capacity);
                }
                Err(_) => stale += 1,
            }
        }
        stale
    }

    /// What must hold after every transaction.
    fn check(&self) {
        let mut loads: BTreeMap<MemberId, u32> = BTreeMap::new();
        let mut waiting: BTreeSet<ConversationId> = BTreeSet::new();
        for (id, assignment) in &self.assignments {
            match (assignment.state, assignment.owner) {
                (State::New, Some(owner)) => *loads.entry(owner).or_default() += 1,
                (State::New, None) => {
                    waiting.insert(*id);
                }
                (State::Pending, _) | (State::Resolved | State::Absorbed, None) => {}
                (State::Resolved | State::Absorbed, Some(_)) => panic!("owned though finished"),
            }
            let (epoch, owner) = self.published.get(id).copied().unwrap_or((0, None));
            assert_eq!((epoch, owner), (assignment.epoch, assignment.owner), "as announced");
        }
        for agent in self.agents.values() {
            assert_eq!(agent.load, loads.get(&agent.member).copied().unwrap_or(0), "the load");
            assert!(agent.load <= agent.hard_limit, "over the hard limit");
        }
        let queued: BTreeSet<ConversationId> = self.queue.keys().copied().collect();
        assert_eq!(queued, waiting, "what is New and nobody's waits, and nothing else");
        for (id, queued) in &self.queue {
            assert_eq!(self.assignments[id].queued().as_ref(), Some(queued), "as it waits");
        }
    }
}
