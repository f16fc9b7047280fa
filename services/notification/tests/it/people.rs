//! What is asked of directory: the stream keeps a day only.

use kit_testkit::eventually;
use kit_values::{Secret, mint_uuid};
use proto::directory::v1::{self as directory, ChannelHealth, Role};
use proto::notification::v1::NotificationKind;

use crate::other_hands::Program;
use crate::world::{PATIENCE, World};

fn french(world: &World, members: Vec<directory::Member>) -> directory::ListPeopleResponse {
    let organization = directory::Organization {
        organization_id: world.organization.to_string(),
        name: "Maison".to_owned(),
        language: "fr".to_owned(),
        time_zone: "Europe/Paris".to_owned(),
    };
    directory::ListPeopleResponse {
        members,
        organizations: vec![organization],
        ..Default::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organization_that_was_there_before_is_written_to_in_its_language() {
    let server = Program::start("mail");
    let smtp = notification::SmtpSettings {
        host: "127.0.0.1".to_owned(),
        port: server.port(),
        encryption: notification::SmtpEncryption::None,
        user: Some("care".to_owned()),
        password: Some(Secret::new("secret".to_owned())),
        from: "Guichet <care@example.com>".to_owned(),
    };
    let world = World::with(None, Some(smtp), Vec::new()).await;
    let camille = world.person(mint_uuid(), "camille@maison.example", Role::Admin);
    // No event tells of either: both are from before the stream's day.
    world.everybody.tells(french(&world, vec![camille]));
    eventually(PATIENCE, "who is there is known", async || {
        world.database.number("SELECT count(*) FROM notification.member").await == 1
    })
    .await;
    world.channel(mint_uuid(), ChannelHealth::Disconnected, 20).await;
    let mail = server.next();
    assert_eq!(mail["recipients"], serde_json::json!(["camille@maison.example"]));
    assert!(mail["text"].as_str().expect("a text").starts_with("Bonjour Léa"), "{mail}");
    assert!(mail["html"].as_str().expect("HTML").contains("lang=\"fr\""), "{mail}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_settled_long_ago_is_forgotten_though_nobody_reads() {
    let world = World::start().await;
    let (lea, old, young, stands) = (mint_uuid(), mint_uuid(), mint_uuid(), mint_uuid());
    for conversation in [old, young, stands] {
        world.owner(conversation, Some(lea), 1, "assigned").await;
    }
    world.expect(lea, &[NotificationKind::AssignedToYou; 3]).await;
    for conversation in [old, young] {
        world.owner(conversation, None, 2, "released").await;
    }
    world.expect(lea, &[NotificationKind::AssignedToYou]).await;
    let ages = format!(
        "UPDATE notification.notification \
         SET settled_at = now() - make_interval(days => CASE conversation_id WHEN '{old}' THEN 31 ELSE 29 END) \
         WHERE settled_at IS NOT NULL"
    );
    world.database.execute(&ages).await;
    world.everybody.tells(french(&world, Vec::new()));
    eventually(PATIENCE, "the old one is forgotten", async || world.centre(lea).await.len() == 2)
        .await;
    let left: Vec<_> = world.centre(lea).await.into_iter().map(|it| it.conversation_id).collect();
    assert!(!left.contains(&format!("conv_{}", old.simple())));
    let outcomes = "SELECT count(DISTINCT notification_id) FROM notification.outcome";
    assert_eq!(world.database.number(outcomes).await, 2);
}
