//! The auditor turns red when the product is broken on purpose.

use faults::checker::Violation;

use crate::run::Run;

#[tokio::test(flavor = "multi_thread")]
async fn answering_before_the_commit_is_found() {
    let mut run = Run::start(&[("ingest", "sabotage-answer-before-commit=return")]).await;
    // What is answered from here on is not committed when the kill comes.
    let held_up = run.installation.hold_up("ingest.item").await;
    run.until_acknowledged(10).await;
    run.under_way("the kill of a build that answers before it commits");
    run.installation.kill("ingest");
    held_up.rollback().await.expect("the lock can be given back");
    run.installation.start_service("ingest");
    run.installation.wait_until_open().await;
    let rest = run.come_to_nothing_more().await;
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
    run.until_acknowledged(100).await;
    let rest = run.come_to_nothing_more().await;
    let doubled =
        rest.violations.iter().filter(|found| matches!(found, Violation::Doubled(_))).count();
    println!("figure: {doubled} doubled messages found");
    assert!(doubled > 0, "a build that doubles messages passed the audit");
}
