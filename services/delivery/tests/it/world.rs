//! One installation of delivery with everything around it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use delivery::Sending;
use kit_bus::{BrokerSettings, Bus, Relay, Start, StreamPlan, TailEvent, subject};
use kit_service::identity::Keys;
use kit_service::rpc::{self, Channel, Client};
use kit_service::{Caller, Listener, Peer, Runtime};
use kit_store::outbox::{self, Message};
use kit_store::{Migrations, Scope, Store};
use kit_testkit::{Database, TestNats, eventually};
use kit_values::{EventId, OrganizationId, mint_uuid};
use prost::Message as _;
use proto::conversation::v1 as conversation;
use proto::conversation::v1::conversation_event::Fact as Asked;
use proto::delivery::v1 as pb;
use proto::delivery::v1::delivery_event::Fact;
use proto::delivery::v1::delivery_service_client::DeliveryServiceClient;
use proto::directory::v1 as directory;
use proto::event::v1::Metadata;
use proto::ingest::v1 as ingest;
use proto::network::v1::{Identity, MessageAction, MessageKind, Network as OnWire};
use time::OffsetDateTime;

use crate::network::Network;
use crate::peers::Peers;

pub const PATIENCE: Duration = Duration::from_secs(20);

/// Calls and leases end soon, so that a test sees their end.
pub const SENDING: Sending = Sending {
    at_once: 16,
    at_once_per_account: 4,
    timeout_ms: 1_000,
    lease_ms: 2_500,
    refusal_confirmed_ms: 2_000,
};

/// An event of delivery, with its trace.
pub type Told = (pb::DeliveryEvent, Option<String>);

/// One connected account.
#[derive(Debug, Clone)]
pub struct Account {
    pub channel: String,
    pub network: OnWire,
}

pub struct World {
    pub database: Database,
    pub nats: TestNats,
    pub peers: Peers,
    pub network: Network,
    pub organization: OrganizationId,
    pub application: String,
    keys: Keys,
    around: Runtime,
    peer_addresses: (Peer, Peer),
    told: Arc<Mutex<Vec<Told>>>,
    answered: Arc<Mutex<Vec<pb::AuthorAnswered>>>,
    producers: BTreeMap<&'static str, Store>,
    running: Option<(Runtime, Peer)>,
    follows: bool,
}

impl Drop for World {
    fn drop(&mut self) {
        self.around.stop.cancel();
        if let Some((runtime, _)) = &self.running {
            runtime.stop.cancel();
        }
    }
}

pub fn fresh_id(prefix: &str) -> String {
    format!("{prefix}_{}", mint_uuid().simple())
}

pub fn timestamp(moment: OffsetDateTime) -> prost_types::Timestamp {
    let nanos = i32::try_from(moment.nanosecond()).expect("below a thousand million");
    prost_types::Timestamp { seconds: moment.unix_timestamp(), nanos }
}

impl World {
    pub async fn start() -> Self {
        let mut world = Self::around().await;
        world.run(SENDING).await;
        world
    }

    /// One that waits long for the network: what must be under way for a while is, on a busy machine too.
    pub async fn patient() -> Self {
        let mut world = Self::around().await;
        world.run(Sending { timeout_ms: 20_000, lease_ms: 40_000, ..SENDING }).await;
        world
    }

