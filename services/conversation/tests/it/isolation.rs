//! Two organizations: neither sees, changes nor guesses what is the other's.

use conversation::domain::Policy;
use kit_service::rpc;
use kit_store::{Row as _, Scope};
use kit_values::{Class, OrganizationId};
use proto::conversation::v1 as calls;
use proto::conversation::v1::Queue;

use crate::desk::Desk;
use crate::feed::Feed;
use crate::service::{Service, call};

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
         FROM conversation.contact",
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
    assert_eq!(tables.len(), 10, "{tables:?}");
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
