//! The service on a real database and a real broker; others tell it things from their outboxes.

use std::net::SocketAddr;
use std::time::Duration;

use kit_bus::{BrokerSettings, Bus, Relay, StreamPlan, subject};
use kit_service::identity::Keys;
use kit_service::rpc::{self, Channel, Client};
use kit_service::{Caller, Listener, Peer, Runtime, egress};
use kit_store::outbox::{self, Message};
use kit_store::{Migrations, Scope, Store};
use kit_testkit::{Database, TestNats, eventually};
use kit_values::{EventId, OrganizationId, Secret, mint_uuid};
use prost::Message as _;
use proto::conversation::v1 as conversation;
use proto::delivery::v1 as delivery;
use proto::directory::v1 as directory;
use proto::event::v1::Metadata;
use proto::notification::v1::notification_service_client::NotificationServiceClient;
use proto::notification::v1::{self as pb, NotificationKind};
use proto::routing::v1 as routing;
use tonic::Request;
use uuid::Uuid;

use crate::played::Directory;

pub const PATIENCE: Duration = Duration::from_secs(20);

pub struct World {
    pub database: Database,
    pub nats: TestNats,
    pub keys: Keys,
    pub peer: Peer,
    pub runtime: Runtime,
    pub organization: OrganizationId,
    pub conversations: Store,
    pub routing: Store,
    pub delivery: Store,
    pub directory: Store,
    /// Asked for everybody at the start; away until it tells something.
    pub everybody: Directory,
    played: Runtime,
}

impl Drop for World {
    fn drop(&mut self) {
        self.played.stop.cancel();
        self.runtime.stop.cancel();
    }
}

impl World {
    pub async fn start() -> Self {
        Self::with(None, None, Vec::new()).await
    }

    /// With what sends pushes and mails, and what the way out leads to.
    pub async fn with(
        push: Option<Secret<String>>,
        smtp: Option<notification::SmtpSettings>,
        allow: Vec<SocketAddr>,
    ) -> Self {
        kit_service::cryptography();
        let kit = Migrations::new();
        let database = Database::create(&[
            ("notification", &notification::migrations()),
            ("conversation", &kit),
            ("routing", &kit),
            ("delivery", &kit),
            ("directory", &kit),
        ])
        .await;
        let nats = kit_testkit::private_nats().await;
        let keys = Keys::generate(&["notification", "gateway", "routing", "operator", "directory"])
            .expect("keys");
        let (everybody, directory, played) = Directory::start(&keys).await;
        let runtime = Runtime::new(keys.identity("notification").expect("identity"));
        let broker = BrokerSettings { url: nats.url().to_owned(), ..BrokerSettings::default() };
        for (name, producer) in [
            ("CONVERSATION", "conversation"),
            ("ROUTING", "routing"),
            ("DELIVERY", "delivery"),
            ("DIRECTORY", "directory"),
        ] {
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
            directory,
            public_url: "https://care.example.com".to_owned(),
            push_key: push,
            push_contact: "mailto:care@example.com".to_owned(),
            smtp,
            egress: egress::Settings { allow },
        };
        notification::start(config, runtime.clone()).await.expect("starts");
        Self {
            conversations: Store::connect(&database.settings("conversation")).await.expect("ok"),
            routing: Store::connect(&database.settings("routing")).await.expect("ok"),
            delivery: Store::connect(&database.settings("delivery")).await.expect("ok"),
            directory: Store::connect(&database.settings("directory")).await.expect("ok"),
            database,
            nats,
            keys,
            peer: address.into(),
            runtime,
            organization: OrganizationId::mint(),
            everybody,
            played,
        }
    }

    pub fn client(&self, service: &str) -> NotificationServiceClient<Channel> {
        let identity = self.keys.identity(service).expect("identity");
        let channel = Client::connect(&self.peer, identity, "notification").expect("an address");
        NotificationServiceClient::new(channel)
    }

    pub fn by<M>(&self, member: Uuid, message: M) -> Request<M> {
        let caller = Caller::for_member(self.organization, member);
        rpc::request(message, &caller, Duration::from_secs(10))
    }

    pub async fn standing(&self, member: Uuid) -> Vec<pb::Notification> {
        let request = self.by(member, pb::ListNotificationsRequest::default());
        let answer = self.client("gateway").list_notifications(request).await;
        answer.expect("answered").into_inner().notifications
    }

