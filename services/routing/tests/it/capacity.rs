//! How much members may own, set while they work.

use kit_service::rpc;
use kit_store::{Scope, Store, lock_key};
use kit_values::{Class, Fault};
use proto::conversation::v1::State;
use proto::directory::v1::Role;
use proto::routing::v1 as calls;
use routing::domain::words::MemberId;

use crate::standings::replied;
use crate::world::World;

async fn set_team(world: &World, by: MemberId, capacity: i32, limit: i32) -> Result<(), Fault> {
    let team = Some(calls::TeamCapacity { capacity, hard_limit: limit });
    let request = world.by(by, calls::SetTeamCapacityRequest { team });
    let answer = world.client(0, "gateway").set_team_capacity(request).await;
    let told = answer.map_err(rpc::fault)?.into_inner().team;
    assert_eq!(told, team);
    Ok(())
}

async fn set_member(
    world: &World,
    by: MemberId,
    member: MemberId,
    capacity: Option<i32>,
) -> Result<calls::MemberAvailability, Fault> {
    let message = calls::SetMemberCapacityRequest { member_id: member.to_string(), capacity };
    let answer = world.client(0, "gateway").set_member_capacity(world.by(by, message)).await;
    Ok(answer.map_err(rpc::fault)?.into_inner().member.expect("the member"))
}

