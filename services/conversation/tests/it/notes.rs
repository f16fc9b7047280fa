//! Notes: written by whoever may read, changed by their authors and supervisors, never lost.

use conversation::consume::Clock;
use conversation::domain::words::MemberId;
use kit_service::rpc;
use kit_store::Scope;
use kit_store::timer::{Handler as _, Timer};
use kit_values::{Class, Fault};
use prost::Message as _;
use proto::conversation::v1 as calls;
use proto::conversation::v1::ConversationEvent;
use proto::conversation::v1::conversation_event::Fact;
use proto::directory::v1::Access;

use crate::feed::Feed;
use crate::office::Office;
use crate::service::{by, call};

/// What was told of this kind, in order.
pub async fn told(office: &Office, fact: &str) -> Vec<ConversationEvent> {
    let sql = format!(
        "SELECT encode(payload, 'hex') FROM conversation.outbox \
         WHERE subject LIKE '%.{fact}' ORDER BY event_id"
    );
    let decoded = |hex: String| {
        let digit = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).expect("hexadecimal");
        let bytes: Vec<u8> = (0..hex.len()).step_by(2).map(digit).collect();
        ConversationEvent::decode(bytes.as_slice()).expect("decodes")
    };
    office.desk.texts(&sql).await.into_iter().map(decoded).collect()
}

fn fault<T>(answer: Result<tonic::Response<T>, tonic::Status>) -> Result<T, Fault> {
    answer.map(tonic::Response::into_inner).map_err(rpc::fault)
}

pub async fn write(
    office: &Office,
    member: MemberId,
    (conversation, message): (&str, &str),
    key: &str,
    text: &str,
) -> Result<calls::Note, Fault> {
    let asked = calls::WriteNoteRequest {
        conversation_id: conversation.to_owned(),
        idempotency_key: key.to_owned(),
        text: text.to_owned(),
        message_id: message.to_owned(),
    };
    let request = by(asked, office.feed.organization, member);
    let answer = office.service.story("gateway").write_note(request).await;
    fault(answer).map(|it| it.note.expect("a note"))
}

pub async fn notes(
    office: &Office,
    member: MemberId,
    conversation: &str,
) -> Result<Vec<calls::Note>, Fault> {
    let asked = calls::ListNotesRequest { conversation_id: conversation.to_owned() };
    let request = by(asked, office.feed.organization, member);
    fault(office.service.story("gateway").list_notes(request).await).map(|it| it.notes)
}

async fn change(
    office: &Office,
    member: MemberId,
    note: &calls::Note,
    text: &str,
) -> Result<calls::Note, Fault> {
    let (note_id, text) = (note.note_id.clone(), text.to_owned());
    let asked = calls::ChangeNoteRequest { note_id, text, rev: note.rev };
    let request = by(asked, office.feed.organization, member);
    let answer = office.service.story("gateway").change_note(request).await;
    fault(answer).map(|it| it.note.expect("a note"))
}

async fn delete(office: &Office, member: MemberId, note: &str) -> Result<calls::Note, Fault> {
    let asked = calls::DeleteNoteRequest { note_id: note.to_owned() };
    let request = by(asked, office.feed.organization, member);
    let answer = office.service.story("gateway").delete_note(request).await;
    fault(answer).map(|it| it.note.expect("a note"))
}

