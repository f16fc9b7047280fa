//! One running ingest with everything around it.

use std::time::Duration;

use base64::Engine as _;
use ingest::Config;
use ingest::domain::{ApplicationId, ChannelId};
use kit_bus::BrokerSettings;
use kit_service::identity::Keys;
use kit_service::rpc::{self, Channel as RpcChannel};
use kit_service::{Caller, Listener, Peer, Runtime};
use kit_store::{DatabaseSettings, Migrations};
use kit_testkit::{Database, TestNats, eventually, private_nats};
use kit_values::{OrganizationId, Secret};
use networks::{Network, sign, signature_header};
use proto::directory::v1::{Application, Channel};
use proto::ingest::v1::ingest_service_client::IngestServiceClient;
use proto::ingest::v1::{AuthorWanted, GetRequestRequest, Item, ItemEvent, Outcome};
use reqwest::StatusCode;

use crate::directory::Directory;

pub const PATIENCE: Duration = Duration::from_secs(20);

pub const X_SECRET: &str = "canary-x-consumer-secret";
pub const FACEBOOK_SECRET: &str = "canary-facebook-app-secret";
pub const VERIFY_TOKEN: &str = "canary-verify-token";

/// The accounts of `tests/fixtures/README.md`.
pub const X_ACCOUNTS: [&str; 2] = ["1716450569358098432", "1998877665544332211"];
pub const PAGES: [&str; 2] = ["104857600123456789", "104857600987654321"];

/// Events on their way out, in base64, and which of them are questions to delivery.
const OUTBOX: &str = "SELECT encode(payload, 'base64') FROM ingest.outbox";
const QUESTION: &str = "subject LIKE '%.author_wanted'";

fn decode<M: prost::Message + Default>(text: &str) -> M {
    let plain: String = text.split_whitespace().collect();
    let bytes = base64::engine::general_purpose::STANDARD.decode(plain);
    M::decode(bytes.expect("is base64").as_slice()).expect("is an event")
}

pub struct House {
    pub runtime: Runtime,
    pub database: Database,
    pub nats: TestNats,
    pub directory: Directory,
    pub keys: Keys,
    pub organizations: [OrganizationId; 2],
    pub x: ApplicationId,
    pub facebook: ApplicationId,
    pub http: String,
    pub rpc: Peer,
    pub client: reqwest::Client,
    operator: Option<IngestServiceClient<RpcChannel>>,
    directory_peer: Peer,
    directory_runtime: Runtime,
}

/// What differs from an ordinary start.
#[derive(Default)]
pub struct Options {
    /// No account is connected.
    pub unconnected: bool,
    /// Host and port of the database instead of its own.
    pub database: Option<String>,
}

pub fn migrations() -> Migrations {
    ingest::migrations()
}

impl House {
    pub async fn new() -> Self {
        Self::with(Options::default()).await
    }

    pub async fn with(options: Options) -> Self {
        kit_service::cryptography();
        let database = Database::create(&[("ingest", &migrations())]).await;
        let nats = private_nats().await;
        let keys = Keys::generate(&["ingest", "directory", "operator", "gateway"]).expect("keys");
        let directory = Directory::default();
        let directory_runtime = Runtime::new(keys.identity("directory").expect("a key"));
        let directory_peer = directory.serve(&directory_runtime).await;
        let mut house = Self {
            runtime: Runtime::new(keys.identity("ingest").expect("a key")),
            database,
            nats,
            directory,
            keys,
            organizations: [OrganizationId::mint(), OrganizationId::mint()],
            x: ApplicationId::mint(),
            facebook: ApplicationId::mint(),
            http: String::new(),
            rpc: Peer { address: String::new() },
            client: reqwest::Client::new(),
            operator: None,
            directory_peer,
            directory_runtime,
        };
        house.furnish(options.unconnected);
        house.start(options.database.as_deref()).await;
        house
    }

