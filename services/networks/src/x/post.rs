//! Posts: mentions, replies, quotes, our own, and their ends.

use serde_json::Value;
use time::{Duration, OffsetDateTime};

use super::inbound::{Envelope, WITHOUT_MESSAGE, moment_of, person};
use crate::item::{
    Attachment, Deletion, Edit, Fact, Item, Message, MessageKind, OwnMessage, Permalink, Person,
    Reading, Report, limits,
};
use crate::json::{self, Unreadable};

/// X lets a post be edited for 30 minutes, its own samples say an hour; twice that bounds how
/// far an edited post's id may lie before its time of writing.
const EDITING: Duration = Duration::hours(2);

pub(super) fn written(envelope: &Envelope<'_>) -> Vec<Item> {
    let id = match json::required_id(envelope.payload, "id") {
        Ok(id) => id,
        Err(why) => return vec![envelope.unreadable("", why)],
    };
    match Post::read(envelope, &id) {
        Ok(post) => post.items(envelope),
        Err(why) => vec![envelope.unreadable(&id, why)],
    }
}

/// Fires for the subscribed account's own posts only; nobody tells us when a customer deletes.
pub(super) fn deleted(envelope: &Envelope<'_>) -> Vec<Item> {
    let id = match json::required_id(envelope.payload, "id") {
        Ok(id) => id,
        Err(why) => return vec![envelope.unreadable("", why)],
    };
    // Only the older API says when.
    vec![match json::milliseconds(envelope.payload, "timestamp_ms") {
        Ok(network_time) => {
            let fact = Fact::Deleted(Deletion { network_time });
            envelope.item(&id, report("deleted", String::new(), fact))
        }
        Err(why) => envelope.unreadable(&id, why),
    }]
}

fn report(aspect: &str, version: String, fact: Fact) -> Reading {
    // Ids of X are global, so there is no scope.
    let scope = String::new();
    Reading::Report(Box::new(Report { scope, aspect: aspect.to_owned(), version, fact }))
}

struct Post {
    id: String,
    author: Option<Person>,
    text: String,
    written_at: Option<OffsetDateTime>,
    /// Ids of the same post, oldest first, this one included; one when it was never edited.
    versions: Vec<String>,
    replied_to: Option<String>,
    quoted: Option<String>,
    repost: bool,
    addressee: Option<String>,
    thread: String,
    mentions_account: bool,
    attachments: Vec<Attachment>,
}

impl Post {
    fn read(envelope: &Envelope<'_>, id: &str) -> Result<Self, Unreadable> {
        let payload = envelope.payload;
        let referenced = |wanted: &[&str]| -> Result<Option<String>, Unreadable> {
            ["referenced_tweets", "referenced_posts"]
                .into_iter()
                .flat_map(|name| json::list(payload, name))
                .find(|reference| wanted.contains(&json::word(reference, "type").as_str()))
                .map_or(Ok(None), |reference| json::id(reference, "id"))
        };
        let replied_to = match referenced(&["replied_to"])? {
            None => json::id(payload, "in_reply_to_tweet_id")?,
            found => found,
        };
        let author = json::id(payload, "author_id")?.map(|author| found(envelope, author));
        let mentions = payload.get("entities").unwrap_or(&Value::Null);
        let mentions_account = json::list(mentions, "mentions")
            .iter()
            .any(|mention| json::id(mention, "id") == Ok(Some(envelope.account.clone())));
        Ok(Self {
            id: id.to_owned(),
            author,
            text: full_text(payload)?,
            written_at: json::rfc3339(payload, "created_at")?,
            versions: versions(payload, id),
            replied_to,
            quoted: referenced(&["quoted"])?,
            repost: referenced(&["retweeted", "reposted"])?.is_some(),
            addressee: json::id(payload, "in_reply_to_user_id")?,
            thread: json::id(payload, "conversation_id")?.unwrap_or_default(),
            mentions_account,
            attachments: attachments(envelope)?,
        })
    }

    /// One item, or two for an edited post: the message by its first id, so that a mention whose
    /// first version never came is still received, and its new text.
    fn items(self, envelope: &Envelope<'_>) -> Vec<Item> {
        let own = self.author.as_ref().is_some_and(|author| author.id == envelope.account);
        if self.repost {
            return vec![envelope.item(&self.id, WITHOUT_MESSAGE)];
        }
        if own && self.replied_to.is_none() && self.quoted.is_none() {
            // It answers nobody, so it belongs to no conversation.
            return vec![envelope.item(&self.id, Reading::Ignored("own_post"))];
        }
        let first = self.versions[0].clone();
        let edit = self.edit();
        let message = Message {
            kind: self.kind(envelope),
            permalink: Some(self.permalink()),
            network_time: self.first_written_at(&first),
            in_reply_to: self.replied_to.or(self.quoted.clone()).unwrap_or_default(),
            text: self.text,
            attachments: self.attachments,
            thread: self.thread,
        };
        let fact = if own {
            let quoted = || self.quoted.as_ref().and_then(|id| author_of(envelope, id));
            let counterpart = self
                .addressee
                .or_else(quoted)
                .filter(|person| *person != envelope.account)
                .map(|person| found(envelope, person));
            Fact::Own(OwnMessage { message, counterpart, sender_metadata: String::new() })
        } else {
            Fact::Received { message, author: self.author }
        };
        let mut items = vec![envelope.item(&first, report("message", String::new(), fact))];
        if let Some(edit) = edit {
            let fact = Fact::Edited(edit);
            items.push(envelope.item(&first, report("edited", self.id, fact)));
        }
        items
    }

