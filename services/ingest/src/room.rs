//! How much memory the bodies that are arriving may take. Whoever knows one callback address can
//! post to it, slowly and without end; that must stop intake neither at other addresses nor, at
//! the same one, of bodies of the usual length.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::batcher::PATIENCE;
use crate::domain::ApplicationId;

/// Most bytes of all bodies together: of what they have within and beyond their first [`SHORT`]
/// bytes.
const ALL: Size = Size { within: 16 << 20, beyond: 64 << 20 };

/// Most bytes of the bodies of one application, so that it takes four to fill it all.
const ONE: Size = Size { within: 4 << 20, beyond: 16 << 20 };

/// The usual length of bodies: no longer ones take the room of these.
const SHORT: usize = 128 << 10;

struct Size {
    within: usize,
    beyond: usize,
}

#[derive(Debug, Clone)]
struct Room {
    within: Arc<Semaphore>,
    beyond: Arc<Semaphore>,
}

impl Room {
    fn new(size: &Size) -> Self {
        Self {
            within: Arc::new(Semaphore::new(size.within)),
            beyond: Arc::new(Semaphore::new(size.beyond)),
        }
    }
}

/// The room for bodies.
#[derive(Debug)]
pub struct Rooms {
    all: Room,
    /// Those of every application that was ever posted to: as many as there are.
    of: Mutex<HashMap<ApplicationId, Room>>,
}

impl Default for Rooms {
    fn default() -> Self {
        Self { all: Room::new(&ALL), of: Mutex::default() }
    }
}

impl Rooms {
    /// Begins to hold a body of this application.
    pub fn enter(&self, application: ApplicationId) -> Held {
        let mut rooms = self.of.lock().unwrap_or_else(PoisonError::into_inner);
        let own = rooms.entry(application).or_insert_with(|| Room::new(&ONE)).clone();
        Held { rooms: [own, self.all.clone()], bytes: 0, permits: [const { None }; 4] }
    }
}

/// What one body takes, until it is dropped.
#[derive(Debug)]
pub struct Held {
    /// Its application's before that of all: whoever waits at their own door stands in nobody's
    /// way.
    rooms: [Room; 2],
    bytes: usize,
    permits: [Option<OwnedSemaphorePermit>; 4],
}

/// There is no room, and there was none for a while.
#[derive(Debug)]
pub struct Full;

impl Held {
    /// Takes room for so many bytes more. Each is accounted for as it arrives, so that whoever
    /// announces much and sends little holds little.
    ///
    /// # Errors
    /// When there is no room within [`PATIENCE`].
    pub async fn grow(&mut self, by: usize) -> Result<(), Full> {
        let within = by.min(SHORT.saturating_sub(self.bytes));
        let wanted = self.rooms.iter().flat_map(|room| {
            [(Arc::clone(&room.within), within), (Arc::clone(&room.beyond), by - within)]
        });
        for ((room, bytes), held) in wanted.zip(&mut self.permits) {
            let bytes = u32::try_from(bytes).map_err(|_| Full)?;
            if bytes == 0 {
                continue;
            }
            let more = tokio::time::timeout(PATIENCE, room.acquire_many_owned(bytes)).await;
            let more = more.ok().and_then(Result::ok).ok_or(Full)?;
            match held {
                Some(held) => held.merge(more),
                None => *held = Some(more),
            }
        }
        self.bytes += by;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG_BODY: usize = 8 << 20;

    async fn fits(rooms: &Rooms, application: ApplicationId, bytes: usize) -> Option<Held> {
        let mut held = rooms.enter(application);
        held.grow(bytes).await.ok().map(|()| held)
    }

    #[tokio::test(start_paused = true)]
    async fn long_bodies_of_one_application_leave_room_for_its_short_ones_and_for_all_others() {
        let rooms = Rooms::default();
        let [busy, quiet] = [ApplicationId::mint(), ApplicationId::mint()];
        let mut held = Vec::new();
        while let Some(more) = fits(&rooms, busy, LONG_BODY).await {
            held.push(more);
        }
        assert_eq!(held.len(), 2);
        assert!(fits(&rooms, busy, SHORT).await.is_some());
        assert!(fits(&rooms, quiet, LONG_BODY).await.is_some());
        held.pop();
        assert!(fits(&rooms, busy, LONG_BODY).await.is_some(), "what is dropped makes room");
    }

    #[tokio::test(start_paused = true)]
    async fn short_bodies_of_one_application_leave_room_for_those_of_all_others() {
        let rooms = Rooms::default();
        let [busy, quiet] = [ApplicationId::mint(), ApplicationId::mint()];
        let mut held = Vec::new();
        while let Some(more) = fits(&rooms, busy, SHORT).await {
            held.push(more);
        }
        assert_eq!(held.len(), 32);
        assert!(fits(&rooms, quiet, SHORT).await.is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_is_held_byte_by_byte_however_it_arrives() {
        let rooms = Rooms::default();
        let application = ApplicationId::mint();
        let mut held = rooms.enter(application);
        for _ in 0..LONG_BODY / 1_024 {
            held.grow(1_024).await.expect("room");
        }
        let room = rooms.enter(application).rooms[0].clone();
        assert_eq!(room.within.available_permits(), ONE.within - SHORT);
        assert_eq!(room.beyond.available_permits(), ONE.beyond - (LONG_BODY - SHORT));
        drop(held);
        assert_eq!(room.within.available_permits(), ONE.within);
        assert_eq!(room.beyond.available_permits(), ONE.beyond);
    }
}
