//! PostgreSQL goes away for a while.

use std::time::{Duration, Instant};

use crate::run::{Run, until_still};

/// How long it is away.
const AWAY: Duration = Duration::from_secs(20);

#[tokio::test(flavor = "multi_thread")]
async fn postgresql_may_be_away_for_twenty_seconds() {
    let mut run = Run::start(&[]).await;
    run.under_way("the stop of PostgreSQL");
    run.installation.stop_postgres().await;
    let away = Instant::now();
    // What had committed before may still be answered; after that, nothing.
    let before =
        until_still("2xx without a database", async || run.generator.log.acknowledged()).await;
    let answer = probe(&run).await;
    run.go_on(AWAY.saturating_sub(away.elapsed())).await;
    assert_eq!(run.generator.log.acknowledged(), before, "2xx without a database");
    assert_eq!(answer, 503, "a webhook without a database");
    run.installation.start_postgres().await;
    run.until_messages_flow().await;
    let rest = run.come_to_rest().await;
    assert!(rest.refusals > 0, "no request met the missing database");
    rest.assert_clean();
}

/// The status that one more webhook is answered with.
async fn probe(run: &Run) -> u16 {
    let target = run.installation.target();
    let message = faults::generator::message(900_000_000, 1, kit_values::now());
    let body = faults::generator::mention(&message, &target.account, 900_000_000);
    let answer = reqwest::Client::new()
        .post(&target.url)
        .header(
            "x-twitter-webhooks-signature",
            faults::generator::signature(&target.secret, body.as_bytes()),
        )
        .timeout(Duration::from_secs(30))
        .body(body)
        .send()
        .await;
    answer.map_or(0, |answer| answer.status().as_u16())
}
