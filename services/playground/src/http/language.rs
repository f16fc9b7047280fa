//! The page's words in two languages, and which of them a browser gets.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;

/// A language of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageLanguage {
    /// English.
    En,
    /// French.
    Fr,
}

/// Words by key.
pub type Words = BTreeMap<String, String>;

/// The English words as JSON.
pub const EN: &str = include_str!("../page/words.en.json");
/// The French words as JSON.
pub const FR: &str = include_str!("../page/words.fr.json");

static EN_WORDS: LazyLock<Words> = LazyLock::new(|| read(EN));
static FR_WORDS: LazyLock<Words> = LazyLock::new(|| read(FR));

fn read(json: &str) -> Words {
    // A test reads both files.
    serde_json::from_str(json).unwrap_or_default()
}

impl PageLanguage {
    /// Its tag.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Fr => "fr",
        }
    }

    /// The language with this tag.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        match tag {
            "en" => Some(Self::En),
            "fr" => Some(Self::Fr),
            _ => None,
        }
    }

    /// Its words.
    #[must_use]
    pub fn words(self) -> &'static Words {
        match self {
            Self::En => &EN_WORDS,
            Self::Fr => &FR_WORDS,
        }
    }

    /// Asked for in the address, else the first that the browser names and we have, else
    /// English. The page keeps a choice in the browser: the gateway passes no cookie on.
    #[must_use]
    pub fn choose(asked: Option<&str>, headers: &HeaderMap) -> Self {
        let preferred = || {
            let names = headers.get(ACCEPT_LANGUAGE)?.to_str().ok()?;
            names.split(',').find_map(|part| {
                let tag = part.split([';', '-']).next()?.trim().to_ascii_lowercase();
                Self::from_tag(&tag)
            })
        };
        asked.and_then(Self::from_tag).or_else(preferred).unwrap_or(Self::En)
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn both_languages_have_the_same_keys_and_no_empty_word() {
        let keys = |words: &Words| words.keys().cloned().collect::<Vec<_>>();
        let (english, french) = (PageLanguage::En.words(), PageLanguage::Fr.words());
        assert!(english.len() > 40, "the English words were not read");
        assert_eq!(keys(english), keys(french));
        let all = english.values().chain(french.values());
        assert!(all.into_iter().all(|word| !word.trim().is_empty()));
    }

    #[test]
    fn the_address_wins_over_the_browser() {
        let mut headers = HeaderMap::new();
        assert_eq!(PageLanguage::choose(None, &headers), PageLanguage::En);
        headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static("de, fr-CA;q=0.9, en;q=0.8"));
        assert_eq!(PageLanguage::choose(None, &headers), PageLanguage::Fr);
        assert_eq!(PageLanguage::choose(Some("en"), &headers), PageLanguage::En);
        assert_eq!(PageLanguage::choose(Some("xx"), &headers), PageLanguage::Fr);
    }
}
