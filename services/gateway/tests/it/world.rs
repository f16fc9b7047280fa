//! A gateway with everything around it.

use std::net::SocketAddr;
use std::time::Duration;

use kit_bus::{BrokerSettings, Bus, Relay, StreamPlan};
use kit_service::identity::Keys;
use kit_service::{Listener, Peer, Runtime};
use kit_store::{Migrations, Scope, Store, outbox};
use kit_testkit::{Database, TestNats, eventually};
use kit_values::{EventId, Fault, OrganizationId, Secret};
use prost::Message as _;
use proto::conversation::v1::conversation_event::Fact;
use proto::conversation::v1::conversation_service_server::ConversationServiceServer;
use proto::conversation::v1::lists_service_server::ListsServiceServer;
use proto::conversation::v1::story_service_server::StoryServiceServer;
use proto::conversation::v1::{ConversationEvent, MessageStored, Standing};
use proto::directory::v1::directory_service_server::DirectoryServiceServer;
use proto::directory::v1::settings_service_server::SettingsServiceServer;
use proto::directory::v1::{DirectoryEvent, directory_event};
use proto::event::v1::Metadata;
use proto::link::v1::link_shortener_service_server::LinkShortenerServiceServer;
use proto::notification::v1::notification_service_server::NotificationServiceServer;
use proto::notification::v1::{NotificationEvent, notification_event};
use proto::routing::v1::routing_service_server::RoutingServiceServer;
use proto::routing::v1::routing_settings_service_server::RoutingSettingsServiceServer;
use proto::routing::v1::{RoutingEvent, routing_event};
use tonic::service::Routes;

use crate::browser::Browser;
use crate::peers::{Peers, uuid_of};

pub const PATIENCE: Duration = Duration::from_secs(20);

pub struct World {
    pub peers: Peers,
    pub nats: TestNats,
    pub database: Database,
    pub own: OrganizationId,
    pub other: OrganizationId,
    config: gateway::Config,
    keys: Keys,
    conversations: Store,
    directory: Store,
    routing: Store,
    notifications: Store,
    runtimes: Vec<Runtime>,
}

/// A running gateway.
#[derive(Clone)]
pub struct Gateway {
    pub address: SocketAddr,
    pub runtime: Runtime,
    pub public_url: String,
}

impl Drop for World {
    fn drop(&mut self) {
        for runtime in &self.runtimes {
            runtime.stop.cancel();
        }
    }
}

impl World {
    /// Everything but the gateway itself, and a member in each of two organizations: `amelie`
    /// and `bert`.
    pub async fn new() -> Self {
        kit_service::cryptography();
        let kit_only = Migrations::new();
        let database = Database::create(&[
            ("gateway", &gateway::migrations()),
            ("conversation", &kit_only),
            ("directory", &kit_only),
            ("routing", &kit_only),
            ("notification", &kit_only),
        ])
        .await;
        let nats = kit_testkit::private_nats().await;
        let services =
            ["gateway", "directory", "conversation", "routing", "notification", "link_shortener"];
        let keys = Keys::generate(&services).expect("keys");
        let peers = Peers::default();
        let (own, other) = (OrganizationId::mint(), OrganizationId::mint());
        peers.add_member(own, "amelie");
        peers.add_member(other, "bert");

        let mut runtimes = Vec::new();
        let mut play = async |service: &'static str, routes: Routes| -> Peer {
            let runtime = Runtime::new(keys.identity(service).expect("identity"));
            let listener = Listener::loopback();
            let address = kit_service::rpc::serve(&runtime, &listener, service, routes).await;
            runtimes.push(runtime);
            address.expect("listens").into()
        };
        let routes = Routes::new(DirectoryServiceServer::new(peers.clone()));
        let routes = routes.add_service(SettingsServiceServer::new(peers.clone()));
        let directory_peer = play("directory", routes).await;
        let conversation_peer = play(
            "conversation",
            Routes::new(ConversationServiceServer::new(peers.clone()))
                .add_service(StoryServiceServer::new(peers.clone()))
                .add_service(ListsServiceServer::new(peers.clone())),
        )
        .await;

        let routes = Routes::new(RoutingServiceServer::new(peers.clone()));
        let routes = routes.add_service(RoutingSettingsServiceServer::new(peers.clone()));
        let routing_peer = play("routing", routes).await;
        let notification_peer =
            play("notification", Routes::new(NotificationServiceServer::new(peers.clone()))).await;
        let shortener =
            play("link_shortener", Routes::new(LinkShortenerServiceServer::new(peers.clone())))
                .await;

        let broker = BrokerSettings { url: nats.url().to_owned(), ..BrokerSettings::default() };
        let relays = Runtime::new(keys.identity("conversation").expect("identity"));
        for (name, producer) in [
            ("CONVERSATION", "conversation"),
            ("DIRECTORY", "directory"),
            ("ROUTING", "routing"),
            ("NOTIFICATION", "notification"),
        ] {
            let store = Store::connect(&database.relay_settings(producer)).await.expect("connects");
            let bus = Bus::connect(&broker, producer).await.expect("connects");
            let stream = StreamPlan {
                name,
                producer,
                max_age: Duration::from_hours(24),
                readers: Vec::new(),
            };
            relays.tasks.spawn("relay", Relay::new(store, bus, stream).run(relays.stop.clone()));
        }
        runtimes.push(relays);

