//! Routing on real servers, and the services around it played: conversation and directory by
//! their events, gateways by their reports.

pub mod directory;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use kit_bus::{BrokerSettings, Bus, Relay, StreamPlan, subject};
use kit_service::identity::Keys;
use kit_service::rpc::{self, Channel, Client};
use kit_service::servers::{Options, Redis};
use kit_service::{Caller, Listener, Peer, RedisSettings, Runtime};
use kit_store::outbox::{self, Message};
use kit_store::{Migrations, Scope, Store};
use kit_testkit::{Database, Proxy, TestNats, eventually};
use kit_values::{EventId, Fault, OrganizationId, Secret, now};
use prost::Message as _;
use proto::conversation::v1 as conversation;
use proto::event::v1::Metadata;
use proto::routing::v1 as calls;
use proto::routing::v1::routing_service_client::RoutingServiceClient;
use routing::domain::words::{ChannelId, ConversationId, MemberId};
use tonic::Request;
use tonic::service::Routes;
use uuid::Uuid;

/// A Redis of one test, which keeps its port over restarts.
pub struct TestRedis {
    folder: tempfile::TempDir,
    running: Option<Redis>,
    url: Secret<String>,
}

impl TestRedis {
    async fn start() -> Self {
        let mut redis =
            Self { folder: kit_testkit::scratch(), running: None, url: Secret::new(String::new()) };
        redis.restart().await;
        redis
    }

    /// Ends it; what it held is gone.
    pub async fn kill(&mut self) {
        if let Some(running) = self.running.take() {
            running.stop().await;
        }
    }

    /// Starts it, empty.
    pub async fn restart(&mut self) {
        self.kill().await;
        let options = Options::test().expect("options");
        let running = Redis::start(self.folder.path(), &options).await.expect("Redis starts");
        self.url = running.url();
        self.running = Some(running);
    }

    pub fn url(&self) -> Secret<String> {
        self.url.clone()
    }

    /// Host and port, for a proxy.
    pub fn address(&self) -> String {
        self.url.expose().rsplit_once('@').expect("a password").1.to_owned()
    }

    /// Runs one command.
    pub async fn command(&self, words: &[&str]) -> redis::Value {
        let client = redis::Client::open(self.url.expose().as_str()).expect("an address");
        let mut connection =
            client.get_multiplexed_async_connection().await.expect("Redis answers");
        let mut command = redis::cmd(words[0]);
        for word in &words[1..] {
            command.arg(*word);
        }
        command.query_async(&mut connection).await.expect("it can be done")
    }
}

/// One process of the service.
pub struct Instance {
    pub runtime: Runtime,
    pub peer: Peer,
}

/// Who has a live connection, as one gateway knows it.
type Live = Arc<Mutex<BTreeMap<String, calls::Session>>>;

pub struct World {
    pub database: Database,
    pub nats: TestNats,
    pub redis: TestRedis,
    pub proxy: Option<Proxy>,
    pub organization: OrganizationId,
    pub instances: Vec<Instance>,
    pub runtime: Runtime,
    pub keys: Keys,
    conversation: Store,
    directory: Store,
    live: Live,
    reports: Arc<AtomicU64>,
    rev: AtomicI64,
    told: AtomicI64,
    /// Through which every conversation comes.
    pub channel: ChannelId,
    directory_peer: Peer,
    conversation_peer: Peer,
}

impl Drop for World {
    fn drop(&mut self) {
        self.runtime.stop.cancel();
        for instance in &self.instances {
            instance.runtime.stop.cancel();
        }
    }
}

impl World {
    /// One instance, an organization without members, and a gateway that reports.
    pub async fn new() -> Self {
        Self::of(1, false).await
    }

