//! X Activity envelopes (contract 1.2): which events a happening gives, and their bodies.

use serde_json::{Map, Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::user;
use crate::update::{Content, Surroundings, Update};
use crate::world::text::{handles, names};
use crate::world::{
    Account, Author, Deed, Happening, Item, ItemKind, MOST_EDITS, Network, Persona, Random, World,
    fingerprint,
};

/// In how many of a hundred envelopes `event_uuid` is negative.
const NEGATIVE_UUIDS: u8 = 30;
/// In how many of a hundred envelopes users stand inside `{"data": …}`.
const WRAPPED_USERS: u8 = 50;
/// In how many of a hundred envelopes about somebody the account has heard of before `includes`
/// is `{}`.
const EMPTY_INCLUDES: u8 = 15;
/// In how many of a hundred envelopes the subscription's tag is missing.
const UNTAGGED: u8 = 20;

/// Everything that X tells about one happening, in its order. `world` already holds it.
#[must_use]
pub fn updates(world: &World, happening: &Happening, around: Surroundings<'_>) -> Vec<Update> {
    let teller = Teller { world, happening, around };
    match &happening.deed {
        Deed::Posted { id, .. } => world.item(id).map(|post| teller.post(post)).unwrap_or_default(),
        Deed::PostDeleted { id } if happening.author == Author::Business => {
            let author = &happening.account;
            teller.to(author, "post.delete", id, &json!({"id": id, "author_id": author}), true)
        }
        Deed::Messaged { id, persona, text } => teller.message(id, persona, text),
        Deed::Liked { id, liked: true } => teller.liked(id),
        Deed::Reposted { id, repost: Some(repost) } => teller.reposted(id, repost),
        Deed::Followed { persona, following } => teller.followed(persona, *following),
        _ => Vec::new(),
    }
    .into_iter()
    .zip(0..)
    .map(|(update, index)| Update { index, ..update })
    .collect()
}

struct Teller<'a> {
    world: &'a World,
    happening: &'a Happening,
    around: Surroundings<'a>,
}

