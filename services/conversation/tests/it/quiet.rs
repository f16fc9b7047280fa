//! Automatic resolution by each channel's own time.

use proto::conversation::v1 as calls;
use proto::network::v1::MessageKind;

use crate::feed::{Feed, timestamp};
use crate::office::Office;
use crate::service::by;

#[tokio::test(flavor = "multi_thread")]
async fn the_longest_time_of_its_channels_stands_and_never_is_never() {
    let office = Office::open(Feed::new()).await;
    let feed = &office.feed;
    let mention = MessageKind::Mention;
    // All of them were quiet for twenty days: Anna's came by one account, Bert's by the other,
    // Carl's by both; Dora waits.
    office
        .desk
        .apply(&[
            feed.private("anna", "1", 0),
            feed.received(1, "bert", "2", mention, 0, false),
            feed.private("carl", "3", 0),
            feed.received(1, "carl", "4", mention, 0, false),
            feed.private("dora", "5", 0),
        ])
        .await;
    let mut rows = office.rows().await;
    rows.sort_by_key(|row| row.contact.clone().and_then(|it| it.author).map(|it| it.handle));
    for row in &rows[..3] {
        office.change(office.lea, row, calls::State::Pending).await.expect("pending");
    }
    office.desk.decided_earlier(feed.organization, 20).await;
    let (pending, resolved) = (calls::State::Pending, calls::State::Resolved);
    let states = async || {
        let mut states = Vec::new();
        for row in &rows {
            states.push(office.row(&row.conversation_id).await.state());
        }
        states
    };
    // The first account's time is over; the other one's is never.
    office.desk.directory(&[office.patience(0, 2, 10), office.patience(1, 2, 0)]).await;
    office.desk.fire_timers(feed.organization).await;
    assert_eq!(states().await, [resolved, pending, pending, calls::State::New]);
    // It becomes thirty days, and then fifteen: the service itself looks at once.
    office.desk.directory(&[office.patience(1, 3, 30)]).await;
    office.desk.fire_timers(feed.organization).await;
    assert_eq!(states().await, [resolved, pending, pending, calls::State::New]);
    office.desk.directory(&[office.patience(1, 4, 15)]).await;
    let done = async || states().await == [resolved, resolved, resolved, calls::State::New];
    office.service.until("both are resolved", done).await;
    let reasons = office
        .desk
        .number("SELECT count(*) FROM conversation.conversation_history WHERE reason = 'automatic'")
        .await;
    assert_eq!(reasons, 3);
    // The timer stands on, one for each channel.
    let timers = office
        .desk
        .number("SELECT count(*) FROM conversation.timer WHERE kind = 'channel-auto-resolve'")
        .await;
    assert_eq!(timers, 2);
    office.desk.audit(feed.organization).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn quiet_counts_from_the_newest_of_what_came_and_what_people_decided() {
    let office = Office::open(Feed::new()).await;
    let feed = &office.feed;
    let (new, pending, resolved) =
        (calls::State::New, calls::State::Pending, calls::State::Resolved);
    // All of them were answered in the network's own app twenty days ago.
    for person in ["anna", "bert", "carl", "dora", "emil"] {
        let answer = format!("{person}, answered");
        office.desk.apply(&[feed.private(person, person, 0), feed.own(person, &answer, 100)]).await;
    }
    let mut rows = office.rows().await;
    rows.sort_by_key(|row| row.contact.clone().and_then(|it| it.author).map(|it| it.handle));
    // Bert's was reopened a moment ago, and then set to Pending; Carl's was answered, Dora's was
    // to be remembered and is not any more. Emil's is open for whoever reopened it.
    for row in [&rows[1], &rows[4]] {
        office.change(office.lea, row, new).await.expect("reopened");
    }
    office.change(office.lea, &rows[1], pending).await.expect("pending");
    office.accept(office.lea, office.private(&rows[2], "k1")).await.expect("accepted");
    let due = kit_values::now() + time::Duration::days(3);
    let reminder = calls::SetReminderRequest {
        conversation_id: rows[3].conversation_id.clone(),
        idempotency_key: "k2".to_owned(),
        due_at: Some(timestamp(due.unix_timestamp())),
        seen_through: rows[3].last_sequence,
        ..Default::default()
    };
    let mut lists = office.service.lists("gateway");
    lists.set_reminder(by(reminder, feed.organization, office.lea)).await.expect("set");
    let cancel = calls::CancelReminderRequest {
        conversation_id: rows[3].conversation_id.clone(),
        idempotency_key: "k3".to_owned(),
    };
    lists.cancel_reminder(by(cancel, feed.organization, office.lea)).await.expect("cancelled");
    let states = async || {
        let mut states = Vec::new();
        for row in &rows {
            states.push(office.row(&row.conversation_id).await.state());
        }
        states
    };
    office.desk.directory(&[office.patience(0, 2, 10)]).await;
    office.desk.fire_timers(feed.organization).await;
    assert_eq!(states().await, [resolved, pending, pending, pending, new]);
    office.desk.audit(feed.organization).await;
    // Had all that been twenty days ago as well, Carl's reply would still be of today.
    office.desk.decided_earlier(feed.organization, 20).await;
    office.desk.fire_timers(feed.organization).await;
    assert_eq!(states().await, [resolved, resolved, pending, resolved, new]);
    office.desk.audit(feed.organization).await;
}
