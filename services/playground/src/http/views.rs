//! What the API shows of the world.

use serde::Serialize;
use time::OffsetDateTime;

use crate::ledger::AcceptedCall;
use crate::stage::permalink;
use crate::world::{
    Action, Author, FacebookAction, InstagramAction, Item, ItemKind, Network, Refusal, StoryPart,
    TiktokAction, World, XAction,
};

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
#[expect(clippy::struct_excessive_bools, reason = "each is a mark that is shown by itself")]
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
    /// Words of what it quotes.
    quoted: Option<String>,
    edited: bool,
    deleted: bool,
    hidden: bool,
    /// Handles of the accounts that like it, show it to their readers, read its author.
    liked_by: Vec<String>,
    reposted_by: Vec<String>,
    followed_by: Vec<String>,
    attachment: Option<&'static str>,
    /// `reply` to a story or `mention` in one (Instagram).
    story: Option<&'static str>,
    reaction: Option<String>,
    /// Whether the business wrote it through the network's API, and not in its own app.
    by_call: bool,
    /// Key of the customer whom a thing of the business answers.
    customer: Option<String>,
    permalink: Option<String>,
    answers: Vec<View>,
}

/// One accepted call, and what is still there of it.
#[derive(Debug, Serialize)]
pub struct BusinessView {
    #[serde(flatten)]
    call: AcceptedCall,
    /// Handle of the account.
    handle: String,
    /// Key and name of the customer whom it answers or writes to.
    customer: Option<AuthorView>,
    permalink: Option<String>,
    /// Whether the customer can answer it.
    answerable: bool,
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

/// The threads of an account: its own posts and the newest others, newest first; of the others
/// only those in which `persona` takes part, if one is given.
#[must_use]
pub fn threads(world: &World, network: Network, account: &str, persona: Option<&str>) -> Vec<View> {
    let Some(account) = world.account(network, account) else { return Vec::new() };
    let mut others = 0;
    let roots = world.threads(&account.account_id).iter().rev().filter_map(|id| world.item(id));
    roots
        .filter(|root| {
            if root.author == Author::Business {
                return true;
            }
            if others >= MOST_THREADS || !persona.is_none_or(|one| takes_part(world, root, one)) {
                return false;
            }
            others += 1;
            true
        })
        .take(MOST_THREADS * 2)
        .map(|root| view(world, root, 0))
        .collect()
}

/// Whether a person wrote anything in the thread under `root`.
fn takes_part(world: &World, root: &Item, persona: &str) -> bool {
    let mut left = vec![root];
    while let Some(item) = left.pop() {
        if item.author.persona() == Some(persona) {
            return true;
        }
        left.extend(item.children.iter().filter_map(|id| world.item(id)));
    }
    false
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

/// An accepted call with whom it concerns.
#[must_use]
pub fn business(world: &World, call: &AcceptedCall) -> BusinessView {
    let item = world.item(&call.external_id);
    // Of what was done to somebody's post, or to somebody, that person.
    let acted_on = || match item {
        Some(item) => item.author.persona().map(ToOwned::to_owned),
        None => world.known().on_x(&call.target).map(ToOwned::to_owned),
    };
    let customer = item.and_then(|item| customer(world, item)).or_else(acted_on);
    let customer = customer.and_then(|key| world.persona(&key));
    let is_ours = |item: &Item| !item.deleted && item.author == Author::Business;
    BusinessView {
        handle: world
            .account(call.network, &call.account)
            .map(|account| account.handle.clone())
            .unwrap_or_default(),
        answerable: customer.is_some() && item.is_some_and(is_ours),
        customer: customer.map(|persona| AuthorView {
            key: persona.key,
            name: persona.name,
            handle: persona.handle,
        }),
        permalink: permalink(world, &call.external_id),
        call: call.clone(),
    }
}

/// Key of the person whom a thing of the business answers or is written to.
fn customer(world: &World, item: &Item) -> Option<String> {
    if item.author != Author::Business {
        return None;
    }
    let parent = || item.parent.as_deref().or(item.quotes.as_deref());
    let answered = || world.item(parent()?)?.author.persona().map(ToOwned::to_owned);
    item.persona.clone().or_else(answered)
}

/// How a person answers something of the business: by a reply to a post or a comment, by a
/// message to a message. Without `author` it is the person whom the business addressed.
///
/// # Errors
/// What is missing.
pub fn answering(
    world: &World,
    to: &str,
    text: String,
    author: Option<Author>,
) -> Result<Action, Refusal> {
    let missing = || Refusal::missing("to", "The business wrote nothing by that id.");
    let item = world.item(to).filter(|item| item.author == Author::Business).ok_or_else(missing)?;
    let addressed = || customer(world, item).map(Author::Persona);
    let author = author.or_else(addressed).ok_or_else(|| {
        Refusal::new("author", "needed", "That addresses nobody; say who answers.")
    })?;
    let (id, account) = (item.id.clone(), item.account.clone());
    Ok(match item.network {
        Network::X if item.kind == ItemKind::DirectMessage => {
            Action::X(XAction::Message { account, author, to: None, text })
        }
        Network::X => Action::X(XAction::Reply { author, to: id, text, account: None }),
        Network::Facebook => Action::Facebook(match item.kind {
            ItemKind::MessengerMessage => FacebookAction::Message {
                account,
                author,
                to: None,
                text,
                attachment: None,
                reply_to: None,
            },
            ItemKind::Comment => FacebookAction::Reply { author, to: id, text },
            _ => FacebookAction::Comment { author, post: id, text, photo: false },
        }),
        Network::Instagram => Action::Instagram(match item.kind {
            ItemKind::MessengerMessage | ItemKind::Story => InstagramAction::Message {
                account,
                author,
                to: None,
                text,
                attachment: None,
                reply_to: None,
                story: Some(id).filter(|_| item.kind == ItemKind::Story),
            },
            ItemKind::Comment => InstagramAction::Reply { author, to: id, text },
            _ => InstagramAction::Comment { author, post: id, text },
        }),
        Network::Tiktok => Action::Tiktok(match item.kind {
            ItemKind::MessengerMessage => TiktokAction::Message {
                account,
                author,
                to: None,
                text,
                attachment: None,
                reply_to: None,
            },
            ItemKind::Comment => TiktokAction::Reply { author, to: id, text },
            _ => TiktokAction::Comment { author, post: id, text },
        }),
    })
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
            ItemKind::Story => "story",
        },
        author: author(world, item),
        at: item.at,
        text: if item.deleted { String::new() } else { item.text.clone() },
        words: item.text.chars().skip(item.added).collect(),
        quotes: item.quotes.clone(),
        quoted: item.quotes.as_deref().and_then(|id| world.item(id)).map(words_of),
        edited: is_edited(item),
        deleted: item.deleted,
        hidden: item.hidden,
        liked_by: handles(world, item.network, item.liked_by.iter()),
        reposted_by: handles(world, item.network, item.reposted_by.iter()),
        followed_by: followers(world, item),
        attachment: item.attachment.map(crate::world::Attachment::as_str),
        story: item.story.as_ref().map(|part| match part {
            StoryPart::Reply(_) => "reply",
            StoryPart::Mention => "mention",
        }),
        reaction: item.reaction.clone(),
        by_call: item.by_call,
        customer: customer(world, item),
        permalink: permalink(world, &item.id),
        answers: answers.map(|answer| view(world, answer, depth + 1)).collect(),
    }
}

fn words_of(item: &Item) -> String {
    if item.deleted { String::new() } else { item.text.clone() }
}

/// Handles of accounts of ours.
#[must_use]
pub fn handles<'a>(
    world: &World,
    network: Network,
    accounts: impl Iterator<Item = &'a String>,
) -> Vec<String> {
    accounts
        .filter_map(|id| world.account(network, id))
        .map(|account| account.handle.clone())
        .collect()
}

/// Handles of the accounts that follow the author; only X has that.
#[must_use]
pub fn followers(world: &World, item: &Item) -> Vec<String> {
    let Some(persona) = item.author.persona() else { return Vec::new() };
    let ours = world.accounts().iter().filter(|account| {
        account.network == item.network && world.known().follows(&account.account_id, persona)
    });
    ours.map(|account| account.handle.clone()).collect()
}

/// Whether what is shown differs from what was first written.
#[must_use]
pub fn is_edited(item: &Item) -> bool {
    item.previous.is_some() || item.revision > 0
}
