//! Events of an account of Instagram (contract 4.1): which ones a happening gives, and their
//! values.

use serde_json::{Value, json};

use super::from;
use crate::update::{Content, Surroundings, Update};
use crate::world::{
    Account, Attachment, Author, Deed, Happening, Item, ItemKind, Network, Persona, StoryPart,
    World,
};

/// How often a comment bears its id as `comment_id` and not as `id`: Meta's own texts have both.
const OTHER_NAME_EVERY: u64 = 4;

/// Everything that Instagram tells about one happening. `world` already holds it.
#[must_use]
pub fn updates(world: &World, happening: &Happening, around: Surroundings<'_>) -> Vec<Update> {
    let Some(account) = world.account(Network::Instagram, &happening.account) else {
        return Vec::new();
    };
    let teller = Teller { world, happening, around, account };
    let told = match &happening.deed {
        Deed::Commented { id, .. } => teller.commented(id),
        Deed::Mentioned { id, media, .. } => {
            Some(mention(media.as_ref().unwrap_or(id), media.as_ref().map(|_| id.as_str())))
        }
        // Of deletions, edits, hiding and likes of comments Instagram tells nobody.
        _ => teller.messaging(),
    };
    let Some((event, content)) = told else { return Vec::new() };
    account
        .applications
        .iter()
        .zip(0..)
        .map(|(application, index)| Update {
            number: happening.number,
            index,
            network: Network::Instagram,
            application: application.clone(),
            account: account.account_id.clone(),
            event: event.to_owned(),
            external_id: happening.deed.id().unwrap_or_default().to_owned(),
            author: teller.author_id(),
            text: happening.deed.text().map(ToOwned::to_owned),
            at: happening.at,
            content: content.clone(),
        })
        .collect()
}

/// Ids alone: what was written is to be asked for.
fn mention(media: &str, comment: Option<&str>) -> (&'static str, Content) {
    let mut value = json!({"media_id": media});
    if let Some(comment) = comment {
        value["comment_id"] = json!(comment);
    }
    ("mentions", Content::Change(json!({"field": "mentions", "value": value})))
}

struct Teller<'a> {
    world: &'a World,
    happening: &'a Happening,
    around: Surroundings<'a>,
    account: &'a Account,
}

