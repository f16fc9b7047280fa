//! What the planner goes by.

use time::Duration;

/// The settings that the planner uses. Every explanation carries their version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// Grows with every change of the settings.
    pub version: i64,
    /// How many conversations one plan places at most.
    pub batch: usize,
    /// How much longer a conversation counts as having waited, for each point.
    pub per_point: Duration,
    /// How many candidates an explanation names; the others are only counted.
    pub shown: usize,
}

impl Policy {
    /// The same after so many changes of what the organization says.
    #[must_use]
    pub const fn after(self, changes: i64) -> Self {
        Self { version: self.version + changes, ..self }
    }
}

impl Default for Policy {
    /// 200 placements a transaction (`design.md` 3), a minute a point, 20 candidates by name.
    fn default() -> Self {
        Self { version: 1, batch: 200, per_point: Duration::minutes(1), shown: 20 }
    }
}
