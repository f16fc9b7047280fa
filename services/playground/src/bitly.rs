//! Plays Bitly's API v4: accounts by their tokens, links that are remembered while the process
//! lives, and trouble by switch.
//!
//! Any token that begins with `simulated-bitly` is an account's; what follows is its login. An
//! account has two groups, the second with a domain of its own. Deliberately absent: everything
//! that a shortener of replies does not call, and keeping links beyond a restart.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

/// What every token begins with.
const TOKEN: &str = "simulated-bitly";
/// Most links that are remembered.
const MOST: usize = 100_000;

/// How the played Bitly answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// As it should.
    #[default]
    Well,
    /// Not at all; the connection stays open.
    Hang,
    /// 429, and a moment later again well, as it says.
    RateLimited,
    /// 429: the calls of the month are used up.
    OverQuota,
    /// 403 to every token.
    Forbidden,
    /// 500.
    ServerError,
    /// 503 with a page that is no JSON.
    Unavailable,
    /// 200 with something that is no answer.
    Nonsense,
}

/// The switches: `GET` and `PUT /playground/api/bitly`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Switches {
    /// How it answers.
    pub mode: Mode,
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// What it signs in with.
    pub login: String,
}

/// A group of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Group {
    /// Its id.
    pub guid: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Its own domains.
    pub domains: &'static [&'static str],
}

/// Every account's groups; the first is its default.
pub const GROUPS: [Group; 2] = [
    Group { guid: "Bo1sim00001", name: "Support", domains: &[] },
    Group { guid: "Bo1sim00002", name: "Marketing", domains: &["link.maison-lumiere.example"] },
];

/// A link that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What stands behind the domain.
    pub hash: String,
    /// Whether it was made just now; the same account, group and address give the same link.
    pub is_new: bool,
}

/// The played Bitly.
#[derive(Debug, Default)]
pub struct Bitly(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    switches: Switches,
    /// Login, group, domain, address → hash.
    links: BTreeMap<(String, String, String, String), String>,
    /// Hash → address.
    addresses: BTreeMap<String, String>,
    /// Code that a browser was given → token.
    codes: BTreeMap<String, String>,
    calls: u64,
}

impl Account {
    /// Whose token it is.
    #[must_use]
    pub fn of(token: &str) -> Option<Self> {
        let login = token.strip_prefix(TOKEN)?.trim_start_matches('-');
        let is_plain = login.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let login = if login.is_empty() { "o_maisonlumiere" } else { login };
        is_plain.then(|| Self { login: login.to_owned() })
    }
}

impl Bitly {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How it answers.
    #[must_use]
    pub fn switches(&self) -> Switches {
        self.lock().switches
    }

    /// How it answers from now on.
    pub fn switch(&self, switches: Switches) {
        self.lock().switches = switches;
    }

    /// Counts a call; how it is answered.
    pub fn called(&self) -> Mode {
        let mut inner = self.lock();
        inner.calls += 1;
        inner.switches.mode
    }

    /// How many calls were made.
    #[must_use]
    pub fn calls(&self) -> u64 {
        self.lock().calls
    }

    /// Makes a link, or finds it; `hash` is what it is called if it is new.
    pub fn shorten(
        &self,
        account: &Account,
        (group, domain): (&str, &str),
        long_url: &str,
        hash: String,
    ) -> Link {
        let mut inner = self.lock();
        let of = (account.login.clone(), group.to_owned(), domain.to_owned(), long_url.to_owned());
        if let Some(known) = inner.links.get(&of) {
            return Link { hash: known.clone(), is_new: false };
        }
        if inner.links.len() >= MOST {
            inner.links.clear();
            inner.addresses.clear();
        }
        inner.links.insert(of, hash.clone());
        inner.addresses.insert(hash.clone(), long_url.to_owned());
        Link { hash, is_new: true }
    }

    /// Where a link leads.
    #[must_use]
    pub fn address(&self, hash: &str) -> Option<String> {
        self.lock().addresses.get(hash).cloned()
    }

    /// Gives a browser a code, to be exchanged once.
    pub fn authorize(&self, code: String) {
        let token = format!("{TOKEN}-oauth");
        self.lock().codes.insert(code, token);
    }

    /// The token of a code.
    pub fn exchange(&self, code: &str) -> Option<String> {
        self.lock().codes.remove(code)
    }
}
