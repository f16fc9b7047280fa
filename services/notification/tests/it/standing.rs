//! What stands for a conversation, and for whom.

use kit_bus::{BrokerSettings, Bus, Start, TailEvent};
use kit_service::{Caller, rpc};
use kit_testkit::eventually;
use kit_values::{Class, EventId, OrganizationId, mint_uuid};
use prost::Message as _;
use proto::notification::v1::notification_event::Fact;
use proto::notification::v1::{self as pb, NotificationKind};
use proto::routing::v1 as routing;

use crate::world::{PATIENCE, World};

#[tokio::test(flavor = "multi_thread")]
async fn one_notification_stands_for_a_conversation_until_it_is_read_settled_or_handed_on() {
    let world = World::start().await;
    let (lea, noah, conversation) = (mint_uuid(), mint_uuid(), mint_uuid());
    world.owner(conversation, Some(lea), 1, "assigned").await;
    world.expect(lea, &[NotificationKind::AssignedToYou]).await;
    let first = world.standing(lea).await.remove(0);
    assert!(!first.badge_only);
    assert_eq!(first.conversation_id, format!("conv_{}", conversation.simple()));

    world.wrote(conversation, 2).await;
    world.expect(lea, &[NotificationKind::CustomerAnswered]).await;
    let second = world.standing(lea).await.remove(0);
    assert_eq!(second.notification_id, first.notification_id, "replaced, not stacked");
    assert!(second.rev > first.rev);

    world.owner(conversation, Some(noah), 2, "assigned_by_hand").await;
    world.expect(noah, &[NotificationKind::AssignedToYou]).await;
    world.expect(lea, &[]).await;

    world.settled(conversation, 3).await;
    world.expect(noah, &[]).await;
    world.wrote(conversation, 4).await;
    world.expect(noah, &[NotificationKind::CustomerAnswered]).await;
    let conversation_id = format!("conv_{}", conversation.simple());
    let read = pb::MarkReadRequest { conversation_id, ..pb::MarkReadRequest::default() };
    let mut client = world.client("gateway");
    client.mark_read(world.by(lea, read.clone())).await.expect("answered");
    assert_eq!(world.standing(noah).await.len(), 1, "somebody else read it");
    client.mark_read(world.by(noah, read)).await.expect("answered");
    assert_eq!(world.standing(noah).await, []);

    // What was told, in order, is what stood.
    let broker = BrokerSettings { url: world.nats.url().to_owned(), ..BrokerSettings::default() };
    let bus = Bus::connect(&broker, "test").await.expect("connects");
    let mut tail = bus.follow("NOTIFICATION", Start::All);
    let mut told = Vec::new();
    while told.len() < 7 {
        let next = tokio::time::timeout(PATIENCE, tail.next()).await.expect("told in time");
        if let TailEvent::Event(event) = next.expect("told") {
            let event = pb::NotificationEvent::decode(event.payload).expect("decodes");
            told.push(match event.fact.expect("a fact") {
                Fact::NotificationRaised(_) => "raised".to_owned(),
                Fact::NotificationWithdrawn(withdrawn) => withdrawn.reason,
            });
        }
    }
    let expected =
        ["raised", "raised", "handed_on", "raised", "settled", "raised", "read"].map(str::to_owned);
    assert_eq!(told, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn late_and_older_words_change_nothing() {
    let world = World::start().await;
    let (lea, noah, conversation, marker) = (mint_uuid(), mint_uuid(), mint_uuid(), mint_uuid());
    world.owner(conversation, Some(noah), 5, "assigned").await;
    // The two streams have no order between them: what settles it waits for what raised it.
    world.expect(noah, &[NotificationKind::AssignedToYou]).await;
    world.owner(conversation, Some(lea), 4, "assigned").await;
    world.settled(conversation, 9).await;
    world.expect(noah, &[]).await;
    world.wrote(conversation, 8).await;
    world.owner(marker, Some(lea), 1, "assigned").await;
    world.expect(lea, &[NotificationKind::AssignedToYou]).await;
    world.owner(marker, Some(noah), 2, "taken").await;
    world.expect(lea, &[]).await;
    world.wrote(marker, 1).await;
    world.expect(noah, &[NotificationKind::CustomerAnswered]).await;
    assert_eq!(world.standing(noah).await[0].conversation_id, format!("conv_{}", marker.simple()));
    world.expect(lea, &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_away_gets_the_badge_alone() {
    let world = World::start().await;
    let (lea, conversation) = (mint_uuid(), mint_uuid());
    world.away(lea, 2, routing::Availability::Away).await;
    world.away(lea, 1, routing::Availability::Available).await;
    world.owner(conversation, Some(lea), 1, "assigned").await;
    world.expect(lea, &[NotificationKind::AssignedToYou]).await;
    assert!(world.standing(lea).await[0].badge_only);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_gateway_asks_and_sees_its_own_organization() {
    let world = World::start().await;
    let (lea, conversation) = (mint_uuid(), mint_uuid());
    world.owner(conversation, Some(lea), 1, "assigned").await;
    world.expect(lea, &[NotificationKind::AssignedToYou]).await;
    let request = world.by(lea, pb::ListNotificationsRequest::default());
    let refused = world.client("routing").list_notifications(request).await.map_err(rpc::fault);
    assert_eq!(refused.expect_err("refused").class(), Class::Forbidden);
    let caller = Caller::for_member(OrganizationId::mint(), lea);
    let request = rpc::request(pb::ListNotificationsRequest::default(), &caller, PATIENCE);
    let other = world.client("gateway").list_notifications(request).await.expect("answered");
    assert_eq!(other.into_inner().notifications, []);
    let rows = "SELECT count(*) FROM notification.conversation";
    assert_eq!(world.database.number(rows).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_is_parked_for_the_operator() {
    let world = World::start().await;
    let event = EventId::mint();
    let broken = routing::RoutingEvent {
        metadata: Some(world.metadata(event)),
        fact: Some(routing::routing_event::Fact::OwnerChanged(routing::OwnerChanged {
            conversation_id: "nonsense".to_owned(),
            ..routing::OwnerChanged::default()
        })),
    };
    world.tell(&world.routing, "routing", "owner_changed", event, broken.encode_to_vec()).await;
    let mut operator = world.client("operator");
    let call = || {
        let request = pb::ListParkedRequest { limit: 10, after: String::new() };
        rpc::request(request, &Caller::installation(), PATIENCE)
    };
    eventually(PATIENCE, "the event is parked", async || {
        let mut operator = world.client("operator");
        !operator.list_parked(call()).await.expect("listed").into_inner().parked.is_empty()
    })
    .await;
    let parked = operator.list_parked(call()).await.expect("listed").into_inner().parked.remove(0);
    assert_eq!((&*parked.source, &*parked.reason), ("notification-owners", "undecodable"));
    let request = pb::ReplayParkedRequest { parked_ids: vec![parked.parked_id] };
    let request = rpc::request(request, &Caller::installation(), PATIENCE);
    let results = operator.replay_parked(request).await.expect("answered").into_inner().results;
    assert!(!results[0].replayed, "it is as broken as before");
    let refused = world.client("gateway").list_parked(call()).await.map_err(rpc::fault);
    assert_eq!(refused.expect_err("refused").class(), Class::Forbidden);
}
