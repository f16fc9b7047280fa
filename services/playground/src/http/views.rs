//! What the API shows of the world.

use serde::Serialize;
use time::OffsetDateTime;

use crate::stage::permalink;
use crate::world::{Author, Item, ItemKind, Network, World};

/// How many threads of an account are shown, newest first, besides its own posts.
const MOST_THREADS: usize = 12;
/// How many answers to one post are shown: the newest.
const MOST_ANSWERS: usize = 20;
/// How deep answers to answers are shown; a thread may be any length, a stack is not.
const DEEPEST: usize = 20;
/// How many private messages are shown: the newest.
const MOST_MESSAGES: usize = 50;

/// One thing with everything that answers it.
#[derive(Debug, Serialize)]
pub struct View {
    id: String,
    kind: &'static str,
    author: AuthorView,
    #[serde(with = "time::serde::rfc3339")]
    at: OffsetDateTime,
    text: String,
    /// The text without what X put in front of it.
    words: String,
    quotes: Option<String>,
    edited: bool,
    deleted: bool,
    hidden: bool,
    attachment: Option<&'static str>,
    reaction: Option<String>,
    permalink: Option<String>,
    answers: Vec<View>,
}

/// Who wrote.
#[derive(Debug, Serialize)]
pub struct AuthorView {
    /// The persona's key, or `business`.
    pub key: String,
    /// Shown name.
    pub name: String,
    /// Handle without `@`.
    pub handle: String,
}

/// Who wrote a thing.
#[must_use]
pub fn author(world: &World, item: &Item) -> AuthorView {
    let persona = item.author.persona().and_then(|key| world.persona(key));
    let account = world.account(item.network, &item.account);
    match (persona, account) {
        (Some(persona), _) => {
            AuthorView { key: persona.key, name: persona.name, handle: persona.handle }
        }
        (None, Some(account)) => AuthorView {
            key: Author::BUSINESS.to_owned(),
            name: account.name.clone(),
            handle: account.handle.clone(),
        },
        (None, None) => {
            AuthorView { key: String::new(), name: String::new(), handle: String::new() }
        }
    }
}

/// The threads of an account: its own posts and the newest others, newest first.
#[must_use]
pub fn threads(world: &World, network: Network, account: &str) -> Vec<View> {
    let Some(account) = world.account(network, account) else { return Vec::new() };
    let mut others = 0;
    let roots = world.threads(&account.account_id).iter().rev().filter_map(|id| world.item(id));
    roots
        .filter(|root| {
            let is_own = root.author == Author::Business;
            others += usize::from(!is_own);
            is_own || others <= MOST_THREADS
        })
        .take(MOST_THREADS * 2)
        .map(|root| view(world, root, 0))
        .collect()
}

/// The newest private messages between an account and a person, oldest first.
#[must_use]
pub fn inbox(world: &World, network: Network, account: &str, persona: &str) -> Vec<View> {
    let Some(account) = world.account(network, account) else { return Vec::new() };
    let ids = world.inbox(&account.account_id, persona);
    let skipped = ids.len().saturating_sub(MOST_MESSAGES);
    ids.iter()
        .skip(skipped)
        .filter_map(|id| world.item(id))
        .map(|message| view(world, message, 0))
        .collect()
}

fn view(world: &World, item: &Item, depth: usize) -> View {
    let shown = if depth < DEEPEST { MOST_ANSWERS } else { 0 };
    let skipped = item.children.len().saturating_sub(shown);
    let answers = item.children.iter().skip(skipped).filter_map(|id| world.item(id));
    View {
        id: item.id.clone(),
        kind: match item.kind {
            ItemKind::Post => "post",
            ItemKind::DirectMessage | ItemKind::MessengerMessage => "message",
            ItemKind::PagePost => "page_post",
            ItemKind::Comment => "comment",
            ItemKind::WallPost => "wall_post",
        },
        author: author(world, item),
        at: item.at,
        text: if item.deleted { String::new() } else { item.text.clone() },
        words: item.text.chars().skip(item.added).collect(),
        quotes: item.quotes.clone(),
        edited: is_edited(item),
        deleted: item.deleted,
        hidden: item.hidden,
        attachment: item.attachment.map(crate::world::Attachment::as_str),
        reaction: item.reaction.clone(),
        permalink: permalink(world, &item.id),
        answers: answers.map(|answer| view(world, answer, depth + 1)).collect(),
    }
}

/// Whether what is shown differs from what was first written.
#[must_use]
pub fn is_edited(item: &Item) -> bool {
    item.previous.is_some() || item.revision > 0
}
