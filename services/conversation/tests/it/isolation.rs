//! Two organizations: neither sees, changes nor guesses what is the other's.

use conversation::domain::Policy;
use kit_service::rpc;
use kit_store::{Row as _, Scope};
use kit_values::{Class, OrganizationId};
use proto::conversation::v1 as calls;
use proto::conversation::v1::Queue;
use proto::directory::v1::{Role, directory_event};

use crate::desk::Desk;
use crate::feed::Feed;
use crate::office::Office;
use crate::service::{Service, by, call};

#[tokio::test(flavor = "multi_thread")]
async fn ids_of_another_organization_are_not_found_by_any_call() {
    let service = Service::start(Policy::default()).await;
    let feed = Feed::new();
    let stranger = OrganizationId::mint();
    service.desk().apply(&[feed.private("anna", "1", 0)]).await;
    let list = |organization| {
        let queue = Queue::All.into();
        call(calls::ListConversationsRequest { queue, ..Default::default() }, organization)
    };
    let mut client = service.client("gateway");
    let rows = client.list_conversations(list(feed.organization)).await.expect("own").into_inner();
    let conversation_id = rows.rows[0].conversation_id.clone();
    let none = client.list_conversations(list(stranger)).await.expect("empty").into_inner();
    assert!(none.rows.is_empty());
    let by_id = calls::GetConversationsRequest { conversation_ids: vec![conversation_id.clone()] };
    let answer = client.get_conversations(call(by_id, stranger)).await.expect("empty");
    assert!(answer.into_inner().rows.is_empty());
    let list = calls::ListMessagesRequest {
        conversation_id: conversation_id.clone(),
        ..Default::default()
    };
    let own = client.list_messages(call(list.clone(), feed.organization)).await;
    let message = own.expect("own").into_inner().messages[0].message_id.clone();
    let fault = client.list_messages(call(list, stranger)).await.expect_err("refused");
    assert_eq!(rpc::fault(fault).class(), Class::NotFound);
    let by_id = calls::GetMessagesRequest { message_ids: vec![message] };
    let answer = client.get_messages(call(by_id, stranger)).await.expect("empty");
    assert!(answer.into_inner().messages.is_empty());
    let history = calls::ListHistoryRequest { conversation_id };
    let fault = client.list_history(call(history, stranger)).await.expect_err("refused");
    assert_eq!(rpc::fault(fault).class(), Class::NotFound);
    let counts = service.counts(stranger).await;
    assert_eq!((counts.new, counts.pending, counts.resolved), (0, 0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_of_another_organization_answers_settles_and_locks_nothing() {
    let office = Office::open(Feed::new()).await;
    let feed = &office.feed;
    office.desk.apply(&[feed.private("anna", "1", 0)]).await;
    let row = office.sole_row().await;
    let accepted = office.accept(office.lea, office.private(&row, "k1")).await.expect("accepted");
    let message = accepted.message.expect("a message").message_id;
    office.desk.delivery(&[office.unknown(&message, 1)]).await;
    let before = office.sole_row().await;

    // The same member's id, an agent of the other organization, too.
    let other = OrganizationId::mint();
    let mut event = office.member(office.lea, &[Role::Agent, Role::Admin], 5);
    let metadata = event.metadata.as_mut().expect("metadata");
    metadata.organization_id = other.to_string();
    if let Some(directory_event::Fact::MemberChanged(changed)) = &mut event.fact {
        let member = changed.member.as_mut().expect("a member");
        member.organization_id = other.to_string();
    }
    office.desk.directory(&[event]).await;
    let mut client = office.service.client("gateway");
    let mut faults = Vec::new();
    let reply = office.private(&before, "k2");
    faults.push(client.accept_reply(by(reply, other, office.lea)).await.err());
    let retry =
        calls::RetryReplyRequest { message_id: message.clone(), idempotency_key: "k3".to_owned() };
    faults.push(client.retry_reply(by(retry, other, office.lea)).await.err());
    let settle = calls::SettleReplyRequest { message_id: message.clone(), sent: false };
    faults.push(client.settle_reply(by(settle, other, office.lea)).await.err());
    let change = calls::ChangeStateRequest {
        conversation_id: row.conversation_id.clone(),
        idempotency_key: "k4".to_owned(),
        to: calls::State::Resolved.into(),
        seen_through: 10,
    };
    faults.push(client.change_state(by(change, other, office.lea)).await.err());
    let acquire = calls::AcquireLockRequest {
        conversation_id: row.conversation_id.clone(),
        session: "tab".to_owned(),
        take_over: true,
    };
    faults.push(client.acquire_lock(by(acquire, other, office.lea)).await.err());
    let release = calls::ReleaseLockRequest {
        conversation_id: row.conversation_id.clone(),
        session: "tab".to_owned(),
        fence: 0,
    };
    faults.push(client.release_lock(by(release, other, office.lea)).await.err());
    for fault in faults {
        let fault = rpc::fault(fault.expect("refused"));
        assert_eq!(fault.class(), Class::NotFound, "{fault}");
    }
    let asked = calls::GetOutboundRequest { message_ids: vec![message] };
    let answer = office.service.client("delivery").get_outbound(call(asked.clone(), other)).await;
    assert!(answer.expect("empty").into_inner().outbound.is_empty());
    let fault = client.get_outbound(call(asked, feed.organization)).await.expect_err("refused");
    assert_eq!(rpc::fault(fault).class(), Class::Forbidden);
    // The same key is another organization's own.
    assert_eq!(office.sole_row().await, before);
    let reply = office.private(&before, "k2");
    office.accept(office.lea, reply).await.expect("accepted");
}

#[tokio::test(flavor = "multi_thread")]
async fn row_level_security_alone_hides_every_row() {
    let desk = Desk::new(Policy::default()).await;
    let feed = Feed::new();
    desk.apply(&[
        feed.private("anna", "1", 0),
        feed.own("anna", "2", 100),
        feed.edited("1", 1, 10),
        feed.edited("unknown", 1, 10),
        feed.read("anna", 200),
    ])
    .await;
    desk.database
        .database
        .execute(
            "INSERT INTO conversation.count_total SELECT organization_id, 1, 'epoch', 1 \
         FROM conversation.contact; \
             INSERT INTO conversation.outcome SELECT organization_id, 'key', '', now(), '' \
             FROM conversation.contact; \
             INSERT INTO conversation.member SELECT organization_id, contact_id, 1, now() \
             FROM conversation.contact; \
             INSERT INTO conversation.channel SELECT organization_id, contact_id, 1, '1', '', \
             '{}', 1 FROM conversation.contact; \
             INSERT INTO conversation.note SELECT organization_id, contact_id, contact_id, NULL, \
             contact_id, '', now(), NULL, NULL, 1 FROM conversation.contact; \
             INSERT INTO conversation.note_version SELECT organization_id, contact_id, 1, now(), \
             contact_id, '' FROM conversation.contact; \
             INSERT INTO conversation.action SELECT organization_id, contact_id, contact_id, 1, 1, \
             true, contact_id, contact_id, contact_id, now(), NULL, NULL, NULL, NULL, NULL, NULL, \
             NULL, 1 FROM conversation.contact; \
             INSERT INTO conversation.attribute_list SELECT organization_id, 1, '[]' \
             FROM conversation.contact; \
             INSERT INTO conversation.contact_attribute SELECT organization_id, contact_id, \
             contact_id, '', 1, 1, NULL, now() FROM conversation.contact; \
             INSERT INTO conversation.draft SELECT organization_id, contact_id, contact_id, 1, '', \
             1, NULL, NULL, false, now(), 1 FROM conversation.contact; \
             INSERT INTO conversation.audit SELECT organization_id, 1, now(), NULL, '', '', '', \
             '{}', '' FROM conversation.contact",
        )
        .await;
    let tables = desk
        .texts(
            "SELECT c.relname::text FROM pg_class AS c JOIN pg_attribute AS a \
             ON a.attrelid = c.oid AND a.attname = 'organization_id' \
             WHERE c.relnamespace = 'conversation'::regnamespace AND c.relkind = 'r' \
             AND c.relrowsecurity ORDER BY 1",
        )
        .await;
    assert_eq!(tables.len(), 20, "{tables:?}");
    for table in tables {
        for (organization, seen) in [(feed.organization, true), (OrganizationId::mint(), false)] {
            let sql: &'static str =
                Box::leak(format!("SELECT count(*) AS rows FROM {table}").into());
            let transaction =
                desk.database.store.begin(&Scope::from(organization)).await.expect("begins");
            let rows = transaction.rows(sql, Vec::new()).await.expect("runs");
            let count: i64 = rows[0].get("rows").expect("a number");
            transaction.rollback().await.expect("rolls back");
            assert_eq!(count > 0, seen, "{table} without a predicate");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_operators_may_make_the_calls_of_operators() {
    let service = Service::start(Policy::default()).await;
    let organization = OrganizationId::mint();
    let ask = || call(calls::ListParkedRequest::default(), organization);
    let fault = service.client("gateway").list_parked(ask()).await.expect_err("refused");
    assert_eq!(rpc::fault(fault).class(), Class::Forbidden);
    service.client("operator").list_parked(ask()).await.expect("admitted");
    let counts = call(calls::GetCountsRequest {}, organization);
    let fault = service.client("ingest").get_counts(counts).await.expect_err("refused");
    assert_eq!(rpc::fault(fault).class(), Class::Forbidden);
}
