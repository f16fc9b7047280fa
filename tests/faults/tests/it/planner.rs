//! Eight processes of routing hand out what comes, agents go Away and come back, and the process
//! that plans just now stops in its tracks, its rows locked: the others go on, an Away is
//! recorded, and what the stopped one had planned is never kept (I4).

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use faults::agent::Agent;
use faults::assignments::{Pause, Planner, Watch};
use faults::installation::{Installation, MORE_ROUTING, Plan};
use faults::playground::Playground;
use reqwest::Method;
use serde_json::json;
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::run::until;

/// Longest that the other processes hand out nothing, and that an Away takes to be recorded.
const LONGEST_PAUSE: Duration = Duration::from_secs(3);
const LONGEST_AWAY: Duration = Duration::from_secs(1);

/// How long a server process may outlive its standing still: less than a second, and the time to
/// notice it.
const CUT: Duration = Duration::from_secs(2);

/// How long everything may take to be handed out: what a stopped process had been given to read is
/// given to others only after half a minute.
const PATIENCE: Duration = Duration::from_secs(90);

/// Every second plan of the further processes takes a moment before it is committed, so that one
/// of them is met with its rows locked.
const SLOW: &str = "routing-before-commit=50%sleep(150)";

#[tokio::test(flavor = "multi_thread")]
async fn a_planner_that_stops_in_its_tracks_keeps_nobody_waiting() {
    stopped(120, Duration::from_secs(6)).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "the whole of it: tests/faults/whole"]
async fn a_planner_that_stops_for_forty_seconds_keeps_nobody_waiting() {
    stopped(800, Duration::from_secs(40)).await;
}

/// Customers write: so many at once, then one after the other.
struct Customers {
    playground: Playground,
    account: String,
    written: AtomicUsize,
    enough: AtomicBool,
}

impl Customers {
    async fn one_writes(&self) {
        let number = self.written.fetch_add(1, Ordering::SeqCst);
        let author = self.playground.customer(number).await;
        let text = format!("This is question {number:04}.");
        let body = json!({ "account": self.account, "author": author, "text": text });
        self.playground.act("x/mention", &body).await;
    }

    async fn go_on(&self) {
        while !self.enough.load(Ordering::SeqCst) {
            self.one_writes().await;
            sleep(Duration::from_millis(150)).await;
        }
    }
}

async fn choose(agent: &Agent, availability: &str) {
    let body = json!({
        "availability": availability, "away_state_id": null, "keep_conversations": false,
    });
    for _ in 0..50 {
        let answer = agent.ask(Method::PUT, "/availability", Some(&body)).await;
        match answer {
            Ok((200, _)) => return,
            Ok((status, document)) if status < 500 => panic!("{status} {document}"),
            // Whoever holds the rows too long is cut, and so is who waits for them.
            _ => sleep(Duration::from_millis(50)).await,
        }
    }
    panic!("nobody records {availability}");
}

/// Goes Away and comes back until it is enough; how often. While Away nothing is handed to them.
async fn flip(agent: Arc<Agent>, watch: Watch, enough: Arc<AtomicBool>) -> usize {
    let mut flips = 0;
    while !enough.load(Ordering::SeqCst) {
        choose(&agent, "available").await;
        sleep(Duration::from_millis(250)).await;
        choose(&agent, "away").await;
        let before = watch.handed_to(&agent.member).await;
        sleep(Duration::from_millis(200)).await;
        let after = watch.handed_to(&agent.member).await;
        assert_eq!(before, after, "something was handed to an agent who was Away");
        flips += 1;
    }
    flips
}

/// Stops the process that plans, once it is met with the row of one of `agents` locked.
async fn stop_planner<'a>(
    installation: &mut Installation,
    watch: &Watch,
    agents: &'a [Arc<Agent>],
) -> (Planner, &'a Arc<Agent>) {
    let begin = Instant::now();
    loop {
        assert!(begin.elapsed() < Duration::from_mins(1), "no planner was met at work");
        let Some(planner) = watch.planner().await else {
            sleep(Duration::from_millis(5)).await;
            continue;
        };
        installation.freeze(planner.process);
        let held = watch.held_members().await;
        // What it had committed meanwhile is no fault.
        if watch.planner().await.as_ref() == Some(&planner)
            && let Some(agent) = agents.iter().find(|agent| held.contains(&agent.member))
        {
            return (planner, agent);
        }
        installation.thaw(planner.process);
    }
}

/// What was seen while the planner stood still.
#[derive(Debug)]
struct Seen {
    /// After how long an Away was recorded.
    recorded: Option<Duration>,
    /// After how long the server had ended the planner's connection.
    cut: Option<Duration>,
    /// Longest that something waited and nobody handed anything out.
    pause: Duration,
}

