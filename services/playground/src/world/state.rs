//! The world as the fold of everything that happened.

use std::collections::{BTreeSet, HashMap};

use time::OffsetDateTime;

use super::deed::{Deed, Happening};
use super::ids::{self, Ids};
use super::item::{Item, ItemKind, OLD_POSTS, old_post, old_story, picture};
use super::known::Known;
use super::values::{Account, Attachment, Network, Persona};

/// Everything there is on the networks.
#[derive(Debug, Clone)]
pub struct World {
    accounts: Vec<Account>,
    personas: Vec<Persona>,
    items: HashMap<String, Item>,
    roots: HashMap<String, Vec<String>>,
    inboxes: HashMap<(String, String), Vec<String>>,
    first_heard: HashMap<(String, String), u64>,
    known: Known,
    ids: Ids,
    last: u64,
}

/// Whether an account is among those that did something to a thing.
fn mark(accounts: &mut BTreeSet<String>, account: String, holds: bool) {
    if holds {
        accounts.insert(account);
    } else {
        accounts.remove(&account);
    }
}

impl World {
    /// A world with these accounts and people, and three old posts of each account.
    #[must_use]
    pub fn new(accounts: Vec<Account>, personas: Vec<Persona>) -> Self {
        let mut world = Self {
            accounts,
            personas,
            items: HashMap::new(),
            roots: HashMap::new(),
            inboxes: HashMap::new(),
            first_heard: HashMap::new(),
            known: Known::default(),
            ids: Ids::default(),
            last: 0,
        };
        world.personas.iter().for_each(|persona| world.known.meet(persona));
        for account in world.accounts.clone() {
            for (index, text) in (0_u32..).zip(OLD_POSTS) {
                world.insert(old_post(&account, index, text));
            }
            if let Some(story) = old_story(&account) {
                world.insert(story);
            }
        }
        world
    }

    /// Our accounts.
    #[must_use]
    pub fn accounts(&self) -> &[Account] {
        &self.accounts
    }

    /// The people, without the load generator's crowd.
    #[must_use]
    pub fn personas(&self) -> &[Persona] {
        &self.personas
    }

    /// Number of the last happening; 0 before the first.
    #[must_use]
    pub fn last_number(&self) -> u64 {
        self.last
    }

    /// The account with this id or handle on this network.
    #[must_use]
    pub fn account(&self, network: Network, id_or_handle: &str) -> Option<&Account> {
        self.accounts.iter().find(|account| {
            account.network == network
                && (account.account_id == id_or_handle
                    || account.handle.eq_ignore_ascii_case(id_or_handle))
        })
    }

    /// The person with this key; any member of the crowd exists.
    #[must_use]
    pub fn persona(&self, key: &str) -> Option<Persona> {
        self.personas
            .iter()
            .find(|persona| persona.key == key)
            .cloned()
            .or_else(|| Persona::from_crowd_key(key))
    }

    /// The thing with this id.
    #[must_use]
    pub fn item(&self, id: &str) -> Option<&Item> {
        self.items.get(id)
    }

    /// First posts of the threads filed under an account, oldest first.
    #[must_use]
    pub fn threads(&self, account: &str) -> &[String] {
        self.roots.get(account).map_or(&[], Vec::as_slice)
    }

    /// The private messages between an account and a person, oldest first.
    #[must_use]
    pub fn inbox(&self, account: &str, persona: &str) -> &[String] {
        self.inboxes.get(&(account.to_owned(), persona.to_owned())).map_or(&[], Vec::as_slice)
    }

    /// Whether an account heard of this person before happening `number`.
    #[must_use]
    pub fn was_heard_before(&self, account: &str, persona: &str, number: u64) -> bool {
        self.first_heard
            .get(&(account.to_owned(), persona.to_owned()))
            .is_some_and(|first| *first < number)
    }

    /// Who is known to whom, by the networks' ids.
    #[must_use]
    pub fn known(&self) -> &Known {
        &self.known
    }

