//! How fast routing hands out what waits: assignments a second with 500 agents and 10,000 waiting,
//! beside what a function of raw SQL assigns; and how long it takes from the commit that makes
//! an assignment possible to the commit of the assignment.
//!
//! Agents and what waits are written into routing's tables before each round; that the agents are
//! there is reported by the call with which a gateway reports it. An assignment becomes possible
//! by the call with which a supervisor takes a conversation from its owner: it is then the oldest
//! that waits, and its former owner the only one with room.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use bench::figures::{Table, Times, line, median, rate};
use bench::floor::{self, Assignments};
use bench::machine::Used;
use bench::process::Extent;
use bench::system::System;
use clap::Parser;
use kit_service::Caller;
use kit_service::rpc::{Channel, request};
use kit_values::OrganizationId;
use proto::routing::v1::routing_service_client::RoutingServiceClient;
use proto::routing::v1::{ReportSessionsRequest, Session, UnassignRequest};
use tokio::task::JoinSet;
use tokio::time::Instant;

/// Agents who are Available and there.
const AGENTS: usize = 500;

/// Conversations that wait.
const WAITING: usize = 10_000;

/// Least assignments for each that raw SQL makes.
const AIM: f64 = 0.5;

/// Longest from possible to assigned, at the 99th percentile, in milliseconds.
const LATENCY: f64 = 100.0;

/// How long anything may take.
const PATIENCE: Duration = Duration::from_mins(3);

#[derive(Debug, Parser)]
struct Arguments {
    /// Rounds, each with its floor.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Assignments made possible a second, for the time that one takes.
    #[arg(long, default_value_t = 25)]
    rate: usize,
    /// How many of them.
    #[arg(long, default_value_t = 400)]
    freed: usize,
    /// Length of the floor, in seconds.
    #[arg(long, default_value_t = 5)]
    floor_seconds: u64,
    /// Run directory and routing alone.
    #[arg(long)]
    alone: bool,
    /// Where the installation's folder is made: on the disk to measure.
    #[arg(long)]
    place: PathBuf,
    /// What cargo calls every benchmark with.
    #[arg(long, hide = true)]
    bench: bool,
}

