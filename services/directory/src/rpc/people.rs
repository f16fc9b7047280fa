//! gRPC: members, how they come and go, and the first run.

use kit_service::rpc::{admitted, status};
use kit_store::Scope;
use kit_values::{Class, Fault, OrganizationId, Secret};
use proto::directory::v1 as pb;
use proto::directory::v1::people_service_server::PeopleService;
use tonic::{Request, Response, Status};

use super::{Directory, GATEWAY, OPERATOR, installation};
use crate::app::change_member::change_member;
use crate::app::{Actor, account, invite, read, sign_in, welcome};
use crate::domain::member::check_new_password;
use crate::domain::{InvitationId, MemberId};
use crate::wire;
use crate::wire::requests::id;
use crate::{store, token};

/// People behind the port.
pub struct People(pub Directory);

fn acting<T>(request: &Request<T>) -> Result<(OrganizationId, Actor), Status> {
    let caller = admitted(request, GATEWAY)?;
    Ok((caller.organization().map_err(status)?, Actor::behind(&caller)))
}

impl People {
    /// The hash of a password that may become somebody's.
    async fn hashed(&self, password: String) -> Result<Secret<String>, Fault> {
        check_new_password(&password)?;
        self.0.hasher.hash(Secret::new(password)).await.map(Secret::new)
    }

    async fn change(
        &self,
        (organization, actor): (OrganizationId, Actor),
        asked: &pb::ChangeMemberRequest,
    ) -> Result<pb::Member, Fault> {
        let member = id("member_id", &asked.member_id)?;
        let (change, now) = (wire::people::change(asked)?, kit_values::now());
        let changed = self.0.store.transaction_retrying(&organization.into(), async |tx| {
            let version = asked.version;
            change_member(tx, &actor, organization, member, version, &change, now).await
        });
        changed.await.map(|member| wire::member(&member))
    }

    async fn invite(
        &self,
        (organization, actor): (OrganizationId, Actor),
        asked: &pb::InviteRequest,
    ) -> Result<pb::InviteResponse, Fault> {
        let invited = wire::people::invited(organization, InvitationId::mint(), asked)?;
        let (token, digest) = token::mint()?;
        let now = kit_values::now();
        let invitation = self.0.store.transaction_retrying(&organization.into(), async |tx| {
            invite::invite(tx, &actor, invited.clone(), digest, now).await
        });
        let invitation = Some(wire::people::invitation(&invitation.await?));
        Ok(pb::InviteResponse { invitation, token: token.expose().clone() })
    }

    async fn accept(&self, asked: pb::AcceptInvitationRequest) -> Result<pb::Member, Fault> {
        let (token, now) = (asked.token, kit_values::now());
        let look = async |tx: &_| invite::look(tx, &token, now).await;
        // Nobody without a good token keeps the processor busy.
        self.0.store.transaction(&Scope::Unscoped, look).await?;
        let hash = self.hashed(asked.password).await?;
        let accept = async |tx: &_| invite::accept(tx, &token, &hash, now).await;
        let member = self.0.store.transaction_retrying(&Scope::Unscoped, accept).await?;
        Ok(wire::member(&member))
    }

    async fn change_password(
        &self,
        (organization, actor): (OrganizationId, Actor),
        asked: pb::ChangePasswordRequest,
    ) -> Result<pb::Member, Fault> {
        let member = actor.member()?;
        check_new_password(&asked.new)
            .map_err(|fault| Fault::invalid(fault.code(), "new", fault.sentence().to_owned()))?;
        let known = self
            .0
            .store
            .transaction(&organization.into(), async |tx| {
                read::member(tx, organization, member).await
            })
            .await?;
        let current = Secret::new(asked.current);
        let address = &asked.client_address;
        let (store, hasher) = (&self.0.store, &self.0.hasher);
        let verified = sign_in::sign_in(store, hasher, known.login.as_str(), current, address);
        verified.await.map_err(|fault| match fault.class() {
            Class::Unauthenticated => {
                Fault::invalid("password_wrong", "current", "This is not your password.")
            }
            _ => fault,
        })?;
        let hash = Secret::new(hasher.hash(Secret::new(asked.new)).await?);
        let now = kit_values::now();
        let changed = store.transaction_retrying(&organization.into(), async |tx| {
            account::set_password(tx, &actor, organization, &hash, now).await
        });
        changed.await.map(|member| wire::member(&member))
    }