    /// The same with several instances, and Redis behind a line that can be cut.
    pub async fn of(instances: usize, proxied: bool) -> Self {
        kit_service::cryptography();
        let (own, kit) = (routing::migrations(), Migrations::new());
        let schemas = [("routing", &own), ("conversation", &kit), ("directory", &kit)];
        let database = Database::create(&schemas).await;
        let keys = Keys::generate(&["routing", "gateway", "operator", "directory", "conversation"])
            .expect("keys");
        let connect = async |settings| Store::connect(&settings).await.expect("connects");
        let mut world = Self {
            conversation: connect(database.settings("conversation")).await,
            directory: connect(database.settings("directory")).await,
            nats: kit_testkit::private_nats().await,
            redis: TestRedis::start().await,
            proxy: None,
            organization: OrganizationId::mint(),
            instances: Vec::new(),
            runtime: Runtime::new(keys.identity("gateway").expect("identity")),
            database,
            keys,
            live: Live::default(),
            reports: Arc::default(),
            rev: AtomicI64::new(0),
            told: AtomicI64::new(0),
            channel: ChannelId::mint(),
            directory_peer: Peer { address: "127.0.0.1:9".to_owned() },
            conversation_peer: Peer { address: "127.0.0.1:9".to_owned() },
        };
        world.play("conversation", "CONVERSATION", "routing-conversations").await;
        world.play("directory", "DIRECTORY", "routing-people").await;
        let address = world.redis.address();
        let mut url = world.redis.url().expose().clone();
        if proxied {
            let proxy = Proxy::to(&address).await;
            url = url.replace(&address, &proxy.address());
            world.proxy = Some(proxy);
        }
        for _ in 0..instances {
            world.start(&url).await;
        }
        if instances > 0 {
            world.gateway();
        }
        world
    }

    fn broker(&self) -> BrokerSettings {
        BrokerSettings { url: self.nats.url().to_owned(), ..BrokerSettings::default() }
    }

    /// Another service's side of the stream that routing reads.
    async fn play(&self, service: &'static str, stream: &'static str, reader: &str) {
        let relay = Store::connect(&self.database.relay_settings(service)).await.expect("connects");
        let bus = Bus::connect(&self.broker(), service).await.expect("connects");
        let plan = StreamPlan {
            name: stream,
            producer: service,
            max_age: Duration::from_hours(24),
            readers: vec![reader.to_owned()],
        };
        let relay = Relay::new(relay, bus, plan);
        self.runtime.tasks.spawn("relay", relay.run(self.runtime.stop.clone()));
    }

    /// Answers what instances that start from now on ask of directory.
    pub async fn serve_directory(&mut self, routes: Routes) {
        self.directory_peer = self.serve("directory", routes).await;
    }

    /// Answers what instances that start from now on ask of conversation.
    pub async fn serve_conversation(&mut self, routes: Routes) {
        self.conversation_peer = self.serve("conversation", routes).await;
    }

    async fn serve(&self, service: &'static str, routes: Routes) -> Peer {
        let runtime = self.runtime.for_service(self.keys.identity(service).expect("identity"));
        let address =
            rpc::serve(&runtime, &Listener::loopback(), service, routes).await.expect("serves");
        address.into()
    }

    /// Waits until so many events about members have been applied.
    pub async fn people_settled(&self, events: i64) {
        let sql = "SELECT count(*) FROM routing.inbox WHERE reader = 'routing-people'";
        self.until("members were applied", async || self.database.number(sql).await == events)
            .await;
    }

    /// Starts another process of the service.
    pub async fn start(&mut self, redis: &str) {
        let runtime = Runtime::new(self.keys.identity("routing").expect("identity"));
        let address = runtime.reserve(&Listener::loopback()).expect("a free port");
        let config = routing::Config {
            database: self.database.settings("routing"),
            relay_database: self.database.relay_settings("routing"),
            broker: self.broker(),
            redis: RedisSettings { url: Secret::new(redis.to_owned()) },
            rpc: Listener { address },
            directory: self.directory_peer.clone(),
            conversation: self.conversation_peer.clone(),
            default_capacity: 5,
            hard_limit: 0,
        };
        routing::start(config, runtime.clone()).await.expect("the service starts");
        self.instances.push(Instance { runtime, peer: address.into() });
    }

