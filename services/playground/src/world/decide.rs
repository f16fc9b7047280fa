//! What an action does: either a deed with its ids, or the reason why it cannot be.

use super::action::{Action, FacebookAction, XAction};
use super::deed::Deed;
use super::ids;
use super::item::{Item, ItemKind};
use super::refusal::Refusal;
use super::state::World;
use super::text;
use super::values::{Account, Attachment, Author, Network};
use super::{instagram, tiktok};

/// Longest text that any action takes, in code points.
pub const LONGEST_TEXT: usize = 20_000;

/// How often X lets a post be edited, and Meta a message.
pub const MOST_EDITS: usize = 5;

/// What an action comes to: where it is filed, who did it, what was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ruling {
    /// The network.
    pub network: Network,
    /// Id of the account.
    pub account: String,
    /// Who did it.
    pub author: Author,
    /// What was done.
    pub deed: Deed,
}

/// Decides one action. `snowflake` is the id to use if it makes something.
pub fn decide(world: &World, action: &Action, snowflake: u64) -> Result<Ruling, Refusal> {
    match action {
        Action::X(action) => on_x(world, action, snowflake.to_string()),
        Action::Facebook(action) => on_facebook(world, action, snowflake),
        Action::Instagram(action) => instagram::decide(world, action, snowflake),
        Action::Tiktok(action) => tiktok::decide(world, action, snowflake),
    }
}

fn on_x(world: &World, action: &XAction, id: String) -> Result<Ruling, Refusal> {
    let (account, author, deed) = match action {
        XAction::Mention { account, author, text } => {
            let account = known_account(world, Network::X, account)?;
            person(world, author)?;
            let text = text::naming(&account.handle, needed(text)?);
            (account.account_id.clone(), author.clone(), posted(id, text))
        }
        XAction::Post { account, author, text } => {
            let account = known_account(world, Network::X, account)?;
            anybody(world, author)?;
            (account.account_id.clone(), author.clone(), posted(id, needed(text)?.to_owned()))
        }
        XAction::Reply { author, to, text, account } => {
            let post = live(world, Network::X, to, "to", &[ItemKind::Post])?;
            anybody(world, author)?;
            let account = match (author, account) {
                (Author::Business, Some(account)) => {
                    known_account(world, Network::X, account)?.account_id.clone()
                }
                _ => post.account.clone(),
            };
            let (text, added) = answering(world, post, author, &account, needed(text)?);
            let deed = Deed::Posted {
                id,
                text,
                added,
                reply_to: Some(post.id.clone()),
                quotes: None,
                previous: None,
            };
            (account, author.clone(), deed)
        }
        XAction::Quote { author, of, text } => {
            let post = live(world, Network::X, of, "of", &[ItemKind::Post])?;
            anybody(world, author)?;
            let deed = Deed::Posted {
                id,
                text: needed(text)?.to_owned(),
                added: 0,
                reply_to: None,
                quotes: Some(post.id.clone()),
                previous: None,
            };
            (post.account.clone(), author.clone(), deed)
        }
        XAction::Message { account, author, to, text } => {
            let account = known_account(world, Network::X, account)?;
            let persona = other_side(world, author, to.as_deref())?;
            let deed = Deed::Messaged { id, persona, text: needed(text)?.to_owned() };
            (account.account_id.clone(), author.clone(), deed)
        }
        XAction::Edit { id: old, text } => {
            let post = live(world, Network::X, old, "id", &[ItemKind::Post])?;
            if post.next.is_some() {
                return Err(Refusal::new("id", "superseded", "That post has a newer version."));
            }
            if world.versions(&post.id).len() > MOST_EDITS {
                return Err(Refusal::new(
                    "id",
                    "edits_used_up",
                    "A post can be edited five times.",
                ));
            }
            let (text, added) = match post.parent.as_deref().and_then(|id| world.item(id)) {
                Some(parent) => {
                    answering(world, parent, &post.author, &post.account, needed(text)?)
                }
                None => (needed(text)?.to_owned(), 0),
            };
            let deed = Deed::Posted {
                id,
                text,
                added,
                reply_to: post.parent.clone(),
                quotes: post.quotes.clone(),
                previous: Some(post.id.clone()),
            };
            (post.account.clone(), post.author.clone(), deed)
        }
        XAction::Delete { id } => {
            let post = live(world, Network::X, id, "id", &[ItemKind::Post])?;
            let deed = Deed::PostDeleted { id: post.id.clone() };
            (post.account.clone(), post.author.clone(), deed)
        }
    };
    Ok(Ruling { network: Network::X, account, author, deed })
}

/// A reply's text, and how much of it X put in front: the name of whoever is answered, unless
/// they answer themselves.
#[must_use]
pub fn answering(
    world: &World,
    parent: &Item,
    author: &Author,
    account: &str,
    text: &str,
) -> (String, usize) {
    let is_same = match author {
        Author::Business => parent.author == Author::Business && parent.account == account,
        Author::Persona(_) => parent.author == *author,
    };
    if is_same {
        return (text.to_owned(), 0);
    }
    text::replying(&handle_of(world, parent), text)
}

