//! How much a member owns, told beside the feed: it changes without them choosing anything, and
//! no event carries it. Asked a little later, when routing has counted; what cannot be had is
//! left out, and comes with the next change.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt as _;
use kit_service::{Caller, Runtime};
use kit_values::{Fault, OrganizationId};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::{Instant, sleep_until};

use super::hub::Hub;
use crate::domain::MemberId;
use crate::peers::Routing;
use crate::wire::frames;

/// How long changes of one member are gathered.
const GATHERED: Duration = Duration::from_millis(500);
/// Most questions at a time.
const MOST_AT_ONCE: usize = 8;

type Whose = (OrganizationId, MemberId);

/// The follower's end.
#[derive(Debug, Clone)]
pub struct Desk(UnboundedSender<Whose>);

/// The task's end.
pub struct Notes(UnboundedReceiver<Whose>);

/// Both ends.
#[must_use]
pub fn desk() -> (Desk, Notes) {
    let (sender, receiver) = unbounded_channel();
    (Desk(sender), Notes(receiver))
}

impl Desk {
    /// What a member owns may have changed.
    pub fn changed(&self, whose: Whose) {
        // Nobody listens any more when the process stops.
        let _ = self.0.send(whose);
    }
}

/// Asks and tells until the process stops.
pub async fn run(
    mut notes: Notes,
    hub: Arc<Hub>,
    routing: Routing,
    runtime: Runtime,
) -> Result<(), Fault> {
    let mut due: BTreeMap<Whose, Instant> = BTreeMap::new();
    loop {
        let next = due.values().min().copied();
        tokio::select! {
            () = runtime.stop.cancelled() => return Ok(()),
            Some(whose) = notes.0.recv() => {
                if hub.has_member(whose) {
                    due.entry(whose).or_insert_with(|| Instant::now() + GATHERED);
                }
            }
            () = sleep_until(next.unwrap_or_else(Instant::now)), if next.is_some() => {
                let now = Instant::now();
                let (ready, later): (BTreeMap<_, _>, _) =
                    due.into_iter().partition(|(_, at)| *at <= now);
                due = later;
                let asking = ready.into_keys().map(|whose| tell(&hub, &routing, whose));
                futures::stream::iter(asking).buffer_unordered(MOST_AT_ONCE).count().await;
            }
        }
    }
}

async fn tell(hub: &Hub, routing: &Routing, whose: Whose) {
    let caller = Caller::for_member(whose.0, whose.1.uuid());
    match routing.availability(&caller).await {
        Ok(availability) => hub.tell_member(whose, &frames::availability(&availability).into()),
        Err(fault) => tracing::debug!(%fault, "what a member owns could not be asked"),
    }
}
