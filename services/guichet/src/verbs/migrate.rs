//! `guichet migrate`: roles, schemas and tables of every configured service.

use std::process::ExitCode;

use kit_service::telemetry;
use kit_values::Fault;

use super::Common;
use crate::{output, schema};

/// Brings the database up to date and ends. May run while services run, and any number at once.
#[derive(Debug, clap::Args)]
pub struct Migrate {}

impl Migrate {
    /// Does it.
    ///
    /// # Errors
    /// What PostgreSQL or a migration says.
    pub async fn run(self, common: &Common) -> Result<ExitCode, Fault> {
        let settings = common.settings()?;
        let _telemetry = telemetry::init(&settings.telemetry)?;
        schema::apply(&settings).await?;
        output::note("The database is up to date.");
        Ok(ExitCode::SUCCESS)
    }
}
