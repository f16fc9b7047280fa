//! Who looks at the same conversation, and who types there: told among gateways.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::browser::{Browser, Socket};
use crate::world::World;

/// The viewers that a frame shows, as `name` or `name…` for one who types, if it is about this
/// conversation.
fn shown(frame: &Value, conversation: &str) -> Option<Vec<String>> {
    if frame["k"] != "viewers" || frame["d"]["conversation_id"] != conversation {
        return None;
    }
    let viewers = frame["d"]["viewers"].as_array().expect("viewers").iter();
    let mut viewers: Vec<String> = viewers
        .map(|viewer| {
            let name = viewer["name"].as_str().expect("a name").replace(" of Quai", "");
            let typing = viewer["typing"].as_bool().expect("a boolean");
            if typing { name + "…" } else { name }
        })
        .collect();
    viewers.sort();
    Some(viewers)
}

pub async fn sees(socket: &mut Socket, conversation: &str, expected: &[&str]) {
    let seeing = socket
        .beside(|frame| shown(frame, conversation).is_some_and(|viewers| viewers == expected));
    let seen = tokio::time::timeout(Duration::from_secs(30), seeing).await;
    assert!(seen.is_ok(), "nobody saw {expected:?}");
    let frame = seen.unwrap_or_default();
    assert_eq!(frame["t"], "side");
    assert!(frame.get("n").is_none() && frame.get("c").is_none());
}

/// Two members of one organization, each at a gateway of their own.
struct Pair {
    world: World,
    amelie: Browser,
    chloe: Browser,
    conversation: String,
}

async fn pair() -> Pair {
    let (mut world, first) = World::with_gateway().await;
    let second = world.start(|_| {}).await;
    world.peers.add_member(world.own, "chloe");
    let amelie = world.signed_in(&first, "amelie").await;
    let chloe = world.signed_in(&second, "chloe").await;
    let conversation = world.peers.add_conversation(world.own);
    Pair { world, amelie, chloe, conversation }
}