fn posted(id: String, text: String) -> Deed {
    Deed::Posted { id, text, added: 0, reply_to: None, quotes: None, previous: None }
}

fn on_facebook(world: &World, action: &FacebookAction, snowflake: u64) -> Result<Ruling, Refusal> {
    let (account, author, deed) = match action {
        FacebookAction::Post { account, author, text } => {
            let page = known_account(world, Network::Facebook, account)?;
            anybody(world, author)?;
            let id = format!("{}_{snowflake}", page.account_id);
            let deed = Deed::PagePosted { id, text: needed(text)?.to_owned() };
            (page.account_id.clone(), author.clone(), deed)
        }
        FacebookAction::Comment { author, post, text, photo } => {
            let post = live(world, Network::Facebook, post, "post", &[ItemKind::PagePost])?;
            anybody(world, author)?;
            let deed = Deed::Commented {
                id: comment_id(&post.id, snowflake),
                post: post.id.clone(),
                parent: None,
                text: if *photo { within_limit(text)? } else { needed(text)? }.to_owned(),
                photo: *photo,
            };
            (post.account.clone(), author.clone(), deed)
        }
        FacebookAction::Reply { author, to, text } => {
            let comment = live(world, Network::Facebook, to, "to", &[ItemKind::Comment])?;
            anybody(world, author)?;
            let deed = Deed::Commented {
                id: comment_id(&comment.root, snowflake),
                post: comment.root.clone(),
                parent: Some(comment.id.clone()),
                text: needed(text)?.to_owned(),
                photo: false,
            };
            (comment.account.clone(), author.clone(), deed)
        }
        FacebookAction::Mention { account, author, text } => {
            let page = known_account(world, Network::Facebook, account)?;
            let persona = person(world, author)?;
            let id = format!("{}_{snowflake}", persona.page_scoped_id(&page.account_id));
            let deed = Deed::Mentioned { id, text: needed(text)?.to_owned(), media: None };
            (page.account_id.clone(), author.clone(), deed)
        }
        FacebookAction::Edit { .. }
        | FacebookAction::Remove { .. }
        | FacebookAction::Hide { .. }
        | FacebookAction::Unhide { .. } => return changed(world, action),
        _ => return on_messenger(world, action, snowflake),
    };
    Ok(Ruling { network: Network::Facebook, account, author, deed })
}

fn changed(world: &World, action: &FacebookAction) -> Result<Ruling, Refusal> {
    const PUBLIC: [ItemKind; 2] = [ItemKind::Comment, ItemKind::PagePost];
    let (item, author, deed) = match action {
        FacebookAction::Edit { id, text } => {
            let kinds = [ItemKind::Comment, ItemKind::PagePost, ItemKind::MessengerMessage];
            let item = live(world, Network::Facebook, id, "id", &kinds)?;
            let revision = item.revision + 1;
            let is_message = item.kind == ItemKind::MessengerMessage;
            if is_message && usize::try_from(revision).unwrap_or(usize::MAX) > MOST_EDITS {
                let sentence = "A message can be edited five times.";
                return Err(Refusal::new("id", "edits_used_up", sentence));
            }
            let text = needed(text)?.to_owned();
            (item, item.author.clone(), Deed::Edited { id: item.id.clone(), text, revision })
        }
        FacebookAction::Remove { id } => {
            let item = live(world, Network::Facebook, id, "id", &PUBLIC)?;
            (item, item.author.clone(), Deed::Removed { id: item.id.clone() })
        }
        FacebookAction::Hide { id } | FacebookAction::Unhide { id } => {
            let item = live(world, Network::Facebook, id, "id", &[ItemKind::Comment])?;
            let hidden = matches!(action, FacebookAction::Hide { .. });
            (item, Author::Business, Deed::Hidden { id: item.id.clone(), hidden })
        }
        _ => return Err(Refusal::unknown_action()),
    };
    Ok(Ruling { network: Network::Facebook, account: item.account.clone(), author, deed })
}

