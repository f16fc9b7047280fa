//! The broker restarts, and loses everything.

use std::time::Duration;

use crate::run::Run;

#[tokio::test(flavor = "multi_thread")]
async fn the_broker_may_restart() {
    let mut run = Run::start(&[]).await;
    run.under_way("the restart of the broker");
    run.installation.stop_nats().await;
    // PostgreSQL is the gate, not the broker: webhooks are taken all the while.
    run.go_on(Duration::from_secs(2)).await;
    run.until_acknowledged(100).await;
    println!("figure: webhooks were answered 2xx without a broker");
    run.installation.start_nats().await;
    run.until_messages_flow().await;
    run.come_to_rest().await.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_whole_store_of_the_broker_may_be_deleted() {
    let mut run = Run::start(&[]).await;
    run.under_way("the deletion of the broker's store");
    run.installation.stop_nats().await;
    let files = run.installation.wipe_jetstream();
    println!("figure: {files} files of JetStream deleted");
    assert!(files > 0, "there was nothing to delete");
    run.installation.start_nats().await;
    run.until_messages_flow().await;
    run.come_to_rest().await.assert_clean();
}
