//! The services behind the gateway, played: what they answer is held in memory.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard};

use kit_service::rpc::{caller, status};
use kit_values::{Class, Fault, OrganizationId};
use proto::conversation::v1 as conversation;
use proto::conversation::v1::conversation_service_server::ConversationService;
use proto::directory::v1 as directory;
use proto::directory::v1::directory_service_server::DirectoryService;
use proto::network::v1::{Author, MessageKind, Network};
use proto::notification::v1 as notification;
use proto::routing::v1 as routing;
use tonic::{Request, Response, Status};
use uuid::Uuid;

/// What the services hold.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a service's own trouble")]
pub struct Held {
    pub members: HashMap<String, (String, directory::Member)>,
    pub rows: BTreeMap<(OrganizationId, String), conversation::ConversationRow>,
    pub messages: BTreeMap<(OrganizationId, String), conversation::Message>,
    /// Addresses from which somebody tried to sign in.
    pub addresses: Vec<String>,
    /// Answer every sign-in with this.
    pub throttled: bool,
    /// Answer no question about conversations.
    pub conversations_away: bool,
    /// How many times rows were asked for.
    pub row_calls: usize,
    /// Accounts; one that nobody knows stands for none of them.
    pub channels: Vec<directory::Channel>,
    /// How many times the members of an organization were asked for.
    pub name_calls: usize,
    /// Answer no question about members' names.
    pub names_away: bool,
    /// What members asked for: who, and the call's message as Rust shows it.
    pub asked: Vec<(Uuid, String)>,
    /// Refuse whatever a member asks for with this.
    pub refusal: Option<fn() -> Fault>,
    /// What clients' keys made of the owners of conversations.
    pub assigned: BTreeMap<(String, String), routing::AssignResult>,
    /// What each member chose.
    pub availability: HashMap<String, routing::MemberAvailability>,
    /// Who did what.
    pub records: crate::audit::Records,
    /// Reasons for being away.
    pub away_states: BTreeMap<OrganizationId, Vec<routing::AwayState>>,
    /// Notifications, of each member.
    pub notifications: HashMap<Uuid, Vec<notification::Notification>>,
    /// Drafts.
    pub drafts: crate::handled::Drafts,
    /// Notes, contacts, activity.
    pub stories: crate::stories::Stories,
    /// What of notifications and links was asked for.
    pub told: crate::means::Told,
    /// What the gateways reported, with when.
    pub reports: Vec<(std::time::Instant, routing::ReportSessionsRequest)>,
    /// Take no report.
    pub reports_away: bool,
}

/// The services.
#[derive(Clone, Default)]
pub struct Peers(Arc<Mutex<Held>>);

pub const PASSWORD: &str = "canary-password-4711";

/// An id that only these tests mint.
pub fn fresh_id(prefix: &str) -> String {
    format!("{prefix}_{}", kit_values::mint_uuid().simple())
}

