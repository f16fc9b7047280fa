//! All feeds and sockets of this process, behind one short lock.

mod hand_out;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use kit_values::OrganizationId;
use time::OffsetDateTime;
use tokio::sync::Notify;

use super::outbox::{Cut, Outbox, Outgoing};
use crate::domain::access::{Rights, Sight};
use crate::domain::feed::{Admission, Feed, Key, Wanted};
use crate::domain::position::{Mark, Position, Source};
use crate::domain::ring::{Change, Entry};
use crate::domain::session::Session;
use crate::domain::{ChannelId, ConversationId, MemberId, MessageId, NoteId};
use crate::edge::bearer::SessionDigest;
use crate::edge::cursor::Cursors;
use crate::wire::frames::Body;

/// Most sockets of one session: more tabs than anybody has.
const MOST_SOCKETS: usize = 200;
/// Most traces that one round is linked to.
const MOST_TRACES: usize = 32;
/// Longest pause after failed look-ups.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// What was looked up for one round, each thing written once.
#[derive(Debug, Default)]
pub struct Found {
    /// Who may see what; none leaves it as it is.
    pub rights: Option<Arc<Rights>>,
    /// Rows; a wanted one that is missing here is gone.
    pub rows: HashMap<ConversationId, FoundRow>,
    /// Messages, with the conversation that they belong to now.
    pub messages: HashMap<MessageId, (ConversationId, Arc<Body>)>,
    /// The newest messages of conversations.
    pub conversations: HashMap<ConversationId, Vec<Arc<Body>>>,
    /// Notes, with the conversation that they belong to now.
    pub notes: HashMap<NoteId, (ConversationId, Arc<Body>)>,
    /// Counts of what is seen, by sight.
    pub counts: BTreeMap<Sight, Arc<Body>>,
}

/// A row that was found.
#[derive(Debug)]
pub struct FoundRow {
    /// The accounts that it belongs to.
    pub channels: Vec<ChannelId>,
    /// Who owns it.
    pub owner: Option<MemberId>,
    /// The row.
    pub whole: Arc<Body>,
    /// Where it stands.
    pub moved: Arc<Body>,
}

/// A round to look up.
#[derive(Debug)]
pub struct Due {
    /// Whose.
    pub organization: OrganizationId,
    /// What.
    pub wanted: Wanted,
    /// Who has a socket here.
    pub members: BTreeSet<MemberId>,
    /// How far the conversation stream had been read.
    pub rev: u64,
    /// Traces of some of the events that asked for it.
    pub traces: Vec<String>,
}

/// A socket that was let in.
#[derive(Debug)]
pub struct Joined {
    /// Its key, to leave with.
    pub key: Key,
    /// Whether it will be told what it missed.
    pub resumed: bool,
}

/// Why a socket is not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Its session has too many.
    TooMany,
    /// The gateway stops.
    Stopping,
}

struct Socket {
    organization: OrganizationId,
    member: MemberId,
    epoch: i64,
    session: SessionDigest,
    open: Option<ConversationId>,
    /// What its member sees; none until its first round.
    sight: Option<Sight>,
    outbox: Outbox,
}

/// How far the process is with one stream.
#[derive(Debug, Clone, Copy, Default)]
struct Progress {
    life: Option<u128>,
    /// Whether an event of this life has come.
    begun: bool,
    caught_up: bool,
}

struct Inner {
    head: Position,
    floor: Position,
    progress: BTreeMap<Source, Progress>,
    /// What came before all streams were caught up; none from then on.
    filling: Option<Vec<(OrganizationId, Entry)>>,
    feeds: HashMap<OrganizationId, Feed>,
    active: BTreeSet<OrganizationId>,
    pauses: HashMap<OrganizationId, (u32, OffsetDateTime)>,
    traces: HashMap<OrganizationId, Vec<String>>,
    sockets: HashMap<Key, Socket>,
    rights: HashMap<OrganizationId, Arc<Rights>>,
    keys: Key,
    /// Whether nobody is let in any more.
    closing: bool,
}

/// All feeds and sockets of this process.
pub struct Hub {
    inner: Mutex<Inner>,
    wake: Notify,
    cursors: Cursors,
    /// A moment and the steady clock's reading at it: the feed's time never jumps.
    started: (OffsetDateTime, Instant),
}

