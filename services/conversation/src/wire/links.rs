//! Calls to the link shortener and their answers.

use proto::link::v1::{Link, ShortenRequest, ShortenResponse};

use crate::domain::words::ConversationId;

/// What became of one address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shortened {
    /// The short one.
    To(String),
    /// It stays long, for this reason: a stable code.
    Not(String),
}

/// Asks for short ones of `urls`, one for each place in the reply.
#[must_use]
pub fn shorten(conversation: ConversationId, key: &str, urls: &[&str]) -> ShortenRequest {
    ShortenRequest {
        conversation_id: conversation.to_string(),
        reply_key: key.to_owned(),
        links: urls
            .iter()
            .zip(0..)
            .map(|(url, ordinal)| Link { ordinal, url: (*url).to_owned() })
            .collect(),
    }
}

/// The answer for `count` addresses, in order.
#[must_use]
pub fn read_short(answer: &ShortenResponse, count: usize) -> Vec<Shortened> {
    (0..)
        .take(count)
        .map(|ordinal: i32| {
            let link = answer.links.iter().find(|link| link.ordinal == ordinal);
            match link {
                Some(link) if !link.short_url.is_empty() => Shortened::To(link.short_url.clone()),
                Some(link) if !link.reason.is_empty() => Shortened::Not(link.reason.clone()),
                _ => Shortened::Not("not_answered".to_owned()),
            }
        })
        .collect()
}
