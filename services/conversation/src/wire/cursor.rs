//! Cursors of pages: opaque to callers, checked when they come back.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kit_values::Fault;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::domain::lists::Sort;
use crate::domain::view::{ListCursor, MessageCursor, StandingCursor};
use crate::domain::words::{ConversationId, NetworkOrder};

/// Where the next page of a list begins.
#[must_use]
pub fn list_cursor(cursor: &ListCursor) -> String {
    let moment = cursor.moment.unix_timestamp_nanos();
    let sort = sort_word(cursor.sort);
    URL_SAFE_NO_PAD.encode(format!("l2 {sort} {moment} {}", cursor.conversation.uuid()))
}

const fn sort_word(sort: Sort) -> &'static str {
    match sort {
        Sort::Waiting => "w",
        Sort::Newest => "n",
        Sort::Oldest => "o",
    }
}

/// Reads the cursor of a list in this order; an empty one asks for the first page.
///
/// # Errors
/// Invalid when it is none of ours, or of another order.
pub fn read_list_cursor(text: &str, sort: Sort) -> Result<Option<ListCursor>, Fault> {
    if text.is_empty() {
        return Ok(None);
    }
    let read = || {
        let text = decoded(text)?;
        let (word, place) = text.strip_prefix("l2 ")?.split_once(' ')?;
        let (moment, id) = place.split_once(' ')?;
        Some(ListCursor {
            sort: (word == sort_word(sort)).then_some(sort)?,
            moment: read_moment(moment)?,
            conversation: ConversationId::from_uuid(Uuid::try_parse(id).ok()?),
        })
    };
    read().map(Some).ok_or_else(|| refused("after"))
}

/// Where the page of older messages ends.
#[must_use]
pub fn message_cursor(cursor: &MessageCursor) -> String {
    let MessageCursor(order) = cursor;
    let moment = order.time.unix_timestamp_nanos();
    URL_SAFE_NO_PAD.encode(format!("m1 {moment} {}", order.external_id))
}

/// Reads a message cursor; an empty one asks for the newest page.
///
/// # Errors
/// Invalid when it is none of ours.
pub fn read_message_cursor(text: &str) -> Result<Option<MessageCursor>, Fault> {
    if text.is_empty() {
        return Ok(None);
    }
    let read = || {
        let text = decoded(text)?;
        let (moment, external_id) = text.strip_prefix("m1 ")?.split_once(' ')?;
        let plain = !external_id.contains('\0');
        plain.then_some(MessageCursor(NetworkOrder {
            time: read_moment(moment)?,
            external_id: external_id.to_owned(),
        }))
    };
    read().map(Some).ok_or_else(|| refused("before"))
}

/// Where the next page of standings begins.
#[must_use]
pub fn standing_cursor(StandingCursor(identity): StandingCursor) -> String {
    URL_SAFE_NO_PAD.encode(format!("s1 {identity}"))
}

/// Reads a cursor of standings; an empty one asks for the first page.
///
/// # Errors
/// Invalid when it is none of ours.
pub fn read_standing_cursor(text: &str) -> Result<Option<StandingCursor>, Fault> {
    if text.is_empty() {
        return Ok(None);
    }
    let read = || Some(StandingCursor(Uuid::try_parse(decoded(text)?.strip_prefix("s1 ")?).ok()?));
    read().map(Some).ok_or_else(|| refused("after"))
}

fn decoded(text: &str) -> Option<String> {
    String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()
}

fn read_moment(text: &str) -> Option<OffsetDateTime> {
    OffsetDateTime::from_unix_timestamp_nanos(text.parse().ok()?).ok()
}

fn refused(field: &'static str) -> Fault {
    Fault::invalid("cursor_invalid", field, "The page cursor is not one that this call gave.")
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn cursors_read_back_and_others_are_refused() {
        let list = ListCursor {
            sort: Sort::Oldest,
            moment: datetime!(2026-11-23 10:00:00.123456 UTC),
            conversation: ConversationId::mint(),
        };
        assert_eq!(read_list_cursor(&list_cursor(&list), Sort::Oldest).expect("reads"), Some(list));
        let message = MessageCursor(NetworkOrder {
            time: datetime!(2026-11-23 10:00:00.123456 UTC),
            external_id: "12 34\u{e9}".to_owned(),
        });
        let text = message_cursor(&message);
        assert_eq!(read_message_cursor(&text).expect("reads"), Some(message));
        assert_eq!(read_list_cursor("", Sort::Newest).expect("the first page"), None);
        let standing = StandingCursor(Uuid::from_u128(7));
        let read = read_standing_cursor(&standing_cursor(standing));
        assert_eq!(read.expect("reads"), Some(standing));
        assert_eq!(read_standing_cursor("").expect("the first page"), None);
        assert_eq!(read_standing_cursor(&text).expect_err("refused").code(), "cursor_invalid");
        let other = list_cursor(&ListCursor { sort: Sort::Newest, ..list });
        for wrong in ["x", "bDIg", &text, "!!", &other] {
            let read = read_list_cursor(wrong, Sort::Oldest);
            assert_eq!(read.expect_err("refused").code(), "cursor_invalid");
        }
    }
}
