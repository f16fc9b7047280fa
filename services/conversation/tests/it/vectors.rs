//! What the workspace's store is checked against as well: the queues with their order, and the
//! order of a story.

use std::path::Path;

use conversation::domain::access::{Level, Sight, door, level};
use conversation::domain::member::Roles;
use conversation::domain::words::{ChannelId, ConversationId, NetworkOrder};
use proto::conversation::v1 as calls;
use proto::conversation::v1::Queue;
use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::feed::Feed;
use crate::office::Office;
use crate::service::by;

fn vectors(name: &str) -> Value {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors").join(name);
    let text = std::fs::read_to_string(file).expect("is committed");
    serde_json::from_str(&text).expect("is JSON")
}

fn list<'a>(of: &'a Value, name: &str) -> &'a [Value] {
    of[name].as_array().expect("is a list")
}

fn text<'a>(of: &'a Value, name: &str) -> &'a str {
    of[name].as_str().expect("is text")
}

/// One row as it stands in the end, in SQL.
fn row(organization: uuid::Uuid, conversation: &Value) -> String {
    let stands = list(conversation, "versions").last().expect("a version");
    let ago = |name: &str| {
        let minutes = stands[name].as_i64();
        minutes.map_or_else(|| "NULL".to_owned(), |it| format!("now() - interval '{it} minutes'"))
    };
    let state = match stands["state"].as_str() {
        Some("new") => "1",
        Some("pending") => "2",
        Some("resolved") => "3",
        _ => "NULL",
    };
    let absorbed = stands["absorbed_into"]
        .as_str()
        .map_or_else(|| "NULL".to_owned(), |into| format!("'{into}'"));
    format!(
        "('{organization}', '{id}', gen_random_uuid(), gen_random_uuid(), 1, 1, 1, {state}, false, \
         {absorbed}, now(), {resolved}, {resolved}, 0, 1, 2, 1, 0, {waiting}, gen_random_uuid(), \
         {activity}, '1', 1, 1, '{{}}')",
        id = text(conversation, "id"),
        resolved = ago("resolved"),
        waiting = ago("waiting"),
        activity = ago("activity"),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn every_queue_is_the_one_that_the_workspace_is_checked_against() {
    let vectors = vectors("lists.json");
    let office = Office::open(Feed::new()).await;
    let organization = office.feed.organization;
    let rows: Vec<String> = list(&vectors, "conversations")
        .iter()
        .map(|conversation| row(organization.uuid(), conversation))
        .collect();
    let rows = rows.join(", ");
    office
        .desk
        .database
        .database
        .execute(&format!(
            "INSERT INTO conversation.conversation (organization_id, conversation_id, \
             identity_id, contact_id, network, ordinal, rev, state, dormant, absorbed_into, \
             opened_at, resolved_at, last_resolved_at, seen_through, last_sequence, \
             history_sequence, message_count, unseen_count, waiting_since, last_message_id, \
             last_activity_at, last_external_id, last_kind, last_direction, channel_ids) \
             VALUES {rows}"
        ))
        .await;
    for (name, queue) in [
        ("new", Queue::New),
        ("pending", Queue::Pending),
        ("all", Queue::All),
        ("resolved", Queue::Resolved),
    ] {
        let asked = calls::ListConversationsRequest { queue: queue.into(), ..Default::default() };
        let request = by(calls::GetIndexRequest { list: Some(asked) }, organization, office.lea);
        let index = office.service.lists("gateway").get_index(request).await.expect("an index");
        let found: Vec<String> = index
            .into_inner()
            .conversation_ids
            .iter()
            .map(|id| id.parse::<ConversationId>().expect("an id").uuid().to_string())
            .collect();
        assert_eq!(found, list(&vectors["queues"], name), "{name}");
    }
}

#[test]
fn a_story_has_the_order_that_the_workspace_is_checked_against() {
    let vectors = vectors("story.json");
    let mut told: Vec<(NetworkOrder, &str)> = list(&vectors, "messages")
        .iter()
        .map(|message| {
            let time = OffsetDateTime::parse(text(message, "network_time"), &Rfc3339);
            let order = NetworkOrder {
                time: time.expect("a time"),
                external_id: text(message, "external_id").to_owned(),
            };
            (order, text(message, "id"))
        })
        .collect();
    told.sort();
    let found: Vec<&str> = told.into_iter().map(|(_, id)| id).collect();
    assert_eq!(found, list(&vectors, "end"));
}

#[test]
fn the_rule_of_access_is_that_of_every_service() {
    let word = |word: &Value| match word.as_str() {
        Some("viewer") => Level::Viewer,
        Some("contributor") => Level::Contributor,
        Some("supervisor") => Level::Supervisor,
        _ => Level::Nothing,
    };
    let table = vectors("access.json");
    assert!(list(&table, "cases").len() > 20);
    for case in list(&table, "cases") {
        // Directory tells of somebody deactivated that they have no role.
        let holds =
            |role: &str| case["active"] == true && list(case, "roles").contains(&role.into());
        let roles =
            Roles { agent: holds("agent"), supervisor: holds("supervisor"), admin: holds("admin") };
        let doors = list(case, "channels").iter().map(|channel| {
            let entry = Some(&channel["entry"]).filter(|entry| entry.is_string());
            // One that is not known is as one that is open.
            door(channel["restricted"] == true, entry.map(word))
        });
        let doors: Vec<Level> = doors.collect();
        assert_eq!(level(roles, &doors), word(&case["level"]), "{case}");
        // A list shows it to whoever may read it.
        let channels = doors.iter().map(|door| (ChannelId::mint(), *door));
        let channels: Vec<(ChannelId, Level)> = channels.collect();
        let sight = Sight::of(roles, channels.clone());
        let shown = sight.is_some_and(|sight| {
            sight.shows(&channels.into_iter().map(|(channel, _)| channel).collect())
        });
        assert_eq!(shown, case["level"] != "nothing", "{case}");
    }
}
