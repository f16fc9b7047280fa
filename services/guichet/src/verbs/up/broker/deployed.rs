//! deploy/nats/users.conf, for a broker that `up` does not start: the same users, the same rights.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use kit_service::servers::NatsUser;
use kit_values::Secret;

use super::user;
use crate::services::ALL;

fn file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/nats/users.conf")
}

/// The broker takes the passwords from its environment.
fn written() -> String {
    let mut text = "\
# The services as users of the broker: what `guichet up` gives its own, with passwords from the
# environment. Made by the test `write_the_users_of_deploy`; another one compares.
authorization {
  users = [
"
    .to_owned();
    let users = ALL.map(|service| user(service, Secret::new(String::new())));
    // What uses no stream has no business there.
    for user in users.iter().filter(|user| uses_events(user)) {
        let variable = format!("NATS_PASSWORD_{}", user.name.to_uppercase());
        let _ = write!(
            text,
            "    {{\n      user: {}\n      password: ${variable}\n      permissions {{\n        \
             publish {{\n{}{}        }}\n        subscribe {{\n{}        }}\n      }}\n    }}\n",
            user.name,
            list("allow", &user.publish),
            list("deny", &user.refused),
            list("allow", &user.subscribe),
        );
    }
    text.push_str("  ]\n}\n");
    text
}

fn uses_events(user: &NatsUser) -> bool {
    user.publish.len() > 1
}

fn list(name: &str, subjects: &[String]) -> String {
    if subjects.is_empty() {
        return String::new();
    }
    let mut text = format!("          {name} = [\n");
    for subject in subjects {
        let _ = writeln!(text, "            {}", serde_json::json!(subject));
    }
    text.push_str("          ]\n");
    text
}

#[test]
fn the_broker_of_deploy_has_the_same_users_and_rights() {
    let committed = std::fs::read_to_string(file()).expect("deploy/nats/users.conf is there");
    let hint = "cargo nextest run -p guichet --run-ignored only write_the_users";
    assert!(committed == written(), "deploy/nats/users.conf is stale: {hint}");
}

#[test]
#[ignore = "writes deploy/nats/users.conf"]
fn write_the_users_of_deploy() {
    std::fs::write(file(), written()).expect("writes");
}
