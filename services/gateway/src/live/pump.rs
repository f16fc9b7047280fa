//! Looks up what the feeds ask for: one batched call per organization and round.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt as _;
use futures::future::try_join5;
use futures::stream::FuturesUnordered;
use kit_service::{Caller, Runtime, telemetry};
use kit_values::{Fault, Kind, OrganizationId};
use tokio::time::{MissedTickBehavior, interval, sleep};
use tracing::{Instrument as _, Span};

use super::hub::{Due, Found, FoundRow, Hub};
use crate::domain::access::{Rights, Sight};
use crate::domain::feed::Key;
use crate::domain::{ConversationId, MessageId, NoteId};
use crate::metrics;
use crate::peers::{Conversations, Doors};
use crate::wire::frames::Body;
use crate::wire::rest;

/// How often the rings forget what is too old.
const TRIM: Duration = Duration::from_secs(10);
/// By when the other services have heard of other rights, with some room.
const HEARD: Duration = Duration::from_millis(1_500);
/// How many of its newest messages are told of a conversation that took in another one: one
/// page, which is what a workspace shows first.
const NEWEST: i32 = 200;

/// Pumps until the feed stops.
pub async fn run(
    hub: Arc<Hub>,
    conversations: Conversations,
    doors: Doors,
    runtime: Runtime,
) -> Result<(), Fault> {
    let mut calls = FuturesUnordered::new();
    let mut later = FuturesUnordered::new();
    let mut trim = interval(TRIM);
    trim.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let (rounds, next) = hub.begin();
        for due in rounds {
            let (conversations, doors) = (conversations.clone(), doors.clone());
            let span = tracing::info_span!("live round", otel.kind = "internal");
            let told = told(&due.traces, &span);
            let call = async move {
                let found = look_up(&conversations, &doors, &due).await;
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
            Some(changed) = later.next(), if !later.is_empty() => {
                let (organization, keys): (OrganizationId, Vec<Key>) = changed;
                hub.start_anew(organization, &keys);
            }
            // The spans of what is told end when it was handed out.
            Some((due, found, _told)) = calls.next(), if !calls.is_empty() => match found {
                Ok(found) => {
                    let changed = hub.deliver(due.organization, due.wanted.round, &found);
                    if !changed.is_empty() {
                        later.push(heard(due.organization, changed));
                    }
                }
                Err(fault) => {
                    tracing::warn!(%fault, "a round of the live feed could not be looked up");
                    hub.take_back(due.organization, due.wanted.round);
                }
            },
        }
    }
}

/// Resolves when the other services have heard of other rights.
async fn heard(organization: OrganizationId, changed: Vec<Key>) -> (OrganizationId, Vec<Key>) {
    sleep(HEARD).await;
    (organization, changed)
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

async fn look_up(conversations: &Conversations, doors: &Doors, due: &Due) -> Result<Found, Fault> {
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
    let rights = doors.rights(due.organization).await?;
    let counts = counts(conversations, due, &rights);
    let (rows, messages, lists, counts, notes) = try_join5(
        conversations.rows(caller, &wanted.rows),
        conversations.messages_by_id(caller, &wanted.messages),
        lists,
        counts,
        conversations.notes_by_id(caller, &wanted.notes),
    )
    .await?;
    let found = Found {
        rows: rows.iter().map(row).collect::<Result<_, _>>()?,
        messages: messages.iter().map(message).collect::<Result<_, _>>()?,
        conversations: lists,
        notes: notes.iter().map(note).collect::<Result<_, _>>()?,
        counts,
        rights: Some(rights),
    };
    metrics::looked_up(wanted.rows.len(), started.elapsed());
    Ok(found)
}

/// The counts of each sight that somebody here has: asked for on behalf of one who has it.
async fn counts(
    conversations: &Conversations,
    due: &Due,
    rights: &Rights,
) -> Result<BTreeMap<Sight, Arc<Body>>, Fault> {
    let mut counts = BTreeMap::new();
    if !due.wanted.counts {
        return Ok(counts);
    }
    for member in &due.members {
        let sight = rights.sight(*member);
        if sight == Sight::Nothing || counts.contains_key(&sight) {
            continue;
        }
        let caller = match sight {
            Sight::All | Sight::Nothing => Caller::for_organization(due.organization),
            Sight::Without(_) => Caller::for_member(due.organization, member.uuid()),
        };
        let found = conversations.counts(&caller).await?;
        counts.insert(sight, Arc::new(Body::counts(found, due.rev)));
    }
    Ok(counts)
}

fn row(row: &rest::Row) -> Result<(ConversationId, FoundRow), Fault> {
    let found = FoundRow {
        channels: row.channel_ids.iter().map(|text| id(text)).collect::<Result<_, _>>()?,
        owner: row.owner.as_ref().map(|owner| id(&owner.member_id)).transpose()?,
        whole: Arc::new(Body::row(row)),
        moved: Arc::new(Body::moved(row)),
    };
    Ok((id(&row.id)?, found))
}

fn note(note: &rest::Note) -> Result<(NoteId, (ConversationId, Arc<Body>)), Fault> {
    let conversation = id(&note.conversation_id)?;
    Ok((id(&note.note_id)?, (conversation, Arc::new(Body::note(note)))))
}

fn message(message: &rest::Message) -> Result<(MessageId, (ConversationId, Arc<Body>)), Fault> {
    let conversation = id(&message.conversation_id)?;
    Ok((id(&message.id)?, (conversation, Arc::new(Body::message(message)))))
}

fn id<K: Kind>(text: &str) -> Result<kit_values::Id<K>, Fault> {
    text.parse().map_err(Fault::internal)
}
