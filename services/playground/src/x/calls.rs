//! What X's API v2 does when an account calls it (contract 1.0 and 1.3): the requests that it
//! reads, and the rules that this world can decide.
//!
//! Deliberately absent: media (there is no upload, so no media id exists), polls, places, cards,
//! communities and edits; X's refusal of a text that was just posted, which is not documented and
//! would hide from a checker that something was sent twice.

use serde::Deserialize;
use serde_json::Value;

use super::refused::Refused;
use super::weight::{HEAVIEST, weight, without_leading_names};
use crate::world::text::names;
use crate::world::{
    Account, Author, CallKind, Deed, Item, ItemKind, Network, Persona, Tier, World, answering,
};

/// Longest direct message, in code points.
const LONGEST_MESSAGE: usize = 10_000;

/// `POST /2/tweets`: every field that X knows; any other is refused.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CreatePost {
    text: String,
    reply: Option<ReplyTo>,
    quote_tweet_id: Option<String>,
    media: Option<Value>,
    poll: Option<Value>,
    geo: Option<Value>,
    card_uri: Option<Value>,
    community_id: Option<Value>,
    direct_message_deep_link: Option<Value>,
    edit_options: Option<Value>,
    #[serde(rename = "for_super_followers_only")]
    _for_super_followers_only: Option<bool>,
    #[serde(rename = "made_with_ai")]
    _made_with_ai: Option<bool>,
    #[serde(rename = "nullcast")]
    _nullcast: Option<bool>,
    #[serde(rename = "paid_partnership")]
    _paid_partnership: Option<bool>,
    #[serde(rename = "reply_settings")]
    _reply_settings: Option<String>,
    #[serde(rename = "share_with_followers")]
    _share_with_followers: Option<bool>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReplyTo {
    in_reply_to_tweet_id: String,
    #[serde(default, rename = "auto_populate_reply_metadata")]
    _auto_populate_reply_metadata: Option<bool>,
    #[serde(default)]
    exclude_reply_user_ids: Vec<String>,
}

/// `POST /2/dm_conversations/with/{participant_id}/messages`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateMessage {
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    attachments: Option<Vec<MediaId>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct MediaId {
    #[serde(rename = "media_id")]
    _media_id: String,
}

/// What a call does: the deed, what it is called, at what it is directed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Granted {
    /// What is done.
    pub deed: Deed,
    /// What was called for.
    pub kind: CallKind,
    /// The network's id of what it is directed at.
    pub target: String,
}

/// Reads a body strictly, as X's specification says (`additionalProperties: false`).
///
/// # Errors
/// Invalid request.
pub fn read<T: for<'de> Deserialize<'de>>(body: &[u8]) -> Result<T, Refused> {
    serde_json::from_slice(body).map_err(|error| {
        Refused::invalid("body", &format!("The body of your request was invalid: {error}."))
    })
}

/// A post, a reply, or a quote.
///
/// # Errors
/// As X refuses it.
pub fn create_post(
    world: &World,
    account: &Account,
    request: &CreatePost,
    snowflake: u64,
) -> Result<Granted, Refused> {
    require(account, &["tweet.write", "tweet.read", "users.read"])?;
    not_played(request)?;
    let text = request.text.as_str();
    if text.trim().is_empty() {
        let detail = "Your post must have text or media.";
        return Err(Refused::invalid("text", detail));
    }
    let counted = if request.reply.is_some() { without_leading_names(text) } else { text };
    if weight(counted) > HEAVIEST {
        let detail = "Your Tweet text is too long. It may weigh 280 at most.";
        return Err(Refused::invalid("text", detail));
    }
    if account.tier == Tier::SelfServe && cashtags(text) > 1 {
        return Err(Refused::forbidden("A post may hold one cashtag at most."));
    }
    let id = snowflake.to_string();
    let post = |text, added, reply_to, quotes| Deed::Posted {
        id,
        text,
        added,
        reply_to,
        quotes,
        previous: None,
    };
    let quoted = match &request.quote_tweet_id {
        Some(id) => Some(quotable(world, account, id)?.id.clone()),
        None => None,
    };
    if let Some(reply) = &request.reply {
        let parent = answerable(world, account, reply)?;
        let target = parent.id.clone();
        let (text, added) = prefixed(world, account, parent, text);
        let deed = post(text, added, Some(target.clone()), quoted);
        return Ok(Granted { deed, kind: CallKind::Reply, target });
    }
    let kind = if quoted.is_some() { CallKind::Quote } else { CallKind::Post };
    let target = quoted.clone().unwrap_or_default();
    Ok(Granted { deed: post(text.to_owned(), 0, None, quoted), kind, target })
}

