//! The description of the API and its routes are one thing; another organization's ids are
//! nobody's.

use reqwest::header::COOKIE;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::world::World;

/// Every operation of the description as it is served: path, method, operation.
async fn operations(browser: &Browser) -> Vec<(String, Method, Value)> {
    let description = browser.get_json("/api/v1/openapi.json").await;
    assert!(description["openapi"].as_str().is_some_and(|version| version.starts_with("3.1")));
    let mut operations = Vec::new();
    for (path, item) in description["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).expect("a method");
            operations.push((path.clone(), method, operation.clone()));
        }
    }
    operations
}

/// A path with these ids.
fn address(path: &str, conversation: &str, message: &str) -> String {
    path.replace("{conversation_id}", conversation).replace("{message_id}", message)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_description_names_every_route_and_no_other() {
    let (world, gateway) = World::with_gateway().await;
    let browser = world.signed_in(&gateway, "amelie").await;
    let conversation = world.peers.add_conversation(world.own);
    let (message, _) = world.peers.add_message(world.own, &conversation, "Bonjour");
    let operations = operations(&browser).await;
    let named: Vec<String> =
        operations.iter().map(|(path, method, _)| format!("{method} {path}")).collect();
    for expected in [
        "POST /api/v1/session",
        "GET /api/v1/session",
        "DELETE /api/v1/session",
        "GET /api/v1/bootstrap",
        "GET /api/v1/conversations",
        "POST /api/v1/conversations/batch",
        "GET /api/v1/conversations/{conversation_id}",
        "GET /api/v1/conversations/{conversation_id}/messages",
        "POST /api/v1/conversations/{conversation_id}/replies",
        "POST /api/v1/conversations/{conversation_id}/state",
        "PUT /api/v1/conversations/{conversation_id}/lock",
        "DELETE /api/v1/conversations/{conversation_id}/lock",
        "POST /api/v1/conversations/{conversation_id}/take",
        "POST /api/v1/conversations/{conversation_id}/assign",
        "POST /api/v1/conversations/{conversation_id}/unassign",
        "GET /api/v1/conversations/{conversation_id}/explanations",
        "POST /api/v1/messages/{message_id}/retry",
        "POST /api/v1/messages/{message_id}/settle",
        "GET /api/v1/availability",
        "PUT /api/v1/availability",
        "PUT /api/v1/availability/default",
        "GET /api/v1/away-states",
        "GET /api/v1/team",
        "PUT /api/v1/team/capacity",
        "PUT /api/v1/members/{member_id}/capacity",
        "GET /api/v1/notifications",
        "POST /api/v1/notifications/read",
        "GET /api/v1/live",
    ] {
        assert!(
            named.iter().any(|name| name == expected),
            "{expected} is not described: {named:?}"
        );
    }
    assert!(named.len() >= 88, "{named:?}");
    for (path, method, operation) in &operations {
        // Signing out would end the trial.
        if *method == Method::DELETE || is_tried_elsewhere(path, operation) {
            continue;
        }
        let address = address(path, &conversation, &message);
        let response = browser.request(method.clone(), &address).send().await.expect("answered");
        let status = response.status();
        assert!(
            status != StatusCode::NOT_FOUND && status != StatusCode::METHOD_NOT_ALLOWED,
            "{method} {path} is described but answers {status}"
        );
        assert!(!status.is_server_error(), "{method} {path} answers {status}");
        let described = operation["responses"].as_object().expect("responses");
        assert!(
            described.contains_key(status.as_str()),
            "{method} {path} answers {status}, not described"
        );
    }
    for (path, _, _) in &operations {
        let address = address(path, &conversation, &message);
        for method in [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            if named.contains(&format!("{method} {path}")) {
                continue;
            }
            let response =
                browser.request(method.clone(), &address).send().await.expect("answered");
            let status = response.status();
            assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path} is not described");
        }
    }
    let nowhere = browser.get("/api/v1/nowhere").await;
    assert_eq!(nowhere.status(), StatusCode::NOT_FOUND);
    assert_eq!(nowhere.headers()["content-type"], "application/problem+json");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_comes_in_without_a_session() {
    let (world, gateway) = World::with_gateway().await;
    let browser = Browser::new(&gateway);
    let conversation = world.peers.add_conversation(world.own);
    for (path, method, operation) in operations(&browser).await {
        if operation.get("security").is_none() {
            assert!(OPEN.contains(&&*format!("{method} {path}")), "{method} {path} is open");
            continue;
        }
        let address = address(&path, &conversation, "msg_1");
        for cookie in ["", "guichet_session=", "guichet_session=AAAA", "session=x"] {
            let request = browser.request(method.clone(), &address).header(COOKIE, cookie);
            let status = request.send().await.expect("answered").status();
            assert_eq!(status, StatusCode::UNAUTHORIZED, "{method} {path} with {cookie:?}");
        }
    }
}

/// Routes for whoever has not signed in.
const OPEN: [&str; 7] = [
    "POST /api/v1/session",
    "POST /api/v1/invitations/look",
    "POST /api/v1/invitations/accept",
    "POST /api/v1/password-resets",
    "POST /api/v1/password-resets/complete",
    "GET /api/v1/welcome",
    "POST /api/v1/welcome",
];

/// Whether what stands behind a route is not played here: the directory's settings and people,
/// which `tests/e2e` tries for real (`rights.rs`, `organizations.rs`), and what has a file of its
/// own beside this one.
fn is_tried_elsewhere(path: &str, operation: &Value) -> bool {
    let tag = operation["tags"][0].as_str().unwrap_or_default();
    let own_file = ["/drafts", "/reminder", "/notes", "/activity", "/actions", "/contacts/"];
    ["settings", "people", "account", "notifications", "links"].contains(&tag)
        || own_file.iter().any(|part| path.contains(part))
        || path.ends_with("/capacity")
        || path.ends_with("/index")
        || path == "/api/v1/search"
        || path.ends_with("/messages/{message_id}")
}

/// A body that the route takes, for routes that take one.
fn body_of(operation: &Value, id: &str, member: &str) -> Option<Value> {
    let schema =
        operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].as_str()?;
    Some(match schema.rsplit('/').next()? {
        "RowsWanted" => json!({"ids": [id]}),
        "ReplyWanted" => json!({
            "key": "k", "kind": "reply", "channel_id": "chan_1", "in_reply_to": null,
            "text": "Bonjour", "seen_through": 1, "fence": 0, "shorten_links": false,
            "despite_newer": false,
        }),
        "StateWanted" => json!({"key": "k", "to": "pending", "seen_through": 1}),
        "LockWanted" => json!({"take_over": false}),
        "LockReleased" => json!({"fence": 1}),
        "AssigneeWanted" => json!({"member_id": member}),
        "RetryWanted" => json!({"key": "k"}),
        "Settlement" => json!({"sent": true}),
        other => unreachable!("how is {other} tried with another organization's id?"),
    })
}

