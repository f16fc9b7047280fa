//! What becomes of one send, and how often the network took it.

use std::time::Duration;

use kit_testkit::{eventually, holds};
use kit_values::EventId;
use proto::conversation::v1 as conversation;
use proto::conversation::v1::conversation_event::Fact as Asked;
use proto::delivery::v1::Outcome;
use proto::delivery::v1::delivery_event::Fact;
use proto::network::v1::{MessageKind, Network as OnWire};
use serde_json::json;

use crate::network::{Script, id_of};
use crate::world::{PATIENCE, World, fresh_id};

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_is_sent_once_and_told_with_its_id_its_place_and_its_time() {
    let world = World::start().await;
    let account = world.account().await;
    let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let outbound = world.outbound(&account, MessageKind::Reply, "Bonjour");
    world.queue(&outbound, EventId::mint(), Some(trace)).await;
    let settled = world.expect(&outbound.message_id, Outcome::Sent).await;
    assert_eq!(settled.external_id, id_of(1));
    assert_eq!(settled.permalink, format!("https://play.example/quai1/status/{}", id_of(1)));
    assert!(settled.network_time.is_some());
    let calls = world.network.received();
    assert_eq!(calls.len(), 1);
    assert_eq!((calls[0].method.as_str(), calls[0].path.as_str()), ("POST", "/2/tweets"));
    assert_eq!(calls[0].authorization, "Bearer token-7001-1");
    assert_eq!(calls[0].body["reply"]["in_reply_to_tweet_id"], "1700000000000000001");
    let sent = calls[0].traceparent.as_deref().expect("the trace goes on");
    assert!(sent.contains("4bf92f3577b34da6a3ce929d0e0e4736"), "{sent}");
    // Started before it was settled, and both belong to the reply's trace.
    let told = world.told();
    assert!(matches!(told[0].0.fact, Some(Fact::SendStarted(_))), "{told:?}");
    assert!(matches!(told[1].0.fact, Some(Fact::SendSettled(_))), "{told:?}");
    assert_eq!(told.len(), 2);
    // The text is gone once it is final.
    let kept = "SELECT count(*) FROM delivery.attempt WHERE text <> ''";
    assert_eq!(world.database.number(kept).await, 0);
    assert_eq!(world.database.number("SELECT count(*) FROM delivery.turn").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_told_twice_is_sent_once() {
    let world = World::start().await;
    let account = world.account().await;
    let outbound = world.outbound(&account, MessageKind::PrivateMessage, "Einmal");
    for _ in 0..4 {
        // Each time another event: even the inbox does not know it.
        world.queue(&outbound, EventId::mint(), None).await;
    }
    world.expect(&outbound.message_id, Outcome::Sent).await;
    world.queue(&outbound, EventId::mint(), None).await;
    holds(Duration::from_secs(1), "taken once", async || world.network.taken("Einmal") == 1).await;
    assert_eq!(world.settled(&outbound.message_id).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_happens_after_the_network_took_it_it_is_unknown_and_never_sent_again() {
    for script in [
        Script::AcceptThenHang,
        Script::AcceptThenReset,
        Script::AcceptThen500,
        Script::AcceptThenHalf,
        Script::Slow(Duration::from_millis(1_500)),
    ] {
        let world = World::start().await;
        let account = world.account().await;
        world.network.script([script.clone()]);
        let message = world.reply(&account, "Peut-être").await;
        let settled = world.expect(&message, Outcome::Unknown).await;
        assert!(!settled.failure_code.is_empty(), "{script:?}");
        // On a busy machine the call may be given up before the network has read it.
        eventually(PATIENCE, "taken", async || world.network.taken("Peut-être") > 0).await;
        holds(Duration::from_secs(3), &format!("once: {script:?}"), async || {
            world.network.received().len() == 1
        })
        .await;
        assert_eq!(world.network.taken("Peut-être"), 1, "{script:?}");
        assert_eq!(world.settled(&message).len(), 1, "{script:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_answer_in_time_is_an_answer() {
    let world = World::patient().await;
    let account = world.account().await;
    world.network.script([Script::Slow(Duration::from_millis(600))]);
    let message = world.reply(&account, "Langsam").await;
    world.expect(&message, Outcome::Sent).await;
    assert_eq!(world.network.taken("Langsam"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_told_with_its_reason() {
    let world = World::start().await;
    let account = world.account().await;
    world.network.script([
        Script::ErrorsIn200,
        Script::Refuse(
            403,
            Vec::new(),
            json!({
                "title": "Forbidden", "status": 403, "type": "about:blank",
                "detail": "You cannot send messages to this user.", "errors": [{"code": 349}]
            }),
        ),
    ]);
    let first = world.reply_as(&account, MessageKind::Reply, "Weg").await;
    let settled = world.expect(&first, Outcome::Failed).await;
    assert_eq!(settled.failure_code, "target_gone");
    let second = world.reply(&account, "Nein").await;
    let settled = world.expect(&second, Outcome::Failed).await;
    assert_eq!(settled.failure_code, "recipient_unreachable");
    assert!(!settled.retryable);
    assert_eq!(world.network.taken("Weg") + world.network.taken("Nein"), 0);
    assert_eq!(world.network.received().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_conversations_replies_leave_in_the_order_in_which_they_were_written() {
    let world = World::start().await;
    let account = world.account().await;
    world.network.always(Script::Slow(Duration::from_millis(30)));
    let mut conversations = Vec::new();
    for _ in 0..3 {
        let mut replies = Vec::new();
        let conversation = fresh_id("conv");
        for number in 0..8 {
            let text = format!("{conversation} {number}");
            let mut outbound = world.outbound(&account, MessageKind::Reply, &text);
            outbound.conversation_id.clone_from(&conversation);
            world.hold(outbound.clone());
            world.queue(&outbound, EventId::mint(), None).await;
            replies.push(outbound.message_id);
        }
        conversations.push((conversation, replies));
    }
    for (conversation, replies) in conversations {
        for message in replies {
            world.expect(&message, Outcome::Sent).await;
        }
        let texts = world.network.received().into_iter().map(|call| call.body["text"].to_string());
        let order: Vec<_> = texts.filter(|text| text.contains(&conversation)).collect();
        let mut sorted = order.clone();
        sorted.sort_unstable();
        assert_eq!((order.len(), &order), (8, &sorted));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_holds_up_its_conversation_for_a_moment_only() {
    let world = World::patient().await;
    let account = world.account().await;
    world.network.script([Script::AcceptThenHang]);
    let first = world.outbound(&account, MessageKind::PrivateMessage, "Eins");
    world.queue(&first, EventId::mint(), None).await;
    eventually(PATIENCE, "under way", async || world.network.taken("Eins") == 1).await;
    let mut second = world.outbound(&account, MessageKind::PrivateMessage, "Zwei");
    second.conversation_id.clone_from(&first.conversation_id);
    world.hold(second.clone());
    world.queue(&second, EventId::mint(), None).await;
    holds(Duration::from_secs(2), "it waits its turn", async || world.network.taken("Zwei") == 0)
        .await;
    world.expect(&second.message_id, Outcome::Sent).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_reply_is_sent_again_when_somebody_says_so() {
    let world = World::start().await;
    let account = world.account().await;
    world.network.script([Script::Refuse(400, Vec::new(), json!({"title": "Bad"}))]);
    let mut outbound = world.outbound(&account, MessageKind::PrivateMessage, "Nochmal");
    world.queue(&outbound, EventId::mint(), None).await;
    world.expect(&outbound.message_id, Outcome::Failed).await;
    outbound.attempt = 2;
    world.hold(outbound.clone());
    world.queue(&outbound, EventId::mint(), None).await;
    // The first one told again must not leave beside the second.
    let first = conversation::Outbound { attempt: 1, ..outbound.clone() };
    world.queue(&first, EventId::mint(), None).await;
    let settled = world.expect(&outbound.message_id, Outcome::Sent).await;
    assert_eq!(settled.attempt, 2);
    let attempts = world.attempts(&outbound.message_id).await;
    let states: Vec<_> = attempts.iter().map(|attempt| attempt.state.as_str()).collect();
    assert_eq!(states, ["failed", "sent"]);
    assert_eq!(world.network.taken("Nochmal"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_that_cannot_be_read_yet_waits_and_holds_up_nobody() {
    let world = World::start().await;
    let account = world.account().await;
    let outbound = world.outbound(&account, MessageKind::PrivateMessage, "Neuer Stand");
    // As a newer release would say it.
    world.hold(conversation::Outbound { kind: 0, ..outbound.clone() });
    world.queue(&outbound, EventId::mint(), None).await;
    let behind = world.reply(&account, "Dahinter").await;
    world.expect(&behind, Outcome::Sent).await;
    world.hold(outbound.clone());
    world.expect(&outbound.message_id, Outcome::Sent).await;
    assert_eq!(world.network.taken("Neuer Stand"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_network_that_cannot_be_reached_is_tried_again() {
    let world = World::start().await;
    let account = world.account().await;
    // Nobody listens there.
    let nowhere = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = format!("http://{}", nowhere.local_addr().expect("an address"));
    drop(nowhere);
    world.change(&account, |channel| channel.api_base = address).await;
    let message = world.reply(&account, "Später").await;
    eventually(PATIENCE, "waiting", async || !world.waits(&message).is_empty()).await;
    assert_eq!(world.waits(&message)[0].reason, "network_unavailable");
    world.change(&account, |channel| channel.api_base = world.network.url()).await;
    world.expect(&message, Outcome::Sent).await;
    assert_eq!(world.network.taken("Später"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn while_conversation_or_directory_are_away_replies_wait_and_then_leave_once() {
    let world = World::start().await;
    let account = world.account().await;
    world.peers.held().replies_away = true;
    world.peers.held().tokens_away = true;
    let message = world.reply(&account, "Geduld").await;
    eventually(PATIENCE, "a reply is asked for", async || world.peers.held().reply_calls > 0).await;
    world.peers.held().replies_away = false;
    eventually(PATIENCE, "a token is asked for", async || world.peers.held().token_calls > 0).await;
    world.peers.held().tokens_away = false;
    world.expect(&message, Outcome::Sent).await;
    assert_eq!(world.network.taken("Geduld"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_settles_what_nobody_knows() {
    let world = World::start().await;
    let account = world.account().await;
    for sent in [true, false] {
        world.network.script([Script::AcceptThenReset]);
        let message = world.reply(&account, "Qui sait").await;
        world.expect(&message, Outcome::Unknown).await;
        let said =
            conversation::ReplySettledByPerson { message_id: message.clone(), attempt: 1, sent };
        let fact = Asked::ReplySettledByPerson(said);
        world.ask("reply_settled_by_person", EventId::mint(), fact, None).await;
        world.expect_state(&message, if sent { "sent" } else { "failed" }).await;
        assert_eq!(world.attempts(&message).await[0].settled_by, "person");
    }
    assert_eq!(world.network.received().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_is_repeated_until_it_is_known_to_be_done() {
    let world = World::start().await;
    let account = world.account().await;
    world.network.script([Script::AcceptThenReset, Script::Accept]);
    let mut outbound = world.outbound(&account, MessageKind::Reply, "Weg damit");
    outbound.external_id = "1800000000000000009".to_owned();
    world.hold(outbound.clone());
    let queued = conversation::DeletionQueued {
        message_id: outbound.message_id.clone(),
        channel_id: outbound.channel_id.clone(),
    };
    world
        .ask("deletion_queued", EventId::mint(), Asked::DeletionQueued(queued.clone()), None)
        .await;
    let deleted = async || {
        world.told().iter().any(|(event, _)| {
            matches!(&event.fact, Some(Fact::DeletionSettled(settled)) if settled.deleted)
        })
    };
    eventually(PATIENCE, "deleted", deleted).await;
    let calls = world.network.received();
    assert_eq!(calls.len(), 2);
    assert!(calls.iter().all(|call| call.path == "/2/tweets/1800000000000000009"));
    // Done is done.
    world.ask("deletion_queued", EventId::mint(), Asked::DeletionQueued(queued), None).await;
    holds(Duration::from_secs(1), "no third call", async || world.network.received().len() == 2)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_never_reached_the_network_cannot_be_deleted_there() {
    let world = World::start().await;
    let account = world.account().await;
    let outbound = world.outbound(&account, MessageKind::Reply, "Nie");
    let queued = conversation::DeletionQueued {
        message_id: outbound.message_id.clone(),
        channel_id: outbound.channel_id.clone(),
    };
    world.ask("deletion_queued", EventId::mint(), Asked::DeletionQueued(queued), None).await;
    let refused = async || {
        world.told().iter().any(|(event, _)| {
            matches!(&event.fact, Some(Fact::DeletionSettled(it)) if it.failure_code == "not_sent")
        })
    };
    eventually(PATIENCE, "refused", refused).await;
    assert_eq!(world.network.received().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_is_only_played_never_reaches_the_network_itself() {
    let world = World::start().await;
    let account = world.account().await;
    world.change(&account, |channel| channel.api_base = String::new()).await;
    let message = world.reply(&account, "Nirgends").await;
    let settled = world.expect(&message, Outcome::Failed).await;
    assert_eq!(settled.failure_code, "channel_without_address");
}

#[tokio::test(flavor = "multi_thread")]
async fn messenger_is_given_our_mark_and_the_proof_of_the_application() {
    let world = World::start().await;
    let account = world.account_on(OnWire::Facebook).await;
    let message = world.reply(&account, "Coucou").await;
    let settled = world.expect(&message, Outcome::Sent).await;
    assert_eq!(settled.external_id, "m_1");
    let call = world.network.received().remove(0);
    assert!(call.path.starts_with("/v26.0/7001/messages?appsecret_proof="), "{}", call.path);
    assert_eq!(call.body["message"]["metadata"], format!("{message}.1"));
}
