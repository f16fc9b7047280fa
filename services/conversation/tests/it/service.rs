//! The whole service: events come over NATS from ingest's outbox, answers over gRPC.

use std::time::Duration;

use conversation::consume::Inbound;
use conversation::domain::Policy;
use conversation::domain::words::MemberId;
use kit_bus::{BrokerSettings, Bus, Relay, Start, StreamPlan, TailEvent, subject};
use kit_service::identity::Keys;
use kit_service::rpc::{self, Channel, Client};
use kit_service::{Caller, Listener, Peer, Runtime};
use kit_store::outbox::{self, Message};
use kit_store::{Migrations, Scope, Store};
use kit_testkit::{Database, SchemaDatabase, TestNats, eventually};
use kit_values::{EventId, OrganizationId};
use prost::Message as _;
use proto::conversation::v1 as calls;
use proto::conversation::v1::ConversationEvent;
use proto::conversation::v1::conversation_event::Fact;
use proto::conversation::v1::conversation_service_client::ConversationServiceClient;
use proto::conversation::v1::lists_service_client::ListsServiceClient;
use proto::conversation::v1::story_service_client::StoryServiceClient;
use proto::ingest::v1::ItemEvent;
use proto::ingest::v1::item_event::Fact as ItemFact;
use tonic::Request;

use crate::desk::Desk;
use crate::feed::{Feed, native};
use crate::office::Office;

/// The services whose streams this one reads.
const OTHERS: [(&str, &str); 4] = [
    ("ingest", "INGEST"),
    ("delivery", "DELIVERY"),
    ("routing", "ROUTING"),
    ("directory", "DIRECTORY"),
];

pub struct Service {
    database: Database,
    stores: SchemaDatabase,
    pub nats: TestNats,
    outboxes: [Store; 2],
    keys: Keys,
    peer: Peer,
    policy: Policy,
    runtime: Runtime,
    neighbours: Vec<Runtime>,
}

/// The services that have keys.
const SERVICES: [&str; 8] = [
    "conversation",
    "gateway",
    "operator",
    "ingest",
    "delivery",
    "directory",
    "link_shortener",
    "routing",
];

/// A call for one organization.
pub fn call<M>(message: M, organization: OrganizationId) -> Request<M> {
    rpc::request(message, &Caller::for_organization(organization), Duration::from_secs(10))
}

/// A call of a member.
pub fn by<M>(message: M, organization: OrganizationId, member: MemberId) -> Request<M> {
    let caller = Caller::for_member(organization, member.uuid());
    rpc::request(message, &caller, Duration::from_secs(10))
}

/// A call of the installation itself.
fn installation<M>(message: M) -> Request<M> {
    rpc::request(message, &Caller::installation(), Duration::from_secs(10))
}

impl Drop for Service {
    fn drop(&mut self) {
        self.runtime.stop.cancel();
        for neighbour in &self.neighbours {
            neighbour.stop.cancel();
        }
    }
}

impl Service {
    pub async fn start(policy: Policy) -> Self {
        Self::start_among(policy, async |_| (None, None, Vec::new())).await
    }

    /// The same beside a directory and a link shortener, if there are any.
    pub async fn start_among(
        policy: Policy,
        neighbours: impl AsyncFnOnce(&Keys) -> (Option<Peer>, Option<Peer>, Vec<Runtime>),
    ) -> Self {
        kit_service::cryptography();
        let migrations = conversation::migrations();
        let kit = Migrations::new();
        let mut schemas = vec![("conversation", &migrations)];
        schemas.extend(OTHERS.map(|(producer, _)| (producer, &kit)));
        let database = Database::create(&schemas).await;
        let nats = kit_testkit::private_nats().await;
        let keys = Keys::generate(&SERVICES).expect("keys");
        let (directory, link_shortener, neighbours) = neighbours(&keys).await;
        let runtime = Runtime::new(keys.identity("conversation").expect("identity"));
        let address = runtime.reserve(&Listener::loopback()).expect("a free port");
        let connect = async |settings| Store::connect(&settings).await.expect("connects");
        let stores = SchemaDatabase {
            database: database.clone(),
            store: connect(database.settings("conversation")).await,
            relay: connect(database.relay_settings("conversation")).await,
            admin: connect(database.admin_settings()).await,
        };
        let service = Self {
            outboxes: [
                connect(database.settings("ingest")).await,
                connect(database.settings("delivery")).await,
            ],
            stores,
            nats,
            keys,
            peer: address.into(),
            policy,
            runtime,
            neighbours,
            database,
        };
        for (producer, stream) in OTHERS {
            service.start_relay(producer, stream).await;
        }
        let hours = |duration: time::Duration| u32::try_from(duration.whole_hours()).expect("some");
        let config = conversation::Config {
            database: service.database.settings("conversation"),
            relay_database: service.database.relay_settings("conversation"),
            broker: service.broker(),
            rpc: Listener { address },
            // Else nobody is there: what is known of members and accounts comes as events.
            directory: directory.unwrap_or_else(|| Listener::loopback().address.into()),
            link_shortener,
            reopen_window_hours: hours(policy.reopen_window),
            auto_resolve_days: hours(policy.auto_resolve_after) / 24,
        };
        conversation::start(config, service.runtime.clone()).await.expect("the service starts");
        service
    }

