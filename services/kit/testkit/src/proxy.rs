//! A TCP line that a test can cut, freeze, slow down or break after so many bytes.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// What the line does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Carries,
    /// Open connections are closed and new ones at once.
    Cut,
    /// Connections stay open and carry nothing.
    Frozen,
}

#[derive(Debug)]
struct Line {
    mode: watch::Sender<Mode>,
    /// Connections up to this number are frozen, whatever the mode.
    stale: watch::Sender<u64>,
    delay: watch::Sender<Duration>,
    /// Bytes left before the line is cut by itself; `u64::MAX`: never.
    left: AtomicU64,
    carried: AtomicU64,
    accepted: AtomicU64,
}

/// A line to one address. It ends with the value.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    line: Arc<Line>,
    listening: tokio::task::JoinHandle<()>,
}

impl Proxy {
    /// A line to `target`, host and port.
    ///
    /// # Panics
    /// When no port can be had.
    pub async fn to(target: &str) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
        let address = listener.local_addr().expect("a bound address");
        let line = Arc::new(Line {
            mode: watch::Sender::new(Mode::Carries),
            stale: watch::Sender::new(0),
            delay: watch::Sender::new(Duration::ZERO),
            left: AtomicU64::new(u64::MAX),
            carried: AtomicU64::new(0),
            accepted: AtomicU64::new(0),
        });
        let listening = spawn(listen(listener, target.to_owned(), line.clone()));
        Self { address, line, listening }
    }

    /// Where to connect to instead of the target: host and port.
    #[must_use]
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    /// Its port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Closes every connection, and every new one at once.
    pub fn cut(&self) {
        self.line.mode.send_replace(Mode::Cut);
    }

    /// Lets connections stand that carry nothing any more, in either direction: what a dead peer
    /// looks like.
    pub fn freeze(&self) {
        self.line.mode.send_replace(Mode::Frozen);
    }

    /// Lets the connections that are open now stand and carry nothing any more; new ones carry.
    pub fn freeze_open(&self) {
        self.line.stale.send_replace(self.accepted());
    }

    /// Carries again. Frozen connections go on where they were.
    pub fn heal(&self) {
        self.line.left.store(u64::MAX, Ordering::SeqCst);
        self.line.stale.send_replace(0);
        self.line.mode.send_replace(Mode::Carries);
    }

    /// Holds every piece back for so long.
    pub fn delay(&self, delay: Duration) {
        self.line.delay.send_replace(delay);
    }

    /// Cuts the line by itself after so many more bytes, both directions together.
    pub fn cut_after(&self, bytes: u64) {
        self.line.left.store(bytes, Ordering::SeqCst);
    }

    /// Bytes carried so far, both directions together: to tell whether a fault was really met.
    #[must_use]
    pub fn carried(&self) -> u64 {
        self.line.carried.load(Ordering::SeqCst)
    }

    /// Connections taken so far.
    #[must_use]
    pub fn accepted(&self) -> u64 {
        self.line.accepted.load(Ordering::SeqCst)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.listening.abort();
        self.cut();
    }
}

async fn listen(listener: TcpListener, target: String, line: Arc<Line>) {
    while let Ok((near, _)) = listener.accept().await {
        let number = line.accepted.fetch_add(1, Ordering::SeqCst) + 1;
        let (target, line) = (target.clone(), line.clone());
        spawn(async move {
            if *line.mode.borrow() == Mode::Cut {
                return;
            }
            let Ok(far) = TcpStream::connect(&target).await else { return };
            let (near_read, near_write) = near.into_split();
            let (far_read, far_write) = far.into_split();
            // The first direction to end, or to be cut, ends both.
            tokio::select! {
                () = carry(near_read, far_write, &line, number) => {}
                () = carry(far_read, near_write, &line, number) => {}
            }
        });
    }
}

async fn carry(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, line: &Line, number: u64) {
    let mut mode = line.mode.subscribe();
    let mut stale = line.stale.subscribe();
    let mut buffer = vec![0_u8; 16 * 1024];
    loop {
        // Nothing is read while frozen; a cut ends it wherever it is.
        if !passes(&mut mode, &mut stale, number).await {
            return;
        }
        let read = tokio::select! {
            read = from.read(&mut buffer) => read,
            _ = mode.changed() => continue,
            _ = stale.changed() => continue,
        };
        let Ok(length @ 1..) = read else { return };
        let delay = *line.delay.borrow();
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
        if !passes(&mut mode, &mut stale, number).await {
            return;
        }
        let allowed = allowance(line, length);
        if to.write_all(&buffer[..allowed]).await.is_err() {
            return;
        }
        line.carried.fetch_add(u64::try_from(allowed).unwrap_or(0), Ordering::SeqCst);
        if allowed < length {
            line.mode.send_replace(Mode::Cut);
            return;
        }
    }
}

/// Waits while this connection is frozen; false when it is cut.
async fn passes(
    mode: &mut watch::Receiver<Mode>,
    stale: &mut watch::Receiver<u64>,
    number: u64,
) -> bool {
    loop {
        let now = *mode.borrow_and_update();
        let is_stale = *stale.borrow_and_update() >= number;
        match now {
            Mode::Cut => return false,
            Mode::Carries if !is_stale => return true,
            Mode::Carries | Mode::Frozen => {}
        }
        let changed = tokio::select! {
            changed = mode.changed() => changed,
            changed = stale.changed() => changed,
        };
        if changed.is_err() {
            return false;
        }
    }
}

/// How many of `length` bytes may still pass.
fn allowance(line: &Line, length: usize) -> usize {
    let wanted = u64::try_from(length).unwrap_or(u64::MAX);
    let before = line
        .left
        .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
            (left != u64::MAX).then(|| left.saturating_sub(wanted))
        })
        .unwrap_or(u64::MAX);
    usize::try_from(before.min(wanted)).unwrap_or(length)
}

#[expect(clippy::disallowed_methods, reason = "a test's own tasks need no supervision")]
fn spawn(future: impl Future<Output = ()> + Send + 'static) -> tokio::task::JoinHandle<()> {
    tokio::spawn(future)
}
