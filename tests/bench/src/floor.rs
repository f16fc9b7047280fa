//! Raw floors of the same run: what the disk and the same PostgreSQL do without us.
//!
//! PostgreSQL is driven by its own `pgbench`, which costs less than any client of ours would, so
//! that the floor is as high as this machine can make it.

use std::fs::{self, File};
use std::io::Write as _;
use std::process::Stdio;
use std::time::{Duration, Instant};

use tokio::process::Command;

use crate::figures::{Times, rate};
use crate::network::BODY;
use crate::system::System;

/// Bytes of one append: a body and what is kept beside it.
const APPENDED: usize = 600;

/// Clients of the single-row floor; as many as the generator has connections.
const CLIENTS: usize = 64;

/// Clients of the batched floor.
const BATCH_CLIENTS: usize = 8;

/// Rows in a batch.
const ROWS: usize = 50;

/// Floors of one round.
#[derive(Debug, Clone)]
pub struct Floors {
    /// Appends, each forced to disk with `fsync`.
    pub fsync: Flushes,
    /// Appends, each forced to disk with `fdatasync`.
    pub fdatasync: Flushes,
    /// Rows a second, a commit each, 64 clients.
    pub single: f64,
    /// Rows a second, fifty a commit, 8 clients.
    pub batched: f64,
}

/// Headings of [`Floors::columns`].
pub const HEADINGS: [&str; 5] = [
    "fsync 600 B",
    "fdatasync 600 B",
    "its p99 ms",
    "single rows, 64 clients",
    "50-row batches, rows",
];

impl Floors {
    /// Measures them all, each from equal ground.
    pub async fn measure(system: &System, round: usize, duration: Duration) -> Self {
        system.settle().await;
        let fsync = flushes(system, true, FLUSHING);
        let fdatasync = flushes(system, false, FLUSHING);
        let batched = batches(system, round, duration).await;
        system.settle().await;
        let single = single_rows(system, round, duration).await;
        system.settle().await;
        Self { fsync, fdatasync, single, batched }
    }

    /// The figures, each with its digits after the point.
    #[must_use]
    pub fn columns(&self) -> [(f64, usize); 5] {
        [
            (self.fsync.rate, 0),
            (self.fdatasync.rate, 0),
            (self.fdatasync.times.percentile(99), 1),
            (self.single, 0),
            (self.batched, 0),
        ]
    }
}

/// How long the disk is tried in each way.
const FLUSHING: Duration = Duration::from_secs(2);

/// Appends to a file, each forced to disk.
#[derive(Debug, Clone)]
pub struct Flushes {
    /// How many a second.
    pub rate: f64,
    /// How long each took.
    pub times: Times,
}

/// Appends 600 bytes at a time beside the database for `duration`, forcing each to disk with
/// `fdatasync` or, `whole`, with `fsync`.
fn flushes(system: &System, whole: bool, duration: Duration) -> Flushes {
    let path = system.folder().join("floor");
    let mut file = File::create(&path).expect("a file can be made");
    let record = [b'x'; APPENDED];
    let begin = Instant::now();
    let mut times = Vec::new();
    while begin.elapsed() < duration {
        let started = Instant::now();
        file.write_all(&record).expect("the disk has room");
        let flushed = if whole { file.sync_all() } else { file.sync_data() };
        flushed.expect("the disk takes it");
        times.push(i64::try_from(started.elapsed().as_micros()).unwrap_or(i64::MAX));
    }
    let rate = rate(times.len(), begin.elapsed().as_secs_f64());
    fs::remove_file(&path).expect("our own file can go");
    Flushes { rate, times: times.into_iter().collect() }
}

/// Makes the table that the commits go to: comparable to one row of a webhook, with the same
/// kind of unique key.
pub async fn prepare(system: &System) {
    system
        .execute(
            "CREATE SCHEMA floor; CREATE TABLE floor.item ( \
             organization_id uuid NOT NULL, channel_id uuid NOT NULL, external_id text NOT NULL, \
             received_at timestamptz NOT NULL DEFAULT now(), body bytea NOT NULL, \
             PRIMARY KEY (organization_id, channel_id, external_id))",
        )
        .await;
}

