//! Between protobuf and the use cases.

use kit_values::Fault;
use proto::link::v1 as link;
use uuid::Uuid;

use crate::app::{Asked, Made};
use crate::domain::{Base, Code, ConversationId};

const MOST_LINKS: usize = 20;
const LONGEST_KEY: usize = 128;

/// Reads a request; `fresh` gives a code and an id for each link.
///
/// # Errors
/// Invalid, naming the field; what `fresh` says.
pub fn asked(
    request: link::ShortenRequest,
    mut fresh: impl FnMut() -> Result<(Code, Uuid), Fault>,
) -> Result<Asked, Fault> {
    let conversation: ConversationId = request.conversation_id.parse().map_err(|_| {
        Fault::invalid("invalid_id", "conversation_id", "This is no conversation's id.")
    })?;
    if request.reply_key.is_empty() || request.reply_key.len() > LONGEST_KEY {
        let sentence = format!("A reply's key has 1 to {LONGEST_KEY} bytes.");
        return Err(Fault::invalid("reply_key", "reply_key", sentence));
    }
    if request.links.len() > MOST_LINKS {
        let sentence = format!("Ask for at most {MOST_LINKS} links at a time.");
        return Err(Fault::invalid("too_many_links", "links", sentence));
    }
    let links = request
        .links
        .into_iter()
        .map(|one| {
            let ordinal = i16::try_from(one.ordinal).map_err(|_| {
                Fault::invalid("ordinal", "links.ordinal", "A place is 0 to 32767.")
            })?;
            let (code, id) = fresh()?;
            Ok((ordinal, one.url, code, id))
        })
        .collect::<Result<_, Fault>>()?;
    Ok(Asked { conversation, reply_key: request.reply_key, links })
}

/// What was made, with whole addresses.
#[must_use]
pub fn answer(made: Made, base: &Base) -> link::ShortenResponse {
    let links = made
        .into_iter()
        .map(|(ordinal, outcome)| match outcome {
            Ok(code) => link::ShortLink {
                ordinal: ordinal.into(),
                short_url: base.link(code.as_str()),
                reason: String::new(),
            },
            Err(refusal) => link::ShortLink {
                ordinal: ordinal.into(),
                short_url: String::new(),
                reason: refusal.code().to_owned(),
            },
        })
        .collect();
    link::ShortenResponse { links }
}
