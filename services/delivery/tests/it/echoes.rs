//! What the accounts wrote themselves: ours, or from the network's own app.

use std::time::Duration;

use kit_testkit::{eventually, holds};
use kit_values::EventId;
use proto::conversation::v1 as conversation;
use proto::conversation::v1::conversation_event::Fact as Asked;
use proto::delivery::v1::{Outcome, SendSettled};
use proto::ingest::v1 as ingest;
use proto::network::v1::{MessageKind, Network as OnWire};
use serde_json::json;

use crate::network::{Script, id_of};
use crate::world::{PATIENCE, World, own};

#[tokio::test(flavor = "multi_thread")]
async fn the_echo_of_a_reply_that_is_sent_is_nothing_new() {
    let world = World::start().await;
    let account = world.account().await;
    let message = world.reply(&account, "Bonjour").await;
    let settled = world.expect(&message, Outcome::Sent).await;
    world.echo(&account, own(&settled.external_id, "Bonjour")).await;
    // Behind it, so that it has been read when this one is told.
    world.echo(&account, own("1", "Hello from the app")).await;
    eventually(PATIENCE, "handed on", async || !world.native().is_empty()).await;
    holds(Duration::from_millis(500), "only one", async || world.native().len() == 1).await;
    let native = world.native().remove(0).message.expect("the message");
    assert_eq!(native, own_like(&native, "Hello from the app"));
    assert_eq!(world.settled(&message).len(), 1);
}

