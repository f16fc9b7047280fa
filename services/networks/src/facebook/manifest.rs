//! What Facebook lets a page do (`reference/networks.md` 2 and 3.3).

use time::{Duration, OffsetDateTime};

use crate::MessageKind;
use crate::manifest::table::Way;
use crate::manifest::{
    AUTHOR_UNKNOWN, Account, Action, AnswerOption, Asked, Counting, DELETED, OTHER_AUTHOR, Reason,
    option,
};

/// After the customer's last message, for everybody.
pub(crate) const WINDOW: Duration = Duration::hours(24);
/// After the customer's last message, for messages that a person wrote.
pub(crate) const HUMAN_WINDOW: Duration = Duration::days(7);
/// After the comment.
pub(crate) const PRIVATE_REPLY_WINDOW: Duration = Duration::days(7);

/// The feature that Meta grants by app review; kept among an account's scopes.
const HUMAN_AGENT: &str = "human_agent";
const COMMENT_SCOPES: &[&str] = &["pages_manage_engagement"];
const MESSENGER_SCOPES: &[&str] = &["pages_messaging"];

const PUBLIC: &[MessageKind] = &[MessageKind::Comment, MessageKind::Post, MessageKind::Mention];

pub(crate) const WAYS: &[Way] = &[
    Way {
        answers: PUBLIC,
        kind: MessageKind::Comment,
        scopes: COMMENT_SCOPES,
        conditions: "Only the page that it was written to or that it names.",
    },
    Way {
        answers: &[MessageKind::Comment, MessageKind::Post],
        kind: MessageKind::PrivateMessage,
        scopes: MESSENGER_SCOPES,
        conditions: "One private reply by the page that it was written to, within 7 days.",
    },
    Way {
        answers: &[MessageKind::PrivateMessage],
        kind: MessageKind::PrivateMessage,
        scopes: MESSENGER_SCOPES,
        conditions: "The page that was written to, within 24 hours of the customer's last message; \
                     7 days for people's own words with the feature human_agent.",
    },
];

/// As the network's own help pages have it; its machine-readable documents give no limit.
const COMMENT: u32 = 8_000;
const MESSAGE: u32 = 2_000;

const OTHER_PAGE: Reason = Reason {
    code: "other_account",
    sentence: "Facebook lets only the page that was written to answer this.",
};
const MISSING_ENGAGEMENT: Reason = Reason {
    code: "missing_scope",
    sentence: "The page was connected without the right to answer comments; connect it again.",
};
const MISSING_LIKE: Reason = Reason {
    code: "missing_scope",
    sentence: "The page was connected without the right to like or hide what people write; \
               connect it again.",
};
const OTHER_PAGE_ACTS: Reason = Reason {
    code: "other_account",
    sentence: "Facebook lets only the page that was written to do this.",
};
const NOT_HIDDEN_ELSEWHERE: Reason = Reason {
    code: "not_on_own_page",
    sentence: "A page hides only what was written on the page itself.",
};
/// The same code as the answer of a call that could not be made.
const MESSENGER_KEEPS: Reason = Reason {
    code: "not_deletable",
    sentence: "Messenger keeps messages: they cannot be deleted from here.",
};
const MISSING_MESSAGING: Reason = Reason {
    code: "missing_scope",
    sentence: "The page was connected without the right to send messages; connect it again.",
};
const ELSEWHERE: Reason = Reason {
    code: "not_on_own_page",
    sentence: "Facebook allows a private reply only to what was written on the page itself.",
};
const USED: Reason = Reason {
    code: "private_reply_used",
    sentence: "Facebook allows one private reply to a comment, and it has been sent.",
};
const EXPIRED: Reason = Reason {
    code: "private_reply_expired",
    sentence: "Facebook allows a private reply only within 7 days of the comment.",
};
/// The same code as the network's own refusal of a message that came too late.
pub(crate) const CLOSED: Reason = Reason {
    code: "window_closed",
    sentence: "Facebook closed the time for answering: the customer has to write again first.",
};

