//! What an answer means.

use serde_json::Value;
use time::OffsetDateTime;

use super::Scope;
use crate::item::{Permalink, Person};
use crate::json;

/// What became of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The network did it and says under which id.
    Sent(Sent),
    /// Our own message is gone.
    Deleted,
    /// What was to be done to a message or a person is so, or was so already.
    Done,
    /// Who it is that was read; `None` when the network does not say, and will not when asked again.
    Person(Option<Person>),
    /// The network did not do it, and will not.
    Failed(Failure),
    /// The network may have done it: never made again by itself.
    Unknown(Failure),
    /// The network did not do it; the same call may succeed later. Bounded by the caller.
    Wait(Waiting),
    /// The network did not do it because of the token: refresh once, else reconnect. X answered
    /// so to valid tokens during an outage, so one refusal proves nothing.
    TokenRefused(Failure),
}

impl Answer {
    pub(crate) fn unknown(code: &'static str, sentence: &str) -> Self {
        Self::Unknown(Failure::new(Class::Ambiguous, code, sentence))
    }
}

/// What the network made of a send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// The id at the network, equal to the one in the echo.
    pub external_id: String,
    /// What the id is unique within, as in [`crate::Report::scope`].
    pub scope: String,
    /// Where people see it; `None` for private messages.
    pub permalink: Option<Permalink>,
    /// When, by the network's clock; `None` where neither answer nor id tells.
    pub network_time: Option<OffsetDateTime>,
}

/// Which sort of failure; decides who is told and what may help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// The token is dead: reconnect the account.
    Token,
    /// The account or application may not do it: an administrator must act.
    Permission,
    /// The right to answer ended.
    Window,
    /// The person cannot be reached.
    Recipient,
    /// What it answers is gone.
    Gone,
    /// The network does not take this text.
    Content,
    /// The network blocks the account for breaking its rules: an administrator must act.
    Policy,
    /// The plan is used up until somebody pays: an administrator must act.
    Billing,
    /// The request is wrong: a defect of ours, or of the network.
    Request,
    /// Nobody knows whether it happened.
    Ambiguous,
}

impl Class {
    /// Every class, in a stable order.
    pub const ALL: [Self; 10] = [
        Self::Token,
        Self::Permission,
        Self::Window,
        Self::Recipient,
        Self::Gone,
        Self::Content,
        Self::Policy,
        Self::Billing,
        Self::Request,
        Self::Ambiguous,
    ];

    /// Its word in tables and metrics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Permission => "permission",
            Self::Window => "window",
            Self::Recipient => "recipient",
            Self::Gone => "gone",
            Self::Content => "content",
            Self::Policy => "policy",
            Self::Billing => "billing",
            Self::Request => "request",
            Self::Ambiguous => "ambiguous",
        }
    }

    /// Whether the same text may be sent again deliberately with some hope, because the cause
    /// can be removed.
    #[must_use]
    pub const fn is_retryable(self) -> bool {
        match self {
            Self::Token | Self::Permission | Self::Policy | Self::Billing | Self::Ambiguous => true,
            Self::Window | Self::Recipient | Self::Gone | Self::Content | Self::Request => false,
        }
    }

    /// Whether an administrator has to act.
    #[must_use]
    pub const fn alerts_administrators(self) -> bool {
        matches!(self, Self::Token | Self::Permission | Self::Policy | Self::Billing)
    }
}

/// Why a call did not succeed, or may not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Which sort.
    pub class: Class,
    /// Stable code, `snake_case`.
    pub code: &'static str,
    /// For people: ours, then the network's own words where it gave some that may be shown.
    pub sentence: String,
    /// A deliberate retry may succeed.
    pub retryable: bool,
}

impl Failure {
    pub(crate) fn new(class: Class, code: &'static str, sentence: impl Into<String>) -> Self {
        Self { class, code, sentence: sentence.into(), retryable: class.is_retryable() }
    }

    pub(crate) fn saying(mut self, words: &str) -> Self {
        if !words.is_empty() {
            self.sentence = format!("{} The network says: {words}", self.sentence);
        }
        self
    }
}

/// Why and how long to wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// `rate_limited` or `network_unavailable`.
    pub code: &'static str,
    /// For people.
    pub sentence: String,
    /// Who has to wait: one account, or all of the application.
    pub scope: Scope,
    /// The network's hint; `None`: back off.
    pub until: Option<OffsetDateTime>,
}

/// The answer's body, `Null` when it is no JSON.
pub(crate) fn decoded(body: &[u8]) -> Value {
    json::read(body).unwrap_or(Value::Null)
}

/// Longest of the network's words that are shown, in characters.
const WORDS: usize = 300;

/// The network's own words, fit to be shown: one line, bounded, and without any of `secrets`,
/// which networks like to quote.
pub(crate) fn words(text: &str, secrets: &[&str]) -> String {
    let mut text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for secret in secrets.iter().filter(|secret| !secret.is_empty()) {
        text = text.replace(secret, "…");
    }
    text.chars().filter(|letter| !letter.is_control()).take(WORDS).collect()
}