    /// Everything but delivery itself.
    pub async fn around() -> Self {
        kit_service::cryptography();
        let kit = Migrations::new();
        let database = Database::create(&[
            ("delivery", &delivery::migrations()),
            ("conversation", &kit),
            ("ingest", &kit),
            ("directory", &kit),
        ])
        .await;
        let nats = kit_testkit::private_nats().await;
        let keys =
            Keys::generate(&["delivery", "conversation", "directory", "gateway", "operator"])
                .expect("keys");
        let around = Runtime::new(keys.identity("delivery").expect("identity"));
        let broker = BrokerSettings { url: nats.url().to_owned(), ..BrokerSettings::default() };
        let mut producers = BTreeMap::new();
        for (name, producer) in
            [("CONVERSATION", "conversation"), ("INGEST", "ingest"), ("DIRECTORY", "directory")]
        {
            let relay = Store::connect(&database.relay_settings(producer)).await.expect("connects");
            let bus = Bus::connect(&broker, producer).await.expect("connects");
            let max_age = Duration::from_hours(24);
            let stream = StreamPlan { name, producer, max_age, readers: Vec::new() };
            around.tasks.spawn("relay", Relay::new(relay, bus, stream).run(around.stop.clone()));
            let store = Store::connect(&database.settings(producer)).await.expect("connects");
            producers.insert(producer, store);
        }
        let peers = Peers::default();
        let network = Network::start(&around).await;
        let mut addresses = Vec::new();
        for (name, routes) in
            [("directory", peers.directory()), ("conversation", peers.conversation())]
        {
            let runtime = around.for_service(keys.identity(name).expect("identity"));
            let address = rpc::serve(&runtime, &Listener::loopback(), name, routes).await;
            addresses.push(Peer::from(address.expect("listens")));
        }
        let application = directory::Application {
            application_id: fresh_id("app"),
            network: OnWire::X.into(),
            simulated: true,
            version: 1,
            permalink_base: "https://play.example".to_owned(),
            ..directory::Application::default()
        };
        let id = application.application_id.clone();
        peers.held().applications.push(application);
        let conversation = addresses.pop().expect("two");
        let directory = addresses.pop().expect("two");
        Self {
            database,
            nats,
            peers,
            network,
            organization: OrganizationId::mint(),
            application: id,
            keys,
            around,
            peer_addresses: (directory, conversation),
            told: Arc::default(),
            answered: Arc::default(),
            producers,
            running: None,
            follows: false,
        }
    }

    /// The same with delivery in it.
    pub async fn running(mut self, sending: Sending) -> Self {
        self.run(sending).await;
        self
    }

    /// Starts delivery.
    pub async fn run(&mut self, sending: Sending) {
        let runtime = Runtime::new(self.keys.identity("delivery").expect("identity"));
        let address = runtime.reserve(&Listener::loopback()).expect("a free port");
        let broker =
            BrokerSettings { url: self.nats.url().to_owned(), ..BrokerSettings::default() };
        let config = delivery::Config {
            database: self.database.settings("delivery"),
            relay_database: self.database.relay_settings("delivery"),
            broker: broker.clone(),
            rpc: Listener { address },
            directory: self.peer_addresses.0.clone(),
            conversation: self.peer_addresses.1.clone(),
            sending,
        };
        delivery::start(config, runtime.clone()).await.expect("starts");
        self.running = Some((runtime, address.into()));
        if !self.follows {
            self.follows = true;
            self.follow(&broker).await;
        }
    }

    /// Stops delivery as a crash does: what it was doing is left as it is. The fail points have
    /// made its workers leave before.
    pub async fn stop(&mut self) {
        let (runtime, _) = self.running.take().expect("runs");
        runtime.stop.cancel();
        tokio::time::timeout(PATIENCE, runtime.tasks.drained()).await.expect("drained");
    }

    /// Leaves the running delivery to itself, so that a second one can be started beside it.
    pub fn detach(&mut self) -> Runtime {
        self.running.take().expect("runs").0
    }

    async fn follow(&self, broker: &BrokerSettings) {
        let bus = Bus::connect(broker, "test").await.expect("connects");
        let (told, stop) = (Arc::clone(&self.told), self.around.stop.clone());
        let answered = Arc::clone(&self.answered);
        self.around.tasks.spawn("follow", async move {
            let mut tail = bus.follow("DELIVERY", Start::All);
            loop {
                let next = tokio::select! {
                    () = stop.cancelled() => return Ok(()),
                    next = tail.next() => next?,
                };
                if let TailEvent::Event(event) = next {
                    let payload = event.payload.clone();
                    let answer = pb::AuthorAnswered::decode(payload).expect("decodes");
                    if answer.answer.is_some() {
                        answered.lock().expect("answered").push(answer);
                        continue;
                    }
                    let read = pb::DeliveryEvent::decode(event.payload).expect("decodes");
                    told.lock().expect("told").push((read, event.trace));
                }
            }
        });
    }