impl Teller<'_> {
    fn post(&self, post: &Item) -> Vec<Update> {
        let mut told = Vec::new();
        let mut tell = |account: &str, event: &str| {
            told.extend(self.to(account, event, &post.id, &self.payload(post), false));
        };
        let own = Some(&post.account).filter(|_| post.author == Author::Business);
        if let Some(account) = own {
            tell(account, "post.create");
        }
        for account in self.world.accounts() {
            let is_ours = account.network == Network::X && own != Some(&account.account_id);
            // Only names that the author wrote count, not those that X put in front.
            if is_ours && names(&post.text, post.added, &account.handle) {
                tell(&account.account_id, "post.mention.create");
            }
        }
        for (other, event) in
            [(&post.parent, "post.reply.create"), (&post.quotes, "post.quote.create")]
        {
            let other = other.as_deref().and_then(|id| self.world.item(id));
            let ours = other.filter(|other| other.author == Author::Business);
            if let Some(other) = ours.filter(|other| own != Some(&other.account)) {
                tell(&other.account, event);
            }
        }
        told
    }

    fn message(&self, id: &str, persona: &str, text: &str) -> Vec<Update> {
        let account = &self.happening.account;
        let Some(persona) = self.world.persona(persona) else { return Vec::new() };
        let (event, sender, recipient) = match self.happening.author {
            Author::Business => ("dm.sent", account.clone(), persona.x_id()),
            Author::Persona(_) => ("dm.received", persona.x_id(), account.clone()),
        };
        let millis = self.happening.at.unix_timestamp_nanos() / 1_000_000;
        let payload = json!({
            "direct_message_events": [{
                "type": "message_create",
                "id": id,
                "created_timestamp": millis.to_string(),
                "message_create": {
                    "target": {"recipient_id": recipient},
                    "sender_id": sender,
                    "message_data": {
                        "text": text,
                        "entities": {
                            "hashtags": [], "symbols": [], "user_mentions": [], "urls": [],
                        },
                    },
                },
            }],
            "users": self.message_users(id, account, &persona),
        });
        self.to(account, event, id, &payload, true)
    }

    /// X tells of likes and not of their end.
    fn liked(&self, id: &str) -> Vec<Update> {
        let Some(post) = self.world.item(id) else { return Vec::new() };
        let account = &self.happening.account;
        let millis = self.happening.at.unix_timestamp_nanos() / 1_000_000;
        let like = format!("{:016x}", fingerprint(&format!("like/{account}/{id}/{millis}")));
        let payload = json!({
            "id": like,
            "created_at": rfc3339_millis(self.happening.at),
            "timestamp_ms": millis.to_string(),
            "liked_tweet_author_id": self.author_id(&post.author, &post.account),
            "liked_tweet_id": id,
        });
        self.to(account, "like.create", &like, &payload, true)
    }

    /// A repost is a post of the account's own that refers to the other.
    fn reposted(&self, id: &str, repost: &str) -> Vec<Update> {
        let Some(post) = self.world.item(id) else { return Vec::new() };
        let account = &self.happening.account;
        let mut payload = self.payload(post);
        payload["id"] = json!(repost);
        payload["conversation_id"] = json!(repost);
        payload["edit_history_tweet_ids"] = json!([repost]);
        payload["author_id"] = json!(account);
        payload["created_at"] = json!(rfc3339_millis(self.happening.at));
        payload["text"] = json!(format!("RT {}", post.text));
        payload["referenced_tweets"] = json!([{"type": "retweeted", "id": id}]);
        self.to(account, "post.create", repost, &payload, false)
    }

    fn followed(&self, persona: &str, following: bool) -> Vec<Update> {
        let account = &self.happening.account;
        let Some(persona) = self.world.persona(persona) else { return Vec::new() };
        let Some(ours) = self.world.account(Network::X, account) else { return Vec::new() };
        let payload = json!({
            "source": {"data": user::of_account(ours)},
            "target": {"data": user::of_persona(&persona, self.around)},
        });
        let event = if following { "follow.follow" } else { "follow.unfollow" };
        self.to(account, event, &persona.x_id(), &payload, true)
    }

    /// `users` of a message: by id, each inside `{"data": …}` or bare.
    fn message_users(&self, id: &str, account: &str, persona: &Persona) -> Value {
        let mut random = Random::new(fingerprint(&format!("users/{id}")));
        let wrapped = random.chance(WRAPPED_USERS);
        let mut users = Map::new();
        if !self.happening.withheld {
            users.insert(persona.x_id(), wrap(user::of_persona(persona, self.around), wrapped));
        }
        if let Some(ours) = self.world.account(Network::X, account) {
            users.insert(account.to_owned(), wrap(user::of_account(ours), wrapped));
        }
        Value::Object(users)
    }

    /// One envelope per application that subscribed for the account.
    fn to(
        &self,
        account: &str,
        event: &str,
        id: &str,
        payload: &Value,
        is_bare: bool,
    ) -> Vec<Update> {
        let Some(account) = self.world.account(Network::X, account) else { return Vec::new() };
        let to_one = |application: &String| {
            let parts = format!("{application}/{}/{event}/{id}", account.account_id);
            let mut random = Random::new(fingerprint(&parts));
            let includes =
                if is_bare { None } else { Some(self.includes(account, id, &mut random)) };
            let mut data = json!({
                "event_uuid": event_uuid(&mut random),
                "filter": {"user_id": account.account_id},
                "event_type": event,
                "payload": payload,
            });
            if let Some(includes) = includes {
                data["includes"] = includes;
            }
            if !random.chance(UNTAGGED) {
                data["tag"] = json!(format!("{} of {}", event, account.handle));
            }
            Update {
                number: self.happening.number,
                index: 0,
                network: Network::X,
                application: application.clone(),
                account: account.account_id.clone(),
                event: event.to_owned(),
                external_id: id.to_owned(),
                author: self.author_id(&self.happening.author, &self.happening.account),
                text: self.happening.deed.text().map(ToOwned::to_owned),
                at: self.happening.at,
                content: Content::Envelope(json!({"data": data})),
            }
        };
        account.applications.iter().map(to_one).collect()
    }

    fn includes(&self, account: &Account, id: &str, random: &mut Random) -> Value {
        let heard_before = self.happening.author.persona().is_some_and(|persona| {
            let number = self.happening.number;
            self.world.was_heard_before(&account.account_id, persona, number)
        });
        let is_empty = random.chance(EMPTY_INCLUDES) && heard_before;
        if is_empty || self.happening.withheld {
            return json!({});
        }
        let wrapped = random.chance(WRAPPED_USERS);
        let mut users = Vec::new();
        users.extend(self.user(&self.happening.author, &self.happening.account));
        if self.happening.author != Author::Business {
            users.push(user::of_account(account));
        }
        let users: Vec<Value> = users.into_iter().map(|user| wrap(user, wrapped)).collect();
        let mut includes = json!({"users": users});
        if let Some(post) = self.world.item(id) {
            let referenced = [&post.parent, &post.quotes].into_iter().flatten();
            let tweets: Vec<Value> = referenced
                .filter_map(|id| self.world.item(id))
                .map(|referenced| self.payload(referenced))
                .collect();
            if !tweets.is_empty() {
                includes["tweets"] = json!(tweets);
            }
        }
        includes
    }

    /// A post as API v2 gives it.
    fn payload(&self, post: &Item) -> Value {
        let versions = self.world.versions(&post.id);
        let edits_left = (MOST_EDITS + 1).saturating_sub(versions.len());
        let length = post.text.chars().count();
        let mut payload = json!({
            "id": post.id,
            "text": post.text,
            "author_id": self.author_id(&post.author, &post.account),
            "created_at": rfc3339_millis(post.at),
            "conversation_id": post.root,
            "lang": self.language(&post.author),
            "edit_history_tweet_ids": versions,
            "edit_controls": {
                "edits_remaining": edits_left,
                "is_edit_eligible": edits_left > 0,
                "editable_until": rfc3339_millis(post.at + time::Duration::HOUR),
            },
            "entities": {"mentions": self.mentions(&post.text), "urls": []},
            "display_text_range": [post.added.min(length), length],
            "public_metrics": metrics(),
        });
        let mut referenced = Vec::new();
        if let Some(parent) = post.parent.as_deref().and_then(|id| self.world.item(id)) {
            payload["in_reply_to_tweet_id"] = json!(parent.id);
            payload["in_reply_to_user_id"] = json!(self.author_id(&parent.author, &parent.account));
            referenced.push(json!({"type": "replied_to", "id": parent.id}));
        }
        if let Some(quoted) = &post.quotes {
            referenced.push(json!({"type": "quoted", "id": quoted}));
        }
        if !referenced.is_empty() {
            payload["referenced_tweets"] = json!(referenced);
        }
        debug_assert_eq!(post.kind, ItemKind::Post, "only posts have this shape");
        payload
    }

    fn mentions(&self, text: &str) -> Vec<Value> {
        let known = |handle: &str| {
            let account = self.world.account(Network::X, handle).map(|it| it.account_id.clone());
            let person =
                || self.world.personas().iter().find(|it| it.handle.eq_ignore_ascii_case(handle));
            account.or_else(|| person().map(Persona::x_id))
        };
        handles(text)
            .into_iter()
            .filter_map(|named| {
                let id = known(&named.handle)?;
                Some(json!({
                    "start": named.start, "end": named.end, "username": named.handle, "id": id,
                }))
            })
            .collect()
    }

    fn language(&self, author: &Author) -> &'static str {
        author
            .persona()
            .and_then(|key| self.world.persona(key))
            .map_or("en", |persona| persona.language.tag())
    }

    fn author_id(&self, author: &Author, account: &str) -> String {
        match author {
            Author::Business => account.to_owned(),
            Author::Persona(key) => {
                self.world.persona(key).map(|persona| persona.x_id()).unwrap_or_default()
            }
        }
    }

    fn user(&self, author: &Author, account: &str) -> Option<Value> {
        match author {
            Author::Business => self.world.account(Network::X, account).map(user::of_account),
            Author::Persona(key) => {
                self.world.persona(key).map(|persona| user::of_persona(&persona, self.around))
            }
        }
    }
}

