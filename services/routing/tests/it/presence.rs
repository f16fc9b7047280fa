//! Redis lost, flushed, frozen: assignment pauses and nothing is taken away (I8).

use std::time::{Duration, Instant};

use proto::conversation::v1::State;
use proto::directory::v1::Role;
use proto::routing::v1 as calls;
use routing::domain::words::MemberId;

use crate::world::World;

async fn presence(world: &World, of: MemberId) -> calls::Presence {
    let request = world.by(of, calls::ListTeamRequest {});
    let team = world.client(0, "gateway").list_team(request).await.expect("a team").into_inner();
    let one = team.members.iter().find(|one| one.member_id == of.to_string());
    one.expect("in the team").presence()
}

#[tokio::test(flavor = "multi_thread")]
async fn redis_killed_pauses_assignment_and_nothing_else() {
    let mut world = World::new().await;
    let [lea] = world.members([Role::Agent]).await;
    world.ready(lea).await;
    let first = world.waits(100).await;
    world.until_owned(first, lea).await;
    assert_eq!(presence(&world, lea).await, calls::Presence::Present);

    world.redis.kill().await;
    let reports = world.reports();
    let second = world.waits(50).await;
    world.until_known(second).await;
    // What is owned goes on as ever: Pending, and kept when it wakes.
    world.tell(&[world.standing(first, State::Pending, 0)]).await;
    world.until("it waits for the contact", async || world.load(lea).await == 0).await;
    world.tell(&[world.standing(first, State::New, 1)]).await;
    world.until("it woke", async || world.load(lea).await == 1).await;
    assert_eq!(world.owner(first).await, Some(lea));
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert!(world.reports() <= reports + 1, "Redis was not away");
    assert_eq!(world.owner(second).await, None, "handed to somebody whom nobody sees");
    let why = world.explain(lea, second).await;
    assert_eq!(why[0].reason, "assignment_paused");
    assert_eq!(presence(&world, lea).await, calls::Presence::Unknown);

    world.redis.restart().await;
    let back = Instant::now();
    world.until_owned(second, lea).await;
    assert!(back.elapsed() < Duration::from_secs(10), "{:?}", back.elapsed());
    assert_eq!(world.owner(first).await, Some(lea));
    world.audit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn redis_flushed_makes_nobody_absent() {
    let world = World::new().await;
    let [lea, noah] = world.members([Role::Agent, Role::Agent]).await;
    let session = world.ready(lea).await;
    let first = world.waits(100).await;
    world.until_owned(first, lea).await;
    // Who is only out of sight counts as gone, once the source is known to be whole.
    fail::cfg("routing-absent-at-once", "return").expect("is a fail point");
    let marker = world.redis.command(&["GET", "guichet:presence:marker"]).await;
    world.redis.command(&["FLUSHALL"]).await;
    let second = world.waits(50).await;
    world.until_owned(second, lea).await;
    let other = world.redis.command(&["GET", "guichet:presence:marker"]).await;
    assert_ne!(marker, other, "nothing was flushed");
    assert_eq!(world.owner(first).await, Some(lea), "taken away because Redis forgot");

    // The same fail point shows that absence would take it away.
    world.ready(noah).await;
    world.closes(&session).await;
    world.unseen(lea).await;
    world.until_owned(first, noah).await;
    world.until_owned(second, noah).await;
    let why = world.explain(noah, first).await;
    let told: Vec<_> = why.iter().map(|one| (one.outcome.as_str(), one.reason.as_str())).collect();
    assert_eq!(told, [("assigned", ""), ("absent", "absent"), ("assigned", "")]);
    world.audit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn redis_frozen_blocks_nobody_and_assignment_goes_on_when_it_thaws() {
    let world = World::of(1, true).await;
    let proxy = world.proxy.as_ref().expect("a proxy");
    let [lea] = world.members([Role::Agent]).await;
    world.ready(lea).await;
    let first = world.waits(100).await;
    world.until_owned(first, lea).await;
    for stale in [false, true] {
        let carried = proxy.carried();
        if stale {
            proxy.freeze_open();
        } else {
            proxy.freeze();
        }
        let conversation = world.waits(50).await;
        world.until_known(conversation).await;
        let began = Instant::now();
        if !stale {
            assert_eq!(presence(&world, lea).await, calls::Presence::Unknown);
            assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
            tokio::time::sleep(Duration::from_secs(2)).await;
            assert_eq!(world.owner(conversation).await, None);
            assert!(proxy.carried() - carried < 2_000, "the line was not frozen");
            proxy.heal();
        }
        // A connection that stays silent is replaced by another one.
        world.until_owned(conversation, lea).await;
        assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
        proxy.heal();
    }
    assert_eq!(world.owner(first).await, Some(lea));
    world.audit().await;
}
