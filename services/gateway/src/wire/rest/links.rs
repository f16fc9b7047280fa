//! Bodies of short links.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Who makes short links.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = LinkProvider)]
pub enum Provider {
    /// This installation, under its own domain.
    BuiltIn,
    /// The organization's account at Bitly.
    Bitly,
}

/// How the account at Bitly stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = BitlyHealth)]
pub enum Health {
    /// None is connected.
    Disconnected,
    /// The last call went well.
    Connected,
    /// Bitly refuses the token: connect anew.
    Expired,
    /// The last call went wrong; `last_error` says how.
    Error,
}

/// A group of the account at Bitly.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BitlyGroup {
    /// Its id.
    pub guid: String,
    /// Its name.
    pub name: String,
    /// Domains that its links may have.
    pub domains: Vec<String>,
}

/// The organization's account at Bitly.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Bitly {
    /// One is connected.
    pub connected: bool,
    /// Whose it is; null without one.
    pub login: Option<String>,
    /// The chosen group; null for the account's default.
    pub group: Option<String>,
    /// The chosen domain; null for the account's default.
    pub domain: Option<String>,
    /// What can be chosen.
    pub groups: Vec<BitlyGroup>,
    /// How it stands.
    pub health: Health,
    /// When it was called last.
    #[schema(format = DateTime)]
    pub last_checked_at: Option<String>,
    /// A stable code: `unauthorized`, `forbidden`, `rate_limited`, `over_quota`, `timeout`,
    /// `unavailable` …
    pub last_error: Option<String>,
    /// It can be connected without a token, at `…/bitly/authorize`.
    pub has_oauth: bool,
}

/// How links are shortened.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LinkSettings {
    /// Who makes them.
    pub provider: Provider,
    /// The account at Bitly.
    pub bitly: Bitly,
    /// What this installation's own short links begin with.
    pub domain: String,
    /// To be sent along with a change.
    pub rev: i64,
}

/// How links are shortened from now on.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkSettingsWanted {
    /// Who makes them.
    pub provider: Provider,
    /// A group of the account; null for its default.
    #[serde(default)]
    pub group: Option<String>,
    /// A domain of the group; null for its default.
    #[serde(default)]
    pub domain: Option<String>,
    /// As read; 409 `link_settings_changed` when it is another by now.
    pub rev: i64,
}

/// A token of the account at Bitly.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BitlyToken {
    /// Sealed at once, never given back.
    #[schema(format = Password)]
    pub token: String,
}

/// Where the browser goes to connect.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BitlyAuthorization {
    /// At Bitly.
    pub url: String,
}

/// What Bitly sends the browser back with.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct BitlyCallback {
    /// To be exchanged for a token; absent when the person said no.
    #[serde(default)]
    pub code: Option<String>,
    /// As given by the address.
    #[serde(default)]
    pub state: Option<String>,
}

/// One link, made as a reply would.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TestLink {
    /// It works.
    pub short_url: String,
    /// Who made it in the end.
    pub provider: Provider,
    /// Why the chosen provider did not make it; null when it did.
    pub fallback_reason: Option<String>,
}

/// A text that is being written.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkPreviewWanted {
    /// The text.
    pub text: String,
}

/// An address in a text.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PreviewedLink {
    /// What `keep_long_ordinals` of a reply names.
    pub ordinal: i32,
    /// Where it begins, in UTF-16 code units.
    pub start: i32,
    /// Where it has ended.
    pub end: i32,
    /// As written.
    pub url: String,
    /// What a short one looks like; it leads nowhere.
    pub short_example: String,
}

/// What would be shortened.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LinkPreview {
    /// Who would make the links.
    pub provider: Provider,
    /// The addresses, in order, at most 20.
    pub links: Vec<PreviewedLink>,
}
