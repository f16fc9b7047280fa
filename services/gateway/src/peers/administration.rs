//! What administrators set, and people's own accounts: the directory decides who may.

use std::time::Duration;

use kit_service::rpc::{self, Channel, Client};
use kit_service::{Caller, Identity, Peer};
use kit_values::{Class, Fault};
use proto::directory::v1 as directory;
use proto::directory::v1::directory_service_client::DirectoryServiceClient;
use proto::directory::v1::people_service_client::PeopleServiceClient;
use proto::directory::v1::settings_service_client::SettingsServiceClient;

use super::directory::{Verified, verified};
use super::{DEADLINE, incomplete, member_of};
use crate::domain::access::{Rights, access};
use crate::domain::session::Session;
use crate::domain::{AttributeId, ChannelId, InvitationId, MemberId};
use crate::wire::from_proto::settings as from_proto;
use crate::wire::{rest, rights};

/// How long a person waits for what hashes a password.
const PATIENCE: Duration = Duration::from_secs(15);

/// A link that works once.
pub struct Token {
    /// Part of the link; never logged.
    pub token: String,
    /// Until when it is good.
    pub expires_at: Option<prost_types::Timestamp>,
}

/// Who has forgotten their password, and the link for them.
pub struct Forgotten {
    /// Whom to write to.
    pub member: directory::Member,
    /// The link.
    pub link: Token,
}

/// Settings and people.
#[derive(Clone)]
pub struct Administration {
    directory: DirectoryServiceClient<Channel>,
    settings: SettingsServiceClient<Channel>,
    members: PeopleServiceClient<Channel>,
}

impl Administration {
    /// At this address; connected when first used.
    ///
    /// # Errors
    /// Invalid when it is no address.
    pub fn new(peer: &Peer, identity: Identity) -> Result<Self, Fault> {
        let channel = Client::connect(peer, identity, "directory")?;
        Ok(Self {
            directory: DirectoryServiceClient::new(channel.clone()),
            settings: SettingsServiceClient::new(channel.clone()),
            members: PeopleServiceClient::new(channel),
        })
    }

    /// The organization's contact attributes.
    pub async fn attributes(&self, caller: &Caller) -> Result<rest::ContactAttributes, Fault> {
        let request = rpc::request(directory::GetContactAttributesRequest {}, caller, DEADLINE);
        let answer = self.settings.clone().get_contact_attributes(request).await;
        attributes(answer.map_err(rpc::fault)?.into_inner().attributes)
    }

    /// One more contact attribute.
    pub async fn add_attribute(
        &self,
        caller: &Caller,
        wanted: rest::ContactAttributeWanted,
    ) -> Result<rest::ContactAttributes, Fault> {
        let message = directory::CreateContactAttributeRequest {
            name: wanted.name,
            r#type: from_proto::attribute_type_wanted(wanted.r#type).into(),
            choices: wanted.choices,
            shown: wanted.shown.unwrap_or(true),
        };
        let request = rpc::request(message, caller, DEADLINE);
        let answer = self.settings.clone().create_contact_attribute(request).await;
        attributes(answer.map_err(rpc::fault)?.into_inner().attributes)
    }

    /// Another name, other choices, shown or not.
    pub async fn change_attribute(
        &self,
        caller: &Caller,
        id: AttributeId,
        change: rest::ContactAttributeChange,
    ) -> Result<rest::ContactAttributes, Fault> {
        let message = directory::ChangeContactAttributeRequest {
            attribute_id: id.to_string(),
            version: change.rev,
            name: change.name,
            shown: change.shown,
            set_choices: change.choices.is_some(),
            choices: change.choices.unwrap_or_default(),
        };
        let request = rpc::request(message, caller, DEADLINE);
        let answer = self.settings.clone().change_contact_attribute(request).await;
        attributes(answer.map_err(rpc::fault)?.into_inner().attributes)
    }