async fn restore(office: &Office, member: MemberId, note: &str) -> Result<calls::Note, Fault> {
    let asked = calls::RestoreNoteRequest { note_id: note.to_owned() };
    let request = by(asked, office.feed.organization, member);
    let answer = office.service.story("gateway").restore_note(request).await;
    fault(answer).map(|it| it.note.expect("a note"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_is_written_once_changed_by_who_saw_it_and_comes_back_after_deletion() {
    let office = Office::open(Feed::new()).await;
    office.desk.apply(&[office.feed.private("anna", "1", 0)]).await;
    let row = office.sole_row().await;
    let conversation = row.conversation_id.as_str();
    let message = office.messages(conversation).await[0].message_id.clone();
    let on = (conversation, message.as_str());

    let first = write(&office, office.lea, on, "k1", "ask Ana").await.expect("written");
    assert_eq!((first.rev, first.message_id.as_str(), first.may_change), (1, &*message, true));
    let again = write(&office, office.lea, on, "k1", "ask Ana").await.expect("known");
    assert_eq!(again, first);
    let other = write(&office, office.lea, on, "k1", "ask Bert").await.expect_err("refused");
    assert_eq!(other.code(), "key_reused");
    for (text, code) in [(" \n", "text_empty"), ("a\0b", "text_invalid")] {
        let refused = write(&office, office.lea, on, "k2", text).await.expect_err("refused");
        assert_eq!((refused.class(), refused.code()), (Class::Invalid, code));
    }
    let long = "é".repeat(10_000);
    write(&office, office.noah, (conversation, ""), "k3", &long).await.expect("written");
    let longer = write(&office, office.noah, on, "k4", &format!("{long}é")).await;
    assert_eq!(longer.expect_err("refused").code(), "text_too_long");

    let changed = change(&office, office.lea, &first, "ask Ana, today").await.expect("changed");
    assert_eq!(changed.rev, 2);
    assert!(changed.edited_at.is_some());
    let stale = change(&office, office.lea, &first, "forget it").await.expect_err("refused");
    assert_eq!((stale.class(), stale.code()), (Class::Rejected, "note_changed"));
    // The answer was lost and the words are sent again.
    let same = change(&office, office.lea, &first, "ask Ana, today").await.expect("as it is");
    assert_eq!(same.rev, 2);
    let another = change(&office, office.noah, &changed, "mine").await.expect_err("refused");
    assert_eq!((another.class(), another.code()), (Class::Forbidden, "note_of_another"));
    let led = change(&office, office.sacha, &changed, "ask Ana tomorrow").await.expect("may");
    assert_eq!((led.rev, led.member_id), (3, office.lea.to_string()));

    let asked = calls::ListNoteVersionsRequest { note_id: first.note_id.clone() };
    let request = by(asked, office.feed.organization, office.noah);
    let versions = office.service.story("gateway").list_note_versions(request).await;
    let versions = versions.expect("versions").into_inner().versions;
    let said: Vec<_> = versions.iter().map(|it| (&*it.text, it.member_id.clone())).collect();
    assert_eq!(
        said,
        [
            ("ask Ana", office.lea.to_string()),
            ("ask Ana, today", office.lea.to_string()),
            ("ask Ana tomorrow", office.sacha.to_string()),
        ]
    );

    let gone = delete(&office, office.lea, &first.note_id).await.expect("deleted");
    assert!(gone.deleted_at.is_some());
    let twice = delete(&office, office.lea, &first.note_id).await.expect("as it is");
    assert_eq!(twice, gone);
    assert_eq!(notes(&office, office.noah, conversation).await.expect("notes").len(), 1);
    let edited = change(&office, office.lea, &gone, "again").await.expect_err("refused");
    assert_eq!(edited.code(), "note_deleted");
    // Its words are for whoever may bring it back.
    let asked = calls::GetNotesRequest { note_ids: vec![first.note_id.clone()] };
    let everybodys = call(asked, office.feed.organization);
    let shown = office.service.story("gateway").get_notes(everybodys).await.expect("notes");
    let [shown] = &shown.into_inner().notes[..] else { panic!("one note") };
    assert!(shown.deleted_at.is_some() && shown.text.is_empty(), "{shown:?}");
    assert_eq!(gone.text, "ask Ana tomorrow");
    for (member, found) in [(office.noah, false), (office.lea, true), (office.sacha, true)] {
        let asked = calls::ListNoteVersionsRequest { note_id: first.note_id.clone() };
        let request = by(asked, office.feed.organization, member);
        let versions = office.service.story("gateway").list_note_versions(request).await;
        assert_eq!(fault(versions).map_err(|it| it.class()).map(|it| it.versions.len()), {
            if found { Ok(3) } else { Err(Class::NotFound) }
        });
    }
    let back = restore(&office, office.lea, &first.note_id).await.expect("restored");
    assert_eq!((back.rev, back.deleted_at), (5, None));
    let listed = notes(&office, office.noah, conversation).await.expect("notes");
    let may: Vec<_> = listed.iter().map(|note| (note.rev, note.may_change)).collect();
    assert_eq!(may, [(5, false), (1, true)]);

    let facts: Vec<_> = told(&office, "note_changed")
        .await
        .into_iter()
        .map(|event| match event.fact {
            Some(Fact::NoteChanged(changed)) => {
                (changed.note_id == first.note_id, changed.note_rev)
            }
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(facts, [(true, 1), (false, 1), (true, 2), (true, 3), (true, 4), (true, 5)]);
    let happened: Vec<_> = activity(&office, office.noah, conversation)
        .await
        .into_iter()
        .filter(|entry| entry.kind == "note")
        .map(|entry| (entry.what, entry.note_id == first.note_id))
        .collect();
    let whats: Vec<_> = happened.iter().map(|(what, _)| what.as_str()).collect();
    assert_eq!(whats, ["written", "written", "changed", "changed", "deleted", "restored"]);
    office.desk.audit(office.feed.organization).await;
}

pub async fn activity(
    office: &Office,
    member: MemberId,
    conversation: &str,
) -> Vec<calls::ActivityEntry> {
    let asked = calls::ListActivityRequest { conversation_id: conversation.to_owned(), before: 0 };
    let request = by(asked, office.feed.organization, member);
    let answer = office.service.story("gateway").list_activity(request).await;
    answer.expect("activity").into_inner().entries
}

#[tokio::test(flavor = "multi_thread")]
async fn viewers_read_and_note_and_whoever_may_not_see_finds_nothing() {
    let office = Office::open(Feed::new()).await;
    office.desk.apply(&[office.feed.private("anna", "1", 0)]).await;
    let row = office.sole_row().await;
    let conversation = row.conversation_id.as_str();
    let listed = [(office.lea, Access::Viewer)];
    office.desk.directory(&[office.restricted(0, 2, &listed)]).await;

    let on = (conversation, "");
    let note = write(&office, office.lea, on, "k1", "seen").await.expect("viewers note");
    change(&office, office.lea, &note, "seen it").await.expect("and change what they wrote");
    let reply = office.accept(office.lea, office.private(&row, "k2")).await.expect_err("refused");
    assert_eq!((reply.class(), reply.code()), (Class::Forbidden, "access_missing"));

    // An agent whom the channel does not name.
    let faults = [
        notes(&office, office.noah, conversation).await.map(drop),
        write(&office, office.noah, on, "k3", "who?").await.map(drop),
        delete(&office, office.noah, &note.note_id).await.map(drop),
        office.accept(office.noah, office.private(&row, "k4")).await.map(drop),
    ];
    for outcome in faults {
        assert_eq!(outcome.expect_err("refused").class(), Class::NotFound);
    }
    // Nor does another organization, whoever asks.
    let other = kit_values::OrganizationId::mint();
    let asked = calls::GetNotesRequest { note_ids: vec![note.note_id.clone()] };
    let found = office.service.story("gateway").get_notes(call(asked.clone(), other)).await;
    assert!(found.expect("empty").into_inner().notes.is_empty());
    let request = call(asked, office.feed.organization);
    let found = office.service.story("gateway").get_notes(request).await;
    assert_eq!(found.expect("found").into_inner().notes.len(), 1);
    let asked = calls::ListNotesRequest { conversation_id: conversation.to_owned() };
    let request = by(asked, other, office.lea);
    let refused = office.service.story("gateway").list_notes(request).await.expect_err("refused");
    assert_eq!(rpc::fault(refused).class(), Class::NotFound);
    assert_eq!(notes(&office, office.sacha, conversation).await.expect("leads").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn notes_go_with_a_conversation_that_becomes_part_of_another() {
    let office = Office::open(Feed::new()).await;
    let feed = &office.feed;
    office.desk.apply(&[feed.private("anna", "1", 0)]).await;
    let row = office.sole_row().await;
    office.change(office.lea, &row, calls::State::Resolved).await.expect("resolved");
    let now = kit_values::now().unix_timestamp() - feed.start;
    office.desk.apply(&[feed.private("anna", "2", now + 90_000)]).await;
    let rows = office.rows().await;
    let later = rows.iter().find(|it| it.conversation_id != row.conversation_id).expect("another");
    let on = (later.conversation_id.as_str(), "");
    let note = write(&office, office.lea, on, "k1", "second").await.expect("written");
    office.desk.apply(&[feed.private("anna", "3", now + 60)]).await;
    let absorbed = office.row(&later.conversation_id).await;
    assert_eq!(absorbed.absorbed_into, row.conversation_id);
    let moved = notes(&office, office.lea, &row.conversation_id).await.expect("notes");
    assert_eq!(moved.len(), 1);
    assert_eq!(
        (&moved[0].note_id, &moved[0].conversation_id),
        (&note.note_id, &row.conversation_id)
    );
    change(&office, office.lea, &moved[0], "first").await.expect("there now");
    office.desk.audit(feed.organization).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_words_of_a_deleted_note_go_after_thirty_days() {
    let office = Office::open(Feed::new()).await;
    office.desk.apply(&[office.feed.private("anna", "1", 0)]).await;
    let row = office.sole_row().await;
    let on = (row.conversation_id.as_str(), "");
    let old = write(&office, office.lea, on, "k1", "secret one").await.expect("written");
    let new = write(&office, office.lea, on, "k2", "secret two").await.expect("written");
    for note in [&old, &new] {
        delete(&office, office.lea, &note.note_id).await.expect("deleted");
    }
    let uuid = |note: &calls::Note| {
        let id: conversation::domain::words::NoteId = note.note_id.parse().expect("an id");
        id.uuid()
    };
    let sql = format!(
        "UPDATE conversation.note SET deleted_at = now() - interval '31 days' \
         WHERE note_id = '{}'",
        uuid(&old)
    );
    office.desk.database.database.execute(Box::leak(sql.into())).await;
    let armed = "SELECT count(*) FROM conversation.timer WHERE kind = 'note-purge'";
    assert_eq!(office.desk.number(armed).await, 2);
    let due = [&old, &new].map(|note| Timer {
        id: kit_values::mint_uuid(),
        kind: "note-purge".to_owned(),
        organization: office.feed.organization,
        aggregate: uuid(note),
        version: 0,
        due: kit_values::now(),
    });
    let scope = Scope::from(office.feed.organization);
    let transaction = office.desk.database.store.begin(&scope).await.expect("begins");
    Clock::new(office.desk.policy).fire(&transaction, due.into()).await.expect("fires");
    transaction.commit().await.expect("commits");
    let left = "SELECT body FROM conversation.note_version UNION ALL \
                SELECT body FROM conversation.note ORDER BY 1";
    assert_eq!(office.desk.texts(left).await, ["", "secret two", "secret two"]);
    let late = restore(&office, office.lea, &old.note_id).await.expect_err("refused");
    assert_eq!(late.code(), "note_gone");
    restore(&office, office.lea, &new.note_id).await.expect("in time");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_timer_of_a_deleted_note_empties_it_though_the_services_clock_is_behind() {
    let office = Office::open(Feed::new()).await;
    office.desk.apply(&[office.feed.private("anna", "1", 0)]).await;
    let row = office.sole_row().await;
    let on = (row.conversation_id.as_str(), "");
    let note = write(&office, office.lea, on, "k1", "secret").await.expect("written");
    delete(&office, office.lea, &note.note_id).await.expect("deleted");
    // It fires by the database's clock, which says that its moment has come.
    let due = "SELECT (extract(epoch FROM due) * 1000000)::bigint FROM conversation.timer \
               WHERE kind = 'note-purge'";
    let micros = i128::from(office.desk.number(due).await);
    let id: conversation::domain::words::NoteId = note.note_id.parse().expect("an id");
    let timer = Timer {
        id: kit_values::mint_uuid(),
        kind: "note-purge".to_owned(),
        organization: office.feed.organization,
        aggregate: id.uuid(),
        version: 0,
        due: time::OffsetDateTime::from_unix_timestamp_nanos(micros * 1_000).expect("a moment"),
    };
    let scope = Scope::from(office.feed.organization);
    let transaction = office.desk.database.store.begin(&scope).await.expect("begins");
    Clock::new(office.desk.policy).fire(&transaction, vec![timer]).await.expect("fires");
    transaction.commit().await.expect("commits");
    let left = "SELECT body FROM conversation.note_version UNION ALL \
                SELECT body FROM conversation.note";
    assert_eq!(office.desk.texts(left).await, [""]);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_long_story_the_end_is_shown() {
    let office = Office::open(Feed::new()).await;
    office.desk.apply(&[office.feed.private("anna", "1", 0)]).await;
    let row = office.sole_row().await;
    let conversation = row.conversation_id.as_str();
    write(&office, office.lea, (conversation, ""), "k1", "seen").await.expect("written");
    office
        .desk
        .database
        .database
        .execute(
            "INSERT INTO conversation.conversation_history \
             SELECT organization_id, conversation_id, sequence + n, at + n * interval '1 second', \
                 kind, message_id, state_after, reason, detail \
             FROM conversation.conversation_history, generate_series(1, 1200) AS n \
             WHERE detail::text LIKE '%written%'",
        )
        .await;
    let shown = activity(&office, office.lea, conversation).await;
    assert_eq!(shown.len(), 1_000);
    let moments: Vec<_> = shown.iter().map(|one| one.at.expect("a moment").seconds).collect();
    assert_eq!(moments.last().zip(moments.first()).map(|(last, first)| last - first), Some(999));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_noted_on_an_echo_goes_with_the_reply_that_it_is() {
    let office = Office::open(Feed::new()).await;
    office.desk.apply(&[office.feed.private("anna", "1", 0)]).await;
    let row = office.sole_row().await;
    let conversation = row.conversation_id.as_str();
    let accepted = office.accept(office.lea, office.private(&row, "k1")).await.expect("accepted");
    let reply = accepted.message.expect("a message").message_id;
    // The echo comes first, and is taken for written elsewhere.
    office.desk.apply(&[office.feed.own("anna", "501", 20)]).await;
    let messages = office.messages(conversation).await;
    let echo = messages.iter().find(|it| it.external_id == "501").expect("the echo");
    let note = write(&office, office.lea, (conversation, &echo.message_id), "k2", "who?").await;
    let note = note.expect("written");
    office.desk.delivery(&[office.sent(&reply, 1, "501", 20)]).await;
    let listed = notes(&office, office.lea, conversation).await.expect("notes");
    assert_eq!((&listed[0].note_id, &listed[0].message_id), (&note.note_id, &reply));
    office.desk.audit(office.feed.organization).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_whole_story_is_told_page_by_page() {
    let office = Office::open(Feed::new()).await;
    let feed = &office.feed;
    office.desk.apply(&[feed.private("anna", "1", 0)]).await;
    let conversation = office.sole_row().await.conversation_id;
    // Two thousand further entries, after it was opened and the message came.
    office
        .desk
        .database
        .database
        .execute(
            "INSERT INTO conversation.conversation_history SELECT organization_id, \
             conversation_id, 2 + more, now(), 'assigned', NULL, 1, '', jsonb_build_object('fact', \
             'recorded', 'record', 'assigned', 'to', NULL, 'epoch', more) \
             FROM conversation.conversation, generate_series(1, 2000) AS more",
        )
        .await;
    let mut places: Vec<i64> = Vec::new();
    let (mut before, mut pages) = (0, 0);
    loop {
        let asked = calls::ListActivityRequest { conversation_id: conversation.clone(), before };
        let request = by(asked, feed.organization, office.lea);
        let answer = office.service.story("gateway").list_activity(request).await;
        let page = answer.expect("a page").into_inner();
        assert!(page.entries.len() <= 1_000, "{}", page.entries.len());
        places.splice(0..0, page.entries.iter().map(|entry| entry.sequence));
        (before, pages) = (page.older, pages + 1);
        if before == 0 {
            break;
        }
    }
    // Without the message, which is told by itself.
    let told: Vec<i64> = [1].into_iter().chain(3..=2_002).collect();
    assert_eq!((places, pages), (told, 3));
}
