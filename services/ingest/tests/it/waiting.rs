//! What has to wait, and what ends the wait.

use std::time::Duration;

use kit_testkit::eventually;
use networks::Network;
use proto::ingest::v1::item_event::Fact;

use crate::bodies::{bytes, changes, event, message, messaging, nameless_comment, page};
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
    eventually(PATIENCE, "the items are replayed", async || {
        house.number("SELECT count(*) FROM ingest.outbox").await == 2
    })
    .await;
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
