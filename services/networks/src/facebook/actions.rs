//! What Facebook lets a page do to comments and posts, as calls (`reference/networks.md` 3.3).
//!
//! Hiding is read back: the network is known to say that it did and to leave things as they were,
//! for one when the comment cannot be hidden at all (`can_hide`).

use kit_values::Secret;
use serde_json::{Value, json};
use time::OffsetDateTime;

use super::error;
use super::outbound::{checked, graph};
use crate::MessageKind;
use crate::manifest::Action;
use crate::outbound::{
    Account, Answer, Call, Class, Failure, Headers, Request, Target, decoded, encoded,
};

pub(crate) fn plan(action: Action, to: &Target) -> Result<Call, Failure> {
    let known = matches!(action, Action::Like | Action::Unlike | Action::Hide | Action::Unhide);
    if !known || to.kind == MessageKind::PrivateMessage {
        let sentence = "Facebook has nothing like that for this message.";
        return Err(Failure::new(Class::Request, "not_possible", sentence));
    }
    let to = Target { external_id: checked(&to.external_id)?, kind: to.kind };
    Ok(Call::Act { action, to })
}

/// Method, path and body.
pub(super) fn request(action: Action, to: &Target) -> (&'static str, String, Option<Value>) {
    let id = encoded(&to.external_id);
    match action {
        Action::Hide => ("POST", id, Some(json!({"is_hidden": true}))),
        Action::Unhide => ("POST", id, Some(json!({"is_hidden": false}))),
        Action::Unlike => ("DELETE", format!("{id}/likes"), None),
        _ => ("POST", format!("{id}/likes"), None),
    }
}

/// `{"success":true}`, or `true` alone as older versions have it.
pub(super) fn done(body: &Value) -> Option<Answer> {
    let success = body.get("success").unwrap_or(body).as_bool()?;
    Some(if success {
        Answer::Done
    } else {
        let sentence = "Facebook took the request, and did not do it.";
        Answer::Failed(Failure::new(Class::Request, "not_done", sentence))
    })
}

pub(crate) fn confirmation(account: &Account, call: &Call) -> Option<Request> {
    let Call::Act { action: Action::Hide | Action::Unhide, to } = call else { return None };
    // Posts can be hidden without saying beforehand whether.
    let is_post = to.kind == MessageKind::Post;
    let fields = if is_post { "is_hidden" } else { "is_hidden,can_hide" };
    let mut request = graph(account, "GET", &encoded(&to.external_id), None);
    request.query.push(("fields", Secret::new(fields.to_owned())));
    Some(request)
}

pub(crate) fn confirmed(
    account: &Account,
    call: &Call,
    status: u16,
    headers: &Headers,
    body: &[u8],
    now: OffsetDateTime,
) -> Answer {
    let body = decoded(body);
    if !(200..300).contains(&status) || body.get("error").is_some_and(|error| !error.is_null()) {
        return error::read(account, call, status, headers, &body, now);
    }
    let is = |name: &str| body.get(name).and_then(Value::as_bool);
    let wanted = matches!(call, Call::Act { action: Action::Hide, .. });
    match (is("is_hidden"), is("can_hide")) {
        (Some(hidden), _) if hidden == wanted => Answer::Done,
        // A field that the page may not read says nothing against the network's word.
        (None, _) => Answer::Done,
        (Some(_), Some(false)) if wanted => Answer::Failed(Failure {
            retryable: false,
            ..Failure::new(
                Class::Request,
                "cannot_be_hidden",
                "Facebook does not let the page hide this comment.",
            )
        }),
        (Some(_), _) => Answer::Failed(Failure {
            retryable: true,
            ..Failure::new(
                Class::Request,
                "not_done",
                "Facebook took the request, and did not do it.",
            )
        }),
    }
}