    /// One contact attribute less; its values are kept.
    pub async fn archive_attribute(
        &self,
        caller: &Caller,
        id: AttributeId,
    ) -> Result<rest::ContactAttributes, Fault> {
        let message = directory::ArchiveContactAttributeRequest { attribute_id: id.to_string() };
        let request = rpc::request(message, caller, DEADLINE);
        let answer = self.settings.clone().archive_contact_attribute(request).await;
        attributes(answer.map_err(rpc::fault)?.into_inner().attributes)
    }

    /// Another order.
    pub async fn order_attributes(
        &self,
        caller: &Caller,
        order: rest::ContactAttributeOrder,
    ) -> Result<rest::ContactAttributes, Fault> {
        let message = directory::OrderContactAttributesRequest {
            attribute_ids: order.attribute_ids,
            version: order.rev,
        };
        let request = rpc::request(message, caller, DEADLINE);
        let answer = self.settings.clone().order_contact_attributes(request).await;
        attributes(answer.map_err(rpc::fault)?.into_inner().attributes)
    }

    /// The accounts whose conversations the session's member may see, as they are set.
    pub async fn channels(&self, session: &Session) -> Result<rest::ManagedChannels, Fault> {
        let caller = &member_of(session);
        let me = self.me(session).await?;
        let channels = self.list_channels(caller).await?.into_iter();
        let channels = channels.map(|channel| managed(session.member, &me, channel));
        let mut channels: Vec<rest::ManagedChannel> = channels.collect::<Result<_, _>>()?;
        channels.retain(|channel| channel.my_access.is_some());
        Ok(rest::ManagedChannels { channels })
    }

    /// Another name of an account, or other settings.
    pub async fn change_channel(
        &self,
        session: &Session,
        id: ChannelId,
        change: rest::ChannelChange,
    ) -> Result<rest::ManagedChannel, Fault> {
        let message = directory::ChangeChannelRequest {
            channel_id: id.to_string(),
            version: change.rev,
            display_name: change.display_name,
            auto_resolve_days: change.auto_resolve_days,
            restricted: change.restricted,
            reopen_window: change
                .reopen_window_hours
                .map(|hours| directory::ReopenWindow { hours }),
        };
        let request = rpc::request(message, &member_of(session), DEADLINE);
        let answer = self.settings.clone().change_channel(request).await.map_err(rpc::fault)?;
        let channel = answer.into_inner().channel.ok_or_else(incomplete)?;
        managed(session.member, &self.me(session).await?, channel)
    }

    /// Who may do what with an account.
    ///
    /// # Errors
    /// Forbidden for whoever is no administrator; not found without such an account.
    pub async fn channel_access(
        &self,
        session: &Session,
        id: ChannelId,
    ) -> Result<rest::ChannelAccess, Fault> {
        self.only_administrators(session).await?;
        let id = id.to_string();
        let channels = self.list_channels(&member_of(session)).await?;
        let channel = channels.into_iter().find(|channel| channel.channel_id == id);
        from_proto::channel_access(channel.ok_or_else(|| Fault::not_found("channel"))?)
    }

    /// Who shall do what with an account.
    pub async fn set_channel_access(
        &self,
        caller: &Caller,
        id: ChannelId,
        wanted: rest::ChannelAccessWanted,
    ) -> Result<rest::ChannelAccess, Fault> {
        let message = directory::SetChannelAccessRequest {
            channel_id: id.to_string(),
            access: from_proto::entries_wanted(wanted.entries),
            version: wanted.rev.unwrap_or_default(),
        };
        let request = rpc::request(message, caller, DEADLINE);
        let answer = self.settings.clone().set_channel_access(request).await;
        let channel = answer.map_err(rpc::fault)?.into_inner().channel;
        from_proto::channel_access(channel.ok_or_else(incomplete)?)
    }

    /// What the members of an organization may see.
    pub async fn rights(&self, caller: &Caller) -> Result<Rights, Fault> {
        let members = self.list_members(caller).await?;
        let channels = self.list_channels(caller).await?;
        rights::rights(&members, &channels)
    }

