//! What members have done to messages at their networks: asked for once, shown at once, and given
//! back when it fails; in any order of what delivery says.

use conversation::domain::words::MemberId;
use kit_service::rpc;
use kit_values::{Class, Fault};
use proto::conversation::v1 as calls;
use proto::conversation::v1::conversation_event::Fact;
use proto::conversation::v1::{ActState, ActionQueued};
use proto::delivery::v1::delivery_event::Fact as DeliveryFact;
use proto::delivery::v1::{
    ActionOutcome, ActionSettled, ActionWaiting, DeletionSettled, DeliveryEvent,
};
use proto::directory::v1::Access;
use proto::directory::v1::directory_event;
use proto::network::v1::{MessageAction, MessageKind};

use crate::feed::{Feed, timestamp};
use crate::notes::{activity, told};
use crate::office::Office;
use crate::service::by;

async fn act(
    office: &Office,
    member: MemberId,
    message: &str,
    key: &str,
    action: MessageAction,
) -> Result<calls::Message, Fault> {
    act_through(office, 0, member, message, key, action).await
}

async fn act_through(
    office: &Office,
    account: usize,
    member: MemberId,
    message: &str,
    key: &str,
    action: MessageAction,
) -> Result<calls::Message, Fault> {
    let asked = calls::ActOnMessageRequest {
        message_id: message.to_owned(),
        idempotency_key: key.to_owned(),
        action: action.into(),
        channel_id: office.feed.channels[account].to_string(),
    };
    let request = by(asked, office.feed.organization, member);
    let answer = office.service.story("gateway").act_on_message(request).await;
    answer.map(|it| it.into_inner().message.expect("a message")).map_err(rpc::fault)
}

async fn delete(
    office: &Office,
    member: MemberId,
    message: &str,
    key: &str,
) -> Result<calls::Message, Fault> {
    let asked = calls::DeleteMessageRequest {
        message_id: message.to_owned(),
        idempotency_key: key.to_owned(),
    };
    let request = by(asked, office.feed.organization, member);
    let answer = office.service.story("gateway").delete_message(request).await;
    answer.map(|it| it.into_inner().message.expect("a message")).map_err(rpc::fault)
}

fn settled(office: &Office, queued: &ActionQueued, failure: &str) -> DeliveryEvent {
    let outcome = if failure.is_empty() { ActionOutcome::Done } else { ActionOutcome::Failed };
    office.told(
        50,
        DeliveryFact::ActionSettled(ActionSettled {
            action_id: queued.action_id.clone(),
            message_id: queued.message_id.clone(),
            action: queued.action,
            outcome: outcome.into(),
            failure_code: failure.to_owned(),
            failure: failure.to_owned(),
            retryable: true,
        }),
    )
}

async fn queued(office: &Office) -> Vec<ActionQueued> {
    let events = told(office, "action_queued").await;
    let queued = events.into_iter().filter_map(|event| match event.fact {
        Some(Fact::ActionQueued(queued)) => Some(queued),
        _ => None,
    });
    queued.collect()
}

/// A mention by anna.
async fn mentioned(office: &Office) -> (calls::ConversationRow, String) {
    let mention = office.feed.received(0, "anna", "1001", MessageKind::Mention, 0, false);
    office.desk.apply(&[mention]).await;
    let row = office.sole_row().await;
    let message = office.messages(&row.conversation_id).await[0].message_id.clone();
    (row, message)
}

fn offered(message: &calls::Message) -> Vec<(MessageAction, bool)> {
    message.actions.iter().map(|option| (option.action(), option.available)).collect()
}

