//! What somebody holds, and what fails for good, stops nobody else.

use std::time::{Duration, Instant};

use kit_store::{Store, Transaction};
use kit_testkit::eventually;
use kit_values::OrganizationId;
use proto::conversation::v1::State;
use proto::directory::v1::Role;
use proto::routing::v1 as calls;
use routing::domain::words::{ConversationId, MemberId};

use crate::away::hold;
use crate::world::World;

/// Long enough for a loaded machine, far shorter than what it is told from.
const SOON: Duration = Duration::from_secs(15);

/// Holds a member's row until what is given back goes.
async fn holding(world: &World, member: MemberId) -> Transaction {
    let store = Store::connect(&world.database.settings("routing")).await.expect("connects");
    let held = store.begin(&world.organization.into()).await.expect("begins");
    let sql = "SELECT 1 FROM member WHERE member_id = $1 FOR UPDATE";
    let found = held.rows(sql, vec![member.uuid().into()]).await.expect("locks");
    assert_eq!(found.len(), 1);
    held
}

/// Whatever is decided for these organizations cannot be kept, for good.
async fn break_for_good(world: &World, organizations: &[OrganizationId]) {
    let broken: Vec<_> =
        organizations.iter().map(|broken| format!("'{}'", broken.uuid())).collect();
    let sql = format!(
        "CREATE FUNCTION routing.refuse() RETURNS trigger LANGUAGE plpgsql AS \
             $$ BEGIN RAISE EXCEPTION 'refused'; END $$; \
         CREATE TRIGGER refuse BEFORE INSERT ON routing.explanation FOR EACH ROW \
             WHEN (NEW.organization_id IN ({})) EXECUTE FUNCTION routing.refuse()",
        broken.join(",")
    );
    world.database.execute(&sql).await;
}

