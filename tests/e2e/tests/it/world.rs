//! A running installation with two organizations: the simulated one that `up` makes, and a second
//! one that an operator adds.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use faults::checker::Sent;
use faults::generator::{mention, signature};
use faults::up::Up;
use kit_service::rpc::{Channel, Client, request};
use kit_service::{Caller, Identity, Peer, identity};
use kit_values::OrganizationId;
use proto::directory::v1 as directory;
use proto::directory::v1::directory_service_client::DirectoryServiceClient;
use proto::network::v1::Network;
use proto::routing::v1::CreateAwayStateRequest;
use proto::routing::v1::routing_service_client::RoutingServiceClient;
use sea_orm::{ConnectionTrait as _, Database, DatabaseConnection, DbBackend, Statement};
use serde::Deserialize;
use tempfile::TempDir;

/// How long anything may take: a bound for what hangs, not a measure of what is healthy.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// The accounts that `tests/fixtures/README.md` names.
const ACCOUNTS: [(&str, &str, &str); 4] = [
    ("x", "1716450569358098432", "nordline_care"),
    ("x", "1998877665544332211", "nordline_fr"),
    ("facebook", "104857600123456789", "nordline"),
    ("facebook", "104857600987654321", "nordlinefrance"),
];

/// What is secret about the second organization.
#[derive(Debug, Clone)]
pub struct Secrets {
    pub signing: String,
    pub verify_token: String,
    pub access_token: String,
    pub password: String,
}

impl Secrets {
    /// Secrets that can be recognised wherever they turn up.
    pub fn with(mark: &str) -> Self {
        Self {
            signing: format!("{mark}-signing-secret"),
            verify_token: format!("{mark}-verify-token"),
            access_token: format!("{mark}-access-token"),
            password: format!("{mark}-password"),
        }
    }
}

/// One organization as its people and its networks see it.
#[derive(Debug, Clone)]
pub struct Tenant {
    pub organization: OrganizationId,
    pub login: String,
    pub password: String,
    pub applications: Vec<Application>,
}

/// One registration at a network.
#[derive(Debug, Clone, Deserialize)]
pub struct Application {
    pub network: String,
    #[serde(rename = "application_id")]
    pub id: String,
    pub secret: String,
    pub account_id: String,
}

impl Tenant {
    pub fn on(&self, network: &str) -> &Application {
        let found = self.applications.iter().find(|it| it.network == network);
        found.expect("an application on the network")
    }
}

#[derive(Deserialize)]
struct Demo {
    organization_id: OrganizationId,
    members: Vec<Login>,
    applications: Vec<Application>,
}

#[derive(Deserialize)]
struct Login {
    login: String,
    password: String,
}

/// Fields are dropped in their order: what runs first, its folder last.
pub struct World {
    pub database: DatabaseConnection,
    pub up: Up,
    pub running: toml::Table,
    pub demo: Tenant,
    pub second: Tenant,
    folder: TempDir,
}

impl World {
    /// Starts it; returns once a first webhook of each organization may come.
    pub async fn start(secrets: &Secrets, environment: &[(&str, String)]) -> Self {
        kit_service::cryptography();
        let folder = tempfile::Builder::new().prefix("guichet-e2e-").tempdir().expect("a folder");
        let up = Up::start(folder.path(), environment);
        let read = |name: &str| {
            let text = std::fs::read_to_string(folder.path().join("data").join(name));
            text.expect("up wrote it")
        };
        let running: toml::Table = read("running.toml").parse().expect("TOML");
        let demo: Demo = toml::from_str(&read("demo.toml")).expect("the demo's file is readable");
        let member = demo.members.first().expect("the demo has members");
        let demo = Tenant {
            organization: demo.organization_id,
            login: member.login.clone(),
            password: member.password.clone(),
            applications: demo.applications,
        };
        let administrator = setting(&running, &["servers", "postgresql"]);
        let mut options = sea_orm::ConnectOptions::new(administrator);
        options.max_connections(2).sqlx_logging(false);
        let database = Database::connect(options).await.expect("PostgreSQL answers");
        let second = add(&running, secrets).await;
        let world = Self { database, up, running, demo, second, folder };
        world.wait_for_routes().await;
        world
    }

