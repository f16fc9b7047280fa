//! Refusals of X, by class (`reference/networks.md` 1.3): problems, and the codes of its older
//! answers.

use serde_json::Value;
use time::OffsetDateTime;

use super::actions;
use super::outbound::until;
use crate::json;
use crate::outbound::{
    Account, Answer, Call, Class, Failure, Headers, Scope, Waiting, lost, words,
};

/// What one complaint in a body says.
struct Complaint {
    /// The last part of a problem's `type`; empty if none.
    problem: String,
    /// The older number; 0 if none.
    code: i64,
    /// X's own words.
    words: String,
}

pub(super) fn read(
    account: &Account,
    call: &Call,
    status: u16,
    headers: &Headers,
    body: &Value,
    now: OffsetDateTime,
) -> Answer {
    let complaint = complaint(body);
    let said = words(&complaint.words, &[account.token.expose()]);
    match status {
        401 => return token_refused(),
        // Pay-per-use without credits.
        402 => return Answer::Failed(used_up()),
        429 if complaint.problem == "usage-capped" => return Answer::Failed(used_up()),
        429 => return limited(headers, now),
        408 | 500.. | 0..=399 => return lost(call, true),
        404 | 410 => {
            if let Some(answer) = actions::without(call) {
                return answer;
            }
        }
        _ => {}
    }
    classified(call, &complaint, headers, now).unwrap_or_else(|| {
        Answer::Failed(match status {
            404 | 410 => gone(),
            403 => forbidden().saying(&said),
            _ => wrong().saying(&said),
        })
    })
}

/// A 2xx without what was asked for: done or not is known only if X complains of something that
/// we know. What may be done twice is then taken as not done, but a send is never made again by
/// itself after words that do not say that nothing was posted.
pub(super) fn in_success(
    account: &Account,
    call: &Call,
    body: &Value,
    headers: &Headers,
    now: OffsetDateTime,
) -> Answer {
    let silent = json::list(body, "errors").is_empty();
    let complaint = complaint(body);
    let known = if silent { None } else { classified(call, &complaint, headers, now) };
    known.unwrap_or_else(|| {
        if silent || !call.is_idempotent() {
            return Answer::unknown(
                "answer_unreadable",
                "X accepted the call, but its answer does not say what became of it.",
            );
        }
        Answer::Failed(wrong().saying(&words(&complaint.words, &[account.token.expose()])))
    })
}

/// The problem itself, or the first of its `errors`.
fn complaint(body: &Value) -> Complaint {
    let first = json::list(body, "errors").first().unwrap_or(&Value::Null);
    let word = |name: &str| match json::word(body, name) {
        word if word.is_empty() => json::word(first, name),
        word => word,
    };
    let problem = word("type").rsplit('/').next().unwrap_or_default().to_owned();
    let code = |value: &Value| value.get("code").and_then(Value::as_i64);
    let detail = ["detail", "message", "title"].into_iter().map(word).find(|word| !word.is_empty());
    Complaint {
        problem,
        code: code(body).or_else(|| code(first)).unwrap_or(0),
        words: detail.unwrap_or_default(),
    }
}

/// What the complaint itself says, whatever the status.
fn classified(
    call: &Call,
    complaint: &Complaint,
    headers: &Headers,
    now: OffsetDateTime,
) -> Option<Answer> {
    let failure = match complaint.problem.as_str() {
        "usage-capped" => used_up(),
        "rate-limit-exceeded" => return Some(limited(headers, now)),
        "resource-not-found" | "resource-unavailable" => gone(),
        "disallowed-resource" => {
            Failure::new(Class::Content, "text_refused", "X does not allow this text.")
        }
        "client-forbidden" | "unsupported-authentication" | "oauth1-permissions" => Failure::new(
            Class::Permission,
            "application_not_allowed",
            "X does not let this application do that with its plan or settings.",
        ),
        "internal-error" => return Some(lost(call, true)),
        "invalid-request" => wrong(),
        problem if problem.starts_with("field-") => wrong(),
        "not-authorized-for-resource" | "not-authorized-for-field" if complaint.code == 0 => {
            return by_words(call, complaint);
        }
        _ => return by_code(call, complaint, headers, now),
    };
    Some(Answer::Failed(failure))
}

