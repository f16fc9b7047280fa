//! The networks' limits, and the faults by switch: each really happens, and what was accepted
//! stands in the list of accepted calls.

use std::io::ErrorKind;
use std::time::{Duration, Instant};

use futures::StreamExt as _;
use serde_json::{Value, json};

use crate::support::{Called, OTHER_X_ACCOUNT, PAGE, Playground, X_ACCOUNT};

async fn post(playground: &Playground, text: &str) -> Called {
    playground.x(X_ACCOUNT, "POST", "/2/tweets", json!({"text": text})).await
}

/// The id by which the page knows Tom, who has written to it.
async fn known(playground: &Playground) -> String {
    let before = playground.ingest.received().len();
    let body = json!({"account": PAGE, "author": "tom", "text": "hello"});
    playground.act("facebook/message", body).await;
    let received = playground.ingest.wait_for(before + 1).await;
    let sender = &received[before].json()["entry"][0]["messaging"][0]["sender"]["id"];
    sender.as_str().expect("text").to_owned()
}

fn message(psid: &str, text: &str) -> Value {
    json!({"recipient": {"id": psid}, "message": {"text": text}})
}

fn messages() -> String {
    format!("/{PAGE}/messages")
}

fn once(network: &str, fault: &str) -> Value {
    json!({network: {fault: {"count": 1}}})
}

/// Whether a reset of the connection is among the causes.
fn is_reset(error: &reqwest::Error) -> bool {
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = cause {
        let kind = error.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
        if kind == Some(ErrorKind::ConnectionReset) {
            return true;
        }
        cause = error.source();
    }
    false
}

