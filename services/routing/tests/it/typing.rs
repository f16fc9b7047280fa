//! What a member types in when they go Away stays theirs until they stop.

use std::time::{Duration, Instant};

use kit_testkit::holds;
use proto::directory::v1::Role;
use proto::routing::v1 as calls;
use routing::domain::words::{ConversationId, MemberId};

use crate::world::World;

/// Goes Away while typing in some; how many conversations went back.
async fn away_typing(world: &World, member: MemberId, typing: &[ConversationId]) -> i32 {
    let message = calls::SetAvailabilityRequest {
        availability: calls::Availability::Away.into(),
        typing_conversation_ids: typing.iter().map(ToString::to_string).collect(),
        ..calls::SetAvailabilityRequest::default()
    };
    let answer = world.client(0, "gateway").set_availability(world.by(member, message)).await;
    answer.expect("away").into_inner().handed_back
}

async fn owns_two(world: &World, member: MemberId) -> [ConversationId; 2] {
    let both = [world.waits(300).await, world.waits(200).await];
    for one in both {
        world.until_owned(one, member).await;
    }
    both
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_typed_in_goes_back_when_the_typing_stops_and_everything_else_at_once() {
    let world = World::new().await;
    let [lea, noah] = world.members([Role::Agent, Role::Agent]).await;
    let session = world.ready(lea).await;
    let [typed, other] = owns_two(&world, lea).await;
    assert_eq!(away_typing(&world, lea, &[typed]).await, 1);
    assert_eq!((world.owner(typed).await, world.owner(other).await), (Some(lea), None));
    // The sessions' renewals take over from what was said with the choice.
    world.types(&session, Some(typed));
    holds(Duration::from_secs(8), "what is typed in stays", async || {
        world.owner(typed).await == Some(lea)
    })
    .await;
    world.types(&session, None);
    let stopped = Instant::now();
    world.until("it goes back", async || world.owner(typed).await.is_none()).await;
    assert!(stopped.elapsed() < Duration::from_secs(6), "only after {:?}", stopped.elapsed());
    assert_eq!(world.explain(lea, typed).await[1].outcome, "away");
    world.ready(noah).await;
    world.until_owned(typed, noah).await;
    world.audit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_stops_typing_and_is_available_again_keeps_it_and_a_word_without_renewals_ends() {
    let world = World::new().await;
    let [lea] = world.members([Role::Agent]).await;
    world.ready(lea).await;
    let [typed, other] = owns_two(&world, lea).await;
    assert_eq!(away_typing(&world, lea, &[typed]).await, 1);
    world.available(lea).await;
    world.until_owned(other, lea).await;
    holds(Duration::from_secs(7), "it stays", async || world.owner(typed).await == Some(lea)).await;
    // Said once, and by no renewal: it ends by itself.
    assert_eq!(away_typing(&world, lea, &[typed]).await, 1);
    let said = Instant::now();
    world.until("it goes back", async || world.owner(typed).await.is_none()).await;
    let took = said.elapsed();
    assert!(took > Duration::from_secs(4) && took < Duration::from_secs(20), "after {took:?}");
    world.audit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_redis_what_was_typed_in_is_not_taken_away() {
    let mut world = World::new().await;
    let [lea] = world.members([Role::Agent]).await;
    world.ready(lea).await;
    let [typed, other] = owns_two(&world, lea).await;
    world.redis.kill().await;
    assert_eq!(away_typing(&world, lea, &[typed]).await, 1);
    assert_eq!((world.owner(typed).await, world.owner(other).await), (Some(lea), None));
    holds(Duration::from_secs(3), "nobody knows who types", async || {
        world.owner(typed).await == Some(lea)
    })
    .await;
    world.redis.restart().await;
    world.until("it goes back", async || world.owner(typed).await.is_none()).await;
    world.audit().await;
}
