//! What X lets an account do (`reference/networks.md` 1.0 and 1.3).

use crate::MessageKind;
use crate::manifest::table::Way;
use crate::manifest::{
    AUTHOR_UNKNOWN, Action, AnswerOption, Asked, Counting, DELETED, OTHER_AUTHOR, Reason, Tier,
    option,
};

const PUBLIC: &[MessageKind] =
    &[MessageKind::Mention, MessageKind::Reply, MessageKind::Quote, MessageKind::Post];
const PUBLIC_SCOPES: &[&str] = &["tweet.write", "tweet.read", "users.read"];
const PRIVATE_SCOPES: &[&str] = &["dm.write", "tweet.read", "users.read"];
const LIKE_SCOPES: &[&str] = &["like.write", "tweet.read", "users.read"];
const FOLLOW_SCOPES: &[&str] = &["follows.write", "tweet.read", "users.read"];
const HIDE_SCOPES: &[&str] = &["tweet.moderate.write", "tweet.read", "users.read"];
const DELETE_DIRECT_SCOPES: &[&str] = &["dm.write", "dm.read"];

pub(crate) const WAYS: &[Way] = &[
    Way {
        answers: PUBLIC,
        kind: MessageKind::Reply,
        scopes: PUBLIC_SCOPES,
        conditions: "Self-serve accounts only to posts that mention them or quote them; \
                     enterprise accounts to any post.",
    },
    Way {
        answers: PUBLIC,
        kind: MessageKind::PrivateMessage,
        scopes: PRIVATE_SCOPES,
        conditions: "X may refuse it when the person takes no messages from the account.",
    },
    Way {
        answers: &[MessageKind::PrivateMessage],
        kind: MessageKind::PrivateMessage,
        scopes: PRIVATE_SCOPES,
        conditions: "No window. 15 messages in 15 minutes, 1,440 a day.",
    },
    Way {
        answers: PUBLIC,
        kind: MessageKind::Quote,
        scopes: PUBLIC_SCOPES,
        conditions: "Enterprise accounts only.",
    },
];

/// A post of a self-serve or enterprise account; longer ones need a subscription of the account
/// that the API does not tell.
const POST: u32 = 280;
/// As third parties document it; X itself does not.
const DIRECT_MESSAGE: u32 = 10_000;

const MISSING_WRITE: Reason = Reason {
    code: "missing_scope",
    sentence: "The account was connected without the right to post; connect it again.",
};
const MISSING_DIRECT: Reason = Reason {
    code: "missing_scope",
    sentence: "The account was connected without the right to send direct messages; connect it \
               again.",
};
const NOT_MENTIONED: Reason = Reason {
    code: "account_not_mentioned",
    sentence: "With this account's plan, X takes public replies only to posts that mention the \
               account.",
};

const MISSING_LIKE: Reason = Reason {
    code: "missing_scope",
    sentence: "The account was connected without the right to like; connect it again.",
};
const MISSING_FOLLOW: Reason = Reason {
    code: "missing_scope",
    sentence: "The account was connected without the right to follow; connect it again.",
};
const MISSING_HIDE: Reason = Reason {
    code: "missing_scope",
    sentence: "The account was connected without the right to hide replies; connect it again.",
};
const OTHER_ACCOUNT_HIDES: Reason = Reason {
    code: "other_account",
    sentence: "X lets only the account that was replied to hide a reply.",
};
/// Since 20 April 2026.
const ENTERPRISE_QUOTE: Reason = Reason {
    code: "enterprise_only",
    sentence: "With this account's plan, X takes no quotes; an enterprise plan is needed.",
};
const ENTERPRISE_LIKE: Reason = Reason {
    code: "enterprise_only",
    sentence: "With this account's plan, X takes no likes; an enterprise plan is needed.",
};
const ENTERPRISE_FOLLOW: Reason = Reason {
    code: "enterprise_only",
    sentence: "With this account's plan, X lets nobody be followed; an enterprise plan is needed.",
};

pub(crate) const fn text_limit(kind: MessageKind) -> (u32, Counting) {
    match kind {
        MessageKind::PrivateMessage => (DIRECT_MESSAGE, Counting::Characters),
        _ => (POST, Counting::XWeighted),
    }
}

