//! Events that refer to something not yet known: they wait, acknowledged and not applied, while
//! all others go on.

use async_nats::jetstream::consumer::pull::Config;
use kit_store::Scope;
use kit_store::parked::{self, Filter};
use kit_testkit::eventually;
use kit_values::EventId;

use crate::world::{Letters, PATIENCE, READER, STREAM, World};

const WAITING: &str = "SELECT count(*) FROM parcel.waiting";
const TURNS: &str = "SELECT count(*) FROM parcel.waiting_turn";

async fn wait_for_waiting(world: &World, count: i64) {
    eventually(PATIENCE, "events put aside", async || world.number(WAITING).await == count).await;
}

async fn is_admitted(world: &World, event: EventId) -> bool {
    let sql = format!("SELECT count(*) FROM parcel.inbox WHERE event_id = '{}'", event.uuid());
    world.number(&sql).await > 0
}

/// Puts every turn off, so that only a delivery can apply what waits.
async fn put_turns_off(world: &World) {
    let sql = "UPDATE parcel.waiting_turn SET due = clock_timestamp() + interval '1 hour'";
    world.made.database.execute(sql).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_refers_to_something_later_is_applied_when_that_arrives() {
    let world = World::new().await;
    let (relay, reader) = (world.relay().await, world.reader().await);
    let mut words = vec!["hello"; 60];
    words[30] = "re invoice";
    let mut events = world.write(&words).await;
    let answer = events.remove(30);
    world.each_once(&events).await;
    wait_for_waiting(&world, 1).await;
    // Acknowledged, yet not admitted, and no attempt is held against it.
    world.confirmed().await;
    assert!(!is_admitted(&world, answer).await);
    assert!(!world.applied().await.contains_key(&answer));
    assert_eq!(world.number("SELECT count(*) FROM parcel.inbox_attempt").await, 0);
    // It was offered in vain meanwhile, at growing intervals, and still nothing is counted.
    let offered = "SELECT offered::bigint FROM parcel.waiting_turn";
    eventually(PATIENCE, "offered twice", async || world.number(offered).await >= 2).await;
    assert_eq!(world.number("SELECT count(*) FROM parcel.inbox_attempt").await, 0);
    assert_eq!(world.number("SELECT count(*) FROM parcel.parked").await, 0);

    // Thirty-one letters in, so that it is the same organization's.
    let mut words = vec!["hello"; 31];
    words[30] = "invoice";
    events.extend(world.write(&words).await);
    events.push(answer);
    world.each_once(&events).await;
    eventually(PATIENCE, "nothing waits", async || {
        world.number(WAITING).await + world.number(TURNS).await == 0
    })
    .await;
    relay.stop().await;
    reader.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_between_putting_aside_and_acknowledgement_doubles_nothing() {
    let world = World::new().await;
    let (relay, reader) = (world.relay().await, world.reader().await);
    fail::cfg("reader-after-put-aside", "return").expect("a fail point");
    let mut events = world.write(&["re invoice"]).await;
    wait_for_waiting(&world, 1).await;
    // The fault was met: put aside, the reader ended, and nothing acknowledged.
    reader.stop().await;
    assert!(world.unconfirmed().await > 0);
    fail::remove("reader-after-put-aside");

    let reader = world.reader().await;
    let redelivered = async || {
        let consumer = world
            .raw()
            .await
            .get_consumer_from_stream::<Config, _, _>(READER, STREAM)
            .await
            .expect("there");
        let info = consumer.cached_info();
        info.delivered.consumer_sequence > 1
    };
    eventually(PATIENCE, "delivered again", redelivered).await;
    world.confirmed().await;
    assert_eq!((world.number(WAITING).await, world.number(TURNS).await), (1, 1));
    assert!(!is_admitted(&world, events[0]).await);
    events.extend(world.write(&["invoice"]).await);
    world.each_once(&events).await;
    relay.stop().await;
    reader.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_that_applies_what_waits_ends_its_waiting() {
    let world = World::new().await;
    let (relay, reader) = (world.relay().await, world.reader().await);
    fail::cfg("reader-after-put-aside", "return").expect("a fail point");
    let mut events = world.write(&["re invoice"]).await;
    wait_for_waiting(&world, 1).await;
    reader.stop().await;
    fail::remove("reader-after-put-aside");
    put_turns_off(&world).await;
    // What it refers to is there by the time it is delivered again.
    world
        .made
        .database
        .execute(&format!(
            "INSERT INTO parcel.letter (organization_id, event_id, words)
             VALUES ('{}', '{}', 'invoice')",
            world.organizations[0].uuid(),
            EventId::mint().uuid()
        ))
        .await;
    let reader = world.reader().await;
    events.extend(world.write_many(5).await);
    world.each_once(&events).await;
    assert_eq!((world.number(WAITING).await, world.number(TURNS).await), (0, 0));
    world.confirmed().await;
    relay.stop().await;
    reader.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_turn_after_a_delivery_has_applied_it_changes_nothing() {
    let world = World::new().await;
    let (relay, reader) = (world.relay().await, world.reader().await);
    let events = world.write(&["hello"]).await;
    world.each_once(&events).await;
    // As if another process had put it aside just before it was applied here.
    reader.stop().await;
    let transaction = world.made.store.begin(&world.organizations[0].into()).await.expect("begins");
    let payload = format!("{} {} hello", events[0], world.organizations[0]).into_bytes();
    let late = kit_store::waiting::PutAside {
        organization: Some(world.organizations[0]),
        event: events[0],
        subject: kit_bus::subject("parcel", Some("x"), Some(world.organizations[0]), "written"),
        payload,
        trace: None,
    };
    kit_store::waiting::put_aside(&transaction, READER, &late).await.expect("put aside");
    transaction.commit().await.expect("commits");
    let reader = world.reader().await;
    wait_for_waiting(&world, 0).await;
    world.each_once(&events).await;
    assert_eq!(world.number(TURNS).await, 0);
    assert_eq!(world.number("SELECT count(*) FROM parcel.parked").await, 0);
    relay.stop().await;
    reader.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waited_for_a_week_is_parked_and_can_be_replayed() {
    let world = World::new().await;
    let (relay, reader) = (world.relay().await, world.reader().await);
    let mut events = world.write(&["re invoice"]).await;
    wait_for_waiting(&world, 1).await;
    let age = kit_bus::reader::WAITS_FOR.as_secs() + 1;
    let older = format!("UPDATE parcel.waiting SET kept_at = kept_at - interval '{age} seconds'");
    world.made.database.execute(&older).await;
    wait_for_waiting(&world, 0).await;
    assert_eq!(world.number(TURNS).await, 0);
    let transaction = world.made.store.begin(&Scope::Unscoped).await.expect("begins");
    let kept = parked::list(&transaction, &Filter::default()).await.expect("listed");
    transaction.rollback().await.expect("ends");
    assert_eq!(kept.len(), 1);
    assert_eq!((kept[0].what.event, kept[0].what.source.as_str()), (Some(events[0]), READER));
    assert_eq!(kept[0].what.reason, "not_found");
    assert_eq!(kept[0].what.organization, Some(world.organizations[0]));

    let again =
        || kit_bus::reader::replay(&world.made.store, READER, &Letters::<1>, kept[0].what.id);
    assert_eq!(again().await.expect_err("still not there").code(), "not_found");
    events.extend(world.write(&["invoice"]).await);
    world.each_once(&events[1..]).await;
    again().await.expect("applied");
    world.each_once(&events).await;
    relay.stop().await;
    reader.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_is_seen_by_its_own_organization_alone() {
    let world = World::new().await;
    let (relay, reader) = (world.relay().await, world.reader().await);
    world.write(&["re invoice"]).await;
    wait_for_waiting(&world, 1).await;
    for (organization, seen) in [(0, 1), (1, 0)] {
        let scope = world.organizations[organization].into();
        let transaction = world.made.store.begin(&scope).await.expect("begins");
        let rows = transaction.rows("SELECT FROM waiting", Vec::new()).await.expect("listed");
        assert_eq!(rows.len(), seen);
        transaction.rollback().await.expect("ends");
    }
    relay.stop().await;
    reader.stop().await;
}
