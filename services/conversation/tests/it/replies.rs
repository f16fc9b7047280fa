//! Replies: accepted once, whatever is asked twice; what becomes of them, in any order.

use conversation::domain::words::MemberId;
use kit_bus::{Bus, Start, TailEvent};
use kit_values::{Class, EventId};
use prost::Message as _;
use proto::conversation::v1 as calls;
use proto::conversation::v1::conversation_event::Fact;
use proto::conversation::v1::{ConversationEvent, ReplyState, State};
use proto::delivery::v1::delivery_event::Fact as DeliveryFact;
use proto::delivery::v1::{DeliveryEvent, SendStarted, SendWaiting};
use proto::network::v1::MessageKind;

use crate::feed::{Feed, native, timestamp};
use crate::office::Office;
use crate::service::call;

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_is_accepted_once_told_to_delivery_and_settled_by_what_delivery_says() {
    let office = Office::open(Feed::new()).await;
    office.desk.apply(&[office.feed.private("anna", "1", 0)]).await;
    let row = office.sole_row().await;
    let dialogue: Vec<_> = row
        .answers
        .iter()
        .filter(|option| option.kind() == MessageKind::PrivateMessage)
        .map(|option| (option.channel_id.clone(), option.in_reply_to_message_id.clone()))
        .collect();
    assert!(dialogue.contains(&(office.feed.channels[0].to_string(), String::new())));

    let reply = office.private(&row, "k1");
    let first = office.accept(office.lea, reply.clone()).await.expect("accepted");
    let stored = first.message.clone().expect("a message");
    let shown = stored.reply.clone().expect("a reply");
    assert_eq!((shown.state(), shown.attempt), (ReplyState::Queued, 1));
    assert_eq!(shown.member_id, office.lea.to_string());
    assert!(stored.external_id.is_empty(), "the network has given it none");
    assert_eq!(first.row.as_ref().map(calls::ConversationRow::state), Some(State::Pending));

    // Much later, too, the same key is the same answer, to the byte.
    office.desk.apply(&[office.feed.private("anna", "2", 50)]).await;
    let again = office.accept(office.lea, reply.clone()).await.expect("known");
    assert_eq!(again.encode_to_vec(), first.encode_to_vec());
    assert_eq!(office.messages(&row.conversation_id).await.len(), 3);
    let other = calls::AcceptReplyRequest { text: "other".to_owned(), ..reply };
    let fault = office.accept(office.lea, other).await.expect_err("refused");
    assert_eq!((fault.class(), fault.code()), (Class::Invalid, "key_reused"));

    // Twice at once.
    let now = office.sole_row().await;
    let (one, two) = tokio::join!(
        office.accept(office.lea, office.private(&now, "k2")),
        office.accept(office.lea, office.private(&now, "k2"))
    );
    let (one, two) = (one.expect("accepted"), two.expect("accepted"));
    assert_eq!(one.encode_to_vec(), two.encode_to_vec());
    assert_eq!(office.messages(&row.conversation_id).await.len(), 4);

    let asked = calls::GetOutboundRequest {
        message_ids: vec![stored.message_id.clone(), EventId::mint().to_string()],
    };
    let request = call(asked, office.feed.organization);
    let answer = office.service.client("delivery").get_outbound(request).await;
    let outbound = answer.expect("outbound").into_inner().outbound;
    assert_eq!(outbound.len(), 1);
    assert_eq!(outbound[0].text, "reply k1");
    assert_eq!(outbound[0].recipient.as_ref().expect("one").network_user_id, "anna");
    assert_eq!(outbound[0].last_private_inbound_at, Some(timestamp(office.feed.start + 50)));

    let bus = Bus::connect(&office.service.broker(), "test").await.expect("connects");
    let mut tail = bus.follow("CONVERSATION", Start::All);
    loop {
        let TailEvent::Event(followed) = tail.next().await.expect("followed") else { continue };
        let event = ConversationEvent::decode(followed.payload.as_ref()).expect("decodes");
        let standing = event.standing.expect("how it stands goes with every event");
        if let Some(Fact::ReplyQueued(queued)) = event.fact {
            assert_eq!((queued.message_id, queued.attempt), (stored.message_id.clone(), 1));
            assert_eq!((standing.decision, standing.decided_by_reply), (1, true));
            assert_eq!(standing.decided_by_member_id, office.lea.to_string());
            assert_eq!(standing.state(), State::Pending);
            break;
        }
    }
    let waiting = DeliveryFact::SendWaiting(SendWaiting {
        message_id: stored.message_id.clone(),
        attempt: 1,
        until: Some(timestamp(office.feed.start + 900)),
        reason: "rate_limited".to_owned(),
    });
    office.desk.delivery(&[office.told(10, waiting)]).await;
    let shown = office.messages(&row.conversation_id).await;
    let reply = shown.iter().find_map(|message| message.reply.clone()).expect("a reply");
    assert_eq!(reply.wait_reason, "rate_limited");
    office.desk.delivery(&[office.sent(&stored.message_id, 1, "100", 20)]).await;
    let shown = office.messages(&row.conversation_id).await;
    let ids: Vec<&str> = shown.iter().map(|message| message.external_id.as_str()).collect();
    assert_eq!(ids, ["1", "100", "2", ""], "its place is where the network says that it is");
    let reply = shown[1].reply.clone().expect("a reply");
    assert_eq!((reply.state(), reply.wait_reason.as_str()), (ReplyState::Sent, ""));
    assert_eq!(shown[1].permalink, "https://x.test/100");
    office.desk.audit(office.feed.organization).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_reply_gives_back_what_it_had_seen_and_is_sent_again_only_deliberately() {
    let office = Office::open(Feed::new()).await;
    office.desk.apply(&[office.feed.private("anna", "1", 0)]).await;
    let row = office.sole_row().await;
    let accepted = office.accept(office.lea, office.private(&row, "k1")).await.expect("accepted");
    let message = accepted.message.expect("a message").message_id;
    let fault = office.retry(office.lea, &message, "r0").await.expect_err("it has not failed");
    assert_eq!(fault.code(), "not_retryable");
    office.desk.delivery(&[office.failed(&message, 1)]).await;
    let failed = office.sole_row().await;
    assert_eq!((failed.state(), failed.unseen_count), (State::New, 1));
    assert_eq!(failed.waiting_since, Some(timestamp(office.feed.start)), "as long as before");
    let again = office.retry(office.noah, &message, "r1").await.expect("queued again");
    let reply = again.reply.clone().expect("a reply");
    assert_eq!((reply.state(), reply.attempt), (ReplyState::Queued, 2));
    assert_eq!(office.retry(office.noah, &message, "r1").await.expect("known"), again);
    let fault = office.retry(office.lea, &message, "r1").await.expect_err("another member's");
    assert_eq!((fault.class(), fault.code()), (Class::Invalid, "key_reused"));
    assert_eq!(office.sole_row().await.state(), State::Pending);
    // What is said of the first attempt by now changes nothing.
    office.desk.delivery(&[office.failed(&message, 1), office.unknown(&message, 1)]).await;
    assert_eq!(office.sole_row().await.state(), State::Pending);
    office.desk.delivery(&[office.unknown(&message, 2)]).await;
    let settled = office.settle(office.lea, &message, false).await.expect("settled");
    assert_eq!(settled.reply.expect("a reply").state(), ReplyState::Failed);
    assert_eq!(office.sole_row().await.state(), State::New);
    office.settle(office.lea, &message, false).await.expect("the same again");
    let fault = office.settle(office.lea, &message, true).await.expect_err("it is known");
    assert_eq!(fault.code(), "not_unknown");
    // While somebody else answers, nothing is sent past them.
    office.acquire(office.noah, &row.conversation_id, "n", false).await.expect("taken");
    let fault = office.retry(office.lea, &message, "r2").await.expect_err("noah answers");
    assert_eq!((fault.class(), fault.code()), (Class::Rejected, "lock_lost"));
    office.retry(office.noah, &message, "r3").await.expect("the holder may");
    office.desk.delivery(&[office.unknown(&message, 3)]).await;
    for _ in 0..2 {
        let settled = office.settle(office.lea, &message, true).await.expect("sent");
        assert_eq!(settled.reply.expect("a reply").state(), ReplyState::Sent);
    }
    office.desk.audit(office.feed.organization).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn replies_in_a_row_that_all_fail_leave_the_contact_waiting_as_long_as_before() {
    let office = Office::open(Feed::new()).await;
    office.desk.apply(&[office.feed.private("anna", "1", 0)]).await;
    let mut replies = Vec::new();
    for key in ["k1", "k2"] {
        let row = office.sole_row().await;
        let accepted = office.accept(office.lea, office.private(&row, key)).await;
        replies.push(accepted.expect("accepted").message.expect("a message").message_id);
    }
    office.desk.delivery(&[office.failed(&replies[1], 1)]).await;
    assert_eq!(office.sole_row().await.state(), State::Pending, "the first may still reach them");
    office.desk.delivery(&[office.failed(&replies[0], 1)]).await;
    let failed = office.sole_row().await;
    assert_eq!((failed.state(), failed.unseen_count), (State::New, 1));
    assert_eq!(failed.waiting_since, Some(timestamp(office.feed.start)));
    office.desk.audit(office.feed.organization).await;
}

/// Read back from the database, where a resolved conversation has nothing unseen.
#[tokio::test(flavor = "multi_thread")]
async fn what_only_the_echo_of_a_reply_had_seen_is_new_again_though_it_was_resolved() {
    let office = Office::open(Feed::new()).await;
    let feed = &office.feed;
    office.desk.apply(&[feed.private("anna", "1", 0)]).await;
    let row = office.sole_row().await;
    let accepted = office.accept(office.lea, office.private(&row, "k1")).await.expect("accepted");
    let message = accepted.message.expect("a message").message_id;
    let screen = accepted.row.expect("a row");
    office.desk.apply(&[feed.private("anna", "2", 600)]).await;
    office.desk.delivery(&[native(&feed.own("anna", "100", 1_200))]).await;
    assert_eq!(office.sole_row().await.state(), State::Pending, "an answer, it seems");
    office.change(office.lea, &screen, State::Resolved).await.expect("nothing waits");
    office.desk.delivery(&[office.sent(&message, 1, "100", 1_200)]).await;
    let again = office.sole_row().await;
    assert_eq!((again.state(), again.unseen_count), (State::New, 1));
    assert_eq!(again.waiting_since, Some(timestamp(feed.start + 600)));
    office.desk.audit(feed.organization).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_after_a_later_decision_marks_the_reply_and_nothing_else() {
    let office = Office::open(Feed::new()).await;
    office.desk.apply(&[office.feed.private("anna", "1", 0)]).await;
    let row = office.sole_row().await;
    let accepted = office.accept(office.lea, office.private(&row, "k1")).await.expect("accepted");
    let message = accepted.message.expect("a message").message_id;
    let pending = office.sole_row().await;
    let resolved = office.change(office.lea, &pending, State::Resolved).await.expect("resolved");
    assert_eq!(resolved.undelivered_replies, 1, "the screen warns");
    office.desk.delivery(&[office.failed(&message, 1)]).await;
    assert_eq!(office.sole_row().await.state(), State::Resolved);
    let shown = office.messages(&row.conversation_id).await;
    let reply = shown[1].reply.clone().expect("a reply");
    assert_eq!((reply.state(), reply.retryable), (ReplyState::Failed, true));
    office.desk.audit(office.feed.organization).await;
}

/// The echo before the answer, the answer before the echo, both in one batch, everything twice.
#[tokio::test(flavor = "multi_thread")]
async fn an_echo_that_is_our_own_reply_becomes_one_with_it_in_any_order() {
    let mut ends = Vec::new();
    for order in [[0, 1, 2, 3], [3, 2, 1, 0], [1, 0, 3, 2], [2, 0, 3, 1]] {
        let office = Office::open(Feed::new()).await;
        office.desk.apply(&[office.feed.private("anna", "1", 0)]).await;
        let row = office.sole_row().await;
        let accepted =
            office.accept(office.lea, office.private(&row, "k1")).await.expect("accepted");
        let message = accepted.message.expect("a message").message_id;
        let started =
            DeliveryFact::SendStarted(SendStarted { message_id: message.clone(), attempt: 1 });
        let echo = office.feed.own("anna", "100", 20);
        let said = [
            office.told(15, started),
            office.unknown(&message, 1),
            office.sent(&message, 1, "100", 20),
            native(&echo),
        ];
        // Written before the reply, and nobody had seen it: an echo would count as having.
        let late = office.feed.private("anna", "2", 10);
        for (place, index) in order.into_iter().enumerate() {
            if place == 2 {
                office.desk.apply(std::slice::from_ref(&late)).await;
            }
            office.desk.delivery(std::slice::from_ref(&said[index])).await;
            office.desk.audit(office.feed.organization).await;
        }
        let again: Vec<DeliveryEvent> = order.map(|index| said[index].clone()).into();
        office.desk.delivery(&again).await;
        office.desk.apply(&[office.feed.reacted("anna", "100", "like", 30)]).await;
        let rows = office.rows().await;
        assert_eq!(rows.len(), 1, "{order:?}");
        let shown = office.messages(&row.conversation_id).await;
        let ours = shown.iter().find(|it| it.message_id == message).expect("ours stands");
        assert_eq!(ours.reactions.len(), 1, "{order:?}");
        ends.push((
            rows[0].state(),
            rows[0].unseen_count,
            rows[0].message_count,
            rows[0].last_text.clone(),
            shown.iter().map(|it| it.external_id.clone()).collect::<Vec<_>>(),
            ours.reply.clone().expect("a reply").state(),
        ));
        office.desk.audit(office.feed.organization).await;
    }
    let ids = ["1", "2", "100"].map(str::to_owned).to_vec();
    let end = (State::New, 1, 3, "reply k1".to_owned(), ids, ReplyState::Sent);
    assert!(ends.iter().all(|one| *one == end), "{ends:#?}");
}

/// The customer wrote ten minutes before the reply, and the webhook came after it.
#[tokio::test(flavor = "multi_thread")]
async fn what_the_author_of_a_reply_had_not_seen_is_new_however_late_it_comes() {
    let office = Office::open(Feed::new()).await;
    let feed = &office.feed;
    office.desk.apply(&[feed.private("anna", "1", 0)]).await;
    let row = office.sole_row().await;
    let accepted = office.accept(office.lea, office.private(&row, "k1")).await.expect("accepted");
    let message = accepted.message.expect("a message").message_id;
    office.desk.delivery(&[office.sent(&message, 1, "100", 1_200)]).await;
    assert_eq!(office.sole_row().await.state(), State::Pending);
    office.desk.apply(&[feed.private("anna", "2", 600)]).await;
    let late = office.sole_row().await;
    assert_eq!((late.state(), late.unseen_count), (State::New, 1));
    assert_eq!(late.waiting_since, Some(timestamp(feed.start + 600)));

    // A screen that does not show it may neither rest the conversation nor answer by mistake.
    let stale = calls::ConversationRow { last_sequence: 2, ..late.clone() };
    for to in [State::Pending, State::Resolved] {
        let fault = office.change(office.lea, &stale, to).await.expect_err("refused");
        assert_eq!((fault.class(), fault.code()), (Class::Rejected, "newer_message"));
    }
    let fault = office.accept(office.lea, office.private(&stale, "k2")).await.expect_err("stale");
    assert_eq!((fault.class(), fault.code()), (Class::Rejected, "newer_message"));
    let despite = calls::AcceptReplyRequest { despite_newer: true, ..office.private(&stale, "k3") };
    let accepted = office.accept(office.lea, despite).await.expect("deliberately");
    assert_eq!(accepted.row.expect("a row").state(), State::New, "still nobody has seen it");
    office.desk.audit(feed.organization).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn states_change_by_hand_and_a_reopened_one_waits_as_long_as_before() {
    let office = Office::open(Feed::new()).await;
    let feed = &office.feed;
    office.desk.apply(&[feed.private("anna", "1", 0)]).await;
    let row = office.sole_row().await;
    let pending = office.change(office.lea, &row, State::Pending).await.expect("pending");
    assert_eq!(pending.row.as_ref().map(calls::ConversationRow::state), Some(State::Pending));
    let undone = office.change(office.lea, &row, State::New).await.expect("undone");
    let undone = undone.row.expect("a row");
    assert_eq!((undone.state(), undone.unseen_count), (State::New, 0));
    assert_eq!(undone.waiting_since, Some(timestamp(feed.start)));
    let resolved = office.change(office.lea, &undone, State::Resolved).await.expect("resolved");
    assert_eq!(resolved.row.expect("a row").state(), State::Resolved);
    let fault = office.change(office.lea, &row, State::Pending).await.expect_err("not open");
    assert_eq!(fault.code(), "not_open");
    // A reply reopens it; the contact's word does, too.
    let accepted = office.accept(office.lea, office.private(&row, "k1")).await.expect("accepted");
    assert_eq!(accepted.row.expect("a row").state(), State::Pending);
    let row = office.sole_row().await;
    office.change(office.lea, &row, State::Resolved).await.expect("resolved");
    let now = kit_values::now().unix_timestamp() - feed.start;
    office.desk.apply(&[feed.private("anna", "2", now)]).await;
    assert_eq!(office.sole_row().await.state(), State::New);

    let asked = calls::ListHistoryRequest { conversation_id: row.conversation_id.clone() };
    let request = call(asked, feed.organization);
    let answer = office.service.client("gateway").list_history(request).await;
    let entries = answer.expect("history").into_inner().entries;
    let activity: Vec<(&str, bool)> =
        entries.iter().map(|it| (it.kind.as_str(), !it.member_id.is_empty())).collect();
    assert_eq!(
        activity,
        [
            ("opened", false),
            ("message", false),
            ("set_pending", true),
            ("reopened_by_hand", true),
            ("resolved", true),
            ("replied", true),
            ("resolved", true),
            ("reopened", false),
            ("message", false),
        ]
    );
    office.desk.audit(feed.organization).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_network_does_not_take_is_refused_with_its_reason() {
    let office = Office::open(Feed::on_facebook()).await;
    let feed = &office.feed;
    let comment = feed.received(0, "anna", "1", MessageKind::Comment, 0, false);
    office.desk.apply(&[comment]).await;
    let row = office.sole_row().await;
    let shown = office.messages(&row.conversation_id).await;
    let other = feed.channels[1].to_string();
    let refused =
        shown[0].answers.iter().find(|it| it.channel_id == other).expect("shown with its reason");
    assert!(!refused.available && !refused.reason.is_empty());
    let wrong = calls::AcceptReplyRequest {
        kind: MessageKind::Comment.into(),
        channel_id: other,
        in_reply_to_message_id: shown[0].message_id.clone(),
        ..office.private(&row, "k1")
    };
    let fault = office.accept(office.lea, wrong.clone()).await.expect_err("refused");
    assert_eq!((fault.class(), fault.code()), (Class::Rejected, refused.reason_code.as_str()));
    let ours = calls::AcceptReplyRequest { channel_id: feed.channels[0].to_string(), ..wrong };
    let long = calls::AcceptReplyRequest { text: "x".repeat(9_000), ..ours.clone() };
    let fault = office.accept(office.lea, long).await.expect_err("refused");
    assert_eq!((fault.code(), fault.field()), ("text_too_long", Some("text")));
    for (text, code) in [(" \n", "text_empty"), ("a\0b", "text_invalid")] {
        let reply = calls::AcceptReplyRequest { text: text.to_owned(), ..ours.clone() };
        let fault = office.accept(office.lea, reply).await.expect_err("refused");
        assert_eq!((fault.class(), fault.code()), (Class::Invalid, code));
    }
    // Refused four times, nothing was kept: the same key is free.
    office.accept(office.lea, ours.clone()).await.expect("accepted");
    // A comment is answered privately once, and so only by name.
    let nameless = calls::AcceptReplyRequest {
        idempotency_key: "p0".to_owned(),
        kind: MessageKind::PrivateMessage.into(),
        in_reply_to_message_id: String::new(),
        seen_through: 10,
        ..ours.clone()
    };
    let fault = office.accept(office.lea, nameless).await.expect_err("no dialogue");
    assert_eq!((fault.class(), fault.code()), (Class::Rejected, "option_unknown"));
    let private = calls::AcceptReplyRequest { kind: MessageKind::PrivateMessage.into(), ..ours };
    let now = kit_values::now().unix_timestamp() - feed.start;
    let comment = feed.received(0, "anna", "2", MessageKind::Comment, now, false);
    office.desk.apply(&[comment]).await;
    let row = office.sole_row().await;
    let newest = office.messages(&row.conversation_id).await;
    let newest = newest.iter().find(|it| it.external_id == "2").expect("the second");
    let private = |key: &str| calls::AcceptReplyRequest {
        idempotency_key: key.to_owned(),
        in_reply_to_message_id: newest.message_id.clone(),
        seen_through: 10,
        ..private.clone()
    };
    office.accept(office.lea, private("p1")).await.expect("accepted");
    let fault = office.accept(office.lea, private("p2")).await.expect_err("once");
    assert_eq!(fault.class(), Class::Rejected);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_members_of_the_organization_answer() {
    let office = Office::open(Feed::new()).await;
    office.desk.apply(&[office.feed.private("anna", "1", 0)]).await;
    let row = office.sole_row().await;
    let stranger = MemberId::mint();
    let fault = office.accept(stranger, office.private(&row, "k1")).await.expect_err("refused");
    assert_eq!((fault.class(), fault.code()), (Class::Forbidden, "role_missing"));
    // An older word about a member does not stand against a newer one.
    let told = [office.member(office.lea, &[], 60), office.member(office.lea, &[], 10)];
    office.desk.directory(&told).await;
    let fault = office.accept(office.lea, office.private(&row, "k1")).await.expect_err("refused");
    assert_eq!(fault.class(), Class::Forbidden);
}