/// Rows a second at 64 clients, each row a commit of its own.
async fn single_rows(system: &System, round: usize, duration: Duration) -> f64 {
    let script = format!(
        "\\set n :n + 1\n\\set id {FIRST} + {round} * 1000000000000 + :client_id * 10000000000 + :n\n\
         INSERT INTO floor.item (organization_id, channel_id, external_id, body) VALUES {row} \
         ON CONFLICT DO NOTHING;\n",
        row = row("")
    );
    pgbench(system, "single", &script, CLIENTS, duration).await
}

/// Rows a second at 8 clients, fifty rows a commit.
async fn batches(system: &System, round: usize, duration: Duration) -> f64 {
    let ids: Vec<String> = (0..ROWS).map(|row| format!("\\set id{row} :base + {row}\n")).collect();
    let rows: Vec<String> = (0..ROWS).map(|number| row(&number.to_string())).collect();
    let script = format!(
        "\\set n :n + {ROWS}\n\
         \\set base {FIRST} + {round} * 1000000000000 + :client_id * 10000000000 + 500000000000 + :n\n\
         {}INSERT INTO floor.item (organization_id, channel_id, external_id, body) VALUES {} \
         ON CONFLICT DO NOTHING;\n",
        ids.concat(),
        rows.join(", ")
    );
    #[expect(clippy::cast_precision_loss, reason = "fifty")]
    let rows = ROWS as f64;
    pgbench(system, "batch", &script, BATCH_CLIENTS, duration).await * rows
}

/// What raw SQL assigns.
#[derive(Debug, Clone, Copy)]
pub struct Assignments {
    /// A second, by a function that chooses both, an assignment a commit, eight clients: the floor
    /// that the aim is stated against (`reference/reliability.md` (c), A).
    pub chosen: f64,
    /// A second, two hundred a commit, one client, without choosing anything: how far writing
    /// itself would let one go.
    pub written: f64,
}

/// Measures both in tables like those of routing, each for `duration`.
pub async fn assignments(system: &System, duration: Duration) -> Assignments {
    let chosen = chosen_assignments(system, duration).await;
    let written = written_assignments(system, duration).await;
    Assignments { chosen, written }
}

/// Empty tables like those of routing.
async fn tables_for_assignments(system: &System) {
    system
        .execute(
            "DROP TABLE IF EXISTS floor.conversation, floor.member, floor.explanation, floor.outbox; \
             CREATE TABLE floor.conversation (LIKE routing.conversation INCLUDING ALL); \
             CREATE TABLE floor.member (LIKE routing.member INCLUDING ALL); \
             CREATE TABLE floor.explanation (LIKE routing.explanation INCLUDING ALL); \
             CREATE TABLE floor.outbox (LIKE routing.outbox INCLUDING ALL)",
        )
        .await;
}

/// What waits, and the agents who have room.
async fn fill(system: &System, waiting: usize, agents: usize) {
    system
        .execute(&format!(
            "INSERT INTO floor.conversation (organization_id, conversation_id, rev, state, \
             waiting_since, channel_ids, class, decision, epoch) \
             SELECT md5('floor')::uuid, md5('c' || n)::uuid, 1, 1, \
             now() + n * interval '1 millisecond', '{{}}', 1, 0, 0 \
             FROM generate_series(1, {waiting}) AS n; \
             INSERT INTO floor.member (organization_id, member_id, roles, directory_epoch, \
             availability, since, availability_epoch, ever_chosen, load, capacity, hard_limit) \
             SELECT md5('floor')::uuid, md5('m' || n)::uuid, 1, 1, 1, now(), 1, true, 0, 900000, \
             1000000 FROM generate_series(1, {agents}) AS n; \
             ANALYZE floor.conversation, floor.member"
        ))
        .await;
    system.settle().await;
}

