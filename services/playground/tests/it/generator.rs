//! Customers by themselves: the same seed, the same run; every body well formed.

use std::time::Duration;

use playground::generator::{Stories, crowd_action};
use playground::update::{Content, Surroundings, Update};
use playground::world::{Account, Author, Happening, Network, Origin, Tier, World, decide, people};
use playground::x;
use playground::{facebook, instagram, tiktok};
use proptest::prelude::*;
use serde_json::Value;
use time::OffsetDateTime;
use time::macros::datetime;

use crate::support::{INSTAGRAM, OTHER_PAGE, PAGE, Playground, TIKTOK, X_ACCOUNT};

const START: OffsetDateTime = datetime!(2026-11-23 10:00 UTC);

pub fn accounts() -> Vec<Account> {
    let account = |network, id: &str, handle: &str| Account {
        network,
        applications: vec!["app".into()],
        account_id: id.into(),
        handle: handle.into(),
        name: handle.into(),
        tier: Tier::Enterprise,
        scopes: None,
    };
    vec![
        account(Network::X, X_ACCOUNT, "maison"),
        account(Network::Facebook, PAGE, "maison.page"),
        account(Network::Facebook, OTHER_PAGE, "atelier"),
        account(Network::Instagram, INSTAGRAM, "maison.insta"),
        account(Network::Tiktok, TIKTOK, "maison.tok"),
    ]
}

pub fn updates(world: &World, happening: &Happening) -> Vec<Update> {
    let around = Surroundings { public_url: "http://inbox.test" };
    match happening.network {
        Network::X => x::updates(world, happening, around),
        Network::Facebook => facebook::updates(world, happening, around),
        Network::Instagram => instagram::updates(world, happening, around),
        Network::Tiktok => tiktok::updates(world, happening, around),
    }
}

/// What one run of the generator does, with the moments that it waits for.
fn run(seed: u64, steps: usize, is_demo: bool) -> (World, Vec<Happening>, Vec<Update>) {
    let mut world = World::new(accounts(), people());
    let mut stories = Stories::new(seed, 0);
    let mut now = START;
    let (mut happenings, mut told) = (Vec::new(), Vec::new());
    for turn in 0..steps {
        let (story, action) = if is_demo {
            let step = stories.next_step(&world).expect("accounts exist");
            now += step.wait;
            (Some(step.story), step.action)
        } else {
            now += Duration::from_millis(3);
            let turn = u64::try_from(turn).expect("small");
            (None, crowd_action(&world, seed, turn, 50).expect("accounts exist"))
        };
        let snowflake = world.mint(now);
        let ruling = decide(&world, &action, snowflake).expect("a generated action is possible");
        let happening = Happening {
            number: world.last_number() + 1,
            at: now,
            network: ruling.network,
            account: ruling.account,
            author: ruling.author,
            origin: Origin::Story,
            withheld: seed.is_multiple_of(7),
            deed: ruling.deed,
            call: None,
        };
        world.apply(&happening);
        if let Some(story) = story {
            stories.told(story, &happening);
        }
        told.extend(updates(&world, &happening));
        happenings.push(happening);
    }
    (world, happenings, told)
}

fn body(update: &Update) -> Vec<u8> {
    match &update.content {
        Content::Envelope(value) => serde_json::to_vec(value).expect("JSON"),
        Content::Change(_) | Content::Messaging(_) => facebook::body(&[update]),
    }
}

