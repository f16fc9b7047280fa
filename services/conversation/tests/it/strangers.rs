//! Comments of "someone on the network" whose authors become known later.

use conversation::domain::Policy;
use proto::conversation::v1 as calls;
use proto::ingest::v1::ItemEvent;
use proto::ingest::v1::item_event::Fact;
use proto::network::v1::MessageKind;

use crate::desk::Desk;
use crate::feed::Feed;
use crate::notes::{notes, write};
use crate::office::Office;
use crate::reopening::window;
use crate::service::by;

/// A public answer to a message.
fn answer(office: &Office, row: &calls::ConversationRow, to: &str) -> calls::AcceptReplyRequest {
    calls::AcceptReplyRequest {
        kind: MessageKind::Comment.into(),
        in_reply_to_message_id: to.to_owned(),
        ..office.private(row, to)
    }
}

async fn put_draft(office: &Office, conversation: &str, text: &str) {
    let draft = calls::Draft {
        conversation_id: conversation.to_owned(),
        mode: calls::DraftMode::Reply.into(),
        text: text.to_owned(),
        written_at: Some(crate::feed::timestamp(kit_values::now().unix_timestamp())),
        ..Default::default()
    };
    let request =
        by(calls::PutDraftRequest { draft: Some(draft) }, office.feed.organization, office.noah);
    office.service.lists("gateway").put_draft(request).await.expect("kept");
}

/// Where the drafts stand.
async fn drafts(office: &Office) -> Vec<String> {
    let sql = "SELECT conversation_id::text || ' ' || body FROM conversation.draft \
               WHERE body IS NOT NULL ORDER BY 1";
    office.desk.texts(sql).await
}

/// A draft's line in [`drafts`].
fn draft_at(conversation: &str, text: &str) -> String {
    use conversation::domain::words::ConversationId;
    let id: ConversationId = conversation.parse().expect("an id");
    format!("{} {text}", id.uuid())
}

/// Whose a row is, its state, and how much in it is unseen.
fn stands(row: &calls::ConversationRow) -> (String, calls::State, i32, i64) {
    let author = row.contact.as_ref().and_then(|contact| contact.author.as_ref());
    let name = author.map(|author| author.display_name.clone());
    (name.unwrap_or_default(), row.state(), row.unseen_count, row.message_count)
}

