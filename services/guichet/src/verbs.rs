//! The command line: one file a verb.

mod config;
mod migrate;
mod parked;
mod probe;
mod run;
mod up;
mod webhook;

use std::path::PathBuf;
use std::process::ExitCode;

use kit_values::Fault;

use crate::data::Data;
use crate::files;
use crate::settings::Settings;

/// A self-hosted inbox for customer care on social networks.
#[derive(Debug, clap::Parser)]
#[command(name = "guichet", version, propagate_version = true)]
pub struct Arguments {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    verb: Verb,
}

/// What every verb takes.
#[derive(Debug, clap::Args)]
pub struct Common {
    /// Configuration file (TOML); `GUICHET__section__key` in the environment overrides it.
    #[arg(long, global = true, env = "GUICHET_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    /// Where `up` keeps everything; the other verbs reach the processes that it started last.
    #[arg(long, global = true, env = "GUICHET_DATA", value_name = "DIR")]
    data: Option<PathBuf>,
}

impl Common {
    /// The configuration file's settings; without a file, those of what `up` started last.
    ///
    /// # Errors
    /// Invalid, naming the key.
    fn settings(&self) -> Result<Settings, Fault> {
        // Where there is no folder to look into (a container without a home), the environment
        // may still say everything.
        let folder = Data::at(self.data.clone()).ok().filter(|_| self.config.is_none());
        let base = folder.map(|data| files::read(&data.running())).transpose()?.flatten();
        Settings::load(&base.unwrap_or_default(), self.config.as_deref())
    }
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Runs some services in this process.
    Run(run::Run),
    /// Starts everything on this machine.
    Up(up::Up),
    /// Brings the database up to date.
    Migrate(migrate::Migrate),
    /// Shows or checks the configuration.
    #[command(subcommand)]
    Config(config::Config),
    /// Asks a running process whether it lives, or is ready.
    #[command(subcommand)]
    Probe(probe::Probe),
    /// Captured webhooks.
    #[command(subcommand)]
    Webhook(webhook::Webhook),
    /// What could not be read or applied.
    #[command(subcommand)]
    Parked(parked::Parked),
}

impl Arguments {
    /// Runs the verb.
    ///
    /// # Errors
    /// What the verb says.
    pub async fn run(self) -> Result<ExitCode, Fault> {
        let common = &self.common;
        match self.verb {
            // Large: they hold everything that starts.
            Verb::Run(verb) => Box::pin(verb.run(common)).await,
            Verb::Up(verb) => Box::pin(verb.run(common)).await,
            Verb::Migrate(verb) => verb.run(common).await,
            Verb::Config(verb) => verb.run(common),
            Verb::Probe(verb) => verb.run(common).await,
            Verb::Webhook(verb) => verb.run(common).await,
            Verb::Parked(verb) => verb.run(common).await,
        }
    }
}
