//! Search: what is found, page by page, by whom, and that the two functions that see past
//! row-level security see nothing of another organization.

use conversation::domain::words::MemberId;
use kit_service::rpc;
use kit_store::{Row as _, Scope};
use kit_values::{Class, OrganizationId};
use proto::conversation::v1 as calls;
use proto::directory::v1::Role;

use crate::feed::Feed;
use crate::office::Office;
use crate::service::by;

async fn search(office: &Office, member: MemberId, query: &str) -> calls::SearchResponse {
    let asked = calls::SearchRequest { query: query.to_owned(), ..Default::default() };
    let request = by(asked, office.feed.organization, member);
    office.service.lists("gateway").search(request).await.expect("found").into_inner()
}

fn texts(found: &calls::SearchResponse) -> Vec<&str> {
    found
        .messages
        .iter()
        .filter_map(|one| one.message.as_ref())
        .map(|message| message.text.as_str())
        .collect()
}

fn marked(pieces: &[calls::Piece]) -> String {
    pieces
        .iter()
        .map(|piece| if piece.hit { format!("[{}]", piece.text) } else { piece.text.clone() })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn words_and_parts_of_words_are_found_whatever_their_case_and_accents() {
    let office = Office::open(Feed::new()).await;
    let feed = &office.feed;
    let said = |person: &str, id: &str, second: i64, text: &str| {
        let mut event = feed.private(person, id, second);
        if let Some(proto::ingest::v1::item_event::Fact::MessageReceived(received)) =
            &mut event.fact
        {
            received.content.as_mut().expect("content").text = text.to_owned();
        }
        event
    };
    office
        .desk
        .apply(&[
            said("Amélie Dupré", "1", 0, "Ma commande n’est pas arrivée à l’École"),
            said("bert", "2", 10, "My ORDER 100% late_again"),
            said("carl", "3", 20, "nothing of that sort"),
        ])
        .await;
    let lea = office.lea;
    let one = search(&office, lea, "ecole").await;
    assert_eq!(texts(&one), ["Ma commande n’est pas arrivée à l’École"]);
    assert_eq!(marked(&one.messages[0].snippet), "Ma commande n’est pas arrivée à l’[École]");
    assert_eq!(one.conversations.len(), 1);
    assert_eq!(marked(&one.conversations[0].snippet), marked(&one.messages[0].snippet));
    assert_eq!(texts(&search(&office, lea, "ARRIV commande").await).len(), 1);
    assert_eq!(texts(&search(&office, lea, "rder").await), ["My ORDER 100% late_again"]);
    assert_eq!(texts(&search(&office, lea, "100%").await).len(), 1);
    assert_eq!(texts(&search(&office, lea, "e_a").await).len(), 1, "no wildcard");
    assert!(texts(&search(&office, lea, "latexagain").await).is_empty());
    assert!(texts(&search(&office, lea, "order commande").await).is_empty());
    // A contact, by name; and their conversation.
    let named = search(&office, lea, "amelie").await;
    assert_eq!(named.contacts.len(), 1);
    assert_eq!(marked(&named.contacts[0].name), "[Amélie] Dupré at 0");
    assert_eq!(named.conversations.len(), 1);
    let row = named.conversations[0].row.as_ref().expect("a row");
    assert_eq!(named.contacts[0].last_conversation_id, row.conversation_id);
    // What was deleted is not found any more.
    office.desk.apply(&[feed.deleted("2", 30)]).await;
    assert!(texts(&search(&office, lea, "order").await).is_empty());
    for query in ["", "   ", &"a ".repeat(11), &"x".repeat(201)] {
        let asked = calls::SearchRequest { query: query.to_owned(), ..Default::default() };
        let request = by(asked, feed.organization, lea);
        let fault =
            rpc::fault(office.service.lists("gateway").search(request).await.expect_err("refused"));
        assert_eq!((fault.class(), fault.field()), (Class::Invalid, Some("q")));
        assert!(query.trim().is_empty() || !format!("{fault:?}").contains(query.trim()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_walk_back_through_slices_of_time_and_repeat_nothing() {
    let office = Office::open(Feed::new()).await;
    let feed = &office.feed;
    office.desk.apply(&[feed.private("anna", "seed", 0)]).await;
    // 9,000 messages over 40 months, of which every 40th has the rare word.
    office
        .desk
        .database
        .database
        .execute(
            "INSERT INTO conversation.message (organization_id, message_id, conversation_id, \
             identity_id, network, scope, external_id, sequence, rev, item_id, direction, kind, \
             history, channel_ids, network_time, body, version, version_time, edited, deleted, \
             attachments, permalink, reactions) \
             SELECT m.organization_id, gen_random_uuid(), m.conversation_id, m.identity_id, \
             m.network, m.scope, 'x' || n, 10 + n, 1, m.item_id, 1, 1, true, m.channel_ids, \
             now() - n * interval '190 minutes' - interval '30 days', \
             CASE WHEN n % 40 = 0 THEN 'a needle ' || n ELSE 'hay ' || n END, 0, now(), false, \
             false, '[]', '', '[]' \
             FROM conversation.message AS m, generate_series(1, 9000) AS n \
             WHERE m.external_id = 'seed'; ANALYZE conversation.message",
        )
        .await;
    let mut found: Vec<String> = Vec::new();
    let mut after = String::new();
    let mut pages = 0;
    loop {
        let asked = calls::SearchRequest {
            query: "Needle".to_owned(),
            r#in: calls::SearchIn::Messages.into(),
            after,
            limit: 50,
        };
        let request = by(asked, feed.organization, office.lea);
        let answer = office.service.lists("gateway").search(request).await.expect("found");
        let answer = answer.into_inner();
        found.extend(texts(&answer).into_iter().map(str::to_owned));
        after = answer.next;
        pages += 1;
        if after.is_empty() {
            break;
        }
    }
    let expected: Vec<String> = (1..=225).map(|n| format!("a needle {}", n * 40)).collect();
    assert_eq!(found, expected);
    assert_eq!(pages, 5);
    assert!(texts(&search(&office, office.lea, "nosuchword").await).is_empty());
    // Two characters have no index: only the newest are looked through.
    assert_eq!(texts(&search(&office, office.lea, "ha").await).len(), 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_another_organization_or_of_a_closed_channel_is_found() {
    let office = Office::open(Feed::new()).await;
    let feed = &office.feed;
    office.desk.apply(&[feed.private("anna", "1", 0)]).await;
    assert_eq!(texts(&search(&office, office.lea, "text").await).len(), 1);
    office.desk.directory(&[office.restricted(0, 2, &[])]).await;
    let none = search(&office, office.lea, "text").await;
    assert_eq!((none.messages.len(), none.conversations.len()), (0, 0));
    assert!(search(&office, office.lea, "anna").await.contacts.is_empty());
    assert_eq!(search(&office, office.sacha, "anna").await.contacts.len(), 1);

    // The same member in another organization.
    let other = OrganizationId::mint();
    let mut event = office.member(office.lea, &[Role::Admin], 5);
    event.metadata.as_mut().expect("metadata").organization_id = other.to_string();
    if let Some(proto::directory::v1::directory_event::Fact::MemberChanged(changed)) =
        &mut event.fact
    {
        changed.member.as_mut().expect("a member").organization_id = other.to_string();
    }
    office.desk.directory(&[event]).await;
    let asked = calls::SearchRequest { query: "text".to_owned(), ..Default::default() };
    let request = by(asked, other, office.lea);
    let found = office.service.lists("gateway").search(request).await.expect("found").into_inner();
    assert_eq!((found.messages.len(), found.contacts.len(), found.conversations.len()), (0, 0, 0));

    // The functions themselves, whatever organization they are asked for.
    for (scope, asked, seen) in [
        (Scope::from(feed.organization), feed.organization, 1),
        (Scope::from(other), feed.organization, 0),
        (Scope::from(feed.organization), other, 0),
        (Scope::Unscoped, feed.organization, 0),
    ] {
        let transaction = office.desk.database.store.begin(&scope).await.expect("begins");
        for function in [
            "search_messages($1::uuid, '{%text%}', '{}', 'infinity', \
             'ffffffff-ffff-ffff-ffff-ffffffffffff', 10, true)",
            "search_contacts($1::uuid, '{%anna%}', '{}', \
             'ffffffff-ffff-ffff-ffff-ffffffffffff', 10, true)",
        ] {
            let sql: &'static str =
                Box::leak(format!("SELECT count(*) AS found FROM {function}").into());
            let rows = transaction.rows(sql, vec![asked.uuid().into()]).await.expect("runs");
            let found: i64 = rows[0].get("found").expect("a number");
            assert_eq!(found, seen, "{function}");
        }
        transaction.rollback().await.expect("rolls back");
    }
    // And nobody else may call them.
    let privileges = office
        .desk
        .texts(
            "SELECT DISTINCT p.grantee::text FROM information_schema.routine_privileges AS p \
             WHERE p.routine_schema = 'conversation' AND p.routine_name LIKE 'search\\_%s' \
             AND p.grantee <> 'guichet_conversation_definer' ORDER BY 1",
        )
        .await;
    assert_eq!(privileges, ["guichet_conversation"]);
}
