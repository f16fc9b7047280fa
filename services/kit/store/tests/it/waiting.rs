//! Events that a reader put aside: kept, offered at growing intervals, and isolated.

use std::time::Duration;

use kit_store::waiting::{self, PutAside};
use kit_store::{Scope, Transaction};
use kit_testkit::SchemaDatabase;
use kit_values::{EventId, OrganizationId};

use crate::harness::{database, organization, scalar};

const READER: &str = "probe-inbound-x";
const DUE: &str = "UPDATE probe.waiting_turn SET due = clock_timestamp()";

fn aside(organization: Option<OrganizationId>) -> PutAside {
    PutAside {
        organization,
        event: EventId::mint(),
        subject: "guichet.ingest.v1.x.-.observed".to_owned(),
        payload: vec![1, 2, 3],
        trace: Some("00-trace".to_owned()),
    }
}

async fn put(database: &SchemaDatabase, reader: &str, event: &PutAside) {
    let scope = waiting::holder(event.organization).into();
    let put = async |tx: &Transaction| waiting::put_aside(tx, reader, event).await;
    database.store.transaction(&scope, put).await.expect("put aside");
}

async fn claim(database: &SchemaDatabase, reader: &str) -> Vec<(PutAside, Duration)> {
    let claim = async |tx: &Transaction| waiting::claim(tx, reader, 10).await;
    database.store.transaction(&Scope::Unscoped, claim).await.expect("claimed")
}

async fn next(database: &SchemaDatabase, reader: &str) -> Option<Duration> {
    let next = async |tx: &Transaction| waiting::next_due(tx, reader).await;
    database.store.transaction(&Scope::Unscoped, next).await.expect("told")
}

#[tokio::test]
async fn what_is_put_aside_comes_back_whole_to_its_own_reader() {
    let database = database().await;
    let events = [aside(Some(organization(1))), aside(Some(organization(2))), aside(None)];
    for event in &events {
        put(&database, READER, event).await;
        // A redelivery of what waits.
        put(&database, READER, event).await;
    }
    put(&database, "probe-other", &events[0]).await;
    assert_eq!(claim(&database, READER).await, [], "not before its time");
    assert!(next(&database, READER).await.expect("due") <= Duration::from_secs(1));
    database.database.execute(DUE).await;
    assert_eq!(next(&database, READER).await, Some(Duration::ZERO));
    let claimed = claim(&database, READER).await;
    let whole: Vec<PutAside> = claimed.iter().map(|(event, _)| event.clone()).collect();
    assert_eq!(whole, events);
    assert!(claimed.iter().all(|(_, waited)| *waited < Duration::from_mins(1)));
    assert_eq!(claim(&database, "probe-other").await.len(), 1);
    assert_eq!(next(&database, "probe-third").await, None);
}

#[tokio::test]
async fn turns_grow_apart_up_to_a_minute_whatever_became_of_them() {
    let database = database().await;
    put(&database, READER, &aside(Some(organization(1)))).await;
    for seconds in [1, 2, 4, 8, 16, 32, 60, 60] {
        let next = next(&database, READER).await.expect("due").as_secs_f64();
        let wanted = f64::from(seconds);
        assert!(next > wanted - 1.0 && next <= wanted, "{next} s instead of {wanted}");
        database.database.execute(DUE).await;
        assert_eq!(claim(&database, READER).await.len(), 1);
    }
}

#[tokio::test]
async fn two_processes_never_claim_the_same_turn() {
    let database = database().await;
    for _ in 0..10 {
        put(&database, READER, &aside(Some(organization(1)))).await;
    }
    database.database.execute(DUE).await;
    let (one, other) = tokio::join!(claim(&database, READER), claim(&database, READER));
    assert_eq!(one.len() + other.len(), 10);
}

#[tokio::test]
async fn what_is_settled_no_longer_waits_and_the_rest_does() {
    let database = database().await;
    let (first, second) = (aside(Some(organization(1))), aside(None));
    let third = aside(Some(organization(1)));
    for event in [&first, &second, &third] {
        put(&database, READER, event).await;
    }
    put(&database, "probe-other", &first).await;
    let settled = [(first.organization, first.event), (second.organization, second.event)];
    let scope: Scope = settled.iter().map(|(whose, _)| waiting::holder(*whose)).collect();
    let settle = async |tx: &Transaction| waiting::settled(tx, READER, &settled).await;
    database.store.transaction(&scope, settle).await.expect("settled");
    database.database.execute(DUE).await;
    let left: Vec<PutAside> =
        claim(&database, READER).await.into_iter().map(|(event, _)| event).collect();
    assert_eq!(left, [third]);
    assert_eq!(claim(&database, "probe-other").await.len(), 1, "another reader's is its own");
}

#[tokio::test]
async fn what_is_put_aside_exists_for_its_own_organization_alone() {
    let database = database().await;
    let (ours, theirs) = (organization(1), organization(2));
    put(&database, READER, &aside(Some(ours))).await;
    put(&database, READER, &aside(None)).await;
    let count = async |scope: Scope| {
        let sql = "SELECT count(*) FROM waiting";
        scalar::<i64>(&database.store, &scope, sql).await.expect("counted")
    };
    assert_eq!(count(ours.into()).await, 1);
    assert_eq!(count(theirs.into()).await, 0);
    assert_eq!(count(Scope::Unscoped).await, 0);
    // Nor can it be put aside for another, or settled by one.
    let foreign = aside(Some(theirs));
    let put = async |tx: &Transaction| waiting::put_aside(tx, READER, &foreign).await;
    let fault = database.store.transaction(&ours.into(), put).await.expect_err("refused");
    assert_eq!(kit_store::sql_state(&fault).as_deref(), Some("42501"));
}
