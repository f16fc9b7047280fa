//! The directory: who is who.

use std::time::Duration;

use kit_service::rpc::{self, Channel, Client};
use kit_service::{Caller, Identity, Peer};
use kit_values::{Fault, OrganizationId, Secret};
use proto::directory::v1 as directory;
use proto::directory::v1::directory_service_client::DirectoryServiceClient;

use super::{DEADLINE, incomplete, member_of};
use crate::domain::MemberId;
use crate::domain::access::access;
use crate::domain::session::Session;
use crate::wire::names::Names;
use crate::wire::{from_proto, rest, rights};

/// The directory.
#[derive(Clone)]
pub struct Directory(DirectoryServiceClient<Channel>);

/// Somebody who has proved who they are.
pub struct Verified {
    /// As JSON shows them.
    pub me: rest::Me,
    /// Where they belong.
    pub organization: OrganizationId,
    /// Who they are.
    pub member: MemberId,
    /// Sessions of an older epoch are void.
    pub epoch: i64,
}

impl Directory {
    /// At this address; connected when first used.
    ///
    /// # Errors
    /// Invalid when it is no address.
    pub fn new(peer: &Peer, identity: Identity) -> Result<Self, Fault> {
        let channel = Client::connect(peer, identity, "directory")?;
        Ok(Self(DirectoryServiceClient::new(channel)))
    }

    /// Who signs in.
    ///
    /// # Errors
    /// Unauthenticated or limited, as the directory says.
    pub async fn verify_sign_in(
        &self,
        login: String,
        password: Secret<String>,
        client_address: String,
    ) -> Result<Verified, Fault> {
        let message = directory::VerifySignInRequest {
            login,
            password: password.expose().clone(),
            client_address,
        };
        // Hashing may wait for its turn.
        let request = rpc::request(message, &Caller::installation(), Duration::from_secs(9));
        let answer = self.0.clone().verify_sign_in(request).await.map_err(rpc::fault)?;
        verified(answer.into_inner().member)
    }

    /// The member of the session.
    ///
    /// # Errors
    /// Not found when the member is there no more.
    pub async fn member(&self, session: &Session) -> Result<Verified, Fault> {
        let message = directory::GetMemberRequest { member_id: session.member.to_string() };
        let request = rpc::request(message, &member_of(session), DEADLINE);
        let answer = self.0.clone().get_member(request).await.map_err(rpc::fault)?;
        verified(answer.into_inner().member)
    }

    /// The organization of the session.
    pub async fn organization(&self, session: &Session) -> Result<rest::Organization, Fault> {
        self.organization_of(session.organization).await
    }

    /// An organization.
    pub async fn organization_of(&self, id: OrganizationId) -> Result<rest::Organization, Fault> {
        let message = directory::GetOrganizationRequest {};
        let request = rpc::request(message, &Caller::for_organization(id), DEADLINE);
        let answer = self.0.clone().get_organization(request).await.map_err(rpc::fault)?;
        let organization = answer.into_inner().organization.ok_or_else(incomplete)?;
        Ok(from_proto::organization(organization))
    }

    /// The channels whose conversations the session's member may see.
    pub async fn channels(&self, session: &Session) -> Result<Vec<rest::Channel>, Fault> {
        let caller = &member_of(session);
        let message = directory::GetMemberRequest { member_id: session.member.to_string() };
        let me = rpc::request(message, caller, DEADLINE);
        let all = rpc::request(directory::ListChannelsRequest {}, caller, DEADLINE);
        let (mut asking, mut listing) = (self.0.clone(), self.0.clone());
        let (me, all) = futures::try_join!(asking.get_member(me), listing.list_channels(all))
            .map_err(rpc::fault)?;
        let me = me.into_inner().member.ok_or_else(incomplete)?;
        let mut seen = Vec::new();
        for channel in all.into_inner().channels {
            if access(session.member, rights::standing(&me), &rights::door(&channel)?).is_some() {
                seen.push(from_proto::channel(channel)?);
            }
        }
        Ok(seen)
    }

    /// The members of an organization, as others see them.
    pub async fn members(&self, organization: OrganizationId) -> Result<Names, Fault> {
        let message = directory::ListMembersRequest {};
        let caller = Caller::for_organization(organization);
        // Whoever waits for names waits for the rows that bear them.
        let request = rpc::request(message, &caller, Duration::from_secs(2));
        let answer = self.0.clone().list_members(request).await.map_err(rpc::fault)?;
        from_proto::names(answer.into_inner().members)
    }
}

/// Somebody, as the directory says who they are.
pub(super) fn verified(member: Option<directory::Member>) -> Result<Verified, Fault> {
    let member = member.ok_or_else(incomplete)?;
    Ok(Verified {
        organization: member.organization_id.parse().map_err(Fault::internal)?,
        member: member.member_id.parse().map_err(Fault::internal)?,
        epoch: member.session_epoch,
        me: from_proto::me(&member)?,
    })
}
