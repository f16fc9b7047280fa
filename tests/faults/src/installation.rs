//! An installation whose services are separate processes, which can be killed one by one.
//!
//! `guichet up --simulated` makes it (secrets, schema, demo organization) and is stopped; then its
//! private servers are started again, and each service from the configuration that it left.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use kit_service::servers::{Nats, Options, Postgres};
use sea_orm::{
    ConnectionTrait as _, Database, DatabaseConnection, DatabaseTransaction, DbBackend, Statement,
    TransactionTrait as _,
};
use serde::Deserialize;

use crate::checker::Shown;
use crate::generator::Target;
use crate::ports;
use crate::reader::Reader;
use crate::up::{Up, built_binary};

/// The services that the way in consists of.
pub const SERVICES: [&str; 4] = ["directory", "ingest", "conversation", "gateway"];

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
}

#[derive(Debug, Deserialize)]
struct Application {
    network: String,
    #[serde(rename = "application_id")]
    id: String,
    secret: String,
    account_id: String,
}

/// A running installation.
pub struct Installation {
    binary: PathBuf,
    folder: tempfile::TempDir,
    options: Options,
    postgres: Option<Postgres>,
    nats: Option<Nats>,
    processes: BTreeMap<&'static str, Child>,
    failpoints: BTreeMap<&'static str, String>,
    configuration: toml::Table,
    demo: Demo,
}

