//! Readers and relays that are stopped in the middle, and databases that go away.

use std::time::Duration;

use async_nats::jetstream::consumer::pull::Config;
use kit_store::{DatabaseSettings, Store};
use kit_testkit::{Proxy, eventually, holds};
use kit_values::Secret;

use crate::world::{PATIENCE, READER, STREAM, World, reader_of};

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_between_commit_and_acknowledgement_repeats_nothing() {
    let world = World::new().await;
    let (relay, reader) = (world.relay().await, world.reader().await);
    fail::cfg("reader-after-commit", "return").expect("a fail point");
    let events = world.write_many(60).await;
    eventually(PATIENCE, "committed", async || world.letters().await == 60).await;
    // The fault was met: committed, and not one acknowledgement.
    let consumer = async || {
        world
            .raw()
            .await
            .get_consumer_from_stream::<Config, _, _>(READER, STREAM)
            .await
            .expect("there")
            .cached_info()
            .clone()
    };
    assert_eq!(consumer().await.ack_floor.stream_sequence, 0);
    assert!(world.unconfirmed().await > 0);
    eventually(PATIENCE, "delivered again", async || consumer().await.num_redelivered > 0).await;
    fail::remove("reader-after-commit");
    world.confirmed().await;
    assert_eq!(consumer().await.ack_floor.stream_sequence, 60);
    world.each_once(&events).await;
    relay.stop().await;
    reader.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_between_publish_and_mark_repeats_nothing() {
    let world = World::new().await;
    fail::cfg("relay-after-publish", "return").expect("a fail point");
    let (relay, reader) = (world.relay().await, world.reader().await);
    let events = world.write_many(60).await;
    eventually(PATIENCE, "published", async || world.stream().await.1 >= 60).await;
    world.each_once(&events).await;
    // The fault was met: in the stream, and still pending.
    assert_eq!(world.number("SELECT count(*) FROM parcel.outbox_pending").await, 60);
    assert_eq!(world.number("SELECT count(*) FROM parcel.outbox_sequence").await, 0);
    fail::remove("relay-after-publish");
    world.confirmed().await;
    assert_eq!(world.stream().await.1, 60, "the stream knew the ids");
    world.each_once(&events).await;
    relay.stop().await;
    reader.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_away_is_held_against_no_event() {
    let world = World::new().await;
    let address = world.made.database.settings("parcel").url;
    let direct = url_port(address.expose());
    let proxy = Proxy::to(&format!("127.0.0.1:{direct}")).await;
    let through = address.expose().replace(&format!(":{direct}/"), &format!(":{}/", proxy.port()));
    let settings = DatabaseSettings { url: Secret::new(through), pool: 4 };
    let store = Store::connect(&settings).await.expect("connects");
    let (relay, reader) = (world.relay().await, reader_of::<1>(store, world.bus().await));
    let first = world.write_many(20).await;
    world.each_once(&first).await;

    proxy.cut();
    let tries = proxy.accepted();
    let mut events = world.write_many(60).await;
    // The fault was met: the reader tried, several times.
    eventually(PATIENCE, "several tries", async || proxy.accepted() >= tries + 3).await;
    assert_eq!(world.letters().await, 20);
    assert_eq!(world.number("SELECT count(*) FROM parcel.inbox_attempt").await, 0);
    assert_eq!(world.number("SELECT count(*) FROM parcel.parked").await, 0);

    proxy.heal();
    events.extend(first);
    world.each_once(&events).await;
    assert_eq!(world.number("SELECT count(*) FROM parcel.inbox_attempt").await, 0);
    assert_eq!(world.number("SELECT count(*) FROM parcel.parked").await, 0);
    world.confirmed().await;
    relay.stop().await;
    reader.stop().await;
}

fn url_port(url: &str) -> u16 {
    let after = url.rsplit_once("127.0.0.1:").expect("loopback").1;
    after.split_once('/').expect("a database").0.parse().expect("a port")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_connection_is_noticed_and_replaced() {
    let world = World::new().await;
    let proxy = Proxy::to(&world.nats.address()).await;
    let bus = world.bus_at(&format!("nats://{}", proxy.address())).await;
    let reader = reader_of::<1>(world.made.store.clone(), bus);
    let relay = world.relay().await;
    let first = world.write_many(10).await;
    world.each_once(&first).await;

    // The connection stands and carries nothing any more: nobody is told.
    proxy.freeze_open();
    let before = (proxy.accepted(), proxy.carried());
    let events = world.write_many(10).await;
    holds(Duration::from_millis(600), "nothing arrives", async || world.letters().await == 10)
        .await;
    assert_eq!((proxy.accepted(), proxy.carried()), before, "the line is silent");
    let begin = tokio::time::Instant::now();
    world.each_once(&events).await;
    // The library's pings take half a minute to notice: it was the watchdog.
    assert!(begin.elapsed() < Duration::from_secs(15), "{:?}", begin.elapsed());
    assert!(proxy.accepted() > before.0, "it came over another connection");
    relay.stop().await;
    reader.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consumer_that_was_deleted_is_made_again() {
    let world = World::new().await;
    let (relay, reader) = (world.relay().await, world.reader().await);
    let mut events = world.write_many(10).await;
    world.each_once(&events).await;
    let context = world.raw().await;
    context.delete_consumer_from_stream(READER, STREAM).await.expect("deleted");
    assert!(
        context.get_consumer_from_stream::<Config, _, _>(READER, STREAM).await.is_err()
            || world.letters().await == 10
    );
    events.extend(world.write_many(10).await);
    world.each_once(&events).await;
    world.confirmed().await;
    relay.stop().await;
    reader.stop().await;
}
