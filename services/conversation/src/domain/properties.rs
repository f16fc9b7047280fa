//! Properties of the decisions over random runs. Each run is delivered once in the order in
//! which it was drawn, one item a batch, and once in another order, with repetitions, in
//! batches; between two decisions both must give the same conversations.

mod runs;
mod strangers;
mod world;

use std::collections::BTreeSet;

use proptest::prelude::*;
use time::Duration;

use self::runs::{Act, Coming, Decides, Message, SEGMENTS, Shuffle};
use self::world::World;
use super::item::Item;
use super::policy::Policy;
use super::words::State;

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

/// A world whose first and second account have windows of their own, if they have.
fn with_windows(hours: [Option<i64>; 2]) -> World {
    let own = |second: bool| {
        let hours = hours[usize::from(second)]?;
        Some((runs::channel(second), Duration::hours(hours)))
    };
    World { reopen_windows: [false, true].into_iter().filter_map(own).collect(), ..world(24) }
}

/// Hours of an account's window: none of its own, never, within a segment, and beyond one.
fn window() -> impl Strategy<Value = Option<i64>> {
    prop_oneof![Just(None), Just(Some(0)), Just(Some(6)), Just(Some(48))]
}

fn check_any_order(
    messages: &[Message],
    acts: &[Act],
    timers: &[bool],
    shuffles: &[Shuffle],
    world: impl Fn() -> World,
) -> Result<(), TestCaseError> {
    let (mut plain, mut other) = (world(), world());
    let mut replies: BTreeSet<String> = BTreeSet::new();
    let mut coming = Coming::default();
    for (segment, mut items) in runs::deliveries(messages).into_iter().enumerate() {
        let now = runs::decision_at(segment);
        items.append(&mut coming.now());
        let batches = runs::shuffled(&items, &shuffles[segment]);
        for item in items {
            plain.deliver(vec![item], now - Duration::hours(1));
        }
        for batch in batches {
            other.deliver(batch, now - Duration::minutes(1));
        }
        prop_assert_eq!(plain.normalised(), other.normalised(), "before decision {}", segment);
        plain.fire_reminders(now);
        other.fire_reminders(now);
        prop_assert_eq!(plain.normalised(), other.normalised(), "after reminders {}", segment);
        if timers[segment] {
            plain.resolve_what_can_be(now);
            other.resolve_what_can_be(now);
        }
        for (index, act) in acts.iter().enumerate().filter(|(_, act)| act.segment == segment) {
            let at = runs::decided_at(act, index);
            let stood = plain.decide(act, index, 0, at);
            prop_assert_eq!(stood, other.decide(act, index, 0, at));
            if stood && act.decides == Decides::Reply {
                coming.of(act, index);
                replies.insert(format!("reply {index}"));
            }
        }
        prop_assert_eq!(plain.normalised(), other.normalised(), "after decision {}", segment);
    }
    for world in [&plain, &other] {
        let (ours, others): (Vec<_>, Vec<_>) =
            world.messages.values().partition(|message| message.reply.is_some());
        let others: BTreeSet<String> =
            others.into_iter().map(|message| message.key.external_id.clone()).collect();
        prop_assert_eq!(others, runs::attributable(messages), "an echo became its reply");
        let texts: Vec<String> = ours.iter().map(|reply| reply.version.text.clone()).collect();
        prop_assert_eq!(texts.len(), replies.len());
        prop_assert_eq!(&texts.into_iter().collect::<BTreeSet<_>>(), &replies);
    }
    Ok(())
}