struct Round {
    floor: Assignments,
    rate: f64,
    times: Times,
    used: Used,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    kit_service::cryptography();
    let arguments = Arguments::parse();
    let extent = if arguments.alone { Extent::Assignment } else { Extent::Everything };
    let system = System::start(&arguments.place, extent).await;
    system.execute("CREATE SCHEMA floor").await;
    let organization = system.organization();
    populate(&system, organization).await;
    let mut there = JoinSet::new();
    let agents = agents(&system).await;
    there.spawn(report(system.channel("gateway", "routing"), organization, agents));
    system.count_statements_anew().await;
    let mut rounds = Vec::new();
    for number in 1..=arguments.rounds {
        let floor = floor::assignments(&system, Duration::from_secs(arguments.floor_seconds)).await;
        let (used, begin) = (system.used(), Instant::now());
        let assigned = hand_out(&system, organization, number).await;
        let used = system.used().since(&used, begin.elapsed().as_secs_f64());
        system.come_to_know_owners().await;
        let times = free(&system, organization, number, &arguments).await;
        let chosen = floor.chosen;
        line(format!("round {number}: raw SQL {chosen:.0}/s, routing {assigned:.0}/s"));
        rounds.push(Round { floor, rate: assigned, times, used });
    }
    print(&rounds);
    system.print_statements().await;
    let share = median(rounds.iter().map(|round| round.rate / round.floor.chosen));
    let verdict = |reached: bool| if reached { "reached" } else { "missed" };
    line(format!(
        "\nassignments / raw SQL: median {share:.2}, aim at least {AIM:.1}: {}",
        verdict(share >= AIM)
    ));
    let p99 = median(rounds.iter().map(|round| round.times.percentile(99)));
    line(format!(
        "p99 from possible to assigned: {p99:.1} ms, aim at most {LATENCY:.0} ms: {}",
        verdict(p99 <= LATENCY)
    ));
    let over = system
        .number("SELECT count(*) FROM routing.member WHERE load > capacity OR load > hard_limit")
        .await;
    line(format!("{over} agents above their capacity"));
    there.shutdown().await;
    system.stop().await;
    if over == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The agents, without room.
async fn populate(system: &System, organization: OrganizationId) {
    system
        .execute(&format!(
            "INSERT INTO routing.member (organization_id, member_id, roles, directory_epoch, \
             availability, since, availability_epoch, ever_chosen, load, capacity, hard_limit) \
             SELECT '{}', md5('agent' || n)::uuid, 1, 1, 1, now(), 1, true, 0, 0, 1000 \
             FROM generate_series(1, {AGENTS}) AS n",
            organization.uuid()
        ))
        .await;
}

/// Reports all agents as there, as a gateway does, for ever.
async fn report(channel: Channel, organization: OrganizationId, members: Vec<String>) {
    let mut routing = RoutingServiceClient::new(channel);
    loop {
        let live = members
            .iter()
            .map(|member| Session {
                session: format!("session-{member}"),
                organization_id: organization.to_string(),
                member_id: member.clone(),
                ..Session::default()
            })
            .collect();
        let told = ReportSessionsRequest {
            gateway: "bench".to_owned(),
            live,
            renewal: true,
            ..ReportSessionsRequest::default()
        };
        let asked = request(told, &Caller::installation(), Duration::from_secs(5));
        if let Err(status) = routing.report_sessions(asked).await {
            line(format!("the agents could not be reported: {status}"));
        }
        tokio::time::sleep(Duration::from_secs(4)).await;
    }
}

/// The ids of the agents.
async fn agents(system: &System) -> Vec<String> {
    let ids = "SELECT 'mem_' || replace(member_id::text, '-', '') FROM routing.member \
               WHERE hard_limit = 1000";
    let rows = system.query(ids).await;
    rows.iter().map(|row| row.try_get_by_index(0).expect("a text")).collect()
}

/// Ten thousand come to wait and every agent has room for twenty more, in one commit; gives the
/// assignments a second from the first commit of some to the last.
async fn hand_out(system: &System, organization: OrganizationId, round: usize) -> f64 {
    let organization = organization.uuid();
    let room = WAITING / AGENTS;
    let before = assigned(system).await;
    show(system, organization, round).await;
    system
        .execute(&format!(
            "INSERT INTO routing.conversation (organization_id, conversation_id, rev, state, \
             waiting_since, channel_ids, class, decision, epoch) \
             SELECT '{organization}', md5('conversation' || {round} || '-' || n)::uuid, 1, 1, \
             now() - interval '1 hour' + n * interval '1 millisecond', \
             (SELECT array_agg(channel_id) FROM conversation.channel), 1, 0, 0 \
             FROM generate_series(1, {WAITING}) AS n; \
             UPDATE routing.member SET capacity = capacity + {room} \
             WHERE organization_id = '{organization}' AND hard_limit = 1000"
        ))
        .await;
    let begin = Instant::now();
    while assigned(system).await < before + WAITING {
        assert!(begin.elapsed() < PATIENCE, "only {} assigned", assigned(system).await - before);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    // From the first commit to the last, without what the first one holds.
    let commits = system
        .query(
            "SELECT (extract(epoch FROM max(at) - min(at)) * 1000000)::bigint, \
             (sum(assigned) - (array_agg(assigned ORDER BY at))[1])::bigint FROM ( \
             SELECT pg_xact_commit_timestamp(xmin) AS at, count(*) AS assigned \
             FROM routing.explanation WHERE outcome = 'assigned' \
             AND pg_xact_commit_timestamp(xmin) > now() - interval '3 minutes' \
             GROUP BY xmin ORDER BY 1 DESC LIMIT 50) AS commits",
        )
        .await;
    let micros: i64 = commits[0].try_get_by_index(0).expect("a number");
    let count: i64 = commits[0].try_get_by_index(1).expect("a number");
    let seconds = Duration::from_micros(micros.unsigned_abs()).as_secs_f64();
    rate(usize::try_from(count).unwrap_or_default(), seconds)
}

/// The same conversations as conversation keeps them, so that it shows their owners as it would.
async fn show(system: &System, organization: impl std::fmt::Display, round: usize) {
    let id = |what: &str| format!("md5('{what}' || {round} || '-' || n)::uuid");
    let (conversation, contact, identity) = (id("conversation"), id("contact"), id("identity"));
    system
        .execute(&format!(
            "INSERT INTO conversation.contact (organization_id, contact_id, display_name, handle, \
             avatar_url) SELECT '{organization}', {contact}, 'Customer', 'customer', '' \
             FROM generate_series(1, {WAITING}) AS n; \
             INSERT INTO conversation.contact_identity (organization_id, network, scope, \
             network_user_id, identity_id, contact_id) \
             SELECT '{organization}', 1, '', '{round}-' || n, {identity}, {contact} \
             FROM generate_series(1, {WAITING}) AS n; \
             INSERT INTO conversation.conversation (organization_id, conversation_id, identity_id, \
             contact_id, network, ordinal, rev, state, dormant, opened_at, seen_through, \
             last_sequence, history_sequence, message_count, unseen_count, waiting_since, \
             last_activity_at, channel_ids) \
             SELECT '{organization}', {conversation}, {identity}, {contact}, 1, 1, 1, 1, false, \
             now(), 0, 0, 0, 0, 0, now() - interval '1 hour' + n * interval '1 millisecond', \
             now(), (SELECT array_agg(channel_id) FROM conversation.channel) \
             FROM generate_series(1, {WAITING}) AS n"
        ))
        .await;
    system.settle().await;
}

async fn assigned(system: &System) -> usize {
    system.number("SELECT count(*) FROM routing.explanation WHERE outcome = 'assigned'").await
}

/// Ten thousand more come to wait, for whom nobody has room; then one owned conversation after
/// the other is taken from its owner. Gives the times until each is assigned again.
async fn free(
    system: &System,
    organization: OrganizationId,
    round: usize,
    arguments: &Arguments,
) -> Times {
    let id = organization.uuid();
    system
        .execute(&format!(
            "INSERT INTO routing.conversation (organization_id, conversation_id, rev, state, \
             waiting_since, channel_ids, class, decision, epoch) \
             SELECT '{id}', md5('behind' || {round} || '-' || n)::uuid, 1, 1, \
             now() + n * interval '1 millisecond', \
             (SELECT array_agg(channel_id) FROM conversation.channel), 1, 0, 0 \
             FROM generate_series(1, {WAITING}) AS n"
        ))
        .await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    let admin = system
        .query(
            "SELECT member_id::text FROM directory.member WHERE display_name = 'Camille Laurent'",
        )
        .await;
    let admin: String = admin[0].try_get_by_index(0).expect("a text");
    let caller = Caller::for_member(organization, admin.parse().expect("a UUID"));
    let routing = RoutingServiceClient::new(system.channel("gateway", "routing"));
    // One of each agent.
    let owned = system
        .query(&format!(
            "SELECT DISTINCT ON (owner_member_id) \
             'conv_' || replace(conversation_id::text, '-', '') FROM routing.conversation \
             WHERE owner_member_id IS NOT NULL AND conversation_id IN ( \
             SELECT md5('conversation' || {round} || '-' || n)::uuid \
             FROM generate_series(1, {WAITING}) AS n) LIMIT {}",
            arguments.freed
        ))
        .await;
    let begin = Instant::now();
    let mut calls = JoinSet::new();
    for (number, row) in (0_u32..).zip(&owned) {
        let after = Duration::from_secs(1) * number / u32::try_from(arguments.rate).unwrap_or(1);
        tokio::time::sleep_until(begin + after).await;
        let conversation_id = row.try_get_by_index(0).expect("a text");
        let asked = UnassignRequest { conversation_id };
        let (mut routing, caller) = (routing.clone(), caller.clone());
        calls.spawn(async move {
            let asked = request(asked, &caller, Duration::from_secs(10));
            routing.unassign(asked).await.expect("a supervisor may");
        });
    }
    calls.join_all().await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    // What waits behind is put away, so that the next round begins as this one did.
    let times = times(system, round).await;
    system
        .execute(&format!(
            "DELETE FROM routing.conversation WHERE organization_id = '{id}' AND waiting"
        ))
        .await;
    assert_eq!(times.len(), owned.len(), "something was not assigned again");
    times
}

/// From the commit that took each conversation of the round to the commit that assigned it.
async fn times(system: &System, round: usize) -> Times {
    let rows = system
        .query(&format!(
            "SELECT (extract(epoch FROM pg_xact_commit_timestamp(again.xmin) \
             - pg_xact_commit_timestamp(taken.xmin)) * 1000000)::bigint \
             FROM routing.explanation AS taken JOIN routing.explanation AS again \
             USING (organization_id, conversation_id) \
             WHERE taken.outcome = 'unassigned_by_hand' AND again.outcome = 'assigned' \
             AND again.epoch = taken.epoch + 1 AND conversation_id IN ( \
             SELECT md5('conversation' || {round} || '-' || n)::uuid \
             FROM generate_series(1, {WAITING}) AS n)"
        ))
        .await;
    rows.iter().map(|row| row.try_get_by_index::<i64>(0).expect("a number")).collect()
}

fn print(rounds: &[Round]) {
    let headings = [
        "raw SQL function, 8 clients",
        "routing",
        "routing / raw SQL",
        "raw writes, 200 a commit",
        "p50 ms",
        "p99 ms",
        "largest ms",
    ];
    let mut table = Table::new(&[&["per second"][..], &headings].concat());
    let mut cores = Table::new(&["cores used", "generator", "services", "PostgreSQL", "NATS"]);
    for (index, round) in rounds.iter().enumerate() {
        let times = &round.times;
        let cells = [
            format!("{:.0}", round.floor.chosen),
            format!("{:.0}", round.rate),
            format!("{:.2}", round.rate / round.floor.chosen),
            format!("{:.0}", round.floor.written),
            format!("{:.1}", times.percentile(50)),
            format!("{:.1}", times.percentile(99)),
            format!("{:.1}", times.largest()),
        ];
        table.row(index + 1, cells);
        let used = &round.used;
        let parts = [used.own, used.services, used.postgres, used.nats];
        cores.row(index + 1, parts.map(|part| format!("{part:.2}")));
    }
    table.print();
    cores.print();
}