/// Each commit takes the conversation that waits longest and the agent below capacity who was
/// handed something longest ago, passes over what others hold, and writes both.
async fn chosen_assignments(system: &System, duration: Duration) -> f64 {
    const CLIENTS: usize = 8;
    const AGENTS: usize = 500;
    tables_for_assignments(system).await;
    // More than any machine of this size assigns meanwhile: an empty queue would cost less.
    let waiting = 20_000 * usize::try_from(duration.as_secs()).unwrap_or(1);
    fill(system, waiting, AGENTS).await;
    system
        .execute(
            "CREATE INDEX ON floor.member (organization_id, last_assigned_at NULLS FIRST) \
             WHERE availability = 1; \
             CREATE OR REPLACE FUNCTION floor.assign() RETURNS uuid LANGUAGE plpgsql AS $$ \
             DECLARE longest uuid; idle uuid; BEGIN \
             SELECT conversation_id INTO longest FROM floor.conversation \
             WHERE organization_id = md5('floor')::uuid AND class = 1 AND waiting \
             ORDER BY waiting_since, conversation_id LIMIT 1 FOR UPDATE SKIP LOCKED; \
             IF longest IS NULL THEN RAISE 'nothing waits any more'; END IF; \
             SELECT member_id INTO idle FROM floor.member \
             WHERE organization_id = md5('floor')::uuid AND availability = 1 AND load < capacity \
             ORDER BY last_assigned_at NULLS FIRST LIMIT 1 FOR UPDATE SKIP LOCKED; \
             UPDATE floor.conversation SET owner_member_id = idle, epoch = epoch + 1 \
             WHERE organization_id = md5('floor')::uuid AND conversation_id = longest; \
             UPDATE floor.member SET load = load + 1, last_assigned_at = clock_timestamp() \
             WHERE organization_id = md5('floor')::uuid AND member_id = idle; \
             RETURN longest; END $$",
        )
        .await;
    pgbench(system, "assign", "SELECT floor.assign();\n", CLIENTS, duration).await
}

/// Each commit gives two hundred waiting conversations an owner, counts them with two hundred
/// members, and keeps why, and an event, of each.
async fn written_assignments(system: &System, duration: Duration) -> f64 {
    const BATCH: usize = 200;
    tables_for_assignments(system).await;
    fill(system, 10_000, BATCH).await;
    let script = format!(
        "BEGIN;\n\
         UPDATE floor.conversation SET owner_member_id = md5('m1')::uuid, epoch = epoch + 1 \
         WHERE organization_id = md5('floor')::uuid AND conversation_id IN ( \
         SELECT md5('c' || (:n + i) % 10000)::uuid FROM generate_series(1, {BATCH}) AS i);\n\
         UPDATE floor.member SET load = load + 1, last_assigned_at = now() \
         WHERE organization_id = md5('floor')::uuid;\n\
         INSERT INTO floor.explanation (organization_id, decision_id, conversation_id, at, outcome, \
         epoch, policy_version, candidates) SELECT md5('floor')::uuid, gen_random_uuid(), \
         md5('c' || i)::uuid, now(), 'assigned', 1, 1, repeat('x', 400) \
         FROM generate_series(1, {BATCH}) AS i;\n\
         INSERT INTO floor.outbox (event_id, organization_id, subject, network, lane, payload, \
         occurred_at) SELECT gen_random_uuid(), md5('floor')::uuid, 'guichet.routing.v1', '-', 0, \
         convert_to(repeat('x', 200), 'UTF8'), now() FROM generate_series(1, {BATCH}) AS i;\n\
         COMMIT;\n\
         \\set n (:n + {BATCH}) % 10000\n"
    );
    let commits = pgbench(system, "assignments", &script, 1, duration).await;
    #[expect(clippy::cast_precision_loss, reason = "two hundred")]
    let batch = BATCH as f64;
    commits * batch
}

/// An id as the network's are.
const FIRST: u64 = 1_990_000_000_000_000_000;

fn row(suffix: &str) -> String {
    format!(
        "('0199f000-0000-7000-8000-000000000001'::uuid, \
         '0199f000-0000-7000-8000-000000000002'::uuid, :id{suffix}::text, :body::text::bytea)"
    )
}

/// Transactions a second.
async fn pgbench(
    system: &System,
    name: &str,
    script: &str,
    clients: usize,
    duration: Duration,
) -> f64 {
    let path = system.folder().join(format!("{name}.sql"));
    fs::write(&path, script).expect("a file can be written");
    let rows = system.query("SELECT setting FROM pg_config WHERE name = 'BINDIR'").await;
    let programs: String = rows[0].try_get_by_index(0).expect("a path");
    let output = Command::new(format!("{programs}/pgbench"))
        .args(["--no-vacuum", "--protocol=prepared", "--jobs=2"])
        .arg(format!("--client={clients}"))
        .arg(format!("--time={}", duration.as_secs()))
        .args(["--define=n=0", &format!("--define=body={}", "x".repeat(BODY))])
        .arg(format!("--file={}", path.display()))
        .arg(system.database_url())
        .stdin(Stdio::null())
        .output()
        .await
        .expect("pgbench comes with PostgreSQL");
    let (words, complaints) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "pgbench: {complaints}");
    let rate =
        words.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok());
    rate.expect("pgbench ends with its rate")
}
