//! What a rule that said no looks like to whoever asked.

use kit_values::{Class, Fault};

use crate::domain::decide::Rejection;

/// A rule said no.
pub(super) fn no(code: &'static str, sentence: &'static str) -> Fault {
    Fault::new(Class::Rejected, code, sentence)
}

/// Somebody else may answer now, or has answered since.
pub(super) fn lock_lost() -> Fault {
    no("lock_lost", "Somebody else is answering this conversation now.")
}

impl From<Rejection> for Fault {
    fn from(rejection: Rejection) -> Self {
        match rejection {
            Rejection::UnknownConversation => Self::not_found("a conversation"),
            Rejection::NewerMessage => {
                no("newer_message", "Something newer came that your screen did not show yet.")
            }
            Rejection::NotOpen => no("not_open", "The conversation is resolved. Reopen it first."),
            Rejection::GoesOnElsewhere { .. } => no(
                "goes_on_elsewhere",
                "The customer has a newer conversation, which is the one to answer.",
            ),
            // Only timers are told so.
            Rejection::ContactIsWaiting | Rejection::NotDue => {
                no("not_due", "It is not time for that.")
            }
        }
    }
}