pub(crate) const fn text_limit(kind: MessageKind) -> (u32, Counting) {
    match kind {
        MessageKind::PrivateMessage => (MESSAGE, Counting::Characters),
        _ => (COMMENT, Counting::Characters),
    }
}

pub(crate) fn answer_options(asked: &Asked<'_>) -> Vec<AnswerOption> {
    if asked.kind == MessageKind::PrivateMessage {
        let until = asked.last_private_inbound_at.unwrap_or(asked.network_time);
        let until = until + window(asked.account);
        let available = messenger(asked, until);
        return vec![option(asked, MessageKind::PrivateMessage, available, Some(until))];
    }
    let until = asked.network_time + PRIVATE_REPLY_WINDOW;
    vec![
        option(asked, MessageKind::Comment, comment(asked), None),
        option(asked, MessageKind::PrivateMessage, private_reply(asked, until), Some(until)),
    ]
}

/// What can be done to comments and posts; `None` for what Facebook does not have for this kind.
pub(crate) fn action(asked: &Asked<'_>, action: Action) -> Option<Result<(), Reason>> {
    let private = asked.kind == MessageKind::PrivateMessage;
    let gone = asked.deleted.then_some(DELETED);
    let missing = || asked.account.lacks(COMMENT_SCOPES).map(|_| MISSING_LIKE);
    let other = (!asked.same_account).then_some(OTHER_PAGE_ACTS);
    let refusal = match action {
        Action::Like | Action::Unlike if !private => other.or(gone).or_else(missing),
        Action::Hide | Action::Unhide if !private => {
            let elsewhere = asked.kind == MessageKind::Mention;
            other.or(elsewhere.then_some(NOT_HIDDEN_ELSEWHERE)).or(gone).or_else(missing)
        }
        Action::Delete if private => Some(MESSENGER_KEEPS),
        Action::Delete => {
            let missing = asked.account.lacks(COMMENT_SCOPES).map(|_| MISSING_ENGAGEMENT);
            (!asked.same_account).then_some(OTHER_AUTHOR).or(gone).or(missing)
        }
        _ => return None,
    };
    Some(refusal.map_or(Ok(()), Err))
}

/// How long people may answer a message.
fn window(account: &Account) -> Duration {
    if account.lacks(&[HUMAN_AGENT]).is_some() { WINDOW } else { HUMAN_WINDOW }
}

fn comment(asked: &Asked<'_>) -> Result<(), Reason> {
    if !asked.same_account {
        return Err(OTHER_PAGE);
    }
    if asked.deleted {
        return Err(DELETED);
    }
    asked.account.lacks(COMMENT_SCOPES).map_or(Ok(()), |_| Err(MISSING_ENGAGEMENT))
}

/// Addressed by the comment, so its author need not be known.
fn private_reply(asked: &Asked<'_>, until: OffsetDateTime) -> Result<(), Reason> {
    if !asked.same_account {
        return Err(OTHER_PAGE);
    }
    if asked.kind == MessageKind::Mention {
        return Err(ELSEWHERE);
    }
    if asked.deleted {
        return Err(DELETED);
    }
    if asked.account.lacks(MESSENGER_SCOPES).is_some() {
        return Err(MISSING_MESSAGING);
    }
    if asked.already_private_replied {
        return Err(USED);
    }
    if asked.now >= until { Err(EXPIRED) } else { Ok(()) }
}

fn messenger(asked: &Asked<'_>, until: OffsetDateTime) -> Result<(), Reason> {
    if !asked.same_account {
        return Err(OTHER_PAGE);
    }
    if !asked.author_known {
        return Err(AUTHOR_UNKNOWN);
    }
    if asked.account.lacks(MESSENGER_SCOPES).is_some() {
        return Err(MISSING_MESSAGING);
    }
    if asked.now >= until { Err(CLOSED) } else { Ok(()) }
}
