//! `guichet webhook post` gives each captured body the outcome that `tests/fixtures/README.md`
//! states.

use std::path::{Path, PathBuf};
use std::process::Command;

use faults::up::built_binary;
use serde_json::Value;

use crate::world::{Secrets, World};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures")
}

/// File and the outcome of each of its items, in the order of the tables.
fn table() -> Vec<(String, Vec<String>)> {
    let readme = std::fs::read_to_string(folder().join("README.md")).expect("is committed");
    let rows = readme.lines().filter(|line| line.starts_with("| `") && line.contains(".json`"));
    rows.map(|line| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let outcomes = cells[2].split(", ").map(str::to_owned).collect();
        (cells[0].trim_matches('`').to_owned(), outcomes)
    })
    .collect()
}

/// The command on some files of a network.
fn command(world: &World, network: &str, files: &[&str]) -> Command {
    let application = world.second.on(network);
    let mut command = Command::new(built_binary());
    command
        .args(["webhook", "post", "--network", network, "--data"])
        .arg(world.data())
        .args(["--application", &application.id])
        .args(files.iter().map(|file| folder().join(file)))
        .env("GUICHET_WEBHOOK_SECRET", &application.secret);
    command
}

/// Runs it; gives its lines of JSON.
fn post(world: &World, network: &str, files: &[&str]) -> Vec<Value> {
    let output = command(world, network, files).arg("--json").output().expect("the binary runs");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {errors}\n{text}", output.status);
    text.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
}

/// What a line says in the words of the table, without the fact that only events tell.
fn outcome(line: &Value) -> String {
    let text = |key: &str| line[key].as_str().unwrap_or_default().to_owned();
    match text("outcome").as_str() {
        kind @ ("stored" | "duplicate" | "ignored") => kind.to_owned(),
        kind => format!("{kind} {}", text("reason")),
    }
}

fn stated(outcome: &str) -> String {
    if outcome.starts_with("stored ") { "stored".to_owned() } else { outcome.to_owned() }
}

/// Rows of a table.
type Count = (&'static str, i64);

/// The tables hold what they held, but for `went_on` items whose minute ended in between, as it
/// does on a slow machine: each may have opened a conversation of its own.
fn assert_nothing_new(before: &[Count], after: &[Count], went_on: i64) {
    for ((table, was), (_, now)) in before.iter().zip(after) {
        let may_come = match *table {
            "ingest.item" => 0,
            // The opening and the message.
            "conversation.conversation_history" => 2 * went_on,
            _ => went_on,
        };
        let grown = now - was;
        assert!(
            (0..=may_come).contains(&grown),
            "posting all twice stored {grown} rows in {table}, {may_come} may come by themselves"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fixture_gets_its_stated_outcome_and_posting_all_twice_stores_nothing_twice() {
    let world = World::start(&Secrets::with("fixture"), &[]).await;
    let table = table();
    let count = async |what: &str| {
        let organization = world.second.organization.uuid();
        let of = format!("SELECT count(*) FROM {what} WHERE organization_id = '{organization}'");
        world.number(&of).await
    };
    // An item without an author goes on by itself after a minute, and is then stored too.
    let waiting = async || {
        let organization = world.second.organization.uuid();
        let of = "SELECT count(*) FROM ingest.item WHERE event_id IS NULL AND organization_id =";
        world.number(&format!("{of} '{organization}'")).await
    };
    let (mut before, mut waited) = (Vec::new(), 0);
    for round in ["first", "second"] {
        let mut posted = 0;
        for network in ["x", "facebook"] {
            let rows: Vec<_> =
                table.iter().filter(|(file, _)| file.starts_with(&format!("{network}/"))).collect();
            let files: Vec<&str> = rows.iter().map(|(file, _)| file.as_str()).collect();
            // The command follows what it posted for ten seconds: not too much at a time.
            let lines: Vec<Value> =
                files.chunks(10).flat_map(|files| post(&world, network, files)).collect();
            let mut lines = lines.iter();
            for (file, expected) in rows {
                for (position, expected) in expected.iter().enumerate() {
                    let line = lines.next().expect("a line for each item");
                    posted += 1;
                    assert!(line["file"].as_str().expect("a file").ends_with(file), "{line}");
                    assert_eq!(line["position"], position, "{line}");
                    assert_eq!(line["status"], 200, "{line}");
                    assert_eq!(line["final"], true, "{line}");
                    if round == "first" {
                        assert_eq!(outcome(line), stated(expected), "{file}: {line}");
                    } else {
                        let again = if expected == "ignored" { "ignored" } else { "duplicate" };
                        assert_eq!(line["outcome"], again, "{file}: {line}");
                    }
                    // Nothing of it may be unreadable further on.
                    assert_ne!(line["conversation"], "parked", "{file}: {line}");
                }
            }
            assert!(lines.next().is_none(), "{network}: more lines than items");
        }
        println!("figure: {posted} items posted, {round} time");
        let tables = [
            "ingest.item",
            "conversation.message",
            "conversation.conversation",
            "conversation.contact",
            "conversation.conversation_history",
        ];
        if round == "first" {
            waited = waiting().await;
        }
        let mut after = Vec::new();
        for table in tables {
            after.push((table, count(table).await));
        }
        assert!(after.iter().all(|(_, rows)| *rows > 0), "{after:?}");
        if round == "second" {
            assert_nothing_new(&before, &after, waited - waiting().await);
        }
        before = after;
    }
    let shown = command(&world, "x", &["x/post.mention.create.json"]).output().expect("runs");
    let shown = String::from_utf8(shown.stdout).expect("UTF-8");
    assert!(shown.contains("OUTCOME") && shown.contains("duplicate"), "{shown}");
    assert_eq!(world.number("SELECT count(*) FROM ingest.parked").await, 0);
    assert_eq!(world.number("SELECT count(*) FROM conversation.parked").await, 0);
}