    fn furnish(&self, unconnected: bool) {
        self.directory.with(|state| {
            for (id, network, secret) in [
                (self.x, proto::network::v1::Network::X, X_SECRET),
                (self.facebook, proto::network::v1::Network::Facebook, FACEBOOK_SECRET),
            ] {
                state.applications.push(Application {
                    application_id: id.to_string(),
                    network: network.into(),
                    name: "an application".to_owned(),
                    version: 1,
                    ..Application::default()
                });
                let secrets = (vec![secret.to_owned()], VERIFY_TOKEN.to_owned());
                state.secrets.insert(id.to_string(), secrets);
            }
        });
        if !unconnected {
            for (place, account) in X_ACCOUNTS.into_iter().enumerate() {
                self.connect(Network::X, account, self.organizations[place]);
            }
            for (place, page) in PAGES.into_iter().enumerate() {
                self.connect(Network::Facebook, page, self.organizations[place]);
            }
        }
    }

    /// Connects an account in directory's memory; ingest learns it when it asks next.
    pub fn connect(
        &self,
        network: Network,
        account: &str,
        organization: OrganizationId,
    ) -> ChannelId {
        let channel = ChannelId::mint();
        self.directory.with(|state| {
            state.channels.push(Channel {
                channel_id: channel.to_string(),
                organization_id: organization.to_string(),
                application_id: self.application(network).to_string(),
                network: ingest::wire::events::network(network).into(),
                account_id: account.to_owned(),
                // Long ago, so that the fixtures are no history.
                connected_at: Some(prost_types::Timestamp { seconds: 1_700_000_000, nanos: 0 }),
                version: 1,
                ..Channel::default()
            });
        });
        channel
    }

    pub fn application(&self, network: Network) -> ApplicationId {
        match network {
            Network::X => self.x,
            Network::Facebook => self.facebook,
        }
    }

    pub fn secret(network: Network) -> Secret {
        let secret = match network {
            Network::X => X_SECRET,
            Network::Facebook => FACEBOOK_SECRET,
        };
        Secret::new(secret.to_owned())
    }

    fn settings(&self, database: Option<&str>) -> Config {
        let through = |settings: DatabaseSettings| match database {
            None => settings,
            Some(address) => {
                let mut url: url::Url = settings.url.expose().parse().expect("an address");
                let (host, port) = address.split_once(':').expect("host and port");
                url.set_host(Some(host)).expect("a host");
                url.set_port(Some(port.parse().expect("a port"))).expect("takes a port");
                DatabaseSettings { url: Secret::new(url.into()), ..settings }
            }
        };
        Config {
            database: through(self.database.settings("ingest")),
            relay_database: through(self.database.relay_settings("ingest")),
            broker: BrokerSettings { url: self.nats.url().to_owned(), ..BrokerSettings::default() },
            rpc: Listener::loopback(),
            http: Listener::loopback(),
            directory: self.directory_peer.clone(),
            sealing_key: Secret::new(base64::engine::general_purpose::STANDARD.encode([7; 32])),
        }
    }

    /// Starts ingest.
    pub async fn open(&mut self, database: Option<&str>) {
        let mut config = self.settings(database);
        config.rpc.address = self.runtime.reserve(&config.rpc).expect("a port");
        config.http.address = self.runtime.reserve(&config.http).expect("a port");
        self.http = format!("http://{}", config.http.address);
        self.rpc = Peer::from(config.rpc.address);
        ingest::start(config, self.runtime.clone()).await.expect("starts");
        self.operator = Some(self.rpc_as("operator"));
    }

    /// Starts ingest and waits until it knows its applications.
    pub async fn start(&mut self, database: Option<&str>) {
        self.open(database).await;
        let wanted = self.directory.with(|state| state.channels.len());
        eventually(PATIENCE, "ingest knows its applications", async || {
            let known = self
                .number("SELECT count(*) FROM ingest.application WHERE sealed IS NOT NULL")
                .await;
            let routes = self.number("SELECT count(*) FROM ingest.route").await;
            known == 2 && routes == i64::try_from(wanted).expect("few")
        })
        .await;
        // The registry follows its tables.
        let probe =
            [("hub.mode", "subscribe"), ("hub.verify_token", VERIFY_TOKEN), ("hub.challenge", "1")];
        let address = self.address(Network::Facebook);
        eventually(PATIENCE, "the registry is loaded", async || {
            let answer = self.client.get(&address).query(&probe).send().await.expect("answers");
            answer.status() == StatusCode::OK
        })
        .await;
    }

