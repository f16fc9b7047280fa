//! What can be asked for, and what is refused.

use serde_json::{Value, json};

use crate::support::{PAGE, Playground};

#[tokio::test]
async fn impossible_wishes_are_refused_with_a_problem_and_nothing_happens() {
    let playground = Playground::start().await;
    let long = "x".repeat(20_001);
    let refused: Vec<(&str, Value, u16)> = vec![
        ("x/mention", json!({"account": "nobody", "author": "tom", "text": "a"}), 404),
        ("x/mention", json!({"account": "maison", "author": "nobody", "text": "a"}), 404),
        ("x/mention", json!({"account": "maison", "author": "business", "text": "a"}), 422),
        ("x/mention", json!({"account": "maison", "author": "tom", "text": "  "}), 422),
        ("x/mention", json!({"account": "maison", "author": "tom", "text": long}), 422),
        ("x/mention", json!({"account": "maison", "author": "tom"}), 422),
        ("x/mention", json!({"account": "maison", "author": "tom", "text": "a", "id": "1"}), 422),
        ("x/mention", json!({"action": "post", "account": "maison", "author": "tom"}), 422),
        ("x/dance", json!({}), 422),
        ("whatsapp/mention", json!({}), 404),
        ("tiktok/mention", json!({}), 422),
        ("tiktok/comment", json!({"author": "tom", "post": "1", "text": "a"}), 404),
        ("tiktok/post", json!({"account": "maison.tok", "author": "tom", "text": "a"}), 422),
        ("instagram/story", json!({"account": "maison.insta", "author": "tom", "text": "a"}), 422),
        ("instagram/message", json!({"account": "maison.insta", "author": "tom"}), 422),
        ("instagram/comment", json!({"author": "tom", "post": "1", "text": "a"}), 404),
        ("x/reply", json!({"author": "tom", "to": "1", "text": "a"}), 404),
        ("x/message", json!({"account": "maison", "author": "business", "text": "a"}), 422),
        ("x/message", json!({"account": "maison", "author": "tom", "to": "lea", "text": "a"}), 422),
        ("facebook/comment", json!({"author": "tom", "post": "1", "text": "a"}), 404),
        ("facebook/message", json!({"account": "maison", "author": "tom", "text": "a"}), 404),
        ("facebook/message", json!({"account": PAGE, "author": "tom"}), 422),
        ("facebook/hide", json!({"id": "1"}), 404),
        ("personas", json!({"name": "Tom", "handle": "tomhadley"}), 422),
        ("personas", json!({"name": "Tom", "handle": "no spaces"}), 422),
        ("personas", json!({"name": "T".repeat(256), "handle": "tea"}), 422),
        ("personas", json!({"name": "Business", "handle": "business"}), 422),
    ];
    for (path, body, expected) in refused {
        let (status, problem) = playground.send("POST", path, body.clone()).await;
        assert_eq!(status, expected, "{path} {body}: {problem}");
        assert!(problem["code"].is_string() && problem["detail"].is_string(), "{problem}");
    }
    assert_eq!(playground.json("state").await["version"], 0);
    assert_eq!(playground.ingest.received().len(), 0);
}

#[tokio::test]
async fn only_json_is_read() {
    let playground = Playground::start().await;
    let body = r#"{"account":"maison","author":"tom","text":"a"}"#;
    for kind in ["text/plain", "application/x-www-form-urlencoded"] {
        let (status, headers, problem) = playground.send_raw("x/mention", kind, body).await;
        assert_eq!((status, &problem["code"]), (422, &json!("not_json")), "{kind}");
        assert_eq!(headers["content-type"], "application/problem+json");
    }
    let (status, _, _) = playground.send_raw("x/mention", "application/json", "{").await;
    assert_eq!(status, 422);
    let json = "application/json; charset=utf-8";
    assert_eq!(playground.send_raw("x/mention", json, body).await.0, 201);
}

#[tokio::test]
async fn impossible_settings_are_refused_by_name() {
    let playground = Playground::start().await;
    for (path, body, field) in [
        ("switches", json!({"duplicate_percent": 101}), "duplicate_percent"),
        ("switches", json!({"batch_size": 1_001}), "batch_size"),
        ("generator", json!({"rate": 0}), "rate"),
        ("generator", json!({"pace": 1_000}), "pace"),
        ("generator", json!({"people": 0}), "people"),
    ] {
        let (status, problem) = playground.send("PUT", path, body.clone()).await;
        assert_eq!((status, &problem["field"]), (422, &json!(field)), "{body}: {problem}");
    }
    assert_eq!(playground.send("PUT", "switches", json!({"speed": 1})).await.0, 422);
}

#[tokio::test]
async fn a_post_of_ten_thousand_characters_and_one_with_nul_arrive_whole() {
    let playground = Playground::start().await;
    let long = "é".repeat(10_000);
    for text in [long.as_str(), "before\u{0}after"] {
        let before = playground.ingest.received().len();
        let body = json!({"account": PAGE, "author": "tom", "text": text});
        playground.act("facebook/message", body).await;
        let received = playground.ingest.wait_for(before + 1).await;
        let told = received.last().expect("a request").json();
        assert_eq!(told["entry"][0]["messaging"][0]["message"]["text"], text);
    }
}

#[tokio::test]
async fn a_post_can_be_edited_five_times() {
    let playground = Playground::start().await;
    let body = json!({"account": "maison", "author": "tom", "text": "0"});
    let mut id = playground.act("x/mention", body).await["id"].clone();
    for edit in 1..=5 {
        let body = json!({"id": id, "text": format!("@maison {edit}")});
        id = playground.act("x/edit", body).await["id"].clone();
    }
    let (status, problem) = playground.send("POST", "x/edit", json!({"id": id, "text": "6"})).await;
    assert_eq!((status, &problem["code"]), (422, &json!("edits_used_up")));
}