    /// Reports every live session twice a second, to one instance after the other.
    pub fn gateway(&self) {
        let clients: Vec<_> =
            (0..self.instances.len()).map(|at| self.client(at, "gateway")).collect();
        let (live, stop) = (self.live.clone(), self.runtime.stop.clone());
        let reports = self.reports.clone();
        self.runtime.tasks.spawn("gateway", async move {
            for turn in 0_usize.. {
                let told = calls::ReportSessionsRequest {
                    gateway: "gateway-1".to_owned(),
                    live: live.lock().expect("whole").values().cloned().collect(),
                    renewal: true,
                    ..calls::ReportSessionsRequest::default()
                };
                let mut client = clients[turn % clients.len()].clone();
                if client.report_sessions(installation(told)).await.is_ok() {
                    reports.fetch_add(1, Ordering::SeqCst);
                }
                tokio::select! {
                    () = stop.cancelled() => break,
                    () = tokio::time::sleep(Duration::from_millis(500)) => {}
                }
            }
            Ok(())
        });
    }

    /// Reports that arrived so far.
    pub fn reports(&self) -> u64 {
        self.reports.load(Ordering::SeqCst)
    }

    pub fn client(&self, at: usize, service: &str) -> RoutingServiceClient<Channel> {
        let identity = self.keys.identity(service).expect("identity");
        let peer = &self.instances[at].peer;
        RoutingServiceClient::new(Client::connect(peer, identity, "routing").expect("an address"))
    }

    /// A call of a member.
    pub fn by<M>(&self, member: MemberId, message: M) -> Request<M> {
        let caller = Caller::for_member(self.organization, member.uuid());
        rpc::request(message, &caller, Duration::from_secs(10))
    }

    /// A conversation that waits since so many seconds ago.
    pub async fn waits(&self, seconds_ago: i64) -> ConversationId {
        let conversation = ConversationId::mint();
        self.tell(&[self.standing(conversation, conversation::State::New, seconds_ago)]).await;
        conversation
    }

    /// The next standing of a conversation.
    pub fn standing(
        &self,
        conversation: ConversationId,
        state: conversation::State,
        seconds_ago: i64,
    ) -> conversation::ConversationEvent {
        let since = now() - time::Duration::seconds(seconds_ago);
        let rev = self.rev.fetch_add(1, Ordering::SeqCst) + 1;
        conversation::ConversationEvent {
            metadata: Some(self.metadata(EventId::mint())),
            conversation_id: conversation.to_string(),
            rev,
            standing: Some(conversation::Standing {
                state: state.into(),
                channel_ids: vec![self.channel.to_string()],
                waiting_since: (state == conversation::State::New).then_some(
                    prost_types::Timestamp { seconds: since.unix_timestamp(), nanos: 0 },
                ),
                ..conversation::Standing::default()
            }),
            fact: None,
        }
    }

    /// Publishes events as conversation does, each of its own organization.
    pub async fn tell(&self, events: &[conversation::ConversationEvent]) {
        self.told.fetch_add(i64::try_from(events.len()).expect("few"), Ordering::SeqCst);
        for page in events.chunks(1_000) {
            let messages = page
                .iter()
                .map(|event| {
                    let metadata = event.metadata.as_ref().expect("metadata");
                    let id = metadata.event_id.parse().expect("an id");
                    let organization = metadata.organization_id.parse().expect("an id");
                    let payload = event.encode_to_vec();
                    message(id, organization, "conversation", "state_changed", payload)
                })
                .collect();
            append(&self.conversation, messages).await;
        }
    }

    fn metadata(&self, event: EventId) -> Metadata {
        Metadata {
            event_id: event.to_string(),
            organization_id: self.organization.to_string(),
            occurred_at: Some(prost_types::Timestamp { seconds: now().unix_timestamp(), nanos: 0 }),
            ..Metadata::default()
        }
    }