/// Has an agent go Away whose row the stopped planner holds, and watches for as long as it is
/// stopped.
async fn stand_still(
    watch: &Watch,
    planner: &Planner,
    agent: &Arc<Agent>,
    length: Duration,
) -> Seen {
    let begin = Instant::now();
    let mut pause = Pause::from(watch.handed().await);
    let going = Arc::clone(agent);
    let mut away = JoinSet::new();
    away.spawn(async move { choose(&going, "away").await });
    let mut seen = Seen { recorded: None, cut: None, pause: Duration::ZERO };
    while begin.elapsed() < length {
        if seen.recorded.is_none() && watch.is_away(&agent.member).await {
            seen.recorded = Some(begin.elapsed());
        }
        if seen.cut.is_none() && !watch.lives(planner).await {
            seen.cut = Some(begin.elapsed());
        }
        let (_, waiting) = watch.known().await;
        seen.pause = pause.look(watch.handed().await, waiting);
        sleep(Duration::from_millis(10)).await;
    }
    away.join_all().await;
    seen
}

async fn stopped(at_once: usize, length: Duration) {
    kit_service::cryptography();
    let environment = &[("GUICHET__routing__default_capacity", "1000")];
    let failpoints = MORE_ROUTING.map(|name| (name, SLOW));
    let plan = Plan { environment, failpoints: &failpoints, played: true };
    let mut installation = Installation::start_as(&plan).await;
    let playground = Playground::at(&installation.playground()).await;
    playground.pause().await;
    installation.start_more_routing().await;
    let mut agents = Vec::new();
    for account in installation.everybody() {
        agents.push(Arc::new(Agent::sign_in(&installation.gateway(), &account).await));
    }
    let watch = Watch::on(&installation).await;
    let (steady, flipping) = agents.split_at(2);
    for agent in steady {
        choose(agent, "available").await;
    }
    let enough = Arc::new(AtomicBool::new(false));
    let mut flips = JoinSet::new();
    for agent in flipping {
        let watch = Watch::on(&installation).await;
        flips.spawn(flip(Arc::clone(agent), watch, Arc::clone(&enough)));
    }
    let customers = Arc::new(Customers {
        playground,
        account: installation.connected("x")[0].clone(),
        written: AtomicUsize::new(0),
        enough: AtomicBool::new(false),
    });
    let mut writing = JoinSet::new();
    for _ in 0..at_once {
        let customers = Arc::clone(&customers);
        writing.spawn(async move { customers.one_writes().await });
    }
    let trickle = Arc::clone(&customers);
    let mut trickles = JoinSet::new();
    trickles.spawn(async move { trickle.go_on().await });
    until("some are handed out", async || watch.handed().await > 20).await;

    let (planner, agent) = stop_planner(&mut installation, &watch, steady).await;
    let log = installation.log(planner.process).len();
    let seen = stand_still(&watch, &planner, agent, length).await;
    let handed = watch.handed_to(&agent.member).await;
    println!("figure: {} stopped for {} s: {seen:?}", planner.process, length.as_secs());
    // The fault was hit: the server ended the stopped one for standing still in a transaction, of
    // which nothing was kept.
    let cut = seen.cut.expect("the stopped planner was cut");
    assert!(cut < CUT, "cut only after {cut:?}");
    let ended = format!(
        "[{}] FATAL:  terminating connection due to idle-in-transaction timeout",
        planner.backend
    );
    assert!(installation.postgres_log().contains(&ended), "{ended}: not in PostgreSQL's log");
    assert_eq!(watch.fate(&planner).await, "aborted");
    let recorded = seen.recorded.expect("the Away was recorded");
    assert!(recorded < LONGEST_AWAY, "the Away was recorded after {recorded:?}");
    assert!(seen.pause < LONGEST_PAUSE, "the others paused for {:?}", seen.pause);
    sleep(Duration::from_millis(500)).await;
    assert_eq!(watch.handed_to(&agent.member).await, handed, "handed to somebody who was Away");

    // It goes on where it was, with a plan that is older than everything since.
    installation.thaw(planner.process);
    let process = planner.process;
    until("the stopped one knows that its plan was cut", async || {
        installation.log(process)[log..].contains("a plan was cut off")
    })
    .await;
    assert_eq!(watch.handed_to(&agent.member).await, handed, "a stale plan was kept");

    customers.enough.store(true, Ordering::SeqCst);
    writing.join_all().await;
    trickles.join_all().await;
    enough.store(true, Ordering::SeqCst);
    let flips: usize = flips.join_all().await.into_iter().sum();
    for agent in &agents {
        choose(agent, "available").await;
    }
    let written = i64::try_from(customers.written.load(Ordering::SeqCst)).expect("few");
    let begin = Instant::now();
    loop {
        let known = watch.known().await;
        // The network may have written by itself before it was told not to.
        if known.0 >= written && known.1 == 0 {
            break;
        }
        assert!(begin.elapsed() < PATIENCE, "of {written}, known and waiting: {known:?}");
        sleep(Duration::from_millis(100)).await;
    }
    until("what is shown is what is kept", async || watch.wrong().await.is_empty()).await;
    assert_eq!(installation.parked().await, 0, "something was parked");
    // It is alive, and plans again.
    installation.thaw(planner.process);
    println!(
        "figure: {written} conversations, {} times handed out by eight processes, {flips} times Away",
        watch.handed().await
    );
}
