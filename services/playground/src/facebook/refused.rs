//! What Graph answers when it refuses (contract 2): an error with a code, sometimes a subcode.

use serde_json::{Value, json};

use crate::world::fingerprint;

/// A refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// HTTP status.
    pub status: u16,
    kind: &'static str,
    code: u32,
    subcode: Option<u32>,
    is_transient: bool,
    message: String,
}

impl Refused {
    fn new(status: u16, code: u32, subcode: Option<u32>, message: &str) -> Self {
        let message = format!("(#{code}) {message}");
        Self { status, kind: "OAuthException", code, subcode, is_transient: false, message }
    }

    /// No token, or one of nobody.
    #[must_use]
    pub fn token() -> Self {
        let message = "Invalid OAuth access token - Cannot parse access token".to_owned();
        let kind = "OAuthException";
        Self { status: 401, kind, code: 190, subcode: None, is_transient: false, message }
    }

    /// The proof of the app secret is not that of this token.
    #[must_use]
    pub fn proof() -> Self {
        let message = "Invalid appsecret_proof provided in the API argument".to_owned();
        let kind = "GraphMethodException";
        Self { status: 400, kind, code: 100, subcode: None, is_transient: false, message }
    }

    /// A parameter that cannot be.
    #[must_use]
    pub fn parameter(message: &str) -> Self {
        Self::new(400, 100, None, message)
    }

    /// There is nothing by that id, or not for this page.
    #[must_use]
    pub fn no_object(id: &str) -> Self {
        let message = format!(
            "Unsupported request. Object with ID '{id}' does not exist, cannot be loaded due to \
             missing permissions, or does not support this operation"
        );
        let kind = "GraphMethodException";
        Self { status: 400, kind, code: 100, subcode: Some(33), is_transient: false, message }
    }

    /// The page knows nobody by that id.
    #[must_use]
    pub fn no_person() -> Self {
        Self::new(400, 100, Some(2_018_001), "No matching user found")
    }

    /// The page may not know who it is.
    #[must_use]
    pub fn no_profile() -> Self {
        Self::new(400, 100, Some(2_018_218), "No profile available for this user.")
    }

    /// A field that there is not.
    #[must_use]
    pub fn no_field(name: &str) -> Self {
        Self::parameter(&format!("Tried accessing nonexisting field ({name})"))
    }

    /// A file of a kind that does not exist.
    #[must_use]
    pub fn attachment() -> Self {
        Self::new(400, 100, Some(2_018_047), "Upload attachment failure.")
    }

    /// The messaging window is over.
    #[must_use]
    pub fn window() -> Self {
        let message = "This message is sent outside of allowed window.";
        Self::new(400, 10, Some(2_018_278), message)
    }

    /// The messaging window of Instagram is over.
    #[must_use]
    pub fn instagram_window() -> Self {
        let message = "This message is sent outside of allowed window.";
        Self::new(400, 10, Some(2_534_022), message)
    }

    /// A person who has not written to the account does not let it look.
    #[must_use]
    pub fn no_consent() -> Self {
        Self::new(400, 230, None, "User consent is required to access user profile")
    }

    /// The account knows nobody of Instagram by that id.
    #[must_use]
    pub fn no_instagram_user() -> Self {
        Self::new(400, 9_010, None, "No matching Instagram user")
    }

    /// The one private answer has been given.
    #[must_use]
    pub fn already_answered() -> Self {
        Self::new(400, 10_900, None, "Activity already replied to")
    }

    /// The token lacks a permission.
    #[must_use]
    pub fn permission(name: &str) -> Self {
        Self::new(403, 200, None, &format!("Requires {name} permission to manage the object"))
    }

    /// The token is another page's.
    #[must_use]
    pub fn other_page() -> Self {
        Self::new(403, 10, None, "Application does not have permission for this action")
    }

    /// More than one product's quota (`code`) allows.
    #[must_use]
    pub fn limited(code: u32) -> Self {
        let message = "There have been too many calls to this Page account.";
        Self::new(400, code, None, message)
    }

    /// More than the application may ask for.
    #[must_use]
    pub fn application_limited() -> Self {
        Self::new(400, 4, None, "Application request limit reached")
    }

    /// Faster than the Send API allows.
    #[must_use]
    pub fn too_fast() -> Self {
        Self::new(400, 613, None, "Calls to this api have exceeded the rate limit.")
    }

    /// Graph is broken for a moment.
    #[must_use]
    pub fn internal() -> Self {
        let message = "An unexpected error has occurred. Please retry your request later.";
        let kind = "OAuthException";
        let message = message.to_owned();
        Self { status: 500, kind, code: 2, subcode: None, is_transient: true, message }
    }

    /// The body. `trace` tells one answer from another.
    #[must_use]
    pub fn body(&self, trace: &str) -> Value {
        let mut error = json!({
            "message": self.message,
            "type": self.kind,
            "code": self.code,
            "fbtrace_id": format!("A{:016x}", fingerprint(trace)),
        });
        if let Some(subcode) = self.subcode {
            error["error_subcode"] = json!(subcode);
        }
        if self.is_transient {
            error["is_transient"] = json!(true);
        }
        json!({"error": error})
    }
}
