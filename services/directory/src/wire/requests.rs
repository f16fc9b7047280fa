//! What is asked, read from protobuf.

use kit_values::{Fault, Id, Kind, OrganizationId, Secret};
use proto::directory::v1 as pb;
use proto::network::v1 as network_pb;

use crate::domain::application::{Credentials, Registration};
use crate::domain::channel::{Capabilities, Connection};
use crate::domain::member::{self, Member, Role};
use crate::domain::organization::{self, Organization};
use crate::domain::{ApplicationId, ChannelId, MemberId, Network};

/// The id of a field.
///
/// # Errors
/// Invalid, naming the field.
pub fn id<K: Kind>(field: &'static str, text: &str) -> Result<Id<K>, Fault> {
    text.parse()
        .map_err(|error| Fault::invalid("id", field, format!("This is not an id: {error}.")))
}

/// The id of a field, or a fresh one when the field is empty.
fn id_or_fresh<K: Kind>(field: &'static str, text: &str) -> Result<Id<K>, Fault> {
    if text.is_empty() { Ok(Id::mint()) } else { id(field, text) }
}

/// What must be given and is not.
pub(super) fn missing(field: &'static str) -> Fault {
    Fault::invalid("missing", field, "This is missing.")
}

fn network(code: i32) -> Result<Option<Network>, Fault> {
    match network_pb::Network::try_from(code) {
        Ok(network_pb::Network::Unspecified) => Ok(None),
        Ok(network_pb::Network::X) => Ok(Some(Network::X)),
        Ok(network_pb::Network::Facebook) => Ok(Some(Network::Facebook)),
        Err(_) => Err(Fault::invalid("network", "network", "There is no such network.")),
    }
}

/// The organization to create.
///
/// # Errors
/// Invalid, naming the field.
pub fn organization(request: pb::CreateOrganizationRequest) -> Result<Organization, Fault> {
    let asked = request.organization.ok_or_else(|| missing("organization"))?;
    let id = id_or_fresh("organization_id", &asked.organization_id)?;
    organization::describe(id, &asked.name, &asked.language, &asked.time_zone)
}

/// The member to add, and their password.
///
/// # Errors
/// Invalid, naming the field.
pub fn member(request: pb::CreateMemberRequest) -> Result<(Member, Secret<String>), Fault> {
    let organization: OrganizationId = id("organization_id", &request.organization_id)?;
    let roles = request.roles().map(role).collect::<Result<Vec<_>, _>>()?;
    let member = member::describe(
        MemberId::mint(),
        organization,
        &request.login,
        &request.display_name,
        &roles,
    )?;
    let password = Secret::new(request.password);
    member::check_new_password(password.expose())?;
    Ok((member, password))
}

pub(super) fn role(code: pb::Role) -> Result<Role, Fault> {
    match code {
        pb::Role::Agent => Ok(Role::Agent),
        pb::Role::Supervisor => Ok(Role::Supervisor),
        pb::Role::Admin => Ok(Role::Admin),
        pb::Role::Unspecified => Err(Fault::invalid("roles", "roles", "There is no such role.")),
    }
}

/// The application to register.
///
/// # Errors
/// Invalid, naming the field.
pub fn registration(
    request: pb::CreateApplicationRequest,
) -> Result<(Registration, Credentials), Fault> {
    let asked = request.application.ok_or_else(|| missing("application"))?;
    let organization = match asked.organization_id.as_str() {
        "" => None,
        text => Some(id("organization_id", text)?),
    };
    let registration = Registration {
        id: id_or_fresh("application_id", &asked.application_id)?,
        network: network(asked.network)?.ok_or_else(|| missing("network"))?,
        name: asked.name,
        organization,
        simulated: asked.simulated,
        permalink_base: asked.permalink_base,
    };
    let secrets = Credentials {
        signing: request.signing_secrets.into_iter().map(Secret::new).collect(),
        verify_token: Secret::new(request.verify_token),
    };
    Ok((registration, secrets))
}

/// The account to connect, and the application to connect it through.
///
/// # Errors
/// Invalid, naming the field.
pub fn connection(
    request: pb::ConnectChannelRequest,
) -> Result<(ApplicationId, Connection), Fault> {
    let asked = request.channel.ok_or_else(|| missing("channel"))?;
    let application = id("application_id", &asked.application_id)?;
    let channel: ChannelId = id_or_fresh("channel_id", &asked.channel_id)?;
    let connection = Connection {
        id: channel,
        organization: id("organization_id", &asked.organization_id)?,
        network: network(asked.network)?,
        account_id: asked.account_id,
        handle: asked.handle,
        display_name: asked.display_name,
        simulated: asked.simulated,
        access_token: Secret::new(request.access_token),
        capabilities: Capabilities {
            tier: asked.tier,
            scopes: asked.scopes.into_iter().collect(),
            api_base: asked.api_base,
        },
    };
    Ok((application, connection))
}
