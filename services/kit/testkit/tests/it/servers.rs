use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use kit_service::servers::{self, Nats, Options, Postgres, PrivateServers};
use kit_testkit::scratch;

/// Set for the copy of this program that is to be killed.
const FOLDER: &str = "TESTKIT_SERVERS_FOLDER";

fn is_alive(pid: i32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    !stat.is_empty() && !stat.contains(") Z ")
}

fn wait_until_gone(pids: &[i32]) {
    let until = Instant::now() + Duration::from_secs(10);
    while pids.iter().any(|&pid| is_alive(pid)) {
        assert!(Instant::now() < until, "children outlived their parent: {pids:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[tokio::test]
async fn servers_start_answer_and_come_back_at_the_same_place() {
    let folder = scratch();
    let options = Options::durable().expect("options");
    let first = PrivateServers::start(folder.path(), &options).await.expect("starts");
    let addresses = |servers: &PrivateServers| {
        (
            servers.postgres.url().expose().clone(),
            servers.nats.url(),
            servers.redis.url().expose().clone(),
        )
    };
    let before = addresses(&first);
    let pids = [first.postgres.process_id(), first.nats.process_id(), first.redis.process_id()];
    assert!(pids.iter().all(|&pid| is_alive(pid)));
    let again = Postgres::start(folder.path(), &options).await.expect_err("in use");
    assert_eq!(again.code(), "data_in_use");
    first.stop().await;
    assert!(!pids.iter().any(|&pid| is_alive(pid)), "a child outlived its stop");
    let begin = Instant::now();
    let second = PrivateServers::start(folder.path(), &options).await.expect("starts again");
    assert!(begin.elapsed() < Duration::from_secs(5), "slow: {:?}", begin.elapsed());
    assert_eq!(addresses(&second), before);
    second.stop().await;
}

#[tokio::test]
async fn durable_servers_flush_and_those_of_tests_do_not() {
    for (options, expected) in
        [(Options::durable().expect("options"), "on"), (Options::test().expect("options"), "off")]
    {
        let folder = scratch();
        let postgres = Postgres::start(folder.path(), &options).await.expect("starts");
        let settings = kit_store::DatabaseSettings::new(postgres.url());
        let store = kit_store::Store::connect(&settings).await.expect("connects");
        let transaction = store.begin(&kit_store::Scope::Unscoped).await.expect("begins");
        for name in ["fsync", "full_page_writes", "synchronous_commit"] {
            let sql = "SELECT current_setting($1)";
            let row = sea_orm::ConnectionTrait::query_one_raw(
                &transaction,
                kit_store::statement(sql, vec![name.into()]),
            )
            .await
            .expect("asked")
            .expect("a row");
            assert_eq!(row.try_get_by_index::<String>(0).expect("text"), expected, "{name}");
        }
        drop(transaction);
        store.close().await;
        postgres.stop().await;
    }
}

#[tokio::test]
async fn a_server_that_dies_by_itself_is_started_again() {
    let folder = scratch();
    let nats =
        Nats::start(folder.path(), &Options::test().expect("options")).await.expect("starts");
    let first = nats.process_id();
    kill(first);
    let until = Instant::now() + Duration::from_secs(10);
    while nats.process_id() == first || !is_alive(nats.process_id()) {
        assert!(Instant::now() < until, "not started again");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    nats.stop().await;
}

/// Not a test of its own: the process that the next one kills.
#[tokio::test]
async fn a_process_that_starts_servers_and_waits() {
    #[expect(clippy::disallowed_methods, reason = "how the next test tells this one what to do")]
    let Ok(folder) = std::env::var(FOLDER) else { return };
    let options = Options::test().expect("options");
    let servers = PrivateServers::start(folder.as_ref(), &options).await.expect("starts");
    println!(
        "\nchildren {} {} {}",
        servers.postgres.process_id(),
        servers.nats.process_id(),
        servers.redis.process_id()
    );
    tokio::time::sleep(Duration::from_mins(1)).await;
}

#[tokio::test]
async fn a_killed_parent_leaves_nothing_that_prevents_the_next_start() {
    let folder = scratch();
    let mut parent = Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "servers::a_process_that_starts_servers_and_waits", "--nocapture"])
        .env(FOLDER, folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("a copy of this program");
    let output = BufReader::new(parent.stdout.take().expect("piped"));
    let line = output
        .lines()
        .map_while(Result::ok)
        .find(|line| line.starts_with("children "))
        .expect("the copy tells its children");
    let pids: Vec<i32> = line.split(' ').skip(1).map(|pid| pid.parse().expect("a pid")).collect();
    assert!(pids.iter().all(|&pid| is_alive(pid)), "they run before the kill");
    // KILL: the parent can do nothing any more.
    parent.kill().expect("killed");
    parent.wait().expect("gone");
    let options = Options::test().expect("options");
    let servers = PrivateServers::start(folder.path(), &options).await.expect("starts again");
    wait_until_gone(&pids);
    servers.stop().await;
}

#[tokio::test]
async fn detached_servers_outlive_their_owner_and_are_stopped_by_their_record() {
    let folder = scratch();
    let options = Options { detached: true, ..Options::test().expect("options") };
    let nats = Nats::start(folder.path(), &options).await.expect("starts");
    let pid = nats.process_id();
    drop(nats);
    assert!(is_alive(pid));
    assert!(servers::all_alive(folder.path(), &["nats"]));
    servers::stop_survivors(folder.path()).expect("stopped");
    assert!(!is_alive(pid));
    assert!(!servers::all_alive(folder.path(), &["nats"]));
}

fn kill(pid: i32) {
    let pid = rustix::process::Pid::from_raw(pid).expect("a pid");
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).expect("killed");
}
