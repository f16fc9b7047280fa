//! Streams that restart, lose everything, forget, or come back as something else.

use std::time::Duration;

use async_nats::jetstream::message::PublishMessage;
use kit_testkit::eventually;

use crate::world::{PATIENCE, World};

#[tokio::test(flavor = "multi_thread")]
async fn a_restarted_broker_loses_and_repeats_nothing() {
    let mut world = World::new().await;
    let (relay, reader) = (world.relay().await, world.reader().await);
    let mut events = world.write_many(50).await;
    for _ in 0..3 {
        events.extend(world.write_many(30).await);
        world.nats.restart().await;
        events.extend(world.write_many(30).await);
    }
    world.each_once(&events).await;
    world.confirmed().await;
    relay.stop().await;
    reader.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wiped_store_loses_nothing_and_only_what_is_unconfirmed_is_published_again() {
    let mut world = World::new().await;
    let (relay, reader) = (world.relay().await, world.reader().await);
    let mut events = world.write_many(100).await;
    world.each_once(&events).await;
    world.confirmed().await;
    reader.stop().await;
    // In the stream and nowhere else: nobody has read these.
    events.extend(world.write_many(70).await);
    eventually(PATIENCE, "published", async || world.stream().await.1 == 170).await;
    eventually(PATIENCE, "recorded", async || {
        world.number("SELECT count(*) FROM parcel.outbox_pending").await == 0
    })
    .await;
    let life = world.incarnation().await.expect("a life");

    world.nats.wipe().await;
    eventually(PATIENCE, "published again", async || world.stream().await == (1, 70)).await;
    assert_ne!(world.incarnation().await, Some(life), "a wiped stream is another life");
    assert_eq!(world.letters().await, 100);

    let reader = world.reader().await;
    world.each_once(&events).await;
    world.confirmed().await;
    assert_eq!(world.stream().await.1, 70, "what was confirmed was not published again");
    relay.stop().await;
    reader.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_wiped_under_load_loses_and_repeats_nothing() {
    let mut world = World::new().await;
    let (relay, reader) = (world.relay().await, world.reader().await);
    let mut events = Vec::new();
    for _ in 0..3 {
        events.extend(world.write_many(80).await);
        world.nats.wipe().await;
        events.extend(world.write_many(40).await);
    }
    world.each_once(&events).await;
    world.confirmed().await;
    relay.stop().await;
    reader.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_stopped_beyond_the_streams_age_misses_nothing() {
    let mut world = World::new().await;
    world.max_age = Duration::from_secs(1);
    let (relay, reader) = (world.relay().await, world.reader().await);
    let mut events = world.write_many(20).await;
    world.each_once(&events).await;
    world.confirmed().await;
    reader.stop().await;
    events.extend(world.write_many(30).await);
    // The fault was met: the stream has dropped all of what it was given.
    eventually(PATIENCE, "aged out", async || world.stream().await.0 > 50).await;
    assert_eq!(world.letters().await, 20);
    let reader = world.reader().await;
    world.each_once(&events).await;
    world.confirmed().await;
    relay.stop().await;
    reader.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_purged_stream_is_filled_again() {
    let world = World::new().await;
    let (relay, reader) = (world.relay().await, world.reader().await);
    let mut events = world.write_many(20).await;
    world.each_once(&events).await;
    world.confirmed().await;
    reader.stop().await;
    events.extend(world.write_many(30).await);
    eventually(PATIENCE, "published", async || world.stream().await.1 == 50).await;
    let stream = world.raw().await.get_stream("PARCEL").await.expect("there");
    // One from the middle first, then all that are left but the last ten.
    stream.delete_message(45).await.expect("deleted");
    stream.purge().keep(10).await.expect("purged");
    assert!(world.stream().await.0 > 30, "the fault was met");
    let reader = world.reader().await;
    world.each_once(&events).await;
    world.confirmed().await;
    relay.stop().await;
    reader.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_put_back_and_refilled_past_what_was_recorded_is_found_out() {
    let mut world = World::new().await;
    let (relay, reader) = (world.relay().await, world.reader().await);
    let mut events = world.write_many(20).await;
    world.each_once(&events).await;
    world.confirmed().await;
    reader.stop().await;
    relay.stop().await;
    let copy = world.nats.set_aside().await;
    world.nats.restart().await;

    let relay = world.relay().await;
    events.extend(world.write_many(25).await);
    eventually(PATIENCE, "recorded", async || {
        world.number("SELECT count(*) FROM parcel.outbox_sequence WHERE sequence > 20").await == 25
    })
    .await;
    relay.stop().await;
    let life = world.incarnation().await.expect("a life");

    // An old copy of the store, and somebody fills it beyond the highest recorded sequence.
    world.nats.put_back(&copy).await;
    let raw = world.raw().await;
    for _ in 0..40 {
        let (event, subject, payload) = world.foreign();
        let message = PublishMessage::build().message_id(event.to_string()).payload(payload.into());
        raw.send_publish(subject, message).await.expect("sent").await.expect("stored");
    }
    assert_eq!(world.stream().await, (1, 60), "the fault was met: 45 is somebody else's");
    assert_eq!(world.letters().await, 20);

    let (relay, reader) = (world.relay().await, world.reader().await);
    world.each_once(&events).await;
    assert_ne!(world.incarnation().await, Some(life), "the stream was given a new life");
    world.confirmed().await;
    relay.stop().await;
    reader.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_put_back_to_an_older_state_is_found_out() {
    let mut world = World::new().await;
    let (relay, reader) = (world.relay().await, world.reader().await);
    let mut events = world.write_many(20).await;
    world.each_once(&events).await;
    world.confirmed().await;
    let copy = world.nats.set_aside().await;
    world.nats.restart().await;
    events.extend(world.write_many(25).await);
    world.each_once(&events).await;
    reader.stop().await;
    events.extend(world.write_many(15).await);
    eventually(PATIENCE, "published", async || world.stream().await.1 == 60).await;
    // The relay runs on: it finds out by itself when the connection comes back.
    world.nats.put_back(&copy).await;
    let reader = world.reader().await;
    world.each_once(&events).await;
    world.confirmed().await;
    relay.stop().await;
    reader.stop().await;
}
