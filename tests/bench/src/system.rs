//! The measured system: an installation that `guichet up --simulated` made, its services in one
//! process, the playground silent, on a private PostgreSQL that keeps what it acknowledges.

use std::path::Path;
use std::time::{Duration, Instant};

use faults::generator::Target;
use faults::up::Up;
use kit_service::rpc::{Channel, Client};
use kit_service::{Peer, identity};
use kit_values::OrganizationId;
use sea_orm::{
    ConnectionTrait as _, Database, DatabaseConnection, DbBackend, QueryResult, Statement,
};

use crate::figures::{Table, line};
use crate::machine::{Memory, Used};
use crate::process::{Extent, Process};

/// How long what was answered may take to be applied.
const PATIENCE: Duration = Duration::from_mins(5);

/// What must be on for a figure to count, and what dates commits for the hops.
const SHOWN: [&str; 5] =
    ["server_version", "fsync", "full_page_writes", "synchronous_commit", "track_commit_timestamp"];

/// A running installation.
pub struct System {
    process: Process,
    extent: Extent,
    folder: tempfile::TempDir,
    configuration: toml::Value,
    demo: toml::Value,
    administrator: DatabaseConnection,
}

impl System {
    /// Makes one in a folder below `place`, which must be on the disk that is to be measured.
    pub async fn start(place: &Path, extent: Extent) -> Self {
        let folder = tempfile::Builder::new()
            .prefix("guichet-bench-")
            .tempdir_in(place)
            .expect("a folder can be made");
        let environment = [
            ("GUICHET__playground__generator__running", "false".to_owned()),
            ("GUICHET__telemetry__log", "warn".to_owned()),
        ];
        let up = Up::start(folder.path(), &environment);
        // The commits' times are kept from the next start of PostgreSQL on.
        let database = administrator(&read(folder.path(), "running.toml")).await;
        let counts = counts_statements();
        let settings =
            ["track_commit_timestamp = on", "shared_preload_libraries = pg_stat_statements"];
        for setting in settings.iter().take(if counts { 2 } else { 1 }) {
            let set = format!("ALTER SYSTEM SET {setting}");
            database.execute_unprepared(&set).await.expect("the administrator may set it");
        }
        if counts {
            let create = "CREATE EXTENSION pg_stat_statements";
            database.execute_unprepared(create).await.expect("it comes with PostgreSQL");
        }
        database.close().await.expect("a connection can be closed");
        up.stop();
        let process = Process::start(extent, folder.path(), &environment).await;
        let configuration = read(folder.path(), "running.toml");
        let demo = read(folder.path(), "demo.toml");
        let administrator = administrator(&configuration).await;
        let system = Self { process, extent, folder, configuration, demo, administrator };
        let open = match extent {
            Extent::Assignment => text(&system.configuration["routing"]["rpc"]["address"]),
            Extent::Everything | Extent::Intake => system.webhooks(),
        };
        system.process.wait_until_open(&open).await;
        system.show_settings().await;
        system
    }

    async fn show_settings(&self) {
        let mut values = Vec::new();
        for setting in SHOWN {
            let rows = self.query(&format!("SHOW {setting}")).await;
            let value: String = rows[0].try_get_by_index(0).expect("a setting is text");
            assert!(
                setting == "server_version" || value == "on",
                "{setting} is {value}: such figures would not count"
            );
            values.push(format!("{setting} = {value}"));
        }
        line(format!("PostgreSQL: {}", values.join(", ")));
    }

    /// Where the generator posts: the demo organization's application on X.
    #[must_use]
    pub fn target(&self) -> Target {
        let applications = self.demo["applications"].as_array().expect("the demo has some");
        let application = applications
            .iter()
            .find(|application| application["network"].as_str() == Some("x"))
            .expect("one of them is on X");
        let id = text(&application["application_id"]);
        Target {
            url: format!("http://{}/hooks/x/{id}", self.webhooks()),
            secret: text(&application["secret"]),
            account: text(&application["account_id"]),
        }
    }

