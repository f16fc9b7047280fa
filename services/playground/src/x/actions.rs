//! Likes, reposts, follows and hidden replies of X's API v2 (contract 1.0 and 1.3). Each sets a state: asked for
//! twice, it is as it was.

use serde::Deserialize;

use super::calls::{Granted, is_id, post, require};
use super::refused::Refused;
use crate::world::{Account, Author, CallKind, Deed, Network, Tier, World};

/// `POST /2/users/{id}/likes` and `POST /2/users/{id}/retweets`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ThePost {
    /// The post.
    pub tweet_id: String,
}

/// `POST /2/users/{id}/following`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ThePerson {
    /// The person.
    pub target_user_id: String,
}

/// `PUT /2/tweets/{id}/hidden`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hidden {
    /// Whether it is to be hidden.
    pub hidden: bool,
}

/// A like, or its end.
///
/// # Errors
/// As X refuses it: since April 2026 it is open to enterprise access only.
pub fn like(
    world: &World,
    account: &Account,
    me: &str,
    id: &str,
    liked: bool,
) -> Result<Granted, Refused> {
    require(account, &["like.write", "tweet.read", "users.read"])?;
    enterprise(account, "Liking is open to enterprise access only.")?;
    own(account, me)?;
    let deed = Deed::Liked { id: post(world, "tweet_id", id)?.id.clone(), liked };
    let kind = if liked { CallKind::Like } else { CallKind::Unlike };
    Ok(Granted { deed, kind, target: id.to_owned() })
}

/// A repost, or its end.
///
/// # Errors
/// As X refuses it.
pub fn repost(
    world: &World,
    account: &Account,
    me: &str,
    id: &str,
    repost: Option<u64>,
) -> Result<Granted, Refused> {
    require(account, &["tweet.write", "tweet.read", "users.read"])?;
    own(account, me)?;
    let id = post(world, "tweet_id", id)?.id.clone();
    let kind = if repost.is_some() { CallKind::Repost } else { CallKind::Unrepost };
    let target = id.clone();
    let deed = Deed::Reposted { id, repost: repost.map(|number| number.to_string()) };
    Ok(Granted { deed, kind, target })
}

/// A follow, or its end.
///
/// # Errors
/// As X refuses it: since April 2026 it is open to enterprise access only.
pub fn follow(
    world: &World,
    account: &Account,
    me: &str,
    target: &str,
    following: bool,
) -> Result<Granted, Refused> {
    require(account, &["follows.write", "tweet.read", "users.read"])?;
    enterprise(account, "Following is open to enterprise access only.")?;
    own(account, me)?;
    is_id("target_user_id", target)?;
    if target == account.account_id {
        return Err(Refused::invalid("target_user_id", "You cannot follow yourself."));
    }
    if world.account(Network::X, target).is_some() {
        return Err(Refused::not_authorized("user", target, "You cannot follow this user."));
    }
    let Some(persona) = world.known().on_x(target) else {
        return Err(Refused::not_found("user", "target_user_id", target));
    };
    let deed = Deed::Followed { persona: persona.to_owned(), following };
    let kind = if following { CallKind::Follow } else { CallKind::Unfollow };
    Ok(Granted { deed, kind, target: target.to_owned() })
}

/// A reply hidden, or shown again.
///
/// # Errors
/// As X refuses it: only replies in conversations that the account began can be hidden.
pub fn hide(world: &World, account: &Account, id: &str, hidden: bool) -> Result<Granted, Refused> {
    require(account, &["tweet.moderate.write", "tweet.read", "users.read"])?;
    let reply = post(world, "tweet_id", id)?;
    let began = world.item(&reply.root).is_some_and(|first| {
        first.author == Author::Business && first.account == account.account_id
    });
    if !began || reply.root == reply.id {
        let detail = "You can hide only replies in conversations that you began.";
        return Err(Refused::not_authorized("tweet", id, detail));
    }
    let deed = Deed::Hidden { id: reply.id.clone(), hidden };
    let kind = if hidden { CallKind::Hide } else { CallKind::Unhide };
    Ok(Granted { deed, kind, target: id.to_owned() })
}

fn enterprise(account: &Account, detail: &str) -> Result<(), Refused> {
    if account.tier == Tier::SelfServe { Err(Refused::forbidden(detail)) } else { Ok(()) }
}

/// The user in the address must be the token's.
fn own(account: &Account, me: &str) -> Result<(), Refused> {
    is_id("id", me)?;
    if me == account.account_id {
        return Ok(());
    }
    let detail = "The `id` query parameter value must be the same as the authenticating user.";
    Err(Refused::invalid("id", detail))
}
