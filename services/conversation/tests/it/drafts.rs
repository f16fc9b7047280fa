//! Drafts on the server: the latest written stands, whoever brings it when.

use conversation::domain::words::{ConversationId, MemberId};
use kit_service::rpc;
use kit_values::{Class, Fault, OrganizationId};
use proto::conversation::v1 as calls;

use crate::feed::{Feed, timestamp};
use crate::notes::{notes, write};
use crate::office::Office;
use crate::service::by;

async fn put(
    office: &Office,
    member: MemberId,
    conversation: &str,
    text: &str,
    second: i64,
) -> Result<Option<String>, Fault> {
    let draft = calls::Draft {
        conversation_id: conversation.to_owned(),
        mode: calls::DraftMode::Reply.into(),
        text: text.to_owned(),
        written_at: Some(timestamp(office.feed.start + second)),
        ..Default::default()
    };
    let request =
        by(calls::PutDraftRequest { draft: Some(draft) }, office.feed.organization, member);
    let answer = office.service.lists("gateway").put_draft(request).await;
    answer.map(|it| it.into_inner().draft.map(|draft| draft.text)).map_err(rpc::fault)
}

async fn drop(office: &Office, conversation: &str, second: i64) -> Option<String> {
    let asked = calls::DropDraftRequest {
        conversation_id: conversation.to_owned(),
        mode: calls::DraftMode::Reply.into(),
        written_at: Some(timestamp(office.feed.start + second)),
    };
    let request = by(asked, office.feed.organization, office.lea);
    let answer = office.service.lists("gateway").drop_draft(request).await.expect("an answer");
    answer.into_inner().draft.map(|draft| draft.text)
}

