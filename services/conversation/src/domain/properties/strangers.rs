//! Messages that come without their authors first, and with them later.

use std::collections::BTreeSet;

use kit_values::EventId;
use proptest::prelude::*;
use time::Duration;

use super::runs::{self, Act, Coming, Message, SEGMENTS, Shuffle};
use super::world::{NormalIdentity, World};
use super::{config, window, with_windows};
use crate::domain::item::{Item, MessageKey, Spare, What, Writer};
use crate::domain::person::{IdentityKey, Person};
use crate::domain::words::{ContactId, ConversationId, Direction, MessageId};

/// What the network says of an author.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Named {
    AtOnce,
    /// First nothing, and the name so many segments later.
    Later(usize),
    Never,
}

/// What is said of one message's author, and in which of the segment's threads it stands.
type Drawn = (Named, u8);

fn within_the_segment() -> impl Strategy<Value = Drawn> {
    let named = prop_oneof![
        1 => Just(Named::AtOnce),
        4 => Just(Named::Later(0)),
        1 => Just(Named::Never),
    ];
    (named, 0_u8..2)
}

fn after_decisions() -> impl Strategy<Value = Drawn> {
    let named = prop_oneof![
        1 => Just(Named::AtOnce),
        4 => (0..SEGMENTS).prop_map(Named::Later),
        1 => Just(Named::Never),
    ];
    (named, 0_u8..2)
}

/// The same item as another event, that does not say who wrote it.
fn nameless(item: &Item) -> Item {
    let mut copy = Item { event: EventId::mint(), ..item.clone() };
    if let What::Written(written) = &mut copy.what {
        written.writer = Writer::Contact(None);
        written.spare = Spare {
            message: MessageId::mint(),
            conversation: ConversationId::mint(),
            contact: ContactId::mint(),
            identity: kit_values::mint_uuid(),
        };
    }
    copy
}

fn key_of(item: &Item) -> Option<&MessageKey> {
    match &item.what {
        What::Written(written) if matches!(written.writer, Writer::Contact(_)) => {
            Some(&written.key)
        }
        _ => None,
    }
}

/// The deliveries as they come when authors are known at once, and as they come really.
fn told(messages: &[Message], drawn: &[Drawn], within: bool) -> (Vec<Vec<Item>>, Vec<Vec<Item>>) {
    let mut plain = runs::deliveries(messages);
    let mut really: Vec<Vec<Item>> = vec![Vec::new(); SEGMENTS];
    let mut begun: BTreeSet<MessageKey> = BTreeSet::new();
    for segment in 0..SEGMENTS {
        for item in &mut plain[segment] {
            let Some(key) = key_of(item).cloned() else {
                really[segment].push(item.clone());
                continue;
            };
            let index: usize = key.external_id.parse::<usize>().expect("a number") - 98;
            let (named, thread) = drawn[index];
            if let What::Written(written) = &mut item.what {
                // Nobody decides about a thread before its messages have their authors.
                let place = if within { messages[index].segment } else { 0 };
                written.in_reply_to = Some(format!("thread {place} {thread}"));
            }
            let is_first = begun.insert(key);
            match named {
                Named::AtOnce => really[segment].push(item.clone()),
                Named::Never => {
                    *item = nameless(item);
                    really[segment].push(item.clone());
                }
                Named::Later(later) => {
                    if is_first {
                        really[segment].push(nameless(item));
                    }
                    really[(segment + later).min(SEGMENTS - 1)].push(item.clone());
                }
            }
        }
    }
    (plain, really)
}

/// Everybody who has a conversation.
fn talking(world: &World) -> Vec<NormalIdentity> {
    let all = world.normalised();
    all.into_iter().filter(|identity| !identity.conversations.is_empty()).collect()
}