impl Peers {
    pub fn held(&self) -> MutexGuard<'_, Held> {
        self.0.lock().expect("no test panics while holding it")
    }

    pub fn add_member(&self, organization: OrganizationId, login: &str) -> directory::Member {
        let member = directory::Member {
            member_id: fresh_id("mem"),
            organization_id: organization.to_string(),
            login: login.to_owned(),
            display_name: format!("{login} of Quai"),
            roles: vec![directory::Role::Agent.into()],
            session_epoch: 1,
            ..directory::Member::default()
        };
        self.held().members.insert(login.to_owned(), (PASSWORD.to_owned(), member.clone()));
        member
    }

    /// A new conversation with nothing in it.
    pub fn add_conversation(&self, organization: OrganizationId) -> String {
        let id = fresh_id("conv");
        let row = conversation::ConversationRow {
            conversation_id: id.clone(),
            rev: 1,
            state: conversation::State::New.into(),
            network: Network::X.into(),
            contact: Some(conversation::Contact {
                contact_id: fresh_id("cont"),
                author: Some(Author { handle: "amelie".to_owned(), ..Author::default() }),
            }),
            ..conversation::ConversationRow::default()
        };
        self.held().rows.insert((organization, id.clone()), row);
        id
    }

    /// A new message in it; gives its id and the row's new rev.
    pub fn add_message(&self, organization: OrganizationId, of: &str, text: &str) -> (String, i64) {
        let id = fresh_id("msg");
        let mut held = self.held();
        let row = held.rows.get_mut(&(organization, of.to_owned())).expect("a conversation");
        row.rev += 1;
        row.message_count += 1;
        row.last_sequence += 1;
        row.unseen_count += 1;
        text.clone_into(&mut row.last_text);
        row.last_kind = MessageKind::Mention.into();
        row.last_direction = conversation::Direction::Inbound.into();
        let (rev, sequence) = (row.rev, row.last_sequence);
        let message = conversation::Message {
            message_id: id.clone(),
            conversation_id: of.to_owned(),
            sequence,
            rev: 1,
            kind: MessageKind::Mention.into(),
            network: Network::X.into(),
            direction: conversation::Direction::Inbound.into(),
            text: text.to_owned(),
            external_id: sequence.to_string(),
            ..conversation::Message::default()
        };
        held.messages.insert((organization, id.clone()), message);
        (id, rev)
    }

    /// A reply of a member that waits to be sent; gives its id and the row's new rev.
    pub fn add_reply(
        &self,
        organization: OrganizationId,
        of: &str,
        text: &str,
        member: Uuid,
    ) -> (String, i64) {
        let (id, rev) = self.add_message(organization, of, text);
        let mut held = self.held();
        let message = held.messages.get_mut(&(organization, id.clone())).expect("added");
        message.direction = conversation::Direction::Outbound.into();
        message.external_id.clear();
        message.reply = Some(conversation::Reply {
            state: conversation::ReplyState::Queued.into(),
            member_id: format!("mem_{}", member.simple()),
            channel_id: fresh_id("chan"),
            attempt: 1,
            ..conversation::Reply::default()
        });
        (id, rev)
    }
}

/// What a member asks for is written down, and refused when the test says so.
impl Peers {
    pub fn asked<T: std::fmt::Debug>(
        &self,
        request: &Request<T>,
    ) -> Result<(OrganizationId, Uuid), Status> {
        let caller = caller(request)?;
        let organization = caller.organization().map_err(status)?;
        let member = caller.member().map_err(status)?;
        let mut held = self.held();
        held.asked.push((member, format!("{:?}", request.get_ref())));
        match held.refusal {
            Some(refusal) => Err(status(refusal())),
            None => Ok((organization, member)),
        }
    }

    pub fn row_of(
        &self,
        organization: OrganizationId,
        id: &str,
    ) -> Result<conversation::ConversationRow, Status> {
        let row = self.held().rows.get(&(organization, id.to_owned())).cloned();
        row.ok_or_else(|| status(Fault::not_found("conversation")))
    }

    fn message_of(
        &self,
        organization: OrganizationId,
        id: &str,
    ) -> Result<conversation::Message, Status> {
        let message = self.held().messages.get(&(organization, id.to_owned())).cloned();
        message.ok_or_else(|| status(Fault::not_found("message")))
    }
}

pub fn organization_of<T>(request: &Request<T>) -> Result<OrganizationId, Status> {
    caller(request)?.organization().map_err(status)
}

fn not_played<T>() -> Result<Response<T>, Status> {
    Err(Status::unimplemented("not played"))
}

#[tonic::async_trait]
impl DirectoryService for Peers {
    async fn list_people(
        &self,
        _: Request<directory::ListPeopleRequest>,
    ) -> Result<Response<directory::ListPeopleResponse>, Status> {
        not_played()
    }

    async fn list_members(
        &self,
        request: Request<directory::ListMembersRequest>,
    ) -> Result<Response<directory::ListMembersResponse>, Status> {
        let organization = organization_of(&request)?.to_string();
        let mut held = self.held();
        held.name_calls += 1;
        if held.names_away {
            return Err(Status::unavailable("away"));
        }
        let members = held.members.values().map(|(_, member)| member.clone());
        let members = members.filter(|member| member.organization_id == organization).collect();
        Ok(Response::new(directory::ListMembersResponse { members }))
    }

