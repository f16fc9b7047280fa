//! Cursors of pages: opaque to callers, checked when they come back.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kit_values::Fault;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::domain::view::{ListCursor, MessageCursor};
use crate::domain::words::{ConversationId, NetworkOrder};

/// Where the next page of a list begins.
#[must_use]
pub fn list_cursor(cursor: &ListCursor) -> String {
    let moment = cursor.moment.unix_timestamp_nanos();
    URL_SAFE_NO_PAD.encode(format!("l1 {moment} {}", cursor.conversation.uuid()))
}

/// Reads a list's cursor; an empty one asks for the first page.
///
/// # Errors
/// Invalid when it is none of ours.
pub fn read_list_cursor(text: &str) -> Result<Option<ListCursor>, Fault> {
    if text.is_empty() {
        return Ok(None);
    }
    let read = || {
        let text = decoded(text)?;
        let (moment, id) = text.strip_prefix("l1 ")?.split_once(' ')?;
        Some(ListCursor {
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
            moment: datetime!(2026-11-23 10:00:00.123456 UTC),
            conversation: ConversationId::mint(),
        };
        assert_eq!(read_list_cursor(&list_cursor(&list)).expect("reads"), Some(list));
        let message = MessageCursor(NetworkOrder {
            time: datetime!(2026-11-23 10:00:00.123456 UTC),
            external_id: "12 34\u{e9}".to_owned(),
        });
        let text = message_cursor(&message);
        assert_eq!(read_message_cursor(&text).expect("reads"), Some(message));
        assert_eq!(read_list_cursor("").expect("the first page"), None);
        for wrong in ["x", "bDEg", &text, "!!"] {
            assert_eq!(read_list_cursor(wrong).expect_err("refused").code(), "cursor_invalid");
        }
    }
}
