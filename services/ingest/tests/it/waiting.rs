//! What has to wait, and what ends the wait.

use std::time::Duration;

use kit_testkit::eventually;
use networks::Network;
use proto::ingest::v1::item_event::Fact;

use crate::bodies::{
    bytes, changes, event, message, messaging, named_comment, nameless_comment, page,
};
use crate::house::{House, Options, PAGES, PATIENCE, X_ACCOUNTS};

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_nobody_owns_waits_and_is_replayed_when_it_is_connected() {
    let mut house = House::with(Options { unconnected: true, ..Options::default() }).await;
    let both = [
        messaging(PAGES[0], &[event("m1", "hello")]),
        messaging(PAGES[1], &[event("m2", "hello")]),
    ];
    let body = bytes(&page(&both));
    let first = house.deliver(Network::Facebook, &body).await;
    let again = house.deliver(Network::Facebook, &body).await;
    let post = house.deliver(Network::X, &message(Network::X, "d1", "hello")).await;
    let waiting = "waiting account_not_connected";
    assert_eq!(house.outcomes(&first).await, [waiting, waiting]);
    assert_eq!(house.outcomes(&again).await, [waiting, waiting]);
    assert_eq!(house.counts().await, [3, 0, 0, 0]);

    house.connect(Network::Facebook, PAGES[0], house.organizations[0]);
    house.connect(Network::X, X_ACCOUNTS[0], house.organizations[1]);
    house.restart().await;
    eventually(PATIENCE, "the items are replayed", async || house.events().await.len() == 2).await;
    assert_eq!(house.outcomes(&first).await, ["stored", waiting]);
    assert_eq!(house.outcomes(&again).await, ["duplicate", waiting]);
    assert_eq!(house.outcomes(&post).await, ["stored"]);
    assert_eq!(house.number("SELECT count(*) FROM ingest.unrouted").await, 2);
    let organizations: Vec<String> = house
        .events()
        .await
        .into_iter()
        .map(|event| event.metadata.expect("has metadata").organization_id)
        .collect();
    for organization in house.organizations {
        assert!(organizations.contains(&organization.to_string()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_before_the_connection_is_history() {
    let mut house = House::with(Options { unconnected: true, ..Options::default() }).await;
    let receipt = house.deliver(Network::X, &message(Network::X, "d1", "hello")).await;
    house.connect(Network::X, X_ACCOUNTS[0], house.organizations[0]);
    // Connected after the message was written.
    house.directory.with(|state| {
        state.channels[0].connected_at =
            Some(prost_types::Timestamp { seconds: 1_784_927_100, nanos: 0 });
    });
    house.restart().await;
    eventually(PATIENCE, "it is replayed", async || house.outcomes(&receipt).await == ["stored"])
        .await;
    let events = house.events().await;
    let Some(Fact::MessageReceived(received)) = &events[0].fact else { panic!("another fact") };
    assert!(received.history);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_without_an_author_waits_a_minute_and_proceeds_as_someone() {
    let house = House::new().await;
    let body = bytes(&page(&[changes(PAGES[0], &[nameless_comment(PAGES[0], "1_7")])]));
    let receipt = house.deliver(Network::Facebook, &body).await;
    assert_eq!(house.outcomes(&receipt).await, ["waiting author_missing"]);
    let again = house.deliver(Network::Facebook, &body).await;
    assert_eq!(house.outcomes(&again).await, ["duplicate"]);
    assert_eq!(house.items(&again).await[0].event_id, "", "nothing carried it yet");
    assert_eq!(house.counts().await, [2, 1, 0, 0]);
    let due = "SELECT extract(epoch FROM due - clock_timestamp())::bigint FROM ingest.timer";
    let left = house.number(due).await;
    assert!((50..=60).contains(&left), "{left} s left");

    house.database.execute("UPDATE ingest.timer SET due = clock_timestamp()").await;
    eventually(PATIENCE, "it proceeds", async || house.outcomes(&receipt).await == ["stored"])
        .await;
    let events = house.events().await;
    assert_eq!(events.len(), 1);
    let Some(Fact::MessageReceived(received)) = &events[0].fact else { panic!("another fact") };
    assert_eq!(received.author, None);
    let event = &events[0].metadata.as_ref().expect("has metadata").event_id;
    assert_eq!(&house.items(&receipt).await[0].event_id, event);
    assert_eq!(&house.items(&again).await[0].event_id, event, "the duplicate knows it too");
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(house.events().await.len(), 1);
}

/// The display names of the authors of every message that was handed on.
async fn authors(house: &House) -> Vec<Option<String>> {
    let author = |event: proto::ingest::v1::ItemEvent| match event.fact {
        Some(Fact::MessageReceived(received)) => received.author.map(|it| it.display_name),
        _ => None,
    };
    house.events().await.into_iter().map(author).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_that_waits_for_its_author_is_carried_on_by_the_one_that_names_them() {
    let house = House::new().await;
    let body = |comment| bytes(&page(&[changes(PAGES[0], &[comment])]));
    let nameless = body(nameless_comment(PAGES[0], "1_7"));
    let named = body(named_comment(PAGES[0], "1_7"));
    let first = house.deliver(Network::Facebook, &nameless).await;
    let again = house.deliver(Network::Facebook, &nameless).await;
    assert_eq!(house.outcomes(&first).await, ["waiting author_missing"]);
    let later = house.deliver(Network::Facebook, &named).await;
    assert_eq!(house.outcomes(&later).await, ["stored"]);
    assert_eq!(house.outcomes(&first).await, ["duplicate"]);
    assert_eq!(authors(&house).await, [Some("Ada".to_owned())]);
    let event = house.items(&later).await[0].event_id.clone();
    for receipt in [&first, &again] {
        assert_eq!(house.items(receipt).await[0].event_id, event, "it names the one that came");
    }

    // Neither the end of the wait nor a redelivery of either hands it on once more.
    house.database.execute("UPDATE ingest.timer SET due = clock_timestamp()").await;
    let timers = "SELECT count(*) FROM ingest.timer";
    eventually(PATIENCE, "the wait is over", async || house.number(timers).await == 0).await;
    for body in [&nameless, &named, &nameless] {
        let receipt = house.deliver(Network::Facebook, body).await;
        assert_eq!(house.outcomes(&receipt).await, ["duplicate"]);
    }
    assert_eq!(house.outcomes(&first).await, ["duplicate"]);
    assert_eq!(house.counts().await, [6, 1, 1, 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_the_same_items_in_one_body_the_one_with_its_author_is_stored() {
    let house = House::new().await;
    let both = [
        nameless_comment(PAGES[0], "1_7"),
        named_comment(PAGES[0], "1_7"),
        nameless_comment(PAGES[0], "1_7"),
    ];
    let receipt =
        house.deliver(Network::Facebook, &bytes(&page(&[changes(PAGES[0], &both)]))).await;
    assert_eq!(house.outcomes(&receipt).await, ["duplicate", "stored", "duplicate"]);
    assert_eq!(authors(&house).await, [Some("Ada".to_owned())]);
    assert_eq!(house.number("SELECT count(*) FROM ingest.timer").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_the_same_item_with_and_without_its_author_at_once_exactly_one_is_stored() {
    let house = House::new().await;
    let ids: Vec<String> = (0..20).map(|number| format!("1_{number}")).collect();
    let bodies = ids.iter().flat_map(|id| {
        let (nameless, named) = (nameless_comment(PAGES[0], id), named_comment(PAGES[0], id));
        [nameless.clone(), named.clone(), named, nameless]
    });
    let posts = bodies.map(|comment| {
        let body = bytes(&page(&[changes(PAGES[0], &[comment])]));
        let house = &house;
        async move { house.deliver(Network::Facebook, &body).await }
    });
    let receipts = futures::future::join_all(posts).await;
    let mut stored = 0;
    for receipt in &receipts {
        let outcomes = house.outcomes(receipt).await;
        stored += usize::from(outcomes == ["stored"]);
        assert!(outcomes == ["stored"] || outcomes == ["duplicate"], "{outcomes:?}");
    }
    assert_eq!(stored, ids.len());
    assert_eq!(authors(&house).await, vec![Some("Ada".to_owned()); ids.len()]);
    assert_eq!(house.counts().await, [80, 20, 20, 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_whose_account_went_to_somebody_else_holds_up_no_other() {
    let house = House::new().await;
    let comment = |account: &str| {
        bytes(&page(&[changes(account, &[nameless_comment(account, &format!("{account}_7"))])]))
    };
    let stuck = house.deliver(Network::Facebook, &comment(PAGES[0])).await;
    let free = house.deliver(Network::Facebook, &comment(PAGES[1])).await;
    let sql = format!(
        "UPDATE ingest.route SET organization_id = gen_random_uuid(), changed_at = clock_timestamp()
         WHERE account_id = '{}'",
        PAGES[0]
    );
    house.database.execute(&sql).await;
    // The registry looks at its tables once a second.
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    house.database.execute("UPDATE ingest.timer SET due = clock_timestamp()").await;
    eventually(PATIENCE, "the other proceeds", async || house.outcomes(&free).await == ["stored"])
        .await;
    assert_eq!(house.outcomes(&stuck).await, ["waiting author_missing"]);
}
