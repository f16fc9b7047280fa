//! I7 at the edge for browsers: whatever the description of the API lists is tried with the other
//! organization's ids, and the live sockets of both are watched side by side.

use std::slice::from_ref;

use reqwest::Method;
use serde_json::{Value, json};

use crate::browser::{Browser, attempt};
use crate::world::{PATIENCE, Secrets, Tenant, World};

/// One member of each organization, and what the other one must never be shown.
struct Side {
    tenant: Tenant,
    browser: Browser,
    conversations: Vec<String>,
    /// A reply and a customer's message of the first conversation.
    messages: [String; 2],
    member: String,
    /// The account that the first conversation came by.
    channel: String,
    away_state: String,
    attribute: String,
    invitation: String,
    contact: String,
    note: String,
    notification: String,
    /// Ids and words that are this organization's alone.
    marks: Vec<String>,
}

impl Side {
    fn assert_unseen_in(&self, answer: &str, where_: &str) {
        for mark in &self.marks {
            assert!(!answer.contains(mark.as_str()), "{where_} shows {mark}: {answer}");
        }
    }
}

/// Both organizations with conversations of their own.
async fn sides(world: &World) -> [Side; 2] {
    let mut sides = Vec::new();
    for (base, tenant) in [(10, &world.demo), (20, &world.second)] {
        for number in base..base + 3 {
            let text = format!("secret-{base}-{number} of {}", tenant.organization);
            assert_eq!(world.mention(tenant, number, &text).await, 200);
        }
    }
    for tenant in [world.demo.clone(), world.second.clone()] {
        let browser = Browser::sign_in(&world.gateway(), &tenant.login, &tenant.password).await;
        kit_testkit::eventually(PATIENCE, "three conversations are listed", async || {
            browser.conversations("all").await.len() >= 3
        })
        .await;
        let conversations = browser.conversations("all").await;
        let marks = world.marks(tenant.organization).await;
        assert!(marks.len() > 20, "{marks:?}");
        let path = format!("/api/v1/conversations/{}", conversations[0]);
        let row = browser.json(&path).await;
        let answers = row["answers"].as_array().expect("answers");
        let answer = answers.iter().find(|answer| answer["available"] == true);
        let answer = answer.unwrap_or_else(|| panic!("nothing is possible: {row}"));
        let to = answer["in_reply_to"].as_str().expect("a public message");
        let channel = answer["channel_id"].as_str().expect("an account");
        let key = format!("key-{}", kit_values::mint_uuid().simple());
        let mut body = reply(&key, channel, to);
        body["seen_through"] = json!(1_000);
        let (status, replied) =
            browser.ask(Method::POST, &format!("{path}/replies"), Some(&body)).await;
        assert_eq!(status, 201, "{replied}");
        let replied: Value = serde_json::from_str(&replied).expect("JSON");
        let session = browser.json("/api/v1/session").await;
        let away_states = browser.json("/api/v1/away-states").await;
        let attributes = browser.json("/api/v1/settings/contact-attributes").await;
        let invited = json!({
            "login": format!("guest of {}", tenant.login).replace(' ', "-"),
            "display_name": "A guest", "roles": ["agent"],
        });
        let (status, invitation) =
            browser.ask(Method::POST, "/api/v1/invitations", Some(&invited)).await;
        assert_eq!(status, 201, "{invitation}");
        let invitation: Value = serde_json::from_str(&invitation).expect("JSON");
        let key = format!("key-{}", kit_values::mint_uuid().simple());
        let note = json!({ "key": key, "text": "a note", "message_id": null });
        let (status, note) = browser.ask(Method::POST, &format!("{path}/notes"), Some(&note)).await;
        assert_eq!(status, 201, "{note}");
        let note: Value = serde_json::from_str(&note).expect("JSON");
        let by = json!({ "means": "in_app" });
        let (status, answer) =
            browser.ask(Method::POST, "/api/v1/notifications/test", Some(&by)).await;
        assert_eq!(status, 201, "{answer}");
        let told: Value = serde_json::from_str(&answer).expect("JSON");
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        sides.push(Side {
            contact: text(&row["contact"]["id"]),
            note: text(&note["note"]["note_id"]),
            notification: text(&told["id"]),
            messages: [text(&replied["message"]["id"]), to.to_owned()],
            member: text(&session["me"]["id"]),
            channel: channel.to_owned(),
            away_state: text(&away_states["away_states"][0]["id"]),
            attribute: text(&attributes["attributes"][3]["attribute_id"]),
            invitation: text(&invitation["invitation_id"]),
            tenant,
            browser,
            conversations,
            marks,
        });
    }
    sides.try_into().ok().expect("two sides")
}

