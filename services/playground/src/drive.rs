//! Lets the generator act in real time.

use std::sync::Arc;
use std::time::Duration;

use kit_service::Runtime;
use kit_values::{Fault, now};
use tokio::time::Instant;

use crate::callbacks::has_handshake;
use crate::controls::{Generator, Mode};
use crate::generator::{Step, Stories, crowd_action};
use crate::stage::Stage;
use crate::world::Origin;

/// How long the first story waits for the callbacks to answer their networks.
const PATIENCE: Duration = Duration::from_secs(30);

/// Plays what the controls say until the process stops.
///
/// # Errors
/// Never by itself; the signature is that of a task.
pub async fn drive(stage: Arc<Stage>, runtime: Runtime) -> Result<(), Fault> {
    let mut controls = stage.generator();
    let waiting = tokio::time::timeout(PATIENCE, callbacks_valid(&stage));
    tokio::select! {
        () = runtime.stop.cancelled() => return Ok(()),
        _ = waiting => {}
    }
    let mut telling = Telling::new(&stage, &controls.borrow());
    loop {
        let current = controls.borrow_and_update().clone();
        if current.run != telling.run {
            telling = Telling::new(&stage, &current);
        }
        let run = async {
            match (current.running, current.mode) {
                (false, _) => std::future::pending().await,
                (true, Mode::Demo) => telling.tell(&stage, current.pace).await,
                (true, Mode::Load) => crowd(&stage, &current).await,
            }
        };
        tokio::select! {
            () = runtime.stop.cancelled() => return Ok(()),
            changed = controls.changed() => if changed.is_err() { return Ok(()) },
            () = run => {}
        }
    }
}

/// X does not try again by itself, so a story told before anybody listens would be lost.
async fn callbacks_valid(stage: &Stage) {
    loop {
        let is_valid = {
            let inner = stage.lock();
            let mut accounts = inner.world.accounts().iter();
            let is_known = !inner.callbacks.is_empty()
                || !accounts.any(|account| has_handshake(account.network));
            is_known && inner.callbacks.iter().all(|callback| callback.valid)
        };
        if is_valid {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// The stories of one run; kept over a pause or a change of pace.
struct Telling {
    run: u64,
    stories: Stories,
    step: Option<Step>,
}

impl Telling {
    fn new(stage: &Stage, settings: &Generator) -> Self {
        let already = stage.lock().world.last_number();
        Self { run: settings.run, stories: Stories::new(settings.seed, already), step: None }
    }

    /// One step after another; given up between two of them when the controls change.
    async fn tell(&mut self, stage: &Stage, pace: f64) {
        loop {
            if self.step.is_none() {
                self.step = self.stories.next_step(&stage.lock().world);
            }
            // Without an account there is nothing to tell: only a new configuration changes that.
            let Some(wait) = self.step.as_ref().map(|step| step.wait) else {
                return std::future::pending().await;
            };
            tokio::time::sleep(wait.div_f64(pace)).await;
            let Some(step) = self.step.take() else { continue };
            match stage.perform(&step.action, Origin::Story, now()) {
                Ok((happening, _)) => self.stories.told(step.story, &happening),
                Err(fault) => tracing::debug!(%fault, "a step of a story was refused"),
            }
            if stage.count_turn() {
                return std::future::pending().await;
            }
        }
    }
}

/// One message every `1 / rate` seconds from the start on, however long anything takes.
async fn crowd(stage: &Stage, settings: &Generator) {
    let started = Instant::now();
    let mut turn = settings.turns;
    loop {
        let behind = u32::try_from(turn - settings.turns).unwrap_or(u32::MAX);
        let due = started + Duration::from_secs_f64(f64::from(behind) / settings.rate);
        tokio::time::sleep_until(due).await;
        let action = crowd_action(&stage.lock().world, settings.seed, turn, settings.people);
        let Some(action) = action else { return std::future::pending().await };
        if let Err(fault) = stage.perform(&action, Origin::Load, now()) {
            tracing::debug!(%fault, "a turn of the crowd was refused");
        }
        if stage.count_turn() {
            return std::future::pending().await;
        }
        turn += 1;
    }
}
