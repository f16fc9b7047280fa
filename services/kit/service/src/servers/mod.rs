//! Private servers for one machine: PostgreSQL, NATS and Redis as children of this process, in a
//! data directory of their own; and, asked for, a receiver of traces.
//!
//! The same engines as in production, nothing embedded. Each child is started by a thread that
//! lives exactly as long as the child, because the kernel ties the parent's death signal to the
//! thread that forked; so even `kill -9` of this process ends them. Their pids and start times are
//! recorded, and the next start stops what survived. As root, they run as a user of their own,
//! since PostgreSQL refuses root.
//!
//! A child that dies by itself is started again. Deliberately absent: unsafe code (`setpriv` does
//! what would need it), and any change to servers of the system.

mod account;
mod child;
mod directory;
mod nats;
mod otelite;
mod postgres;
mod programs;
mod record;
mod redis;

use std::path::{Path, PathBuf};
use std::time::Duration;

use kit_values::{Class, Fault, Secret};

pub use nats::NatsUser;
pub use programs::Programs;

use account::Account;
use child::Child;
use directory::Directory;

/// How long a child has to end when asked to, before it is killed.
const GRACE: Duration = Duration::from_secs(10);

/// How much the servers care for their data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// As in production: fsync, `full_page_writes` and `synchronous_commit` on.
    Durable,
    /// For tests: nothing is forced to disk. A power cut may lose everything.
    Test,
}

/// How the private servers run.
#[derive(Debug, Clone)]
pub struct Options {
    /// How much they care for their data.
    pub profile: Profile,
    /// Whether they outlive this process, until [`stop_survivors`].
    pub detached: bool,
    /// The users that NATS knows, each with what it may do. None: anybody on this machine may do
    /// anything.
    pub nats_users: Vec<NatsUser>,
    /// Most connections that PostgreSQL takes.
    pub connections: u32,
    /// Where the programs are.
    pub programs: Programs,
}

impl Options {
    /// Durable, tied to this process, 100 connections, no NATS users.
    ///
    /// # Errors
    /// None today: a program that is missing or too old is told when it is to be started.
    pub fn durable() -> Result<Self, Fault> {
        Ok(Self {
            profile: Profile::Durable,
            detached: false,
            nats_users: Vec::new(),
            connections: 100,
            programs: Programs::default(),
        })
    }

    /// For tests: nothing is forced to disk, 400 connections.
    ///
    /// # Errors
    /// As [`Options::durable`].
    pub fn test() -> Result<Self, Fault> {
        Ok(Self { profile: Profile::Test, connections: 400, ..Self::durable()? })
    }
}

/// One running server, and where it is reached. Dropped, it ends (unless it is detached).
#[derive(Debug)]
struct Server<P> {
    child: Child,
    place: P,
    // Held as long as the server is: a second start in the same folder is refused.
    _directory: Directory,
}

/// Starts one kind of server in a directory, until it answers.
type Start<P> = fn(&Directory, &Options) -> Result<(Child, P), Fault>;

impl<P: Send + 'static> Server<P> {
    async fn start(
        name: &'static str,
        folder: &Path,
        options: &Options,
        start: Start<P>,
    ) -> Result<Self, Fault> {
        let (folder, options) = (folder.to_owned(), options.clone());
        off_the_runtime(name, move || {
            let directory = Directory::open(&folder, name, Account::choose(&folder)?)?;
            record::stop_survivor(&directory.record(name), GRACE)?;
            directory.check_space()?;
            let (child, place) = start(&directory, &options)?;
            Ok(Self { child, place, _directory: directory })
        })
        .await?
    }
}

