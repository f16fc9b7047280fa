//! `guichet up` on real private servers: start, stop, death, and start again.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::{Duration, Instant};

use kit_service::servers::{Nats, Options, Postgres, Redis};

use crate::started::{Started, folder, on_free_ports, start, start_empty, start_with};
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

/// The private servers that were recorded, and those of them that still run. Redis names its
/// process by its address, not by its folder.
fn servers_of(data: &Path) -> (Vec<String>, Vec<String>) {
    let (mut all, mut running) = (Vec::new(), Vec::new());
    for server in ["nats", "postgres", "redis"] {
        let path = data.join("servers/run").join(server).with_extension("json");
        let Ok(record) = std::fs::read_to_string(path) else { continue };
        let record: serde_json::Value = serde_json::from_str(&record).expect("JSON");
        all.push(server.to_owned());
        // What is left of a process that ended has no command line.
        let line = std::fs::read(format!("/proc/{}/cmdline", record["pid"])).unwrap_or_default();
        if !line.is_empty() {
            running.push(server.to_owned());
        }
    }
    (all, running)
}

/// The lines with two of the demo's accounts.
fn accounts(printed: &str) -> Vec<String> {
    let of_demo = |line: &&str| line.contains("camille") || line.contains("noah");
    printed.lines().filter(of_demo).map(ToOwned::to_owned).collect()
}

/// What Redis answers to these lines.
fn told_by_redis(address: &str, lines: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("listens");
    stream.set_read_timeout(Some(Duration::from_secs(10))).expect("set");
    stream.write_all(format!("{lines}QUIT\r\n").as_bytes()).expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("answered");
    answer
}

#[test]
fn a_private_redis_runs_beside_the_others_known_by_a_password_that_only_the_owner_can_read() {
    let folder = folder();
    let data = folder.path().join("data");
    let started = start(&data);
    let three = ["nats", "postgres", "redis"].map(ToOwned::to_owned).to_vec();
    assert_eq!(servers_of(&data), (three.clone(), three.clone()));
    for secret in ["redis/redis.conf", "run/redis.password"] {
        let mode = std::fs::metadata(data.join("servers").join(secret)).expect("there");
        assert_eq!(mode.permissions().mode() & 0o777, 0o600, "{secret}");
    }
    let running = std::fs::read_to_string(data.join("running.toml")).expect("there");
    let url = running.lines().find_map(|line| line.strip_prefix("url = \"redis://:"));
    let (password, address) =
        url.and_then(|url| url.strip_suffix('"')?.split_once('@')).expect("its address");
    assert!(told_by_redis(address, "PING\r\n").contains("NOAUTH"));
    let asked = "CONFIG GET appendonly\r\nCONFIG GET save\r\nPING\r\n";
    let answer = told_by_redis(address, &format!("AUTH {password}\r\n{asked}"));
    assert!(answer.contains("+PONG"), "{answer}");
    assert!(answer.contains("$10\r\nappendonly\r\n$2\r\nno"), "{answer}");
    assert!(answer.contains("$4\r\nsave\r\n$0\r\n"), "{answer}");
    let printed = guichet(&data).args(["config", "print"]).output().expect("runs");
    assert!(text(&printed.stdout).contains("[redis]\nurl = \"[secret]\""));
    assert!(!text(&printed.stdout).contains(password));

    started.signal("KILL");
    started.ended();
    let again = start(&data);
    assert_eq!(servers_of(&data).1, three, "after a kill");
    again.signal("INT");
    assert_eq!(again.ended(), Some(0));
    assert_eq!(servers_of(&data).1, Vec::<String>::new(), "left running after Ctrl-C");
}

/// The longest that a start may take which finds everything made.
const SOON: Duration = Duration::from_secs(5);

/// Starts where everything is made already, in time: whatever else the machine does, one start of
/// three.
fn started_soon(data: &Path) -> Started {
    let mut took = Vec::new();
    loop {
        let began = Instant::now();
        let started = start(data);
        took.push(began.elapsed());
        if took.last().is_some_and(|took| *took < SOON) {
            return started;
        }
        assert!(took.len() < 3, "second starts took {took:.1?}");
        started.signal("INT");
        assert_eq!(started.ended(), Some(0));
    }
}

