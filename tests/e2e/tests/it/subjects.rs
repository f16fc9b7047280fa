//! I7 on the broker: no service's user reaches what is another's, and an event that names two
//! organizations is believed in neither.

use std::sync::{Arc, Mutex, PoisonError};

use async_nats::{Client, ConnectOptions, Event, HeaderMap};
use kit_bus::subject;
use kit_values::{EventId, OrganizationId};
use prost::Message as _;
use proto::event::v1::Metadata;
use proto::ingest::v1::item_event::Fact;
use proto::ingest::v1::{Content, ItemEvent, MessageReceived};
use proto::network::v1::{Author, Identity, MessageKind, Network};

use crate::world::{PATIENCE, Secrets, World};

/// Every service that has a user, and its stream if it fills one.
const USERS: [(&str, Option<&str>); 7] = [
    ("conversation", Some("CONVERSATION")),
    ("delivery", Some("DELIVERY")),
    ("directory", Some("DIRECTORY")),
    ("gateway", None),
    ("ingest", Some("INGEST")),
    ("notification", Some("NOTIFICATION")),
    ("routing", Some("ROUTING")),
];

/// Whose durable consumers are where.
const DURABLES: [(&str, &str, &str); 18] = [
    ("conversation", "DELIVERY", "conversation-delivery"),
    ("conversation", "DIRECTORY", "conversation-channels"),
    ("conversation", "INGEST", "conversation-inbound-facebook"),
    ("conversation", "INGEST", "conversation-inbound-x"),
    ("conversation", "ROUTING", "conversation-owners"),
    ("delivery", "CONVERSATION", "delivery-replies"),
    ("delivery", "DIRECTORY", "delivery-channels"),
    ("delivery", "INGEST", "delivery-authors"),
    ("delivery", "INGEST", "delivery-echoes-facebook"),
    ("delivery", "INGEST", "delivery-echoes-x"),
    ("ingest", "DELIVERY", "ingest-authors"),
    ("ingest", "DIRECTORY", "ingest-routes"),
    ("notification", "CONVERSATION", "notification-conversations"),
    ("notification", "DELIVERY", "notification-replies"),
    ("notification", "DIRECTORY", "notification-people"),
    ("notification", "ROUTING", "notification-owners"),
    ("routing", "CONVERSATION", "routing-conversations"),
    ("routing", "DIRECTORY", "routing-people"),
];

/// A connection as one service's user, and what the server refused it.
struct User {
    client: Client,
    refusals: Arc<Mutex<Vec<String>>>,
}

impl User {
    async fn connect(world: &World, service: &str) -> Self {
        let refusals = Arc::new(Mutex::new(Vec::new()));
        let kept = refusals.clone();
        let options = ConnectOptions::new()
            .user_and_password(
                world.setting(&[service, "broker", "user"]),
                world.setting(&[service, "broker", "password"]),
            )
            .custom_inbox_prefix(format!("_INBOX.{service}"))
            .event_callback(move |event| {
                if let Event::ServerError(error) = event {
                    let error = error.to_string().to_lowercase();
                    kept.lock().unwrap_or_else(PoisonError::into_inner).push(error);
                }
                async {}
            });
        let url = world.setting(&[service, "broker", "url"]);
        let client = options.connect(url).await.expect("its own password lets it in");
        Self { client, refusals }
    }

    #[expect(clippy::disallowed_methods, reason = "tries what the outbox would not send")]
    async fn publish(&self, subject: &str) {
        self.client.publish(subject.to_owned(), "probe".into()).await.expect("written");
    }

    /// Whether the server refused `subject`, once everything before has been answered.
    fn was_refused(&self, verb: &str, subject: &str) -> bool {
        let wanted = format!("{verb} to \"{}\"", subject.to_lowercase());
        let refusals = self.refusals.lock().unwrap_or_else(PoisonError::into_inner);
        refusals.iter().any(|refusal| refusal.contains(&wanted))
    }

