//! I10: secrets that can be recognised are planted everywhere a secret goes in, and then looked
//! for everywhere something comes out.

use std::path::Path;
use std::process::Command;

use async_nats::ConnectOptions;
use faults::collector::Collector;
use faults::up::built_binary;
use reqwest::Method;
use serde_json::json;

use crate::browser::{Browser, attempt};
use crate::world::{PATIENCE, Secrets, World};

/// Begins every planted secret.
const MARK: &str = "canary4711";

/// What a customer writes: it may be in ingest's events and in the tables, nowhere else.
const WORDS: &str = "tern1138 is what the customer wrote";

/// Where something came out, and what.
struct Output {
    place: String,
    text: String,
}

/// A text in the forms in which it may have been written down.
fn forms(secret: &str) -> [String; 2] {
    [secret.to_owned(), hex::encode(secret)]
}

/// Each place that shows one of the secrets, with a little of what is around it.
fn leaks(secrets: &[String], outputs: &[Output]) -> Vec<String> {
    let mut found = Vec::new();
    for secret in secrets {
        for form in forms(secret) {
            for output in outputs {
                if let Some(at) = output.text.find(&form) {
                    let start =
                        output.text[..at].char_indices().rev().nth(150).map_or(0, |it| it.0);
                    let around = &output.text[start..at + form.len()];
                    found.push(format!("{}: {around}", output.place));
                }
            }
        }
    }
    found
}