#[tokio::test(flavor = "multi_thread")]
async fn in_any_order_and_batching_they_stand_where_they_would_had_they_been_named_at_once() {
    let desk = Desk::new(Policy::default()).await;
    let feed = Feed::on_facebook();
    let strangers = [
        (feed.anonymous("post-1", "40", 0), "anna"),
        (feed.anonymous("post-1", "41", 10), "bert"),
        (feed.anonymous("post-1", "42", 20), "anna"),
        (feed.anonymous("post-2", "43", 30), "carl"),
    ];
    let rest = [
        feed.received(0, "carl", "50", MessageKind::Comment, 5, false),
        feed.own_answer("41", "44", 400),
        feed.own_answer("44", "45", 410),
        feed.edited("41", 1, 40),
        feed.reacted("dora", "40", "love", 50),
        feed.anonymous("post-1", "46", 60),
        feed.deleted("43", 70),
        feed.private("bert", "51", 80),
    ];
    for (event, person) in &strangers {
        desk.apply(&[feed.named(event, person)]).await;
    }
    for event in &rest {
        desk.apply(std::slice::from_ref(event)).await;
    }
    let expected = desk.snapshot(feed.organization).await;
    for seed in 0..40_u64 {
        let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        let mut draw = |below: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            usize::try_from(state >> 33).expect("31 bits") % below
        };
        let other = Feed { organization: kit_values::OrganizationId::mint(), ..feed.clone() };
        let moved = |event: &ItemEvent| {
            let fresh = other.event(0, event.fact.clone().expect("a fact"));
            ItemEvent { channel_id: event.channel_id.clone(), ..fresh }
        };
        let mut events: Vec<ItemEvent> = rest.iter().map(moved).collect();
        for (event, person) in &strangers {
            let nameless = moved(event);
            events.push(other.named(&nameless, person));
            events.push(nameless);
            if draw(3) == 0 {
                events.push(other.named(&moved(event), person));
            }
        }
        for index in (1..events.len()).rev() {
            events.swap(index, draw(index + 1));
        }
        let size = 1 + draw(events.len());
        for batch in events.chunks(size) {
            desk.apply(batch).await;
        }
        assert_eq!(desk.snapshot(other.organization).await, expected, "seed {seed}");
        desk.audit(other.organization).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_of_nobody_else_goes_to_a_new_contact_as_it_is() {
    let office = Office::open(Feed::on_facebook()).await;
    let (feed, lea) = (&office.feed, office.lea);
    let comment = feed.anonymous("post-1", "1", 0);
    office.desk.apply(std::slice::from_ref(&comment)).await;
    let row = office.sole_row().await;
    let id = row.conversation_id.clone();
    let message = office.messages(&id).await[0].message_id.clone();
    let reply = office.accept(lea, answer(&office, &row, &message)).await.expect("accepted");
    let reply = reply.message.expect("a message").message_id;
    office.desk.routing(&[office.owner(&id, Some(lea), 1)]).await;
    write(&office, lea, (&id, &message), "n1", "noted").await.expect("written");
    put_draft(&office, &id, "half").await;
    let anna = feed.named(&comment, "anna");
    for _ in 0..2 {
        office.desk.apply(&[anna.clone(), feed.named(&comment, "anna")]).await;
        office.desk.apply(std::slice::from_ref(&comment)).await;
    }
    let found = office.sole_row().await;
    assert_eq!(found.conversation_id, id);
    assert_eq!(stands(&found), ("anna by name".to_owned(), calls::State::Pending, 0, 2));
    assert_ne!(found.contact.map(|it| it.contact_id), row.contact.map(|it| it.contact_id));
    assert_eq!(found.owner_member_id, lea.to_string());
    let noted = notes(&office, lea, &id).await.expect("notes");
    assert_eq!((noted.len(), noted[0].message_id.as_str()), (1, message.as_str()));
    assert_eq!(drafts(&office).await, [draft_at(&id, "half")]);
    office.desk.audit(feed.organization).await;
    // The reply that put it in Pending fails for good.
    office.desk.delivery(&[office.failed(&reply, 1)]).await;
    let row = office.sole_row().await;
    assert_eq!(stands(&row), ("anna by name".to_owned(), calls::State::New, 1, 2));
    // What she writes next joins it, and so does what a member decides.
    let more = feed.received(0, "anna", "2", MessageKind::Comment, 100, false);
    office.desk.apply(&[more]).await;
    let row = office.sole_row().await;
    office.change(lea, &row, calls::State::Resolved).await.expect("resolved");
    // The next stranger under the post is another one.
    office.desk.apply(&[feed.anonymous("post-1", "3", 200)]).await;
    assert_eq!(office.rows().await.len(), 2);
    office.desk.audit(feed.organization).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_resolved_one_stays_resolved_under_its_authors_name() {
    let office = Office::open(Feed::on_facebook()).await;
    let (feed, lea) = (&office.feed, office.lea);
    let now = kit_values::now().unix_timestamp() - feed.start;
    let comment = feed.anonymous("post-1", "1", now);
    office.desk.apply(std::slice::from_ref(&comment)).await;
    let row = office.sole_row().await;
    office.change(lea, &row, calls::State::Resolved).await.expect("resolved");
    office.desk.apply(&[feed.named(&comment, "anna")]).await;
    let found = office.sole_row().await;
    assert_eq!(stands(&found), ("anna by name".to_owned(), calls::State::Resolved, 0, 1));
    office.desk.apply(&[feed.private("anna", "2", now + 60)]).await;
    let found = office.sole_row().await;
    assert_eq!(
        (found.conversation_id.as_str(), found.state()),
        (&*row.conversation_id, calls::State::New)
    );
    office.desk.audit(feed.organization).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_window_of_the_channel_counts_for_what_comes_with_the_name() {
    let office = Office::open(Feed::on_facebook()).await;
    let (feed, lea) = (&office.feed, office.lea);
    office.desk.directory(&[window(feed, 0, 2, Some(0))]).await;
    let now = kit_values::now().unix_timestamp() - feed.start;
    let comment = feed.anonymous("post-1", "1", now);
    office.desk.apply(std::slice::from_ref(&comment)).await;
    let row = office.sole_row().await;
    office.change(lea, &row, calls::State::Resolved).await.expect("resolved");
    let further = feed.received(0, "anna", "2", MessageKind::Comment, now + 60, false);
    office.desk.apply(&[feed.named(&comment, "anna"), further]).await;
    let stand = |row: &calls::ConversationRow| (row.state(), row.message_count);
    let mut states: Vec<_> = office.rows().await.iter().map(stand).collect();
    states.sort();
    assert_eq!(states, [(calls::State::New, 1), (calls::State::Resolved, 1)]);
    office.desk.audit(feed.organization).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_becomes_part_of_what_its_author_has_open_with_all_that_belongs_to_it() {
    let office = Office::open(Feed::on_facebook()).await;
    let (feed, lea) = (&office.feed, office.lea);
    let comment = feed.anonymous("post-1", "1", 0);
    office.desk.apply(std::slice::from_ref(&comment)).await;
    let row = office.sole_row().await;
    let id = row.conversation_id.clone();
    let message = office.messages(&id).await[0].message_id.clone();
    office.accept(lea, answer(&office, &row, &message)).await.expect("accepted");
    write(&office, lea, (&id, ""), "n1", "noted").await.expect("written");
    put_draft(&office, &id, "half").await;
    let greeting = feed.received(0, "anna", "2", MessageKind::Comment, -50, false);
    office.desk.apply(&[greeting]).await;
    let rows = office.rows().await;
    let hers = rows.iter().find(|it| it.conversation_id != id).expect("hers").clone();
    office.desk.apply(&[feed.named(&comment, "anna")]).await;
    let found = office.sole_row().await;
    assert_eq!(found.conversation_id, hers.conversation_id);
    assert_eq!(stands(&found), ("anna by name".to_owned(), calls::State::New, 2, 3));
    assert_eq!(office.row(&id).await.absorbed_into, found.conversation_id);
    let noted = notes(&office, lea, &found.conversation_id).await.expect("notes");
    assert_eq!(noted.len(), 1);
    assert_eq!(drafts(&office).await, [draft_at(&found.conversation_id, "half")]);
    let told = office
        .desk
        .number(
            "SELECT count(*) FROM conversation.outbox WHERE subject LIKE '%conversation_absorbed'",
        )
        .await;
    assert_eq!(told, 1);
    office.desk.audit(feed.organization).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_several_strangers_only_the_one_who_becomes_known_leaves() {
    let office = Office::open(Feed::on_facebook()).await;
    let (feed, lea) = (&office.feed, office.lea);
    let comments = [feed.anonymous("post-1", "1", 0), feed.anonymous("post-1", "2", 10)];
    office.desk.apply(&comments).await;
    let row = office.sole_row().await;
    let id = row.conversation_id.clone();
    let messages = office.messages(&id).await;
    let of = |external: &str| {
        let found = messages.iter().find(|it| it.external_id == external).expect("there");
        found.message_id.clone()
    };
    // Both were seen; only the first was answered.
    let reply = office.accept(lea, answer(&office, &row, &of("1"))).await.expect("accepted");
    let reply = reply.message.expect("a message").message_id;
    write(&office, lea, (&id, &of("1")), "n1", "of the first").await.expect("written");
    write(&office, lea, (&id, ""), "n2", "of all").await.expect("written");
    office.desk.apply(&[feed.named(&comments[0], "anna")]).await;
    let stays = office.row(&id).await;
    // Nobody has answered who stays.
    assert_eq!(stands(&stays), (String::new(), calls::State::New, 1, 1));
    let rows = office.rows().await;
    let hers = rows.iter().find(|it| it.conversation_id != id).expect("hers");
    assert_eq!(stands(hers), ("anna by name".to_owned(), calls::State::New, 1, 2));
    let texts = async |id: &str| -> Vec<String> {
        let found = notes(&office, lea, id).await.expect("notes");
        found.into_iter().map(|note| note.text).collect()
    };
    assert_eq!(texts(&id).await, ["of all"]);
    assert_eq!(texts(&hers.conversation_id).await, ["of the first"]);
    office.desk.audit(feed.organization).await;
    office.desk.delivery(&[office.sent(&reply, 1, "9", 500)]).await;
    // Who stays can be decided about by whoever sees it, and leaves as the last one does.
    office.change(office.noah, &stays, calls::State::Resolved).await.expect("resolved");
    office.desk.apply(&[feed.named(&comments[1], "bert")]).await;
    assert_eq!(
        stands(&office.row(&id).await),
        ("bert by name".to_owned(), calls::State::Resolved, 0, 1)
    );
    office.desk.audit(feed.organization).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_comes_after_the_id_is_shown() {
    let office = Office::open(Feed::on_facebook()).await;
    let feed = &office.feed;
    let first = feed.anonymous("post-1", "1", 0);
    let mut id_only = feed.named(&first, "anna");
    if let Some(Fact::MessageReceived(received)) = &mut id_only.fact
        && let Some(author) = &mut received.author
    {
        author.display_name.clear();
        author.handle.clear();
    }
    office.desk.apply(std::slice::from_ref(&id_only)).await;
    let before = office.sole_row().await;
    assert_eq!(stands(&before).0, "");
    office.desk.apply(&[feed.named(&first, "anna")]).await;
    let after = office.sole_row().await;
    assert_eq!((stands(&after).0.as_str(), after.rev), ("anna by name", before.rev + 1));
    let again = ItemEvent { metadata: feed.named(&first, "anna").metadata, ..id_only };
    office.desk.apply(&[again]).await;
    assert_eq!(office.sole_row().await, after, "no name takes none away");
    office.desk.audit(feed.organization).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn batches_with_crossing_people_wait_for_each_other_and_never_both() {
    let desk = Desk::new(Policy::default()).await;
    let feed = Feed::on_facebook();
    for round in 0..25_i64 {
        let of = |post: usize, name: &str, second: i64| {
            feed.anonymous(&format!("post-{post}-{round}"), &format!("{name}-{round}"), second)
        };
        let (one, two) = (of(1, "a", round), of(2, "b", round));
        desk.apply(&[one.clone(), two.clone()]).await;
        let person = |name: &str| format!("{name}-{round}");
        let first = [feed.named(&one, &person("anna")), of(2, "c", round)];
        let second = [feed.named(&two, &person("bert")), of(1, "d", round)];
        let (first, second) = tokio::join!(desk.apply_once(&first), desk.apply_once(&second));
        first.expect("nobody had to give way");
        second.expect("nobody had to give way");
    }
    let strangers = desk
        .number(
            "SELECT count(*) FROM conversation.message AS m \
             JOIN conversation.contact_identity AS i USING (organization_id, identity_id) \
             WHERE left(i.network_user_id, 1) = '?'",
        )
        .await;
    assert_eq!(strangers, 50);
    desk.audit(feed.organization).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn edits_and_echoes_at_the_same_time_go_where_the_message_goes() {
    let desk = Desk::new(Policy::default()).await;
    let feed = Feed::on_facebook();
    for round in 0..12_i64 {
        let of = |name: &str, second: i64| {
            feed.anonymous(&format!("post-{round}"), &format!("{name}-{round}"), second)
        };
        let (one, two) = (of("a", 0), of("b", 1));
        let echo = feed.own_answer(&format!("a-{round}"), &format!("e-{round}"), 2);
        desk.apply(&[one.clone(), two.clone(), echo]).await;
        let leave = [feed.named(&one, &format!("anna-{round}"))];
        let edits = [feed.edited(&format!("e-{round}"), 1, 3), of("c", 4)];
        let later = [feed.own_answer(&format!("e-{round}"), &format!("f-{round}"), 5)];
        let last = [feed.named(&two, &format!("bert-{round}"))];
        tokio::join!(desk.apply(&leave), desk.apply(&edits), desk.apply(&later), desk.apply(&last));
    }
    desk.audit(feed.organization).await;
    let apart = desk
        .number(
            "SELECT count(*) FROM conversation.message AS m \
             JOIN conversation.conversation AS c USING (organization_id, conversation_id) \
             WHERE c.identity_id <> m.identity_id OR c.absorbed_into IS NOT NULL",
        )
        .await;
    assert_eq!(apart, 0, "a message stands among its own person's");
    let lines = desk
        .texts(
            "SELECT left(i.network_user_id, 4) || ' ' || string_agg(left(m.external_id, 1), ',' \
             ORDER BY m.external_id) FROM conversation.message AS m \
             JOIN conversation.contact_identity AS i USING (organization_id, identity_id) \
             GROUP BY i.network_user_id ORDER BY 1",
        )
        .await;
    for (prefix, held) in [("anna", "a,e,f"), ("bert", "b"), ("?pos", "c")] {
        let expected = format!("{prefix} {held}");
        assert_eq!(lines.iter().filter(|line| **line == expected).count(), 12, "{lines:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_has_not_heard_of_it_writes_where_the_conversation_goes_on_at_last() {
    let office = Office::open(Feed::on_facebook()).await;
    let feed = &office.feed;
    let now = kit_values::now().unix_timestamp() - feed.start;
    office.desk.apply(&[feed.private("anna", "1", now)]).await;
    let first = office.sole_row().await;
    office.change(office.lea, &first, calls::State::Resolved).await.expect("resolved");
    let comment = feed.anonymous("post-1", "3", now + 90_100);
    office.desk.apply(&[feed.private("anna", "2", now + 90_000), comment.clone()]).await;
    let rows = office.rows().await;
    let has_no_name = |row: &&calls::ConversationRow| stands(row).0.is_empty();
    let stranger = rows.iter().find(has_no_name).expect("a stranger's").conversation_id.clone();
    office.desk.apply(&[feed.named(&comment, "anna")]).await;
    // It became part of the second one, and that of the first.
    office.desk.apply(&[feed.private("anna", "4", now + 60)]).await;
    let found = office.sole_row().await;
    assert_eq!((&found.conversation_id, found.message_count), (&first.conversation_id, 4));
    put_draft(&office, &stranger, "half").await;
    assert_eq!(drafts(&office).await, [draft_at(&first.conversation_id, "half")]);
    office.desk.audit(feed.organization).await;
}
