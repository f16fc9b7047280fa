//! Refusals of the Graph API, by class (the table of `reference/networks.md` 2).

use serde_json::Value;
use time::OffsetDateTime;

use super::manifest::CLOSED;
use super::outbound::until;
use crate::json;
use crate::manifest::Action;
use crate::outbound::{
    Account, Answer, Call, Class, Failure, Headers, Scope, Waiting, lost, words,
};

/// Numbers of one error.
#[derive(Clone, Copy)]
struct Error {
    code: i64,
    subcode: i64,
    transient: bool,
}

pub(super) fn read(
    account: &Account,
    call: &Call,
    status: u16,
    headers: &Headers,
    body: &Value,
    now: OffsetDateTime,
) -> Answer {
    let found = body.get("error").unwrap_or(&Value::Null);
    let number = |name: &str| found.get(name).and_then(Value::as_i64).unwrap_or(0);
    let error = Error {
        code: number("code"),
        subcode: number("error_subcode"),
        transient: found.get("is_transient").and_then(Value::as_bool) == Some(true),
    };
    if status >= 500 || status == 408 || (status < 400 && error.code == 0) {
        return lost(call, true);
    }
    if let Some(scope) = throttled(error.code).or((status == 429).then_some(Scope::Account)) {
        return Answer::Wait(Waiting {
            code: "rate_limited",
            sentence: "Facebook takes no more calls of this kind for now.".to_owned(),
            scope,
            until: until(account, headers, now),
        });
    }
    if matches!(error.code, 190 | 102) || (error.code == 0 && status == 401) {
        return Answer::TokenRefused(token(error.subcode));
    }
    // "Unknown error", "temporarily unavailable", "transient": none of them says that nothing was
    // done, so a send is not made again by itself; its echo, or a person, tells.
    if matches!(error.code, 1 | 2) || error.transient {
        return lost(call, true);
    }
    // Only the Graph's own word: a 404 without one may come from whatever stands in between.
    let gone = matches!((error.code, error.subcode), (100, 33) | (803, _));
    if gone && let Some(answer) = without(call) {
        return answer;
    }
    let said = [json::word(found, "error_user_msg"), json::word(found, "message")];
    let said = said.into_iter().find(|words| !words.is_empty()).unwrap_or_default();
    let secrets = [account.token.expose().as_str(), account.application_secret.expose().as_str()];
    Answer::Failed(failure(error, status, &words(&said, &secrets)))
}

/// What is gone is deleted, and not liked any more: so says a call that is made again after its
/// answer was lost.
const fn without(call: &Call) -> Option<Answer> {
    match call {
        Call::DeletePublic { .. } | Call::DeletePrivate { .. } => Some(Answer::Deleted),
        Call::Act { action: Action::Unlike, .. } => Some(Answer::Done),
        _ => None,
    }
}

/// Whose calls are throttled.
const fn throttled(code: i64) -> Option<Scope> {
    match code {
        4 => Some(Scope::App),
        17 | 32 | 613 | 80_001 | 80_002 | 80_006 | 80_007 => Some(Scope::Account),
        _ => None,
    }
}

/// Facebook's own words are not shown: they may quote the token.
fn token(subcode: i64) -> Failure {
    let (code, sentence) = match subcode {
        458 => ("application_removed", "The application was removed from the page."),
        459 | 464 => {
            ("checkpoint", "Facebook asks the page's administrator to sign in and confirm.")
        }
        460 => ("password_changed", "The page's administrator changed the password."),
        463 => ("token_expired", "The page's authorization ran out."),
        467 => ("token_invalid", "The page's authorization is no longer valid."),
        _ => ("token_refused", "Facebook no longer takes the page's authorization."),
    };
    Failure::new(Class::Token, code, sentence)
}

fn failure(error: Error, status: u16, said: &str) -> Failure {
    match (error.code, error.subcode) {
        (10, 2_018_278 | 2_534_022) => Failure::new(Class::Window, CLOSED.code, CLOSED.sentence),
        (10, 2_018_065 | 2_018_108) | (551 | 200, 1_545_041) | (551, _) => Failure::new(
            Class::Recipient,
            "recipient_unreachable",
            "The person cannot be written to: they may have blocked the page.",
        ),
        (230 | 9_010 | 1_609_005, _) => {
            Failure::new(Class::Gone, "not_available", "Facebook does not give this to the page.")
        }
        (10 | 200..=299, _) => Failure::new(
            Class::Permission,
            "not_allowed",
            "The page or the application lacks a permission of Facebook.",
        )
        .saying(said),
        (100, 2_018_001 | 2_018_218) => Failure::new(
            Class::Recipient,
            "recipient_unknown",
            "Facebook does not know this person for this page.",
        ),
        (100, 2_018_047) => Failure::new(
            Class::Content,
            "attachment_refused",
            "Facebook does not take this kind of attachment.",
        ),
        (100, 33) | (803, _) => {
            Failure::new(Class::Gone, "target_gone", "The message is no longer on Facebook.")
        }
        (10_900, _) => Failure::new(
            Class::Window,
            "private_reply_used",
            "Facebook allows one private reply to a comment, and it has been sent.",
        ),
        (368, _) => Failure::new(
            Class::Policy,
            "blocked_for_policy",
            "Facebook blocks the page for a time for breaking its rules.",
        )
        .saying(said),
        (506, _) => Failure::new(
            Class::Content,
            "duplicate_text",
            "The page has just written the same text; Facebook takes it only once.",
        ),
        (0, _) if status == 404 => {
            Failure::new(Class::Gone, "target_gone", "The message is no longer on Facebook.")
        }
        _ => Failure::new(Class::Request, "request_refused", "Facebook refused the request.")
            .saying(said),
    }
}
