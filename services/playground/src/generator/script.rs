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
    /// All: the customer writes in private.
    Message,
    /// All but X: the customer sends a photo, with words where the network lets them.
    Photo,
    /// All: the customer answers in the thread of their own last words.
    Again,
    /// X, Facebook: the customer changes their last public words; Instagram: the last private
    /// ones.
    Edit,
    /// All but X: the customer comments a post of the account.
    Comment,
    /// Facebook: the customer posts on the page.
    VisitorPost,
    /// Facebook, Instagram: the customer names the account in a post of their own.
    WallMention,
    /// Instagram: the customer names the account in a comment elsewhere.
    CommentMention,
    /// Instagram: the customer answers the account's story.
    StoryReply,
    /// Instagram: the customer's own story names the account.
    StoryMention,
    /// Instagram: the customer takes their last private message back.
    Unsend,
    /// All but X: the customer reacts to the account's last message.
    React,
    /// All: the business answers in public from the network's own app.
    BusinessReply,
    /// All: the business answers in private from the network's own app.
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
