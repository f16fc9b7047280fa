//! Members and channels are loaded whole at the start, because the stream of directory keeps a day
//! only.

use std::sync::Mutex;

use kit_service::rpc::caller;
use proto::directory::v1 as pb;
use proto::directory::v1::directory_service_server::{DirectoryService, DirectoryServiceServer};
use routing::domain::words::MemberId;
use tonic::service::Routes;
use tonic::{Request, Response, Status};

use crate::played::not_asked;
use crate::world::World;
use crate::world::directory::channel_changed;

/// Directory, as far as routing asks it: two pages, and away at first.
pub struct Played {
    members: Vec<pb::Member>,
    channels: Vec<pb::Channel>,
    asked: Mutex<usize>,
}

impl Played {
    pub fn of(members: Vec<pb::Member>) -> Routes {
        Self::with(members, Vec::new())
    }

    pub fn with(members: Vec<pb::Member>, channels: Vec<pb::Channel>) -> Routes {
        let played = Self { members, channels, asked: Mutex::new(0) };
        Routes::new(DirectoryServiceServer::new(played))
    }
}

#[tonic::async_trait]
impl DirectoryService for Played {
    async fn list_people(
        &self,
        request: Request<pb::ListPeopleRequest>,
    ) -> Result<Response<pb::ListPeopleResponse>, Status> {
        assert_eq!(caller(&request)?.service, "routing");
        assert_eq!(caller(&request)?.organization, None);
        let first = {
            let mut asked = self.asked.lock().expect("whole");
            *asked += 1;
            *asked == 1
        };
        if first {
            return Err(Status::unavailable("away"));
        }
        let (one, other) = self.members.split_at(1);
        let (page, next) = match request.into_inner().after.as_str() {
            "" => (one, "org_1"),
            "org_1" => (other, ""),
            _ => return Err(Status::invalid_argument("there is no such page")),
        };
        Ok(Response::new(pb::ListPeopleResponse {
            members: page.to_vec(),
            next: next.to_owned(),
            ..Default::default()
        }))
    }

    async fn list_routes(
        &self,
        request: Request<pb::ListRoutesRequest>,
    ) -> Result<Response<pb::ListRoutesResponse>, Status> {
        assert_eq!(caller(&request)?.service, "routing");
        assert_eq!(caller(&request)?.organization, None);
        let channels = self.channels.clone();
        Ok(Response::new(pb::ListRoutesResponse { channels, ..Default::default() }))
    }

    not_asked! {
        verify_sign_in, VerifySignInRequest, VerifySignInResponse;
        get_member, GetMemberRequest, GetMemberResponse;
        get_organization, GetOrganizationRequest, GetOrganizationResponse;
        list_channels, ListChannelsRequest, ListChannelsResponse;
        get_application_secrets, GetApplicationSecretsRequest, GetApplicationSecretsResponse;
        list_members, ListMembersRequest, ListMembersResponse;
        get_channel_credentials, GetChannelCredentialsRequest, GetChannelCredentialsResponse;
        create_organization, CreateOrganizationRequest, CreateOrganizationResponse;
        create_member, CreateMemberRequest, CreateMemberResponse;
        create_application, CreateApplicationRequest, CreateApplicationResponse;
        connect_channel, ConnectChannelRequest, ConnectChannelResponse;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_is_loaded_at_the_start_and_an_older_word_changes_nothing() {
    let mut world = World::of(0, false).await;
    let [ours, theirs] = [world.organization, kit_values::OrganizationId::mint()];
    let [lea, noah] = [MemberId::mint(), MemberId::mint()];
    let member =
        |id: MemberId, organization: kit_values::OrganizationId, role: pb::Role| pb::Member {
            member_id: id.to_string(),
            organization_id: organization.to_string(),
            roles: vec![role.into()],
            session_epoch: 5,
            ..pb::Member::default()
        };
    let members =
        vec![member(lea, ours, pb::Role::Supervisor), member(noah, theirs, pb::Role::Agent)];
    world.serve_directory(Played::of(members)).await;
    let url = world.redis.url().expose().clone();
    world.start(&url).await;
    let sql = "SELECT COALESCE(string_agg(roles::text, ' ' ORDER BY roles), '') \
               FROM routing.member";
    world.until("both are known", async || world.database.texts(sql).await == ["1 2"]).await;
    // The stream tells of an earlier time.
    world.tell_members(&[(lea, pb::Role::Agent)]).await;
    world.people_settled(1).await;
    assert_eq!(world.database.texts(sql).await, ["1 2"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_answer_where_is_known_before_anybody_is_handed_anything() {
    let mut world = World::of(0, false).await;
    let [lea, noah] = [MemberId::mint(), MemberId::mint()];
    let members =
        vec![world.member(lea, pb::Role::Agent, 1), world.member(noah, pb::Role::Agent, 1)];
    let list = [(noah, pb::Access::Contributor)];
    let theirs = pb::Channel {
        channel_id: routing::domain::words::ChannelId::mint().to_string(),
        organization_id: kit_values::OrganizationId::mint().to_string(),
        ..world.channel_as(1, None)
    };
    let channels = vec![world.channel_as(7, Some(&list)), theirs];
    world.serve_directory(Played::with(members, channels)).await;
    let url = world.redis.url().expose().clone();
    world.start(&url).await;
    world.until_restricted(7).await;
    let sql = "SELECT count(*) FROM routing.member WHERE roles = 1";
    world.until("both are known", async || world.database.number(sql).await == 2).await;
    world.gateway();
    world.ready(lea).await;
    // The stream tells of the time before it was restricted.
    world.tell_directory(vec![channel_changed(world.channel_as(6, None))]).await;
    world.people_settled(1).await;
    let conversation = world.waits(100).await;
    world.until_known(conversation).await;
    let nobodys = async || world.owner(conversation).await.is_none();
    kit_testkit::holds(std::time::Duration::from_secs(2), "it waits", nobodys).await;
    world.ready(noah).await;
    world.until_owned(conversation, noah).await;
}
