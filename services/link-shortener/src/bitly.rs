//! Bitly's API v4 as values: requests to make, and what their answers mean. Nothing here calls.
//!
//! Deliberately absent: everything but whose token it is, where its links may live, and one short
//! link; Bitly's own statistics, as ours are of our own links.

use kit_values::Secret;
use serde::Deserialize;
use serde_json::{Value, json};

/// What a request carries.
#[derive(Debug, Clone)]
pub enum Body {
    /// Nothing.
    None,
    /// JSON.
    Json(Value),
    /// A form: OAuth.
    Form(Vec<(&'static str, Secret<String>)>),
}

/// A request.
#[derive(Debug, Clone)]
pub struct Request {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// Below the base of the API, which for the real one is `https://api-ssl.bitly.com`.
    pub path: &'static str,
    /// Its body.
    pub body: Body,
}

/// Whose token it is.
#[must_use]
pub const fn user() -> Request {
    Request { method: "GET", path: "/v4/user", body: Body::None }
}

/// Its groups.
#[must_use]
pub const fn groups() -> Request {
    Request { method: "GET", path: "/v4/groups", body: Body::None }
}

/// One short link; an empty group or domain is the account's default.
#[must_use]
pub fn shorten(long_url: &str, group_guid: &str, domain: &str) -> Request {
    let mut body = json!({ "long_url": long_url });
    for (name, value) in [("group_guid", group_guid), ("domain", domain)] {
        if !value.is_empty() {
            body[name] = value.into();
        }
    }
    Request { method: "POST", path: "/v4/shorten", body: Body::Json(body) }
}

/// A token for the code that a browser brought back.
#[must_use]
pub fn exchange(
    client_id: &str,
    client_secret: &Secret<String>,
    code: &str,
    redirect_uri: &str,
) -> Request {
    let plain = |text: &str| Secret::new(text.to_owned());
    let form = vec![
        ("client_id", plain(client_id)),
        ("client_secret", client_secret.clone()),
        ("code", plain(code)),
        ("redirect_uri", plain(redirect_uri)),
    ];
    Request { method: "POST", path: "/oauth/access_token", body: Body::Form(form) }
}

/// Why Bitly gave nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Trouble {
    /// No answer in time.
    Timeout,
    /// No connection, or 5xx.
    Unavailable,
    /// The token is refused.
    Unauthorized,
    /// The token may not do this.
    Forbidden,
    /// Too many calls for now.
    RateLimited,
    /// The calls of the month are used up.
    OverQuota,
    /// Bitly does not take this address, group or domain.
    Refused,
    /// An answer that says nothing.
    Unreadable,
}

impl Trouble {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Timeout,
        Self::Unavailable,
        Self::Unauthorized,
        Self::Forbidden,
        Self::RateLimited,
        Self::OverQuota,
        Self::Refused,
        Self::Unreadable,
    ];

    /// Its stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Timeout => "timeout",
            Self::Unavailable => "unavailable",
            Self::Unauthorized => "unauthorized",
            Self::Forbidden => "forbidden",
            Self::RateLimited => "rate_limited",
            Self::OverQuota => "over_quota",
            Self::Refused => "refused",
            Self::Unreadable => "unreadable",
        }
    }

    /// By its code.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|trouble| trouble.code() == code)
    }
}

#[derive(Deserialize)]
struct Said {
    #[serde(default)]
    message: String,
}

/// What a status that is none of success says.
fn trouble(status: u16, body: &[u8]) -> Trouble {
    let said: Option<Said> = serde_json::from_slice(body).ok();
    let message = said.map(|said| said.message).unwrap_or_default();
    match status {
        401 => Trouble::Unauthorized,
        // Some refusals of tokens come as 403.
        403 if message == "INVALID_ACCESS_TOKEN" => Trouble::Unauthorized,
        429 if message == "RATE_LIMIT_EXCEEDED" || message.is_empty() => Trouble::RateLimited,
        403 if !message.contains("LIMIT") => Trouble::Forbidden,
        402 | 403 | 429 => Trouble::OverQuota,
        500..=599 => Trouble::Unavailable,
        200..=299 => Trouble::Unreadable,
        _ => Trouble::Refused,
    }
}

fn read<'a, T: Deserialize<'a>>(status: u16, body: &'a [u8]) -> Result<T, Trouble> {
    if !(200..300).contains(&status) {
        return Err(trouble(status, body));
    }
    serde_json::from_slice(body).map_err(|_| Trouble::Unreadable)
}

/// Whose token it is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct User {
    /// Their login.
    pub login: String,
    /// Where their links live unless it is said.
    #[serde(default)]
    pub default_group_guid: String,
}

