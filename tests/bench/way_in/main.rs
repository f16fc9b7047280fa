//! How long a message takes from its webhook to the screen: an open loop, so that a slow answer
//! delays no later message, and sixty sockets in a process of their own, each declaring the
//! conversations that it shows. A message counts from the moment when it was due to be sent to
//! the moment when the full row that tells of it is read. One without a frame fails the run.

mod plan;
mod screens;
mod watch;

use std::ops::Range;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use bench::figures::{Table, Times, line, median};
use bench::floor::{self, Floors};
use bench::hops::{self, Passage};
use bench::machine::{self, Used};
use bench::network::{CUSTOMERS, Line, customer_of};
use bench::process::Extent;
use bench::shown::Shown;
use bench::system::System;
use clap::Parser;
use kit_values::now;
use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::plan::Plan;
use crate::watch::Watch;

/// Connections that messages are posted over; one that is due never waits for a free one.
const CONNECTIONS: usize = 64;

/// Longest p99, in milliseconds.
const AIM: f64 = 250.0;

/// Most resident memory of all services after idling, in MiB.
const MEMORY: f64 = 250.0;

/// How long the last message may take to be shown before it counts as lost.
const PATIENCE: Duration = Duration::from_secs(15);

/// What the issue calls idle.
const IDLE: u64 = 300;

#[derive(Debug, Parser)]
struct Arguments {
    /// Rounds, each with its floors.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Length of each load, in seconds.
    #[arg(long, default_value_t = 30)]
    seconds: u64,
    /// Messages a second.
    #[arg(long, default_value_t = 300)]
    rate: u64,
    /// Sockets.
    #[arg(long, default_value_t = 60)]
    sockets: usize,
    /// Length of each floor, in seconds.
    #[arg(long, default_value_t = 5)]
    floor_seconds: u64,
    /// How long to idle before memory is read, in seconds.
    #[arg(long, default_value_t = IDLE)]
    idle_seconds: u64,
    /// Where the installation's folder is made: on the disk to measure.
    #[arg(long)]
    place: Option<PathBuf>,
    /// Be the sockets of this plan: how the benchmark calls itself.
    #[arg(long, hide = true)]
    screens: Option<PathBuf>,
    /// What cargo calls every benchmark with.
    #[arg(long, hide = true)]
    bench: bool,
}

struct Round {
    floors: Floors,
    numbers: Range<u64>,
    used: Used,
    /// Processor time of the sockets' process.
    screens: f64,
}

/// When a message was due, sent and answered, in microseconds since the epoch.
#[derive(Debug, Clone, Copy)]
struct Sent {
    number: u64,
    due: i64,
    posted: i64,
    answered: i64,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    kit_service::cryptography();
    let arguments = Arguments::parse();
    if let Some(plan) = &arguments.screens {
        screens::run(&Plan::read(plan)).await;
        return ExitCode::SUCCESS;
    }
    let place = arguments.place.clone().unwrap_or_else(|| PathBuf::from("."));
    let system = System::start(&place, Extent::Everything).await;
    let resident = system.memory().resident;
    line(format!("resident after the start: {resident:.0} MiB"));
    floor::prepare(&system).await;
    let mut next = 0..CUSTOMERS;
    first_words(&system, next.clone()).await;
    let conversations = conversations(&system).await;
    let plan = Plan::new(&system, &conversations, arguments.sockets);
    let watch = Watch::start(&plan, system.folder()).await;
    line(format!(
        "{} sockets show {} conversations, {} each",
        arguments.sockets,
        conversations.len(),
        conversations.len() / arguments.sockets
    ));

