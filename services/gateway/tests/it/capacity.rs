//! How much members may own, and what stays with them when they go Away.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn the_team_s_capacity_and_a_member_s_own_are_shown_and_set() {
    let (world, gateway) = World::with_gateway().await;
    let browser = world.signed_in(&gateway, "amelie").await;
    let chloe = world.peers.add_member(world.own, "chloe").member_id;
    let bert = world.peers.held().members["bert"].1.member_id.clone();
    let team = browser.get_json("/api/v1/team").await;
    assert_eq!(team["capacity"], json!({"capacity": 5, "hard_limit": null}));
    let (limit, own) = (&team["members"][0]["hard_limit"], &team["members"][0]["own_capacity"]);
    assert_eq!((limit, own), (&10.into(), &Value::Null));

    let path = "/api/v1/team/capacity";
    for wanted in [
        json!({"capacity": 8, "hard_limit": 20}),
        json!({"capacity": 8, "hard_limit": null}),
        json!({"capacity": 0, "hard_limit": null}),
    ] {
        assert_eq!(browser.done(Method::PUT, path, &wanted).await, wanted);
    }
    let response = browser.send(Method::PUT, path, &json!({"capacity": 8, "hard_limit": 7})).await;
    assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let problem: Value = response.json().await.expect("JSON");
    assert_eq!(
        (&problem["code"], &problem["field"]),
        (&"hard_limit_below_capacity".into(), &"hard_limit".into())
    );

    let of = |member: &str| format!("/api/v1/members/{member}/capacity");
    let set = browser.done(Method::PUT, &of(&chloe), &json!({"capacity": 9})).await;
    assert_eq!((&set["name"], &set["own_capacity"]), (&"chloe of Quai".into(), &9.into()));
    assert_eq!((&set["capacity"], &set["hard_limit"]), (&9.into(), &18.into()));
    let set = browser.done(Method::PUT, &of(&chloe), &json!({"capacity": null})).await;
    assert_eq!((&set["capacity"], &set["own_capacity"]), (&5.into(), &Value::Null));
    for other in [&bert, "mem_1", &world.other.to_string()] {
        let response = browser.send(Method::PUT, &of(other), &json!({"capacity": 9})).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{other}");
    }
    for wrong in [json!({"capacity": "9"}), json!({"capacity": 9, "more": 1})] {
        let response = browser.send(Method::PUT, &of(&chloe), &wrong).await;
        assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn routing_is_told_where_a_member_types_when_they_go_away_and_with_every_renewal() {
    let (mut world, first) = World::with_gateway().await;
    let second = world.start(|_| {}).await;
    let typing = world.signed_in(&first, "amelie").await;
    // The same member, in another browser that another gateway serves.
    let choosing = world.signed_in(&second, "amelie").await;
    let conversation = world.peers.add_conversation(world.own);
    let (mut socket, _) = typing.socket(&typing.cursor().await, Some(&conversation)).await;
    let types = |on: bool| json!({"t": "typing", "conversation": conversation, "on": on});
    let away = json!({"availability": "away", "away_state_id": null, "keep_conversations": false});
    let told_with_choice = async || {
        choosing.done(Method::PUT, "/api/v1/availability", &away).await;
        let held = world.peers.held();
        let mut asked = held.asked.iter().rev().map(|(_, asked)| asked);
        let asked = asked.find(|asked| asked.starts_with("SetAvailabilityRequest"));
        asked.expect("routing was asked").contains(&conversation)
    };
    let told_with_renewals = || {
        let held = world.peers.held();
        let renewals = held.reports.iter().rev().filter(|(_, report)| report.renewal);
        // Of both gateways.
        let live = renewals.take(2).flat_map(|(_, report)| &report.live);
        live.flat_map(|session| &session.typing_conversation_ids).any(|id| *id == conversation)
    };
    assert!(!told_with_choice().await);
    socket.say(types(true)).await;
    let begin = std::time::Instant::now();
    while !told_with_choice().await {
        assert!(begin.elapsed() < Duration::from_secs(30), "never told with the choice");
        socket.say(types(true)).await;
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    while !told_with_renewals() {
        assert!(begin.elapsed() < Duration::from_secs(30), "never told with a renewal");
        socket.say(types(true)).await;
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    socket.say(types(false)).await;
    let begin = std::time::Instant::now();
    while told_with_choice().await || told_with_renewals() {
        assert!(begin.elapsed() < Duration::from_secs(30), "still told");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}
