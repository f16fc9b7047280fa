//! What the accounts wrote themselves: ours, or from the network's own app.

use std::time::Duration;

use kit_testkit::{eventually, holds};
use kit_values::EventId;
use proto::delivery::v1::{Outcome, SendSettled};
use proto::ingest::v1 as ingest;
use proto::network::v1::{MessageKind, Network as OnWire};
use serde_json::json;

use crate::network::{Script, id_of};
use crate::world::{Account, PATIENCE, World, own};

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
    let world = World::patient().await;
    let account = world.account().await;
    world.network.script([Script::Slow(Duration::from_secs(4))]);
    let message = world.reply(&account, "Vite").await;
    eventually(PATIENCE, "taken", async || world.network.taken("Vite") == 1).await;
    world.echo(&account, own(&id_of(1), "Vite")).await;
    let settled = world.expect(&message, Outcome::Sent).await;
    assert_eq!(settled.external_id, id_of(1));
    assert_eq!(world.attempts(&message).await[0].settled_by, "echo");
    holds(Duration::from_secs(5), "told once", async || world.settled(&message).len() == 1).await;
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
    world.deny(&outbound.message_id, 1).await;
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
            world.deny(&message, 1).await;
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

/// A reply whose first try a person has denied and whose second one waits for a limit.
async fn retried(network: OnWire, text: &str) -> (World, Account, String) {
    let world = World::start().await;
    let account = world.account_on(network).await;
    let limited = match network {
        OnWire::X => Script::Refuse(429, Vec::new(), json!({})),
        _ => Script::Refuse(400, Vec::new(), json!({"error": {"code": 613}})),
    };
    world.network.script([Script::AcceptThenReset, limited]);
    let mut outbound = world.outbound(&account, MessageKind::PrivateMessage, text);
    let message = outbound.message_id.clone();
    world.queue(&outbound, EventId::mint(), None).await;
    world.expect(&message, Outcome::Unknown).await;
    world.deny(&message, 1).await;
    world.expect_state(&message, "failed").await;
    outbound.attempt = 2;
    world.hold(outbound.clone());
    world.queue(&outbound, EventId::mint(), None).await;
    world.expect_state(&message, "waiting").await;
    let later = "UPDATE delivery.turn SET due = now() + interval '1 hour'";
    world.database.execute(later).await;
    (world, account, message)
}

#[tokio::test(flavor = "multi_thread")]
async fn on_x_the_echo_of_a_first_try_that_was_denied_is_the_reply_and_its_retry_stays_here() {
    let (world, account, message) = retried(OnWire::X, "Doch schon da").await;
    world.echo(&account, own(&id_of(1), "Doch schon da")).await;
    let second = expect_second_sent(&world, &message).await;
    assert_eq!(second.external_id, id_of(1));
    world.database.execute("UPDATE delivery.turn SET due = now()").await;
    holds(Duration::from_secs(1), "sent once", async || {
        world.network.taken("Doch schon da") == 1 && world.native().is_empty()
    })
    .await;
    // Told once more, it is nothing new.
    world.echo(&account, own(&id_of(1), "Doch schon da")).await;
    holds(Duration::from_secs(1), "known", async || world.native().is_empty()).await;
    let kept = "SELECT count(*) FROM delivery.attempt WHERE text <> '' AND attempt = 2";
    assert_eq!(world.database.number(kept).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_denied_and_not_tried_again_is_there_once_its_echo_comes() {
    for network in [OnWire::X, OnWire::Facebook] {
        let world = World::start().await;
        let account = world.account_on(network).await;
        world.network.script([Script::AcceptThenReset]);
        let message = world.reply(&account, "Trotzdem").await;
        world.expect(&message, Outcome::Unknown).await;
        world.deny(&message, 1).await;
        world.expect(&message, Outcome::Failed).await;
        let mark = match network {
            OnWire::X => String::new(),
            _ => format!("{message}.1"),
        };
        let echo = ingest::OwnMessageObserved { sender_metadata: mark, ..own("77", "Trotzdem") };
        world.echo(&account, echo).await;
        let settled = world.expect(&message, Outcome::Sent).await;
        assert_eq!((settled.attempt, settled.external_id.as_str()), (1, "77"));
        assert_eq!(world.native().len(), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retry_that_has_left_as_well_makes_two_messages_each_shown_once() {
    let (world, account, message) = retried(OnWire::X, "Zweimal da").await;
    world.database.execute("UPDATE delivery.turn SET due = now()").await;
    let second = expect_second_sent(&world, &message).await;
    assert_ne!(second.external_id, id_of(1));
    world.echo(&account, own(&second.external_id, "Zweimal da")).await;
    world.echo(&account, own(&id_of(1), "Zweimal da")).await;
    eventually(PATIENCE, "the other one is shown", async || !world.native().is_empty()).await;
    let native = world.native();
    let content = native[0].message.as_ref().and_then(|it| it.content.as_ref()).expect("content");
    assert_eq!((native.len(), content.external_id.as_str()), (1, id_of(1).as_str()));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_echo_that_meets_a_denial_long_after_the_first_byte_is_not_lost() {
    let world = World::start().await;
    let account = world.account_on(OnWire::Facebook).await;
    world.network.script([Script::AcceptThenReset]);
    let message = world.reply(&account, "Gleichzeitig").await;
    world.expect(&message, Outcome::Unknown).await;
    let long_ago = "UPDATE delivery.attempt SET first_byte_at = now() - interval '11 minutes'";
    world.database.execute(long_ago).await;
    // What a person says is being written down while the echo comes.
    let denial = "BEGIN; \
        UPDATE delivery.attempt SET state = 5, settled_by = 'person', settled_at = now(); \
        SELECT pg_sleep(2); COMMIT";
    let mark = format!("{message}.1");
    let echo = ingest::OwnMessageObserved { sender_metadata: mark, ..own("m_9", "Gleichzeitig") };
    tokio::join!(world.database.execute(denial), async {
        let writing = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' \
                       AND datname = current_database()";
        eventually(PATIENCE, "it is being written down", async || {
            world.database.number(writing).await == 1
        })
        .await;
        world.echo(&account, echo).await;
    });
    let settled = world.expect(&message, Outcome::Sent).await;
    assert_eq!((settled.attempt, settled.external_id.as_str()), (1, "m_9"));
    assert_eq!(world.native().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_echo_of_a_quote_ends_with_the_address_of_what_is_quoted() {
    let world = World::start().await;
    let account = world.account().await;
    world.network.script([Script::AcceptThenReset]);
    let message = world.reply_as(&account, MessageKind::Quote, "Merci à elle").await;
    world.expect(&message, Outcome::Unknown).await;
    let call = world.network.received().remove(0);
    assert_eq!(call.body["quote_tweet_id"], "1700000000000000001");
    let mut echo = own(&id_of(1), "Merci à elle https://t.co/abc");
    let content = echo.content.as_mut().expect("content");
    content.kind = MessageKind::Quote.into();
    "1700000000000000001".clone_into(&mut content.in_reply_to_external_id);
    world.echo(&account, echo).await;
    world.expect(&message, Outcome::Sent).await;
    assert_eq!(world.native().len(), 0);
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
