//! How far back the ring reaches, and what the hub does when a stream skips or repeats.

use kit_values::Secret;

use super::super::outbox::{Inlet, outbox};
use super::*;
use crate::domain::ring::Settings;

const LIFE: u128 = 7;

struct Trial {
    hub: Hub,
    organization: OrganizationId,
    cursors: Cursors,
}

impl Trial {
    /// A hub whose streams had given a hundred events before.
    fn new() -> Self {
        let cursors = Cursors::new(&Secret::new("a key of some length".to_owned())).expect("a key");
        let hub = Hub::new(cursors.clone(), kit_values::now());
        for source in Source::ALL {
            hub.life(source, LIFE, 100);
        }
        Self { hub, organization: OrganizationId::mint(), cursors }
    }

    fn fill(self) -> Self {
        for source in Source::ALL {
            assert!(!self.hub.is_filled());
            self.hub.caught_up(source);
        }
        assert!(self.hub.is_filled());
        self
    }

    fn event(&self, sequence: u64) {
        let change = Change::Settings(Settings::AwayStates);
        let mark = Mark { incarnation: LIFE, sequence };
        let now = kit_values::now();
        self.hub.record(Source::Conversation, mark, now, None, Some((self.organization, change)));
    }

    fn cursor(&self, sequence: u64) -> String {
        let mut position = Position::new(|_| Mark { incarnation: LIFE, sequence: 100 });
        position.set(Source::Conversation, Mark { incarnation: LIFE, sequence });
        self.cursors.write(self.organization, &position)
    }

    fn join(&self, cursor: &str) -> (Joined, Inlet) {
        let now = kit_values::now();
        let session = Session::begin(self.organization, MemberId::mint(), 1, now);
        let (outbox, inlet, _fate) = outbox();
        let joined = self.hub.join(&session, [1; 32], cursor, None, outbox);
        (joined.expect("few sockets"), inlet)
    }

    /// Ends every round that is due, finding nothing.
    fn rounds(&self) {
        let (rounds, _) = self.hub.begin();
        for due in rounds {
            let _ = self.hub.deliver(due.organization, due.wanted.round, &Found::default());
        }
    }
}

/// What a socket was handed: how many events, how many resets.
async fn handed(inlet: &mut Inlet) -> (usize, usize) {
    let (mut events, mut resets) = (0, 0);
    while !inlet.is_empty() {
        match inlet.next().await {
            Some((bytes, Outgoing::Frames(frames))) => {
                events += frames.bodies.len();
                inlet.sent(bytes);
            }
            Some((bytes, Outgoing::Reset(_))) => {
                resets += 1;
                inlet.sent(bytes);
            }
            Some((bytes, Outgoing::Beside(_))) => inlet.sent(bytes),
            None => break,
        }
    }
    (events, resets)
}

#[tokio::test]
async fn the_ring_reaches_back_to_the_first_event_that_filled_it() {
    let trial = Trial::new();
    for sequence in 91..=100 {
        trial.event(sequence);
    }
    let trial = trial.fill();
    assert!(!trial.join(&trial.cursor(89)).0.resumed);
    let (joined, mut inlet) = trial.join(&trial.cursor(90));
    assert!(joined.resumed);
    trial.rounds();
    assert_eq!(handed(&mut inlet).await, (1, 0), "ten events about one thing are told once");
    assert!(trial.join(&trial.cursor(100)).0.resumed);
    assert!(trial.join(&trial.hub.cursor(trial.organization)).0.resumed);
}

#[tokio::test]
async fn without_recent_events_the_ring_begins_at_the_end_of_the_stream() {
    let trial = Trial::new().fill();
    assert!(!trial.join(&trial.cursor(99)).0.resumed);
    assert!(trial.join(&trial.cursor(100)).0.resumed);
}