    pub fn metadata(&self, event: EventId) -> Metadata {
        let now = kit_values::now();
        Metadata {
            event_id: event.to_string(),
            organization_id: self.organization.to_string(),
            occurred_at: Some(prost_types::Timestamp { seconds: now.unix_timestamp(), nanos: 0 }),
            ..Metadata::default()
        }
    }

    pub async fn tell(
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

    pub async fn routing(&self, name: &str, fact: routing::routing_event::Fact) {
        let event = EventId::mint();
        let bytes =
            routing::RoutingEvent { metadata: Some(self.metadata(event)), fact: Some(fact) };
        self.tell(&self.routing, "routing", name, event, bytes.encode_to_vec()).await;
    }

    pub async fn owner(&self, conversation: Uuid, owner: Option<Uuid>, epoch: i64, reason: &str) {
        let changed = routing::OwnerChanged {
            conversation_id: format!("conv_{}", conversation.simple()),
            owner_member_id: owner.map(|id| format!("mem_{}", id.simple())).unwrap_or_default(),
            epoch,
            reason: reason.to_owned(),
            ..routing::OwnerChanged::default()
        };
        self.routing("owner_changed", routing::routing_event::Fact::OwnerChanged(changed)).await;
    }

    pub async fn wrote(&self, conversation: Uuid, rev: i64) {
        let stored = conversation::MessageStored {
            direction: conversation::Direction::Inbound.into(),
            ..conversation::MessageStored::default()
        };
        let fact = conversation::conversation_event::Fact::MessageStored(stored);
        self.conversation(conversation, rev, conversation::State::New, fact).await;
    }

    pub async fn settled(&self, conversation: Uuid, rev: i64) {
        let changed = conversation::StateChanged::default();
        let fact = conversation::conversation_event::Fact::StateChanged(changed);
        self.conversation(conversation, rev, conversation::State::Pending, fact).await;
    }

    pub async fn conversation(
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

    pub async fn expect(&self, member: Uuid, kinds: &[NotificationKind]) {
        eventually(PATIENCE, &format!("{kinds:?}"), async || {
            let standing = self.standing(member).await;
            standing.iter().map(pb::Notification::kind).collect::<Vec<_>>() == kinds
        })
        .await;
    }

    /// Delivery tells that a reply failed for good.
    pub async fn reply_failed(&self, conversation: Uuid) {
        let event = EventId::mint();
        let settled = delivery::SendSettled {
            message_id: format!("msg_{}", mint_uuid().simple()),
            attempt: 1,
            outcome: delivery::Outcome::Failed.into(),
            conversation_id: format!("conv_{}", conversation.simple()),
            ..delivery::SendSettled::default()
        };
        let bytes = delivery::DeliveryEvent {
            metadata: Some(self.metadata(event)),
            fact: Some(delivery::delivery_event::Fact::SendSettled(settled)),
            ..delivery::DeliveryEvent::default()
        };
        let bytes = bytes.encode_to_vec();
        self.tell(&self.delivery, "delivery", "send_settled", event, bytes).await;
    }

    async fn directory(&self, name: &str, fact: directory::directory_event::Fact) {
        let event = EventId::mint();
        let metadata = Some(self.metadata(event));
        let bytes = directory::DirectoryEvent { metadata, fact: Some(fact) }.encode_to_vec();
        self.tell(&self.directory, "directory", name, event, bytes).await;
    }

    /// Directory tells who a member is.
    pub async fn member(&self, id: Uuid, login: &str, role: directory::Role, version: i64) {
        self.member_of(id, login, (role, version), 0).await;
    }

    /// What directory tells of a member.
    pub fn person(&self, id: Uuid, login: &str, role: directory::Role) -> directory::Member {
        directory::Member {
            member_id: format!("mem_{}", id.simple()),
            organization_id: self.organization.to_string(),
            login: login.to_owned(),
            display_name: "Léa <b>Martin</b>".to_owned(),
            roles: vec![role.into()],
            version: 1,
            ..directory::Member::default()
        }
    }

    /// The same, with the epoch that their sessions must have.
    pub async fn member_of(
        &self,
        id: Uuid,
        login: &str,
        (role, version): (directory::Role, i64),
        session_epoch: i64,
    ) {
        let person = self.person(id, login, role);
        self.learn(directory::Member { version, session_epoch, ..person }).await;
    }

    /// Directory tells of this member.
    pub async fn learn(&self, member: directory::Member) {
        let stored = format!(
            "SELECT count(*) FROM notification.member \
             WHERE replace(member_id::text, '-', '') = '{}' \
             AND version = {} AND session_epoch = {}",
            member.member_id.trim_start_matches("mem_"),
            member.version,
            member.session_epoch
        );
        let changed = directory::MemberChanged {
            member_id: member.member_id.clone(),
            member: Some(member),
            ..directory::MemberChanged::default()
        };
        let fact = directory::directory_event::Fact::MemberChanged(changed);
        self.directory("member_changed", fact).await;
        eventually(PATIENCE, "the member is known", async || {
            self.database.number(&stored).await == 1
        })
        .await;
    }

    /// Directory tells in which language the organization works.
    pub async fn language(&self, language: &str) {
        let organization = directory::Organization {
            organization_id: self.organization.to_string(),
            name: "Maison".to_owned(),
            language: language.to_owned(),
            time_zone: "Europe/Paris".to_owned(),
        };
        let changed = directory::OrganizationChanged { organization: Some(organization) };
        let fact = directory::directory_event::Fact::OrganizationChanged(changed);
        self.directory("organization_changed", fact).await;
        let stored =
            format!("SELECT count(*) FROM notification.organization WHERE language = '{language}'");
        eventually(PATIENCE, "the language is known", async || {
            self.database.number(&stored).await == 1
        })
        .await;
    }

    /// Directory tells whether a network takes an account's token, as seen at this second.
    pub async fn channel(&self, id: Uuid, health: directory::ChannelHealth, seconds: i64) {
        self.channel_named(id, "Aide <i>&amp;\"", health, seconds).await;
    }

    /// The same of an account that is called so.
    pub async fn channel_named(
        &self,
        id: Uuid,
        name: &str,
        health: directory::ChannelHealth,
        seconds: i64,
    ) {
        let channel = directory::Channel {
            channel_id: format!("chan_{}", id.simple()),
            organization_id: self.organization.to_string(),
            display_name: name.to_owned(),
            health: health.into(),
            health_checked_at: Some(prost_types::Timestamp { seconds, nanos: 0 }),
            version: 1,
            ..directory::Channel::default()
        };
        let changed = directory::ChannelChanged { channel: Some(channel) };
        let fact = directory::directory_event::Fact::ChannelChanged(changed);
        self.directory("channel_changed", fact).await;
    }

    /// Routing tells whether a member is away.
    pub async fn away(&self, member: Uuid, epoch: i64, availability: routing::Availability) {
        let changed = routing::AvailabilityChanged {
            availability: Some(routing::MemberAvailability {
                member_id: format!("mem_{}", member.simple()),
                availability: availability.into(),
                epoch,
                ..routing::MemberAvailability::default()
            }),
        };
        let fact = routing::routing_event::Fact::AvailabilityChanged(changed);
        self.routing("availability_changed", fact).await;
    }

    /// All of a member's, settled ones too.
    pub async fn centre(&self, member: Uuid) -> Vec<pb::Notification> {
        let wanted = pb::ListNotificationsRequest { settled: true, ..Default::default() };
        let answer = self.client("gateway").list_notifications(self.by(member, wanted)).await;
        answer.expect("answered").into_inner().notifications
    }

    /// What became of a member's newest notification by one means.
    pub async fn outcome(&self, member: Uuid, means: pb::Means) -> (pb::Outcome, String) {
        let newest = self.centre(member).await.into_iter().next();
        let outcomes = newest.map(|it| it.outcomes).unwrap_or_default();
        let found = outcomes.into_iter().find(|one| one.means() == means);
        found.map_or((pb::Outcome::Unspecified, String::new()), |it| (it.outcome(), it.reason))
    }

    /// Waits until it came this far.
    pub async fn comes(&self, member: Uuid, means: pb::Means, outcome: pb::Outcome, reason: &str) {
        let name = format!("{means:?} is {outcome:?} {reason}");
        eventually(PATIENCE, &name, async || {
            self.outcome(member, means).await == (outcome, reason.to_owned())
        })
        .await;
    }

    /// What a member wants, row by row.
    pub async fn choose(&self, member: Uuid, rows: &[(pb::Occasion, &[pb::Means])], rev: i64) {
        let wishes = rows.iter().map(|(occasion, means)| pb::Wish {
            occasion: (*occasion).into(),
            means: means.iter().map(|means| (*means).into()).collect(),
            offered: Vec::new(),
        });
        let request = pb::PutPreferencesRequest { wishes: wishes.collect(), volume: 50, rev };
        let request = self.by(member, request);
        self.client("gateway").put_preferences(request).await.expect("chosen");
    }
}