fn check_like_named_at_once(
    messages: &[Message],
    drawn: &[Drawn],
    acts: &[Act],
    shuffles: &[Shuffle],
    world: impl Fn() -> World,
) -> Result<(), TestCaseError> {
    let (mut plain, mut other) = (world(), world());
    let mut coming = Coming::default();
    let (at_once, really) = told(messages, drawn, true);
    for (segment, (mut at_once, mut really)) in at_once.into_iter().zip(really).enumerate() {
        let now = runs::decision_at(segment);
        let comes = coming.now();
        at_once.extend(comes.iter().cloned());
        really.extend(comes);
        for item in at_once {
            plain.deliver(vec![item], now - Duration::hours(1));
        }
        for batch in runs::shuffled(&really, &shuffles[segment]) {
            other.deliver(batch, now - Duration::minutes(1));
        }
        prop_assert_eq!(talking(&plain), talking(&other), "before decision {}", segment);
        plain.resolve_what_can_be(now);
        other.resolve_what_can_be(now);
        for (index, act) in acts.iter().enumerate().filter(|(_, act)| act.segment == segment) {
            let at = runs::decided_at(act, index);
            let stood = plain.decide(act, index, 0, at);
            prop_assert_eq!(stood, other.decide(act, index, 0, at));
            if stood && act.decides == runs::Decides::Reply {
                coming.of(act, index);
            }
        }
        prop_assert_eq!(talking(&plain), talking(&other), "after decision {}", segment);
    }
    Ok(())
}

/// Whom an act is about: somebody with a name, or one of those without.
fn whom(world: &World, act: &Act, index: usize) -> IdentityKey {
    let strangers: Vec<&IdentityKey> =
        world.identities.keys().filter(|key| matches!(key.person, Person::Someone(_))).collect();
    match strangers.get(index % (strangers.len() + 1)) {
        Some(key) => (*key).clone(),
        None => runs::identity(act.person),
    }
}

proptest! {
    #![proptest_config(config())]

    /// Who is named in time is where they would be had they been named at once: whatever the
    /// order, repetition and batching, however many strangers share a thread, and whatever the
    /// account answers them meanwhile.
    #[test]
    fn an_author_who_becomes_known_is_as_one_who_was_known_at_once(
        messages in prop::collection::vec(runs::message(), 1..9),
        drawn in prop::collection::vec(within_the_segment(), 9),
        acts in prop::collection::vec(runs::act(), 0..4),
        shuffles in prop::collection::vec(runs::shuffle(), SEGMENTS),
        windows in [window(), window()],
    ) {
        check_like_named_at_once(&messages, &drawn, &acts, &shuffles, || with_windows(windows))?;
    }

    /// Whatever members have decided about strangers before these become known: each message is
    /// there once, with its author, and nothing unseen rests. The world checks the latter, and that
    /// states are the folds of their histories, after every transaction.
    #[test]
    fn nothing_unseen_rests_when_authors_become_known_after_decisions(
        messages in prop::collection::vec(runs::message(), 1..9),
        drawn in prop::collection::vec(after_decisions(), 9),
        acts in prop::collection::vec(runs::act(), 1..8),
        timers in prop::collection::vec(any::<bool>(), SEGMENTS),
        shuffles in prop::collection::vec(runs::shuffle(), SEGMENTS),
    ) {
        let mut world = super::world(24);
        let mut coming = Coming::default();
        let (_, really) = told(&messages, &drawn, false);
        for (segment, mut items) in really.into_iter().enumerate() {
            let now = runs::decision_at(segment);
            items.append(&mut coming.now());
            for batch in runs::shuffled(&items, &shuffles[segment]) {
                world.deliver(batch, now - Duration::hours(1));
            }
            world.fire_reminders(now);
            for (index, act) in acts.iter().enumerate().filter(|(_, act)| act.segment == segment) {
                let key = whom(&world, act, index);
                let about = Act {
                    // Whom a stranger's echo goes to the network says with the stranger's name.
                    echoed: act.echoed && matches!(key.person, Person::Known(_)),
                    ..act.clone()
                };
                let at = runs::decided_at(act, index);
                let stood = world.decide_about(&key, &about, index, act.blind, at);
                if stood && act.decides == runs::Decides::Reply {
                    coming.of(&about, index);
                }
            }
            if timers[segment] {
                world.resolve_what_can_be(now + Duration::hours(1));
            }
        }
        for message in world.messages.values() {
            if message.direction == Direction::Inbound {
                let index: usize = message.key.external_id.parse::<usize>().expect("a number") - 98;
                let is_someones = matches!(message.identity.person, Person::Someone(_));
                prop_assert_eq!(is_someones, drawn[index].0 == Named::Never);
            }
        }
    }
}
