use std::collections::HashSet;
use std::time::Duration;

use kit_store::parked::{self, Filter, Parking};
use kit_store::waiting::{self, Waiting};
use kit_store::{Scope, inbox};
use kit_values::{EventId, OrganizationId, mint_uuid, now};

use crate::harness::{database, organization, scalar};

const READER: &str = "probe-inbound-x";

#[tokio::test]
async fn an_event_is_admitted_once_by_each_reader_however_many_try_at_once() {
    let database = database().await;
    let events: Vec<EventId> = (0..30).map(|_| EventId::mint()).collect();
    let mut reversed = events.clone();
    reversed.reverse();
    let admit = async |events: &[EventId]| {
        let transaction = database.store.begin(&Scope::Unscoped).await.expect("begun");
        let admitted = inbox::admit(&transaction, READER, events).await.expect("admitted");
        tokio::time::sleep(Duration::from_millis(10)).await;
        transaction.commit().await.expect("committed");
        admitted
    };
    let (a, b, c, d) =
        tokio::join!(admit(&events), admit(&reversed), admit(&events[10..]), admit(&events[..5]));
    assert_eq!(a.len() + b.len() + c.len() + d.len(), events.len());
    let union: HashSet<EventId> = [a, b, c, d].into_iter().flatten().collect();
    assert_eq!(union.len(), events.len());

    let transaction = database.store.begin(&Scope::Unscoped).await.expect("begun");
    let other = inbox::admit(&transaction, "probe-other", &events).await.expect("admitted");
    assert_eq!(other.len(), events.len(), "another reader has not seen them");
}

#[tokio::test]
async fn an_event_of_a_transaction_that_failed_is_admitted_again() {
    let database = database().await;
    let event = EventId::mint();
    let failed = database.store.begin(&Scope::Unscoped).await.expect("begun");
    assert_eq!(inbox::admit(&failed, READER, &[event, event]).await.expect("admitted").len(), 1);
    failed.rollback().await.expect("undone");
    let again = database.store.begin(&Scope::Unscoped).await.expect("begun");
    assert!(inbox::admit(&again, READER, &[event]).await.expect("admitted").contains(&event));
}

#[tokio::test]
async fn attempts_are_counted_per_reader_and_event_until_settled() {
    let database = database().await;
    let (first, second) = (EventId::mint(), EventId::mint());
    let failed = async |reader, events: &[EventId]| {
        let work = async |tx: &kit_store::Transaction| inbox::failed(tx, reader, events).await;
        database.store.transaction(&Scope::Unscoped, work).await.expect("counted")
    };
    assert_eq!(failed(READER, &[first, second]).await[&first], 1);
    assert_eq!(failed(READER, &[first]).await[&first], 2);
    assert_eq!(failed("probe-other", &[first]).await[&first], 1);
    let settle = async |tx: &kit_store::Transaction| inbox::settled(tx, READER, &[first]).await;
    database.store.transaction(&Scope::Unscoped, settle).await.expect("settled");
    let counts = failed(READER, &[first, second]).await;
    assert_eq!((counts[&first], counts[&second]), (1, 2));
}

#[tokio::test]
async fn old_admissions_are_forgotten_in_bounded_batches() {
    let database = database().await;
    let events: Vec<EventId> = (0..5).map(|_| EventId::mint()).collect();
    let admit = async |tx: &kit_store::Transaction| inbox::admit(tx, READER, &events).await;
    database.store.transaction(&Scope::Unscoped, admit).await.expect("admitted");
    let prune = async |age| inbox::prune(&database.store, age, 3).await.expect("pruned");
    assert_eq!(prune(inbox::KEPT_FOR).await, 0);
    assert_eq!(prune(Duration::ZERO).await, 3);
    assert_eq!(prune(Duration::ZERO).await, 2);
}

fn waiting(organization: OrganizationId, key: &str) -> Waiting {
    Waiting {
        organization,
        key: key.to_owned(),
        event: EventId::mint(),
        payload: vec![0, 1],
        occurred_at: now(),
        trace: None,
    }
}

#[tokio::test]
async fn what_waits_is_taken_once_oldest_first_by_its_own_organization() {
    let database = database().await;
    let (ours, theirs) = (organization(1), organization(2));
    let mut older = waiting(ours, "message 1");
    older.occurred_at -= time::Duration::minutes(1);
    let newer = Waiting { trace: Some("00-trace".to_owned()), ..waiting(ours, "message 1") };
    let other = waiting(ours, "message 2");
    let foreign = waiting(theirs, "message 1");
    let scope = Scope::from_iter([ours, theirs]);
    let all = vec![newer.clone(), older.clone(), other, foreign.clone()];
    for _ in 0..2 {
        let keep = async |tx: &kit_store::Transaction| waiting::keep(tx, all.clone()).await;
        database.store.transaction(&scope, keep).await.expect("kept");
    }
    let take = async |scope: Scope, organization| {
        let keys = [(organization, "message 1".to_owned())];
        let take = async |tx: &kit_store::Transaction| waiting::take(tx, &keys).await;
        database.store.transaction(&scope, take).await.expect("taken")
    };
    assert_eq!(take(ours.into(), theirs).await, [], "not in scope");
    assert_eq!(take(scope, ours).await, [older, newer]);
    assert_eq!(take(ours.into(), ours).await, []);
    assert_eq!(take(theirs.into(), theirs).await, [foreign]);
    let left = "SELECT count(*) FROM waiting";
    assert_eq!(scalar::<i64>(&database.store, &ours.into(), left).await.expect("counted"), 1);
}