    /// `host:port` of the webhooks' listener.
    #[must_use]
    pub fn webhooks(&self) -> String {
        text(&self.configuration["ingest"]["http"]["address"])
    }

    /// `host:port` of the gateway.
    #[must_use]
    pub fn gateway(&self) -> String {
        text(&self.configuration["gateway"]["http"]["address"])
    }

    /// `host:port` of the played networks.
    #[must_use]
    pub fn playground(&self) -> String {
        text(&self.configuration["playground"]["http"]["address"])
    }

    /// A connection to `service`, on which `caller` signs.
    ///
    /// # Panics
    /// When `up` left no address or no key.
    #[must_use]
    pub fn channel(&self, caller: &str, service: &str) -> Channel {
        let keys: identity::Keys =
            self.configuration["identity"].clone().try_into().expect("the services' keys");
        let peer = Peer { address: text(&self.configuration[service]["rpc"]["address"]) };
        let identity = keys.identity(caller).expect("a key");
        Client::connect(&peer, identity, service).expect("an address")
    }

    /// The demo organization.
    #[must_use]
    pub fn organization(&self) -> OrganizationId {
        text(&self.demo["organization_id"]).parse().expect("an id")
    }

    /// The ids that `network` knows the demo's accounts by.
    #[must_use]
    pub fn connected(&self, network: &str) -> Vec<String> {
        let applications = self.demo["applications"].as_array().expect("the demo has some");
        let on_it = applications.iter().filter(|it| it["network"].as_str() == Some(network));
        on_it.map(|it| text(&it["account_id"])).collect()
    }

    /// Login and password of every demo account.
    #[must_use]
    pub fn accounts(&self) -> Vec<(String, String)> {
        let members = self.demo["members"].as_array().expect("the demo has members");
        members.iter().map(|member| (text(&member["login"]), text(&member["password"]))).collect()
    }

    /// Where the broker is, and the name and password of `service` there.
    #[must_use]
    pub fn broker(&self, service: &str) -> (String, String, String) {
        let broker = &self.configuration[service]["broker"];
        (text(&broker["url"]), text(&broker["user"]), text(&broker["password"]))
    }

    /// The folder of its data.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// PostgreSQL as its administrator reaches it, with the password.
    #[must_use]
    pub fn database_url(&self) -> String {
        administrator_url(&self.configuration)
    }

    /// Asks the database, as its administrator.
    pub async fn query(&self, sql: &str) -> Vec<QueryResult> {
        let statement = Statement::from_string(DbBackend::Postgres, sql);
        self.administrator.query_all_raw(statement).await.expect("the query runs")
    }

    /// One number out of the database.
    pub async fn number(&self, sql: &str) -> usize {
        let rows = self.query(sql).await;
        let number: i64 = rows[0].try_get_by_index(0).expect("a number");
        usize::try_from(number).expect("a count")
    }

    /// Does something in the database that gives nothing back.
    pub async fn execute(&self, sql: &str) {
        self.administrator.execute_unprepared(sql).await.expect("the statement runs");
    }

