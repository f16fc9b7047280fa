//! Reminders on the whole service: set, replaced, cancelled, fired by the service's own timers.

use conversation::domain::words::MemberId;
use kit_service::rpc;
use kit_values::{Class, Fault};
use proto::conversation::v1 as calls;
use time::Duration;

use crate::feed::{Feed, timestamp};
use crate::office::Office;
use crate::service::by;

async fn remind(
    office: &Office,
    member: MemberId,
    row: &calls::ConversationRow,
    key: &str,
    after: Duration,
) -> Result<calls::ConversationRow, Fault> {
    let due = kit_values::now() + after;
    let asked = calls::SetReminderRequest {
        conversation_id: row.conversation_id.clone(),
        idempotency_key: key.to_owned(),
        // To the nanosecond: what is due in two seconds must not be due in one.
        due_at: Some(prost_types::Timestamp {
            seconds: due.unix_timestamp(),
            nanos: i32::try_from(due.nanosecond()).expect("less than a second"),
        }),
        note: format!("note {key}"),
        seen_through: row.last_sequence,
    };
    let request = by(asked, office.feed.organization, member);
    let answer = office.service.lists("gateway").set_reminder(request).await;
    answer.map(|it| it.into_inner().row.expect("a row")).map_err(rpc::fault)
}

async fn cancel(
    office: &Office,
    row: &calls::ConversationRow,
    key: &str,
) -> calls::ConversationRow {
    let asked = calls::CancelReminderRequest {
        conversation_id: row.conversation_id.clone(),
        idempotency_key: key.to_owned(),
    };
    let request = by(asked, office.feed.organization, office.lea);
    let answer = office.service.lists("gateway").cancel_reminder(request).await;
    answer.expect("cancelled").into_inner().row.expect("a row")
}

