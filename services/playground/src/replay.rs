//! X's replay job: tells again what it told, or tried to tell, in a time of the past day.

use kit_values::Fault;
use serde::{Deserialize, Serialize};
use serde_json::json;
use time::{Duration, OffsetDateTime};

use crate::journal::{self, Entry};
use crate::log::Outcome;
use crate::stage::{Stage, updates};
use crate::update::{Content, Update};
use crate::world::{Network, Origin};

/// How far back a replay reaches.
const REACH: Duration = Duration::DAY;

/// What to tell again.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ReplayRequest {
    /// Only this registration; left out: all.
    application: Option<String>,
    /// From this moment of the network on; left out: as far back as a replay reaches.
    #[serde(with = "time::serde::rfc3339::option")]
    from: Option<OffsetDateTime>,
    /// Up to this moment; left out: now.
    #[serde(with = "time::serde::rfc3339::option")]
    to: Option<OffsetDateTime>,
    /// Only what was never accepted. X has no such choice; it spares a long run.
    only_failed: bool,
}

/// What a replay came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Replayed {
    /// Id of the job.
    pub job_id: String,
    /// How many updates are told again.
    pub updates: usize,
}

/// Tells again, in the order of what happened, and then that the job is complete. Reads the
/// journal, so it belongs on the blocking pool.
///
/// # Errors
/// Unavailable when the journal cannot be read.
pub fn replay(
    stage: &Stage,
    request: &ReplayRequest,
    now: OffsetDateTime,
) -> Result<Replayed, Fault> {
    let from = request.from.unwrap_or(now - REACH).max(now - REACH);
    let to = request.to.unwrap_or(now);
    let mut happenings = Vec::new();
    journal::read(&stage.journal_path(), |entry| match entry {
        Entry::Happening(happening)
            if happening.network == Network::X && (from..=to).contains(&happening.at) =>
        {
            happenings.push(*happening);
        }
        _ => {}
    })?;
    let is_wanted = |update: &Update| {
        request.application.as_ref().is_none_or(|wanted| *wanted == update.application)
    };
    let mut inner = stage.lock();
    let job_id = inner.world.mint(now).to_string();
    let mut told: Vec<Update> = Vec::new();
    for happening in &happenings {
        for update in updates(&inner.world, happening, stage.around()) {
            let outcome = inner.log.outcome(update.number, update.index);
            let is_left = !request.only_failed || outcome != Some(Outcome::Accepted);
            if is_wanted(&update) && is_left {
                told.push(update);
            }
        }
    }
    let count = told.len();
    let mut ends: Vec<Update> = Vec::new();
    for update in &told {
        if !ends.iter().any(|end| end.application == update.application) {
            let end = job_status(update, &job_id, now);
            inner.log.add(&end, Origin::Hand);
            ends.push(end);
        }
    }
    drop(inner);
    told.extend(ends);
    stage.send(told, true);
    Ok(Replayed { job_id, updates: count })
}

fn job_status(of: &Update, job_id: &str, now: OffsetDateTime) -> Update {
    Update {
        // No happening has number 0, and the index is the job's own.
        number: 0,
        index: job_id.parse::<u64>().map_or(0, |id| u32::try_from(id & 0xFFFF_FFFF).unwrap_or(0)),
        event: "replay_job_status".to_owned(),
        external_id: job_id.to_owned(),
        author: of.account.clone(),
        text: None,
        at: now,
        content: Content::Envelope(json!({"replay_job_status": {
            "webhook_id": of.application,
            "job_state": "Complete",
            "job_state_description": "Job completed successfully",
            "job_id": job_id,
        }})),
        ..of.clone()
    }
}
