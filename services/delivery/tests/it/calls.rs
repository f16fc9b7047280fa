//! Who may ask what, and what could not be read.

use std::time::Duration;

use kit_service::Caller;
use kit_service::rpc::{self, fault};
use kit_testkit::eventually;
use kit_values::{Class, EventId, OrganizationId};
use proto::delivery::v1::{self as pb, Outcome};
use tonic::Request;

use crate::world::{PATIENCE, World};

fn asked<M>(message: M, caller: &Caller) -> Request<M> {
    rpc::request(message, caller, Duration::from_secs(10))
}

#[tokio::test(flavor = "multi_thread")]
async fn no_organization_sees_anothers_attempts() {
    let world = World::start().await;
    let account = world.account().await;
    let message = world.reply(&account, "Privé").await;
    world.expect(&message, Outcome::Sent).await;
    assert_eq!(world.attempts(&message).await.len(), 1);
    let request = || pb::ListAttemptsRequest { message_id: message.clone() };
    let other = Caller::for_organization(OrganizationId::mint());
    let answer = world.client("gateway").list_attempts(asked(request(), &other)).await;
    assert_eq!(answer.expect("answered").into_inner().attempts, []);
    let ours = Caller::for_organization(world.organization);
    let refused = world.client("conversation").list_attempts(asked(request(), &ours)).await;
    assert_eq!(fault(refused.expect_err("refused")).class(), Class::Forbidden);
    let nobody = Caller::installation();
    let refused = world.client("gateway").list_attempts(asked(request(), &nobody)).await;
    assert_eq!(fault(refused.expect_err("refused")).class(), Class::Forbidden);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_is_parked_and_only_operators_see_it() {
    let world = World::start().await;
    let event = EventId::mint();
    world.tell("conversation", None, "reply_queued", event, b"\xff\xff".to_vec(), None).await;
    let operator = Caller::installation();
    let list = async || {
        let request = asked(pb::ListParkedRequest::default(), &operator);
        world.client("operator").list_parked(request).await.expect("answered").into_inner().parked
    };
    eventually(PATIENCE, "parked", async || list().await.len() == 1).await;
    let parked = list().await.remove(0);
    assert_eq!((parked.source.as_str(), parked.bytes), ("delivery-replies", 2));
    let show = pb::ShowParkedRequest { parked_id: parked.parked_id.clone() };
    let shown = world.client("operator").show_parked(asked(show, &operator)).await;
    assert_eq!(shown.expect("answered").into_inner().payload, b"\xff\xff");
    let replay = pb::ReplayParkedRequest { parked_ids: vec![parked.parked_id] };
    let replayed = world.client("operator").replay_parked(asked(replay, &operator)).await;
    let result = replayed.expect("answered").into_inner().results.remove(0);
    assert_eq!((result.replayed, result.reason.as_str()), (false, "still_unreadable"));
    let request = asked(pb::ListParkedRequest::default(), &operator);
    let refused = world.client("gateway").list_parked(request).await.expect_err("refused");
    assert_eq!(fault(refused).class(), Class::Forbidden);
}

#[tokio::test(flavor = "multi_thread")]
async fn several_organizations_share_an_application_and_nothing_else() {
    let mut world = World::start().await;
    let mut messages = Vec::new();
    for number in 0..3 {
        world.organization = OrganizationId::mint();
        let account = world.account().await;
        let text = format!("Maison <{number}>");
        let message = world.reply(&account, &text).await;
        messages.push((world.organization, message, text));
    }
    for (place, (organization, message, text)) in messages.iter().enumerate() {
        world.expect(message, Outcome::Sent).await;
        assert_eq!(world.network.taken(text), 1);
        let calls = world.network.received();
        let mut calls = calls.iter().filter(|call| call.body.to_string().contains(text));
        let token = format!("Bearer token-{}-1", 7_001 + place);
        assert_eq!(calls.next().map(|call| call.authorization.clone()), Some(token));
        // What is told names the organization that it is of.
        let told = world.told().into_iter().filter(|(event, _)| {
            event.metadata.as_ref().is_some_and(|it| it.aggregate_id == *message)
        });
        for (event, _) in told {
            let told_of = event.metadata.expect("metadata").organization_id;
            assert_eq!(told_of, organization.to_string());
        }
    }
}
