//! A gateway that stops: who is told when, and who is served until then.

use std::time::Duration;

use futures::future::join_all;
use kit_service::Listener;
use reqwest::StatusCode;
use serde_json::Value;
use tokio::time::{Instant, timeout};
use tokio_tungstenite::tungstenite::Error;

use crate::browser::Socket;
use crate::world::{PATIENCE, World};

/// The last words to a socket, and when they came.
struct Told {
    at: Duration,
    goodbye: Value,
    code: Option<u16>,
}

/// Reads to the end; pings are not due yet.
async fn told(socket: &mut Socket, since: Instant) -> Told {
    let goodbye = loop {
        let frame = socket.frame().await.expect("a goodbye before the end");
        if frame["t"] == "goodbye" {
            break frame;
        }
    };
    let at = since.elapsed();
    Told { at, goodbye, code: socket.end().await }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_sockets_are_told_to_go_one_after_the_other_over_the_whole_window() {
    const SOCKETS: usize = 200;
    const WINDOW: Duration = Duration::from_secs(4);
    let mut world = World::new().await;
    let gateway = world.start(|config| config.drain = WINDOW.as_secs()).await;
    let browser = world.signed_in(&gateway, "amelie").await;
    let cursor = browser.cursor().await;
    let mut sockets = Vec::new();
    for _ in 0..SOCKETS {
        sockets.push(browser.socket(&cursor, None).await.0);
    }
    let began = Instant::now();
    gateway.runtime.stop.cancel();
    let told = join_all(sockets.iter_mut().map(|socket| told(socket, began))).await;
    timeout(PATIENCE, gateway.runtime.tasks.drained()).await.expect("drained");
    assert!(began.elapsed() < WINDOW + Duration::from_secs(3), "{:?}", began.elapsed());

    let quarter = WINDOW / 4;
    for part in 0..4 {
        let of_part = |told: &&Told| told.at >= quarter * part && told.at < quarter * (part + 1);
        let count = told.iter().filter(of_part).count();
        assert!((30..=70).contains(&count), "{count} of {SOCKETS} in quarter {part}");
    }
    for Told { at, goodbye, code } in &told {
        assert!(*at < WINDOW + Duration::from_secs(3), "{at:?}");
        assert_eq!(*code, Some(1001));
        let after = goodbye["after"].as_u64().expect("milliseconds");
        assert!((500..=5_500).contains(&after), "{after}");
    }
    let moments: Vec<Duration> = told.iter().map(|told| told.at).collect();
    let late = moments.windows(2).filter(|pair| pair[1] < pair[0]).count();
    assert!(late < SOCKETS / 10, "those that came first go first: {late} did not");
}

#[tokio::test(flavor = "multi_thread")]
async fn all_told_at_once_they_are_still_told_to_come_back_at_different_times() {
    let (world, gateway) = World::with_gateway().await;
    let browser = world.signed_in(&gateway, "amelie").await;
    let cursor = browser.cursor().await;
    let mut sockets = Vec::new();
    for _ in 0..5 {
        sockets.push(browser.socket(&cursor, None).await.0);
    }
    let began = Instant::now();
    gateway.runtime.stop.cancel();
    let told = join_all(sockets.iter_mut().map(|socket| told(socket, began))).await;
    timeout(PATIENCE, gateway.runtime.tasks.drained()).await.expect("drained");
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    let after: Vec<u64> = told.iter().filter_map(|told| told.goodbye["after"].as_u64()).collect();
    assert_eq!(after, [500, 1_500, 2_500, 3_500, 4_500]);
}

#[tokio::test(flavor = "multi_thread")]
async fn until_the_last_socket_has_gone_it_is_served_and_nobody_new_is_let_in() {
    let mut world = World::new().await;
    let gateway = world.start(|config| config.drain = 16).await;
    let listener = Listener::loopback();
    let operations = kit_service::operations::serve(&gateway.runtime, &listener).await;
    let ready = format!("http://{}/readyz", operations.expect("listens"));
    let readiness = async || reqwest::get(&ready).await.expect("answers").status();
    let browser = world.signed_in(&gateway, "amelie").await;
    let conversation = world.peers.add_conversation(world.own);
    let cursor = browser.cursor().await;
    let (mut first, _) = browser.socket(&cursor, None).await;
    let (mut last, _) = browser.socket(&cursor, Some(&conversation)).await;
    assert_eq!(readiness().await, StatusCode::OK);

    let began = Instant::now();
    gateway.runtime.stop.cancel();
    assert_eq!(told(&mut first, began).await.code, Some(1001));
    let (message, _) = world.message(world.own, &conversation, "Bonjour").await;
    let event = last.until(|event| event["k"] == "message.upsert").await;
    assert_eq!(event["d"]["id"], message);
    let row = browser.get_json(&format!("/api/v1/conversations/{conversation}")).await;
    assert_eq!(row["last"]["text"], "Bonjour");
    let cookie = format!("guichet_session={}", browser.cookie.as_deref().expect("signed in"));
    let headers = [("cookie", cookie.as_str()), ("origin", gateway.public_url.as_str())];
    match browser.socket_with(&headers).await {
        Err(Error::Http(response)) => {
            assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
            let body = response.body().as_deref().unwrap_or_default();
            let problem: Value = serde_json::from_slice(body).expect("a problem");
            assert_eq!(problem["code"], "live_stopping");
        }
        other => panic!("a socket was given: {}", other.is_ok()),
    }
    assert_eq!(readiness().await, StatusCode::SERVICE_UNAVAILABLE);
    assert!(began.elapsed() < Duration::from_secs(8), "too slow to mean anything");

    let told = told(&mut last, began).await;
    assert!(told.at >= Duration::from_secs(8), "{:?}", told.at);
    timeout(PATIENCE, gateway.runtime.tasks.drained()).await.expect("drained");
    assert!(browser.request(reqwest::Method::GET, "/").send().await.is_err(), "still listening");
}
