//! gRPC: who may ask what, then the use case.

mod people;
mod settings;

pub use people::People;
pub use settings::Settings;

use kit_service::Caller;
use kit_service::rpc::{admitted, status};
use kit_store::{Scope, Store};
use kit_values::{Fault, OrganizationId, Secret};
use proto::directory::v1 as pb;
use proto::directory::v1::directory_service_server::DirectoryService;
use tonic::{Request, Response, Status};

use crate::app::audit::Chains;
use crate::app::connect_channel::connect_channel;
use crate::app::create_application::{create_application, open_secrets};
use crate::app::create_member::create_member;
use crate::app::create_organization::create_organization;
use crate::app::open_channel::open_channel;
use crate::app::{Actor, read, sign_in};
use crate::domain::MemberId;
use crate::password::Hasher;
use crate::sealing::Sealer;
use crate::store::channels;
use crate::wire;

/// Who calls on behalf of people.
const GATEWAY: &[&str] = &["gateway"];
/// Who routes webhooks.
const INGEST: &[&str] = &["ingest"];
/// Who calls networks in an account's name.
const DELIVERY: &[&str] = &["delivery"];
/// Who keeps a projection of accounts or of people.
const SERVICES: &[&str] = &["ingest", "conversation", "routing", "delivery", "notification"];
/// Who sets the installation up.
const OPERATOR: &[&str] = &["operator"];

/// The service behind the port.
#[derive(Clone)]
pub struct Directory {
    store: Store,
    hasher: Hasher,
    sealer: Sealer,
    chains: Chains,
}

impl Directory {
    /// Over these parts.
    pub fn new(store: Store, hasher: Hasher, sealer: Sealer, chains: Chains) -> Self {
        Self { store, hasher, sealer, chains }
    }

    async fn verify_sign_in(&self, asked: pb::VerifySignInRequest) -> Result<pb::Member, Fault> {
        let member = sign_in::sign_in(
            &self.store,
            &self.hasher,
            &asked.login,
            Secret::new(asked.password),
            &asked.client_address,
        )
        .await?;
        Ok(wire::member(&member))
    }

    async fn member(&self, caller: &Caller, asked: &str) -> Result<pb::Member, Fault> {
        let organization = caller.organization()?;
        let id = if asked.is_empty() {
            MemberId::from_uuid(caller.member()?)
        } else {
            wire::requests::id("member_id", asked)?
        };
        let member = self
            .store
            .transaction(&organization.into(), async |tx| read::member(tx, organization, id).await)
            .await?;
        Ok(wire::member(&member))
    }

    async fn organization(&self, id: OrganizationId) -> Result<pb::Organization, Fault> {
        let organization =
            self.store.transaction(&id.into(), async |tx| read::organization(tx, id).await).await?;
        Ok(wire::organization(&organization))
    }

    async fn channels(&self, id: OrganizationId) -> Result<Vec<pb::Channel>, Fault> {
        let channels =
            self.store.transaction(&id.into(), async |tx| channels::of(tx, [id]).await).await?;
        Ok(channels.iter().map(wire::channel).collect())
    }

    async fn secrets(
        &self,
        asked: &pb::GetApplicationSecretsRequest,
    ) -> Result<pb::GetApplicationSecretsResponse, Fault> {
        let id = wire::requests::id("application_id", &asked.application_id)?;
        let (secrets, version) = self
            .store
            .transaction(&Scope::Unscoped, async |tx| {
                open_secrets(tx, &self.sealer, id, asked.version).await
            })
            .await?;
        Ok(pb::GetApplicationSecretsResponse {
            signing_secrets: secrets.signing.iter().map(|secret| secret.expose().clone()).collect(),
            verify_token: secrets.verify_token.expose().clone(),
            version,
        })
    }

