//! From a reply that is accepted to the call of its network: how long, under an open loop of
//! replies to sixty conversations by two agents, the networks played without their limits.
//!
//! Both moments are the system's own: when the reply was accepted (the row's time in
//! `conversation`), and when its first byte was about to leave (`delivery`). A reply that the
//! network did not take exactly once fails the run.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use bench::figures::{Table, Times, line, median};
use bench::floor::{self, Floors};
use bench::machine::Used;
use bench::process::Extent;
use bench::system::System;
use clap::Parser;
use faults::agent::{Agent, Occasion, text};
use faults::audit::RAISE;
use faults::playground::Playground;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio::time::Instant;

/// Conversations that are answered by turns.
const CONVERSATIONS: usize = 60;

/// Longest that a reply may take to its call, at the 99th percentile, in milliseconds.
const AIM: f64 = 250.0;

/// How long the last replies may take to be sent.
const PATIENCE: Duration = Duration::from_mins(2);

#[derive(Debug, Parser)]
struct Arguments {
    /// Rounds, each with its floors.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Length of each load, in seconds.
    #[arg(long, default_value_t = 30)]
    seconds: usize,
    /// Replies a second.
    #[arg(long, default_value_t = 40)]
    rate: usize,
    /// Length of each floor, in seconds.
    #[arg(long, default_value_t = 5)]
    floor_seconds: u64,
    /// Where the installation's folder is made: on the disk to measure.
    #[arg(long)]
    place: PathBuf,
    /// What cargo calls every benchmark with.
    #[arg(long, hide = true)]
    bench: bool,
}

