//! Notes, actions, contacts and activity: what a browser says reaches conversation whole, on behalf
//! of its member, and what happens reaches whoever looks at it.

use kit_values::{Class, Fault};
use proto::conversation::v1 as conversation;
use proto::conversation::v1::conversation_event::Fact;
use proto::network::v1::{Author, Identity, Network};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::peers::{fresh_id, uuid_of};
use crate::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn a_note_is_written_changed_deleted_and_restored_for_its_member() {
    let (world, gateway) = World::with_gateway().await;
    let browser = world.signed_in(&gateway, "amelie").await;
    let amelie = world.peers.held().members["amelie"].1.member_id.clone();
    let conversation = world.peers.add_conversation(world.own);
    let (message, _) = world.peers.add_message(world.own, &conversation, "Bonjour");
    let path = format!("/api/v1/conversations/{conversation}/notes");
    let wanted = json!({"key": "k1", "text": "ask Ana", "message_id": message});
    let response = browser.post(&path, &wanted).await;
    assert_eq!(response.status(), StatusCode::CREATED);
    let written: Value = response.json().await.expect("JSON");
    let note = &written["note"];
    assert_eq!((&note["text"], &note["name"]), (&"ask Ana".into(), &"amelie of Quai".into()));
    assert_eq!((&note["mine_to_change"], &note["message_id"]), (&true.into(), &message.into()));
    let (member, asked) = world.peers.held().asked.last().cloned().expect("asked");
    assert_eq!(member, uuid_of(&amelie), "on behalf of the member");
    assert!(asked.contains("idempotency_key: \"k1\""), "{asked}");

    let listed = browser.get_json(&path).await;
    assert_eq!(listed["notes"].as_array().map(Vec::len), Some(1));
    let id = note["note_id"].as_str().expect("an id").to_owned();
    let own = format!("/api/v1/notes/{id}");
    let change = json!({"text": "ask Ana today", "rev": 1});
    let changed = browser.done(Method::PATCH, &own, &change).await;
    assert_eq!(
        (&changed["note"]["text"], &changed["note"]["rev"]),
        (&"ask Ana today".into(), &2.into())
    );
    let deleted = browser.done(Method::DELETE, &own, &json!({})).await;
    assert_eq!(deleted["note"]["deleted_at"], "2023-11-14T22:13:20Z");
    let restored = browser.done(Method::POST, &format!("{own}/restore"), &json!({})).await;
    assert!(restored["note"]["deleted_at"].is_null());
    let versions = browser.get_json(&format!("{own}/versions")).await;
    assert_eq!(versions["versions"][0]["name"], "amelie of Quai");

    let refused: fn() -> Fault = || Fault::new(Class::Rejected, "note_changed", "No.");
    world.peers.held().refusal = Some(refused);
    let response = browser.request(Method::PATCH, &own).json(&change).send().await;
    let response = response.expect("answered");
    assert_eq!(response.status(), StatusCode::CONFLICT);
    assert_eq!(response.json::<Value>().await.expect("JSON")["code"], "note_changed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_reaches_whoever_has_its_conversation_open_and_nobody_else() {
    let (world, gateway) = World::with_gateway().await;
    let browser = world.signed_in(&gateway, "amelie").await;
    let conversation = world.peers.add_conversation(world.own);
    let amelie = world.peers.held().members["amelie"].1.member_id.clone();
    let (mut open, _) = browser.socket(&browser.cursor().await, Some(&conversation)).await;
    let (mut elsewhere, _) = browser.socket(&browser.cursor().await, None).await;
    let note = world.peers.add_note(world.own, &conversation, "ask Ana", &amelie);
    let changed = conversation::NoteChanged {
        note_id: note.clone(),
        note_rev: 1,
        ..conversation::NoteChanged::default()
    };
    world.tell(world.own, &conversation, Some(Fact::NoteChanged(changed))).await;
    let told = open.until(|event| event["k"] == "note.upsert").await;
    assert_eq!(
        (&told["d"]["note_id"], &told["d"]["name"]),
        (&note.into(), &"amelie of Quai".into())
    );
    assert!(told["d"]["mine_to_change"].is_null(), "a frame is for everybody");
    let rest = elsewhere.within(std::time::Duration::from_millis(400)).await;
    assert!(rest.iter().all(|event| event["k"] != "note.upsert"), "{rest:?}");

    let contact = fresh_id("contact");
    let changed = conversation::ContactChanged { contact_id: contact.clone() };
    world.tell(world.own, &conversation, Some(Fact::ContactChanged(changed))).await;
    for socket in [&mut open, &mut elsewhere] {
        let told = socket.until(|event| event["k"] == "contact.upsert").await;
        assert_eq!(told["d"], json!({"contact_id": contact}));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_action_is_asked_for_and_what_became_of_it_is_told_with_the_message() {
    let (world, gateway) = World::with_gateway().await;
    let browser = world.signed_in(&gateway, "amelie").await;
    let conversation = world.peers.add_conversation(world.own);
    let (message, _) = world.peers.add_message(world.own, &conversation, "Bonjour");
    let (other, _) = world.peers.add_message(world.own, &conversation, "Encore");
    let (mut open, _) = browser.socket(&browser.cursor().await, Some(&conversation)).await;
    let path = format!("/api/v1/messages/{message}/actions");
    let wanted = json!({"key": "k1", "action": "like", "channel_id": "chan_1"});
    let acted = browser.done(Method::POST, &path, &wanted).await;
    let liked = &acted["message"]["acts"]["liked"];
    assert_eq!((&liked["state"], &liked["name"]), (&"turning_on".into(), &"amelie of Quai".into()));
    assert_eq!(acted["message"]["actions"][0]["action"], "unlike");
    let changed = conversation::ActionChanged { message_id: message.clone(), ..Default::default() };
    world.tell(world.own, &conversation, Some(Fact::ActionChanged(changed))).await;
    let told = open.until(|event| event["k"] == "message.upsert").await;
    assert_eq!(told["d"]["acts"]["liked"]["state"], "turning_on");
    // A follow shows on everything that the author wrote.
    let changed = conversation::ActionChanged { message_id: message.clone(), of_author: true };
    world.tell(world.own, &conversation, Some(Fact::ActionChanged(changed))).await;
    let mut seen = std::collections::BTreeSet::new();
    while seen.len() < 2 {
        let told = open.events().await;
        let messages = told.iter().filter(|event| event["k"] == "message.upsert");
        seen.extend(messages.filter_map(|event| event["d"]["id"].as_str().map(str::to_owned)));
    }
    assert_eq!(seen, [message.clone(), other].into());

    let own = format!("/api/v1/messages/{message}");
    browser.done(Method::DELETE, &own, &json!({"key": "k2"})).await;
    let (_, asked) = world.peers.held().asked.last().cloned().expect("asked");
    assert!(asked.starts_with("DeleteMessageRequest") && asked.contains("k2"), "{asked}");
    let unknown = json!({"key": "k3", "action": "poke", "channel_id": "chan_1"});
    let response = browser.post(&path, &unknown).await;
    assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_is_shown_with_what_is_known_and_edited() {
    let (world, gateway) = World::with_gateway().await;
    let browser = world.signed_in(&gateway, "amelie").await;
    let amelie = world.peers.held().members["amelie"].1.member_id.clone();
    world.peers.add_conversation(world.own);
    let (contact, attribute) = (fresh_id("contact"), fresh_id("attr"));
    let person = conversation::Contact {
        contact_id: contact.clone(),
        author: Some(Author {
            identity: Some(Identity { network: Network::X.into(), ..Identity::default() }),
            display_name: "Anna".to_owned(),
            handle: "anna_1".to_owned(),
            ..Author::default()
        }),
    };
    {
        let mut held = world.peers.held();
        held.stories.contacts.insert((world.own, contact.clone()), person);
        held.stories.known.push(conversation::ContactAttribute {
            attribute_id: attribute.clone(),
            value: Some("fr".to_owned()),
            rev: 3,
            source: conversation::AttributeSource::Operator.into(),
            ..conversation::ContactAttribute::default()
        });
    }
    let card = browser.get_json(&format!("/api/v1/contacts/{contact}")).await;
    assert_eq!(card["contact"]["profile_url"], "https://x.com/anna_1");
    assert_eq!(
        (&card["contact"]["verified"], &card["contact"]["network"]),
        (&Value::Null, &"x".into())
    );
    assert_eq!(card["attributes"][0]["source"], "operator");
    assert_eq!(card["conversations"].as_array().map(Vec::len), Some(1));
    let path = format!("/api/v1/contacts/{contact}/attributes/{attribute}");
    let set = browser.done(Method::PUT, &path, &json!({"value": "de", "rev": 3})).await;
    let known = &set["attribute"];
    assert_eq!((&known["value"], &known["rev"]), (&"de".into(), &4.into()));
    assert_eq!(known["edited_by"], json!({"member_id": amelie, "name": "amelie of Quai"}));
    let gone = browser.done(Method::PUT, &path, &json!({"value": null, "rev": 4})).await;
    assert!(gone["attribute"]["value"].is_null());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happened_is_told_with_names() {
    let (world, gateway) = World::with_gateway().await;
    let browser = world.signed_in(&gateway, "amelie").await;
    let amelie = world.peers.held().members["amelie"].1.member_id.clone();
    let conversation = world.peers.add_conversation(world.own);
    world.peers.held().stories.happened = vec![
        conversation::ActivityEntry {
            sequence: 1,
            kind: "assigned".to_owned(),
            to_member_id: amelie.clone(),
            ..conversation::ActivityEntry::default()
        },
        conversation::ActivityEntry {
            sequence: 2,
            kind: "note".to_owned(),
            member_id: amelie.clone(),
            what: "written".to_owned(),
            state_after: conversation::State::Pending.into(),
            ..conversation::ActivityEntry::default()
        },
    ];
    let told = browser.get_json(&format!("/api/v1/conversations/{conversation}/activity")).await;
    let entries = told["entries"].as_array().expect("entries");
    assert_eq!(entries[0]["to"], json!({"member_id": amelie, "name": "amelie of Quai"}));
    assert_eq!((&entries[0]["name"], &entries[0]["state_after"]), (&Value::Null, &Value::Null));
    assert_eq!(
        (&entries[1]["name"], &entries[1]["state_after"]),
        (&"amelie of Quai".into(), &"pending".into())
    );
    assert_eq!(told["older"], 2);
    let path = format!("/api/v1/conversations/{conversation}/activity");
    let told = browser.get_json(&format!("{path}?before=2")).await;
    let places: Vec<_> = told["entries"].as_array().expect("entries").iter().collect();
    assert_eq!(
        (places.len(), &places[0]["sequence"], &told["older"]),
        (1, &1.into(), &Value::Null)
    );
    let refused = browser.get(&format!("{path}?before=yesterday")).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
}

/// The general trial of `routes.rs` knows conversations and messages only.
#[tokio::test(flavor = "multi_thread")]
async fn another_organizations_ids_are_not_found_on_any_route_of_the_story() {
    let (world, gateway) = World::with_gateway().await;
    let browser = world.signed_in(&gateway, "amelie").await;
    let theirs = world.peers.add_conversation(world.other);
    let (message, _) = world.peers.add_message(world.other, &theirs, "Bonjour");
    let note = world.peers.add_note(world.other, &theirs, "ask Ana", "mem_1");
    let contact = fresh_id("contact");
    let person = conversation::Contact { contact_id: contact.clone(), author: None };
    world.peers.held().stories.contacts.insert((world.other, contact.clone()), person);
    let attribute = fresh_id("attr");
    let act = json!({"key": "k", "action": "like", "channel_id": "chan_1"});
    let text = json!({"key": "k", "text": "x", "message_id": null});
    let cases = [
        (Method::GET, format!("conversations/{theirs}/notes"), Value::Null),
        (Method::POST, format!("conversations/{theirs}/notes"), text),
        (Method::GET, format!("conversations/{theirs}/activity"), Value::Null),
        (Method::PATCH, format!("notes/{note}"), json!({"text": "x", "rev": 1})),
        (Method::DELETE, format!("notes/{note}"), json!({})),
        (Method::POST, format!("notes/{note}/restore"), json!({})),
        (Method::GET, format!("notes/{note}/versions"), Value::Null),
        (Method::POST, format!("messages/{message}/actions"), act),
        (Method::DELETE, format!("messages/{message}"), json!({"key": "k"})),
        (Method::GET, format!("contacts/{contact}"), Value::Null),
        (
            Method::PUT,
            format!("contacts/{contact}/attributes/{attribute}"),
            json!({"value": "x", "rev": 0}),
        ),
    ];
    for (method, path, body) in cases {
        let request = browser.request(method.clone(), &format!("/api/v1/{path}"));
        let request = if body.is_null() { request } else { request.json(&body) };
        let response = request.send().await.expect("answered");
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{method} {path}");
        // What is no id names nothing either.
        let nowhere = path.replace(['_'], "-");
        let request = browser.request(method.clone(), &format!("/api/v1/{nowhere}"));
        let request = if body.is_null() { request } else { request.json(&body) };
        let response = request.send().await.expect("answered");
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{method} {nowhere}");
    }
}
