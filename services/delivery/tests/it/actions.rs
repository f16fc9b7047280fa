//! Likes, reposts and the like: each ends as the newest request about its thing has it.

use std::time::Duration;

use kit_testkit::{eventually, holds};
use kit_values::EventId;
use proto::conversation::v1 as conversation;
use proto::conversation::v1::conversation_event::Fact as Asked;
use proto::delivery::v1::delivery_event::Fact;
use proto::delivery::v1::{ActionOutcome, ActionSettled};
use proto::network::v1::{Identity, MessageAction, MessageKind, Network as OnWire};
use serde_json::json;

use crate::network::Script;
use crate::world::{PATIENCE, World, action};

fn done(settled: &ActionSettled) -> bool {
    settled.outcome() == ActionOutcome::Done
}

/// Method, path without its query, and body of every call.
fn calls(world: &World) -> Vec<(String, String, serde_json::Value)> {
    let calls = world.network.received().into_iter();
    calls
        .map(|call| {
            let path = call.path.split('?').next().unwrap_or_default().to_owned();
            (call.method, path, call.body)
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_action_of_x_is_made_in_the_name_of_the_account_and_told() {
    let world = World::start().await;
    let account = world.account().await;
    let (me, post) = ("/2/users/7001", "1700000000000000001");
    let rows = [
        (MessageAction::Like, "POST", format!("{me}/likes"), json!({"tweet_id": post})),
        (MessageAction::Unlike, "DELETE", format!("{me}/likes/{post}"), json!(null)),
        (MessageAction::Repost, "POST", format!("{me}/retweets"), json!({"tweet_id": post})),
        (MessageAction::Unrepost, "DELETE", format!("{me}/retweets/{post}"), json!(null)),
        (
            MessageAction::Follow,
            "POST",
            format!("{me}/following"),
            json!({"target_user_id": "4711"}),
        ),
        (MessageAction::Unfollow, "DELETE", format!("{me}/following/4711"), json!(null)),
    ];
    for (turn, (wanted, method, path, body)) in (1..).zip(rows) {
        let asked = action(&account, wanted, turn);
        world.act(&asked).await;
        let settled = world.expect_acted(&asked).await;
        assert!(done(&settled), "{settled:?}");
        assert_eq!((settled.message_id, settled.action), (asked.message_id, wanted.into()));
        assert_eq!(calls(&world).pop(), Some((method.to_owned(), path, body)));
    }
    assert_eq!(world.database.number("SELECT count(*) FROM delivery.turn").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_comment_on_facebook_is_liked_and_hidden_and_hiding_is_read_back() {
    let world = World::start().await;
    let account = world.account_on(OnWire::Facebook).await;
    let comment = |wanted| conversation::ActionQueued {
        external_id: "1_2".to_owned(),
        ..action(&account, wanted, 1)
    };
    let like = comment(MessageAction::Like);
    world.act(&like).await;
    assert!(done(&world.expect_acted(&like).await));
    let hide = comment(MessageAction::Hide);
    world.act(&hide).await;
    assert!(done(&world.expect_acted(&hide).await));
    let node = "/v26.0/1_2".to_owned();
    assert_eq!(
        calls(&world),
        [
            ("POST".to_owned(), format!("{node}/likes"), json!(null)),
            ("POST".to_owned(), node.clone(), json!({"is_hidden": true})),
            ("GET".to_owned(), node, json!(null)),
        ]
    );
    let asked = world.network.received().remove(2).path;
    assert!(asked.contains("fields=is_hidden%2Ccan_hide"), "{asked}");
}

#[tokio::test(flavor = "multi_thread")]
async fn hiding_that_the_network_only_says_it_did_has_failed_with_its_reason() {
    let world = World::start().await;
    let account = world.account_on(OnWire::Facebook).await;
    let says = Script::Refuse(200, Vec::new(), json!({"success": true}));
    let shows = Script::Refuse(200, Vec::new(), json!({"is_hidden": false, "can_hide": false}));
    world.network.script([says, shows]);
    let hide = action(&account, MessageAction::Hide, 1);
    world.act(&hide).await;
    let settled = world.expect_acted(&hide).await;
    assert_eq!((done(&settled), settled.failure_code.as_str()), (false, "cannot_be_hidden"));
    assert!(!settled.retryable && settled.failure.ends_with('.'));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_action_whose_answer_is_lost_is_made_again_and_never_unknown() {
    for script in [
        Script::AcceptThenReset,
        Script::AcceptThen500,
        Script::AcceptThenHalf,
        Script::AcceptThenHang,
    ] {
        let world = World::start().await;
        let account = world.account().await;
        world.network.script([script.clone()]);
        let like = action(&account, MessageAction::Like, 1);
        world.act(&like).await;
        assert!(done(&world.expect_acted(&like).await), "{script:?}");
        assert_eq!(calls(&world).len(), 2, "{script:?}");
        assert_eq!(world.acted(&like).len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_told_with_the_networks_reason() {
    let world = World::start().await;
    let account = world.account().await;
    let plan = json!({
        "type": "https://api.x.com/2/problems/client-forbidden", "title": "Client Forbidden",
        "detail": "This endpoint is only available to Enterprise customers.", "status": 403
    });
    world.network.script([Script::Refuse(403, Vec::new(), plan)]);
    let follow = action(&account, MessageAction::Follow, 1);
    world.act(&follow).await;
    let settled = world.expect_acted(&follow).await;
    assert_eq!(settled.failure_code, "application_not_allowed");
    assert!(settled.retryable);
    // What the network does not have is not even asked for, nor what names nothing.
    let hide = action(&account, MessageAction::Hide, 1);
    let nameless = conversation::ActionQueued {
        external_id: String::new(),
        ..action(&account, MessageAction::Like, 1)
    };
    for (asked, code) in [(hide, "not_possible"), (nameless, "target_missing")] {
        world.act(&asked).await;
        assert_eq!(world.expect_acted(&asked).await.failure_code, code);
    }
    assert_eq!(calls(&world).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_action_that_waits_for_a_limit_says_so_and_delays_no_reply() {
    let world = World::start().await;
    let account = world.account().await;
    let reset = kit_values::now().unix_timestamp() + 4;
    let headers =
        vec![("x-rate-limit-remaining", "0".to_owned()), ("x-rate-limit-reset", reset.to_string())];
    world.network.script([Script::Refuse(429, headers, json!({}))]);
    let like = action(&account, MessageAction::Like, 1);
    world.act(&like).await;
    let waits = || {
        let facts = world.told().into_iter();
        facts
            .filter(|(event, _)| event.metadata.as_ref().is_some_and(|it| it.may_ignore))
            .filter_map(|(event, _)| match event.fact {
                Some(Fact::ActionWaiting(waiting)) => Some(waiting),
                _ => None,
            })
            .collect::<Vec<_>>()
    };
    eventually(PATIENCE, "it waits", async || !waits().is_empty()).await;
    assert_eq!(
        (waits()[0].action_id.as_str(), waits()[0].reason.as_str()),
        (like.action_id.as_str(), "rate_limited")
    );
    // They are of one conversation.
    let reply = world.outbound(&account, MessageKind::Reply, "Tout de suite");
    let (_, digits) = reply.conversation_id.split_once('_').expect("an id");
    let same = format!("UPDATE delivery.turn SET conversation_id = '{digits}', held = false");
    world.database.execute(&same).await;
    world.queue(&reply, EventId::mint(), None).await;
    world.expect(&reply.message_id, proto::delivery::v1::Outcome::Sent).await;
    assert_eq!(world.acted(&like).len(), 0, "the reply came first");
    assert!(done(&world.expect_acted(&like).await));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_opposites_that_wait_only_the_last_is_made() {
    let world = World::start().await;
    let account = world.account().await;
    // The account's token is refused: everything waits.
    world.network.always(Script::Refuse(401, Vec::new(), json!({})));
    let like = action(&account, MessageAction::Like, 1);
    world.act(&like).await;
    eventually(PATIENCE, "it waits", async || {
        world.database.number("SELECT count(*) FROM delivery.attempt WHERE state = 2").await == 1
    })
    .await;
    let before = calls(&world).len();
    let again = |wanted, turn| conversation::ActionQueued {
        message_id: like.message_id.clone(),
        ..action(&account, wanted, turn)
    };
    let (unlike, last) = (again(MessageAction::Unlike, 2), again(MessageAction::Like, 3));
    let other = conversation::ActionQueued {
        external_id: "1700000000000000002".to_owned(),
        ..action(&account, MessageAction::Like, 1)
    };
    // In any order.
    world.act(&last).await;
    world.act(&unlike).await;
    world.act(&other).await;
    let unlike = world.expect_acted(&unlike).await;
    assert_eq!((done(&unlike), unlike.failure_code.as_str()), (false, "superseded"));
    world.network.always(Script::Accept);
    world.change(&account, |_| {}).await;
    assert!(done(&world.expect_acted(&last).await));
    assert!(done(&world.expect_acted(&other).await));
    assert_eq!(world.expect_acted(&like).await.failure_code, "superseded");
    let made: Vec<_> = calls(&world).split_off(before);
    assert_eq!(made.len(), 2, "{made:?}");
    assert!(made.iter().all(|(method, ..)| method == "POST"));
    // Whoever comes last with an older turn changes nothing any more.
    let late = again(MessageAction::Unlike, 2);
    world.act(&late).await;
    assert_eq!(world.expect_acted(&late).await.failure_code, "superseded");
    assert_eq!(calls(&world).len(), before + 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_about_one_thing_one_is_made_at_a_time_and_the_last_one_last() {
    let world = World::patient().await;
    let account = world.account().await;
    world.network.script([Script::Slow(Duration::from_secs(4))]);
    let follow = action(&account, MessageAction::Follow, 1);
    world.act(&follow).await;
    eventually(PATIENCE, "under way", async || calls(&world).len() == 1).await;
    // Of another message of the same person.
    let unfollow = action(&account, MessageAction::Unfollow, 2);
    let stranger = conversation::ActionQueued {
        author: Some(Identity { network_user_id: "4712".to_owned(), ..Identity::default() }),
        ..action(&account, MessageAction::Follow, 1)
    };
    world.act(&unfollow).await;
    world.act(&stranger).await;
    assert!(done(&world.expect_acted(&stranger).await), "another person waits for nobody");
    assert_eq!(world.acted(&follow).len() + world.acted(&unfollow).len(), 0);
    assert!(done(&world.expect_acted(&follow).await));
    assert!(done(&world.expect_acted(&unfollow).await));
    let methods: Vec<String> = calls(&world).into_iter().map(|(method, ..)| method).collect();
    assert_eq!(methods, ["POST", "POST", "DELETE"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_request_told_twice_is_made_once() {
    let world = World::start().await;
    let account = world.account().await;
    let like = action(&account, MessageAction::Like, 1);
    for _ in 0..3 {
        // Each time another event: even the inbox does not know it.
        world.act(&like).await;
    }
    assert!(done(&world.expect_acted(&like).await));
    world.act(&like).await;
    holds(Duration::from_secs(1), "once", async || calls(&world).len() == 1).await;
    assert_eq!(world.acted(&like).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn workers_of_two_processes_flipping_one_thing_end_as_the_last_request_has_it() {
    let mut world = World::start().await;
    let account = world.account().await;
    let first = world.detach();
    world.run(crate::world::SENDING).await;
    let message = crate::world::fresh_id("msg");
    // Meanwhile nothing can leave.
    world.peers.held().tokens_away = true;
    let mut last = None;
    for turn in 1..=40 {
        let wanted = if turn % 2 == 1 { MessageAction::Like } else { MessageAction::Unlike };
        let asked = conversation::ActionQueued {
            message_id: message.clone(),
            ..action(&account, wanted, turn)
        };
        world.act(&asked).await;
        last = Some(asked);
    }
    let last = last.expect("forty");
    let queued = "SELECT count(*) FROM delivery.attempt WHERE request_turn = 40";
    eventually(PATIENCE, "queued", async || world.database.number(queued).await == 1).await;
    world.peers.held().tokens_away = false;
    assert!(done(&world.expect_acted(&last).await));
    eventually(PATIENCE, "all have ended", async || {
        world.database.number("SELECT count(*) FROM delivery.turn").await == 0
    })
    .await;
    let made = calls(&world);
    assert_eq!(made.last().map(|(method, ..)| method.as_str()), Some("DELETE"), "{made:?}");
    assert!(made.len() <= 3, "what nobody wants any more was made: {made:?}");
    first.stop.cancel();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_action_that_nobody_can_read_waits_for_a_release_that_can() {
    let world = World::start().await;
    let account = world.account().await;
    let strange =
        conversation::ActionQueued { action: 99, ..action(&account, MessageAction::Like, 1) };
    let fact = Asked::ActionQueued(strange);
    world.ask("action_queued", EventId::mint(), fact, None).await;
    let parked = "SELECT count(*) FROM delivery.parked";
    eventually(PATIENCE, "parked", async || world.database.number(parked).await == 1).await;
    assert_eq!(calls(&world).len(), 0);
}