/// One item a batch; members decide about what their screens show.
fn run_half_blind(world: &mut World, messages: &[Message], acts: &[Act], timers: &[bool]) {
    let mut coming = Coming::default();
    for (segment, mut items) in runs::deliveries(messages).into_iter().enumerate() {
        let now = runs::decision_at(segment);
        items.append(&mut coming.now());
        for item in items {
            world.deliver(vec![item], now - Duration::hours(1));
        }
        world.fire_reminders(now);
        for (index, act) in acts.iter().enumerate().filter(|(_, act)| act.segment == segment) {
            let stood = world.decide(act, index, act.blind, runs::decided_at(act, index));
            if stood && act.decides == Decides::Reply {
                coming.of(act, index);
            }
        }
        if timers[segment] {
            world.resolve_what_can_be(now + Duration::hours(1));
        }
    }
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
        check_any_order(&messages, &[], &[true; SEGMENTS], &shuffles, || world(24))?;
    }

    /// The same with decisions of members in between, and with what becomes of their replies in
    /// any order among everything else; an echo that comes before its answer is one with it.
    #[test]
    fn any_order_gives_the_same_conversations_between_decisions_of_members(
        messages in prop::collection::vec(runs::message(), 1..10),
        acts in prop::collection::vec(runs::act(), 1..6),
        timers in prop::collection::vec(any::<bool>(), SEGMENTS),
        shuffles in prop::collection::vec(runs::shuffle(), SEGMENTS),
    ) {
        check_any_order(&messages, &acts, &timers, &shuffles, || world(24))?;
    }

    /// Whatever a member's screen did not show goes on waiting, however late it came, and a
    /// failed reply gives back what it alone had seen. The world checks after every decision.
    #[test]
    fn nothing_unseen_rests_whatever_members_decide_half_blind(
        messages in prop::collection::vec(runs::message(), 1..10),
        acts in prop::collection::vec(runs::act(), 1..8),
        timers in prop::collection::vec(any::<bool>(), SEGMENTS),
    ) {
        run_half_blind(&mut world(24), &messages, &acts, &timers);
    }

    /// The same when a reply's echo is taken for written elsewhere until members have decided,
    /// having seen what they had seen before it.
    #[test]
    fn nothing_unseen_rests_when_an_echo_becomes_a_reply_after_decisions(
        messages in prop::collection::vec(runs::message(), 1..6),
        mut acts in prop::collection::vec(runs::act(), 2..5),
    ) {
        let messages: Vec<Message> =
            messages.into_iter().map(|message| Message { person: 0, ..message }).collect();
        acts[0] = Act { segment: 0, despite_newer: true, ..runs::sent_and_echoed_later() };
        for act in &mut acts {
            act.person = 0;
        }
        for act in &mut acts[1..] {
            act.segment = 1;
        }
        run_half_blind(&mut world(24), &messages, &acts, &[false; SEGMENTS]);
    }

    /// As long as nothing of what members wrote has reached a contact, they wait: in New.
    #[test]
    fn whoever_was_sent_nothing_is_in_new(
        messages in prop::collection::vec(runs::message(), 1..8),
        acts in prop::collection::vec(runs::act(), 1..8),
    ) {
        let messages: Vec<Message> = messages
            .into_iter()
            .map(|message| Message { own: false, nameless: false, history: false, ..message })
            .collect();
        let acts: Vec<Act> = acts
            .into_iter()
            .map(|act| Act { segment: act.segment % 2, ..runs::failed(&act) })
            .collect();
        let mut world = world(24);
        run_half_blind(&mut world, &messages, &acts, &[false; SEGMENTS]);
        for identity in world.normalised() {
            for conversation in identity.conversations {
                prop_assert_eq!(conversation.state, Some(State::New));
            }
        }
    }

    /// The same when resolved conversations are never reopened.
    #[test]
    fn any_order_gives_the_same_conversations_without_a_reopen_window(
        messages in prop::collection::vec(runs::message(), 1..10),
        shuffles in prop::collection::vec(runs::shuffle(), SEGMENTS),
    ) {
        check_any_order(&messages, &[], &[true; SEGMENTS], &shuffles, || world(0))?;
    }

    /// The same where each account has a window of its own: a message qualifies by any of its
    /// live copies, whichever comes first.
    #[test]
    fn any_order_gives_the_same_conversations_whatever_windows_the_accounts_have(
        messages in prop::collection::vec(runs::message(), 1..12),
        acts in prop::collection::vec(runs::act(), 0..4),
        timers in prop::collection::vec(prop::bool::weighted(0.8), SEGMENTS),
        shuffles in prop::collection::vec(runs::shuffle(), SEGMENTS),
        windows in [window(), window()],
    ) {
        check_any_order(&messages, &acts, &timers, &shuffles, || with_windows(windows))?;
    }

    /// An event that is delivered again much later, after decisions too, changes nothing.
    #[test]
    fn a_redelivery_after_a_decision_changes_nothing(
        messages in prop::collection::vec(runs::message(), 1..10),
        windows in [window(), window()],
    ) {
        let mut world = with_windows(windows);
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
