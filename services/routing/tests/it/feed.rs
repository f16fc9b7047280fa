//! What routing tells on stream ROUTING, what it parks, and what the database hides.

use kit_bus::{BrokerSettings, Bus, Start, TailEvent};
use kit_store::Scope;
use kit_values::OrganizationId;
use prost::Message as _;
use proto::conversation::v1::State;
use proto::directory::v1::{Access, Role};
use proto::routing::v1 as calls;
use proto::routing::v1::routing_event::Fact;

use crate::world::{World, installation};

#[tokio::test(flavor = "multi_thread")]
async fn owners_and_availability_are_told_with_growing_epochs() {
    let world = World::new().await;
    let [lea] = world.members([Role::Agent]).await;
    world.ready(lea).await;
    let conversation = world.waits(100).await;
    world.until_owned(conversation, lea).await;
    world.tell(&[world.standing(conversation, State::Resolved, 0)]).await;
    let broker = BrokerSettings { url: world.nats.url().to_owned(), ..BrokerSettings::default() };
    let bus = Bus::connect(&broker, "test").await.expect("connects");
    let mut tail = bus.follow("ROUTING", Start::All);
    let (mut owners, mut availability) = (Vec::new(), Vec::new());
    while owners.len() < 2 || availability.is_empty() {
        let TailEvent::Event(followed) = tail.next().await.expect("followed") else { continue };
        let event = calls::RoutingEvent::decode(followed.payload.as_ref()).expect("decodes");
        let metadata = event.metadata.expect("metadata");
        assert_eq!(metadata.organization_id, world.organization.to_string());
        match event.fact.expect("a fact") {
            Fact::OwnerChanged(changed) => owners.push(changed),
            Fact::AvailabilityChanged(changed) => availability.push(changed),
            Fact::AwayStatesChanged(_) => {}
        }
    }
    owners.sort_by_key(|changed| changed.epoch);
    assert_eq!(owners[0].owner_member_id, lea.to_string());
    assert_eq!((owners[0].epoch, owners[0].reason.as_str()), (1, "assigned"));
    assert!(owners[0].decision_id.starts_with("dec_"));
    assert_eq!(owners[1].owner_member_id, "");
    assert_eq!(owners[1].former_member_id, lea.to_string());
    assert_eq!((owners[1].epoch, owners[1].reason.as_str()), (2, "resolved"));
    let told = availability[0].availability.clone().expect("one");
    assert_eq!((told.member_id.as_str(), told.epoch), (lea.to_string().as_str(), 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_is_parked_and_can_be_replayed_by_an_operator() {
    let world = World::new().await;
    let [lea] = world.members([Role::Agent]).await;
    let mut broken = world.standing(routing::domain::words::ConversationId::mint(), State::New, 1);
    broken.conversation_id = "nothing".to_owned();
    world.tell(&[broken]).await;
    let good = world.waits(10).await;
    world.until_known(good).await;
    let mut operator = world.client(0, "operator");
    let list = operator.list_parked(installation(calls::ListParkedRequest::default())).await;
    let parked = list.expect("a list").into_inner().parked;
    assert_eq!(parked.len(), 1);
    assert_eq!(parked[0].source, "routing-conversations");
    let parked_id = parked[0].parked_id.clone();
    let show = calls::ShowParkedRequest { parked_id: parked_id.clone() };
    let shown = operator.show_parked(installation(show)).await.expect("shown").into_inner();
    assert!(!shown.payload.is_empty());
    let replay = calls::ReplayParkedRequest { parked_ids: vec![parked_id] };
    let replayed = operator.replay_parked(installation(replay)).await.expect("answered");
    assert_eq!(replayed.into_inner().results[0].reason, "still_unreadable");
    let mut gateway = world.client(0, "gateway");
    let request = world.by(lea, calls::ListParkedRequest::default());
    gateway.list_parked(request).await.expect_err("not the gateway's");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_constraints_alone_refuse_a_second_owner_and_too_much_load() {
    let world = World::new().await;
    let [lea] = world.members([Role::Agent]).await;
    let conversation = world.waits(100).await;
    world.until_known(conversation).await;
    let store = kit_store::Store::connect(&world.database.settings("routing")).await;
    let store = store.expect("connects");
    for (sql, allowed) in [
        ("UPDATE member SET load = 10", true),
        ("UPDATE member SET load = 11", false),
        ("UPDATE member SET load = -1", false),
        ("UPDATE member SET away_state_id = gen_random_uuid(), availability = 1", false),
        ("UPDATE conversation SET owner_member_id = gen_random_uuid()", true),
        (
            "UPDATE conversation SET owner_member_id = gen_random_uuid(), state = 3, \
             waiting_since = NULL",
            false,
        ),
        ("UPDATE conversation SET waiting_since = NULL", false),
        (
            "INSERT INTO conversation (organization_id, conversation_id, rev, state, channel_ids, \
             class, decision, owner_member_id, epoch) SELECT organization_id, conversation_id, \
             1, 2, '{}', 0, 0, gen_random_uuid(), 9 FROM conversation",
            false,
        ),
    ] {
        let transaction = store.begin(&Scope::from(world.organization)).await.expect("begins");
        let changed = transaction.run(sql, Vec::new()).await;
        assert_eq!(changed.is_ok_and(|rows| rows == 1), allowed, "{sql}");
        transaction.rollback().await.expect("rolls back");
    }
    assert_eq!(world.load(lea).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn row_level_security_alone_hides_every_row() {
    use kit_store::Row as _;

    let world = World::new().await;
    let [lea] = world.members([Role::Agent]).await;
    world.ready(lea).await;
    let conversation = world.waits(100).await;
    world.until_owned(conversation, lea).await;
    world.restrict(1, Some(&[(lea, Access::Contributor)])).await;
    let create = calls::CreateAwayStateRequest {
        organization_id: world.organization.to_string(),
        name: "Pause".to_owned(),
    };
    let mut operator = world.client(0, "operator");
    operator.create_away_state(installation(create)).await.expect("created");
    let store = kit_store::Store::connect(&world.database.settings("routing")).await;
    let store = store.expect("connects");
    for (organization, seen) in [(world.organization, true), (OrganizationId::mint(), false)] {
        for sql in [
            "SELECT count(*) AS rows FROM member",
            "SELECT count(*) AS rows FROM conversation",
            "SELECT count(*) AS rows FROM explanation",
            "SELECT count(*) AS rows FROM away_state",
            "SELECT count(*) AS rows FROM channel",
            "SELECT count(*) AS rows FROM access_changed",
        ] {
            let transaction = store.begin(&Scope::from(organization)).await.expect("begins");
            let rows = transaction.rows(sql, Vec::new()).await.expect("can be asked");
            let rows: i64 = rows[0].get("rows").expect("a number");
            assert_eq!(rows > 0, seen, "{sql}");
            transaction.rollback().await.expect("rolls back");
        }
    }
}
