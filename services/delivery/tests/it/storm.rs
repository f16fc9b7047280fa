//! Everything at once: a network that does all of its tricks, and workers that crash on the way.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use delivery::Sending;
use kit_testkit::eventually;
use proto::delivery::v1::Outcome;
use proto::network::v1::MessageKind;
use serde_json::json;

use crate::network::Script;
use crate::world::{SENDING, World};

const REPLIES: usize = 240;
const ACCOUNTS: usize = 6;

fn tricks() -> Vec<Script> {
    let limited = json!({"title": "Too Many Requests", "status": 429});
    let hint = vec![("retry-after", "1".to_owned())];
    vec![
        Script::Accept,
        Script::AcceptThenReset,
        Script::Accept,
        Script::AcceptThen500,
        Script::ErrorsIn200,
        Script::Slow(Duration::from_millis(100)),
        Script::AcceptThenHang,
        Script::Accept,
        Script::AcceptThenHalf,
        Script::Refuse(429, hint, limited),
        Script::Refuse(403, Vec::new(), json!({"title": "Forbidden", "errors": [{"code": 179}]})),
    ]
}

/// The last word on a message: what is unknown may still become sent or failed.
fn last(world: &World, message: &str) -> Option<Outcome> {
    world.settled(message).last().map(proto::delivery::v1::SendSettled::outcome)
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_the_network_does_and_wherever_workers_crash_nothing_is_taken_twice() {
    for point in
        ["delivery-before-first-byte", "delivery-after-first-byte", "delivery-before-settle"]
    {
        fail::cfg(point, "5%return").expect("a fail point");
    }
    let sending = Sending { timeout_ms: 700, lease_ms: 1_500, at_once_per_account: 8, ..SENDING };
    let world = World::around().await.running(sending).await;
    let mut accounts = Vec::new();
    for _ in 0..ACCOUNTS {
        accounts.push(world.account().await);
    }
    let tricks = tricks();
    // Enough for every try of every reply.
    world.network.script((0..REPLIES * 2).map(|place| tricks[place * 7 % tricks.len()].clone()));
    let mut replies = BTreeMap::new();
    for number in 0..REPLIES {
        let text = format!("Nummer <{number}>");
        let account = &accounts[number % ACCOUNTS];
        replies.insert(world.reply_as(account, MessageKind::Reply, &text).await, text);
    }
    eventually(Duration::from_mins(2), "every reply has an end", async || {
        replies.keys().all(|message| last(&world, message).is_some())
    })
    .await;
    let mut ends: BTreeMap<&str, usize> = BTreeMap::new();
    for (message, text) in &replies {
        let taken = world.network.taken(text);
        let (outcome, allowed) = match last(&world, message).expect("an end") {
            Outcome::Sent => ("sent", 1..=1),
            Outcome::Failed => ("failed", 0..=0),
            Outcome::Unknown => ("unknown", 0..=1),
            Outcome::Unspecified => unreachable!("told as nothing"),
        };
        assert!(allowed.contains(&taken), "{text} is {outcome} and was taken {taken} times");
        *ends.entry(outcome).or_default() += 1;
    }
    assert_eq!(ends.len(), 3, "every end was met: {ends:?}");
    let open = "SELECT count(*) FROM delivery.turn";
    assert_eq!(world.database.number(open).await, 0, "something is still to be done");
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_thousand_that_wait_delay_no_other_account() {
    let world = World::start().await;
    let (busy, quiet) = (world.account().await, world.account().await);
    let first = world.reply(&quiet, "Zuerst").await;
    world.expect(&first, Outcome::Sent).await;
    let uuid = |id: &str| id.split_once('_').expect("an id").1.to_owned();
    let organization = uuid(&world.organization.to_string());
    let channel = uuid(&busy.channel);
    let waiting = format!(
        "INSERT INTO delivery.attempt (organization_id, message_id, action, attempt, \
         conversation_id, channel_id, network, state, waits_until, wait_reason, kind, text, \
         recipient, to_external_id, to_kind, queued_at) \
         SELECT '{organization}', gen_random_uuid(), 1, 1, gen_random_uuid(), '{channel}', 'x', 2, \
         now() + interval '1 hour', 'rate_limited', 'private_message', 'later', '5', '', 'mention', \
         now() FROM generate_series(1, 50000)"
    );
    world.database.execute(&waiting).await;
    let turns = "INSERT INTO delivery.turn (organization_id, message_id, action, attempt, network, \
         channel_id, due, held, conversation_id, private, queued_at) \
         SELECT organization_id, message_id, action, attempt, network, channel_id, waits_until, \
         true, conversation_id, true, queued_at FROM delivery.attempt WHERE state = 2";
    world.database.execute(turns).await;
    let mut longest = Duration::ZERO;
    for number in 0..10 {
        let text = format!("Trotzdem <{number}>");
        let began = Instant::now();
        world.reply_as(&quiet, MessageKind::Reply, &text).await;
        eventually(Duration::from_secs(10), "taken", async || world.network.taken(&text) == 1)
            .await;
        longest = longest.max(began.elapsed());
    }
    assert!(longest < Duration::from_secs(2), "{longest:?}");
}
