//! One vocabulary of failure; each edge projects [`Class`] to its own words.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;
use std::time::Duration;

/// What kind of failure it is: decides the gRPC status, the HTTP status, what the bus does with
/// the delivery, and the log level (the table of `services/README.md`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// The caller sent something that can never be accepted.
    Invalid,
    /// Nobody has proved who they are.
    Unauthenticated,
    /// Known, but not allowed.
    Forbidden,
    /// Nothing by that id that the caller may see.
    NotFound,
    /// Somebody else changed it at the same time; the same call may succeed.
    Conflict,
    /// A rule of the domain said no.
    Rejected,
    /// Too much, too fast.
    Limited,
    /// Something this depends on is away.
    Unavailable,
    /// It took too long.
    Timeout,
    /// A defect of ours.
    Internal,
}

impl Class {
    /// Whether the same input may succeed later without any change, because the cause lies in
    /// the surroundings: such a failure counts as no attempt.
    #[must_use]
    pub const fn is_infrastructure(self) -> bool {
        matches!(self, Self::Unavailable | Self::Timeout)
    }
}

/// A failure that an edge can show: its class, a stable code for programs, a sentence for
/// people, and the field at fault. The source is for the log only.
#[derive(Debug)]
pub struct Fault(Box<Inner>);

#[derive(Debug)]
struct Inner {
    class: Class,
    code: &'static str,
    sentence: Cow<'static, str>,
    field: Option<Cow<'static, str>>,
    retry_after: Option<Duration>,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl Fault {
    /// A failure of `class`; `code` is stable `snake_case`, `sentence` says what to do about it
    /// and carries no customer's words.
    pub fn new(class: Class, code: &'static str, sentence: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Inner {
            class,
            code,
            sentence: sentence.into(),
            field: None,
            retry_after: None,
            source: None,
        }))
    }

    /// [`Class::Invalid`] about one field.
    pub fn invalid(
        code: &'static str,
        field: impl Into<Cow<'static, str>>,
        sentence: impl Into<Cow<'static, str>>,
    ) -> Self {
        let mut fault = Self::new(Class::Invalid, code, sentence);
        fault.0.field = Some(field.into());
        fault
    }

    /// [`Class::NotFound`]: there is no such `what` (singular, with article: "a conversation").
    #[must_use]
    pub fn not_found(what: &str) -> Self {
        Self::new(Class::NotFound, "not_found", format!("There is no such {what}."))
    }

    /// [`Class::Internal`], with its cause.
    pub fn internal(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::new(Class::Internal, "internal", "Something went wrong on our side.")
            .caused_by(source)
    }

    /// Adds the cause, for the log.
    #[must_use]
    pub fn caused_by(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// Adds how long to wait before the next try.
    #[must_use]
    pub fn retry_after(mut self, wait: Duration) -> Self {
        self.0.retry_after = Some(wait);
        self
    }

    /// Its class.
    #[must_use]
    pub fn class(&self) -> Class {
        self.0.class
    }

    /// Stable code, `snake_case`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.0.code
    }

    /// A sentence for people.
    #[must_use]
    pub fn sentence(&self) -> &str {
        &self.0.sentence
    }

    /// The field at fault, if one is.
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        self.0.field.as_deref()
    }

    /// How long to wait before the next try, if known.
    #[must_use]
    pub fn wait(&self) -> Option<Duration> {
        self.0.retry_after
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} ({})", self.0.sentence, self.0.code)
    }
}

impl Error for Fault {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source.as_deref().map(|source| source as &(dyn Error + 'static))
    }
}
