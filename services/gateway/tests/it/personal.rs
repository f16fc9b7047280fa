//! What is told to one member alone, and what rows and messages gained: through real streams.

use std::time::Duration;

use kit_values::{Class, Fault};
use proto::conversation::v1::conversation_event::Fact;
use proto::conversation::v1::{
    LockChanged, MessageRevised, OwnerProjected, ReplyQueued, ReplySettledByPerson, ReplyState,
    Standing, StateChanged,
};
use proto::directory::v1::{MemberChanged, directory_event};
use proto::notification::v1::{
    Notification, NotificationKind, NotificationRaised, NotificationWithdrawn, notification_event,
};
use proto::routing::v1::{
    Availability, AvailabilityChanged, AwayStatesChanged, MemberAvailability, OwnerChanged,
    routing_event,
};
use serde_json::{Value, json};

use crate::desk::away;
use crate::peers::{fresh_id, uuid_of};
use crate::world::World;

fn changed(member: &str, epoch: i64) -> routing_event::Fact {
    let availability =
        MemberAvailability { availability: Availability::Available.into(), epoch, ..away(member) };
    routing_event::Fact::AvailabilityChanged(AvailabilityChanged {
        availability: Some(availability),
    })
}

fn raised(member: &str, conversation: &str) -> (String, notification_event::Fact) {
    let id = fresh_id("ntf");
    let notification = Notification {
        notification_id: id.clone(),
        member_id: member.to_owned(),
        kind: NotificationKind::AssignedToYou.into(),
        conversation_id: conversation.to_owned(),
        at: Some(prost_types::Timestamp { seconds: 1_700_000_000, nanos: 0 }),
        badge_only: false,
        rev: 1,
        ..Notification::default()
    };
    let raised = NotificationRaised { notification: Some(notification) };
    (id, notification_event::Fact::NotificationRaised(raised))
}

fn is(event: &Value, kind: &str) -> bool {
    event["k"] == kind
}

