//! One thing that somebody wrote, and the posts that were there before anybody listened.

use std::collections::BTreeSet;

use time::OffsetDateTime;
use time::macros::datetime;

use super::deed::StoryPart;
use super::ids;
use super::values::{Account, Attachment, Author, Network};

/// What kind of thing an [`Item`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemKind {
    /// A post on X.
    Post,
    /// A direct message on X.
    DirectMessage,
    /// A post on a Facebook page, a post of Instagram, a video of TikTok.
    PagePost,
    /// A comment under one.
    Comment,
    /// A post on a person's own wall that names the page; on Instagram also a comment elsewhere,
    /// whose root is the post that it stands under, of which nothing else is known.
    WallPost,
    /// A story of Instagram.
    Story,
    /// A private message on Facebook, Instagram or TikTok.
    MessengerMessage,
}

/// One thing that somebody wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "four facts that hold or not, in any mixture")]
pub struct Item {
    /// The network's id.
    pub id: String,
    /// Number of the happening that made it; 0 for what was there before.
    pub number: u64,
    /// Where it is.
    pub network: Network,
    /// The account that it is filed under.
    pub account: String,
    /// Who wrote it.
    pub author: Author,
    /// The other side of a private message.
    pub persona: Option<String>,
    /// When it was written.
    pub at: OffsetDateTime,
    /// What kind of thing it is.
    pub kind: ItemKind,
    /// Its text now.
    pub text: String,
    /// Code points that X put in front of the text.
    pub added: usize,
    /// What it answers: post, comment or message.
    pub parent: Option<String>,
    /// The post that it quotes.
    pub quotes: Option<String>,
    /// The version that it replaces (X).
    pub previous: Option<String>,
    /// The version that replaced it (X).
    pub next: Option<String>,
    /// First post of its thread; its own id when it is that.
    pub root: String,
    /// What answers it, in order.
    pub children: Vec<String>,
    /// How often its text was changed (Facebook).
    pub revision: u32,
    /// Whether it was taken away.
    pub deleted: bool,
    /// Whether the page hides it.
    pub hidden: bool,
    /// The accounts of ours that like it.
    pub liked_by: BTreeSet<String>,
    /// The accounts of ours that show it to their readers (X).
    pub reposted_by: BTreeSet<String>,
    /// A file, or the photo of a comment.
    pub attachment: Option<Attachment>,
    /// The reaction of the other side of a private message.
    pub reaction: Option<String>,
    /// Whether a call of the network's API made it.
    pub by_call: bool,
    /// Whether the page has used its one private answer to it.
    pub answered_privately: bool,
    /// How a private message has to do with a story (Instagram).
    pub story: Option<StoryPart>,
}

impl Item {
    /// A thing that nothing refers to and that refers to nothing: a post of X by the account.
    #[must_use]
    pub fn blank(id: String, network: Network, account: String, at: OffsetDateTime) -> Self {
        Self {
            root: id.clone(),
            id,
            number: 0,
            network,
            account,
            author: Author::Business,
            persona: None,
            at,
            kind: ItemKind::Post,
            text: String::new(),
            added: 0,
            parent: None,
            quotes: None,
            previous: None,
            next: None,
            children: Vec::new(),
            revision: 0,
            deleted: false,
            hidden: false,
            liked_by: BTreeSet::new(),
            reposted_by: BTreeSet::new(),
            attachment: None,
            reaction: None,
            by_call: false,
            answered_privately: false,
            story: None,
        }
    }

    /// Whether it stands in an inbox.
    #[must_use]
    pub fn is_private(&self) -> bool {
        matches!(self.kind, ItemKind::DirectMessage | ItemKind::MessengerMessage)
    }
}

/// When the accounts wrote what was there before anybody listened.
const OLD_POSTS_FROM: OffsetDateTime = datetime!(2026-11-02 09:00 UTC);

/// What they wrote.
pub const OLD_POSTS: [&str; 3] = [
    "Our winter collection has arrived. Which piece is your favourite?",
    "Livraison offerte dès 40 € jusqu'à dimanche. Bonne semaine à toutes et à tous !",
    "New opening hours from Monday: 10:00 to 19:00, Saturday until 20:00.",
];

/// One of them; `index` tells them apart.
#[must_use]
pub fn old_post(account: &Account, index: u32, text: &str) -> Item {
    let at = OLD_POSTS_FROM + time::Duration::days(i64::from(index) * 5);
    let number = ids::of_old_post(&account.account_id, u64::from(index), at);
    let owner = account.account_id.clone();
    let (kind, id) = match account.network {
        Network::X => (ItemKind::Post, number.to_string()),
        Network::Facebook => (ItemKind::PagePost, format!("{}_{number}", account.account_id)),
        Network::Instagram | Network::Tiktok => (ItemKind::PagePost, number.to_string()),
    };
    let text = text.to_owned();
    let attachment = picture(account.network, kind);
    Item { kind, text, attachment, ..Item::blank(id, account.network, owner, at) }
}

/// What stands above the words of an account's own posts.
#[must_use]
pub fn picture(network: Network, kind: ItemKind) -> Option<Attachment> {
    match (network, kind) {
        (Network::Instagram, ItemKind::PagePost | ItemKind::Story) => Some(Attachment::Image),
        (Network::Tiktok, ItemKind::PagePost) => Some(Attachment::Video),
        _ => None,
    }
}

/// The story that an account of Instagram shows before anybody listens.
#[must_use]
pub fn old_story(account: &Account) -> Option<Item> {
    const INDEX: u64 = 100;
    if account.network != Network::Instagram {
        return None;
    }
    let at = OLD_POSTS_FROM + time::Duration::days(20);
    let id = ids::of_old_post(&account.account_id, INDEX, at).to_string();
    let text = "Behind the scenes of tomorrow's shop window ✨".to_owned();
    let blank = Item::blank(id, account.network, account.account_id.clone(), at);
    let (kind, attachment) = (ItemKind::Story, Some(Attachment::Image));
    Some(Item { kind, text, attachment, ..blank })
}