/// The numbers of the older API, which its second version still gives for posts and messages.
fn by_code(
    call: &Call,
    complaint: &Complaint,
    headers: &Headers,
    now: OffsetDateTime,
) -> Option<Answer> {
    if let Call::Act { action, .. } = call
        && let Some(answer) = actions::by_code(*action, complaint.code)
    {
        return Some(answer);
    }
    let failure = match complaint.code {
        32 | 89 | 135 | 215 => return Some(token_refused()),
        88 | 185 => return Some(limited(headers, now)),
        130 | 131 => return Some(lost(call, true)),
        34 | 50 | 144 | 385 => gone(),
        63 | 108 | 149 | 150 | 151 | 349 => unreachable_person(),
        64 | 326 => locked(),
        186 => too_long(),
        187 => duplicate(),
        226 => Failure::new(
            Class::Policy,
            "taken_for_automated",
            "X takes this for an automated message and refused it.",
        ),
        220 | 261 => Failure::new(
            Class::Permission,
            "application_not_allowed",
            "X does not let this application do that with its plan or settings.",
        ),
        179 | 433 => reply_restricted(),
        _ => return by_words(call, complaint),
    };
    Some(Answer::Failed(failure))
}

/// X gives the commonest refusals of posts and messages as 403 with a sentence alone.
fn by_words(call: &Call, complaint: &Complaint) -> Option<Answer> {
    let said = complaint.words.to_lowercase();
    let private = matches!(call, Call::PrivateMessage { .. });
    if let Call::Act { action, .. } = call
        && let Some(answer) = actions::by_words(*action, &said)
    {
        return Some(answer);
    }
    let failure = if said.contains("duplicate content") {
        duplicate()
    } else if private && said.contains("dm one or more participants") {
        unreachable_person()
    } else if said.contains("reply to this conversation is not allowed") {
        reply_restricted()
    } else if said.contains("temporarily locked")
        || said.contains("suspended") && said.contains("your account")
    {
        locked()
    } else if said.contains("suspended") {
        // Somebody else is: nothing that an administrator could do anything about.
        if private { unreachable_person() } else { gone() }
    } else {
        return None;
    };
    Some(Answer::Failed(failure))
}

fn limited(headers: &Headers, now: OffsetDateTime) -> Answer {
    let app = headers.number("x-app-limit-24hour-remaining") == Some(0);
    Answer::Wait(Waiting {
        code: "rate_limited",
        sentence: "X takes no more of these from the account for now.".to_owned(),
        scope: if app { Scope::App } else { Scope::Account },
        until: until(headers, now),
    })
}

fn token_refused() -> Answer {
    // X's own words are not shown: they may quote the token.
    Answer::TokenRefused(Failure::new(
        Class::Token,
        "token_refused",
        "X no longer takes the account's authorization.",
    ))
}

fn used_up() -> Failure {
    Failure::new(
        Class::Billing,
        "usage_capped",
        "The application's plan at X is used up; an administrator has to raise it.",
    )
}

fn gone() -> Failure {
    Failure::new(Class::Gone, "target_gone", "The message is no longer on X.")
}

fn wrong() -> Failure {
    Failure::new(Class::Request, "request_refused", "X did not understand the request.")
}

fn forbidden() -> Failure {
    Failure::new(Class::Permission, "not_allowed", "X does not let the account do that.")
}

fn unreachable_person() -> Failure {
    Failure::new(
        Class::Recipient,
        "recipient_unreachable",
        "The person takes no direct messages from this account.",
    )
}

fn locked() -> Failure {
    Failure::new(Class::Policy, "account_locked", "X has locked or suspended the account.")
}

fn too_long() -> Failure {
    Failure::new(Class::Content, "text_too_long", "The text is too long for X.")
}

fn duplicate() -> Failure {
    Failure::new(
        Class::Content,
        "duplicate_text",
        "The account has just posted the same text; X takes it only once.",
    )
}

fn reply_restricted() -> Failure {
    Failure::new(
        Class::Recipient,
        "reply_restricted",
        "The author lets only some people answer this post.",
    )
}