    pub fn broker(&self) -> BrokerSettings {
        BrokerSettings { url: self.nats.url().to_owned(), ..BrokerSettings::default() }
    }

    /// Another service's side of a stream that the service reads.
    async fn start_relay(&self, producer: &'static str, stream: &'static str) {
        let relay =
            Store::connect(&self.database.relay_settings(producer)).await.expect("connects");
        let bus = Bus::connect(&self.broker(), producer).await.expect("connects");
        let plan = StreamPlan {
            name: stream,
            producer,
            max_age: Duration::from_hours(24),
            readers: conversation::topology::readers()
                .into_iter()
                .filter(|plan| plan.stream == stream)
                .map(|plan| plan.durable)
                .collect(),
        };
        let relay = Relay::new(relay, bus, plan);
        self.runtime.tasks.spawn("relay", relay.run(self.runtime.stop.clone()));
    }

    /// The same handler without the bus.
    pub fn desk(&self) -> Desk {
        let inbound = Inbound::new(self.policy);
        Desk { database: self.stores.clone(), inbound, policy: self.policy }
    }

    pub fn client(&self, service: &str) -> ConversationServiceClient<Channel> {
        let identity = self.keys.identity(service).expect("identity");
        let channel = Client::connect(&self.peer, identity, "conversation").expect("an address");
        ConversationServiceClient::new(channel)
    }

    pub fn lists(&self, service: &str) -> ListsServiceClient<Channel> {
        let identity = self.keys.identity(service).expect("identity");
        let channel = Client::connect(&self.peer, identity, "conversation").expect("an address");
        ListsServiceClient::new(channel)
    }

    pub fn story(&self, service: &str) -> StoryServiceClient<Channel> {
        let identity = self.keys.identity(service).expect("identity");
        let channel = Client::connect(&self.peer, identity, "conversation").expect("an address");
        StoryServiceClient::new(channel)
    }

    pub async fn counts(&self, organization: OrganizationId) -> calls::Counts {
        let request = call(calls::GetCountsRequest {}, organization);
        let answer = self.client("gateway").get_counts(request).await.expect("counts");
        answer.into_inner().counts.expect("counts")
    }

    /// Publishes events as ingest does, and as delivery does after it.
    pub async fn publish(&self, events: &[ItemEvent]) {
        let message = |producer, event: &ItemEvent, payload| {
            let metadata = event.metadata.as_ref().expect("metadata");
            let organization = metadata.organization_id.parse().expect("an organization");
            let network = if event.network == 1 { "x" } else { "facebook" };
            Message {
                event: metadata.event_id.parse().expect("an id"),
                organization: Some(organization),
                subject: subject(producer, Some(network), Some(organization), "item"),
                network: Some(network),
                lane: 0,
                payload,
                occurred_at: kit_values::now(),
                trace: None,
            }
        };
        let own = |event: &&ItemEvent| matches!(event.fact, Some(ItemFact::OwnMessageObserved(_)));
        let published =
            events.iter().map(|event| message("ingest", event, event.encode_to_vec())).collect();
        let matched = events
            .iter()
            .filter(own)
            .map(|event| message("delivery", event, native(event).encode_to_vec()))
            .collect();
        for (outbox, messages) in self.outboxes.iter().zip([published, matched]) {
            let transaction = outbox.begin(&Scope::Unscoped).await.expect("begins");
            outbox::append(&transaction, messages).await.expect("appends");
            transaction.commit().await.expect("commits");
        }
    }

    pub async fn until(&self, what: &str, condition: impl AsyncFn() -> bool) {
        eventually(Duration::from_secs(20), what, condition).await;
    }

