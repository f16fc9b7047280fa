//! The whole service: events come over NATS from the outboxes of conversation and routing,
//! notifications are read over gRPC and from its own stream.

use std::time::Duration;

use kit_bus::{BrokerSettings, Bus, Relay, Start, StreamPlan, TailEvent, subject};
use kit_service::identity::Keys;
use kit_service::rpc::{self, Channel, Client};
use kit_service::{Caller, Listener, Peer, Runtime};
use kit_store::outbox::{self, Message};
use kit_store::{Migrations, Scope, Store};
use kit_testkit::{Database, TestNats, eventually};
use kit_values::{Class, EventId, OrganizationId, mint_uuid};
use prost::Message as _;
use proto::conversation::v1 as conversation;
use proto::event::v1::Metadata;
use proto::notification::v1::notification_event::Fact;
use proto::notification::v1::notification_service_client::NotificationServiceClient;
use proto::notification::v1::{self as pb, NotificationKind};
use proto::routing::v1 as routing;
use tonic::Request;
use uuid::Uuid;

const PATIENCE: Duration = Duration::from_secs(20);

struct World {
    database: Database,
    nats: TestNats,
    keys: Keys,
    peer: Peer,
    runtime: Runtime,
    organization: OrganizationId,
    conversations: Store,
    routing: Store,
}

impl Drop for World {
    fn drop(&mut self) {
        self.runtime.stop.cancel();
    }
}

impl World {
    async fn start() -> Self {
        kit_service::cryptography();
        let kit = Migrations::new();
        let database = Database::create(&[
            ("notification", &notification::migrations()),
            ("conversation", &kit),
            ("routing", &kit),
        ])
        .await;
        let nats = kit_testkit::private_nats().await;
        let keys =
            Keys::generate(&["notification", "gateway", "routing", "operator"]).expect("keys");
        let runtime = Runtime::new(keys.identity("notification").expect("identity"));
        let broker = BrokerSettings { url: nats.url().to_owned(), ..BrokerSettings::default() };
        for (name, producer) in [("CONVERSATION", "conversation"), ("ROUTING", "routing")] {
            let store = Store::connect(&database.relay_settings(producer)).await.expect("connects");
            let bus = Bus::connect(&broker, producer).await.expect("connects");
            let stream = StreamPlan {
                name,
                producer,
                max_age: Duration::from_hours(24),
                readers: Vec::new(),
            };
            runtime.tasks.spawn("relay", Relay::new(store, bus, stream).run(runtime.stop.clone()));
        }
        let address = runtime.reserve(&Listener::loopback()).expect("a free port");
        let config = notification::Config {
            database: database.settings("notification"),
            relay_database: database.relay_settings("notification"),
            broker,
            rpc: Listener { address },
        };
        notification::start(config, runtime.clone()).await.expect("starts");
        Self {
            conversations: Store::connect(&database.settings("conversation")).await.expect("ok"),
            routing: Store::connect(&database.settings("routing")).await.expect("ok"),
            database,
            nats,
            keys,
            peer: address.into(),
            runtime,
            organization: OrganizationId::mint(),
        }
    }

    fn client(&self, service: &str) -> NotificationServiceClient<Channel> {
        let identity = self.keys.identity(service).expect("identity");
        let channel = Client::connect(&self.peer, identity, "notification").expect("an address");
        NotificationServiceClient::new(channel)
    }

    fn by<M>(&self, member: Uuid, message: M) -> Request<M> {
        let caller = Caller::for_member(self.organization, member);
        rpc::request(message, &caller, Duration::from_secs(10))
    }

    async fn standing(&self, member: Uuid) -> Vec<pb::Notification> {
        let request = self.by(member, pb::ListNotificationsRequest {});
        let answer = self.client("gateway").list_notifications(request).await;
        answer.expect("answered").into_inner().notifications
    }

    fn metadata(&self, event: EventId) -> Metadata {
        let now = kit_values::now();
        Metadata {
            event_id: event.to_string(),
            organization_id: self.organization.to_string(),
            occurred_at: Some(prost_types::Timestamp { seconds: now.unix_timestamp(), nanos: 0 }),
            ..Metadata::default()
        }
    }

    async fn tell(
        &self,
        store: &Store,
        producer: &str,
        fact: &str,
        event: EventId,
        bytes: Vec<u8>,
    ) {
        let message = Message {
            event,
            organization: Some(self.organization),
            subject: subject(producer, None, Some(self.organization), fact),
            network: None,
            lane: 0,
            payload: bytes,
            occurred_at: kit_values::now(),
            trace: None,
        };
        store
            .transaction(&Scope::from(self.organization), async |tx| {
                outbox::append(tx, vec![message.clone()]).await
            })
            .await
            .expect("told");
    }

