//! What no human has seen yet (`product.md` 3: nothing unseen is ever left waiting).
//!
//! Deliberately absent: the reply, manual Pending and Resolve of an agent, which move
//! `seen_through` by what the agent's screen held (see `hand`).

use std::collections::BTreeSet;

use time::{Duration, OffsetDateTime};

use super::words::MessageKind;

/// How much older than an echo a message must be, the network's clock resolution apart, for
/// the echo to count as having seen it (`product.md` 3).
pub const ECHO_MARGIN: Duration = Duration::seconds(5);

/// An inbound message that no human decision has seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Unseen {
    /// Its network time: the oldest one is since when the contact waits.
    pub time: OffsetDateTime,
    /// Its place in the order of arrival; unique within the conversation.
    pub sequence: i64,
    /// What it is, for the resolution of its clock.
    pub kind: MessageKind,
}

impl Unseen {
    /// Whether an echo written at `echo` counts as having seen this message.
    #[must_use]
    pub fn is_seen_by(&self, echo: OffsetDateTime) -> bool {
        echo - self.time >= ECHO_MARGIN + self.kind.clock_resolution()
    }
}

/// Keeps of `unseen` what an account's newest own message, at `newest_echo`, leaves unseen.
pub fn retain_unseen(unseen: &mut BTreeSet<Unseen>, newest_echo: Option<OffsetDateTime>) {
    if let Some(echo) = newest_echo {
        unseen.retain(|message| !message.is_seen_by(echo));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unseen(kind: MessageKind) -> Unseen {
        Unseen { time: OffsetDateTime::UNIX_EPOCH, sequence: 1, kind }
    }

    #[test]
    fn an_echo_has_seen_only_what_is_older_by_the_margin_and_the_clock_resolution() {
        let private = unseen(MessageKind::PrivateMessage);
        assert!(!private.is_seen_by(private.time + Duration::milliseconds(5_000)));
        assert!(private.is_seen_by(private.time + Duration::milliseconds(5_001)));
        let comment = unseen(MessageKind::Comment);
        assert!(!comment.is_seen_by(comment.time + Duration::milliseconds(5_999)));
        assert!(comment.is_seen_by(comment.time + Duration::milliseconds(6_000)));
    }

    #[test]
    fn an_older_echo_has_seen_nothing() {
        let message = unseen(MessageKind::Reply);
        assert!(!message.is_seen_by(message.time - Duration::hours(1)));
    }
}
