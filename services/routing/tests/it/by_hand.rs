//! Ownership by a person's decision: rights, races and the hard limit.

use futures::future::join_all;
use kit_service::{Caller, rpc};
use kit_values::{Class, OrganizationId};
use proto::conversation::v1::State;
use proto::directory::v1::Role;
use proto::routing::v1 as calls;
use routing::domain::words::{ConversationId, MemberId};

use crate::world::World;

pub async fn take(
    world: &World,
    by: MemberId,
    of: ConversationId,
) -> Result<(String, i64), String> {
    let message = calls::TakeRequest { conversation_id: of.to_string() };
    let answer = world.client(0, "gateway").take(world.by(by, message)).await;
    let answer = answer.map_err(|status| rpc::fault(status).code().to_owned())?.into_inner();
    Ok((answer.owner_member_id, answer.epoch))
}

pub async fn assign(
    world: &World,
    by: MemberId,
    of: ConversationId,
    to: MemberId,
) -> Result<i64, String> {
    let message =
        calls::AssignRequest { conversation_id: of.to_string(), member_id: to.to_string() };
    let answer = world.client(0, "gateway").assign(world.by(by, message)).await;
    answer
        .map(|answer| answer.into_inner().epoch)
        .map_err(|status| rpc::fault(status).code().to_owned())
}