    /// Returns once every refusal of what was sent before has been heard: they come in the order
    /// of what they refuse, and what nobody may do is the last.
    async fn settle(&self) {
        let last = format!("guichet.nobody.v1.x.-.{}", kit_values::mint_uuid().simple());
        self.publish(&last).await;
        kit_testkit::eventually(PATIENCE, "the last refusal is heard", async || {
            self.was_refused("publish", &last)
        })
        .await;
    }
}

/// What `service` must not publish to: events, streams and places of every other, and the end of
/// any stream, its own too.
fn foreign_publishes(service: &str) -> Vec<String> {
    let mut subjects =
        vec!["$JS.API.STREAM.NAMES".to_owned(), "$JS.API.ACCOUNT.PURGE.x".to_owned()];
    for (other, stream) in USERS {
        if other != service {
            subjects.push(format!("guichet.{other}.v1.x.-.probe"));
            subjects.push(format!("_INBOX.{other}.probe"));
        }
        for verb in ["DELETE", "PURGE", "MSG.DELETE", "SNAPSHOT", "RESTORE"] {
            subjects.extend(stream.map(|stream| format!("$JS.API.STREAM.{verb}.{stream}")));
        }
        if other != service {
            for verb in ["CREATE", "UPDATE", "MSG.GET"] {
                subjects.extend(stream.map(|stream| format!("$JS.API.STREAM.{verb}.{stream}")));
            }
        }
    }
    for (owner, stream, durable) in DURABLES.iter().filter(|(owner, ..)| *owner != service) {
        for verb in ["CREATE", "DURABLE.CREATE", "DELETE", "PAUSE", "MSG.NEXT"] {
            subjects.push(format!("$JS.API.CONSUMER.{verb}.{stream}.{durable}"));
        }
        subjects.push(format!("$JS.API.CONSUMER.CREATE.{stream}.{durable}.guichet.{owner}.>"));
        subjects.push(format!("$JS.ACK.{stream}.{durable}.1.1.1.1.1"));
    }
    subjects
}

fn foreign_subscriptions(service: &str) -> Vec<String> {
    let mut subjects: Vec<String> =
        [">", "guichet.>", "_INBOX.>", "$JS.>", "$SYS.>"].map(str::to_owned).into();
    for (other, _) in USERS {
        subjects.push(format!("guichet.{other}.>"));
        if other != service {
            subjects.push(format!("_INBOX.{other}.>"));
        }
    }
    subjects
}

/// Each user against each subject.
async fn pairs(world: &World) {
    let mut problems = Vec::new();
    let mut tried = 0;
    for (service, section) in &world.running {
        let is_user = section.get("broker").is_some();
        let is_listed = USERS.iter().any(|(user, _)| user == service);
        assert_eq!(is_user, is_listed, "{service} has come or gone: say so in USERS");
    }
    durables_are_listed(world).await;
    for (service, stream) in USERS {
        let user = User::connect(world, service).await;
        let publishes = foreign_publishes(service);
        // The client keeps a hundred refusals that it has not told yet, and drops the rest.
        for some in publishes.chunks(50) {
            for subject in some {
                user.publish(subject).await;
            }
            user.settle().await;
        }
        // What is its own is not refused: the refusals mean something.
        let own = stream.map(|_| format!("guichet.{service}.v1.-.-.probe"));
        if let Some(own) = &own {
            user.publish(own).await;
        }
        let subscriptions = foreign_subscriptions(service);
        let mut held = Vec::new();
        for subject in &subscriptions {
            held.push(user.client.subscribe(subject.clone()).await.expect("written"));
        }
        held.push(user.client.subscribe(format!("_INBOX.{service}.own")).await.expect("written"));
        user.settle().await;
        tried += publishes.len() + subscriptions.len();
        for subject in publishes {
            if !user.was_refused("publish", &subject) {
                problems.push(format!("{service} may publish to {subject}"));
            }
        }
        for subject in subscriptions {
            if !user.was_refused("subscription", &subject) {
                problems.push(format!("{service} may subscribe to {subject}"));
            }
        }
        if let Some(own) = own.filter(|own| user.was_refused("publish", own)) {
            problems.push(format!("{service} may not publish to {own}"));
        }
        if user.was_refused("subscription", &format!("_INBOX.{service}.own")) {
            problems.push(format!("{service} may not hear its own answers"));
        }
    }
    println!("figure: {tried} subjects that are another's, tried by {} users", USERS.len());
    assert!(problems.is_empty(), "{problems:#?}");
    let stranger = ConnectOptions::new().connect(world.setting(&["ingest", "broker", "url"])).await;
    assert!(stranger.is_err(), "the broker lets a stranger in");
}