    /// A session of the member opens; it is renewed until it closes.
    pub async fn opens(&self, member: MemberId) -> calls::Session {
        let session = calls::Session {
            session: kit_values::mint_uuid().to_string(),
            organization_id: self.organization.to_string(),
            member_id: member.to_string(),
            signed_in_at: None,
            ..calls::Session::default()
        };
        self.opens_as(session.clone()).await.expect("reported");
        session
    }

    pub async fn opens_as(&self, session: calls::Session) -> Result<(), Fault> {
        let outcome = self
            .report(calls::ReportSessionsRequest {
                gateway: "gateway-1".to_owned(),
                opened: vec![session.clone()],
                ..calls::ReportSessionsRequest::default()
            })
            .await;
        // A gateway says that it lives only together with its opening, or after it.
        self.live.lock().expect("whole").insert(session.session.clone(), session);
        outcome
    }

    pub async fn closes(&self, session: &calls::Session) {
        self.live.lock().expect("whole").remove(&session.session);
        self.report(calls::ReportSessionsRequest {
            gateway: "gateway-1".to_owned(),
            closed: vec![session.clone()],
            ..calls::ReportSessionsRequest::default()
        })
        .await
        .expect("reported");
    }

    /// The member of a session types somewhere, or nowhere any more, as the next renewal says.
    pub fn types(&self, session: &calls::Session, conversation: Option<ConversationId>) {
        let mut live = self.live.lock().expect("whole");
        let session = live.get_mut(&session.session).expect("a live session");
        session.typing_conversation_ids = conversation.iter().map(ToString::to_string).collect();
    }

    pub async fn report(&self, told: calls::ReportSessionsRequest) -> Result<(), Fault> {
        let answer = self.client(0, "gateway").report_sessions(installation(told)).await;
        answer.map(|_| ()).map_err(rpc::fault)
    }

    /// As if fifteen seconds had passed since the member's last session closed.
    pub async fn unseen(&self, member: MemberId) {
        // The gateway may be saying at this moment that it lives.
        let before = self.reports();
        self.until("the gateway has said something else", async || self.reports() > before).await;
        let record = format!("guichet:presence:{}:{member}", self.organization);
        self.redis.command(&["DEL", &record]).await;
    }

    /// Many members are there, without a word of each.
    pub fn all_live(&self, members: &[MemberId]) {
        let mut live = self.live.lock().expect("whole");
        for member in members {
            let session = calls::Session {
                session: kit_values::mint_uuid().to_string(),
                organization_id: self.organization.to_string(),
                member_id: member.to_string(),
                signed_in_at: None,
                ..calls::Session::default()
            };
            live.insert(session.session.clone(), session);
        }
    }

    /// The member is there and available.
    pub async fn ready(&self, member: MemberId) -> calls::Session {
        let session = self.opens(member).await;
        self.available(member).await;
        session
    }

    pub async fn available(&self, member: MemberId) {
        let message = calls::SetAvailabilityRequest {
            availability: calls::Availability::Available.into(),
            ..calls::SetAvailabilityRequest::default()
        };
        let request = self.by(member, message);
        self.client(0, "gateway").set_availability(request).await.expect("available");
    }

    /// Away; how many conversations went back.
    pub async fn away(&self, member: MemberId, keep_conversations: bool) -> i32 {
        let message = calls::SetAvailabilityRequest {
            availability: calls::Availability::Away.into(),
            keep_conversations,
            ..calls::SetAvailabilityRequest::default()
        };
        let request = self.by(member, message);
        let answer = self.client(0, "gateway").set_availability(request).await.expect("away");
        answer.into_inner().handed_back
    }

    pub async fn until(&self, what: &str, condition: impl AsyncFn() -> bool) {
        eventually(Duration::from_mins(1), what, condition).await;
    }

