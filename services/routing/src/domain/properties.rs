//! Properties of the decisions over random organizations and random runs.

mod doors;
mod draw;
mod lives;
mod placing;
mod presence;
mod reference;
mod spread;
mod world;

use proptest::prelude::*;

/// At least 1,000 cases; more when `PROPTEST_CASES` asks for them.
fn config() -> ProptestConfig {
    let default = ProptestConfig::default();
    ProptestConfig { cases: default.cases.max(1_000), failure_persistence: None, ..default }
}
