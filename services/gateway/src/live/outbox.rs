//! What waits to be sent to one socket: bounded, so that a browser that does not read costs
//! nobody else anything.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::{mpsc, watch};

use crate::domain::{ConversationId, MemberId};
use crate::wire::frames::Body;

/// Most bytes that wait for one socket (`reference/reliability.md` (a) 23). One batch is always
/// let in, however large it is, or a socket that missed much could never come back.
pub const MOST_WAITING: usize = 1024 * 1024;

/// What one thing counts for at most: a batch as large as all that may wait must not cut its
/// socket with the next small frame behind it.
const HEAVIEST: usize = MOST_WAITING / 2;

/// Why the server ends a socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// Signed out, revoked, or over.
    SessionOver,
    /// Does not read fast enough.
    TooSlow,
    /// The gateway stops; the client shall come back after this while.
    Stopping(Duration),
}

/// Whom an event is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Audience {
    /// Every socket.
    Everybody,
    /// Every socket; those that neither show nor own the conversation may be told only where it
    /// stands.
    Row {
        /// Which.
        conversation: ConversationId,
        /// Whose.
        owner: Option<MemberId>,
        /// Where it stands; none when it has to be told whole.
        moved: Option<Arc<Body>>,
    },
    /// Sockets that have this conversation open.
    Open(ConversationId),
    /// Sockets of this member.
    Member(MemberId),
}

/// Events for any number of sockets, each written once.
#[derive(Debug)]
pub struct Frames {
    /// In their order.
    pub bodies: Vec<(Audience, Arc<Body>)>,
    /// The cursor while they are not complete.
    pub before: String,
    /// The cursor after the last of them.
    pub after: String,
}

impl Frames {
    fn bytes(&self) -> usize {
        self.bodies.iter().map(|(_, body)| body.len()).sum()
    }
}

/// What is sent to a socket.
#[derive(Debug, Clone)]
pub enum Outgoing {
    /// Events.
    Frames(Arc<Frames>),
    /// Start anew; what follows comes after this cursor.
    Reset(String),
    /// A whole frame without number and cursor.
    Beside(Arc<str>),
}

/// The hub's end.
#[derive(Debug)]
pub struct Outbox {
    sender: mpsc::UnboundedSender<(usize, Outgoing)>,
    waiting: Arc<AtomicUsize>,
    cut: watch::Sender<Option<Cut>>,
}

/// The socket's end.
#[derive(Debug)]
pub struct Inlet {
    receiver: mpsc::UnboundedReceiver<(usize, Outgoing)>,
    waiting: Arc<AtomicUsize>,
}

/// Tells the socket when the server ends it.
#[derive(Debug)]
pub struct Fate(watch::Receiver<Option<Cut>>);

/// Both ends, and the socket's fate.
#[must_use]
pub fn outbox() -> (Outbox, Inlet, Fate) {
    let (sender, receiver) = mpsc::unbounded_channel();
    let (cut, cut_receiver) = watch::channel(None);
    let waiting = Arc::new(AtomicUsize::new(0));
    (
        Outbox { sender, waiting: Arc::clone(&waiting), cut },
        Inlet { receiver, waiting },
        Fate(cut_receiver),
    )
}

impl Outbox {
    /// Hands something over, or cuts the socket when too much waits already.
    pub fn push(&self, outgoing: Outgoing) {
        let bytes = match &outgoing {
            Outgoing::Frames(frames) => frames.bytes(),
            Outgoing::Reset(cursor) => cursor.len(),
            Outgoing::Beside(frame) => frame.len(),
        };
        let bytes = bytes.min(HEAVIEST);
        let before = self.waiting.fetch_add(bytes, Ordering::Relaxed);
        if before > 0 && before + bytes > MOST_WAITING {
            self.cut(Cut::TooSlow);
            return;
        }
        // A socket that has gone is taken out of the hub by its own task.
        let _ = self.sender.send((bytes, outgoing));
    }

    /// Ends the socket; the first reason stands.
    pub fn cut(&self, reason: Cut) {
        self.cut.send_if_modified(|known| {
            let first = known.is_none();
            if first {
                *known = Some(reason);
            }
            first
        });
    }
}

impl Inlet {
    /// What is to be sent next. It counts as waiting until [`Inlet::sent`].
    pub async fn next(&mut self) -> Option<(usize, Outgoing)> {
        self.receiver.recv().await
    }

    /// So many bytes are on their way.
    pub fn sent(&self, bytes: usize) {
        self.waiting.fetch_sub(bytes, Ordering::Relaxed);
    }

    /// Whether nothing waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.receiver.is_empty() && self.waiting.load(Ordering::Relaxed) == 0
    }
}

impl Fate {
    /// Resolves when the server ends the socket.
    pub async fn cut(&mut self) -> Cut {
        match self.0.wait_for(Option::is_some).await {
            Ok(reason) => reason.unwrap_or(Cut::Stopping(Duration::ZERO)),
            // The hub has let go of the socket.
            Err(_) => Cut::Stopping(Duration::ZERO),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ring::Settings;

    fn frames(count: usize) -> Outgoing {
        let body = Arc::new(Body::settings(Settings::Channels));
        Outgoing::Frames(Arc::new(Frames {
            bodies: vec![(Audience::Everybody, body); count],
            before: String::new(),
            after: String::new(),
        }))
    }

    #[tokio::test]
    async fn a_socket_that_does_not_read_is_cut_at_the_limit() {
        let (outbox, _inlet, mut fate) = outbox();
        let one = Body::settings(Settings::Channels).len();
        for _ in 0..MOST_WAITING / (one * 1_000) {
            outbox.push(frames(1_000));
        }
        assert!(fate.0.borrow().is_none(), "below the limit");
        outbox.push(frames(1_000));
        assert_eq!(fate.cut().await, Cut::TooSlow);
    }

    #[tokio::test]
    async fn one_large_batch_is_let_in_and_a_reading_socket_is_never_cut() {
        let (outbox, mut inlet, fate) = outbox();
        let one = Body::settings(Settings::Channels).len();
        for _ in 0..3 {
            outbox.push(frames(2 * MOST_WAITING / one));
            let (bytes, _) = inlet.next().await.expect("something");
            assert!(!inlet.is_empty(), "not sent yet");
            inlet.sent(bytes);
            assert!(inlet.is_empty());
        }
        assert!(fate.0.borrow().is_none());
    }

    #[tokio::test]
    async fn what_is_pushed_behind_a_large_batch_does_not_cut_its_socket() {
        let (outbox, _inlet, mut fate) = outbox();
        let one = Body::settings(Settings::Channels).len();
        outbox.push(frames(2 * MOST_WAITING / one));
        outbox.push(frames(1));
        assert!(fate.0.borrow().is_none(), "cut by one small frame");
        outbox.push(frames(2 * MOST_WAITING / one));
        assert_eq!(fate.cut().await, Cut::TooSlow, "a second one is too much");
    }

    #[tokio::test]
    async fn the_first_reason_of_a_cut_stands() {
        let (outbox, _inlet, mut fate) = outbox();
        outbox.cut(Cut::SessionOver);
        outbox.cut(Cut::Stopping(Duration::ZERO));
        assert_eq!(fate.cut().await, Cut::SessionOver);
    }
}
