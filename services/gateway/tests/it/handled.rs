//! Lists of conversation, played: states of several, reminders, drafts, search, an index; and
//! what the gateway makes of them.

use std::collections::BTreeMap;

use proto::conversation::v1 as conversation;
use proto::conversation::v1::lists_service_server::ListsService;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tonic::{Request, Response, Status};
use uuid::Uuid;

use crate::peers::Peers;
use crate::world::World;

/// Drafts of members, by member, conversation and mode.
pub type Drafts = BTreeMap<(Uuid, String, i32), conversation::Draft>;

#[tonic::async_trait]
impl ListsService for Peers {
    async fn change_states(
        &self,
        request: Request<conversation::ChangeStatesRequest>,
    ) -> Result<Response<conversation::ChangeStatesResponse>, Status> {
        let (organization, _) = self.asked(&request)?;
        let request = request.into_inner();
        let results = request.wanted.into_iter().map(|wanted| {
            let row = self.row_of(organization, &wanted.conversation_id).ok();
            let seen = row.as_ref().is_some_and(|row| wanted.seen_through >= row.last_sequence);
            let code = match (&row, seen) {
                (None, _) => "not_found",
                (_, false) => "newer_message",
                (_, true) => "",
            };
            conversation::StateResult {
                conversation_id: wanted.conversation_id,
                done: code.is_empty(),
                code: code.to_owned(),
                sentence: if code.is_empty() { String::new() } else { "No.".to_owned() },
                state_before: row.as_ref().map(|row| row.state).unwrap_or_default(),
                owner_before: row.map(|row| row.owner_member_id).unwrap_or_default(),
                undelivered_replies: if code.is_empty() { 2 } else { 0 },
            }
        });
        Ok(Response::new(conversation::ChangeStatesResponse { results: results.collect() }))
    }

    async fn set_reminder(
        &self,
        request: Request<conversation::SetReminderRequest>,
    ) -> Result<Response<conversation::SetReminderResponse>, Status> {
        let (organization, member) = self.asked(&request)?;
        let request = request.into_inner();
        let mut row = self.row_of(organization, &request.conversation_id)?;
        row.reminder = Some(conversation::Reminder {
            due_at: request.due_at,
            note: request.note,
            member_id: format!("mem_{}", member.simple()),
        });
        Ok(Response::new(conversation::SetReminderResponse { row: Some(row) }))
    }

    async fn cancel_reminder(
        &self,
        request: Request<conversation::CancelReminderRequest>,
    ) -> Result<Response<conversation::CancelReminderResponse>, Status> {
        let (organization, _) = self.asked(&request)?;
        let row = self.row_of(organization, &request.into_inner().conversation_id)?;
        Ok(Response::new(conversation::CancelReminderResponse { row: Some(row) }))
    }

    async fn list_drafts(
        &self,
        request: Request<conversation::ListDraftsRequest>,
    ) -> Result<Response<conversation::ListDraftsResponse>, Status> {
        let (_, member) = self.asked(&request)?;
        let held = self.held();
        let drafts = held.drafts.iter().filter(|((whose, ..), _)| *whose == member);
        let drafts = drafts.map(|(_, draft)| draft.clone()).collect();
        Ok(Response::new(conversation::ListDraftsResponse { drafts }))
    }

    async fn put_draft(
        &self,
        request: Request<conversation::PutDraftRequest>,
    ) -> Result<Response<conversation::PutDraftResponse>, Status> {
        let (organization, member) = self.asked(&request)?;
        let draft = request.into_inner().draft.unwrap_or_default();
        self.row_of(organization, &draft.conversation_id)?;
        let place = (member, draft.conversation_id.clone(), draft.mode);
        self.held().drafts.insert(place, draft.clone());
        Ok(Response::new(conversation::PutDraftResponse { draft: Some(draft) }))
    }

    async fn drop_draft(
        &self,
        request: Request<conversation::DropDraftRequest>,
    ) -> Result<Response<conversation::DropDraftResponse>, Status> {
        let (_, member) = self.asked(&request)?;
        let request = request.into_inner();
        self.held().drafts.remove(&(member, request.conversation_id, request.mode));
        Ok(Response::new(conversation::DropDraftResponse { draft: None }))
    }

