//! Configuration section `[link_shortener]`.

use kit_service::{Listener, Peer};
use kit_store::DatabaseSettings;
use kit_values::Secret;
use serde::{Deserialize, Serialize};

/// What the shortener needs to run.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// As role `guichet_link_shortener`.
    pub database: DatabaseSettings,
    /// Where gRPC listens.
    pub rpc: Listener,
    /// Where links are followed; a host of its own, without cookies.
    pub http: Listener,
    /// What short links begin with, as `https://go.example.com`.
    pub public_url: String,
    /// Where members and sealed tokens are.
    pub directory: Peer,
    /// Bitly, for organizations that connect an account there.
    #[serde(default)]
    pub bitly: Bitly,
}

/// Section `[link_shortener.bitly]`.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Bitly {
    /// Where its API is.
    pub api_base: String,
    /// Where browsers go to connect without a token.
    pub authorize_url: String,
    /// The installation's registration at Bitly; empty: accounts connect by token only.
    pub client_id: String,
    /// Its secret.
    pub client_secret: Secret<String>,
    /// Where Bitly sends browsers back to, as registered there:
    /// `https://care.example.com/api/v1/settings/link-shortening/bitly/callback`.
    pub redirect_uri: String,
}

impl Default for Bitly {
    fn default() -> Self {
        Self {
            api_base: "https://api-ssl.bitly.com".to_owned(),
            authorize_url: "https://bitly.com/oauth/authorize".to_owned(),
            client_id: String::new(),
            client_secret: Secret::default(),
            redirect_uri: String::new(),
        }
    }
}

impl Bitly {
    /// Whether accounts can connect without a token.
    #[must_use]
    pub const fn has_oauth(&self) -> bool {
        !self.client_id.is_empty() && !self.redirect_uri.is_empty()
    }
}
