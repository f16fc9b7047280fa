//! An installation whose services are separate processes, which can be killed one by one.
//!
//! `guichet up --simulated` makes it (secrets, schema, demo organization) and is stopped; then its
//! private servers are started again, and each service from the configuration that it left.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use kit_service::servers::{Nats, Options, Postgres, Redis};
use kit_values::Secret;
use rustix::process::{Pid, Signal, kill_process};
use serde::Deserialize;

use crate::generator::Target;
use crate::ports;
use crate::up::{Up, built_binary};

/// Every service of an installation, in the order in which they start.
pub const SERVICES: [&str; 8] = [
    "directory",
    "ingest",
    "link-shortener",
    "conversation",
    "routing",
    "delivery",
    "notification",
    "gateway",
];

/// The networks, played; it runs only where it is asked for.
pub const PLAYGROUND: &str = "playground";

/// A second process of the gateway, with an address of its own.
pub const SECOND_GATEWAY: &str = "second gateway";

/// Processes of routing beside the one that the gateway calls, with addresses of their own.
pub const MORE_ROUTING: [&str; 7] =
    ["routing 2", "routing 3", "routing 4", "routing 5", "routing 6", "routing 7", "routing 8"];

/// The durable reader of `INGEST` that everything the generator sends goes through.
pub const INBOUND: &str = "conversation-inbound-x";

/// What `up` wrote about the demo organization.
#[derive(Debug, Deserialize)]
struct Demo {
    members: Vec<Member>,
    applications: Vec<Application>,
}

#[derive(Debug, Deserialize)]
struct Member {
    login: String,
    password: String,
    role: String,
}

#[derive(Debug, Deserialize)]
struct Application {
    network: String,
    #[serde(rename = "application_id")]
    id: String,
    secret: String,
    account_id: String,
}

/// How an installation is started.
#[derive(Debug, Clone, Default)]
pub struct Plan<'a> {
    /// What each service is started with, as in `relay-after-publish=1*sleep(60000)`.
    pub failpoints: &'a [(&'static str, &'a str)],
    /// Settings of every process that differ from what `up` chooses, as in
    /// `GUICHET__delivery__sending__timeout_ms`.
    pub environment: &'a [(&'a str, &'a str)],
    /// Whether the networks are played.
    pub played: bool,
}

