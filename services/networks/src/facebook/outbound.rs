//! Calls of the Graph API for pages (`reference/networks.md` 2 and 3.3).

use kit_values::Secret;
use serde_json::{Map, Value, json};
use time::{Duration, OffsetDateTime};

use super::manifest::{CLOSED, HUMAN_WINDOW, WINDOW};
use super::{actions, error, people};
use crate::MessageKind;
use crate::item::{Permalink, limits};
use crate::json as read_json;
use crate::outbound::{
    Account, Allowance, Answer, Budget, Call, Class, Failure, Headers, Reply, Request, Scope, Sent,
    Tag, decoded, encoded,
};
use crate::signature::code;

const API: &str = "https://graph.facebook.com";
/// The version that this release was written for.
const VERSION: &str = "v26.0";

const MESSAGES: &str = "messages";
const PRIVATE_REPLIES: &str = "private_replies";
const APP_USAGE: &str = "app_usage";
const PAGE_USAGE: &str = "page_usage";
const MESSENGER_USAGE: &str = "messenger_usage";

/// Usage is counted over a sliding hour, so some of it is free again soon.
const USAGE_EASES: Duration = Duration::minutes(5);
const USAGE_WINDOW: Duration = Duration::hours(24);

pub(crate) fn plan(reply: &Reply, now: OffsetDateTime) -> Result<Call, Failure> {
    let text = reply.text.clone();
    let metadata = reply.metadata.clone();
    let public = reply.in_reply_to.as_ref().filter(|to| to.kind != MessageKind::PrivateMessage);
    match (reply.kind, public) {
        (MessageKind::PrivateMessage, None) => Ok(Call::PrivateMessage {
            recipient: checked(&reply.recipient)?,
            text,
            metadata,
            tag: tag(reply, now)?,
        }),
        (MessageKind::PrivateMessage, Some(to)) => {
            checked(&to.external_id)?;
            Ok(Call::PrivateReply { to: to.clone(), text, metadata })
        }
        (MessageKind::Quote, _) => Err(Failure::new(
            Class::Request,
            "not_possible",
            "Facebook has no quotes that a page could write.",
        )),
        (_, Some(to)) => Ok(Call::PublicReply { to: checked(&to.external_id)?, text }),
        (_, None) => Err(no_target()),
    }
}

/// The rule to send under. A window that nobody knows of is left to Facebook to judge.
fn tag(reply: &Reply, now: OffsetDateTime) -> Result<Tag, Failure> {
    let age = reply.last_private_inbound_at.map_or(Duration::ZERO, |last| now - last);
    if age < WINDOW {
        Ok(Tag::Response)
    } else if reply.by_person && age < HUMAN_WINDOW {
        Ok(Tag::HumanAgent)
    } else {
        Err(Failure::new(Class::Window, CLOSED.code, CLOSED.sentence))
    }
}

pub(crate) fn deletion(kind: MessageKind, external_id: &str) -> Result<Call, Failure> {
    if kind == MessageKind::PrivateMessage {
        return Err(Failure::new(
            Class::Request,
            "not_deletable",
            "Messenger keeps messages: they cannot be deleted from here.",
        ));
    }
    Ok(Call::DeletePublic { id: checked(external_id)? })
}

pub(super) fn checked(id: &str) -> Result<String, Failure> {
    let fits = !id.is_empty() && id.len() <= limits::ID && !id.chars().any(char::is_control);
    if fits { Ok(id.to_owned()) } else { Err(no_target()) }
}

fn no_target() -> Failure {
    Failure::new(
        Class::Request,
        "target_missing",
        "There is no message or person on Facebook that this could be sent to.",
    )
}

