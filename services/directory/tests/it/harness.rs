//! A directory of its own for each test.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kit_bus::BrokerSettings;
use kit_service::identity::Keys;
use kit_service::rpc::{self, Channel, Client};
use kit_service::{Caller, Listener, Peer, Runtime};
use kit_testkit::{SchemaDatabase, TestNats};
use kit_values::{Fault, Id, Kind, OrganizationId, Secret};
use proto::directory::v1::directory_service_client::DirectoryServiceClient;
use proto::directory::v1::people_service_client::PeopleServiceClient;
use proto::directory::v1::settings_service_client::SettingsServiceClient;
use proto::directory::v1::{self as pb, Role};
use proto::network::v1::Network;
use tonic::Request;

/// The services that have keys; `playground` may call nothing of the directory.
const SERVICES: [&str; 8] = [
    "directory",
    "gateway",
    "ingest",
    "operator",
    "routing",
    "delivery",
    "link_shortener",
    "playground",
];

pub struct Directory {
    pub database: SchemaDatabase,
    pub nats: TestNats,
    pub peer: Peer,
    pub identities: Keys,
    runtime: Runtime,
}

impl Drop for Directory {
    fn drop(&mut self) {
        self.runtime.stop.cancel();
    }
}

impl Directory {
    pub async fn start() -> Self {
        kit_service::cryptography();
        let database = kit_testkit::database("directory", &directory::migrations()).await;
        let nats = kit_testkit::private_nats().await;
        let identities = Keys::generate(&SERVICES).expect("keys");
        let (peer, runtime) = process(&database, &nats, &identities).await;
        Self { database, nats, peer, identities, runtime }
    }

    /// In the place of this process, another one on the same database.
    pub async fn restart(&mut self) {
        self.runtime.stop.cancel();
        (self.peer, self.runtime) = process(&self.database, &self.nats, &self.identities).await;
    }

    pub fn channel(&self, service: &str) -> Channel {
        let identity = self.identities.identity(service).expect("identity");
        Client::connect(&self.peer, identity, "directory").expect("an address")
    }

    pub fn client(&self, service: &str) -> DirectoryServiceClient<Channel> {
        DirectoryServiceClient::new(self.channel(service))
    }

    pub fn settings(&self, service: &str) -> SettingsServiceClient<Channel> {
        SettingsServiceClient::new(self.channel(service))
    }

    pub fn people(&self, service: &str) -> PeopleServiceClient<Channel> {
        PeopleServiceClient::new(self.channel(service))
    }

    /// A member with these roles, for calls on their behalf.
    pub async fn person(&self, organization: OrganizationId, login: &str, role: Role) -> Person {
        let request = pb::CreateMemberRequest {
            organization_id: organization.to_string(),
            login: login.to_owned(),
            display_name: login.to_owned(),
            roles: vec![role.into()],
            password: PASSWORD.to_owned(),
        };
        let answer = self.client("operator").create_member(request).await.expect("created");
        Person { organization, member: answer.into_inner().member.expect("a member") }
    }

    /// The acts that were kept, oldest first.
    pub async fn acts(&self, admin: &Person) -> Vec<proto::audit::v1::Entry> {
        let request = admin.asks(pb::ListAuditRequest { before: 0, limit: 200 });
        let answer = self.settings("gateway").list_audit(request).await.expect("listed");
        let answer = answer.into_inner();
        assert!(answer.intact);
        answer.entries.into_iter().rev().collect()
    }

    pub async fn organization(&self, name: &str) -> OrganizationId {
        let organization = pb::Organization { name: name.to_owned(), ..Default::default() };
        let request = pb::CreateOrganizationRequest { organization: Some(organization) };
        let answer = self.client("operator").create_organization(request).await.expect("created");
        let organization = answer.into_inner().organization.expect("an organization");
        organization.organization_id.parse().expect("an id")
    }

    pub async fn member(
        &self,
        organization: OrganizationId,
        login: &str,
    ) -> Result<pb::Member, Fault> {
        let request = pb::CreateMemberRequest {
            organization_id: organization.to_string(),
            login: login.to_owned(),
            display_name: "Amélie".to_owned(),
            roles: vec![Role::Agent.into()],
            password: PASSWORD.to_owned(),
        };
        let answer = self.client("operator").create_member(request).await.map_err(rpc::fault)?;
        Ok(answer.into_inner().member.expect("a member"))
    }