fn own_like(native: &ingest::OwnMessageObserved, text: &str) -> ingest::OwnMessageObserved {
    let mut content = native.content.clone().expect("content");
    text.clone_into(&mut content.text);
    ingest::OwnMessageObserved { content: Some(content), ..native.clone() }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_echo_before_the_answer_settles_and_the_answer_changes_nothing() {
    let world = World::start().await;
    let account = world.account().await;
    world.network.script([Script::Slow(Duration::from_millis(800))]);
    let message = world.reply(&account, "Vite").await;
    eventually(PATIENCE, "taken", async || world.network.taken("Vite") == 1).await;
    world.echo(&account, own(&id_of(1), "Vite")).await;
    let settled = world.expect(&message, Outcome::Sent).await;
    assert_eq!(settled.external_id, id_of(1));
    assert_eq!(world.attempts(&message).await[0].settled_by, "echo");
    holds(Duration::from_millis(1_500), "told once", async || world.settled(&message).len() == 1)
        .await;
    assert_eq!(world.native().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_echo_settles_what_was_unknown_and_a_second_one_is_nothing_new() {
    let world = World::start().await;
    let account = world.account().await;
    world.network.script([Script::AcceptThenReset]);
    let message = world.reply(&account, "Wer weiß  das").await;
    world.expect(&message, Outcome::Unknown).await;
    world.echo(&account, own(&id_of(1), "Wer weiß das")).await;
    let settled = world.expect(&message, Outcome::Sent).await;
    assert_eq!(settled.external_id, id_of(1));
    world.echo(&account, own(&id_of(1), "Wer weiß das")).await;
    holds(Duration::from_secs(1), "no echo is shown", async || world.native().is_empty()).await;
    let outcomes: Vec<_> = world.settled(&message).iter().map(SendSettled::outcome).collect();
    assert_eq!(outcomes, [Outcome::Unknown, Outcome::Sent]);
    assert_eq!(world.network.taken("Wer weiß"), 1);
    let kept = "SELECT count(*) FROM delivery.attempt WHERE text <> ''";
    assert_eq!(world.database.number(kept).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_that_are_alike_an_echo_without_our_mark_settles_neither() {
    let world = World::start().await;
    let account = world.account().await;
    world.network.script([Script::AcceptThenReset, Script::AcceptThenReset]);
    let first = world.reply(&account, "Merci").await;
    let second = world.reply(&account, "Merci").await;
    world.expect(&first, Outcome::Unknown).await;
    world.expect(&second, Outcome::Unknown).await;
    world.echo(&account, own(&id_of(1), "Merci")).await;
    eventually(PATIENCE, "handed on", async || world.native().len() == 1).await;
    assert_eq!((world.settled(&first).len(), world.settled(&second).len()), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn our_mark_tells_which_of_two_it_is() {
    let world = World::start().await;
    let account = world.account_on(OnWire::Facebook).await;
    world.network.script([Script::AcceptThenReset, Script::AcceptThenReset]);
    let first = world.reply(&account, "Merci").await;
    world.expect(&first, Outcome::Unknown).await;
    let second = world.reply(&account, "Merci").await;
    world.expect(&second, Outcome::Unknown).await;
    let mark = format!("{second}.1");
    let echo = ingest::OwnMessageObserved { sender_metadata: mark, ..own("m_77", "Merci") };
    world.echo(&account, echo).await;
    let settled = world.expect(&second, Outcome::Sent).await;
    assert_eq!(settled.external_id, "m_77");
    assert_eq!(world.settled(&first).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_public_echo_is_known_by_what_it_answers() {
    let world = World::start().await;
    let account = world.account().await;
    world.network.script([Script::AcceptThen500]);
    let message = world.reply_as(&account, MessageKind::Reply, "See https://example.com/x").await;
    world.expect(&message, Outcome::Unknown).await;
    let mut echo = own(&id_of(1), "@amelie See https://t.co/abc");
    echo.counterpart = None;
    let content = echo.content.as_mut().expect("content");
    content.kind = MessageKind::Reply.into();
    "1700000000000000001".clone_into(&mut content.in_reply_to_external_id);
    "https://play.example/quai1/status/1".clone_into(&mut content.permalink);
    world.echo(&account, echo).await;
    let settled = world.expect(&message, Outcome::Sent).await;
    assert_eq!(settled.permalink, "https://play.example/quai1/status/1");
    assert_eq!(world.native().len(), 0);
}

/// A person says that the first try of it did not arrive.
async fn deny(world: &World, message: &str) {
    let said = conversation::ReplySettledByPerson {
        message_id: message.to_owned(),
        attempt: 1,
        sent: false,
    };
    let fact = Asked::ReplySettledByPerson(said);
    world.ask("reply_settled_by_person", EventId::mint(), fact, None).await;
}

async fn expect_second_sent(world: &World, message: &str) -> SendSettled {
    let second = || world.settled(message).into_iter().find(|settled| settled.attempt == 2);
    eventually(PATIENCE, "the second is settled", async || second().is_some()).await;
    let second = second().expect("told");
    assert_eq!(second.outcome(), Outcome::Sent);
    second
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_echo_has_shown_is_not_sent_again_by_whoever_had_not_seen_it() {
    let world = World::start().await;
    let account = world.account().await;
    world.network.script([Script::AcceptThenReset]);
    let mut outbound = world.outbound(&account, MessageKind::PrivateMessage, "Doch da");
    world.queue(&outbound, EventId::mint(), None).await;
    world.expect(&outbound.message_id, Outcome::Unknown).await;
    world.echo(&account, own(&id_of(1), "Doch da")).await;
    world.expect(&outbound.message_id, Outcome::Sent).await;
    outbound.attempt = 2;
    world.hold(outbound.clone());
    deny(&world, &outbound.message_id).await;
    world.queue(&outbound, EventId::mint(), None).await;
    let second = expect_second_sent(&world, &outbound.message_id).await;
    assert_eq!(second.external_id, id_of(1));
    assert_eq!(world.network.taken("Doch da"), 1);
    assert_eq!(world.native().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_echo_of_the_first_try_settles_a_second_one_that_has_not_left() {
    for denied in [false, true] {
        let world = World::start().await;
        let account = world.account_on(OnWire::Facebook).await;
        let limited = Script::Refuse(400, Vec::new(), json!({"error": {"code": 613}}));
        world.network.script([Script::AcceptThenReset, limited]);
        let mut outbound = world.outbound(&account, MessageKind::PrivateMessage, "Deux fois");
        let message = outbound.message_id.clone();
        world.queue(&outbound, EventId::mint(), None).await;
        world.expect(&message, Outcome::Unknown).await;
        if denied {
            deny(&world, &message).await;
            world.expect_state(&message, "failed").await;
        }
        outbound.attempt = 2;
        world.hold(outbound.clone());
        world.queue(&outbound, EventId::mint(), None).await;
        world.expect_state(&message, "waiting").await;
        let later = "UPDATE delivery.turn SET due = now() + interval '1 hour'";
        world.database.execute(later).await;
        let mark = format!("{message}.1");
        let echo = ingest::OwnMessageObserved { sender_metadata: mark, ..own("m_1", "Deux fois") };
        world.echo(&account, echo).await;
        if !denied {
            world.expect(&message, Outcome::Sent).await;
            world.database.execute("UPDATE delivery.turn SET due = now()").await;
        }
        let second = expect_second_sent(&world, &message).await;
        assert_eq!(second.external_id, "m_1");
        assert_eq!(world.network.taken("Deux fois"), 1);
        assert_eq!(world.native().len(), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_without_a_protocol_is_known_again() {
    let world = World::start().await;
    let account = world.account().await;
    world.network.script([Script::AcceptThenReset]);
    let message = world.reply(&account, "See example.com (https://example.com/a).").await;
    world.expect(&message, Outcome::Unknown).await;
    let text = "See https://t.co/abc (https://t.co/def).";
    world.echo(&account, own(&id_of(1), text)).await;
    world.expect(&message, Outcome::Sent).await;
    assert_eq!(world.native().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_account_never_settles_anothers_replies() {
    let world = World::start().await;
    let (ours, theirs) = (world.account().await, world.account().await);
    world.network.script([Script::AcceptThenReset]);
    let message = world.reply(&ours, "Hallo").await;
    world.expect(&message, Outcome::Unknown).await;
    world.echo(&theirs, own(&id_of(1), "Hallo")).await;
    eventually(PATIENCE, "handed on", async || world.native().len() == 1).await;
    assert_eq!(world.settled(&message).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_no_echo_came_for_is_forgotten_after_a_day() {
    let world = World::start().await;
    let account = world.account().await;
    world.network.script([Script::AcceptThenReset]);
    let message = world.reply(&account, "Nicht für immer").await;
    world.expect(&message, Outcome::Unknown).await;
    let kept = "SELECT count(*) FROM delivery.attempt WHERE text <> ''";
    assert_eq!(world.database.number(kept).await, 1);
    let later = "UPDATE delivery.attempt SET first_byte_at = now() - interval '25 hours'; \
                 UPDATE delivery.timer SET due = now()";
    world.database.execute(later).await;
    eventually(PATIENCE, "forgotten", async || world.database.number(kept).await == 0).await;
}
