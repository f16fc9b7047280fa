use std::collections::HashSet;
use std::time::Duration;

use kit_store::outbox::{self, Message, relay};
use kit_store::{Scope, Store};
use kit_testkit::SchemaDatabase;
use kit_values::{Class, EventId, Fault, OrganizationId, mint_uuid, now};
use uuid::Uuid;

use crate::harness::{database, organization, scalar};

fn message(network: Option<&'static str>, lane: i16) -> Message {
    Message {
        event: EventId::mint(),
        organization: Some(organization(1)),
        subject: "guichet.probe.v1.-.-.happened".to_owned(),
        network,
        lane,
        payload: vec![1, 2, 3],
        occurred_at: now(),
        trace: Some("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_owned()),
    }
}

async fn append(database: &SchemaDatabase, messages: Vec<Message>) -> Vec<EventId> {
    let events = messages.iter().map(|message| message.event).collect();
    database
        .store
        .transaction(&Scope::Unscoped, async |transaction| {
            outbox::append(transaction, messages).await
        })
        .await
        .expect("appended");
    events
}

/// Claims and records everything pending, as a relay whose stream answers with ever higher
/// sequences; gives the events in the order of publishing.
async fn publish(relay: &Store, incarnation: Uuid, mut next: i64) -> Vec<EventId> {
    let mut order = Vec::new();
    loop {
        let transaction = relay.begin(&Scope::Unscoped).await.expect("begun");
        let claimed = relay::claim(&transaction, 8).await.expect("claimed");
        let acknowledged: Vec<_> = claimed
            .iter()
            .zip(next..)
            .map(|(pending, sequence)| (pending.event, sequence))
            .collect();
        relay::published(&transaction, incarnation, &acknowledged).await.expect("recorded");
        transaction.commit().await.expect("committed");
        if claimed.is_empty() {
            return order;
        }
        next += i64::try_from(claimed.len()).expect("small");
        order.extend(claimed.into_iter().map(|pending| pending.event));
    }
}

async fn with<T>(
    store: &Store,
    work: impl AsyncFnOnce(&kit_store::Transaction) -> Result<T, Fault>,
) -> T {
    store.transaction(&Scope::Unscoped, work).await.expect("committed")
}

async fn pending(relay: &Store) -> HashSet<EventId> {
    let transaction = relay.begin(&Scope::Unscoped).await.expect("begun");
    let claimed = relay::claim(&transaction, 1_000).await.expect("claimed");
    transaction.rollback().await.expect("given back");
    claimed.into_iter().map(|pending| pending.event).collect()
}

#[tokio::test]
async fn an_event_leaves_with_the_transaction_that_decided_it_or_not_at_all() {
    let database = database().await;
    let kept = message(Some("x"), 3);
    append(&database, vec![kept.clone()]).await;
    let undone = database.store.begin(&Scope::Unscoped).await.expect("begun");
    outbox::append(&undone, vec![message(None, 0)]).await.expect("appended");
    drop(undone);

    let transaction = database.relay.begin(&Scope::Unscoped).await.expect("begun");
    let claimed = relay::claim(&transaction, 10).await.expect("claimed");
    assert_eq!(claimed.len(), 1);
    let pending = &claimed[0];
    assert_eq!(pending.event, kept.event);
    assert_eq!(pending.organization, kept.organization);
    assert_eq!(pending.subject, kept.subject);
    assert_eq!((pending.network.as_str(), pending.lane), ("x", 3));
    assert_eq!(pending.payload, kept.payload);
    assert_eq!(pending.occurred_at, kept.occurred_at);
    assert_eq!(pending.trace, kept.trace);
}

#[tokio::test]
async fn an_event_is_appended_once() {
    let database = database().await;
    let once = message(Some("x"), 3);
    append(&database, vec![once.clone()]).await;
    let again = database
        .store
        .transaction(&Scope::Unscoped, async |transaction| {
            outbox::append(transaction, vec![once]).await
        })
        .await;
    assert_eq!(again.expect_err("refused").class(), Class::Conflict);
}

#[tokio::test]
async fn what_is_not_recorded_stays_pending_and_two_relays_never_hold_the_same() {
    let database = database().await;
    let events = append(&database, (0..20).map(|_| message(Some("x"), 5)).collect()).await;
    let first = database.relay.begin(&Scope::Unscoped).await.expect("begun");
    let second = database.relay.begin(&Scope::Unscoped).await.expect("begun");
    let mine = relay::claim(&first, 8).await.expect("claimed");
    let theirs = relay::claim(&second, 8).await.expect("claimed");
    let both: HashSet<_> = mine.iter().chain(&theirs).map(|pending| pending.event).collect();
    assert_eq!(both.len(), 16, "no event is claimed twice");
    first.rollback().await.expect("a crash between publish and mark");
    let acknowledged: Vec<_> = theirs.iter().zip(1..).map(|(p, n)| (p.event, n)).collect();
    relay::published(&second, mint_uuid(), &acknowledged).await.expect("recorded");
    second.commit().await.expect("committed");
    let left = pending(&database.relay).await;
    assert_eq!(left.len(), 12);
    assert!(events.iter().all(|event| {
        left.contains(event) != acknowledged.iter().any(|(published, _)| published == event)
    }));
}

#[tokio::test]
async fn a_storm_on_one_lane_delays_neither_another_lane_nor_another_network() {
    let database = database().await;
    append(&database, (0..500).map(|_| message(Some("x"), 3)).collect()).await;
    let late = append(&database, vec![message(Some("x"), 4), message(Some("facebook"), 3)]).await;
    let order = publish(&database.relay, mint_uuid(), 1).await;
    assert_eq!(order.len(), 502);
    for event in late {
        let place = order.iter().position(|published| *published == event).expect("published");
        assert!(place < 4, "published in place {place}");
    }
}

#[tokio::test]
async fn a_commit_that_appended_wakes_the_relay_at_once() {
    let database = database().await;
    let woken = async {
        let began = std::time::Instant::now();
        relay::woken(&database.relay, Duration::from_secs(30)).await;
        began.elapsed()
    };
    let appending = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        database.store.ping().await.expect("a commit that appends nothing");
        append(&database, vec![message(None, 0)]).await;
    };
    let (waited, ()) = tokio::join!(woken, appending);
    assert!(waited < Duration::from_secs(5), "{waited:?}");
    assert!(waited >= Duration::from_millis(50), "{waited:?}");
}