async fn kinds(office: &Office) -> Vec<String> {
    office
        .desk
        .texts(
            "SELECT kind FROM conversation.conversation_history \
             WHERE kind LIKE 'remind%' ORDER BY at, conversation_id, sequence",
        )
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reminder_puts_a_conversation_among_those_that_wait_when_its_moment_comes() {
    let office = Office::open(Feed::new()).await;
    let feed = &office.feed;
    office.desk.apply(&[feed.private("anna", "1", 0)]).await;
    let row = office.sole_row().await;
    let set = remind(&office, office.lea, &row, "k1", Duration::hours(4)).await.expect("set");
    assert_eq!(set.state(), calls::State::Pending, "from New it sets Pending");
    let reminder = set.reminder.clone().expect("a reminder");
    assert_eq!((reminder.note.as_str(), &reminder.member_id), ("note k1", &office.lea.to_string()));
    // The same key gives the first answer; another takes its place.
    let again = remind(&office, office.lea, &row, "k1", Duration::hours(4)).await;
    assert!(again.is_err() || again.is_ok_and(|row| row.rev == set.rev));
    remind(&office, office.noah, &set, "k2", Duration::seconds(2)).await.expect("set");
    let fired = async || office.sole_row().await.state() == calls::State::New;
    office.service.until("the timer fires", fired).await;
    let row = office.sole_row().await;
    assert_eq!(row.reminder, None);
    assert!(row.waiting_since.is_some());
    assert_eq!(
        kinds(&office).await,
        ["reminder_set", "reminder_set", "reminder_fired", "reminded"]
    );
    let told = office
        .desk
        .number(
            "SELECT count(*) FROM conversation.outbox \
             WHERE subject LIKE '%.reminder_changed' OR subject LIKE '%.state_changed'",
        )
        .await;
    assert_eq!(told, 5, "three reminders, two states");
    office.desk.audit(feed.organization).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_was_used_for_another_note_is_refused() {
    let office = Office::open(Feed::new()).await;
    let feed = &office.feed;
    office.desk.apply(&[feed.private("anna", "1", 0)]).await;
    let row = office.sole_row().await;
    let due = kit_values::now() + Duration::hours(4);
    let set = async |note: &str| {
        let asked = calls::SetReminderRequest {
            conversation_id: row.conversation_id.clone(),
            idempotency_key: "k1".to_owned(),
            due_at: Some(timestamp(due.unix_timestamp())),
            note: note.to_owned(),
            seen_through: row.last_sequence,
        };
        let request = by(asked, feed.organization, office.lea);
        let answer = office.service.lists("gateway").set_reminder(request).await;
        let row = answer.map(|it| it.into_inner().row.expect("a row"));
        row.map(|row| row.reminder.expect("a reminder").note).map_err(rpc::fault)
    };
    assert_eq!(set("call back").await.expect("set"), "call back");
    assert_eq!(set("call back").await.expect("the same again"), "call back");
    let fault = set("send the invoice").await.expect_err("refused");
    assert_eq!((fault.class(), fault.code()), (Class::Invalid, "key_reused"));
    let stands = office.sole_row().await.reminder.expect("a reminder");
    assert_eq!(stands.note, "call back");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_resolved_comes_back_and_what_was_cancelled_or_taken_away_does_not() {
    let office = Office::open(Feed::new()).await;
    let feed = &office.feed;
    for person in ["anna", "bert", "carl"] {
        office.desk.apply(&[feed.private(person, person, 0)]).await;
    }
    let rows = office.rows().await;
    let resolve = async |row| {
        let changed = office.change(office.lea, row, calls::State::Resolved).await;
        changed.expect("resolved").row.expect("a row")
    };
    // One is resolved and then to come back; one is resolved with a reminder that stood before.
    let back = resolve(&rows[0]).await;
    let back = remind(&office, office.lea, &back, "k1", Duration::seconds(2)).await.expect("set");
    assert_eq!(back.state(), calls::State::Resolved);
    let gone =
        remind(&office, office.lea, &rows[1], "k2", Duration::seconds(30)).await.expect("set");
    let gone = resolve(&gone).await;
    assert_eq!(gone.reminder, None, "whoever resolves is done with it");
    let none =
        remind(&office, office.lea, &rows[2], "k3", Duration::seconds(30)).await.expect("set");
    assert_eq!(cancel(&office, &none, "k4").await.reminder, None);
    let fired = async || office.row(&back.conversation_id).await.state() == calls::State::New;
    office.service.until("the timer fires", fired).await;
    // Their timers fire too, and find nothing to do.
    office.desk.fire_reminders(feed.organization).await;
    assert_eq!(office.row(&gone.conversation_id).await.state(), calls::State::Resolved);
    assert_eq!(office.row(&none.conversation_id).await.state(), calls::State::Pending);
    office.desk.audit(feed.organization).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reminder_of_an_earlier_conversation_raises_the_newest_and_none_resolves_by_itself() {
    let office = Office::open(Feed::new()).await;
    let feed = &office.feed;
    office.desk.apply(&[feed.private("anna", "1", 0)]).await;
    let row = office.sole_row().await;
    let row = office.change(office.lea, &row, calls::State::Resolved).await.expect("resolved");
    let row = row.row.expect("a row");
    remind(&office, office.lea, &row, "k1", Duration::hours(1)).await.expect("set");
    // Two days later: a new conversation, which is answered in the network's own app.
    let later = kit_values::now().unix_timestamp() - feed.start + 2 * 86_400;
    office.desk.apply(&[feed.private("anna", "2", later)]).await;
    office.desk.apply(&[feed.own("anna", "3", later + 60)]).await;
    let rows = office.rows().await;
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[1].state(), calls::State::Pending);
    let fault = remind(&office, office.lea, &rows[0], "k2", Duration::hours(1)).await;
    assert_eq!(fault.expect_err("refused").code(), "goes_on_elsewhere");
    // It is quiet for long, but somebody wants to come back to the other one: that stays.
    office
        .desk
        .database
        .database
        .execute(
            "UPDATE conversation.conversation SET reminder_due_at = now() - interval '1 second' \
             WHERE reminder_due_at IS NOT NULL; \
             UPDATE conversation.conversation_history SET detail = jsonb_set(detail, '{due}', \
             to_jsonb(to_char(c.reminder_due_at AT TIME ZONE 'UTC', \
             'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'))) FROM conversation.conversation AS c \
             WHERE kind = 'reminder_set' AND c.reminder_due_at IS NOT NULL",
        )
        .await;
    office.desk.fire_reminders(feed.organization).await;
    let rows = office.rows().await;
    assert_eq!((rows[0].state(), &rows[0].reminder), (calls::State::Resolved, &None));
    assert_eq!(kinds(&office).await, ["reminder_set", "reminder_fired", "reminded"]);
    office.desk.audit(feed.organization).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_with_a_reminder_does_not_resolve_by_itself() {
    let office = Office::open(Feed::new()).await;
    let feed = &office.feed;
    office.desk.apply(&[feed.private("anna", "1", 0), feed.private("bert", "2", 0)]).await;
    let rows = office.rows().await;
    remind(&office, office.lea, &rows[0], "k1", Duration::days(3)).await.expect("set");
    office.change(office.lea, &rows[1], calls::State::Pending).await.expect("pending");
    // Both were quiet for twenty days.
    office.desk.decided_earlier(feed.organization, 20).await;
    office.desk.directory(&[office.patience(0, 2, 10)]).await;
    office.desk.fire_timers(feed.organization).await;
    assert_eq!(office.row(&rows[0].conversation_id).await.state(), calls::State::Pending);
    assert_eq!(office.row(&rows[1].conversation_id).await.state(), calls::State::Resolved);
    office.desk.audit(feed.organization).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_newer_than_the_screen_refuses_a_reminder_and_moments_are_in_the_future() {
    let office = Office::open(Feed::new()).await;
    let feed = &office.feed;
    office.desk.apply(&[feed.private("anna", "1", 0)]).await;
    let row = office.sole_row().await;
    office.desk.apply(&[feed.private("anna", "2", 10)]).await;
    let fault = remind(&office, office.lea, &row, "k1", Duration::hours(1)).await;
    assert_eq!(fault.expect_err("refused").code(), "newer_message");
    for (key, after) in [("k2", Duration::seconds(-1)), ("k3", Duration::days(401))] {
        let fault = remind(&office, office.lea, &row, key, after).await.expect_err("refused");
        assert_eq!((fault.class(), fault.field()), (Class::Invalid, Some("due_at")));
    }
    office.desk.audit(feed.organization).await;
}