#[tokio::test]
async fn a_repeated_event_is_told_once() {
    let trial = Trial::new().fill();
    let (_, mut inlet) = trial.join(&trial.cursor(100));
    trial.rounds();
    for sequence in [101, 101, 100] {
        trial.event(sequence);
    }
    tokio::time::sleep(Duration::from_millis(20)).await;
    trial.rounds();
    assert_eq!(handed(&mut inlet).await, (1, 0));
    assert!(!trial.hub.cursor(trial.organization).is_empty());
    assert_eq!(trial.hub.current(trial.organization), Some(trial.cursor(101)));
}

#[tokio::test]
async fn a_skipped_event_makes_every_socket_start_anew_and_then_goes_on() {
    let trial = Trial::new().fill();
    let (_, mut inlet) = trial.join(&trial.cursor(100));
    trial.rounds();
    trial.event(105);
    assert_eq!(handed(&mut inlet).await, (0, 1));
    tokio::time::sleep(Duration::from_millis(20)).await;
    trial.rounds();
    assert_eq!(handed(&mut inlet).await, (1, 0), "the event itself is told");
    assert!(!trial.join(&trial.cursor(103)).0.resumed);
    assert!(trial.join(&trial.cursor(104)).0.resumed);
}

#[tokio::test]
async fn a_new_life_of_a_stream_makes_every_socket_start_anew() {
    let trial = Trial::new().fill();
    let (_, mut inlet) = trial.join(&trial.cursor(100));
    trial.rounds();
    trial.hub.life(Source::Conversation, LIFE, 100);
    assert_eq!(handed(&mut inlet).await, (0, 0), "the same life, joined again");
    trial.hub.life(Source::Conversation, LIFE + 1, 3);
    assert_eq!(handed(&mut inlet).await, (0, 1));
    assert!(!trial.join(&trial.cursor(100)).0.resumed, "a cursor of the old life");
    assert!(trial.join(&trial.hub.cursor(trial.organization)).0.resumed);
}

#[tokio::test]
async fn a_failed_look_up_is_tried_again_after_a_pause() {
    let trial = Trial::new().fill();
    let (_, mut inlet) = trial.join(&trial.cursor(100));
    trial.rounds();
    trial.event(101);
    tokio::time::sleep(Duration::from_millis(20)).await;
    let (rounds, _) = trial.hub.begin();
    let failed = std::time::Instant::now();
    trial.hub.take_back(trial.organization, rounds[0].wanted.round);
    let (rounds, wait) = trial.hub.begin();
    let is_slow = failed.elapsed() >= Duration::from_millis(50);
    assert!(rounds.is_empty() || is_slow, "at once would be too soon");
    if is_slow {
        return;
    }
    tokio::time::sleep(wait.expect("when to try again")).await;
    trial.rounds();
    assert_eq!(handed(&mut inlet).await, (1, 0));
}

#[tokio::test]
async fn only_the_named_sessions_and_epochs_are_cut() {
    let trial = Trial::new().fill();
    let session = Session::begin(trial.organization, MemberId::mint(), 3, kit_values::now());
    let cut = |act: &dyn Fn(&Hub)| {
        let (outbox, _inlet, mut fate) = outbox();
        let joined = trial.hub.join(&session, [9; 32], "", None, outbox).expect("few sockets");
        act(&trial.hub);
        let is_cut = futures::FutureExt::now_or_never(fate.cut()).is_some();
        trial.hub.leave(joined.key);
        is_cut
    };
    assert!(cut(&|hub| hub.cut_sessions(&BTreeSet::from([[9; 32]]))));
    assert!(!cut(&|hub| hub.cut_sessions(&BTreeSet::from([[8; 32]]))));
    assert!(cut(&|hub| hub.cut_member(session.organization, session.member, 4)));
    assert!(!cut(&|hub| hub.cut_member(session.organization, session.member, 3)));
    assert!(!cut(&|hub| hub.cut_member(session.organization, MemberId::mint(), 4)));
    assert!(!cut(&|hub| hub.cut_member(OrganizationId::mint(), session.member, 4)));
}