pub(crate) fn request(account: &Account, call: &Call) -> Request {
    let (method, path, body) = match call {
        Call::PublicReply { to, text } => {
            ("POST", format!("{}/comments", encoded(to)), Some(json!({"message": text})))
        }
        Call::PrivateMessage { recipient, text, metadata, tag } => {
            let mut body = message(&json!({"id": recipient}), text, metadata);
            match tag {
                Tag::Response => {
                    body.insert("messaging_type".to_owned(), json!("RESPONSE"));
                }
                Tag::HumanAgent => {
                    body.insert("messaging_type".to_owned(), json!("MESSAGE_TAG"));
                    body.insert("tag".to_owned(), json!("HUMAN_AGENT"));
                }
            }
            ("POST", messages(account), Some(Value::Object(body)))
        }
        Call::PrivateReply { to, text, metadata } => {
            let name = if to.kind == MessageKind::Post { "post_id" } else { "comment_id" };
            let mut body = message(&json!({name: to.external_id}), text, metadata);
            body.insert("messaging_type".to_owned(), json!("RESPONSE"));
            ("POST", messages(account), Some(Value::Object(body)))
        }
        // Facebook has no quotes: [`plan`] makes none, and this would be refused.
        Call::Quote { of, text } => ("POST", encoded(of), Some(json!({"message": text}))),
        Call::Act { action, to } => actions::request(*action, to),
        Call::DeletePublic { id } | Call::DeletePrivate { id } => ("DELETE", encoded(id), None),
        Call::ReadPerson { id } => ("GET", encoded(id), None),
        Call::ReadAuthor { of } => ("GET", encoded(&of.external_id), None),
    };
    let mut request = graph(account, method, &path, body);
    request.query.extend(people::fields(call));
    request
}

/// A request of the account's to the Graph.
pub(super) fn graph(
    account: &Account,
    method: &'static str,
    path: &str,
    body: Option<Value>,
) -> Request {
    let base = if account.api_base.is_empty() { API } else { &account.api_base };
    let version = if account.api_version.is_empty() { VERSION } else { &account.api_version };
    Request {
        method,
        url: format!("{base}/{}/{path}", encoded(version)),
        query: proof(account),
        authorization: Secret::new(format!("Bearer {}", account.token.expose())),
        body,
    }
}

fn messages(account: &Account) -> String {
    format!("{}/messages", encoded(&account.account_id))
}

fn message(recipient: &Value, text: &str, metadata: &str) -> Map<String, Value> {
    let mut message = Map::new();
    message.insert("text".to_owned(), json!(text));
    if !metadata.is_empty() {
        message.insert("metadata".to_owned(), json!(metadata));
    }
    let mut body = Map::new();
    body.insert("recipient".to_owned(), recipient.clone());
    body.insert("message".to_owned(), Value::Object(message));
    body
}

/// `appsecret_proof`: the token under the application's secret.
fn proof(account: &Account) -> Vec<(&'static str, Secret)> {
    if account.application_secret.expose().is_empty() {
        return Vec::new();
    }
    let proof = code(&account.application_secret, account.token.expose().as_bytes());
    vec![("appsecret_proof", Secret::new(hex::encode(proof)))]
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
    if !(200..300).contains(&status) || body.get("error").is_some_and(|error| !error.is_null()) {
        return error::read(account, call, status, headers, &body, now);
    }
    let id = |name: &str| read_json::id(&body, name).ok().flatten();
    let done = match call {
        Call::PublicReply { .. } | Call::Quote { .. } => id("id").map(|id| {
            let permalink = Permalink { given: String::new(), path: format!("/{id}") };
            sent(account, id, Some(permalink))
        }),
        Call::PrivateMessage { .. } | Call::PrivateReply { .. } => {
            id("message_id").map(|id| sent(account, id, None))
        }
        Call::Act { .. } => actions::done(&body),
        Call::ReadPerson { .. } | Call::ReadAuthor { .. } => people::found(call, &body),
        Call::DeletePublic { .. } | Call::DeletePrivate { .. } => {
            let success = body.get("success").unwrap_or(&body).as_bool();
            success.map(|success| if success { Answer::Deleted } else { not_deleted() })
        }
    };
    done.unwrap_or_else(|| {
        Answer::unknown(
            "answer_unreadable",
            "Facebook accepted the call, but its answer does not say what became of it.",
        )
    })
}

fn sent(account: &Account, external_id: String, permalink: Option<Permalink>) -> Answer {
    let scope = account.account_id.clone();
    Answer::Sent(Sent { external_id, scope, permalink, network_time: None })
}

fn not_deleted() -> Answer {
    let sentence = "Facebook did not delete the comment.";
    Answer::Failed(Failure::new(Class::Request, "not_deleted", sentence))
}

