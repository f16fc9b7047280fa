//! The Account Activity API's bodies (`reference/networks.md` 1.2, last but one): who still has
//! access to it gets lists by kind, with posts and users of the API's first version. Each element
//! is put in the newer shape and read as that, so that a post is the same message by either way.

use serde_json::{Map, Value, json};
use time::OffsetDateTime;
use time::format_description::BorrowedFormatItem;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;

use super::inbound::{Envelope, WITHOUT_MESSAGE, whole};
use super::{direct, post};
use crate::item::{Item, Reading};
use crate::json::{self as body, Unreadable};

/// How one element of a list is read.
type Reader = fn(&Envelope<'_>) -> Vec<Item>;

/// Lists that make no message, whatever they hold.
const SILENT: [&str; 5] = [
    "favorite_events",
    "follow_events",
    "block_events",
    "mute_events",
    "direct_message_indicate_typing_events",
];

/// `Wed Oct 10 20:19:24 +0000 2018`.
const CREATED_AT: &[BorrowedFormatItem<'_>] = format_description!(
    "[weekday repr:short] [month repr:short] [day] [hour]:[minute]:[second] \
     [offset_hour sign:mandatory][offset_minute] [year]"
);

/// Whether the body is one of these.
pub(super) fn is_one(value: &Value) -> bool {
    value.get("data").is_none()
        && (value.get("for_user_id").is_some() || value.get("user_event").is_some())
}

pub(super) fn read(value: &Value) -> Vec<Item> {
    let account = match body::id(value, "for_user_id") {
        Ok(account) => account.unwrap_or_default(),
        Err(why) => return vec![whole(why)],
    };
    if let Some(event) = value.get("user_event") {
        // The only one that is known says that the account took the application's rights back.
        let source = event.pointer("/revoke/source").unwrap_or(&Value::Null);
        let account = body::id(source, "user_id").ok().flatten().unwrap_or(account);
        return vec![silent(account, "user_event", WITHOUT_MESSAGE)];
    }
    let lists = value.as_object().into_iter().flatten();
    let lists: Vec<_> =
        lists.filter_map(|(kind, list)| list.as_array().map(|list| (kind, list))).collect();
    if lists.is_empty() {
        return vec![whole(Unreadable::new("envelope_unknown", "no list of events"))];
    }
    let users = users_of(value);
    let elements =
        lists.into_iter().flat_map(|(kind, list)| list.iter().map(move |one| (kind, one)));
    elements.flat_map(|(kind, one)| element(&account, kind, one, &users)).collect()
}

fn silent(account: String, kind: &str, reading: Reading) -> Item {
    Item { account, kind: kind.to_owned(), external_id: String::new(), reading }
}

fn element(account: &str, kind: &str, element: &Value, users: &Value) -> Vec<Item> {
    let (reader, payload, includes): (Reader, _, _) = match kind {
        "tweet_create_events" => (post::written, post_of(element), includes_of(element)),
        "tweet_delete_events" => (post::deleted, deletion_of(element), Value::Null),
        "direct_message_events" => (direct::messages, among(kind, element, users), Value::Null),
        "direct_message_mark_read_events" => {
            (direct::read_marks, among(kind, element, users), Value::Null)
        }
        _ if SILENT.contains(&kind) => {
            return vec![silent(account.to_owned(), kind, WITHOUT_MESSAGE)];
        }
        _ => return vec![silent(account.to_owned(), kind, Reading::Ignored("kind_unknown"))],
    };
    let envelope = Envelope {
        account: account.to_owned(),
        kind: kind.to_owned(),
        payload: &payload,
        includes: &includes,
    };
    if account.is_empty() {
        let why = Unreadable::new("account_missing", "for_user_id is missing");
        return vec![envelope.unreadable("", why)];
    }
    reader(&envelope)
}

/// Direct messages have the newer payload's shape already; only the users beside them differ.
fn among(kind: &str, element: &Value, users: &Value) -> Value {
    json!({ kind: [element], "users": users })
}

fn users_of(value: &Value) -> Value {
    let users = value.get("users").and_then(Value::as_object).into_iter().flatten();
    Value::Object(users.map(|(id, user)| (id.clone(), user_of(user))).collect::<Map<_, _>>())
}

/// Numbers of the first version lose digits: its texts are the ids.
fn exact(value: &Value, name: &str) -> Value {
    let text = value.get(format!("{name}_str")).filter(|text| !text.is_null());
    text.or_else(|| value.get(name)).cloned().unwrap_or_default()
}

fn user_of(user: &Value) -> Value {
    let picture = ["profile_image_url_https", "profile_image_url"];
    json!({
        "id": exact(user, "id"),
        "name": user.get("name"),
        "username": user.get("screen_name"),
        "profile_image_url": picture.iter().find_map(|name| body::member(user, name)),
    })
}

fn deletion_of(event: &Value) -> Value {
    let status = event.get("status").unwrap_or(&Value::Null);
    json!({ "id": exact(status, "id"), "timestamp_ms": event.get("timestamp_ms") })
}

fn post_of(tweet: &Value) -> Value {
    let mut referenced = Vec::new();
    let mut refers = |kind: &str, id: Value| {
        if !id.is_null() {
            referenced.push(json!({ "type": kind, "id": id }));
        }
    };
    refers("replied_to", exact(tweet, "in_reply_to_status_id"));
    refers("quoted", exact(tweet, "quoted_status_id"));
    if let Some(reposted) = body::member(tweet, "retweeted_status") {
        refers("retweeted", exact(reposted, "id"));
    }
    let mentions = mentions_of(tweet).iter().map(|mention| json!({ "id": exact(mention, "id") }));
    let keys = media_of(tweet).iter().map(|medium| exact(medium, "id"));
    json!({
        "id": exact(tweet, "id"),
        "text": text_of(tweet),
        "author_id": tweet.get("user").map(|user| exact(user, "id")),
        "created_at": written_at(tweet),
        "referenced_tweets": referenced,
        "in_reply_to_user_id": exact(tweet, "in_reply_to_user_id"),
        "entities": { "mentions": mentions.collect::<Vec<_>>() },
        "attachments": { "media_keys": keys.collect::<Vec<_>>() },
    })
}

fn includes_of(tweet: &Value) -> Value {
    let quoted = body::member(tweet, "quoted_status");
    let users = [Some(tweet), quoted].into_iter().flatten();
    let users = users.filter_map(|post| body::member(post, "user"));
    // Whom a post answers is described among its mentions alone.
    let users = users.chain(mentions_of(tweet)).map(user_of);
    let posts = quoted.map(|post| {
        let author = post.get("user").map(|user| exact(user, "id"));
        json!({ "id": exact(post, "id"), "author_id": author })
    });
    let media = media_of(tweet).iter().map(|medium| {
        json!({
            "media_key": exact(medium, "id"),
            "type": medium.get("type"),
            "url": medium.get("media_url_https"),
            "alt_text": medium.get("ext_alt_text"),
        })
    });
    json!({
        "users": users.collect::<Vec<_>>(),
        "tweets": posts.into_iter().collect::<Vec<_>>(),
        "media": media.collect::<Vec<_>>(),
    })
}

/// What a long post says whole beside its cut text, else what it says itself.
fn part<'a>(tweet: &'a Value, name: &str) -> Option<&'a Value> {
    let whole = body::member(tweet, "extended_tweet").and_then(|whole| body::member(whole, name));
    whole.or_else(|| body::member(tweet, name))
}

fn text_of(tweet: &Value) -> Option<&Value> {
    part(tweet, "full_text").or_else(|| body::member(tweet, "text"))
}

fn mentions_of(tweet: &Value) -> &[Value] {
    part(tweet, "entities").map_or(&[], |entities| body::list(entities, "user_mentions"))
}

/// All pictures of a post are in its extended entities, the first one alone in its entities.
fn media_of(tweet: &Value) -> &[Value] {
    let entities = part(tweet, "extended_entities").or_else(|| part(tweet, "entities"));
    entities.map_or(&[], |entities| body::list(entities, "media"))
}

/// To the millisecond where the event says so. What is no moment stays as it is, and is refused
/// by the newer shape's reader.
fn written_at(tweet: &Value) -> Option<Value> {
    if let Ok(Some(moment)) = body::milliseconds(tweet, "timestamp_ms") {
        return moment.format(&Rfc3339).ok().map(Value::String);
    }
    let created = body::member(tweet, "created_at")?;
    let moment = created.as_str().and_then(|text| OffsetDateTime::parse(text, CREATED_AT).ok());
    let text = moment.and_then(|moment| moment.format(&Rfc3339).ok());
    Some(text.map_or_else(|| created.clone(), Value::String))
}