fn wrap(user: Value, wrapped: bool) -> Value {
    if wrapped { json!({"data": user}) } else { user }
}

/// An opaque number as text, sometimes negative.
fn event_uuid(random: &mut Random) -> String {
    let sign = if random.chance(NEGATIVE_UUIDS) { "-" } else { "" };
    let magnitude = random.between(1 << 60, (1 << 62) + (1 << 61));
    format!("{sign}{magnitude}")
}

/// Every counter at nought, as a number and as text: a new post has none.
fn metrics() -> Value {
    let mut metrics = Map::new();
    for name in ["repost", "reply", "like", "quote", "bookmark", "impression"] {
        metrics.insert(format!("{name}_count"), json!(0));
        metrics.insert(format!("{name}_count_str"), json!("0"));
    }
    Value::Object(metrics)
}

fn rfc3339_millis(at: OffsetDateTime) -> String {
    let millis = at.replace_millisecond(at.millisecond()).unwrap_or(at);
    let text = millis.format(&Rfc3339).unwrap_or_default();
    // Rfc3339 leaves the fraction out when it is nought; X always writes three digits.
    match text.split_once('.') {
        Some((whole, fraction)) => {
            let digits: String = fraction.chars().take_while(char::is_ascii_digit).collect();
            format!("{whole}.{digits:0<3}Z")
        }
        None => text.replace('Z', ".000Z"),
    }
}