#[tokio::test]
async fn the_floor_only_rises_and_only_for_its_incarnation() {
    let database = database().await;
    let incarnation = mint_uuid();
    assert_eq!(with(&database.relay, relay::position).await, None);
    with(&database.relay, async |tx| relay::open(tx, incarnation).await).await;
    let events = append(&database, (0..5).map(|_| message(None, 0)).collect()).await;
    publish(&database.relay, incarnation, 1).await;
    let confirm = async |of, sequence| {
        with(&database.relay, async |tx| relay::confirm(tx, of, sequence).await).await
    };
    assert!(confirm(incarnation, 3).await);
    assert!(!confirm(incarnation, 2).await);
    assert!(!confirm(mint_uuid(), 5).await);
    let position = with(&database.relay, relay::position).await.expect("open");
    assert_eq!((position.incarnation, position.floor), (incarnation, 3));
    assert_eq!(position.last, Some((5, events[4])));
    let above = with(&database.relay, async |tx| relay::recorded(tx, 0, 10).await).await;
    assert_eq!(above, [(4, events[3]), (5, events[4])]);
}

#[tokio::test]
async fn a_new_incarnation_publishes_again_what_is_above_the_floor_and_nothing_under_it() {
    let database = database().await;
    let (first, second) = (mint_uuid(), mint_uuid());
    with(&database.relay, async |tx| relay::open(tx, first).await).await;
    let events = append(&database, (0..6).map(|_| message(None, 0)).collect()).await;
    publish(&database.relay, first, 1).await;
    with(&database.relay, async |tx| relay::confirm(tx, first, 2).await).await;

    assert_eq!(with(&database.relay, async |tx| relay::open(tx, first).await).await, 0);
    assert_eq!(pending(&database.relay).await.len(), 0, "the same incarnation changes nothing");
    assert_eq!(with(&database.relay, async |tx| relay::open(tx, second).await).await, 4);
    let again: HashSet<_> = events[2..].iter().copied().collect();
    assert_eq!(pending(&database.relay).await, again);

    assert_eq!(publish(&database.relay, second, 1).await, events[2..]);
    with(&database.relay, async |tx| relay::confirm(tx, second, 1).await).await;
    let position = with(&database.relay, relay::position).await.expect("open");
    assert_eq!(position.last, Some((4, events[5])));
    assert_eq!(with(&database.relay, relay::repend_all).await, 3);
}