/// Takes one of the account's own posts away.
///
/// # Errors
/// As X refuses it.
pub fn delete_post(world: &World, account: &Account, id: &str) -> Result<Granted, Refused> {
    require(account, &["tweet.write", "tweet.read", "users.read"])?;
    let post = post(world, "id", id)?;
    if post.author != Author::Business || post.account != account.account_id {
        let detail = "You may delete only posts of your own.";
        return Err(Refused::not_authorized("tweet", id, detail));
    }
    let deed = Deed::PostDeleted { id: id.to_owned() };
    Ok(Granted { deed, kind: CallKind::Delete, target: id.to_owned() })
}

/// A direct message to one person.
///
/// # Errors
/// As X refuses it.
pub fn create_message(
    world: &World,
    account: &Account,
    participant: &str,
    request: &CreateMessage,
    snowflake: u64,
) -> Result<Granted, Refused> {
    require(account, &["dm.write", "tweet.read", "users.read"])?;
    is_id("participant_id", participant)?;
    if request.attachments.as_ref().is_some_and(|attachments| !attachments.is_empty()) {
        return Err(Refused::invalid("attachments", "There is no media with that id."));
    }
    let Some(text) = request.text.as_deref().filter(|text| !text.is_empty()) else {
        let detail = "A message needs text or attachments.";
        return Err(Refused::invalid("text", detail));
    };
    if text.chars().count() > LONGEST_MESSAGE {
        let detail = "The text of your direct message is over the max character limit.";
        return Err(Refused::invalid("text", detail));
    }
    if world.account(Network::X, participant).is_some() {
        let detail = "You cannot send messages to this user.";
        return Err(Refused::not_authorized("user", participant, detail));
    }
    let Some(persona) = world.known().on_x(participant) else {
        return Err(Refused::not_found("user", "participant_id", participant));
    };
    let deed = Deed::Messaged {
        id: snowflake.to_string(),
        persona: persona.to_owned(),
        text: text.to_owned(),
    };
    Ok(Granted { deed, kind: CallKind::DirectMessage, target: participant.to_owned() })
}

/// Somebody by their user id: one of our accounts, or a person.
///
/// # Errors
/// As X refuses it.
pub fn user(world: &World, account: &Account, id: &str) -> Result<Found, Refused> {
    require(account, &["tweet.read", "users.read"])?;
    is_id("id", id)?;
    if let Some(ours) = world.account(Network::X, id).filter(|one| one.account_id == id) {
        return Ok(Found::Account(ours.clone()));
    }
    let persona = world.known().on_x(id).and_then(|key| world.persona(key));
    persona.map(Found::Persona).ok_or_else(|| Refused::not_found("user", "id", id))
}

/// A post, and who wrote it.
///
/// # Errors
/// As X refuses it.
pub fn read_post<'a>(
    world: &'a World,
    account: &Account,
    id: &str,
) -> Result<(&'a Item, Found), Refused> {
    require(account, &["tweet.read", "users.read"])?;
    let found = post(world, "id", id)?;
    let author = match &found.author {
        Author::Business => world.account(Network::X, &found.account).cloned().map(Found::Account),
        Author::Persona(key) => world.persona(key).map(Found::Persona),
    };
    Ok((found, author.ok_or_else(|| Refused::not_found("tweet", "id", id))?))
}

/// A user of X.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// One of our accounts.
    Account(Account),
    /// Somebody else.
    Persona(Persona),
}

/// The conversation of two: both ids, the smaller first.
#[must_use]
pub fn conversation_id(one: &str, other: &str) -> String {
    let mut both = [one, other];
    both.sort_by_key(|id| (id.len(), (*id).to_owned()));
    both.join("-")
}

pub(super) fn require(account: &Account, scopes: &[&str]) -> Result<(), Refused> {
    match scopes.iter().find(|scope| !account.has_scope(scope)) {
        Some(scope) => Err(Refused::forbidden(&format!("Your token lacks the scope {scope}."))),
        None => Ok(()),
    }
}

