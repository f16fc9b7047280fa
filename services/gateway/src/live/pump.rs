//! Looks up what the feeds ask for: one batched call per organization and round.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt as _;
use futures::future::try_join4;
use futures::stream::FuturesUnordered;
use kit_service::{Caller, Runtime, telemetry};
use kit_values::{Fault, Kind};
use tokio::time::{MissedTickBehavior, interval, sleep};
use tracing::{Instrument as _, Span};

use super::hub::{Due, Found, Hub};
use crate::domain::{ConversationId, MessageId};
use crate::metrics;
use crate::peers::Conversations;
use crate::wire::frames::Body;
use crate::wire::rest;

/// How often the rings forget what is too old.
const TRIM: Duration = Duration::from_secs(10);
/// How many of its newest messages are told of a conversation that took in another one: one
/// page, which is what a workspace shows first.
const NEWEST: i32 = 200;

/// Pumps until the feed stops.
pub async fn run(
    hub: Arc<Hub>,
    conversations: Conversations,
    runtime: Runtime,
) -> Result<(), Fault> {
    let mut calls = FuturesUnordered::new();
    let mut trim = interval(TRIM);
    trim.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let (rounds, next) = hub.begin();
        for due in rounds {
            let conversations = conversations.clone();
            let span = tracing::info_span!("live round", otel.kind = "internal");
            let told = told(&due.traces, &span);
            let call = async move {
                let found = look_up(&conversations, &due).await;
                (due, found, told)
            };
            calls.push(call.instrument(span));
        }
        // Without a next round there is nothing to wait for but the other branches.
        let pause = sleep(next.unwrap_or(TRIM));
        tokio::select! {
            () = runtime.stop.cancelled() => return Ok(()),
            () = hub.woken() => {}
            () = pause => {}
            _ = trim.tick() => hub.trim(),
            // The spans of what is told end when it was handed out.
            Some((due, found, _told)) = calls.next(), if !calls.is_empty() => match found {
                Ok(found) => hub.deliver(due.organization, due.wanted.round, &found),
                Err(fault) => {
                    tracing::warn!(%fault, "a round of the live feed could not be looked up");
                    hub.take_back(due.organization, due.wanted.round);
                }
            },
        }
    }
}

/// A round has no single cause, but each event's own trace goes on to its frame: one span for
/// each, linked with the round's.
fn told(traces: &[String], round: &Span) -> Vec<Span> {
    for trace in traces {
        telemetry::link(round, trace);
    }
    let round_context = round.in_scope(telemetry::trace_context);
    let spans = traces.iter().map(|trace| {
        let span = tracing::info_span!(parent: None, "live frame", otel.kind = "consumer");
        telemetry::set_parent(&span, trace);
        if let Some(round) = &round_context {
            telemetry::link(&span, round);
        }
        span
    });
    spans.collect()
}

async fn look_up(conversations: &Conversations, due: &Due) -> Result<Found, Fault> {
    let started = std::time::Instant::now();
    let caller = &Caller::for_organization(due.organization);
    let wanted = &due.wanted;
    let lists = async {
        let mut lists = HashMap::new();
        for conversation in &wanted.conversations {
            let page = conversations.messages(caller, *conversation, NEWEST, String::new()).await?;
            let bodies = page.messages.iter().map(|message| Arc::new(Body::message(message)));
            lists.insert(*conversation, bodies.collect());
        }
        Ok::<_, Fault>(lists)
    };
    let counts = async {
        if wanted.counts { conversations.counts(caller).await.map(Some) } else { Ok(None) }
    };
    let (rows, messages, lists, counts) = try_join4(
        conversations.rows(caller, &wanted.rows),
        conversations.messages_by_id(caller, &wanted.messages),
        lists,
        counts,
    )
    .await?;
    let found = Found {
        rows: rows.iter().map(row).collect::<Result<_, _>>()?,
        messages: messages.iter().map(message).collect::<Result<_, _>>()?,
        conversations: lists,
        counts: counts.map(|counts| Arc::new(Body::counts(counts, due.rev))),
    };
    metrics::looked_up(wanted.rows.len(), started.elapsed());
    Ok(found)
}

fn row(row: &rest::Row) -> Result<(ConversationId, Arc<Body>), Fault> {
    Ok((id(&row.id)?, Arc::new(Body::row(row))))
}

fn message(message: &rest::Message) -> Result<(MessageId, (ConversationId, Arc<Body>)), Fault> {
    let conversation = id(&message.conversation_id)?;
    Ok((id(&message.id)?, (conversation, Arc::new(Body::message(message)))))
}

fn id<K: Kind>(text: &str) -> Result<kit_values::Id<K>, Fault> {
    text.parse().map_err(Fault::internal)
}