fn parking(source: &str, organization: Option<OrganizationId>) -> Parking {
    Parking {
        id: mint_uuid(),
        source: source.to_owned(),
        event: Some(EventId::mint()),
        organization,
        subject: "guichet.ingest.v1.x.-.observed".to_owned(),
        reason: "undecodable".to_owned(),
        detail: "The event could not be read.".to_owned(),
        payload: vec![0xff, 0x00],
        trace: None,
        replayable: true,
        unknown_to: None,
    }
}

#[tokio::test]
async fn what_is_parked_is_listed_shown_and_replayed_once() {
    let database = database().await;
    let ours = organization(1);
    let items = [
        parking(READER, Some(ours)),
        parking(READER, None),
        parking("hooks/x", None),
        Parking { event: None, ..parking("hooks/x", None) },
        Parking { event: None, ..parking("hooks/x", None) },
    ];
    let twice = Parking { id: mint_uuid(), ..items[0].clone() };
    let with = async |work: &dyn Fn(&Filter) -> Filter| {
        let filter = work(&Filter::default());
        let list = async |tx: &kit_store::Transaction| parked::list(tx, &filter).await;
        let listed = database.store.transaction(&Scope::Unscoped, list).await.expect("listed");
        listed.into_iter().map(|parked| parked.what.id).collect::<Vec<_>>()
    };
    database
        .store
        .transaction(&Scope::Unscoped, async |tx| {
            parked::park(tx, items.to_vec()).await?;
            parked::park(tx, vec![twice]).await
        })
        .await
        .expect("parked");
    let ids: Vec<_> = items.iter().map(|item| item.id).collect();
    assert_eq!(with(&Filter::clone).await, ids);
    let source = |_: &Filter| Filter { source: Some("hooks/x".to_owned()), ..Filter::default() };
    assert_eq!(with(&source).await, ids[2..]);
    let owned = |_: &Filter| Filter { organization: Some(ours), ..Filter::default() };
    assert_eq!(with(&owned).await, ids[..1]);
    let page = |_: &Filter| Filter { after: Some(ids[0]), limit: 2, ..Filter::default() };
    assert_eq!(with(&page).await, ids[1..3]);

    let show = async |tx: &kit_store::Transaction| parked::show(tx, ids[0]).await;
    let shown = database.store.transaction(&Scope::Unscoped, show).await.expect("shown");
    let shown = shown.expect("there");
    assert_eq!((&shown.what, shown.replayed_at), (&items[0], None));
    let mark = async || {
        let mark = async |tx: &kit_store::Transaction| parked::mark_replayed(tx, &ids[..1]).await;
        database.store.transaction(&Scope::Unscoped, mark).await.expect("marked")
    };
    assert_eq!(mark().await, 1);
    assert_eq!(mark().await, 0);
    assert_eq!(with(&Filter::clone).await, ids[1..]);
    let all = |_: &Filter| Filter { replayed: true, ..Filter::default() };
    assert_eq!(with(&all).await, ids);
    let applied = async |tx: &kit_store::Transaction| {
        parked::mark_applied(tx, READER, &[items[1].event.expect("has one")]).await
    };
    let applied = database.store.transaction(&Scope::Unscoped, applied).await.expect("marked");
    assert_eq!(applied, 1);
}

#[tokio::test]
async fn what_was_unknown_to_an_older_version_is_found_by_a_newer_one() {
    let database = database().await;
    let unknown = Parking { unknown_to: Some(1), ..parking(READER, None) };
    let plain = parking(READER, None);
    let elsewhere = Parking { unknown_to: Some(1), ..parking("probe-other", None) };
    let park = async |tx: &kit_store::Transaction| {
        parked::park(tx, vec![unknown.clone(), plain, elsewhere]).await
    };
    database.store.transaction(&Scope::Unscoped, park).await.expect("parked");
    let found = async |version, after| {
        let find = async |tx: &kit_store::Transaction| {
            parked::unknown_before(tx, READER, version, after, 10).await
        };
        let found = database.store.transaction(&Scope::Unscoped, find).await.expect("found");
        found.into_iter().map(|parked| parked.what).collect::<Vec<_>>()
    };
    assert_eq!(found(1, None).await, []);
    assert_eq!(found(2, Some(unknown.id)).await, [], "the page behind the last one");
    assert_eq!(found(2, None).await, [unknown]);
}
