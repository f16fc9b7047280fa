//! Who may do what: one table of every route, tried by everybody.
//!
//! A viewer reads and writes notes; a contributor answers; a supervisor assigns to others; an
//! admin sets things up. The service that owns the data decides; here it is looked at from where
//! people are.

use std::collections::{BTreeMap, BTreeSet};

use kit_testkit::eventually;
use reqwest::Method;
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::world::{PATIENCE, Secrets, World};

/// From whom on a route may be used; everybody behind may as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Since {
    /// Without signing in.
    Anybody,
    Viewer,
    Contributor,
    Supervisor,
    Admin,
}

/// Method, path, from whom on. A route that is not here fails the test: say who may use it.
const ROUTES: &[(&str, &str, Since)] = {
    use Since::{Admin, Anybody, Contributor, Supervisor, Viewer};
    &[
        ("put", "/account/password", Viewer),
        ("post", "/account/sign-out-everywhere", Viewer),
        ("get", "/audit", Admin),
        ("get", "/availability", Viewer),
        ("put", "/availability", Viewer),
        ("put", "/availability/default", Viewer),
        ("get", "/away-states", Viewer),
        ("get", "/bootstrap", Viewer),
        ("get", "/channels", Viewer),
        ("patch", "/channels/{channel_id}", Admin),
        ("get", "/channels/{channel_id}/access", Admin),
        ("put", "/channels/{channel_id}/access", Admin),
        ("get", "/contacts/{contact_id}", Viewer),
        ("put", "/contacts/{contact_id}/attributes/{attribute_id}", Contributor),
        ("get", "/conversations", Viewer),
        ("post", "/conversations/batch", Viewer),
        // Each conversation has its own answer.
        ("post", "/conversations/bulk", Viewer),
        ("get", "/conversations/index", Viewer),
        ("get", "/conversations/{conversation_id}", Viewer),
        ("get", "/conversations/{conversation_id}/activity", Viewer),
        // Taken before it is somebody else's.
        ("post", "/conversations/{conversation_id}/take", Contributor),
        ("post", "/conversations/{conversation_id}/unassign", Contributor),
        ("post", "/conversations/{conversation_id}/assign", Supervisor),
        ("put", "/conversations/{conversation_id}/drafts/{mode}", Viewer),
        ("delete", "/conversations/{conversation_id}/drafts/{mode}", Viewer),
        ("get", "/conversations/{conversation_id}/explanations", Viewer),
        ("put", "/conversations/{conversation_id}/lock", Contributor),
        ("delete", "/conversations/{conversation_id}/lock", Contributor),
        ("get", "/conversations/{conversation_id}/messages", Viewer),
        ("get", "/conversations/{conversation_id}/notes", Viewer),
        ("post", "/conversations/{conversation_id}/notes", Viewer),
        ("put", "/conversations/{conversation_id}/reminder", Contributor),
        ("delete", "/conversations/{conversation_id}/reminder", Contributor),
        ("post", "/conversations/{conversation_id}/replies", Contributor),
        ("post", "/conversations/{conversation_id}/state", Contributor),
        ("get", "/drafts", Viewer),
        ("get", "/invitations", Admin),
        ("post", "/invitations", Admin),
        ("post", "/invitations/accept", Anybody),
        ("post", "/invitations/look", Anybody),
        ("delete", "/invitations/{invitation_id}", Admin),
        ("post", "/links/preview", Viewer),
        ("get", "/live", Viewer),
        ("get", "/members", Admin),
        ("patch", "/members/{member_id}", Admin),
        ("put", "/members/{member_id}/capacity", Supervisor),
        ("post", "/members/{member_id}/password-reset", Admin),
        ("delete", "/messages/{message_id}", Contributor),
        ("post", "/messages/{message_id}/actions", Contributor),
        ("post", "/messages/{message_id}/retry", Contributor),
        ("post", "/messages/{message_id}/settle", Contributor),
        ("patch", "/notes/{note_id}", Supervisor),
        ("delete", "/notes/{note_id}", Supervisor),
        ("post", "/notes/{note_id}/restore", Supervisor),
        ("get", "/notes/{note_id}/versions", Viewer),
        ("get", "/notification-preferences", Viewer),
        ("put", "/notification-preferences", Viewer),
        ("get", "/notifications", Viewer),
        ("post", "/notifications/read", Viewer),
        ("post", "/notifications/test", Viewer),
        ("post", "/notifications/{id}/outcome", Viewer),
        ("post", "/password-resets", Anybody),
        ("post", "/password-resets/complete", Anybody),
        ("get", "/preferences", Viewer),
        ("put", "/preferences", Viewer),
        ("get", "/push-subscriptions/key", Viewer),
        ("post", "/push-subscriptions", Viewer),
        ("delete", "/push-subscriptions", Viewer),
        ("get", "/search", Viewer),
        ("post", "/session", Anybody),
        ("get", "/session", Viewer),
        ("delete", "/session", Viewer),
        ("get", "/settings/away-states", Viewer),
        ("post", "/settings/away-states", Supervisor),
        ("put", "/settings/away-states/order", Supervisor),
        ("patch", "/settings/away-states/{away_state_id}", Supervisor),
        ("get", "/settings/contact-attributes", Viewer),
        ("post", "/settings/contact-attributes", Admin),
        ("put", "/settings/contact-attributes/order", Admin),
        ("patch", "/settings/contact-attributes/{attribute_id}", Admin),
        ("delete", "/settings/contact-attributes/{attribute_id}", Admin),
        ("get", "/settings/link-shortening", Admin),
        ("put", "/settings/link-shortening", Admin),
        ("post", "/settings/link-shortening/bitly", Admin),
        ("delete", "/settings/link-shortening/bitly", Admin),
        ("get", "/settings/link-shortening/bitly/authorize", Admin),
        // A page either way, which says what became of it.
        ("get", "/settings/link-shortening/bitly/callback", Viewer),
        ("post", "/settings/link-shortening/test", Admin),
        ("get", "/team", Viewer),
        ("put", "/team/capacity", Supervisor),
        ("get", "/welcome", Anybody),
        ("post", "/welcome", Anybody),
    ]
};

