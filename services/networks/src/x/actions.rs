//! What X lets be done to posts and people, as calls (`reference/networks.md` 1.3).
//!
//! Each sets a state by an account's own id, so a call that is made twice changes nothing the
//! second time; X says so of some by an error, which is then as good as success.

use serde_json::{Value, json};

use super::outbound::{DAY, QUARTER, checked, of};
use crate::MessageKind;
use crate::manifest::Action;
use crate::outbound::{Allowance, Answer, Call, Class, Failure, Scope, Target, encoded};

pub(crate) fn plan(action: Action, to: &Target, author: &str) -> Result<Call, Failure> {
    let public = to.kind != MessageKind::PrivateMessage;
    let id = match action {
        Action::Follow | Action::Unfollow => checked(author)?,
        Action::Like | Action::Unlike | Action::Repost | Action::Unrepost if public => {
            checked(&to.external_id)?
        }
        Action::Hide | Action::Unhide if to.kind == MessageKind::Reply => checked(&to.external_id)?,
        _ => {
            let sentence = "X has nothing like that for this message.";
            return Err(Failure::new(Class::Request, "not_possible", sentence));
        }
    };
    Ok(Call::Act { action, to: Target { external_id: id, kind: to.kind } })
}

/// Method, path and body.
pub(super) fn request(
    me: &str,
    action: Action,
    to: &Target,
) -> (&'static str, String, Option<Value>) {
    let (edge, field) = match action {
        Action::Hide | Action::Unhide => {
            let path = format!("/2/tweets/{}/hidden", encoded(&to.external_id));
            return ("PUT", path, Some(json!({"hidden": action == Action::Hide})));
        }
        Action::Repost | Action::Unrepost => ("retweets", "tweet_id"),
        Action::Follow | Action::Unfollow => ("following", "target_user_id"),
        _ => ("likes", "tweet_id"),
    };
    let path = format!("/2/users/{}/{edge}", encoded(me));
    if action.is_undoing() {
        ("DELETE", format!("{path}/{}", encoded(&to.external_id)), None)
    } else {
        ("POST", path, Some(json!({field: to.external_id})))
    }
}

/// What the data of an answer says; none where it says nothing of the action.
pub(super) fn done(action: Action, data: &Value) -> Option<Answer> {
    let is = |name: &str| data.get(name).and_then(Value::as_bool);
    let stands = match action {
        Action::Repost | Action::Unrepost => is("retweeted")?,
        // A protected account is asked first, and then it is for its owner to say.
        Action::Follow => is("following")? || is("pending_follow") == Some(true),
        Action::Unfollow => is("following")?,
        Action::Hide | Action::Unhide => is("hidden")?,
        _ => is("liked")?,
    };
    Some(if stands == action.is_undoing() {
        let sentence = "X took the request, and did not do it.";
        Answer::Failed(Failure::new(Class::Request, "not_done", sentence))
    } else {
        Answer::Done
    })
}

/// What is gone is not liked, shown or followed any more.
pub(super) const fn without(call: &Call) -> Option<Answer> {
    match call {
        Call::DeletePublic { .. } | Call::DeletePrivate { .. } => Some(Answer::Deleted),
        Call::Act { action, .. } if action.is_undoing() => Some(Answer::Done),
        _ => None,
    }
}

/// The older API's numbers that only actions meet.
pub(super) fn by_code(action: Action, code: i64) -> Option<Answer> {
    let failure = match (action, code) {
        // Liked, reposted, asked to follow already.
        (Action::Like, 139) | (Action::Repost, 327) | (Action::Follow, 160) => {
            return Some(Answer::Done);
        }
        (_, 136 | 162) => blocked(),
        (Action::Follow, 158) => {
            Failure::new(Class::Request, "own_account", "An account cannot follow itself.")
        }
        (Action::Follow, 161) => Failure::new(
            Class::Policy,
            "follow_limit",
            "X lets the account follow no more people for now.",
        ),
        (Action::Repost, 328) => not_repostable(),
        _ => return None,
    };
    Some(Answer::Failed(failure))
}

/// Refusals that come as 403 with a sentence alone.
pub(super) fn by_words(action: Action, said: &str) -> Option<Answer> {
    let already = said.contains("already retweeted")
        || said.contains("already favorited")
        || said.contains("already liked")
        || said.contains("already requested to follow");
    if already && !action.is_undoing() {
        return Some(Answer::Done);
    }
    let failure = if said.contains("blocked") {
        blocked()
    } else if action == Action::Repost && said.contains("not allowed to retweet")
        || said.contains("retweet is not permissible")
    {
        not_repostable()
    } else if said.contains("hide") {
        not_hideable()
    } else {
        return None;
    };
    Some(Answer::Failed(failure))
}

fn not_hideable() -> Failure {
    Failure::new(
        Class::Request,
        "not_hideable",
        "X lets an account hide only replies in conversations that the account began.",
    )
}

fn blocked() -> Failure {
    Failure::new(
        Class::Recipient,
        "blocked_by_person",
        "The author has blocked this account, so X does not allow it.",
    )
}

fn not_repostable() -> Failure {
    Failure::new(
        Class::Recipient,
        "not_repostable",
        "X does not let this post be reposted: its author shows it only to some people.",
    )
}

const LIKE: &str = "like";
const LIKE_DAY: &str = "like_24h";
const UNLIKE: &str = "unlike";
const UNLIKE_DAY: &str = "unlike_24h";
const REPOST: &str = "repost";
const UNREPOST: &str = "unrepost";
const FOLLOW: &str = "follow";
const UNFOLLOW: &str = "unfollow";
/// Hiding and showing again are one method of one edge.
const HIDE: &str = "hide";

/// Which budgets hold it back: each method of each edge has its own.
pub(super) const fn bounds(action: Action) -> &'static [(Scope, &'static str)] {
    match action {
        Action::Unlike => &[(Scope::Account, UNLIKE), (Scope::Account, UNLIKE_DAY)],
        Action::Repost => &[(Scope::Account, REPOST)],
        Action::Unrepost => &[(Scope::Account, UNREPOST)],
        Action::Follow => &[(Scope::Account, FOLLOW)],
        Action::Unfollow => &[(Scope::Account, UNFOLLOW)],
        Action::Hide | Action::Unhide => &[(Scope::Account, HIDE)],
        _ => &[(Scope::Account, LIKE), (Scope::Account, LIKE_DAY)],
    }
}

pub(super) const fn allowances(action: Action) -> &'static [Allowance] {
    const fn quarter(name: &'static str) -> Allowance {
        of(Scope::Account, name, 50, QUARTER)
    }
    const fn day(name: &'static str) -> Allowance {
        of(Scope::Account, name, 1_000, DAY)
    }
    match action {
        Action::Unlike => const { &[quarter(UNLIKE), day(UNLIKE_DAY)] },
        Action::Repost => const { &[quarter(REPOST)] },
        Action::Unrepost => const { &[quarter(UNREPOST)] },
        Action::Follow => const { &[quarter(FOLLOW)] },
        Action::Unfollow => const { &[quarter(UNFOLLOW)] },
        Action::Hide | Action::Unhide => const { &[quarter(HIDE)] },
        _ => const { &[quarter(LIKE), day(LIKE_DAY)] },
    }
}
