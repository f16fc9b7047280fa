//! Settings of a service that publishes no facts changed: told among gateways, shown to every
//! socket of the organization. Nothing is kept; whoever misses it reads them when they look again.

use std::sync::Arc;

use async_nats::Message;
use futures::StreamExt as _;
use kit_service::Runtime;
use kit_values::{Fault, OrganizationId};

use super::hub::Hub;
use super::words::Words;
use crate::domain::ring::Settings;
use crate::wire::{frames, words};

/// Where it is said that settings changed.
#[derive(Clone)]
pub struct Telling(Words);

impl Telling {
    /// By these words.
    #[must_use]
    pub const fn new(words: Words) -> Self {
        Self(words)
    }

    /// Says so to every gateway, this one too.
    pub async fn links_changed(&self, organization: OrganizationId) {
        self.0.tell(words::link_settings_subject(organization), Vec::new()).await;
    }
}

/// Listens until the process stops.
pub async fn run(words: Words, hub: Arc<Hub>, runtime: Runtime) -> Result<(), Fault> {
    let mut heard = words.hear_of(words::LINK_SETTINGS).await?;
    loop {
        tokio::select! {
            () = runtime.stop.cancelled() => return Ok(()),
            Some(message) = heard.next() => show(&hub, &message),
        }
    }
}

fn show(hub: &Hub, message: &Message) {
    if let Some(organization) = words::read_link_settings(&message.subject) {
        let frame = frames::settings(Settings::LinkShortening);
        hub.tell_organization(organization, &frame.into());
    }
}