/// `$ref`s of the description, followed.
fn resolved<'a>(description: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(reference) => {
            let found = description.pointer(reference.trim_start_matches('#'));
            found.unwrap_or_else(|| panic!("{reference} is described nowhere"))
        }
        None => schema,
    }
}

/// Names of the query's or the path's parameters, each with its schema.
fn parameters<'a>(
    description: &'a Value,
    operation: &'a Value,
    place: &str,
) -> Vec<(&'a str, &'a Value)> {
    let all = operation["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
    all.iter()
        .filter(|parameter| parameter["in"] == place)
        .map(|parameter| {
            let name = parameter["name"].as_str().expect("a parameter has a name");
            (name, resolved(description, &parameter["schema"]))
        })
        .collect()
}

/// About oneself or the whole installation: they take no id of anything.
const WITHOUT_IDS: &[&str] = &[
    "delete /api/v1/push-subscriptions",
    "delete /api/v1/settings/link-shortening/bitly",
    // Tried last, by the caller.
    "delete /api/v1/session",
    "post /api/v1/account/sign-out-everywhere",
    "post /api/v1/invitations",
    "post /api/v1/invitations/accept",
    "post /api/v1/invitations/look",
    "post /api/v1/links/preview",
    "post /api/v1/notifications/test",
    "post /api/v1/password-resets",
    "post /api/v1/password-resets/complete",
    "post /api/v1/push-subscriptions",
    "post /api/v1/settings/away-states",
    "post /api/v1/settings/contact-attributes",
    "post /api/v1/settings/link-shortening/bitly",
    "post /api/v1/settings/link-shortening/test",
    "post /api/v1/welcome",
    "put /api/v1/account/password",
    "put /api/v1/notification-preferences",
    "put /api/v1/preferences",
    "put /api/v1/settings/link-shortening",
    "put /api/v1/team/capacity",
    // Needs an application at Bitly, which this installation does not have.
    "get /api/v1/settings/link-shortening/bitly/authorize",
];

/// Tries one operation of the description as `own`, with ids and cursors of `other`. Gives how
/// many requests that were.
async fn tried(
    description: &Value,
    (path, method, operation): (&str, &str, &Value),
    own: &Side,
    other: &Side,
) -> usize {
    let verb: Method = method.to_uppercase().parse().expect("a method");
    let browser = &own.browser;
    let what = format!("{method} {path}");
    let in_path = parameters(description, operation, "path");
    if let Some((name, _)) = in_path.first() {
        return tried_in_path((path, method), name, own, other).await;
    }
    if WITHOUT_IDS.contains(&what.as_str()) {
        return 0;
    }
    let body =
        resolved(description, &operation["requestBody"]["content"]["application/json"]["schema"]);
    match (path, method) {
        ("/api/v1/session", "post") => {
            let client = reqwest::Client::new();
            let gateway = browser.gateway();
            let crossed =
                attempt(&client, gateway, &own.tenant.login, &other.tenant.password).await;
            assert_eq!(crossed.status().as_u16(), 401, "{what} with a foreign password");
            1
        }
        ("/api/v1/settings/contact-attributes/order", "put") => {
            let order = |id: &str| json!({ "attribute_ids": [id], "rev": 1 });
            named(&what, (verb, path), order, &other.attribute, own).await
        }
        ("/api/v1/settings/away-states/order", "put") => {
            let order = |id: &str| json!({ "away_state_ids": [id], "rev": 1 });
            named(&what, (verb, path), order, &other.away_state, own).await
        }
        ("/api/v1/conversations/bulk", "post") => {
            in_bulk(&what, own, &other.conversations[0]).await
        }
        ("/api/v1/live", "get") => {
            let (status, answer) = browser.get(path).await;
            assert!((400..500).contains(&status), "{what} without an upgrade: {status} {answer}");
            1
        }
        (_, "post") if body["properties"]["ids"].is_object() => {
            let ids = json!({ "ids": other.conversations.iter().take(100).collect::<Vec<_>>() });
            let (status, answer) = browser.ask(verb.clone(), path, Some(&ids)).await;
            assert_eq!(status, 404, "{what} with foreign ids: {answer}");
            other.assert_unseen_in(&answer, &what);
            let ids = json!({ "ids": [other.conversations[0], own.conversations[0]] });
            let (status, answer) = browser.ask(verb, path, Some(&ids)).await;
            assert_eq!(status, 200, "{what} with ids of both: {answer}");
            other.assert_unseen_in(&answer, &what);
            assert!(answer.contains(&own.conversations[0]), "{what}: {answer}");
            2
        }
        (_, "get") => read_whole(description, (path, operation), own, other).await,
        ("/api/v1/availability", "put") => {
            let away = |state: &str| json!({ "availability": "away", "away_state_id": state, "keep_conversations": true });
            let foreign = browser.ask(verb.clone(), path, Some(&away(&other.away_state))).await;
            let nobody = format!("away_{}", kit_values::mint_uuid().simple());
            let unknown = browser.ask(verb.clone(), path, Some(&away(&nobody))).await;
            assert_alike(&what, &foreign, &unknown);
            let (status, answer) = browser.ask(verb, path, Some(&away(&own.away_state))).await;
            assert_eq!(status, 200, "{what} with a state of its own: {answer}");
            other.assert_unseen_in(&answer, &what);
            3
        }
        ("/api/v1/availability/default", "put") => {
            let body = json!({ "availability": "away" });
            let (status, answer) = browser.ask(verb, path, Some(&body)).await;
            assert_eq!(status, 200, "{what}: {answer}");
            other.assert_unseen_in(&answer, &what);
            1
        }
        ("/api/v1/notifications/read", "post") => {
            let read = |id: &str| json!({ "conversation_id": id });
            named(&what, (verb, path), read, &other.conversations[0], own).await
        }
        _ => panic!("{what} is new: say here how it is tried with foreign ids"),
    }
}

/// `own` asks with a foreign id in the body, and is told what it is told of an id that nobody has.
async fn named(
    what: &str,
    (verb, path): (Method, &str),
    body: impl Fn(&str) -> Value,
    foreign: &str,
    own: &Side,
) -> usize {
    let prefix = foreign.split('_').next().expect("an id has a prefix");
    let nobody = format!("{prefix}_{}", kit_values::mint_uuid().simple());
    let foreign = own.browser.ask(verb.clone(), path, Some(&body(foreign))).await;
    let unknown = own.browser.ask(verb, path, Some(&body(&nobody))).await;
    if foreign.0 < 300 {
        assert_eq!(foreign, unknown, "{what} tells them apart");
    } else {
        assert_alike(what, &foreign, &unknown);
    }
    2
}

/// Reads a list in every way that its query offers, and onwards from a place in the other's.
async fn read_whole(
    description: &Value,
    (path, operation): (&str, &Value),
    own: &Side,
    other: &Side,
) -> usize {
    let mut requests = 0;
    let query = parameters(description, operation, "query");
    let queues: Vec<String> = query
        .iter()
        .filter(|(name, _)| *name == "queue")
        .flat_map(|(_, schema)| schema["enum"].as_array().expect("names of queues"))
        .map(|queue| format!("?queue={}", queue.as_str().expect("a name")))
        .collect();
    let asked = match path {
        // A word that both organizations' customers wrote.
        "/api/v1/search" => vec!["?q=secret".to_owned()],
        _ if queues.is_empty() => vec![String::new()],
        _ => queues,
    };
    for query_text in asked {
        let more = if query_text.is_empty() { '?' } else { '&' };
        let (status, answer) = own.browser.get(&format!("{path}{query_text}")).await;
        assert_eq!(status, 200, "get {path}{query_text}: {answer}");
        other.assert_unseen_in(&answer, &format!("get {path}{query_text}"));
        requests += 1;
        for (name, _) in query.iter().filter(|(name, _)| ["after", "before"].contains(name)) {
            let page = other.browser.json(&format!("{path}{query_text}{more}limit=1")).await;
            let Some(cursor) = page["next"].as_str() else { continue };
            let (status, answer) =
                own.browser.get(&format!("{path}{query_text}{more}{name}={cursor}")).await;
            assert!(status < 500, "get {path}{query_text}: {status} {answer}");
            other.assert_unseen_in(&answer, &format!("get {path} with a foreign cursor"));
            requests += 1;
        }
    }
    requests
}

/// A foreign id among those of a change of many is told apart from nobody's by nothing.
async fn in_bulk(what: &str, own: &Side, theirs: &str) -> usize {
    let path = "/api/v1/conversations/bulk";
    let resolve = |id: &str| {
        let key = format!("key-{}", kit_values::mint_uuid().simple());
        json!({
            "key": key, "conversation_ids": [id], "action": { "to": "resolved" },
            "seen_through": {},
        })
    };
    let nobody = format!("conv_{}", kit_values::mint_uuid().simple());
    let foreign = own.browser.ask(Method::POST, path, Some(&resolve(theirs))).await;
    let unknown = own.browser.ask(Method::POST, path, Some(&resolve(&nobody))).await;
    assert_eq!(foreign.0, unknown.0, "{what} tells them apart: {foreign:?} {unknown:?}");
    assert!(!foreign.1.contains("\"done\":true"), "{what}: {foreign:?}");
    let [foreign, unknown] = [(foreign.1, theirs), (unknown.1, nobody.as_str())]
        .map(|(answer, id)| answer.replace(id, ""));
    let [foreign, unknown] = [&foreign, &unknown].map(|answer| without_trace(answer));
    assert_eq!(foreign, unknown, "{what} tells them apart");
    2
}

/// As [`tried`], with ids in the path, which calls them `name`.
async fn tried_in_path(
    (path, method): (&str, &str),
    name: &str,
    own: &Side,
    other: &Side,
) -> usize {
    let verb: Method = method.to_uppercase().parse().expect("a method");
    let browser = &own.browser;
    let what = format!("{method} {path}");
    let mut requests = 0;
    let (mine, theirs) = match name {
        "conversation_id" => (&own.conversations[..], &other.conversations[..]),
        "message_id" => (&own.messages[..], &other.messages[..]),
        "channel_id" => (from_ref(&own.channel), from_ref(&other.channel)),
        "member_id" => (from_ref(&own.member), from_ref(&other.member)),
        "attribute_id" => (from_ref(&own.attribute), from_ref(&other.attribute)),
        "away_state_id" => (from_ref(&own.away_state), from_ref(&other.away_state)),
        "invitation_id" => (from_ref(&own.invitation), from_ref(&other.invitation)),
        "contact_id" => (from_ref(&own.contact), from_ref(&other.contact)),
        "note_id" => (from_ref(&own.note), from_ref(&other.note)),
        "id" => (from_ref(&own.notification), from_ref(&other.notification)),
        _ => panic!("{what}: fill in {name} here"),
    };
    // What else stands in the path is one's own.
    let at = |id: &str| {
        let path = path.replace(&format!("{{{name}}}"), id).replace("{mode}", "note");
        path.replace("{attribute_id}", &own.attribute)
    };
    let body = body_of(path, method, own);
    // It is there for its own side: what is refused then is refused for the state it is in.
    let (status, answer) = browser.ask(verb.clone(), &at(&mine[0]), body.as_ref()).await;
    if method == "get" {
        assert_eq!(status, 200, "{what} with an id of its own: {answer}");
    } else {
        let is_known = status < 400 || status == 409 || status == 403;
        assert!(is_known, "{what} with an id of its own: {status} {answer}");
    }
    other.assert_unseen_in(&answer, &what);
    for id in theirs.iter().take(3) {
        let (status, answer) = browser.ask(verb.clone(), &at(id), body.as_ref()).await;
        assert_eq!(status, 404, "{what} with a foreign id: {answer}");
        // The id itself was in the question.
        other.assert_unseen_in(&answer.replace(id, ""), &what);
        // Exactly what an id that nobody has is answered with, the trace id aside.
        let prefix = id.split('_').next().expect("an id has a prefix");
        let nobody = format!("{prefix}_{}", kit_values::mint_uuid().simple());
        let (status, unknown) = browser.ask(verb.clone(), &at(&nobody), body.as_ref()).await;
        assert_eq!(status, 404, "{what}: {unknown}");
        assert_eq!(without_trace(&answer), without_trace(&unknown), "{what} tells them apart");
        requests += 2;
    }
    requests
}

/// The body of a request that does something to a conversation or a message.
fn body_of(path: &str, method: &str, own: &Side) -> Option<Value> {
    let key = format!("key-{}", kit_values::mint_uuid().simple());
    let last = path.rsplit('/').next().unwrap_or_default();
    match (last, method) {
        (_, "get")
        | ("take" | "unassign" | "password-reset" | "restore", "post")
        | ("{attribute_id}" | "{invitation_id}" | "{note_id}" | "{mode}", "delete") => None,
        ("{attribute_id}", "put") => Some(json!({ "value": "a value", "rev": 0 })),
        ("capacity", "put") => Some(json!({ "capacity": null })),
        ("{mode}", "put") => {
            Some(json!({ "text": "a draft", "written_at": "2026-11-23T10:00:00Z" }))
        }
        ("notes", "post") => Some(json!({ "key": key, "text": "a note", "message_id": null })),
        ("{note_id}", "patch") => Some(json!({ "text": "another", "rev": -1 })),
        ("actions", "post") => {
            Some(json!({ "key": key, "action": "like", "channel_id": own.channel }))
        }
        ("outcome", "post") => Some(json!({ "means": "in_app", "outcome": "shown" })),
        ("reminder", "put") => {
            let due = kit_values::now() + time::Duration::DAY;
            let due = due.format(&time::format_description::well_known::Rfc3339).expect("RFC 3339");
            Some(json!({ "key": key, "due_at": due, "note": "" }))
        }
        ("{message_id}" | "reminder", "delete") | ("retry", "post") => Some(json!({ "key": key })),
        ("{attribute_id}" | "{away_state_id}" | "{channel_id}" | "{member_id}", "patch") => {
            Some(json!({ "rev": -1 }))
        }
        ("access", "put") => Some(json!({ "entries": [], "rev": -1 })),
        ("assign", "post") => Some(json!({ "member_id": own.member })),
        ("lock", "put") => Some(json!({ "take_over": false })),
        ("lock", "delete") => Some(json!({ "fence": 1 })),
        ("replies", "post") => Some(reply(&key, &own.channel, &own.messages[1])),
        ("state", "post") => Some(json!({ "key": key, "to": "new", "seen_through": 0 })),
        ("settle", "post") => Some(json!({ "sent": false })),
        _ => panic!("{method} {path} is new: say here what its body is"),
    }
}

/// A reply that nobody can accept: a conversation that was not read to its end.
fn reply(key: &str, channel: &str, to: &str) -> Value {
    json!({
        "key": key,
        "kind": "reply",
        "channel_id": channel,
        "in_reply_to": to,
        "text": "an answer",
        "seen_through": 0,
        "fence": 0,
        "shorten_links": false,
        "despite_newer": false,
    })
}

/// What is another's is refused exactly as what is nobody's.
fn assert_alike(what: &str, foreign: &(u16, String), unknown: &(u16, String)) {
    assert!((400..500).contains(&foreign.0), "{what} with a foreign id: {foreign:?}");
    assert_eq!(foreign.0, unknown.0, "{what} tells them apart: {foreign:?} {unknown:?}");
    assert_eq!(without_trace(&foreign.1), without_trace(&unknown.1), "{what} tells them apart");
}

/// Foreign ids in the bodies of requests about what is one's own.
async fn named_in_bodies(own: &Side, other: &Side) {
    let path = format!("/api/v1/conversations/{}", own.conversations[0]);
    let fresh = |prefix: &str| format!("{prefix}_{}", kit_values::mint_uuid().simple());
    let post = async |last: &str, body: Value| {
        own.browser.ask(Method::POST, &format!("{path}/{last}"), Some(&body)).await
    };
    let assign = async |member: &str| post("assign", json!({ "member_id": member })).await;
    let (foreign, unknown) = (assign(&other.member).await, assign(&fresh("mem")).await);
    assert_alike("assigning to a foreign member", &foreign, &unknown);
    let (key, mine) = (fresh("key"), &own.messages[1]);
    let by = async |channel: &str| post("replies", reply(&key, channel, mine)).await;
    let (foreign, unknown) = (by(&other.channel).await, by(&fresh("chan")).await);
    assert_alike("replying by a foreign account", &foreign, &unknown);
    let to = async |message: &str| post("replies", reply(&key, &own.channel, message)).await;
    let (foreign, unknown) = (to(&other.messages[1]).await, to(&fresh("msg")).await);
    assert_alike("replying to a foreign message", &foreign, &unknown);
}

fn without_trace(problem: &str) -> Value {
    let mut problem: Value = serde_json::from_str(problem).expect("a problem is JSON");
    problem.as_object_mut().expect("an object").remove("trace_id");
    problem
}

#[tokio::test(flavor = "multi_thread")]
async fn no_route_and_no_socket_shows_one_organization_what_is_anothers() {
    let world = World::start(&Secrets::with("crossed"), &[]).await;
    let sides = sides(&world).await;
    let description = sides[0].browser.json("/api/v1/openapi.json").await;
    let (mut operations, mut requests) = (0, 0);
    for (own, other) in [(0, 1), (1, 0)] {
        let (own, other) = (&sides[own], &sides[other]);
        for (path, methods) in description["paths"].as_object().expect("paths") {
            let mut methods: Vec<_> = methods.as_object().expect("methods").iter().collect();
            // What is deleted can be tried in no other way afterwards.
            methods.sort_by_key(|(method, _)| *method == "delete");
            for (method, operation) in methods {
                requests += tried(&description, (path, method, operation), own, other).await;
                operations += 1;
            }
        }
        named_in_bodies(own, other).await;
        // A session's token against forged requests is no other session's.
        let mut forged = own.browser.clone();
        forged.csrf.clone_from(&other.browser.csrf);
        let ids = json!({ "ids": [own.conversations[0]] });
        let (status, answer) =
            forged.ask(Method::POST, "/api/v1/conversations/batch", Some(&ids)).await;
        assert_eq!(status, 403, "a foreign csrf token: {answer}");
    }
    println!("figure: {operations} operations of the API, {requests} requests with foreign ids");
    assert!(operations >= 2 * 26, "only {operations} operations are described");
    sockets(&world, &sides).await;

    // Signing out ends one's own session alone.
    let (status, answer) = sides[0].browser.ask(Method::DELETE, "/api/v1/session", None).await;
    assert_eq!(status, 204, "{answer}");
    assert_eq!(sides[0].browser.get("/api/v1/session").await.0, 401);
    assert_eq!(sides[1].browser.get("/api/v1/session").await.0, 200);
    world.up.stop();
}

/// Each side watches with a conversation of the other open, and from a cursor of the other.
async fn sockets(world: &World, sides: &[Side; 2]) {
    let mut cursors = Vec::new();
    for side in sides {
        let bootstrap = side.browser.json("/api/v1/bootstrap").await;
        cursors.push(bootstrap["cursor"].as_str().expect("a cursor").to_owned());
    }
    let mut watched = Vec::new();
    for (own, other) in [(0, 1), (1, 0)] {
        let foreign = sides[other].conversations[0].clone();
        let browser = &sides[own].browser;
        watched.push((own, other, browser.live(&cursors[own], Some(&foreign)).await));
        // A cursor is a place in the streams, which all organizations share; what is served from
        // it is not.
        watched.push((own, other, browser.live(&cursors[other], Some(&foreign)).await));
    }
    let text = |side: usize| format!("live word {side} of {}", sides[side].tenant.organization);
    for (side, number) in [(0, 10), (1, 20)] {
        // A new message of a customer who has a conversation, and one who has none.
        for number in [1_000 + number, 2_000 + number] {
            assert_eq!(world.mention(&sides[side].tenant, number, &text(side)).await, 200);
        }
    }
    let shown_to_each = async |text: &(dyn Fn(usize) -> String + Sync)| {
        kit_testkit::eventually(PATIENCE, "each side is shown its own", async || {
            watched.iter().all(|(own, _, socket)| {
                let shown = socket.shown();
                shown.contains("\"t\":\"welcome\"") && shown.contains(&text(*own))
            })
        })
        .await;
    };
    shown_to_each(&text).await;
    // Each socket is told what happens in its order: after these, nothing of before is still to
    // come.
    let end = |side: usize| format!("last word {side} of {}", sides[side].tenant.organization);
    for (side, number) in [(0, 3_010), (1, 3_020)] {
        assert_eq!(world.mention(&sides[side].tenant, number, &end(side)).await, 200);
    }
    shown_to_each(&end).await;
    let mut frames = 0;
    for (own, other, socket) in &watched {
        let marks = world.marks(sides[*other].tenant.organization).await;
        // Who looks at it from this side is told by the id that this side asked with.
        let asked = &sides[*other].conversations[0];
        let shown: Vec<String> = socket
            .shown()
            .lines()
            .map(|frame| {
                let is_of_viewers = frame.contains("\"k\":\"viewers\"");
                if is_of_viewers { frame.replace(asked.as_str(), "") } else { frame.to_owned() }
            })
            .collect();
        let shown = shown.join("\n");
        frames += shown.lines().count();
        for mark in marks {
            let frame = shown.lines().find(|frame| frame.contains(&mark));
            assert!(frame.is_none(), "the socket of side {own} shows {mark}: {frame:?}");
        }
    }
    println!("figure: {frames} frames on {} sockets, none of another's", watched.len());
}
