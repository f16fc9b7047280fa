//! Who wrote what: read from the networks for ingest, with what replies leave.

use std::time::Duration;

use kit_testkit::{eventually, holds};
use kit_values::EventId;
use prost::Message as _;
use proto::delivery::v1::Outcome;
use proto::delivery::v1::author_answered::Answer;
use proto::ingest::v1::AuthorWanted;
use proto::network::v1::{MessageKind, Network as OnWire};
use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::network::Script;
use crate::world::{Account, PATIENCE, World, fresh_id, timestamp};

/// A question, not asked yet.
fn wanted(world: &World, account: &Account, kind: MessageKind, author: &str) -> AuthorWanted {
    AuthorWanted {
        metadata: Some(world.metadata(EventId::mint())),
        item_id: fresh_id("item"),
        channel_id: account.channel.clone(),
        network: account.network.into(),
        external_id: "1700000000000000001".to_owned(),
        kind: kind.into(),
        author_id: author.to_owned(),
        scope: "7001".to_owned(),
    }
}

async fn ask(world: &World, question: &AuthorWanted) {
    let event = question.metadata.as_ref().expect("has metadata").event_id.parse().expect("an id");
    let bytes = question.encode_to_vec();
    world.tell("ingest", None, "author_wanted", event, bytes, None).await;
}

async fn asked(world: &World, account: &Account, kind: MessageKind, author: &str) -> AuthorWanted {
    let question = wanted(world, account, kind, author);
    ask(world, &question).await;
    question
}

/// What was answered: name, handle and id, or why nobody knows.
fn answers(world: &World, question: &AuthorWanted) -> Vec<String> {
    let answers = world.answered().into_iter().filter(|it| it.item_id == question.item_id);
    answers
        .map(|it| match it.answer.expect("is there") {
            Answer::Found(author) => {
                let identity = author.identity.expect("is there");
                assert_eq!(identity.scope, "7001");
                let id = identity.network_user_id;
                format!("{id} {} @{} {}", author.display_name, author.handle, author.avatar_url)
            }
            Answer::NotFound(why) => why.reason,
        })
        .collect()
}

async fn expect(world: &World, question: &AuthorWanted, answer: &str) {
    eventually(PATIENCE, answer, async || answers(world, question) == [answer]).await;
}

/// Why the only question waits, or how it ended.
async fn reason(world: &World) -> Vec<String> {
    world.database.texts("SELECT reason FROM delivery.lookup").await
}

fn says(body: Value) -> Script {
    Script::Refuse(200, Vec::new(), body)
}

fn refuses(status: u16, body: Value) -> Script {
    Script::Refuse(status, Vec::new(), body)
}

