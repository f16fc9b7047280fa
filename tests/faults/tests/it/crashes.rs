//! `kill -9` of each service, and at the three points where a crash is most likely to lose or
//! double something.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use faults::installation::{Installation, SERVICES};

use crate::run::Run;

#[tokio::test(flavor = "multi_thread")]
async fn each_service_may_be_killed_in_turn() {
    let mut run = Run::start(&[]).await;
    for service in SERVICES {
        run.under_way(&format!("the kill of {service}"));
        run.installation.kill(service);
        run.go_on(Duration::from_millis(700)).await;
        run.installation.start_service(service);
        run.installation.wait_until_open().await;
        run.go_on(Duration::from_millis(800)).await;
    }
    let rest = run.come_to_rest().await;
    assert!(rest.refusals > 0, "no request ever met a dead ingest");
    rest.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn ingest_may_die_between_commit_and_answer() {
    let run = Run::start(&[("ingest", "ingest-after-commit=30*off->sleep(600000)")]).await;
    let unanswered = until_enough(1, async || committed_but_unanswered(&run).await).await;
    run.under_way("the kill between commit and answer");
    println!("figure: {unanswered} items committed and not answered");
    crash_and_recover(run, "ingest").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ingest_may_die_between_publish_and_mark() {
    let run = Run::start(&[("ingest", "relay-after-publish=5*off->sleep(600000)")]).await;
    // Published, since the reader has applied them; not marked, since they are still pending.
    let unmarked = until_enough(1, async || {
        number(
            &run.installation,
            "SELECT count(*) AS n FROM ingest.outbox_pending AS pending \
             JOIN conversation.inbox AS inbox USING (event_id)",
        )
        .await
    })
    .await;
    run.under_way("the kill between publish and mark");
    println!("figure: {unmarked} events published and not marked");
    crash_and_recover(run, "ingest").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn conversation_may_die_between_commit_and_acknowledgement() {
    let run = Run::start(&[("conversation", "reader-after-commit=5*off->sleep(600000)")]).await;
    let unacknowledged = until_enough(10, async || {
        run.installation.unacknowledged("INGEST", "conversation-inbound-x").await
    })
    .await;
    run.under_way("the kill between commit and acknowledgement");
    let applied = number(&run.installation, "SELECT count(*) AS n FROM conversation.inbox").await;
    println!("figure: {unacknowledged} deliveries not acknowledged, {applied} events applied");
    crash_and_recover(run, "conversation").await;
}

/// Kills `service` where its fail point holds it, starts it without, and audits what is left.
async fn crash_and_recover(mut run: Run, service: &'static str) {
    run.installation.disarm(service);
    run.installation.kill(service);
    run.installation.start_service(service);
    run.installation.wait_until_open().await;
    run.go_on(Duration::from_secs(1)).await;
    run.come_to_rest().await.assert_clean();
}

/// Waits until the fault is hit: until `count` gives at least `enough`.
async fn until_enough(enough: i64, count: impl AsyncFn() -> i64) -> i64 {
    let begin = Instant::now();
    loop {
        let found = count().await;
        if found >= enough {
            return found;
        }
        assert!(begin.elapsed() < Duration::from_secs(20), "the fault was not hit: {found}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// Items that ingest has committed and the network has no answer for.
async fn committed_but_unanswered(run: &Run) -> i64 {
    let answered: BTreeSet<String> = run
        .generator
        .log
        .sent()
        .into_iter()
        .filter(|message| message.acknowledged)
        .map(|message| message.external_id)
        .collect();
    let committed = run.installation.query("SELECT external_id FROM ingest.item").await;
    let unanswered = committed
        .iter()
        .filter_map(|row| row.try_get::<String>("", "external_id").ok())
        .filter(|id| !answered.contains(id))
        .count();
    i64::try_from(unanswered).unwrap_or(i64::MAX)
}

/// The one number that `sql` asks for, as column `n`.
pub async fn number(installation: &Installation, sql: &str) -> i64 {
    let rows = installation.query(sql).await;
    rows.first().and_then(|row| row.try_get("", "n").ok()).expect("one number")
}
