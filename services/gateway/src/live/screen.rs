//! What one socket's client shows, and so what it is told.
//!
//! Rows that it shows, has open or owns are told whole and at once. Of others it is told where
//! they stand, if it asked for that: the latest only, at most four times a second. While such
//! words are held back the cursor waits with them, so that a line that is cut meanwhile comes
//! back to them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::outbox::{Audience, Frames};
use crate::domain::{ConversationId, MemberId};
use crate::wire::frames::{self, Body};

/// Shortest time between two rounds of telling where rows stand (`design.md` 3).
pub const MOVES: Duration = Duration::from_millis(250);
/// Largest frame to a client, in bytes, unless one event alone is larger.
const LARGEST_FRAME: usize = 128 * 1024;

/// What the client of one socket shows.
#[derive(Debug)]
pub struct Screen {
    member: MemberId,
    /// The conversation that is open.
    pub open: Option<ConversationId>,
    shown: BTreeSet<ConversationId>,
    moves: bool,
    /// The number of the last event.
    number: u64,
    held: BTreeMap<ConversationId, Arc<Body>>,
    /// The cursors before everything that is held, and after it.
    around: Option<(String, String)>,
    last_moves: Option<Instant>,
}

impl Screen {
    /// Of a client of `member` that shows nothing yet; `moves`: whether it places by itself what
    /// it does not show.
    #[must_use]
    pub const fn new(member: MemberId, moves: bool) -> Self {
        Self {
            member,
            open: None,
            shown: BTreeSet::new(),
            moves,
            number: 0,
            held: BTreeMap::new(),
            around: None,
            last_moves: None,
        }
    }

    /// It shows these rows.
    pub fn show(&mut self, rows: impl IntoIterator<Item = ConversationId>) {
        self.shown = rows.into_iter().collect();
    }

    /// Whether something is held back.
    #[must_use]
    pub fn holds(&self) -> bool {
        !self.held.is_empty()
    }

    /// When what is held back is to be told.
    #[must_use]
    pub fn due(&self, now: Instant) -> Option<Instant> {
        let due = self.last_moves.map_or(now, |last| last + MOVES);
        self.holds().then_some(due)
    }

    /// The client starts anew: what is held back will be part of what it reads.
    pub fn forget(&mut self) {
        self.held.clear();
        self.around = None;
    }

    /// The frames of a batch: no larger than they should be, and only the very last event moves
    /// the cursor.
    pub fn write(&mut self, batch: &Frames) -> Vec<String> {
        let mut heard = Vec::with_capacity(batch.bodies.len());
        for (audience, body) in &batch.bodies {
            let is_told = match audience {
                Audience::Everybody => true,
                Audience::Open(conversation) => Some(*conversation) == self.open,
                Audience::Member(alone) => *alone == self.member,
                Audience::Row { conversation, owner, moved } => match moved {
                    Some(moved) if !self.is_whole(*conversation, *owner) => {
                        self.held.insert(*conversation, Arc::clone(moved));
                        false
                    }
                    _ => {
                        self.held.remove(conversation);
                        true
                    }
                },
            };
            if is_told {
                heard.push(body.as_ref());
            }
        }
        if self.held.is_empty() {
            let before =
                self.around.take().map_or_else(|| batch.before.clone(), |(before, _)| before);
            return cut(&heard, &mut self.number, &before, &batch.after);
        }
        let (before, after) =
            self.around.get_or_insert_with(|| (batch.before.clone(), String::new()));
        after.clone_from(&batch.after);
        cut(&heard, &mut self.number, before, before)
    }

    /// The frames of what was held back.
    pub fn release(&mut self, now: Instant) -> Vec<String> {
        self.last_moves = Some(now);
        let held = std::mem::take(&mut self.held);
        let Some((before, after)) = self.around.take() else { return Vec::new() };
        let held: Vec<&Body> = held.values().map(AsRef::as_ref).collect();
        cut(&held, &mut self.number, &before, &after)
    }

    fn is_whole(&self, conversation: ConversationId, owner: Option<MemberId>) -> bool {
        !self.moves
            || self.open == Some(conversation)
            || owner == Some(self.member)
            || self.shown.contains(&conversation)
    }
}

