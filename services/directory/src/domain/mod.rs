//! The decisions: what may be an organization, a member, an application, a channel or a setting,
//! and when a sign-in may be tried. Plain functions over values.
//!
//! Deliberately absent: hashing and sealing (`password`, `sealing`), which are mechanisms.

pub mod access;
pub mod application;
pub mod attribute;
pub mod channel;
pub mod connection;
pub mod invitation;
pub mod member;
pub mod organization;
pub mod text;
pub mod throttle;

use kit_values::{Class, Fault, typed_id};

typed_id! {
    /// A person of one organization.
    pub MemberId(MemberKind) = "mem"
}
typed_id! {
    /// One registration at a network.
    pub ApplicationId(ApplicationKind) = "app"
}
typed_id! {
    /// One connected account.
    pub ChannelId(ChannelKind) = "chan"
}

typed_id! {
    /// One thing that can be known of a contact.
    pub AttributeId(AttributeKind) = "attr"
}
typed_id! {
    /// One person's way in.
    pub InvitationId(InvitationKind) = "inv"
}

/// Somebody else has changed it since whoever asks looked at it.
#[must_use]
pub fn stale(what: &'static str) -> Fault {
    let sentence = format!("This {what} has changed meanwhile; look at it again.");
    Fault::new(Class::Rejected, "stale", sentence)
}

/// A social network that Guichet can receive from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Network {
    /// X.
    X,
    /// Facebook.
    Facebook,
}

impl Network {
    /// Every network.
    pub const ALL: [Self; 2] = [Self::X, Self::Facebook];

    /// As it is written in the database and in subjects.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::X => "x",
            Self::Facebook => "facebook",
        }
    }

    /// The network of that [`Network::name`].
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|network| network.name() == name)
    }
}