/// Every reader that has taken anything is one of [`DURABLES`].
async fn durables_are_listed(world: &World) {
    for service in ["conversation", "delivery", "ingest", "notification", "routing"] {
        let readers = format!("SELECT DISTINCT reader FROM {service}.inbox");
        for reader in world.texts(&readers).await {
            let is_listed =
                DURABLES.iter().any(|(owner, _, durable)| *owner == service && *durable == reader);
            assert!(is_listed, "{reader} of {service} is new: say so in DURABLES");
        }
    }
}

/// A message as ingest publishes it, of `organization` by its metadata.
fn item(organization: OrganizationId, number: u32) -> (EventId, Vec<u8>) {
    let event = EventId::mint();
    let fresh = |prefix: &str| format!("{prefix}_{}", kit_values::mint_uuid().simple());
    let now = kit_values::now();
    let at = prost_types::Timestamp { seconds: now.unix_timestamp(), nanos: 0 };
    let item = ItemEvent {
        metadata: Some(Metadata {
            event_id: event.to_string(),
            organization_id: organization.to_string(),
            aggregate_id: fresh("item"),
            occurred_at: Some(at),
            ..Metadata::default()
        }),
        item_id: fresh("item"),
        channel_id: fresh("chan"),
        network: Network::X.into(),
        fact: Some(Fact::MessageReceived(MessageReceived {
            content: Some(Content {
                external_id: format!("77000000000{number}"),
                scope: "x".to_owned(),
                kind: MessageKind::Mention.into(),
                text: "a message of two organizations".to_owned(),
                network_time: Some(at),
                ..Content::default()
            }),
            author: Some(Author {
                identity: Some(Identity {
                    network: Network::X.into(),
                    scope: "x".to_owned(),
                    network_user_id: format!("88000000000{number}"),
                }),
                ..Author::default()
            }),
            history: false,
        })),
    };
    (event, item.encode_to_vec())
}

#[expect(clippy::disallowed_methods, reason = "sends what the outbox would not")]
async fn send(user: &User, named: Option<OrganizationId>, (event, payload): (EventId, Vec<u8>)) {
    let subject = subject("ingest", Some("x"), named, "message_received");
    let mut headers = HeaderMap::new();
    headers.insert("Nats-Msg-Id", event.to_string());
    let context = async_nats::jetstream::new(user.client.clone());
    let sent = context.publish_with_headers(subject, headers, payload.into()).await;
    sent.expect("its own stream").await.expect("stored in the stream");
}

/// Events whose subject and metadata name two organizations are parked.
async fn mismatches(world: &World) {
    let ingest = User::connect(world, "ingest").await;
    let (first, second) = (world.demo.organization, world.second.organization);
    for (number, named, meant) in
        [(1, Some(first), second), (2, Some(second), first), (3, None, first)]
    {
        send(&ingest, named, item(meant, number)).await;
    }
    // The same event with one organization is taken: it is the mismatch that is refused.
    send(&ingest, Some(second), item(second, 4)).await;
    let stored = "SELECT count(*) FROM conversation.message \
                  WHERE body = 'a message of two organizations'";
    let parked = "SELECT count(*) FROM conversation.parked";
    kit_testkit::eventually(PATIENCE, "three are parked and one is stored", async || {
        world.number(parked).await == 3 && world.number(stored).await == 1
    })
    .await;
    let reasons = world.texts("SELECT reason FROM conversation.parked").await;
    assert!(reasons.iter().all(|reason| reason.contains("organization")), "{reasons:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_service_reaches_the_subjects_of_another_and_an_event_of_two_organizations_is_parked() {
    let world = World::start(&Secrets::with("subject"), &[]).await;
    mismatches(&world).await;
    pairs(&world).await;
}
