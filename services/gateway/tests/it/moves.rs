//! What a client is told that places rows by itself.

use std::time::Instant;

use serde_json::{Value, json};

use crate::browser::{Browser, Socket};
use crate::world::{PATIENCE, World};

async fn placing(browser: &Browser, cursor: &str, shown: &[&str]) -> Socket {
    let mut socket = browser.silent_socket().await;
    let hello =
        json!({"t": "hello", "cursor": cursor, "shown": shown, "open": null, "moved": true});
    socket.say(hello).await;
    cursor.clone_into(&mut socket.cursor);
    let welcome = socket.frame().await.expect("a welcome");
    assert_eq!(welcome["resumed"], true, "{welcome}");
    socket
}

fn is(event: &Value, kind: &str, id: &str, rev: i64) -> bool {
    event["k"] == kind && event["d"]["id"] == id && event["d"]["rev"].as_i64() >= Some(rev)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_client_shows_comes_whole_and_of_the_rest_where_it_stands_four_times_a_second() {
    let (world, gateway) = World::with_gateway().await;
    let browser = world.signed_in(&gateway, "amelie").await;
    let shown = world.peers.add_conversation(world.own);
    let other = world.peers.add_conversation(world.own);
    let mut socket = placing(&browser, &browser.cursor().await, &[&shown]).await;
    let began = Instant::now();
    let mut last = 0;
    for number in 0..60 {
        (_, last) = world.message(world.own, &other, &format!("a secret {number}")).await;
    }
    let (_, rev) = world.message(world.own, &shown, "on the screen").await;
    let mut events = Vec::new();
    while !events.iter().any(|event| is(event, "moved", &other, last)) {
        events.extend(socket.events().await);
    }
    let told = events.iter().filter(|event| event["k"] == "moved").count();
    let most = began.elapsed().as_millis() / 250 + 2;
    assert!(told as u128 <= most, "{told} of at most {most}");
    assert!(!events.iter().any(|event| is(event, "conversation.upsert", &other, 0)));
    let place = events.iter().find(|event| event["k"] == "moved").expect("one");
    assert_eq!(place["d"]["key"]["state"], "new");
    assert!(!place.to_string().contains("secret"), "{place}");
    if !events.iter().any(|event| is(event, "conversation.upsert", &shown, rev)) {
        socket.until(|event| is(event, "conversation.upsert", &shown, rev)).await;
    }

    let both = json!([shown, other]);
    socket.say(json!({"t": "show", "shown": both, "open": null, "want": [other]})).await;
    let row = socket.until(|event| is(event, "conversation.upsert", &other, last)).await;
    assert_eq!(row["d"]["last"]["text"], "a secret 59");
    let (_, rev) = world.message(world.own, &other, "now in sight").await;
    socket.until(|event| is(event, "conversation.upsert", &other, rev)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_held_back_when_the_line_was_cut_is_told_after_it() {
    let (world, gateway) = World::with_gateway().await;
    let browser = world.signed_in(&gateway, "amelie").await;
    let shown = world.peers.add_conversation(world.own);
    let other = world.peers.add_conversation(world.own);
    let mut cursor = browser.cursor().await;
    let mut tried = 0;
    while tried < 5 {
        let mut socket = placing(&browser, &cursor, &[&shown]).await;
        let (_, first) = world.message(world.own, &other, "one").await;
        socket.until(|event| is(event, "moved", &other, first)).await;
        // Within the pause: held back, while what is shown goes on.
        let (_, held) = world.message(world.own, &other, "two").await;
        let (_, rev) = world.message(world.own, &shown, "three").await;
        let mut heard = Vec::new();
        while !heard.iter().any(|event| is(event, "conversation.upsert", &shown, rev)) {
            heard.extend(socket.events().await);
        }
        if heard.iter().any(|event| is(event, "moved", &other, held)) {
            // The pause was over before the line was cut.
            cursor.clone_from(&socket.cursor);
            continue;
        }
        tried += 1;
        let mut next = placing(&browser, &socket.cursor, &[&shown]).await;
        drop(socket);
        let told = next.until(|event| is(event, "moved", &other, held));
        tokio::time::timeout(PATIENCE, told).await.expect("what was held back");
        cursor.clone_from(&next.cursor);
    }
}
