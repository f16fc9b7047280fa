//! What the workspace's store is checked against as well: the queues with their order, and the
//! order of a story.

use std::path::Path;

use conversation::domain::access::{Level, Sight, door, level};
use conversation::domain::member::Roles;
use conversation::domain::words::{AttributeId, ChannelId, ConversationId, MemberId, NetworkOrder};
use kit_service::rpc;
use kit_values::Id;
use proto::conversation::v1 as calls;
use proto::conversation::v1::Queue;
use proto::directory::v1::directory_event::Fact;
use proto::directory::v1::{Access, ChannelAccess, DirectoryEvent, Role};
use proto::network::v1::MessageKind;
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

fn word(word: &Value) -> Level {
    match word.as_str() {
        Some("viewer") => Level::Viewer,
        Some("contributor") => Level::Contributor,
        Some("supervisor") => Level::Supervisor,
        _ => Level::Nothing,
    }
}

#[test]
fn the_rule_of_access_is_that_of_every_service() {
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

/// One line of the table, played: a customer whose conversation came through these accounts.
struct Played<'a> {
    case: &'a Value,
    feed: Feed,
    person: String,
    member: MemberId,
}

impl<'a> Played<'a> {
    fn of(office: &Office, number: usize, case: &'a Value) -> Self {
        Self {
            case,
            feed: Feed { channels: [Id::mint(), Id::mint()], ..office.feed.clone() },
            person: format!("person {number}"),
            member: MemberId::mint(),
        }
    }

    fn messages(&self) -> Vec<proto::ingest::v1::ItemEvent> {
        let message = |channel: usize| {
            let id = format!("{}, {channel}", self.person);
            self.feed.received(channel, &self.person, &id, MessageKind::Mention, 0, false)
        };
        // Without any account, one is taken away afterwards.
        (0..list(self.case, "channels").len().max(1)).map(message).collect()
    }

    fn told(&self, office: &Office) -> Vec<DirectoryEvent> {
        let roles = list(self.case, "roles").iter().map(|role| match role.as_str() {
            Some("agent") => Role::Agent,
            Some("supervisor") => Role::Supervisor,
            _ => Role::Admin,
        });
        let mut member = office.member(self.member, &roles.collect::<Vec<_>>(), 0);
        if let Some(Fact::MemberChanged(changed)) = &mut member.fact {
            changed.member.as_mut().expect("a member").deactivated = self.case["active"] == false;
        }
        let mut told = vec![member];
        let known = list(self.case, "channels").iter().zip(self.feed.channels);
        for (channel, id) in known.filter(|(channel, _)| channel["unknown"] != true) {
            let mut event = office.channel(0, 1);
            if let Some(Fact::ChannelConnected(connected)) = &mut event.fact {
                let told = connected.channel.as_mut().expect("a channel");
                told.channel_id = id.to_string();
                told.account_id = id.to_string();
                told.restricted = channel["restricted"] == true;
                told.access = match word(&channel["entry"]) {
                    Level::Nothing => Vec::new(),
                    Level::Viewer => vec![Access::Viewer],
                    Level::Contributor => vec![Access::Contributor],
                    Level::Supervisor => vec![Access::Supervisor],
                }
                .into_iter()
                .map(|access| ChannelAccess {
                    member_id: self.member.to_string(),
                    access: access.into(),
                })
                .collect();
            }
            told.push(event);
        }
        told
    }
}

/// How far the first refusal shows that somebody gets.
fn as_far_as(code: &str) -> Level {
    let levels = [
        ("not_found", Level::Nothing),
        ("role_missing", Level::Nothing),
        ("access_missing", Level::Viewer),
        ("lock_held", Level::Contributor),
    ];
    let found = levels.into_iter().find(|(refusal, _)| *refusal == code);
    found.expect("one of these").1
}

