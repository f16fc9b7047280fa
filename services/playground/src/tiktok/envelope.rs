//! Events of a TikTok account (contract 5): one a request, what it tells as a JSON string within
//! JSON, ids as bare numbers of 64 bits.

use serde_json::{Value, json};

use crate::update::{Content, Surroundings, Update};
use crate::world::{
    Account, Attachment, Author, Deed, Happening, Item, ItemKind, Network, Persona, World,
    fingerprint,
};

/// How often a comment comes with its words; mostly they are to be asked for.
const WORDS_EVERY: u64 = 3;

/// Everything that TikTok tells about one happening. `world` already holds it.
#[must_use]
pub fn updates(world: &World, happening: &Happening, around: Surroundings<'_>) -> Vec<Update> {
    let Some(account) = world.account(Network::Tiktok, &happening.account) else {
        return Vec::new();
    };
    let teller = Teller { world, happening, around, account };
    let Some(told) = teller.told() else { return Vec::new() };
    account
        .applications
        .iter()
        .zip(0..)
        .map(|(application, index)| Update {
            number: happening.number,
            index,
            network: Network::Tiktok,
            application: application.clone(),
            account: account.account_id.clone(),
            event: told.event.to_owned(),
            external_id: told.id.clone(),
            author: teller.author_id(),
            text: happening.deed.text().filter(|_| !told.is_stripped).map(ToOwned::to_owned),
            at: happening.at,
            content: Content::Envelope(json!({
                "client_key": application,
                "event": told.event,
                "create_time": happening.at.unix_timestamp(),
                "user_openid": account.account_id,
                "content": told.content.to_string(),
            })),
        })
        .collect()
}

struct Told {
    event: &'static str,
    id: String,
    content: Value,
    /// Whether it says no more than that there was something.
    is_stripped: bool,
}

struct Teller<'a> {
    world: &'a World,
    happening: &'a Happening,
    around: Surroundings<'a>,
    account: &'a Account,
}