    async fn credentials(
        &self,
        asked: &pb::GetChannelCredentialsRequest,
    ) -> Result<pb::GetChannelCredentialsResponse, Fault> {
        let organization: OrganizationId =
            wire::requests::id("organization_id", &asked.organization_id)?;
        let id = wire::requests::id("channel_id", &asked.channel_id)?;
        let opened = self
            .store
            .transaction(&organization.into(), async |tx| {
                open_channel(tx, &self.sealer, organization, id).await
            })
            .await?;
        Ok(pb::GetChannelCredentialsResponse {
            access_token: opened.access_token.expose().clone(),
            application_secret: opened.application_secret.expose().clone(),
            channel: Some(wire::channel(&opened.channel)),
        })
    }

    async fn add_organization(
        &self,
        asked: pb::CreateOrganizationRequest,
    ) -> Result<pb::Organization, Fault> {
        let organization = wire::requests::organization(asked)?;
        let now = kit_values::now();
        let created = self
            .store
            .transaction_retrying(&organization.id.into(), async |tx| {
                create_organization(tx, &Actor::operator(), organization.clone(), now).await
            })
            .await?;
        Ok(wire::organization(&created))
    }

    async fn add_member(&self, asked: pb::CreateMemberRequest) -> Result<pb::Member, Fault> {
        let (member, password) = wire::requests::member(asked)?;
        let hash = Secret::new(self.hasher.hash(password).await?);
        let now = kit_values::now();
        let created = self
            .store
            .transaction_retrying(&member.organization.into(), async |tx| {
                create_member(tx, &Actor::operator(), member.clone(), &hash, now).await
            })
            .await?;
        Ok(wire::member(&created))
    }

    async fn add_application(
        &self,
        asked: pb::CreateApplicationRequest,
    ) -> Result<pb::Application, Fault> {
        let (registration, secrets) = wire::requests::registration(asked)?;
        let scope = registration.organization.map_or(Scope::Unscoped, Scope::Organization);
        let now = kit_values::now();
        let created = self
            .store
            .transaction_retrying(&scope, async |tx| {
                create_application(tx, &self.sealer, &registration, &secrets, now).await
            })
            .await?;
        Ok(wire::application(&created))
    }

    async fn add_channel(&self, asked: pb::ConnectChannelRequest) -> Result<pb::Channel, Fault> {
        let (application, connection) = wire::requests::connection(asked)?;
        let now = kit_values::now();
        let connected = self
            .store
            .transaction_retrying(&connection.organization.into(), async |tx| {
                connect_channel(tx, &self.sealer, application, &connection, now).await
            })
            .await?;
        Ok(wire::channel(&connected))
    }
}

/// Lets these services through, for calls that are about no one organization.
fn installation<T>(request: &Request<T>, services: &[&str]) -> Result<(), Status> {
    admitted(request, services)?.require_installation().map_err(status)
}

#[tonic::async_trait]
impl DirectoryService for Directory {
    async fn verify_sign_in(
        &self,
        request: Request<pb::VerifySignInRequest>,
    ) -> Result<Response<pb::VerifySignInResponse>, Status> {
        installation(&request, GATEWAY)?;
        let member = Self::verify_sign_in(self, request.into_inner()).await.map_err(status)?;
        Ok(Response::new(pb::VerifySignInResponse { member: Some(member) }))
    }

    async fn get_member(
        &self,
        request: Request<pb::GetMemberRequest>,
    ) -> Result<Response<pb::GetMemberResponse>, Status> {
        let caller = admitted(&request, &["gateway", "link_shortener"])?;
        let member = self.member(&caller, &request.get_ref().member_id).await.map_err(status)?;
        Ok(Response::new(pb::GetMemberResponse { member: Some(member) }))
    }

    async fn get_organization(
        &self,
        request: Request<pb::GetOrganizationRequest>,
    ) -> Result<Response<pb::GetOrganizationResponse>, Status> {
        let id = admitted(&request, GATEWAY)?.organization().map_err(status)?;
        let organization = self.organization(id).await.map_err(status)?;
        Ok(Response::new(pb::GetOrganizationResponse { organization: Some(organization) }))
    }

    async fn list_channels(
        &self,
        request: Request<pb::ListChannelsRequest>,
    ) -> Result<Response<pb::ListChannelsResponse>, Status> {
        let id = admitted(&request, GATEWAY)?.organization().map_err(status)?;
        let channels = self.channels(id).await.map_err(status)?;
        Ok(Response::new(pb::ListChannelsResponse { channels }))
    }