impl Teller<'_> {
    fn commented(&self, id: &str) -> Option<(&'static str, Content)> {
        let item = self.world.item(id)?;
        let post = self.world.item(&item.root);
        if post.is_none_or(|post| post.kind != ItemKind::PagePost) {
            // Under somebody else's post: Instagram puts the name of whoever is answered in
            // front, so that the account is told that it was named; never what it wrote itself.
            let is_theirs = self.happening.author != Author::Business;
            return is_theirs.then(|| mention(&item.root, Some(id)));
        }
        let mut author = from(self.world, self.account, item);
        if self.happening.withheld
            && let Some(author) = author.as_object_mut()
        {
            author.remove("username");
        }
        let text = self.happening.deed.text().unwrap_or_default();
        let name = if self.happening.number.is_multiple_of(OTHER_NAME_EVERY) {
            "comment_id"
        } else {
            "id"
        };
        let mut value = json!({
            "from": author,
            name: id,
            "text": text,
            "media": {"id": item.root, "media_product_type": "FEED"},
        });
        if let Some(first) = self.world.first_comment(item) {
            value["parent_id"] = json!(first.id);
        }
        Some(("comments", Content::Change(json!({"field": "comments", "value": value}))))
    }

    fn messaging(&self) -> Option<(&'static str, Content)> {
        let (event, value) = match &self.happening.deed {
            Deed::MessengerWrote { .. } => ("message", self.message()?),
            Deed::Unsent { id } => {
                let mut message = json!({"mid": id, "is_deleted": true});
                self.mark_echo(&mut message);
                ("message", message)
            }
            Deed::Edited { id, text, revision } => {
                ("message_edit", json!({"mid": id, "text": text, "num_edit": revision}))
            }
            // An account hears of reactions to what it wrote, not of its own.
            Deed::Reacted { .. } if self.happening.author == Author::Business => return None,
            Deed::Reacted { id, withdrawn: true, .. } => {
                ("reaction", json!({"mid": id, "action": "unreact"}))
            }
            Deed::Reacted { id, emoji, .. } => {
                let name = if emoji.starts_with('\u{2764}') { "love" } else { "other" };
                let reaction =
                    json!({"mid": id, "action": "react", "reaction": name, "emoji": emoji});
                ("reaction", reaction)
            }
            Deed::PressedButton { id, title, payload } => {
                ("postback", json!({"mid": id, "title": title, "payload": payload}))
            }
            Deed::ReadAll => ("read", json!({"mid": self.newest_before()?})),
            _ => return None,
        };
        let persona = self.persona()?.instagram_scoped_id(&self.account.account_id);
        let own = self.account.account_id.clone();
        let (sender, recipient) = match self.happening.author {
            Author::Business => (own, persona),
            Author::Persona(_) => (persona, own),
        };
        let millis = self.happening.at.unix_timestamp_nanos() / 1_000_000;
        let item = json!({
            "sender": {"id": sender},
            "recipient": {"id": recipient},
            "timestamp": i64::try_from(millis).unwrap_or(0),
            event: value,
        });
        Some((event, Content::Messaging(item)))
    }

    fn message(&self) -> Option<Value> {
        let Deed::MessengerWrote { id, text, attachment, reply_to, story, .. } =
            &self.happening.deed
        else {
            return None;
        };
        let mut message = json!({"mid": id});
        if !text.is_empty() {
            message["text"] = json!(text);
        }
        if let Some(attachment) = attachment {
            message["attachments"] = json!([self.attachment(*attachment, story.as_ref())]);
        }
        match (story, reply_to) {
            (Some(StoryPart::Reply(story)), _) => {
                let url = self.media("image");
                message["reply_to"] = json!({"story": {"url": url, "id": story}});
            }
            (_, Some(mid)) => message["reply_to"] = json!({"mid": mid}),
            _ => {}
        }
        self.mark_echo(&mut message);
        Some(message)
    }

    /// What the account itself did comes within the same list.
    fn mark_echo(&self, message: &mut Value) {
        if self.happening.author == Author::Business {
            message["is_echo"] = json!(true);
        }
    }

    fn attachment(&self, attachment: Attachment, story: Option<&StoryPart>) -> Value {
        if story == Some(&StoryPart::Mention) {
            return json!({"type": "story_mention", "payload": {"url": self.media("image")}});
        }
        match attachment {
            Attachment::Sticker => json!({"type": "like_heart"}),
            Attachment::Share => {
                let posts = self.world.threads(&self.account.account_id);
                let post = posts.first().map_or("", String::as_str);
                let url = format!("{}/playground/instagram/p/{post}/", self.around.public_url);
                json!({"type": "ig_post", "payload": {"url": url}})
            }
            file => json!({"type": file.as_str(), "payload": {"url": self.media(file.as_str())}}),
        }
    }

    fn media(&self, kind: &str) -> String {
        format!("{}/playground/media/{kind}", self.around.public_url)
    }

    /// The newest message of the account that there was when this happened.
    fn newest_before(&self) -> Option<&str> {
        let persona = self.happening.author.persona()?;
        let inbox = self.world.inbox(&self.account.account_id, persona);
        let is_own =
            |item: &&Item| item.author == Author::Business && item.number < self.happening.number;
        let items = inbox.iter().rev().filter_map(|id| self.world.item(id));
        items.filter(is_own).map(|item| item.id.as_str()).next()
    }

    /// The person of this happening, whoever of the two acted.
    fn persona(&self) -> Option<Persona> {
        let other = || self.world.item(self.happening.deed.id()?)?.persona.clone();
        let key = self.happening.author.persona().map(ToOwned::to_owned).or_else(other)?;
        self.world.persona(&key)
    }

    fn author_id(&self) -> String {
        let own = &self.account.account_id;
        match &self.happening.author {
            Author::Business => own.clone(),
            Author::Persona(key) => self
                .world
                .persona(key)
                .map(|persona| persona.instagram_scoped_id(own))
                .unwrap_or_default(),
        }
    }
}