#[test]
fn a_secret_is_found_in_any_form() {
    let shown = |text: &str| vec![Output { place: "log".to_owned(), text: text.to_owned() }];
    let secrets = [format!("{MARK}-password")];
    assert!(leaks(&secrets, &shown("a line of the log")).is_empty());
    assert_eq!(leaks(&secrets, &shown("login with canary4711-password")).len(), 1);
    let hexadecimal = "\\x63616e617279343731312d70617373776f7264";
    assert_eq!(leaks(&secrets, &shown(hexadecimal)).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_occurs_in_a_log_a_span_an_event_a_metric_or_an_error() {
    let collector = Collector::start().await;
    let environment = [
        ("GUICHET__telemetry__otlp_endpoint", collector.endpoint.clone()),
        ("GUICHET__telemetry__log", "debug".to_owned()),
    ];
    let world = World::start(&Secrets::with(MARK), &environment).await;
    let (mut outputs, mut secrets) = traffic(&world).await;
    secrets.extend(answered(&world).await);
    outputs.extend(commands(&world));
    secrets.extend(installations_own(&world));
    outputs.extend(kept_by_the_broker(&world).await);
    outputs.extend(kept_by_the_database(&world).await);
    let metrics = format!("http://{}/metrics", world.setting(&["operations", "address"]));
    let metrics = reqwest::get(metrics).await.expect("answers").text().await.expect("text");
    assert!(metrics.len() > 500, "there are no metrics: {metrics}");
    outputs.push(Output { place: "metrics".to_owned(), text: metrics });
    let data = world.data();
    outputs.extend(logs_of_servers(&data.join("servers")));
    let events = outputs.iter().filter(|output| output.place.starts_with("stream"));
    let words: Vec<&Output> = events.filter(|output| output.text.contains(WORDS)).collect();
    assert!(!words.is_empty(), "the customer's words are in no event: nothing was looked at");
    assert!(words.iter().all(|output| output.place == "stream INGEST"), "words left ingest");

    // Spans are sent in batches; the last ones when the process ends.
    drop(world.database);
    let log = world.up.log();
    world.up.stop();
    let spans: Vec<String> = collector.spans().into_iter().map(|span| span.text).collect();
    println!(
        "figure: {} secrets looked for in {} spans, {} kB of log, {} other outputs",
        secrets.len(),
        spans.len(),
        log.len() / 1024,
        outputs.len()
    );
    assert!(spans.iter().any(|span| span.contains("hooks")), "no webhook was traced");
    assert!(spans.len() > 20, "only {} spans", spans.len());
    assert!(log.len() > 2_000, "there is no log");
    let told: Vec<Output> = spans
        .into_iter()
        .map(|text| Output { place: "span".to_owned(), text })
        .chain([Output { place: "log".to_owned(), text: log }])
        .collect();
    let words = leaks(&[WORDS.to_owned()], &told);
    assert!(words.is_empty(), "a customer's words were written down: {words:#?}");
    outputs.extend(told);
    let leaks = leaks(&secrets, &outputs);
    assert!(leaks.is_empty(), "{leaks:#?}");
}

/// Ordinary use, and everything that a secret can be refused in. Gives every answer, and the
/// secrets that this made.
async fn traffic(world: &World) -> (Vec<Output>, Vec<String>) {
    let mut outputs = Vec::new();
    let mut note = |place: &str, text: String| {
        outputs.push(Output { place: format!("answer to {place}"), text });
    };
    let second = &world.second;
    let gateway = world.gateway();
    for number in 60..64 {
        assert_eq!(world.mention(second, number, WORDS).await, 200);
    }
    let browser = Browser::sign_in(&gateway, &second.login, &second.password).await;
    kit_testkit::eventually(PATIENCE, "the mentions are listed", async || {
        browser.conversations("new").await.len() >= 4
    })
    .await;
    let bootstrap = browser.json("/api/v1/bootstrap").await;
    let socket = browser.live(bootstrap["cursor"].as_str().expect("a cursor"), None).await;
    let secrets = vec![
        MARK.to_owned(),
        browser.cookie.split_once('=').expect("name=value").1.to_owned(),
        browser.csrf.clone(),
    ];

    // Signing in with what is wrong, and with what is too long.
    let client = reqwest::Client::new();
    let long = format!("{MARK}-{}", "x".repeat(100_000));
    for (login, password) in [
        (second.login.as_str(), format!("{MARK}-wrong-password")),
        ("nobody", format!("{MARK}-password")),
        ("nobody", long),
    ] {
        let answer = attempt(&client, &gateway, login, &password).await;
        assert!(answer.status().is_client_error());
        note("a sign-in", answer.text().await.expect("text"));
    }
    let malformed = client
        .post(format!("http://{gateway}/api/v1/session"))
        .header("origin", format!("http://{gateway}"))
        .header("content-type", "application/json")
        .body(format!(r#"{{"login":"ingrid","password":"{MARK}-password","role":"admin""#))
        .send();
    note("a malformed sign-in", malformed.await.expect("answers").text().await.expect("text"));

    // Cookies and tokens that are none, in headers and in addresses.
    let mut forged = browser.clone();
    forged.csrf = format!("{MARK}-csrf");
    let ids = json!({ "ids": ["conv_1"] });
    let path = "/api/v1/conversations/batch";
    note("a forged csrf token", forged.ask(Method::POST, path, Some(&ids)).await.1);
    forged.cookie = format!("guichet_session={MARK}-cookie");
    for path in [
        "/api/v1/bootstrap".to_owned(),
        format!("/api/v1/live?token={MARK}-token"),
        format!("/api/v1/conversations?queue=all&after={MARK}-cursor"),
        format!("/api/v1/nothing/{MARK}-path?token={MARK}-token"),
    ] {
        let (status, answer) = forged.get(&path).await;
        assert!((400..500).contains(&status), "{path}: {status}");
        // What stood in the address may be told back, but by no log.
        note(&path.replace(MARK, ""), answer.replace(&format!("{MARK}-path"), ""));
    }

    // Webhooks: the handshake carries the verify token in its address.
    let facebook = second.on("facebook");
    let hook = format!(
        "http://{}/hooks/facebook/{}",
        world.setting(&["ingest", "http", "address"]),
        facebook.id
    );
    for (token, is_right) in [("verify-token", true), ("wrong-verify-token", false)] {
        let query = format!("hub.mode=subscribe&hub.verify_token={MARK}-{token}&hub.challenge=77");
        let answer = reqwest::get(format!("{hook}?{query}")).await.expect("answers");
        assert_eq!(answer.status().is_success(), is_right, "handshake with {token}");
        note("a handshake", answer.text().await.expect("text"));
    }
    let x = second.on("x");
    let header = "x-twitter-webhooks-signature";
    let body = || format!(r#"{{"data":{{"secret":"{MARK}"}}"#);
    for signature in [format!("sha256={MARK}"), MARK.to_owned()] {
        let (status, answer) = world.hook("x", &x.id, header, &signature, body()).await;
        assert_eq!(status, 401, "{answer}");
        note("a wrong signature", answer);
    }

    // Between services.
    let address = world.setting(&["conversation", "rpc", "address"]);
    let channel = tonic::transport::Endpoint::from_shared(format!("http://{address}"));
    let channel = channel.expect("an address").connect().await.expect("connects");
    let mut call = tonic::Request::new(proto::conversation::v1::GetCountsRequest::default());
    let bearer = format!("Bearer {MARK}-token.signature").parse().expect("ASCII");
    call.metadata_mut().insert("authorization", bearer);
    let mut conversations =
        proto::conversation::v1::conversation_service_client::ConversationServiceClient::new(
            channel,
        );
    note("a forged call", format!("{:?}", conversations.get_counts(call).await));
    kit_testkit::eventually(PATIENCE, "the socket is welcome", async || {
        socket.shown().contains("\"t\":\"welcome\"")
    })
    .await;
    note("the live socket", socket.shown());
    (outputs, secrets)
}

/// Somebody of the simulated organization takes a conversation and answers it, so that every
/// stream has something. Gives the tokens that this was done with.
async fn answered(world: &World) -> Vec<String> {
    let demo = &world.demo;
    assert_eq!(world.mention(demo, 65, "a question to be answered").await, 200);
    let browser = Browser::sign_in(&world.gateway(), &demo.login, &demo.password).await;
    let available =
        json!({ "availability": "available", "away_state_id": null, "keep_conversations": false });
    let listed = async || {
        let page = browser.json("/api/v1/conversations?queue=new&limit=200").await;
        let rows = page["rows"].as_array().cloned().unwrap_or_default();
        rows.into_iter().find(|row| row["last"]["text"] == "a question to be answered")
    };
    kit_testkit::eventually(PATIENCE, "the question is listed", async || listed().await.is_some())
        .await;
    let row = listed().await.expect("it is listed");
    let conversation = row["id"].as_str().expect("an id");
    let path = format!("/api/v1/conversations/{conversation}");
    let ask = async |method: Method, path: &str, body: Option<&serde_json::Value>| {
        let (status, answer) = browser.ask(method, path, body).await;
        assert!((200..300).contains(&status), "{path}: {status} {answer}");
    };
    // Whoever is there is handed what waits, and told.
    let bootstrap = browser.json("/api/v1/bootstrap").await;
    let socket = browser.live(bootstrap["cursor"].as_str().expect("a cursor"), None).await;
    ask(Method::PUT, "/api/v1/availability", Some(&available)).await;
    kit_testkit::eventually(PATIENCE, "the member is told of what is theirs", async || {
        socket.shown().contains("notification.raise")
    })
    .await;
    ask(Method::POST, &format!("{path}/take"), None).await;
    let row = browser.json(&path).await;
    let answers = row["answers"].as_array().expect("answers");
    let answer = answers.iter().find(|answer| answer["available"] == true).expect("an answer");
    let body = json!({
        "key": "canary",
        "kind": answer["kind"],
        "channel_id": answer["channel_id"],
        "in_reply_to": answer["in_reply_to"],
        "text": "an answer",
        "seen_through": 1_000,
        "fence": 0,
        "shorten_links": false,
        "despite_newer": false,
    });
    ask(Method::POST, &format!("{path}/replies"), Some(&body)).await;
    let settled = "SELECT count(*) FROM delivery.attempt WHERE state >= 4";
    kit_testkit::eventually(PATIENCE, "the network has been called", async || {
        world.number(settled).await > 0
    })
    .await;
    demo.applications.iter().map(|it| format!("simulated-{}", it.account_id)).collect()
}

/// What the commands of an operator print.
fn commands(world: &World) -> Vec<Output> {
    let run = |arguments: &[&str]| {
        let output = Command::new(built_binary())
            .args(arguments)
            .arg("--data")
            .arg(world.data())
            .env("GUICHET_WEBHOOK_SECRET", format!("{MARK}-wrong-secret"))
            .output()
            .expect("the binary runs");
        let text = [output.stdout, output.stderr].concat();
        Output {
            place: format!("guichet {}", arguments.join(" ")),
            text: String::from_utf8_lossy(&text).into_owned(),
        }
    };
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/x/post.create.json");
    let fixture = fixture.to_str().expect("a path");
    let application = &world.second.on("x").id;
    let printed = run(&["config", "print"]);
    assert!(printed.text.contains("[secret]"), "{}", printed.text);
    let refused =
        run(&["webhook", "post", "--network", "x", "--application", application, fixture]);
    assert!(refused.text.contains("401"), "{}", refused.text);
    vec![printed, refused, run(&["parked", "list"])]
}

/// Passwords and keys that the installation made for itself.
fn installations_own(world: &World) -> Vec<String> {
    let text = std::fs::read_to_string(world.data().join("secrets.toml")).expect("is kept");
    let kept: toml::Table = text.parse().expect("TOML");
    let sections = ["database", "broker", "keys", "identity"];
    let secrets: Vec<String> = sections
        .iter()
        .filter_map(|section| kept[*section].as_table())
        .flat_map(toml::Table::values)
        .filter_map(toml::Value::as_str)
        .map(str::to_owned)
        .collect();
    assert!(secrets.len() > 15 && secrets.iter().all(|secret| secret.len() >= 32));
    secrets
}

/// Every event of every stream, headers included.
async fn kept_by_the_broker(world: &World) -> Vec<Output> {
    let mut outputs = Vec::new();
    for (service, name) in [
        ("conversation", "CONVERSATION"),
        ("delivery", "DELIVERY"),
        ("directory", "DIRECTORY"),
        ("ingest", "INGEST"),
        ("notification", "NOTIFICATION"),
        ("routing", "ROUTING"),
    ] {
        let options = ConnectOptions::new()
            .user_and_password(
                world.setting(&[service, "broker", "user"]),
                world.setting(&[service, "broker", "password"]),
            )
            .custom_inbox_prefix(format!("_INBOX.{service}"));
        let url = world.setting(&[service, "broker", "url"]);
        let client = options.connect(url).await.expect("its own password lets it in");
        let stream = async_nats::jetstream::new(client).get_stream(name).await.expect("a stream");
        kit_testkit::eventually(PATIENCE, &format!("{name} has events"), async || {
            stream.get_info().await.expect("the stream can be asked").state.messages > 0
        })
        .await;
        let state = stream.get_info().await.expect("the stream can be asked").state;
        for sequence in state.first_sequence..=state.last_sequence {
            let Ok(message) = stream.get_raw_message(sequence).await else { continue };
            let payload = String::from_utf8_lossy(&message.payload).into_owned();
            let text = format!("{} {:?} {payload}", message.subject, message.headers);
            outputs.push(Output { place: format!("stream {name}"), text });
        }
    }
    outputs
}

/// Every row of every table, as text; byte columns in hexadecimal.
async fn kept_by_the_database(world: &World) -> Vec<Output> {
    let mut outputs = Vec::new();
    let tables = "SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname IN \
                  ('conversation', 'delivery', 'directory', 'gateway', 'ingest', 'link_shortener', \
                  'notification', 'routing')";
    for table in world.texts(tables).await {
        let rows = world.texts(&format!("SELECT t::text FROM {table} AS t")).await;
        outputs
            .extend(rows.into_iter().map(|text| Output { place: format!("table {table}"), text }));
    }
    outputs
}

/// What PostgreSQL and NATS wrote to their logs.
fn logs_of_servers(folder: &Path) -> Vec<Output> {
    let mut outputs = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            outputs.extend(logs_of_servers(&path));
        } else if path.extension().is_some_and(|extension| extension == "log") {
            let text = std::fs::read(&path).unwrap_or_default();
            let text = String::from_utf8_lossy(&text).into_owned();
            outputs.push(Output { place: path.display().to_string(), text });
        }
    }
    outputs
}
