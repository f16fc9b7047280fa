//! Calls of X (`reference/networks.md` 1.3).

use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

use super::inbound::moment_of;
use super::{actions, error, people};
use crate::MessageKind;
use crate::item::Permalink;
use crate::json as read_json;
use crate::outbound::{
    Account, Allowance, Answer, Budget, Call, Class, Failure, Headers, Reply, Request, Scope, Sent,
    Tag, decoded, encoded,
};

const API: &str = "https://api.x.com";

const POST: &str = "post";
const POST_DAY: &str = "post_24h";
const DIRECT: &str = "direct_message";
const DIRECT_DAY: &str = "direct_message_24h";
const DELETE: &str = "delete_post";
const DELETE_DIRECT: &str = "delete_direct_message";

pub(super) const QUARTER: Duration = Duration::minutes(15);
pub(super) const DAY: Duration = Duration::hours(24);

pub(crate) fn plan(reply: &Reply) -> Result<Call, Failure> {
    if reply.kind == MessageKind::PrivateMessage {
        return Ok(Call::PrivateMessage {
            recipient: checked(&reply.recipient)?,
            text: reply.text.clone(),
            metadata: String::new(),
            tag: Tag::Response,
        });
    }
    let target = reply.in_reply_to.as_ref().ok_or_else(no_target)?;
    if target.kind == MessageKind::PrivateMessage {
        return Err(no_target());
    }
    let id = checked(&target.external_id)?;
    let text = reply.text.clone();
    Ok(match reply.kind {
        MessageKind::Quote => Call::Quote { of: id, text },
        _ => Call::PublicReply { to: id, text },
    })
}

pub(crate) fn deletion(kind: MessageKind, external_id: &str) -> Result<Call, Failure> {
    let id = checked(external_id)?;
    Ok(match kind {
        MessageKind::PrivateMessage => Call::DeletePrivate { id },
        _ => Call::DeletePublic { id },
    })
}

/// X refuses any id but 1 to 19 digits, so no such request is worth making.
pub(super) fn checked(id: &str) -> Result<String, Failure> {
    let fits = (1..=19).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_digit());
    if fits { Ok(id.to_owned()) } else { Err(no_target()) }
}

fn no_target() -> Failure {
    Failure::new(
        Class::Request,
        "target_missing",
        "There is no message or person on X that this could be sent to.",
    )
}

pub(crate) fn request(account: &Account, call: &Call) -> Request {
    let base = if account.api_base.is_empty() { API } else { &account.api_base };
    let mut query = Vec::new();
    let (method, path, body) = match call {
        Call::PublicReply { to, text } => {
            // The author is named without being counted, as in X's own apps.
            let reply = json!({"in_reply_to_tweet_id": to, "auto_populate_reply_metadata": true});
            ("POST", "/2/tweets".to_owned(), Some(json!({"text": text, "reply": reply})))
        }
        Call::PrivateMessage { recipient, text, .. } => {
            let path = format!("/2/dm_conversations/with/{}/messages", encoded(recipient));
            ("POST", path, Some(json!({"text": text})))
        }
        // X has no private replies: [`plan`] makes none, and this would be refused by X.
        Call::PrivateReply { to, text, .. } => {
            let path = format!("/2/dm_conversations/{}/messages", encoded(&to.external_id));
            ("POST", path, Some(json!({"text": text})))
        }
        Call::Quote { of, text } => {
            let body = json!({"text": text, "quote_tweet_id": of});
            ("POST", "/2/tweets".to_owned(), Some(body))
        }
        Call::Act { action, to } => actions::request(&account.account_id, *action, to),
        Call::DeletePublic { id } => ("DELETE", format!("/2/tweets/{}", encoded(id)), None),
        Call::DeletePrivate { id } => ("DELETE", format!("/2/dm_events/{}", encoded(id)), None),
        Call::ReadPerson { id } => {
            query = people::fields();
            ("GET", format!("/2/users/{}", encoded(id)), None)
        }
        Call::ReadAuthor { of } => {
            query = people::expansions();
            ("GET", format!("/2/tweets/{}", encoded(&of.external_id)), None)
        }
    };
    Request {
        method,
        url: format!("{base}{path}"),
        query,
        authorization: kit_values::Secret::new(format!("Bearer {}", account.token.expose())),
        body,
    }
}

pub(crate) fn read(
    account: &Account,
    call: &Call,
    status: u16,
    headers: &Headers,
    body: &[u8],
    now: OffsetDateTime,
) -> Answer {
    let body = decoded(body);
    if (200..300).contains(&status) {
        return done(account, call, &body, headers, now);
    }
    error::read(account, call, status, headers, &body, now)
}

/// A 200 or 201 may carry `errors` beside `data`, and then it was done, or alone.
fn done(
    account: &Account,
    call: &Call,
    body: &Value,
    headers: &Headers,
    now: OffsetDateTime,
) -> Answer {
    let data = body.get("data").unwrap_or(&Value::Null);
    let id = |name: &str| read_json::id(data, name).ok().flatten();
    match call {
        Call::PublicReply { .. } | Call::Quote { .. } => {
            if let Some(id) = id("id") {
                let permalink = Some(Permalink { given: String::new(), path: path(account, &id) });
                return sent(id, permalink);
            }
        }
        Call::PrivateMessage { .. } | Call::PrivateReply { .. } => {
            if let Some(id) = id("dm_event_id") {
                return sent(id, None);
            }
        }
        Call::Act { action, .. } => {
            if let Some(answer) = actions::done(*action, data) {
                return answer;
            }
        }
        Call::ReadPerson { .. } | Call::ReadAuthor { .. } => {
            if let Some(answer) = people::found(call, body) {
                return answer;
            }
        }
        Call::DeletePublic { .. } | Call::DeletePrivate { .. } => {
            match data.get("deleted").and_then(Value::as_bool) {
                Some(true) => return Answer::Deleted,
                Some(false) => {
                    let sentence = "X did not delete the message.";
                    return Answer::Failed(Failure::new(Class::Request, "not_deleted", sentence));
                }
                None => {}
            }
        }
    }
    error::in_success(account, call, body, headers, now)
}

