//! What the generator is told to do.

use kit_values::Fault;
use serde::{Deserialize, Serialize};

use crate::config::Start;

/// What the generator plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Scripted stories at a slow pace.
    Demo,
    /// A crowd at a fixed rate, whatever is answered.
    Load,
}

/// The generator's settings and how far it is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Generator {
    /// Whether it does anything.
    pub running: bool,
    /// What it plays.
    pub mode: Mode,
    /// Demonstration: how many times faster than the natural pace (a message every 20 to 40 s).
    pub pace: f64,
    /// Load: messages a second.
    pub rate: f64,
    /// What its choices follow from.
    pub seed: u64,
    /// Load: how many people the crowd has.
    pub people: u64,
    /// After how many turns it pauses by itself; none: never.
    pub limit: Option<u64>,
    /// Turns since the last change of mode, seed or limit.
    pub turns: u64,
    /// Grows with every change that begins a run anew.
    pub run: u64,
}

/// A change of the settings; what is left out stays.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GeneratorChange {
    running: Option<bool>,
    mode: Option<Mode>,
    pace: Option<f64>,
    rate: Option<f64>,
    seed: Option<u64>,
    people: Option<u64>,
    limit: Option<u64>,
}

impl Generator {
    /// A demonstration.
    #[must_use]
    pub fn new(start: &Start) -> Self {
        Self {
            running: start.running,
            mode: Mode::Demo,
            pace: 1.0,
            rate: 10.0,
            seed: start.seed,
            people: 200,
            limit: None,
            turns: 0,
            run: 0,
        }
    }

    /// Takes over what a change names. Mode, seed and limit begin a run anew.
    pub fn apply(&mut self, change: &GeneratorChange) {
        if change.mode.is_some() || change.seed.is_some() || change.limit.is_some() {
            self.turns = 0;
            self.run += 1;
        }
        self.running = change.running.unwrap_or(self.running);
        self.mode = change.mode.unwrap_or(self.mode);
        self.pace = change.pace.unwrap_or(self.pace);
        self.rate = change.rate.unwrap_or(self.rate);
        self.seed = change.seed.unwrap_or(self.seed);
        self.people = change.people.unwrap_or(self.people);
        // Nought lifts the limit.
        self.limit = change.limit.map_or(self.limit, |limit| Some(limit).filter(|one| *one > 0));
    }
}

impl GeneratorChange {
    /// Refuses what cannot be.
    ///
    /// # Errors
    /// Invalid, naming the field.
    pub fn check(&self) -> Result<(), Fault> {
        let outside = |value: Option<f64>, low: f64, high: f64| {
            value.is_some_and(|value| !(low..=high).contains(&value))
        };
        if outside(self.pace, 0.1, 100.0) {
            return Err(Fault::invalid("out_of_range", "pace", "Between 0.1 and 100."));
        }
        if outside(self.rate, 0.1, 5_000.0) {
            return Err(Fault::invalid("out_of_range", "rate", "Between 0.1 and 5,000 a second."));
        }
        if self.people == Some(0) {
            return Err(Fault::invalid("out_of_range", "people", "At least one."));
        }
        Ok(())
    }
}