    /// A connected account on X of the world's organization.
    pub async fn account(&self) -> Account {
        self.account_on(OnWire::X).await
    }

    pub async fn account_on(&self, network: OnWire) -> Account {
        let number = self.peers.held().channels.len() + 1;
        let channel = directory::Channel {
            channel_id: fresh_id("chan"),
            organization_id: self.organization.to_string(),
            application_id: self.application.clone(),
            network: network.into(),
            account_id: format!("{}", 7_000 + number),
            handle: format!("quai{number}"),
            display_name: "Quai".to_owned(),
            simulated: true,
            connected_at: Some(timestamp(kit_values::now())),
            version: 1,
            api_base: self.network.url(),
            ..directory::Channel::default()
        };
        let account = Account { channel: channel.channel_id.clone(), network };
        self.peers.held().channels.push(channel);
        self.announce(&account).await;
        account
    }

    /// Changes the account as directory does, and waits until delivery knows.
    pub async fn change(&self, account: &Account, change: impl FnOnce(&mut directory::Channel)) {
        let version = {
            let mut held = self.peers.held();
            let mut channels = held.channels.iter_mut();
            let channel = channels.find(|it| it.channel_id == account.channel).expect("known");
            change(channel);
            channel.version += 1;
            channel.version
        };
        self.announce(account).await;
        let (_, digits) = account.channel.split_once('_').expect("an id");
        let known = format!(
            "SELECT count(*) FROM delivery.channel \
             WHERE channel_id = '{digits}' AND version = {version}"
        );
        eventually(PATIENCE, "the account is known", async || {
            self.database.number(&known).await == 1
        })
        .await;
    }

    /// Tells delivery that the account is as directory has it now.
    async fn announce(&self, account: &Account) {
        let channel =
            self.peers.held().channels.iter().find(|it| it.channel_id == account.channel).cloned();
        let event = EventId::mint();
        let fact =
            directory::directory_event::Fact::ChannelChanged(directory::ChannelChanged { channel });
        let event_bytes =
            directory::DirectoryEvent { metadata: Some(self.metadata(event)), fact: Some(fact) };
        self.tell("directory", None, "channel_changed", event, event_bytes.encode_to_vec(), None)
            .await;
    }

    /// A reply that conversation has accepted, not told of yet.
    pub fn outbound(
        &self,
        account: &Account,
        kind: MessageKind,
        text: &str,
    ) -> conversation::Outbound {
        let public = kind != MessageKind::PrivateMessage;
        let outbound = conversation::Outbound {
            message_id: fresh_id("msg"),
            conversation_id: fresh_id("conv"),
            channel_id: account.channel.clone(),
            network: account.network.into(),
            kind: kind.into(),
            text: text.to_owned(),
            recipient: Some(Identity {
                network: account.network.into(),
                scope: String::new(),
                network_user_id: "4711".to_owned(),
            }),
            in_reply_to_external_id: if public {
                "1700000000000000001".to_owned()
            } else {
                String::new()
            },
            in_reply_to_kind: if public { MessageKind::Mention.into() } else { 0 },
            last_private_inbound_at: Some(timestamp(kit_values::now())),
            attempt: 1,
            accepted_at: Some(timestamp(kit_values::now())),
            external_id: String::new(),
        };
        self.hold(outbound.clone());
        outbound
    }

    pub fn hold(&self, outbound: conversation::Outbound) {
        let key = (self.organization, outbound.message_id.clone());
        self.peers.held().outbound.insert(key, outbound);
    }

    /// A reply on its way; gives the message.
    pub async fn reply(&self, account: &Account, text: &str) -> String {
        self.reply_as(account, MessageKind::PrivateMessage, text).await
    }

    pub async fn reply_as(&self, account: &Account, kind: MessageKind, text: &str) -> String {
        let outbound = self.outbound(account, kind, text);
        self.queue(&outbound, EventId::mint(), None).await;
        outbound.message_id
    }