impl Installation {
    /// Makes one and starts every service. `failpoints` is what each service is started with,
    /// as in `relay-after-publish=1*sleep(60000)`.
    pub async fn start(failpoints: &[(&'static str, &str)]) -> Self {
        let binary = built_binary();
        let folder = tempfile::Builder::new()
            .prefix("guichet-faults-")
            .tempdir()
            .expect("a folder can be made");
        Up::start(folder.path(), &[]).stop();
        ports::settle(&folder.path().join("data"));
        let read = |name: &str| {
            let path = folder.path().join("data").join(name);
            std::fs::read_to_string(&path)
                .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        };
        let configuration: toml::Table = read("running.toml").parse().expect("TOML");
        let demo = toml::from_str(&read("demo.toml")).expect("the demo's file is readable");
        let options = Options::durable().expect("the servers' programs are there");
        let mut installation = Self {
            binary,
            folder,
            options,
            postgres: None,
            nats: None,
            processes: BTreeMap::new(),
            failpoints: failpoints
                .iter()
                .map(|(service, points)| (*service, (*points).to_owned()))
                .collect(),
            configuration,
            demo,
        };
        installation.start_postgres().await;
        installation.start_nats().await;
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
        let log = File::options()
            .create(true)
            .append(true)
            .open(self.folder.path().join(format!("{service}.log")))
            .expect("a log can be made");
        let mut command = Command::new(&self.binary);
        command
            .arg("run")
            .arg(service)
            .arg("--config")
            .arg(self.folder.path().join("data/running.toml"))
            .env("GUICHET__operations__address", "127.0.0.1:0")
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("a file can be shared"))
            .stderr(log);
        if let Some(points) = self.failpoints.get(service) {
            command.env("FAILPOINTS", points);
        }
        let child = command.spawn().expect("the binary runs");
        self.processes.insert(service, child);
    }

    /// Whatever comes next starts `service` without failpoints.
    pub fn disarm(&mut self, service: &'static str) {
        self.failpoints.remove(service);
    }

    /// Ends `service` as a crash does: no signal that it could handle.
    pub fn kill(&mut self, service: &'static str) {
        let mut child = self.processes.remove(service).expect("the service runs");
        child.kill().expect("a child can be killed");
        child.wait().expect("a killed child is gone");
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

    /// Login and password of a demo account.
    #[must_use]
    pub fn account(&self) -> (String, String) {
        let member = self.demo.members.first().expect("the demo has members");
        (member.login.clone(), member.password.clone())
    }

    fn setting(&self, path: &[&str]) -> String {
        let mut value = toml::Value::Table(self.configuration.clone());
        for key in path {
            value = value.get(key).unwrap_or_else(|| panic!("no setting {path:?}")).clone();
        }
        value.as_str().unwrap_or_else(|| panic!("{path:?} is no text")).to_owned()
    }

    /// Waits until ingest and gateway take connections.
    pub async fn wait_until_open(&self) {
        for address in [self.setting(&["ingest", "http", "address"]), self.gateway()] {
            let begin = Instant::now();
            while tokio::net::TcpStream::connect(&address).await.is_err() {
                assert!(begin.elapsed() < Duration::from_mins(1), "{address} does not open");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }

    /// Every message as the database has it, in the order in which it is to be shown.
    pub async fn stored(&self) -> Vec<Shown> {
        let rows = self
            .query(
                "SELECT external_id, 'conv_' || replace(conversation_id::text, '-', '') AS conversation, \
                 body FROM conversation.message \
                 ORDER BY conversation_id, network_time, length(external_id), external_id",
            )
            .await;
        rows.iter()
            .map(|row| Shown {
                external_id: row.try_get("", "external_id").expect("a text"),
                conversation: row.try_get("", "conversation").expect("a text"),
                text: row.try_get("", "body").expect("a text"),
            })
            .collect()
    }

    /// How many things stand parked, in any service.
    pub async fn parked(&self) -> i64 {
        self.number(
            "SELECT (SELECT count(*) FROM ingest.parked) + \
             (SELECT count(*) FROM conversation.parked) AS n",
        )
        .await
    }

    /// What is on its way between the services: committed and not published, or published and
    /// not yet read. 0 for good once no webhook comes any more.
    pub async fn backlog(&self) -> u64 {
        let unpublished = self
            .number(
                "SELECT (SELECT count(*) FROM ingest.outbox_pending) + \
                 (SELECT count(*) FROM conversation.outbox_pending) AS n",
            )
            .await;
        let state = self.reader("INGEST", INBOUND).await.state().await;
        u64::try_from(unpublished).unwrap_or_default() + state.waiting + state.unacknowledged
    }

    /// The durable reader `durable` of `stream`, as the broker knows it.
    pub async fn reader(&self, stream: &str, durable: &str) -> Reader {
        let broker = self.nats.as_ref().expect("NATS runs").url();
        Reader::connect(&broker, stream, durable).await
    }

    /// Keeps every writer of `table` waiting until the transaction ends.
    pub async fn hold_up(&self, table: &str) -> DatabaseTransaction {
        let transaction = self.database().await.begin().await.expect("a transaction begins");
        let lock = format!("LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE");
        transaction.execute_unprepared(&lock).await.expect("the administrator may lock");
        transaction
    }

    /// The one number that `sql` asks for, as column `n`.
    pub async fn number(&self, sql: &str) -> i64 {
        let rows = self.query(sql).await;
        rows.first().and_then(|row| row.try_get("", "n").ok()).expect("one number")
    }

    /// Reads the database as its administrator, to audit it.
    pub async fn query(&self, sql: &str) -> Vec<sea_orm::QueryResult> {
        let database = self.database().await;
        let rows = database
            .query_all_raw(Statement::from_string(DbBackend::Postgres, sql))
            .await
            .expect("the audit's query runs");
        database.close().await.expect("a connection can be closed");
        rows
    }

    async fn database(&self) -> DatabaseConnection {
        let administrator = self.postgres.as_ref().expect("PostgreSQL runs").url();
        let service = self.setting(&["conversation", "database", "url"]);
        let name = service.rsplit('/').next().expect("an address ends with a database");
        let (server, _) = administrator.expose().rsplit_once('/').expect("an address has a path");
        Database::connect(format!("{server}/{name}"))
            .await
            .expect("PostgreSQL answers its administrator")
    }
}

impl Drop for Installation {
    fn drop(&mut self) {
        for child in self.processes.values_mut() {
            let _ = child.kill();
            let _ = child.wait();
        }
        if std::thread::panicking() {
            for service in SERVICES {
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
