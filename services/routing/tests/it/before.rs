//! What stood before routing first started, and of which no event tells any more.

use std::sync::Mutex;
use std::time::Duration;

use kit_service::rpc::caller;
use kit_testkit::holds;
use kit_values::OrganizationId;
use proto::conversation::v1 as pb;
use proto::conversation::v1::conversation_service_server::{
    ConversationService, ConversationServiceServer,
};
use proto::directory::v1::{self as directory, Role};
use proto::routing::v1 as calls;
use routing::domain::words::{ConversationId, MemberId};
use tonic::service::Routes;
use tonic::{Request, Response, Status};

use crate::directory::Played as Directory;
use crate::played::not_asked;
use crate::world::World;

/// Conversation, as far as routing asks it: a page for each standing, and away at first.
struct Played {
    organization: OrganizationId,
    standings: Vec<pb::ConversationStanding>,
    asked: Mutex<usize>,
}

#[tonic::async_trait]
impl ConversationService for Played {
    async fn list_standings(
        &self,
        request: Request<pb::ListStandingsRequest>,
    ) -> Result<Response<pb::ListStandingsResponse>, Status> {
        assert_eq!(caller(&request)?.service, "routing");
        if caller(&request)?.organization != Some(self.organization) {
            return Ok(Response::new(pb::ListStandingsResponse::default()));
        }
        let first = {
            let mut asked = self.asked.lock().expect("whole");
            *asked += 1;
            *asked == 1
        };
        if first {
            return Err(Status::unavailable("away"));
        }
        let after = request.into_inner().after;
        let at = if after.is_empty() { 0 } else { after.parse().expect("our own cursor") };
        let standings = self.standings.get(at).cloned().into_iter().collect();
        let next = if at + 1 < self.standings.len() { (at + 1).to_string() } else { String::new() };
        Ok(Response::new(pb::ListStandingsResponse { standings, next }))
    }

    not_asked! {
        list_conversations, ListConversationsRequest, ListConversationsResponse;
        get_conversations, GetConversationsRequest, GetConversationsResponse;
        list_messages, ListMessagesRequest, ListMessagesResponse;
        get_messages, GetMessagesRequest, GetMessagesResponse;
        find_links, FindLinksRequest, FindLinksResponse;
        get_counts, GetCountsRequest, GetCountsResponse;
        list_history, ListHistoryRequest, ListHistoryResponse;
        accept_reply, AcceptReplyRequest, AcceptReplyResponse;
        retry_reply, RetryReplyRequest, RetryReplyResponse;
        settle_reply, SettleReplyRequest, SettleReplyResponse;
        change_state, ChangeStateRequest, ChangeStateResponse;
        acquire_lock, AcquireLockRequest, AcquireLockResponse;
        release_lock, ReleaseLockRequest, ReleaseLockResponse;
        get_outbound, GetOutboundRequest, GetOutboundResponse;
        get_event_outcomes, GetEventOutcomesRequest, GetEventOutcomesResponse;
        list_parked, ListParkedRequest, ListParkedResponse;
        show_parked, ShowParkedRequest, ShowParkedResponse;
        replay_parked, ReplayParkedRequest, ReplayParkedResponse;
    }
}

fn listed(event: &pb::ConversationEvent) -> pb::ConversationStanding {
    pb::ConversationStanding {
        conversation_id: event.conversation_id.clone(),
        rev: event.rev,
        standing: event.standing.clone(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stood_before_the_first_start_is_handed_out_taken_and_explained() {
    let mut world = World::of(0, false).await;
    let (older, younger, pending) =
        (ConversationId::mint(), ConversationId::mint(), ConversationId::mint());
    let [author, lea, noah] = [MemberId::mint(), MemberId::mint(), MemberId::mint()];
    let members = [author, lea, noah].map(|member| directory::Member {
        member_id: member.to_string(),
        organization_id: world.organization.to_string(),
        roles: vec![Role::Agent.into()],
        session_epoch: 1,
        ..directory::Member::default()
    });
    world.serve_directory(Directory::of(members.into())).await;
    let mut replied = world.standing(pending, pb::State::Pending, 0);
    let standing = replied.standing.as_mut().expect("a standing");
    standing.decision = 1;
    standing.decided_by_member_id = author.to_string();
    standing.decided_by_reply = true;
    let standings = vec![
        listed(&world.standing(younger, pb::State::New, 10)),
        listed(&world.standing(older, pb::State::New, 100)),
        listed(&replied),
    ];
    // Of one, something newer has been told by then.
    let newer = world.standing(younger, pb::State::Pending, 0);
    let organization = world.organization;
    let played = Played { organization, standings, asked: Mutex::new(0) };
    world.serve_conversation(Routes::new(ConversationServiceServer::new(played))).await;
    world.tell(&[newer]).await;
    let url = world.redis.url().expose().clone();
    world.start(&url).await;
    world.until_known(younger).await;
    world.gateway();
    world.until_known(older).await;
    world.until_known(pending).await;
    assert_eq!(world.owner(pending).await, Some(author), "the replier owns it");
    let why = world.explain(lea, older).await;
    assert_eq!((why[0].outcome.as_str(), why[0].position), ("waiting", 1));
    let message = calls::TakeRequest { conversation_id: younger.to_string() };
    let taken = world.client(0, "gateway").take(world.by(noah, message)).await.expect("taken");
    assert_eq!(taken.into_inner().owner_member_id, noah.to_string());
    world.ready(lea).await;
    world.until_owned(older, lea).await;
    // What was told later stands: nothing is New any more.
    holds(Duration::from_secs(2), "the newer standing stands", async || {
        world.load(noah).await == 0 && world.owner(younger).await == Some(noah)
    })
    .await;
    world.audit().await;
}
