//! What waits is handed to whoever can be handed it, at once, and everybody can see why.

use proto::conversation::v1::State;
use proto::directory::v1::Role;

use crate::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn an_available_agent_is_handed_the_oldest_one_and_an_away_one_nothing() {
    let world = World::new().await;
    let [lea, noah] = world.members([Role::Agent, Role::Agent]).await;
    let younger = world.waits(10).await;
    let older = world.waits(100).await;
    world.until_known(older).await;
    let why = world.explain(noah, younger).await;
    assert_eq!((why[0].outcome.as_str(), why[0].reason.as_str()), ("waiting", "nobody_available"));
    assert_eq!(why[0].position, 2);
    assert_eq!(why[0].candidates.len(), 2);
    assert!(why[0].candidates.iter().all(|one| one.removed_by == "away"));

    world.opens(noah).await;
    world.ready(lea).await;
    world.until_owned(older, lea).await;
    world.until_owned(younger, lea).await;
    let first = world.explain(lea, older).await;
    let second = world.explain(lea, younger).await;
    assert_eq!(first[0].outcome, "assigned");
    assert_eq!(first[0].member_id, lea.to_string());
    assert_eq!(first[0].policy_version, 1);
    assert_eq!(first[0].candidates[0].member_id, lea.to_string());
    assert_eq!((first[0].candidates[0].load, second[0].candidates[0].load), (0, 1));
    assert_eq!(first[0].candidates[1].removed_by, "away");
    let at = |one: &proto::routing::v1::Explanation| {
        let at = one.at.expect("a moment");
        (at.seconds, at.nanos)
    };
    assert!(at(&first[0]) < at(&second[0]), "the oldest first");
    world.audit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn capacity_bounds_what_is_handed_and_freed_capacity_is_used_at_once() {
    let world = World::new().await;
    let [lea] = world.members([Role::Agent]).await;
    world.ready(lea).await;
    let mut all = Vec::new();
    for seconds in (0..6).rev() {
        all.push(world.waits(seconds * 10 + 10).await);
    }
    world.until("five are handed", async || world.load(lea).await == 5).await;
    let last = all[5];
    world.until_known(last).await;
    assert_eq!(world.owner(last).await, None);
    let why = world.explain(lea, last).await;
    assert_eq!((why[0].reason.as_str(), why[0].position), ("all_at_capacity", 1));
    assert_eq!(why[0].candidates[0].removed_by, "at_capacity");
    world.tell(&[world.standing(all[0], State::Pending, 0)]).await;
    world.until_owned(last, lea).await;
    assert_eq!(world.owner(all[0]).await, Some(lea), "a Pending one stays");
    world.audit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_not_there_is_handed_nothing_until_they_are() {
    let world = World::new().await;
    let [lea] = world.members([Role::Agent]).await;
    let session = world.ready(lea).await;
    world.closes(&session).await;
    world.unseen(lea).await;
    let conversation = world.waits(10).await;
    world.until_known(conversation).await;
    let nobodys = async || world.owner(conversation).await.is_none();
    kit_testkit::holds(std::time::Duration::from_millis(1_500), "it waits", nobodys).await;
    let why = world.explain(lea, conversation).await;
    assert_eq!(why[0].candidates[0].removed_by, "not_seen");
    assert_eq!(why[0].reason, "nobody_available");
    world.opens_as(session).await.expect("reported");
    world.until_owned(conversation, lea).await;
    world.audit().await;
}