#[tokio::test]
async fn only_what_the_stream_lost_above_the_floor_is_pending_again() {
    let database = database().await;
    let incarnation = mint_uuid();
    with(&database.relay, async |tx| relay::open(tx, incarnation).await).await;
    let events = append(&database, (0..10).map(|_| message(None, 0)).collect()).await;
    publish(&database.relay, incarnation, 1).await;
    with(&database.relay, async |tx| relay::confirm(tx, incarnation, 2).await).await;
    // Sequences 1 to 4 aged out, 9 and 10 were cut off.
    let again = with(&database.relay, async |tx| relay::repend_outside(tx, 5, 8).await).await;
    assert_eq!(again, 4);
    let lost: HashSet<_> = [2, 3, 8, 9].map(|n| events[n]).into();
    assert_eq!(pending(&database.relay).await, lost);
    let given = with(&database.relay, async |tx| relay::repend(tx, &[1, 2, 6, 99]).await).await;
    assert_eq!(given, 1, "6 alone is recorded and above the floor");
    publish(&database.relay, incarnation, 11).await;
    assert_eq!(with(&database.relay, relay::repend_all).await, 8);
    publish(&database.relay, incarnation, 21).await;
    let again = with(&database.relay, async |tx| relay::repend_outside(tx, 1, 1_000).await).await;
    assert_eq!(again, 0, "everything is in the stream");
}

#[tokio::test]
async fn a_stream_refilled_past_the_recorded_sequence_takes_the_newest_record() {
    let database = database().await;
    let incarnation = mint_uuid();
    with(&database.relay, async |tx| relay::open(tx, incarnation).await).await;
    append(&database, vec![message(None, 0)]).await;
    publish(&database.relay, incarnation, 7).await;
    let newer = append(&database, vec![message(None, 0)]).await;
    publish(&database.relay, incarnation, 7).await;
    let position = with(&database.relay, relay::position).await.expect("open");
    assert_eq!(position.last, Some((7, newer[0])));
}

#[tokio::test]
async fn only_confirmed_rows_are_pruned_and_the_last_record_stays() {
    let database = database().await;
    let incarnation = mint_uuid();
    with(&database.relay, async |tx| relay::open(tx, incarnation).await).await;
    append(&database, (0..10).map(|_| message(None, 0)).collect()).await;
    publish(&database.relay, incarnation, 1).await;
    append(&database, vec![message(None, 0)]).await;
    let rows = async || {
        let count = "SELECT count(*) FROM outbox";
        scalar::<i64>(&database.relay, &Scope::Unscoped, count).await.expect("counted")
    };
    let prune = async |age, limit| relay::prune(&database.relay, age, limit).await.expect("pruned");
    assert_eq!(prune(Duration::ZERO, 100).await, 0, "nothing is confirmed");
    with(&database.relay, async |tx| relay::confirm(tx, incarnation, 6).await).await;
    assert_eq!(prune(Duration::from_hours(1), 100).await, 0, "nothing is old");
    assert_eq!(prune(Duration::ZERO, 4).await, 4, "in bounded batches");
    assert_eq!(prune(Duration::ZERO, 4).await, 2);
    assert_eq!(rows().await, 5);
    with(&database.relay, async |tx| relay::confirm(tx, incarnation, 10).await).await;
    assert_eq!(prune(Duration::ZERO, 100).await, 3);
    assert_eq!(rows().await, 2, "the last record and the pending row");
    let position = with(&database.relay, relay::position).await.expect("open");
    assert_eq!(position.last.map(|(sequence, _)| sequence), Some(10));

    let next = mint_uuid();
    with(&database.relay, async |tx| relay::open(tx, next).await).await;
    assert_eq!(prune(Duration::ZERO, 100).await, 1, "a former incarnation needs no last record");
    prune(Duration::ZERO, 100).await;
    let floors = "SELECT count(*) FROM outbox_floor";
    let floors = scalar::<i64>(&database.relay, &Scope::Unscoped, floors).await;
    assert_eq!(floors.expect("counted"), 1);
    assert_eq!(rows().await, 1);
}

#[tokio::test]
async fn the_backlog_tells_its_size_and_age() {
    let database = database().await;
    let empty = with(&database.relay, relay::backlog).await;
    assert_eq!((empty.pending, empty.oldest), (0, None));
    append(&database, (0..3).map(|_| message(None, 0)).collect()).await;
    let backlog = with(&database.relay, relay::backlog).await;
    assert_eq!(backlog.pending, 3);
    assert!(backlog.oldest.expect("an age") < Duration::from_mins(1));
}

#[tokio::test]
async fn an_event_without_an_organization_keeps_none() {
    let database = database().await;
    let none: Option<OrganizationId> = None;
    append(&database, vec![Message { organization: none, trace: None, ..message(None, 15) }]).await;
    let transaction = database.relay.begin(&Scope::Unscoped).await.expect("begun");
    let claimed = relay::claim(&transaction, 1).await.expect("claimed");
    assert_eq!((claimed[0].organization, claimed[0].trace.clone()), (None, None));
    assert_eq!((claimed[0].network.as_str(), claimed[0].lane), ("-", 15));
}
