//! What only the worker knows: it is written down however long that takes.

use std::time::Duration;

use kit_testkit::{eventually, holds};
use proto::delivery::v1::Outcome;

use crate::network::{Script, id_of};
use crate::world::{PATIENCE, World};

/// While it stands, whoever writes down that an attempt was sent loses to another transaction.
const CONFLICTS: &str = "
    CREATE FUNCTION delivery.loses() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'lost to another' USING ERRCODE = 'serialization_failure'; END $$;
    CREATE TRIGGER loses BEFORE UPDATE ON delivery.attempt FOR EACH ROW
        WHEN (NEW.state = 4) EXECUTE FUNCTION delivery.loses();";

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_loses_to_others_again_and_again_is_kept_until_it_is_written_down() {
    let world = World::start().await;
    let account = world.account().await;
    world.database.execute(CONFLICTS).await;
    let message = world.reply(&account, "Toujours").await;
    // Longer than its lease: it is said to be unknown, and that is not the end.
    world.expect(&message, Outcome::Unknown).await;
    world.database.execute("DROP TRIGGER loses ON delivery.attempt").await;
    let settled = world.expect(&message, Outcome::Sent).await;
    assert_eq!(settled.external_id, id_of(1));
    assert_eq!(world.attempts(&message).await[0].settled_by, "answer");
    assert_eq!(world.network.taken("Toujours"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_after_a_person_said_that_it_never_arrived_stands() {
    let world = World::start().await;
    let account = world.account().await;
    world.database.execute(CONFLICTS).await;
    let message = world.reply(&account, "Quand même").await;
    world.expect(&message, Outcome::Unknown).await;
    world.deny(&message, 1).await;
    world.expect_state(&message, "failed").await;
    world.database.execute("DROP TRIGGER loses ON delivery.attempt").await;
    let settled = world.expect(&message, Outcome::Sent).await;
    assert_eq!((settled.attempt, settled.external_id), (1, id_of(1)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_leaves_although_nobody_was_told_that_its_announcement_was_written_down() {
    let world = World::start().await;
    let account = world.account().await;
    fail::cfg("delivery-announcement-lost", "1*return").expect("a fail point");
    let message = world.reply(&account, "Und los").await;
    world.expect(&message, Outcome::Sent).await;
    assert_eq!(world.network.taken("Und los"), 1);
    assert_eq!(world.settled(&message).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_announced_too_late_to_leave_is_not_unknown_and_leaves_another_time() {
    let world = World::start().await;
    let account = world.account().await;
    fail::cfg("delivery-announcement-lost", "return").expect("a fail point");
    let message = world.reply(&account, "Später").await;
    // Announced, and given back when the lease became too short for a call.
    let announced = "SELECT count(*) FROM delivery.attempt WHERE fence >= 2";
    eventually(PATIENCE, "another lease", async || world.database.number(announced).await == 1)
        .await;
    assert_eq!(world.network.received().len(), 0);
    fail::remove("delivery-announcement-lost");
    world.expect(&message, Outcome::Sent).await;
    assert_eq!(world.network.taken("Später"), 1);
    assert_eq!(world.settled(&message).len(), 1, "it was never unknown");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_could_not_be_given_back_in_time_failed_and_is_not_unknown_for_ever() {
    let world = World::start().await;
    let account = world.account().await;
    fail::cfg("delivery-announcement-lost", "return").expect("a fail point");
    // Nothing can be given back until its lease has ended.
    let stuck = "
        CREATE FUNCTION delivery.stuck() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'lost to another' USING ERRCODE = 'serialization_failure'; END $$;
        CREATE TRIGGER stuck BEFORE UPDATE ON delivery.attempt FOR EACH ROW
            WHEN (NEW.state = 2) EXECUTE FUNCTION delivery.stuck();";
    world.database.execute(stuck).await;
    let message = world.reply(&account, "Ehrlich").await;
    world.expect(&message, Outcome::Unknown).await;
    let failed = world.expect(&message, Outcome::Failed).await;
    assert_eq!((failed.failure_code.as_str(), failed.retryable), ("not_left", true));
    holds(Duration::from_secs(1), "nothing left", async || world.network.received().is_empty())
        .await;
    fail::remove("delivery-announcement-lost");
    // A slow network is no reason for anything of this.
    world.network.script([Script::Slow(Duration::from_millis(300))]);
    let other = world.reply(&account, "Weiter").await;
    world.expect(&other, Outcome::Sent).await;
}
