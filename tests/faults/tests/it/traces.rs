//! One trace from a webhook to the frames that tell of it, and one from a reply to the network's
//! call, through the processes of all services, with every parent known.

use std::collections::BTreeSet;
use std::time::Duration;

use faults::collector::{Collector, Span};
use faults::installation::Plan;

use crate::desk::{Desk, Way};
use crate::run::until;

#[tokio::test(flavor = "multi_thread")]
async fn one_trace_leads_from_webhook_to_frame_and_one_from_reply_to_the_networks_call() {
    let collector = Collector::start().await;
    let environment = [
        ("GUICHET__telemetry__otlp_endpoint", collector.endpoint.as_str()),
        // Spans leave soon, not after the five seconds that are usual.
        ("OTEL_BSP_SCHEDULE_DELAY", "200"),
    ];
    let mut desk = Desk::start(&Plan { environment: &environment, ..Plan::default() }).await;
    desk.agents[0].available().await;
    let cases = desk.cases(&[Way::Mention], 1).await;
    let owners = desk.handed_out(&cases).await;
    let written = desk.answer(&cases, &owners, 0, 1).await;
    let wrong = desk.come_to_rest(&cases, &written, Duration::from_secs(30)).await;
    assert!(wrong.is_empty(), "{wrong:#?}");

    let webhook = "POST /hooks/{network}/{application}";
    let through = ["ingest", "conversation", "gateway"];
    let way = way(&collector, webhook, "live frame", &through).await;
    println!("figure: from webhook to frame: {way}");

    let reply = "POST /api/v1/conversations/{conversation_id}/replies";
    let through = ["gateway", "conversation", "delivery", "playground"];
    let way = self::way(&collector, reply, "POST /x/2/tweets", &through).await;
    assert!(way.contains("call network (delivery)"), "{way}");
    println!("figure: from reply to the network's call: {way}");
}

/// Waits for a span called `last` whose trace began with one called `first` and came through the
/// processes of these services; gives the way.
async fn way(collector: &Collector, first: &str, last: &str, services: &[&str]) -> String {
    let found = || {
        let ends: Vec<Span> =
            collector.spans().into_iter().filter(|span| span.name == last).collect();
        ends.iter().map(|end| collector.way_to(end)).find(|way| {
            let passed: BTreeSet<&str> = way.iter().map(|span| span.service.as_str()).collect();
            let begins = way.first().is_some_and(|span| span.name == first);
            begins && services.iter().all(|service| passed.contains(service))
        })
    };
    until(&format!("a trace leads from {first} to {last}"), async || found().is_some()).await;
    let way = found().expect("it was there");
    let traces: BTreeSet<&[u8]> = way.iter().map(|span| span.trace.as_slice()).collect();
    assert_eq!(traces.len(), 1, "one trace id");
    let steps = way.iter().map(|span| format!("{} ({})", span.name, span.service));
    steps.collect::<Vec<_>>().join(" > ")
}