    async fn get_channel_credentials(
        &self,
        _: Request<directory::GetChannelCredentialsRequest>,
    ) -> Result<Response<directory::GetChannelCredentialsResponse>, Status> {
        not_played()
    }

    async fn verify_sign_in(
        &self,
        request: Request<directory::VerifySignInRequest>,
    ) -> Result<Response<directory::VerifySignInResponse>, Status> {
        let asked = request.into_inner();
        let mut held = self.held();
        held.addresses.push(asked.client_address);
        if held.throttled {
            let fault = Fault::new(Class::Limited, "sign_in_throttled", "Wait.");
            return Err(status(fault.retry_after(std::time::Duration::from_millis(41_500))));
        }
        match held.members.get(&asked.login) {
            Some((password, member)) if *password == asked.password => {
                let member = Some(member.clone());
                Ok(Response::new(directory::VerifySignInResponse { member }))
            }
            _ => Err(status(Fault::new(Class::Unauthenticated, "sign_in_failed", "Wrong."))),
        }
    }

    async fn get_member(
        &self,
        request: Request<directory::GetMemberRequest>,
    ) -> Result<Response<directory::GetMemberResponse>, Status> {
        let organization = organization_of(&request)?.to_string();
        let held = self.held();
        let found = held.members.values().map(|(_, member)| member).find(|member| {
            member.organization_id == organization
                && member.member_id == request.get_ref().member_id
        });
        let member = found.ok_or_else(|| status(Fault::not_found("member")))?.clone();
        Ok(Response::new(directory::GetMemberResponse { member: Some(member) }))
    }

    async fn get_organization(
        &self,
        request: Request<directory::GetOrganizationRequest>,
    ) -> Result<Response<directory::GetOrganizationResponse>, Status> {
        let organization = directory::Organization {
            organization_id: organization_of(&request)?.to_string(),
            name: "Quai".to_owned(),
            language: "fr".to_owned(),
            time_zone: "Europe/Paris".to_owned(),
        };
        let organization = Some(organization);
        Ok(Response::new(directory::GetOrganizationResponse { organization }))
    }

    async fn list_channels(
        &self,
        request: Request<directory::ListChannelsRequest>,
    ) -> Result<Response<directory::ListChannelsResponse>, Status> {
        let channel = directory::Channel {
            channel_id: fresh_id("chan"),
            organization_id: organization_of(&request)?.to_string(),
            network: Network::Facebook.into(),
            display_name: "Quai".to_owned(),
            ..directory::Channel::default()
        };
        let held = self.held();
        let mut channels = held.channels.clone();
        channels.retain(|held| held.organization_id == channel.organization_id);
        if channels.is_empty() {
            channels.push(channel);
        }
        Ok(Response::new(directory::ListChannelsResponse { channels }))
    }

    async fn list_routes(
        &self,
        _: Request<directory::ListRoutesRequest>,
    ) -> Result<Response<directory::ListRoutesResponse>, Status> {
        not_played()
    }

    async fn get_application_secrets(
        &self,
        _: Request<directory::GetApplicationSecretsRequest>,
    ) -> Result<Response<directory::GetApplicationSecretsResponse>, Status> {
        not_played()
    }

    async fn create_organization(
        &self,
        _: Request<directory::CreateOrganizationRequest>,
    ) -> Result<Response<directory::CreateOrganizationResponse>, Status> {
        not_played()
    }

    async fn create_member(
        &self,
        _: Request<directory::CreateMemberRequest>,
    ) -> Result<Response<directory::CreateMemberResponse>, Status> {
        not_played()
    }

    async fn create_application(
        &self,
        _: Request<directory::CreateApplicationRequest>,
    ) -> Result<Response<directory::CreateApplicationResponse>, Status> {
        not_played()
    }

    async fn connect_channel(
        &self,
        _: Request<directory::ConnectChannelRequest>,
    ) -> Result<Response<directory::ConnectChannelResponse>, Status> {
        not_played()
    }
}

