//! Every request to Facebook against the files from which Meta generates its own libraries:
//! which edges a node has, and which parameters of which type each call takes.

use std::fs;
use std::path::Path;

use networks::outbound::{Call, Request};
use networks::{MessageKind, Network};
use serde_json::{Value, json};

use crate::requests::{confirmations, requests};

/// Parameters of every call of the Graph API, which the files do not repeat.
const COMMON: [&str; 1] = ["appsecret_proof"];

struct Specification {
    nodes: Vec<(&'static str, Value)>,
    enumerations: Value,
}

impl Specification {
    fn read(folder: &Path) -> Self {
        let read = |name: &str| -> Value {
            let file = folder.join(format!("meta-graph/{name}.json"));
            let text = fs::read_to_string(file).expect("GUICHET_SPECS has the files of Meta");
            serde_json::from_str(&text).expect("is JSON")
        };
        Self {
            nodes: ["Page", "Comment", "PagePost", "Post", "User"]
                .map(|name| (name, read(name)))
                .into(),
            enumerations: read("enum_types"),
        }
    }

    /// What it says against the request to a node.
    fn differences(&self, node: &str, request: &Request) -> Vec<String> {
        let path = request.url.strip_prefix("https://graph.facebook.com/v26.0/");
        let path: Vec<&str> = path.expect("goes to Facebook").split('/').collect();
        let edge = match path.as_slice() {
            [_] => None,
            [_, edge] => Some(*edge),
            _ => return vec![format!("{path:?} is no node or edge")],
        };
        let (_, file) = self.nodes.iter().find(|(name, _)| *name == node).expect("is read");
        let calls = file["apis"].as_array().expect("is a list").iter();
        let call = calls.into_iter().find(|call| {
            call["method"] == request.method && call.get("endpoint").and_then(Value::as_str) == edge
        });
        let Some(call) = call else {
            return vec![format!("{node} has no {} {edge:?}", request.method)];
        };
        let mut found = Vec::new();
        let known = call["params"].as_array().expect("is a list");
        for (name, value) in request.body.iter().filter_map(Value::as_object).flatten() {
            match known.iter().find(|parameter| parameter["name"] == **name) {
                Some(parameter) => {
                    let kind = parameter["type"].as_str().expect("has a type");
                    if !self.has_type(kind, value) {
                        found.push(format!("{name}: {value} is no {kind}"));
                    }
                }
                None => found.push(format!("{node} {edge:?} has no parameter {name}")),
            }
        }
        for parameter in known.iter().filter(|parameter| parameter["required"] == true) {
            let name = parameter["name"].as_str().expect("has a name");
            if request.body.as_ref().and_then(|body| body.get(name)).is_none() {
                found.push(format!("{name} is missing"));
            }
        }
        for (name, value) in &request.query {
            if *name == "fields" && request.method == "GET" {
                let fields = file["fields"].as_array().expect("is a list");
                let missing = value
                    .expose()
                    .split(',')
                    .filter(|field| !fields.iter().any(|known| known["name"] == **field));
                found.extend(missing.map(|field| format!("{node} has no {field}")));
            } else if !COMMON.contains(name) {
                found.push(format!("{name} in the query"));
            }
        }
        found
    }

    fn has_type(&self, kind: &str, value: &Value) -> bool {
        match kind {
            "string" => value.is_string(),
            "bool" => value.is_boolean(),
            // Meta's word for anything that JSON can say.
            "Object" => true,
            kind => {
                let lists = self.enumerations.as_array().expect("is a list").iter();
                let list = lists.into_iter().find(|list| list["name"] == kind);
                list.and_then(|list| list["values"].as_array())
                    .is_some_and(|values| values.contains(value))
            }
        }
    }
}

/// What kind of node the call is made of.
fn node(call: &Call) -> &'static [&'static str] {
    match call {
        Call::PrivateMessage { .. } | Call::PrivateReply { .. } => &["Page"],
        // A comment answers comments and posts alike, and may be deleted.
        Call::PublicReply { .. } | Call::Quote { .. } => &["Comment", "PagePost"],
        // Both can be liked and hidden.
        // A person by the id that the page knows them by.
        Call::ReadPerson { .. } => &["User"],
        Call::Act { to, .. } | Call::ReadAuthor { of: to } if to.kind == MessageKind::Post => {
            &["PagePost", "Post"]
        }
        Call::Act { .. }
        | Call::ReadAuthor { .. }
        | Call::DeletePublic { .. }
        | Call::DeletePrivate { .. } => &["Comment"],
    }
}

