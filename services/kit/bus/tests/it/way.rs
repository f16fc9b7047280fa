//! The way of an event when nothing fails, and with company.

use kit_testkit::eventually;

use crate::world::{PATIENCE, World, message};

#[tokio::test(flavor = "multi_thread")]
async fn events_are_applied_once_and_confirmed() {
    let world = World::new().await;
    let (relay, reader) = (world.relay().await, world.reader().await);
    let events = world.write_many(300).await;
    world.each_once(&events).await;
    world.confirmed().await;
    assert_eq!(world.stream().await, (1, 300));
    relay.stop().await;
    reader.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn several_relays_and_readers_share_the_work_without_repeating_it() {
    let world = World::new().await;
    let running = [
        world.relay().await,
        world.relay().await,
        world.reader().await,
        world.reader().await,
        world.reader().await,
    ];
    let mut events = Vec::new();
    for _ in 0..10 {
        events.extend(world.write_many(40).await);
    }
    world.each_once(&events).await;
    world.confirmed().await;
    assert_eq!(world.stream().await.1, 400, "no event was published twice");
    for each in running {
        each.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_starts_without_its_broker_and_goes_on_when_it_comes() {
    let mut world = World::new().await;
    world.nats.stop().await;
    let (relay, reader) = (world.relay().await, world.reader().await);
    let events = world.write_many(20).await;
    assert_eq!(world.letters().await, 0);
    world.nats.restart().await;
    world.each_once(&events).await;
    relay.stop().await;
    reader.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn trace_context_travels_in_a_header() {
    let world = World::new().await;
    let relay = world.relay().await;
    let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let event = kit_values::EventId::mint();
    let organization = world.organizations[0];
    let mut message = message(event, organization, b"anything".to_vec());
    message.trace = Some(trace.to_owned());
    world.append(vec![message]).await;
    eventually(PATIENCE, "published", async || world.stream().await.1 == 1).await;
    let stream = world.raw().await.get_stream("PARCEL").await.expect("there");
    let stored = stream.get_raw_message(1).await.expect("stored");
    assert_eq!(stored.headers.get("traceparent").map(async_nats::HeaderValue::as_str), Some(trace));
    assert_eq!(
        stored.headers.get("Nats-Msg-Id").map(|value| value.as_str().to_owned()),
        Some(event.to_string())
    );
    relay.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_the_broker_cannot_take_holds_up_no_other() {
    let world = World::new().await;
    let (relay, reader) = (world.relay().await, world.reader().await);
    let organization = world.organizations[0];
    let huge = message(kit_values::EventId::mint(), organization, vec![b'x'; 9 * 1024 * 1024]);
    world.append(vec![huge]).await;
    for _ in 0..5 {
        let events = world.write_many(10).await;
        world.each_once(&events).await;
    }
    assert_eq!(world.number("SELECT count(*) FROM parcel.outbox_pending").await, 1, "it is kept");
    relay.stop().await;
    reader.stop().await;
}