/// Every id is text; Meta's app id and clock readings are numbers by contract.
fn check_ids(name: &str, value: &Value) {
    let is_id = name == "id" || name.ends_with("_id") || name == "mid" || name == "event_uuid";
    if is_id && name != "app_id" {
        assert!(value.is_string() || value.is_null(), "{name} is {value}");
    }
    if name.ends_with("_ids") {
        let ids = value.as_array().expect("a list of ids");
        assert!(ids.iter().all(Value::is_string), "{name} is {value}");
    }
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, value)| check_ids(name, value)),
        Value::Array(items) => items.iter().for_each(|item| check_ids("", item)),
        Value::Number(number) => {
            let is_exact = number.as_i64().is_some_and(|number| number.abs() <= 1 << 53);
            assert!(is_exact, "{name} is {number}");
        }
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_same_seed_gives_the_same_run(seed in any::<u64>(), is_demo in any::<bool>()) {
        let (_, first, told) = run(seed, 60, is_demo);
        let (_, second, again) = run(seed, 60, is_demo);
        prop_assert_eq!(&first, &second);
        prop_assert_eq!(&told, &again);
        let (_, other, _) = run(seed.wrapping_add(1), 60, is_demo);
        prop_assert_ne!(first, other);
    }

    #[test]
    fn every_body_is_json_that_carries_each_id_as_text(
        seed in any::<u64>(),
        is_demo in any::<bool>(),
    ) {
        let (_, happenings, told) = run(seed, 80, is_demo);
        for update in &told {
            let value: Value = serde_json::from_slice(&body(update)).expect("JSON");
            check_ids("", &value);
            prop_assert!(value.to_string().contains(&update.external_id));
        }
        let numbers: std::collections::BTreeSet<u64> =
            told.iter().map(|update| update.number).collect();
        prop_assert_eq!(numbers.len(), happenings.len(), "a happening was told to nobody");
    }

    #[test]
    fn the_journal_gives_the_same_world_and_the_same_updates(seed in any::<u64>()) {
        let (world, happenings, told) = run(seed, 120, true);
        let mut again = World::new(accounts(), people());
        let mut retold = Vec::new();
        for happening in &happenings {
            let line = serde_json::to_string(happening).expect("JSON");
            let read: Happening = serde_json::from_str(&line).expect("reads back");
            prop_assert_eq!(&read, happening);
            again.apply(&read);
            retold.extend(updates(&again, &read));
        }
        prop_assert_eq!(&told, &retold);
        // A replay builds X's envelopes from the world of later on.
        let late: Vec<Update> = happenings
            .iter()
            .filter(|one| one.network == Network::X)
            .flat_map(|one| updates(&world, one))
            .collect();
        let timely: Vec<Update> =
            told.into_iter().filter(|one| one.network == Network::X).collect();
        prop_assert_eq!(late, timely);
        let minted = again.mint(START);
        let used = happenings.iter().filter_map(|one| one.deed.id()).filter_map(|id| {
            id.rsplit('_').next()?.parse::<u64>().ok()
        });
        prop_assert!(used.into_iter().all(|id| id < minted), "an id would be made twice");
    }
}

#[test]
fn a_demonstration_opens_twelve_conversations_within_half_a_minute_and_then_slows_down() {
    let (_, happenings, _) = run(1, 30, true);
    assert!(happenings[11].at - START <= Duration::from_secs(30));
    let people: std::collections::BTreeSet<(Network, &Author)> =
        happenings[..12].iter().map(|one| (one.network, &one.author)).collect();
    assert_eq!(people.len(), 12, "twelve people");
    for pair in happenings[12..].windows(2) {
        let wait = pair[1].at - pair[0].at;
        assert!((20..=40).contains(&wait.whole_seconds()), "{wait}");
    }
}

#[test]
fn a_demonstration_shows_every_kind_and_three_languages() {
    let (world, happenings, told) = run(2, 400, true);
    let events: std::collections::BTreeSet<&str> =
        told.iter().map(|update| update.event.as_str()).collect();
    for event in [
        "post.mention.create",
        "post.reply.create",
        "post.quote.create",
        "post.create",
        "dm.received",
        "feed.comment.add",
        "feed.status.add",
        "mention.post.add",
        "message",
        "reaction",
        "comments",
        "mentions",
        "message_edit",
        "comment.update",
        "im_receive_msg",
        "im_send_msg",
    ] {
        assert!(events.contains(event), "{event} is missing in {events:?}");
    }
    for network in [Network::X, Network::Facebook, Network::Instagram, Network::Tiktok] {
        let count = happenings.iter().filter(|one| one.network == network).count();
        assert!(count >= 60, "{count} of 400 on {network:?}");
    }
    let languages: std::collections::HashSet<_> = happenings
        .iter()
        .filter_map(|one| world.persona(one.author.persona()?))
        .map(|persona| persona.language)
        .collect();
    assert_eq!(languages.len(), 3);
    let left_open =
        happenings.iter().filter_map(|one| one.deed.text()).find(|text| text.contains('{'));
    assert_eq!(left_open, None, "a place of a story was not filled");
}

