//! Named reasons for being away, as supervisors set them.

use kit_service::rpc::{self, Channel, Client};
use kit_values::{Class, Fault};
use proto::directory::v1::Role;
use proto::routing::v1 as calls;
use proto::routing::v1::routing_settings_service_client::RoutingSettingsServiceClient;
use routing::domain::words::MemberId;

use crate::world::{World, installation};

fn settings(world: &World) -> RoutingSettingsServiceClient<Channel> {
    let identity = world.keys.identity("gateway").expect("identity");
    let peer = &world.instances[0].peer;
    let channel = Client::connect(peer, identity, "routing").expect("an address");
    RoutingSettingsServiceClient::new(channel)
}

async fn add(world: &World, by: MemberId, name: &str) -> Result<Vec<calls::AwayState>, Fault> {
    let request = world.by(by, calls::AddAwayStateRequest { name: name.to_owned() });
    let answer = settings(world).add_away_state(request).await.map_err(rpc::fault)?;
    Ok(answer.into_inner().away_states)
}

async fn change(
    world: &World,
    by: MemberId,
    of: &calls::AwayState,
    (name, archived): (Option<&str>, Option<bool>),
) -> Result<Vec<calls::AwayState>, Fault> {
    let request = calls::ChangeAwayStateRequest {
        away_state_id: of.away_state_id.clone(),
        name: name.map(str::to_owned),
        archived,
        rev: of.rev,
    };
    let answer = settings(world).change_away_state(world.by(by, request)).await;
    Ok(answer.map_err(rpc::fault)?.into_inner().away_states)
}

async fn order(
    world: &World,
    by: MemberId,
    states: &[&calls::AwayState],
    rev: i64,
) -> Result<Vec<calls::AwayState>, Fault> {
    let away_state_ids = states.iter().map(|state| state.away_state_id.clone()).collect();
    let request = world.by(by, calls::OrderAwayStatesRequest { away_state_ids, rev });
    let answer = settings(world).order_away_states(request).await.map_err(rpc::fault)?;
    Ok(answer.into_inner().away_states)
}

fn names(states: &[calls::AwayState]) -> Vec<(&str, bool)> {
    states.iter().map(|state| (state.name.as_str(), state.archived)).collect()
}