/// Everybody, with what they may do to a conversation of a restricted channel.
const PEOPLE: [(&str, Since); 4] = [
    ("lea", Since::Viewer),
    ("noah", Since::Contributor),
    ("sacha", Since::Supervisor),
    ("camille", Since::Admin),
];

/// What the routes are tried on.
struct Things {
    channel: String,
    conversation: String,
    message: String,
    /// What somebody of ours wrote there.
    reply: String,
    contact: String,
    attribute: String,
    away_state: String,
    note: String,
    /// Somebody other than who asks.
    member: String,
}

fn key() -> String {
    format!("key-{}", kit_values::mint_uuid().simple())
}

fn tomorrow() -> String {
    let tomorrow = kit_values::now() + time::Duration::DAY;
    tomorrow.format(&time::format_description::well_known::Rfc3339).expect("RFC 3339")
}

impl Things {
    fn path(&self, path: &str) -> String {
        let invitation = format!("inv_{}", kit_values::mint_uuid().simple());
        let notification = format!("ntf_{}", kit_values::mint_uuid().simple());
        let filled = [
            ("{channel_id}", self.channel.as_str()),
            ("{conversation_id}", &self.conversation),
            ("{message_id}", &self.message),
            ("{contact_id}", &self.contact),
            ("{attribute_id}", &self.attribute),
            ("{away_state_id}", &self.away_state),
            ("{note_id}", &self.note),
            ("{member_id}", &self.member),
            ("{invitation_id}", &invitation),
            ("{id}", &notification),
            ("{mode}", "note"),
        ];
        let of_reply = path.ends_with("/retry") || path.ends_with("/settle");
        let path =
            if of_reply { path.replace("{message_id}", &self.reply) } else { path.to_owned() };
        let path = filled.iter().fold(path, |path, (name, id)| path.replace(name, id));
        match path.as_str() {
            "/conversations" | "/conversations/index" => format!("/api/v1{path}?queue=all"),
            "/search" => "/api/v1/search?q=parcel".to_owned(),
            "/settings/link-shortening/bitly/callback" => {
                format!("/api/v1{path}?code=none&state=none")
            }
            _ => format!("/api/v1{path}"),
        }
    }

