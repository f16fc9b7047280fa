//! `guichet up` on real private servers: start, stop, death, and start again.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::Instant;

use kit_service::servers::{Nats, Options, Postgres};

use crate::started::{folder, on_free_ports, start, start_with};
use crate::{guichet, refused, text};

/// Ids of processes whose command line names the folder.
fn processes_of(data: &Path) -> Vec<String> {
    let needle = data.display().to_string();
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc").expect("there").flatten() {
        let id = entry.file_name().to_string_lossy().into_owned();
        let Ok(line) = std::fs::read(entry.path().join("cmdline")) else { continue };
        if id.bytes().all(|byte| byte.is_ascii_digit()) && text(&line).contains(&needle) {
            found.push(id);
        }
    }
    found
}

#[test]
fn it_starts_stops_and_starts_again_with_the_same_accounts_even_after_a_kill() {
    let folder = folder();
    let data = folder.path().join("data");

    let first = start(&data);
    let accounts = |printed: &str| {
        let of_demo = |line: &&str| line.contains("camille") || line.contains("noah");
        printed.lines().filter(of_demo).map(ToOwned::to_owned).collect::<Vec<_>>()
    };
    let known = accounts(&first.printed);
    assert_eq!(known.len(), 2, "{}", first.printed);
    assert!(first.printed.contains("Workspace   http://127.0.0.1:"), "{}", first.printed);
    let probed = guichet(&data).args(["probe", "ready"]).output().expect("runs");
    assert!(probed.status.success(), "not ready: {}", text(&probed.stderr));
    let second = on_free_ports(&data).output().expect("runs");
    assert!(refused(&second).contains("already running"), "{}", text(&second.stderr));
    for secret in ["secrets.toml", "demo.toml", "running.toml"] {
        let mode = std::fs::metadata(data.join(secret)).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{secret}");
    }

    first.signal("INT");
    assert_eq!(first.ended(), Some(0));
    assert_eq!(processes_of(&data), Vec::<String>::new(), "left running after Ctrl-C");

    let began = Instant::now();
    let killed = start(&data);
    println!("second start: {:.1} s", began.elapsed().as_secs_f64());
    assert_eq!(accounts(&killed.printed), known);
    killed.signal("KILL");
    killed.ended();

    let again = start(&data);
    assert_eq!(accounts(&again.printed), known);
    again.signal("TERM");
    assert_eq!(again.ended(), Some(0));
}

#[test]
fn a_port_in_use_and_a_folder_of_somebody_else_are_refused_before_anything_starts() {
    let folder = folder();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("binds");
    let address = taken.local_addr().expect("bound");
    let output = on_free_ports(&folder.path().join("data"))
        .env("GUICHET__up__workspace", address.to_string())
        .output()
        .expect("runs");
    let sentence = refused(&output);
    assert!(sentence.contains(&format!("Port {}", address.port())), "{sentence}");
    assert!(sentence.contains("in use by another program"), "{sentence}");
    assert!(sentence.contains("GUICHET__up__workspace=127.0.0.1:PORT"), "{sentence}");

    std::fs::write(folder.path().join("thesis.txt"), "mine").expect("writes");
    let output = on_free_ports(folder.path()).arg("--fresh").output().expect("runs");
    assert!(refused(&output).contains("not made by `guichet up`"), "{}", text(&output.stderr));
    assert!(folder.path().join("thesis.txt").exists());
}

#[test]
fn addresses_in_the_environment_replace_the_private_servers() {
    let folder = folder();
    let data = folder.path().join("data");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let options = Options::test().expect("programs are there");
    let elsewhere = folder.path().join("elsewhere");
    let (postgres, nats) = runtime.block_on(async {
        let postgres = Postgres::start(&elsewhere, &options).await.expect("starts");
        (postgres, Nats::start(&elsewhere, &options).await.expect("starts"))
    });
    let started = start_with(
        &data,
        &[
            ("GUICHET__servers__postgresql", postgres.url().expose().as_str()),
            ("GUICHET__servers__nats", nats.url().as_str()),
        ],
    );
    assert!(!data.join("servers").exists(), "private servers were started");
    let running = std::fs::read_to_string(data.join("running.toml")).expect("there");
    assert!(running.contains(&nats.url()), "another broker is used");
    started.signal("INT");
    assert_eq!(started.ended(), Some(0));
    drop((postgres, nats));
}
