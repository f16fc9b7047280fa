//! Availability, ownership and notifications by request.

use kit_values::{Class, Fault};
use proto::notification::v1::{Notification, NotificationKind};
use proto::routing::v1::AwayState;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::peers::{fresh_id, uuid_of};
use crate::world::World;

fn away_state(name: &str, position: i32, archived: bool) -> AwayState {
    AwayState { away_state_id: fresh_id("away"), name: name.to_owned(), position, archived, rev: 1 }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_chooses_and_is_told_what_stands() {
    let (world, gateway) = World::with_gateway().await;
    let browser = world.signed_in(&gateway, "amelie").await;
    let states = vec![
        away_state("Meeting", 3, false),
        away_state("Old", 2, true),
        away_state("Lunch", 1, false),
    ];
    let lunch = states[2].away_state_id.clone();
    let theirs = away_state("Theirs", 1, false);
    world.peers.held().away_states.insert(world.own, states);
    world.peers.held().away_states.insert(world.other, vec![theirs.clone()]);

    let first = browser.get_json("/api/v1/availability").await;
    assert_eq!(
        first,
        json!({
            "availability": "away", "away_state_id": null, "since": "2023-11-14T22:13:20Z",
            "epoch": 0, "load": 2, "capacity": 5, "hard_limit": 10,
            "default_availability": null, "never_chosen": true,
        })
    );
    let listed = browser.get_json("/api/v1/away-states").await;
    let names: Vec<&str> = listed["away_states"]
        .as_array()
        .expect("states")
        .iter()
        .filter_map(|state| state["name"].as_str())
        .collect();
    assert_eq!(names, ["Lunch", "Meeting"], "in their order, without what is archived");

    let body = json!({"availability": "away", "away_state_id": lunch, "keep_conversations": false});
    let chosen = browser.done(Method::PUT, "/api/v1/availability", &body).await;
    assert_eq!((&chosen["away_state_id"], &chosen["handed_back"]), (&json!(lunch), &2.into()));
    assert_eq!((&chosen["epoch"], &chosen["never_chosen"]), (&1.into(), &false.into()));
    let body =
        json!({"availability": "available", "away_state_id": null, "keep_conversations": true});
    let chosen = browser.done(Method::PUT, "/api/v1/availability", &body).await;
    assert_eq!((&chosen["availability"], &chosen["handed_back"]), (&"available".into(), &0.into()));
    let body = json!({"availability": "available"});
    let default = browser.done(Method::PUT, "/api/v1/availability/default", &body).await;
    assert_eq!(default["default_availability"], "available");
    assert_eq!(default, browser.get_json("/api/v1/availability").await);

    let body = json!({
        "availability": "away", "away_state_id": theirs.away_state_id, "keep_conversations": false,
    });
    let response = browser.send(Method::PUT, "/api/v1/availability", &body).await;
    assert_eq!(response.status(), StatusCode::NOT_FOUND, "another organization's reason");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_team_has_names_and_roles_and_only_its_own_members() {
    let (world, gateway) = World::with_gateway().await;
    let browser = world.signed_in(&gateway, "amelie").await;
    world.peers.add_member(world.own, "chloe");
    let team = browser.get_json("/api/v1/team").await;
    let mut members = team["members"].as_array().expect("members").clone();
    members.sort_by_key(|member| member["name"].to_string());
    assert_eq!(members.len(), 2);
    assert_eq!(members[1]["name"], "chloe of Quai");
    assert_eq!(members[1]["roles"], json!(["agent"]));
    assert_eq!(members[1]["presence"], "present");
    assert_eq!((&members[1]["load"], &members[1]["capacity"]), (&2.into(), &5.into()));
    assert!(!team.to_string().contains("bert"));
}

#[tokio::test(flavor = "multi_thread")]
async fn ownership_changes_by_hand_and_is_explained() {
    let (world, gateway) = World::with_gateway().await;
    let browser = world.signed_in(&gateway, "amelie").await;
    let chloe = world.peers.add_member(world.own, "chloe").member_id;
    let bert = world.peers.held().members["bert"].1.member_id.clone();
    let conversation = world.peers.add_conversation(world.own);
    let of = format!("/api/v1/conversations/{conversation}");
    let taken = browser.done(Method::POST, &format!("{of}/take"), &json!({})).await;
    assert_eq!(
        (&taken["owner"]["name"], &taken["owner_epoch"]),
        (&"amelie of Quai".into(), &4.into())
    );
    let without_body = browser.request(Method::POST, &format!("{of}/take")).send().await;
    assert_eq!(without_body.expect("answered").status(), StatusCode::OK);
    let body = json!({"member_id": chloe});
    let assigned = browser.done(Method::POST, &format!("{of}/assign"), &body).await;
    assert_eq!(assigned["owner"], json!({"member_id": chloe, "name": "chloe of Quai"}));
    let response = browser.post(&format!("{of}/assign"), &json!({"member_id": bert})).await;
    assert_eq!(response.status(), StatusCode::NOT_FOUND, "another organization's member");
    let released = browser.done(Method::POST, &format!("{of}/unassign"), &json!({})).await;
    assert_eq!(released, json!({"owner": null, "owner_epoch": 6}));

    let told = browser.get_json(&format!("{of}/explanations")).await;
    let one = &told["explanations"][0];
    assert_eq!((&one["outcome"], &one["name"]), (&"assigned".into(), &"amelie of Quai".into()));
    for absent in ["reason", "by_member_id", "by_name", "waiting_since", "position"] {
        assert!(one[absent].is_null(), "{absent}");
    }
    assert_eq!(one["candidates"][0]["name"], "amelie of Quai");
    assert_eq!(one["candidates"][0]["removed_by"], "away");

    for (refusal, status) in [
        (
            (|| Fault::new(Class::Rejected, "owned_by_another", "No.")) as fn() -> Fault,
            StatusCode::CONFLICT,
        ),
        (|| Fault::new(Class::Forbidden, "role_missing", "No."), StatusCode::FORBIDDEN),
    ] {
        world.peers.held().refusal = Some(refusal);
        for verb in ["take", "unassign"] {
            let response = browser.post(&format!("{of}/{verb}"), &json!({})).await;
            assert_eq!(response.status(), status, "{verb}");
            let problem: Value = response.json().await.expect("JSON");
            assert_eq!(problem["code"], refusal().code());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_reads_their_own_notifications_alone() {
    let (world, gateway) = World::with_gateway().await;
    let browser = world.signed_in(&gateway, "amelie").await;
    let colleague = world.peers.add_member(world.own, "chloe");
    let chloe = world.signed_in(&gateway, "chloe").await;
    let conversation = world.peers.add_conversation(world.own);
    let notification = Notification {
        notification_id: fresh_id("ntf"),
        member_id: colleague.member_id.clone(),
        kind: NotificationKind::CustomerAnswered.into(),
        conversation_id: conversation.clone(),
        at: Some(prost_types::Timestamp { seconds: 1_700_000_000, nanos: 0 }),
        badge_only: true,
        rev: 1,
        ..Notification::default()
    };
    let of = uuid_of(&colleague.member_id);
    world.peers.held().notifications.insert(of, vec![notification.clone()]);
    let path = "/api/v1/notifications";
    assert_eq!(browser.get_json(path).await, json!({"notifications": [], "next": null}));
    let read = json!({"conversation_id": conversation});
    browser.done(Method::POST, "/api/v1/notifications/read", &read).await;
    assert_eq!(
        chloe.get_json(path).await["notifications"],
        json!([{
            "id": notification.notification_id, "kind": "customer_answered",
            "conversation_id": conversation, "at": "2023-11-14T22:13:20Z", "badge_only": true,
            "channel_id": null, "rev": 1, "count": 0, "settled_at": null, "settled_reason": null,
            "outcomes": [],
            "means": { "in_app": false, "sound": false, "desktop": false, "email": false },
        }])
    );
    let response = chloe.post("/api/v1/notifications/read", &read).await;
    assert_eq!(response.status(), StatusCode::NO_CONTENT);
    assert_eq!(chloe.get_json(path).await, json!({"notifications": [], "next": null}));
    for wrong in ["", "conv_1", &colleague.member_id] {
        let body = json!({"conversation_id": wrong});
        let response = chloe.post("/api/v1/notifications/read", &body).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{wrong}");
    }
}
