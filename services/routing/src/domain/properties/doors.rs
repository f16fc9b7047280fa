//! Plans of organizations whose channels are restricted: by the words of `product.md` 1, over the
//! lists as an administrator writes them.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::config;
use super::draw::{agents, channel, conversation, member, now, policy};
use crate::domain::access::{Doors, Level};
use crate::domain::agent::{Agent, Removal, Requirement};
use crate::domain::explanation::Unplaced;
use crate::domain::person::Roles;
use crate::domain::plan::{Queue, Snapshot, Waiting, plan};
use crate::domain::policy::Policy;
use crate::domain::words::{ChannelId, ConversationId, MemberId};

/// An organization as its administrator wrote it.
#[derive(Debug, Clone)]
struct Written {
    /// Restricted channels and their lists.
    lists: BTreeMap<ChannelId, BTreeMap<MemberId, Level>>,
    roles: BTreeMap<MemberId, Roles>,
    agents: Vec<Agent>,
    waiting: Vec<(BTreeSet<ChannelId>, Waiting)>,
}

impl Written {
    /// Viewers only read; who has no role, or is not on the list, is not let in.
    fn may_answer(&self, member: MemberId, channels: &BTreeSet<ChannelId>) -> bool {
        let roles = self.roles[&member];
        if roles == Roles::default() {
            return false;
        }
        let leads = [Roles::SUPERVISOR, Roles::ADMIN];
        if leads.iter().any(|lead| roles.code() & lead.code() != 0) || channels.is_empty() {
            return true;
        }
        channels.iter().any(|channel| match self.lists.get(channel) {
            None => true,
            Some(list) => {
                matches!(list.get(&member), Some(Level::Contributor | Level::Supervisor))
            }
        })
    }

    /// As the service sees it.
    fn snapshot(&self) -> Snapshot {
        let doors = Doors::new(self.lists.clone());
        let agents = self.agents.iter().map(|agent| Agent {
            access: doors.access(agent.member, self.roles[&agent.member]),
            ..agent.clone()
        });
        let mut queues: BTreeMap<BTreeSet<ChannelId>, Vec<Waiting>> = BTreeMap::new();
        for (channels, waiting) in &self.waiting {
            queues.entry(channels.clone()).or_default().push(*waiting);
        }
        let queues = queues
            .into_iter()
            .map(|(channels, waiting)| Queue { requirement: Requirement { channels }, waiting });
        Snapshot { agents: agents.collect(), queues: queues.collect() }
    }

    fn channels(&self, id: ConversationId) -> &BTreeSet<ChannelId> {
        let found = self.waiting.iter().find(|(_, waiting)| waiting.conversation == id);
        &found.expect("it waits").0
    }
}

fn written() -> impl Strategy<Value = Written> {
    let level = prop_oneof![
        Just(Level::Viewer),
        Just(Level::Contributor),
        Just(Level::Supervisor),
        Just(Level::Nothing),
    ];
    let list = prop::collection::btree_map((1_usize..8).prop_map(member), level, 0..5);
    let lists = prop::collection::btree_map((0_u128..4).prop_map(channel), list, 0..4);
    let role = prop_oneof![
        8 => Just(Roles::AGENT),
        1 => Just(Roles::SUPERVISOR),
        1 => Just(Roles::ADMIN),
        1 => Just(Roles::default()),
    ];
    let came_through = prop::collection::btree_set((0_u128..5).prop_map(channel), 0..3);
    let waiting = prop::collection::vec((came_through, 0_i64..600), 0..16);
    (lists, agents(7), prop::collection::vec(role, 7), waiting).prop_map(
        |(lists, agents, roles, waiting)| {
            let roles = agents.iter().map(|agent| agent.member).zip(roles).collect();
            let waits = |(number, (channels, second))| {
                let waiting = Waiting {
                    conversation: conversation(number),
                    waiting_since: now() - time::Duration::seconds(second),
                    points: 0,
                    epoch: 0,
                };
                (channels, waiting)
            };
            Written { lists, roles, agents, waiting: (1..).zip(waiting).map(waits).collect() }
        },
    )
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn nothing_of_a_restricted_channel_is_handed_to_somebody_without_access(
        written in written(),
        policy in policy(),
    ) {
        for placement in plan(&written.snapshot(), &policy, now()).placements {
            let channels = written.channels(placement.conversation);
            prop_assert!(written.may_answer(placement.member, channels), "{placement:?}");
        }
    }

    /// A list keeps out and lets in, and touches nobody's work elsewhere: what everybody who may
    /// answer is handed is what they would be handed if nobody else were there.
    #[test]
    fn whoever_may_not_answer_anything_that_waits_changes_no_plan(written in written()) {
        let policy = Policy { shown: 0, ..Policy::default() };
        let placed = |written: &Written| -> Vec<(ConversationId, MemberId)> {
            let plan = plan(&written.snapshot(), &policy, now());
            plan.placements.iter().map(|it| (it.conversation, it.member)).collect()
        };
        let mut without = written.clone();
        without.agents.retain(|agent| {
            written.waiting.iter().any(|(channels, _)| written.may_answer(agent.member, channels))
        });
        prop_assert_eq!(placed(&written), placed(&without));
    }

    /// "Why not yet": nobody may, exactly where nobody may; and each who may not is removed by
    /// that rule and no other.
    #[test]
    fn what_waits_says_that_nobody_may_answer_it_exactly_where_that_is_so(written in written()) {
        let policy = Policy { shown: 20, ..Policy::default() };
        for left in plan(&written.snapshot(), &policy, now()).left {
            let channels = written.channels(left.waiting.conversation);
            let may = |agent: &&Agent| written.may_answer(agent.member, channels);
            let nobody = written.agents.iter().find(may).is_none();
            prop_assert_eq!(left.reason == Unplaced::NobodyAllowed, nobody);
            for candidate in &left.candidates.shown {
                let removed = candidate.removed == Some(Removal::NotAllowed);
                prop_assert_eq!(removed, !written.may_answer(candidate.member, channels));
            }
        }
    }

    #[test]
    fn a_list_of_a_channel_that_is_open_says_nothing(written in written()) {
        let open = Written { lists: BTreeMap::new(), ..written };
        for agent in open.snapshot().agents {
            let answers = open.roles[&agent.member] != Roles::default();
            for (channels, _) in &open.waiting {
                let asked = Requirement { channels: channels.clone() };
                prop_assert_eq!(agent.access.allows(&asked), answers);
            }
        }
    }
}