/// A process of an installation.
struct Process {
    child: Child,
    /// The service that it runs.
    service: &'static str,
    /// What its environment has beside that of all.
    environment: Vec<(&'static str, String)>,
    /// How long its log was before it.
    log: usize,
}

/// A running installation.
pub struct Installation {
    binary: PathBuf,
    folder: tempfile::TempDir,
    options: Options,
    postgres: Option<Postgres>,
    nats: Option<Nats>,
    redis: Option<Redis>,
    processes: BTreeMap<&'static str, Process>,
    failpoints: BTreeMap<&'static str, String>,
    environment: Vec<(String, String)>,
    configuration: toml::Table,
    demo: Demo,
}

impl Installation {
    /// Makes one and starts every service but the playground, with these failpoints.
    pub async fn start(failpoints: &[(&'static str, &str)]) -> Self {
        Self::start_as(&Plan { failpoints, ..Plan::default() }).await
    }

    /// Makes one and starts what `plan` wants.
    pub async fn start_as(plan: &Plan<'_>) -> Self {
        let binary = built_binary();
        let folder = tempfile::Builder::new()
            .prefix("guichet-faults-")
            .tempdir()
            .expect("a folder can be made");
        // Whatever is stored has to come from the test: the playground tells no stories of its own.
        let silent = [("GUICHET__playground__generator__running", "false".to_owned())];
        Up::start(folder.path(), &silent).stop();
        // Directory knows where the networks are played, so that has to stay.
        ports::settle(&folder.path().join("data"), PLAYGROUND);
        let read = |name: &str| {
            let path = folder.path().join("data").join(name);
            std::fs::read_to_string(&path)
                .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        };
        let configuration: toml::Table = read("running.toml").parse().expect("TOML");
        let demo = toml::from_str(&read("demo.toml")).expect("the demo's file is readable");
        let options = Options::durable().expect("the servers' programs are there");
        let options = Options { connections: 200, ..options };
        let mut installation = Self {
            binary,
            folder,
            options,
            postgres: None,
            nats: None,
            redis: None,
            processes: BTreeMap::new(),
            failpoints: plan
                .failpoints
                .iter()
                .map(|(service, points)| (*service, (*points).to_owned()))
                .collect(),
            environment: plan
                .environment
                .iter()
                .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
                .collect(),
            configuration,
            demo,
        };
        installation.start_postgres().await;
        // What was written before the account was connected is history, and wakes nobody.
        installation.backdate_accounts().await;
        installation.start_nats().await;
        installation.start_redis().await;
        if plan.played {
            installation.start_service(PLAYGROUND);
        }
        for service in SERVICES {
            installation.start_service(service);
        }
        installation.wait_until_open().await;
        installation
    }

    fn servers(&self) -> PathBuf {
        self.folder.path().join("data/servers")
    }

    /// Starts PostgreSQL, on the port that it had.
    pub async fn start_postgres(&mut self) {
        let started = Postgres::start(&self.servers(), &self.options).await;
        self.postgres = Some(started.expect("PostgreSQL starts"));
    }

    /// Stops PostgreSQL.
    pub async fn stop_postgres(&mut self) {
        self.postgres.take().expect("PostgreSQL runs").stop().await;
    }

    /// Starts NATS, on the port that it had.
    pub async fn start_nats(&mut self) {
        let started = Nats::start(&self.servers(), &self.options).await;
        self.nats = Some(started.expect("NATS starts"));
    }

    /// Stops NATS.
    pub async fn stop_nats(&mut self) {
        self.nats.take().expect("NATS runs").stop().await;
    }

    /// Starts Redis, on the port that it had.
    pub async fn start_redis(&mut self) {
        let started = Redis::start(&self.servers(), &self.options).await;
        self.redis = Some(started.expect("Redis starts"));
    }

    /// Ends Redis; what it held is gone.
    pub async fn stop_redis(&mut self) {
        self.redis.take().expect("Redis runs").stop().await;
    }

    /// Where the broker is.
    pub(crate) fn broker(&self) -> String {
        self.nats.as_ref().expect("NATS runs").url()
    }

    /// The database, as its administrator reaches it.
    pub(crate) fn administrator(&self) -> Secret<String> {
        self.postgres.as_ref().expect("PostgreSQL runs").url()
    }

    /// Deletes everything that JetStream has on disk, while NATS is stopped. Gives how many
    /// files that were.
    #[must_use]
    pub fn wipe_jetstream(&self) -> usize {
        assert!(self.nats.is_none(), "NATS still runs");
        let mut deleted = 0;
        let mut folders = vec![self.servers()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
                let path = entry.path();
                if path.is_dir() && entry.file_name() == "jetstream" {
                    deleted += count_files(&path);
                    std::fs::remove_dir_all(&path).expect("JetStream's folder can be deleted");
                } else if path.is_dir() && entry.file_name() != "postgres" {
                    folders.push(path);
                }
            }
        }
        deleted
    }

    /// Starts `service`, with its failpoints if it has any.
    pub fn start_service(&mut self, service: &'static str) {
        self.spawn(service, service, Vec::new());
    }

    /// Starts a second gateway; gives its address.
    pub async fn start_second_gateway(&mut self) -> String {
        let address = ports::another();
        let environment = vec![
            ("GUICHET__gateway__http__address", address.clone()),
            ("GUICHET__gateway__public_url", format!("http://{address}")),
        ];
        self.spawn(SECOND_GATEWAY, "gateway", environment);
        open(&address).await;
        address
    }

    /// Starts every other process of routing, each under its own name at the database, too.
    pub async fn start_more_routing(&mut self) {
        let url = self.setting(&["routing", "database", "url"]);
        for (name, address) in MORE_ROUTING.into_iter().zip(ports::several(MORE_ROUTING.len())) {
            let environment = vec![
                ("GUICHET__routing__rpc__address", address),
                (
                    "GUICHET__routing__database__url",
                    format!("{url}?application_name={}", name.replace(' ', "%20")),
                ),
            ];
            self.spawn(name, "routing", environment);
        }
        self.wait_until_open().await;
    }

    fn spawn(
        &mut self,
        name: &'static str,
        service: &'static str,
        environment: Vec<(&'static str, String)>,
    ) {
        let log = self.log(name).len();
        let output = File::options()
            .create(true)
            .append(true)
            .open(self.folder.path().join(format!("{name}.log")))
            .expect("a log can be made");
        let mut command = Command::new(&self.binary);
        command
            .arg("run")
            .arg(service)
            .arg("--config")
            .arg(self.folder.path().join("data/running.toml"))
            .env("GUICHET__operations__address", "127.0.0.1:0")
            .env("GUICHET__telemetry__service", name)
            .envs(self.environment.iter().map(|(key, value)| (key, value)))
            .envs(environment.iter().map(|(key, value)| (key, value)))
            .stdin(Stdio::null())
            .stdout(output.try_clone().expect("a file can be shared"))
            .stderr(output);
        if let Some(points) = self.failpoints.get(name) {
            command.env("FAILPOINTS", points);
        }
        let child = command.spawn().expect("the binary runs");
        self.processes.insert(name, Process { child, service, environment, log });
    }

    /// Whatever comes next starts `service` with these failpoints.
    pub fn arm(&mut self, service: &'static str, points: &str) {
        self.failpoints.insert(service, points.to_owned());
    }

    /// Whatever comes next starts `service` without failpoints.
    pub fn disarm(&mut self, service: &'static str) {
        self.failpoints.remove(service);
    }

    /// Ends `service` as a crash does: no signal that it could handle.
    pub fn kill(&mut self, service: &'static str) {
        let Process { mut child, .. } = self.processes.remove(service).expect("the service runs");
        child.kill().expect("a child can be killed");
        child.wait().expect("a killed child is gone");
    }

    /// Stops the process `name` in its tracks, as a machine that is out of breath does.
    pub fn freeze(&mut self, name: &'static str) {
        self.signal(name, Signal::STOP);
    }

    /// Lets it go on where it was.
    pub fn thaw(&mut self, name: &'static str) {
        self.signal(name, Signal::CONT);
    }

    fn signal(&mut self, name: &'static str, signal: Signal) {
        let process = self.processes.get_mut(name).expect("the process was started");
        assert!(matches!(process.child.try_wait(), Ok(None)), "{name} has ended");
        let id = i32::try_from(process.child.id()).ok().and_then(Pid::from_raw);
        kill_process(id.expect("a process id"), signal).expect("our own child takes signals");
    }

    /// What PostgreSQL wrote since its last start.
    #[must_use]
    pub fn postgres_log(&self) -> String {
        std::fs::read_to_string(self.servers().join("log/postgres.log")).unwrap_or_default()
    }

    /// What `service` wrote to its log.
    #[must_use]
    pub fn log(&self, service: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(format!("{service}.log")))
            .unwrap_or_default()
    }

    /// Where the generator posts.
    #[must_use]
    pub fn target(&self) -> Target {
        let application = self
            .demo
            .applications
            .iter()
            .find(|application| application.network == "x")
            .expect("the demo has an application on X");
        Target {
            url: format!(
                "http://{}/hooks/x/{}",
                self.setting(&["ingest", "http", "address"]),
                application.id
            ),
            secret: application.secret.clone(),
            account: application.account_id.clone(),
        }
    }

    /// The address of the gateway.
    #[must_use]
    pub fn gateway(&self) -> String {
        self.setting(&["gateway", "http", "address"])
    }

    /// Where the networks are played.
    #[must_use]
    pub fn playground(&self) -> String {
        self.setting(&["playground", "http", "address"])
    }

    /// Login and password of a demo account.
    #[must_use]
    pub fn account(&self) -> (String, String) {
        let member = self.demo.members.first().expect("the demo has members");
        (member.login.clone(), member.password.clone())
    }

    /// Logins and passwords of everybody in the demo: each may be handed conversations.
    #[must_use]
    pub fn everybody(&self) -> Vec<(String, String)> {
        let members = self.demo.members.iter();
        members.map(|member| (member.login.clone(), member.password.clone())).collect()
    }

    /// Logins and passwords of the demo's agents, who are neither supervisors nor administrators.
    #[must_use]
    pub fn agents(&self) -> Vec<(String, String)> {
        let agents = self.demo.members.iter().filter(|member| member.role == "agent");
        agents.map(|member| (member.login.clone(), member.password.clone())).collect()
    }

    /// The ids that `network` knows the demo's accounts by.
    #[must_use]
    pub fn connected(&self, network: &str) -> Vec<String> {
        let on_it = self.demo.applications.iter().filter(|it| it.network == network);
        on_it.map(|it| it.account_id.clone()).collect()
    }

    pub(crate) fn setting(&self, path: &[&str]) -> String {
        let mut value = toml::Value::Table(self.configuration.clone());
        for key in path {
            value = value.get(key).unwrap_or_else(|| panic!("no setting {path:?}")).clone();
        }
        value.as_str().unwrap_or_else(|| panic!("{path:?} is no text")).to_owned()
    }

    /// Waits until every process has started, and ingest and gateway take connections. One that
    /// cannot reach its database on a busy machine ends, and is started again, as by whatever
    /// else runs it.
    pub async fn wait_until_open(&mut self) {
        let begin = Instant::now();
        loop {
            let names: Vec<&'static str> = self.processes.keys().copied().collect();
            let mut starting = Vec::new();
            for name in names {
                if !self.has_started(name) {
                    starting.push(name);
                }
            }
            if starting.is_empty() {
                break;
            }
            assert!(begin.elapsed() < Duration::from_mins(1), "{starting:?} do not start");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        for address in [self.setting(&["ingest", "http", "address"]), self.gateway()] {
            open(&address).await;
        }
    }

    fn has_started(&mut self, name: &'static str) -> bool {
        let log = self.log(name);
        let process = self.processes.get_mut(name).expect("the process was started");
        if matches!(process.child.try_wait(), Ok(Some(_))) {
            let (service, environment) = (process.service, process.environment.clone());
            self.spawn(name, service, environment);
            return false;
        }
        log.get(process.log..).is_some_and(|own| own.contains("started service="))
    }
}

/// Waits until somebody takes connections at `address`.
async fn open(address: &str) {
    let begin = Instant::now();
    while tokio::net::TcpStream::connect(address).await.is_err() {
        assert!(begin.elapsed() < Duration::from_mins(1), "{address} does not open");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

impl Drop for Installation {
    fn drop(&mut self) {
        for process in self.processes.values_mut() {
            let _ = process.child.kill();
            let _ = process.child.wait();
        }
        if std::thread::panicking() {
            let others = MORE_ROUTING.into_iter().chain([PLAYGROUND, SECOND_GATEWAY]);
            for service in SERVICES.into_iter().chain(others) {
                let log = self.log(service);
                let end: Vec<&str> = log.lines().rev().take(15).collect();
                eprintln!("--- last lines of {service}, newest first\n{}", end.join("\n"));
            }
        }
    }
}

fn count_files(folder: &Path) -> usize {
    std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| if entry.path().is_dir() { count_files(&entry.path()) } else { 1 })
        .sum()
}
