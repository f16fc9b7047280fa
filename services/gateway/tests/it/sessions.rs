//! Which connections live: reported to routing at once, and all of them every few seconds.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use kit_testkit::eventually;
use proto::routing::v1::{ReportSessionsRequest, Session};
use serde_json::json;

use crate::peers::uuid_of;
use crate::world::{PATIENCE, World};

/// What routing knows when it believes every report.
fn live(reports: &[(Instant, ReportSessionsRequest)]) -> BTreeSet<(String, String)> {
    let key = |session: &Session| (session.session.clone(), session.member_id.clone());
    let mut live = BTreeSet::new();
    for (_, report) in reports {
        if report.renewal {
            let named = report.live.iter().map(key);
            let gone: BTreeSet<_> = live.difference(&named.clone().collect()).cloned().collect();
            assert!(report.leaving || gone.is_empty(), "a renewal lacks {gone:?}");
            live.extend(named);
        }
        live.extend(report.opened.iter().map(key));
        for closed in &report.closed {
            live.remove(&key(closed));
        }
    }
    live
}

#[tokio::test(flavor = "multi_thread")]
async fn openings_and_closings_are_reported_at_once_and_everything_every_five_seconds() {
    let (world, gateway) = World::with_gateway().await;
    let browser = world.signed_in(&gateway, "amelie").await;
    let member = world.peers.held().members["amelie"].1.member_id.clone();
    let cursor = browser.cursor().await;
    let before = Instant::now();
    let (mut first, _) = browser.socket(&cursor, None).await;
    let (second, _) = browser.socket(&cursor, None).await;
    let count = async |expected: usize| {
        eventually(PATIENCE, "routing knows", async || {
            live(&world.peers.held().reports).len() == expected
        })
        .await;
    };
    count(2).await;
    assert!(before.elapsed() < Duration::from_secs(4), "at once");
    {
        let held = world.peers.held();
        let opened: Vec<&Session> =
            held.reports.iter().flat_map(|(_, report)| &report.opened).collect();
        assert_eq!(opened.len(), 2);
        assert_ne!(opened[0].session, opened[1].session, "each connection is one");
        for session in opened {
            assert_eq!(session.member_id, member);
            assert_eq!(session.organization_id, world.own.to_string());
            let signed_in = session.signed_in_at.expect("when they signed in").seconds;
            assert!((kit_values::now().unix_timestamp() - signed_in) < 60);
        }
        let gateways: BTreeSet<&str> =
            held.reports.iter().map(|(_, report)| report.gateway.as_str()).collect();
        assert_eq!(gateways.len(), 1, "one process, one name");
    }
    drop(second);
    let closing = Instant::now();
    count(1).await;
    assert!(closing.elapsed() < Duration::from_secs(4), "at once");
    first.say(json!({"t": "pong"})).await;
    eventually(PATIENCE, "all are told several times", async || {
        let held = world.peers.held();
        held.reports.iter().filter(|(_, report)| report.renewal).count() >= 4
    })
    .await;
    let held = world.peers.held();
    let renewals: Vec<&(Instant, ReportSessionsRequest)> =
        held.reports.iter().filter(|(_, report)| report.renewal).collect();
    for pair in renewals.windows(2) {
        let pause = pair[1].0 - pair[0].0;
        assert!(pause > Duration::from_secs(3) && pause < Duration::from_secs(10), "{pause:?}");
    }
    assert_eq!(renewals.last().expect("one").1.live.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn while_routing_is_away_sockets_live_on_and_afterwards_it_is_told() {
    let (world, gateway) = World::with_gateway().await;
    let browser = world.signed_in(&gateway, "amelie").await;
    world.peers.held().reports_away = true;
    let conversation = world.peers.add_conversation(world.own);
    let (mut socket, _) = browser.socket(&browser.cursor().await, None).await;
    let (gone, _) = browser.socket(&browser.cursor().await, None).await;
    drop(gone);
    let (_, rev) = world.message(world.own, &conversation, "Bonjour").await;
    let reading = socket.until(|event| event["d"]["rev"].as_i64() == Some(rev));
    tokio::time::timeout(PATIENCE, reading).await.expect("served all the same");
    tokio::time::sleep(Duration::from_millis(500)).await;
    {
        let mut held = world.peers.held();
        held.reports.clear();
        held.reports_away = false;
    }
    eventually(PATIENCE, "routing knows", async || live(&world.peers.held().reports).len() == 1)
        .await;
    let held = world.peers.held();
    assert!(held.reports.iter().any(|(_, report)| !report.opened.is_empty()), "as an opening");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_that_stops_says_that_it_leaves_after_its_last_socket() {
    let (world, gateway) = World::with_gateway().await;
    let browser = world.signed_in(&gateway, "amelie").await;
    let (_socket, _) = browser.socket(&browser.cursor().await, None).await;
    eventually(PATIENCE, "routing knows", async || live(&world.peers.held().reports).len() == 1)
        .await;
    gateway.runtime.stop.cancel();
    tokio::time::timeout(PATIENCE, gateway.runtime.tasks.drained()).await.expect("drained");
    let held = world.peers.held();
    let (_, last) = held.reports.last().expect("reports");
    assert!(last.leaving && last.live.is_empty());
    assert_eq!(live(&held.reports), BTreeSet::new());
    assert_eq!(held.reports.iter().filter(|(_, report)| report.leaving).count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_that_answers_no_ping_is_no_session_any_more() {
    let (world, gateway) = World::with_gateway().await;
    let silent = world.signed_in(&gateway, "amelie").await;
    let chloe = world.peers.add_member(world.own, "chloe").member_id;
    let answering = world.signed_in(&gateway, "chloe").await;
    let (_silent, _) = silent.socket(&silent.cursor().await, None).await;
    let (mut good, _) = answering.socket(&answering.cursor().await, None).await;
    let knows = |count: usize| live(&world.peers.held().reports).len() == count;
    eventually(PATIENCE, "routing knows both", async || knows(2)).await;
    let gone = eventually(Duration::from_secs(40), "the silent one is gone", async || knows(1));
    let answer = async { good.within(Duration::from_secs(41)).await };
    tokio::select! { () = gone => {}, _ = answer => panic!("the silent one still lives") }
    let left = live(&world.peers.held().reports);
    assert_eq!(left.first().map(|(_, member)| uuid_of(member)), Some(uuid_of(&chloe)));
}