    /// Waits until every item is applied, where that is done, and nothing waits to be published; gives how long.
    pub async fn come_to_rest(&self) -> Duration {
        let begin = Instant::now();
        // The counts are taken only once they can be equal: they cost more the more there is.
        let behind = match self.extent {
            Extent::Everything => {
                "(SELECT count(*) FROM ingest.item) - (SELECT count(*) FROM conversation.message)"
            }
            Extent::Intake | Extent::Assignment => "0",
        };
        let sql = format!(
            "SELECT CASE WHEN EXISTS (SELECT FROM ingest.outbox_pending) \
             OR EXISTS (SELECT FROM conversation.outbox_pending) THEN 1 ELSE {behind} END::bigint"
        );
        loop {
            let left = self.number(&sql).await;
            if left == 0 {
                return begin.elapsed();
            }
            assert!(begin.elapsed() < PATIENCE, "items or events do not get on");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Waits until every owner that routing has decided is told, shown and heard of again, as far
    /// as those run who do that.
    pub async fn come_to_know_owners(&self) {
        let begin = Instant::now();
        let behind = match self.extent {
            Extent::Everything => {
                "EXISTS (SELECT FROM routing.conversation AS kept \
                 JOIN conversation.conversation AS shown USING (organization_id, conversation_id) \
                 WHERE shown.owner_epoch < kept.epoch OR kept.rev < shown.rev)"
            }
            Extent::Intake | Extent::Assignment => "false",
        };
        let sql = format!(
            "SELECT (EXISTS (SELECT FROM routing.outbox_pending) \
             OR EXISTS (SELECT FROM conversation.outbox_pending) OR {behind})::int::bigint"
        );
        while self.number(&sql).await > 0 {
            assert!(begin.elapsed() < PATIENCE, "owners are not told, or not shown");
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    }

    /// Starts a measurement from equal ground: what was written before is on disk.
    pub async fn settle(&self) {
        self.execute("CHECKPOINT").await;
        tokio::time::sleep(Duration::from_millis(500)).await;
    }

    /// Processor time so far.
    #[must_use]
    pub fn used(&self) -> Used {
        Used::now(self.process.id(), self.process.of_servers())
    }

    /// Memory of the process that all services share, without the servers.
    #[must_use]
    pub fn memory(&self) -> Memory {
        Memory::of(self.process.id())
    }

    /// From now on, statements are counted anew.
    pub async fn count_statements_anew(&self) {
        if counts_statements() {
            self.execute("ALTER SYSTEM SET pg_stat_statements.track_planning = on").await;
            self.execute("SELECT pg_reload_conf(), pg_stat_statements_reset()").await;
        }
    }

    /// Prints what PostgreSQL spent its time on, when `BENCH_STATEMENTS` asks for it.
    pub async fn print_statements(&self) {
        if !counts_statements() {
            return;
        }
        let rows = self
            .query(
                "SELECT total_exec_time::bigint, total_plan_time::bigint, calls, rows, \
                 rolname || ': ' || left(regexp_replace(query, '\\s+', ' ', 'g'), 160) \
                 FROM pg_stat_statements JOIN pg_roles ON pg_roles.oid = userid \
                 ORDER BY total_exec_time + total_plan_time DESC LIMIT 30",
            )
            .await;
        let mut table = Table::new(&["run ms", "planned ms", "calls", "rows", "statement"]);
        for row in rows {
            let number = |at| row.try_get_by_index::<i64>(at).expect("a number");
            let statement: String = row.try_get_by_index(4).expect("a text");
            let others = [number(1), number(2), number(3)].map(|figure| figure.to_string());
            table.row(number(0), others.into_iter().chain([statement]));
        }
        table.print();
    }

    /// Stops it, and sees it end cleanly.
    pub async fn stop(self) {
        self.administrator.close().await.expect("a connection can be closed");
        self.process.stop().await;
    }
}

/// Counting costs some of what is measured, so it is asked for.
fn counts_statements() -> bool {
    std::env::var_os("BENCH_STATEMENTS").is_some()
}

fn read(folder: &Path, name: &str) -> toml::Value {
    let text = std::fs::read_to_string(folder.join("data").join(name)).expect("up wrote it");
    toml::Value::Table(text.parse().expect("TOML"))
}

fn text(value: &toml::Value) -> String {
    value.as_str().expect("a text").to_owned()
}

fn administrator_url(configuration: &toml::Value) -> String {
    text(&configuration["servers"]["postgresql"])
}

async fn administrator(configuration: &toml::Value) -> DatabaseConnection {
    let mut options = sea_orm::ConnectOptions::new(administrator_url(configuration));
    options.max_connections(2).sqlx_logging(false);
    Database::connect(options).await.expect("PostgreSQL answers its administrator")
}
