//! Calls to directory: who may change settings, and the token of the account at Bitly, which is
//! sealed there. Here it is kept in memory, by its version.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use kit_service::rpc::{self, Channel, Client};
use kit_service::{Caller, Identity, Peer};
use kit_values::{Class, Fault, OrganizationId, Secret};
use proto::directory::v1 as pb;
use proto::directory::v1::directory_service_client::DirectoryServiceClient;
use proto::directory::v1::settings_service_client::SettingsServiceClient;
use uuid::Uuid;

use crate::domain::MemberId;

const DEADLINE: Duration = Duration::from_secs(5);
/// What a connection of this kind is called.
const KIND: &str = "bitly";

/// Version and token of each organization's account.
type Tokens = HashMap<OrganizationId, (i64, Secret<String>)>;

/// Directory.
#[derive(Clone)]
pub struct Directory {
    people: DirectoryServiceClient<Channel>,
    settings: SettingsServiceClient<Channel>,
    tokens: Arc<Mutex<Tokens>>,
}

impl Directory {
    /// A connection, made at the first call.
    ///
    /// # Errors
    /// Invalid when the peer's address is no address.
    pub fn connect(peer: &Peer, identity: Identity) -> Result<Self, Fault> {
        let channel = Client::connect(peer, identity, "directory")?;
        Ok(Self {
            people: DirectoryServiceClient::new(channel.clone()),
            settings: SettingsServiceClient::new(channel),
            tokens: Arc::default(),
        })
    }

    /// Lets admins through.
    ///
    /// # Errors
    /// Forbidden for everybody else; unavailable without directory.
    pub async fn require_admin(
        &self,
        organization: OrganizationId,
        member: Uuid,
    ) -> Result<(), Fault> {
        let refused = || {
            let sentence = "Only admins may see and change how links are shortened.";
            Fault::new(Class::Forbidden, "admin_only", sentence)
        };
        let caller = Caller::for_member(organization, member);
        let message = pb::GetMemberRequest { member_id: MemberId::from_uuid(member).to_string() };
        let request = rpc::request(message, &caller, DEADLINE);
        let answer = self.people.clone().get_member(request).await.map_err(rpc::fault);
        let found = match answer {
            Ok(answer) => answer.into_inner().member,
            Err(fault) if fault.class() == Class::NotFound => None,
            Err(fault) => return Err(fault),
        };
        let is_admin = |member: &pb::Member| {
            !member.deactivated && member.roles().any(|role| role == pb::Role::Admin)
        };
        found.filter(is_admin).map(drop).ok_or_else(refused)
    }

    /// Has a token sealed; its version.
    ///
    /// # Errors
    /// What directory says.
    pub async fn seal(
        &self,
        (organization, member): (OrganizationId, Uuid),
        account: &str,
        token: &Secret<String>,
    ) -> Result<i64, Fault> {
        let message = pb::PutConnectionRequest {
            kind: KIND.to_owned(),
            account: account.to_owned(),
            secret: token.expose().clone(),
        };
        let caller = Caller::for_member(organization, member);
        let request = rpc::request(message, &caller, DEADLINE);
        let answer = self.settings.clone().put_connection(request).await.map_err(rpc::fault)?;
        let connection = answer.into_inner().connection.unwrap_or_default();
        self.keep(organization, connection.version, token.clone());
        Ok(connection.version)
    }

    /// Has a token of this version forgotten, or whichever there is: not one that somebody else has
    /// sealed meanwhile.
    ///
    /// # Errors
    /// What directory says.
    pub async fn forget(
        &self,
        (organization, member): (OrganizationId, Uuid),
        version: Option<i64>,
    ) -> Result<(), Fault> {
        let version = version.unwrap_or_default();
        let message = pb::RemoveConnectionRequest { kind: KIND.to_owned(), version };
        let caller = Caller::for_member(organization, member);
        let request = rpc::request(message, &caller, DEADLINE);
        let outcome = self.settings.clone().remove_connection(request).await.map_err(rpc::fault);
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner).remove(&organization);
        match outcome {
            Err(fault) if fault.code() == "connection_changed" => Ok(()),
            Err(fault) if fault.class() != Class::NotFound => Err(fault),
            _ => Ok(()),
        }
    }

    /// The token of this version: another one is of another account, whose groups are not ours.
    ///
    /// # Errors
    /// What directory says; rejected when it has another one.
    pub async fn token(
        &self,
        organization: OrganizationId,
        version: i64,
    ) -> Result<Secret<String>, Fault> {
        let known = {
            let tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
            tokens.get(&organization).filter(|(known, _)| *known == version).cloned()
        };
        if let Some((_, token)) = known {
            return Ok(token);
        }
        let message = pb::GetConnectionCredentialsRequest { kind: KIND.to_owned() };
        let caller = Caller::for_organization(organization);
        let request = rpc::request(message, &caller, DEADLINE);
        let answer = self.settings.clone().get_connection_credentials(request).await;
        let answer = answer.map_err(rpc::fault)?.into_inner();
        let token = Secret::new(answer.secret);
        let found = answer.connection.map_or(version, |connection| connection.version);
        self.keep(organization, found, token.clone());
        if found != version {
            let sentence = "The account at Bitly was connected anew.";
            return Err(Fault::new(Class::Rejected, "bitly_token_changed", sentence));
        }
        Ok(token)
    }

    fn keep(&self, organization: OrganizationId, version: i64, token: Secret<String>) {
        let mut tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        if tokens.get(&organization).is_none_or(|(known, _)| *known <= version) {
            tokens.insert(organization, (version, token));
        }
    }
}
