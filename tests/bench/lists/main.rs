//! How long a page of fifty takes, and an index of fifty thousand, in an organization with a
//! hundred thousand conversations and a million messages, under forced row-level security: by the
//! calls that a gateway makes for a member.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use bench::figures::{Table, Times, line};
use bench::population::{Size, populate};
use bench::process::Extent;
use bench::system::System;
use clap::Parser;
use kit_service::Caller;
use kit_service::rpc::{Channel, request};
use proto::conversation::v1::conversation_service_client::ConversationServiceClient;
use proto::conversation::v1::lists_service_client::ListsServiceClient;
use proto::conversation::v1::{GetIndexRequest, ListConversationsRequest, Queue, Sort};
use tokio::time::Instant;

/// Longest page, at the 95th percentile, in milliseconds.
const PAGE: f64 = 50.0;

/// Longest index.
const INDEX: f64 = 300.0;

/// Longest answer, in bytes.
const LONGEST_ANSWER: usize = 64 << 20;

#[derive(Debug, Parser)]
struct Arguments {
    #[command(flatten)]
    size: Size,
    /// Pages of each list, one behind the other.
    #[arg(long, default_value_t = 100)]
    pages: usize,
    /// Indexes.
    #[arg(long, default_value_t = 20)]
    indexes: usize,
    /// Where the installation's folder is made: on the disk to measure.
    #[arg(long)]
    place: PathBuf,
    /// What cargo calls every benchmark with.
    #[arg(long, hide = true)]
    bench: bool,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    kit_service::cryptography();
    let arguments = Arguments::parse();
    let system = System::start(&arguments.place, Extent::Everything).await;
    let organization = system.organization();
    populate(&system, organization, arguments.size).await;
    let member = system
        .query(&format!(
            "SELECT member_id::text FROM conversation.member WHERE organization_id = '{}' \
             AND roles = 1 LIMIT 1",
            organization.uuid()
        ))
        .await;
    let member: String = member[0].try_get_by_index(0).expect("an agent");
    let channel: String = system
        .query(&format!(
            "SELECT 'chan_' || replace(channel_id::text, '-', '') FROM conversation.channel \
             WHERE organization_id = '{}' ORDER BY channel_id LIMIT 1",
            organization.uuid()
        ))
        .await[0]
        .try_get_by_index(0)
        .expect("a channel");
    // A member's own list: a hundredth is theirs. Another channel is closed to them, so that what
    // may be seen is looked at in every row.
    system
        .execute(&format!(
            "UPDATE conversation.conversation SET owner_member_id = '{member}' \
             WHERE organization_id = '{organization}' AND state <> 3 AND random() < 0.01; \
             UPDATE conversation.channel SET restricted = true \
             WHERE organization_id = '{organization}' AND channel_id = (SELECT max(channel_id::text) \
             FROM conversation.channel WHERE organization_id = '{organization}')::uuid; \
             ANALYZE conversation.conversation",
            organization = organization.uuid()
        ))
        .await;
    let caller = Caller::for_member(organization, member.parse().expect("a uuid"));
    let own = format!("mem_{}", member.replace('-', ""));
    let asked = |queue: Queue| ListConversationsRequest {
        queue: queue.into(),
        limit: 50,
        ..ListConversationsRequest::default()
    };
    let sorted = |queue, sort: Sort| ListConversationsRequest { sort: sort.into(), ..asked(queue) };
    let lists = [
        ("New, longest waiting", asked(Queue::New)),
        ("New, newest", sorted(Queue::New, Sort::Newest)),
        ("Pending", asked(Queue::Pending)),
        ("All", asked(Queue::All)),
        ("All, oldest activity", sorted(Queue::All, Sort::OldestActivity)),
        ("Resolved", asked(Queue::Resolved)),
        ("All, own", ListConversationsRequest { owner_member_id: own, ..asked(Queue::All) }),
        ("New, nobody's", ListConversationsRequest { unassigned: true, ..asked(Queue::New) }),
        ("All, of a kind", ListConversationsRequest { kind: 3, ..asked(Queue::All) }),
        (
            "All, of a channel",
            ListConversationsRequest { channel_ids: vec![channel], ..asked(Queue::All) },
        ),
        ("All, with a draft", ListConversationsRequest { has_draft: true, ..asked(Queue::All) }),
    ];
    let mut table = Table::new(&["pages of 50", "pages", "p50 ms", "p95 ms", "largest ms"]);
    let mut worst: f64 = 0.0;
    for (name, list) in lists {
        let channel = system.channel("gateway", "conversation");
        let times = pages(channel, &caller, &list, arguments.pages).await;
        worst = worst.max(times.percentile(95));
        row(&mut table, name, &times);
    }
    let lists = ListsServiceClient::new(system.channel("gateway", "conversation"))
        .max_decoding_message_size(LONGEST_ANSWER);
    let (times, held) = indexes(lists, &caller, &asked(Queue::All), arguments.indexes).await;
    row(&mut table, &format!("index of {held}"), &times);
    table.print();
    let reached = [(worst, PAGE, "a page of fifty"), (times.percentile(95), INDEX, "an index")];
    for (measured, aim, what) in reached {
        let verdict = if measured <= aim { "reached" } else { "missed" };
        line(format!("{what}: p95 {measured:.1} ms, aim at most {aim:.0} ms: {verdict}"));
    }
    system.stop().await;
    if reached.iter().all(|(measured, aim, _)| measured <= aim) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn row(table: &mut Table, name: &str, times: &Times) {
    let figures = [times.percentile(50), times.percentile(95), times.largest()];
    let figures = figures.map(|figure| format!("{figure:.1}"));
    table.row(name, std::iter::once(times.len().to_string()).chain(figures));
}

/// Pages one behind the other, from the first again behind the last.
async fn pages(
    channel: Channel,
    caller: &Caller,
    list: &ListConversationsRequest,
    wanted: usize,
) -> Times {
    let mut client = ConversationServiceClient::new(channel);
    let mut times = Vec::new();
    let mut after = String::new();
    // The first one is on the house: it opens the connection and plans the statement.
    for number in 0..=wanted {
        let asked = ListConversationsRequest { after, ..list.clone() };
        let began = Instant::now();
        let answer =
            client.list_conversations(request(asked, caller, Duration::from_secs(30))).await;
        let answer = answer.expect("a page").into_inner();
        if number > 0 {
            times.push(micros(began));
        }
        after = answer.next;
    }
    times.into_iter().collect()
}

async fn indexes(
    mut client: ListsServiceClient<Channel>,
    caller: &Caller,
    list: &ListConversationsRequest,
    wanted: usize,
) -> (Times, usize) {
    let mut times = Vec::new();
    let mut held = 0;
    for number in 0..=wanted {
        let asked = GetIndexRequest { list: Some(list.clone()) };
        let began = Instant::now();
        let answer = client.get_index(request(asked, caller, Duration::from_secs(30))).await;
        held = answer.expect("an index").into_inner().conversation_ids.len();
        if number > 0 {
            times.push(micros(began));
        }
    }
    (times.into_iter().collect(), held)
}

fn micros(began: Instant) -> i64 {
    i64::try_from(began.elapsed().as_micros()).unwrap_or(i64::MAX)
}