    async fn routing(&self, name: &str, fact: routing::routing_event::Fact) {
        let event = EventId::mint();
        let bytes =
            routing::RoutingEvent { metadata: Some(self.metadata(event)), fact: Some(fact) };
        self.tell(&self.routing, "routing", name, event, bytes.encode_to_vec()).await;
    }

    async fn owner(&self, conversation: Uuid, owner: Option<Uuid>, epoch: i64, reason: &str) {
        let changed = routing::OwnerChanged {
            conversation_id: format!("conv_{}", conversation.simple()),
            owner_member_id: owner.map(|id| format!("mem_{}", id.simple())).unwrap_or_default(),
            epoch,
            reason: reason.to_owned(),
            ..routing::OwnerChanged::default()
        };
        self.routing("owner_changed", routing::routing_event::Fact::OwnerChanged(changed)).await;
    }

    async fn wrote(&self, conversation: Uuid, rev: i64) {
        let stored = conversation::MessageStored {
            direction: conversation::Direction::Inbound.into(),
            ..conversation::MessageStored::default()
        };
        let fact = conversation::conversation_event::Fact::MessageStored(stored);
        self.conversation(conversation, rev, conversation::State::New, fact).await;
    }

    async fn settled(&self, conversation: Uuid, rev: i64) {
        let changed = conversation::StateChanged::default();
        let fact = conversation::conversation_event::Fact::StateChanged(changed);
        self.conversation(conversation, rev, conversation::State::Pending, fact).await;
    }

    async fn conversation(
        &self,
        id: Uuid,
        rev: i64,
        state: conversation::State,
        fact: conversation::conversation_event::Fact,
    ) {
        let event = EventId::mint();
        let bytes = conversation::ConversationEvent {
            metadata: Some(self.metadata(event)),
            conversation_id: format!("conv_{}", id.simple()),
            rev,
            standing: Some(conversation::Standing {
                state: state.into(),
                ..conversation::Standing::default()
            }),
            fact: Some(fact),
        };
        self.tell(&self.conversations, "conversation", "fact", event, bytes.encode_to_vec()).await;
    }