    let mut all = Vec::new();
    let mut step = |seconds: u64| {
        next = next.end..next.end + arguments.rate * seconds;
        next.clone()
    };
    let warm = step(5);
    all.extend(load(&system, &warm, arguments.rate).await);
    let mut rounds = Vec::new();
    for number in 1..=arguments.rounds {
        watch.see(&all, PATIENCE).await;
        let numbers = step(arguments.seconds);
        let (round, sent) = round(&system, &watch, number, numbers, &arguments).await;
        all.extend(sent);
        rounds.push(round);
    }
    let missing = watch.see(&all, PATIENCE).await;
    let shown = watch.stop().await;
    let times = report(&system, &rounds, &all, &shown).await;
    verdict("p99 from webhook to row", "ms", median(times), AIM);
    let outcome = if missing == 0 { "" } else { ", which fails the run" };
    line(format!("{} messages, {missing} without a frame{outcome}", all.len()));
    idle(&system, arguments.idle_seconds).await;
    system.stop().await;
    if missing == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn verdict(what: &str, unit: &str, value: f64, aim: f64) {
    let verdict = if value <= aim { "reached" } else { "missed" };
    line(format!("\n{what}: {value:.1} {unit}, aim at most {aim:.0} {unit}: {verdict}"));
}

/// Every customer writes once, so that their conversations are there to be shown.
async fn first_words(system: &System, numbers: Range<u64>) {
    let target = system.target();
    let mut workers = JoinSet::new();
    for worker in 0..CONNECTIONS {
        let target = target.clone();
        let mine = numbers.clone().skip(worker).step_by(CONNECTIONS);
        workers.spawn(async move {
            let mut connection = Line::connect(&target).await.expect("ingest takes connections");
            for number in mine {
                connection.post(number, number % CUSTOMERS).await.expect("it is answered 2xx");
            }
        });
    }
    workers.join_all().await;
    system.come_to_rest().await;
}

/// The conversation of each customer, in the order of their numbers.
async fn conversations(system: &System) -> Vec<String> {
    let rows = system
        .query(
            "SELECT identity.network_user_id, \
             'conv_' || replace(conversation.conversation_id::text, '-', '') AS conversation \
             FROM conversation.conversation \
             JOIN conversation.contact_identity AS identity \
                 ON identity.organization_id = conversation.organization_id \
                 AND identity.identity_id = conversation.identity_id \
             ORDER BY identity.network_user_id",
        )
        .await;
    let conversations: Vec<String> = rows
        .iter()
        .enumerate()
        .map(|(index, row)| {
            let customer: String = row.try_get("", "network_user_id").expect("a text");
            assert_eq!(customer_of(&customer), u64::try_from(index).ok(), "a customer is missing");
            row.try_get("", "conversation").expect("a text")
        })
        .collect();
    assert_eq!(u64::try_from(conversations.len()).ok(), Some(CUSTOMERS));
    conversations
}

async fn round(
    system: &System,
    watch: &Watch,
    number: usize,
    numbers: Range<u64>,
    arguments: &Arguments,
) -> (Round, Vec<Sent>) {
    system.come_to_rest().await;
    let floor_time = Duration::from_secs(arguments.floor_seconds);
    let floors = Floors::measure(system, number, floor_time).await;
    let (used, screens) = (system.used(), machine::time(watch.process()));
    let begin = Instant::now();
    let sent = load(system, &numbers, arguments.rate).await;
    let seconds = begin.elapsed().as_secs_f64();
    let used = system.used().since(&used, seconds);
    let screens = (machine::time(watch.process()) - screens) / seconds;
    (Round { floors, numbers, used, screens }, sent)
}

/// Sends each message when it is due, whatever became of those before.
async fn load(system: &System, numbers: &Range<u64>, rate: u64) -> Vec<Sent> {
    let target = system.target();
    let (queue, due) = mpsc::unbounded_channel::<(u64, i64)>();
    let due = Arc::new(Mutex::new(due));
    let mut workers = JoinSet::new();
    for _ in 0..CONNECTIONS {
        let mut connection = Line::connect(&target).await.expect("ingest takes connections");
        let queue = Arc::clone(&due);
        workers.spawn(async move {
            let mut log = Vec::new();
            loop {
                let next = queue.lock().await.recv().await;
                let Some((number, due)) = next else { return log };
                let posted = moment();
                let answered = connection.post(number, number % CUSTOMERS).await;
                answered.expect("every webhook is answered 2xx");
                log.push(Sent { number, due, posted, answered: moment() });
            }
        });
    }
    let (begin, first_due) = (Instant::now(), moment());
    for (index, number) in (0_u64..).zip(numbers.clone()) {
        let after = Duration::from_micros(1_000_000 * index / rate);
        tokio::time::sleep_until(begin + after).await;
        let due = first_due + i64::try_from(after.as_micros()).unwrap_or(i64::MAX);
        assert!(queue.send((number, due)).is_ok(), "the connections take messages");
    }
    drop(queue);
    workers.join_all().await.into_iter().flatten().collect()
}

/// Now, in microseconds since the epoch.
fn moment() -> i64 {
    i64::try_from(now().unix_timestamp_nanos() / 1_000).unwrap_or(i64::MAX)
}

/// Prints what was measured; gives the p99 of each round.
async fn report(system: &System, rounds: &[Round], all: &[Sent], shown: &Shown) -> Vec<f64> {
    let own = ["messages", "p50 ms", "p99 ms", "largest ms"];
    let mut table = Table::new(&[&["per second"][..], &floor::HEADINGS, &own].concat());
    let mut cores =
        Table::new(&["cores used", "generator", "sockets", "services", "PostgreSQL", "NATS"]);
    let mut ninety_nine = Vec::new();
    for (index, round) in rounds.iter().enumerate() {
        let of_round = all.iter().filter(|sent| round.numbers.contains(&sent.number));
        let times: Times =
            of_round.filter_map(|sent| Some(shown.at(sent.number)? - sent.due)).collect();
        ninety_nine.push(times.percentile(99));
        let floors = round.floors.columns().map(|(value, digits)| format!("{value:.digits$}"));
        let figures = [times.percentile(50), times.percentile(99), times.largest()];
        let own = figures.map(|figure| format!("{figure:.1}"));
        let count = [times.len().to_string()];
        table.row(index + 1, floors.into_iter().chain(count).chain(own));
        let used = &round.used;
        let parts = [used.own, round.screens, used.services, used.postgres, used.nats];
        cores.row(index + 1, parts.map(|part| format!("{part:.2}")));
    }
    table.print();
    cores.print();
    let first = rounds.first().map_or(0, |round| round.numbers.start);
    let end = rounds.last().map_or(0, |round| round.numbers.end);
    let passages = hops::passages(system, &(first..end)).await;
    let whole: Vec<(Sent, Passage, i64)> = all
        .iter()
        .filter_map(|sent| Some((*sent, *passages.get(&sent.number)?, shown.at(sent.number)?)))
        .collect();
    print_hops(&whole);
    ninety_nine
}

/// From one record of a message to the next: a name, and how long.
type Hop = (&'static str, fn(&(Sent, Passage, i64)) -> i64);

fn print_hops(whole: &[(Sent, Passage, i64)]) {
    let hops: [Hop; 9] = [
        ("due → sent by the generator", |(sent, ..)| sent.posted - sent.due),
        ("sent → body complete in ingest", |(sent, passage, _)| passage.received - sent.posted),
        ("request → commit", |(_, passage, _)| passage.committed - passage.received),
        ("commit → published on INGEST", |(_, passage, _)| passage.published - passage.committed),
        ("published → applied (commit)", |(_, passage, _)| passage.applied - passage.published),
        ("applied → published on CONVERSATION", |(_, passage, _)| {
            passage.announced - passage.applied
        }),
        ("published → frame", |(_, passage, shown)| shown - passage.announced),
        ("due → frame: the whole way", |(sent, _, shown)| shown - sent.due),
        ("(sent → answered 2xx)", |(sent, ..)| sent.answered - sent.posted),
    ];
    let mut table = Table::new(&["hop, all rounds", "messages", "p50 ms", "p99 ms", "largest ms"]);
    for (name, hop) in hops {
        let times: Times = whole.iter().map(hop).collect();
        let figures = [times.percentile(50), times.percentile(99), times.largest()];
        let figures = figures.map(|figure| format!("{figure:.1}"));
        table.row(name, [times.len().to_string()].into_iter().chain(figures));
    }
    table.print();
}

/// Reads memory after nobody has asked for anything for a while.
async fn idle(system: &System, seconds: u64) {
    let loaded = system.memory().resident;
    tokio::time::sleep(Duration::from_secs(seconds)).await;
    let memory = system.memory();
    if seconds < IDLE {
        line(format!("idle for {seconds} s only, not the {IDLE} s of the aim"));
    }
    verdict("all services in one process, resident", "MiB", memory.resident, MEMORY);
    line(format!(
        "after {seconds} idle seconds; right after the load {loaded:.0}, at most ever {:.0}; \
         {:.0} anonymous, {:.0} mapped from files (the program)",
        memory.peak, memory.anonymous, memory.file
    ));
}
