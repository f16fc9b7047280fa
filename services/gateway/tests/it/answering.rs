//! Replies, states and the reply lock: what a browser says reaches conversation whole, on behalf
//! of its member, and what conversation answers reaches the browser.

use kit_values::{Class, Fault};
use proto::conversation::v1::{AnswerOption, Lock, TextCounting};
use proto::network::v1::MessageKind;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::peers::{fresh_id, uuid_of};
use crate::world::World;

const TAB: &str = "x-guichet-tab";
const OWN_TAB: &str = "0123456789abcdefTAB";

fn reply_to(message: &str) -> Value {
    json!({
        "key": "key-1", "kind": "reply", "channel_id": "chan_1", "in_reply_to": message,
        "text": "Bonjour à vous", "seen_through": 3, "fence": 7,
        "shorten_links": true, "despite_newer": false,
    })
}

async fn lock(
    browser: &Browser,
    method: Method,
    conversation: &str,
    tab: &str,
    body: &Value,
) -> (StatusCode, Value) {
    let path = format!("/api/v1/conversations/{conversation}/lock");
    let request = browser.request(method, &path).header(TAB, tab).json(body);
    let response = request.send().await.expect("answered");
    let status = response.status();
    (status, response.json().await.unwrap_or(Value::Null))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_is_accepted_for_its_member_and_answered_with_names() {
    let (world, gateway) = World::with_gateway().await;
    let browser = world.signed_in(&gateway, "amelie").await;
    let conversation = world.peers.add_conversation(world.own);
    let (message, _) = world.peers.add_message(world.own, &conversation, "Bonjour");
    let chloe = world.peers.add_member(world.own, "chloe");
    for row in world.peers.held().rows.values_mut() {
        row.owner_member_id.clone_from(&chloe.member_id);
        row.owner_epoch = 9;
    }
    let path = format!("/api/v1/conversations/{conversation}/replies");
    let response = browser.post(&path, &reply_to(&message)).await;
    assert_eq!(response.status(), StatusCode::CREATED);
    let accepted: Value = response.json().await.expect("JSON");
    assert_eq!(
        accepted["row"]["owner"],
        json!({"member_id": chloe.member_id, "name": "chloe of Quai"})
    );
    assert_eq!(accepted["row"]["owner_epoch"], 9);
    assert_eq!(accepted["message"]["text"], "Bonjour à vous");
    assert_eq!(accepted["message"]["external_id"], "");
    let reply = &accepted["message"]["reply"];
    assert_eq!((&reply["state"], &reply["name"]), (&"queued".into(), &"amelie of Quai".into()));
    assert_eq!((&reply["attempt"], &reply["failure_code"]), (&1.into(), &Value::Null));
    assert_eq!(accepted["link_notices"], json!(["https://quai.example timeout"]));

    let (member, asked) = world.peers.held().asked.last().cloned().expect("asked");
    let amelie = world.peers.held().members["amelie"].1.member_id.clone();
    assert_eq!(member, uuid_of(&amelie), "on behalf of the member");
    for part in [
        format!("conversation_id: {conversation:?}"),
        format!("in_reply_to_message_id: {message:?}"),
        format!("kind: {:?}", MessageKind::Reply),
        "idempotency_key: \"key-1\"".to_owned(),
        "channel_id: \"chan_1\"".to_owned(),
        "seen_through: 3".to_owned(),
        "fence: 7".to_owned(),
        "shorten_links: true".to_owned(),
        "despite_newer: false".to_owned(),
    ] {
        assert!(asked.contains(&part), "{part} in {asked}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_conversation_says_against_a_reply_comes_through() {
    type Case = (fn() -> Fault, u16, &'static str, Option<&'static str>);
    let (world, gateway) = World::with_gateway().await;
    let browser = world.signed_in(&gateway, "amelie").await;
    let conversation = world.peers.add_conversation(world.own);
    let (message, _) = world.peers.add_message(world.own, &conversation, "Bonjour");
    let path = format!("/api/v1/conversations/{conversation}/replies");
    let cases: [Case; 6] = [
        (|| Fault::new(Class::Rejected, "lock_lost", "No."), 409, "lock_lost", None),
        (|| Fault::new(Class::Rejected, "newer_message", "No."), 409, "newer_message", None),
        (|| Fault::new(Class::Rejected, "window_closed", "No."), 409, "window_closed", None),
        (|| Fault::invalid("text_too_long", "text", "No."), 422, "text_too_long", Some("text")),
        (|| Fault::invalid("key_reused", "idempotency_key", "No."), 422, "key_reused", Some("key")),
        (|| Fault::new(Class::Forbidden, "role_missing", "No."), 403, "role_missing", None),
    ];
    for (refusal, status, code, field) in cases {
        world.peers.held().refusal = Some(refusal);
        let response = browser.post(&path, &reply_to(&message)).await;
        assert_eq!(response.status().as_u16(), status, "{code}");
        assert_eq!(response.headers()["content-type"], "application/problem+json");
        let problem: Value = response.json().await.expect("JSON");
        assert_eq!((&problem["code"], &problem["detail"]), (&code.into(), &"No.".into()));
        assert_eq!(problem["field"].as_str(), field);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_reply_is_retried_and_an_unknown_one_settled() {
    let (world, gateway) = World::with_gateway().await;
    let browser = world.signed_in(&gateway, "amelie").await;
    let conversation = world.peers.add_conversation(world.own);
    let member = uuid_of(&world.peers.held().members["amelie"].1.member_id);
    let (reply, _) = world.peers.add_reply(world.own, &conversation, "Bonjour", member);
    let path = format!("/api/v1/messages/{reply}/retry");
    let changed = browser.done(Method::POST, &path, &json!({"key": "again"})).await;
    assert_eq!(changed["message"]["id"], reply);
    assert_eq!(changed["message"]["reply"]["name"], "amelie of Quai");
    for sent in [true, false] {
        let path = format!("/api/v1/messages/{reply}/settle");
        let changed = browser.done(Method::POST, &path, &json!({"sent": sent})).await;
        assert_eq!(changed["message"]["id"], reply);
        let asked = world.peers.held().asked.last().cloned().expect("asked").1;
        assert!(asked.contains(&format!("sent: {sent}")), "{asked}");
    }
    world.peers.held().refusal =
        Some(|| Fault::new(Class::Rejected, "not_retryable", "It was sent."));
    let response = browser.post(&path, &json!({"key": "again"})).await;
    assert_eq!(response.status(), StatusCode::CONFLICT);
    let problem: Value = response.json().await.expect("JSON");
    assert_eq!(problem["code"], "not_retryable");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_state_is_changed_by_hand() {
    let (world, gateway) = World::with_gateway().await;
    let browser = world.signed_in(&gateway, "amelie").await;
    let conversation = world.peers.add_conversation(world.own);
    let path = format!("/api/v1/conversations/{conversation}/state");
    for to in ["pending", "resolved", "new"] {
        let body = json!({"key": format!("to {to}"), "to": to, "seen_through": 1});
        let changed = browser.done(Method::POST, &path, &body).await;
        assert_eq!(changed["row"]["state"], to);
        assert_eq!(changed["undelivered_replies"], 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_lock_is_a_tabs_and_its_holder_is_named() {
    let (world, gateway) = World::with_gateway().await;
    let browser = world.signed_in(&gateway, "amelie").await;
    let chloe = world.peers.add_member(world.own, "chloe");
    let conversation = world.peers.add_conversation(world.own);
    let mine = json!({"take_over": false});
    let (status, answer) = lock(&browser, Method::PUT, &conversation, OWN_TAB, &mine).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!((&answer["granted"], &answer["lock"]["fence"]), (&true.into(), &7.into()));
    assert_eq!(answer["lock"]["name"], "amelie of Quai");
    assert_eq!(answer["lock"]["expires_at"], "2023-11-14T22:13:20Z");
    assert!(!answer.to_string().contains(OWN_TAB), "the holder's tab is nobody's business");
    let asked = world.peers.held().asked.last().cloned().expect("asked").1;
    assert!(asked.contains(&format!("session: {OWN_TAB:?}")), "{asked}");

    let held_by = Lock { member_id: chloe.member_id.clone(), fence: 3, ..Lock::default() };
    for row in world.peers.held().rows.values_mut() {
        row.lock = Some(held_by.clone());
    }
    let (status, answer) = lock(&browser, Method::PUT, &conversation, OWN_TAB, &mine).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(
        (&answer["granted"], &answer["lock"]["name"]),
        (&false.into(), &"chloe of Quai".into())
    );
    let row = browser.get_json(&format!("/api/v1/conversations/{conversation}")).await;
    assert_eq!(row["lock"]["member_id"], chloe.member_id);
    world.peers.held().refusal = Some(|| Fault::new(Class::Rejected, "lock_held", "No."));
    let theirs = json!({"take_over": true});
    let (status, problem) = lock(&browser, Method::PUT, &conversation, OWN_TAB, &theirs).await;
    assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &"lock_held".into()));
    world.peers.held().refusal = None;
    let fence = json!({"fence": 7});
    let (status, _) = lock(&browser, Method::DELETE, &conversation, OWN_TAB, &fence).await;
    assert_eq!(status, StatusCode::NO_CONTENT);

    for tab in ["", "short", "with blanks and more", &"a".repeat(65), "0123456789abcdef-"] {
        let (status, problem) = lock(&browser, Method::PUT, &conversation, tab, &mine).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{tab}");
        assert_eq!(problem["field"], TAB);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_asked_for_alone_says_how_it_may_be_answered_and_so_does_a_message() {
    let (world, gateway) = World::with_gateway().await;
    let browser = world.signed_in(&gateway, "amelie").await;
    let conversation = world.peers.add_conversation(world.own);
    let (message, _) = world.peers.add_message(world.own, &conversation, "Bonjour");
    let option = AnswerOption {
        kind: MessageKind::PrivateMessage.into(),
        channel_id: fresh_id("chan"),
        in_reply_to_message_id: message.clone(),
        available: false,
        reason_code: "window_closed".to_owned(),
        reason: "The window has closed.".to_owned(),
        text_limit: 2_000,
        counting: TextCounting::XWeighted.into(),
        expires_at: Some(prost_types::Timestamp { seconds: 1_700_000_000, nanos: 0 }),
        ..AnswerOption::default()
    };
    for row in world.peers.held().rows.values_mut() {
        row.answers = vec![option.clone()];
    }
    for message in world.peers.held().messages.values_mut() {
        message.answers = vec![option.clone()];
    }
    let expected = json!([{
        "kind": "private_message", "channel_id": option.channel_id, "in_reply_to": message,
        "public": false, "available": false, "reason_code": "window_closed",
        "reason": "The window has closed.", "text_limit": 2_000, "counting": "x_weighted",
        "expires_at": "2023-11-14T22:13:20Z",
    }]);
    let path = format!("/api/v1/conversations/{conversation}");
    assert_eq!(browser.get_json(&path).await["answers"], expected);
    let page = browser.get_json(&format!("{path}/messages")).await;
    assert_eq!(page["messages"][0]["answers"], expected);
    assert_eq!(page["messages"][0]["reply"], Value::Null);
    let listed = browser.get_json("/api/v1/conversations?queue=all").await;
    assert!(listed["rows"][0].get("answers").is_none(), "a list does not say");
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_are_read_strictly() {
    let (world, gateway) = World::with_gateway().await;
    let browser = world.signed_in(&gateway, "amelie").await;
    let conversation = world.peers.add_conversation(world.own);
    let (message, _) = world.peers.add_message(world.own, &conversation, "Bonjour");
    let of = format!("/api/v1/conversations/{conversation}");
    let mut misspelt = reply_to(&message);
    misspelt["fenc"] = 1.into();
    let mut incomplete = reply_to(&message);
    incomplete.as_object_mut().expect("an object").remove("seen_through");
    let mut unknown = reply_to(&message);
    unknown["kind"] = "telegram".into();
    for (method, path, body, field) in [
        (Method::POST, format!("{of}/replies"), misspelt, "fenc"),
        (Method::POST, format!("{of}/replies"), incomplete, "seen_through"),
        (Method::POST, format!("{of}/replies"), unknown, "body"),
        (
            Method::POST,
            format!("{of}/state"),
            json!({"key": "k", "to": "open", "seen_through": 1}),
            "body",
        ),
        (Method::POST, format!("{of}/state"), json!({"key": "k", "to": "new"}), "seen_through"),
        (Method::POST, format!("{of}/take"), json!({"member_id": "mem_1"}), "member_id"),
        (Method::POST, format!("{of}/unassign"), json!([]), "body"),
        (Method::POST, format!("{of}/assign"), json!({}), "member_id"),
        (Method::POST, format!("/api/v1/messages/{message}/retry"), json!({}), "key"),
        (Method::POST, format!("/api/v1/messages/{message}/settle"), json!({"sent": 1}), "body"),
        (Method::PUT, "/api/v1/availability".to_owned(), json!({"availability": "busy"}), "body"),
        (Method::PUT, "/api/v1/availability/default".to_owned(), json!({}), "availability"),
        (Method::POST, "/api/v1/notifications/read".to_owned(), json!({"id": "ntf_1"}), "id"),
    ] {
        let response = browser.send(method.clone(), &path, &body).await;
        assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY, "{method} {path} {body}");
        let problem: Value = response.json().await.expect("JSON");
        assert_eq!(problem["field"], field, "{method} {path} {body}");
    }
    assert_eq!(world.peers.held().asked, [], "nothing of it was passed on");
}
