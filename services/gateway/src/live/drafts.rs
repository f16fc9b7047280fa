//! A member's draft is another: told among gateways by id, shown to the member's other sockets.
//! Nothing is kept; whoever misses it reads the drafts when they begin anew.

use std::sync::Arc;

use async_nats::Message;
use futures::StreamExt as _;
use kit_service::{Caller, Runtime};
use kit_values::{Fault, OrganizationId};

use super::hub::Hub;
use super::words::Words;
use crate::peers::Lists;
use crate::wire::rest::DraftMode;
use crate::wire::words::DraftWord;
use crate::wire::{frames, words};

/// Where it is said that a draft is another.
#[derive(Clone)]
pub struct Telling(Words);

impl Telling {
    /// By these words.
    #[must_use]
    pub const fn new(words: Words) -> Self {
        Self(words)
    }

    /// Says so to every gateway, this one too.
    pub async fn changed(&self, organization: OrganizationId, word: DraftWord) {
        self.0.tell(words::drafts_subject(organization), words::write_draft(word)).await;
    }
}

/// Listens until the process stops.
pub async fn run(words: Words, hub: Arc<Hub>, lists: Lists, runtime: Runtime) -> Result<(), Fault> {
    let mut heard = words.hear_of(words::DRAFTS).await?;
    loop {
        tokio::select! {
            () = runtime.stop.cancelled() => return Ok(()),
            Some(message) = heard.next() => show(&hub, &lists, &message).await,
        }
    }
}

async fn show(hub: &Hub, lists: &Lists, message: &Message) {
    let Some((organization, word)) = words::read_draft(&message.subject, &message.payload) else {
        return;
    };
    let whose = (organization, word.member);
    if !hub.has_member(whose) {
        return;
    }
    let mode = if word.note { DraftMode::Note } else { DraftMode::Reply };
    let caller = Caller::for_member(organization, word.member.uuid());
    match lists.drafts(&caller).await {
        Ok(drafts) => {
            let id = word.conversation.to_string();
            let mut drafts = drafts.drafts.into_iter();
            let stands = drafts.find(|one| one.conversation_id == id && one.mode == mode);
            let frame = frames::draft(word.conversation, mode, stands.as_ref());
            hub.tell_member(whose, &frame.into());
        }
        Err(fault) => tracing::debug!(%fault, "a draft could not be asked for"),
    }
}
