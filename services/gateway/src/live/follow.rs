//! Reads the streams into the hub.

use std::sync::Arc;
use std::time::Duration;

use kit_bus::{Bus, Followed, Start, Subject, TailEvent};
use kit_service::{HealthFlag, Runtime};
use kit_store::Store;
use kit_values::Fault;

use super::desk::Desk;
use super::hub::Hub;
use crate::app::sessions;
use crate::domain::position::{Mark, Source};
use crate::domain::ring::{Change, MEMORY, Settings};
use crate::metrics;
use crate::peers::{Doors, People};
use crate::wire::events::{self, Meaning};

/// Longest pause between tries to end sessions.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// What the followers share.
#[derive(Clone)]
pub struct Follower {
    /// Where what is read goes.
    pub hub: Arc<Hub>,
    /// The broker.
    pub bus: Bus,
    /// Where sessions are kept.
    pub store: Store,
    /// The names of members.
    pub people: People,
    /// Who may see what.
    pub doors: Doors,
    /// Where it is noted that a member owns more or less.
    pub desk: Desk,
    /// Raised once all streams are caught up.
    pub ready: HealthFlag,
    /// The process.
    pub runtime: Runtime,
}

impl Follower {
    /// Follows one stream until the process stops.
    pub async fn run(self, source: Source) -> Result<(), Fault> {
        let remembered = Start::Since(kit_values::now() - MEMORY);
        let (stream, start) = match source {
            Source::Conversation => ("CONVERSATION", remembered),
            // From its beginning: a session that was voided while no gateway ran must end.
            Source::Directory => ("DIRECTORY", Start::All),
            Source::Routing => ("ROUTING", remembered),
            Source::Notification => ("NOTIFICATION", remembered),
        };
        let mut tail = self.bus.follow(stream, start);
        loop {
            let event = tokio::select! {
                () = self.runtime.stop.cancelled() => return Ok(()),
                event = tail.next() => event?,
            };
            match event {
                TailEvent::Life { incarnation, last } => {
                    self.hub.life(source, incarnation.as_u128(), last);
                }
                TailEvent::Event(event) => self.take(source, &event).await,
                TailEvent::CaughtUp => {
                    self.hub.caught_up(source);
                    if self.hub.is_filled() {
                        self.ready.set_ready();
                    }
                }
            }
        }
    }

    async fn take(&self, source: Source, event: &Followed) {
        let organization = Subject::parse(&event.subject).and_then(|subject| subject.organization);
        let told = events::read(source, organization, &event.payload).map(|told| {
            if self.hub.is_filled() {
                told.loads.into_iter().for_each(|whose| self.desk.changed(whose));
            }
            told.meaning
        });
        let change = match told {
            Ok(Meaning::Change(organization, change)) => {
                if change == Change::Settings(Settings::Channels) {
                    self.doors.changed(organization);
                }
                Some((organization, change))
            }
            Ok(Meaning::Member { organization, member, before }) => {
                self.people.changed(organization);
                self.doors.changed(organization);
                self.void(organization, member, before).await;
                Some((organization, Change::Settings(Settings::Members)))
            }
            Ok(Meaning::Nothing) => None,
            Err(reason) => {
                // The record is its producer's: nothing is lost by leaving it out here.
                tracing::warn!(?source, sequence = event.sequence, reason, "an event was left out");
                metrics::left_out();
                None
            }
        };
        let mark = Mark { incarnation: event.incarnation.as_u128(), sequence: event.sequence };
        self.hub.record(source, mark, event.published, event.trace.as_deref(), change);
    }

    /// Ends sessions, however long the database is away: nothing is told past this event before
    /// it has been done.
    async fn void(
        &self,
        organization: kit_values::OrganizationId,
        member: crate::domain::MemberId,
        before: i64,
    ) {
        self.hub.cut_member(organization, member, before);
        let mut pause = Duration::from_millis(100);
        while let Err(fault) = sessions::void(&self.store, organization, member, before).await {
            tracing::warn!(%fault, "sessions could not be ended yet");
            tokio::select! {
                () = self.runtime.stop.cancelled() => return,
                () = tokio::time::sleep(pause) => {}
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }
}
