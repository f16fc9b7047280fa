//! How long a search takes in an organization with a hundred thousand conversations and a million
//! messages, under forced row-level security: for the commonest word, two words, a rare word, a
//! part of a word, and what is nowhere; by the call that a gateway makes for a member.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use bench::figures::{Table, Times, line};
use bench::population::{COMMONEST, NOWHERE, RARE, Size, populate, word};
use bench::process::Extent;
use bench::system::System;
use clap::Parser;
use kit_service::Caller;
use kit_service::rpc::request;
use proto::conversation::v1::lists_service_client::ListsServiceClient;
use proto::conversation::v1::{SearchIn, SearchRequest};
use tokio::time::Instant;

/// Longest search, at the 95th percentile, in milliseconds.
const AIM: f64 = 100.0;

#[derive(Debug, Parser)]
struct Arguments {
    #[command(flatten)]
    size: Size,
    /// Searches of each kind.
    #[arg(long, default_value_t = 100)]
    searches: usize,
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
    let caller = Caller::for_member(organization, member.parse().expect("a uuid"));
    let queries = [
        ("the commonest word", COMMONEST.to_owned()),
        ("two words", format!("{} {}", word(40), word(90))),
        ("two common words", format!("{COMMONEST} {}", word(0))),
        ("a rare word", RARE.to_owned()),
        ("a part of a rare word", RARE[2..8].to_owned()),
        ("a part of many words", word(1)[1..5].to_owned()),
        ("nowhere", NOWHERE.to_owned()),
        ("two that never meet", format!("{RARE} {NOWHERE}")),
    ];
    let mut table =
        Table::new(&["query", "searches", "messages", "p50 ms", "p95 ms", "largest ms"]);
    let mut worst: f64 = 0.0;
    for (name, query) in queries {
        for (of, within) in [("", SearchIn::Unspecified), (", messages", SearchIn::Messages)] {
            let (times, found) = search(&system, &caller, &query, within, arguments.searches).await;
            worst = worst.max(times.percentile(95));
            let figures = [times.percentile(50), times.percentile(95), times.largest()];
            let figures = figures.map(|figure| format!("{figure:.1}"));
            let counts = [times.len().to_string(), found.to_string()];
            table.row(format!("{name}{of}"), counts.into_iter().chain(figures));
        }
    }
    table.print();
    let verdict = if worst <= AIM { "reached" } else { "missed" };
    line(format!("p95 of the slowest: {worst:.1} ms, aim at most {AIM:.0} ms: {verdict}"));
    system.stop().await;
    if worst <= AIM { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

async fn search(
    system: &System,
    caller: &Caller,
    query: &str,
    within: SearchIn,
    wanted: usize,
) -> (Times, usize) {
    let mut client = ListsServiceClient::new(system.channel("gateway", "conversation"));
    let mut times = Vec::new();
    let mut found = 0;
    // The first one is on the house: it opens the connection and plans the statement.
    for number in 0..=wanted {
        let asked = SearchRequest {
            query: query.to_owned(),
            r#in: within.into(),
            ..SearchRequest::default()
        };
        let began = Instant::now();
        let answer = client.search(request(asked, caller, Duration::from_secs(30))).await;
        found = answer.expect("an answer").into_inner().messages.len();
        if number > 0 {
            times.push(i64::try_from(began.elapsed().as_micros()).unwrap_or(i64::MAX));
        }
    }
    (times.into_iter().collect(), found)
}
