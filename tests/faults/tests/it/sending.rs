//! I5: whatever the network does with a reply, and whenever delivery dies, the network takes it
//! at most once, and it ends as sent, failed or unknown.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use faults::agent::Agent;
use faults::installation::Plan;
use faults::replies::{Written, Wrong};
use serde_json::{Value, json};

use crate::desk::{Case, Desk, LONGEST, Way, until_hit};
use crate::run::until;

/// Calls end and leases run out sooner than by default, so that a short run sees both.
const HASTY: [(&str, &str); 3] = [
    ("GUICHET__delivery__sending__timeout_ms", "2000"),
    ("GUICHET__delivery__sending__lease_ms", "5000"),
    ("GUICHET__routing__default_capacity", "500"),
];

/// As it is by default.
const USUAL: [(&str, &str); 1] = [("GUICHET__routing__default_capacity", "500")];

/// The answers that follow a call that took effect, and how the list of accepted calls names
/// them.
const AFTER_EFFECT: [(&str, &str); 3] = [
    ("accept_then_time_out", "nothing"),
    ("reset_after_accept", "reset"),
    ("fail_500_after_accept", "server_error"),
];

/// How much of everything.
struct Extent {
    environment: &'static [(&'static str, &'static str)],
    /// Conversations by each way.
    each: usize,
    /// Replies for each fault.
    replies: usize,
    /// How often each fault happens on each network.
    times: usize,
    /// How often delivery is killed.
    kills: usize,
    /// How long anything may take at the end.
    patience: Duration,
    /// How long a reply may be on its way.
    longest: Duration,
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_leaves_at_most_once_whatever_the_network_answers() {
    send(&Extent {
        environment: &HASTY,
        each: 4,
        replies: 36,
        times: 6,
        kills: 2,
        patience: Duration::from_mins(1),
        longest: Duration::from_secs(15),
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "the whole of it, a quarter of an hour: tests/faults/whole"]
async fn ten_thousand_replies_leave_at_most_once() {
    send(&Extent {
        environment: &USUAL,
        each: 25,
        replies: 530,
        times: 20,
        kills: 10,
        patience: Duration::from_mins(15),
        longest: LONGEST,
    })
    .await;
}

/// A run: conversations, who answers them, and what was written so far.
struct Sending {
    desk: Desk,
    cases: Vec<Case>,
    owners: Vec<Arc<Agent>>,
    written: Vec<Written>,
}

impl Sending {
    async fn start(plan: &Plan<'_>, each: usize) -> Self {
        let mut desk = Desk::start(plan).await;
        desk.playground.faults(&json!({ "limits": "off" })).await;
        for agent in &desk.agents {
            agent.available().await;
        }
        let cases = desk.cases(&Way::ALL, each).await;
        let owners = desk.handed_out(&cases).await;
        desk.installation.raise_limits().await;
        Self { desk, cases, owners, written: Vec::new() }
    }

    async fn write(&mut self, count: usize) {
        let first = self.written.len();
        self.written.extend(self.desk.answer(&self.cases, &self.owners, first, count).await);
    }

    /// One fault, so often on each network, among `replies` replies.
    async fn suffer(&mut self, fault: &str, replies: usize, x: usize, facebook: usize) {
        self.desk.installation.raise_limits().await;
        let faults = |times: usize| -> Value {
            json!({ fault: { "count": times, "percent": 0 }, "hint_seconds": 1, "slow_ms": 1000 })
        };
        self.desk
            .playground
            .faults(&json!({ "limits": "off", "x": faults(x), "facebook": faults(facebook) }))
            .await;
        let begin = Instant::now();
        self.write(replies).await;
        self.desk.watch().await;
        until_hit(&self.desk.playground, fault).await;
        self.desk.watch().await;
        println!(
            "figure: {fault} happened {x} times on X, {facebook} on Facebook, {} ms",
            begin.elapsed().as_millis()
        );
    }

    /// Kills delivery while calls that took effect have no answer yet; gives how many those were.
    async fn kill(&mut self, replies: usize) -> usize {
        self.desk.installation.raise_limits().await;
        let slow = json!({ "slow": { "count": 0, "percent": 100 }, "slow_ms": 1500 });
        self.desk.playground.faults(&json!({ "limits": "off", "x": slow, "facebook": slow })).await;
        let before = self.desk.playground.accepted().await.len();
        self.write(replies).await;
        let playground = self.desk.playground.clone();
        until("calls are under way", async || playground.accepted().await.len() >= before + 6)
            .await;
        self.desk.installation.kill("delivery");
        self.desk.playground.faults(&json!({ "limits": "off" })).await;
        let under_way = self
            .desk
            .installation
            .query(
                "SELECT body FROM delivery.attempt JOIN conversation.message \
                 USING (organization_id, message_id) \
                 WHERE attempt.state = 3 AND first_byte_at IS NOT NULL",
            )
            .await;
        let under_way: BTreeSet<String> =
            under_way.iter().map(|row| row.try_get("", "body").expect("a text")).collect();
        let accepted = self.desk.playground.accepted().await;
        let hit = accepted.iter().filter(|call| under_way.contains(&call.text)).count();
        println!(
            "figure: {hit} of {} calls under way had taken effect at the kill",
            under_way.len()
        );
        hit
    }
}

async fn send(extent: &Extent) {
    let plan = Plan { environment: extent.environment, ..Plan::default() };
    let mut run = Sending::start(&plan, extent.each).await;
    let times = extent.times;
    run.suffer("accept_then_time_out", extent.replies, times, times).await;
    run.suffer("reset_after_accept", extent.replies, times, times).await;
    run.suffer("fail_500_after_accept", extent.replies, times, times).await;
    // Facebook's hints are whole minutes: without them, or the run would wait for them.
    run.suffer("limit_429_with_hint", extent.replies, times / 2, 0).await;
    run.suffer("limit_429_without_hint", extent.replies, 2, 2).await;
    run.suffer("errors_in_200", extent.replies, times, times).await;
    run.suffer("refuse_401", extent.replies, 2, 2).await;
    run.suffer("slow", extent.replies, times, times).await;
    run.suffer("echo_first", extent.replies, times, times).await;
    for _ in 0..extent.kills {
        let hit = run.kill(extent.replies).await;
        assert!(hit > 0, "no call had taken effect when delivery was killed");
        run.desk.installation.start_service("delivery");
        run.desk.installation.wait_until_open().await;
    }
    let rest = run.desk.come_to_rest(&run.cases, &run.written, extent.patience).await;
    assert!(rest.is_empty(), "{} wrong: {}", rest.len(), told(&rest));
    assert!(run.desk.longest() < extent.longest, "{:?} on its way", run.desk.longest());
    // A fault that happened to a call is told with the call.
    let accepted = run.desk.playground.accepted().await;
    for (fault, answered) in AFTER_EFFECT {
        let hit = accepted.iter().filter(|call| call.answered == answered).count();
        assert_eq!(hit, 2 * times, "{fault}");
    }
    let by_echo = "SELECT count(*) AS n FROM delivery.attempt WHERE settled_by = 'echo'";
    let by_echo = run.desk.installation.number(by_echo).await;
    assert!(by_echo > 0, "no echo settled anything");
    assert_eq!(run.desk.installation.parked().await, 0, "something was parked");
}

#[tokio::test(flavor = "multi_thread")]
async fn sending_again_what_is_unknown_is_found() {
    let plan = Plan { environment: &HASTY, ..Plan::default() };
    let mut run = Sending::start(&plan, 2).await;
    run.desk.installation.arm("delivery", "sabotage-resend-unknown=return");
    // Echoes come only after the lease: else nothing would stay unknown.
    run.desk.playground.switches(&json!({ "delay_ms": 20_000 })).await;
    let hit = run.kill(16).await;
    assert!(hit > 0, "no call had taken effect when delivery was killed");
    run.desk.installation.start_service("delivery");
    let playground = run.desk.playground.clone();
    let written = run.written.len();
    until("everything is sent again", async || playground.accepted().await.len() >= written + hit)
        .await;
    let wrong = run.desk.audit(&run.cases, &run.written).await;
    let twice = wrong.iter().filter(|wrong| matches!(wrong, Wrong::SentTwice(_))).count();
    println!("figure: {twice} replies found that the network took twice");
    assert!(twice > 0, "a build that sends again what is unknown passed the audit");
}

#[tokio::test(flavor = "multi_thread")]
async fn at_true_limits_replies_wait_and_say_until_when() {
    let mut desk = Desk::start(&Plan { environment: &USUAL, ..Plan::default() }).await;
    for agent in &desk.agents {
        agent.available().await;
    }
    let cases = desk.cases(&[Way::DirectMessage], 1).await;
    let owners = desk.handed_out(&cases).await;
    // X takes fifteen private messages of one account in a quarter of an hour.
    let written = desk.answer(&cases, &owners, 0, 20).await;
    let conversation = cases[0].occasion.conversation.clone();
    let waiting = async || {
        let messages = desk.agents[0].messages(&conversation).await;
        let waits = |message: &&Value| message["reply"]["waits_until"].is_string();
        messages.iter().filter(waits).cloned().collect::<Vec<Value>>()
    };
    until("five replies wait", async || waiting().await.len() == 5).await;
    until("fifteen replies are sent", async || {
        let lines = desk.lines(&conversation).await;
        lines.iter().filter(|line| line.state == "sent").count() == 15
    })
    .await;
    assert_eq!(desk.playground.accepted().await.len(), 15);
    let now = kit_values::now();
    for message in waiting().await {
        let reply = &message["reply"];
        assert_eq!(reply["state"], "queued", "{reply}");
        assert_eq!(reply["wait_reason"], "rate_limited", "{reply}");
        let until = reply["waits_until"].as_str().expect("a moment");
        let until =
            time::OffsetDateTime::parse(until, &time::format_description::well_known::Rfc3339);
        let left = until.expect("RFC 3339") - now;
        assert!(left > time::Duration::ZERO && left <= time::Duration::minutes(15), "{left}");
    }
    println!("figure: of {} replies 15 are sent, 5 wait with their time", written.len());
}

fn told(wrong: &[Wrong]) -> String {
    wrong.iter().take(10).map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
