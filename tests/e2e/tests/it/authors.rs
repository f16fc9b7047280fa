//! Who wrote what came without a name: asked of the network, and shown.

use faults::playground::Playground;
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::world::{PATIENCE, Secrets, World};

/// The contact of the conversation whose last message has these words.
async fn contact(browser: &Browser, words: &str) -> Option<Value> {
    let page = browser.json("/api/v1/conversations?queue=new&limit=200").await;
    let rows = page["rows"].as_array().cloned().unwrap_or_default();
    let row = rows
        .into_iter()
        .find(|row| row["last"]["text"].as_str().is_some_and(|text| text.contains(words)));
    row.map(|row| row["contact"].clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_wrote_what_came_without_a_name_is_asked_of_the_network_and_shown() {
    let world = World::start(&Secrets::with("authors"), &[]).await;
    let playground = Playground::at(&world.setting(&["playground", "http", "address"])).await;
    playground.pause().await;
    playground.switches(&json!({ "withhold_percent": 100 })).await;
    let page = &world.demo.on("facebook").account_id;
    let account = &world.demo.on("x").account_id;

    let post = json!({ "account": page, "author": "business", "text": "News." });
    let post = playground.act("facebook/post", &post).await;
    let ways = [
        ("facebook/comment", json!({ "post": post })),
        ("facebook/message", json!({ "account": page })),
        ("x/mention", json!({ "account": account })),
    ];
    let mut written = Vec::new();
    for (number, (way, occasion)) in ways.into_iter().enumerate() {
        let mut body = occasion;
        let words = format!("A question, by {way}");
        body["author"] = json!(playground.customer(number).await);
        body["text"] = json!(words);
        playground.act(way, &body).await;
        written.push((words, format!("Customer {number}")));
    }

    let browser = Browser::sign_in(&world.gateway(), &world.demo.login, &world.demo.password).await;
    for (words, name) in &written {
        // Long before the minute is over after which an item goes on as someone's.
        kit_testkit::eventually(PATIENCE / 2, &format!("{name} is named: {words}"), async || {
            contact(&browser, words).await.is_some_and(|contact| contact["name"] == name.as_str())
        })
        .await;
    }
}
