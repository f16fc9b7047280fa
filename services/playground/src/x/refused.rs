//! What X answers when it refuses (contract 1.3): `application/problem+json` with a type of its
//! own.

use serde_json::{Value, json};

/// A refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// HTTP status.
    pub status: u16,
    kind: Option<&'static str>,
    title: &'static str,
    detail: String,
    /// Kind and id of the thing that is missing.
    resource: Option<(&'static str, String)>,
    /// Name of the parameter at fault.
    parameter: Option<&'static str>,
}

impl Refused {
    fn new(status: u16, kind: Option<&'static str>, title: &'static str, detail: &str) -> Self {
        Self { status, kind, title, detail: detail.to_owned(), resource: None, parameter: None }
    }

    /// No token, or one of nobody.
    #[must_use]
    pub fn unauthorized() -> Self {
        Self::new(401, None, "Unauthorized", "Unauthorized")
    }

    /// Something in the request cannot be.
    #[must_use]
    pub fn invalid(parameter: &'static str, detail: &str) -> Self {
        let refused = Self::new(400, Some("invalid-request"), "Invalid Request", detail);
        Self { parameter: Some(parameter), ..refused }
    }

    /// There is no such thing, or not any more.
    #[must_use]
    pub fn not_found(kind: &'static str, parameter: &'static str, id: &str) -> Self {
        let detail = format!("Could not find {kind} with {parameter}: [{id}].");
        let refused = Self::new(404, Some("resource-not-found"), "Not Found Error", &detail);
        Self { resource: Some((kind, id.to_owned())), parameter: Some(parameter), ..refused }
    }

    /// The thing is there, but not for this account.
    #[must_use]
    pub fn not_authorized(kind: &'static str, id: &str, detail: &str) -> Self {
        let slug = Some("not-authorized-for-resource");
        let refused = Self::new(403, slug, "Authorization Error", detail);
        Self { resource: Some((kind, id.to_owned())), ..refused }
    }

    /// The account's token or contract does not allow it.
    #[must_use]
    pub fn forbidden(detail: &str) -> Self {
        Self::new(403, Some("client-forbidden"), "Forbidden", detail)
    }

    /// More requests than the window has room for.
    #[must_use]
    pub fn limited() -> Self {
        Self::new(429, Some("rate-limit-exceeded"), "Too Many Requests", "Too Many Requests")
    }

    /// X is broken.
    #[must_use]
    pub fn internal() -> Self {
        let detail = "An internal error occurred.";
        Self::new(500, Some("internal-error"), "Internal Server Error", detail)
    }

    /// X cannot take anything now: nothing has happened.
    #[must_use]
    pub fn unavailable() -> Self {
        Self::new(503, None, "Service Unavailable", "Service Unavailable")
    }

    /// The body.
    #[must_use]
    pub fn body(&self) -> Value {
        let kind = match self.kind {
            Some(slug) => format!("https://api.x.com/2/problems/{slug}"),
            None => "about:blank".to_owned(),
        };
        let mut body = json!({
            "type": kind, "title": self.title, "detail": self.detail, "status": self.status,
        });
        if let Some((kind, id)) = &self.resource {
            body["resource_type"] = json!(kind);
            body["resource_id"] = json!(id);
            body["value"] = json!(id);
        }
        if let Some(parameter) = self.parameter {
            body["parameter"] = json!(parameter);
        }
        body
    }
}