#[tokio::test(flavor = "multi_thread")]
async fn each_network_is_asked_in_its_own_way_and_the_answer_is_told() {
    let world = World::start().await;
    let x = world.account().await;
    let facebook = world.account_on(OnWire::Facebook).await;
    let user = json!({"id": "4711", "name": "Ada", "username": "ada",
        "profile_image_url": "https://pbs.example/a.png"});
    let secret = "appsecret_proof=";
    for (account, kind, author, body, path, answer) in [
        (
            &x,
            MessageKind::Mention,
            "4711",
            json!({"data": user}),
            "/2/users/4711?user.fields=name%2Cusername%2Cprofile_image_url",
            "4711 Ada @ada https://pbs.example/a.png",
        ),
        (
            &x,
            MessageKind::Mention,
            "",
            json!({"data": {"id": "1700000000000000001", "text": "…", "author_id": "4711"},
                "includes": {"users": [user]}}),
            "/2/tweets/1700000000000000001?expansions=author_id&user.fields=",
            "4711 Ada @ada https://pbs.example/a.png",
        ),
        (
            &facebook,
            MessageKind::Comment,
            "",
            json!({"from": {"id": "4711", "name": "Ada L."}, "id": "1700000000000000001"}),
            "/v26.0/1700000000000000001?",
            "4711 Ada L. @ ",
        ),
        (
            &facebook,
            MessageKind::PrivateMessage,
            "4711",
            json!({"first_name": "Ada", "last_name": "L.", "id": "4711",
                "profile_pic": "https://scontent.example/a.jpg"}),
            "/v26.0/4711?",
            "4711 Ada L. @ https://scontent.example/a.jpg",
        ),
    ] {
        world.network.script([says(body)]);
        let question = asked(&world, account, kind, author).await;
        expect(&world, &question, answer).await;
        let call = world.network.received().pop().expect("came");
        assert_eq!(call.method, "GET");
        assert!(call.path.starts_with(path), "{}", call.path);
        assert!(call.authorization.starts_with("Bearer token-"));
        assert_eq!(call.path.contains(secret), account.network == OnWire::Facebook);
    }
    assert_eq!(world.network.received().len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_that_comes_again_is_asked_and_answered_once() {
    let world = World::start().await;
    let account = world.account_on(OnWire::Facebook).await;
    world.network.always(says(json!({"from": {"id": "4711", "name": "Ada"}})));
    let mut question = wanted(&world, &account, MessageKind::Comment, "");
    for _ in 0..3 {
        ask(&world, &question).await;
        // Even as another event.
        question.metadata = Some(world.metadata(EventId::mint()));
    }
    expect(&world, &question, "4711 Ada @ ").await;
    question.metadata = Some(world.metadata(EventId::mint()));
    ask(&world, &question).await;
    let once = async || answers(&world, &question).len() == 1;
    holds(Duration::from_secs(2), "once", once).await;
    assert_eq!(world.network.received().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_network_withholds_is_not_asked_for_again() {
    let world = World::start().await;
    let account = world.account_on(OnWire::Facebook).await;
    world.network.script([says(json!({"id": "1700000000000000001"}))]);
    let comment = asked(&world, &account, MessageKind::Comment, "").await;
    expect(&world, &comment, "withheld").await;
    world.network.script([says(json!({}))]);
    let message = asked(&world, &account, MessageKind::PrivateMessage, "4711").await;
    expect(&world, &message, "withheld").await;
    let unknown = json!({"error": {"code": 100, "error_subcode": 2_018_218, "message": "no"}});
    world.network.script([refuses(400, unknown)]);
    let person = asked(&world, &account, MessageKind::PrivateMessage, "4712").await;
    expect(&world, &person, "recipient_unknown").await;
    // A message that names neither itself nor anybody is not asked for at all.
    let nobody = asked(&world, &account, MessageKind::PrivateMessage, "").await;
    expect(&world, &nobody, "not_possible").await;
    holds(Duration::from_secs(2), "no more", async || world.network.received().len() == 3).await;
    let kept = "SELECT count(*) FROM delivery.lookup WHERE ended_at IS NOT NULL";
    assert_eq!(world.database.number(kept).await, 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_permission_that_is_missing_stops_the_questions_of_the_account_and_not_its_replies() {
    let world = World::start().await;
    let account = world.account_on(OnWire::Facebook).await;
    let missing = json!({"error": {"code": 10, "message": "needs pages_read_user_content"}});
    world.network.script([refuses(403, missing)]);
    let first = asked(&world, &account, MessageKind::Comment, "").await;
    expect(&world, &first, "not_allowed").await;
    let second = asked(&world, &account, MessageKind::Comment, "").await;
    let held = "SELECT count(*) FROM delivery.lookup_turn
        WHERE NOT ended AND due > now() + interval '50 minutes'";
    eventually(PATIENCE, "held", async || world.database.number(held).await == 1).await;
    let reply = world.reply(&account, "Guten Tag").await;
    world.expect(&reply, Outcome::Sent).await;
    assert_eq!(answers(&world, &second), [""; 0]);
    assert_eq!(world.network.received().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_or_an_outage_is_waited_out_and_holds_up_no_reply() {
    let world = World::start().await;
    let account = world.account().await;
    let reset = kit_values::now().unix_timestamp() + 4;
    let headers = vec![
        ("x-rate-limit-limit", "900".to_owned()),
        ("x-rate-limit-remaining", "0".to_owned()),
        ("x-rate-limit-reset", reset.to_string()),
    ];
    let limited = json!({"title": "Too Many Requests", "status": 429, "type": "about:blank"});
    world.network.script([Script::Refuse(429, headers, limited)]);
    let question = asked(&world, &account, MessageKind::Mention, "4711").await;
    eventually(PATIENCE, "waits", async || reason(&world).await == ["rate_limited"]).await;
    let reply = world.reply(&account, "Sofort").await;
    world.expect(&reply, Outcome::Sent).await;
    assert!(kit_values::now().unix_timestamp() < reset, "the reply did not wait");
    let user = json!({"data": {"id": "4711", "name": "Ada", "username": "ada"}});
    world.network.script([refuses(503, json!({})), says(user)]);
    expect(&world, &question, "4711 Ada @ada ").await;
    let reset = OffsetDateTime::from_unix_timestamp(reset).expect("a time");
    assert!(kit_values::now() >= reset);
    assert_eq!(world.network.received().len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn questions_leave_half_of_what_the_network_takes_to_replies() {
    let world = World::start().await;
    let account = world.account_on(OnWire::Facebook).await;
    let used = json!({"call_count": 55, "total_cputime": 0, "total_time": 0}).to_string();
    let done = json!({"recipient_id": "4711", "message_id": "m_1"});
    let headers = vec![("x-app-usage", used)];
    world.network.script([Script::Refuse(200, headers, done)]);
    let first = world.reply(&account, "Eins").await;
    world.expect(&first, Outcome::Sent).await;
    asked(&world, &account, MessageKind::Comment, "").await;
    let held = "SELECT count(*) FROM delivery.lookup_turn
        WHERE due > now() + interval '2 minutes'";
    eventually(PATIENCE, "held", async || world.database.number(held).await == 1).await;
    let second = world.reply(&account, "Zwei").await;
    world.expect(&second, Outcome::Sent).await;
    assert_eq!(world.network.received().len(), 2, "nothing was asked");
    // The limit is given anew.
    world.database.execute("UPDATE delivery.budget SET resets_at = now()").await;
    world.database.execute("UPDATE delivery.lookup_turn SET due = now()").await;
    eventually(PATIENCE, "asked", async || world.network.received().len() == 3).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_without_a_token_asks_nothing_until_it_has_one() {
    let world = World::start().await;
    let account = world.account_on(OnWire::Facebook).await;
    world.peers.held().no_tokens = true;
    let question = asked(&world, &account, MessageKind::Comment, "").await;
    eventually(PATIENCE, "waits", async || reason(&world).await == ["channel_disconnected"]).await;
    assert_eq!(world.network.received().len(), 0);
    world.peers.held().no_tokens = false;
    world.change(&account, |_| {}).await;
    world.network.script([says(json!({"from": {"id": "4711", "name": "Ada"}}))]);
    expect(&world, &question, "4711 Ada @ ").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_could_tell_for_a_day_is_given_up_and_forgotten_in_the_end() {
    let mut world = World::start().await;
    let account = world.account_on(OnWire::Facebook).await;
    let mut old = wanted(&world, &account, MessageKind::Comment, "");
    let yesterday = kit_values::now() - time::Duration::hours(25);
    old.metadata.as_mut().expect("is there").occurred_at = Some(timestamp(yesterday));
    ask(&world, &old).await;
    expect(&world, &old, "gave_up").await;
    assert_eq!(reason(&world).await, ["gave_up"]);
    assert_eq!(world.network.received().len(), 0);

    world.stop().await;
    world.database.execute("UPDATE delivery.lookup_turn SET due = now()").await;
    world.run(crate::world::SENDING).await;
    let left = "SELECT (SELECT count(*) FROM delivery.lookup)
        + (SELECT count(*) FROM delivery.lookup_turn)";
    eventually(PATIENCE, "forgotten", async || world.database.number(left).await == 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_storm_of_questions_of_one_account_delays_neither_others_nor_replies() {
    let world = World::start().await;
    let (busy, quiet) =
        (world.account_on(OnWire::Facebook).await, world.account_on(OnWire::Facebook).await);
    world.network.always(Script::Slow(Duration::from_secs(3)));
    for _ in 0..12 {
        asked(&world, &busy, MessageKind::Comment, "").await;
    }
    eventually(PATIENCE, "under way", async || world.network.received().len() == 2).await;
    world.network.always(says(json!({"from": {"id": "4711", "name": "Ada"}})));
    let question = asked(&world, &quiet, MessageKind::Comment, "").await;
    expect(&world, &question, "4711 Ada @ ").await;
    let reply = world.reply(&busy, "Trotzdem").await;
    world.network.script([Script::Accept]);
    assert_eq!(world.network.received().iter().filter(|it| it.method == "GET").count(), 3);
    eventually(PATIENCE, "left", async || world.network.taken("Trotzdem") == 1).await;
    drop(reply);
}
