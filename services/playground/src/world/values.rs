//! Who and what exists: networks, our accounts, the people who write to them.

use serde::{Deserialize, Serialize};

use super::random::{Random, fingerprint};

/// A network that is played here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Network {
    /// X, formerly Twitter.
    X,
    /// A Facebook page with its comments and its Messenger inbox.
    Facebook,
    /// A professional account of Instagram with its comments, stories and inbox.
    Instagram,
    /// A business account of TikTok with its videos, comments and inbox.
    Tiktok,
}

impl Network {
    /// Its name in addresses and in configuration.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::X => "x",
            Self::Facebook => "facebook",
            Self::Instagram => "instagram",
            Self::Tiktok => "tiktok",
        }
    }

    /// Whether Graph is its API.
    #[must_use]
    pub const fn is_on_graph(self) -> bool {
        matches!(self, Self::Facebook | Self::Instagram)
    }
}

/// One connected account of a business, as the network knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Account {
    /// Where it lives.
    pub network: Network,
    /// The registrations whose callback hears about it; usually one.
    pub applications: Vec<String>,
    /// The network's id: X user id, Facebook page id, Instagram account id, TikTok `open_id`.
    pub account_id: String,
    /// X handle or page name in addresses, without `@`.
    pub handle: String,
    /// Shown name.
    pub name: String,
    /// What its contract with the network lets it do.
    pub tier: Tier,
    /// The scopes (X, TikTok) or permissions (Meta) of its token; none: all of them.
    pub scopes: Option<Vec<String>>,
}

impl Account {
    /// What TikTok knows it by wherever it comments, beside its `open_id`.
    #[must_use]
    pub fn unique_identifier(&self) -> String {
        opaque(&format!("tiktok/account/{}", self.account_id))
    }

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

/// What a contract with X allows. The others have no such difference.
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

    /// The id that one account of Instagram knows this person by.
    #[must_use]
    pub fn instagram_scoped_id(&self, account: &str) -> String {
        let offset = fingerprint(&format!("instagram/{account}/{}", self.key));
        (17_000_000_000_000_000 + offset % 900_000_000_000_000).to_string()
    }

    /// The id that TikTok knows this person by in every one of its APIs: any letters of base64.
    #[must_use]
    pub fn unique_identifier(&self) -> String {
        opaque(&format!("tiktok/{}", self.key))
    }

    /// The id that one account of TikTok knows this person by in its inbox.
    #[must_use]
    pub fn tiktok_user_id(&self, account: &str) -> String {
        let part = |number| fingerprint(&format!("tiktok/{account}/{}/{number}", self.key));
        (0..4).fold(String::new(), |id, number| format!("{id}{:016x}", part(number)))
    }

    /// The id of the one dialogue that an account of TikTok has with this person. It holds what
    /// an address must escape.
    #[must_use]
    pub fn tiktok_conversation_id(&self, account: &str) -> String {
        format!("{}+/=", opaque(&format!("tiktok/{account}/with/{}", self.key)))
    }

    /// The id by which an account knows this person.
    #[must_use]
    pub fn id_at(&self, network: Network, account: &str) -> String {
        match network {
            Network::X => self.x_id(),
            Network::Facebook => self.page_scoped_id(account),
            Network::Instagram => self.instagram_scoped_id(account),
            Network::Tiktok => self.unique_identifier(),
        }
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

/// Sixty-four letters of base64 that depend on the text alone.
fn opaque(text: &str) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut random = Random::new(fingerprint(text));
    let letter = |_| ALPHABET[usize::try_from(random.below(64)).unwrap_or(0)];
    (0..64).map(letter).map(char::from).collect()
}

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
    /// A sticker: an image with a sticker id; Instagram's heart.
    Sticker,
    /// A film.
    Video,
    /// A post of the account, passed on (Instagram, TikTok).
    Share,
}

impl Attachment {
    /// Its word, mostly Meta's.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Audio => "audio",
            Self::File => "file",
            Self::Sticker => "sticker",
            Self::Video => "video",
            Self::Share => "share",
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
        let ids = [persona.x_id(), persona.page_scoped_id("1"), persona.instagram_scoped_id("1")];
        for id in ids {
            assert!(id.parse::<u64>().expect("digits") > 1 << 53, "{id}");
        }
    }

    #[test]
    fn a_person_has_one_name_on_tiktok_and_one_dialogue_with_each_account() {
        let persona = Persona::of_the_crowd(7);
        assert_eq!(persona.unique_identifier(), Persona::of_the_crowd(7).unique_identifier());
        let of = |account: &str| persona.tiktok_conversation_id(account);
        assert!(of("1") == of("1") && of("1") != of("2") && of("1").contains('+'));
        assert_eq!(persona.tiktok_user_id("1").len(), 64);
        assert_ne!(persona.tiktok_user_id("1"), persona.tiktok_user_id("2"));
    }

    #[test]
    fn only_the_exact_key_names_a_member_of_the_crowd() {
        assert_eq!(Persona::from_crowd_key("visitor-12"), Some(Persona::of_the_crowd(12)));
        for wrong in ["visitor-", "visitor-012", "visitor-x", "amelie"] {
            assert_eq!(Persona::from_crowd_key(wrong), None, "{wrong}");
        }
    }
}