    pub async fn outcomes(&self, events: &[ItemEvent], organization: OrganizationId) -> Vec<i32> {
        let event_ids = events
            .iter()
            .map(|event| event.metadata.as_ref().expect("metadata").event_id.clone())
            .collect();
        let request = call(calls::GetEventOutcomesRequest { event_ids }, organization);
        let answer = self.client("operator").get_event_outcomes(request).await.expect("outcomes");
        answer.into_inner().outcomes.into_iter().map(|outcome| outcome.progress).collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_ingest_publishes_is_stored_once_told_by_id_only_and_survives_a_wiped_broker() {
    let mut service = Service::start(Policy::default()).await;
    let feed = Feed::new();
    let page = Feed { organization: feed.organization, ..Feed::on_facebook() };
    let events = [
        feed.private("anna", "1", 0),
        page.private("bert", "2", 0),
        feed.edited("1", 1, 10),
        feed.edited("unknown", 1, 10),
    ];
    service.publish(&events).await;
    let stored = async || service.counts(feed.organization).await.new == 2;
    service.until("both messages are stored", stored).await;
    let settled = async || service.outcomes(&events, feed.organization).await == [2, 2, 2, 3];
    service.until("all are applied, and one waits", settled).await;
    let never = [feed.private("anna", "9", 0)];
    assert_eq!(service.outcomes(&never, feed.organization).await, [1]);

    let bus = Bus::connect(&service.broker(), "test").await.expect("connects");
    let mut tail = bus.follow("CONVERSATION", Start::All);
    let mut facts: Vec<&'static str> = Vec::new();
    while facts.len() < 5 {
        let TailEvent::Event(followed) = tail.next().await.expect("followed") else { continue };
        let text = String::from_utf8_lossy(&followed.payload).into_owned();
        assert!(!text.contains("text of") && !text.contains("anna"), "ids only");
        let event = ConversationEvent::decode(followed.payload.as_ref()).expect("decodes");
        let metadata = event.metadata.expect("metadata");
        assert_eq!(metadata.organization_id, feed.organization.to_string());
        assert_eq!(metadata.aggregate_id, event.conversation_id);
        assert_eq!(metadata.correlation_id, "req_1");
        facts.push(match event.fact.expect("a fact") {
            Fact::ConversationOpened(_) => "opened",
            Fact::MessageStored(stored) => {
                assert!(stored.item_id.starts_with("item_"));
                "stored"
            }
            Fact::MessageRevised(_) => "revised",
            Fact::StateChanged(_) => "changed",
            Fact::ConversationAbsorbed(_) => "absorbed",
            other => panic!("{other:?}"),
        });
    }
    facts.sort_unstable();
    assert_eq!(facts, ["opened", "opened", "revised", "stored", "stored"]);

    service.nats.wipe().await;
    service.publish(&[feed.private("carl", "3", 0)]).await;
    let stored = async || service.counts(feed.organization).await.new == 3;
    service.until("the broker came back empty and reading goes on", stored).await;
    service.desk().audit(feed.organization).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quiet_conversation_resolves_by_itself_and_a_late_word_reopens_it() {
    let office = Office::open(Feed::new()).await;
    let (service, feed) = (&office.service, &office.feed);
    // Twenty days ago.
    service.publish(&[feed.private("anna", "1", 0), feed.own("anna", "2", 100)]).await;
    // The two come by streams of their own, in either order.
    let pending = async || {
        let counts = service.counts(feed.organization).await;
        let held = "SELECT sum(message_count)::bigint FROM conversation.conversation";
        counts.pending == 1 && office.desk.number(held).await == 2
    };
    service.until("it waits for the contact", pending).await;
    office.desk.directory(&[office.patience(0, 2, 10)]).await;
    let resolved = async || service.counts(feed.organization).await.resolved == 1;
    service.until("the timer resolves it", resolved).await;
    let now = kit_values::now().unix_timestamp() - feed.start;
    service.publish(&[feed.private("anna", "3", now)]).await;
    let reopened = async || service.counts(feed.organization).await.new == 1;
    service.until("it is open again", reopened).await;
    let counts = service.counts(feed.organization).await;
    assert_eq!((counts.new, counts.pending, counts.resolved), (1, 0, 0));
    service.desk().audit(feed.organization).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_is_parked_and_can_be_replayed_by_an_operator() {
    let service = Service::start(Policy::default()).await;
    let feed = Feed::new();
    let mut broken = feed.private("anna", "1", 0);
    broken.fact = None;
    service.publish(&[broken.clone(), feed.private("anna", "2", 0)]).await;
    let stored = async || service.counts(feed.organization).await.new == 1;
    service.until("the good one is stored", stored).await;
    // What cannot be read is nobody's but the installation's.
    let list = || installation(calls::ListParkedRequest::default());
    let parked = async || {
        let answer = service.client("operator").list_parked(list()).await.expect("a list");
        answer.into_inner().parked.len() == 1
    };
    service.until("the other one is parked", parked).await;
    assert_eq!(service.outcomes(&[broken], feed.organization).await, [4]);
    let parked = service.client("operator").list_parked(list()).await.expect("a list");
    let parked_id = parked.into_inner().parked[0].parked_id.clone();
    let show = calls::ShowParkedRequest { parked_id: parked_id.clone() };
    let mut operator = service.client("operator");
    let shown = operator.show_parked(installation(show.clone())).await;
    assert!(!shown.expect("shown").into_inner().payload.is_empty());
    let stranger = call(show, feed.organization);
    operator.show_parked(stranger).await.expect_err("not of this organization");
    let replay =
        calls::ReplayParkedRequest { parked_ids: vec![parked_id, EventId::mint().to_string()] };
    let answer = operator.replay_parked(installation(replay)).await;
    let results = answer.expect("answered").into_inner().results;
    let reasons: Vec<_> = results.iter().map(|result| result.reason.as_str()).collect();
    assert_eq!(reasons, ["still_unreadable", "not_found"]);
}
