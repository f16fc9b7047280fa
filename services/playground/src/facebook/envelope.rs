//! Page events (contract 3.1 and 3.2): which ones a happening gives, and their values.

use serde_json::{Value, json};

use crate::update::{Content, Surroundings, Update};
use crate::world::{
    Attachment, Author, Deed, Happening, Item, ItemKind, Network, Persona, World, fingerprint,
};

/// The app id that Meta's own Page Inbox puts on what a person at the business writes there.
const PAGE_INBOX: u64 = 26_390_203_743_090;

/// Everything that Facebook tells about one happening. `world` already holds it.
#[must_use]
pub fn updates(world: &World, happening: &Happening, around: Surroundings<'_>) -> Vec<Update> {
    let teller = Teller { world, happening, around, page: &happening.account };
    let told = match &happening.deed {
        Deed::PagePosted { .. }
        | Deed::Commented { .. }
        | Deed::Removed { .. }
        | Deed::Hidden { .. } => teller.feed(),
        Deed::Liked { id, liked } => teller.liked(id, *liked),
        Deed::Edited { id, .. } => match world.item(id).map(|item| item.kind) {
            Some(ItemKind::MessengerMessage) => teller.messaging(),
            _ => teller.feed(),
        },
        Deed::Mentioned { id, text, .. } => teller.mention(id, text),
        _ => teller.messaging(),
    };
    let Some((event, content)) = told else { return Vec::new() };
    let Some(page) = world.account(Network::Facebook, &happening.account) else {
        return Vec::new();
    };
    page.applications
        .iter()
        .zip(0..)
        .map(|(application, index)| Update {
            number: happening.number,
            index,
            network: Network::Facebook,
            application: application.clone(),
            account: page.account_id.clone(),
            event: event.clone(),
            external_id: happening.deed.id().unwrap_or_default().to_owned(),
            author: teller.author_id(&happening.author),
            text: happening.deed.text().map(ToOwned::to_owned),
            at: happening.at,
            content: content.clone(),
        })
        .collect()
}

struct Teller<'a> {
    world: &'a World,
    happening: &'a Happening,
    around: Surroundings<'a>,
    page: &'a str,
}

