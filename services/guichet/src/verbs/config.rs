//! `guichet config print|check`.

use std::process::ExitCode;

use kit_service::config;
use kit_values::Fault;

use super::Common;
use crate::output;
use crate::services::ALL;

/// Shows or checks the configuration that a process with the same arguments would have.
#[derive(Debug, clap::Subcommand)]
pub enum Config {
    /// Prints it as TOML, every secret as `[secret]`.
    Print,
    /// Reads it, checks keys and addresses, and names the services that it configures.
    Check,
}

impl Config {
    /// Does it.
    ///
    /// # Errors
    /// Invalid, naming the key and its section.
    pub fn run(self, common: &Common) -> Result<ExitCode, Fault> {
        let settings = common.settings()?;
        match self {
            Self::Print => output::line(config::print(&settings)?.trim_end()),
            Self::Check => {
                let services: Vec<&str> = ALL
                    .into_iter()
                    .filter(|service| service.is_configured(&settings))
                    .map(crate::services::Service::name)
                    .collect();
                for service in &services {
                    settings.identity.identity(service)?;
                }
                let services =
                    if services.is_empty() { "none".to_owned() } else { services.join(", ") };
                output::line(format!("The configuration is fine. Services: {services}."));
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}