impl Teller<'_> {
    fn told(&self) -> Option<Told> {
        match &self.happening.deed {
            Deed::Commented { id, .. } => self.comment(id, "insert"),
            Deed::Removed { id } => self.comment(id, "delete"),
            Deed::Hidden { id, hidden: true } => self.comment(id, "set_to_hidden"),
            Deed::Hidden { id, hidden: false } => self.comment(id, "set_to_public"),
            Deed::MessengerWrote { .. } | Deed::Reacted { .. } | Deed::ReadAll => self.message(),
            _ => None,
        }
    }

    fn comment(&self, id: &str, action: &str) -> Option<Told> {
        let item = self.world.item(id).filter(|item| item.kind == ItemKind::Comment)?;
        let first = self.world.first_comment(item);
        let mut content = json!({
            "comment_id": number(id),
            "video_id": number(&item.root),
            "comment_type": if first.is_some() { "reply" } else { "comment" },
            "comment_action": action,
            "unique_identifier": self.identifier(&item.author),
            "timestamp": self.millis(),
        });
        if let Some(first) = first {
            content["parent_comment_id"] = number(&first.id);
        }
        let has_words = self.happening.number.is_multiple_of(WORDS_EVERY);
        // Of what the account itself wrote there is only the notice: by `unique_identifier` alone
        // nobody knows it for the account's own, the list of comments says so.
        let is_theirs = item.author != Author::Business;
        if has_words && is_theirs && !self.happening.withheld && action == "insert" {
            content["text"] = json!(self.happening.deed.text());
        }
        let id = id.to_owned();
        Some(Told { event: "comment.update", id, content, is_stripped: false })
    }

    fn message(&self) -> Option<Told> {
        let persona = self.persona()?;
        let is_ours = self.happening.author == Author::Business;
        let own = &self.account.account_id;
        let person = json!({"id": persona.tiktok_user_id(own), "role": "personal_account"});
        let business = json!({"id": own, "role": "business_account"});
        let id = match &self.happening.deed {
            Deed::Reacted { message: Some(id), .. } | Deed::MessengerWrote { id, .. } => id.clone(),
            _ => String::new(),
        };
        if self.happening.withheld && !is_ours {
            // As TikTok tells of people in Europe.
            let event = "im_receive_msg_eu";
            let timestamp = self.millis();
            let to = &self.account.handle;
            let content = json!({"to": to, "to_user": business, "timestamp": timestamp});
            return Some(Told { event, id: String::new(), content, is_stripped: true });
        }
        let (from, to) = (&persona.handle, &self.account.handle);
        let ((from, to), (from_user, to_user)) = if is_ours {
            ((to, from), (business, person))
        } else {
            ((from, to), (person, business))
        };
        let mut content = json!({
            "from": from,
            "to": to,
            "unique_identifier": persona.unique_identifier(),
            "from_user": from_user,
            "to_user": to_user,
            "conversation_id": persona.tiktok_conversation_id(own),
            "timestamp": self.millis(),
        });
        if self.happening.deed == Deed::ReadAll {
            content["read"] = json!({"last_read_timestamp": self.millis()});
            let event = "im_mark_read_msg";
            return Some(Told { event, id, content, is_stripped: false });
        }
        content["message_id"] = json!(id);
        content["is_follower"] = json!(fingerprint(&persona.key).is_multiple_of(2));
        self.fill(&mut content);
        if is_ours {
            let source = if self.happening.call.is_some() { "API" } else { "APP" };
            content["message_tag"] = json!({"source": source});
        }
        let event = if is_ours { "im_send_msg" } else { "im_receive_msg" };
        Some(Told { event, id, content, is_stripped: false })
    }

    /// What is said: words, a thing, or a sign on an earlier message.
    fn fill(&self, content: &mut Value) {
        let (kind, value) = match &self.happening.deed {
            Deed::Reacted { id, emoji, withdrawn, .. } => {
                let operation = if *withdrawn { "REMOVE" } else { "ADD" };
                let one = json!({"operation": operation, "emoji": emoji, "original_msg_id": id});
                ("reaction", json!([one]))
            }
            Deed::MessengerWrote { id, text, attachment, reply_to, .. } => {
                if let Some(message) = reply_to {
                    let info = json!({"referenced_message_id": message});
                    content["referenced_message_info"] = info;
                }
                match attachment {
                    None => ("text", json!({"body": text})),
                    Some(Attachment::Image) => ("image", json!({"media_id": media_id(id)})),
                    Some(Attachment::Share) => ("share_post", self.shared()),
                    Some(Attachment::Video) => ("video", json!({"media_id": media_id(id)})),
                    Some(_) => ("sticker", json!({"media_id": media_id(id)})),
                }
            }
            _ => return,
        };
        content["type"] = json!(kind);
        content[kind] = value;
    }

    fn shared(&self) -> Value {
        let videos = self.world.threads(&self.account.account_id);
        let video = videos.first().map_or("", String::as_str);
        let (url, handle) = (self.around.public_url, &self.account.handle);
        let embed = format!("{url}/playground/tiktok/@{handle}/video/{video}");
        json!({"embed_url": embed, "video_id": video})
    }

    fn millis(&self) -> i64 {
        i64::try_from(self.happening.at.unix_timestamp_nanos() / 1_000_000).unwrap_or(0)
    }

    /// The person of this happening, whoever of the two acted.
    fn persona(&self) -> Option<Persona> {
        let other = || self.world.item(self.happening.deed.id()?).map(persona_of)?;
        let key = self.happening.author.persona().map(ToOwned::to_owned).or_else(other)?;
        self.world.persona(&key)
    }

    fn identifier(&self, author: &Author) -> String {
        match author {
            Author::Business => self.account.unique_identifier(),
            Author::Persona(key) => self
                .world
                .persona(key)
                .map(|persona| persona.unique_identifier())
                .unwrap_or_default(),
        }
    }

    fn author_id(&self) -> String {
        match &self.happening.author {
            Author::Business => self.account.account_id.clone(),
            author @ Author::Persona(_) => self.identifier(author),
        }
    }
}

fn persona_of(item: &Item) -> Option<String> {
    item.persona.clone()
}

/// An id as the bare number that TikTok writes.
fn number(id: &str) -> Value {
    id.parse::<u64>().map_or_else(|_| json!(id), |number| json!(number))
}

/// What TikTok calls the file of a message.
#[must_use]
pub fn media_id(message: &str) -> String {
    format!("v0{message}")
}
