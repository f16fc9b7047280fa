//! The whole configuration: one section a service, and those of the process.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;
use std::time::Duration;

use kit_service::{Listener, RedisSettings, config, identity, telemetry};
use kit_values::{Fault, Secret};
use serde::{Deserialize, Serialize};
use url::Url;

/// Everything that `guichet` reads. A section that is absent means that its service does not
/// run in this process.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Logs and traces.
    pub telemetry: telemetry::Settings,
    /// The listener of `/livez`, `/readyz` and `/metrics`.
    pub operations: Listener,
    /// The process as a whole.
    pub process: Process,
    /// What `up` puts together itself.
    pub up: Up,
    /// Servers as their administrator reaches them: for `up` and `migrate` only.
    pub servers: Servers,
    /// Redis; given, `up` starts none of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redis: Option<RedisSettings>,
    /// Keys of the services.
    pub identity: identity::Keys,
    /// Webhooks in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ingest: Option<ingest::Config>,
    /// Conversations.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conversation: Option<conversation::Config>,
    /// Availability, presence, owners.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub routing: Option<routing::Config>,
    /// Calls of the networks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivery: Option<delivery::Config>,
    /// Who is told what.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notification: Option<notification::Config>,
    /// Short links.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link_shortener: Option<link_shortener::Config>,
    /// Organizations, members, channels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub directory: Option<directory::Config>,
    /// The edge for browsers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gateway: Option<gateway::Config>,
    /// The networks, played.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub playground: Option<playground::Config>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            telemetry: telemetry::Settings::default(),
            operations: Listener { address: loopback(8082) },
            process: Process::default(),
            up: Up::default(),
            servers: Servers::default(),
            redis: None,
            identity: identity::Keys::default(),
            ingest: None,
            conversation: None,
            routing: None,
            delivery: None,
            notification: None,
            link_shortener: None,
            directory: None,
            gateway: None,
            playground: None,
        }
    }
}

/// Section `[process]`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Process {
    /// How long work in flight may take to finish after the first signal, in seconds.
    pub drain_seconds: u64,
    /// Whether gRPC listeners offer reflection; for development.
    pub reflection: bool,
}

impl Default for Process {
    fn default() -> Self {
        Self { drain_seconds: 25, reflection: false }
    }
}

impl Process {
    /// How long work in flight may take to finish.
    #[must_use]
    pub const fn drain(&self) -> Duration {
        Duration::from_secs(self.drain_seconds)
    }
}

/// Section `[up]`: where an installation on one machine is reached.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Up {
    /// Address and port of the workspace.
    pub workspace: SocketAddr,
    /// Address and port of webhooks.
    pub webhooks: SocketAddr,
    /// Address and port of short links.
    pub links: SocketAddr,
    /// The address that people open, when it is not that of the workspace's listener.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_url: Option<String>,
    /// What short links begin with, when it is not the address of their listener.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub links_url: Option<String>,
}

impl Default for Up {
    fn default() -> Self {
        Self {
            workspace: loopback(8080),
            webhooks: loopback(8081),
            links: loopback(8083),
            public_url: None,
            links_url: None,
        }
    }
}

/// What `up` must know before it can put the rest together; the sections of the services may be
/// partial at that point, and keys that nobody knows are refused right after.
#[derive(Debug, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// Logs and traces.
    pub telemetry: telemetry::Settings,
    /// Probes and metrics.
    pub operations: Listener,
    /// The process as a whole.
    pub process: Process,
    /// Where the installation is reached.
    pub up: Up,
    /// Servers to use instead of private ones.
    pub servers: Servers,
    /// Redis to use instead of a private one.
    pub redis: Option<RedisSettings>,
}

impl Default for Asked {
    fn default() -> Self {
        let Settings { telemetry, operations, process, up, servers, redis, .. } =
            Settings::default();
        Self { telemetry, operations, process, up, servers, redis }
    }
}

/// Section `[servers]`: given, `up` starts none of its own.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Servers {
    /// `postgres://admin:password@host:port/database`, as a superuser or a role that may make
    /// roles.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postgresql: Option<Secret<String>>,
    /// `nats://host:port`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nats: Option<String>,
    /// The broker's user for all services of `up`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nats_user: Option<String>,
    /// Its password.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nats_password: Option<Secret<String>>,
}

/// A port of the loopback interface.
pub const fn loopback(port: u16) -> SocketAddr {
    SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port)
}

/// Refuses an address that no client of Redis could use.
fn check(redis: &RedisSettings) -> Result<(), Fault> {
    let url = Url::parse(redis.url.expose()).ok();
    if url.is_some_and(|url| matches!(url.scheme(), "redis" | "rediss") && url.has_host()) {
        return Ok(());
    }
    let sentence = "The address of Redis is not of the form redis://user:password@host:port.";
    Err(Fault::invalid("redis_url", "redis.url", sentence))
}

impl Settings {
    /// Reads `base` (a TOML text), then `file`, then the environment.
    ///
    /// # Errors
    /// Invalid, naming the key.
    pub fn load(base: &str, file: Option<&Path>) -> Result<Self, Fault> {
        let settings: Self = config::load_over(base, file)?;
        if let Some(redis) = &settings.redis {
            check(redis)?;
        }
        Ok(settings)
    }
}
