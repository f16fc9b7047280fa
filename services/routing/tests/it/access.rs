//! Restricted channels: nothing is handed to, taken or given by somebody without access, and who
//! loses access loses what waits for them.

use std::time::Duration;

use kit_service::rpc;
use kit_testkit::holds;
use proto::conversation::v1::State;
use proto::directory::v1::{Access, Role};
use proto::routing::v1 as calls;
use routing::domain::words::{ConversationId, MemberId};

use crate::away::hold;
use crate::by_hand::{assign, take, unassign};
use crate::world::World;
use crate::world::directory::{channel_changed, member_changed};

/// Longer than two looks of the sweep.
const A_WHILE: Duration = Duration::from_secs(3);

/// Why the conversation waits, and what stands against the member.
async fn why_not_yet(
    world: &World,
    by: MemberId,
    conversation: ConversationId,
    member: MemberId,
) -> (String, String) {
    let told = world.explain(by, conversation).await;
    let candidates = &told[0].candidates;
    let id = member.to_string();
    let one = candidates.iter().find(|one| one.member_id == id).expect("everybody is named");
    (told[0].reason.clone(), one.removed_by.clone())
}

async fn explained(world: &World, by: MemberId, of: ConversationId) -> Result<(), String> {
    let message = calls::ExplainRequest { conversation_id: of.to_string() };
    let answer = world.client(0, "gateway").explain(world.by(by, message)).await;
    answer.map(drop).map_err(|status| rpc::fault(status).code().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_on_a_restricted_channel_is_handed_only_to_who_may_answer_it() {
    let world = World::new().await;
    let roles = [Role::Agent, Role::Agent, Role::Supervisor];
    let [lea, noah, sacha] = world.members(roles).await;
    world.restrict(1, Some(&[(lea, Access::Viewer)])).await;
    world.ready(lea).await;
    let conversation = world.waits(100).await;
    world.until_known(conversation).await;
    holds(A_WHILE, "it waits", async || world.owner(conversation).await.is_none()).await;
    let away = ("nobody_available".to_owned(), "not_allowed".to_owned());
    assert_eq!(why_not_yet(&world, sacha, conversation, lea).await, away);
    // Whoever is put on the list is handed it at once.
    world.ready(noah).await;
    holds(A_WHILE, "it waits", async || world.owner(conversation).await.is_none()).await;
    let list = [(lea, Access::Viewer), (noah, Access::Contributor)];
    world.restrict(2, Some(&list)).await;
    world.until_owned(conversation, noah).await;
    let told = world.explain(noah, conversation).await;
    let removed: Vec<_> = told[0].candidates.iter().map(|it| it.removed_by.as_str()).collect();
    assert_eq!((told[0].outcome.as_str(), removed[0]), ("assigned", ""));
    assert!(removed.contains(&"not_allowed"), "{removed:?}");
    // A supervisor needs no list, and where the channel is open nobody does.
    world.ready(sacha).await;
    let other = world.waits(50).await;
    world.until_owned(other, sacha).await;
    world.restrict(3, None).await;
    let third = world.waits(20).await;
    world.until_owned(third, lea).await;
    world.audit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_allowed_where_the_list_and_the_team_have_nobody_in_common() {
    let world = World::new().await;
    let [lea, noah] = world.members([Role::Agent, Role::Agent]).await;
    world.restrict(1, Some(&[(lea, Access::Viewer)])).await;
    world.ready(noah).await;
    let conversation = world.waits(100).await;
    world.until_known(conversation).await;
    let nobody = ("nobody_allowed".to_owned(), "not_allowed".to_owned());
    assert_eq!(why_not_yet(&world, lea, conversation, noah).await, nobody);
    assert_eq!(explained(&world, noah, conversation).await, Err("not_found".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn by_hand_each_goes_as_far_as_the_channel_lets_them() {
    let world = World::new().await;
    let roles = [Role::Agent, Role::Agent, Role::Agent, Role::Agent, Role::Supervisor];
    let [stranger, viewer, contributor, leader, sacha] = world.members(roles).await;
    let list = [
        (viewer, Access::Viewer),
        (contributor, Access::Contributor),
        (leader, Access::Supervisor),
    ];
    world.restrict(1, Some(&list)).await;
    let conversation = world.waits(100).await;
    world.until_known(conversation).await;
    let code = |code: &str| Err(code.to_owned());
    assert_eq!(take(&world, stranger, conversation).await, Err("not_found".to_owned()));
    assert_eq!(assign(&world, stranger, conversation, stranger).await, code("not_found"));
    assert_eq!(unassign(&world, stranger, conversation).await, code("not_found"));
    assert_eq!(explained(&world, stranger, conversation).await, Err("not_found".to_owned()));
    assert_eq!(take(&world, viewer, conversation).await, Err("access_missing".to_owned()));
    assert_eq!(assign(&world, viewer, conversation, viewer).await, code("access_missing"));
    assert_eq!(unassign(&world, viewer, conversation).await, code("access_missing"));
    assert_eq!(explained(&world, viewer, conversation).await, Ok(()));
    // The list's supervisor decides over others', here and only here.
    let owner = contributor.to_string();
    assert_eq!(take(&world, contributor, conversation).await, Ok((owner, 1)));
    assert_eq!(assign(&world, contributor, conversation, leader).await, code("supervisor_only"));
    assert_eq!(assign(&world, leader, conversation, sacha).await, Ok(2));
    assert_eq!(unassign(&world, contributor, conversation).await, code("supervisor_only"));
    assert_eq!(unassign(&world, leader, conversation).await, Ok(3));
    // To whom it is given must be let in, whoever gives it.
    for nobody in [stranger, viewer] {
        assert_eq!(assign(&world, sacha, conversation, nobody).await, code("not_allowed"));
    }
    assert_eq!(assign(&world, sacha, conversation, contributor).await, Ok(4));
    world.restrict(2, None).await;
    assert_eq!(unassign(&world, leader, conversation).await, code("supervisor_only"));
    assert_eq!(unassign(&world, contributor, conversation).await, Ok(5));
    // Deactivated: nobody any more, on an open channel as well.
    let mut gone = world.member(stranger, Role::Agent, 2);
    gone.deactivated = true;
    world.tell_directory(vec![member_changed(gone)]).await;
    let refused = async || take(&world, stranger, conversation).await == Err("role_missing".into());
    world.until("they are nobody", refused).await;
    world.audit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_loses_access_loses_what_waits_for_them_with_its_waiting_time() {
    let world = World::new().await;
    let [lea, noah, sacha] = world.members([Role::Agent, Role::Agent, Role::Supervisor]).await;
    let session = world.ready(lea).await;
    let waiting = world.waits(300).await;
    let pending = world.waits(200).await;
    for one in [waiting, pending] {
        world.until_owned(one, lea).await;
    }
    world.tell(&[world.standing(pending, State::Pending, 0)]).await;
    world.settled().await;
    let since = world.explain(lea, waiting).await[0].waiting_since;
    // Also what is typed in, and what was kept when they went away: it cannot be sent any more.
    world.types(&session, Some(waiting));
    assert_eq!(world.away(lea, true).await, 0);
    world.restrict(1, Some(&[(noah, Access::Contributor)])).await;
    world.until("it goes back", async || world.owner(waiting).await.is_none()).await;
    assert_eq!(world.owner(pending).await, Some(lea), "what does not wait stays");
    let told = world.explain(sacha, waiting).await;
    assert_eq!((told[1].outcome.as_str(), told[1].reason.as_str()), ("released", "not_allowed"));
    assert_eq!(told[0].waiting_since, since);
    assert_eq!(world.load(lea).await, 0);
    world.ready(noah).await;
    world.until_owned(waiting, noah).await;
    // What wakes is not theirs any more, available and present as they are.
    world.available(lea).await;
    world.tell(&[world.standing(pending, State::New, 10)]).await;
    world.until_owned(pending, noah).await;
    world.audit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_no_supervisor_any_more_or_deactivated_loses_what_the_role_gave() {
    let world = World::new().await;
    let [lea, noah] = world.members([Role::Supervisor, Role::Agent]).await;
    world.restrict(1, Some(&[(noah, Access::Contributor)])).await;
    world.ready(lea).await;
    let conversation = world.waits(100).await;
    world.until_owned(conversation, lea).await;
    world.tell_directory(vec![member_changed(world.member(lea, Role::Agent, 1))]).await;
    world.until("it goes back", async || world.owner(conversation).await.is_none()).await;
    world.ready(noah).await;
    world.until_owned(conversation, noah).await;
    let mut gone = world.member(noah, Role::Agent, 1);
    gone.deactivated = true;
    world.tell_directory(vec![member_changed(gone)]).await;
    world.until("it goes back", async || world.owner(conversation).await.is_none()).await;
    world.audit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_made_before_access_was_lost_is_refused_when_it_is_carried_out() {
    let world = World::new().await;
    let [lea, noah] = world.members([Role::Agent, Role::Agent]).await;
    let held = hold("routing-before-execution");
    world.ready(lea).await;
    let conversation = world.waits(100).await;
    held.has_come().await;
    world.restrict(1, Some(&[(noah, Access::Contributor)])).await;
    held.let_go();
    holds(A_WHILE, "nobody owns it", async || world.owner(conversation).await.is_none()).await;
    let told = world.explain(noah, conversation).await;
    assert!(told.iter().all(|one| one.outcome != "assigned"), "{told:?}");
    world.audit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_handed_in_the_moment_in_which_access_was_lost_is_taken_back() {
    let world = World::new().await;
    let [lea, noah] = world.members([Role::Agent, Role::Agent]).await;
    let held = hold("routing-before-commit");
    world.ready(lea).await;
    let conversation = world.waits(100).await;
    held.has_come().await;
    world.restrict(1, Some(&[(noah, Access::Contributor)])).await;
    held.let_go();
    let told = async || world.explain(noah, conversation).await;
    world
        .until("it was handed, or the plan was cut off, and nobody owns it", async || {
            let told = told().await;
            world.owner(conversation).await.is_none() && told[0].outcome == "waiting"
        })
        .await;
    holds(A_WHILE, "nobody owns it", async || world.owner(conversation).await.is_none()).await;
    world.ready(noah).await;
    world.until_owned(conversation, noah).await;
    world.audit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_the_order_and_however_often_directory_tells_the_newest_stands() {
    let world = World::new().await;
    let [sacha] = world.members([Role::Supervisor]).await;
    let orders =
        [[1, 2, 3, 3, 1], [3, 2, 1, 3, 2], [2, 3, 1, 2, 3], [1, 3, 2, 1, 2], [3, 3, 1, 2, 1]];
    for (round, order) in (0_i64..).zip(orders) {
        let lea = MemberId::mint();
        // Each version is told as it was then: only the last one lets Lea in.
        let channel = |number: i64| {
            let list: &[(MemberId, Access)] = match number {
                1 => &[],
                2 => &[(lea, Access::Viewer)],
                _ => &[(lea, Access::Contributor)],
            };
            channel_changed(world.channel_as(round * 10 + number, Some(list)))
        };
        // And only the last one makes an agent of her: of one version the sessions' epoch may grow.
        let member = |number: i64| {
            let mut member = world.member(lea, Role::Admin, number);
            member.deactivated = number == 2;
            if number == 3 {
                member.roles = vec![Role::Agent.into()];
            }
            member_changed(member)
        };
        let told = order.iter().flat_map(|number| [channel(*number), member(*number)]);
        let mut told: Vec<_> = told.map(|fact| vec![fact]).collect();
        if round == 4 {
            // In one batch, too, or a few.
            told = vec![told.into_iter().flatten().collect()];
        }
        let mut settled = 1 + 10 * round;
        for facts in told {
            settled += i64::try_from(facts.len()).expect("few");
            world.tell_directory(facts).await;
            world.people_settled(settled).await;
        }
        world.until_restricted(round * 10 + 3).await;
        let sql =
            format!("SELECT roles::bigint FROM routing.member WHERE member_id = '{}'", lea.uuid());
        assert_eq!(world.database.number(&sql).await, 1, "{order:?}");
        let conversation = world.waits(100).await;
        world.until_known(conversation).await;
        let taken = take(&world, lea, conversation).await;
        assert_eq!(taken, Ok((lea.to_string(), 1)), "{order:?}");
        assert_eq!(assign(&world, lea, conversation, sacha).await, Err("supervisor_only".into()));
    }
    world.audit().await;
}
