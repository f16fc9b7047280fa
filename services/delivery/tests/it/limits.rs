//! Networks that take no more for now, and tokens that they do not take.

use std::time::Duration;

use kit_testkit::{eventually, holds};
use proto::delivery::v1::Outcome;
use serde_json::json;
use time::OffsetDateTime;

use crate::network::Script;
use crate::world::{PATIENCE, World};

fn limited(headers: Vec<(&'static str, String)>) -> Script {
    let body = json!({"title": "Too Many Requests", "status": 429, "type": "about:blank"});
    Script::Refuse(429, headers, body)
}

fn in_seconds(seconds: i64) -> i64 {
    kit_values::now().unix_timestamp() + seconds
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_with_a_hint_is_waited_out_and_told_with_its_time() {
    let world = World::start().await;
    let account = world.account().await;
    let reset = in_seconds(3);
    world.network.script([limited(vec![
        ("x-rate-limit-limit", "15".to_owned()),
        ("x-rate-limit-remaining", "0".to_owned()),
        ("x-rate-limit-reset", reset.to_string()),
    ])]);
    let first = world.reply(&account, "Erste").await;
    eventually(PATIENCE, "waiting", async || !world.waits(&first).is_empty()).await;
    let wait = world.waits(&first).remove(0);
    assert_eq!(wait.reason, "rate_limited");
    assert_eq!(wait.until.expect("a time").seconds, reset);
    // Those behind it wait without asking.
    let second = world.reply(&account, "Zweite").await;
    eventually(PATIENCE, "waiting, too", async || !world.waits(&second).is_empty()).await;
    assert_eq!(world.network.received().len(), 1);
    world.expect(&first, Outcome::Sent).await;
    world.expect(&second, Outcome::Sent).await;
    assert!(kit_values::now() >= OffsetDateTime::from_unix_timestamp(reset).expect("a time"));
    assert_eq!(world.network.taken("Erste") + world.network.taken("Zweite"), 2);
    assert_eq!(world.network.received().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_without_a_hint_is_waited_out_by_our_own_pauses() {
    let world = World::start().await;
    let account = world.account().await;
    world.network.script([limited(Vec::new()), limited(Vec::new())]);
    let message = world.reply(&account, "Langsam").await;
    world.expect(&message, Outcome::Sent).await;
    assert_eq!(world.network.received().len(), 3);
    assert_eq!(world.waits(&message).len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_accounts_limit_delays_no_other() {
    let world = World::start().await;
    let (busy, quiet) = (world.account().await, world.account().await);
    let hint = vec![("retry-after", "30".to_owned())];
    world.network.script([limited(hint)]);
    let stuck = world.reply(&busy, "Stau").await;
    eventually(PATIENCE, "waiting", async || !world.waits(&stuck).is_empty()).await;
    for _ in 0..20 {
        world.reply(&busy, "Stau").await;
    }
    let message = world.reply(&quiet, "Frei").await;
    world.expect(&message, Outcome::Sent).await;
    assert_eq!(world.network.taken("Stau"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_storm_on_one_account_delays_no_other() {
    let world = World::start().await;
    let (busy, quiet) = (world.account().await, world.account().await);
    world.network.always(Script::Slow(Duration::from_millis(400)));
    for _ in 0..12 {
        world.reply(&busy, "Sturm").await;
    }
    eventually(PATIENCE, "under way", async || world.network.taken("Sturm") >= 4).await;
    let message = world.reply(&quiet, "Stille").await;
    world.expect(&message, Outcome::Sent).await;
    assert!(world.network.taken("Sturm") < 12, "it waited for the storm to end");
}

#[tokio::test(flavor = "multi_thread")]
async fn documented_limits_are_counted_without_any_header() {
    let world = World::start().await;
    let account = world.account().await;
    // X takes fifteen direct messages in fifteen minutes.
    let mut messages = Vec::new();
    for _ in 0..17 {
        messages.push(world.reply(&account, "Zähle").await);
    }
    eventually(PATIENCE, "fifteen", async || world.network.taken("Zähle") == 15).await;
    let waiting = async || {
        let waits: usize = messages.iter().map(|message| world.waits(message).len()).sum();
        waits == 2
    };
    eventually(PATIENCE, "two wait", waiting).await;
    holds(Duration::from_secs(1), "no more", async || world.network.received().len() == 15).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_token_is_waited_out_until_the_account_is_connected_again() {
    let world = World::start().await;
    let account = world.account().await;
    let body = json!({"title": "Unauthorized", "status": 401});
    world.network.always(Script::Refuse(401, Vec::new(), body));
    let message = world.reply(&account, "Wer bin ich").await;
    eventually(PATIENCE, "waiting", async || !world.waits(&message).is_empty()).await;
    assert_eq!(world.waits(&message)[0].reason, "channel_disconnected");
    let behind = world.reply(&account, "Ich auch").await;
    eventually(PATIENCE, "waiting, too", async || !world.waits(&behind).is_empty()).await;
    assert_eq!(world.waits(&behind)[0].reason, "channel_disconnected");
    world.network.always(Script::Accept);
    world.change(&account, |_| {}).await;
    world.expect(&message, Outcome::Sent).await;
    world.expect(&behind, Outcome::Sent).await;
    let last = world.network.received().pop().expect("a call");
    assert_eq!(last.authorization, "Bearer token-7001-2");
    assert_eq!(world.network.taken("Wer bin ich"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn directory_is_told_once_that_a_token_is_refused_and_once_that_one_is_taken_again() {
    let world = World::start().await;
    let account = world.account().await;
    let reports = || world.peers.held().reports.clone();
    let of = |connected, version| (account.channel.clone(), connected, version);
    // A report that cannot be made keeps nothing from being sent, and is made up for.
    world.peers.held().reports_away = true;
    let first = world.reply(&account, "Guten Tag").await;
    world.expect(&first, Outcome::Sent).await;
    world.peers.held().reports_away = false;
    for text in ["Wie geht es", "Gut"] {
        let message = world.reply(&account, text).await;
        world.expect(&message, Outcome::Sent).await;
    }
    eventually(PATIENCE, "a report", async || !reports().is_empty()).await;
    assert_eq!(reports(), [of(true, 1)]);

    let body = json!({"title": "Unauthorized", "status": 401});
    world.network.always(Script::Refuse(401, Vec::new(), body));
    let refused = world.reply(&account, "Wer bin ich").await;
    eventually(PATIENCE, "waiting", async || !world.waits(&refused).is_empty()).await;
    holds(Duration::from_secs(1), "not for one refusal", async || reports().len() == 1).await;
    eventually(PATIENCE, "a second refusal", async || reports().len() == 2).await;
    assert!(world.network.received().len() >= 5, "three that were taken, and two refusals");
    assert_eq!(reports()[1], of(false, 1));
    world.network.always(Script::Accept);
    world.change(&account, |_| {}).await;
    world.expect(&refused, Outcome::Sent).await;
    eventually(PATIENCE, "taken again", async || reports().len() == 3).await;
    assert_eq!(reports()[2], of(true, 2));
    let again = world.reply(&account, "Da bin ich").await;
    world.expect(&again, Outcome::Sent).await;
    holds(Duration::from_millis(500), "told once", async || reports().len() == 3).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_that_the_network_takes_back_is_told_to_nobody() {
    let world = World::start().await;
    let account = world.account().await;
    let body = json!({"title": "Unauthorized", "status": 401});
    world.network.script([Script::Refuse(401, Vec::new(), body)]);
    let message = world.reply(&account, "Schluckauf").await;
    eventually(PATIENCE, "waiting", async || !world.waits(&message).is_empty()).await;
    assert_eq!(world.waits(&message)[0].reason, "channel_disconnected");
    world.expect(&message, Outcome::Sent).await;
    let reports = || world.peers.held().reports.clone();
    eventually(PATIENCE, "a report", async || !reports().is_empty()).await;
    assert_eq!(reports(), [(account.channel.clone(), true, 1)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_without_a_token_is_told_like_one_whose_token_is_refused() {
    let world = World::start().await;
    let account = world.account().await;
    world.peers.held().no_tokens = true;
    let message = world.reply(&account, "Ohne Schlüssel").await;
    eventually(PATIENCE, "waiting", async || !world.waits(&message).is_empty()).await;
    assert_eq!(world.waits(&message)[0].reason, "channel_disconnected");
    let reports = || world.peers.held().reports.clone();
    eventually(PATIENCE, "a report", async || !reports().is_empty()).await;
    assert_eq!(reports(), [(account.channel.clone(), false, 1)]);
    assert_eq!(world.network.received().len(), 0);
    // Connected again, it is told, too.
    world.peers.held().no_tokens = false;
    world.change(&account, |_| {}).await;
    world.expect(&message, Outcome::Sent).await;
    eventually(PATIENCE, "taken again", async || reports().len() == 2).await;
    assert_eq!(reports()[1], (account.channel.clone(), true, 2));
}
