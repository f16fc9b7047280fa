//! Redelivery, reordering, batching and concurrency of every kind of event, on PostgreSQL.

use conversation::domain::Policy;
use proto::ingest::v1::ItemEvent;
use proto::ingest::v1::item_event::Fact;
use proto::network::v1::MessageKind;
use time::Duration;

use crate::desk::Desk;
use crate::feed::Feed;

/// A small deterministic generator: the seed is printed with a failure.
struct Draw(u64);

impl Draw {
    fn next(&mut self, below: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % below
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for index in (1..items.len()).rev() {
            items.swap(index, self.next(index + 1));
        }
    }
}

/// Every kind of event, twice where it can differ, about two people.
fn every_kind(feed: &Feed) -> Vec<ItemEvent> {
    vec![
        feed.private("anna", "1", 0),
        feed.private("anna", "2", 60),
        feed.own("anna", "3", 63),
        feed.own("anna", "4", 300),
        feed.private("anna", "5", 320),
        feed.delivered("anna", 100),
        feed.read("anna", 70),
        feed.delivered("anna", 90),
        feed.received(0, "bert", "10", MessageKind::Mention, 0, false),
        feed.received(1, "bert", "10", MessageKind::Reply, 0, false),
        feed.own_answer("10", "11", 100),
        feed.own_answer("11", "12", 110),
        feed.received(0, "bert", "13", MessageKind::Reply, 108, false),
        feed.received(0, "bert", "9", MessageKind::Mention, -90_000, true),
        feed.received(0, "carl", "20", MessageKind::Post, -90_000, true),
        feed.received(1, "carl", "20", MessageKind::Mention, -90_000, false),
        feed.received(0, "dora", "30", MessageKind::Post, -90_000, true),
        feed.edited("10", 2, 40),
        feed.edited("10", 1, 30),
        feed.edited("13", 1, 30),
        feed.deleted("13", 50),
        feed.reacted("bert", "11", "like", 120),
        feed.reacted("bert", "11", "", 130),
        feed.reacted("anna", "4", "love", 330),
        feed.anonymous("post-1", "40", 0),
        feed.anonymous("post-1", "41", 10),
        feed.own_answer("41", "42", 20),
        feed.edited("nobody-knows", 1, 10),
        feed.own_answer("", "50", 20),
    ]
}

/// The same content under another event, as ingest would send it again.
fn again(feed: &Feed, event: &ItemEvent) -> ItemEvent {
    let fresh = feed.event(0, event.fact.clone().expect("a fact"));
    ItemEvent { channel_id: event.channel_id.clone(), ..fresh }
}

/// The same run for another organization: nothing is shared, so one database serves all cases.
fn moved(feed: &Feed, events: &[ItemEvent]) -> (Feed, Vec<ItemEvent>) {
    let other = Feed { organization: kit_values::OrganizationId::mint(), ..feed.clone() };
    let events = events.iter().map(|event| again(&other, event)).collect();
    (other, events)
}

#[tokio::test(flavor = "multi_thread")]
async fn any_order_repetition_and_batching_of_every_kind_ends_the_same() {
    let desk = Desk::new(Policy::default()).await;
    let feed = Feed::new();
    let events = every_kind(&feed);
    for event in &events {
        desk.apply(std::slice::from_ref(event)).await;
    }
    desk.audit(feed.organization).await;
    let expected = desk.snapshot(feed.organization).await;
    assert!(expected.iter().any(|line| line.starts_with("message")), "{expected:#?}");
    for seed in 0..25 {
        let mut draw = Draw(seed);
        let (other, mut events) = moved(&feed, &events);
        for _ in 0..draw.next(10) {
            let index = draw.next(events.len());
            // As the same event, or as another one with the same content.
            let copy = if draw.next(2) == 0 {
                events[index].clone()
            } else {
                again(&other, &events[index])
            };
            // What waits for ever is kept once for each event.
            if !matches!(&copy.fact, Some(Fact::MessageEdited(edited)) if edited.external_id == "nobody-knows")
                && !matches!(&copy.fact, Some(Fact::OwnMessageObserved(own)) if own.content.as_ref().is_some_and(|it| it.external_id == "50"))
            {
                events.push(copy);
            }
        }
        draw.shuffle(&mut events);
        let size = 1 + draw.next(events.len());
        for batch in events.chunks(size) {
            desk.apply(batch).await;
        }
        assert_eq!(desk.snapshot(other.organization).await, expected, "seed {seed}");
        desk.audit(other.organization).await;
    }
}

