//! Delivery crashes at every place of a send and comes back.

use std::time::Duration;

use kit_testkit::{eventually, holds};
use proto::delivery::v1::Outcome;

use crate::network::{Script, id_of};
use crate::world::{PATIENCE, SENDING, World, own};

/// The fail point is process-wide: these tests are run in processes of their own.
async fn crash_at(point: &str, calls: usize) -> (World, crate::world::Account, String) {
    let mut world = World::around().await;
    let account = world.account().await;
    fail::cfg(point, "return").expect("a fail point");
    world.run(SENDING).await;
    let message = world.reply(&account, "Absturz").await;
    eventually(PATIENCE, "leased", async || {
        let leased = "SELECT count(*) FROM delivery.turn WHERE leased";
        world.database.number(leased).await == 1 && world.network.received().len() == calls
    })
    .await;
    world.stop().await;
    fail::remove(point);
    world.run(SENDING).await;
    (world, account, message)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_before_the_first_byte_costs_time_and_nothing_else() {
    let (world, _, message) = crash_at("delivery-before-first-byte", 0).await;
    world.expect(&message, Outcome::Sent).await;
    assert_eq!(world.network.taken("Absturz"), 1);
    assert_eq!(world.settled(&message).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_after_the_first_byte_is_unknown_until_the_echo_comes() {
    let (world, account, message) = crash_at("delivery-after-first-byte", 1).await;
    world.expect(&message, Outcome::Unknown).await;
    assert_eq!(world.attempts(&message).await[0].settled_by, "lease");
    holds(Duration::from_secs(3), "not again", async || world.network.received().len() == 1).await;
    world.echo(&account, own(&id_of(1), "Absturz")).await;
    world.expect(&message, Outcome::Sent).await;
    assert_eq!(world.native().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_before_the_answer_is_written_down_is_unknown() {
    let (world, _, message) = crash_at("delivery-before-settle", 1).await;
    world.expect(&message, Outcome::Unknown).await;
    holds(Duration::from_secs(3), "not again", async || world.network.received().len() == 1).await;
    assert_eq!(world.network.taken("Absturz"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_switch_that_sends_again_what_is_unknown_is_seen() {
    fail::cfg("sabotage-resend-unknown", "return").expect("a switch");
    let (world, _, message) = crash_at("delivery-before-settle", 1).await;
    world.expect(&message, Outcome::Sent).await;
    assert_eq!(world.network.taken("Absturz"), 2, "the switch does nothing");
    fail::remove("sabotage-resend-unknown");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_never_send_one_reply_twice() {
    let mut world = World::around().await;
    let account = world.account().await;
    world.run(SENDING).await;
    let accounts = [world.account().await, world.account().await, account];
    // The second process takes the first one's place in the world; both go on.
    let first = world.detach();
    world.run(SENDING).await;
    let mut messages = Vec::new();
    for number in 0..60 {
        let text = format!("Nummer <{number}>");
        let kind = proto::network::v1::MessageKind::Reply;
        messages.push((world.reply_as(&accounts[number % 3], kind, &text).await, text));
    }
    for (message, text) in &messages {
        world.expect(message, Outcome::Sent).await;
        assert_eq!(world.network.taken(text), 1, "{text}");
    }
    first.stop.cancel();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_goes_away_during_the_call_loses_no_answer() {
    let world = World::patient().await;
    let account = world.account().await;
    world.network.script([Script::Slow(Duration::from_secs(3))]);
    let message = world.reply(&account, "Mitten drin").await;
    eventually(PATIENCE, "taken", async || world.network.taken("Mitten drin") == 1).await;
    let role = "guichet_delivery";
    let cut = format!(
        "UPDATE pg_database SET datconnlimit = 0 WHERE datname = '{name}'; \
         SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
         WHERE datname = '{name}' AND usename = '{role}'",
        name = world.database.name()
    );
    let heal = format!(
        "UPDATE pg_database SET datconnlimit = -1 WHERE datname = '{}'",
        world.database.name()
    );
    world.database.execute(&cut).await;
    // Past the moment at which the network answers.
    holds(Duration::from_secs(4), "away", async || world.settled(&message).is_empty()).await;
    world.database.execute(&heal).await;
    let settled = world.expect(&message, Outcome::Sent).await;
    assert_eq!(settled.external_id, id_of(1));
    assert_eq!(world.network.taken("Mitten drin"), 1);
}