    async fn request_reset(
        &self,
        asked: &pb::RequestPasswordResetRequest,
    ) -> Result<pb::RequestPasswordResetResponse, Fault> {
        let (token, digest) = token::mint()?;
        let (store, now) = (&self.0.store, kit_values::now());
        let (login, address) = (&asked.login, &asked.client_address);
        let made = account::request_reset(store, login, address, digest, now).await?;
        Ok(made.map_or_else(Default::default, |(member, expires_at)| {
            pb::RequestPasswordResetResponse {
                member: Some(wire::member(&member)),
                token: token.expose().clone(),
                expires_at: Some(wire::timestamp(expires_at)),
            }
        }))
    }

    async fn make_reset(
        &self,
        (organization, actor): (OrganizationId, Actor),
        asked: &pb::CreatePasswordResetRequest,
    ) -> Result<pb::CreatePasswordResetResponse, Fault> {
        let member = id("member_id", &asked.member_id)?;
        let (token, digest) = token::mint()?;
        let now = kit_values::now();
        let made = self.0.store.transaction(&organization.into(), async |tx| {
            account::make_reset(tx, &actor, organization, member, digest, now).await
        });
        let expires_at = Some(wire::timestamp(made.await?));
        Ok(pb::CreatePasswordResetResponse { token: token.expose().clone(), expires_at })
    }

    async fn complete_reset(
        &self,
        asked: pb::CompletePasswordResetRequest,
    ) -> Result<pb::Member, Fault> {
        let (token, now) = (asked.token, kit_values::now());
        let check = async |tx: &_| account::check_reset(tx, &token, now).await;
        self.0.store.transaction(&Scope::Unscoped, check).await?;
        let hash = self.hashed(asked.password).await?;
        let complete = async |tx: &_| account::complete_reset(tx, &token, &hash, now).await;
        let member = self.0.store.transaction_retrying(&Scope::Unscoped, complete).await?;
        Ok(wire::member(&member))
    }

    async fn welcome(
        &self,
        asked: pb::CompleteWelcomeRequest,
    ) -> Result<pb::CompleteWelcomeResponse, Fault> {
        let now = kit_values::now();
        let (organization, admin) =
            wire::people::welcome(OrganizationId::mint(), MemberId::mint(), &asked)?;
        let token = asked.token;
        let check = async |tx: &_| welcome::check(tx, &token, now).await;
        self.0.store.transaction(&Scope::Unscoped, check).await?;
        let hash = self.hashed(asked.password).await?;
        let complete =
            async |tx: &_| welcome::complete(tx, &token, &organization, &admin, &hash, now).await;
        let made = self.0.store.transaction_retrying(&Scope::Unscoped, complete).await?;
        Ok(pb::CompleteWelcomeResponse {
            organization: Some(wire::organization(&made.0)),
            member: Some(wire::member(&made.1)),
        })
    }
}

#[tonic::async_trait]
impl PeopleService for People {
    async fn change_member(
        &self,
        request: Request<pb::ChangeMemberRequest>,
    ) -> Result<Response<pb::ChangeMemberResponse>, Status> {
        let acting = acting(&request)?;
        let member = Some(self.change(acting, request.get_ref()).await.map_err(status)?);
        Ok(Response::new(pb::ChangeMemberResponse { member }))
    }

    async fn invite(
        &self,
        request: Request<pb::InviteRequest>,
    ) -> Result<Response<pb::InviteResponse>, Status> {
        let acting = acting(&request)?;
        let answer = Self::invite(self, acting, request.get_ref()).await.map_err(status)?;
        Ok(Response::new(answer))
    }

    async fn list_invitations(
        &self,
        request: Request<pb::ListInvitationsRequest>,
    ) -> Result<Response<pb::ListInvitationsResponse>, Status> {
        let (organization, actor) = acting(&request)?;
        let now = kit_values::now();
        let open = self.0.store.transaction(&organization.into(), async |tx| {
            invite::open(tx, &actor, organization, now).await
        });
        let invitations = open.await.map_err(status)?;
        let invitations = invitations.iter().map(wire::people::invitation).collect();
        Ok(Response::new(pb::ListInvitationsResponse { invitations }))
    }

    async fn revoke_invitation(
        &self,
        request: Request<pb::RevokeInvitationRequest>,
    ) -> Result<Response<pb::RevokeInvitationResponse>, Status> {
        let (organization, actor) = acting(&request)?;
        let invitation = id("invitation_id", &request.get_ref().invitation_id).map_err(status)?;
        let now = kit_values::now();
        let revoked = self.0.store.transaction(&organization.into(), async |tx| {
            invite::revoke(tx, &actor, organization, invitation, now).await
        });
        revoked.await.map_err(status)?;
        Ok(Response::new(pb::RevokeInvitationResponse {}))
    }