/// Resolves whatever does not wait, at once.
fn impatient() -> Policy {
    Policy { auto_resolve_after: Duration::days(-1_000), ..Policy::default() }
}

/// The network's clock at the moment of the decision, in seconds of the feed.
fn now(feed: &Feed) -> i64 {
    kit_values::now().unix_timestamp() - feed.start
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_message_within_the_window_absorbs_what_was_opened_since_in_any_order() {
    let desk = Desk::new(impatient()).await;
    let mut outcomes = Vec::new();
    for order in
        [[0, 1, 2, 3], [1, 0, 3, 2], [2, 3, 1, 0], [3, 2, 0, 1], [0, 2, 1, 3], [1, 3, 2, 0]]
    {
        let feed = Feed::new();
        desk.apply(&[feed.private("anna", "1", 0), feed.own("anna", "2", 100)]).await;
        desk.fire_timers(feed.organization).await;
        let decided = now(&feed);
        let late = [
            feed.private("anna", "3", decided + 90_000),
            feed.private("anna", "4", decided + 3_600),
            feed.own("anna", "5", 50),
            feed.own("anna", "6", decided + 3_700),
        ];
        for index in order {
            desk.apply(std::slice::from_ref(&late[index])).await;
            desk.audit(feed.organization).await;
        }
        let lines: Vec<String> = desk
            .texts(&format!(
                "SELECT concat_ws(' ', c.state, c.absorbed_into IS NOT NULL, c.message_count, \
                 c.unseen_count, c.last_external_id, (SELECT string_agg(m.external_id, ',' \
                 ORDER BY m.network_time) FROM conversation.message AS m \
                 WHERE m.conversation_id = c.conversation_id)) \
                 FROM conversation.conversation AS c WHERE c.organization_id = '{}' \
                 AND c.absorbed_into IS NULL ORDER BY c.ordinal",
                feed.organization.uuid()
            ))
            .await;
        outcomes.push(lines);
    }
    assert_eq!(outcomes[0], ["1 f 6 1 3 1,5,2,4,6,3"]);
    assert!(outcomes.iter().all(|lines| *lines == outcomes[0]), "{outcomes:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_after_the_window_is_a_new_conversation_linked_to_the_one_before() {
    let desk = Desk::new(impatient()).await;
    let feed = Feed::new();
    desk.apply(&[feed.private("anna", "1", 0), feed.own("anna", "2", 100)]).await;
    desk.fire_timers(feed.organization).await;
    desk.fire_timers(feed.organization).await;
    desk.apply(&[feed.private("anna", "3", now(&feed) + 90_000)]).await;
    let snapshot = desk.snapshot(feed.organization).await;
    let conversations: Vec<_> =
        snapshot.iter().filter(|line| line.starts_with("conversation")).collect();
    assert_eq!(conversations.len(), 2, "{snapshot:#?}");
    assert!(conversations[0].starts_with("conversation | anna#1 | state | 3"), "{snapshot:#?}");
    assert!(
        conversations[1].starts_with("conversation | anna#2 | state | 1 | previous | anna#1"),
        "{snapshot:#?}"
    );
    let resolved = desk
        .number("SELECT count(*) FROM conversation.conversation_history WHERE reason = 'automatic'")
        .await;
    assert_eq!(resolved, 1, "a timer that fires twice resolves once");
    desk.audit(feed.organization).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_timer_leaves_alone_what_the_contact_waits_for() {
    let desk = Desk::new(impatient()).await;
    let feed = Feed::new();
    desk.apply(&[feed.private("anna", "1", 0)]).await;
    desk.fire_timers(feed.organization).await;
    let snapshot = desk.snapshot(feed.organization).await;
    assert!(snapshot[0].starts_with("conversation | anna#1 | state | 1"), "{snapshot:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_own_message_that_was_confirmed_before_it_came_is_delivered_from_the_start() {
    let desk = Desk::new(Policy::default()).await;
    let feed = Feed::new();
    desk.apply(&[feed.read("anna", 500), feed.delivered("anna", 100)]).await;
    desk.apply(&[feed.own("anna", "1", 400), feed.own("anna", "2", 600)]).await;
    let lines = desk
        .texts(
            "SELECT external_id || ' ' || delivered || ' ' || read FROM conversation.message \
             ORDER BY 1",
        )
        .await;
    assert_eq!(lines, ["1 true true", "2 false false"]);
    desk.apply(&[feed.delivered("anna", 700)]).await;
    desk.apply(&[feed.delivered("anna", 1), feed.read("anna", 1)]).await;
    let lines = desk
        .texts("SELECT delivered || ' ' || read FROM conversation.message ORDER BY external_id")
        .await;
    assert_eq!(lines, ["true true", "true false"], "receipts never regress");
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_batches_on_the_same_people_lose_and_repeat_nothing() {
    let desk = Desk::new(Policy::default()).await;
    let feed = Feed::new();
    let people = ["anna", "bert", "carl"];
    let mut events = Vec::new();
    for number in 0..120_i64 {
        let person = people[usize::try_from(number % 3).expect("small")];
        events.push(feed.private(person, &format!("m{number}"), number));
        if number % 5 == 0 {
            events.push(feed.own(person, &format!("o{number}"), number));
            events.push(feed.own_answer(&format!("m{number}"), &format!("a{number}"), number));
        }
        if number % 4 == 0 {
            events.push(feed.edited(&format!("m{number}"), 1, number));
            events.push(feed.reacted(person, &format!("m{number}"), "like", number));
        }
    }
    let expected = events
        .iter()
        .filter(|event| {
            matches!(event.fact, Some(Fact::MessageReceived(_) | Fact::OwnMessageObserved(_)))
        })
        .count();
    let mut draw = Draw(7);
    // Everything twice, over four writers.
    let mut shuffled: Vec<ItemEvent> = events.iter().chain(&events).cloned().collect();
    draw.shuffle(&mut shuffled);
    let share = shuffled.len().div_ceil(4);
    let mut shares = shuffled.chunks(share);
    let writer = |events: Option<&[ItemEvent]>| {
        let events = events.expect("four shares").to_vec();
        let desk = &desk;
        async move {
            for batch in events.chunks(9) {
                desk.apply(batch).await;
            }
        }
    };
    tokio::join!(
        writer(shares.next()),
        writer(shares.next()),
        writer(shares.next()),
        writer(shares.next())
    );
    desk.audit(feed.organization).await;
    let stored = desk.number("SELECT count(*) FROM conversation.message").await;
    assert_eq!(usize::try_from(stored).expect("not negative"), expected);
    assert_eq!(desk.number("SELECT count(*) FROM conversation.waiting").await, 0);
    let holes = desk
        .number(
            "SELECT count(*) FROM conversation.conversation AS c WHERE last_sequence <> (\
             SELECT count(DISTINCT sequence) FROM conversation.message AS m \
             WHERE m.conversation_id = c.conversation_id)",
        )
        .await;
    assert_eq!(holes, 0, "the order of arrival is dense");
    let edited = desk.number("SELECT count(*) FROM conversation.message WHERE edited").await;
    assert_eq!(edited, 30);
    let timers = desk.number("SELECT count(*) FROM conversation.timer").await;
    assert!(timers <= 3, "one timer for each conversation at most");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_gives_two_strangers_in_two_threads_two_contacts() {
    let desk = Desk::new(Policy::default()).await;
    let feed = Feed::on_facebook();
    desk.apply(&[
        feed.anonymous("post-1", "40", 0),
        feed.anonymous("post-2", "41", 1),
        feed.anonymous("post-1", "42", 2),
    ])
    .await;
    assert_eq!(desk.number("SELECT count(*) FROM conversation.contact").await, 2);
    desk.audit(feed.organization).await;
}