impl Teller<'_> {
    fn feed(&self) -> Option<(String, Content)> {
        let item = self.world.item(self.happening.deed.id()?)?;
        let verb = match &self.happening.deed {
            Deed::Edited { .. } => "edited",
            Deed::Removed { .. } => "remove",
            Deed::Hidden { hidden: true, .. } => "hide",
            Deed::Hidden { hidden: false, .. } => "unhide",
            _ => "add",
        };
        let name = if item.kind == ItemKind::Comment { "comment" } else { "status" };
        let mut value = json!({
            "item": name,
            "verb": verb,
            "post_id": item.root,
            "created_time": self.happening.at.unix_timestamp(),
        });
        if item.kind == ItemKind::Comment {
            value["comment_id"] = json!(item.id);
            value["parent_id"] = json!(item.parent);
        } else {
            value["published"] = json!(1);
        }
        if !self.happening.withheld {
            value["from"] = self.from();
        }
        if verb != "remove" {
            if let Some(text) = self.text_of(item).filter(|text| !text.is_empty()) {
                value["message"] = json!(text);
            }
            if item.attachment == Some(Attachment::Image) {
                value["photo"] = json!(self.media("image"));
            }
        }
        if let Some(post) = self.world.item(&item.root) {
            value["post"] = self.post(post);
        }
        let change = json!({"field": "feed", "value": value});
        Some((format!("feed.{name}.{verb}"), Content::Change(change)))
    }

    fn liked(&self, id: &str, liked: bool) -> Option<(String, Content)> {
        let item = self.world.item(id)?;
        let verb = if liked { "add" } else { "remove" };
        let mut value = json!({
            "item": "reaction",
            "verb": verb,
            "reaction_type": "like",
            "post_id": item.root,
            "parent_id": item.parent.as_ref().unwrap_or(&item.root),
            "from": self.from(),
            "created_time": self.happening.at.unix_timestamp(),
        });
        if item.kind == ItemKind::Comment {
            value["comment_id"] = json!(item.id);
        }
        let change = json!({"field": "feed", "value": value});
        Some((format!("feed.reaction.{verb}"), Content::Change(change)))
    }

    /// The words of this happening, not those that a later one may have left.
    fn text_of<'a>(&'a self, item: &'a Item) -> Option<&'a str> {
        self.happening.deed.text().or(Some(&item.text))
    }

    fn post(&self, post: &Item) -> Value {
        json!({
            "id": post.id,
            "permalink_url": self.permalink(&post.id),
            "status_type": "mobile_status_update",
            "is_published": true,
            "updated_time": facebook_time(self.happening.at),
            "promotion_status": "inactive",
        })
    }

    fn permalink(&self, post: &str) -> String {
        format!("{}/playground/facebook/{}/posts/{post}", self.around.public_url, self.page)
    }

    fn mention(&self, id: &str, text: &str) -> Option<(String, Content)> {
        let persona = self.persona()?;
        let mut value = json!({
            "item": "post",
            "verb": "add",
            "post_id": id,
            "message": text,
            "created_time": self.happening.at.unix_timestamp(),
            "permalink_url": self.permalink(id),
        });
        if !self.happening.withheld {
            value["sender_id"] = json!(persona.page_scoped_id(self.page));
            value["sender_name"] = json!(persona.name);
        }
        let change = json!({"field": "mention", "value": value});
        Some(("mention.post.add".to_owned(), Content::Change(change)))
    }

    fn messaging(&self) -> Option<(String, Content)> {
        let deed = &self.happening.deed;
        let millis = self.millis();
        let (event, value) = match deed {
            Deed::MessengerWrote { id, text, attachment, reply_to, .. } => {
                let mut message = json!({"mid": id});
                if !text.is_empty() {
                    message["text"] = json!(text);
                }
                if let Some(attachment) = attachment {
                    message["attachments"] = json!([self.attachment(*attachment)]);
                }
                if let Some(mid) = reply_to {
                    let is_own = self.world.item(mid).map(|item| &item.author)
                        == Some(&self.happening.author);
                    message["reply_to"] = json!({"mid": mid, "is_self_reply": is_own});
                }
                if self.happening.author == Author::Business {
                    message["is_echo"] = json!(true);
                    match &self.happening.call {
                        Some(call) => {
                            message["app_id"] = json!(self.app_number());
                            if let Some(metadata) = &call.metadata {
                                message["metadata"] = json!(metadata);
                            }
                        }
                        None => message["app_id"] = json!(PAGE_INBOX),
                    }
                }
                ("message", message)
            }
            Deed::Edited { id, text, revision } => {
                ("message_edit", json!({"mid": id, "text": text, "num_edit": revision}))
            }
            // A page hears of reactions to what it wrote, not of its own.
            Deed::Reacted { .. } if self.happening.author == Author::Business => return None,
            Deed::Reacted { id, emoji, withdrawn, .. } => {
                let action = if *withdrawn { "unreact" } else { "react" };
                let name = reaction_name(emoji);
                let reaction =
                    json!({"reaction": name, "emoji": emoji, "action": action, "mid": id});
                ("reaction", reaction)
            }
            Deed::PressedButton { id, title, payload } => {
                ("postback", json!({"mid": id, "title": title, "payload": payload}))
            }
            Deed::ReceivedAll => ("delivery", json!({"watermark": millis})),
            Deed::ReadAll => ("read", json!({"watermark": millis})),
            _ => return None,
        };
        let persona = self.persona()?.page_scoped_id(self.page);
        let page = self.page.to_owned();
        let (sender, recipient) = match self.happening.author {
            Author::Business => (page, persona),
            Author::Persona(_) => (persona, page),
        };
        let mut item = json!({
            "sender": {"id": sender},
            "recipient": {"id": recipient},
            "timestamp": millis,
        });
        item[event] = value;
        Some((event.to_owned(), Content::Messaging(item)))
    }

    fn attachment(&self, attachment: Attachment) -> Value {
        let kind = attachment.as_str();
        let mut payload = json!({"url": self.media(kind)});
        if attachment == Attachment::Sticker {
            payload["sticker_id"] = json!(fingerprint(kind).to_string());
        }
        json!({"type": kind, "payload": payload})
    }

    fn media(&self, kind: &str) -> String {
        format!("{}/playground/media/{kind}", self.around.public_url)
    }

    /// The number by which Meta knows the application that called; tokens are its first one's.
    fn app_number(&self) -> u64 {
        let page = self.world.account(Network::Facebook, self.page);
        let application = page.and_then(|page| page.applications.first());
        let offset = application.map_or(0, |id| fingerprint(id) % 900_000_000_000_000);
        100_000_000_000_000 + offset
    }

    fn millis(&self) -> i64 {
        i64::try_from(self.happening.at.unix_timestamp_nanos() / 1_000_000).unwrap_or(0)
    }

    /// The person of this happening, whoever of the two acted.
    fn persona(&self) -> Option<Persona> {
        let other = || {
            let id = self.happening.deed.id()?;
            self.world.item(id)?.persona.clone()
        };
        let key = self.happening.author.persona().map(ToOwned::to_owned).or_else(other)?;
        self.world.persona(&key)
    }

    fn from(&self) -> Value {
        let account = || {
            let account = self.world.account(Network::Facebook, self.page)?;
            Some(account.name.clone())
        };
        let persona = || Some(self.persona()?.name);
        let name = match self.happening.author {
            Author::Business => account(),
            Author::Persona(_) => persona(),
        };
        json!({"id": self.author_id(&self.happening.author), "name": name})
    }

    fn author_id(&self, author: &Author) -> String {
        match author {
            Author::Business => self.page.to_owned(),
            Author::Persona(key) => self
                .world
                .persona(key)
                .map(|persona| persona.page_scoped_id(self.page))
                .unwrap_or_default(),
        }
    }
}

/// Meta's words for the common signs; everything else is `other`.
fn reaction_name(emoji: &str) -> &'static str {
    match emoji {
        "❤" | "❤️" => "love",
        "😆" | "😂" => "smile",
        "😮" => "wow",
        "😢" => "sad",
        "😠" => "angry",
        "👍" => "like",
        "👎" => "dislike",
        _ => "other",
    }
}

/// `2026-11-23T10:00:00+0000`.
fn facebook_time(at: time::OffsetDateTime) -> String {
    let format =
        time::macros::format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]+0000");
    at.format(&format).unwrap_or_default()
}