    async fn list_routes(
        &self,
        request: Request<pb::ListRoutesRequest>,
    ) -> Result<Response<pb::ListRoutesResponse>, Status> {
        installation(&request, SERVICES)?;
        let (applications, channels) = read::routes(&self.store).await.map_err(status)?;
        Ok(Response::new(pb::ListRoutesResponse {
            applications: applications.iter().map(wire::application).collect(),
            channels: channels.iter().map(wire::channel).collect(),
        }))
    }

    async fn list_people(
        &self,
        request: Request<pb::ListPeopleRequest>,
    ) -> Result<Response<pb::ListPeopleResponse>, Status> {
        installation(&request, SERVICES)?;
        let after = match request.get_ref().after.as_str() {
            "" => None,
            text => Some(wire::requests::id("after", text).map_err(status)?),
        };
        let page = read::people(&self.store, after).await.map_err(status)?;
        Ok(Response::new(pb::ListPeopleResponse {
            members: page.members.iter().map(wire::member).collect(),
            next: page.next.map(|id| id.to_string()).unwrap_or_default(),
            organizations: page.organizations.iter().map(wire::organization).collect(),
        }))
    }

    async fn list_members(
        &self,
        request: Request<pb::ListMembersRequest>,
    ) -> Result<Response<pb::ListMembersResponse>, Status> {
        let id = admitted(&request, GATEWAY)?.organization().map_err(status)?;
        let members = self
            .store
            .transaction(&id.into(), async |tx| read::members(tx, id).await)
            .await
            .map_err(status)?;
        Ok(Response::new(pb::ListMembersResponse {
            members: members.iter().map(wire::member).collect(),
        }))
    }

    async fn get_channel_credentials(
        &self,
        request: Request<pb::GetChannelCredentialsRequest>,
    ) -> Result<Response<pb::GetChannelCredentialsResponse>, Status> {
        installation(&request, DELIVERY)?;
        let answer = self.credentials(request.get_ref()).await.map_err(status)?;
        Ok(Response::new(answer))
    }

    async fn get_application_secrets(
        &self,
        request: Request<pb::GetApplicationSecretsRequest>,
    ) -> Result<Response<pb::GetApplicationSecretsResponse>, Status> {
        installation(&request, INGEST)?;
        Ok(Response::new(self.secrets(request.get_ref()).await.map_err(status)?))
    }

    async fn create_organization(
        &self,
        request: Request<pb::CreateOrganizationRequest>,
    ) -> Result<Response<pb::CreateOrganizationResponse>, Status> {
        installation(&request, OPERATOR)?;
        let organization = self.add_organization(request.into_inner()).await.map_err(status)?;
        Ok(Response::new(pb::CreateOrganizationResponse { organization: Some(organization) }))
    }

    async fn create_member(
        &self,
        request: Request<pb::CreateMemberRequest>,
    ) -> Result<Response<pb::CreateMemberResponse>, Status> {
        installation(&request, OPERATOR)?;
        let member = self.add_member(request.into_inner()).await.map_err(status)?;
        Ok(Response::new(pb::CreateMemberResponse { member: Some(member) }))
    }

    async fn create_application(
        &self,
        request: Request<pb::CreateApplicationRequest>,
    ) -> Result<Response<pb::CreateApplicationResponse>, Status> {
        installation(&request, OPERATOR)?;
        let application = self.add_application(request.into_inner()).await.map_err(status)?;
        Ok(Response::new(pb::CreateApplicationResponse { application: Some(application) }))
    }

    async fn connect_channel(
        &self,
        request: Request<pb::ConnectChannelRequest>,
    ) -> Result<Response<pb::ConnectChannelResponse>, Status> {
        installation(&request, OPERATOR)?;
        let channel = self.add_channel(request.into_inner()).await.map_err(status)?;
        Ok(Response::new(pb::ConnectChannelResponse { channel: Some(channel) }))
    }
}
