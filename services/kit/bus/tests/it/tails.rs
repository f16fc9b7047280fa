//! Followers, as a gateway's ring uses them.

use kit_bus::{Followed, Start, Tail, TailEvent};
use kit_testkit::{Proxy, eventually};

use crate::world::{PATIENCE, STREAM, World};

async fn told(tail: &mut Tail) -> TailEvent {
    tokio::time::timeout(PATIENCE, tail.next()).await.expect("in time").expect("no fault")
}

/// The next event; a life told on the way is skipped.
async fn event(tail: &mut Tail) -> Followed {
    loop {
        if let TailEvent::Event(event) = told(tail).await {
            return *event;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_follower_is_told_the_life_the_past_and_then_the_present() {
    let world = World::new().await;
    let relay = world.relay().await;
    let past = world.write_many(5).await;
    eventually(PATIENCE, "published", async || world.stream().await.1 == 5).await;
    let mut tail = world.bus().await.follow(STREAM, Start::All);
    let TailEvent::Life { incarnation, last } = told(&mut tail).await else {
        panic!("the life comes first")
    };
    assert_eq!(last, 5);
    for sequence in 1..=5 {
        let TailEvent::Event(event) = told(&mut tail).await else { panic!("an event") };
        assert_eq!((event.sequence, event.incarnation), (sequence, incarnation));
        assert!(past.contains(&event.event.expect("an id")));
    }
    assert!(matches!(told(&mut tail).await, TailEvent::CaughtUp));
    let present = world.write_many(1).await;
    assert_eq!(event(&mut tail).await.event, Some(present[0]));
    // Another one begins behind a known place.
    let mut second = world.bus().await.follow(STREAM, Start::After { incarnation, sequence: 5 });
    assert_eq!(event(&mut second).await.event, Some(present[0]));
    relay.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_follower_of_an_empty_stream_is_caught_up_at_once() {
    let world = World::new().await;
    let relay = world.relay().await;
    let mut tail = world.bus().await.follow(STREAM, Start::New);
    assert!(matches!(told(&mut tail).await, TailEvent::Life { last: 0, .. }));
    assert!(matches!(told(&mut tail).await, TailEvent::CaughtUp));
    relay.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_follower_misses_nothing_over_a_restart_and_a_cut_line() {
    let mut world = World::new().await;
    let proxy = Proxy::to(&world.nats.address()).await;
    let relay = world.relay().await;
    let bus = world.bus_at(&format!("nats://{}", proxy.address())).await;
    let mut tail = bus.follow(STREAM, Start::All);
    let mut events = world.write_many(5).await;
    let mut seen = vec![event(&mut tail).await.event.expect("an id")];
    proxy.cut();
    events.extend(world.write_many(5).await);
    proxy.heal();
    for _ in 0..6 {
        seen.push(event(&mut tail).await.event.expect("an id"));
    }
    world.nats.restart().await;
    events.extend(world.write_many(5).await);
    while seen.len() < 15 {
        seen.push(event(&mut tail).await.event.expect("an id"));
    }
    seen.sort_unstable();
    events.sort_unstable();
    assert_eq!(seen, events, "each once");
    relay.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_follower_is_told_of_a_new_life_before_its_first_event() {
    let mut world = World::new().await;
    let relay = world.relay().await;
    let mut tail = world.bus().await.follow(STREAM, Start::All);
    let TailEvent::Life { incarnation: first, .. } = told(&mut tail).await else {
        panic!("the life comes first")
    };
    world.write_many(3).await;
    for _ in 0..3 {
        event(&mut tail).await;
    }
    world.nats.wipe().await;
    let second = loop {
        match told(&mut tail).await {
            TailEvent::Life { incarnation, .. } => break incarnation,
            TailEvent::Event(_) => panic!("an event before its life"),
            TailEvent::CaughtUp => {}
        }
    };
    assert_ne!(first, second);
    let again = event(&mut tail).await;
    assert_eq!((again.incarnation, again.sequence), (second, 1));
    relay.stop().await;
}