#[tokio::test]
async fn posts_are_limited_per_account_and_messages_too_until_a_switch_raises_it() {
    let playground = Playground::start().await;
    for number in 0..100 {
        let called = post(&playground, &number.to_string()).await;
        assert_eq!((called.status, called.number("x-rate-limit-remaining")), (201, 99 - number));
    }
    let refused = post(&playground, "one more").await;
    assert_eq!(refused.status, 429);
    assert_eq!(refused.body["type"], "https://api.x.com/2/problems/rate-limit-exceeded");
    assert_eq!(refused.number("x-rate-limit-remaining"), 0);
    let wait = refused.number("x-rate-limit-reset") - kit_values::now().unix_timestamp();
    assert!((800..=901).contains(&wait), "{wait} seconds");
    let body = json!({"text": "the other account"});
    assert_eq!(playground.x(OTHER_X_ACCOUNT, "POST", "/2/tweets", body).await.status, 201);

    let user = playground.x(X_ACCOUNT, "GET", "/2/users/me", Value::Null).await;
    assert_eq!(user.status, 200, "each kind of call has its own window");
    let body = json!({"account": "maison", "author": "tom", "text": "hello"});
    playground.act("x/message", body).await;
    let received = playground.ingest.wait_for(1).await;
    let event = received
        .iter()
        .map(|one| one.json()["data"].clone())
        .find(|data| data["event_type"] == "dm.received");
    let event = match event {
        Some(event) => event,
        None => loop {
            let received = playground.ingest.received();
            let mut told = received.iter().map(|one| one.json()["data"].clone());
            if let Some(data) = told.find(|data| data["event_type"] == "dm.received") {
                break data;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        },
    };
    let place = "/payload/direct_message_events/0/message_create/sender_id";
    let sender = event.pointer(place).and_then(Value::as_str).expect("a sender").to_owned();
    let path = format!("/2/dm_conversations/with/{sender}/messages");
    for number in 0..16 {
        let called = playground.x(X_ACCOUNT, "POST", &path, json!({"text": "a"})).await;
        assert_eq!(called.status, if number < 15 { 201 } else { 429 });
    }
    let accepted = playground.accepted().await.len();
    assert_eq!(accepted, 100 + 1 + 15, "what was refused was not done");

    playground.trouble(json!({"limits": "off"})).await;
    let raised = post(&playground, "raised").await;
    assert_eq!((raised.status, raised.number("x-rate-limit-limit")), (201, 1_000_000));
    playground.trouble(json!({"limits": "true"})).await;
    assert_eq!(post(&playground, "again").await.status, 429);
}

#[tokio::test]
async fn a_page_has_two_hundred_calls_a_day_for_each_person_and_hears_how_many_are_used() {
    let playground = Playground::start().await;
    let psid = known(&playground).await;
    for number in 1..=200_u64 {
        let called = playground.graph(PAGE, "POST", &messages(), message(&psid, "a")).await;
        assert_eq!(called.status, 200, "{number}: {}", called.body);
        let Some(usage) = called.headers.get("x-business-use-case-usage") else {
            assert!(number < 2, "no usage after {number} calls");
            continue;
        };
        let usage: Value = serde_json::from_str(usage.to_str().expect("text")).expect("JSON");
        assert_eq!(usage[PAGE][0]["type"], "messenger");
        assert_eq!(usage[PAGE][0]["call_count"], number * 100 / 200);
    }
    let refused = playground.graph(PAGE, "POST", &messages(), message(&psid, "a")).await;
    assert_eq!((refused.status, &refused.body["error"]["code"]), (400, &json!(80_006)));
    let usage = refused.headers["x-business-use-case-usage"].to_str().expect("text");
    let usage: Value = serde_json::from_str(usage).expect("JSON");
    let minutes = usage[PAGE][0]["estimated_time_to_regain_access"].as_i64().expect("a number");
    assert!((1_430..=1_440).contains(&minutes), "{minutes} minutes");
    let post = playground.a_post_of("facebook", PAGE).await;
    let body = json!({"message": "comments have a quota of their own"});
    assert_eq!(
        playground.graph(PAGE, "POST", &format!("/{post}/comments"), body).await.status,
        200
    );
    let body = json!({"account": PAGE, "author": "lea", "text": "hello"});
    playground.act("facebook/message", body).await;
    let called = playground.graph(PAGE, "POST", &messages(), message(&psid, "a")).await;
    assert_eq!(called.status, 200, "another person gives two hundred more");
    playground.trouble(json!({"limits": "off"})).await;
    let called = playground.graph(PAGE, "POST", &messages(), message(&psid, "a")).await;
    assert!(called.status == 200 && !called.headers.contains_key("x-business-use-case-usage"));
}

#[tokio::test]
async fn a_call_may_take_effect_and_its_connection_be_reset() {
    let playground = Playground::start().await;
    let psid = known(&playground).await;
    for network in ["x", "facebook"] {
        playground.trouble(once(network, "reset_after_accept")).await;
        let called = if network == "x" {
            playground.try_x(X_ACCOUNT, "POST", "/2/tweets", json!({"text": "lost"})).await
        } else {
            playground.try_graph(PAGE, "POST", &messages(), message(&psid, "lost")).await
        };
        let error = called.err().expect("no answer");
        assert!(is_reset(&error) && !error.is_timeout(), "{error:?}");
        let accepted = playground.accepted().await;
        let last = accepted.last().expect("a call");
        assert_eq!((&last["network"], &last["answered"]), (&json!(network), &json!("reset")));
        let count = accepted.iter().filter(|call| call["network"] == network).count();
        assert_eq!(count, 1, "exactly one took effect");
    }
    // Its echo comes all the same, and the next call is answered.
    playground.ingest.wait_for(3).await;
    assert_eq!(post(&playground, "after it").await.status, 201);
}

#[tokio::test]
async fn a_call_may_take_effect_and_never_be_answered() {
    let playground = Playground::start().await;
    let psid = known(&playground).await;
    playground
        .trouble(json!({"x": {"accept_then_time_out": {"count": 1}},
            "facebook": {"accept_then_time_out": {"count": 1}}}))
        .await;
    let on_x = playground.try_x(X_ACCOUNT, "POST", "/2/tweets", json!({"text": "lost"}));
    let body = message(&psid, "lost");
    let path = messages();
    let on_facebook = playground.try_graph(PAGE, "POST", &path, body);
    let (on_x, on_facebook) = tokio::join!(on_x, on_facebook);
    assert!(on_x.err().expect("no answer").is_timeout());
    assert!(on_facebook.err().expect("no answer").is_timeout());
    let accepted = playground.accepted().await;
    let answered: Vec<&Value> = accepted.iter().map(|call| &call["answered"]).collect();
    assert_eq!(answered, ["nothing", "nothing"]);
    assert_eq!(post(&playground, "after it").await.status, 201);
}

#[tokio::test]
async fn a_call_may_take_effect_and_be_answered_500_or_with_errors_beside_it() {
    let playground = Playground::start().await;
    let psid = known(&playground).await;
    playground.trouble(once("x", "fail_500_after_accept")).await;
    let called = post(&playground, "one").await;
    assert_eq!(called.status, 500);
    assert_eq!(called.body["type"], "https://api.x.com/2/problems/internal-error");
    playground.trouble(once("facebook", "fail_500_after_accept")).await;
    let called = playground.graph(PAGE, "POST", &messages(), message(&psid, "two")).await;
    assert_eq!((called.status, &called.body["error"]["code"]), (500, &json!(2)));
    assert_eq!(called.body["error"]["is_transient"], true);
    playground.trouble(once("x", "errors_in_200")).await;
    let called = post(&playground, "three").await;
    assert_eq!(called.status, 201);
    assert!(called.body["errors"][0]["type"].is_string() && called.body["data"]["id"].is_string());
    let accepted = playground.accepted().await;
    let answered: Vec<&Value> = accepted.iter().map(|call| &call["answered"]).collect();
    assert_eq!(answered, ["server_error", "server_error", "with_errors"]);

    playground.trouble(once("facebook", "errors_in_200")).await;
    let called = playground.graph(PAGE, "POST", &messages(), message(&psid, "four")).await;
    assert_eq!((called.status, &called.body["error"]["code"]), (200, &json!(100)));
    assert_eq!(
        playground.accepted().await.len(),
        3,
        "Facebook's error means that nothing was done"
    );
}

#[tokio::test]
async fn a_call_may_be_refused_for_its_rate_with_a_hint_or_without() {
    let playground = Playground::start().await;
    let psid = known(&playground).await;
    let hinted = |network: &str| {
        json!({network: {"limit_429_with_hint": {"count": 1}, "hint_seconds": 90,
            "limit_429_without_hint": {"count": 1}}})
    };
    playground.trouble(hinted("x")).await;
    let called = post(&playground, "a").await;
    assert_eq!((called.status, called.number("x-rate-limit-remaining")), (429, 0));
    let wait = called.number("x-rate-limit-reset") - kit_values::now().unix_timestamp();
    assert!((88..=91).contains(&wait), "{wait} seconds");
    let called = post(&playground, "a").await;
    assert!(called.status == 429 && !called.headers.contains_key("x-rate-limit-reset"));
    assert_eq!(post(&playground, "a").await.status, 201);

    playground.trouble(hinted("facebook")).await;
    let send = || async { playground.graph(PAGE, "POST", &messages(), message(&psid, "a")).await };
    let called = send().await;
    assert_eq!(called.body["error"]["code"], 80_006);
    let usage = called.headers["x-business-use-case-usage"].to_str().expect("text");
    assert!(usage.contains("\"estimated_time_to_regain_access\":2"), "{usage}");
    let called = send().await;
    assert_eq!(called.body["error"]["code"], 4);
    assert!(!called.headers.contains_key("x-business-use-case-usage"));
    assert_eq!(send().await.status, 200);
    assert_eq!(playground.accepted().await.len(), 2);
}

#[tokio::test]
async fn a_good_token_may_be_refused() {
    let playground = Playground::start().await;
    let psid = known(&playground).await;
    playground
        .trouble(
            json!({"x": {"refuse_401": {"count": 2}}, "facebook": {"refuse_401": {"count": 1}}}),
        )
        .await;
    assert_eq!(post(&playground, "a").await.status, 401);
    assert_eq!(playground.x(X_ACCOUNT, "GET", "/2/users/me", Value::Null).await.status, 401);
    assert_eq!(post(&playground, "a").await.status, 201);
    let called = playground.graph(PAGE, "POST", &messages(), message(&psid, "a")).await;
    assert_eq!((called.status, &called.body["error"]["code"]), (401, &json!(190)));
    assert_eq!(playground.accepted().await.len(), 1);
}

#[tokio::test]
async fn a_slow_answer_comes_late_and_its_call_took_effect_at_once() {
    let playground = Playground::start().await;
    playground.trouble(json!({"x": {"slow": {"count": 1}, "slow_ms": 900}})).await;
    let started = Instant::now();
    let calling = post(&playground, "late");
    let looking = async {
        tokio::time::sleep(Duration::from_millis(400)).await;
        playground.accepted().await.len()
    };
    let (called, accepted) = tokio::join!(calling, looking);
    assert_eq!((called.status, accepted), (201, 1));
    assert!(started.elapsed() >= Duration::from_millis(900));
}

#[tokio::test]
async fn by_switch_the_echo_is_answered_before_the_call_is() {
    let playground = Playground::start().await;
    let psid = known(&playground).await;
    playground
        .trouble(json!({"x": {"echo_first": {"percent": 100}},
            "facebook": {"echo_first": {"percent": 100}}}))
        .await;
    playground.ingest.pause(Duration::from_millis(100));
    for number in 0..3 {
        let before = playground.ingest.received().len();
        let called = post(&playground, "a").await;
        let received = playground.ingest.received();
        let told = |one: &Value| one["data"]["payload"]["id"] == called.text("/data/id");
        assert!(received[before..].iter().any(|one| told(&one.json())), "{number} on X");
        let called = playground.graph(PAGE, "POST", &messages(), message(&psid, "a")).await;
        let mid = called.text("/message_id");
        let received = playground.ingest.received();
        let told =
            |one: &Value| one.pointer("/entry/0/messaging/0/message/mid") == Some(&json!(mid));
        assert!(received.iter().any(|one| told(&one.json())), "{number} on Facebook");
    }
}

#[tokio::test]
async fn under_all_faults_at_once_the_list_tells_what_took_effect() {
    let playground = Playground::start().await;
    let some = json!({"percent": 8});
    playground
        .trouble(json!({"limits": "off", "seed": 7, "x": {
            "accept_then_time_out": {"percent": 2}, "reset_after_accept": some,
            "fail_500_after_accept": some, "limit_429_with_hint": some,
            "limit_429_without_hint": some, "errors_in_200": some, "refuse_401": some,
            "slow": some, "slow_ms": 200, "echo_first": some}}))
        .await;
    let calls = (0..400).map(async |number| {
        let text = format!("number {number}");
        let body = json!({"text": text});
        (text, playground.try_x(X_ACCOUNT, "POST", "/2/tweets", body).await)
    });
    let outcomes: Vec<_> = futures::stream::iter(calls).buffer_unordered(40).collect().await;
    let accepted = playground.accepted().await;
    assert!(accepted.iter().all(|call| call["copy"] == 1), "something took effect twice");
    let mut seen = std::collections::BTreeMap::<String, u32>::new();
    for (text, outcome) in &outcomes {
        let call = accepted.iter().find(|call| call["text"] == json!(text));
        let answered = call.map(|call| call["answered"].as_str().expect("text"));
        let expected = match outcome {
            Ok(called) if called.status == 201 && called.body.get("errors").is_some() => {
                Some("with_errors")
            }
            Ok(called) if called.status == 201 => {
                assert_eq!(call.expect("accepted")["external_id"], called.body["data"]["id"]);
                Some("success")
            }
            Ok(called) if called.status == 500 => Some("server_error"),
            Ok(called) => {
                assert!([401, 429].contains(&called.status), "{}", called.status);
                None
            }
            Err(error) if error.is_timeout() => Some("nothing"),
            Err(error) => {
                assert!(is_reset(error), "{error:?}");
                Some("reset")
            }
        };
        assert_eq!(answered, expected, "{text}");
        *seen.entry(expected.unwrap_or("refused").to_owned()).or_default() += 1;
    }
    assert_eq!(seen.len(), 6, "every fault happened: {seen:?}");
}

#[tokio::test]
async fn the_same_call_twice_is_seen_to_be_the_same() {
    let playground = Playground::start().await;
    for text in ["same", "same", "other"] {
        assert_eq!(post(&playground, text).await.status, 201);
    }
    playground.x(OTHER_X_ACCOUNT, "POST", "/2/tweets", json!({"text": "same"})).await;
    let accepted = playground.accepted().await;
    let copies: Vec<&Value> = accepted.iter().map(|call| &call["copy"]).collect();
    assert_eq!(copies, [1, 2, 1, 1]);
    assert_eq!(accepted[0]["fingerprint"], accepted[1]["fingerprint"]);
    assert_ne!(accepted[0]["fingerprint"], accepted[3]["fingerprint"]);
    let after = accepted[1]["number"].as_u64().expect("a number");
    let rest = playground.json(&format!("accepted?after={after}&account={X_ACCOUNT}")).await;
    assert_eq!(rest, json!([accepted[2]]));
    let playground = playground.restart(|_| {}).await;
    assert_eq!(playground.accepted().await, accepted, "it survives a restart");
}

#[tokio::test]
async fn impossible_faults_and_answers_are_refused_by_name() {
    let playground = Playground::start().await;
    for (body, field) in [
        (json!({"x": {"slow": {"percent": 101}}}), "slow"),
        (json!({"facebook": {"slow_ms": 50_001}}), "slow_ms"),
        (json!({"instagram": {"hint_seconds": 90_000}}), "hint_seconds"),
        (json!({"tiktok": {"echo_first": {"percent": 200}}}), "echo_first"),
    ] {
        let (status, problem) = playground.send("PUT", "faults", body).await;
        assert_eq!((status, &problem["field"]), (422, &json!(field)));
    }
    for body in [json!({"whatsapp": {}}), json!({"limits": "high"}), json!({"x": {"slow": 3}})] {
        assert_eq!(playground.send("PUT", "faults", body).await.0, 422);
    }
    let own = playground.a_post_of("x", "maison").await;
    let (status, problem) =
        playground.send("POST", "answer", json!({"to": own, "text": "a"})).await;
    assert_eq!((status, &problem["field"]), (422, &json!("author")), "it addresses nobody");
    let body = json!({"to": own, "text": "nice", "author": "tom"});
    assert_eq!(playground.send("POST", "answer", body).await.0, 201);
    assert_eq!(playground.send("POST", "answer", json!({"to": "1", "text": "a"})).await.0, 404);
}