fn cut(bodies: &[&Body], number: &mut u64, before: &str, after: &str) -> Vec<String> {
    let mut written = Vec::new();
    let mut rest = bodies;
    while !rest.is_empty() {
        let mut bytes = 0;
        let fitting = rest
            .iter()
            .take_while(|body| {
                bytes += body.len();
                bytes <= LARGEST_FRAME
            })
            .count()
            .max(1);
        let (now, later) = rest.split_at(fitting);
        rest = later;
        let after = if rest.is_empty() { after } else { before };
        written.extend(frames::events(now, number, before, after));
    }
    written
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::domain::ring::Settings;

    fn batch(bodies: Vec<(Audience, Arc<Body>)>, before: &str, after: &str) -> Frames {
        Frames { bodies, before: before.to_owned(), after: after.to_owned() }
    }

    fn plain() -> Arc<Body> {
        Arc::new(Body::settings(Settings::Channels))
    }

    /// A row whose whole and whose place can be told apart.
    fn row(of: ConversationId, owner: Option<MemberId>) -> (Audience, Arc<Body>) {
        let moved = Some(Arc::new(Body::gone(of)));
        (Audience::Row { conversation: of, owner, moved }, plain())
    }

    fn events(frames: &[String]) -> Vec<Value> {
        let events = frames.iter().flat_map(|frame| {
            let frame: Value = serde_json::from_str(frame).expect("JSON");
            frame["evs"].as_array().cloned().unwrap_or_else(|| vec![frame])
        });
        events.collect()
    }

    #[test]
    fn messages_go_to_those_who_have_their_conversation_open() {
        let (open, other) = (ConversationId::mint(), ConversationId::mint());
        let batch = batch(
            vec![
                (Audience::Open(open), plain()),
                (Audience::Open(other), plain()),
                (Audience::Everybody, plain()),
            ],
            "before",
            "after",
        );
        for (open, expected) in [(Some(open), 2), (None, 1)] {
            let mut screen = Screen { open, ..Screen::new(MemberId::mint(), false) };
            assert_eq!(events(&screen.write(&batch)).len(), expected);
        }
    }

    #[test]
    fn what_concerns_one_member_goes_to_their_sockets_alone() {
        let (own, other) = (MemberId::mint(), MemberId::mint());
        let batch = batch(vec![(Audience::Member(own), plain())], "before", "after");
        assert_eq!(Screen::new(own, false).write(&batch).len(), 1);
        assert!(Screen::new(other, false).write(&batch).is_empty());
    }

    #[test]
    fn rows_that_are_shown_open_or_owned_are_told_whole_and_others_by_their_place() {
        let member = MemberId::mint();
        let [shown, open, own, other] = [(); 4].map(|()| ConversationId::mint());
        let rows =
            || vec![row(shown, None), row(open, None), row(own, Some(member)), row(other, None)];
        let mut screen = Screen { open: Some(open), ..Screen::new(member, true) };
        screen.show([shown]);
        let whole = events(&screen.write(&batch(rows(), "a", "b")));
        assert_eq!(whole.iter().filter(|event| event["k"] == "settings.changed").count(), 3);
        let now = Instant::now();
        assert_eq!(screen.due(now), Some(now), "nothing was told lately");
        let places = events(&screen.release(now));
        assert_eq!((places.len(), &places[0]["d"]["id"]), (1, &other.to_string().into()));
        assert!(!screen.holds());
        let mut whole = Screen::new(member, false);
        assert_eq!(
            events(&whole.write(&batch(rows(), "a", "b"))).len(),
            4,
            "unasked, all are whole"
        );
    }

    #[test]
    fn the_cursor_waits_with_what_is_held_back() {
        let [first, second] = [(); 2].map(|()| ConversationId::mint());
        let mut screen = Screen::new(MemberId::mint(), true);
        let with_word = vec![row(first, None), (Audience::Everybody, plain())];
        let told = events(&screen.write(&batch(with_word, "a", "b")));
        assert_eq!(told[0]["c"], "a");
        assert!(
            screen.write(&batch(vec![row(second, None), row(first, None)], "b", "c")).is_empty()
        );
        let told = events(&screen.write(&batch(vec![(Audience::Everybody, plain())], "c", "d")));
        assert_eq!(told[0]["c"], "a", "what was held back before is not told yet");
        let now = Instant::now();
        let places = events(&screen.release(now));
        assert_eq!(places.len(), 2, "the latest place of each");
        assert_eq!((&places[0]["c"], &places[1]["c"]), (&"a".into(), &"d".into()));
        assert!(screen.write(&batch(vec![row(first, None)], "d", "e")).is_empty());
        assert_eq!(screen.due(now), Some(now + MOVES), "four times a second at most");
        let gone = (Audience::Row { conversation: first, owner: None, moved: None }, plain());
        let told = events(&screen.write(&batch(vec![gone], "e", "f")));
        assert_eq!(told[0]["c"], "f");
        assert!(!screen.holds(), "what has gone is not moved afterwards");
    }

    #[test]
    fn a_large_batch_is_cut_into_frames_whose_last_event_alone_moves_the_cursor() {
        let body = Arc::new(Body::gone(ConversationId::mint()));
        let count = 3 * LARGEST_FRAME / body.len();
        let batch = batch(vec![(Audience::Everybody, body); count], "before", "after");
        let written = Screen::new(MemberId::mint(), false).write(&batch);
        assert!(written.len() >= 3);
        let events = events(&written);
        assert_eq!(events.len(), count);
        for (index, event) in events.iter().enumerate() {
            assert_eq!(event["n"], index + 1);
            assert_eq!(event["c"], if index + 1 == count { "after" } else { "before" });
        }
    }
}
