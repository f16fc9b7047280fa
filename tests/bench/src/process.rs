//! What runs: everything as `guichet up` does, or the way in alone.

use std::fs::File;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use faults::up::{Up, built_binary};
use kit_service::servers::{Nats, Options, Postgres, Redis};

/// How long the services may take to listen.
const PATIENCE: Duration = Duration::from_mins(1);

/// Which services are measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// All of them.
    Everything,
    /// Directory and ingest, as where each service has machines of its own.
    Intake,
    /// Directory and routing, likewise.
    Assignment,
}

impl Extent {
    /// The services that run.
    const fn services(self) -> [&'static str; 2] {
        match self {
            Self::Assignment => ["directory", "routing"],
            Self::Everything | Self::Intake => ["directory", "ingest"],
        }
    }
}

/// The services' one process, and the servers.
pub enum Process {
    /// `guichet up`, whose children the servers are.
    Everything(Up),
    /// `guichet run` with some of them, the servers beside it.
    Some(Box<(Child, Postgres, Nats, Redis)>),
}

impl Process {
    /// Starts, in a folder where `up` has made an installation, what `extent` says.
    pub async fn start(extent: Extent, folder: &Path, environment: &[(&str, String)]) -> Self {
        if extent == Extent::Everything {
            return Self::Everything(Up::start(folder, environment));
        }
        let servers = folder.join("data/servers");
        let options = Options::durable().expect("the servers' programs are there");
        let postgres = Postgres::start(&servers, &options).await.expect("PostgreSQL starts");
        let nats = Nats::start(&servers, &options).await.expect("NATS starts");
        let redis = Redis::start(&servers, &options).await.expect("Redis starts");
        let log = File::create(folder.join("run.log")).expect("a log can be made");
        let child = Command::new(built_binary())
            .arg("run")
            .args(extent.services())
            .arg("--config")
            .arg(folder.join("data/running.toml"))
            .env("GUICHET__operations__address", "127.0.0.1:0")
            .envs(environment.iter().map(|(key, value)| (key, value)))
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("a file can be shared"))
            .stderr(log)
            .spawn()
            .expect("the binary runs");
        Self::Some(Box::new((child, postgres, nats, redis)))
    }

    /// Waits until somebody listens at `address`.
    pub async fn wait_until_open(&self, address: &str) {
        let begin = Instant::now();
        while tokio::net::TcpStream::connect(address).await.is_err() {
            assert!(begin.elapsed() < PATIENCE, "{address} does not open");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// The id of the services' process.
    #[must_use]
    pub fn id(&self) -> u32 {
        match self {
            Self::Everything(up) => up.process(),
            Self::Some(parts) => parts.0.id(),
        }
    }

    /// The id of the process whose children the servers are.
    #[must_use]
    pub fn of_servers(&self) -> u32 {
        match self {
            Self::Everything(up) => up.process(),
            Self::Some(_) => std::process::id(),
        }
    }

    /// Stops it all.
    pub async fn stop(self) {
        match self {
            Self::Everything(up) => up.stop_and_be_heard().await,
            Self::Some(parts) => {
                let (mut child, postgres, nats, redis) = *parts;
                child.kill().expect("a child can be killed");
                child.wait().expect("a killed child is gone");
                nats.stop().await;
                redis.stop().await;
                postgres.stop().await;
            }
        }
    }
}
