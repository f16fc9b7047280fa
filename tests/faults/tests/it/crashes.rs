//! `kill -9` of each service, and at the three points where a crash is most likely to lose or
//! double something.
//!
//! What proves that a point was hit is counted after the kill, when nobody can finish any more
//! what a busy service also has half done for a moment.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use faults::installation::{INBOUND, Installation, SERVICES};
use faults::reader::Reader;
use kit_values::EventId;

use crate::run::{Rest, Run, stored, until, until_still};

#[tokio::test(flavor = "multi_thread")]
async fn each_service_may_be_killed_in_turn() {
    let mut run = Run::start(&[]).await;
    for service in SERVICES {
        run.under_way(&format!("the kill of {service}"));
        run.installation.kill(service);
        run.go_on(Duration::from_millis(700)).await;
        run.installation.start_service(service);
        run.installation.wait_until_open().await;
        run.until_messages_flow().await;
    }
    let rest = run.come_to_rest().await;
    assert!(rest.refusals > 0, "no request ever met a dead ingest");
    rest.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn ingest_may_die_between_commit_and_answer() {
    let mut run = Run::start(&[("ingest", "ingest-after-commit=30*off->sleep(600000)")]).await;
    until_still("2xx from ingest", async || run.generator.log.acknowledged()).await;
    run.under_way("the kill between commit and answer");
    crash(&mut run, "ingest");
    run.until_refused().await;
    let unanswered = committed_but_unanswered(&run).await;
    println!("figure: {unanswered} items committed and never answered");
    assert!(unanswered > 0, "ingest did not die between commit and answer");
    recover(run, "ingest").await.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn ingest_may_die_between_publish_and_mark() {
    let mut run = Run::start(&[("ingest", "relay-after-publish=5*off->sleep(600000)")]).await;
    until_still("messages", async || stored(&run.installation).await).await;
    run.under_way("the kill between publish and mark");
    crash(&mut run, "ingest");
    // Published, since the reader has applied them; not marked, since they are still pending.
    let unmarked = run
        .installation
        .number(
            "SELECT count(*) AS n FROM ingest.outbox_pending \
             JOIN conversation.inbox USING (event_id)",
        )
        .await;
    println!("figure: {unmarked} events published and never marked");
    assert!(unmarked > 0, "ingest did not die between publish and mark");
    recover(run, "ingest").await.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn conversation_may_die_between_commit_and_acknowledgement() {
    let mut run = Run::start(&[("conversation", "reader-after-commit=5*off->sleep(600000)")]).await;
    until_still("events applied", async || applied(&run.installation).await.len()).await;
    run.under_way("the kill between commit and acknowledgement");
    crash(&mut run, "conversation");
    let reader = run.installation.reader("INGEST", INBOUND).await;
    let before = reader.state().await;
    let unacknowledged = committed_but_unacknowledged(&run.installation, &reader).await;
    println!(
        "figure: {} events committed and never acknowledged, above floor {}",
        unacknowledged.len(),
        before.floor
    );
    assert!(
        !unacknowledged.is_empty(),
        "conversation did not die between commit and acknowledgement"
    );

    let acknowledgements = reader.acknowledgements().await;
    let rest = recover(run, "conversation").await;
    let stored_at_rest = stored(&rest.installation).await;
    // What stands in the database alone is at rest long before the broker delivers it again.
    until("each is delivered again and acknowledged", async || {
        let delivery = |sequence: &u64| acknowledgements.delivery(*sequence);
        unacknowledged.keys().all(|sequence| delivery(sequence).is_some_and(|times| times > 1))
    })
    .await;
    until("the floor is above them", async || {
        let floor = reader.state().await.floor;
        unacknowledged.keys().all(|sequence| *sequence <= floor)
    })
    .await;
    let copies = copies(&rest.installation, unacknowledged.values()).await;
    assert_eq!(copies.len(), unacknowledged.len(), "an event without an item");
    assert!(copies.values().all(|copies| *copies == 1), "not stored exactly once: {copies:?}");
    assert_eq!(stored(&rest.installation).await, stored_at_rest, "the deliveries stored something");
    println!("figure: all {} of them delivered again, each stored once", copies.len());
    rest.assert_clean();
}

/// Ends `service` where its fail point holds it; it will start without.
fn crash(run: &mut Run, service: &'static str) {
    run.installation.disarm(service);
    run.installation.kill(service);
}

/// Starts a dead `service`, lets messages come through again, and audits what is left.
async fn recover(mut run: Run, service: &'static str) -> Rest {
    run.installation.start_service(service);
    run.installation.wait_until_open().await;
    run.until_messages_flow().await;
    run.come_to_rest().await
}

/// Items that ingest has committed and the network has no answer for.
async fn committed_but_unanswered(run: &Run) -> usize {
    let answered: BTreeSet<String> = run
        .generator
        .log
        .sent()
        .into_iter()
        .filter(|message| message.acknowledged)
        .map(|message| message.external_id)
        .collect();
    let committed = run.installation.query("SELECT external_id FROM ingest.item").await;
    committed
        .iter()
        .filter_map(|row| row.try_get::<String>("", "external_id").ok())
        .filter(|id| !answered.contains(id))
        .count()
}

/// Every event that conversation's reader has committed, as 32 hexadecimal digits.
async fn applied(installation: &Installation) -> BTreeSet<String> {
    let sql = format!(
        "SELECT replace(event_id::text, '-', '') AS event FROM conversation.inbox \
         WHERE reader = '{INBOUND}'"
    );
    let rows = installation.query(&sql).await;
    rows.iter().map(|row| row.try_get("", "event").expect("a text")).collect()
}

/// The events above the reader's floor that it has committed, by their sequences in the stream.
async fn committed_but_unacknowledged(
    installation: &Installation,
    reader: &Reader,
) -> BTreeMap<u64, EventId> {
    let applied = applied(installation).await;
    let mut events = reader.above_the_floor().await;
    events.retain(|_, event| applied.contains(&event.uuid().simple().to_string()));
    events
}

/// How many messages each event's item is stored as.
async fn copies(
    installation: &Installation,
    events: impl Iterator<Item = &EventId>,
) -> BTreeMap<String, i64> {
    let events: Vec<String> = events.map(|event| event.uuid().to_string()).collect();
    let sql = format!(
        "SELECT item.external_id, count(message.message_id) AS copies FROM ingest.item AS item \
         LEFT JOIN conversation.message AS message USING (organization_id, external_id) \
         WHERE item.event_id = ANY ('{{{}}}'::uuid[]) GROUP BY item.external_id",
        events.join(",")
    );
    let rows = installation.query(&sql).await;
    rows.iter()
        .map(|row| {
            let id = row.try_get("", "external_id").expect("a text");
            (id, row.try_get("", "copies").expect("a number"))
        })
        .collect()
}