/// A group of an account.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, serde::Serialize)]
pub struct Group {
    /// Its id.
    pub guid: String,
    /// Its name.
    pub name: String,
    /// Its own domains.
    #[serde(default)]
    pub bsds: Vec<String>,
    /// Links can be made in it.
    #[serde(default = "yes", skip_serializing)]
    pub is_active: bool,
}

const fn yes() -> bool {
    true
}

#[derive(Deserialize)]
struct Groups {
    #[serde(default)]
    groups: Vec<Group>,
}

#[derive(Deserialize)]
struct Shortened {
    link: String,
}

#[derive(Deserialize)]
struct Token {
    access_token: String,
}

/// The answer to [`user`].
///
/// # Errors
/// What went wrong.
pub fn read_user(status: u16, body: &[u8]) -> Result<User, Trouble> {
    read(status, body)
}

/// The answer to [`groups`]: those in which links can be made.
///
/// # Errors
/// What went wrong.
pub fn read_groups(status: u16, body: &[u8]) -> Result<Vec<Group>, Trouble> {
    let mut groups = read::<Groups>(status, body)?.groups;
    groups.retain(|group| group.is_active);
    Ok(groups)
}

/// The answer to [`shorten`].
///
/// # Errors
/// What went wrong; unreadable too, when the link is none of the web.
pub fn read_short(status: u16, body: &[u8]) -> Result<String, Trouble> {
    let Shortened { link } = read(status, body)?;
    let is_plain = link.len() <= 512 && link.bytes().all(|byte| (0x21..0x7f).contains(&byte));
    let is_web = link.starts_with("https://") || link.starts_with("http://");
    if is_plain && is_web { Ok(link) } else { Err(Trouble::Unreadable) }
}

/// The answer to [`exchange`]: JSON, or, as ever, a form.
///
/// # Errors
/// What went wrong.
pub fn read_token(status: u16, body: &[u8]) -> Result<Secret<String>, Trouble> {
    if let Ok(Token { access_token }) = read(status, body) {
        return Ok(Secret::new(access_token));
    }
    if !(200..300).contains(&status) {
        return Err(trouble(status, body));
    }
    let found = url::form_urlencoded::parse(body).find(|(name, _)| name == "access_token");
    found.map(|(_, token)| Secret::new(token.into_owned())).ok_or(Trouble::Unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_are_told_apart() {
        for (status, body, expected) in [
            (401, "", Trouble::Unauthorized),
            (403, r#"{"message":"INVALID_ACCESS_TOKEN"}"#, Trouble::Unauthorized),
            (403, r#"{"message":"FORBIDDEN"}"#, Trouble::Forbidden),
            (403, r#"{"message":"MONTHLY_ENCODE_LIMIT_EXCEEDED"}"#, Trouble::OverQuota),
            (402, r#"{"message":"UPGRADE_REQUIRED"}"#, Trouble::OverQuota),
            (429, r#"{"message":"RATE_LIMIT_EXCEEDED"}"#, Trouble::RateLimited),
            (429, r#"{"message":"MONTHLY_RATE_LIMIT_EXCEEDED"}"#, Trouble::OverQuota),
            (429, "", Trouble::RateLimited),
            (422, r#"{"message":"INVALID_ARG_LONG_URL"}"#, Trouble::Refused),
            (503, "<html>", Trouble::Unavailable),
            (200, "<html>", Trouble::Unreadable),
        ] {
            assert_eq!(read_short(status, body.as_bytes()), Err(expected), "{status} {body}");
        }
    }

    #[test]
    fn only_a_link_of_the_web_is_taken() {
        let short = |link: &str| read_short(201, json!({ "link": link }).to_string().as_bytes());
        assert_eq!(short("https://bit.ly/abc"), Ok("https://bit.ly/abc".to_owned()));
        for link in ["javascript:alert(1)", "https://bit.ly/a b", "", "bit.ly/abc"] {
            assert_eq!(short(link), Err(Trouble::Unreadable), "{link}");
        }
    }

    #[test]
    fn a_token_comes_as_json_or_as_a_form() {
        for body in [r#"{"access_token":"abc","login":"x"}"#, "access_token=abc&login=x"] {
            let token = read_token(200, body.as_bytes()).expect("a token");
            assert_eq!(token.expose(), "abc");
        }
        assert_eq!(read_token(400, b"INVALID_CODE").err(), Some(Trouble::Refused));
        assert_eq!(read_token(200, b"nothing").err(), Some(Trouble::Unreadable));
    }

    #[test]
    fn groups_in_which_nothing_can_be_made_are_left_out() {
        let body = json!({ "groups": [
            { "guid": "B1", "name": "one", "bsds": ["go.example.com"], "is_active": true },
            { "guid": "B2", "name": "two", "bsds": [], "is_active": false },
        ] });
        let groups = read_groups(200, body.to_string().as_bytes()).expect("groups");
        assert_eq!(groups.iter().map(|group| &*group.guid).collect::<Vec<_>>(), ["B1"]);
    }
}
