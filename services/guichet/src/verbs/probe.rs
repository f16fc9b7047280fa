//! `guichet probe live|ready`: for orchestrators whose probes are commands.

use std::process::ExitCode;
use std::time::Duration;

use kit_values::{Class, Fault};

use super::Common;
use crate::{operator, output};

/// Asks the operations listener of the process that runs with this configuration.
#[derive(Debug, Clone, Copy, clap::Subcommand)]
pub enum Probe {
    /// Whether it should go on living.
    Live,
    /// Whether it can take work.
    Ready,
}

impl Probe {
    /// Exit code 0 when it is.
    ///
    /// # Errors
    /// Unavailable when nothing answers.
    pub async fn run(self, common: &Common) -> Result<ExitCode, Fault> {
        let settings = common.settings()?;
        let path = match self {
            Self::Live => "livez",
            Self::Ready => "readyz",
        };
        let address = operator::reachable(&settings.operations);
        let response = reqwest::Client::builder()
            .no_proxy()
            .timeout(Duration::from_secs(2))
            .build()
            .map_err(Fault::internal)?
            .get(format!("http://{address}/{path}"))
            .send()
            .await
            .map_err(|error| {
                let sentence = format!("Nothing answers at {address}: is Guichet running?");
                Fault::new(Class::Unavailable, "not_running", sentence).caused_by(error)
            })?;
        if response.status().is_success() {
            return Ok(ExitCode::SUCCESS);
        }
        output::note(response.text().await.unwrap_or_default());
        Ok(ExitCode::FAILURE)
    }
}
