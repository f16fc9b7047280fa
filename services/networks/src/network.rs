//! Which network.

use std::fmt;
use std::str::FromStr;

/// A social network that can be received from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Network {
    /// X, formerly Twitter.
    X,
    /// Facebook Pages and Messenger.
    Facebook,
}

impl Network {
    /// Every network, in a stable order.
    pub const ALL: [Self; 2] = [Self::X, Self::Facebook];

    /// Its word in addresses, subjects, tables and configuration.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::X => "x",
            Self::Facebook => "facebook",
        }
    }

    /// Where its public messages are shown, without a trailing slash.
    #[must_use]
    pub const fn site(self) -> &'static str {
        match self {
            Self::X => "https://x.com",
            Self::Facebook => "https://www.facebook.com",
        }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// The word names no network that can be received from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownNetwork;

impl fmt::Display for UnknownNetwork {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("not a network: expected x or facebook")
    }
}

impl std::error::Error for UnknownNetwork {}

impl FromStr for Network {
    type Err = UnknownNetwork;

    fn from_str(word: &str) -> Result<Self, UnknownNetwork> {
        Self::ALL.into_iter().find(|network| network.as_str() == word).ok_or(UnknownNetwork)
    }
}
