//! Why an action cannot be.

/// The field at fault, a stable code and a sentence for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    /// The field of the request.
    pub field: &'static str,
    /// Stable, `snake_case`.
    pub code: &'static str,
    /// What to do about it.
    pub sentence: &'static str,
}

impl Refusal {
    /// The code of everything that does not exist.
    pub const MISSING: &'static str = "not_found";

    /// A refusal about `field`.
    #[must_use]
    pub const fn new(field: &'static str, code: &'static str, sentence: &'static str) -> Self {
        Self { field, code, sentence }
    }

    /// Nobody does such a thing on that network.
    #[must_use]
    pub const fn unknown_action() -> Self {
        Self::new("action", "unknown_action", "There is no such action.")
    }

    /// What `field` names does not exist.
    #[must_use]
    pub const fn missing(field: &'static str, sentence: &'static str) -> Self {
        Self::new(field, Self::MISSING, sentence)
    }
}
