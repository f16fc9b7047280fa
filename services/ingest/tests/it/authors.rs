//! Who wrote what came without its author: asked of delivery, and answered, in any order, as often
//! as it comes.

use async_nats::jetstream;
use kit_testkit::{eventually, holds};
use kit_values::EventId;
use networks::Network;
use prost::Message as _;
use proto::delivery::v1::author_answered::Answer;
use proto::delivery::v1::{AuthorAnswered, AuthorNotFound};
use proto::event::v1::Metadata;
use proto::ingest::v1::item_event::Fact;
use proto::ingest::v1::{AuthorWanted, ItemEvent, MessageReceived};
use proto::network::v1::{Author, Identity, MessageKind};
use std::time::Duration;

use crate::bodies::{
    bytes, changes, event, message, messaging, named_comment, nameless_comment, page,
};
use crate::house::{House, PAGES, PATIENCE};

const PERSON: &str = "7312345678901234567";

/// Delivery's stream, as its relay makes it.
struct Delivery(jetstream::Context);

impl Delivery {
    async fn of(house: &House) -> Self {
        let client = async_nats::connect(house.nats.url()).await.expect("connects");
        let context = jetstream::new(client);
        let incarnation = kit_values::mint_uuid().to_string();
        context
            .create_stream(jetstream::stream::Config {
                name: "DELIVERY".to_owned(),
                subjects: vec!["guichet.delivery.>".to_owned()],
                metadata: [(kit_bus::INCARNATION.to_owned(), incarnation)].into(),
                ..jetstream::stream::Config::default()
            })
            .await
            .expect("is made");
        Self(context)
    }

    /// Answers a question; gives the event's id.
    async fn answer(&self, question: &AuthorWanted, answer: Answer) -> EventId {
        let event = EventId::mint();
        self.answer_as(event, &event.to_string(), question, answer).await;
        event
    }

    /// The same event under another id of the broker's is delivered once more.
    async fn answer_as(&self, event: EventId, id: &str, question: &AuthorWanted, answer: Answer) {
        let asked = question.metadata.as_ref().expect("has metadata");
        let organization = asked.organization_id.parse().expect("an id");
        let answered = AuthorAnswered {
            metadata: Some(Metadata {
                event_id: event.to_string(),
                organization_id: asked.organization_id.clone(),
                may_ignore: true,
                ..Metadata::default()
            }),
            channel_id: question.channel_id.clone(),
            network: question.network,
            item_id: question.item_id.clone(),
            answer: Some(answer),
        };
        let subject = kit_bus::subject("delivery", None, Some(organization), "author_answered");
        let mut headers = async_nats::HeaderMap::new();
        headers.insert("Nats-Msg-Id", id);
        #[expect(clippy::disallowed_methods, reason = "plays the relay of another service")]
        let published =
            self.0.publish_with_headers(subject, headers, answered.encode_to_vec().into()).await;
        published.expect("is sent").await.expect("is kept");
    }
}

fn found(id: &str, name: &str) -> Answer {
    Answer::Found(Author {
        identity: Some(Identity { network_user_id: id.to_owned(), ..Identity::default() }),
        display_name: name.to_owned(),
        avatar_url: "https://example.com/ada.png".to_owned(),
        ..Author::default()
    })
}

fn not_found(reason: &str) -> Answer {
    Answer::NotFound(AuthorNotFound { reason: reason.to_owned() })
}

fn comment(id: &str) -> Vec<u8> {
    bytes(&page(&[changes(PAGES[0], &[nameless_comment(PAGES[0], id)])]))
}

fn received(event: &ItemEvent) -> &MessageReceived {
    let received = match &event.fact {
        Some(Fact::MessageReceived(received)) => Some(received),
        _ => None,
    };
    received.expect("somebody wrote")
}

/// The names of the authors with whom messages were handed on; `None` for someone.
async fn authors(house: &House) -> Vec<Option<String>> {
    let events = house.events().await;
    let author = |event| received(event).author.as_ref().map(|author| author.display_name.clone());
    events.iter().map(author).collect()
}

async fn end_of_wait(house: &House) {
    house.database.execute("UPDATE ingest.timer SET due = clock_timestamp()").await;
    let timers = "SELECT count(*) FROM ingest.timer";
    eventually(PATIENCE, "the wait is over", async || house.number(timers).await == 0).await;
}

