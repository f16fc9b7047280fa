//! Search on the wire.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kit_values::Fault;
use proto::conversation::v1 as calls;
use time::OffsetDateTime;
use uuid::Uuid;

use super::answers;
use crate::domain::person::Person;
use crate::domain::search::{After, Asked, Found, LONGEST_QUERY, MOST_WORDS, Piece, Query, Within};
use crate::domain::words::{ContactId, MessageId};

/// Of each kind when the caller does not say, and at most.
const PAGE: i64 = 20;
const LARGEST_PAGE: i64 = 50;

/// Reads what is looked for.
///
/// # Errors
/// Invalid, with the field.
pub fn read_search(call: &calls::SearchRequest) -> Result<Asked, Fault> {
    let query = Query::read(&call.query).ok_or_else(|| {
        let sentence =
            format!("Search for 1 to {MOST_WORDS} words, in at most {LONGEST_QUERY} characters.");
        Fault::invalid("query_out_of_range", "q", sentence)
    })?;
    let within = match calls::SearchIn::try_from(call.r#in) {
        Ok(calls::SearchIn::Unspecified) => Within::Everything,
        Ok(calls::SearchIn::Conversations) => Within::Conversations,
        Ok(calls::SearchIn::Messages) => Within::Messages,
        Ok(calls::SearchIn::Contacts) => Within::Contacts,
        Err(_) => return Err(Fault::invalid("in_unknown", "in", "That cannot be searched.")),
    };
    let limit = match i64::from(call.limit) {
        0 => PAGE,
        limit @ 1..=LARGEST_PAGE => limit,
        _ => return Err(Fault::invalid("limit_out_of_range", "limit", "Ask for 1 to 50.")),
    };
    let refused = || {
        let sentence = "The page cursor is not one that this call gave.";
        Fault::invalid("cursor_invalid", "cursor", sentence)
    };
    let after = match call.after.as_str() {
        "" => None,
        text => Some(read_after(text).ok_or_else(refused)?),
    };
    let fits = match (within, after) {
        (_, None) => true,
        (Within::Everything, Some(_)) => false,
        (Within::Conversations | Within::Messages, Some(after)) => {
            matches!(after, After::Message(..))
        }
        (Within::Contacts, Some(after)) => matches!(after, After::Contact(_)),
    };
    if fits { Ok(Asked { query, within, after, limit }) } else { Err(refused()) }
}

fn read_after(text: &str) -> Option<After> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
    if let Some(contact) = text.strip_prefix("c1 ") {
        return Some(After::Contact(ContactId::from_uuid(Uuid::try_parse(contact).ok()?)));
    }
    let (moment, message) = text.strip_prefix("m1 ")?.split_once(' ')?;
    let moment = OffsetDateTime::from_unix_timestamp_nanos(moment.parse().ok()?).ok()?;
    Some(After::Message(moment, MessageId::from_uuid(Uuid::try_parse(message).ok()?)))
}

fn write_after(after: After) -> String {
    URL_SAFE_NO_PAD.encode(match after {
        After::Message(at, id) => format!("m1 {} {}", at.unix_timestamp_nanos(), id.uuid()),
        After::Contact(id) => format!("c1 {}", id.uuid()),
    })
}

/// What was found, with the places where it was.
#[must_use]
pub fn found(asked: &Asked, found: Found) -> calls::SearchResponse {
    let query = &asked.query;
    calls::SearchResponse {
        conversations: found
            .conversations
            .into_iter()
            .map(|(row, text)| calls::FoundConversation {
                name: pieces(query.pieces(&row.profile.display_name)),
                snippet: text.map(|text| pieces(query.snippet(&text))).unwrap_or_default(),
                row: Some(answers::row(row, &[])),
            })
            .collect(),
        messages: found
            .messages
            .into_iter()
            .map(|one| calls::FoundMessage {
                snippet: pieces(query.snippet(&one.message.text)),
                conversation_state: answers::state(one.state).into(),
                message: Some(answers::message(one.message, &[])),
            })
            .collect(),
        contacts: found
            .contacts
            .into_iter()
            .map(|one| calls::FoundContact {
                name: pieces(query.pieces(&one.profile.display_name)),
                handle: pieces(query.pieces(&one.profile.handle)),
                contact: Some(calls::Contact {
                    contact_id: one.contact.to_string(),
                    // Whom they are at the network does not matter to whoever looks for them.
                    author: Some(answers::author(
                        one.network,
                        one.scope,
                        &Person::Someone(String::new()),
                        one.profile,
                    )),
                }),
                last_conversation_id: one.conversation.to_string(),
            })
            .collect(),
        next: found.next.map(write_after).unwrap_or_default(),
    }
}

fn pieces(pieces: Vec<Piece>) -> Vec<calls::Piece> {
    pieces.into_iter().map(|piece| calls::Piece { text: piece.text, hit: piece.hit }).collect()
}
