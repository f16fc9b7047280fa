//! What a member sees of restricted channels, and what they may do there: every reading call and
//! every deed of lists, for each level.

use kit_service::rpc;
use kit_values::Class;
use proto::conversation::v1 as calls;
use proto::conversation::v1::Queue;
use proto::directory::v1::directory_event::Fact;
use proto::directory::v1::{Access, Role};
use proto::network::v1::MessageKind;

use conversation::domain::words::MemberId;

use crate::feed::Feed;
use crate::office::Office;
use crate::service::by;

/// What one member meets.
#[derive(Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "an answer to each call")]
struct Met {
    listed: usize,
    counted: i64,
    by_id: bool,
    messages: bool,
    message_by_id: bool,
    history: bool,
    index: usize,
    found: usize,
    reminds: Option<String>,
    drafts: bool,
    bulk: Option<String>,
    replies: Option<String>,
}

/// Everything that `member` can try with the conversation `row`.
async fn meets(office: &Office, member: MemberId, row: &calls::ConversationRow) -> Met {
    let organization = office.feed.organization;
    let mut client = office.service.client("gateway");
    let mut lists = office.service.lists("gateway");
    let id = || row.conversation_id.clone();
    let list = calls::ListConversationsRequest { queue: Queue::New.into(), ..Default::default() };
    let listed = client.list_conversations(by(list.clone(), organization, member)).await;
    let counts = client.get_counts(by(calls::GetCountsRequest {}, organization, member)).await;
    let one = calls::GetConversationsRequest { conversation_ids: vec![id()] };
    let by_id = client.get_conversations(by(one, organization, member)).await;
    let page = calls::ListMessagesRequest { conversation_id: id(), ..Default::default() };
    let messages = client.list_messages(by(page, organization, member)).await;
    let message_ids = office.messages(&row.conversation_id).await;
    let message_ids = message_ids.into_iter().map(|message| message.message_id).collect();
    let message_by_id = client
        .get_messages(by(calls::GetMessagesRequest { message_ids }, organization, member))
        .await;
    let history = calls::ListHistoryRequest { conversation_id: id() };
    let history = client.list_history(by(history, organization, member)).await;
    let index = calls::GetIndexRequest { list: Some(list) };
    let index = lists.get_index(by(index, organization, member)).await;
    let query = calls::SearchRequest { query: "text".to_owned(), ..Default::default() };
    let found = lists.search(by(query, organization, member)).await;
    let draft = calls::Draft {
        conversation_id: id(),
        mode: calls::DraftMode::Note.into(),
        text: "d".to_owned(),
        ..Default::default()
    };
    let draft = calls::PutDraftRequest { draft: Some(draft) };
    let drafts = lists.put_draft(by(draft, organization, member)).await;
    let due = kit_values::now() + time::Duration::hours(1);
    let remind = calls::SetReminderRequest {
        conversation_id: id(),
        idempotency_key: kit_values::mint_uuid().to_string(),
        due_at: Some(crate::feed::timestamp(due.unix_timestamp())),
        // Nothing was seen: whoever may is told of what is newer, and nothing changes.
        ..Default::default()
    };
    let reminds = lists.set_reminder(by(remind, organization, member)).await;
    let change = calls::ChangeStatesRequest {
        idempotency_key: kit_values::mint_uuid().to_string(),
        wanted: vec![calls::StateWanted { conversation_id: id(), seen_through: 0 }],
        to: calls::State::Resolved.into(),
    };
    let bulk = lists.change_states(by(change, organization, member)).await;
    let mut reply = office.private(row, &kit_values::mint_uuid().to_string());
    reply.seen_through = 0;
    let replies = office.accept(member, reply).await.err();
    let code = |status: tonic::Status| rpc::fault(status).code().to_owned();
    Met {
        listed: listed.map_or(0, |answer| answer.into_inner().rows.len()),
        counted: counts.map_or(0, |answer| answer.into_inner().counts.expect("counts").new),
        by_id: by_id.is_ok_and(|answer| !answer.into_inner().rows.is_empty()),
        messages: messages.is_ok(),
        message_by_id: message_by_id.is_ok_and(|answer| !answer.into_inner().messages.is_empty()),
        history: history.is_ok(),
        index: index.map_or(0, |answer| answer.into_inner().conversation_ids.len()),
        found: found.map_or(0, |answer| answer.into_inner().messages.len()),
        reminds: reminds.err().map(code),
        drafts: drafts.is_ok(),
        bulk: bulk
            .map(|answer| answer.into_inner().results[0].code.clone())
            .map_or_else(|status| Some(code(status)), Some),
        replies: replies.map(|fault| fault.code().to_owned()),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restricted_channel_is_what_its_list_says_in_every_call() {
    let office = Office::open(Feed::new()).await;
    let feed = &office.feed;
    office.desk.apply(&[feed.private("anna", "1", 0)]).await;
    let row = office.sole_row().await;
    let (stranger, admin) = (MemberId::mint(), MemberId::mint());
    office
        .desk
        .directory(&[
            office.member(admin, &[Role::Admin], 0),
            office.restricted(
                0,
                2,
                &[(office.lea, Access::Viewer), (stranger, Access::Supervisor)],
            ),
        ])
        .await;
    let nothing = |code: &str| Met {
        listed: 0,
        counted: 0,
        by_id: false,
        messages: false,
        message_by_id: false,
        history: false,
        index: 0,
        found: 0,
        reminds: Some(code.to_owned()),
        drafts: false,
        bulk: Some(code.to_owned()),
        replies: Some(code.to_owned()),
    };
    let reads = |code: &str| Met {
        listed: 1,
        counted: 1,
        by_id: true,
        messages: true,
        message_by_id: true,
        history: true,
        index: 1,
        found: 1,
        drafts: true,
        ..nothing(code)
    };
    assert_eq!(meets(&office, office.noah, &row).await, nothing("not_found"));
    assert_eq!(meets(&office, office.lea, &row).await, reads("access_missing"));
    // They get as far as the rules of the conversation itself.
    assert_eq!(meets(&office, office.sacha, &row).await, reads("newer_message"));
    assert_eq!(meets(&office, admin, &row).await, reads("newer_message"));
    // On the list, but nobody here; and there is no other answer for a deactivated member.
    assert_eq!(meets(&office, stranger, &row).await, nothing("role_missing"));

    // The list changes: who was taken off sees nothing any more, who was put on answers.
    let list = [(office.noah, Access::Contributor)];
    office.desk.directory(&[office.restricted(0, 3, &list)]).await;
    assert_eq!(meets(&office, office.lea, &row).await, nothing("not_found"));
    assert_eq!(meets(&office, office.noah, &row).await, reads("newer_message"));
    // An older word does not stand, and an open channel's list says nothing.
    office.desk.directory(&[office.restricted(0, 2, &[])]).await;
    assert_eq!(meets(&office, office.noah, &row).await, reads("newer_message"));
    office.desk.directory(&[office.channel(0, 4)]).await;
    assert_eq!(meets(&office, office.lea, &row).await, reads("newer_message"));
    office.desk.audit(feed.organization).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_of_two_accounts_is_seen_by_whoever_sees_one_and_answered_by_the_open_one() {
    let office = Office::open(Feed::new()).await;
    let feed = &office.feed;
    let mention = MessageKind::Mention;
    office
        .desk
        .apply(&[
            feed.private("anna", "1", 0),
            feed.received(1, "anna", "2", mention, 10, false),
            feed.received(1, "bert", "3", mention, 20, false),
        ])
        .await;
    office.desk.directory(&[office.restricted(1, 2, &[])]).await;
    let organization = feed.organization;
    let mut client = office.service.client("gateway");
    let list = calls::ListConversationsRequest { queue: Queue::New.into(), ..Default::default() };
    let rows = client.list_conversations(by(list, organization, office.lea)).await;
    let rows = rows.expect("a page").into_inner().rows;
    assert_eq!(rows.len(), 1, "Bert's came through the closed account alone");
    assert_eq!(rows[0].channel_ids.len(), 2);
    let counts = client.get_counts(by(calls::GetCountsRequest {}, organization, office.lea)).await;
    assert_eq!(counts.expect("counts").into_inner().counts.expect("counts").new, 1);
    let counts =
        client.get_counts(by(calls::GetCountsRequest {}, organization, office.sacha)).await;
    assert_eq!(counts.expect("counts").into_inner().counts.expect("counts").new, 2);
    let mut reply = office.private(&rows[0], "k1");
    reply.seen_through = 9;
    reply.channel_id = feed.channels[1].to_string();
    let fault = office.accept(office.lea, reply.clone()).await.expect_err("refused");
    assert_eq!((fault.class(), fault.code()), (Class::Forbidden, "access_missing"));
    reply.channel_id = feed.channels[0].to_string();
    office.accept(office.lea, reply).await.expect("accepted");
    office.desk.audit(organization).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_became_part_of_another_conversation_is_as_closed_as_that() {
    let office = Office::open(Feed::new()).await;
    let feed = &office.feed;
    office.desk.apply(&[feed.private("anna", "1", 0)]).await;
    let row = office.sole_row().await;
    office.change(office.lea, &row, calls::State::Resolved).await.expect("resolved");
    let now = kit_values::now().unix_timestamp() - feed.start;
    office.desk.apply(&[feed.private("anna", "2", now + 90_000)]).await;
    let mut rows = office.rows().await;
    rows.retain(|one| one.conversation_id != row.conversation_id);
    let later = rows.remove(0);
    office.desk.apply(&[feed.private("anna", "3", now + 60)]).await;
    let absorbed = office.row(&later.conversation_id).await;
    assert_eq!(absorbed.absorbed_into, row.conversation_id);
    office.desk.directory(&[office.restricted(0, 2, &[(office.noah, Access::Viewer)])]).await;
    let tried = async |member: MemberId| {
        let id = later.conversation_id.clone();
        let lock =
            office.acquire(member, &id, "tab", false).await.map_err(|it| it.code().to_owned());
        let wanted = calls::StateWanted { conversation_id: id.clone(), seen_through: 9 };
        let change = calls::ChangeStatesRequest {
            idempotency_key: kit_values::mint_uuid().to_string(),
            wanted: vec![wanted],
            to: calls::State::Resolved.into(),
        };
        let change = by(change, feed.organization, member);
        let changed = office.service.lists("gateway").change_states(change).await;
        let changed = changed.expect("an answer").into_inner().results.remove(0).code;
        let story = calls::ListActivityRequest { conversation_id: id, before: 0 };
        let story = by(story, feed.organization, member);
        let story = office.service.story("gateway").list_activity(story).await;
        let story = story.map_err(|status| rpc::fault(status).code().to_owned());
        (lock.expect_err("refused"), changed, story.err())
    };
    let told = |lock: &str, story: Option<&str>| {
        (lock.to_owned(), lock.to_owned(), story.map(str::to_owned))
    };
    assert_eq!(tried(office.lea).await, told("not_found", Some("not_found")));
    assert_eq!(tried(office.noah).await, told("access_missing", None));
    assert_eq!(tried(office.sacha).await, told("goes_on_elsewhere", None));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_of_a_closed_account_is_settled_and_sent_again_by_whoever_it_lets_in() {
    let office = Office::open(Feed::new()).await;
    let feed = &office.feed;
    let private = feed.received(1, "anna", "2", MessageKind::PrivateMessage, 10, false);
    let mention = feed.received(0, "anna", "1", MessageKind::Mention, 0, false);
    office.desk.apply(&[mention, private]).await;
    let row = office.sole_row().await;
    let mut reply = office.private(&row, "k1");
    reply.channel_id = feed.channels[1].to_string();
    let accepted = office.accept(office.lea, reply).await.expect("accepted");
    let message = accepted.message.expect("a message").message_id;
    office.desk.delivery(&[office.unknown(&message, 1)]).await;
    office.desk.directory(&[office.restricted(1, 2, &[])]).await;
    let fault = office.settle(office.lea, &message, false).await.expect_err("refused");
    assert_eq!((fault.class(), fault.code()), (Class::Forbidden, "access_missing"));
    office.settle(office.sacha, &message, false).await.expect("settled");
    let fault = office.retry(office.lea, &message, "r1").await.expect_err("refused");
    assert_eq!((fault.class(), fault.code()), (Class::Forbidden, "access_missing"));
    office.retry(office.sacha, &message, "r2").await.expect("sent again");
    office.desk.audit(feed.organization).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_greatest_version_of_a_member_stands_whatever_the_clocks_said() {
    let office = Office::open(Feed::new()).await;
    office.desk.apply(&[office.feed.private("anna", "1", 0)]).await;
    let row = office.sole_row().await;
    let of = |version: i64, second: i64, roles: &[Role]| {
        let mut event = office.member(office.lea, roles, second);
        if let Some(Fact::MemberChanged(changed)) = &mut event.fact {
            changed.member.as_mut().expect("a member").version = version;
        }
        event
    };
    // An administrator took the roles away, and waited for the member who signed out everywhere
    // later and was faster.
    office.desk.directory(&[of(1, 101, &[Role::Agent])]).await;
    office.desk.directory(&[of(2, 100, &[])]).await;
    let fault = office.accept(office.lea, office.private(&row, "k1")).await.expect_err("nobody");
    assert_eq!((fault.class(), fault.code()), (Class::Forbidden, "role_missing"));
    office.desk.directory(&[of(1, 102, &[Role::Agent])]).await;
    office.accept(office.lea, office.private(&row, "k1")).await.expect_err("an older version");
    // Both in one batch, and a later word of the same version.
    office.desk.directory(&[of(3, 90, &[Role::Agent]), of(2, 103, &[])]).await;
    office.desk.directory(&[of(3, 95, &[Role::Supervisor])]).await;
    office.accept(office.lea, office.private(&row, "k1")).await.expect("accepted");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_supervisor_of_a_channel_takes_over_there_and_a_viewer_holds_no_lock() {
    let office = Office::open(Feed::new()).await;
    let feed = &office.feed;
    office.desk.apply(&[feed.private("anna", "1", 0)]).await;
    let id = office.sole_row().await.conversation_id;
    assert!(office.acquire(office.sacha, &id, "tab-1", false).await.expect("an answer").granted);
    let fault = office.acquire(office.lea, &id, "tab-2", true).await.expect_err("refused");
    assert_eq!(fault.code(), "lock_held");
    let list = [(office.lea, Access::Supervisor), (office.noah, Access::Viewer)];
    office.desk.directory(&[office.restricted(0, 2, &list)]).await;
    assert!(office.acquire(office.lea, &id, "tab-2", true).await.expect("an answer").granted);
    let fault = office.acquire(office.noah, &id, "tab-3", true).await.expect_err("refused");
    assert_eq!((fault.class(), fault.code()), (Class::Forbidden, "access_missing"));
}