    /// What may be asked for, as far as rights are concerned; it need not succeed.
    fn body(&self, method: &str, path: &str) -> Option<Value> {
        let last = path.rsplit('/').next().unwrap_or_default();
        let wrong = "no password of anybody";
        Some(match (method, path) {
            ("get", _) => return None,
            ("put", "/account/password") => json!({ "current": wrong, "new": wrong }),
            ("put", "/availability") => {
                json!({ "availability": "away", "away_state_id": null, "keep_conversations": true })
            }
            ("put", "/availability/default") => json!({ "availability": "away" }),
            ("patch", "/channels/{channel_id}") => json!({ "display_name": "Quai", "rev": 0 }),
            ("put", "/channels/{channel_id}/access") => json!({ "entries": [], "rev": -1 }),
            ("put", "/contacts/{contact_id}/attributes/{attribute_id}") => {
                json!({ "value": "fr", "rev": 0 })
            }
            ("post", "/conversations/batch") => json!({ "ids": [self.conversation] }),
            ("post", "/conversations/bulk") => json!({
                "key": key(), "conversation_ids": [self.conversation],
                "action": { "to": "pending" }, "seen_through": {}
            }),
            ("post", "/conversations/{conversation_id}/assign") => {
                json!({ "member_id": self.member })
            }
            ("put", "/conversations/{conversation_id}/drafts/{mode}") => {
                json!({ "text": "a draft", "written_at": "2026-11-23T10:00:00Z" })
            }
            ("put", "/conversations/{conversation_id}/lock") => json!({ "take_over": false }),
            ("delete", "/conversations/{conversation_id}/lock") => json!({ "fence": 1 }),
            ("post", "/conversations/{conversation_id}/notes") => {
                json!({ "key": key(), "text": "a note", "message_id": null })
            }
            ("put", "/conversations/{conversation_id}/reminder") => {
                json!({ "key": key(), "due_at": tomorrow(), "note": "" })
            }
            ("post", "/conversations/{conversation_id}/replies") => json!({
                "key": key(), "kind": "reply", "channel_id": self.channel,
                "in_reply_to": self.message, "text": "an answer", "seen_through": 0, "fence": 0,
                "shorten_links": false, "despite_newer": false
            }),
            ("post", "/conversations/{conversation_id}/state") => {
                json!({ "key": key(), "to": "new", "seen_through": 0 })
            }
            ("post", "/invitations") => {
                json!({ "login": "noah", "display_name": "Noah", "roles": ["agent"] })
            }
            ("post", "/invitations/look" | "/settings/link-shortening/bitly") => {
                json!({ "token": "none" })
            }
            ("post", "/invitations/accept" | "/password-resets/complete") => {
                json!({ "token": "none", "password": wrong })
            }
            ("post", "/links/preview") => json!({ "text": "https://quai.example" }),
            ("patch", "/members/{member_id}") => json!({ "rev": 0 }),
            ("put", "/members/{member_id}/capacity") => json!({ "capacity": null }),
            ("post", "/messages/{message_id}/actions") => {
                json!({ "key": key(), "action": "like", "channel_id": self.channel })
            }
            ("delete", "/messages/{message_id}") => json!({ "key": key() }),
            ("post", "/messages/{message_id}/settle") => json!({ "sent": false }),
            ("patch", "/notes/{note_id}") => json!({ "text": "another", "rev": -1 }),
            ("put", "/notification-preferences") => {
                json!({ "matrix": {}, "sound": { "volume": 50 }, "rev": -1 })
            }
            ("post", "/notifications/read") => json!({ "all": true }),
            ("post", "/notifications/test") => json!({ "means": "in_app" }),
            ("post", "/notifications/{id}/outcome") => {
                json!({ "means": "in_app", "outcome": "shown" })
            }
            ("post", "/password-resets") => json!({ "login": "nobody at all" }),
            ("put", "/preferences") => json!({
                "appearance": "dark", "language": "fr",
                "keyboard": { "single_letters": true, "send_with_enter": false }, "rev": -1
            }),
            ("post", "/push-subscriptions") => json!({
                "endpoint": "http://nowhere", "keys": { "p256dh": "", "auth": "" }
            }),
            ("delete", "/push-subscriptions") => json!({ "endpoint": "http://nowhere" }),
            ("post", "/session") => json!({ "login": "nobody at all", "password": wrong }),
            ("post", "/settings/away-states") => json!({ "name": "" }),
            ("put", "/settings/away-states/order") => json!({ "away_state_ids": [], "rev": -1 }),
            ("post", "/settings/contact-attributes") => json!({ "name": "", "type": "text" }),
            ("put", "/settings/contact-attributes/order") => {
                json!({ "attribute_ids": [], "rev": -1 })
            }
            (
                "patch",
                "/settings/away-states/{away_state_id}"
                | "/settings/contact-attributes/{attribute_id}",
            ) => json!({ "rev": -1 }),
            ("put", "/settings/link-shortening") => {
                json!({ "provider": "built_in", "group": null, "domain": null, "rev": -1 })
            }
            ("put", "/team/capacity") => json!({ "capacity": 5, "hard_limit": 10 }),
            ("post", "/welcome") => json!({
                "token": "none",
                "organization": { "name": "Quai", "language": "fr", "time_zone": "Europe/Paris" },
                "admin": { "login": "x", "display_name": "X", "password": wrong }
            }),
            _ if last == "retry" || path.ends_with("/reminder") => json!({ "key": key() }),
            _ => return None,
        })
    }
}