#[test]
fn every_path_and_parameter_is_in_the_graph_specification() {
    let Some(folder) = super::specifications() else { return };
    let specification = Specification::read(&folder);
    let requests = requests(Network::Facebook);
    for (call, request) in &requests {
        for node in node(call) {
            let differences = specification.differences(node, request);
            assert!(differences.is_empty(), "{request:?}: {differences:#?}");
        }
    }
    let mut words: Vec<_> = requests.iter().map(|(call, _)| call.as_str()).collect();
    words.sort_unstable();
    words.dedup();
    let expected = [
        "delete_public",
        "hide",
        "like",
        "private_message",
        "private_reply",
        "public_reply",
        "read_author",
        "read_person",
        "unhide",
        "unlike",
    ];
    assert_eq!(words, expected);
    // Both rules of Messenger, and both ways of a private reply.
    let bodies: Vec<&Value> = requests.iter().filter_map(|(_, one)| one.body.as_ref()).collect();
    for (pointer, value) in [("/messaging_type", "RESPONSE"), ("/messaging_type", "MESSAGE_TAG")] {
        assert!(bodies.iter().any(|body| body.pointer(pointer) == Some(&json!(value))), "{value}");
    }
    for pointer in ["/recipient/id", "/recipient/comment_id", "/recipient/post_id", "/tag"] {
        assert!(bodies.iter().any(|body| body.pointer(pointer).is_some()), "{pointer}");
    }
}

#[test]
fn only_fields_that_a_node_has_are_read_back() {
    let Some(folder) = super::specifications() else { return };
    let specification = Specification::read(&folder);
    let confirmations = confirmations(Network::Facebook);
    for (call, request) in &confirmations {
        for node in node(call) {
            let mut bare = request.clone();
            bare.query.retain(|(name, _)| *name != "fields");
            let differences = specification.differences(node, &bare);
            assert!(differences.is_empty(), "{request:?}: {differences:#?}");
            let (_, file) =
                specification.nodes.iter().find(|(name, _)| name == node).expect("read");
            let fields = file["fields"].as_array().expect("is a list");
            let (_, asked) =
                request.query.iter().find(|(name, _)| *name == "fields").expect("asks for fields");
            for field in asked.expose().split(',') {
                assert!(fields.iter().any(|it| it["name"] == field), "{node} has no {field}");
            }
        }
    }
    let mut words: Vec<_> = confirmations.iter().map(|(call, _)| call.as_str()).collect();
    words.sort_unstable();
    words.dedup();
    assert_eq!(words, ["hide", "unhide"]);
}

#[test]
fn a_wrong_request_to_facebook_does_not_pass() {
    let Some(folder) = super::specifications() else { return };
    let specification = Specification::read(&folder);
    let mut tried = 0;
    for (call, right) in requests(Network::Facebook) {
        let node = node(&call)[0];
        let mut wrong = vec![right.clone(), right.clone(), right.clone()];
        wrong[0].url.push_str("/more");
        wrong[1].method = "PUT";
        wrong[2].query.push(("access_token", kit_values::Secret::new(String::new())));
        if let Some(body) = &right.body {
            let names = body.as_object().expect("is an object").keys();
            for (name, value) in [("txt", json!("…")), ("message", json!(1))]
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .chain(names.map(|name| (name.clone(), Value::Null)))
            {
                // Anything is an object to Meta, and a comment's text is optional.
                let free = ["message", "recipient", "tag"].contains(&name.as_str());
                if free && node == "Page" {
                    continue;
                }
                let mut broken = right.clone();
                broken.body.as_mut().expect("has a body")[&name] = value;
                wrong.push(broken);
            }
            if node == "Page" {
                let mut broken = right.clone();
                let body = broken.body.as_mut().and_then(Value::as_object_mut);
                body.expect("is an object").remove("recipient");
                wrong.push(broken);
                let mut broken = right.clone();
                broken.body.as_mut().expect("has a body")["messaging_type"] =
                    json!("CONFIRMED_EVENT_UPDATE");
                wrong.push(broken);
            }
        }
        for wrong in wrong {
            let found = specification.differences(node, &wrong);
            assert!(!found.is_empty(), "passed: {wrong:?} {:?}", wrong.body);
            tried += 1;
        }
    }
    assert!(tried >= 20, "only {tried} were tried");
}