    /// Everybody of the organization, as administrators see them.
    ///
    /// # Errors
    /// Forbidden for whoever is none.
    pub async fn members(&self, session: &Session) -> Result<rest::ManagedMembers, Fault> {
        self.only_administrators(session).await?;
        let members = self.list_members(&member_of(session)).await?.into_iter();
        let members = members.map(from_proto::managed_member).collect::<Result<_, _>>()?;
        Ok(rest::ManagedMembers { members })
    }

    /// Another name, other roles, active or not.
    pub async fn change_member(
        &self,
        caller: &Caller,
        id: MemberId,
        change: rest::MemberChange,
    ) -> Result<rest::ManagedMember, Fault> {
        let message = directory::ChangeMemberRequest {
            member_id: id.to_string(),
            version: change.rev,
            display_name: change.display_name,
            roles: from_proto::roles_wanted(&change.roles.unwrap_or_default()),
            active: change.active,
        };
        let request = rpc::request(message, caller, DEADLINE);
        let answer = self.members.clone().change_member(request).await.map_err(rpc::fault)?;
        from_proto::managed_member(answer.into_inner().member.ok_or_else(incomplete)?)
    }

    /// Invites somebody; the link is made of the token.
    pub async fn invite(
        &self,
        caller: &Caller,
        wanted: rest::InvitationWanted,
    ) -> Result<(directory::Invitation, Token), Fault> {
        let message = directory::InviteRequest {
            login: wanted.login,
            display_name: wanted.display_name,
            roles: from_proto::roles_wanted(&wanted.roles),
        };
        let request = rpc::request(message, caller, DEADLINE);
        let answer = self.members.clone().invite(request).await.map_err(rpc::fault)?.into_inner();
        let invitation = answer.invitation.ok_or_else(incomplete)?;
        let token = Token { token: answer.token, expires_at: invitation.expires_at };
        Ok((invitation, token))
    }

    /// The open invitations.
    pub async fn invitations(&self, caller: &Caller) -> Result<rest::Invitations, Fault> {
        let request = rpc::request(directory::ListInvitationsRequest {}, caller, DEADLINE);
        let answer = self.members.clone().list_invitations(request).await.map_err(rpc::fault)?;
        let invitations = answer.into_inner().invitations.into_iter();
        let invitations = invitations.map(from_proto::invitation).collect::<Result<_, _>>()?;
        Ok(rest::Invitations { invitations })
    }

    /// Takes an invitation back.
    pub async fn revoke(&self, caller: &Caller, id: InvitationId) -> Result<(), Fault> {
        let message = directory::RevokeInvitationRequest { invitation_id: id.to_string() };
        let request = rpc::request(message, caller, DEADLINE);
        self.members.clone().revoke_invitation(request).await.map_err(rpc::fault)?;
        Ok(())
    }

    /// Who is invited by a token.
    pub async fn invitation(&self, token: String) -> Result<rest::InvitationShown, Fault> {
        let message = directory::GetInvitationRequest { token };
        let request = rpc::request(message, &Caller::installation(), DEADLINE);
        let answer = self.members.clone().get_invitation(request).await.map_err(rpc::fault)?;
        let answer = answer.into_inner();
        let invitation = answer.invitation.ok_or_else(incomplete)?;
        let organization = answer.organization.ok_or_else(incomplete)?;
        Ok(rest::InvitationShown {
            expires_at: from_proto::at(invitation.expires_at)?,
            login: invitation.login,
            display_name: invitation.display_name,
            organization_name: organization.name,
            language: organization.language,
        })
    }