    /// Stops ingest as a signal would and starts it again.
    pub async fn restart(&mut self) {
        self.stop().await;
        self.begin_anew();
        self.start(None).await;
    }

    /// Gives a stopped ingest the life of another process.
    pub fn begin_anew(&mut self) {
        self.runtime = Runtime::new(self.keys.identity("ingest").expect("a key"));
    }

    pub async fn stop(&self) {
        self.runtime.stop.cancel();
        tokio::time::timeout(PATIENCE, self.runtime.tasks.drained()).await.expect("drains");
        assert_eq!(self.runtime.tasks.dead(), None);
    }

    pub async fn stop_directory(&self) {
        self.directory_runtime.stop.cancel();
        tokio::time::timeout(PATIENCE, self.directory_runtime.tasks.drained())
            .await
            .expect("drains");
    }

    pub fn address(&self, network: Network) -> String {
        format!("{}/hooks/{network}/{}", self.http, self.application(network))
    }

    /// Posts a body as the network would.
    pub async fn post(&self, network: Network, body: &[u8]) -> reqwest::Response {
        let signature = sign(network, body, &Self::secret(network));
        self.client
            .post(self.address(network))
            .header(signature_header(network), signature)
            .body(body.to_vec())
            .send()
            .await
            .expect("answers")
    }

    /// Posts a body that is accepted; gives its receipt.
    pub async fn deliver(&self, network: Network, body: &[u8]) -> String {
        let answer = self.post(network, body).await;
        assert_eq!(answer.status(), StatusCode::OK);
        let receipt = answer.headers().get("guichet-receipt").expect("has a receipt");
        receipt.to_str().expect("is text").to_owned()
    }

    pub fn rpc_as(&self, service: &str) -> IngestServiceClient<RpcChannel> {
        let identity = self.keys.identity(service).expect("a key");
        let channel = rpc::Client::connect(&self.rpc, identity, "ingest").expect("connects");
        IngestServiceClient::new(channel)
    }

    /// The items of a request, as an operator sees them.
    pub async fn items(&self, receipt: &str) -> Vec<Item> {
        let message = GetRequestRequest { request_id: receipt.to_owned() };
        let request = rpc::request(message, &Caller::installation(), PATIENCE);
        let mut operator = self.operator.clone().expect("has started");
        let answer = operator.get_request(request).await.expect("is known");
        answer.into_inner().items
    }

    /// The outcomes of a request, each as its word and reason.
    pub async fn outcomes(&self, receipt: &str) -> Vec<String> {
        let items = self.items(receipt).await;
        items.iter().map(outcome).collect()
    }

    /// Every event on its way out or already published, oldest first.
    pub async fn events(&self) -> Vec<ItemEvent> {
        let sql = format!("{OUTBOX} WHERE NOT {QUESTION} ORDER BY event_id");
        let rows = self.database.texts(&sql).await;
        rows.iter().map(|text| decode(text)).collect()
    }

    /// Every question to delivery who wrote something, oldest first.
    pub async fn questions(&self) -> Vec<AuthorWanted> {
        let sql = format!("{OUTBOX} WHERE {QUESTION} ORDER BY event_id");
        let rows = self.database.texts(&sql).await;
        rows.iter().map(|text| decode(text)).collect()
    }

    pub async fn number(&self, sql: &str) -> i64 {
        self.database.number(sql).await
    }

    /// How many requests, items, events of items and parked items there are.
    pub async fn counts(&self) -> [i64; 4] {
        [
            self.number("SELECT count(*) FROM ingest.webhook_request").await,
            self.number("SELECT count(*) FROM ingest.item").await,
            self.number(&format!("SELECT count(*) FROM ingest.outbox WHERE NOT {QUESTION}")).await,
            self.number("SELECT count(*) FROM ingest.parked").await,
        ]
    }
}

pub fn outcome(item: &Item) -> String {
    let word = match item.outcome() {
        Outcome::Stored => "stored",
        Outcome::Duplicate => "duplicate",
        Outcome::Ignored => "ignored",
        Outcome::Waiting => "waiting",
        Outcome::Parked => "parked",
        Outcome::Unspecified => "none",
    };
    if item.reason.is_empty() { word.to_owned() } else { format!("{word} {}", item.reason) }
}
