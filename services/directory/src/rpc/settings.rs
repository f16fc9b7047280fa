//! gRPC: what an organization sets, and what a member prefers.

use kit_service::rpc::{admitted, status};
use kit_values::{Fault, OrganizationId, Secret};
use proto::directory::v1 as pb;
use proto::directory::v1::settings_service_server::SettingsService;
use tonic::{Request, Response, Status};

use super::{DELIVERY, Directory, GATEWAY, SERVICES, installation};
use crate::app::{Actor, attributes, audit, channel_settings, connections, preferences, rights};
use crate::domain::AttributeId;
use crate::domain::attribute::Attributes;
use crate::wire;
use crate::wire::requests::id;
use crate::wire::settings as read;

/// Who shortens links.
const LINKS: &[&str] = &["link_shortener"];

/// The settings behind the port.
pub struct Settings(pub Directory);

/// The organization and the actor of a call by one of these services.
fn acting<T>(request: &Request<T>, services: &[&str]) -> Result<(OrganizationId, Actor), Status> {
    let caller = admitted(request, services)?;
    Ok((caller.organization().map_err(status)?, Actor::behind(&caller)))
}

impl Settings {
    async fn attributes(&self, id: OrganizationId, actor: &Actor) -> Result<Attributes, Fault> {
        let now = kit_values::now();
        let list = self.0.store.transaction_retrying(&id.into(), async |tx| {
            rights::member(tx, id, actor).await?;
            attributes::list(tx, id, now).await
        });
        list.await
    }

    async fn all(
        &self,
        asked: &pb::ListContactAttributesRequest,
    ) -> Result<pb::ListContactAttributesResponse, Fault> {
        let after = match asked.after.as_str() {
            "" => None,
            text => Some(id("after", text)?),
        };
        let (lists, next) = attributes::all(&self.0.store, after, kit_values::now()).await?;
        let organizations = lists.iter().map(|(id, list)| read::attributes(*id, list)).collect();
        let next = next.map(|id| id.to_string()).unwrap_or_default();
        Ok(pb::ListContactAttributesResponse { organizations, next })
    }