    async fn get_invitation(
        &self,
        request: Request<pb::GetInvitationRequest>,
    ) -> Result<Response<pb::GetInvitationResponse>, Status> {
        installation(&request, GATEWAY)?;
        let (token, now) = (&request.get_ref().token, kit_values::now());
        let look = async |tx: &_| invite::look(tx, token, now).await;
        let looked = self.0.store.transaction(&Scope::Unscoped, look).await;
        let (invitation, organization) = looked.map_err(status)?;
        Ok(Response::new(pb::GetInvitationResponse {
            invitation: Some(wire::people::invitation(&invitation)),
            organization: Some(wire::organization(&organization)),
        }))
    }

    async fn accept_invitation(
        &self,
        request: Request<pb::AcceptInvitationRequest>,
    ) -> Result<Response<pb::AcceptInvitationResponse>, Status> {
        installation(&request, GATEWAY)?;
        let member = Some(self.accept(request.into_inner()).await.map_err(status)?);
        Ok(Response::new(pb::AcceptInvitationResponse { member }))
    }

    async fn change_password(
        &self,
        request: Request<pb::ChangePasswordRequest>,
    ) -> Result<Response<pb::ChangePasswordResponse>, Status> {
        let acting = acting(&request)?;
        let changed = Self::change_password(self, acting, request.into_inner()).await;
        let member = Some(changed.map_err(status)?);
        Ok(Response::new(pb::ChangePasswordResponse { member }))
    }

    async fn sign_out_everywhere(
        &self,
        request: Request<pb::SignOutEverywhereRequest>,
    ) -> Result<Response<pb::SignOutEverywhereResponse>, Status> {
        let (organization, actor) = acting(&request)?;
        let now = kit_values::now();
        let ended = self.0.store.transaction_retrying(&organization.into(), async |tx| {
            account::sign_out_everywhere(tx, &actor, organization, now).await
        });
        let member = Some(wire::member(&ended.await.map_err(status)?));
        Ok(Response::new(pb::SignOutEverywhereResponse { member }))
    }

    async fn request_password_reset(
        &self,
        request: Request<pb::RequestPasswordResetRequest>,
    ) -> Result<Response<pb::RequestPasswordResetResponse>, Status> {
        installation(&request, GATEWAY)?;
        Ok(Response::new(self.request_reset(request.get_ref()).await.map_err(status)?))
    }

    async fn create_password_reset(
        &self,
        request: Request<pb::CreatePasswordResetRequest>,
    ) -> Result<Response<pb::CreatePasswordResetResponse>, Status> {
        let acting = acting(&request)?;
        Ok(Response::new(self.make_reset(acting, request.get_ref()).await.map_err(status)?))
    }

    async fn complete_password_reset(
        &self,
        request: Request<pb::CompletePasswordResetRequest>,
    ) -> Result<Response<pb::CompletePasswordResetResponse>, Status> {
        installation(&request, GATEWAY)?;
        let member = Some(self.complete_reset(request.into_inner()).await.map_err(status)?);
        Ok(Response::new(pb::CompletePasswordResetResponse { member }))
    }

    async fn create_welcome_token(
        &self,
        request: Request<pb::CreateWelcomeTokenRequest>,
    ) -> Result<Response<pb::CreateWelcomeTokenResponse>, Status> {
        installation(&request, OPERATOR)?;
        let (token, digest) = token::mint().map_err(status)?;
        let now = kit_values::now();
        let keep = async |tx: &_| welcome::begin(tx, digest, now).await;
        let kept = self.0.store.transaction(&Scope::Unscoped, keep).await.map_err(status)?;
        let token = if kept { token.expose().clone() } else { String::new() };
        Ok(Response::new(pb::CreateWelcomeTokenResponse { token }))
    }

    async fn get_welcome(
        &self,
        request: Request<pb::GetWelcomeRequest>,
    ) -> Result<Response<pb::GetWelcomeResponse>, Status> {
        installation(&request, GATEWAY)?;
        let nobody = async |tx: &_| store::members::nobody(tx).await;
        let needed = self.0.store.transaction(&Scope::Unscoped, nobody).await.map_err(status)?;
        Ok(Response::new(pb::GetWelcomeResponse { needed }))
    }

    async fn complete_welcome(
        &self,
        request: Request<pb::CompleteWelcomeRequest>,
    ) -> Result<Response<pb::CompleteWelcomeResponse>, Status> {
        installation(&request, GATEWAY)?;
        Ok(Response::new(self.welcome(request.into_inner()).await.map_err(status)?))
    }
}