/// Restricts every channel, and says who may do what there.
async fn restrict(admin: &Browser, members: &BTreeMap<String, String>) -> String {
    let channels = admin.json("/api/v1/channels").await;
    let channels = channels["channels"].as_array().expect("channels").clone();
    for channel in &channels {
        let path = format!("/api/v1/channels/{}", channel["channel_id"].as_str().expect("an id"));
        let change = json!({ "restricted": true, "rev": channel["rev"] });
        let (status, answer) = admin.ask(Method::PATCH, &path, Some(&change)).await;
        assert_eq!(status, 200, "{answer}");
        let entries = json!({ "entries": [
            { "member_id": members["lea"], "access": "viewer" },
            { "member_id": members["noah"], "access": "contributor" },
        ]});
        let (status, answer) =
            admin.ask(Method::PUT, &format!("{path}/access"), Some(&entries)).await;
        assert_eq!(status, 200, "{answer}");
    }
    let x = channels.iter().find(|channel| channel["network"] == "x").expect("one on X");
    x["channel_id"].as_str().expect("an id").to_owned()
}

/// One conversation, its message and contact, and a note of the admin.
async fn things(world: &World, admin: &Browser, channel: String, member: String) -> Things {
    assert_eq!(world.mention(&world.demo, 1, "where is my parcel, please?").await, 200);
    eventually(PATIENCE, "the conversation is there", async || {
        !admin.conversations("all").await.is_empty()
    })
    .await;
    let conversation = admin.conversations("all").await[0].clone();
    let row = admin.json(&format!("/api/v1/conversations/{conversation}")).await;
    let messages = admin.json(&format!("/api/v1/conversations/{conversation}/messages")).await;
    let attributes = admin.json("/api/v1/settings/contact-attributes").await;
    let away_states = admin.json("/api/v1/settings/away-states").await;
    let note = json!({ "key": key(), "text": "a note of the admin", "message_id": null });
    let path = format!("/api/v1/conversations/{conversation}/notes");
    let (status, note) = admin.ask(Method::POST, &path, Some(&note)).await;
    assert_eq!(status, 201, "{note}");
    let note: Value = serde_json::from_str(&note).expect("JSON");
    let answers = row["answers"].as_array().expect("answers");
    let answer = answers.iter().find(|answer| answer["available"] == true).expect("a way");
    let reply = json!({
        "key": key(), "kind": answer["kind"], "channel_id": answer["channel_id"],
        "in_reply_to": answer["in_reply_to"], "text": "an answer", "seen_through": 1_000,
        "fence": 0, "shorten_links": false, "despite_newer": false
    });
    let path = format!("/api/v1/conversations/{conversation}/replies");
    let (status, reply) = admin.ask(Method::POST, &path, Some(&reply)).await;
    assert_eq!(status, 201, "{reply}");
    let reply: Value = serde_json::from_str(&reply).expect("JSON");
    let text = |value: &Value| value.as_str().expect("an id").to_owned();
    Things {
        reply: text(&reply["message"]["id"]),
        channel,
        message: text(&messages["messages"][0]["id"]),
        contact: text(&row["contact"]["id"]),
        attribute: text(&attributes["attributes"][0]["attribute_id"]),
        away_state: text(&away_states["away_states"][0]["id"]),
        note: text(&note["note"]["note_id"]),
        conversation,
        member,
    }
}