    /// Every version of an X post up to and with `id`, oldest first.
    #[must_use]
    pub fn versions(&self, id: &str) -> Vec<String> {
        let mut versions = vec![id.to_owned()];
        let mut current = id;
        while let Some(previous) = self.item(current).and_then(|item| item.previous.as_deref()) {
            versions.push(previous.to_owned());
            current = previous;
        }
        versions.reverse();
        versions
    }

    /// The id of the newest version of an X post; of anything else, its own.
    #[must_use]
    pub fn latest<'a>(&'a self, id: &'a str) -> &'a str {
        let mut current = id;
        while let Some(next) = self.item(current).and_then(|item| item.next.as_deref()) {
            current = next;
        }
        current
    }

    /// The first post of the thread that holds `id`, in its newest version.
    #[must_use]
    pub fn top_of<'a>(&'a self, id: &'a str) -> &'a str {
        let mut current = self.latest(id);
        while let Some(parent) = self.item(current).and_then(|item| item.parent.as_deref()) {
            current = self.latest(parent);
        }
        current
    }

    /// The first comment of the row of answers that `item` belongs to, as networks tell it that
    /// know one level of answers; none where it is that itself.
    #[must_use]
    pub fn first_comment<'a>(&'a self, item: &'a Item) -> Option<&'a Item> {
        let mut current = item;
        while let Some(parent) = current.parent.as_deref().and_then(|id| self.item(id)) {
            let is_elsewhere = parent.kind == ItemKind::WallPost && parent.root != parent.id;
            if parent.kind != ItemKind::Comment && !is_elsewhere {
                break;
            }
            current = parent;
        }
        Some(current).filter(|first| first.id != item.id)
    }

    /// The next id, at `now`.
    pub fn mint(&mut self, now: OffsetDateTime) -> u64 {
        self.ids.snowflake(now)
    }

    /// Makes a happening part of the world. Never fails: what refers to nothing changes nothing.
    pub fn apply(&mut self, happening: &Happening) {
        self.last = self.last.max(happening.number);
        self.ids.seen(ids::first_snowflake(happening.at));
        if let Some(id) = happening.deed.id() {
            self.remember(id);
        }
        if let Some(persona) = happening.author.persona() {
            let key = (happening.account.clone(), persona.to_owned());
            self.first_heard.entry(key).or_insert(happening.number);
            if let Some(persona) = self.persona(persona) {
                self.known.hear(&persona, happening);
            }
        }
        match &happening.deed {
            Deed::Joined { persona } => {
                self.known.meet(persona);
                self.personas.push(persona.clone());
            }
            Deed::PostDeleted { id } | Deed::Removed { id } | Deed::Unsent { id } => {
                self.change(id, |item| item.deleted = true);
            }
            Deed::Edited { id, text, revision } => self.change(id, |item| {
                item.text.clone_from(text);
                item.revision = *revision;
            }),
            Deed::Hidden { id, hidden } => self.change(id, |item| item.hidden = *hidden),
            Deed::Liked { id, liked } => {
                let account = happening.account.clone();
                self.change(id, |item| mark(&mut item.liked_by, account, *liked));
            }
            Deed::Reposted { id, repost } => {
                let account = happening.account.clone();
                self.change(id, |item| mark(&mut item.reposted_by, account, repost.is_some()));
                if let Some(repost) = repost {
                    self.remember(repost);
                }
            }
            Deed::Followed { persona, following } => {
                self.known.follow(&happening.account, persona, *following);
            }
            Deed::Reacted { id, emoji, withdrawn, message } => {
                self.change(id, |item| {
                    item.reaction = Some(emoji.clone()).filter(|_| !withdrawn);
                });
                if let Some(message) = message {
                    self.remember(message);
                }
            }
            Deed::PressedButton { .. } | Deed::ReceivedAll | Deed::ReadAll => {}
            deed => {
                if let Some(item) = self.item_of(happening) {
                    self.insert(item);
                }
                if let Deed::MessengerWrote { answers: Some(id), .. } = deed {
                    self.change(id, |item| item.answered_privately = true);
                }
            }
        }
    }

