//! Addresses that links lead to, and the one that short links begin with.

use kit_values::Fault;
use url::Url;

/// Longest address that is shortened, in bytes: longer ones are refused by browsers and proxies.
const LONGEST: usize = 8_192;

/// Why an address is not shortened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It cannot be read as an address.
    Unreadable,
    /// Only http and https (`product.md` 7).
    Scheme,
    /// A name or a password stands in it: it would be shown to everybody who follows the link.
    Credentials,
    /// It is one of our short links.
    AlreadyShort,
}

impl Refusal {
    /// Its stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::Scheme => "not_http",
            Self::Credentials => "has_credentials",
            Self::AlreadyShort => "already_short",
        }
    }
}

/// What short links begin with, without a trailing slash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base(String);

impl Base {
    /// From the setting.
    ///
    /// # Errors
    /// Invalid unless it is an http or https address without query or fragment.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let refused = || {
            Fault::invalid(
                "public_url",
                "link_shortener.public_url",
                "Give the address that short links begin with, as https://go.example.com.",
            )
        };
        let url = Url::parse(text).map_err(|_| refused())?;
        let plain = url.query().is_none() && url.fragment().is_none() && url.has_host();
        if !plain || !matches!(url.scheme(), "http" | "https") {
            return Err(refused());
        }
        Ok(Self(text.trim_end_matches('/').to_owned()))
    }

    /// The short link of a code.
    #[must_use]
    pub fn link(&self, code: &str) -> String {
        format!("{}/{code}", self.0)
    }
}

/// An address that a link may lead to, as its author wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address(String);

impl Address {
    /// Whether `text` may be shortened.
    ///
    /// # Errors
    /// Why not.
    pub fn parse(text: &str, base: &Base) -> Result<Self, Refusal> {
        if text.len() > LONGEST || text.chars().any(char::is_control) {
            return Err(Refusal::Unreadable);
        }
        let url = Url::parse(text).map_err(|_| Refusal::Unreadable)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Refusal::Scheme);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Refusal::Credentials);
        }
        if text.strip_prefix(&base.0).is_some_and(|rest| rest.starts_with('/')) {
            return Err(Refusal::AlreadyShort);
        }
        // In the form that a header can carry; otherwise as written.
        Ok(Self(url.into()))
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn base() -> Base {
        Base::parse("https://go.example.com/").expect("a base")
    }

    #[test]
    fn only_plain_web_addresses_are_shortened() {
        for (text, refusal) in [
            ("javascript:alert(1)", Refusal::Scheme),
            ("ftp://example.com/a", Refusal::Scheme),
            ("data:text/html,x", Refusal::Scheme),
            ("example.com", Refusal::Unreadable),
            ("https://", Refusal::Unreadable),
            ("https://user:secret@example.com/", Refusal::Credentials),
            ("https://user@example.com/", Refusal::Credentials),
            ("https://go.example.com/abcdefgh", Refusal::AlreadyShort),
            ("https://example.com/\r\nSet-Cookie: a=b", Refusal::Unreadable),
        ] {
            assert_eq!(Address::parse(text, &base()), Err(refusal), "{text}");
        }
        for text in ["https://example.com/a?b=c#d", "https://go.example.com.evil.example/x"] {
            assert_eq!(Address::parse(text, &base()).expect(text).as_str(), text);
        }
    }

    #[test]
    fn a_base_is_a_web_address_without_query() {
        for text in ["", "go.example.com", "ftp://go.example.com", "https://go.example.com/?a=b"] {
            assert!(Base::parse(text).is_err(), "{text}");
        }
        assert_eq!(base().link("abc"), "https://go.example.com/abc");
    }

    proptest! {
        #[test]
        fn what_is_accepted_fits_into_a_header(text in "https?://[^\\s/]{1,20}/\\PC{0,40}") {
            if let Ok(address) = Address::parse(&text, &base()) {
                prop_assert!(address.as_str().bytes().all(|byte| (0x21..0x7f).contains(&byte)));
            }
        }
    }
}
