//! Every committed fixture gets the outcome that its row in `tests/fixtures/README.md` states.

use std::fs;
use std::path::PathBuf;

use networks::Network;
use proto::ingest::v1::item_event::Fact;

use crate::house::{House, outcome};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures")
}

/// Network, body and the outcome of each item, in the order of the tables.
fn table() -> Vec<(String, Network, Vec<u8>, Vec<String>)> {
    let readme = fs::read_to_string(folder().join("README.md")).expect("is committed");
    let rows = readme.lines().filter(|line| line.starts_with("| `") && line.contains(".json`"));
    rows.map(|line| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let file = cells[0].trim_matches('`').to_owned();
        let network = file.split('/').next().expect("has a folder").parse().expect("is known");
        let body = fs::read(folder().join(&file)).expect("is committed");
        let outcomes = cells[2].split(", ").map(str::to_owned).collect();
        (file, network, body, outcomes)
    })
    .collect()
}

fn fact(fact: Option<Fact>) -> &'static str {
    match fact.expect("has a fact") {
        Fact::MessageReceived(_) => "message_received",
        Fact::OwnMessageObserved(_) => "own_message_observed",
        Fact::MessageEdited(_) => "message_edited",
        Fact::MessageDeleted(_) => "message_deleted",
        Fact::ReactionChanged(_) => "reaction_changed",
        Fact::MessagesDelivered(_) => "messages_delivered",
        Fact::MessagesRead(_) => "messages_read",
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fixture_has_its_outcome_and_posting_all_twice_stores_nothing_twice() {
    let house = House::new().await;
    for (file, network, body, expected) in table() {
        let receipt = house.deliver(network, &body).await;
        let mut found = Vec::new();
        for item in house.items(&receipt).await {
            let mut text = outcome(&item);
            if text == "stored" {
                let events = house.events().await;
                let mut events = events.into_iter().filter(|event| event.item_id == item.item_id);
                let event = events.next().expect("a stored item has an event");
                let metadata = event.metadata.expect("has metadata");
                assert_eq!(metadata.event_id, item.event_id, "{file}");
                assert_eq!(metadata.correlation_id, receipt, "{file}");
                text = format!("{text} {}", fact(event.fact));
            } else if text.starts_with("ignored") {
                assert!(!item.reason.is_empty(), "{file}");
                "ignored".clone_into(&mut text);
            }
            found.push(text);
        }
        assert_eq!(found, expected, "{file}");
    }
    let [requests, items, events, parked] = house.counts().await;
    assert_eq!(parked, 0);

    for (file, network, body, expected) in table() {
        let receipt = house.deliver(network, &body).await;
        for (item, first) in house.items(&receipt).await.iter().zip(&expected) {
            let again = if first == "ignored" { "ignored" } else { "duplicate" };
            assert!(outcome(item).starts_with(again), "{file}: {}", outcome(item));
            let carried = again == "duplicate" && !first.starts_with("waiting");
            assert_eq!(!item.event_id.is_empty(), carried, "{file}");
        }
    }
    assert_eq!(house.counts().await, [2 * requests, items, events, 0]);
}
