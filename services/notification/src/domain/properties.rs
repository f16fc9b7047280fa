//! What must hold for any sequence of signals.

use std::collections::BTreeSet;

use proptest::prelude::*;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    Away, Change, Kind, Known, MemberId, NotificationId, Owned, Reason, Signal, Standing, decide,
};

struct Absent(BTreeSet<MemberId>);

impl Away for Absent {
    fn is_away(&self, member: MemberId) -> bool {
        self.0.contains(&member)
    }
}

fn member(number: u128) -> MemberId {
    MemberId::from_uuid(Uuid::from_u128(number))
}

fn signals() -> impl Strategy<Value = Signal> {
    prop_oneof![
        (proptest::option::of(1_u128..4), 1_i64..8, any::<bool>()).prop_map(
            |(owner, epoch, handed)| Signal::Owned(Owned {
                owner: owner.map(member),
                epoch,
                handed: handed && owner.is_some(),
            })
        ),
        (1_i64..8, any::<bool>(), any::<bool>(), any::<bool>()).prop_map(
            |(rev, waits, wrote, moved)| {
                Signal::Standing(Standing { rev, waits, wrote: wrote && waits, moved })
            }
        ),
        (1_u128..4).prop_map(|number| Signal::Read(member(number))),
        Just(Signal::ReplyFailed),
    ]
}

fn run(signals: &[Signal], away: &Absent) -> (Known, Vec<Change>) {
    let mut known = Known::NOTHING;
    let mut told = Vec::new();
    for (signal, number) in signals.iter().zip(1..) {
        let spare = NotificationId::from_uuid(Uuid::from_u128(number));
        let (next, changes) = decide(known, *signal, away, spare, OffsetDateTime::UNIX_EPOCH);
        assert!(next.notification_rev >= known.notification_rev);
        known = next;
        told.extend(changes);
    }
    (known, told)
}

fn nobody() -> Absent {
    Absent(BTreeSet::new())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn only_the_owner_is_told_and_only_once_at_a_time(
        signals in prop::collection::vec(signals(), 0..30)
    ) {
        let (known, told) = run(&signals, &nobody());
        prop_assert!(known.notification.is_none_or(|it| Some(it.member) == known.owner));
        // Replaying what was told gives what stands.
        let mut standing = None;
        for change in told {
            match change {
                Change::Raised(notification) => {
                    if let Some(before) = standing {
                        let before: super::Notification = before;
                        prop_assert_eq!(before.id, notification.id, "replaced, not stacked");
                        prop_assert_eq!(before.member, notification.member);
                    }
                    standing = Some(notification);
                }
                Change::Withdrawn(notification, _) => {
                    prop_assert_eq!(standing, Some(notification));
                    standing = None;
                }
            }
        }
        prop_assert_eq!(standing, known.notification);
    }

    #[test]
    fn nothing_stands_for_a_contact_who_no_longer_waits(
        signals in prop::collection::vec(signals(), 0..30)
    ) {
        let mut signals = signals;
        let rev = 9;
        signals.push(Signal::Standing(Standing { rev, waits: false, wrote: false, moved: true }));
        prop_assert!(run(&signals, &nobody()).0.notification.is_none());
        // An older word of the contact comes late: it has been answered.
        let late = Standing { rev: rev - 1, waits: true, wrote: true, moved: false };
        signals.push(Signal::Standing(late));
        prop_assert!(run(&signals, &nobody()).0.notification.is_none());
    }

    #[test]
    fn a_signal_that_comes_twice_is_heard_once(
        signals in prop::collection::vec(signals(), 1..20)
    ) {
        // The inbox stops repeated events; epochs and revs alone must settle owner and state.
        let repeated: Vec<Signal> = signals.iter().flat_map(|signal| [*signal, *signal]).collect();
        let (once, _) = run(&signals, &nobody());
        let (twice, _) = run(&repeated, &nobody());
        prop_assert_eq!((once.owner, once.epoch), (twice.owner, twice.epoch));
        prop_assert_eq!((once.rev, once.waits), (twice.rev, twice.waits));
    }

    #[test]
    fn owner_and_state_do_not_depend_on_the_order(
        owners in prop::collection::vec(proptest::option::of(1_u128..4), 1..8),
        states in prop::collection::vec(any::<bool>(), 1..8),
        shuffle in any::<prop::sample::Index>(),
    ) {
        let mut all: Vec<Signal> = owners
            .iter()
            .zip(1..)
            .map(|(owner, epoch)| {
                Signal::Owned(Owned { owner: owner.map(member), epoch, handed: false })
            })
            .chain(states.iter().zip(1..).map(|(waits, rev)| {
                Signal::Standing(Standing { rev, waits: *waits, wrote: false, moved: false })
            }))
            .collect();
        let (in_order, _) = run(&all, &nobody());
        let place = shuffle.index(all.len());
        all.rotate_left(place);
        all.reverse();
        let (shuffled, _) = run(&all, &nobody());
        prop_assert_eq!(in_order.owner, shuffled.owner);
        prop_assert_eq!(in_order.waits, shuffled.waits);
    }
}