/// Nothing that names a member or a notification, however it is wrapped.
fn never_names(events: &[Value], secrets: &[&str]) {
    for secret in secrets {
        assert!(
            !events.iter().any(|event| event.to_string().contains(secret)),
            "{secret}: {events:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn availability_and_notifications_reach_every_tab_of_their_member_and_nobody_else() {
    let (mut world, first) = World::with_gateway().await;
    let second = world.start(|_| {}).await;
    let chloe = world.peers.add_member(world.own, "chloe").member_id;
    let member = world.peers.held().members["amelie"].1.member_id.clone();
    let browser = world.signed_in(&first, "amelie").await;
    let cursor = browser.cursor().await;
    let (mut here, _) = browser.socket(&cursor, None).await;
    let (mut there, _) = browser.at(&second).socket(&cursor, None).await;
    let colleague = world.signed_in(&first, "chloe").await;
    let (mut colleague, _) = colleague.socket(&cursor, None).await;
    let stranger = world.signed_in(&first, "bert").await;
    let (mut stranger, _) = stranger.socket(&stranger.cursor().await, None).await;

    let conversation = world.peers.add_conversation(world.own);
    world.tell_routing(world.own, changed(&member, 7)).await;
    let (id, fact) = raised(&member, &conversation);
    world.tell_notification(world.own, fact).await;
    for socket in [&mut here, &mut there] {
        let (mut available, mut told) = (Value::Null, Value::Null);
        while available.is_null() || told.is_null() {
            for event in socket.events().await {
                if is(&event, "availability") {
                    available = event["d"].clone();
                } else if is(&event, "notification.raise") {
                    told = event["d"].clone();
                }
            }
        }
        assert_eq!(
            available,
            json!({
                "availability": "available", "away_state_id": null, "epoch": 7,
                "since": "2023-11-14T22:13:20Z", "load": 2, "capacity": 5, "hard_limit": 10,
                "default_availability": null, "never_chosen": false,
            })
        );
        assert_eq!(
            told,
            json!({
                "id": id, "kind": "assigned_to_you", "conversation_id": conversation,
                "at": "2023-11-14T22:13:20Z", "badge_only": false,
                "channel_id": null, "rev": 1,
                "means": { "in_app": false, "sound": false, "desktop": false, "email": false },
            })
        );
    }
    let withdrawn = NotificationWithdrawn {
        notification_id: id.clone(),
        member_id: member.clone(),
        conversation_id: conversation.clone(),
        reason: "read".to_owned(),
    };
    let fact = notification_event::Fact::NotificationWithdrawn(withdrawn);
    world.tell_notification(world.own, fact).await;
    let told = here.until(|event| is(event, "notification.withdraw")).await;
    assert_eq!(told["d"], json!({"id": id, "conversation_id": conversation}));
    // The colleague hears of her own alone, the stranger of nothing.
    world.tell_routing(world.own, changed(&chloe, 1)).await;
    let mut heard = Vec::new();
    while !heard.iter().any(|event| is(event, "availability")) {
        heard.extend(colleague.events().await);
    }
    assert_eq!(heard.iter().filter(|event| is(event, "availability")).count(), 1);
    never_names(&heard, &[&id, "notification"]);
    heard.extend(stranger.within(Duration::from_millis(300)).await);
    never_names(&heard, &[&id, "notification"]);
    let rest = stranger.within(Duration::from_millis(100)).await;
    assert!(!rest.iter().any(|event| is(event, "availability")), "{rest:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_under_another_organizations_subject_or_of_another_version_is_left_out() {
    let (world, gateway) = World::with_gateway().await;
    let browser = world.signed_in(&gateway, "amelie").await;
    let member = world.peers.held().members["amelie"].1.member_id.clone();
    let (mut socket, _) = browser.socket(&browser.cursor().await, None).await;
    // Their own member's id, told by the other organization.
    world.tell_routing(world.other, changed(&member, 1)).await;
    let nobody = AvailabilityChanged { availability: Some(MemberAvailability::default()) };
    world.tell_routing(world.own, routing_event::Fact::AvailabilityChanged(nobody)).await;
    let raised_nothing = NotificationRaised { notification: None };
    let fact = notification_event::Fact::NotificationRaised(raised_nothing);
    world.tell_notification(world.own, fact).await;
    world.tell_routing(world.own, changed(&member, 2)).await;
    let mut heard = Vec::new();
    while !heard.iter().any(|event| is(event, "availability")) {
        heard.extend(socket.events().await);
    }
    let epochs: Vec<i64> = heard
        .iter()
        .filter(|event| is(event, "availability"))
        .filter_map(|event| event["d"]["epoch"].as_i64())
        .collect();
    assert_eq!(epochs, [2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_member_missed_is_told_on_resuming_and_nothing_of_others() {
    let (mut world, first) = World::with_gateway().await;
    let second = world.start(|_| {}).await;
    let browser = world.signed_in(&first, "amelie").await;
    let member = world.peers.held().members["amelie"].1.member_id.clone();
    let chloe = world.peers.add_member(world.own, "chloe").member_id;
    let conversation = world.peers.add_conversation(world.own);
    let (mut socket, _) = browser.socket(&browser.cursor().await, None).await;
    world.tell_routing(world.own, changed(&member, 1)).await;
    let told = socket.until(|event| is(event, "availability")).await;
    let cursor = socket.cursor.clone();
    assert_eq!(told["d"]["epoch"], 1);
    drop(socket);

    world.tell_routing(world.own, changed(&member, 2)).await;
    let (own, fact) = raised(&member, &conversation);
    world.tell_notification(world.own, fact).await;
    let (theirs, fact) = raised(&chloe, &conversation);
    world.tell_notification(world.own, fact).await;
    let (_, rev) = world.message(world.own, &conversation, "Bonjour").await;
    for gateway in [&first, &second] {
        // Told somewhere else first: this gateway has read everything.
        let (mut witness, _) = browser.at(gateway).socket(&cursor, None).await;
        witness.until(|event| event["d"]["rev"].as_i64() == Some(rev)).await;
        let (mut socket, resumed) = browser.at(gateway).socket(&cursor, None).await;
        assert!(resumed);
        let mut heard = Vec::new();
        while !heard.iter().any(|event: &Value| event["d"]["rev"].as_i64() == Some(rev))
            || !heard.iter().any(|event| event["d"]["id"] == own)
            || !heard.iter().any(|event| is(event, "availability"))
        {
            heard.extend(socket.events().await);
        }
        let epochs = heard.iter().filter(|event| is(event, "availability"));
        let epochs: Vec<i64> = epochs.filter_map(|event| event["d"]["epoch"].as_i64()).collect();
        assert_eq!(epochs, [2], "what the cursor covers is not repeated");
        never_names(&heard, &[&theirs]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ring_that_does_not_reach_back_in_any_one_stream_is_a_reset() {
    for stream in ["ROUTING", "NOTIFICATION"] {
        let (mut world, first) = World::with_gateway().await;
        let browser = world.signed_in(&first, "amelie").await;
        let member = world.peers.held().members["amelie"].1.member_id.clone();
        let old = browser.cursor().await;
        let (mut socket, _) = browser.socket(&old, None).await;
        world.tell_routing(world.own, changed(&member, 1)).await;
        let (id, fact) = raised(&member, &world.peers.add_conversation(world.own));
        world.tell_notification(world.own, fact).await;
        let (mut available, mut told) = (false, false);
        while !(available && told) {
            for event in socket.events().await {
                available |= is(&event, "availability");
                told |= event["d"]["id"] == id;
            }
        }
        let client = async_nats::connect(world.nats.url()).await.expect("connects");
        let held = async_nats::jetstream::new(client).get_stream(stream).await.expect("there");
        held.purge().await.expect("purged");
        let second = world.start(|_| {}).await;
        let (mut socket, resumed) = browser.at(&second).socket(&old, None).await;
        assert!(!resumed, "{stream}");
        let reset = socket.frame().await.expect("a frame");
        assert_eq!(reset["t"], "reset", "{stream}");
        let cursor = reset["cursor"].as_str().expect("a cursor");
        assert!(browser.at(&second).socket(cursor, None).await.1, "{stream}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_from_before_the_two_further_streams_is_a_reset() {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    let (world, gateway) = World::with_gateway().await;
    let browser = world.signed_in(&gateway, "amelie").await;
    let mut old = URL_SAFE_NO_PAD.decode(browser.cursor().await).expect("base64");
    // As it was: a version, two streams, a signature.
    old.truncate(1 + 2 * 24 + 16);
    old[0] = 1;
    let (mut socket, resumed) = browser.socket(&URL_SAFE_NO_PAD.encode(old), None).await;
    assert!(!resumed);
    assert_eq!(socket.frame().await.expect("a frame")["t"], "reset");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_and_a_lock_come_with_the_row_and_a_reply_with_its_message() {
    let (world, gateway) = World::with_gateway().await;
    let browser = world.signed_in(&gateway, "amelie").await;
    let chloe = world.peers.add_member(world.own, "chloe").member_id;
    let conversation = world.peers.add_conversation(world.own);
    let (mut socket, _) = browser.socket(&browser.cursor().await, Some(&conversation)).await;
    let change = |change: &dyn Fn(&mut proto::conversation::v1::ConversationRow)| {
        for row in world.peers.held().rows.values_mut() {
            row.rev += 1;
            change(row);
        }
    };
    change(&|row| {
        row.owner_member_id.clone_from(&chloe);
        row.owner_epoch = 3;
    });
    let owner = OwnerProjected { owner_member_id: chloe.clone(), owner_epoch: 3 };
    world.tell(world.own, &conversation, Some(Fact::OwnerProjected(owner))).await;
    let row = socket.until(|event| event["d"]["owner_epoch"] == 3).await;
    assert_eq!(row["d"]["owner"], json!({"member_id": chloe, "name": "chloe of Quai"}));
    assert_eq!(row["d"]["lock"], Value::Null);
    assert!(row["d"].get("answers").is_none());

    let lock = proto::conversation::v1::Lock {
        member_id: chloe.clone(),
        session: "canary of a tab".to_owned(),
        fence: 2,
        expires_at: Some(prost_types::Timestamp { seconds: 1_700_000_000, nanos: 0 }),
    };
    change(&|row| row.lock = Some(lock.clone()));
    let fact = LockChanged { lock: Some(lock.clone()) };
    world.tell(world.own, &conversation, Some(Fact::LockChanged(fact))).await;
    let row = socket.until(|event| event["d"]["lock"]["fence"] == 2).await;
    assert_eq!(row["d"]["lock"]["name"], "chloe of Quai");
    assert!(!row.to_string().contains("canary of a tab"));

    let (reply, _) = world.peers.add_reply(world.own, &conversation, "Bonjour", uuid_of(&chloe));
    let states = [ReplyState::Queued, ReplyState::Sending, ReplyState::Unknown, ReplyState::Sent];
    for (step, state) in (1..).zip(states) {
        for message in world.peers.held().messages.values_mut() {
            message.rev = step;
            message.reply.as_mut().expect("a reply").state = state.into();
        }
        let message_id = reply.clone();
        let fact = match step {
            1 => Fact::ReplyQueued(ReplyQueued { message_id, ..ReplyQueued::default() }),
            4 => Fact::ReplySettledByPerson(ReplySettledByPerson {
                message_id,
                ..ReplySettledByPerson::default()
            }),
            _ => Fact::MessageRevised(MessageRevised { message_id, message_rev: 0 }),
        };
        world.tell(world.own, &conversation, Some(fact)).await;
        let told = socket
            .until(|event| is(event, "message.upsert") && event["d"]["rev"].as_i64() == Some(step))
            .await;
        let expected = ["queued", "sending", "unknown", "sent"];
        let place = usize::try_from(step - 1).expect("small");
        assert_eq!(told["d"]["reply"]["state"], expected[place]);
        assert_eq!(told["d"]["reply"]["name"], "chloe of Quai");
    }

    // Whom it answers has become known, and it went with it to another conversation.
    let elsewhere = world.peers.add_conversation(world.own);
    for message in world.peers.held().messages.values_mut() {
        message.conversation_id.clone_from(&elsewhere);
    }
    let fact = MessageRevised { message_id: reply.clone(), message_rev: 0 };
    world.tell(world.own, &conversation, Some(Fact::MessageRevised(fact))).await;
    let gone = socket.until(|event| is(event, "message.gone")).await;
    assert_eq!(gone["d"], json!({"id": reply, "conversation_id": conversation}));

    // The reply turned out to be the same as its echo, and one of the two rows went.
    world.peers.held().messages.clear();
    let fact = MessageRevised { message_id: reply.clone(), message_rev: 0 };
    world.tell(world.own, &conversation, Some(Fact::MessageRevised(fact))).await;
    let gone = socket.until(|event| is(event, "message.gone")).await;
    assert_eq!(gone["d"], json!({"id": reply, "conversation_id": conversation}));
}

#[tokio::test(flavor = "multi_thread")]
async fn how_much_a_member_owns_is_told_to_them_when_it_may_have_changed() {
    let (world, gateway) = World::with_gateway().await;
    let browser = world.signed_in(&gateway, "amelie").await;
    let member = world.peers.held().members["amelie"].1.member_id.clone();
    world.peers.add_member(world.own, "chloe");
    let colleague = world.signed_in(&gateway, "chloe").await;
    let conversation = world.peers.add_conversation(world.own);
    let cursor = browser.cursor().await;
    let (mut socket, _) = browser.socket(&cursor, None).await;
    let (mut colleague, _) = colleague.socket(&cursor, None).await;
    let owns = |load: i32| {
        let availability = MemberAvailability { load, ..away(&member) };
        world.peers.held().availability.insert(member.clone(), availability);
    };
    owns(4);
    let fact = OwnerChanged {
        conversation_id: conversation.clone(),
        owner_member_id: member.clone(),
        epoch: 1,
        ..OwnerChanged::default()
    };
    world.tell_routing(world.own, routing_event::Fact::OwnerChanged(fact)).await;
    let told = socket.beside(|frame| is(frame, "availability")).await;
    assert_eq!((&told["d"]["load"], &told["t"]), (&4.into(), &"side".into()));
    owns(3);
    let fact = Fact::StateChanged(StateChanged::default());
    let standing = Standing { owner_member_id: member.clone(), ..Standing::default() };
    world.tell_standing(world.own, &conversation, Some(fact), Some(standing)).await;
    let told = socket.beside(|frame| is(frame, "availability")).await;
    assert_eq!(told["d"]["load"], 3);
    colleague.within(Duration::from_millis(300)).await;
    assert_eq!(colleague.beside, Vec::<Value>::new());
    // Routing is away: nothing is said, and nothing else stops.
    world.peers.held().refusal = Some(|| Fault::new(Class::Unavailable, "away", "Away."));
    let fact = OwnerChanged { former_member_id: member, epoch: 2, ..OwnerChanged::default() };
    world.tell_routing(world.own, routing_event::Fact::OwnerChanged(fact)).await;
    socket.within(Duration::from_secs(1)).await;
    assert_eq!(socket.beside, Vec::<Value>::new());
    let (_, rev) = world.message(world.own, &conversation, "Bonjour").await;
    socket.until(|event| event["d"]["rev"].as_i64() == Some(rev)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn names_are_asked_for_once_change_with_their_member_and_may_be_missing() {
    let (world, gateway) = World::with_gateway().await;
    let browser = world.signed_in(&gateway, "amelie").await;
    let chloe = world.peers.add_member(world.own, "chloe");
    let conversation = world.peers.add_conversation(world.own);
    let path = format!("/api/v1/conversations/{conversation}");
    assert_eq!(browser.get_json(&path).await["owner"], Value::Null);
    assert_eq!(world.peers.held().name_calls, 0, "nobody was to be named");
    for row in world.peers.held().rows.values_mut() {
        row.owner_member_id.clone_from(&chloe.member_id);
    }
    for _ in 0..5 {
        assert_eq!(browser.get_json(&path).await["owner"]["name"], "chloe of Quai");
    }
    assert_eq!(world.peers.held().name_calls, 1);

    let (mut socket, _) = browser.socket(&browser.cursor().await, None).await;
    if let Some((_, member)) = world.peers.held().members.get_mut("chloe") {
        member.display_name = "Chloé".to_owned();
    }
    let fact = MemberChanged { member_id: chloe.member_id, session_epoch: 1, member: None };
    world.tell_directory(world.own, directory_event::Fact::MemberChanged(fact)).await;
    let told = socket.until(|event| is(event, "settings.changed")).await;
    assert_eq!(told["d"], json!({"keys": ["members"]}));
    assert_eq!(browser.get_json(&path).await["owner"]["name"], "Chloé");

    world.peers.held().names_away = true;
    let theirs = world.peers.add_conversation(world.other);
    let bert = world.peers.held().members["bert"].1.member_id.clone();
    if let Some(row) = world.peers.held().rows.get_mut(&(world.other, theirs.clone())) {
        row.owner_member_id.clone_from(&bert);
    }
    let stranger = world.signed_in(&gateway, "bert").await;
    let row = stranger.get_json(&format!("/api/v1/conversations/{theirs}")).await;
    assert_eq!(row["owner"], json!({"member_id": bert, "name": ""}), "shown all the same");
    assert_eq!(browser.get_json(&path).await["owner"]["name"], "Chloé", "what is known stands");
}

#[tokio::test(flavor = "multi_thread")]
async fn changed_away_states_are_named_and_an_owner_is_told_by_conversation_alone() {
    let (world, gateway) = World::with_gateway().await;
    let browser = world.signed_in(&gateway, "amelie").await;
    let (mut socket, _) = browser.socket(&browser.cursor().await, None).await;
    let conversation = world.peers.add_conversation(world.own);
    let fact = OwnerChanged { conversation_id: conversation, ..OwnerChanged::default() };
    world.tell_routing(world.own, routing_event::Fact::OwnerChanged(fact)).await;
    let fact = routing_event::Fact::AwayStatesChanged(AwayStatesChanged {});
    world.tell_routing(world.own, fact).await;
    let mut heard = Vec::new();
    while !heard.iter().any(|event| is(event, "settings.changed")) {
        heard.extend(socket.events().await);
    }
    assert_eq!(heard.last().expect("an event")["d"], json!({"keys": ["away_states"]}));
    assert!(!heard.iter().any(|event| is(event, "conversation.upsert")), "{heard:?}");
}