struct Round {
    floors: Floors,
    to_call: Times,
    to_end: Times,
    used: Used,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    kit_service::cryptography();
    let arguments = Arguments::parse();
    let system = System::start(&arguments.place, Extent::Everything).await;
    floor::prepare(&system).await;
    let playground = Playground::at(&system.playground()).await;
    playground.faults(&json!({ "limits": "off" })).await;
    let accounts = system.accounts();
    let mut agents = Vec::new();
    for account in accounts.iter().rev().take(2) {
        agents.push(Arc::new(Agent::sign_in(&system.gateway(), account).await));
    }
    let occasions = occasions(&system, &playground, &agents[0]).await;
    system.execute(RAISE).await;
    let mut next = 0;
    let mut write = async |count: usize| {
        let numbers = next..next + count;
        next = numbers.end;
        load(&agents, &occasions, numbers, arguments.rate).await;
        sent(&system, next).await;
    };
    write(5 * arguments.rate).await;
    system.count_statements_anew().await;
    let mut rounds = Vec::new();
    let mut first = 5 * arguments.rate;
    for number in 1..=arguments.rounds {
        let floor_time = Duration::from_secs(arguments.floor_seconds);
        let floors = Floors::measure(&system, number, floor_time).await;
        system.execute(RAISE).await;
        let (used, begin) = (system.used(), Instant::now());
        let count = arguments.seconds * arguments.rate;
        write(count).await;
        let used = system.used().since(&used, begin.elapsed().as_secs_f64());
        let (to_call, to_end) = times(&system, first, count).await;
        first += count;
        rounds.push(Round { floors, to_call, to_end, used });
    }
    print(&rounds);
    system.print_statements().await;
    let p99 = median(rounds.iter().map(|round| round.to_call.percentile(99)));
    let verdict = if p99 <= AIM { "reached" } else { "missed" };
    line(format!(
        "\np99 from accepted to the call: {p99:.1} ms, aim at most {AIM:.0} ms: {verdict}"
    ));
    let taken = playground.accepted().await;
    let mut times_taken: BTreeMap<&str, usize> = BTreeMap::new();
    for call in &taken {
        *times_taken.entry(&call.text).or_default() += 1;
    }
    let once = times_taken.values().filter(|times| **times == 1).count();
    line(format!("{first} replies accepted, {once} taken exactly once by their network"));
    drop(agents);
    system.stop().await;
    if once == first && taken.len() == first { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Sixty customers write, half on X and half to a page; gives how each is answered.
async fn occasions(system: &System, playground: &Playground, agent: &Agent) -> Vec<Occasion> {
    for number in 0..CONVERSATIONS {
        let author = playground.customer(number).await;
        let (network, action) =
            if number % 2 == 0 { ("x", "x/mention") } else { ("facebook", "facebook/message") };
        let accounts = system.connected(network);
        let account = &accounts[(number / 2) % accounts.len()];
        let words = format!("Question {number:03}.");
        let body = json!({ "account": account, "author": author, "text": words });
        playground.act(action, &body).await;
    }
    let begin = Instant::now();
    let mut rows: Vec<Value> = Vec::new();
    let mut again = begin + Duration::from_secs(15);
    while rows.len() < CONVERSATIONS {
        assert!(begin.elapsed() < PATIENCE, "only {} conversations came", rows.len());
        if Instant::now() > again {
            // X itself tells nothing a second time.
            playground.act("x/replay", &json!({ "only_failed": true })).await;
            again += Duration::from_secs(15);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        rows = agent.rows("new").await;
    }
    let mut occasions = Vec::new();
    for row in rows {
        let kind = if row["network"] == "x" { "reply" } else { "private_message" };
        occasions.push(agent.occasion(&text(&row["id"]), kind).await);
    }
    occasions
}

fn words(number: usize) -> String {
    format!("Answer {number:06} of the measurement.")
}

/// Writes each reply when it is due, whatever became of those before.
async fn load(
    agents: &[Arc<Agent>],
    occasions: &[Occasion],
    numbers: std::ops::Range<usize>,
    rate: usize,
) {
    let begin = Instant::now();
    let mut writing = JoinSet::new();
    for (index, number) in numbers.enumerate() {
        let after = Duration::from_micros(1_000_000 * u64::try_from(index).unwrap_or(0))
            / u32::try_from(rate).unwrap_or(1);
        tokio::time::sleep_until(begin + after).await;
        let agent = Arc::clone(&agents[number % agents.len()]);
        let mut occasion = occasions[number % occasions.len()].clone();
        // Everything was seen, the other agent's replies too.
        occasion.seen_through = i64::MAX;
        writing.spawn(async move {
            let key = format!("bench-{number}");
            // Counted from when it was accepted: what was refused before is not the way out's.
            let (status, answer) = agent.reply_surely(&occasion, &key, &words(number)).await;
            assert_eq!(status, 201, "{answer}");
        });
    }
    writing.join_all().await;
}

/// Waits until so many replies are sent.
async fn sent(system: &System, count: usize) {
    let begin = Instant::now();
    while system.number("SELECT count(*) FROM delivery.attempt WHERE state = 4").await < count {
        assert!(begin.elapsed() < PATIENCE, "replies are not sent");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// From accepted to the first byte, and to the end, of `count` replies from `first` on.
async fn times(system: &System, first: usize, count: usize) -> (Times, Times) {
    let rows = system
        .query(&format!(
            "SELECT (extract(epoch FROM first_byte_at - reply_accepted_at) * 1000000)::bigint, \
             (extract(epoch FROM settled_at - reply_accepted_at) * 1000000)::bigint \
             FROM conversation.message JOIN delivery.attempt USING (organization_id, message_id) \
             WHERE body BETWEEN '{}' AND '{}'",
            words(first),
            words(first + count - 1)
        ))
        .await;
    assert_eq!(rows.len(), count, "a reply is missing");
    let column = |index: usize| {
        let values = rows.iter().map(|row| row.try_get_by_index::<i64>(index).expect("a number"));
        values.collect::<Times>()
    };
    (column(0), column(1))
}

fn print(rounds: &[Round]) {
    let own = ["replies", "call p50 ms", "call p99 ms", "largest ms", "end p50 ms", "end p99 ms"];
    let mut table = Table::new(&[&["per second"][..], &floor::HEADINGS, &own].concat());
    let mut cores = Table::new(&["cores used", "generator", "services", "PostgreSQL", "NATS"]);
    for (index, round) in rounds.iter().enumerate() {
        let floors = round.floors.columns().map(|(value, digits)| format!("{value:.digits$}"));
        let (call, end) = (&round.to_call, &round.to_end);
        let figures = [
            call.percentile(50),
            call.percentile(99),
            call.largest(),
            end.percentile(50),
            end.percentile(99),
        ];
        let figures = figures.map(|figure| format!("{figure:.1}"));
        let count = [call.len().to_string()];
        table.row(index + 1, floors.into_iter().chain(count).chain(figures));
        let used = &round.used;
        let parts = [used.own, used.services, used.postgres, used.nats];
        cores.row(index + 1, parts.map(|part| format!("{part:.2}")));
    }
    table.print();
    cores.print();
}
