//! How many webhooks a second become durable: 64 connections, bodies of 512 bytes with one update
//! each, signed; an answer counts when it is 2xx, and it is given after the commit. Between the
//! rounds the raw floors of the same disk and the same PostgreSQL.

use std::ops::Range;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bench::figures::{Table, Times, line, median, rate};
use bench::floor::Floors;
use bench::machine::Used;
use bench::network::{CUSTOMERS, Line};
use bench::process::Extent;
use bench::system::System;
use bench::{floor, hops};
use clap::Parser;
use tokio::task::JoinSet;

/// Requests under way at any time.
const CONNECTIONS: usize = 64;

/// Least durable webhooks for each single-row commit of the raw floor.
const AIM: f64 = 1.0;

/// Most messages whose way is looked at.
const LOOKED_AT: u64 = 20_000;

#[derive(Debug, Parser)]
struct Arguments {
    /// Rounds, each with its floors.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Length of each load, in seconds.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// Length of each floor, in seconds.
    #[arg(long, default_value_t = 5)]
    floor_seconds: u64,
    /// Only directory and ingest run, as where each service has machines of its own.
    #[arg(long)]
    alone: bool,
    /// Where the installation's folder is made: on the disk to measure.
    #[arg(long)]
    place: PathBuf,
    /// What cargo calls every benchmark with.
    #[arg(long, hide = true)]
    bench: bool,
}

struct Round {
    floors: Floors,
    load: Load,
    drain: Duration,
}

struct Load {
    rate: f64,
    times: Times,
    numbers: Range<u64>,
    used: Used,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    kit_service::cryptography();
    let arguments = Arguments::parse();
    let extent = if arguments.alone { Extent::Intake } else { Extent::Everything };
    let system = System::start(&arguments.place, extent).await;
    let next = Arc::new(AtomicU64::new(0));
    floor::prepare(&system).await;
    let _warm = load(&system, &next, Duration::from_secs(3)).await;
    system.come_to_rest().await;

    let mut rounds = Vec::new();
    for number in 1..=arguments.rounds {
        let round = round(&system, &next, number, &arguments).await;
        line(format!(
            "round {number}: single rows {:.0}/s, intake {:.0}/s, ratio {:.2}",
            round.floors.single,
            round.load.rate,
            round.load.rate / round.floors.single
        ));
        rounds.push(round);
    }
    let sent = usize::try_from(next.load(Ordering::Relaxed)).unwrap_or(usize::MAX);
    let kept = system.number("SELECT count(*) FROM ingest.webhook_request").await;
    let stored = system.number("SELECT count(*) FROM conversation.message").await;
    print(&rounds);
    system.print_statements().await;
    print_hops(&system, &rounds).await;
    let ratio = median(rounds.iter().map(|round| round.load.rate / round.floors.single));
    let verdict = if ratio >= AIM { "reached" } else { "missed" };
    line(format!(
        "\nintake / single-row commits: median {ratio:.2}, aim at least {AIM:.1}: {verdict}"
    ));
    line(format!(
        "{sent} webhooks answered 2xx, {kept} raw requests kept, {stored} messages stored"
    ));
    system.stop().await;
    let applied = extent == Extent::Intake || stored == sent;
    if kept == sent && applied { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

async fn round(
    system: &System,
    next: &Arc<AtomicU64>,
    number: usize,
    arguments: &Arguments,
) -> Round {
    let floor_time = Duration::from_secs(arguments.floor_seconds);
    let floors = Floors::measure(system, number, floor_time).await;
    let load = load(system, next, Duration::from_secs(arguments.seconds)).await;
    let drain = system.come_to_rest().await;
    Round { floors, load, drain }
}

/// Posts for `duration` over 64 connections.
async fn load(system: &System, next: &Arc<AtomicU64>, duration: Duration) -> Load {
    let target = system.target();
    let mut lines = Vec::new();
    for _ in 0..CONNECTIONS {
        lines.push(Line::connect(&target).await.expect("ingest takes connections"));
    }
    let first = next.load(Ordering::Relaxed);
    let used = system.used();
    let begin = Instant::now();
    let end = begin + duration;
    let mut connections = JoinSet::new();
    for connection in lines {
        connections.spawn(post(connection, Arc::clone(next), end));
    }
    let times: Vec<i64> = connections.join_all().await.into_iter().flatten().collect();
    let seconds = begin.elapsed().as_secs_f64();
    Load {
        rate: rate(times.len(), seconds),
        numbers: first..next.load(Ordering::Relaxed),
        used: system.used().since(&used, seconds),
        times: times.into_iter().collect(),
    }
}

async fn post(mut connection: Line, next: Arc<AtomicU64>, end: Instant) -> Vec<i64> {
    let mut times = Vec::new();
    while Instant::now() < end {
        let number = next.fetch_add(1, Ordering::Relaxed);
        let begin = Instant::now();
        connection.post(number, number % CUSTOMERS).await.expect("every webhook is answered 2xx");
        times.push(i64::try_from(begin.elapsed().as_micros()).unwrap_or(i64::MAX));
    }
    times
}

fn print(rounds: &[Round]) {
    let own = ["intake", "its p50 ms", "its p99 ms", "intake / single", "drained in s"];
    let headings = [&["per second"][..], &floor::HEADINGS, &own].concat();
    let mut table = Table::new(&headings);
    for (index, round) in rounds.iter().enumerate() {
        table.row(index + 1, cells(&columns(round)));
    }
    let medians: Vec<f64> = (0..columns(&rounds[0]).len())
        .map(|column| median(rounds.iter().map(|round| columns(round)[column].0)))
        .collect();
    let formats = columns(&rounds[0]).into_iter().map(|(_, digits)| digits);
    let medians: Vec<(f64, usize)> = medians.into_iter().zip(formats).collect();
    table.row("median", cells(&medians));
    table.print();

    let mut table =
        Table::new(&["cores used under load", "generator", "services", "PostgreSQL", "NATS"]);
    for (index, round) in rounds.iter().enumerate() {
        let used = &round.load.used;
        let parts = [used.own, used.services, used.postgres, used.nats];
        table.row(index + 1, parts.map(|part| format!("{part:.2}")));
    }
    table.print();
}

/// Figures of a round, each with its digits after the point.
fn columns(round: &Round) -> Vec<(f64, usize)> {
    let own = [
        (round.load.rate, 0),
        (round.load.times.percentile(50), 1),
        (round.load.times.percentile(99), 1),
        (round.load.rate / round.floors.single, 2),
        (round.drain.as_secs_f64(), 1),
    ];
    round.floors.columns().into_iter().chain(own).collect()
}

fn cells(values: &[(f64, usize)]) -> Vec<String> {
    values.iter().map(|(value, digits)| format!("{value:.digits$}")).collect()
}

/// Where the time of a webhook goes, in the last round.
async fn print_hops(system: &System, rounds: &[Round]) {
    let Some(last) = rounds.last() else { return };
    let numbers = &last.load.numbers;
    let numbers = numbers.start..numbers.end.min(numbers.start + LOOKED_AT);
    let commits = hops::commits(system, &numbers).await;
    let commit: Times =
        commits.values().map(|(received, committed)| committed - received).collect();
    let mut table = Table::new(&["hop, last round", "p50 ms", "p99 ms", "largest ms"]);
    let mut row = |name: &str, times: &Times| {
        let figures = [times.percentile(50), times.percentile(99), times.largest()];
        table.row(name, figures.map(|figure| format!("{figure:.1}")));
    };
    row("body complete → committed", &commit);
    row("sent → answered 2xx", &last.load.times);
    table.print();
}
