//! Calls to the link shortener and their answers, and the addresses that would be shortened.

use kit_values::Fault;
use proto::conversation::v1::FoundLink;
use proto::link::v1::{Link, ShortenRequest, ShortenResponse};

use crate::domain::links::{MOST, found};
use crate::domain::words::ConversationId;

/// Longest text that is looked through, in bytes.
const LONGEST: usize = 40_000;

/// What became of one address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shortened {
    /// The short one.
    To(String),
    /// It stays long, for this reason: a stable code.
    Not(String),
}

/// Asks for short ones of `urls`, each with its place in the reply.
#[must_use]
pub fn shorten(conversation: ConversationId, key: &str, urls: &[(usize, &str)]) -> ShortenRequest {
    ShortenRequest {
        conversation_id: conversation.to_string(),
        reply_key: key.to_owned(),
        links: urls
            .iter()
            .map(|(place, url)| Link { ordinal: ordinal(*place), url: (*url).to_owned() })
            .collect(),
    }
}

/// The answer for these addresses, in order.
#[must_use]
pub fn read_short(answer: &ShortenResponse, urls: &[(usize, &str)]) -> Vec<Shortened> {
    urls.iter()
        .map(|(place, _)| {
            let link = answer.links.iter().find(|link| link.ordinal == ordinal(*place));
            match link {
                Some(link) if !link.short_url.is_empty() => Shortened::To(link.short_url.clone()),
                Some(link) if !link.reason.is_empty() => Shortened::Not(link.reason.clone()),
                _ => Shortened::Not("not_answered".to_owned()),
            }
        })
        .collect()
}

fn ordinal(place: usize) -> i32 {
    i32::try_from(place).unwrap_or(i32::MAX)
}

/// The addresses in a text that would be shortened.
///
/// # Errors
/// Invalid when the text is too long to be looked through.
pub fn found_links(text: &str) -> Result<Vec<FoundLink>, Fault> {
    if text.len() > LONGEST {
        return Err(Fault::invalid("text_too_long", "text", "The text is too long."));
    }
    let units =
        |upto: usize| i32::try_from(text[..upto].encode_utf16().count()).unwrap_or(i32::MAX);
    let links = found(text).into_iter().take(MOST).enumerate().map(|(place, at)| FoundLink {
        ordinal: ordinal(place),
        start: units(at.start),
        end: units(at.end),
        url: text[at].to_owned(),
    });
    Ok(links.collect())
}
