//! Reminders, drafts, and what was found.

use kit_values::Fault;
use proto::conversation::v1 as conversation;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::{Names, filled, kind, message, moment, rest, row, unknown};

/// A reminder.
///
/// # Errors
/// Internal for a moment that is none.
pub fn reminder(reminder: conversation::Reminder, names: &Names) -> Result<rest::Reminder, Fault> {
    Ok(rest::Reminder {
        due_at: moment(reminder.due_at)?,
        note: reminder.note,
        name: names.name(&reminder.member_id),
        member_id: reminder.member_id,
    })
}

/// The order that is asked for; none: the queue's own.
#[must_use]
pub const fn sort(sort: Option<rest::Sort>) -> conversation::Sort {
    match sort {
        None => conversation::Sort::Unspecified,
        Some(rest::Sort::Waiting) => conversation::Sort::Waiting,
        Some(rest::Sort::Newest) => conversation::Sort::Newest,
        Some(rest::Sort::OldestActivity) => conversation::Sort::OldestActivity,
    }
}

/// A moment that a client gave.
///
/// # Errors
/// Invalid when it is none.
pub fn given_moment(text: &str, field: &'static str) -> Result<prost_types::Timestamp, Fault> {
    let moment = OffsetDateTime::parse(text, &Rfc3339).map_err(|_| {
        Fault::invalid("moment_invalid", field, "That is no moment as RFC 3339 writes them.")
    })?;
    Ok(prost_types::Timestamp {
        seconds: moment.unix_timestamp(),
        nanos: i32::try_from(moment.nanosecond()).unwrap_or(0),
    })
}

/// The mode of a draft.
#[must_use]
pub const fn draft_mode(mode: rest::DraftMode) -> conversation::DraftMode {
    match mode {
        rest::DraftMode::Reply => conversation::DraftMode::Reply,
        rest::DraftMode::Note => conversation::DraftMode::Note,
    }
}

/// A draft.
///
/// # Errors
/// Internal for a code of a later version.
pub fn draft(draft: conversation::Draft) -> Result<rest::Draft, Fault> {
    let mode = match draft.mode() {
        conversation::DraftMode::Reply => rest::DraftMode::Reply,
        conversation::DraftMode::Note => rest::DraftMode::Note,
        conversation::DraftMode::Unspecified => return Err(unknown("draft mode")),
    };
    let chosen = match draft.kind() {
        proto::network::v1::MessageKind::Unspecified => None,
        known => Some(kind(known)?),
    };
    Ok(rest::Draft {
        mode,
        kind: chosen,
        conversation_id: draft.conversation_id,
        text: draft.text,
        channel_id: filled(draft.channel_id),
        in_reply_to: filled(draft.in_reply_to_message_id),
        shorten_links: draft.shorten_links,
        written_at: moment(draft.written_at)?,
        rev: draft.rev,
    })
}

/// In what to search.
#[must_use]
pub const fn search_in(within: rest::SearchIn) -> conversation::SearchIn {
    match within {
        rest::SearchIn::All => conversation::SearchIn::Unspecified,
        rest::SearchIn::Conversations => conversation::SearchIn::Conversations,
        rest::SearchIn::Messages => conversation::SearchIn::Messages,
        rest::SearchIn::Contacts => conversation::SearchIn::Contacts,
    }
}

/// What was found.
///
/// # Errors
/// Internal for a code of a later version, or an incomplete answer.
pub fn found(
    answer: conversation::SearchResponse,
    names: &Names,
) -> Result<rest::SearchResults, Fault> {
    let missing = || unknown("answer");
    let conversations = answer.conversations.into_iter().map(|one| {
        let marks = rest::Marks { name: pieces(one.name), snippet: pieces(one.snippet) };
        Ok(rest::FoundConversation { row: row(one.row.ok_or_else(missing)?, names)?, marks })
    });
    let messages = answer.messages.into_iter().map(|one| {
        let state = stood(one.conversation_state()).ok_or_else(|| unknown("state"))?;
        let snippet = pieces(one.snippet);
        let message = message(one.message.ok_or_else(missing)?, names)?;
        let conversation = rest::FoundIn { id: message.conversation_id.clone(), state };
        Ok(rest::FoundMessage { message, conversation, snippet })
    });
    let contacts = answer.contacts.into_iter().map(|one| {
        let contact = one.contact.unwrap_or_default();
        let author = contact.author.unwrap_or_default();
        let blank = conversation::Piece { text: " ".to_owned(), hit: false };
        let between = (!one.name.is_empty() && !one.handle.is_empty()).then_some(blank);
        let snippet = one.name.into_iter().chain(between).chain(one.handle);
        rest::FoundContact {
            contact: rest::Contact {
                id: contact.contact_id,
                name: author.display_name,
                handle: author.handle,
                avatar_url: filled(author.avatar_url),
            },
            snippet: pieces(snippet),
            last_conversation_id: one.last_conversation_id,
        }
    });
    Ok(rest::SearchResults {
        conversations: conversations.collect::<Result<_, Fault>>()?,
        messages: messages.collect::<Result<_, Fault>>()?,
        contacts: contacts.collect(),
        next: filled(answer.next),
    })
}

fn pieces(pieces: impl IntoIterator<Item = conversation::Piece>) -> Vec<rest::Piece> {
    let piece = |piece: conversation::Piece| rest::Piece { text: piece.text, hit: piece.hit };
    pieces.into_iter().map(piece).collect()
}

/// A state; none for what is not said.
#[must_use]
pub const fn stood(state: conversation::State) -> Option<rest::State> {
    match state {
        conversation::State::New => Some(rest::State::New),
        conversation::State::Pending => Some(rest::State::Pending),
        conversation::State::Resolved => Some(rest::State::Resolved),
        conversation::State::Unspecified => None,
    }
}
