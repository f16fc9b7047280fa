//! Random organizations: small enough that everything meets everything.

use std::collections::BTreeSet;
use std::sync::Arc;

use proptest::prelude::*;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::domain::access::Access;
use crate::domain::agent::{Agent, Requirement};
use crate::domain::plan::{Queue, Snapshot, Waiting};
use crate::domain::policy::Policy;
use crate::domain::presence::Presence;
use crate::domain::words::{Availability, ChannelId, ConversationId, MemberId};

pub fn now() -> OffsetDateTime {
    OffsetDateTime::UNIX_EPOCH + Duration::days(20_000)
}

pub fn member(number: usize) -> MemberId {
    MemberId::from_uuid(Uuid::from_u128(number as u128))
}

pub fn conversation(number: usize) -> ConversationId {
    ConversationId::from_uuid(Uuid::from_u128(number as u128))
}

pub fn channel(number: u128) -> ChannelId {
    ChannelId::from_uuid(Uuid::from_u128(number))
}

pub fn channels() -> impl Strategy<Value = BTreeSet<ChannelId>> {
    prop::collection::btree_set((0_u128..4).prop_map(channel), 0..3)
}

pub fn access() -> impl Strategy<Value = Access> {
    let except = (channels(), channels())
        .prop_map(|(restricted, open)| Access::Except { restricted: Arc::new(restricted), open });
    prop_oneof![2 => Just(Access::Everywhere), 1 => channels().prop_map(Access::Only), 1 => except]
}

fn presence() -> impl Strategy<Value = Presence> {
    prop_oneof![
        6 => Just(Presence::Present),
        1 => Just(Presence::Absent),
        1 => Just(Presence::Unseen),
        1 => Just(Presence::Unknown),
    ]
}

/// An agent whose id is still to be given. Few different numbers, so that ties are common.
fn agent() -> impl Strategy<Value = Agent> {
    (
        (prop::bool::weighted(0.8), presence(), access()),
        (0_u32..5, 0_u32..4, 0_u32..8, prop::option::of(1_i64..4)),
        0_i64..10,
    )
        .prop_map(|((available, presence, access), numbers, availability_epoch)| {
            let (capacity, above, load, assigned) = numbers;
            // Now and then below the capacity, which configuration should prevent.
            let hard_limit = (capacity + above).saturating_sub(u32::from(availability_epoch == 7));
            Agent {
                member: member(0),
                availability: if available { Availability::Available } else { Availability::Away },
                availability_epoch,
                presence,
                access,
                load: load.min(hard_limit),
                capacity,
                hard_limit,
                last_assigned_at: assigned.map(|second| now() - Duration::seconds(second)),
            }
        })
}

pub fn agents(most: usize) -> impl Strategy<Value = Vec<Agent>> {
    prop::collection::vec(agent(), 0..=most).prop_map(|mut agents| {
        for (number, agent) in (1..).zip(&mut agents) {
            agent.member = member(number);
        }
        agents
    })
}

fn waiting() -> impl Strategy<Value = Waiting> {
    (0_i64..600, prop_oneof![3 => Just(0), 1 => -5_i32..6], 0_i64..50).prop_map(
        |(second, points, epoch)| Waiting {
            conversation: conversation(0),
            waiting_since: now() - Duration::seconds(second),
            points,
            epoch,
        },
    )
}

fn queues() -> impl Strategy<Value = Vec<Queue>> {
    let queue = (channels(), prop::collection::vec(waiting(), 0..12))
        .prop_map(|(channels, waiting)| Queue { requirement: Requirement { channels }, waiting });
    (prop::collection::vec(queue, 0..4), any::<bool>()).prop_map(|(mut queues, backwards)| {
        let all: usize = queues.iter().map(|queue| queue.waiting.len()).sum();
        let waiting = queues.iter_mut().flat_map(|queue| &mut queue.waiting);
        for (number, waiting) in (1..).zip(waiting) {
            waiting.conversation = conversation(if backwards { all - number + 1 } else { number });
        }
        queues
    })
}

pub fn snapshot() -> impl Strategy<Value = Snapshot> {
    (agents(9), queues()).prop_map(|(agents, queues)| Snapshot { agents, queues })
}

pub fn policy() -> impl Strategy<Value = Policy> {
    (prop_oneof![2 => Just(200_usize), 1 => 0_usize..8], 0_usize..10, 0_i64..1_000)
        .prop_map(|(batch, shown, version)| Policy { version, batch, shown, ..Policy::default() })
}

/// The snapshot with everything in another order, and one queue cut in two.
pub fn shuffled(snapshot: &Snapshot) -> impl Strategy<Value = Snapshot> + use<> {
    let cut = |queue: Queue| {
        (Just(queue.requirement), Just(queue.waiting).prop_shuffle(), any::<prop::sample::Index>())
            .prop_map(|(requirement, mut waiting, at)| {
                let rest = waiting.split_off(at.index(waiting.len() + 1));
                [
                    Queue { requirement: requirement.clone(), waiting },
                    Queue { requirement, waiting: rest },
                ]
            })
    };
    let queues: Vec<_> = snapshot.queues.iter().cloned().map(cut).collect();
    let queues = queues
        .prop_map(|halves| halves.into_iter().flatten().collect::<Vec<Queue>>())
        .prop_shuffle();
    (Just(snapshot.agents.clone()).prop_shuffle(), queues)
        .prop_map(|(agents, queues)| Snapshot { agents, queues })
}
