//! What a scripted conversation is made of.

use crate::world::{Language, Network};

/// One thing that happens in a story.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    /// X: the customer posts and names the account.
    Mention,
    /// X: the customer replies to a post of the account.
    ReplyToPost,
    /// X: the customer quotes a post of the account.
    Quote,
    /// Both: the customer writes in private.
    Message,
    /// Messenger: the customer sends a photo, with words.
    Photo,
    /// Both: the customer answers in the thread of their own last words.
    Again,
    /// Both: the customer changes their last public words.
    Edit,
    /// Facebook: the customer comments a post of the page.
    Comment,
    /// Facebook: the customer posts on the page.
    VisitorPost,
    /// Facebook: the customer names the page on their own wall.
    WallMention,
    /// Messenger: the customer reacts to the page's last message.
    React,
    /// Both: the business answers in public from the network's own app.
    BusinessReply,
    /// Both: the business answers in private from the network's own app.
    BusinessMessage,
}

/// A story: who speaks which language where, and what happens, in order. `{order}`, `{size}`,
/// `{city}` and `{product}` are filled in once per telling.
#[derive(Debug, Clone, Copy)]
pub struct Script {
    /// Language of the words.
    pub language: Language,
    /// Where it plays.
    pub network: Network,
    /// What happens.
    pub beats: &'static [(Move, &'static str)],
}

/// What fills the places of a story in one language.
#[derive(Debug, Clone, Copy)]
pub struct Fillings {
    /// Towns.
    pub cities: &'static [&'static str],
    /// Things on sale.
    pub products: &'static [&'static str],
}