pub(super) fn is_id(parameter: &'static str, id: &str) -> Result<(), Refused> {
    let is_one = (1..=19).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_digit());
    if is_one {
        return Ok(());
    }
    let detail = format!("The `{parameter}` [{id}] does not match ^[0-9]{{1,19}}$.");
    Err(Refused::invalid(parameter, &detail))
}

fn not_played(request: &CreatePost) -> Result<(), Refused> {
    let unknown = [
        ("media", &request.media, "There is no media with that id."),
        ("poll", &request.poll, "This account cannot create polls."),
        ("geo", &request.geo, "There is no such place."),
        ("card_uri", &request.card_uri, "There is no such card."),
        ("community_id", &request.community_id, "There is no such community."),
        ("direct_message_deep_link", &request.direct_message_deep_link, "That link cannot be."),
        ("edit_options", &request.edit_options, "This account cannot edit posts."),
    ];
    match unknown.into_iter().find(|(_, value, _)| value.is_some()) {
        Some((name, _, detail)) => Err(Refused::invalid(name, detail)),
        None => Ok(()),
    }
}

pub(super) fn post<'a>(
    world: &'a World,
    parameter: &'static str,
    id: &str,
) -> Result<&'a Item, Refused> {
    is_id(parameter, id)?;
    world
        .item(id)
        .filter(|item| item.kind == ItemKind::Post && !item.deleted)
        .ok_or_else(|| Refused::not_found("tweet", parameter, id))
}

fn quotable<'a>(world: &'a World, account: &Account, id: &str) -> Result<&'a Item, Refused> {
    if account.tier == Tier::SelfServe {
        return Err(Refused::forbidden("Quoting is open to enterprise access only."));
    }
    post(world, "quote_tweet_id", id)
}

/// The post replied to. On self-serve access the author must have summoned the account: by its
/// name in the post, or by quoting one of its posts.
fn answerable<'a>(
    world: &'a World,
    account: &Account,
    reply: &ReplyTo,
) -> Result<&'a Item, Refused> {
    let id = &reply.in_reply_to_tweet_id;
    let parent = post(world, "reply.in_reply_to_tweet_id", id)?;
    reply
        .exclude_reply_user_ids
        .iter()
        .try_for_each(|id| is_id("reply.exclude_reply_user_ids", id))?;
    let is_own =
        |post: &Item| post.author == Author::Business && post.account == account.account_id;
    let quotes_own = || parent.quotes.as_deref().and_then(|id| world.item(id)).is_some_and(is_own);
    let is_summoned = is_own(parent) || names(&parent.text, 0, &account.handle) || quotes_own();
    if account.tier == Tier::SelfServe && !is_summoned {
        let detail = "Reply to this conversation is not allowed because you have not been \
                      mentioned or otherwise engaged by the author of the post you are replying \
                      to.";
        return Err(Refused::forbidden(detail));
    }
    Ok(parent)
}

/// The text as it stands in the thread: with the name of whoever is answered in front, unless
/// the account wrote it there itself.
fn prefixed(world: &World, account: &Account, parent: &Item, text: &str) -> (String, usize) {
    let own = (text.to_owned(), 0);
    let with_name = answering(world, parent, &Author::Business, &account.account_id, text);
    let first = with_name.0.split_whitespace().next().unwrap_or_default();
    let is_there =
        text.split_whitespace().next().is_some_and(|word| word.eq_ignore_ascii_case(first));
    if is_there { own } else { with_name }
}

/// `$` and one to six letters, as exchanges name shares.
fn cashtags(text: &str) -> usize {
    text.split_whitespace()
        .filter_map(|word| word.strip_prefix('$'))
        .map(|word| word.trim_end_matches(|one: char| one.is_ascii_punctuation()))
        .filter(|name| {
            (1..=6).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphabetic())
        })
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conversation_has_one_id_whoever_writes() {
        assert_eq!(conversation_id("9", "12"), "9-12");
        assert_eq!(conversation_id("12", "9"), "9-12");
        assert_eq!(conversation_id("21", "12"), "12-21");
    }

    #[test]
    fn cashtags_are_letters_after_a_dollar_sign() {
        assert_eq!(cashtags("$GUI and $ABC, not $12 nor a$b"), 2);
        assert_eq!(cashtags("costs 5 $ today"), 0);
    }
}
