//! Every committed body against the table in `tests/fixtures/README.md`.

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::path::PathBuf;

use networks::{Fact, Item, Network, Reading, parse};

pub fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures")
}

pub fn body(file: &str) -> Vec<u8> {
    fs::read(folder().join(file)).expect("is a committed fixture")
}

pub fn items(file: &str) -> Vec<Item> {
    let network: Network = file.split('/').next().expect("has a folder").parse().expect("known");
    parse(network, &body(file))
}

/// The rows of the table: file and the outcome of each item.
fn table() -> Vec<(String, Vec<String>)> {
    let readme = fs::read_to_string(folder().join("README.md")).expect("is committed");
    let rows = readme.lines().filter(|line| line.starts_with("| `") && line.contains(".json`"));
    rows.map(|line| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        assert!(cells[1].starts_with("networks.md "), "{line} cites nothing");
        let outcomes = cells[2].split(", ").map(str::to_owned).collect();
        (cells[0].trim_matches('`').to_owned(), outcomes)
    })
    .collect()
}

fn outcome(item: &Item, seen: &mut HashSet<(String, networks::Key)>) -> String {
    let report = match &item.reading {
        Reading::Report(report) => report,
        Reading::Ignored(_) => return "ignored".to_owned(),
        Reading::Unreadable { reason, .. } => return format!("parked {reason}"),
    };
    if !seen.insert((item.account.clone(), item.key().expect("reports"))) {
        return "duplicate".to_owned();
    }
    let fact = match &report.fact {
        Fact::Received { author: None, .. } => return "waiting author_missing".to_owned(),
        Fact::Received { .. } => "message_received",
        Fact::Own(_) => "own_message_observed",
        Fact::Edited(_) => "message_edited",
        Fact::Deleted(_) => "message_deleted",
        Fact::Reacted(_) => "reaction_changed",
        Fact::Delivered(_) => "messages_delivered",
        Fact::Read(_) => "messages_read",
    };
    format!("stored {fact}")
}

#[test]
fn every_fixture_has_a_row_and_every_row_a_fixture() {
    let rows: BTreeSet<String> = table().into_iter().map(|(file, _)| file).collect();
    let mut files = BTreeSet::new();
    for network in Network::ALL {
        for file in fs::read_dir(folder().join(network.as_str())).expect("is a folder") {
            let name = file.expect("is readable").file_name();
            files.insert(format!("{network}/{}", name.to_string_lossy()));
        }
    }
    assert_eq!(rows, files);
    assert!(rows.len() > 100, "only {} fixtures", rows.len());
}

#[test]
fn every_fixture_has_the_outcome_that_its_row_states() {
    let mut seen = HashSet::new();
    for (file, expected) in table() {
        let found: Vec<_> = items(&file).iter().map(|item| outcome(item, &mut seen)).collect();
        assert_eq!(found, expected, "{file}");
    }
    for (file, _) in table() {
        for item in items(&file) {
            let again = outcome(&item, &mut seen);
            let stored = again.starts_with("stored") || again.starts_with("waiting");
            assert!(!stored, "{file}: {again} when posted twice");
        }
    }
}