/// Every answer so far was taken in.
async fn taken_in(house: &House, events: i64) {
    let sql = "SELECT count(*) FROM ingest.inbox WHERE reader = 'ingest-authors'";
    eventually(PATIENCE, "the answers are taken in", async || house.number(sql).await == events)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_author_of_an_item_without_one_is_asked_for_once_and_apart_from_items() {
    let house = House::new().await;
    house.deliver(Network::Facebook, &comment("1_7")).await;
    house.deliver(Network::Facebook, &comment("1_7")).await;
    let questions = house.questions().await;
    assert_eq!(questions.len(), 1);
    let question = &questions[0];
    assert_eq!((question.external_id.as_str(), question.author_id.as_str()), ("1_7", ""));
    assert_eq!((question.kind(), question.scope.as_str()), (MessageKind::Comment, PAGES[0]));
    let apart = "SELECT coalesce(network, '-') || ' ' || split_part(subject, '.', 4) || ' ' ||
        split_part(subject, '.', 6) FROM ingest.outbox";
    assert_eq!(house.database.texts(apart).await, ["- - author_wanted"]);
    // What says who wrote it asks for nobody.
    let named = bytes(&page(&[changes(PAGES[0], &[named_comment(PAGES[0], "1_8")])]));
    house.deliver(Network::Facebook, &named).await;
    assert_eq!(house.questions().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_that_waits_is_handed_on_at_once_with_the_author_whom_delivery_found() {
    let house = House::new().await;
    let delivery = Delivery::of(&house).await;
    let receipt = house.deliver(Network::Facebook, &comment("1_7")).await;
    let question = house.questions().await.remove(0);
    let event = delivery.answer(&question, found(PERSON, "Ada")).await;
    eventually(PATIENCE, "it is handed on", async || house.outcomes(&receipt).await == ["stored"])
        .await;
    let events = house.events().await;
    assert_eq!(authors(&house).await, [Some("Ada".to_owned())]);
    let author = received(&events[0]).author.clone().expect("is there");
    let identity = author.identity.expect("is there");
    assert_eq!((identity.network_user_id.as_str(), identity.scope.as_str()), (PERSON, PAGES[0]));
    assert_eq!(author.avatar_url, "https://example.com/ada.png");
    let carried = &events[0].metadata.as_ref().expect("has metadata").event_id;
    assert_eq!(&house.items(&receipt).await[0].event_id, carried);
    assert_eq!(events[0].item_id, question.item_id);

    // Told again, by the same event and by others, and the same item with and without its author.
    delivery.answer_as(event, "once-more", &question, found(PERSON, "Ada")).await;
    delivery.answer(&question, found(PERSON, "Ada Lovelace")).await;
    delivery.answer(&question, not_found("withheld")).await;
    taken_in(&house, 3).await;
    end_of_wait(&house).await;
    let named = bytes(&page(&[changes(PAGES[0], &[named_comment(PAGES[0], "1_7")])]));
    for body in [comment("1_7"), named] {
        let receipt = house.deliver(Network::Facebook, &body).await;
        assert_eq!(house.outcomes(&receipt).await, ["duplicate"]);
    }
    holds(Duration::from_millis(300), "once", async || house.events().await.len() == 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_author_found_after_the_minute_has_the_item_handed_on_once_more() {
    let house = House::new().await;
    let delivery = Delivery::of(&house).await;
    let receipt = house.deliver(Network::Facebook, &comment("1_7")).await;
    let question = house.questions().await.remove(0);
    end_of_wait(&house).await;
    assert_eq!(authors(&house).await, [None]);
    let carried = house.items(&receipt).await[0].event_id.clone();
    delivery.answer(&question, found(PERSON, "Ada")).await;
    eventually(PATIENCE, "once more", async || house.events().await.len() == 2).await;
    let events = house.events().await;
    let [first, second] = [&events[0], &events[1]].map(received);
    assert_eq!(first.content, second.content);
    assert_eq!((first.history, &first.author), (second.history, &None));
    assert_eq!(second.author.as_ref().expect("is there").display_name, "Ada");
    assert_eq!(events[0].item_id, events[1].item_id);
    assert_ne!(events[0].metadata, events[1].metadata);
    assert_eq!(house.outcomes(&receipt).await, ["stored"]);
    assert_eq!(house.items(&receipt).await[0].event_id, carried, "the first one carried it on");

    delivery.answer(&question, found(PERSON, "Ada")).await;
    let named = bytes(&page(&[changes(PAGES[0], &[named_comment(PAGES[0], "1_7")])]));
    let again = house.deliver(Network::Facebook, &named).await;
    assert_eq!(house.outcomes(&again).await, ["duplicate"]);
    taken_in(&house, 2).await;
    assert_eq!(house.events().await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_that_names_the_author_after_the_minute_is_a_duplicate_and_hands_the_item_on() {
    let house = House::new().await;
    let delivery = Delivery::of(&house).await;
    let receipt = house.deliver(Network::Facebook, &comment("1_7")).await;
    let question = house.questions().await.remove(0);
    delivery.answer(&question, not_found("withheld")).await;
    taken_in(&house, 1).await;
    let reason = "SELECT reason FROM ingest.nameless";
    assert_eq!(house.database.texts(reason).await, ["withheld"]);
    assert_eq!(house.outcomes(&receipt).await, ["waiting author_missing"], "for its minute");
    end_of_wait(&house).await;

    let named = named_comment(PAGES[0], "1_7");
    let twice = bytes(&page(&[changes(PAGES[0], &[named.clone(), named])]));
    let later = house.deliver(Network::Facebook, &twice).await;
    assert_eq!(house.outcomes(&later).await, ["duplicate", "duplicate"]);
    assert_eq!(authors(&house).await, [None, Some("Ada".to_owned())]);
    let events = house.events().await;
    assert_eq!((&events[0].item_id, &events[1].item_id), (&question.item_id, &question.item_id));
    house.deliver(Network::Facebook, &twice).await;
    delivery.answer(&question, found(PERSON, "Ada")).await;
    taken_in(&house, 2).await;
    assert_eq!(house.events().await.len(), 2);
    assert_eq!(house.outcomes(&receipt).await, ["stored"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn webhooks_and_answers_that_name_one_author_at_once_hand_the_item_on_once_more() {
    let house = House::new().await;
    let delivery = Delivery::of(&house).await;
    let ids: Vec<String> = (0..20).map(|number| format!("1_{number}")).collect();
    for id in &ids {
        house.deliver(Network::Facebook, &comment(id)).await;
    }
    let questions = house.questions().await;
    house.database.execute("UPDATE ingest.timer SET due = clock_timestamp()").await;
    // Before, while and after they proceed.
    let named = ids.iter().map(|id| {
        let body = bytes(&page(&[changes(PAGES[0], &[named_comment(PAGES[0], id)])]));
        let house = &house;
        async move { house.deliver(Network::Facebook, &body).await }
    });
    let answers = questions.iter().map(|question| delivery.answer(question, found(PERSON, "Ada")));
    let (receipts, _) =
        futures::join!(futures::future::join_all(named), futures::future::join_all(answers));
    taken_in(&house, 20).await;
    end_of_wait(&house).await;
    for receipt in &receipts {
        let outcomes = house.outcomes(receipt).await;
        assert!(outcomes == ["stored"] || outcomes == ["duplicate"], "{outcomes:?}");
    }
    let mut named = std::collections::BTreeMap::<String, Vec<bool>>::new();
    for event in house.events().await {
        let received = received(&event);
        let id = received.content.clone().expect("is there").external_id;
        named.entry(id).or_default().push(received.author.is_some());
    }
    assert_eq!(named.len(), ids.len());
    for (id, events) in named {
        assert!(events == [true] || events == [false, true], "{id}: {events:?}");
    }
    assert_eq!(house.number("SELECT count(*) FROM ingest.item").await, 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_turns_out_to_be_the_accounts_own_is_never_called_a_customers() {
    let house = House::new().await;
    let delivery = Delivery::of(&house).await;
    house.deliver(Network::Facebook, &comment("1_7")).await;
    let first = house.questions().await.remove(0);
    delivery.answer(&first, found(PAGES[0], "Nordline")).await;
    eventually(PATIENCE, "it is handed on", async || !house.events().await.is_empty()).await;
    let events = house.events().await;
    assert!(matches!(events[0].fact, Some(Fact::OwnMessageObserved(_))), "{:?}", events[0].fact);

    house.deliver(Network::Facebook, &comment("1_8")).await;
    let second = house.questions().await.remove(1);
    end_of_wait(&house).await;
    delivery.answer(&second, found(PAGES[0], "Nordline")).await;
    taken_in(&house, 2).await;
    assert_eq!(house.events().await.len(), 2, "and cannot be taken back");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_writes_without_a_name_is_asked_for_once_a_day_and_handed_on_with_it() {
    let house = House::new().await;
    let delivery = Delivery::of(&house).await;
    let body = |id| bytes(&page(&[messaging(PAGES[0], &[event(id, "hello"), event(id, "hello")])]));
    let receipt = house.deliver(Network::Facebook, &body("m1")).await;
    assert_eq!(house.outcomes(&receipt).await, ["stored", "duplicate"]);
    house.deliver(Network::Facebook, &body("m2")).await;
    // Nor does X name everybody.
    house.deliver(Network::X, &message(Network::X, "1", "hello")).await;
    let questions = house.questions().await;
    let asked: Vec<_> = questions.iter().map(|it| (it.kind(), it.author_id.as_str())).collect();
    let private = MessageKind::PrivateMessage;
    assert_eq!(asked, [(private, PERSON), (private, "2049871203344455566")]);

    // Neither somebody else nor nobody is a name for them.
    delivery.answer(&questions[0], found("1", "Bea")).await;
    delivery.answer(&questions[0], found(PERSON, "")).await;
    taken_in(&house, 2).await;
    assert_eq!(house.events().await.len(), 3);
    delivery.answer(&questions[0], found(PERSON, "Ada")).await;
    eventually(PATIENCE, "once more", async || house.events().await.len() == 4).await;
    let events = house.events().await;
    assert_eq!(events[3].item_id, events[0].item_id);
    assert_eq!(received(&events[3]).content, received(&events[0]).content);
    assert_eq!(received(&events[3]).author.as_ref().expect("is there").display_name, "Ada");

    // A day later who was named is not asked for again, and the other one is.
    let tomorrow = "UPDATE ingest.person_asked SET not_before = not_before - interval '25 hours'";
    house.database.execute(tomorrow).await;
    house.deliver(Network::Facebook, &body("m3")).await;
    house.deliver(Network::X, &message(Network::X, "2", "hello")).await;
    let questions = house.questions().await;
    assert_eq!(questions.len(), 3);
    assert_eq!(questions[2].author_id, "2049871203344455566");
}