    async fn expect(&self, member: Uuid, kinds: &[NotificationKind]) {
        eventually(PATIENCE, &format!("{kinds:?}"), async || {
            let standing = self.standing(member).await;
            standing.iter().map(pb::Notification::kind).collect::<Vec<_>>() == kinds
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_notification_stands_for_a_conversation_until_it_is_read_settled_or_handed_on() {
    let world = World::start().await;
    let (lea, noah, conversation) = (mint_uuid(), mint_uuid(), mint_uuid());
    world.owner(conversation, Some(lea), 1, "assigned").await;
    world.expect(lea, &[NotificationKind::AssignedToYou]).await;
    let first = world.standing(lea).await.remove(0);
    assert!(!first.badge_only);
    assert_eq!(first.conversation_id, format!("conv_{}", conversation.simple()));

    world.wrote(conversation, 2).await;
    world.expect(lea, &[NotificationKind::CustomerAnswered]).await;
    let second = world.standing(lea).await.remove(0);
    assert_eq!(second.notification_id, first.notification_id, "replaced, not stacked");
    assert!(second.rev > first.rev);

    world.owner(conversation, Some(noah), 2, "assigned_by_hand").await;
    world.expect(noah, &[NotificationKind::AssignedToYou]).await;
    world.expect(lea, &[]).await;

    world.settled(conversation, 3).await;
    world.expect(noah, &[]).await;
    world.wrote(conversation, 4).await;
    world.expect(noah, &[NotificationKind::CustomerAnswered]).await;
    let conversation_id = format!("conv_{}", conversation.simple());
    let read = pb::MarkReadRequest { conversation_id };
    let mut client = world.client("gateway");
    client.mark_read(world.by(lea, read.clone())).await.expect("answered");
    assert_eq!(world.standing(noah).await.len(), 1, "somebody else read it");
    client.mark_read(world.by(noah, read)).await.expect("answered");
    assert_eq!(world.standing(noah).await, []);

    // What was told, in order, is what stood.
    let broker = BrokerSettings { url: world.nats.url().to_owned(), ..BrokerSettings::default() };
    let bus = Bus::connect(&broker, "test").await.expect("connects");
    let mut tail = bus.follow("NOTIFICATION", Start::All);
    let mut told = Vec::new();
    while told.len() < 7 {
        let next = tokio::time::timeout(PATIENCE, tail.next()).await.expect("told in time");
        if let TailEvent::Event(event) = next.expect("told") {
            let event = pb::NotificationEvent::decode(event.payload).expect("decodes");
            told.push(match event.fact.expect("a fact") {
                Fact::NotificationRaised(_) => "raised".to_owned(),
                Fact::NotificationWithdrawn(withdrawn) => withdrawn.reason,
            });
        }
    }
    let expected =
        ["raised", "raised", "handed_on", "raised", "settled", "raised", "read"].map(str::to_owned);
    assert_eq!(told, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn late_and_older_words_change_nothing() {
    let world = World::start().await;
    let (lea, noah, conversation, marker) = (mint_uuid(), mint_uuid(), mint_uuid(), mint_uuid());
    world.owner(conversation, Some(noah), 5, "assigned").await;
    world.owner(conversation, Some(lea), 4, "assigned").await;
    world.settled(conversation, 9).await;
    world.expect(noah, &[]).await;
    world.wrote(conversation, 8).await;
    world.owner(marker, Some(lea), 1, "assigned").await;
    world.expect(lea, &[NotificationKind::AssignedToYou]).await;
    world.owner(marker, Some(noah), 2, "taken").await;
    world.expect(lea, &[]).await;
    world.wrote(marker, 1).await;
    world.expect(noah, &[NotificationKind::CustomerAnswered]).await;
    assert_eq!(world.standing(noah).await[0].conversation_id, format!("conv_{}", marker.simple()));
    world.expect(lea, &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_away_gets_the_badge_alone() {
    let world = World::start().await;
    let (lea, conversation) = (mint_uuid(), mint_uuid());
    let away = |epoch: i64, availability: routing::Availability| {
        routing::routing_event::Fact::AvailabilityChanged(routing::AvailabilityChanged {
            availability: Some(routing::MemberAvailability {
                member_id: format!("mem_{}", lea.simple()),
                availability: availability.into(),
                epoch,
                ..routing::MemberAvailability::default()
            }),
        })
    };
    world.routing("availability_changed", away(2, routing::Availability::Away)).await;
    world.routing("availability_changed", away(1, routing::Availability::Available)).await;
    world.owner(conversation, Some(lea), 1, "assigned").await;
    world.expect(lea, &[NotificationKind::AssignedToYou]).await;
    assert!(world.standing(lea).await[0].badge_only);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_gateway_asks_and_sees_its_own_organization() {
    let world = World::start().await;
    let (lea, conversation) = (mint_uuid(), mint_uuid());
    world.owner(conversation, Some(lea), 1, "assigned").await;
    world.expect(lea, &[NotificationKind::AssignedToYou]).await;
    let request = world.by(lea, pb::ListNotificationsRequest {});
    let refused = world.client("routing").list_notifications(request).await.map_err(rpc::fault);
    assert_eq!(refused.expect_err("refused").class(), Class::Forbidden);
    let caller = Caller::for_member(OrganizationId::mint(), lea);
    let request = rpc::request(pb::ListNotificationsRequest {}, &caller, PATIENCE);
    let other = world.client("gateway").list_notifications(request).await.expect("answered");
    assert_eq!(other.into_inner().notifications, []);
    let rows = "SELECT count(*) FROM notification.conversation";
    assert_eq!(world.database.number(rows).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_is_parked_for_the_operator() {
    let world = World::start().await;
    let event = EventId::mint();
    let broken = routing::RoutingEvent {
        metadata: Some(world.metadata(event)),
        fact: Some(routing::routing_event::Fact::OwnerChanged(routing::OwnerChanged {
            conversation_id: "nonsense".to_owned(),
            ..routing::OwnerChanged::default()
        })),
    };
    world.tell(&world.routing, "routing", "owner_changed", event, broken.encode_to_vec()).await;
    let mut operator = world.client("operator");
    let call = || {
        let request = pb::ListParkedRequest { limit: 10, after: String::new() };
        rpc::request(request, &Caller::installation(), PATIENCE)
    };
    eventually(PATIENCE, "the event is parked", async || {
        let mut operator = world.client("operator");
        !operator.list_parked(call()).await.expect("listed").into_inner().parked.is_empty()
    })
    .await;
    let parked = operator.list_parked(call()).await.expect("listed").into_inner().parked.remove(0);
    assert_eq!((&*parked.source, &*parked.reason), ("notification-owners", "undecodable"));
    let request = pb::ReplayParkedRequest { parked_ids: vec![parked.parked_id] };
    let request = rpc::request(request, &Caller::installation(), PATIENCE);
    let results = operator.replay_parked(request).await.expect("answered").into_inner().results;
    assert!(!results[0].replayed, "it is as broken as before");
    let refused = world.client("gateway").list_parked(call()).await.map_err(rpc::fault);
    assert_eq!(refused.expect_err("refused").class(), Class::Forbidden);
}