    /// The numbers inside an id keep later ids from repeating it.
    fn remember(&mut self, id: &str) {
        let number = id.rsplit('_').next().and_then(|digits| digits.parse().ok());
        if let Some(snowflake) = number.or_else(|| ids::inside(id)) {
            self.ids.seen(snowflake);
        }
    }

    fn change(&mut self, id: &str, edit: impl FnOnce(&mut Item)) {
        if let Some(item) = self.items.get_mut(id) {
            edit(item);
        }
    }

    fn item_of(&self, happening: &Happening) -> Option<Item> {
        let id = happening.deed.id()?.to_owned();
        let (network, account) = (happening.network, happening.account.clone());
        let blank = Item {
            number: happening.number,
            author: happening.author.clone(),
            text: happening.deed.text().unwrap_or_default().to_owned(),
            by_call: happening.call.is_some(),
            ..Item::blank(id, network, account, happening.at)
        };
        let item = match &happening.deed {
            Deed::Posted { reply_to, quotes, previous, added, .. } => Item {
                added: *added,
                parent: reply_to.clone(),
                quotes: quotes.clone(),
                previous: previous.clone(),
                root: self.root_of(reply_to.as_deref(), &blank.id),
                ..blank
            },
            Deed::Messaged { persona, .. } => {
                Item { kind: ItemKind::DirectMessage, persona: Some(persona.clone()), ..blank }
            }
            Deed::PagePosted { .. } | Deed::StoryShown { .. } => {
                let is_post = matches!(happening.deed, Deed::PagePosted { .. });
                let kind = if is_post { ItemKind::PagePost } else { ItemKind::Story };
                Item { kind, attachment: picture(network, kind), ..blank }
            }
            Deed::Commented { post, parent, photo, .. } => Item {
                kind: ItemKind::Comment,
                parent: Some(parent.as_ref().unwrap_or(post).clone()),
                root: post.clone(),
                attachment: photo.then_some(Attachment::Image),
                ..blank
            },
            Deed::Mentioned { media, .. } => {
                let root = media.clone().unwrap_or_else(|| blank.id.clone());
                Item { kind: ItemKind::WallPost, root, ..blank }
            }
            Deed::MessengerWrote { persona, attachment, reply_to, story, .. } => Item {
                kind: ItemKind::MessengerMessage,
                persona: Some(persona.clone()),
                attachment: *attachment,
                parent: reply_to.clone(),
                story: story.clone(),
                ..blank
            },
            _ => return None,
        };
        Some(item)
    }

    fn root_of(&self, parent: Option<&str>, own: &str) -> String {
        parent.and_then(|id| self.item(id)).map_or(own, |item| &item.root).to_owned()
    }

    fn insert(&mut self, mut item: Item) {
        if item.is_private() {
            let persona = item.persona.clone().unwrap_or_default();
            self.inboxes.entry((item.account.clone(), persona)).or_default().push(item.id.clone());
        } else if let Some(previous) = item.previous.clone() {
            item.children = self.replace(&previous, &item);
        } else if let Some(parent) = item.parent.clone() {
            let child = item.id.clone();
            let parent = self.latest(&parent).to_owned();
            self.change(&parent, |parent| parent.children.push(child));
        } else {
            self.roots.entry(item.account.clone()).or_default().push(item.id.clone());
        }
        self.items.insert(item.id.clone(), item);
    }

    /// Puts a new version where the old one stood; gives what answers it.
    fn replace(&mut self, previous: &str, version: &Item) -> Vec<String> {
        let places = match version.parent.as_ref().map(|parent| self.latest(parent).to_owned()) {
            Some(parent) => self.items.get_mut(&parent).map(|parent| &mut parent.children),
            None => self.roots.get_mut(&version.account),
        };
        if let Some(place) = places.and_then(|ids| ids.iter_mut().find(|id| *id == previous)) {
            place.clone_from(&version.id);
        }
        let mut children = Vec::new();
        self.change(previous, |old| {
            old.next = Some(version.id.clone());
            children = std::mem::take(&mut old.children);
        });
        children
    }
}
