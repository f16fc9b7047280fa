//! `config print|check` and what every verb says about a configuration that cannot be used.

use std::process::Output;

use crate::{guichet, refused, text};

const DIRECTORY: &str = r#"
[directory]
rpc.address = "127.0.0.1:7001"
key_encryption_key = "a-key-that-must-not-show"
database.url = "postgres://guichet_directory:hunter2@127.0.0.1/guichet"
relay_database.url = "postgres://guichet_directory_relay:hunter2@127.0.0.1/guichet"
broker.url = "nats://127.0.0.1:4222"
"#;

fn with(toml: &str, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("guichet.toml");
    std::fs::write(&file, toml).expect("writes");
    guichet(folder.path())
        .arg("--config")
        .arg(&file)
        .args(arguments)
        .envs(environment.iter().copied())
        .output()
        .expect("runs")
}

#[test]
fn the_configuration_prints_itself_without_its_secrets() {
    let output = with(DIRECTORY, &["config", "print"], &[]);
    let printed = text(&output.stdout);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(printed.contains("address = \"127.0.0.1:7001\""), "{printed}");
    assert!(printed.contains("[secret]"), "{printed}");
    assert!(!printed.contains("hunter2") && !printed.contains("must-not-show"), "{printed}");
}

#[test]
fn the_address_of_redis_is_taken_and_its_password_hidden_wherever_it_comes_from() {
    let in_file =
        with("[redis]\nurl = \"redis://:hunter2@presence:6379\"\n", &["config", "print"], &[]);
    let variable = ("GUICHET__redis__url", "rediss://:hunter2@presence:6379");
    for output in [in_file, with("", &["config", "print"], &[variable])] {
        let printed = text(&output.stdout);
        assert!(output.status.success(), "{}", text(&output.stderr));
        assert!(printed.contains("[redis]\nurl = \"[secret]\""), "{printed}");
        assert!(!printed.contains("hunter2"), "{printed}");
    }
    for wrong in ["hunter2", "http://presence:6379/hunter2", "redis:///hunter2"] {
        let output = with("", &["config", "check"], &[("GUICHET__redis__url", wrong)]);
        let sentence = refused(&output);
        assert!(sentence.contains("redis://user:password@host:port"), "{sentence}");
        assert!(!sentence.contains("hunter2"), "{sentence}");
    }
    let sentence = refused(&with("", &["config", "check"], &[("GUICHET__redis__port", "1")]));
    assert!(sentence.contains("\"port\"") && sentence.contains("[redis]"), "{sentence}");
}

#[test]
fn the_environment_overrides_the_file() {
    let output = with(
        DIRECTORY,
        &["config", "print"],
        &[("GUICHET__directory__rpc__address", "127.0.0.1:7999")],
    );
    assert!(text(&output.stdout).contains("127.0.0.1:7999"), "{}", text(&output.stderr));
}

#[test]
fn an_unknown_key_is_refused_with_its_name_and_section_wherever_it_stands() {
    let in_file = with(&format!("{DIRECTORY}colour = 1\n"), &["config", "check"], &[]);
    let sentence = refused(&in_file);
    assert!(sentence.contains("\"colour\"") && sentence.contains("[directory]"), "{sentence}");
    let in_environment =
        with(DIRECTORY, &["config", "check"], &[("GUICHET__directory__colour", "1")]);
    let sentence = refused(&in_environment);
    assert!(sentence.contains("\"colour\"") && sentence.contains("[directory]"), "{sentence}");
}

#[test]
fn a_check_wants_the_keys_of_the_services_that_are_configured() {
    let sentence = refused(&with(DIRECTORY, &["config", "check"], &[]));
    assert!(sentence.contains("identity.keys"), "{sentence}");
    let seed = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    let output =
        with(DIRECTORY, &["config", "check"], &[("GUICHET__identity__keys__directory", seed)]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("Services: directory."), "{}", text(&output.stdout));
}

#[test]
fn a_probe_of_nothing_says_so() {
    let port = ("GUICHET__operations__address", "127.0.0.1:1");
    let sentence = refused(&with("", &["probe", "live"], &[port]));
    assert!(sentence.contains("is Guichet running?"), "{sentence}");
}

#[test]
fn a_post_without_a_secret_says_where_to_put_it() {
    let arguments = ["webhook", "post", "--network", "x", "--application", "app_1", "a.json"];
    let sentence = refused(&with("", &arguments, &[]));
    assert!(sentence.contains("GUICHET_WEBHOOK_SECRET"), "{sentence}");
}