fn sent(external_id: String, permalink: Option<Permalink>) -> Answer {
    let network_time = moment_of(&external_id);
    Answer::Sent(Sent { external_id, scope: String::new(), permalink, network_time })
}

/// X leads from any name, and from `i/web`, to the post.
fn path(account: &Account, id: &str) -> String {
    if account.handle.is_empty() {
        format!("/i/web/status/{id}")
    } else {
        format!("/{}/status/{id}", account.handle)
    }
}

/// The first comes with every answer, the others where there is a daily limit: in the order of
/// [`bounds`].
const HEADERS: [(&str, Duration); 3] =
    [("x-rate-limit", QUARTER), ("x-user-limit-24hour", DAY), ("x-app-limit-24hour", DAY)];

pub(crate) fn budgets(call: &Call, headers: &Headers, now: OffsetDateTime) -> Vec<Budget> {
    let named = bounds(call).iter().zip(HEADERS);
    let budgets = named.filter_map(|(&(scope, name), (prefix, window))| {
        let number = |end: &str| headers.number(&format!("{prefix}-{end}"));
        let remaining = u32::try_from(number("remaining")?.max(0)).unwrap_or(u32::MAX);
        let limit = number("limit").and_then(|limit| u32::try_from(limit).ok());
        let limit = limit.unwrap_or(remaining);
        let resets_at = number("reset").and_then(|reset| within(reset, now, window));
        let resets_at = resets_at.unwrap_or(now + window);
        Some(Budget { scope, name, limit, remaining, resets_at })
    });
    budgets.collect()
}

/// A moment in Unix seconds; a wrong one must not stop an account for years.
fn within(seconds: i64, now: OffsetDateTime, window: Duration) -> Option<OffsetDateTime> {
    let moment = OffsetDateTime::from_unix_timestamp(seconds).ok()?;
    Some(moment.clamp(now, now + window))
}

/// When X says that calls are taken again.
pub(super) fn until(headers: &Headers, now: OffsetDateTime) -> Option<OffsetDateTime> {
    let spent = |prefix: &str| headers.number(&format!("{prefix}-remaining")) == Some(0);
    let reset = |prefix: &str, window| {
        headers.number(&format!("{prefix}-reset")).and_then(|reset| within(reset, now, window))
    };
    let days = ["x-app-limit-24hour", "x-user-limit-24hour"];
    let day = days.into_iter().filter(|prefix| spent(prefix)).filter_map(|days| reset(days, DAY));
    let retry = headers.number("retry-after").filter(|seconds| *seconds >= 0);
    let retry = retry.map(|seconds| now + Duration::seconds(seconds).min(DAY));
    day.max().or(retry).or_else(|| reset("x-rate-limit", QUARTER))
}

pub(crate) const fn bounds(call: &Call) -> &'static [(Scope, &'static str)] {
    match call {
        Call::PublicReply { .. } | Call::Quote { .. } => {
            &[(Scope::Account, POST), (Scope::Account, POST_DAY), (Scope::App, POST_DAY)]
        }
        Call::PrivateMessage { .. } | Call::PrivateReply { .. } => {
            &[(Scope::Account, DIRECT), (Scope::Account, DIRECT_DAY), (Scope::App, DIRECT_DAY)]
        }
        Call::Act { action, .. } => actions::bounds(*action),
        Call::DeletePublic { .. } => &[(Scope::Account, DELETE)],
        Call::DeletePrivate { .. } => &[(Scope::Account, DELETE_DIRECT)],
        Call::ReadPerson { .. } | Call::ReadAuthor { .. } => people::bounds(call),
    }
}

pub(super) const fn of(
    scope: Scope,
    name: &'static str,
    limit: u32,
    window: Duration,
) -> Allowance {
    Allowance { scope, name, limit, window }
}

pub(crate) const fn allowances(call: &Call) -> &'static [Allowance] {
    match call {
        Call::PublicReply { .. } | Call::Quote { .. } => {
            const { &[of(Scope::Account, POST, 100, QUARTER), of(Scope::App, POST_DAY, 10_000, DAY)] }
        }
        Call::PrivateMessage { .. } | Call::PrivateReply { .. } => {
            const {
                &[
                    of(Scope::Account, DIRECT, 15, QUARTER),
                    of(Scope::Account, DIRECT_DAY, 1_440, DAY),
                    of(Scope::App, DIRECT_DAY, 1_440, DAY),
                ]
            }
        }
        Call::Act { action, .. } => actions::allowances(*action),
        Call::DeletePublic { .. } => const { &[of(Scope::Account, DELETE, 50, QUARTER)] },
        Call::DeletePrivate { .. } => const { &[of(Scope::Account, DELETE_DIRECT, 300, QUARTER)] },
        Call::ReadPerson { .. } | Call::ReadAuthor { .. } => people::allowances(call),
    }
}