/// What all kinds have in common.
macro_rules! server {
    ($(#[$docs:meta])* $name:ident, $module:ident, $label:literal, $place:ty) => {
        $(#[$docs])*
        #[derive(Debug)]
        pub struct $name(Server<$place>);

        impl $name {
            /// Starts it in `folder`, which is made when it is not there, and waits until it
            /// answers. What an earlier start left running is stopped first; port and password
            /// are those of the earlier start.
            ///
            /// # Errors
            /// Unavailable with a sentence that says what to do: the program missing or too old,
            /// the folder in use, not reachable or full, or the end of the server's log.
            pub async fn start(folder: &Path, options: &Options) -> Result<Self, Fault> {
                Ok(Self(Server::start($label, folder, options, $module::start).await?))
            }

            /// Its process, which changes when it is started again.
            #[must_use]
            pub fn process_id(&self) -> i32 {
                self.0.child.process_id()
            }

            /// Stops it and returns when it has ended.
            pub async fn stop(self) {
                // Cannot fail but for a thread that cannot be made; the drop ends it then.
                let _ = off_the_runtime("stop", move || drop(self)).await;
            }
        }
    };
}

server!(
    /// A running PostgreSQL.
    Postgres, postgres, "postgres", Secret<String>
);
server!(
    /// A running NATS server.
    Nats, nats, "nats", String
);
server!(
    /// A running Redis or Valkey.
    Redis, redis, "redis", Secret<String>
);
server!(
    /// A running otelite: it receives traces over OTLP, keeps them for a week, and shows them.
    /// Anybody on this machine may send to it and look.
    Otelite, otelite, "otelite", otelite::Addresses
);

impl Postgres {
    /// The administrator's `postgres://` address of the database `postgres`, password included.
    #[must_use]
    pub fn url(&self) -> Secret<String> {
        self.0.place.clone()
    }
}

impl Nats {
    /// Its `nats://` address; users and passwords are the caller's.
    #[must_use]
    pub fn url(&self) -> String {
        self.0.place.clone()
    }
}

impl Redis {
    /// Its `redis://` address, password included.
    #[must_use]
    pub fn url(&self) -> Secret<String> {
        self.0.place.clone()
    }
}

impl Otelite {
    /// The page that shows traces, as `http://127.0.0.1:port`; it answers questions under `/api`.
    #[must_use]
    pub fn page(&self) -> &str {
        &self.0.place.page
    }

    /// Where spans are sent, OTLP over gRPC.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.0.place.endpoint
    }
}

/// The three that Guichet needs, running.
#[expect(clippy::module_name_repetitions, reason = "one of them is a server; these are all")]
#[derive(Debug)]
pub struct PrivateServers {
    /// PostgreSQL.
    pub postgres: Postgres,
    /// NATS with JetStream.
    pub nats: Nats,
    /// Redis or Valkey.
    pub redis: Redis,
}

impl PrivateServers {
    /// Starts all three in `folder`, at the same time.
    ///
    /// # Errors
    /// As each one's own start; the others are stopped then.
    pub async fn start(folder: &Path, options: &Options) -> Result<Self, Fault> {
        let (postgres, nats, redis) = tokio::join!(
            Postgres::start(folder, options),
            Nats::start(folder, options),
            Redis::start(folder, options),
        );
        Ok(Self { postgres: postgres?, nats: nats?, redis: redis? })
    }

    /// Stops all three and returns when they have ended.
    pub async fn stop(self) {
        tokio::join!(self.postgres.stop(), self.nats.stop(), self.redis.stop());
    }
}

/// Ends whatever an earlier start in `folder` left running.
///
/// # Errors
/// When one of them cannot be ended.
pub fn stop_survivors(folder: &Path) -> Result<(), Fault> {
    for server in ["otelite", "nats", "redis", "postgres"] {
        record::stop_survivor(&record_path(folder, server), GRACE)?;
    }
    Ok(())
}

/// Whether every one of `servers` (`postgres`, `nats`, `redis`) that was started in `folder` is
/// still running.
#[must_use]
pub fn all_alive(folder: &Path, servers: &[&str]) -> bool {
    servers.iter().all(|name| record::is_alive(&record_path(folder, name)))
}

/// Where the record of a server is kept.
fn record_path(folder: &Path, name: &str) -> PathBuf {
    folder.join("run").join(format!("{name}.json"))
}

/// Runs blocking work on a thread of its own, so that no caller's runtime stands still.
async fn off_the_runtime<T: Send + 'static>(
    name: &str,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Fault> {
    let (sender, receiver) = tokio::sync::oneshot::channel();
    std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(move || {
            // Nobody waits any more: what was started is dropped, and so ended.
            let _ = sender.send(work());
        })
        .map_err(Fault::internal)?;
    receiver.await.map_err(Fault::internal)
}

/// A fault of the machine, in words for the person at it.
fn machine(code: &'static str, sentence: String) -> Fault {
    Fault::new(Class::Unavailable, code, sentence)
}
