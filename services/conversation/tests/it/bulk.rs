//! The states of several conversations at once.

use conversation::domain::words::MemberId;
use kit_service::rpc;
use kit_values::Fault;
use proto::conversation::v1 as calls;

use crate::feed::Feed;
use crate::office::Office;
use crate::service::by;

async fn change(
    office: &Office,
    member: MemberId,
    key: &str,
    rows: &[calls::ConversationRow],
    to: calls::State,
) -> Result<Vec<calls::StateResult>, Fault> {
    let asked = calls::ChangeStatesRequest {
        idempotency_key: key.to_owned(),
        wanted: rows
            .iter()
            .map(|row| calls::StateWanted {
                conversation_id: row.conversation_id.clone(),
                seen_through: row.last_sequence,
            })
            .collect(),
        to: to.into(),
    };
    let request = by(asked, office.feed.organization, member);
    let answer = office.service.lists("gateway").change_states(request).await;
    answer.map(|it| it.into_inner().results).map_err(rpc::fault)
}

#[tokio::test(flavor = "multi_thread")]
async fn each_is_changed_or_refused_by_itself_once_and_can_be_undone() {
    let office = Office::open(Feed::new()).await;
    let feed = &office.feed;
    for person in ["anna", "bert", "carl"] {
        office.desk.apply(&[feed.private(person, person, 0)]).await;
    }
    let rows = office.rows().await;
    office.desk.routing(&[office.owner(&rows[0].conversation_id, Some(office.noah), 1)]).await;
    // Bert writes again; nobody has seen that.
    office.desk.apply(&[feed.private("bert", "again", 10)]).await;
    let mut asked = rows.clone();
    asked.push(calls::ConversationRow {
        conversation_id: conversation::domain::words::ConversationId::mint().to_string(),
        ..Default::default()
    });
    asked.push(calls::ConversationRow {
        conversation_id: "nonsense".to_owned(),
        ..Default::default()
    });
    let resolved = calls::State::Resolved;
    let results = change(&office, office.lea, "k1", &asked, resolved).await.expect("an answer");
    let told: Vec<(bool, &str)> = results.iter().map(|one| (one.done, one.code.as_str())).collect();
    assert_eq!(
        told,
        [
            (true, ""),
            (false, "newer_message"),
            (true, ""),
            (false, "not_found"),
            (false, "not_found")
        ]
    );
    assert_eq!(results[0].state_before(), calls::State::New);
    assert_eq!(results[0].owner_before, office.noah.to_string());
    assert!(!results[1].sentence.is_empty());
    assert_eq!(results[3].state_before(), calls::State::Unspecified);
    let states = async || -> Vec<calls::State> {
        office.rows().await.iter().map(calls::ConversationRow::state).collect()
    };
    let (new, pending) = (calls::State::New, calls::State::Pending);
    assert_eq!(states().await, [resolved, new, resolved]);

    // The same key changes nothing more, and says the same; for anything else it is a mistake.
    let revs: Vec<i64> = office.rows().await.iter().map(|row| row.rev).collect();
    let again = change(&office, office.lea, "k1", &asked, resolved).await.expect("an answer");
    assert_eq!(again, results);
    assert_eq!(office.rows().await.iter().map(|row| row.rev).collect::<Vec<_>>(), revs);
    let fault = change(&office, office.lea, "k1", &asked, pending).await.expect_err("refused");
    assert_eq!(fault.code(), "key_reused");
    let fault = change(&office, office.noah, "k1", &asked, resolved).await.expect_err("refused");
    assert_eq!(fault.code(), "key_reused");

    // Undone: as long as they had waited.
    let before = rows[0].waiting_since;
    let undone = [rows[0].clone(), rows[2].clone()];
    let results = change(&office, office.lea, "k2", &undone, new).await.expect("an answer");
    assert!(results.iter().all(|one| one.done));
    assert_eq!(states().await, [new, new, new]);
    assert_eq!(office.row(&rows[0].conversation_id).await.waiting_since, before);
    let none = change(&office, office.lea, "k3", &[], new).await.expect_err("refused");
    assert_eq!(none.field(), Some("conversation_ids"));
    office.desk.audit(feed.organization).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn resolving_tells_of_replies_that_the_network_has_not_accepted() {
    let office = Office::open(Feed::new()).await;
    let feed = &office.feed;
    for person in ["anna", "bert", "carl", "dora"] {
        office.desk.apply(&[feed.private(person, person, 0)]).await;
    }
    let rows = office.rows().await;
    // Anna's reply waits, one of Bert's failed and one arrived; Carl has none. Dora's waits, and
    // she has written since.
    for (index, key) in [(0, "a"), (1, "b1"), (1, "b2"), (3, "d")] {
        let row = office.row(&rows[index].conversation_id).await;
        let reply = office.accept(office.lea, office.private(&row, key)).await.expect("accepted");
        let reply = reply.message.expect("a message").message_id;
        match key {
            "b1" => office.desk.delivery(&[office.failed(&reply, 1)]).await,
            "b2" => office.desk.delivery(&[office.sent(&reply, 1, "9", 20)]).await,
            _ => {}
        }
    }
    let rows = office.rows().await;
    office.desk.apply(&[feed.private("dora", "again", 10)]).await;
    let told = |results: &[calls::StateResult]| -> Vec<(bool, i32)> {
        results.iter().map(|one| (one.done, one.undelivered_replies)).collect()
    };
    let resolved = calls::State::Resolved;
    let results = change(&office, office.lea, "k1", &rows, resolved).await.expect("an answer");
    assert_eq!(told(&results), [(true, 1), (true, 1), (true, 0), (false, 0)]);
    // As for one alone; what stands so already is told again, and no other state warns.
    let again = office.change(office.lea, &rows[0], resolved).await.expect("resolved");
    assert_eq!(again.undelivered_replies, 1);
    let results = change(&office, office.lea, "k1", &rows, resolved).await.expect("the same");
    assert_eq!(told(&results)[..2], [(true, 1), (true, 1)]);
    let opened = change(&office, office.lea, "k2", &rows[..2], calls::State::New).await;
    assert_eq!(told(&opened.expect("an answer")), [(true, 0), (true, 0)]);
    office.desk.audit(feed.organization).await;
}

/// What was taken for written elsewhere is our own reply: fewer messages, no smaller sequence.
#[tokio::test(flavor = "multi_thread")]
async fn a_row_is_enough_to_decide_by_though_its_messages_have_become_fewer() {
    let office = Office::open(Feed::new()).await;
    let feed = &office.feed;
    office.desk.apply(&[feed.private("anna", "1", 0)]).await;
    let row = office.sole_row().await;
    let accepted = office.accept(office.lea, office.private(&row, "k1")).await.expect("accepted");
    let reply = accepted.message.expect("a message").message_id;
    office.desk.apply(&[feed.own("anna", "501", 20)]).await;
    office.desk.delivery(&[office.sent(&reply, 1, "501", 20)]).await;
    office.desk.apply(&[feed.private("anna", "again", 40)]).await;
    let row = office.sole_row().await;
    assert_eq!((row.state(), row.message_count, row.last_sequence), (calls::State::New, 3, 4));
    let resolved = calls::State::Resolved;
    let counted = calls::ConversationRow { last_sequence: row.message_count, ..row.clone() };
    let results = change(&office, office.lea, "k2", &[counted], resolved).await.expect("an answer");
    assert_eq!(results[0].code, "newer_message");
    let results = change(&office, office.lea, "k3", &[row], resolved).await.expect("an answer");
    assert!(results[0].done, "{results:?}");
    office.desk.audit(feed.organization).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn taking_back_with_what_was_seen_then_leaves_new_what_was_written_since() {
    let office = Office::open(Feed::new()).await;
    let feed = &office.feed;
    office.desk.apply(&[feed.private("anna", "1", 0)]).await;
    let then = [office.sole_row().await];
    let (new, pending) = (calls::State::New, calls::State::Pending);
    for (key, to) in [("k1", pending), ("k2", calls::State::Resolved)] {
        let results = change(&office, office.lea, key, &then, to).await.expect("an answer");
        assert!(results[0].done, "{results:?}");
    }
    office.desk.apply(&[feed.private("anna", "please do not", 40)]).await;
    let results = change(&office, office.lea, "k3", &then, new).await.expect("an answer");
    assert!(results[0].done, "it is New already");
    let results = change(&office, office.lea, "k4", &then, pending).await.expect("an answer");
    assert_eq!(results[0].code, "newer_message");
    let row = office.sole_row().await;
    assert_eq!((row.state(), row.unseen_count), (new, 1));
    office.desk.audit(feed.organization).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_are_changed_in_one_transaction() {
    let office = Office::open(Feed::new()).await;
    let feed = &office.feed;
    let messages: Vec<_> =
        (0..100).map(|n| feed.private(&format!("p{n}"), &format!("{n}"), 0)).collect();
    office.desk.apply(&messages).await;
    let ids = office
        .desk
        .texts("SELECT conversation_id::text FROM conversation.conversation ORDER BY 1")
        .await;
    let rows: Vec<calls::ConversationRow> = ids
        .iter()
        .map(|id| {
            let id = uuid::Uuid::try_parse(id).expect("an id");
            let id = conversation::domain::words::ConversationId::from_uuid(id);
            calls::ConversationRow {
                conversation_id: id.to_string(),
                last_sequence: 1,
                ..Default::default()
            }
        })
        .collect();
    let began = std::time::Instant::now();
    let pending = calls::State::Pending;
    let results = change(&office, office.lea, "k1", &rows, pending).await.expect("an answer");
    assert!(results.iter().all(|one| one.done), "{results:?}");
    assert!(began.elapsed() < std::time::Duration::from_secs(10), "{:?}", began.elapsed());
    // One decision of each, in one transaction: all entries have one moment.
    let moments = office
        .desk
        .number(
            "SELECT count(DISTINCT at) FROM conversation.conversation_history \
             WHERE kind = 'set_pending'",
        )
        .await;
    assert_eq!(moments, 1);
    office.desk.audit(feed.organization).await;
}