/// Every route that takes an id, generated from the description: with the other organization's
/// ids it answers as if they did not exist, and with one's own it answers.
#[tokio::test(flavor = "multi_thread")]
async fn another_organizations_ids_are_not_found_on_any_route() {
    let (world, gateway) = World::with_gateway().await;
    let browser = world.signed_in(&gateway, "amelie").await;
    let own = world.peers.add_conversation(world.own);
    let theirs = world.peers.add_conversation(world.other);
    let (own_message, _) = world.peers.add_message(world.own, &own, "Bonjour");
    let (their_message, _) = world.peers.add_message(world.other, &theirs, "Bonjour");
    let me = world.peers.held().members["amelie"].1.member_id.clone();
    let mut tried = 0;
    for (path, method, operation) in operations(&browser).await {
        let in_path = path.contains('{');
        let elsewhere = is_tried_elsewhere(&path, &operation);
        if elsewhere || (!in_path && !operation["requestBody"].to_string().contains("RowsWanted")) {
            continue;
        }
        tried += 1;
        let of_messages = path.contains("{message_id}");
        let pick = |conversation: &String, message: &String| {
            if of_messages { message.clone() } else { conversation.clone() }
        };
        for (id, exists) in [
            (pick(&own, &own_message), true),
            (pick(&theirs, &their_message), false),
            (pick(&"conv_1".to_owned(), &"msg_1".to_owned()), false),
            (pick(&own_message, &own), false),
            (world.other.to_string(), false),
        ] {
            let request = browser.request(method.clone(), &address(&path, &id, &id));
            let mut request = request.header("x-guichet-tab", "0123456789abcdef");
            if let Some(body) = body_of(&operation, &id, &me) {
                request = request.json(&body);
            }
            let response = request.send().await.expect("answered");
            let status = response.status();
            let text = response.text().await.expect("text");
            if exists {
                assert!(status.is_success(), "{method} {path} with {id} answers {status}: {text}");
            } else {
                assert_eq!(status, StatusCode::NOT_FOUND, "{method} {path} with {id}");
                assert!(!text.contains(id.as_str()), "the id is repeated");
            }
        }
    }
    assert_eq!(tried, 13, "every route that takes an id was tried");

    let listed = browser.get_json("/api/v1/conversations?queue=all").await;
    let ids: Vec<&str> = listed["rows"]
        .as_array()
        .expect("rows")
        .iter()
        .filter_map(|row| row["id"].as_str())
        .collect();
    assert_eq!(ids, [own.as_str()]);
    let mixed = browser.post("/api/v1/conversations/batch", &json!({"ids": [own, theirs]})).await;
    let mixed: Value = mixed.json().await.expect("JSON");
    assert_eq!(mixed["rows"].as_array().map(Vec::len), Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn parameters_are_read_strictly() {
    let (world, gateway) = World::with_gateway().await;
    let browser = world.signed_in(&gateway, "amelie").await;
    let own = world.peers.add_conversation(world.own);
    for (path, field) in [
        ("/api/v1/conversations".to_owned(), "queue"),
        ("/api/v1/conversations?queue=everything".to_owned(), "query"),
        ("/api/v1/conversations?queue=new&limit=0".to_owned(), "limit"),
        ("/api/v1/conversations?queue=new&limit=201".to_owned(), "limit"),
        ("/api/v1/conversations?queue=new&limit=x".to_owned(), "query"),
        ("/api/v1/conversations?queue=new&organization_id=org_1".to_owned(), "organization_id"),
        (format!("/api/v1/conversations/{own}/messages?since=1"), "since"),
    ] {
        let response = browser.get(&path).await;
        assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        let problem: Value = response.json().await.expect("JSON");
        assert_eq!(problem["field"], field, "{path}");
    }
    for ids in [json!([]), json!(vec![own.clone(); 201])] {
        let response = browser.post("/api/v1/conversations/batch", &json!({"ids": ids})).await;
        assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_is_away_is_said_to_be() {
    let (world, gateway) = World::with_gateway().await;
    let browser = world.signed_in(&gateway, "amelie").await;
    world.peers.held().conversations_away = true;
    let response = browser.get("/api/v1/conversations?queue=new").await;
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    let problem: Value = response.json().await.expect("JSON");
    assert_eq!(problem["code"], "peer_unavailable");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workspace_begins_with_one_request() {
    let (world, gateway) = World::with_gateway().await;
    let browser = world.signed_in(&gateway, "amelie").await;
    world.peers.add_conversation(world.own);
    world.peers.add_conversation(world.other);
    let bootstrap = browser.get_json("/api/v1/bootstrap").await;
    assert_eq!(bootstrap["counts"], json!({"new": 1, "pending": 2, "all": 3, "resolved": 3}));
    assert_eq!(bootstrap["channels"][0]["network"], "facebook");
    assert_eq!(bootstrap["organization"]["language"], "fr");
    assert_eq!(bootstrap["me"]["login"], "amelie");
    assert!(bootstrap["ui_build"].is_string() && bootstrap["cursor"].is_string());
}

/// The workspace's types are generated from this file.
#[test]
fn the_committed_description_is_fresh() {
    let fresh = gateway::description().to_pretty_json().expect("JSON") + "\n";
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json");
    // Compared as documents: a formatter may have been at the text.
    let read = |text: &str| serde_json::from_str::<Value>(text).ok();
    let committed = std::fs::read_to_string(path).ok().and_then(|text| read(&text));
    if committed != read(&fresh) {
        std::fs::write(path, fresh).expect("written");
        panic!("openapi.json was stale and has been written anew: commit it");
    }
}