/// How far `member` gets with the conversation by the lock, by changing its state among others, by
/// what is known of the contact, and by the story of it.
async fn gets(office: &Office, member: MemberId, row: &calls::ConversationRow) -> [Level; 4] {
    let organization = office.feed.organization;
    let id = row.conversation_id.clone();
    let lock = office.acquire(member, &id, "theirs", true).await;
    let lock = lock.map_or_else(|fault| as_far_as(fault.code()), |_| Level::Supervisor);
    let wanted = calls::StateWanted { conversation_id: id.clone(), seen_through: 0 };
    let change = calls::ChangeStatesRequest {
        idempotency_key: kit_values::mint_uuid().to_string(),
        wanted: vec![wanted],
        to: calls::State::New.into(),
    };
    let change = by(change, organization, member);
    let results = office.service.lists("gateway").change_states(change).await;
    let result = results.expect("an answer").into_inner().results.remove(0);
    let change = if result.done { Level::Contributor } else { as_far_as(&result.code) };
    let attribute = calls::SetContactAttributeRequest {
        contact_id: row.contact.as_ref().expect("a contact").contact_id.clone(),
        attribute_id: AttributeId::mint().to_string(),
        ..Default::default()
    };
    let attribute = by(attribute, organization, member);
    let refused = office.service.story("gateway").set_contact_attribute(attribute).await;
    let refused = rpc::fault(refused.expect_err("there is no such attribute"));
    let known = if refused.sentence().contains("an attribute") {
        Level::Contributor
    } else {
        as_far_as(refused.code())
    };
    let activity = calls::ListActivityRequest { conversation_id: id, ..Default::default() };
    let activity = by(activity, organization, member);
    let story = office.service.story("gateway").list_activity(activity).await;
    let story = story.map_or_else(|status| as_far_as(rpc::fault(status).code()), |_| Level::Viewer);
    [lock, change, known, story]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_statement_keeps_the_rule_of_access_also_of_accounts_that_are_not_known_yet() {
    let office = Office::open(Feed::new()).await;
    let organization = office.feed.organization;
    let table = vectors("access.json");
    let cases = list(&table, "cases").iter().enumerate();
    let played: Vec<Played> =
        cases.map(|(number, case)| Played::of(&office, number, case)).collect();
    office.desk.apply(&played.iter().flat_map(Played::messages).collect::<Vec<_>>()).await;
    let told: Vec<_> = played.iter().flat_map(|one| one.told(&office)).collect();
    office.desk.directory(&told).await;
    let rows = office.rows().await;
    assert_eq!(rows.len(), played.len());
    for one in &played {
        let handle = |row: &&calls::ConversationRow| {
            let author = row.contact.as_ref().and_then(|it| it.author.as_ref());
            author.is_some_and(|author| author.handle == one.person)
        };
        let row = rows.iter().find(handle).expect("their conversation");
        let id = &row.conversation_id;
        let has_come_through_some = !list(one.case, "channels").is_empty();
        if !has_come_through_some {
            let uuid = id.parse::<ConversationId>().expect("an id").uuid();
            let sql = format!(
                "UPDATE conversation.conversation SET channel_ids = '{{}}' \
                 WHERE conversation_id = '{uuid}'"
            );
            office.desk.database.database.execute(&sql).await;
        }
        // Somebody else answers, so that only whoever leads there takes over.
        let held = office.acquire(office.sacha, id, "other", true).await.expect("an answer");
        assert!(held.granted);
        let level = word(&one.case["level"]);
        let expected = [
            level,
            level.min(Level::Contributor),
            level.min(Level::Contributor),
            level.min(Level::Viewer),
        ];
        assert_eq!(gets(&office, one.member, row).await, expected, "{}", one.case);
        let asked = calls::GetConversationsRequest { conversation_ids: vec![id.clone()] };
        let asked = by(asked, organization, one.member);
        let found = office.service.client("gateway").get_conversations(asked).await;
        let found = found.is_ok_and(|answer| !answer.into_inner().rows.is_empty());
        assert_eq!(found, level > Level::Nothing, "{}", one.case);
        // Whatever stands in a list has come through some account.
        let listed =
            calls::ListConversationsRequest { queue: Queue::New.into(), ..Default::default() };
        let listed = by(listed, organization, one.member);
        let listed = office.service.client("gateway").list_conversations(listed).await;
        let listed = listed.is_ok_and(|answer| {
            answer.into_inner().rows.iter().any(|row| row.conversation_id == *id)
        });
        assert_eq!(listed, has_come_through_some && level > Level::Nothing, "{}", one.case);
    }
}