/// Facts that tell everybody's screens, not yet sent or sent.
async fn told(world: &World) -> i64 {
    let sql = "SELECT count(*) FROM routing.outbox WHERE subject LIKE '%away_states_changed'";
    world.database.number(sql).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_supervisor_adds_renames_disables_and_orders_and_each_act_is_told_and_kept() {
    let world = World::new().await;
    let [sacha, camille, lea] = world.members([Role::Supervisor, Role::Admin, Role::Agent]).await;
    add(&world, sacha, " Pause déjeuner ").await.expect("added");
    let states = add(&world, camille, "Formation").await.expect("added");
    assert_eq!(names(&states), [("Pause déjeuner", false), ("Formation", false)]);
    let before = told(&world).await;

    let renamed = change(&world, sacha, &states[0], (Some("Déjeuner"), None)).await;
    let renamed = renamed.expect("renamed");
    let disabled = change(&world, sacha, &renamed[1], (None, Some(true))).await.expect("disabled");
    assert_eq!(names(&disabled), [("Déjeuner", false), ("Formation", true)]);
    let rev = disabled.iter().map(|state| state.rev).max().expect("two");
    let ordered = order(&world, sacha, &[&disabled[1], &disabled[0]], rev).await.expect("ordered");
    assert_eq!(names(&ordered), [("Formation", true), ("Déjeuner", false)]);
    let asked = world.by(lea, calls::ListAwayStatesRequest {});
    let listed = world.client(0, "gateway").list_away_states(asked).await.expect("listed");
    assert_eq!(listed.into_inner().away_states, ordered);
    assert_eq!(told(&world).await, before + 3, "every change is told");

    // Nothing that is so already is told or kept.
    change(&world, sacha, &ordered[1], (Some("Déjeuner"), Some(false))).await.expect("as it is");
    assert_eq!(told(&world).await, before + 3);
    let page = calls::ListAuditRequest { before: 0, limit: 10 };
    let acts = settings(&world).list_audit(world.by(camille, page)).await.expect("listed");
    let acts = acts.into_inner();
    assert!(acts.intact);
    let kept: Vec<(&str, String)> =
        acts.entries.iter().map(|entry| (&*entry.act, entry.member_id.clone())).collect();
    let (sacha_s, camille_s) = (sacha.to_string(), camille.to_string());
    assert_eq!(
        kept,
        [
            ("away_states.ordered", sacha_s.clone()),
            ("away_state.changed", sacha_s.clone()),
            ("away_state.changed", sacha_s.clone()),
            ("away_state.added", camille_s),
            ("away_state.added", sacha_s),
        ]
    );
    let detail: serde_json::Value = serde_json::from_str(&acts.entries[1].detail).expect("JSON");
    assert_eq!(detail, serde_json::json!({ "enabled": { "from": true, "to": false } }));
    let refused = settings(&world).list_audit(world.by(sacha, page)).await.expect_err("refused");
    assert_eq!(rpc::fault(refused).code(), "admin_only");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_changes_none_and_whoever_saw_an_older_list_is_told_so() {
    let world = World::new().await;
    let [lea, sacha] = world.members([Role::Agent, Role::Supervisor]).await;
    let states = add(&world, sacha, "Pause").await.expect("added");
    let refused = [
        add(&world, lea, "Sieste").await,
        change(&world, lea, &states[0], (Some("Sieste"), None)).await,
        order(&world, lea, &[&states[0]], 1).await,
    ];
    for outcome in refused {
        let fault = outcome.expect_err("refused");
        assert_eq!((fault.class(), fault.code()), (Class::Forbidden, "supervisor_only"));
    }
    change(&world, sacha, &states[0], (Some("Sieste"), None)).await.expect("renamed");
    let code = |outcome: Result<Vec<calls::AwayState>, Fault>| {
        outcome.expect_err("refused").code().to_owned()
    };
    assert_eq!(code(change(&world, sacha, &states[0], (Some("Repos"), None)).await), "stale");
    assert_eq!(code(order(&world, sacha, &[&states[0]], 1).await), "stale");
    assert_eq!(code(add(&world, sacha, "Sieste").await), "away_state_name_taken");
    assert_eq!(code(add(&world, sacha, &"é".repeat(61)).await), "away_state_name");
    let kept = "SELECT count(*) FROM routing.audit";
    assert_eq!(world.database.number(kept).await, 2, "what was refused leaves nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_was_disabled_cannot_be_chosen_and_whoever_is_in_it_stays() {
    let world = World::new().await;
    let [lea, noah, sacha] = world.members([Role::Agent, Role::Agent, Role::Supervisor]).await;
    let states = add(&world, sacha, "Pause").await.expect("added");
    let away = |by: MemberId| {
        let request = calls::SetAvailabilityRequest {
            availability: calls::Availability::Away.into(),
            away_state_id: states[0].away_state_id.clone(),
            ..calls::SetAvailabilityRequest::default()
        };
        world.by(by, request)
    };
    world.client(0, "gateway").set_availability(away(lea)).await.expect("away");
    change(&world, sacha, &states[0], (None, Some(true))).await.expect("disabled");
    let refused = world.client(0, "gateway").set_availability(away(noah)).await;
    assert_eq!(rpc::fault(refused.expect_err("refused")).code(), "away_state_archived");
    let own = world.by(lea, calls::GetAvailabilityRequest {});
    let own = world.client(0, "gateway").get_availability(own).await.expect("answered");
    let own = own.into_inner().availability.expect("told");
    assert_eq!(own.away_state_id, states[0].away_state_id);
    // The operator's way leaves a row as well.
    let request = calls::CreateAwayStateRequest {
        organization_id: world.organization.to_string(),
        name: "Réunion".to_owned(),
    };
    let mut operator = world.client(0, "operator");
    operator.create_away_state(installation(request)).await.expect("created");
    let by_nobody = "SELECT count(*) FROM routing.audit WHERE member_id IS NULL";
    assert_eq!(world.database.number(by_nobody).await, 1);
}