    /// Waits until everything that was told has been applied.
    pub async fn settled(&self) {
        let sql = "SELECT count(*) FROM routing.inbox WHERE reader = 'routing-conversations'";
        self.until("everything was applied", async || {
            self.database.number(sql).await == self.told.load(Ordering::SeqCst)
        })
        .await;
    }

    /// Who owns the conversation, as it is kept.
    pub async fn owner(&self, conversation: ConversationId) -> Option<MemberId> {
        let sql = format!(
            "SELECT COALESCE(owner_member_id::text, '') FROM routing.conversation \
             WHERE conversation_id = '{}'",
            conversation.uuid()
        );
        let found = self.database.texts(&sql).await.pop()?;
        Uuid::try_parse(&found).ok().map(MemberId::from_uuid)
    }

    pub async fn until_owned(&self, conversation: ConversationId, by: MemberId) {
        self.until("the conversation is owned", async || {
            self.owner(conversation).await == Some(by)
        })
        .await;
    }

    pub async fn until_known(&self, conversation: ConversationId) {
        let sql = format!(
            "SELECT count(*) FROM routing.conversation WHERE conversation_id = '{}'",
            conversation.uuid()
        );
        self.until("the conversation is known", async || self.database.number(&sql).await == 1)
            .await;
    }

    pub async fn explain(
        &self,
        member: MemberId,
        conversation: ConversationId,
    ) -> Vec<calls::Explanation> {
        let message = calls::ExplainRequest { conversation_id: conversation.to_string() };
        let answer = self.client(0, "gateway").explain(self.by(member, message)).await;
        answer.expect("explained").into_inner().explanations
    }

    /// How many conversations the member owns, as is counted for them.
    pub async fn load(&self, member: MemberId) -> i64 {
        let sql = format!(
            "SELECT load::bigint FROM routing.member WHERE member_id = '{}'",
            member.uuid()
        );
        self.database.number(&sql).await
    }

    /// I4 as the tables tell it: what is counted is what is owned, nobody is above the hard limit,
    /// and epochs, owners and explanations of every conversation agree.
    pub async fn audit(&self) {
        let miscounted = self
            .database
            .texts(
                "SELECT m.member_id::text FROM routing.member AS m LEFT JOIN ( \
                     SELECT organization_id, owner_member_id, count(*) AS owned \
                     FROM routing.conversation WHERE state = 1 GROUP BY 1, 2 \
                 ) AS c ON c.organization_id = m.organization_id \
                     AND c.owner_member_id = m.member_id \
                 WHERE m.load <> COALESCE(c.owned, 0) OR m.load > m.hard_limit",
            )
            .await;
        assert_eq!(miscounted, Vec::<String>::new(), "load is not what is owned");
        let unexplained = self
            .database
            .texts(
                "SELECT c.conversation_id::text FROM routing.conversation AS c \
                 WHERE c.owner_member_id IS NOT NULL AND NOT EXISTS ( \
                     SELECT FROM routing.explanation AS e \
                     WHERE e.organization_id = c.organization_id \
                         AND e.conversation_id = c.conversation_id AND e.epoch = c.epoch \
                         AND e.member_id = c.owner_member_id \
                 )",
            )
            .await;
        assert_eq!(unexplained, Vec::<String>::new(), "an owner without an explanation");
    }
}

fn message(
    event: EventId,
    organization: OrganizationId,
    from: &str,
    fact: &str,
    payload: Vec<u8>,
) -> Message {
    Message {
        event,
        organization: Some(organization),
        subject: subject(from, None, Some(organization), fact),
        network: None,
        lane: 0,
        payload,
        occurred_at: now(),
        trace: None,
    }
}

/// A call of the installation itself.
pub fn installation<M>(message: M) -> Request<M> {
    rpc::request(message, &Caller::installation(), Duration::from_secs(10))
}

async fn append(store: &Store, messages: Vec<Message>) {
    let transaction = store.begin(&Scope::Unscoped).await.expect("begins");
    outbox::append(&transaction, messages).await.expect("appends");
    transaction.commit().await.expect("commits");
}
