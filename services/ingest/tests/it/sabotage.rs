//! Fail points and sabotage switches do what their names say; each test has its own process.

use networks::Network;
use reqwest::StatusCode;

use crate::bodies::message;
use crate::house::House;

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_that_was_committed_but_not_answered_is_a_duplicate_when_it_comes_again() {
    let house = House::new().await;
    let body = message(Network::X, "m1", "hello");
    fail::cfg("ingest-after-commit", "return").expect("is a fail point");
    let answer = house.post(Network::X, &body).await;
    fail::remove("ingest-after-commit");
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    let receipt = house.deliver(Network::X, &body).await;
    assert_eq!(house.outcomes(&receipt).await, ["duplicate"]);
    assert_eq!(house.counts().await, [2, 1, 1, 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn sabotaged_to_answer_before_the_commit_it_loses_what_it_accepted() {
    let house = House::new().await;
    fail::cfg("sabotage-answer-before-commit", "return").expect("is a fail point");
    house.database.execute("REVOKE INSERT ON ingest.webhook_request FROM guichet_ingest").await;
    house.deliver(Network::X, &message(Network::X, "m1", "hello")).await;
    fail::remove("sabotage-answer-before-commit");
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    assert_eq!(house.counts().await, [0; 4]);
}

#[tokio::test(flavor = "multi_thread")]
async fn sabotaged_to_ignore_the_unique_key_it_publishes_twice() {
    let house = House::new().await;
    let body = message(Network::X, "m1", "hello");
    fail::cfg("sabotage-ignore-unique-key", "return").expect("is a fail point");
    house.deliver(Network::X, &body).await;
    house.deliver(Network::X, &body).await;
    fail::remove("sabotage-ignore-unique-key");
    assert_eq!(house.events().await.len(), 2);
}
