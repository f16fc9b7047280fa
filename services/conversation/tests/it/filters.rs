//! What a list can be asked for, each alone and along its pages.

use conversation::domain::Policy;
use conversation::domain::words::MemberId;
use kit_service::rpc;
use kit_values::Class;
use proto::conversation::v1 as calls;
use proto::conversation::v1::{Queue, Sort};
use proto::network::v1::MessageKind;

use crate::feed::Feed;
use crate::office::Office;
use crate::service::by;

/// The last texts of a list, page by page of two.
async fn texts(
    office: &Office,
    member: MemberId,
    asked: &calls::ListConversationsRequest,
) -> Vec<String> {
    let mut found = Vec::new();
    let mut after = String::new();
    loop {
        let request = calls::ListConversationsRequest { limit: 2, after, ..asked.clone() };
        let request = by(request, office.feed.organization, member);
        let answer = office.service.client("gateway").list_conversations(request).await;
        let answer = answer.expect("a page").into_inner();
        found.extend(answer.rows.into_iter().map(|row| row.last_text.replace("text of ", "")));
        after = answer.next;
        if after.is_empty() {
            let index = calls::GetIndexRequest { list: Some(asked.clone()) };
            let index = by(index, office.feed.organization, member);
            let index = office.service.lists("gateway").get_index(index).await;
            let index = index.expect("an index").into_inner();
            assert_eq!(index.conversation_ids.len(), found.len(), "the index is the list");
            assert_eq!(index.key_deltas.len(), found.len());
            for (id, sequence) in index.conversation_ids.iter().zip(&index.last_sequences) {
                assert_eq!(*sequence, office.row(id).await.last_sequence);
            }
            assert_eq!(index.last_sequences.len(), found.len());
            return found;
        }
    }
}

