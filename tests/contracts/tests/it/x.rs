//! Payloads of X Activity events against the OpenAPI of X.

use std::fs;

use contracts::Document;
use serde_json::{Value, json};

const FILE: &str = "x/x-api-v2-openapi-2.167.json";

/// What the OpenAPI maps event types to, as far as its schemas and X's own samples agree. Users
/// are wrapped in samples of `follow.*`, and `like.create` has a text where the schema has a
/// 32-bit number, so those two cannot be checked.
fn schema(kind: &str) -> Option<&'static str> {
    match kind {
        "post.delete" => Some("PostDeleteActivityResponsePayload"),
        post if post.starts_with("post.") => Some("Post"),
        profile if profile.starts_with("profile.update.") => {
            Some("ProfileUpdateActivityResponsePayload")
        }
        _ => None,
    }
}

fn document() -> Option<Document> {
    let file = super::specifications()?.join(FILE);
    let text = fs::read_to_string(&file).expect("GUICHET_SPECS has the OpenAPI of X");
    Some(Document::read(&text).expect("is JSON"))
}

/// Every fixture of X with its event type and payload.
fn events() -> Vec<(String, String, Value)> {
    let files = fs::read_dir(super::fixtures().join("x")).expect("is a folder");
    let events = files.filter_map(|file| {
        let path = file.expect("is readable").path();
        let body = fs::read(&path).expect("is readable");
        let body: Value = serde_json::from_slice(&body).expect("is JSON");
        let data = body.get("data")?;
        let kind = data["event_type"].as_str().expect("has a type").to_owned();
        Some((path.display().to_string(), kind, data["payload"].clone()))
    });
    events.collect()
}

#[test]
fn post_and_profile_payloads_are_what_the_specification_says() {
    let Some(document) = document() else { return };
    let mut checked = 0;
    for (file, kind, payload) in events() {
        let Some(schema) = schema(&kind) else { continue };
        let differences = document.differences(schema, &payload);
        assert!(differences.is_empty(), "{file}: {differences:#?}");
        checked += 1;
    }
    assert!(checked >= 20, "only {checked} payloads were checked");
}

#[test]
fn a_wrong_payload_does_not_pass() {
    let Some(document) = document() else { return };
    let right = events().into_iter().find(|(_, kind, _)| kind == "post.mention.create");
    let (_, _, right) = right.expect("there is a mention");
    for (pointer, wrong) in [
        ("/id", json!(2_080_765_813_578_191_303_u64)),
        ("/created_at", json!("Fri Jul 24 21:23:23 +0000 2026")),
        ("/edit_controls/edits_remaining", json!("5")),
        ("/public_metrics/repost_count", Value::Null),
        ("/display_text_range", json!([0])),
        ("/entities/mentions/0/start", json!("4")),
    ] {
        let mut payload = right.clone();
        *payload.pointer_mut(pointer).expect("is there") = wrong;
        assert!(!document.differences("Post", &payload).is_empty(), "{pointer} passed");
    }
}

#[test]
fn every_event_type_of_the_specification_that_reaches_an_inbox_has_a_fixture() {
    let Some(folder) = super::specifications() else { return };
    let text = fs::read_to_string(folder.join(FILE)).expect("GUICHET_SPECS has the OpenAPI of X");
    let document: Value = serde_json::from_str(&text).expect("is JSON");
    let mut listed = Vec::new();
    event_types(&document, &mut listed);
    assert!(listed.len() > 30, "found {listed:?}");
    let kinds: Vec<String> = events().into_iter().map(|(_, kind, _)| kind).collect();
    // Broadcasts, spaces and news are no support channel; the reference does not list them.
    let elsewhere = ["broadcast.", "spaces.", "news."];
    for kind in listed {
        let foreign = elsewhere.iter().any(|start| kind.starts_with(start));
        assert!(foreign || kinds.contains(&kind), "no fixture of {kind}");
    }
}

/// The values of the enumeration that has `post.mention.create`.
fn event_types(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            let values = map.get("enum").and_then(Value::as_array).filter(|values| {
                values.iter().any(|value| value.as_str() == Some("post.mention.create"))
            });
            if let Some(values) = values {
                found.extend(values.iter().filter_map(Value::as_str).map(str::to_owned));
            }
            map.values().for_each(|inner| event_types(inner, found));
        }
        Value::Array(list) => list.iter().for_each(|inner| event_types(inner, found)),
        _ => {}
    }
}