impl Peers {
    fn answering(&self) -> Result<MutexGuard<'_, Held>, Status> {
        let held = self.held();
        if held.conversations_away {
            return Err(Status::unavailable("away"));
        }
        Ok(held)
    }
}

#[tonic::async_trait]
impl ConversationService for Peers {
    async fn find_links(
        &self,
        request: Request<conversation::FindLinksRequest>,
    ) -> Result<Response<conversation::FindLinksResponse>, Status> {
        self.asked(&request)?;
        let links = self.held().told.found.clone();
        Ok(Response::new(conversation::FindLinksResponse { links }))
    }

    async fn accept_reply(
        &self,
        request: Request<conversation::AcceptReplyRequest>,
    ) -> Result<Response<conversation::AcceptReplyResponse>, Status> {
        let (organization, member) = self.asked(&request)?;
        let asked = request.into_inner();
        let row = self.row_of(organization, &asked.conversation_id)?;
        let (id, _) = self.add_reply(organization, &asked.conversation_id, &asked.text, member);
        let message = self.message_of(organization, &id)?;
        Ok(Response::new(conversation::AcceptReplyResponse {
            row: Some(row),
            message: Some(message),
            link_notices: vec!["https://quai.example timeout".to_owned()],
        }))
    }

    async fn retry_reply(
        &self,
        request: Request<conversation::RetryReplyRequest>,
    ) -> Result<Response<conversation::RetryReplyResponse>, Status> {
        let (organization, _) = self.asked(&request)?;
        let message = Some(self.message_of(organization, &request.get_ref().message_id)?);
        Ok(Response::new(conversation::RetryReplyResponse { message }))
    }

    async fn settle_reply(
        &self,
        request: Request<conversation::SettleReplyRequest>,
    ) -> Result<Response<conversation::SettleReplyResponse>, Status> {
        let (organization, _) = self.asked(&request)?;
        let message = Some(self.message_of(organization, &request.get_ref().message_id)?);
        Ok(Response::new(conversation::SettleReplyResponse { message }))
    }

    async fn change_state(
        &self,
        request: Request<conversation::ChangeStateRequest>,
    ) -> Result<Response<conversation::ChangeStateResponse>, Status> {
        let (organization, _) = self.asked(&request)?;
        let asked = request.into_inner();
        let mut row = self.row_of(organization, &asked.conversation_id)?;
        row.state = asked.to;
        let answer = conversation::ChangeStateResponse { row: Some(row), undelivered_replies: 2 };
        Ok(Response::new(answer))
    }

    async fn acquire_lock(
        &self,
        request: Request<conversation::AcquireLockRequest>,
    ) -> Result<Response<conversation::AcquireLockResponse>, Status> {
        let (organization, member) = self.asked(&request)?;
        let asked = request.into_inner();
        let row = self.row_of(organization, &asked.conversation_id)?;
        let granted = row.lock.is_none() || asked.take_over;
        let own = conversation::Lock {
            member_id: format!("mem_{}", member.simple()),
            session: asked.session,
            fence: 7,
            expires_at: Some(prost_types::Timestamp { seconds: 1_700_000_000, nanos: 0 }),
        };
        let lock = if granted { Some(own) } else { row.lock };
        Ok(Response::new(conversation::AcquireLockResponse { lock, granted }))
    }

    async fn release_lock(
        &self,
        request: Request<conversation::ReleaseLockRequest>,
    ) -> Result<Response<conversation::ReleaseLockResponse>, Status> {
        let (organization, _) = self.asked(&request)?;
        self.row_of(organization, &request.get_ref().conversation_id)?;
        Ok(Response::new(conversation::ReleaseLockResponse {}))
    }

    async fn list_standings(
        &self,
        _: Request<conversation::ListStandingsRequest>,
    ) -> Result<Response<conversation::ListStandingsResponse>, Status> {
        not_played()
    }

    async fn get_outbound(
        &self,
        _: Request<conversation::GetOutboundRequest>,
    ) -> Result<Response<conversation::GetOutboundResponse>, Status> {
        not_played()
    }

