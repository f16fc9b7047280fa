//! What a stranger's address must look like, and why one is refused.

use url::{Host, Url};

/// Longest address, in bytes.
const LONGEST: usize = 8_192;

/// Names of networks that are not the Internet.
const PRIVATE_SUFFIXES: [&str; 8] =
    ["localhost", "local", "internal", "svc", "lan", "home.arpa", "intranet", "onion"];

/// Why nothing was fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It cannot be read as an address.
    #[error("unreadable")]
    Unreadable,
    /// Neither http nor https.
    #[error("not_http")]
    Scheme,
    /// A name or a password stands in it.
    #[error("has_credentials")]
    Credentials,
    /// Neither 80 nor 443.
    #[error("port_refused")]
    Port,
    /// It leads into a network that is not the Internet.
    #[error("private_address")]
    Private,
    /// From https to http.
    #[error("downgraded")]
    Downgrade,
    /// Too many redirects.
    #[error("too_many_redirects")]
    Hops,
    /// Too large an answer.
    #[error("too_large")]
    Size,
    /// It took too long.
    #[error("timeout")]
    Time,
    /// The answer is compressed, though nobody asked for it.
    #[error("encoded")]
    Encoded,
    /// The answer is of another type than what was wanted.
    #[error("unexpected_type")]
    Type,
    /// No connection, or none that lasted.
    #[error("unreachable")]
    Unreachable,
}

impl Refused {
    /// Whether another try may succeed.
    #[must_use]
    pub const fn is_passing(self) -> bool {
        matches!(self, Self::Time | Self::Unreachable)
    }
}

/// Reads an address, by the rules that the connection will read it by: what looks like a name but
/// is a number (`0x7f.1`, `2130706433`) comes out as a literal address.
///
/// # Errors
/// Why it is none that a stranger may give. Where it leads is seen when it is connected to.
pub fn read(text: &str) -> Result<Url, Refused> {
    if text.len() > LONGEST
        || text.chars().any(|c| c.is_control() || c.is_whitespace() || c == '\\')
    {
        return Err(Refused::Unreadable);
    }
    let address = Url::parse(text).map_err(|_| Refused::Unreadable)?;
    if !matches!(address.scheme(), "http" | "https") {
        return Err(Refused::Scheme);
    }
    if !address.username().is_empty() || address.password().is_some() {
        return Err(Refused::Credentials);
    }
    match address.host() {
        Some(Host::Domain(name)) if is_private_name(name) => Err(Refused::Private),
        Some(_) => Ok(address),
        None => Err(Refused::Unreadable),
    }
}

fn is_private_name(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
    let is_below = |suffix: &str| {
        name.strip_suffix(suffix).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    // One word is a machine of one's own network.
    !name.contains('.') || PRIVATE_SUFFIXES.iter().any(|suffix| is_below(suffix))
}