    /// Whoever holds the token comes in.
    pub async fn accept(&self, chosen: rest::PasswordChosen) -> Result<rest::PasswordSet, Fault> {
        let message =
            directory::AcceptInvitationRequest { token: chosen.token, password: chosen.password };
        let request = rpc::request(message, &Caller::installation(), PATIENCE);
        let answer = self.members.clone().accept_invitation(request).await.map_err(rpc::fault)?;
        let member = answer.into_inner().member.ok_or_else(incomplete)?;
        Ok(rest::PasswordSet { login: member.login })
    }

    /// Another password; with the epoch of the sessions that go on.
    pub async fn change_password(
        &self,
        caller: &Caller,
        change: rest::PasswordChange,
        client_address: String,
    ) -> Result<Verified, Fault> {
        let message = directory::ChangePasswordRequest {
            current: change.current,
            new: change.new,
            client_address,
        };
        let request = rpc::request(message, caller, PATIENCE);
        let answer = self.members.clone().change_password(request).await.map_err(rpc::fault)?;
        verified(answer.into_inner().member)
    }

    /// Voids every session of the member.
    pub async fn sign_out_everywhere(&self, caller: &Caller) -> Result<Verified, Fault> {
        let request = rpc::request(directory::SignOutEverywhereRequest {}, caller, DEADLINE);
        let answer = self.members.clone().sign_out_everywhere(request).await;
        verified(answer.map_err(rpc::fault)?.into_inner().member)
    }

    /// Somebody has forgotten the password of a login; nobody, if it is nobody's.
    pub async fn forgotten(
        &self,
        login: String,
        client_address: String,
    ) -> Result<Option<Forgotten>, Fault> {
        let message = directory::RequestPasswordResetRequest { login, client_address };
        let request = rpc::request(message, &Caller::installation(), DEADLINE);
        let answer = self.members.clone().request_password_reset(request).await;
        let answer = answer.map_err(rpc::fault)?.into_inner();
        let link = Token { token: answer.token, expires_at: answer.expires_at };
        Ok(answer.member.map(|member| Forgotten { member, link }))
    }

    /// A link for a member who has forgotten their password.
    pub async fn password_link(&self, caller: &Caller, id: MemberId) -> Result<Token, Fault> {
        let message = directory::CreatePasswordResetRequest { member_id: id.to_string() };
        let request = rpc::request(message, caller, DEADLINE);
        let answer = self.members.clone().create_password_reset(request).await;
        let answer = answer.map_err(rpc::fault)?.into_inner();
        Ok(Token { token: answer.token, expires_at: answer.expires_at })
    }

    /// Whoever holds the token sets a new password; with the epoch of sessions from now on.
    pub async fn set_password(&self, chosen: rest::PasswordChosen) -> Result<Verified, Fault> {
        let message = directory::CompletePasswordResetRequest {
            token: chosen.token,
            password: chosen.password,
        };
        let request = rpc::request(message, &Caller::installation(), PATIENCE);
        let answer = self.members.clone().complete_password_reset(request).await;
        verified(answer.map_err(rpc::fault)?.into_inner().member)
    }

    /// Whether nobody can sign in yet.
    pub async fn is_new(&self) -> Result<bool, Fault> {
        let message = directory::GetWelcomeRequest {};
        let request = rpc::request(message, &Caller::installation(), DEADLINE);
        let answer = self.members.clone().get_welcome(request).await.map_err(rpc::fault)?;
        Ok(answer.into_inner().needed)
    }

    /// Whoever holds the token sets the installation up.
    pub async fn welcome(&self, wanted: rest::WelcomeWanted) -> Result<rest::PasswordSet, Fault> {
        let organization = directory::Organization {
            name: wanted.organization.name,
            language: wanted.organization.language,
            time_zone: wanted.organization.time_zone,
            ..directory::Organization::default()
        };
        let message = directory::CompleteWelcomeRequest {
            token: wanted.token,
            organization: Some(organization),
            login: wanted.admin.login,
            display_name: wanted.admin.display_name,
            password: wanted.admin.password,
        };
        let request = rpc::request(message, &Caller::installation(), PATIENCE);
        let answer = self.members.clone().complete_welcome(request).await.map_err(rpc::fault)?;
        let member = answer.into_inner().member.ok_or_else(incomplete)?;
        Ok(rest::PasswordSet { login: member.login })
    }

