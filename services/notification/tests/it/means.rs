//! By which means members are told, what they choose, and what came of it.

use kit_service::rpc;
use kit_values::{Class, mint_uuid};
use proto::directory::v1::{ChannelHealth, Role};
use proto::notification::v1::{self as pb, Means, NotificationKind, Occasion, Outcome};
use proto::routing::v1::Availability;

use crate::world::World;

fn told(notification: &pb::Notification) -> Vec<(Means, Outcome, &str)> {
    let outcomes = notification.outcomes.iter();
    outcomes.map(|one| (one.means(), one.outcome(), one.reason.as_str())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_means_says_whether_it_tells_and_why_not() {
    let world = World::start().await;
    let (lea, first, second, third) = (mint_uuid(), mint_uuid(), mint_uuid(), mint_uuid());
    world.member(lea, "lea", Role::Agent, 1).await;
    world.owner(first, Some(lea), 1, "assigned").await;
    world.expect(lea, &[NotificationKind::AssignedToYou]).await;
    assert_eq!(
        told(&world.standing(lea).await[0]),
        [
            (Means::InApp, Outcome::Sent, ""),
            (Means::Sound, Outcome::Sent, ""),
            (Means::Desktop, Outcome::Not, "no_push"),
            (Means::Email, Outcome::Not, "not_wanted"),
        ]
    );
    world.choose(lea, &[(Occasion::AssignedToYou, &[Means::Email])], 0).await;
    world.owner(second, Some(lea), 1, "assigned").await;
    world.expect(lea, &[NotificationKind::AssignedToYou; 2]).await;
    assert_eq!(
        told(&world.standing(lea).await[0]),
        [
            (Means::InApp, Outcome::Not, "not_wanted"),
            (Means::Sound, Outcome::Not, "not_wanted"),
            (Means::Desktop, Outcome::Not, "not_wanted"),
            (Means::Email, Outcome::Not, "no_mail_server"),
        ]
    );
    world.away(lea, 1, Availability::Away).await;
    world.owner(third, Some(lea), 1, "assigned").await;
    world.expect(lea, &[NotificationKind::AssignedToYou; 3]).await;
    let badge = world.standing(lea).await.remove(0);
    assert!(badge.badge_only);
    assert_eq!(told(&badge)[3], (Means::Email, Outcome::Not, "away"));
}

#[tokio::test(flavor = "multi_thread")]
async fn preferences_are_ones_own_and_two_tabs_do_not_overwrite_each_other() {
    let world = World::start().await;
    let (lea, noah) = (mint_uuid(), mint_uuid());
    world.member(lea, "lea@example.com", Role::Agent, 1).await;
    world.member(noah, "noah", Role::Admin, 1).await;
    let preferences = async |member| {
        let request = world.by(member, pb::GetPreferencesRequest {});
        let answer = world.client("gateway").get_preferences(request).await;
        answer.expect("answered").into_inner().preferences.expect("preferences")
    };
    let row = |of: &pb::NotificationPreferences, occasion| {
        let row = of.wishes.iter().find(|wish| wish.occasion() == occasion).cloned();
        row.map(|row| row.means().collect::<Vec<_>>())
    };
    let before = preferences(lea).await;
    assert_eq!((before.rev, &*before.mail_address), (0, "lea@example.com"));
    assert!(!before.has_mail_server && !before.has_push);
    let default = vec![Means::InApp, Means::Sound, Means::Desktop];
    assert_eq!(row(&before, Occasion::CustomerAnswered), Some(default.clone()));
    assert_eq!(row(&before, Occasion::ChannelUnhealthy), None, "for admins");
    assert!(row(&preferences(noah).await, Occasion::ChannelUnhealthy).is_some());

    world
        .choose(lea, &[(Occasion::ReplyFailed, &[]), (Occasion::NewInQueue, &[Means::Sound])], 0)
        .await;
    let after = preferences(lea).await;
    assert_eq!((after.rev, after.volume), (1, 50));
    assert_eq!(row(&after, Occasion::ReplyFailed), Some(vec![]));
    assert_eq!(row(&after, Occasion::NewInQueue), Some(vec![Means::Sound]));
    assert_eq!(row(&after, Occasion::CustomerAnswered), Some(default), "was not chosen");
    assert_eq!(preferences(noah).await.rev, 0);

    let refused = async |wishes, volume, rev| {
        let request = world.by(lea, pb::PutPreferencesRequest { wishes, volume, rev });
        let answer = world.client("gateway").put_preferences(request).await;
        let fault = answer.map_err(rpc::fault).expect_err("refused");
        (fault.class(), fault.code())
    };
    let wish = |occasion: Occasion, means: Means| pb::Wish {
        occasion: occasion.into(),
        means: vec![means.into()],
        offered: Vec::new(),
    };
    assert_eq!(refused(vec![], 50, 0).await, (Class::Rejected, "preferences_changed"));
    let queue = wish(Occasion::NewInQueue, Means::Email);
    assert_eq!(refused(vec![queue], 50, 1).await, (Class::Invalid, "means_not_offered"));
    assert_eq!(refused(vec![], 101, 1).await, (Class::Invalid, "volume"));
    assert_eq!(preferences(lea).await.rev, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_owns_the_conversation_hears_of_a_failed_reply() {
    let world = World::start().await;
    let (lea, conversation) = (mint_uuid(), mint_uuid());
    world.owner(conversation, Some(lea), 1, "assigned").await;
    // The two streams have no order between them: what the contact writes waits for the owner.
    world.expect(lea, &[NotificationKind::AssignedToYou]).await;
    world.wrote(conversation, 1).await;
    world.expect(lea, &[NotificationKind::CustomerAnswered]).await;
    world.settled(conversation, 2).await;
    world.expect(lea, &[]).await;
    world.reply_failed(conversation).await;
    world.expect(lea, &[NotificationKind::ReplyFailed]).await;
    let standing = world.standing(lea).await.remove(0);
    assert_eq!(standing.conversation_id, format!("conv_{}", conversation.simple()));
    world.settled(conversation, 4).await;
    world.expect(lea, &[]).await;
    let settled = world.centre(lea).await;
    assert_eq!(settled.len(), 2, "{settled:?}");
    assert!(settled.iter().all(|one| one.settled_reason == "settled"));
}

#[tokio::test(flavor = "multi_thread")]
async fn admins_hear_once_of_a_lost_account_until_it_is_found_or_read() {
    let world = World::start().await;
    let (camille, sacha, lea) = (mint_uuid(), mint_uuid(), mint_uuid());
    world.member(camille, "camille", Role::Admin, 1).await;
    world.member(sacha, "sacha", Role::Admin, 1).await;
    world.member(lea, "lea", Role::Agent, 1).await;
    let (channel, other) = (mint_uuid(), mint_uuid());
    world.channel(channel, ChannelHealth::Connected, 10).await;
    world.channel(channel, ChannelHealth::Disconnected, 20).await;
    world.channel(channel, ChannelHealth::Disconnected, 21).await;
    // An older word comes late.
    world.channel(channel, ChannelHealth::Connected, 15).await;
    world.channel(other, ChannelHealth::Disconnected, 20).await;
    for admin in [camille, sacha] {
        world.expect(admin, &[NotificationKind::ChannelUnhealthy; 2]).await;
    }
    let standing = world.standing(camille).await;
    let about = format!("chan_{}", other.simple());
    let read = standing.iter().find(|one| one.channel_id == about).expect("told");
    let request = pb::MarkReadRequest {
        notification_id: read.notification_id.clone(),
        ..pb::MarkReadRequest::default()
    };
    world.client("gateway").mark_read(world.by(camille, request.clone())).await.expect("read");
    assert_eq!(world.standing(camille).await.len(), 1);
    world.client("gateway").mark_read(world.by(camille, request)).await.expect("read twice");
    assert_eq!(world.standing(sacha).await.len(), 2, "another admin's own");
    world.channel(channel, ChannelHealth::Connected, 30).await;
    world.expect(sacha, &[NotificationKind::ChannelUnhealthy]).await;
    world.expect(camille, &[]).await;
    assert!(world.centre(lea).await.is_empty());
    let all = pb::MarkReadRequest { all: true, ..pb::MarkReadRequest::default() };
    world.client("gateway").mark_read(world.by(sacha, all)).await.expect("read");
    assert!(world.standing(sacha).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_centre_has_pages_counts_and_says_what_became_of_each() {
    let world = World::start().await;
    let (lea, noah) = (mint_uuid(), mint_uuid());
    let conversations: Vec<_> = (0..5).map(|_| mint_uuid()).collect();
    for conversation in &conversations {
        world.owner(*conversation, Some(lea), 1, "assigned").await;
    }
    world.expect(lea, &[NotificationKind::AssignedToYou; 5]).await;
    for rev in 1..4 {
        world.wrote(conversations[0], rev).await;
    }
    let id = format!("conv_{}", conversations[0].simple());
    kit_testkit::eventually(crate::world::PATIENCE, "one stands for four", async || {
        let standing = world.standing(lea).await;
        standing.iter().any(|one| one.conversation_id == id && one.count == 4)
    })
    .await;
    let page = async |after: String| {
        let request = pb::ListNotificationsRequest { settled: false, limit: 2, after };
        let answer = world.client("gateway").list_notifications(world.by(lea, request)).await;
        answer.expect("answered").into_inner()
    };
    let (mut seen, mut after) = (Vec::new(), String::new());
    for expected in [2, 2, 1] {
        let found = page(after).await;
        assert_eq!(found.notifications.len(), expected);
        seen.extend(found.notifications.into_iter().map(|one| one.conversation_id));
        after = found.next;
    }
    assert_eq!(after, "");
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 5);

    let told = world.standing(lea).await.remove(0);
    let record = async |member, outcome: Outcome, reason: &str| {
        let request = pb::RecordOutcomeRequest {
            notification_id: told.notification_id.clone(),
            means: Means::Sound.into(),
            outcome: outcome.into(),
            reason: reason.to_owned(),
            rev: 0,
        };
        world.client("gateway").record_outcome(world.by(member, request)).await.map_err(rpc::fault)
    };
    let refused = record(noah, Outcome::Shown, "").await.expect_err("another's");
    assert_eq!(refused.class(), Class::NotFound);
    let refused = record(lea, Outcome::Sent, "").await.expect_err("not a browser's word");
    assert_eq!(refused.class(), Class::Invalid);
    let refused = record(lea, Outcome::Not, "<script>").await.expect_err("no code");
    assert_eq!(refused.class(), Class::Invalid);
    record(lea, Outcome::Not, "blocked").await.expect("recorded");
    let means = Means::Sound;
    assert_eq!(world.outcome(lea, means).await, (Outcome::Not, "blocked".to_owned()));
    record(lea, Outcome::Opened, "").await.expect("recorded");
    record(lea, Outcome::Not, "blocked").await.expect("a late word of another tab");
    assert_eq!(world.outcome(lea, means).await, (Outcome::Opened, String::new()));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_browser_did_with_an_older_one_says_nothing_of_the_newer_in_its_place() {
    let world = World::start().await;
    let (lea, conversation) = (mint_uuid(), mint_uuid());
    world.owner(conversation, Some(lea), 1, "assigned").await;
    world.expect(lea, &[NotificationKind::AssignedToYou]).await;
    let older = world.standing(lea).await.remove(0);
    world.wrote(conversation, 1).await;
    world.expect(lea, &[NotificationKind::CustomerAnswered]).await;
    let newer = world.standing(lea).await.remove(0);
    assert!(newer.notification_id == older.notification_id && newer.rev > older.rev);
    let record = async |outcome: Outcome, rev: i64| {
        let request = pb::RecordOutcomeRequest {
            notification_id: newer.notification_id.clone(),
            means: Means::InApp.into(),
            outcome: outcome.into(),
            reason: String::new(),
            rev,
        };
        let answer = world.client("gateway").record_outcome(world.by(lea, request)).await;
        answer.expect("recorded");
        world.outcome(lea, Means::InApp).await.0
    };
    assert_eq!(record(Outcome::Opened, older.rev).await, Outcome::Sent);
    assert_eq!(record(Outcome::Shown, newer.rev).await, Outcome::Shown);
    // A word about what was raised last still counts once it is settled.
    world.settled(conversation, 2).await;
    world.expect(lea, &[]).await;
    assert_eq!(record(Outcome::Opened, older.rev).await, Outcome::Shown);
    assert_eq!(record(Outcome::Opened, newer.rev).await, Outcome::Opened);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_comes_by_one_means_though_one_is_away() {
    let world = World::start().await;
    let lea = mint_uuid();
    world.away(lea, 1, Availability::Away).await;
    let test = async |means: Means| {
        let request = world.by(lea, pb::TestRequest { means: means.into() });
        let answer = world.client("gateway").test(request).await.expect("answered");
        answer.into_inner().notification.expect("told")
    };
    let sound = test(Means::Sound).await;
    assert_eq!((sound.kind(), &*sound.settled_reason), (NotificationKind::Test, "test"));
    assert_eq!(told(&sound)[1], (Means::Sound, Outcome::Sent, ""));
    assert_eq!(told(&sound)[0], (Means::InApp, Outcome::Not, "not_wanted"));
    assert_eq!(told(&test(Means::Email).await)[3], (Means::Email, Outcome::Not, "no_mail_server"));
    assert!(world.standing(lea).await.is_empty());
}
