//! `webhook post` and `parked` against a running installation.

use std::path::{Path, PathBuf};
use std::process::Output;

use serde_json::Value;

use crate::started::{folder, start};
use crate::{guichet, refused, text};

/// What the demo's application on X is registered with.
struct Registration {
    id: String,
    secret: String,
    account: String,
}

fn registration(data: &Path) -> Registration {
    let demo = std::fs::read_to_string(data.join("demo.toml")).expect("there");
    let demo: toml::Table = demo.parse().expect("TOML");
    let applications = demo["applications"].as_array().expect("a list");
    let on_x = applications.iter().find(|it| it["network"].as_str() == Some("x"));
    let of = |key: &str| on_x.expect("one on X")[key].as_str().expect("a text").to_owned();
    Registration { id: of("application_id"), secret: of("secret"), account: of("account_id") }
}

fn post(data: &Path, registration: &Registration, secret: &str, files: &[&PathBuf]) -> Output {
    guichet(data)
        .args(["webhook", "post", "--network", "x", "--json", "--application", &registration.id])
        .args(files)
        .env("GUICHET_WEBHOOK_SECRET", secret)
        .output()
        .expect("runs")
}

fn lines(output: &Output) -> Vec<Value> {
    let lines = text(&output.stdout);
    lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

fn outcomes(output: &Output) -> Vec<String> {
    let outcome = |line: &Value| line["outcome"].as_str().expect("an outcome").to_owned();
    lines(output).iter().map(outcome).collect()
}

#[test]
fn a_posted_body_is_followed_to_its_outcome_and_a_second_time_stores_nothing() {
    let folder = folder();
    let data = folder.path().join("data");
    let started = start(&data);
    let registration = registration(&data);

    // One for an account that is connected, one for an account of nobody, one that ends early.
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/fixtures/x/post.mention.create.json");
    let captured = std::fs::read_to_string(fixture).expect("there");
    let body: Value = serde_json::from_str(&captured).expect("JSON");
    let account = body["data"]["filter"]["user_id"].as_str().expect("an account");
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("writes");
        path
    };
    let ours = write("ours.json", &captured.replace(account, &registration.account));
    let nobodys = write("nobodys.json", &captured);
    let broken = write("broken.json", "{\"data\": {");
    let files = [&ours, &nobodys, &broken];

    let first = post(&data, &registration, &registration.secret, &files);
    assert!(first.status.success(), "{}{}", text(&first.stdout), text(&first.stderr));
    assert_eq!(outcomes(&first), ["stored", "waiting", "parked"]);
    assert_eq!(lines(&first)[0]["conversation"], "applied");
    assert_eq!(lines(&first)[1]["reason"], "account_not_connected");

    let second = post(&data, &registration, &registration.secret, &files);
    assert!(second.status.success(), "{}", text(&second.stderr));
    assert_eq!(outcomes(&second)[0], "duplicate");

    let forged = post(&data, &registration, "another secret", &[&ours]);
    assert!(!forged.status.success(), "a forged body was taken");
    assert_eq!(outcomes(&forged), ["refused"]);
    assert_eq!(lines(&forged)[0]["status"], 401);

    let parked =
        |arguments: &[&str]| guichet(&data).arg("parked").args(arguments).output().expect("runs");
    let listed = text(&parked(&["list"]).stdout);
    let id = listed.lines().nth(1).and_then(|line| line.split(' ').next()).expect("an id");
    assert!(id.starts_with("ingest/"), "{listed}");
    assert_eq!(text(&parked(&["show", id]).stdout), "{\"data\": {");
    let replayed = parked(&["replay", id]);
    assert!(!replayed.status.success(), "what cannot be read was replayed");
    assert!(text(&replayed.stdout).contains("not replayed"), "{}", text(&replayed.stdout));
    assert!(refused(&parked(&["show", "ingest/park_0"])).starts_with("guichet: "));

    started.signal("INT");
    assert_eq!(started.ended(), Some(0));
    assert!(refused(&parked(&["list"])).contains("is Guichet running"));
}