/// What the gateway's own description has that the table has not, or the other way round.
fn differences(description: &Value) -> Vec<String> {
    let paths = description["paths"].as_object().expect("paths");
    let described: BTreeSet<(String, String)> = paths
        .iter()
        .flat_map(|(path, operations)| {
            let path = path.strip_prefix("/api/v1").unwrap_or(path).to_owned();
            let operations = operations.as_object().expect("operations");
            operations.keys().map(move |method| (method.clone(), path.clone()))
        })
        .collect();
    let table: BTreeSet<(String, String)> =
        ROUTES.iter().map(|(method, path, _)| ((*method).to_owned(), (*path).to_owned())).collect();
    let sides = [
        ("missing in the table", described.difference(&table)),
        ("gone", table.difference(&described)),
    ];
    sides
        .into_iter()
        .flat_map(|(what, routes)| {
            routes.map(move |(method, path)| format!("{what}: {method} {path}"))
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_is_for_those_who_may_use_it() {
    let world = World::start(&Secrets::with("rights"), &[]).await;
    let gateway = world.gateway();
    let passwords = world.demo_passwords();
    let sign_in = async |login: &str| Browser::sign_in(&gateway, login, &passwords[login]).await;
    let admin = sign_in("camille").await;
    let description = admin.json("/api/v1/openapi.json").await;
    let differences = differences(&description);
    assert!(differences.is_empty(), "{differences:#?}");

    let members = admin.json("/api/v1/members").await;
    let members = members["members"].as_array().expect("members").iter().map(|member| {
        let text = |name: &str| member[name].as_str().expect("text").to_owned();
        (text("login"), text("member_id"))
    });
    let members: BTreeMap<String, String> = members.collect();
    let channel = restrict(&admin, &members).await;
    let things = things(&world, &admin, channel, members["camille"].clone()).await;
    let lea = sign_in("lea").await;
    eventually(PATIENCE, "everybody has heard of who may do what", async || {
        let (status, _) = lea
            .ask(
                Method::PUT,
                &things.path("/conversations/{conversation_id}/lock"),
                Some(&json!({ "take_over": false })),
            )
            .await;
        status == 403
    })
    .await;

    let mut wrong = Vec::new();
    let stranger = Browser::stranger(&gateway);
    for (method, path, from) in ROUTES {
        let verb: Method = method.to_uppercase().parse().expect("a method");
        let ask = async |browser: &Browser| {
            let body = things.body(method, path);
            browser.ask(verb.clone(), &things.path(path), body.as_ref()).await
        };
        let (status, answer) = ask(&stranger).await;
        let is_refused = status == 401 && answer.contains("not_signed_in");
        if is_refused == (*from == Since::Anybody) {
            wrong.push(format!("{method} {path} by nobody: {status} {answer}"));
        }
        for (login, role) in PEOPLE {
            // A session of its own: some routes end it.
            let browser = sign_in(login).await;
            let (status, answer) = ask(&browser).await;
            let is_refused = status == 403;
            if is_refused == (role >= *from)
                || (status == 401 && *path != "/session")
                || status >= 500
            {
                wrong.push(format!("{method} {path} by {role:?}: {status} {answer}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));

    // Whoever does not come in by an account is not told that there is one.
    let seen = async |login: &str, path: &str| {
        sign_in(login).await.json(path).await["channels"].to_string().contains(&things.channel)
    };
    assert!(seen("lea", "/api/v1/bootstrap").await && seen("lea", "/api/v1/channels").await);
    let path = things.path("/channels/{channel_id}/access");
    let nobody = json!({ "entries": [] });
    let (status, answer) = sign_in("camille").await.ask(Method::PUT, &path, Some(&nobody)).await;
    assert_eq!(status, 200, "{answer}");
    for (login, expected) in [("lea", false), ("noah", false), ("sacha", true), ("camille", true)] {
        for path in ["/api/v1/bootstrap", "/api/v1/channels"] {
            assert_eq!(seen(login, path).await, expected, "{path} by {login}");
        }
    }
    println!("{} routes × 5 were tried", ROUTES.len());
}