#[test]
fn it_starts_stops_and_starts_again_with_the_same_accounts_even_after_a_kill() {
    let folder = folder();
    let data = folder.path().join("data");

    let first = start(&data);
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

    let killed = started_soon(&data);
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
fn traces_that_are_sent_elsewhere_already_are_not_received_here_too() {
    let folder = folder();
    let data = folder.path().join("data");
    let output = on_free_ports(&data)
        .arg("--observe")
        .env("GUICHET__telemetry__otlp_endpoint", "http://collector:4317")
        .output()
        .expect("runs");
    let sentence = refused(&output);
    assert!(sentence.contains("http://collector:4317"), "{sentence}");
    assert!(sentence.contains("leave out --observe"), "{sentence}");
    assert!(!data.join("servers").exists(), "something was started");
}

#[test]
fn a_process_whose_database_stays_away_says_that_it_is_not_ready_until_it_is_back() {
    let folder = folder();
    let data = folder.path().join("data");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let options = Options::test().expect("programs are there");
    let elsewhere = folder.path().join("elsewhere");
    let start_database =
        || runtime.block_on(Postgres::start(&elsewhere, &options)).expect("starts");
    let postgres = start_database();
    let url = postgres.url();
    let started = start_with(&data, &[("GUICHET__servers__postgresql", url.expose().as_str())]);
    // Those whose database is told to be away.
    let become_unready = |services: &[&str]| {
        let began = Instant::now();
        loop {
            let probed = guichet(&data).args(["probe", "ready"]).output().expect("runs");
            let told = text(&probed.stderr);
            let is_told = |service: &&str| told.contains(&format!("{service}-database"));
            if probed.status.success() == services.is_empty() && services.iter().all(is_told) {
                return;
            }
            assert!(began.elapsed() < Duration::from_mins(1), "waited for {services:?}: {told}");
            std::thread::sleep(Duration::from_millis(200));
        }
    };
    become_unready(&[]);
    runtime.block_on(postgres.stop());
    become_unready(&["ingest", "conversation", "directory", "gateway"]);
    let postgres = start_database();
    assert_eq!(postgres.url().expose(), url.expose(), "it came back elsewhere");
    become_unready(&[]);
    started.signal("INT");
    assert_eq!(started.ended(), Some(0));
    drop(postgres);
}

#[test]
fn addresses_in_the_environment_replace_the_private_servers() {
    let folder = folder();
    let data = folder.path().join("data");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let options = Options::test().expect("programs are there");
    let elsewhere = folder.path().join("elsewhere");
    let (postgres, nats, redis) = runtime.block_on(async {
        let postgres = Postgres::start(&elsewhere, &options).await.expect("starts");
        let nats = Nats::start(&elsewhere, &options).await.expect("starts");
        (postgres, nats, Redis::start(&elsewhere, &options).await.expect("starts"))
    });
    let started = start_with(
        &data,
        &[
            ("GUICHET__servers__postgresql", postgres.url().expose().as_str()),
            ("GUICHET__servers__nats", nats.url().as_str()),
            ("GUICHET__redis__url", redis.url().expose().as_str()),
        ],
    );
    assert!(!data.join("servers").exists(), "private servers were started");
    let running = std::fs::read_to_string(data.join("running.toml")).expect("there");
    assert!(running.contains(&nats.url()), "another broker is used");
    assert!(running.contains(redis.url().expose()), "another Redis is used");
    started.signal("INT");
    assert_eq!(started.ended(), Some(0));
    drop((postgres, nats, redis));
}

/// A database outlives the folder with the passwords of those who are in it.
#[test]
fn a_database_that_is_kept_elsewhere_is_never_shown_with_passwords_that_are_not_its_own() {
    let folder = folder();
    let (data, other) = (folder.path().join("data"), folder.path().join("other"));
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let options = Options::test().expect("programs are there");
    let elsewhere = folder.path().join("elsewhere");
    let postgres = runtime.block_on(Postgres::start(&elsewhere, &options)).expect("starts");
    let url = postgres.url();
    let database = ("GUICHET__servers__postgresql", url.expose().as_str());
    let first = start_with(&data, &[database]);
    let known = accounts(&first.printed);
    first.signal("INT");
    assert_eq!(first.ended(), Some(0));

    let refused_by = |data: &Path, arguments: &[&str]| {
        let mut command = on_free_ports(data);
        let output = command.args(arguments).env(database.0, database.1).output().expect("runs");
        let printed = text(&output.stdout);
        assert!(!printed.contains("Password"), "{printed}");
        refused(&output)
    };
    let sentence = refused_by(&data, &["--simulated", "--fresh"]);
    assert!(sentence.contains("but not the database that"), "{sentence}");
    assert!(sentence.contains("GUICHET__servers__postgresql"), "{sentence}");
    assert!(data.join("demo.toml").exists(), "its passwords were thrown away");
    // Nor are they made up anew for another folder, however often it is tried.
    for _ in 0..2 {
        let sentence = refused_by(&other, &["--simulated"]);
        assert!(sentence.contains("belongs to an installation in another folder"), "{sentence}");
    }

    let again = start_with(&data, &[database]);
    assert_eq!(accounts(&again.printed), known);
    again.signal("INT");
    assert_eq!(again.ended(), Some(0));
    drop(postgres);
}

/// Asks a gateway; gives the status and the body.
fn ask(address: &str, method: &str, path: &str, body: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(address).expect("listens");
    let length = body.len();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\
         content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("answered");
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
    (status.expect("a status"), answer)
}

/// Where the workspace of a running `up` is, and the token that it printed.
fn address_and_token(printed: &str) -> (String, String) {
    let address = printed.lines().find_map(|line| line.trim().strip_prefix("Workspace   http://"));
    let token = printed.lines().last().expect("lines").trim();
    (address.expect("an address").to_owned(), token.to_owned())
}

#[test]
fn an_empty_installation_is_set_up_with_the_token_that_its_start_printed() {
    let folder = folder();
    let data = folder.path().join("data");
    let first = start_empty(&data);
    let (_, voided) = address_and_token(&first.printed);
    first.signal("INT");
    assert_eq!(first.ended(), Some(0));

    let second = start_empty(&data);
    let (address, token) = address_and_token(&second.printed);
    assert_ne!(token, voided, "each start makes its own");
    assert!(token.len() >= 43 && !token.contains(' '), "{}", second.printed);
    let (status, answer) = ask(&address, "GET", "/api/v1/welcome", "");
    assert_eq!(status, 200, "{answer}");
    assert!(answer.contains(r#"{"needed":true,"simulated_networks_offered":false}"#), "{answer}");
    let welcome = |token: &str| {
        let body = format!(
            r#"{{"token": "{token}",
                "organization": {{"name": "Quai", "language": "fr", "time_zone": "Europe/Paris"}},
                "admin": {{"login": "amelie", "display_name": "Amélie",
                           "password": "canary-password-4711"}}}}"#
        );
        ask(&address, "POST", "/api/v1/welcome", &body)
    };
    for wrong in ["", "guessed", &voided] {
        let (status, answer) = welcome(wrong);
        assert_eq!(status, 404, "{answer}");
        assert!(answer.contains("token_void"), "{answer}");
    }
    let (status, answer) = welcome(&token);
    assert_eq!(status, 201, "{answer}");
    let (status, answer) = welcome(&token);
    assert_eq!(status, 409, "{answer}");
    let (_, answer) = ask(&address, "GET", "/api/v1/welcome", "");
    assert!(answer.contains(r#""needed":false"#), "{answer}");
    for folder in ["running.toml", "secrets.toml"] {
        let text = std::fs::read_to_string(data.join(folder)).expect("there");
        assert!(!text.contains(&token), "the token is kept in {folder}");
    }
    second.signal("INT");
    assert_eq!(second.ended(), Some(0));
}