        let config = gateway::Config {
            database: database.settings("gateway"),
            broker,
            http: Listener::loopback(),
            directory: directory_peer,
            conversation: conversation_peer,
            routing: routing_peer,
            notification: notification_peer,
            link_shortener: Some(shortener),
            public_url: "http://localhost:8080".to_owned(),
            trusted_proxies: Vec::new(),
            playground: None,
            drain: 0,
            cursor_key: Secret::new("a cursor key for tests".to_owned()),
        };
        let store =
            async |service| Store::connect(&database.settings(service)).await.expect("connects");
        let conversations = store("conversation").await;
        let directory = store("directory").await;
        let routing = store("routing").await;
        let notifications = store("notification").await;
        Self {
            peers,
            nats,
            database,
            own,
            other,
            config,
            keys,
            conversations,
            directory,
            routing,
            notifications,
            runtimes,
        }
    }

    /// Everything, and one gateway that is ready.
    pub async fn with_gateway() -> (Self, Gateway) {
        let mut world = Self::new().await;
        let gateway = world.start(|_| {}).await;
        (world, gateway)
    }

    /// Starts a gateway and waits until it is ready.
    pub async fn start(&mut self, change: impl FnOnce(&mut gateway::Config)) -> Gateway {
        let runtime = Runtime::new(self.keys.identity("gateway").expect("identity"));
        let address = runtime.reserve(&Listener::loopback()).expect("a free port");
        let mut config = self.config.clone();
        config.http = Listener { address };
        config.public_url = format!("http://localhost:{}", address.port());
        change(&mut config);
        let public_url = config.public_url.clone();
        gateway::start(config, runtime.clone()).await.expect("the gateway starts");
        let health = runtime.health.clone();
        eventually(PATIENCE, "the gateway is ready", async || health.is_ready()).await;
        self.runtimes.push(runtime.clone());
        Gateway { address, runtime, public_url }
    }

    /// Something happened to a conversation.
    pub async fn tell(&self, organization: OrganizationId, conversation: &str, fact: Option<Fact>) {
        self.tell_standing(organization, conversation, fact, None).await;
    }

    /// Something happened to a conversation, which stands so since.
    pub async fn tell_standing(
        &self,
        organization: OrganizationId,
        conversation: &str,
        fact: Option<Fact>,
        standing: Option<Standing>,
    ) {
        let event = EventId::mint();
        let payload = ConversationEvent {
            metadata: Some(metadata(event, organization)),
            conversation_id: conversation.to_owned(),
            rev: 0,
            standing,
            fact,
        };
        let message = message(
            event,
            organization,
            "conversation",
            uuid_of(conversation),
            payload.encode_to_vec(),
        );
        append(&self.conversations, message).await;
    }

    /// A new message: held by the service, then told. Gives its id and the row's rev.
    pub async fn message(
        &self,
        organization: OrganizationId,
        of: &str,
        text: &str,
    ) -> (String, i64) {
        let (id, rev) = self.peers.add_message(organization, of, text);
        let fact = MessageStored { message_id: id.clone(), ..MessageStored::default() };
        self.tell(organization, of, Some(Fact::MessageStored(fact))).await;
        (id, rev)
    }

    /// Something happened in the directory.
    pub async fn tell_directory(&self, organization: OrganizationId, fact: directory_event::Fact) {
        let event = EventId::mint();
        let payload =
            DirectoryEvent { metadata: Some(metadata(event, organization)), fact: Some(fact) };
        let message =
            message(event, organization, "directory", organization.uuid(), payload.encode_to_vec());
        append(&self.directory, message).await;
    }

    /// Something happened in routing.
    pub async fn tell_routing(&self, organization: OrganizationId, fact: routing_event::Fact) {
        let event = EventId::mint();
        let metadata = Some(metadata(event, organization));
        let payload = RoutingEvent { metadata, fact: Some(fact) }.encode_to_vec();
        let message = message(event, organization, "routing", organization.uuid(), payload);
        append(&self.routing, message).await;
    }

    /// Something happened to notifications.
    pub async fn tell_notification(
        &self,
        organization: OrganizationId,
        fact: notification_event::Fact,
    ) {
        let event = EventId::mint();
        let metadata = Some(metadata(event, organization));
        let payload = NotificationEvent { metadata, fact: Some(fact) }.encode_to_vec();
        let message = message(event, organization, "notification", organization.uuid(), payload);
        append(&self.notifications, message).await;
    }

    /// A browser in which somebody has signed in.
    pub async fn signed_in(&self, gateway: &Gateway, login: &str) -> Browser {
        let mut browser = Browser::new(gateway);
        browser.sign_in(login).await;
        browser
    }
}

fn metadata(event: EventId, organization: OrganizationId) -> Metadata {
    Metadata {
        event_id: event.to_string(),
        organization_id: organization.to_string(),
        ..Metadata::default()
    }
}

fn message(
    event: EventId,
    organization: OrganizationId,
    producer: &'static str,
    about: uuid::Uuid,
    payload: Vec<u8>,
) -> outbox::Message {
    outbox::Message {
        event,
        organization: Some(organization),
        subject: kit_bus::subject(producer, None, Some(organization), "told"),
        network: None,
        lane: outbox::lane(about),
        payload,
        occurred_at: kit_values::now(),
        trace: None,
    }
}

async fn append(store: &Store, message: outbox::Message) {
    let appended = store.transaction(&Scope::Unscoped, async |tx| {
        outbox::append(tx, vec![message]).await?;
        Ok::<_, Fault>(())
    });
    appended.await.expect("appended");
}