async fn listed(office: &Office, member: MemberId) -> Vec<String> {
    let request = by(calls::ListDraftsRequest {}, office.feed.organization, member);
    let answer = office.service.lists("gateway").list_drafts(request).await.expect("drafts");
    answer.into_inner().drafts.into_iter().map(|draft| draft.text).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_latest_written_stands_in_any_order_and_what_is_gone_stays_gone() {
    let office = Office::open(Feed::new()).await;
    let feed = &office.feed;
    office.desk.apply(&[feed.private("anna", "1", 0), feed.private("bert", "2", 0)]).await;
    let rows = office.rows().await;
    let (lea, anna) = (office.lea, rows[0].conversation_id.as_str());
    // Two devices, whose words come in this order.
    let steps = [("a", 10, "a"), ("c", 30, "c"), ("b", 20, "c"), ("c", 30, "c"), ("d", 40, "d")];
    for (text, second, stands) in steps {
        let found = put(&office, lea, anna, text, second).await.expect("kept");
        assert_eq!(found.as_deref(), Some(stands), "{text} at {second}");
    }
    assert_eq!(drop(&office, anna, 35).await.as_deref(), Some("d"), "written later than that");
    assert_eq!(drop(&office, anna, 50).await, None);
    assert_eq!(put(&office, lea, anna, "late", 45).await.expect("answered"), None);
    assert!(listed(&office, lea).await.is_empty());
    // A device whose clock is ahead does not keep others from writing.
    let ahead = kit_values::now().unix_timestamp() - feed.start + 86_400;
    put(&office, lea, anna, "ahead", ahead).await.expect("kept");
    let stands = put(&office, lea, anna, "after", ahead + 1).await.expect("kept");
    assert_eq!(stands.as_deref(), Some("after"));
    // Each member has their own.
    put(&office, office.noah, anna, "another's", 10).await.expect("kept");
    assert_eq!(listed(&office, lea).await, ["after"]);
    assert_eq!(listed(&office, office.noah).await, ["another's"]);
    // A reply takes its draft with it, and its copy on another device does not come back.
    office.accept(lea, office.private(&rows[0], "k1")).await.expect("accepted");
    assert!(listed(&office, lea).await.is_empty());
    assert_eq!(put(&office, lea, anna, "after", 60).await.expect("answered"), None);
    assert_eq!(listed(&office, office.noah).await, ["another's"]);
    // One that was refused leaves it.
    let bert = rows[1].conversation_id.as_str();
    put(&office, lea, bert, "to bert", 70).await.expect("kept");
    let mut stale = office.private(&rows[1], "k2");
    stale.seen_through = 0;
    office.accept(lea, stale).await.expect_err("something newer came");
    assert_eq!(listed(&office, lea).await, ["to bert"]);
    office.desk.audit(feed.organization).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_makes_no_sense_or_is_another_organizations_is_refused() {
    let office = Office::open(Feed::new()).await;
    let feed = &office.feed;
    office.desk.apply(&[feed.private("anna", "1", 0)]).await;
    let row = office.sole_row().await;
    let id = row.conversation_id.as_str();
    for text in [String::new(), "x".repeat(10_001), "a\0b".to_owned()] {
        let fault = put(&office, office.lea, id, &text, 0).await.expect_err("refused");
        assert_eq!((fault.class(), fault.field()), (Class::Invalid, Some("text")));
    }
    let other = ConversationId::mint().to_string();
    let fault = put(&office, office.lea, &other, "text", 0).await.expect_err("refused");
    assert_eq!(fault.class(), Class::NotFound);
    put(&office, office.lea, id, "secret", 0).await.expect("kept");
    let request = by(calls::ListDraftsRequest {}, OrganizationId::mint(), office.lea);
    let answer = office.service.lists("gateway").list_drafts(request).await;
    assert!(answer.is_err() || answer.is_ok_and(|it| it.into_inner().drafts.is_empty()));
}

#[tokio::test(flavor = "multi_thread")]
async fn drafts_go_with_a_conversation_that_becomes_part_of_another() {
    let office = Office::open(Feed::new()).await;
    let feed = &office.feed;
    office.desk.apply(&[feed.private("anna", "1", 0)]).await;
    let row = office.sole_row().await;
    office.change(office.lea, &row, calls::State::Resolved).await.expect("resolved");
    let now = kit_values::now().unix_timestamp() - feed.start;
    office.desk.apply(&[feed.private("anna", "2", now + 90_000)]).await;
    let rows = office.rows().await;
    let later = rows.iter().find(|it| it.conversation_id != row.conversation_id).expect("another");
    let (earlier, later) = (row.conversation_id.as_str(), later.conversation_id.as_str());
    let (lea, noah, sacha) = (office.lea, office.noah, office.sacha);
    // Lea writes in the later one alone; Noah wrote there last, Sacha in the earlier one.
    put(&office, lea, later, "Lea's", 10).await.expect("kept");
    put(&office, noah, earlier, "Noah's first", 10).await.expect("kept");
    put(&office, noah, later, "Noah's last", 20).await.expect("kept");
    put(&office, sacha, later, "Sacha's first", 10).await.expect("kept");
    put(&office, sacha, earlier, "Sacha's last", 20).await.expect("kept");
    office.desk.apply(&[feed.private("anna", "3", now + 60)]).await;
    assert_eq!(office.row(later).await.absorbed_into, earlier);
    let all = async || {
        office
            .desk
            .texts(&format!(
                "SELECT concat_ws(' ', conversation_id = '{}', body) FROM conversation.draft \
                 ORDER BY body",
                earlier.parse::<ConversationId>().expect("an id").uuid()
            ))
            .await
    };
    assert_eq!(all().await, ["t Lea's", "t Noah's last", "t Sacha's last"]);
    for (member, text) in [(lea, "Lea's"), (noah, "Noah's last"), (sacha, "Sacha's last")] {
        assert_eq!(listed(&office, member).await, [text]);
    }
    // A device that has not heard of it goes on writing, and throws away, where it was.
    let stands = put(&office, lea, later, "Lea's, longer", 30).await.expect("kept");
    assert_eq!(stands.as_deref(), Some("Lea's, longer"));
    assert_eq!(all().await, ["t Lea's, longer", "t Noah's last", "t Sacha's last"]);
    assert_eq!(drop(&office, later, 40).await, None);
    assert!(listed(&office, lea).await.is_empty());
    office.desk.audit(feed.organization).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn notes_and_drafts_leave_a_conversation_that_turns_out_to_be_one_of_our_replies() {
    let office = Office::open(Feed::new()).await;
    let feed = &office.feed;
    office.desk.apply(&[feed.private("anna", "1", 0)]).await;
    let row = office.sole_row().await;
    let accepted = office.accept(office.lea, office.private(&row, "k1")).await.expect("accepted");
    let reply = accepted.message.expect("a message").message_id;
    office.desk.delivery(&[office.unknown(&reply, 1)]).await;
    let row = office.sole_row().await;
    office.change(office.lea, &row, calls::State::Resolved).await.expect("resolved");
    // What seems to be written in the network's own app, after the window, is a conversation.
    let later = kit_values::now().unix_timestamp() - feed.start + 90_000;
    office.desk.apply(&[feed.own("anna", "100", later)]).await;
    let mut rows = office.rows().await;
    rows.retain(|one| one.conversation_id != row.conversation_id);
    let echo = rows.remove(0).conversation_id;
    // Later than the reply, which took its draft with it.
    put(&office, office.lea, &echo, "of another", later).await.expect("kept");
    write(&office, office.lea, (echo.as_str(), ""), "n1", "noted").await.expect("written");
    office.desk.delivery(&[office.sent(&reply, 1, "100", later)]).await;
    assert_eq!(office.row(&echo).await.absorbed_into, row.conversation_id);
    let found = notes(&office, office.lea, &row.conversation_id).await.expect("notes");
    assert_eq!(found.iter().map(|note| note.text.as_str()).collect::<Vec<_>>(), ["noted"]);
    let request = by(calls::ListDraftsRequest {}, feed.organization, office.lea);
    let answer = office.service.lists("gateway").list_drafts(request).await.expect("drafts");
    let drafts = answer.into_inner().drafts;
    let drafts: Vec<_> = drafts.iter().map(|one| (&*one.conversation_id, &*one.text)).collect();
    assert_eq!(drafts, [(row.conversation_id.as_str(), "of another")]);
    office.desk.audit(feed.organization).await;
}
