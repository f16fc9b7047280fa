//! What can be done to a message besides answering it.

use super::{Asked, Reason};
use crate::{Network, facebook, x};

/// Something that an account does to a message, or to who wrote it.
///
/// Every one but quoting sets a state, so it may be asked for again after a lost answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Show that the account likes it.
    Like,
    /// No more.
    Unlike,
    /// Show it to all who read the account.
    Repost,
    /// No more.
    Unrepost,
    /// Let only its author and their friends see it.
    Hide,
    /// Everybody sees it again.
    Unhide,
    /// Read what its author writes: done to the author, whichever of the messages was at hand.
    Follow,
    /// No more.
    Unfollow,
    /// Show it below words of the account's own: offered here, and made as a reply of the kind
    /// [`crate::MessageKind::Quote`], which sends and so may not be asked for again.
    Quote,
    /// Take back what the account itself wrote.
    Delete,
}

impl Action {
    /// Every action, in the order in which they are offered.
    pub const ALL: [Self; 10] = [
        Self::Quote,
        Self::Like,
        Self::Unlike,
        Self::Repost,
        Self::Unrepost,
        Self::Hide,
        Self::Unhide,
        Self::Follow,
        Self::Unfollow,
        Self::Delete,
    ];

    /// Its word in the API, in tables and in metrics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Like => "like",
            Self::Unlike => "unlike",
            Self::Repost => "repost",
            Self::Unrepost => "unrepost",
            Self::Hide => "hide",
            Self::Unhide => "unhide",
            Self::Follow => "follow",
            Self::Unfollow => "unfollow",
            Self::Quote => "quote",
            Self::Delete => "delete",
        }
    }

    /// By its word.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.as_str() == word)
    }

    /// What takes it back; none for what cannot be.
    #[must_use]
    pub const fn opposite(self) -> Option<Self> {
        match self {
            Self::Like => Some(Self::Unlike),
            Self::Unlike => Some(Self::Like),
            Self::Repost => Some(Self::Unrepost),
            Self::Unrepost => Some(Self::Repost),
            Self::Hide => Some(Self::Unhide),
            Self::Unhide => Some(Self::Hide),
            Self::Follow => Some(Self::Unfollow),
            Self::Unfollow => Some(Self::Follow),
            Self::Quote | Self::Delete => None,
        }
    }

    /// Whether it takes another one back.
    #[must_use]
    pub const fn is_undoing(self) -> bool {
        matches!(self, Self::Unlike | Self::Unrepost | Self::Unhide | Self::Unfollow)
    }

    /// Whether it is done to the author rather than to the message: then it stands for every
    /// message of theirs.
    #[must_use]
    pub const fn is_of_author(self) -> bool {
        matches!(self, Self::Follow | Self::Unfollow)
    }
}

/// One thing that an account can do to a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActionOption {
    /// What.
    pub action: Action,
    /// Whether it can be chosen, and if not, why.
    pub available: Result<(), Reason>,
}

/// Everything that the message's network knows to be done to a message of its kind, unavailable
/// ones with their reason; what the network does not have for the kind is left out.
///
/// Of two opposites both are given: which one is asked for depends on how the message stands,
/// which is not known here. Of `asked`, the last private message and the private reply do not
/// matter. For what we wrote ourselves there is only [`Action::Delete`]; that the message has
/// reached the network is the caller's to check.
#[must_use]
pub fn actions(asked: &Asked<'_>) -> Vec<ActionOption> {
    let available = |action| match asked.account.network {
        Network::X => x::manifest::action(asked, action),
        Network::Facebook => facebook::manifest::action(asked, action),
    };
    let known = Action::ALL.into_iter().filter(|action| {
        // Nobody likes, hides or follows themselves.
        (*action == Action::Delete) != asked.inbound
    });
    known
        .filter_map(|action| Some(ActionOption { action, available: available(action)? }))
        .collect()
}
