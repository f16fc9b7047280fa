//! The auditor turns red when the product is broken on purpose.

use std::time::Duration;

use faults::checker::Violation;

use crate::run::Run;

#[tokio::test(flavor = "multi_thread")]
async fn answering_before_the_commit_is_found() {
    let mut run = Run::start(&[("ingest", "sabotage-answer-before-commit=return")]).await;
    run.under_way("the kill of a build that answers before it commits");
    run.installation.kill("ingest");
    run.installation.start_service("ingest");
    run.installation.wait_until_open().await;
    let rest = run.come_to_rest_within(Duration::from_secs(15)).await;
    let lost = rest.violations.iter().filter(|found| matches!(found, Violation::Lost(_))).count();
    println!("figure: {lost} lost messages found");
    assert!(lost > 0, "a build that loses messages passed the audit");
}

#[tokio::test(flavor = "multi_thread")]
async fn ignoring_the_unique_keys_is_found() {
    let run = Run::start(&[
        ("ingest", "sabotage-ignore-unique-key=return"),
        ("conversation", "sabotage-ignore-unique-key=return"),
    ])
    .await;
    run.go_on(Duration::from_secs(1)).await;
    let rest = run.come_to_rest_within(Duration::from_secs(15)).await;
    let doubled =
        rest.violations.iter().filter(|found| matches!(found, Violation::Doubled(_))).count();
    println!("figure: {doubled} doubled messages found");
    assert!(doubled > 0, "a build that doubles messages passed the audit");
}