    /// What the member prefers.
    pub async fn preferences(&self, caller: &Caller) -> Result<rest::Preferences, Fault> {
        let request = rpc::request(directory::GetPreferencesRequest {}, caller, DEADLINE);
        let answer = self.settings.clone().get_preferences(request).await.map_err(rpc::fault)?;
        let answer = answer.into_inner();
        Ok(preferences(&answer.preferences, answer.version))
    }

    /// What the member prefers from now on.
    pub async fn prefer(
        &self,
        caller: &Caller,
        wanted: rest::PreferencesWanted,
    ) -> Result<rest::Preferences, Fault> {
        if let Some(moment) = &wanted.written_at {
            crate::wire::from_proto::given_moment(moment, "written_at")?;
        }
        let kept = rest::KeptPreferences {
            appearance: wanted.appearance,
            language: wanted.language,
            keyboard: wanted.keyboard,
            written_at: wanted.written_at,
        };
        let message = directory::PutPreferencesRequest {
            preferences: serde_json::to_string(&kept).map_err(Fault::internal)?,
            version: wanted.rev,
        };
        let request = rpc::request(message, caller, DEADLINE);
        let answer = self.settings.clone().put_preferences(request).await.map_err(rpc::fault)?;
        let answer = answer.into_inner();
        Ok(preferences(&answer.preferences, answer.version))
    }

    async fn me(&self, session: &Session) -> Result<directory::Member, Fault> {
        let message = directory::GetMemberRequest { member_id: session.member.to_string() };
        let request = rpc::request(message, &member_of(session), DEADLINE);
        let answer = self.directory.clone().get_member(request).await.map_err(rpc::fault)?;
        answer.into_inner().member.ok_or_else(incomplete)
    }

    /// The directory tells this gateway who everybody is, for names and rights; what of it only
    /// administrators may read is kept from others here.
    async fn only_administrators(&self, session: &Session) -> Result<(), Fault> {
        if self.me(session).await?.roles().any(|role| role == directory::Role::Admin) {
            return Ok(());
        }
        let sentence = "Only an administrator may do this.";
        Err(Fault::new(Class::Forbidden, "admin_only", sentence))
    }

    async fn list_members(&self, caller: &Caller) -> Result<Vec<directory::Member>, Fault> {
        let request = rpc::request(directory::ListMembersRequest {}, caller, DEADLINE);
        let answer = self.directory.clone().list_members(request).await.map_err(rpc::fault)?;
        Ok(answer.into_inner().members)
    }

    async fn list_channels(&self, caller: &Caller) -> Result<Vec<directory::Channel>, Fault> {
        let request = rpc::request(directory::ListChannelsRequest {}, caller, DEADLINE);
        let answer = self.directory.clone().list_channels(request).await.map_err(rpc::fault)?;
        Ok(answer.into_inner().channels)
    }
}

fn attributes(
    told: Option<directory::ContactAttributes>,
) -> Result<rest::ContactAttributes, Fault> {
    from_proto::attributes(told.ok_or_else(incomplete)?)
}

fn managed(
    member: MemberId,
    me: &directory::Member,
    channel: directory::Channel,
) -> Result<rest::ManagedChannel, Fault> {
    let may = access(member, rights::standing(me), &rights::door(&channel)?);
    from_proto::managed_channel(channel, may.map(rights::shown))
}

/// What a later version wrote there and this one does not know is as if it was not set.
fn preferences(kept: &str, rev: i64) -> rest::Preferences {
    let kept: rest::KeptPreferences = serde_json::from_str(kept).unwrap_or_default();
    let rest::KeptPreferences { appearance, language, keyboard, written_at } = kept;
    rest::Preferences { appearance, language, keyboard, written_at, rev }
}