    pub async fn application(&self, asked: pb::Application) -> Result<pb::Application, Fault> {
        let request = pb::CreateApplicationRequest {
            application: Some(asked),
            signing_secrets: vec![SIGNING_SECRET.to_owned()],
            verify_token: VERIFY_TOKEN.to_owned(),
        };
        let answer =
            self.client("operator").create_application(request).await.map_err(rpc::fault)?;
        Ok(answer.into_inner().application.expect("an application"))
    }

    pub async fn connect(&self, asked: pb::Channel) -> Result<pb::Channel, Fault> {
        let request = pb::ConnectChannelRequest {
            channel: Some(asked),
            access_token: ACCESS_TOKEN.to_owned(),
        };
        let answer = self.client("operator").connect_channel(request).await.map_err(rpc::fault)?;
        Ok(answer.into_inner().channel.expect("a channel"))
    }

    pub async fn sign_in(
        &self,
        login: &str,
        password: &str,
        address: &str,
    ) -> Result<pb::Member, Fault> {
        let request = pb::VerifySignInRequest {
            login: login.to_owned(),
            password: password.to_owned(),
            client_address: address.to_owned(),
        };
        let answer = self.client("gateway").verify_sign_in(request).await.map_err(rpc::fault)?;
        Ok(answer.into_inner().member.expect("a member"))
    }
}

async fn process(database: &SchemaDatabase, nats: &TestNats, identities: &Keys) -> (Peer, Runtime) {
    let runtime = Runtime::new(identities.identity("directory").expect("identity"));
    let address = runtime.reserve(&Listener::loopback()).expect("a free port");
    let config = directory::Config {
        database: database.database.settings("directory"),
        relay_database: database.database.relay_settings("directory"),
        broker: BrokerSettings { url: nats.url().to_owned(), ..BrokerSettings::default() },
        rpc: Listener { address },
        key_encryption_key: Secret::new(STANDARD.encode([7; 32])),
    };
    directory::start(config, runtime.clone()).await.expect("the directory starts");
    (address.into(), runtime)
}

/// Somebody who acts.
pub struct Person {
    pub organization: OrganizationId,
    pub member: pb::Member,
}

impl Person {
    /// A request on their behalf.
    pub fn asks<M>(&self, message: M) -> Request<M> {
        let member: Id<AnyMember> = self.member.member_id.parse().expect("an id");
        let caller = Caller::for_member(self.organization, member.uuid());
        rpc::request(message, &caller, Duration::from_secs(10))
    }
}

/// Member ids, whose type is the directory's own.
enum AnyMember {}

impl Kind for AnyMember {
    const PREFIX: &'static str = "mem";
}

pub const PASSWORD: &str = "canary-password-4711";
pub const SIGNING_SECRET: &str = "canary-signing-secret-4711";
pub const VERIFY_TOKEN: &str = "canary-verify-token-4711";
pub const ACCESS_TOKEN: &str = "canary-access-token-4711";

/// An application of the installation on X.
pub fn on_x() -> pb::Application {
    pb::Application {
        network: Network::X.into(),
        name: "Quai on X".to_owned(),
        simulated: true,
        permalink_base: "http://localhost:8080/playground/x".to_owned(),
        ..Default::default()
    }
}

/// An account on it.
pub fn account(organization: OrganizationId, application: &pb::Application) -> pb::Channel {
    pb::Channel {
        organization_id: organization.to_string(),
        application_id: application.application_id.clone(),
        account_id: "4503599627370497000".to_owned(),
        handle: "@quai_aide".to_owned(),
        display_name: "Quai".to_owned(),
        simulated: true,
        ..Default::default()
    }
}

/// A request on behalf of an organization.
pub fn of<M>(organization: OrganizationId, message: M) -> Request<M> {
    let caller = Caller::for_organization(organization);
    rpc::request(message, &caller, Duration::from_secs(10))
}
