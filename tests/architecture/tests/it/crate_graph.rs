//! Who may depend on whom: services meet only in `proto`.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

use crate::tree;

const SERVICES: &[&str] = &[
    "conversation",
    "delivery",
    "directory",
    "gateway",
    "ingest",
    "link-shortener",
    "notification",
    "playground",
    "routing",
];
const KIT: &[&str] = &["kit-bus", "kit-service", "kit-store", "kit-testkit", "kit-values"];

/// Our crates, each with those of our crates that it depends on; development dependencies apart.
fn graph(development: bool) -> BTreeMap<String, BTreeSet<String>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(tree::root())
        .output()
        .expect("cargo metadata runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("metadata is JSON");
    let packages = metadata["packages"].as_array().expect("there are packages");
    let ours: BTreeSet<&str> =
        packages.iter().filter_map(|package| package["name"].as_str()).collect();
    packages
        .iter()
        .map(|package| {
            let dependencies = package["dependencies"]
                .as_array()
                .expect("a package lists its dependencies")
                .iter()
                .filter(|dependency| (dependency["kind"] == "dev") == development)
                .filter_map(|dependency| dependency["name"].as_str())
                .filter(|name| ours.contains(name))
                .map(str::to_owned)
                .collect();
            (package["name"].as_str().expect("a package has a name").to_owned(), dependencies)
        })
        .collect()
}

#[test]
fn no_service_depends_on_another_service_not_even_for_its_tests() {
    for development in [false, true] {
        for (name, dependencies) in graph(development) {
            if SERVICES.contains(&name.as_str()) {
                let others: Vec<_> = dependencies
                    .iter()
                    .filter(|other| SERVICES.contains(&other.as_str()))
                    .collect();
                assert!(others.is_empty(), "{name} depends on {others:?}");
            }
        }
    }
}

#[test]
fn the_kit_knows_neither_services_nor_networks_nor_events() {
    for (name, dependencies) in graph(false) {
        if KIT.contains(&name.as_str()) {
            let strange: Vec<_> =
                dependencies.iter().filter(|other| !KIT.contains(&other.as_str())).collect();
            assert!(strange.is_empty(), "{name} depends on {strange:?}");
        }
    }
}

#[test]
fn the_playground_never_uses_the_networks_library_that_it_is_to_test() {
    let graph = graph(false);
    let mut reached = BTreeSet::new();
    let mut next = vec!["playground".to_owned()];
    while let Some(name) = next.pop() {
        for dependency in graph.get(&name).into_iter().flatten() {
            if reached.insert(dependency.clone()) {
                next.push(dependency.clone());
            }
        }
    }
    assert!(!reached.contains("networks"), "playground reaches networks");
}

/// Ingest reads what networks send, delivery makes their calls, and conversation asks what an
/// account may do (`services/decisions/0009-the-manifest-in-conversation.md`).
#[test]
fn only_three_services_use_the_networks_library() {
    let users = ["ingest", "conversation", "delivery"];
    for (name, dependencies) in graph(false) {
        assert!(
            !dependencies.contains("networks") || users.contains(&name.as_str()),
            "{name} depends on networks"
        );
    }
}

#[test]
fn values_stand_at_the_bottom_and_only_tests_use_the_testkit() {
    let graph = graph(false);
    assert!(graph["kit-values"].is_empty(), "kit-values depends on {:?}", graph["kit-values"]);
    for (name, dependencies) in &graph {
        assert!(!dependencies.contains("kit-testkit"), "{name} ships the testkit");
    }
}