    pub async fn queue(
        &self,
        outbound: &conversation::Outbound,
        event: EventId,
        trace: Option<&str>,
    ) {
        let fact = Asked::ReplyQueued(conversation::ReplyQueued {
            message_id: outbound.message_id.clone(),
            attempt: outbound.attempt,
            channel_id: outbound.channel_id.clone(),
        });
        self.ask("reply_queued", event, fact, trace).await;
    }

    pub async fn ask(&self, name: &str, event: EventId, fact: Asked, trace: Option<&str>) {
        let bytes = conversation::ConversationEvent {
            metadata: Some(self.metadata(event)),
            conversation_id: fresh_id("conv"),
            fact: Some(fact),
            ..conversation::ConversationEvent::default()
        };
        self.tell("conversation", None, name, event, bytes.encode_to_vec(), trace).await;
    }

    /// A person says that this try of the message did not arrive.
    pub async fn deny(&self, message: &str, attempt: i32) {
        let said = conversation::ReplySettledByPerson {
            message_id: message.to_owned(),
            attempt,
            sent: false,
        };
        let fact = Asked::ReplySettledByPerson(said);
        self.ask("reply_settled_by_person", EventId::mint(), fact, None).await;
    }

    pub async fn act(&self, action: &conversation::ActionQueued) {
        let fact = Asked::ActionQueued(action.clone());
        self.ask("action_queued", EventId::mint(), fact, None).await;
    }

    /// How the action was settled, in the order told.
    pub fn acted(&self, action: &conversation::ActionQueued) -> Vec<pb::ActionSettled> {
        let facts = self.told().into_iter().filter_map(|(event, _)| event.fact);
        facts
            .filter_map(|fact| match fact {
                Fact::ActionSettled(settled) if settled.action_id == action.action_id => {
                    Some(settled)
                }
                _ => None,
            })
            .collect()
    }

    /// Waits until the action has ended, and gives how.
    pub async fn expect_acted(&self, action: &conversation::ActionQueued) -> pb::ActionSettled {
        eventually(PATIENCE, &format!("{} ended", action.action_id), async || {
            !self.acted(action).is_empty()
        })
        .await;
        self.acted(action).remove(0)
    }

    /// The network tells what the account wrote.
    pub async fn echo(&self, account: &Account, message: ingest::OwnMessageObserved) {
        let event = EventId::mint();
        let network = match account.network {
            OnWire::X => "x",
            _ => "facebook",
        };
        let bytes = ingest::ItemEvent {
            metadata: Some(self.metadata(event)),
            item_id: fresh_id("item"),
            channel_id: account.channel.clone(),
            network: account.network.into(),
            fact: Some(ingest::item_event::Fact::OwnMessageObserved(message)),
        };
        let bytes = bytes.encode_to_vec();
        self.tell("ingest", Some(network), "own_message_observed", event, bytes, None).await;
    }

    pub fn metadata(&self, event: EventId) -> Metadata {
        Metadata {
            event_id: event.to_string(),
            organization_id: self.organization.to_string(),
            occurred_at: Some(timestamp(kit_values::now())),
            ..Metadata::default()
        }
    }

    pub async fn tell(
        &self,
        producer: &'static str,
        network: Option<&'static str>,
        fact: &str,
        event: EventId,
        payload: Vec<u8>,
        trace: Option<&str>,
    ) {
        let message = Message {
            event,
            organization: Some(self.organization),
            subject: subject(producer, network, Some(self.organization), fact),
            network,
            lane: 0,
            payload,
            occurred_at: kit_values::now(),
            trace: trace.map(str::to_owned),
        };
        self.producers[producer]
            .transaction(&Scope::from(self.organization), async |tx| {
                outbox::append(tx, vec![message.clone()]).await
            })
            .await
            .expect("told");
    }

    /// Every answer who wrote something.
    pub fn answered(&self) -> Vec<pb::AuthorAnswered> {
        self.answered.lock().expect("answered").clone()
    }

    /// Everything that delivery told of attempts and echoes.
    pub fn told(&self) -> Vec<Told> {
        self.told.lock().expect("told").clone()
    }