    async fn search(
        &self,
        request: Request<conversation::SearchRequest>,
    ) -> Result<Response<conversation::SearchResponse>, Status> {
        let (organization, _) = self.asked(&request)?;
        let held = self.held();
        let piece = |text: &str, hit| conversation::Piece { text: text.to_owned(), hit };
        let rows = held.rows.iter().filter(|((of, _), _)| *of == organization);
        let messages = held.messages.iter().filter(|((of, _), _)| *of == organization);
        Ok(Response::new(conversation::SearchResponse {
            conversations: rows
                .map(|(_, row)| conversation::FoundConversation {
                    row: Some(row.clone()),
                    name: vec![piece("Amé", true), piece("lie", false)],
                    snippet: Vec::new(),
                })
                .collect(),
            messages: messages
                .map(|(_, message)| conversation::FoundMessage {
                    message: Some(message.clone()),
                    conversation_state: conversation::State::Resolved.into(),
                    snippet: vec![piece("found", true)],
                })
                .collect(),
            contacts: vec![conversation::FoundContact {
                contact: Some(conversation::Contact {
                    contact_id: "contact_1".to_owned(),
                    author: None,
                }),
                name: vec![piece("Amélie", false)],
                handle: vec![piece("amelie", true)],
                last_conversation_id: "conv_1".to_owned(),
            }],
            next: "more".to_owned(),
        }))
    }

