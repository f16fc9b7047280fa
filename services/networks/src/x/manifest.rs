//! What X lets an account do (`reference/networks.md` 1.0 and 1.3).

use crate::MessageKind;
use crate::manifest::table::Way;
use crate::manifest::{
    AUTHOR_UNKNOWN, AnswerOption, Asked, Counting, DELETED, Reason, Tier, option,
};

const PUBLIC: &[MessageKind] =
    &[MessageKind::Mention, MessageKind::Reply, MessageKind::Quote, MessageKind::Post];
const PUBLIC_SCOPES: &[&str] = &["tweet.write", "tweet.read", "users.read"];
const PRIVATE_SCOPES: &[&str] = &["dm.write", "tweet.read", "users.read"];

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
    vec![option(asked, MessageKind::Reply, public(asked), None), private]
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