pub async fn unassign(world: &World, by: MemberId, of: ConversationId) -> Result<i64, String> {
    let message = calls::UnassignRequest { conversation_id: of.to_string() };
    let answer = world.client(0, "gateway").unassign(world.by(by, message)).await;
    answer
        .map(|answer| answer.into_inner().epoch)
        .map_err(|status| rpc::fault(status).code().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_take_one_conversation_at_once_one_gets_it() {
    let world = World::new().await;
    let members = world.members([Role::Agent; 8]).await;
    for round in 0..10 {
        let conversation = world.waits(100 + round).await;
        world.until_known(conversation).await;
        let world = &world;
        let tries = members.map(|member| async move { take(world, member, conversation).await });
        let taken = join_all(tries).await;
        let winners: Vec<_> = taken.iter().filter_map(|one| one.as_ref().ok()).collect();
        assert_eq!(winners.len(), 1, "{taken:?}");
        assert_eq!(winners[0].1, 1);
        let owner = world.owner(conversation).await.expect("an owner");
        assert_eq!(winners[0].0, owner.to_string());
        assert!(
            taken.iter().filter_map(|one| one.as_ref().err()).all(|it| it == "owned_by_another")
        );
        assert_eq!(take(world, owner, conversation).await, Ok((owner.to_string(), 1)));
    }
    world.audit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_decides_over_their_own_and_a_supervisor_over_all() {
    let world = World::new().await;
    let [lea, noah, sacha] = world.members([Role::Agent, Role::Agent, Role::Supervisor]).await;
    let conversation = world.waits(100).await;
    world.until_known(conversation).await;
    let refused = Err("supervisor_only".to_owned());
    assert_eq!(assign(&world, lea, conversation, noah).await, refused);
    assert_eq!(assign(&world, lea, conversation, lea).await, Ok(1));
    assert_eq!(unassign(&world, noah, conversation).await, refused);
    assert_eq!(unassign(&world, lea, conversation).await, Ok(2));
    assert_eq!(assign(&world, sacha, conversation, noah).await, Ok(3));
    assert_eq!(assign(&world, sacha, conversation, lea).await, Ok(4));
    assert_eq!(world.owner(conversation).await, Some(lea));
    let why = world.explain(lea, conversation).await;
    assert_eq!(why[0].outcome, "assigned_by_hand");
    assert_eq!(why[0].by_member_id, sacha.to_string());
    let told: Vec<_> = why.iter().map(|one| one.outcome.as_str()).collect();
    let all = ["assigned_by_hand", "assigned_by_hand", "unassigned_by_hand", "taken"];
    assert_eq!(told, all);
    assert_eq!(unassign(&world, sacha, conversation).await, Ok(5));
    world.tell(&[world.standing(conversation, State::Resolved, 0)]).await;
    world
        .until("it is resolved", async || {
            take(&world, lea, conversation).await == Err("not_open".to_owned())
        })
        .await;
    let stranger = ConversationId::mint();
    assert_eq!(take(&world, lea, stranger).await, Err("not_found".to_owned()));
    world.audit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_owns_more_than_the_hard_limit_whoever_assigns_at_once() {
    let world = World::new().await;
    let [lea, sacha] = world.members([Role::Agent, Role::Supervisor]).await;
    let mut all = Vec::new();
    for _ in 0..14 {
        all.push(world.waits(100).await);
    }
    for conversation in &all {
        world.until_known(*conversation).await;
    }
    let world = &world;
    let given = join_all(all.iter().map(|one| assign(world, sacha, *one, lea))).await;
    assert_eq!(given.iter().filter(|one| one.is_ok()).count(), 10, "{given:?}");
    let refusals: Vec<_> = given.iter().filter_map(|one| one.as_ref().err()).collect();
    assert!(refusals.iter().all(|code| *code == "at_hard_limit"), "{refusals:?}");
    assert_eq!(world.load(lea).await, 10);
    world.audit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_organization_finds_nothing_and_no_service_but_the_gateway_may_ask() {
    let world = World::new().await;
    let [lea] = world.members([Role::Agent]).await;
    let conversation = world.waits(100).await;
    world.until_known(conversation).await;
    let stranger = Caller::for_member(OrganizationId::mint(), lea.uuid());
    let time = std::time::Duration::from_secs(10);
    let id = conversation.to_string();
    let mut client = world.client(0, "gateway");
    let message = calls::ExplainRequest { conversation_id: id.clone() };
    let refused = client.explain(rpc::request(message, &stranger, time)).await;
    assert_eq!(rpc::fault(refused.expect_err("refused")).class(), Class::NotFound);
    let message = calls::TakeRequest { conversation_id: id.clone() };
    let refused = client.take(rpc::request(message, &stranger, time)).await;
    assert_eq!(rpc::fault(refused.expect_err("refused")).class(), Class::NotFound);
    let team = calls::ListTeamRequest {};
    let team = client.list_team(rpc::request(team, &stranger, time)).await.expect("empty");
    assert!(team.into_inner().members.is_empty());
    let message = calls::TakeRequest { conversation_id: id };
    let refused = world.client(0, "operator").take(world.by(lea, message)).await;
    assert_eq!(rpc::fault(refused.expect_err("refused")).class(), Class::Forbidden);
    let report = calls::ReportSessionsRequest {
        gateway: "gateway-1".to_owned(),
        ..calls::ReportSessionsRequest::default()
    };
    let refused = client.report_sessions(world.by(lea, report)).await;
    assert_eq!(rpc::fault(refused.expect_err("refused")).class(), Class::Forbidden);
    assert_eq!(world.owner(conversation).await, None);
}

/// Assigns several under a client's key; gives each result as its code, empty when done, and who
/// owned it before.
async fn assign_several(
    world: &World,
    by: MemberId,
    key: &str,
    of: &[ConversationId],
    to: Option<MemberId>,
) -> Result<Vec<(String, String)>, String> {
    let message = calls::AssignSeveralRequest {
        idempotency_key: key.to_owned(),
        conversation_ids: of.iter().map(ToString::to_string).collect(),
        member_id: to.map(|to| to.to_string()),
    };
    let answer = world.client(0, "gateway").assign_several(world.by(by, message)).await;
    let answer = answer.map_err(|status| rpc::fault(status).code().to_owned())?.into_inner();
    assert!(answer.results.iter().all(|result| result.done == result.code.is_empty()));
    let named: Vec<_> =
        answer.results.iter().map(|result| result.conversation_id.clone()).collect();
    assert_eq!(named, of.iter().map(ToString::to_string).collect::<Vec<_>>());
    Ok(answer.results.into_iter().map(|result| (result.code, result.owner_before)).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_key_assigns_once_and_gives_the_first_answer() {
    let world = World::new().await;
    let [lea, noah, sacha] = world.members([Role::Agent, Role::Agent, Role::Supervisor]).await;
    let [first, second, third] =
        [world.waits(100).await, world.waits(101).await, world.waits(102).await];
    for conversation in [first, second, third] {
        world.until_known(conversation).await;
    }
    let nobodys = ConversationId::mint();
    assert_eq!(assign(&world, sacha, second, lea).await, Ok(1));
    let of = [first, nobodys, second, first];
    let was = |code: &str, owner: Option<MemberId>| {
        (code.to_owned(), owner.map(|owner| owner.to_string()).unwrap_or_default())
    };
    let expected =
        Ok(vec![was("", None), was("not_found", None), was("", Some(lea)), was("", None)]);
    // A lost answer is asked for again, even while the first request is still under way.
    let (world_, of_) = (&world, &of);
    let tries = [(); 4].map(|()| assign_several(world_, sacha, "k1", of_, Some(noah)));
    for answer in join_all(tries).await {
        assert_eq!(answer, expected);
    }
    assert_eq!(take(&world, noah, first).await, Ok((noah.to_string(), 1)));
    assert_eq!(take(&world, noah, second).await, Ok((noah.to_string(), 2)));
    // Nor does it act again once somebody has decided otherwise.
    assert_eq!(unassign(&world, noah, first).await, Ok(2));
    assert_eq!(assign_several(&world, sacha, "k1", &of, Some(noah)).await, expected);
    assert_eq!(world.owner(first).await, None);
    // For anything else, or by anybody else, the key is no good, and nothing happens.
    let reused = Err("key_reused".to_owned());
    assert_eq!(assign_several(&world, sacha, "k1", &[first], Some(lea)).await, reused);
    assert_eq!(assign_several(&world, sacha, "k1", &[first], None).await, reused);
    assert_eq!(assign_several(&world, noah, "k1", &[first], Some(noah)).await, reused);
    assert_eq!(assign_several(&world, sacha, "k1", &[third], Some(lea)).await, reused);
    assert_eq!((world.owner(first).await, world.owner(third).await), (None, None));
    // To nobody, by a key of its own.
    let before = Ok(vec![was("", None), was("", Some(noah))]);
    assert_eq!(assign_several(&world, sacha, "k2", &[first, second], None).await, before);
    assert_eq!(assign_several(&world, sacha, "k2", &[first, second], None).await, before);
    assert_eq!(world.owner(second).await, None);
    world.audit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_refused_under_a_key_stays_refused_and_shows_how_it_stood() {
    let world = World::new().await;
    let [lea, noah, sacha] = world.members([Role::Agent, Role::Agent, Role::Supervisor]).await;
    let conversation = world.waits(100).await;
    world.until_known(conversation).await;
    assert_eq!(assign(&world, sacha, conversation, noah).await, Ok(1));
    let refused = Ok(vec![("owned_by_another".to_owned(), noah.to_string())]);
    assert_eq!(assign_several(&world, lea, "k", &[conversation], Some(lea)).await, refused);
    assert_eq!(unassign(&world, noah, conversation).await, Ok(2));
    assert_eq!(assign_several(&world, lea, "k", &[conversation], Some(lea)).await, refused);
    let done = Ok(vec![(String::new(), String::new())]);
    assert_eq!(assign_several(&world, lea, "k2", &[conversation], Some(lea)).await, done);
    let long = "k".repeat(129);
    for (key, many) in [("", 1), (long.as_str(), 1), ("k3", 0), ("k3", 101)] {
        let of = vec![conversation; many];
        let refused = assign_several(&world, lea, key, &of, Some(lea)).await;
        let refused = refused.expect_err("refused");
        assert!(["key_invalid", "ids_out_of_range"].contains(&refused.as_str()), "{refused}");
    }
}