fn on_messenger(world: &World, action: &FacebookAction, snowflake: u64) -> Result<Ruling, Refusal> {
    let (account, author, deed) = match action {
        FacebookAction::Message { account, author, to, text, attachment, reply_to } => {
            let page = known_account(world, Network::Facebook, account)?;
            let persona = other_side(world, author, to.as_deref())?;
            if let Some(mid) = reply_to {
                live(world, Network::Facebook, mid, "reply_to", &[ItemKind::MessengerMessage])?;
            }
            if *attachment == Some(Attachment::Share) {
                let sentence = "Messenger passes no posts on.";
                return Err(Refusal::new("attachment", "not_allowed", sentence));
            }
            let text = if attachment.is_some() { within_limit(text)? } else { needed(text)? };
            let deed = Deed::MessengerWrote {
                id: ids::message_id(snowflake),
                persona,
                text: text.to_owned(),
                attachment: *attachment,
                reply_to: reply_to.clone(),
                answers: None,
                story: None,
            };
            (page.account_id.clone(), author, deed)
        }
        FacebookAction::React { author, id, emoji, withdraw } => {
            let message = message_of(world, Network::Facebook, id, author)?;
            let emoji = needed(emoji)?.to_owned();
            let (id, withdrawn) = (message.id.clone(), *withdraw);
            let deed = Deed::Reacted { id, emoji, withdrawn, message: None };
            (message.account.clone(), author, deed)
        }
        FacebookAction::Postback { account, author, title, payload } => {
            let page = known_account(world, Network::Facebook, account)?;
            person(world, author)?;
            let deed = Deed::PressedButton {
                id: ids::message_id(snowflake),
                title: needed(title)?.to_owned(),
                payload: needed(payload)?.to_owned(),
            };
            (page.account_id.clone(), author, deed)
        }
        FacebookAction::Delivered { account, author } => {
            let page = known_account(world, Network::Facebook, account)?;
            person(world, author)?;
            (page.account_id.clone(), author, Deed::ReceivedAll)
        }
        FacebookAction::Read { account, author } => {
            let page = known_account(world, Network::Facebook, account)?;
            person(world, author)?;
            (page.account_id.clone(), author, Deed::ReadAll)
        }
        _ => return Err(Refusal::unknown_action()),
    };
    Ok(Ruling { network: Network::Facebook, account, author: author.clone(), deed })
}

/// `POST_COMMENT`, where POST is the post's own number without its page.
#[must_use]
pub fn comment_id(post: &str, snowflake: u64) -> String {
    let number = post.rsplit('_').next().unwrap_or(post);
    format!("{number}_{snowflake}")
}

pub(super) fn known_account<'a>(
    world: &'a World,
    network: Network,
    id_or_handle: &str,
) -> Result<&'a Account, Refusal> {
    world
        .account(network, id_or_handle)
        .ok_or_else(|| Refusal::missing("account", "There is no such account on this network."))
}

pub(super) fn person(world: &World, author: &Author) -> Result<super::values::Persona, Refusal> {
    let Some(key) = author.persona() else {
        let sentence = "Only a person can do this, not the business.";
        return Err(Refusal::new("author", "not_a_person", sentence));
    };
    world.persona(key).ok_or_else(|| Refusal::missing("author", "There is no such person."))
}

pub(super) fn anybody(world: &World, author: &Author) -> Result<(), Refusal> {
    match author {
        Author::Business => Ok(()),
        Author::Persona(_) => person(world, author).map(|_| ()),
    }
}

/// Only the business posts on its account.
pub(super) fn only_business(author: &Author) -> Result<(), Refusal> {
    match author {
        Author::Business => Ok(()),
        Author::Persona(_) => {
            let sentence = "Only the business posts on its account.";
            Err(Refusal::new("author", "not_the_business", sentence))
        }
    }
}

/// A message of the dialogue with this person.
pub(super) fn message_of<'a>(
    world: &'a World,
    network: Network,
    id: &str,
    author: &Author,
) -> Result<&'a Item, Refusal> {
    let message = live(world, network, id, "id", &[ItemKind::MessengerMessage])?;
    let persona = person(world, author)?;
    if message.persona.as_deref() == Some(persona.key.as_str()) {
        Ok(message)
    } else {
        Err(Refusal::missing("id", "There is no such message with that person."))
    }
}

pub(super) fn other_side(
    world: &World,
    author: &Author,
    to: Option<&str>,
) -> Result<String, Refusal> {
    match (author, to) {
        (Author::Persona(key), None) => person(world, author).map(|_| key.clone()),
        (Author::Persona(_), Some(_)) => {
            let sentence = "A person's message goes to the account; leave this out.";
            Err(Refusal::new("to", "not_allowed", sentence))
        }
        (Author::Business, Some(key)) => world
            .persona(key)
            .map(|persona| persona.key)
            .ok_or_else(|| Refusal::missing("to", "There is no such person.")),
        (Author::Business, None) => {
            let sentence = "Say to whom the business writes.";
            Err(Refusal::new("to", "needed", sentence))
        }
    }
}

pub(super) fn live<'a>(
    world: &'a World,
    network: Network,
    id: &str,
    field: &'static str,
    kinds: &[ItemKind],
) -> Result<&'a Item, Refusal> {
    world
        .item(id)
        .filter(|item| item.network == network && kinds.contains(&item.kind) && !item.deleted)
        .ok_or_else(|| Refusal::missing(field, "There is nothing of that kind by that id."))
}

fn handle_of(world: &World, item: &Item) -> String {
    match &item.author {
        Author::Business => world.account(item.network, &item.account).map(|it| it.handle.clone()),
        Author::Persona(key) => world.persona(key).map(|persona| persona.handle),
    }
    .unwrap_or_default()
}

pub(super) fn needed(text: &str) -> Result<&str, Refusal> {
    if text.trim().is_empty() {
        return Err(Refusal::new("text", "needed", "Write something first."));
    }
    within_limit(text)
}

pub(super) fn within_limit(text: &str) -> Result<&str, Refusal> {
    if text.chars().count() > LONGEST_TEXT {
        return Err(Refusal::new("text", "too_long", "At most 20,000 characters."));
    }
    Ok(text)
}