pub(crate) fn answer_options(asked: &Asked<'_>) -> Vec<AnswerOption> {
    let private = option(asked, MessageKind::PrivateMessage, private(asked), None);
    if asked.kind == MessageKind::PrivateMessage {
        return vec![private];
    }
    let quote = option(asked, MessageKind::Quote, quote(asked), None);
    vec![option(asked, MessageKind::Reply, public(asked), None), private, quote]
}

/// Any account may quote any post, so long as its plan lets it quote at all.
fn quote(asked: &Asked<'_>) -> Result<(), Reason> {
    if asked.deleted {
        return Err(DELETED);
    }
    if asked.account.tier == Tier::SelfServe {
        return Err(ENTERPRISE_QUOTE);
    }
    asked.account.lacks(PUBLIC_SCOPES).map_or(Ok(()), |_| Err(MISSING_WRITE))
}

/// What can be done to posts and people; `None` for what X does not have for this kind. Whoever
/// wrote a direct message can be followed, the message itself cannot be liked.
pub(crate) fn action(asked: &Asked<'_>, action: Action) -> Option<Result<(), Reason>> {
    let public = asked.kind != MessageKind::PrivateMessage;
    let enterprise = asked.account.tier == Tier::Enterprise;
    let lacks = |scopes: &[&'static str]| asked.account.lacks(scopes).is_some();
    let refusal = match action {
        Action::Quote if public => quote(asked).err(),
        Action::Like | Action::Unlike if public => {
            let plan = (!enterprise).then_some(ENTERPRISE_LIKE);
            plan.or(lacks(LIKE_SCOPES).then_some(MISSING_LIKE)).or(gone(asked))
        }
        Action::Repost | Action::Unrepost if public => {
            lacks(PUBLIC_SCOPES).then_some(MISSING_WRITE).or(gone(asked))
        }
        Action::Follow | Action::Unfollow => {
            let plan = (!enterprise).then_some(ENTERPRISE_FOLLOW);
            let author = (!asked.author_known).then_some(AUTHOR_UNKNOWN);
            plan.or(lacks(FOLLOW_SCOPES).then_some(MISSING_FOLLOW)).or(author)
        }
        // Whether the account began the conversation, only X knows.
        Action::Hide | Action::Unhide if asked.kind == MessageKind::Reply => {
            let other = (!asked.same_account).then_some(OTHER_ACCOUNT_HIDES);
            other.or(lacks(HIDE_SCOPES).then_some(MISSING_HIDE)).or(gone(asked))
        }
        Action::Delete => {
            let missing = if public {
                lacks(PUBLIC_SCOPES).then_some(MISSING_WRITE)
            } else {
                lacks(DELETE_DIRECT_SCOPES).then_some(MISSING_DIRECT)
            };
            let other = (!asked.same_account).then_some(OTHER_AUTHOR);
            other.or(gone(asked)).or(missing)
        }
        Action::Quote
        | Action::Like
        | Action::Unlike
        | Action::Repost
        | Action::Unrepost
        | Action::Hide
        | Action::Unhide => return None,
    };
    Some(refusal.map_or(Ok(()), Err))
}

fn gone(asked: &Asked<'_>) -> Option<Reason> {
    asked.deleted.then_some(DELETED)
}

fn public(asked: &Asked<'_>) -> Result<(), Reason> {
    if asked.deleted {
        return Err(DELETED);
    }
    if asked.account.lacks(PUBLIC_SCOPES).is_some() {
        return Err(MISSING_WRITE);
    }
    if asked.account.tier == Tier::SelfServe && !asked.same_account {
        return Err(NOT_MENTIONED);
    }
    Ok(())
}

/// A deleted message does not prevent writing to its author.
fn private(asked: &Asked<'_>) -> Result<(), Reason> {
    if !asked.author_known {
        return Err(AUTHOR_UNKNOWN);
    }
    asked.account.lacks(PRIVATE_SCOPES).map_or(Ok(()), |_| Err(MISSING_DIRECT))
}
