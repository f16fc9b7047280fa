//! Who is known to whom: people by the ids that the networks give them, and when they wrote.

use std::collections::{BTreeSet, HashMap};

use time::{Duration, OffsetDateTime};

use super::deed::{Deed, Happening};
use super::values::{Network, Persona};

/// The ids by which callers name people, and what the messaging window depends on.
#[derive(Debug, Clone, Default)]
pub struct Known {
    on_x: HashMap<String, String>,
    on_pages: HashMap<(String, String), String>,
    heard: HashMap<(String, String), OffsetDateTime>,
    wrote: HashMap<(String, String), OffsetDateTime>,
    read: HashMap<(String, String), u64>,
    followed: BTreeSet<(String, String)>,
}

impl Known {
    /// Somebody has accounts on the networks: on X they can be written to at once.
    pub fn meet(&mut self, persona: &Persona) {
        self.on_x.insert(persona.x_id(), persona.key.clone());
    }

    /// Somebody did something towards an account: a page now knows them by an id of its own.
    pub fn hear(&mut self, persona: &Persona, happening: &Happening) {
        let (account, at) = (&happening.account, happening.at);
        let pair = (account.clone(), persona.key.clone());
        match happening.network {
            Network::X => self.meet(persona),
            Network::Facebook | Network::Instagram => {
                let id = (account.clone(), persona.id_at(happening.network, account));
                self.on_pages.insert(id, persona.key.clone());
            }
            // Who comments is only told; who wrote in private is called by their dialogue.
            Network::Tiktok => {
                if matches!(happening.deed, Deed::MessengerWrote { .. }) {
                    let id = (account.clone(), persona.tiktok_conversation_id(account));
                    self.on_pages.insert(id, persona.key.clone());
                }
            }
        }
        match happening.deed {
            Deed::MessengerWrote { .. } | Deed::PressedButton { .. } => {
                self.wrote.insert(pair.clone(), at);
            }
            Deed::ReadAll => {
                self.read.insert(pair.clone(), happening.number);
            }
            _ => {}
        }
        self.heard.insert(pair, at);
    }

    /// An account of X reads what a person writes, or does so no more.
    pub fn follow(&mut self, account: &str, persona: &str, following: bool) {
        let pair = (account.to_owned(), persona.to_owned());
        if following {
            self.followed.insert(pair);
        } else {
            self.followed.remove(&pair);
        }
    }

    /// Whether the account of X reads what the person writes.
    #[must_use]
    pub fn follows(&self, account: &str, persona: &str) -> bool {
        self.followed.contains(&(account.to_owned(), persona.to_owned()))
    }

    /// The key of the person with this user id on X.
    #[must_use]
    pub fn on_x(&self, id: &str) -> Option<&str> {
        self.on_x.get(id).map(String::as_str)
    }

    /// The key of the person whom this page, or account of Instagram, knows by this id; on TikTok
    /// of the one whose dialogue it is.
    #[must_use]
    pub fn on_page(&self, page: &str, id: &str) -> Option<&str> {
        self.on_pages.get(&(page.to_owned(), id.to_owned())).map(String::as_str)
    }

    /// When the person last wrote to the page in private; pressing a button counts.
    #[must_use]
    pub fn wrote(&self, page: &str, persona: &str) -> Option<OffsetDateTime> {
        self.wrote.get(&(page.to_owned(), persona.to_owned())).copied()
    }

    /// Number of the happening by which the person last read what the page had written.
    #[must_use]
    pub fn read(&self, page: &str, persona: &str) -> u64 {
        self.read.get(&(page.to_owned(), persona.to_owned())).copied().unwrap_or(0)
    }

    /// How many people did something towards the account in the day before `now`.
    #[must_use]
    pub fn engaged(&self, account: &str, now: OffsetDateTime) -> u64 {
        let is_engaged = |((to, _), at): (&(String, String), &OffsetDateTime)| {
            to == account && now - *at < Duration::DAY
        };
        let count = self.heard.iter().filter(|entry| is_engaged(*entry)).count();
        u64::try_from(count).unwrap_or(u64::MAX)
    }
}
