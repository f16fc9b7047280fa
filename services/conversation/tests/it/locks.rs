//! Who may answer: the lock, its fence, and the owner as routing decided.

use kit_values::Class;
use proto::conversation::v1 as calls;
use proto::conversation::v1::State;

use crate::feed::Feed;
use crate::office::Office;

const TRIES: usize = 100;

/// Two agents answer at once: with the lock in half of the tries, without in the others.
#[tokio::test(flavor = "multi_thread")]
async fn of_two_agents_who_answer_at_once_one_is_heard_and_the_other_is_told() {
    let office = Office::open(Feed::new()).await;
    let mut events = Vec::new();
    for number in 0..TRIES * 2 {
        events.push(office.feed.private(&format!("p{number}"), &format!("{number}"), 0));
    }
    office.desk.apply(&events).await;
    let rows = office.rows().await;
    assert_eq!(rows.len(), TRIES * 2);
    for (number, row) in rows.into_iter().enumerate() {
        let answer = async |member, session: &str| {
            let mut reply = office.private(&row, &format!("{session} {number}"));
            if number % 2 == 0 {
                let lock = office.acquire(member, &row.conversation_id, session, false).await;
                let lock = lock.expect("answered");
                if lock.granted {
                    reply.fence = lock.lock.expect("a lock").fence;
                }
            }
            office.accept(member, reply).await
        };
        let (one, other) = tokio::join!(answer(office.lea, "lea"), answer(office.noah, "noah"));
        let outcomes = [one, other];
        let accepted = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        assert_eq!(accepted, 1, "try {number}: {outcomes:?}");
        for outcome in outcomes {
            let Err(fault) = outcome else { continue };
            assert_eq!(fault.class(), Class::Rejected);
            assert!(["lock_lost", "newer_message"].contains(&fault.code()), "{fault}");
        }
    }
    let replies = office
        .desk
        .number("SELECT count(*) FROM conversation.message WHERE reply_state IS NOT NULL")
        .await;
    assert_eq!(usize::try_from(replies).expect("few"), TRIES * 2);
    let outcomes = office.desk.number("SELECT count(*) FROM conversation.outcome").await;
    assert_eq!(outcomes, replies);
    office.desk.audit(office.feed.organization).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lock_expires_by_the_databases_clock_and_a_stale_fence_sends_nothing() {
    let office = Office::open(Feed::new()).await;
    office.desk.apply(&[office.feed.private("anna", "1", 0)]).await;
    let row = office.sole_row().await;
    let id = row.conversation_id.as_str();
    let first = office.acquire(office.lea, id, "tab", false).await.expect("answered");
    assert!(first.granted);
    let first = first.lock.expect("a lock");
    let rev = office.sole_row().await.rev;
    let renewed = office.acquire(office.lea, id, "tab", false).await.expect("answered");
    assert_eq!(renewed.lock.expect("a lock").fence, first.fence);
    assert_eq!(office.sole_row().await.rev, rev, "renewing is nobody else's business");

    let held = office.acquire(office.noah, id, "tab", false).await.expect("answered");
    assert!(!held.granted);
    assert_eq!(held.lock.expect("whose").member_id, office.lea.to_string());
    let fault = office.acquire(office.noah, id, "tab", true).await.expect_err("refused");
    assert_eq!((fault.class(), fault.code()), (Class::Rejected, "lock_held"));
    let fault = office.accept(office.noah, office.private(&row, "n1")).await.expect_err("held");
    assert_eq!(fault.code(), "lock_lost");

    office
        .desk
        .database
        .database
        .execute("UPDATE conversation.conversation SET lock_expires_at = clock_timestamp()")
        .await;
    assert!(office.sole_row().await.lock.is_none(), "what has expired is not shown");
    let taken = office.acquire(office.noah, id, "tab", false).await.expect("answered");
    assert!(taken.granted);
    let taken = taken.lock.expect("a lock");
    assert_eq!(taken.fence, first.fence + 1);
    let late = calls::AcceptReplyRequest { fence: first.fence, ..office.private(&row, "l1") };
    let fault = office.accept(office.lea, late.clone()).await.expect_err("stale");
    assert_eq!((fault.class(), fault.code()), (Class::Rejected, "lock_lost"));

    let over = office.acquire(office.sacha, id, "tab", true).await.expect("supervisors may");
    assert!(over.granted);
    let stale = calls::AcceptReplyRequest { fence: taken.fence, ..office.private(&row, "n2") };
    let fault = office.accept(office.noah, stale).await.expect_err("displaced");
    assert_eq!(fault.code(), "lock_lost");
    let over = over.lock.expect("a lock");
    let reply = calls::AcceptReplyRequest { fence: over.fence, ..office.private(&row, "s1") };
    office.accept(office.sacha, reply).await.expect("the holder's");
    let row = office.sole_row().await;
    office.change(office.noah, &row, State::Resolved).await.expect("resolved");
    assert!(office.sole_row().await.lock.is_none());
    let reply = calls::AcceptReplyRequest { fence: over.fence, ..office.private(&row, "s2") };
    let fault = office.accept(office.sacha, reply).await.expect_err("resolved meanwhile");
    assert_eq!(fault.code(), "lock_lost");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_lost_their_access_renews_no_lock() {
    let office = Office::open(Feed::new()).await;
    office.desk.apply(&[office.feed.private("anna", "1", 0)]).await;
    let id = office.sole_row().await.conversation_id;
    assert!(office.acquire(office.lea, &id, "tab", false).await.expect("answered").granted);
    let expires = "SELECT lock_expires_at::text FROM conversation.conversation";
    let before = office.desk.texts(expires).await;
    office.desk.directory(&[office.restricted(0, 2, &[])]).await;
    let fault = office.acquire(office.lea, &id, "tab", false).await.expect_err("refused");
    assert_eq!(fault.class(), Class::NotFound);
    assert_eq!(office.desk.texts(expires).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_owner_is_the_one_of_the_greatest_epoch_in_any_order_and_may_take_over() {
    let office = Office::open(Feed::new()).await;
    office.desk.apply(&[office.feed.private("anna", "1", 0)]).await;
    let row = office.sole_row().await;
    let id = row.conversation_id.as_str();
    let told = [
        office.owner(id, Some(office.lea), 1),
        office.owner(id, None, 2),
        office.owner(id, Some(office.noah), 3),
    ];
    office.desk.routing(&[told[2].clone(), told[0].clone()]).await;
    let projected = office.sole_row().await;
    assert_eq!(
        (projected.owner_member_id.as_str(), projected.owner_epoch),
        (office.noah.to_string().as_str(), 3)
    );
    assert_eq!(projected.rev, row.rev + 1);
    for late in [&told[1], &told[0], &told[2]] {
        office.desk.routing(std::slice::from_ref(late)).await;
    }
    assert_eq!(office.sole_row().await.rev, projected.rev, "an older epoch changes nothing");
    // What comes in keeps the owner.
    office.desk.apply(&[office.feed.private("anna", "2", 10)]).await;
    assert_eq!(office.sole_row().await.owner_epoch, 3);

    office.acquire(office.lea, id, "tab", false).await.expect("answered");
    let over = office.acquire(office.noah, id, "tab", true).await.expect("the owner may");
    assert!(over.granted);
    office.desk.audit(office.feed.organization).await;
}
