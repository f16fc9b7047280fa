//! What is away is waited for, and nothing that was accepted is lost.

use std::time::{Duration, Instant};

use kit_testkit::{Proxy, eventually, servers};
use networks::Network;
use reqwest::StatusCode;

use crate::bodies::message;
use crate::house::{House, Options, PATIENCE};

async fn database_line() -> Proxy {
    let url: url::Url = servers().await.postgres.expose().parse().expect("an address");
    let host = url.host_str().expect("has a host");
    Proxy::to(&format!("{host}:{}", url.port().unwrap_or(5432))).await
}

#[tokio::test(flavor = "multi_thread")]
async fn without_its_database_it_answers_503_soon_and_never_200() {
    let line = database_line().await;
    let options = Options { database: Some(line.address()), ..Options::default() };
    let house = House::with(options).await;
    house.deliver(Network::X, &message(Network::X, "before", "hello")).await;
    for (how, break_line) in [("cut", Proxy::cut as fn(&Proxy)), ("frozen", Proxy::freeze)] {
        break_line(&line);
        let posts = (0..40).map(|n| {
            let body = message(Network::X, &format!("{how}{n}"), "hello");
            let house = &house;
            async move {
                let began = Instant::now();
                let answer = house.post(Network::X, &body).await;
                (answer.status(), answer.headers().contains_key("retry-after"), began.elapsed())
            }
        });
        for (status, hint, took) in futures::future::join_all(posts).await {
            assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{how}");
            assert!(hint, "{how}: no hint when to come again");
            assert!(took < Duration::from_secs(4), "{how}: answered after {took:?}");
        }
        line.heal();
        eventually(PATIENCE, "webhooks are taken again", async || {
            let body = message(Network::X, &format!("after {how}"), "hello");
            house.post(Network::X, &body).await.status() == StatusCode::OK
        })
        .await;
        for n in 0..40 {
            house.deliver(Network::X, &message(Network::X, &format!("{how}{n}"), "hello")).await;
        }
    }
    let [_, items, events, parked] = house.counts().await;
    assert_eq!((items, events, parked), (83, 83, 0), "each once, nothing parked");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_starts_and_takes_webhooks_while_directory_is_down() {
    let mut house = House::new().await;
    house.stop_directory().await;
    house.restart().await;
    let receipt =
        house.deliver(Network::Facebook, &message(Network::Facebook, "m1", "hello")).await;
    assert_eq!(house.outcomes(&receipt).await, ["stored"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn it_takes_webhooks_while_the_broker_is_away_and_publishes_them_later() {
    let mut house = House::new().await;
    house.nats.stop().await;
    for n in 0..20 {
        house.deliver(Network::X, &message(Network::X, &format!("m{n}"), "hello")).await;
    }
    let pending = "SELECT count(*) FROM ingest.outbox_pending";
    // And the question who it is that writes.
    assert_eq!(house.number(pending).await, 21);
    house.nats.restart().await;
    eventually(PATIENCE, "everything is published", async || house.number(pending).await == 0)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rotated_secrets_are_fetched_and_the_old_one_serves_as_long_as_it_is_listed() {
    let mut house = House::new().await;
    let application = house.x.to_string();
    house.directory.with(|state| {
        state.applications[0].version = 2;
        state.secrets.get_mut(&application).expect("is known").0.insert(0, "newest".to_owned());
    });
    house.restart().await;
    let body = message(Network::X, "m1", "hello");
    eventually(PATIENCE, "the new secret is known", async || {
        let signature =
            networks::sign(Network::X, &body, &kit_values::Secret::new("newest".into()));
        let answer = house
            .client
            .post(house.address(Network::X))
            .header(networks::signature_header(Network::X), signature)
            .body(body.clone())
            .send()
            .await
            .expect("answers");
        answer.status() == StatusCode::OK
    })
    .await;
    house.deliver(Network::X, &body).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_webhook_after_a_start_is_taken() {
    let mut house = House::new().await;
    for n in 0..5 {
        house.stop().await;
        house.begin_anew();
        house.open(None).await;
        house.deliver(Network::X, &message(Network::X, &format!("first{n}"), "hello")).await;
    }
    assert_eq!(house.counts().await, [5, 5, 5, 0]);
}
