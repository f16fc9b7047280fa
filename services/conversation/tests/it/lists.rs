//! Lists, counts and the shape of their queries.

use std::collections::BTreeSet;

use conversation::domain::Policy;
use kit_service::rpc;
use kit_values::Class;
use proto::conversation::v1 as calls;
use proto::conversation::v1::Queue;

use crate::feed::Feed;
use crate::service::{Service, call};

async fn page(
    service: &Service,
    feed: &Feed,
    queue: Queue,
    after: String,
) -> calls::ListConversationsResponse {
    let request = calls::ListConversationsRequest {
        queue: queue.into(),
        limit: 7,
        after,
        ..Default::default()
    };
    let request = call(request, feed.organization);
    service.client("gateway").list_conversations(request).await.expect("a page").into_inner()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_complete_and_repeats_nothing_while_rows_move() {
    let service = Service::start(Policy::default()).await;
    let desk = service.desk();
    let feed = Feed::new();
    let mut events = Vec::new();
    for number in 0..60_i64 {
        events.push(feed.private(&format!("p{number}"), &format!("{number}"), number * 10));
    }
    desk.apply(&events).await;
    for (queue, first) in [(Queue::New, "0"), (Queue::All, "59")] {
        let mut seen: Vec<String> = Vec::new();
        let mut after = String::new();
        let mut moved = 0;
        loop {
            let answer = page(&service, &feed, queue, after).await;
            seen.extend(answer.rows.iter().map(|row| row.last_text.clone()));
            after = answer.next;
            if after.is_empty() {
                break;
            }
            // A row that was passed already, or is far ahead, moves: its contact writes again.
            moved += 1;
            let who = if queue == Queue::New { 50 + moved % 5 } else { 59 - moved % 5 };
            let id = format!("{queue:?}{moved}");
            desk.apply(&[feed.private(&format!("p{who}"), &id, 100_000 + moved)]).await;
        }
        assert!(seen[0].ends_with(&format!("of {first}")) || queue == Queue::All, "{seen:?}");
        let unique: BTreeSet<&String> = seen.iter().collect();
        assert_eq!(unique.len(), seen.len(), "nothing is repeated");
        for number in 0..50 {
            let text = format!("text of {number}");
            assert!(seen.contains(&text), "{text} is missing from {queue:?}");
        }
    }
    desk.audit(feed.organization).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_are_right_before_and_after_they_are_folded() {
    let service = Service::start(Policy::default()).await;
    let desk = service.desk();
    let feed = Feed::new();
    desk.apply(&[
        feed.private("anna", "1", 0),
        feed.private("bert", "2", 0),
        feed.own("carl", "3", 0),
        feed.received(0, "dora", "4", proto::network::v1::MessageKind::Post, 0, true),
    ])
    .await;
    let counts = service.counts(feed.organization).await;
    assert_eq!((counts.new, counts.pending, counts.resolved), (2, 1, 1));
    // The desk has its own handler, so the service's sweep knows of this organization only once
    // it has applied something itself: fold by hand.
    service.publish(&[feed.private("emil", "5", 0)]).await;
    service
        .until("the deltas are folded", async || {
            desk.number("SELECT count(*) FROM conversation.count_delta").await == 0
        })
        .await;
    let counts = service.counts(feed.organization).await;
    assert_eq!((counts.new, counts.pending, counts.resolved), (3, 1, 1));
    // Nobody waits any more: a total of nothing does not stay, and begins anew.
    let answers = ["anna", "bert", "emil"].map(|who| feed.own(who, &format!("to {who}"), 100));
    let totals = async || {
        desk.texts(
            "SELECT concat_ws(' ', state, amount) FROM conversation.count_total \
             WHERE amount = 0 OR state <> 3 ORDER BY 1",
        )
        .await
    };
    service.publish(&answers).await;
    service.until("all are pending", async || totals().await == ["2 4"]).await;
    service.publish(&[feed.private("emil", "6", 200)]).await;
    service.until("one waits again", async || totals().await == ["1 1", "2 3"]).await;
    desk.audit(feed.organization).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_questions_are_refused_with_the_field_at_fault() {
    let service = Service::start(Policy::default()).await;
    let feed = Feed::new();
    let ask = async |request: calls::ListConversationsRequest| {
        let request = call(request, feed.organization);
        rpc::fault(
            service.client("gateway").list_conversations(request).await.expect_err("refused"),
        )
    };
    let good = calls::ListConversationsRequest { queue: Queue::New.into(), ..Default::default() };
    for (request, field) in [
        (calls::ListConversationsRequest { limit: 201, ..good.clone() }, "limit"),
        (calls::ListConversationsRequest { limit: -1, ..good.clone() }, "limit"),
        (calls::ListConversationsRequest { queue: 0, ..good.clone() }, "queue"),
        (calls::ListConversationsRequest { after: "??".to_owned(), ..good.clone() }, "after"),
    ] {
        let fault = ask(request).await;
        assert_eq!(fault.class(), Class::Invalid);
        assert_eq!(fault.field(), Some(field));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_come_in_network_order_page_by_page() {
    let service = Service::start(Policy::default()).await;
    let desk = service.desk();
    let feed = Feed::new();
    // Arriving backwards; ids that are numbers, two of them in the same second.
    let mut events = Vec::new();
    for number in (0..25_i64).rev() {
        events.push(feed.private("anna", &format!("{}", 98 + number), number / 2));
    }
    for event in events.chunks(4) {
        desk.apply(event).await;
    }
    let rows = page(&service, &feed, Queue::New, String::new()).await.rows;
    let mut found: Vec<String> = Vec::new();
    let mut before = String::new();
    loop {
        let request = calls::ListMessagesRequest {
            conversation_id: rows[0].conversation_id.clone(),
            limit: 10,
            before,
        };
        let request = call(request, feed.organization);
        let answer =
            service.client("gateway").list_messages(request).await.expect("a page").into_inner();
        let ids: Vec<String> =
            answer.messages.into_iter().map(|message| message.external_id).collect();
        found.splice(0..0, ids);
        before = answer.older;
        if before.is_empty() {
            break;
        }
    }
    let expected: Vec<String> = (98..123).map(|number| number.to_string()).collect();
    assert_eq!(found, expected);
}