impl Hub {
    /// Nothing yet; `now` is the present moment.
    #[must_use]
    pub fn new(cursors: Cursors, now: OffsetDateTime) -> Self {
        Self {
            inner: Mutex::new(Inner {
                head: Position::default(),
                floor: Position::default(),
                progress: Source::ALL
                    .into_iter()
                    .map(|source| (source, Progress::default()))
                    .collect(),
                filling: Some(Vec::new()),
                feeds: HashMap::new(),
                active: BTreeSet::new(),
                pauses: HashMap::new(),
                traces: HashMap::new(),
                sockets: HashMap::new(),
                rights: HashMap::new(),
                keys: 0,
                closing: false,
            }),
            wake: Notify::new(),
            cursors,
            started: (now, Instant::now()),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn moment(&self) -> OffsetDateTime {
        self.started.0 + self.started.1.elapsed()
    }

    /// Resolves when something may be due.
    pub async fn woken(&self) {
        self.wake.notified().await;
    }

    /// Whether all streams were caught up once: the ring is filled.
    #[must_use]
    pub fn is_filled(&self) -> bool {
        self.lock().filling.is_none()
    }

    /// A stream is read from here on; it has given sequences up to `last`.
    pub fn life(&self, source: Source, incarnation: u128, last: u64) {
        let mut inner = self.lock();
        let inner = &mut *inner;
        let progress = inner.progress.entry(source).or_default();
        let known = progress.life.replace(incarnation);
        progress.begun = false;
        if known == Some(incarnation) {
            return;
        }
        // Another life is told from its beginning, the first one from some minutes ago; where
        // that is, its first event says.
        let sequence = if known.is_some() { 0 } else { last };
        inner.head.set(source, Mark { incarnation, sequence });
        inner.floor.set(source, Mark { incarnation, sequence });
        if let Some(filling) = &mut inner.filling {
            filling.retain(|(_, entry)| entry.source != source);
        } else {
            tracing::warn!(?source, "a stream began another life, every socket starts anew");
            self.restart(inner);
        }
    }

    /// Everything that a stream held has been told.
    pub fn caught_up(&self, source: Source) {
        let mut inner = self.lock();
        let inner = &mut *inner;
        inner.progress.entry(source).or_default().caught_up = true;
        let all = inner.progress.values().all(|progress| progress.caught_up);
        if let Some(filling) = inner.filling.take_if(|_| all) {
            let floor = inner.floor;
            for (organization, entry) in filling {
                let feed = inner.feeds.entry(organization).or_insert_with(|| Feed::new(floor));
                feed.record(entry);
            }
            let moment = self.moment();
            for feed in inner.feeds.values_mut() {
                // Nobody listens yet.
                let _ = feed.trim(moment);
            }
        }
    }

    /// Takes note of one event of a stream. `change` is what it says to an organization, if
    /// anything; every event moves the position. `trace` is its W3C `traceparent`.
    pub fn record(
        &self,
        source: Source,
        mark: Mark,
        published: OffsetDateTime,
        trace: Option<&str>,
        change: Option<(OrganizationId, Change)>,
    ) {
        let mut inner = self.lock();
        let inner = &mut *inner;
        let head = inner.head.mark(source);
        let progress = inner.progress.entry(source).or_default();
        let first = !std::mem::replace(&mut progress.begun, true);
        let before = Mark { sequence: mark.sequence.saturating_sub(1), ..mark };
        if first && inner.filling.is_some() && mark.sequence <= head.sequence {
            // Only now is it known how far back the ring reaches.
            inner.floor.set(source, before);
        } else if mark.incarnation != head.incarnation || mark.sequence > head.sequence + 1 {
            tracing::warn!(?source, "part of a stream was missed, every socket starts anew");
            inner.head.set(source, before);
            inner.floor.set(source, before);
            if inner.filling.is_none() {
                self.restart(inner);
            }
        } else if mark.sequence <= head.sequence && inner.filling.is_none() {
            return;
        }
        inner.head.set(source, mark);
        let Some((organization, change)) = change else { return };
        let now = self.moment();
        let sequence = mark.sequence;
        if let Some(filling) = &mut inner.filling {
            let at = published.min(now);
            filling.push((organization, Entry { source, sequence, at, change }));
            return;
        }
        let floor = inner.floor;
        let feed = inner.feeds.entry(organization).or_insert_with(|| Feed::new(floor));
        feed.record(Entry { source, sequence, at: now, change });
        if inner.active.contains(&organization) {
            let traces = inner.traces.entry(organization).or_default();
            if traces.len() < MOST_TRACES {
                traces.extend(trace.map(ToOwned::to_owned));
            }
            self.wake.notify_one();
        }
    }

    fn restart(&self, inner: &mut Inner) {
        let (head, cursors) = (inner.head, &self.cursors);
        for (organization, feed) in &mut inner.feeds {
            for key in feed.restart(head) {
                reset(&inner.sockets, cursors, *organization, key, head);
            }
        }
        self.wake.notify_one();
    }

    /// The cursor of now: whatever is read after this call holds everything up to it.
    #[must_use]
    pub fn cursor(&self, organization: OrganizationId) -> String {
        let head = self.lock().head;
        self.cursors.write(organization, &head)
    }

    /// The cursor of a socket that has received everything that was handed to it.
    #[must_use]
    pub fn current(&self, organization: OrganizationId) -> Option<String> {
        let inner = self.lock();
        let position = inner.feeds.get(&organization)?.position(inner.head);
        Some(self.cursors.write(organization, &position))
    }

    /// Lets a socket in.
    ///
    /// # Errors
    /// When its session has too many, or the gateway stops.
    pub fn join(
        &self,
        session: &Session,
        digest: SessionDigest,
        cursor: &str,
        open: Option<ConversationId>,
        outbox: Outbox,
    ) -> Result<Joined, Refusal> {
        let organization = session.organization;
        let cursor = self.cursors.read(organization, cursor);
        let mut inner = self.lock();
        let inner = &mut *inner;
        if inner.closing {
            return Err(Refusal::Stopping);
        }
        let same = inner.sockets.values().filter(|socket| socket.session == digest).count();
        if same >= MOST_SOCKETS {
            return Err(Refusal::TooMany);
        }
        inner.keys += 1;
        let key = inner.keys;
        let socket = Socket {
            organization,
            member: session.member,
            epoch: session.epoch,
            session: digest,
            open,
            sight: None,
            outbox,
        };
        inner.sockets.insert(key, socket);
        let (head, floor) = (inner.head, inner.floor);
        let feed = inner.feeds.entry(organization).or_insert_with(|| Feed::new(floor));
        let admission = feed.join(key, cursor, open, head);
        if let Admission::Reset(position) = admission {
            reset(&inner.sockets, &self.cursors, organization, key, position);
        }
        inner.active.insert(organization);
        self.wake.notify_one();
        Ok(Joined { key, resumed: admission == Admission::Resumed })
    }

    /// A socket opens a conversation, or none.
    pub fn open(&self, key: Key, open: Option<ConversationId>) {
        let now = self.moment();
        let mut inner = self.lock();
        let inner = &mut *inner;
        let Some(socket) = inner.sockets.get_mut(&key) else { return };
        socket.open = open;
        if let Some(feed) = inner.feeds.get_mut(&socket.organization) {
            feed.open(key, open, now);
            self.wake.notify_one();
        }
    }

    /// A socket shows rows that it does not have.
    pub fn show(&self, key: Key, rows: Vec<ConversationId>) {
        let mut inner = self.lock();
        let inner = &mut *inner;
        let Some(socket) = inner.sockets.get(&key) else { return };
        if let Some(feed) = inner.feeds.get_mut(&socket.organization) {
            feed.show(key, rows);
            self.wake.notify_one();
        }
    }

    /// A socket goes.
    pub fn leave(&self, key: Key) {
        let mut inner = self.lock();
        let inner = &mut *inner;
        let Some(socket) = inner.sockets.remove(&key) else { return };
        if let Some(feed) = inner.feeds.get_mut(&socket.organization) {
            feed.leave(key);
        }
    }

    /// Begins every round that is due, and says when the next one will be.
    pub fn begin(&self) -> (Vec<Due>, Option<Duration>) {
        let now = self.moment();
        let mut inner = self.lock();
        let inner = &mut *inner;
        let (head, pauses) = (inner.head, &inner.pauses);
        let (mut rounds, mut next) = (Vec::new(), None::<OffsetDateTime>);
        inner.active.retain(|organization| {
            let Some(feed) = inner.feeds.get_mut(organization) else { return false };
            let resume_at = pauses.get(organization).map(|(_, until)| *until);
            if resume_at.is_none_or(|until| until <= now)
                && let Some(wanted) = feed.take(head, now)
            {
                let rev = head.mark(Source::Conversation).sequence;
                let traces = inner.traces.remove(organization).unwrap_or_default();
                let here = inner.sockets.values();
                let here = here.filter(|socket| socket.organization == *organization);
                let members = here.map(|socket| socket.member).collect();
                rounds.push(Due { organization: *organization, wanted, members, rev, traces });
            }
            if let Some(due) = feed.due(now) {
                let due = resume_at.map_or(due, |until| due.max(until));
                next = Some(next.map_or(due, |next| next.min(due)));
            }
            feed.has_sockets()
        });
        let wait = next.map(|next| Duration::try_from(next - now).unwrap_or_default());
        (rounds, wait)
    }

    /// A look-up failed: the round will be taken again after a pause.
    pub fn take_back(&self, organization: OrganizationId, round: u64) {
        let now = self.moment();
        let mut inner = self.lock();
        let inner = &mut *inner;
        let (failures, until) = inner.pauses.entry(organization).or_insert((0, now));
        *until =
            now + (Duration::from_millis(50) * 2_u32.pow((*failures).min(6))).min(LONGEST_PAUSE);
        *failures += 1;
        let head = inner.head;
        let Some(feed) = inner.feeds.get_mut(&organization) else { return };
        for key in feed.take_back(round) {
            let position = feed.position(head);
            reset(&inner.sockets, &self.cursors, organization, key, position);
        }
    }

    /// Drops what is too old.
    pub fn trim(&self) {
        let now = self.moment();
        let mut inner = self.lock();
        let inner = &mut *inner;
        for (organization, feed) in &mut inner.feeds {
            for key in feed.trim(now) {
                let position = feed.position(inner.head);
                reset(&inner.sockets, &self.cursors, *organization, key, position);
            }
        }
    }

    /// The sessions that have a socket.
    #[must_use]
    pub fn sessions(&self) -> BTreeSet<SessionDigest> {
        self.lock().sockets.values().map(|socket| socket.session).collect()
    }

    /// How many sockets there are.
    #[must_use]
    pub fn sockets(&self) -> usize {
        self.lock().sockets.len()
    }

    /// Ends the sockets of these sessions.
    pub fn cut_sessions(&self, over: &BTreeSet<SessionDigest>) {
        self.cut(Cut::SessionOver, |socket| over.contains(&socket.session));
    }

    /// Ends the sockets of a member's sessions older than this epoch.
    pub fn cut_member(&self, organization: OrganizationId, member: MemberId, before: i64) {
        self.cut(Cut::SessionOver, |socket| {
            socket.organization == organization && socket.member == member && socket.epoch < before
        });
    }

    /// The sockets of a session stand for another epoch.
    pub fn renew(&self, session: SessionDigest, epoch: i64) {
        let mut inner = self.lock();
        for socket in inner.sockets.values_mut().filter(|socket| socket.session == session) {
            socket.epoch = epoch;
        }
    }

    /// Lets nobody in any more. Gives the sockets that there are, those that came first first.
    #[must_use]
    pub fn close_doors(&self) -> Vec<Key> {
        let mut inner = self.lock();
        inner.closing = true;
        let mut keys: Vec<Key> = inner.sockets.keys().copied().collect();
        keys.sort_unstable();
        keys
    }

    /// Whether nobody is let in any more.
    #[must_use]
    pub fn is_closing(&self) -> bool {
        self.lock().closing
    }

    /// Tells a socket to go and to come back after this while.
    pub fn dismiss(&self, key: Key, after: Duration) {
        if let Some(socket) = self.lock().sockets.get(&key) {
            socket.outbox.cut(Cut::Stopping(after));
        }
    }

    fn cut(&self, reason: Cut, which: impl Fn(&Socket) -> bool) {
        let inner = self.lock();
        for socket in inner.sockets.values().filter(|socket| which(socket)) {
            socket.outbox.cut(reason);
        }
    }
}

fn reset(
    sockets: &HashMap<Key, Socket>,
    cursors: &Cursors,
    organization: OrganizationId,
    key: Key,
    position: Position,
) {
    if let Some(socket) = sockets.get(&key) {
        socket.outbox.push(Outgoing::Reset(cursors.write(organization, &position)));
    }
}

#[cfg(test)]
mod tests;