#[test]
fn whoever_is_away_gets_the_badge_alone() {
    let away = Absent([member(1)].into());
    let (known, _) =
        run(&[Signal::Owned(Owned { owner: Some(member(1)), epoch: 1, handed: true })], &away);
    assert!(known.notification.is_some_and(|it| it.badge_only && it.kind == Kind::AssignedToYou));
}

#[test]
fn a_failed_reply_is_told_to_whoever_owns_the_conversation_until_it_is_answered() {
    assert_eq!(run(&[Signal::ReplyFailed], &nobody()).1, [], "nobody owns it");
    let own = Signal::Owned(Owned { owner: Some(member(1)), epoch: 1, handed: false });
    let (known, _) = run(&[own, Signal::ReplyFailed], &nobody());
    assert_eq!(
        known.notification.map(|it| (it.member, it.kind)),
        Some((member(1), Kind::ReplyFailed))
    );
    let back = Signal::Standing(Standing { rev: 2, waits: true, wrote: false, moved: true });
    let again = Signal::Standing(Standing { rev: 3, waits: false, wrote: false, moved: true });
    assert!(run(&[own, Signal::ReplyFailed, back], &nobody()).0.notification.is_some());
    assert!(run(&[own, Signal::ReplyFailed, back, again], &nobody()).0.notification.is_none());
}

#[test]
fn taking_a_conversation_oneself_tells_nothing() {
    let own = Signal::Owned(Owned { owner: Some(member(1)), epoch: 1, handed: false });
    assert_eq!(run(&[own], &nobody()).1, []);
    let wrote = Signal::Standing(Standing { rev: 1, waits: true, wrote: true, moved: false });
    let (known, told) = run(&[own, wrote], &nobody());
    assert_eq!(told.len(), 1);
    assert_eq!(known.notification.map(|it| it.kind), Some(Kind::CustomerAnswered));
    let read = run(&[own, wrote, Signal::Read(member(1))], &nobody());
    assert!(matches!(read.1[1], Change::Withdrawn(_, Reason::Read)));
    let other = run(&[own, wrote, Signal::Read(member(2))], &nobody());
    assert_eq!(other.1.len(), 1, "somebody else's reading withdraws nothing");
}

#[test]
fn what_was_handed_over_while_nobody_waited_in_it_stands_until_it_moves_on() {
    let handed = Signal::Owned(Owned { owner: Some(member(1)), epoch: 1, handed: true });
    let standing =
        |rev, moved| Signal::Standing(Standing { rev, waits: false, wrote: false, moved });
    let (known, _) = run(&[standing(1, true), handed, standing(2, false)], &nobody());
    assert!(known.notification.is_some(), "its new owner is not what it waited for");
    let (known, _) = run(&[handed, standing(2, false), standing(3, true)], &nobody());
    assert!(known.notification.is_none());
}
