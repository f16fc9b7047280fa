//! Links of a reply, through everything: Bitly is connected in the browser, makes a link, then
//! hangs, and is in no reply's way.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::world::{PATIENCE, Secrets, World};

/// How long a reply may take while Bitly hangs.
const ACCEPTED: Duration = Duration::from_millis(1_500);

async fn ask(browser: &Browser, method: Method, path: &str, body: Option<&Value>) -> Value {
    let (status, answer) = browser.ask(method, path, body).await;
    assert!((200..300).contains(&status), "{path}: {status} {answer}");
    serde_json::from_str(&answer).unwrap_or(Value::Null)
}

async fn switch(world: &World, mode: &str) {
    let playground = world.setting(&["playground", "http", "address"]);
    let answer = reqwest::Client::new()
        .put(format!("http://{playground}/playground/api/bitly"))
        .json(&json!({ "mode": mode }))
        .send()
        .await
        .expect("the playground answers");
    assert!(answer.status().is_success(), "{}", answer.status());
}

/// Answers with a link in it; what was accepted, and how long that took.
async fn reply(browser: &Browser, path: &str, key: &str) -> (String, Duration) {
    let row = browser.json(path).await;
    let answers = row["answers"].as_array().expect("answers");
    let answer = answers.iter().find(|answer| answer["available"] == true).expect("an answer");
    let body = json!({
        "key": key,
        "kind": answer["kind"],
        "channel_id": answer["channel_id"],
        "in_reply_to": answer["in_reply_to"],
        "text": format!("see https://example.com/a-rather-long-address/{key} please"),
        "seen_through": 1_000,
        "fence": 0,
        "shorten_links": true,
        "despite_newer": true,
    });
    let since = Instant::now();
    ask(browser, Method::POST, &format!("{path}/replies"), Some(&body)).await;
    let took = since.elapsed();
    let messages = browser.json(&format!("{path}/messages?limit=50")).await;
    let messages = messages["messages"].as_array().cloned().unwrap_or_default();
    let text = messages.iter().rev().filter_map(|message| message["text"].as_str());
    let text = text.into_iter().find(|text| text.starts_with("see ")).expect("the reply");
    (text.to_owned(), took)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_is_accepted_in_time_while_bitly_hangs_and_its_link_is_ours() {
    let world = World::start(&Secrets::with("shortening"), &[]).await;
    let (login, password) = (&world.demo.login, &world.demo.password);
    let browser = Browser::sign_in(&world.gateway(), login, password).await;
    let settings = "/api/v1/settings/link-shortening";
    let token = json!({ "token": "simulated-bitly" });
    let connected = ask(&browser, Method::POST, &format!("{settings}/bitly"), Some(&token)).await;
    assert_eq!(connected["provider"], "bitly");
    assert_eq!(connected["bitly"]["login"], "o_maisonlumiere");

    assert_eq!(world.mention(&world.demo, 7, "a question about a link").await, 200);
    let listed = async || {
        let page = browser.json("/api/v1/conversations?queue=new&limit=200").await;
        let rows = page["rows"].as_array().cloned().unwrap_or_default();
        rows.into_iter().find(|row| row["last"]["text"] == "a question about a link")
    };
    kit_testkit::eventually(PATIENCE, "the question is listed", async || listed().await.is_some())
        .await;
    let row = listed().await.expect("it is listed");
    let path = format!("/api/v1/conversations/{}", row["id"].as_str().expect("an id"));
    ask(&browser, Method::POST, &format!("{path}/take"), None).await;

    let (text, _) = reply(&browser, &path, "well").await;
    assert!(text.contains("/playground/bitly/"), "Bitly made it: {text}");

    switch(&world, "hang").await;
    let ours = world.setting(&["link_shortener", "public_url"]);
    for key in ["hang", "again"] {
        let (text, took) = reply(&browser, &path, key).await;
        println!("accepted in {} ms while Bitly hangs", took.as_millis());
        assert!(took < ACCEPTED, "{took:?}");
        assert!(text.contains(&ours) && !text.contains("rather-long"), "{text}");
    }
    let shown = browser.json(settings).await;
    assert_eq!(
        (&shown["bitly"]["health"], &shown["bitly"]["last_error"]),
        (&json!("error"), &json!("timeout"))
    );
    let tested = ask(&browser, Method::POST, &format!("{settings}/test"), Some(&json!({}))).await;
    assert_eq!(tested["fallback_reason"], "bitly_timeout");
    let text = json!({ "text": "see https://example.com/x" });
    let preview = ask(&browser, Method::POST, "/api/v1/links/preview", Some(&text)).await;
    assert_eq!(
        (&preview["links"][0]["start"], &preview["provider"]),
        (&json!(4), &json!("built_in"))
    );
}
