//! Eight processes at once, with the planner's lock and, sabotaged, without it: rows and
//! constraints alone keep I4.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use kit_testkit::holds;
use proto::conversation::v1::State;
use proto::directory::v1::Role;
use routing::domain::words::{ConversationId, MemberId};

use crate::world::World;

const AGENTS: usize = 500;
const CONVERSATIONS: usize = 5_000;

/// Everybody is available, there, and owns four of five.
async fn one_below_capacity(world: &World) -> Vec<MemberId> {
    let members: Vec<_> = (0..AGENTS).map(|_| (MemberId::mint(), Role::Agent)).collect();
    world.tell_members(&members).await;
    let members: Vec<MemberId> = members.into_iter().map(|(member, _)| member).collect();
    world.all_live(&members);
    world
        .database
        .execute(
            "INSERT INTO routing.conversation (organization_id, conversation_id, rev, state, \
                 waiting_since, channel_ids, class, decision, owner_member_id, epoch) \
             SELECT organization_id, gen_random_uuid(), 1, 1, now(), '{}', 0, 0, member_id, 1 \
             FROM routing.member CROSS JOIN generate_series(1, 4); \
             INSERT INTO routing.explanation (organization_id, decision_id, conversation_id, at, \
                 outcome, member_id, epoch, policy_version, candidates) \
             SELECT organization_id, gen_random_uuid(), conversation_id, now(), 'assigned', \
                 owner_member_id, 1, 1, '' FROM routing.conversation; \
             UPDATE routing.member SET availability = 1, load = 4",
        )
        .await;
    members
}

async fn handed_out(world: &World) -> i64 {
    let sql = "SELECT count(*) FROM routing.explanation WHERE outcome = 'assigned' \
               AND candidates <> ''";
    world.database.number(sql).await
}

/// How many planners were at work for the organization at a time, at most.
fn count_planners() -> Arc<AtomicUsize> {
    let (inside, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (entered, left, seen) = (inside.clone(), inside, most.clone());
    fail::cfg_callback("routing-before-execution", move || {
        seen.fetch_max(entered.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
    })
    .expect("is a fail point");
    fail::cfg_callback("routing-before-commit", move || {
        left.fetch_sub(1, Ordering::SeqCst);
    })
    .expect("is a fail point");
    most
}

async fn race() {
    let world = World::of(8, false).await;
    one_below_capacity(&world).await;
    world.until("everybody was seen", async || world.reports() > 1).await;
    let events: Vec<_> = (0..CONVERSATIONS)
        .map(|at| {
            let seconds = i64::try_from(at).expect("few");
            world.standing(ConversationId::mint(), State::New, seconds)
        })
        .collect();
    let began = Instant::now();
    world.tell(&events).await;
    let known = "SELECT count(*) FROM routing.conversation WHERE class <> 0";
    world
        .until("all are known", async || {
            world.database.number(known).await == i64::try_from(CONVERSATIONS).expect("few")
        })
        .await;
    world.until("all room is used", async || handed_out(&world).await == 500).await;
    eprintln!("5,000 conversations and 500 assignments in {:?}", began.elapsed());
    holds(Duration::from_secs(1), "nothing more is handed out", async || {
        handed_out(&world).await == 500
    })
    .await;
    let below = "SELECT count(*) FROM routing.member WHERE load <> 5";
    assert_eq!(world.database.number(below).await, 0, "somebody is not exactly at capacity");
    let twice = "SELECT count(*) FROM (SELECT conversation_id FROM routing.explanation \
                 GROUP BY 1 HAVING count(*) > 1) AS twice";
    assert_eq!(world.database.number(twice).await, 0, "handed out twice");
    world.audit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_processes_fill_everybody_to_capacity_and_hand_nothing_out_twice() {
    race().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_holds_without_the_planners_lock() {
    fail::cfg("sabotage-no-planner-lock", "return").expect("is a switch");
    let most = count_planners();
    race().await;
    assert!(most.load(Ordering::SeqCst) > 1, "no two planners were at work at once");
}
