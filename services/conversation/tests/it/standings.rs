//! How everything unresolved stands, for who missed its events.

use std::collections::{BTreeMap, BTreeSet};

use kit_service::rpc;
use kit_values::{Class, Fault, OrganizationId};
use prost::Message as _;
use proto::conversation::v1 as calls;
use proto::conversation::v1::State;

use crate::feed::Feed;
use crate::office::Office;
use crate::service::call;

async fn page(
    office: &Office,
    organization: OrganizationId,
    limit: i32,
    after: &str,
) -> Result<calls::ListStandingsResponse, Fault> {
    let asked = calls::ListStandingsRequest { limit, after: after.to_owned() };
    let mut client = office.service.client("routing");
    let answer = client.list_standings(call(asked, organization)).await;
    answer.map(tonic::Response::into_inner).map_err(rpc::fault)
}

/// The newest event of each conversation, as it was appended to the outbox.
async fn newest_events(office: &Office) -> BTreeMap<String, calls::ConversationEvent> {
    let sql = "SELECT encode(payload, 'hex') FROM conversation.outbox";
    let mut newest: BTreeMap<String, calls::ConversationEvent> = BTreeMap::new();
    for text in office.desk.texts(sql).await {
        let bytes: Vec<u8> = (0..text.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&text[at..at + 2], 16).expect("hexadecimal"))
            .collect();
        let event = calls::ConversationEvent::decode(&bytes[..]).expect("an event");
        let id = event.conversation_id.clone();
        if newest.get(&id).is_none_or(|known| known.rev <= event.rev) {
            newest.insert(id, event);
        }
    }
    newest
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_unresolved_is_told_as_its_newest_event_told_it_page_by_page() {
    let office = Office::open(Feed::new()).await;
    let feed = &office.feed;
    let events: Vec<_> = (0..20_i64)
        .map(|number| feed.private(&format!("p{number}"), &format!("{number}"), number * 10))
        .collect();
    office.desk.apply(&events).await;
    let rows = office.rows().await;
    let (replied, resolved) = (rows[3].conversation_id.clone(), rows[4].conversation_id.clone());
    office.accept(office.lea, office.private(&rows[3], "k1")).await.expect("accepted");
    office.change(office.noah, &rows[4], State::Resolved).await.expect("resolved");
    let owner = office.owner(&rows[5].conversation_id, Some(office.noah), 3);
    office.desk.routing(&[owner]).await;

    let (mut told, mut after) = (BTreeMap::new(), String::new());
    loop {
        let answer = page(&office, feed.organization, 7, &after).await.expect("a page");
        for one in answer.standings {
            let id = one.conversation_id.clone();
            assert!(told.insert(id, one).is_none(), "one is told twice");
        }
        after = answer.next;
        // One that was met or not writes again: its place does not change.
        if after.is_empty() {
            break;
        }
        let again = feed.private("p7", &format!("again {}", told.len()), 900);
        office.desk.apply(&[again]).await;
    }
    let wanted: BTreeSet<&String> =
        rows.iter().map(|row| &row.conversation_id).filter(|id| **id != resolved).collect();
    assert_eq!(told.keys().collect::<BTreeSet<_>>(), wanted);
    let mut alike = 0;
    for (id, newest) in newest_events(&office).await {
        let Some(one) = told.get(&id) else { continue };
        if one.rev == newest.rev {
            assert_eq!(one.standing, newest.standing);
            alike += 1;
        }
    }
    assert!(alike >= 18, "only {alike} are as their newest event says");
    let standing = told[&replied].standing.clone().expect("a standing");
    assert_eq!(standing.state(), State::Pending);
    assert_eq!(standing.decided_by_member_id, office.lea.to_string());
    assert!(standing.decided_by_reply);
    let fifth = told[&rows[5].conversation_id].standing.clone().expect("a standing");
    assert_eq!((fifth.owner_member_id, fifth.owner_epoch), (office.noah.to_string(), 3));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_routing_is_told_and_of_the_named_organization_alone() {
    let office = Office::open(Feed::new()).await;
    office.desk.apply(&[office.feed.private("anna", "1", 0)]).await;
    let none = page(&office, OrganizationId::mint(), 0, "").await.expect("empty");
    assert!(none.standings.is_empty() && none.next.is_empty());
    let one = page(&office, office.feed.organization, 0, "").await.expect("a page");
    assert_eq!(one.standings.len(), 1);
    for (limit, after, code) in [(501, "", "limit_out_of_range"), (0, "x", "cursor_invalid")] {
        let fault = page(&office, office.feed.organization, limit, after).await;
        assert_eq!(fault.expect_err("refused").code(), code);
    }
    for other in ["gateway", "operator", "delivery"] {
        let asked = calls::ListStandingsRequest::default();
        let mut client = office.service.client(other);
        let refused = client.list_standings(call(asked, office.feed.organization)).await;
        let fault = rpc::fault(refused.expect_err("refused"));
        assert_eq!(fault.class(), Class::Forbidden, "{other}");
    }
}
