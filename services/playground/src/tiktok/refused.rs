//! What TikTok answers when it refuses (contract 5): a code and a sentence, within HTTP 200.

use serde_json::{Value, json};

/// A refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Its code.
    pub code: u32,
    message: String,
}

impl Refused {
    fn new(code: u32, message: &str) -> Self {
        Self { code, message: message.to_owned() }
    }

    /// The account's token does not allow this.
    #[must_use]
    pub fn permission(scope: &str) -> Self {
        Self::new(40_001, &format!("No permission to operate, scope {scope} is needed."))
    }

    /// A parameter that cannot be.
    #[must_use]
    pub fn parameter(message: &str) -> Self {
        Self::new(40_002, message)
    }

    /// There is nothing by that id, or not for this account.
    #[must_use]
    pub fn not_found(what: &str) -> Self {
        Self::new(40_007, &format!("The {what} does not exist or has been deleted."))
    }

    /// What the rules of private messages forbid: the window above all.
    #[must_use]
    pub fn window() -> Self {
        let message = "The message cannot be sent: the messaging window is closed or its limit is \
                       reached.";
        Self::new(40_064, message)
    }

    /// More than is allowed in a second, a minute or a day.
    #[must_use]
    pub fn throttled(span: &str) -> Self {
        Self::new(40_100, &format!("Too many requests. Limit reached: {span}."))
    }

    /// No token.
    #[must_use]
    pub fn no_token() -> Self {
        Self::new(40_104, "Access token is empty.")
    }

    /// A token of nobody.
    #[must_use]
    pub fn token() -> Self {
        Self::new(40_105, "Access token is incorrect or has been revoked.")
    }

    /// TikTok is broken for a moment.
    #[must_use]
    pub fn internal() -> Self {
        Self::new(50_000, "System error, please try again later.")
    }

    /// The body.
    #[must_use]
    pub fn body(&self, request_id: &str) -> Value {
        json!({"code": self.code, "message": self.message, "request_id": request_id, "data": {}})
    }
}
