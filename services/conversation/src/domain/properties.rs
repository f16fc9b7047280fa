//! Properties of the decisions over random runs. Each run is delivered once in the order in
//! which it was drawn, one item a batch, and once in another order, with repetitions, in
//! batches; between two decisions both must give the same conversations.

mod runs;
mod world;

use std::collections::BTreeSet;

use proptest::prelude::*;
use time::Duration;

use self::runs::{Message, SEGMENTS, Shuffle};
use self::world::World;
use super::item::Item;
use super::policy::Policy;

/// At least 2,000 cases; more when `PROPTEST_CASES` asks for them.
fn config() -> ProptestConfig {
    let default = ProptestConfig::default();
    ProptestConfig { cases: default.cases.max(2_000), failure_persistence: None, ..default }
}

fn world(window_hours: i64) -> World {
    World {
        policy: Policy {
            reopen_window: Duration::hours(window_hours),
            // Due whenever a decision is asked for, so that every run has decisions.
            auto_resolve_after: Duration::days(-10_000),
        },
        ..World::default()
    }
}

fn check_any_order(
    messages: &[Message],
    shuffles: &[Shuffle],
    window_hours: i64,
) -> Result<(), TestCaseError> {
    let mut plain = world(window_hours);
    let mut other = world(window_hours);
    for (segment, items) in runs::deliveries(messages).into_iter().enumerate() {
        let now = runs::decision_at(segment);
        let batches = runs::shuffled(&items, &shuffles[segment]);
        for item in items {
            plain.deliver(vec![item], now - Duration::hours(1));
        }
        for batch in batches {
            other.deliver(batch, now - Duration::minutes(1));
        }
        prop_assert_eq!(plain.normalised(), other.normalised(), "before decision {}", segment);
        plain.resolve_what_can_be(now);
        other.resolve_what_can_be(now);
        prop_assert_eq!(plain.normalised(), other.normalised(), "after decision {}", segment);
    }
    let stored = |world: &World| -> BTreeSet<String> {
        world.messages.keys().map(|key| key.external_id.clone()).collect()
    };
    prop_assert_eq!(stored(&plain), runs::attributable(messages));
    prop_assert_eq!(stored(&other), runs::attributable(messages));
    Ok(())
}

proptest! {
    #![proptest_config(config())]

    /// Order, repetition and batching do not matter between two decisions. The world checks
    /// after every transaction that the state is the fold of its history, that every message
    /// has one place, and that nothing unseen rests in Pending or Resolved.
    #[test]
    fn any_order_repetition_and_batching_gives_the_same_conversations(
        messages in prop::collection::vec(runs::message(), 1..14),
        shuffles in prop::collection::vec(runs::shuffle(), SEGMENTS),
    ) {
        check_any_order(&messages, &shuffles, 24)?;
    }

    /// The same when resolved conversations are never reopened.
    #[test]
    fn any_order_gives_the_same_conversations_without_a_reopen_window(
        messages in prop::collection::vec(runs::message(), 1..10),
        shuffles in prop::collection::vec(runs::shuffle(), SEGMENTS),
    ) {
        check_any_order(&messages, &shuffles, 0)?;
    }

    /// An event that is delivered again much later, after decisions too, changes nothing.
    #[test]
    fn a_redelivery_after_a_decision_changes_nothing(
        messages in prop::collection::vec(runs::message(), 1..10),
    ) {
        let mut world = world(24);
        let mut sent: Vec<Item> = Vec::new();
        for (segment, items) in runs::deliveries(&messages).into_iter().enumerate() {
            let now = runs::decision_at(segment);
            world.deliver(items.clone(), now - Duration::hours(1));
            world.resolve_what_can_be(now);
            sent.extend(items);
            let before = world.normalised();
            for item in &sent {
                world.inbox.remove(&item.event);
            }
            let waiting: BTreeSet<_> = world.waiting.keys().copied().collect();
            let again = sent.iter().filter(|item| !waiting.contains(&item.event)).cloned().collect();
            world.deliver(again, now);
            prop_assert_eq!(before, world.normalised());
        }
    }
}