    pub fn setting(&self, path: &[&str]) -> String {
        setting(&self.running, path)
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Login and password of everybody in the demo.
    pub fn demo_passwords(&self) -> BTreeMap<String, String> {
        let text = std::fs::read_to_string(self.data().join("demo.toml")).expect("up wrote it");
        let demo: Demo = toml::from_str(&text).expect("the demo's file is readable");
        demo.members.into_iter().map(|member| (member.login, member.password)).collect()
    }

    pub fn gateway(&self) -> String {
        self.setting(&["gateway", "http", "address"])
    }

    /// A connection to `audience` on which `service` signs.
    pub fn channel(&self, service: &str, audience: &str) -> Channel {
        channel(&self.running, service, audience)
    }

    /// The first column of every row as text, as the administrator, whom row-level security does
    /// not bind.
    pub async fn texts(&self, sql: &str) -> Vec<String> {
        texts(&self.database, sql).await
    }

    pub async fn number(&self, sql: &str) -> i64 {
        let texts = self.texts(&format!("SELECT ({sql})::text")).await;
        texts.first().and_then(|text| text.parse().ok()).expect("a number")
    }

    /// Posts a signed mention, its `number`th, by one of a thousand customers; gives the status.
    pub async fn mention(&self, tenant: &Tenant, number: u64, text: &str) -> u16 {
        let now = kit_values::now();
        let message = Sent {
            external_id: (1_990_000_000_000_000_000 + number).to_string(),
            customer: (5_500_000_000_000_000_000 + number % 1_000).to_string(),
            text: text.to_owned(),
            network_time: now.unix_timestamp() * 1_000_000,
            acknowledged: false,
        };
        let application = tenant.on("x");
        let body = mention(&message, &application.account_id, number);
        let signature = signature(&application.secret, body.as_bytes());
        self.hook("x", &application.id, "x-twitter-webhooks-signature", &signature, body).await.0
    }

    /// Posts a body as it is; gives status and answer.
    pub async fn hook(
        &self,
        network: &str,
        application: &str,
        header: &str,
        signature: &str,
        body: String,
    ) -> (u16, String) {
        let ingest = self.setting(&["ingest", "http", "address"]);
        let answer = reqwest::Client::new()
            .post(format!("http://{ingest}/hooks/{network}/{application}"))
            .header(header, signature)
            .body(body)
            .send()
            .await
            .expect("ingest answers");
        (answer.status().as_u16(), answer.text().await.expect("text"))
    }

    /// Ids and words that belong to one organization and must never be seen by another: its own
    /// id, its members, channels, applications, conversations, contacts and messages, with their
    /// long texts.
    pub async fn marks(&self, organization: OrganizationId) -> Vec<String> {
        let organization = organization.uuid();
        let of = |column: &str, table: &str| {
            format!(
                "SELECT replace({column}::text, '-', '') FROM {table} \
                 WHERE organization_id = '{organization}'"
            )
        };
        self.texts(
            &[
                of("organization_id", "directory.organization"),
                of("member_id", "directory.member"),
                of("channel_id", "directory.channel"),
                of("application_id", "directory.application"),
                of("conversation_id", "conversation.conversation"),
                of("contact_id", "conversation.contact"),
                of("identity_id", "conversation.contact_identity"),
                of("message_id", "conversation.message"),
                of("id", "ingest.item"),
                of("away_state_id", "routing.away_state"),
                // Words that somebody else may also say are not a mark.
                format!(
                    "SELECT body FROM conversation.message m WHERE organization_id = \
                     '{organization}' AND length(body) > 20 AND NOT EXISTS (SELECT FROM \
                     conversation.message o WHERE o.body = m.body AND o.organization_id <> \
                     '{organization}')"
                ),
            ]
            .join(" UNION "),
        )
        .await
    }

    /// Waits until ingest knows the second organization's channels and secrets.
    async fn wait_for_routes(&self) {
        let known = format!(
            "SELECT count(*) FROM ingest.route WHERE organization_id = '{}'",
            self.second.organization.uuid()
        );
        let ingest = self.setting(&["ingest", "http", "address"]);
        let what = "ingest knows the second organization's channels";
        kit_testkit::eventually(PATIENCE, what, async || {
            let mut is_known = self.number(&known).await == 4;
            for application in &self.second.applications {
                // The networks' own way to ask whether a callback is theirs.
                let query = if application.network == "x" { "crc_token" } else { "probe" };
                let hook = format!("{}/{}?{query}=1", application.network, application.id);
                let url = format!("http://{ingest}/hooks/{hook}");
                let answer = reqwest::get(url).await.expect("ingest answers");
                is_known &= application.network != "x" || answer.status().is_success();
            }
            is_known
        })
        .await;
    }
}

fn setting(running: &toml::Table, path: &[&str]) -> String {
    let mut value = toml::Value::Table(running.clone());
    for key in path {
        value = value.get(key).unwrap_or_else(|| panic!("no setting {path:?}")).clone();
    }
    value.as_str().unwrap_or_else(|| panic!("{path:?} is no text")).to_owned()
}

pub async fn texts(database: &DatabaseConnection, sql: &str) -> Vec<String> {
    let rows = database.query_all_raw(Statement::from_string(DbBackend::Postgres, sql)).await;
    let rows = rows.unwrap_or_else(|error| panic!("{sql}: {error}"));
    rows.iter().map(|row| row.try_get_by_index(0).expect("text: cast it")).collect()
}

fn channel(running: &toml::Table, service: &str, audience: &str) -> Channel {
    let keys: identity::Keys =
        running["identity"].clone().try_into().expect("the section of identities");
    let identity: Identity = keys.identity(service).expect("a known service");
    let peer = Peer { address: setting(running, &[audience, "rpc", "address"]) };
    Client::connect(&peer, identity, audience).expect("an address")
}

fn asked<M>(message: M) -> tonic::Request<M> {
    request(message, &Caller::installation(), PATIENCE)
}

/// Adds the second organization as an operator does.
async fn add(running: &toml::Table, secrets: &Secrets) -> Tenant {
    let mut client = DirectoryServiceClient::new(channel(running, "operator", "directory"));
    let id = OrganizationId::mint();
    let organization = directory::Organization {
        organization_id: id.to_string(),
        name: "Nordline".to_owned(),
        language: "en".to_owned(),
        time_zone: "Europe/Oslo".to_owned(),
    };
    let request = directory::CreateOrganizationRequest { organization: Some(organization) };
    client.create_organization(asked(request)).await.expect("an organization");
    let login = "ingrid".to_owned();
    let request = directory::CreateMemberRequest {
        organization_id: id.to_string(),
        login: login.clone(),
        display_name: "Ingrid Nordahl".to_owned(),
        roles: vec![directory::Role::Admin.into()],
        password: secrets.password.clone(),
    };
    client.create_member(asked(request)).await.expect("a member");
    let mut routing = RoutingServiceClient::new(channel(running, "operator", "routing"));
    let request =
        CreateAwayStateRequest { organization_id: id.to_string(), name: "Kaffepause".to_owned() };
    routing.create_away_state(asked(request)).await.expect("an away state");
    // The playground knows none of its accounts, and refuses their tokens.
    let played = format!("http://{}", setting(running, &["playground", "http", "address"]));
    let mut applications = Vec::new();
    for network in ["x", "facebook"] {
        let application = format!("app_{}", kit_values::mint_uuid().simple());
        let kind = if network == "x" { Network::X } else { Network::Facebook };
        let request = directory::CreateApplicationRequest {
            application: Some(directory::Application {
                application_id: application.clone(),
                network: kind.into(),
                name: format!("Nordline on {network}"),
                organization_id: id.to_string(),
                // Nothing that a test does may reach a network.
                simulated: true,
                ..directory::Application::default()
            }),
            signing_secrets: vec![secrets.signing.clone()],
            verify_token: if network == "x" { String::new() } else { secrets.verify_token.clone() },
        };
        client.create_application(asked(request)).await.expect("an application");
        for (_, account_id, handle) in ACCOUNTS.iter().filter(|(on, ..)| *on == network) {
            let request = directory::ConnectChannelRequest {
                channel: Some(directory::Channel {
                    channel_id: format!("chan_{}", kit_values::mint_uuid().simple()),
                    organization_id: id.to_string(),
                    application_id: application.clone(),
                    network: kind.into(),
                    account_id: (*account_id).to_owned(),
                    handle: (*handle).to_owned(),
                    display_name: format!("Nordline {handle}"),
                    simulated: true,
                    api_base: format!("{played}/{}", if network == "x" { "x" } else { "graph" }),
                    ..directory::Channel::default()
                }),
                access_token: secrets.access_token.clone(),
            };
            client.connect_channel(asked(request)).await.expect("a channel");
            applications.push(Application {
                network: network.to_owned(),
                id: application.clone(),
                secret: secrets.signing.clone(),
                account_id: (*account_id).to_owned(),
            });
        }
    }
    Tenant { organization: id, login, password: secrets.password.clone(), applications }
}