    /// How the message's sends were settled, in the order told.
    pub fn settled(&self, message: &str) -> Vec<pb::SendSettled> {
        let facts = self.told().into_iter().filter_map(|(event, _)| event.fact);
        facts
            .filter_map(|fact| match fact {
                Fact::SendSettled(settled) if settled.message_id == message => Some(settled),
                _ => None,
            })
            .collect()
    }

    /// Why the message's sends were put off, in the order told.
    pub fn waits(&self, message: &str) -> Vec<pb::SendWaiting> {
        let facts = self.told().into_iter().filter_map(|(event, _)| event.fact);
        facts
            .filter_map(|fact| match fact {
                Fact::SendWaiting(waiting) if waiting.message_id == message => Some(waiting),
                _ => None,
            })
            .collect()
    }

    /// What was written in the network's own app, as delivery handed it on.
    pub fn native(&self) -> Vec<pb::NativeReplyObserved> {
        let facts = self.told().into_iter().filter_map(|(event, _)| event.fact);
        facts
            .filter_map(|fact| match fact {
                Fact::NativeReplyObserved(native) => Some(native),
                _ => None,
            })
            .collect()
    }

    /// Waits until the message is settled so, and gives what was told.
    pub async fn expect(&self, message: &str, outcome: pb::Outcome) -> pb::SendSettled {
        let is_so = |settled: &pb::SendSettled| settled.outcome() == outcome;
        eventually(PATIENCE, &format!("{message} {outcome:?}"), async || {
            self.settled(message).iter().any(is_so)
        })
        .await;
        self.settled(message).into_iter().find(is_so).expect("told")
    }

    pub fn client(&self, service: &str) -> DeliveryServiceClient<Channel> {
        let identity = self.keys.identity(service).expect("identity");
        let (_, peer) = self.running.as_ref().expect("runs");
        let channel = Client::connect(peer, identity, "delivery").expect("an address");
        DeliveryServiceClient::new(channel)
    }

    pub async fn attempts(&self, message: &str) -> Vec<pb::Attempt> {
        let request = pb::ListAttemptsRequest { message_id: message.to_owned() };
        let caller = Caller::for_organization(self.organization);
        let request = rpc::request(request, &caller, Duration::from_secs(10));
        let answer = self.client("gateway").list_attempts(request).await;
        answer.expect("answered").into_inner().attempts
    }

    /// Waits until the message's only attempt stands so.
    pub async fn expect_state(&self, message: &str, state: &str) {
        eventually(PATIENCE, &format!("{message} {state}"), async || {
            self.attempts(message).await.iter().any(|attempt| attempt.state == state)
        })
        .await;
    }
}

/// Something to be done to a message that a customer wrote, or to its author.
pub fn action(account: &Account, action: MessageAction, turn: i64) -> conversation::ActionQueued {
    conversation::ActionQueued {
        action_id: fresh_id("act"),
        message_id: fresh_id("msg"),
        channel_id: account.channel.clone(),
        network: account.network.into(),
        action: action.into(),
        turn,
        external_id: "1700000000000000001".to_owned(),
        kind: match account.network {
            OnWire::X => MessageKind::Mention.into(),
            _ => MessageKind::Comment.into(),
        },
        author: Some(Identity {
            network: account.network.into(),
            scope: String::new(),
            network_user_id: "4711".to_owned(),
        }),
        ..conversation::ActionQueued::default()
    }
}

/// What the network tells of a private message of the account's own.
pub fn own(external_id: &str, text: &str) -> ingest::OwnMessageObserved {
    ingest::OwnMessageObserved {
        content: Some(ingest::Content {
            external_id: external_id.to_owned(),
            kind: MessageKind::PrivateMessage.into(),
            text: text.to_owned(),
            network_time: Some(timestamp(kit_values::now())),
            ..ingest::Content::default()
        }),
        counterpart: Some(Identity {
            network: OnWire::X.into(),
            scope: String::new(),
            network_user_id: "4711".to_owned(),
        }),
        ..ingest::OwnMessageObserved::default()
    }
}