/// Percentages: of the application, and of the page by kind of use. The page's come with the
/// minutes after which calls are taken again.
pub(crate) fn budgets(account: &Account, headers: &Headers, now: OffsetDateTime) -> Vec<Budget> {
    let mut budgets = Vec::new();
    if let Some(app) = headers.get("x-app-usage") {
        let app = decoded(app.as_bytes());
        budgets.extend(budget(Scope::App, APP_USAGE, &app, now));
    }
    for entry in business_use(account, headers) {
        let name = match read_json::word(&entry, "type").as_str() {
            "messenger" => MESSENGER_USAGE,
            "pages" => PAGE_USAGE,
            _ => continue,
        };
        budgets.extend(budget(Scope::Account, name, &entry, now));
    }
    budgets
}

fn budget(scope: Scope, name: &'static str, usage: &Value, now: OffsetDateTime) -> Option<Budget> {
    let parts = ["call_count", "total_cputime", "total_time"];
    let used = parts.into_iter().filter_map(|part| usage.get(part)?.as_u64()).max()?;
    let used = u32::try_from(used.min(100)).ok()?;
    let resets_at = now + regained(usage).unwrap_or(USAGE_EASES);
    Some(Budget { scope, name, limit: 100, remaining: 100 - used, resets_at })
}

/// How long until calls are taken again; a wrong value must not stop a page for years.
fn regained(usage: &Value) -> Option<Duration> {
    let minutes = usage.get("estimated_time_to_regain_access")?.as_i64()?;
    (minutes > 0).then(|| Duration::minutes(minutes.min(24 * 60)).min(USAGE_WINDOW))
}

/// When Facebook says that calls of this page are taken again.
pub(super) fn until(
    account: &Account,
    headers: &Headers,
    now: OffsetDateTime,
) -> Option<OffsetDateTime> {
    let entries = business_use(account, headers);
    entries.iter().filter_map(regained).max().map(|wait| now + wait)
}

/// How this account is used. The header names the page, or the business that owns it.
fn business_use(account: &Account, headers: &Headers) -> Vec<Value> {
    let header = headers.get("x-business-use-case-usage").unwrap_or_default();
    let Value::Object(mut all) = decoded(header.as_bytes()) else { return Vec::new() };
    let entries = match all.remove(&account.account_id) {
        Some(own) => vec![own],
        None => all.into_iter().map(|(_, entries)| entries).collect(),
    };
    let lists = entries.into_iter().filter_map(|entries| match entries {
        Value::Array(list) => Some(list),
        _ => None,
    });
    lists.flatten().collect()
}

pub(crate) const fn bounds(call: &Call) -> &'static [(Scope, &'static str)] {
    match call {
        Call::PrivateMessage { .. } => &[
            (Scope::App, APP_USAGE),
            (Scope::Account, MESSENGER_USAGE),
            (Scope::Account, MESSAGES),
        ],
        Call::PrivateReply { .. } => &[
            (Scope::App, APP_USAGE),
            (Scope::Account, MESSENGER_USAGE),
            (Scope::Account, MESSAGES),
            (Scope::Account, PRIVATE_REPLIES),
        ],
        Call::ReadPerson { .. } => &[(Scope::App, APP_USAGE), (Scope::Account, MESSENGER_USAGE)],
        Call::PublicReply { .. }
        | Call::Quote { .. }
        | Call::Act { .. }
        | Call::ReadAuthor { .. }
        | Call::DeletePublic { .. }
        | Call::DeletePrivate { .. } => &[(Scope::App, APP_USAGE), (Scope::Account, PAGE_USAGE)],
    }
}

pub(crate) const fn allowances(call: &Call) -> &'static [Allowance] {
    const fn of(name: &'static str, limit: u32, window: Duration) -> Allowance {
        Allowance { scope: Scope::Account, name, limit, window }
    }
    match call {
        Call::PrivateMessage { .. } => const { &[of(MESSAGES, 300, Duration::SECOND)] },
        Call::PrivateReply { .. } => {
            const { &[of(PRIVATE_REPLIES, 750, Duration::HOUR), of(MESSAGES, 300, Duration::SECOND)] }
        }
        Call::PublicReply { .. }
        | Call::Quote { .. }
        | Call::Act { .. }
        | Call::ReadPerson { .. }
        | Call::ReadAuthor { .. }
        | Call::DeletePublic { .. }
        | Call::DeletePrivate { .. } => &[],
    }
}