    async fn get_index(
        &self,
        request: Request<conversation::GetIndexRequest>,
    ) -> Result<Response<conversation::GetIndexResponse>, Status> {
        self.asked(&request)?;
        Ok(Response::new(conversation::GetIndexResponse {
            conversation_ids: vec!["conv_1".to_owned(), "conv_2".to_owned()],
            key_deltas: vec![1_000, -400],
            last_sequences: vec![3, 7],
            cut: false,
        }))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn several_are_changed_at_once_each_with_its_outcome() {
    let (world, gateway) = World::with_gateway().await;
    let browser = world.signed_in(&gateway, "amelie").await;
    let (seen, unseen) =
        (world.peers.add_conversation(world.own), world.peers.add_conversation(world.own));
    world.peers.add_message(world.own, &unseen, "newer");
    let stranger = world.peers.add_conversation(world.other);
    let body = json!({
        "key": "k1",
        "conversation_ids": [seen, unseen, stranger],
        "action": { "to": "resolved" },
        "seen_through": { seen.clone(): 0 },
    });
    let answer = browser.done(Method::POST, "/api/v1/conversations/bulk", &body).await;
    assert_eq!(
        answer["results"],
        json!([
            { "conversation_id": seen, "done": true, "code": null, "sentence": null,
              "before": { "state": "new", "owner_member_id": null }, "undelivered_replies": 2 },
            { "conversation_id": unseen, "done": false, "code": "newer_message",
              "sentence": "No.", "before": { "state": "new", "owner_member_id": null },
              "undelivered_replies": 0 },
            { "conversation_id": stranger, "done": false, "code": "not_found",
              "sentence": "No.", "before": null, "undelivered_replies": 0 },
        ])
    );
    // Owners, by routing. The same key gives the first outcome, whatever happened since.
    let to = world.peers.add_member(world.own, "noah").member_id;
    for (key, assign_to, owner_before) in [
        ("k2", json!(to), json!(null)),
        ("k3", json!(null), json!(to)),
        ("k2", json!(to), json!(null)),
    ] {
        let body = json!({
            "key": key,
            "conversation_ids": [seen, stranger],
            "action": { "assign_to": assign_to },
        });
        let answer = browser.done(Method::POST, "/api/v1/conversations/bulk", &body).await;
        assert_eq!(
            answer["results"],
            json!([
                { "conversation_id": seen, "done": true, "code": null, "sentence": null,
                  "before": { "state": "new", "owner_member_id": owner_before },
                  "undelivered_replies": 0 },
                { "conversation_id": stranger, "done": false, "code": "not_found",
                  "sentence": "No.", "before": null, "undelivered_replies": 0 },
            ])
        );
    }
    let key = (world.own, seen.clone());
    assert_eq!(world.peers.held().rows[&key].owner_member_id, "", "it was done once");
    let many: Vec<String> = (0..101).map(|n| format!("conv_{n}")).collect();
    for body in [
        json!({ "key": "k", "conversation_ids": [], "action": { "to": "new" } }),
        json!({ "key": "k", "conversation_ids": many, "action": { "to": "new" } }),
        json!({ "key": "k", "conversation_ids": [seen], "action": { "to": "lost" } }),
        json!({ "key": "k", "conversation_ids": [seen], "action": {} }),
        json!({ "key": "k", "conversation_ids": [seen], "action": { "to": "new", "x": 1 } }),
    ] {
        let refused = browser.post("/api/v1/conversations/bulk", &body).await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY, "{body}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reminder_is_set_and_cancelled_and_lists_are_asked_for_as_they_are_filtered() {
    let (world, gateway) = World::with_gateway().await;
    let browser = world.signed_in(&gateway, "amelie").await;
    let id = world.peers.add_conversation(world.own);
    let path = format!("/api/v1/conversations/{id}/reminder");
    let body = json!({ "key": "k", "due_at": "2026-12-24T18:00:00Z", "note": "call back" });
    let set = browser.done(Method::PUT, &path, &body).await;
    let reminder = &set["row"]["reminder"];
    assert_eq!(reminder["due_at"], json!("2026-12-24T18:00:00Z"));
    assert_eq!(reminder["note"], json!("call back"));
    assert_eq!(reminder["name"], json!("amelie of Quai"));
    let gone = browser.done(Method::DELETE, &path, &json!({ "key": "k2" })).await;
    assert_eq!(gone["row"]["reminder"], json!(null));
    let wrong = json!({ "key": "k", "due_at": "tomorrow" });
    let refused = browser.send(Method::PUT, &path, &wrong).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);

    let page = browser
        .get_json(
            "/api/v1/conversations?queue=resolved&assignee=me&kind=mention&has_draft=true&sort=newest",
        )
        .await;
    assert_eq!(page["limited_to_months"], json!(3));
    let page = browser.get_json("/api/v1/conversations?queue=new&assignee=none").await;
    assert_eq!(page["limited_to_months"], json!(null));
    let index =
        browser.get_json("/api/v1/conversations/index?queue=all&sort=oldest_activity").await;
    assert_eq!(index["ids"], json!(["conv_1", "conv_2"]));
    assert_eq!(index["keys"], json!([1_000, 600]));
    assert_eq!(index["sequences"], json!([3, 7]));
    assert!(index["cursor"].as_str().is_some_and(|cursor| !cursor.is_empty()));
    for query in ["queue=new&sort=best", "queue=new&kind=letter", "queue=new&owner=me"] {
        let refused = browser.get(&format!("/api/v1/conversations?{query}")).await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY, "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_reaches_the_members_other_sockets_and_nobody_elses() {
    let (mut world, gateway) = World::with_gateway().await;
    let second = world.start(|_| {}).await;
    let browser = world.signed_in(&gateway, "amelie").await;
    let other = world.signed_in(&gateway, "bert").await;
    let id = world.peers.add_conversation(world.own);
    // A second device, by another gateway process.
    let device = browser.at(&second);
    let (mut socket, _) = device.socket(&device.cursor().await, None).await;
    let (mut stranger, _) = other.socket(&other.cursor().await, None).await;
    let path = format!("/api/v1/conversations/{id}/drafts/reply");
    let body = json!({
        "text": "half a word", "kind": "mention", "written_at": "2026-11-23T10:00:00.5Z",
    });
    let kept = browser.done(Method::PUT, &path, &body).await;
    assert_eq!(kept["draft"]["text"], json!("half a word"));
    let told = socket.beside(|frame| frame["k"] == "draft").await;
    assert_eq!(told["d"]["conversation_id"], json!(id));
    assert_eq!(told["d"]["mode"], json!("reply"));
    assert_eq!(told["d"]["draft"]["text"], json!("half a word"));
    let listed = browser.get_json("/api/v1/drafts").await;
    assert_eq!(listed["drafts"].as_array().map(Vec::len), Some(1));
    browser.done(Method::DELETE, &path, &json!({})).await;
    let told = socket.beside(|frame| frame["k"] == "draft" && frame["d"]["draft"].is_null()).await;
    assert_eq!(told["d"]["conversation_id"], json!(id));
    stranger.within(std::time::Duration::from_millis(300)).await;
    assert_eq!(stranger.beside, Vec::<Value>::new());
    for (path, status) in [
        (format!("/api/v1/conversations/{id}/drafts/poem"), StatusCode::NOT_FOUND),
        ("/api/v1/conversations/conv_7/drafts/reply".to_owned(), StatusCode::NOT_FOUND),
    ] {
        let refused = browser.send(Method::PUT, &path, &body).await;
        assert_eq!(refused.status(), status, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_found_is_shown_with_its_places() {
    let (world, gateway) = World::with_gateway().await;
    let browser = world.signed_in(&gateway, "amelie").await;
    let id = world.peers.add_conversation(world.own);
    let (message, _) = world.peers.add_message(world.own, &id, "found");
    let found = browser.get_json("/api/v1/search?q=found&in=messages&cursor=abc&limit=5").await;
    assert_eq!(found["conversations"][0]["row"]["id"], json!(id));
    assert_eq!(
        found["conversations"][0]["marks"]["name"],
        json!([{ "text": "Amé", "hit": true }, { "text": "lie", "hit": false }])
    );
    assert_eq!(found["messages"][0]["message"]["id"], json!(message));
    assert_eq!(found["messages"][0]["conversation"], json!({ "id": id, "state": "resolved" }));
    assert_eq!(found["contacts"][0]["last_conversation_id"], json!("conv_1"));
    assert_eq!(found["contacts"][0]["snippet"].as_array().map(Vec::len), Some(3));
    assert_eq!(found["next"], json!("more"));
    for query in ["", "q=a&in=heaven", "q=a&x=1"] {
        let refused = browser.get(&format!("/api/v1/search?{query}")).await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY, "{query}");
    }
}
