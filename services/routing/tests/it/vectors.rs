//! What the other services that keep the rule of access are checked against as well.

use std::collections::BTreeSet;

use routing::domain::access::{Doors, Level};
use routing::domain::person::Roles;
use routing::domain::words::{ChannelId, MemberId};
use serde_json::Value;

fn level(word: &Value) -> Level {
    match word.as_str() {
        Some("viewer") => Level::Viewer,
        Some("contributor") => Level::Contributor,
        Some("supervisor") => Level::Supervisor,
        _ => Level::Nothing,
    }
}

#[test]
fn the_rule_of_access_is_that_of_every_service() {
    let table = include_str!("../../../../tests/vectors/access.json");
    let table: Value = serde_json::from_str(table).expect("is JSON");
    let cases = table["cases"].as_array().expect("a list");
    assert!(cases.len() > 20);
    for case in cases {
        let member = MemberId::mint();
        let mut roles = Roles::default();
        // Directory tells of somebody deactivated that they have no role.
        for role in
            case["roles"].as_array().filter(|_| case["active"] == true).into_iter().flatten()
        {
            roles = roles.and(match role.as_str() {
                Some("agent") => Roles::AGENT,
                Some("supervisor") => Roles::SUPERVISOR,
                _ => Roles::ADMIN,
            });
        }
        let (mut channels, mut lists) = (BTreeSet::new(), Vec::new());
        for channel in case["channels"].as_array().expect("a list") {
            let id = ChannelId::mint();
            channels.insert(id);
            if channel["restricted"] == true {
                let entry = &channel["entry"];
                let entry = entry.is_string().then(|| (member, level(entry)));
                lists.push((id, Vec::from_iter(entry)));
            }
        }
        let found = Doors::new(lists).level(member, roles, &channels);
        assert_eq!(found, level(&case["level"]), "{case}");
    }
}