fn asked(queue: Queue) -> calls::ListConversationsRequest {
    calls::ListConversationsRequest { queue: queue.into(), ..Default::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_filter_and_order_gives_exactly_what_it_says() {
    let office = Office::open(Feed::new()).await;
    let feed = &office.feed;
    let mention = MessageKind::Mention;
    // Waiting since 0, 10, 20, 30; the first wrote again last.
    office
        .desk
        .apply(&[
            feed.private("anna", "a", 0),
            feed.received(1, "bert", "b", mention, 10, false),
            feed.private("carl", "c", 20),
            feed.received(1, "dora", "d", mention, 30, false),
        ])
        .await;
    office.desk.apply(&[feed.private("anna", "a2", 40), feed.own("emil", "e", 50)]).await;
    let rows = office.rows().await;
    let id = |text: &str| {
        let row = rows.iter().find(|row| row.last_text == format!("text of {text}"));
        row.expect("a row").conversation_id.clone()
    };
    let (lea, noah) = (office.lea, office.noah);
    let owners = [office.owner(&id("c"), Some(lea), 1), office.owner(&id("e"), Some(lea), 1)];
    office.desk.routing(&owners).await;

    let new = asked(Queue::New);
    assert_eq!(texts(&office, lea, &new).await, ["a2", "b", "c", "d"]);
    let sorted = |sort: Sort| calls::ListConversationsRequest { sort: sort.into(), ..new.clone() };
    assert_eq!(texts(&office, lea, &sorted(Sort::Waiting)).await, ["a2", "b", "c", "d"]);
    assert_eq!(texts(&office, lea, &sorted(Sort::Newest)).await, ["a2", "d", "c", "b"]);
    assert_eq!(texts(&office, lea, &sorted(Sort::OldestActivity)).await, ["b", "c", "d", "a2"]);
    assert_eq!(texts(&office, lea, &asked(Queue::All)).await, ["e", "a2", "d", "c", "b"]);

    let owned = |queue: Queue| calls::ListConversationsRequest {
        owner_member_id: lea.to_string(),
        ..asked(queue)
    };
    assert_eq!(texts(&office, noah, &owned(Queue::New)).await, ["c"]);
    assert_eq!(texts(&office, noah, &owned(Queue::All)).await, ["e", "c"]);
    let nobodys = calls::ListConversationsRequest { unassigned: true, ..new.clone() };
    assert_eq!(texts(&office, lea, &nobodys).await, ["a2", "b", "d"]);
    let of_channel = calls::ListConversationsRequest {
        channel_ids: vec![feed.channels[1].to_string()],
        ..new.clone()
    };
    assert_eq!(texts(&office, lea, &of_channel).await, ["b", "d"]);
    let of_kind = calls::ListConversationsRequest { kind: mention.into(), ..new.clone() };
    assert_eq!(texts(&office, lea, &of_kind).await, ["b", "d"]);

    for conversation_id in [id("d"), id("e")] {
        let draft = calls::Draft {
            conversation_id,
            mode: calls::DraftMode::Reply.into(),
            text: "half a word".to_owned(),
            ..Default::default()
        };
        let draft = by(calls::PutDraftRequest { draft: Some(draft) }, feed.organization, lea);
        office.service.lists("gateway").put_draft(draft).await.expect("kept");
    }
    let drafted =
        |queue: Queue| calls::ListConversationsRequest { has_draft: true, ..asked(queue) };
    assert_eq!(texts(&office, lea, &drafted(Queue::New)).await, ["d"]);
    assert_eq!(texts(&office, lea, &drafted(Queue::All)).await, ["e", "d"]);
    assert!(texts(&office, noah, &drafted(Queue::All)).await.is_empty(), "another's drafts");
    // All at once.
    let all = calls::ListConversationsRequest {
        owner_member_id: lea.to_string(),
        kind: MessageKind::PrivateMessage.into(),
        channel_ids: vec![feed.channels[0].to_string()],
        ..drafted(Queue::Pending)
    };
    assert_eq!(texts(&office, lea, &all).await, ["e"]);

    let wrong = [
        calls::ListConversationsRequest { sort: Sort::Waiting.into(), ..asked(Queue::Pending) },
        calls::ListConversationsRequest { sort: 17, ..new.clone() },
        calls::ListConversationsRequest { kind: 77, ..new.clone() },
        calls::ListConversationsRequest { unassigned: true, ..owned(Queue::New) },
    ];
    for (request, field) in wrong.into_iter().zip(["sort", "sort", "kind", "assignee"]) {
        let request = by(request, feed.organization, lea);
        let answer = office.service.client("gateway").list_conversations(request).await;
        let fault = rpc::fault(answer.expect_err("refused"));
        assert_eq!((fault.class(), fault.field()), (Class::Invalid, Some(field)));
    }
    // A cursor belongs to its order.
    let first = calls::ListConversationsRequest { limit: 1, ..sorted(Sort::Newest) };
    let answer = office
        .service
        .client("gateway")
        .list_conversations(by(first, feed.organization, lea))
        .await;
    let after = answer.expect("a page").into_inner().next;
    let second = calls::ListConversationsRequest { after, ..sorted(Sort::OldestActivity) };
    let answer = office
        .service
        .client("gateway")
        .list_conversations(by(second, feed.organization, lea))
        .await;
    assert_eq!(rpc::fault(answer.expect_err("refused")).code(), "cursor_invalid");
}

#[tokio::test(flavor = "multi_thread")]
async fn resolved_goes_back_three_months_and_no_further() {
    let office = Office::open(Feed::new()).await;
    let feed = &office.feed;
    let policy = Policy::default();
    assert_eq!(policy.auto_resolve_after.whole_days(), 30);
    for (person, text) in [("anna", "a"), ("bert", "b"), ("carl", "c")] {
        office.desk.apply(&[feed.private(person, text, 0)]).await;
    }
    for row in office.rows().await {
        office.change(office.lea, &row, calls::State::Resolved).await.expect("resolved");
    }
    // Two months, and four months ago.
    for (text, days) in [("b", 60), ("c", 120)] {
        office
            .desk
            .database
            .database
            .execute(&format!(
                "UPDATE conversation.conversation SET resolved_at = now() - interval '{days} days', \
                 last_resolved_at = now() - interval '{days} days' \
                 WHERE last_external_id = '{text}'"
            ))
            .await;
    }
    assert_eq!(texts(&office, office.lea, &asked(Queue::Resolved)).await, ["a", "b"]);
    let oldest = calls::ListConversationsRequest {
        sort: Sort::OldestActivity.into(),
        ..asked(Queue::Resolved)
    };
    assert_eq!(texts(&office, office.lea, &oldest).await, ["b", "a"]);
    // And search finds the third one.
    let query = calls::SearchRequest { query: "text of c".to_owned(), ..Default::default() };
    let query = by(query, feed.organization, office.lea);
    let found = office.service.lists("gateway").search(query).await.expect("found").into_inner();
    let names: Vec<_> = found.conversations.iter().filter_map(|one| one.row.as_ref()).collect();
    assert!(names.iter().any(|row| row.last_text == "text of c"), "{names:?}");
}