    fn edit(&self) -> Option<Edit> {
        let place = self.versions.iter().position(|version| *version == self.id)?;
        (place > 0).then(|| Edit {
            text: self.text.clone(),
            network_time: self.written_at,
            version: i64::try_from(place).unwrap_or(i64::MAX),
        })
    }

    /// From the post alone, whichever event brought it: one post may come as mention and as
    /// reply, in either order, and is the same message.
    fn kind(&self, envelope: &Envelope<'_>) -> MessageKind {
        let answers_account = self.addressee.as_ref() == Some(&envelope.account);
        if self.replied_to.is_some() && answers_account {
            MessageKind::Reply
        } else if self.mentions_account {
            MessageKind::Mention
        } else if self.quoted.is_some() {
            MessageKind::Quote
        } else if self.replied_to.is_some() {
            MessageKind::Reply
        } else {
            match envelope.kind.as_str() {
                "post.mention.create" => MessageKind::Mention,
                "post.reply.create" => MessageKind::Reply,
                "post.quote.create" => MessageKind::Quote,
                _ => MessageKind::Post,
            }
        }
    }

    /// An edited post carries the time of its edit; its first id tells when it was first written.
    fn first_written_at(&self, first: &str) -> Option<OffsetDateTime> {
        if first == self.id {
            return self.written_at;
        }
        let written_at = self.written_at?;
        let from_id = moment_of(first)
            .filter(|moment| *moment <= written_at && written_at - *moment < EDITING);
        from_id.or(Some(written_at))
    }

    fn permalink(&self) -> Permalink {
        let handle = self.author.as_ref().map(|author| author.handle.as_str()).unwrap_or_default();
        let plain = !handle.is_empty()
            && handle.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        let path = if plain {
            format!("/{handle}/status/{}", self.id)
        } else {
            format!("/i/web/status/{}", self.id)
        };
        Permalink { given: String::new(), path }
    }
}

/// Long posts carry their whole text in a note, and a cut one beside it.
fn full_text(payload: &Value) -> Result<String, Unreadable> {
    for note in ["note_tweet", "note_post"] {
        if let Some(note) = json::member(payload, note)
            && let Some(text) = json::text(note, "text")?
        {
            return Ok(text);
        }
    }
    Ok(json::text(payload, "text")?.unwrap_or_default())
}

fn versions(payload: &Value, id: &str) -> Vec<String> {
    let mut versions: Vec<String> = ["edit_history_tweet_ids", "edit_history_post_ids"]
        .into_iter()
        .flat_map(|name| json::list(payload, name))
        .filter_map(Value::as_str)
        .filter(|version| !version.is_empty() && version.len() <= limits::ID)
        .map(json::clean)
        .collect();
    versions.dedup();
    if !versions.iter().any(|version| version == id) {
        versions.push(id.to_owned());
    }
    versions
}

/// The person by id, with what the event's included users add to it.
fn found(envelope: &Envelope<'_>, id: String) -> Person {
    json::list(envelope.includes, "users")
        .iter()
        .filter_map(person)
        .find(|person| person.id == id)
        .unwrap_or(Person { id, ..Person::default() })
}

/// Who wrote an included post.
fn author_of(envelope: &Envelope<'_>, post: &str) -> Option<String> {
    ["tweets", "posts"]
        .into_iter()
        .flat_map(|name| json::list(envelope.includes, name))
        .map(json::unwrapped)
        .find(|included| json::id(included, "id").ok().flatten().as_deref() == Some(post))
        .and_then(|included| json::id(included, "author_id").ok().flatten())
}

/// Media are named by key and described among the includes, when X includes them.
fn attachments(envelope: &Envelope<'_>) -> Result<Vec<Attachment>, Unreadable> {
    let keys = envelope.payload.get("attachments").unwrap_or(&Value::Null);
    let keys = json::list(keys, "media_keys");
    if keys.len() > limits::ATTACHMENTS {
        return Err(Unreadable::new("too_many_attachments", "attachments.media_keys is too long"));
    }
    let media = json::list(envelope.includes, "media");
    let described = keys.iter().filter_map(Value::as_str).map(|key| {
        let medium = media
            .iter()
            .map(json::unwrapped)
            .find(|medium| json::word(medium, "media_key") == key)
            .unwrap_or(&Value::Null);
        let url = match json::address(medium, "url") {
            url if url.is_empty() => json::address(medium, "preview_image_url"),
            url => url,
        };
        let kind = match json::word(medium, "type") {
            kind if kind.is_empty() => "media".to_owned(),
            kind => kind,
        };
        Attachment { kind, url, title: json::word(medium, "alt_text") }
    });
    Ok(described.collect())
}
