//! Many updates in one body, many bodies at a time.

use std::collections::{BTreeMap, BTreeSet};

use futures::{StreamExt as _, stream};
use networks::Network;
use reqwest::StatusCode;
use serde_json::Value;

use crate::bodies::{bytes, event, message, messaging, page};
use crate::house::{House, PAGES};

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_updates_over_several_pages_and_organizations_each_find_their_channel() {
    let house = House::new().await;
    let third = "104857600555555555";
    let mut entries: Vec<Value> = Vec::new();
    for round in 0..50 {
        for (place, page_id) in [PAGES[0], PAGES[1], third, PAGES[0]].into_iter().enumerate() {
            let events: Vec<Value> =
                (0..5).map(|n| event(&format!("m{round}-{place}-{n}"), "hello")).collect();
            entries.push(messaging(page_id, &events));
        }
    }
    let body = bytes(&page(&entries));
    let receipt = house.deliver(Network::Facebook, &body).await;
    let items = house.items(&receipt).await;
    assert_eq!(items.len(), 1_000);
    let positions: Vec<i32> = items.iter().map(|item| item.position).collect();
    assert!(positions.iter().copied().eq(0..1_000));
    let outcomes = house.outcomes(&receipt).await;
    let count = |word: &str| outcomes.iter().filter(|found| *found == word).count();
    assert_eq!((count("stored"), count("waiting account_not_connected")), (750, 250));

    let mut by_organization: BTreeMap<String, usize> = BTreeMap::new();
    for event in house.events().await {
        let organization = event.metadata.expect("has metadata").organization_id;
        *by_organization.entry(organization).or_default() += 1;
    }
    let [first, second] = house.organizations.map(|id| id.to_string());
    assert_eq!(by_organization, BTreeMap::from([(first, 500), (second, 250)]));

    let again = house.deliver(Network::Facebook, &body).await;
    let outcomes = house.outcomes(&again).await;
    assert!(!outcomes.iter().any(|outcome| outcome == "stored"));
    assert_eq!(house.counts().await, [2, 750, 750, 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_cannot_be_stored_is_parked_whole_and_harms_no_other() {
    let house = House::new().await;
    house
        .database
        .execute(
            "CREATE FUNCTION ingest.refuse() RETURNS trigger LANGUAGE plpgsql AS \
             $$ BEGIN RAISE EXCEPTION 'cannot be stored' USING ERRCODE = '22000'; END $$;
             CREATE TRIGGER refuse BEFORE INSERT ON ingest.item FOR EACH ROW \
             WHEN (NEW.external_id = 'poison') EXECUTE FUNCTION ingest.refuse()",
        )
        .await;
    let posts = (0..40).map(|n| {
        let id = if n == 20 { "poison".to_owned() } else { format!("m{n}") };
        let body = message(Network::X, &id, "hello");
        let house = &house;
        async move { (id, house.deliver(Network::X, &body).await) }
    });
    for (id, receipt) in futures::future::join_all(posts).await {
        let expected = if id == "poison" { "parked not_storable" } else { "stored" };
        assert_eq!(house.outcomes(&receipt).await, [expected], "{id}");
    }
    assert_eq!(house.counts().await, [40, 39, 39, 1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_with_the_same_updates_in_opposite_orders_never_wait_for_each_other() {
    let house = House::new().await;
    let forth: Vec<Value> = (0..200).map(|n| event(&format!("m{n}"), "hello")).collect();
    let back: Vec<Value> = forth.iter().rev().cloned().collect();
    let bodies = [forth, back].map(|events| bytes(&page(&[messaging(PAGES[0], &events)])));
    let posts = (0..40).map(|n| house.deliver(Network::Facebook, &bodies[n % 2]));
    let receipts: Vec<String> = stream::iter(posts).buffer_unordered(40).collect().await;
    assert_eq!(receipts.len(), 40);
    assert_eq!(house.counts().await, [40, 200, 200, 0]);
    let deadlocks = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()";
    assert_eq!(house.number(deadlocks).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_update_twice_in_one_body_is_stored_once() {
    let house = House::new().await;
    let twice = [event("m1", "hello"), event("m1", "hello"), event("m2", "hello")];
    let body = bytes(&page(&[messaging(PAGES[0], &twice)]));
    let receipt = house.deliver(Network::Facebook, &body).await;
    assert_eq!(house.outcomes(&receipt).await, ["stored", "duplicate", "stored"]);
    let items = house.items(&receipt).await;
    assert_eq!(items[0].event_id, items[1].event_id, "the duplicate names the first one's event");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_webhooks_at_a_time_share_transactions_and_each_item_is_stored_once() {
    let house = House::new().await;
    let before = house
        .number("SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()")
        .await;
    let began = std::time::Instant::now();
    let posts = (0..600).map(|n| {
        // Each update comes three times, from three connections.
        let body = message(Network::Facebook, &format!("m{}", n % 200), "hello");
        let house = &house;
        async move {
            let answer = house.post(Network::Facebook, &body).await;
            assert_eq!(answer.status(), StatusCode::OK);
            answer.headers()["guichet-receipt"].to_str().expect("is text").to_owned()
        }
    });
    let receipts: Vec<String> = stream::iter(posts).buffer_unordered(64).collect().await;
    println!("600 webhooks took {:?}", began.elapsed());
    assert_eq!(receipts.iter().collect::<BTreeSet<_>>().len(), 600, "a receipt names one request");
    assert_eq!(house.counts().await, [600, 200, 200, 0]);
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    let after = house
        .number("SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()")
        .await;
    println!("600 webhooks, {} transactions in all", after - before);
    let outcomes = receipts.iter().map(|receipt| house.outcomes(receipt));
    let outcomes: Vec<Vec<String>> = stream::iter(outcomes).buffer_unordered(16).collect().await;
    let stored = outcomes.iter().flatten().filter(|word| *word == "stored").count();
    assert_eq!(stored, 200, "each item was stored by exactly one request");
}
