//! Who and what exists: networks, our accounts, the people who write to them.

use serde::{Deserialize, Serialize};

use super::random::fingerprint;

/// A network that is played here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Network {
    /// X, formerly Twitter.
    X,
    /// A Facebook page with its comments and its Messenger inbox.
    Facebook,
}

impl Network {
    /// Its name in addresses and in configuration.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::X => "x",
            Self::Facebook => "facebook",
        }
    }
}

/// One connected account of a business, as the network knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Account {
    /// Where it lives.
    pub network: Network,
    /// The registrations whose callback hears about it; usually one.
    pub applications: Vec<String>,
    /// The network's id: X user id, Facebook page id.
    pub account_id: String,
    /// X handle or page name in addresses, without `@`.
    pub handle: String,
    /// Shown name.
    pub name: String,
    /// What its contract with the network lets it do.
    pub tier: Tier,
    /// The scopes (X) or permissions (Facebook) of its token; none: all of them.
    pub scopes: Option<Vec<String>>,
}

impl Account {
    /// Whether its token carries this scope or permission.
    #[must_use]
    pub fn has_scope(&self, scope: &str) -> bool {
        self.scopes.as_ref().is_none_or(|scopes| scopes.iter().any(|one| one == scope))
    }

    /// The token that its calls carry.
    #[must_use]
    pub fn token(&self) -> String {
        format!("{TOKEN}{}", self.account_id)
    }
}

/// What every token begins with; the account's id follows.
pub const TOKEN: &str = "simulated-";

/// What a contract with X allows. Facebook has no such difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// Replies only where the author named or quoted the account, no quotes, one cashtag a post.
    SelfServe,
    /// Everything.
    #[default]
    Enterprise,
}

/// A language that somebody writes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    En,
    /// French.
    Fr,
    /// Arabic, written from right to left.
    Ar,
}

impl Language {
    /// Its BCP 47 tag, as X states it in `lang`.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Fr => "fr",
            Self::Ar => "ar",
        }
    }
}

/// Somebody who writes to the business; the same person has an account on every network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Persona {
    /// Stable key, also what the API calls them.
    pub key: String,
    /// Shown name.
    pub name: String,
    /// X handle without `@`.
    pub handle: String,
    /// What they write in.
    pub language: Language,
}

impl Persona {
    /// The user id on X: beyond 2^53, so that a reader who takes it for a number is found out.
    #[must_use]
    pub fn x_id(&self) -> String {
        let offset = fingerprint(&format!("x/{}", self.key)) % 500_000_000_000_000_000;
        (1_200_000_000_000_000_000 + offset).to_string()
    }

    /// The id that one Facebook page knows this person by: scoped to the page, so two pages see
    /// two ids for one person.
    #[must_use]
    pub fn page_scoped_id(&self, page: &str) -> String {
        let offset = fingerprint(&format!("facebook/{page}/{}", self.key)) % 9_000_000_000_000_000;
        (24_000_000_000_000_000 + offset).to_string()
    }

    /// One of the crowd that the load generator makes up; `number` tells them apart.
    #[must_use]
    pub fn of_the_crowd(number: u64) -> Self {
        Self {
            key: format!("{CROWD}{number}"),
            name: format!("Visitor {number}"),
            handle: format!("visitor_{number}"),
            language: Language::En,
        }
    }

    /// The member of the crowd that `key` names, if it names one.
    #[must_use]
    pub fn from_crowd_key(key: &str) -> Option<Self> {
        let number = key.strip_prefix(CROWD)?.parse().ok()?;
        Some(Self::of_the_crowd(number)).filter(|persona| persona.key == key)
    }
}

const CROWD: &str = "visitor-";

/// Who did something.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Author {
    /// The business itself, from the network's own app.
    Business,
    /// A person, by [`Persona::key`].
    Persona(String),
}

impl Author {
    /// What the API calls [`Author::Business`].
    pub const BUSINESS: &'static str = "business";

    /// The persona's key, if it is a persona.
    #[must_use]
    pub fn persona(&self) -> Option<&str> {
        match self {
            Self::Business => None,
            Self::Persona(key) => Some(key),
        }
    }
}

impl From<String> for Author {
    fn from(text: String) -> Self {
        if text == Self::BUSINESS { Self::Business } else { Self::Persona(text) }
    }
}

impl From<Author> for String {
    fn from(author: Author) -> Self {
        match author {
            Author::Business => Author::BUSINESS.to_owned(),
            Author::Persona(key) => key,
        }
    }
}

/// What asked for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// Somebody at the page or through the API.
    Hand,
    /// A scripted scenario.
    Story,
    /// The open-loop load.
    Load,
    /// A call of the network's own API.
    Api,
}

/// A file in a private message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Attachment {
    /// A picture.
    Image,
    /// A recording.
    Audio,
    /// A document.
    File,
    /// A sticker: an image with a sticker id.
    Sticker,
}

impl Attachment {
    /// Meta's word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Audio => "audio",
            Self::File => "file",
            Self::Sticker => "sticker",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_has_one_id_on_x_and_one_per_page_on_facebook_all_beyond_two_to_the_53() {
        let persona = Persona::of_the_crowd(7);
        let again = Persona::of_the_crowd(7);
        assert_eq!(persona.x_id(), again.x_id());
        assert_eq!(persona.page_scoped_id("1"), again.page_scoped_id("1"));
        assert_ne!(persona.page_scoped_id("1"), persona.page_scoped_id("2"));
        for id in [persona.x_id(), persona.page_scoped_id("1")] {
            assert!(id.parse::<u64>().expect("digits") > 1 << 53, "{id}");
        }
    }

    #[test]
    fn only_the_exact_key_names_a_member_of_the_crowd() {
        assert_eq!(Persona::from_crowd_key("visitor-12"), Some(Persona::of_the_crowd(12)));
        for wrong in ["visitor-", "visitor-012", "visitor-x", "amelie"] {
            assert_eq!(Persona::from_crowd_key(wrong), None, "{wrong}");
        }
    }
}