fn liked(message: &calls::Message) -> Option<(ActState, bool)> {
    let liked = message.acts.clone()?.liked?;
    Some((liked.state(), liked.on))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_like_is_asked_for_once_shown_at_once_and_given_back_when_it_fails() {
    let office = Office::open(Feed::new()).await;
    let (row, message) = mentioned(&office).await;
    let shown = office.messages(&row.conversation_id).await.remove(0);
    let can = offered(&shown);
    for action in [MessageAction::Like, MessageAction::Repost, MessageAction::Follow] {
        assert!(can.contains(&(action, true)), "{can:?}");
    }
    assert!(can.contains(&(MessageAction::Quote, true)));
    assert!(!can.iter().any(|(action, _)| *action == MessageAction::Unlike), "{can:?}");
    assert_eq!(shown.acts, None);

    let first = act(&office, office.lea, &message, "k1", MessageAction::Like).await.expect("asked");
    assert_eq!(liked(&first), Some((ActState::TurningOn, false)));
    assert!(first.rev > shown.rev);
    assert!(!first.answers.is_empty(), "it shows what it showed before");
    let again = act(&office, office.lea, &message, "k1", MessageAction::Like).await.expect("known");
    assert_eq!(again, first);
    let other = act(&office, office.lea, &message, "k1", MessageAction::Follow).await;
    assert_eq!(other.expect_err("refused").code(), "key_reused");
    // Somebody else wants the same: it is under way already.
    act(&office, office.noah, &message, "k2", MessageAction::Like).await.expect("as it is");
    let asked = queued(&office).await;
    assert_eq!(asked.len(), 1);
    let one = &asked[0];
    assert_eq!((one.action(), one.turn), (MessageAction::Like, 1));
    assert_eq!((one.external_id.as_str(), one.kind()), ("1001", MessageKind::Mention));
    assert_eq!(one.author, Some(office.feed.identity("anna")));
    assert_eq!(one.member_id, office.lea.to_string());
    assert_eq!(one.channel_id, office.feed.channels[0].to_string());

    let waiting = DeliveryFact::ActionWaiting(ActionWaiting {
        action_id: one.action_id.clone(),
        message_id: message.clone(),
        action: one.action,
        until: Some(timestamp(office.feed.start + 900)),
        reason: "rate_limited".to_owned(),
    });
    office.desk.delivery(&[office.told(10, waiting)]).await;
    let held = office.messages(&row.conversation_id).await.remove(0);
    let why = held.acts.clone().and_then(|acts| acts.liked).expect("an act").wait_reason;
    assert_eq!(why, "rate_limited");
    let done = settled(&office, one, "");
    office.desk.delivery(&[done.clone(), done.clone()]).await;
    let on = office.messages(&row.conversation_id).await.remove(0);
    assert_eq!(liked(&on), Some((ActState::On, true)));
    assert!(on.rev > held.rev && held.rev > first.rev);
    assert!(offered(&on).contains(&(MessageAction::Unlike, true)));
    office.desk.delivery(&[done]).await;
    assert_eq!(office.messages(&row.conversation_id).await.remove(0), on, "heard again");

    let off = act(&office, office.noah, &message, "k3", MessageAction::Unlike).await;
    assert_eq!(liked(&off.expect("asked")), Some((ActState::TurningOff, true)));
    let asked = queued(&office).await;
    assert_eq!(asked[1].turn, 2);
    office.desk.delivery(&[settled(&office, &asked[1], "refused")]).await;
    let kept = office.messages(&row.conversation_id).await.remove(0);
    assert_eq!(liked(&kept), Some((ActState::Failed, true)));
    let failed = kept.acts.clone().and_then(|acts| acts.liked).expect("an act");
    assert_eq!((failed.failure_code.as_str(), failed.retryable), ("refused", true));
    assert!(offered(&kept).contains(&(MessageAction::Unlike, true)), "it can be tried again");

    let happened: Vec<(String, String, String)> =
        activity(&office, office.lea, &row.conversation_id)
            .await
            .into_iter()
            .filter(|entry| entry.kind.starts_with("action"))
            .map(|entry| (entry.kind, entry.what, entry.failure_code))
            .collect();
    let seen: Vec<_> = happened.iter().map(|(a, b, c)| (&**a, &**b, &**c)).collect();
    assert_eq!(
        seen,
        [
            ("action", "like", ""),
            ("action_done", "like", ""),
            ("action", "unlike", ""),
            ("action_failed", "unlike", "refused"),
        ]
    );
    office.desk.audit(office.feed.organization).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_wish_stands_in_whatever_order_its_ends_are_heard() {
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0], [2, 0, 1]] {
        let office = Office::open(Feed::new()).await;
        let (row, message) = mentioned(&office).await;
        for (key, action) in
            [MessageAction::Like, MessageAction::Unlike, MessageAction::Like].iter().enumerate()
        {
            let key = format!("k{key}");
            act(&office, office.lea, &message, &key, *action).await.expect("asked");
        }
        let asked = queued(&office).await;
        assert_eq!(asked.iter().map(|one| one.turn).collect::<Vec<_>>(), [1, 2, 3]);
        let ends = [
            settled(&office, &asked[0], ""),
            settled(&office, &asked[1], "superseded"),
            settled(&office, &asked[2], ""),
        ];
        for index in order {
            office.desk.delivery(&[ends[index].clone()]).await;
        }
        office.desk.delivery(&ends).await;
        let shown = office.messages(&row.conversation_id).await.remove(0);
        assert_eq!(liked(&shown), Some((ActState::On, true)), "{order:?}");
        office.desk.audit(office.feed.organization).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_follow_is_of_the_author_and_shows_on_all_their_messages() {
    let office = Office::open(Feed::new()).await;
    let (row, first) = mentioned(&office).await;
    let second = office.feed.received(0, "anna", "1002", MessageKind::Mention, 5, false);
    let stranger = office.feed.received(0, "bert", "1003", MessageKind::Mention, 6, false);
    office.desk.apply(&[second, stranger]).await;
    let before = office.messages(&row.conversation_id).await;
    act(&office, office.lea, &first, "k1", MessageAction::Follow).await.expect("asked");
    let asked = queued(&office).await;
    office.desk.delivery(&[settled(&office, &asked[0], "")]).await;
    let after = office.messages(&row.conversation_id).await;
    for (before, after) in before.iter().zip(&after) {
        let following = after.acts.clone().and_then(|acts| acts.following).expect("followed");
        assert_eq!((following.state(), following.on), (ActState::On, true));
        assert!(after.rev > before.rev, "each shows something new");
        assert!(offered(after).contains(&(MessageAction::Unfollow, true)));
    }
    let others = office.rows().await;
    let other = others.iter().find(|it| it.conversation_id != row.conversation_id).expect("bert");
    assert_eq!(office.messages(&other.conversation_id).await[0].acts, None);
    let changed = told(&office, "action_changed").await;
    let Some(Fact::ActionChanged(changed)) = &changed[0].fact else { panic!("{changed:?}") };
    assert!(changed.of_author);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_account_cannot_do_is_refused_with_its_reason() {
    let office = Office::open(Feed::new()).await;
    let (_, message) = mentioned(&office).await;
    let mut lower = office.channel(0, 2);
    if let Some(directory_event::Fact::ChannelConnected(connected)) = &mut lower.fact {
        connected.channel.as_mut().expect("a channel").tier = "self_serve".to_owned();
    }
    let mut other = office.channel(1, 2);
    if let Some(directory_event::Fact::ChannelConnected(connected)) = &mut other.fact {
        connected.channel.as_mut().expect("a channel").tier = "self_serve".to_owned();
    }
    office.desk.directory(&[lower, other]).await;
    let like = act(&office, office.lea, &message, "k1", MessageAction::Like).await;
    let fault = like.expect_err("refused");
    assert_eq!((fault.class(), fault.code()), (Class::Rejected, "enterprise_only"));
    let hide = act(&office, office.lea, &message, "k2", MessageAction::Hide).await;
    assert_eq!(hide.expect_err("refused").code(), "action_unknown");
    let quote = act(&office, office.lea, &message, "k3", MessageAction::Quote).await;
    assert_eq!(quote.expect_err("refused").class(), Class::Invalid);
    assert!(queued(&office).await.is_empty());
    // What was refused has used no key.
    office.desk.directory(&[office.restricted(0, 3, &[(office.lea, Access::Contributor)])]).await;
    act(&office, office.lea, &message, "k1", MessageAction::Like).await.expect("by now it can");
    office.desk.directory(&[office.restricted(0, 4, &[(office.lea, Access::Viewer)])]).await;
    let viewer = act(&office, office.lea, &message, "k4", MessageAction::Unlike).await;
    assert_eq!(viewer.expect_err("refused").code(), "access_missing");
    let hidden = act(&office, office.noah, &message, "k5", MessageAction::Unlike).await;
    assert_eq!(hidden.expect_err("refused").class(), Class::NotFound);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_takes_back_what_it_did_itself_and_acts_for_those_it_lets_in() {
    let office = Office::open(Feed::new()).await;
    let (_, message) = mentioned(&office).await;
    let (lea, like, unlike) = (office.lea, MessageAction::Like, MessageAction::Unlike);
    act_through(&office, 1, lea, &message, "k1", like).await.expect("by the other account");
    let fault = act_through(&office, 0, lea, &message, "k2", unlike).await.expect_err("refused");
    assert_eq!((fault.class(), fault.code()), (Class::Rejected, "action_unknown"));
    assert_eq!(queued(&office).await.len(), 1);
    // The message came through an account that is open; the one that acts is not.
    office.desk.directory(&[office.restricted(1, 2, &[(office.noah, Access::Viewer)])]).await;
    for member in [office.lea, office.noah] {
        let closed = act_through(&office, 1, member, &message, "k3", unlike).await;
        let fault = closed.expect_err("refused");
        assert_eq!((fault.class(), fault.code()), (Class::Forbidden, "access_missing"));
    }
    let undone = act_through(&office, 1, office.sacha, &message, "k4", unlike).await;
    undone.expect("a supervisor gets there");
    // Whoever liked it before: a new wish is anybody's.
    act_through(&office, 0, lea, &message, "k5", like).await.expect("liked by the first one");
    let asked: Vec<_> = queued(&office).await.into_iter().map(|it| it.channel_id).collect();
    let [first, other] = office.feed.channels.map(|channel| channel.to_string());
    assert_eq!(asked, [other.clone(), other, first]);
    office.desk.audit(office.feed.organization).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_sent_from_here_is_deleted_or_stays_with_the_reason() {
    let office = Office::open(Feed::new()).await;
    office.desk.apply(&[office.feed.private("anna", "1", 0)]).await;
    let row = office.sole_row().await;
    let accepted = office.accept(office.lea, office.private(&row, "k1")).await.expect("accepted");
    let reply = accepted.message.expect("a message").message_id;
    let early = delete(&office, office.lea, &reply, "k2").await.expect_err("refused");
    assert_eq!(early.code(), "not_sent");
    office.desk.delivery(&[office.sent(&reply, 1, "501", 20)]).await;
    let sent = office.messages(&row.conversation_id).await.pop().expect("it");
    let [option] = &sent.actions[..] else { panic!("{:?}", sent.actions) };
    assert!(option.action() == MessageAction::Delete && option.needs_confirmation);
    let asked = delete(&office, office.noah, &reply, "k3").await.expect("asked");
    assert_eq!(asked.acts.and_then(|acts| acts.deleted).expect("an act").state(), {
        ActState::TurningOn
    });
    let deletion = |deleted, code: &str| {
        let fact = DeletionSettled {
            message_id: reply.clone(),
            deleted,
            failure_code: code.to_owned(),
            failure: code.to_owned(),
        };
        office.told(60, DeliveryFact::DeletionSettled(fact))
    };
    office.desk.delivery(&[deletion(false, "too_old")]).await;
    let kept = office.messages(&row.conversation_id).await.pop().expect("it");
    let failed = kept.acts.and_then(|acts| acts.deleted).expect("an act");
    assert_eq!((failed.state(), &*failed.failure_code), (ActState::Failed, "too_old"));
    assert!(!kept.deleted);
    delete(&office, office.noah, &reply, "k4").await.expect("asked again");
    office.desk.delivery(&[deletion(true, "")]).await;
    let gone = office.messages(&row.conversation_id).await.pop().expect("it");
    assert!(gone.deleted && gone.text.is_empty());
    let acted = gone.acts.and_then(|acts| acts.deleted).expect("an act");
    assert_eq!(acted.state(), ActState::On);
    assert_eq!(told(&office, "deletion_queued").await.len(), 2);
    let stranger = office.messages(&row.conversation_id).await.remove(0).message_id;
    let theirs = delete(&office, office.lea, &stranger, "k5").await.expect_err("refused");
    assert_eq!(theirs.class(), Class::Rejected);
    office.desk.audit(office.feed.organization).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quote_is_an_answer_of_its_own_kind() {
    let office = Office::open(Feed::new()).await;
    let (row, message) = mentioned(&office).await;
    let quote = row.answers.iter().find(|option| option.kind() == MessageKind::Quote);
    let quote = quote.expect("offered");
    assert!(quote.available && quote.public);
    let reply = calls::AcceptReplyRequest {
        kind: MessageKind::Quote.into(),
        in_reply_to_message_id: message.clone(),
        ..office.private(&row, "k1")
    };
    let accepted = office.accept(office.lea, reply).await.expect("accepted");
    let stored = accepted.message.expect("a message");
    assert_eq!((stored.kind(), stored.in_reply_to_message_id), (MessageKind::Quote, message));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_delivery_says_of_actions_takes_as_few_statements_as_anything() {
    let office = Office::open(Feed::new()).await;
    let feed = &office.feed;
    let people: Vec<_> = (0..24)
        .map(|n| {
            let id = format!("10{n}");
            feed.received(0, &format!("p{n}"), &id, MessageKind::Mention, n, false)
        })
        .collect();
    office.desk.apply(&people).await;
    for (number, row) in office.rows().await.iter().enumerate() {
        let message = office.messages(&row.conversation_id).await[0].message_id.clone();
        let action = [MessageAction::Like, MessageAction::Follow][number % 2];
        act(&office, office.lea, &message, &format!("k{number}"), action).await.expect("asked");
    }
    let asked = queued(&office).await;
    for asked in [&asked[..2], &asked[2..]] {
        let failed: Vec<_> = asked.iter().map(|one| settled(&office, one, "refused")).collect();
        let done: Vec<_> = asked.iter().map(|one| settled(&office, one, "")).collect();
        for told in [failed, done] {
            let statements = office.desk.counted(&[], &told).await;
            assert!(statements <= 8, "{}: {statements}", asked.len());
        }
    }
    office.desk.audit(feed.organization).await;
}