#[test]
fn envelopes_of_x_vary_as_they_do_on_the_network() {
    let (_, _, told) = run(5, 400, true);
    let envelopes: Vec<Value> = told
        .iter()
        .filter(|one| one.network == Network::X)
        .map(|one| serde_json::from_slice(&body(one)).expect("JSON"))
        .collect();
    let some = |what: &str, is_so: &dyn Fn(&Value) -> bool| {
        let count = envelopes.iter().filter(|one| is_so(&one["data"])).count();
        assert!(count > 0 && count < envelopes.len(), "{what}: {count} of {}", envelopes.len());
    };
    some("negative", &|data| data["event_uuid"].as_str().expect("text").starts_with('-'));
    some("wrapped", &|data| data["includes"]["users"][0].get("data").is_some());
    some("bare", &|data| data["includes"]["users"][0].get("id").is_some());
    some("empty", &|data| data["includes"].as_object().is_some_and(serde_json::Map::is_empty));
    some("tagged", &|data| data.get("tag").is_some());
}

#[test]
fn an_account_of_two_applications_is_told_to_both_each_under_its_own_event_id() {
    let mut accounts = accounts();
    for account in &mut accounts {
        account.applications.push("other".into());
    }
    let mut world = World::new(accounts, people());
    let mut events = std::collections::HashSet::new();
    for turn in 0..20 {
        let now = START + Duration::from_secs(turn);
        let action = crowd_action(&world, 4, turn, 5).expect("accounts exist");
        let snowflake = world.mint(now);
        let ruling = decide(&world, &action, snowflake).expect("possible");
        let happening = Happening {
            number: world.last_number() + 1,
            at: now,
            network: ruling.network,
            account: ruling.account,
            author: ruling.author,
            origin: Origin::Load,
            withheld: false,
            deed: ruling.deed,
            call: None,
        };
        world.apply(&happening);
        let told = updates(&world, &happening);
        let heard: Vec<(&str, u32)> =
            told.iter().map(|one| (one.application.as_str(), one.index)).collect();
        assert_eq!(heard, [("app", 0), ("other", 1)]);
        let of_x = told.iter().filter(|one| one.network == Network::X);
        for envelope in of_x.filter_map(|one| match &one.content {
            Content::Envelope(value) => Some(value),
            _ => None,
        }) {
            assert!(events.insert(envelope["data"]["event_uuid"].to_string()), "used twice");
        }
    }
    assert!(!events.is_empty());
}

#[tokio::test]
async fn load_comes_at_its_rate_whatever_is_answered_and_stops_at_its_limit() {
    let playground = Playground::start().await;
    playground.ingest.answer_next(std::iter::repeat_n(503, 10));
    let change = json_load();
    let started = tokio::time::Instant::now();
    assert_eq!(playground.send("PUT", "generator", change).await.0, 200);
    while playground.json("state").await["generator"]["running"] == true {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let took = started.elapsed();
    playground.ingest.wait_for(200).await;
    assert!(took >= Duration::from_millis(950), "200 messages at 200 a second took {took:?}");
    let state = playground.json("state").await;
    assert_eq!(state["generator"]["turns"], 200);
    let numbers: std::collections::BTreeSet<u64> =
        playground.log().await.iter().filter_map(|line| line["number"].as_u64()).collect();
    assert_eq!(numbers.len(), 200);
}

fn json_load() -> Value {
    serde_json::json!({
        "running": true, "mode": "load", "rate": 200, "limit": 200, "seed": 9, "people": 30,
    })
}
