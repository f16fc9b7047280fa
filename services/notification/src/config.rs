//! Configuration section `[notification]`.

use kit_bus::BrokerSettings;
use kit_service::{Listener, Peer, egress};
use kit_store::DatabaseSettings;
use kit_values::Secret;
use serde::{Deserialize, Serialize};

/// What the service needs to run.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// As role `guichet_notification`.
    pub database: DatabaseSettings,
    /// As role `guichet_notification_relay`.
    pub relay_database: DatabaseSettings,
    /// The message broker.
    pub broker: BrokerSettings,
    /// Where gRPC listens.
    pub rpc: Listener,
    /// Where members are.
    pub directory: Peer,
    /// The workspace's address in the browser, for links in mails.
    pub public_url: String,
    /// The installation's key for Web Push (RFC 8292): P-256 as PKCS #8 in base64. Without one
    /// nobody is told by the desktop; with another one every browser has to subscribe anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub push_key: Option<Secret<String>>,
    /// Whom a push service may ask, as `mailto:admin@example.com`; empty: the workspace's address.
    #[serde(default)]
    pub push_contact: String,
    /// Mail; without it nobody is told by mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub smtp: Option<Smtp>,
    /// The way out to push services, whose addresses browsers give.
    #[serde(default)]
    pub egress: egress::Settings,
}

/// How the line to the mail server is kept secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Encryption {
    /// From the first byte.
    Tls,
    /// After a greeting in the clear, and never without.
    #[default]
    StartTls,
    /// Not at all: a server on this very machine.
    None,
}

/// Section `[notification.smtp]`.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Smtp {
    /// The server's name.
    pub host: String,
    /// Its port: 465 with `tls`, 587 with `starttls`, as a rule.
    pub port: u16,
    /// How the line is kept secret: `tls`, `starttls` or `none`.
    #[serde(default)]
    pub encryption: Encryption,
    /// Who sends; left out: the server asks nobody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The sender's password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<Secret<String>>,
    /// What mails come from, as `Guichet <care@example.com>`.
    pub from: String,
}
