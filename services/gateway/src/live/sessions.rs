//! Tells routing which connections live here: each opening and closing at once, all of them every
//! few seconds, with where their members type. Presence is routing's to conclude.
//!
//! A socket that answers no ping is ended, and so is its session; nothing of a socket waits for
//! routing.

use std::time::Duration;

use kit_service::Runtime;
use kit_values::Fault;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until, timeout};
use uuid::Uuid;

use super::typing::Typing;
use crate::domain::connections::{Connection, Ledger, Report};
use crate::metrics;
use crate::peers::Routing;

/// How often all are told (`design.md` 3).
const RENEW: Duration = Duration::from_secs(5);
/// Shortest and longest pause after a report that did not arrive.
const PAUSE: (Duration, Duration) = (Duration::from_millis(100), RENEW);
/// How long the last report may take.
const FAREWELL: Duration = Duration::from_secs(1);

enum Note {
    Opened(Connection),
    Closed(Uuid),
}

/// The sockets' end.
#[derive(Debug, Clone)]
pub struct Reporter(UnboundedSender<Note>);

/// The reporting task's end.
pub struct Notes(UnboundedReceiver<Note>);

/// Both ends.
#[must_use]
pub fn reporter() -> (Reporter, Notes) {
    let (sender, receiver) = unbounded_channel();
    (Reporter(sender), Notes(receiver))
}

impl Reporter {
    /// A connection opened. It is said to be closed when what is given back goes.
    #[must_use]
    pub fn opened(&self, connection: Connection) -> Open<'_> {
        let id = connection.id;
        // Nobody listens any more when the process stops.
        let _ = self.0.send(Note::Opened(connection));
        Open { reporter: self, id }
    }
}

/// A connection that is open.
pub struct Open<'a> {
    reporter: &'a Reporter,
    id: Uuid,
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        let _ = self.reporter.0.send(Note::Closed(self.id));
    }
}

impl Notes {
    /// Takes what came and whatever else came with it.
    fn take(&mut self, ledger: &mut Ledger, first: Option<Note>) {
        let mut next = first.or_else(|| self.0.try_recv().ok());
        while let Some(note) = next {
            match note {
                Note::Opened(connection) => ledger.open(connection),
                Note::Closed(id) => ledger.close(id),
            }
            next = self.0.try_recv().ok();
        }
    }
}

/// Reports until the process stops, and then that it does.
pub async fn run(
    mut notes: Notes,
    gateway: Uuid,
    routing: Routing,
    typing: Typing,
    runtime: Runtime,
) -> Result<(), Fault> {
    let mut ledger = Ledger::new(gateway);
    let mut renew = interval(RENEW);
    renew.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut failures = 0_u32;
    let mut not_before = Instant::now();
    loop {
        let renewal = tokio::select! {
            biased;
            () = runtime.stop.cancelled() => break,
            _ = renew.tick() => true,
            note = notes.0.recv() => {
                notes.take(&mut ledger, note);
                if Instant::now() < not_before {
                    continue;
                }
                false
            }
            () = sleep_until(not_before), if ledger.has_news() => false,
        };
        notes.take(&mut ledger, None);
        if !renewal && !ledger.has_news() {
            continue;
        }
        let report = ledger.report(renewal);
        if tell(&routing, &report, &typing).await {
            ledger.told(&report);
            failures = 0;
            not_before = Instant::now();
        } else {
            not_before = Instant::now() + (PAUSE.0 * 2_u32.pow(failures.min(6))).min(PAUSE.1);
            failures += 1;
        }
    }
    notes.take(&mut ledger, None);
    let _ = timeout(FAREWELL, tell(&routing, &ledger.farewell(), &typing)).await;
    Ok(())
}

async fn tell(routing: &Routing, report: &Report, typing: &Typing) -> bool {
    let outcome = routing.report(report, &typing.among(&report.live)).await;
    metrics::reported(outcome.is_ok());
    if let Err(fault) = &outcome {
        let (opened, closed) = (report.opened.len(), report.closed.len());
        tracing::info!(%fault, opened, closed, "sessions could not be reported yet");
    }
    outcome.is_ok()
}