    async fn add(
        &self,
        (organization, actor): (OrganizationId, Actor),
        asked: pb::CreateContactAttributeRequest,
    ) -> Result<(Attributes, AttributeId), Fault> {
        let (of, now, added) =
            (read::read_type(asked.r#type())?, kit_values::now(), AttributeId::mint());
        let list = self.0.store.transaction_retrying(&organization.into(), async |tx| {
            let (name, choices, shown) = (&asked.name, &asked.choices, asked.shown);
            attributes::add(tx, &actor, organization, added, name, of, choices, shown, now).await
        });
        Ok((list.await?, added))
    }

    async fn change(
        &self,
        (organization, actor): (OrganizationId, Actor),
        asked: pb::ChangeContactAttributeRequest,
    ) -> Result<Attributes, Fault> {
        let (attribute, version, change) = read::attribute_change(asked)?;
        let now = kit_values::now();
        let list = self.0.store.transaction_retrying(&organization.into(), async |tx| {
            let change = (attribute, version, &change);
            attributes::change(tx, &actor, organization, change, now).await
        });
        list.await
    }

    async fn archive(
        &self,
        (organization, actor): (OrganizationId, Actor),
        asked: &pb::ArchiveContactAttributeRequest,
    ) -> Result<Attributes, Fault> {
        let attribute = id("attribute_id", &asked.attribute_id)?;
        let now = kit_values::now();
        let list = self.0.store.transaction_retrying(&organization.into(), async |tx| {
            attributes::archive(tx, &actor, organization, attribute, now).await
        });
        list.await
    }

    async fn order(
        &self,
        (organization, actor): (OrganizationId, Actor),
        asked: &pb::OrderContactAttributesRequest,
    ) -> Result<Attributes, Fault> {
        let ids = asked.attribute_ids.iter().map(|text| id("attribute_ids", text));
        let ids = ids.collect::<Result<Vec<_>, _>>()?;
        let now = kit_values::now();
        let list = self.0.store.transaction_retrying(&organization.into(), async |tx| {
            attributes::order(tx, &actor, organization, &ids, asked.version, now).await
        });
        list.await
    }

    async fn change_channel(
        &self,
        (organization, actor): (OrganizationId, Actor),
        asked: pb::ChangeChannelRequest,
    ) -> Result<pb::Channel, Fault> {
        let about = (organization, id("channel_id", &asked.channel_id)?);
        let (version, now) = (asked.version, kit_values::now());
        let change = read::channel_change(asked);
        let changed = self.0.store.transaction_retrying(&organization.into(), async |tx| {
            let sealer = &self.0.sealer;
            channel_settings::change(tx, sealer, &actor, about, version, &change, now).await
        });
        changed.await.map(|channel| wire::channel(&channel))
    }

    async fn set_access(
        &self,
        (organization, actor): (OrganizationId, Actor),
        asked: pb::SetChannelAccessRequest,
    ) -> Result<pb::Channel, Fault> {
        let about = (organization, id("channel_id", &asked.channel_id)?);
        let entries = read::read_entries(&asked.access)?;
        let now = kit_values::now();
        let changed = self.0.store.transaction_retrying(&organization.into(), async |tx| {
            let (sealer, version) = (&self.0.sealer, asked.version);
            channel_settings::set_access(tx, sealer, &actor, about, version, &entries, now).await
        });
        changed.await.map(|channel| wire::channel(&channel))
    }

    async fn report(&self, asked: &pb::ReportChannelHealthRequest) -> Result<pb::Channel, Fault> {
        let organization: OrganizationId = id("organization_id", &asked.organization_id)?;
        let channel = id("channel_id", &asked.channel_id)?;
        let connected = match asked.health() {
            pb::ChannelHealth::Connected => true,
            pb::ChannelHealth::Disconnected => false,
            pb::ChannelHealth::Unspecified => {
                return Err(Fault::invalid("health", "health", "There is no such health."));
            }
        };
        let (version, now) = (asked.channel_version, kit_values::now());
        let told = self.0.store.transaction(&organization.into(), async |tx| {
            channel_settings::report_health(tx, organization, channel, version, connected, now)
                .await
        });
        told.await.map(|channel| wire::channel(&channel))
    }

    async fn connect(
        &self,
        (organization, actor): (OrganizationId, Actor),
        asked: pb::PutConnectionRequest,
    ) -> Result<pb::Connection, Fault> {
        let about = (organization, read::kind(&asked.kind)?);
        let (secret, now) = (Secret::new(asked.secret), kit_values::now());
        let connected = self.0.store.transaction_retrying(&organization.into(), async |tx| {
            let (sealer, account) = (&self.0.sealer, &asked.account);
            connections::put(tx, sealer, &actor, about, account, &secret, now).await
        });
        connected.await.map(|connection| read::connection(&connection))
    }

    async fn disconnect(
        &self,
        (organization, actor): (OrganizationId, Actor),
        asked: &pb::RemoveConnectionRequest,
    ) -> Result<(), Fault> {
        let (kind, now) = (read::kind(&asked.kind)?, kit_values::now());
        let removed = self.0.store.transaction(&organization.into(), async |tx| {
            connections::remove(tx, &actor, (organization, kind), asked.version, now).await
        });
        removed.await
    }

    async fn credentials(
        &self,
        organization: OrganizationId,
        asked: &pb::GetConnectionCredentialsRequest,
    ) -> Result<pb::GetConnectionCredentialsResponse, Fault> {
        let kind = read::kind(&asked.kind)?;
        let opened = self.0.store.transaction(&organization.into(), async |tx| {
            connections::open(tx, &self.0.sealer, organization, kind).await
        });
        let (connection, secret) = opened.await?;
        Ok(pb::GetConnectionCredentialsResponse {
            connection: Some(read::connection(&connection)),
            secret: secret.expose().clone(),
        })
    }

    async fn audit(
        &self,
        (organization, actor): (OrganizationId, Actor),
        asked: &pb::ListAuditRequest,
    ) -> Result<pb::ListAuditResponse, Fault> {
        let page = self.0.store.transaction(&organization.into(), async |tx| {
            rights::admin(tx, organization, &actor).await?;
            audit::page(tx, organization, asked.before, asked.limit).await
        });
        let audit::Page { entries, intact } = page.await?;
        let entries = entries.into_iter().map(read::entry).collect();
        // Of these entries, and of what was found elsewhere in the chain beside.
        let intact = intact && !self.0.chains.is_broken(organization);
        Ok(pb::ListAuditResponse { entries, intact })
    }
}

#[tonic::async_trait]
impl SettingsService for Settings {
    async fn get_contact_attributes(
        &self,
        request: Request<pb::GetContactAttributesRequest>,
    ) -> Result<Response<pb::GetContactAttributesResponse>, Status> {
        let (organization, actor) = acting(&request, GATEWAY)?;
        let list = self.attributes(organization, &actor).await.map_err(status)?;
        let attributes = Some(read::attributes(organization, &list));
        Ok(Response::new(pb::GetContactAttributesResponse { attributes }))
    }

    async fn list_contact_attributes(
        &self,
        request: Request<pb::ListContactAttributesRequest>,
    ) -> Result<Response<pb::ListContactAttributesResponse>, Status> {
        installation(&request, SERVICES)?;
        Ok(Response::new(self.all(request.get_ref()).await.map_err(status)?))
    }

    async fn create_contact_attribute(
        &self,
        request: Request<pb::CreateContactAttributeRequest>,
    ) -> Result<Response<pb::CreateContactAttributeResponse>, Status> {
        let (organization, actor) = acting(&request, GATEWAY)?;
        let added = self.add((organization, actor), request.into_inner()).await;
        let (list, id) = added.map_err(status)?;
        let attributes = Some(read::attributes(organization, &list));
        let attribute_id = id.to_string();
        Ok(Response::new(pb::CreateContactAttributeResponse { attributes, attribute_id }))
    }

    async fn change_contact_attribute(
        &self,
        request: Request<pb::ChangeContactAttributeRequest>,
    ) -> Result<Response<pb::ChangeContactAttributeResponse>, Status> {
        let (organization, actor) = acting(&request, GATEWAY)?;
        let changed = self.change((organization, actor), request.into_inner()).await;
        let attributes = Some(read::attributes(organization, &changed.map_err(status)?));
        Ok(Response::new(pb::ChangeContactAttributeResponse { attributes }))
    }

    async fn archive_contact_attribute(
        &self,
        request: Request<pb::ArchiveContactAttributeRequest>,
    ) -> Result<Response<pb::ArchiveContactAttributeResponse>, Status> {
        let (organization, actor) = acting(&request, GATEWAY)?;
        let archived = self.archive((organization, actor), request.get_ref()).await;
        let attributes = Some(read::attributes(organization, &archived.map_err(status)?));
        Ok(Response::new(pb::ArchiveContactAttributeResponse { attributes }))
    }

    async fn order_contact_attributes(
        &self,
        request: Request<pb::OrderContactAttributesRequest>,
    ) -> Result<Response<pb::OrderContactAttributesResponse>, Status> {
        let (organization, actor) = acting(&request, GATEWAY)?;
        let ordered = self.order((organization, actor), request.get_ref()).await;
        let attributes = Some(read::attributes(organization, &ordered.map_err(status)?));
        Ok(Response::new(pb::OrderContactAttributesResponse { attributes }))
    }

    async fn change_channel(
        &self,
        request: Request<pb::ChangeChannelRequest>,
    ) -> Result<Response<pb::ChangeChannelResponse>, Status> {
        let acting = acting(&request, GATEWAY)?;
        let channel = Self::change_channel(self, acting, request.into_inner()).await;
        let channel = Some(channel.map_err(status)?);
        Ok(Response::new(pb::ChangeChannelResponse { channel }))
    }

    async fn set_channel_access(
        &self,
        request: Request<pb::SetChannelAccessRequest>,
    ) -> Result<Response<pb::SetChannelAccessResponse>, Status> {
        let acting = acting(&request, GATEWAY)?;
        let channel = Some(self.set_access(acting, request.into_inner()).await.map_err(status)?);
        Ok(Response::new(pb::SetChannelAccessResponse { channel }))
    }

    async fn report_channel_health(
        &self,
        request: Request<pb::ReportChannelHealthRequest>,
    ) -> Result<Response<pb::ReportChannelHealthResponse>, Status> {
        installation(&request, DELIVERY)?;
        let channel = Some(self.report(request.get_ref()).await.map_err(status)?);
        Ok(Response::new(pb::ReportChannelHealthResponse { channel }))
    }

    async fn get_preferences(
        &self,
        request: Request<pb::GetPreferencesRequest>,
    ) -> Result<Response<pb::GetPreferencesResponse>, Status> {
        let (organization, actor) = acting(&request, GATEWAY)?;
        let kept = self.0.store.transaction(&organization.into(), async |tx| {
            preferences::of(tx, organization, &actor).await
        });
        let (preferences, version) = kept.await.map_err(status)?;
        Ok(Response::new(pb::GetPreferencesResponse { preferences, version }))
    }

    async fn put_preferences(
        &self,
        request: Request<pb::PutPreferencesRequest>,
    ) -> Result<Response<pb::PutPreferencesResponse>, Status> {
        let (organization, actor) = acting(&request, GATEWAY)?;
        let asked = request.get_ref();
        let kept = self.0.store.transaction(&organization.into(), async |tx| {
            preferences::put(tx, organization, &actor, &asked.preferences, asked.version).await
        });
        let (preferences, version) = kept.await.map_err(status)?;
        Ok(Response::new(pb::PutPreferencesResponse { preferences, version }))
    }

    async fn put_connection(
        &self,
        request: Request<pb::PutConnectionRequest>,
    ) -> Result<Response<pb::PutConnectionResponse>, Status> {
        let acting = acting(&request, LINKS)?;
        let connection = Some(self.connect(acting, request.into_inner()).await.map_err(status)?);
        Ok(Response::new(pb::PutConnectionResponse { connection }))
    }

    async fn remove_connection(
        &self,
        request: Request<pb::RemoveConnectionRequest>,
    ) -> Result<Response<pb::RemoveConnectionResponse>, Status> {
        let acting = acting(&request, LINKS)?;
        self.disconnect(acting, request.get_ref()).await.map_err(status)?;
        Ok(Response::new(pb::RemoveConnectionResponse {}))
    }

    async fn get_connection_credentials(
        &self,
        request: Request<pb::GetConnectionCredentialsRequest>,
    ) -> Result<Response<pb::GetConnectionCredentialsResponse>, Status> {
        let organization = admitted(&request, LINKS)?.organization().map_err(status)?;
        let answer = self.credentials(organization, request.get_ref()).await.map_err(status)?;
        Ok(Response::new(answer))
    }

    async fn list_audit(
        &self,
        request: Request<pb::ListAuditRequest>,
    ) -> Result<Response<pb::ListAuditResponse>, Status> {
        let acting = acting(&request, GATEWAY)?;
        Ok(Response::new(self.audit(acting, request.get_ref()).await.map_err(status)?))
    }
}