#[tokio::test(flavor = "multi_thread")]
async fn those_who_look_at_the_same_see_one_another_over_two_gateways() {
    let Pair { world, amelie, chloe, conversation } = Box::pin(pair()).await;
    let other = world.peers.add_conversation(world.own);
    let (mut first, _) = amelie.socket(&amelie.cursor().await, Some(&conversation)).await;
    sees(&mut first, &conversation, &["amelie"]).await;
    let (mut second, _) = chloe.socket(&chloe.cursor().await, Some(&conversation)).await;
    sees(&mut first, &conversation, &["amelie", "chloe"]).await;
    let again = json!({"t": "show", "shown": [], "open": other});
    second.say(again).await;
    sees(&mut first, &conversation, &["amelie"]).await;
    sees(&mut second, &other, &["chloe"]).await;
    second.say(json!({"t": "show", "shown": [], "open": conversation})).await;
    sees(&mut first, &conversation, &["amelie", "chloe"]).await;

    let typing = |on: bool| json!({"t": "typing", "conversation": conversation, "on": on});
    second.say(typing(true)).await;
    sees(&mut first, &conversation, &["amelie", "chloe…"]).await;
    second.say(typing(false)).await;
    sees(&mut first, &conversation, &["amelie", "chloe"]).await;
    second.say(typing(true)).await;
    sees(&mut first, &conversation, &["amelie", "chloe…"]).await;
    drop(second);
    sees(&mut first, &conversation, &["amelie"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_tab_is_told_at_once_who_is_there_and_its_member_is_shown_once() {
    let Pair { world: _world, amelie, conversation, .. } = Box::pin(pair()).await;
    let cursor = amelie.cursor().await;
    let (mut first, _) = amelie.socket(&cursor, Some(&conversation)).await;
    sees(&mut first, &conversation, &["amelie"]).await;
    let (mut second, _) = amelie.socket(&cursor, Some(&conversation)).await;
    sees(&mut second, &conversation, &["amelie"]).await;
    second.say(json!({"t": "typing", "conversation": conversation, "on": true})).await;
    sees(&mut first, &conversation, &["amelie…"]).await;
    drop(second);
    sees(&mut first, &conversation, &["amelie"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_stops_saying_that_they_type_types_no_more() {
    let Pair { world: _world, amelie, chloe, conversation } = Box::pin(pair()).await;
    let (mut first, _) = amelie.socket(&amelie.cursor().await, Some(&conversation)).await;
    let (mut second, _) = chloe.socket(&chloe.cursor().await, Some(&conversation)).await;
    let said = std::time::Instant::now();
    second.say(json!({"t": "typing", "conversation": conversation, "on": true})).await;
    sees(&mut first, &conversation, &["amelie", "chloe…"]).await;
    sees(&mut first, &conversation, &["amelie", "chloe"]).await;
    let stood = said.elapsed();
    assert!(stood >= Duration::from_secs(8), "{stood:?}");
    // Looking on is repeated by the gateway itself, beyond what is remembered.
    tokio::time::sleep(Duration::from_secs(17)).await;
    first.beside.clear();
    let cursor = amelie.cursor().await;
    let (mut third, _) = amelie.socket(&cursor, Some(&conversation)).await;
    sees(&mut third, &conversation, &["amelie", "chloe"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_that_falls_silent_takes_its_viewers_with_it_after_fifteen_seconds() {
    let Pair { world, amelie, chloe, conversation } = Box::pin(pair()).await;
    let (mut first, _) = amelie.socket(&amelie.cursor().await, Some(&conversation)).await;
    sees(&mut first, &conversation, &["amelie"]).await;
    // As a gateway says it that is killed right afterwards.
    let member = &world.peers.held().members["chloe"].1.member_id.clone();
    let words = json!({
        "gateway": kit_values::mint_uuid(),
        "looking": [{
            "connection": kit_values::mint_uuid(), "member": member,
            "conversation": conversation, "typing": false,
        }],
    });
    let client = async_nats::connect(world.nats.url()).await.expect("connects");
    let said = std::time::Instant::now();
    say(&client, &format!("guichet.live.{}.viewers", world.own), &words).await;
    sees(&mut first, &conversation, &["amelie", "chloe"]).await;
    sees(&mut first, &conversation, &["amelie"]).await;
    let stood = said.elapsed();
    assert!(stood >= Duration::from_secs(15), "{stood:?}");
    drop(chloe);
}

#[expect(clippy::disallowed_methods, reason = "plays another gateway")]
async fn say(client: &async_nats::Client, subject: &str, words: &Value) {
    let payload = words.to_string().into();
    client.publish(subject.to_owned(), payload).await.expect("published");
    client.flush().await.expect("flushed");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_of_another_organization_is_seen_or_sees() {
    let Pair { world, amelie, conversation, .. } = Box::pin(pair()).await;
    let bert = world.signed_in(&amelie.gateway, "bert").await;
    let (mut own, _) = amelie.socket(&amelie.cursor().await, Some(&conversation)).await;
    sees(&mut own, &conversation, &["amelie"]).await;
    // He says that he has the other's conversation open, and types there. He is told of his own.
    let (mut stranger, _) = bert.socket(&bert.cursor().await, Some(&conversation)).await;
    stranger.say(json!({"t": "typing", "conversation": conversation, "on": true})).await;
    let his = world.peers.add_conversation(world.other);
    stranger.say(json!({"t": "show", "shown": [], "open": his})).await;
    sees(&mut stranger, &his, &["bert"]).await;
    // What nobody can read, and what names another's subject, is passed over.
    let client = async_nats::connect(world.nats.url()).await.expect("connects");
    for subject in ["guichet.live.org_1.viewers", "guichet.live.x.viewers"] {
        say(&client, subject, &json!({"gateway": 1})).await;
    }
    say(&client, &format!("guichet.live.{}.viewers", world.own), &json!(["canary"])).await;
    own.within(Duration::from_millis(500)).await;
    assert_eq!(own.beside, Vec::<Value>::new());
    assert_eq!(stranger.beside, Vec::<Value>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_broker_those_at_one_gateway_still_see_one_another() {
    let (mut world, gateway) = World::with_gateway().await;
    world.peers.add_member(world.own, "chloe");
    let amelie = world.signed_in(&gateway, "amelie").await;
    let chloe = world.signed_in(&gateway, "chloe").await;
    let conversation = world.peers.add_conversation(world.own);
    let (mut first, _) = amelie.socket(&amelie.cursor().await, Some(&conversation)).await;
    let (mut second, _) = chloe.socket(&chloe.cursor().await, None).await;
    sees(&mut first, &conversation, &["amelie"]).await;
    world.nats.stop().await;
    second.say(json!({"t": "show", "shown": [], "open": conversation})).await;
    sees(&mut first, &conversation, &["amelie", "chloe"]).await;
    let typing = json!({"t": "typing", "conversation": conversation, "on": true});
    second.say(typing).await;
    sees(&mut first, &conversation, &["amelie", "chloe…"]).await;
    // Signed out, she looks at nothing any more.
    let response = chloe.request(Method::DELETE, "/api/v1/session").send().await;
    assert!(response.expect("answered").status().is_success());
    sees(&mut first, &conversation, &["amelie"]).await;
}