/// Load, capacity, hard limit and own capacity, as everybody is shown them.
async fn shown(world: &World, of: MemberId) -> (i32, i32, i32, Option<i32>) {
    let request = world.by(of, calls::ListTeamRequest {});
    let team = world.client(0, "gateway").list_team(request).await.expect("the team").into_inner();
    let id = of.to_string();
    let found = team.members.into_iter().find(|one| one.member_id == id).expect("a member");
    (found.load, found.capacity, found.hard_limit, found.own_capacity)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_raised_capacity_is_used_at_once_and_a_lowered_one_takes_nothing_away() {
    let world = World::new().await;
    let [lea, noah, sacha] = world.members([Role::Agent, Role::Agent, Role::Supervisor]).await;
    world.ready(lea).await;
    let mut all = Vec::new();
    for seconds in (0..12).rev() {
        all.push(world.waits(seconds * 10 + 10).await);
    }
    world.until("five are handed", async || world.load(lea).await == 5).await;
    assert_eq!(shown(&world, lea).await, (5, 5, 10, None));

    set_team(&world, sacha, 7, 0).await.expect("set");
    world.until("seven are handed", async || world.load(lea).await == 7).await;
    assert_eq!(shown(&world, lea).await, (7, 7, 14, None));
    let lea_s = set_member(&world, sacha, lea, Some(9)).await.expect("set");
    assert_eq!((lea_s.capacity, lea_s.hard_limit, lea_s.own_capacity), (9, 18, Some(9)));
    world.until("nine are handed", async || world.load(lea).await == 9).await;
    assert_eq!(world.explain(lea, all[8]).await[0].policy_version, 2);
    assert_eq!(shown(&world, noah).await, (0, 7, 14, None), "nobody else's is changed");

    // Far below what she owns, and a limit for all.
    set_team(&world, sacha, 2, 3).await.expect("set");
    assert_eq!(shown(&world, lea).await, (9, 9, 9, Some(9)));
    set_member(&world, sacha, lea, Some(1)).await.expect("set");
    assert_eq!(shown(&world, lea).await, (9, 1, 3, Some(1)));
    let message = calls::TakeRequest { conversation_id: all[11].to_string() };
    let refused = world.client(0, "gateway").take(world.by(lea, message.clone())).await;
    assert_eq!(rpc::fault(refused.expect_err("refused")).code(), "at_hard_limit");
    // What she owns falls, and cannot rise again while it is above the limit.
    let answered: Vec<_> =
        all[..5].iter().map(|one| world.standing(*one, State::Pending, 0)).collect();
    world.tell(&answered).await;
    world.until("five are answered", async || world.load(lea).await == 4).await;
    let refused = world.client(0, "gateway").take(world.by(lea, message)).await;
    assert_eq!(rpc::fault(refused.expect_err("refused")).code(), "at_hard_limit");
    // The constraint alone would keep it so.
    let above = "DO $$ BEGIN UPDATE routing.member SET load = load + 1 WHERE load = 4; \
                 RAISE EXCEPTION 'taken'; EXCEPTION WHEN check_violation THEN NULL; END $$";
    world.database.execute(above).await;
    // What wakes goes elsewhere.
    world.tell(&[world.standing(all[0], State::New, 5)]).await;
    world.until("it was released", async || world.owner(all[0]).await.is_none()).await;

    let lea_s = set_member(&world, sacha, lea, None).await.expect("set");
    assert_eq!((lea_s.capacity, lea_s.hard_limit, lea_s.own_capacity), (2, 3, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_set_outlives_what_directory_says_and_holds_for_who_comes_later() {
    let world = World::new().await;
    let [lea, sacha] = world.members([Role::Agent, Role::Admin]).await;
    set_team(&world, sacha, 8, 20).await.expect("set");
    set_member(&world, sacha, lea, Some(30)).await.expect("set");
    world.tell_members(&[(lea, Role::Agent)]).await;
    let [noah] = world.members([Role::Agent]).await;
    world.people_settled(4).await;
    assert_eq!(shown(&world, lea).await, (0, 30, 30, Some(30)));
    assert_eq!(shown(&world, noah).await, (0, 8, 20, None));
    set_team(&world, sacha, 8, 0).await.expect("set");
    world.tell_members(&[(lea, Role::Agent)]).await;
    world.people_settled(5).await;
    assert_eq!(shown(&world, lea).await, (0, 30, 60, Some(30)));
    assert_eq!(shown(&world, noah).await, (0, 8, 16, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_becomes_known_while_the_limits_are_being_set_has_the_new_ones() {
    let world = World::new().await;
    // Directory has told of neither: one chooses, the other has replied.
    let [lea, noah] = [MemberId::mint(), MemberId::mint()];
    let conversation = world.waits(100).await;
    world.until_known(conversation).await;
    let store = Store::connect(&world.database.settings("routing")).await.expect("connects");
    let setting = store.begin(&Scope::from(world.organization)).await.expect("begins");
    let organization = world.organization.uuid();
    setting.lock(&[lock_key(&["limits", &organization.to_string()])]).await.expect("locked");
    let team = "INSERT INTO team (organization_id, capacity, version) VALUES ($1, 8, 1)";
    setting.run(team, vec![organization.into()]).await.expect("said");
    let answered = replied(world.standing(conversation, State::Pending, 0), 1, noah);
    world.tell(&[answered]).await;
    let known = async || world.database.number("SELECT count(*) FROM routing.member").await;
    tokio::join!(world.available(lea), async {
        let waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted \
                       AND database = (SELECT oid FROM pg_database \
                           WHERE datname = current_database())";
        world
            .until("both wait, or need not", async || {
                world.database.number(waiting).await + known().await == 2
            })
            .await;
        setting.commit().await.expect("set");
    });
    world.until("both are known", async || known().await == 2).await;
    let limits = "SELECT concat_ws(' ', capacity, hard_limit) FROM routing.member";
    assert_eq!(world.database.texts(limits).await, ["8 16", "8 16"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_supervisors_and_administrators_set_capacities_and_only_possible_ones() {
    let world = World::new().await;
    let [lea, sacha] = world.members([Role::Agent, Role::Supervisor]).await;
    let code = |outcome: Result<(), Fault>| outcome.expect_err("refused").code().to_owned();
    assert_eq!(code(set_team(&world, lea, 7, 0).await), "supervisor_only");
    let own = set_member(&world, lea, lea, Some(7)).await.expect_err("refused");
    assert_eq!((own.class(), own.code()), (Class::Forbidden, "supervisor_only"));
    for (capacity, limit, wanted) in [
        (1_001, 0, "capacity_out_of_range"),
        (-1, 0, "capacity_out_of_range"),
        (5, 2_001, "capacity_out_of_range"),
        (5, 4, "hard_limit_below_capacity"),
    ] {
        assert_eq!(code(set_team(&world, sacha, capacity, limit).await), wanted);
    }
    let fault = set_member(&world, sacha, lea, Some(1_001)).await.expect_err("refused");
    assert_eq!((fault.class(), fault.code()), (Class::Invalid, "capacity_out_of_range"));
    let fault = set_member(&world, sacha, MemberId::mint(), Some(7)).await.expect_err("refused");
    assert_eq!(fault.class(), Class::NotFound);
    assert_eq!(shown(&world, lea).await, (0, 5, 10, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_change_of_a_capacity_is_kept_with_it_or_not_made() {
    let world = World::new().await;
    let [lea, sacha] = world.members([Role::Agent, Role::Supervisor]).await;
    set_team(&world, sacha, 7, 0).await.expect("set");
    set_team(&world, sacha, 7, 0).await.expect("the same again");
    set_team(&world, sacha, 6, 9).await.expect("set");
    set_member(&world, sacha, lea, Some(9)).await.expect("set");
    set_member(&world, sacha, lea, Some(9)).await.expect("the same again");
    set_member(&world, sacha, lea, None).await.expect("as the team");
    set_team(&world, lea, 1, 0).await.expect_err("no supervisor");
    set_team(&world, sacha, 7, 1).await.expect_err("a limit below it");
    let acts = "SELECT act || ' ' || subject || ' ' || detail FROM routing.audit ORDER BY number";
    let team = |change: &str| format!("team_capacity.changed  {change}");
    let one = |change: &str| format!("member_capacity.changed {lea} {{\"capacity\":{change}}}");
    let [seven, six] = [r#"{"capacity":7,"hard_limit":null}"#, r#"{"capacity":6,"hard_limit":9}"#];
    let expected = [
        team(&format!(r#"{{"from":null,"to":{seven}}}"#)),
        team(&format!(r#"{{"from":{seven},"to":{six}}}"#)),
        one(r#"{"from":null,"to":9}"#),
        one(r#"{"from":9,"to":null}"#),
    ];
    assert_eq!(world.database.texts(acts).await, expected);
    let others = format!(
        "SELECT count(*) FROM routing.audit WHERE member_id <> '{}' OR service <> 'gateway'",
        sacha.uuid()
    );
    assert_eq!(world.database.number(&others).await, 0);

    // What cannot be kept is not done.
    world.database.execute("REVOKE INSERT ON routing.audit FROM guichet_routing").await;
    set_team(&world, sacha, 3, 0).await.expect_err("nobody would know");
    assert_eq!(shown(&world, lea).await.1, 6);
}
