//! `guichet webhook post`: captured bodies to a running ingest, each item followed to its end.

mod follow;
mod post;
mod report;

use std::path::PathBuf;
use std::process::ExitCode;

use kit_service::config;
use kit_values::{Class, Fault};

use super::Common;
use crate::files;

/// The environment variable that holds the application's signing secret.
const SECRET: &str = "GUICHET_WEBHOOK_SECRET";

/// What can be done with captured webhooks.
#[derive(Debug, clap::Subcommand)]
pub enum Webhook {
    /// Signs bodies as the network would (secret from `GUICHET_WEBHOOK_SECRET`), posts them, and
    /// follows every item until it is final, 10 s at most. Exit code 1 when a body was refused or
    /// an item did not become final.
    Post(Post),
}

/// What to post, and where.
#[derive(Debug, clap::Args)]
pub struct Post {
    /// The network that is played.
    #[arg(long, value_enum)]
    network: Network,
    /// The application whose callback address is used, `app_…`.
    #[arg(long, value_name = "ID")]
    application: String,
    /// One line of JSON an item instead of a table.
    #[arg(long)]
    json: bool,
    /// Address of ingest's webhook listener; else that of the configuration.
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// Address of ingest's gRPC listener; else that of the configuration.
    #[arg(long, value_name = "HOST:PORT")]
    ingest: Option<String>,
    /// Address of conversation's gRPC listener; else that of the configuration.
    #[arg(long, value_name = "HOST:PORT")]
    conversation: Option<String>,
    /// Bodies, byte for byte as the network sent them.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// A network whose webhooks can be signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Network {
    /// X.
    X,
    /// Facebook.
    Facebook,
}

impl Webhook {
    /// Does it.
    ///
    /// # Errors
    /// Invalid without a secret; Unavailable when a file or ingest cannot be reached.
    pub async fn run(self, common: &Common) -> Result<ExitCode, Fault> {
        let Self::Post(post) = self;
        let secret = config::environment(SECRET).ok_or_else(|| {
            let sentence = format!("Set {SECRET} to the application's signing secret.");
            Fault::new(Class::Invalid, "secret_missing", sentence)
        })?;
        let settings = common.settings()?;
        let mut bodies = Vec::new();
        for path in &post.files {
            let body = std::fs::read(path).map_err(|error| files::refusal(path, error))?;
            bodies.push((path.display().to_string(), body));
        }
        let mut followed = follow::Followed::connect(&settings, &post)?;
        let address = post::address(&settings, &post)?;
        let mut requests = Vec::new();
        for (file, body) in bodies {
            requests.push(post::send(&address, post.network, &secret, file, body).await?);
        }
        let requests = followed.until_final(requests).await?;
        Ok(report::show(&requests, post.json))
    }
}