/// Organizations in the order of their ids, each with an agent who is ready.
async fn three_of_them(world: &mut World) -> [(OrganizationId, MemberId); 3] {
    let mut organizations: [_; 3] = std::array::from_fn(|_| OrganizationId::mint());
    organizations.sort_unstable();
    let mut all = Vec::new();
    for organization in organizations {
        world.organization = organization;
        let [agent] = world.members([Role::Agent]).await;
        world.ready(agent).await;
        all.push((organization, agent));
    }
    all.try_into().expect("three")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_away_does_not_wait_for_a_process_that_stands_still_over_standings() {
    let world = World::new().await;
    let [lea] = world.members([Role::Agent]).await;
    world.ready(lea).await;
    let conversation = world.waits(100).await;
    world.until_owned(conversation, lea).await;
    let held = hold("routing-before-standings");
    world.tell(&[world.standing(conversation, State::Pending, 0)]).await;
    held.has_come().await;
    let began = Instant::now();
    world.away(lea, true).await;
    // Else it would wait until the process goes on, which it does not.
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    held.let_go();
    world.until("the standing is applied", async || world.load(lea).await == 0).await;
    world.audit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_whose_row_is_held_keeps_nothing_from_the_others() {
    let world = World::new().await;
    let [lea, noah] = world.members([Role::Agent, Role::Agent]).await;
    world.ready(noah).await;
    let first = world.waits(500).await;
    world.until_owned(first, noah).await;
    // From now on lea is the one to be chosen first.
    world.ready(lea).await;
    let held = holding(&world, lea).await;
    let events: Vec<_> =
        (0..4).map(|at| world.standing(ConversationId::mint(), State::New, 100 + at)).collect();
    world.tell(&events).await;
    eventually(SOON, "noah is handed more", async || world.load(noah).await > 1).await;
    assert_eq!(world.load(lea).await, 0);
    // Who only asks does not wait either.
    let asked = world.by(lea, calls::GetAvailabilityRequest {});
    world.client(0, "gateway").get_availability(asked).await.expect("answered");
    held.rollback().await.expect("lets go");
    world
        .until("all are handed out", async || world.load(lea).await + world.load(noah).await == 5)
        .await;
    world.audit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_standing_waits_for_its_owners_row_however_long_that_is_held() {
    let world = World::new().await;
    let [lea] = world.members([Role::Agent]).await;
    world.ready(lea).await;
    let conversation = world.waits(100).await;
    world.until_owned(conversation, lea).await;
    let held = holding(&world, lea).await;
    world.tell(&[world.standing(conversation, State::Pending, 0)]).await;
    // What waits stands in nobody's way: it asks again and again, and each time only for a moment.
    let waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' \
                   AND clock_timestamp() - query_start > '1 s'";
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(10) {
        assert_eq!(world.database.number(waiting).await, 0, "somebody waits for long");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(world.load(lea).await, 1);
    held.rollback().await.expect("lets go");
    // It was not counted as a failure of the standing, which would be parked by now.
    eventually(SOON, "the standing is applied", async || world.load(lea).await == 0).await;
    world.audit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn organizations_whose_plans_fail_for_good_stop_no_other() {
    let mut world = World::new().await;
    let all = three_of_them(&mut world).await;
    break_for_good(&world, &[all[0].0, all[1].0]).await;
    for (organization, _) in &all[..2] {
        world.organization = *organization;
        let conversation = world.waits(100).await;
        world.until_known(conversation).await;
    }
    // Both plans are at it.
    tokio::time::sleep(Duration::from_secs(1)).await;
    world.organization = all[2].0;
    let conversation = world.waits(100).await;
    eventually(SOON, "the third one is planned", async || {
        world.owner(conversation).await == Some(all[2].1)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn work_that_cannot_go_back_keeps_nobody_elses() {
    let mut world = World::new().await;
    let all = three_of_them(&mut world).await;
    let mut owned = Vec::new();
    for (organization, agent) in all {
        world.organization = organization;
        let conversation = world.waits(100).await;
        world.until_owned(conversation, agent).await;
        owned.push(conversation);
    }
    break_for_good(&world, &[all[0].0, all[1].0]).await;
    let away = "UPDATE routing.member SET availability = 2, handing_back = true";
    world.database.execute(away).await;
    eventually(SOON, "the third one's goes back", async || world.owner(owned[2]).await.is_none())
        .await;
    assert!(world.owner(owned[0]).await.is_some(), "nothing was broken");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_that_cannot_be_recorded_takes_presence_from_nobody() {
    let world = World::new().await;
    let [lea, mia, noah] = world.members([Role::Agent, Role::Agent, Role::Agent]).await;
    let session = |member: MemberId| calls::Session {
        session: kit_values::mint_uuid().to_string(),
        organization_id: world.organization.to_string(),
        member_id: member.to_string(),
        signed_in_at: None,
        ..calls::Session::default()
    };
    let (of_lea, of_mia, of_noah) = (session(lea), session(mia), session(noah));
    let is_seen = async |member: MemberId| {
        let record = format!("guichet:presence:{}:{member}", world.organization);
        world.redis.command(&["EXISTS", &record]).await == redis::Value::Int(1)
    };
    let report = calls::ReportSessionsRequest {
        gateway: "gateway-2".to_owned(),
        opened: vec![of_mia.clone(), of_noah.clone()],
        live: vec![of_lea.clone(), of_mia, of_noah],
        renewal: true,
        ..calls::ReportSessionsRequest::default()
    };
    let held = holding(&world, mia).await;
    let began = Instant::now();
    let refused = world.report(report.clone()).await.expect_err("mia is not recorded");
    assert_eq!(refused.code(), "sign_ins_left");
    assert!(began.elapsed() < Duration::from_secs(8), "the gateway waits no longer");
    let seen = (is_seen(lea).await, is_seen(noah).await, is_seen(mia).await);
    assert_eq!(seen, (true, true, false));
    held.rollback().await.expect("lets go");
    world.report(report).await.expect("reported");
    assert!(is_seen(mia).await);

    // What is repeated with it does not make anybody seen who has gone.
    let closed = calls::ReportSessionsRequest {
        gateway: "gateway-2".to_owned(),
        closed: vec![of_lea],
        ..calls::ReportSessionsRequest::default()
    };
    world.report(closed.clone()).await.expect("reported");
    assert!(is_seen(lea).await, "until a moment ago");
    world.unseen(lea).await;
    world.report(closed).await.expect("reported");
    assert!(!is_seen(lea).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn standings_of_many_organizations_wait_for_a_silent_redis_together() {
    let mut world = World::of(1, true).await;
    let mut all = Vec::new();
    for _ in 0..30 {
        world.organization = OrganizationId::mint();
        let (conversation, member) = (ConversationId::mint(), MemberId::mint());
        let keys = format!("'{}', '{}'", world.organization.uuid(), member.uuid());
        let sql = format!(
            "INSERT INTO routing.member (organization_id, member_id, roles, directory_epoch, \
                 availability, since, availability_epoch, ever_chosen, load, capacity, hard_limit) \
             VALUES ({keys}, 1, 1, 1, now(), 0, false, 0, 5, 10); \
             INSERT INTO routing.conversation (organization_id, owner_member_id, conversation_id, \
                 rev, state, channel_ids, class, decision, epoch) \
             VALUES ({keys}, '{}', 0, 2, '{{}}', 0, 0, 1); ",
            conversation.uuid()
        );
        world.database.execute(&sql).await;
        all.push((world.organization, conversation));
    }
    world.proxy.as_ref().expect("a proxy").freeze();
    let mut events = Vec::new();
    for (organization, conversation) in all {
        world.organization = organization;
        events.push(world.standing(conversation, State::New, 10));
    }
    let began = Instant::now();
    world.tell(&events).await;
    let woken = "SELECT count(*) FROM routing.conversation \
                 WHERE state = 1 AND owner_member_id IS NOT NULL";
    world.until("all woke", async || world.database.number(woken).await == 30).await;
    // One after the other they would wait for six seconds.
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
}