    async fn list_conversations(
        &self,
        request: Request<conversation::ListConversationsRequest>,
    ) -> Result<Response<conversation::ListConversationsResponse>, Status> {
        let organization = organization_of(&request)?;
        let held = self.answering()?;
        let rows = held.rows.iter().filter(|((of, _), _)| *of == organization);
        let rows = rows.map(|(_, row)| row.clone()).collect();
        let answer = conversation::ListConversationsResponse { rows, next: String::new() };
        Ok(Response::new(answer))
    }

    async fn get_conversations(
        &self,
        request: Request<conversation::GetConversationsRequest>,
    ) -> Result<Response<conversation::GetConversationsResponse>, Status> {
        let organization = organization_of(&request)?;
        let mut held = self.answering()?;
        held.row_calls += 1;
        let ids = request.into_inner().conversation_ids;
        let alone = ids.len() == 1;
        let rows = ids.into_iter().filter_map(|id| held.rows.get(&(organization, id)).cloned());
        let mut rows: Vec<_> = rows.collect();
        for row in &mut rows {
            if !alone {
                row.answers.clear();
            }
        }
        Ok(Response::new(conversation::GetConversationsResponse { rows }))
    }

    async fn list_messages(
        &self,
        request: Request<conversation::ListMessagesRequest>,
    ) -> Result<Response<conversation::ListMessagesResponse>, Status> {
        let organization = organization_of(&request)?;
        let held = self.answering()?;
        let id = request.into_inner().conversation_id;
        if !held.rows.contains_key(&(organization, id.clone())) {
            return Err(status(Fault::not_found("conversation")));
        }
        let messages = held
            .messages
            .iter()
            .filter(|((of, _), message)| *of == organization && message.conversation_id == id);
        let messages = messages.map(|(_, message)| message.clone()).collect();
        let answer = conversation::ListMessagesResponse { messages, older: String::new() };
        Ok(Response::new(answer))
    }

    async fn get_messages(
        &self,
        request: Request<conversation::GetMessagesRequest>,
    ) -> Result<Response<conversation::GetMessagesResponse>, Status> {
        let organization = organization_of(&request)?;
        let held = self.answering()?;
        let ids = request.into_inner().message_ids;
        let messages =
            ids.into_iter().filter_map(|id| held.messages.get(&(organization, id)).cloned());
        let messages = messages.collect();
        Ok(Response::new(conversation::GetMessagesResponse { messages }))
    }

    async fn get_counts(
        &self,
        request: Request<conversation::GetCountsRequest>,
    ) -> Result<Response<conversation::GetCountsResponse>, Status> {
        let organization = organization_of(&request)?;
        let held = self.answering()?;
        let new = held.rows.keys().filter(|(of, _)| *of == organization).count();
        let new = i64::try_from(new).expect("few");
        let counts = Some(conversation::Counts { new, pending: 2, resolved: 3 });
        Ok(Response::new(conversation::GetCountsResponse { counts }))
    }

    async fn list_history(
        &self,
        _: Request<conversation::ListHistoryRequest>,
    ) -> Result<Response<conversation::ListHistoryResponse>, Status> {
        not_played()
    }

    async fn get_event_outcomes(
        &self,
        _: Request<conversation::GetEventOutcomesRequest>,
    ) -> Result<Response<conversation::GetEventOutcomesResponse>, Status> {
        not_played()
    }

    async fn list_parked(
        &self,
        _: Request<conversation::ListParkedRequest>,
    ) -> Result<Response<conversation::ListParkedResponse>, Status> {
        not_played()
    }

    async fn show_parked(
        &self,
        _: Request<conversation::ShowParkedRequest>,
    ) -> Result<Response<conversation::ShowParkedResponse>, Status> {
        not_played()
    }

    async fn replay_parked(
        &self,
        _: Request<conversation::ReplayParkedRequest>,
    ) -> Result<Response<conversation::ReplayParkedResponse>, Status> {
        not_played()
    }
}

/// The UUID of an id, whatever its prefix.
pub fn uuid_of(id: &str) -> uuid::Uuid {
    let (_, digits) = id.split_once('_').expect("an id");
    uuid::Uuid::try_parse(digits).expect("an id")
}
