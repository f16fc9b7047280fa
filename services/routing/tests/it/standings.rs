//! What conversation tells moves owners as `product.md` 3 and 4 say, in any order.

use proto::conversation::v1::{ConversationEvent, State};
use proto::directory::v1::Role;
use routing::domain::words::{ConversationId, MemberId};

use crate::world::World;

/// The same standing after so many decisions of persons, the last one a reply of `member`.
pub fn replied(mut event: ConversationEvent, decision: i64, member: MemberId) -> ConversationEvent {
    let standing = event.standing.as_mut().expect("a standing");
    standing.decision = decision;
    standing.decided_by_member_id = member.to_string();
    standing.decided_by_reply = true;
    event
}

/// The same standing after so many decisions of persons, the last one no reply.
fn decided(mut event: ConversationEvent, decision: i64) -> ConversationEvent {
    event.standing.as_mut().expect("a standing").decision = decision;
    event
}

async fn outcomes(world: &World, member: MemberId, of: ConversationId) -> Vec<String> {
    world.explain(member, of).await.into_iter().map(|one| one.outcome).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_wakes_stays_with_its_owner_above_capacity_but_not_above_the_hard_limit() {
    let world = World::new().await;
    let [lea] = world.members([Role::Agent]).await;
    world.ready(lea).await;
    let mut all = Vec::new();
    for round in 0..3 {
        let mut five = Vec::new();
        for _ in 0..5 {
            five.push(world.waits(100 - round * 10).await);
        }
        world.until("five are handed", async || world.load(lea).await == 5).await;
        if round < 2 {
            let events: Vec<_> =
                five.iter().map(|one| world.standing(*one, State::Pending, 0)).collect();
            world.tell(&events).await;
            world.until("they wait", async || world.load(lea).await == 0).await;
        }
        all.extend(five);
    }
    let wakes: Vec<_> = all[..5].iter().map(|one| world.standing(*one, State::New, 5)).collect();
    world.tell(&wakes).await;
    world.until("all woke", async || world.load(lea).await == 10).await;
    assert_eq!(outcomes(&world, lea, all[0]).await, ["kept", "assigned"]);
    world.tell(&[world.standing(all[5], State::New, 5)]).await;
    world.until("it was released", async || world.owner(all[5]).await.is_none()).await;
    let why = world.explain(lea, all[5]).await;
    assert_eq!(why[0].outcome, "waiting");
    assert_eq!((why[1].outcome.as_str(), why[1].reason.as_str()), ("released", "at_hard_limit"));
    world.audit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_wakes_while_its_owner_is_away_goes_to_somebody_else() {
    let world = World::new().await;
    let [lea, noah] = world.members([Role::Agent, Role::Agent]).await;
    world.ready(lea).await;
    let conversation = world.waits(100).await;
    world.until_owned(conversation, lea).await;
    world.tell(&[world.standing(conversation, State::Pending, 0)]).await;
    world.until("it waits for the contact", async || world.load(lea).await == 0).await;
    assert_eq!(world.away(lea, false).await, 0, "a Pending one stays");
    assert_eq!(world.owner(conversation).await, Some(lea));
    world.ready(noah).await;
    world.tell(&[world.standing(conversation, State::New, 5)]).await;
    world.until_owned(conversation, noah).await;
    let why = world.explain(noah, conversation).await;
    let told: Vec<_> = why.iter().map(|one| (one.outcome.as_str(), one.reason.as_str())).collect();
    assert_eq!(told, [("assigned", ""), ("released", "away"), ("assigned", "")]);
    world.audit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_replies_first_becomes_the_owner_and_resolving_releases() {
    let world = World::new().await;
    let [lea, noah] = world.members([Role::Agent, Role::Agent]).await;
    let conversation = world.waits(100).await;
    let pending = |decision, member| {
        replied(world.standing(conversation, State::Pending, 0), decision, member)
    };
    world.tell(&[pending(1, lea)]).await;
    world.until_owned(conversation, lea).await;
    world.tell(&[pending(2, noah)]).await;
    let resolved = decided(world.standing(conversation, State::Resolved, 0), 3);
    world.tell(&[resolved]).await;
    world.until("nobody owns it", async || world.owner(conversation).await.is_none()).await;
    assert_eq!(outcomes(&world, lea, conversation).await, ["resolved", "replied"]);
    // Reopened by hand, it returns to whom it belonged, who must be reachable.
    world.ready(lea).await;
    world.tell(&[decided(world.standing(conversation, State::New, 100), 4)]).await;
    world.until_owned(conversation, lea).await;
    assert_eq!(outcomes(&world, lea, conversation).await[0], "returned");
    // Reopened by the contact, it is anybody's.
    world.tell(&[decided(world.standing(conversation, State::Resolved, 0), 5)]).await;
    world.tell(&[decided(world.standing(conversation, State::New, 3), 5)]).await;
    world
        .until("it is handed anew", async || {
            outcomes(&world, lea, conversation).await[..2] == ["assigned", "resolved"]
        })
        .await;
    world.audit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn any_order_and_repetition_of_standings_ends_the_same() {
    let world = World::new().await;
    let [lea, noah] = world.members([Role::Agent, Role::Agent]).await;
    let mut finals = Vec::new();
    for order in 0..4 {
        let ids = [(); 3].map(|()| ConversationId::mint());
        let mut events = Vec::new();
        for (at, id) in ids.into_iter().enumerate() {
            let run = [
                world.standing(id, State::New, 50),
                replied(world.standing(id, State::Pending, 0), 1, lea),
                replied(world.standing(id, State::New, 40), 1, lea),
                replied(world.standing(id, State::Pending, 0), 2, noah),
                decided(world.standing(id, State::Resolved, 0), 3),
                decided(world.standing(id, State::New, 30), 3),
            ];
            // Each conversation stops at another place.
            events.extend(run.into_iter().take(4 + at));
        }
        match order {
            0 => {}
            1 => events.reverse(),
            2 => events.sort_by_key(|event| (event.rev * 7) % 11),
            _ => {
                let again = events.clone();
                events.sort_by_key(|event| (event.rev * 5) % 7);
                events.extend(again);
            }
        }
        for event in &mut events {
            // Told again under another id, as after a loss of the stream.
            event.metadata.as_mut().expect("metadata").event_id =
                kit_values::EventId::mint().to_string();
        }
        world.tell(&events).await;
        let list = ids.map(|id| format!("'{}'", id.uuid())).join(",");
        world.settled().await;
        let sql = format!(
            "SELECT concat_ws(' ', state, owner_member_id, decision) FROM routing.conversation \
             WHERE conversation_id IN ({list}) ORDER BY rev"
        );
        finals.push(world.database.texts(&sql).await);
    }
    // Nobody is available: only the repliers own anything, and only what is Pending or was theirs.
    let first = &finals[0];
    assert_eq!(first.len(), 3);
    for other in &finals[1..] {
        assert_eq!(first[1..], other[1..]);
    }
    for one in &finals {
        // Who is told first of a conversation's two repliers may differ with the order: an
        // earlier reply that was never seen makes nobody the owner.
        let owners = [lea, noah].map(|member| format!("2 {} 2", member.uuid()));
        assert!(owners.contains(&one[0]), "{one:?}");
    }
    world.audit().await;
}
