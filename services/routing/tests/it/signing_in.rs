//! Availability as members see it: the first sign-in, the default, away states.

use kit_service::rpc;
use kit_values::now;
use proto::directory::v1::Role;
use proto::routing::v1 as calls;
use routing::domain::words::MemberId;

use crate::world::{World, installation};

async fn own(world: &World, member: MemberId) -> (calls::Availability, bool) {
    let request = world.by(member, calls::GetAvailabilityRequest {});
    let answer = world.client(0, "gateway").get_availability(request).await.expect("answered");
    let answer = answer.into_inner();
    (answer.availability.expect("one").availability(), answer.never_chosen)
}

/// The member signs in, so many seconds after the others.
async fn signs_in(world: &World, member: MemberId, seconds: i64) -> calls::Session {
    let at = now().unix_timestamp() + seconds;
    let session = calls::Session {
        session: kit_values::mint_uuid().to_string(),
        organization_id: world.organization.to_string(),
        member_id: member.to_string(),
        signed_in_at: Some(prost_types::Timestamp { seconds: at, nanos: 0 }),
        ..calls::Session::default()
    };
    world.opens_as(session.clone()).await.expect("reported");
    session
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_starts_with_the_default_and_a_reload_changes_nothing() {
    use calls::Availability::{Available, Away};

    let world = World::new().await;
    let [lea] = world.members([Role::Agent]).await;
    assert_eq!(own(&world, lea).await, (Away, true), "nothing was ever chosen");
    let first = signs_in(&world, lea, 0).await;
    assert_eq!(own(&world, lea).await, (Away, true));
    let default = calls::SetDefaultAvailabilityRequest { availability: Available.into() };
    let request = world.by(lea, default);
    world.client(0, "gateway").set_default_availability(request).await.expect("kept");
    assert_eq!(own(&world, lea).await.0, Away, "only the next sign-in starts with it");
    // A second browser, while the first one lives.
    let second = signs_in(&world, lea, 10).await;
    assert_eq!(own(&world, lea).await.0, Away);
    world.closes(&first).await;
    world.closes(&second).await;
    let third = signs_in(&world, lea, 20).await;
    assert_eq!(own(&world, lea).await.0, Available);
    world.closes(&third).await;
    // What is chosen before the connection opens stands against the default.
    let fourth = calls::Session {
        session: kit_values::mint_uuid().to_string(),
        signed_in_at: Some(prost_types::Timestamp {
            seconds: now().unix_timestamp() + 30,
            nanos: 0,
        }),
        ..third
    };
    world
        .database
        .execute("UPDATE routing.member SET chosen_at = now() + interval '40 seconds'")
        .await;
    world.away(lea, false).await;
    world.opens_as(fourth.clone()).await.expect("reported");
    assert_eq!(own(&world, lea).await.0, Away);
    let third = fourth;
    assert_eq!(own(&world, lea).await, (Away, false));
    // The connection is lost and comes back, long after.
    world.closes(&third).await;
    world.unseen(lea).await;
    world.opens_as(third).await.expect("reported");
    assert_eq!(own(&world, lea).await.0, Away, "nobody signed in");
}

#[tokio::test(flavor = "multi_thread")]
async fn away_states_are_made_by_an_operator_and_chosen_by_members() {
    let world = World::new().await;
    let [lea] = world.members([Role::Agent]).await;
    let create = |name: &str| calls::CreateAwayStateRequest {
        organization_id: world.organization.to_string(),
        name: name.to_owned(),
    };
    let mut operator = world.client(0, "operator");
    for name in ["Déjeuner", "Pause"] {
        operator.create_away_state(installation(create(name))).await.expect("created");
    }
    let again = operator.create_away_state(installation(create("Pause"))).await;
    assert_eq!(rpc::fault(again.expect_err("refused")).code(), "away_state_name_taken");
    let empty = operator.create_away_state(installation(create("  "))).await;
    assert_eq!(rpc::fault(empty.expect_err("refused")).code(), "away_state_name");
    let mut client = world.client(0, "gateway");
    let states = client.list_away_states(world.by(lea, calls::ListAwayStatesRequest {})).await;
    let states = states.expect("a list").into_inner().away_states;
    let names: Vec<_> = states.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["Déjeuner", "Pause"]);
    let choose = |id: &str| calls::SetAvailabilityRequest {
        availability: calls::Availability::Away.into(),
        away_state_id: id.to_owned(),
        ..calls::SetAvailabilityRequest::default()
    };
    let chosen = client.set_availability(world.by(lea, choose(&states[1].away_state_id))).await;
    let chosen = chosen.expect("chosen").into_inner().availability.expect("one");
    assert_eq!(chosen.away_state_id, states[1].away_state_id);
    assert_eq!(chosen.epoch, 1);
    let unknown = client.set_availability(world.by(lea, choose("away_1"))).await;
    assert_eq!(rpc::fault(unknown.expect_err("refused")).code(), "not_found");
}
