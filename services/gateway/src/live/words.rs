//! Live words between gateways, on core NATS: who hears them, hears them; nothing is kept.
//!
//! Facts never travel here: those leave their service through its outbox.

use std::time::Duration;

use async_nats::connection::State;
use async_nats::{Client, ConnectOptions, Subscriber};
use kit_bus::BrokerSettings;
use kit_values::{Fault, OrganizationId};
use tokio::time::timeout;

use crate::wire::words;

/// How long saying something may take; afterwards it is old.
const SAYING: Duration = Duration::from_secs(1);

/// A connection of its own, which may be away.
#[derive(Clone)]
pub struct Words(Client);

impl Words {
    /// Connects, sooner or later.
    ///
    /// # Errors
    /// Invalid when the address is none.
    pub async fn connect(settings: &BrokerSettings) -> Result<Self, Fault> {
        let mut options = ConnectOptions::new()
            .name("gateway-live")
            .custom_inbox_prefix("_INBOX.gateway")
            .retry_on_initial_connect();
        if let (Some(user), Some(password)) = (&settings.user, &settings.password) {
            options = options.user_and_password(user.clone(), password.expose().clone());
        }
        let addresses: Vec<String> =
            settings.url.split(',').map(|url| url.trim().to_owned()).collect();
        let client = options.connect(addresses).await.map_err(|error| {
            let sentence = "The address of the NATS server cannot be used.";
            Fault::invalid("broker_address", "broker.url", sentence).caused_by(error)
        })?;
        Ok(Self(client))
    }

    /// Says who looks at what of an organization, if anybody can hear it.
    pub async fn say(&self, organization: OrganizationId, payload: Vec<u8>) {
        self.tell(words::subject(organization), payload).await;
    }

    /// Says something under a subject, if anybody can hear it.
    #[expect(clippy::disallowed_methods, reason = "no event: nobody keeps it, all may miss it")]
    pub async fn tell(&self, subject: String, payload: Vec<u8>) {
        if self.0.connection_state() != State::Connected {
            return;
        }
        let saying = self.0.publish(subject, payload.into());
        if !matches!(timeout(SAYING, saying).await, Ok(Ok(()))) {
            tracing::debug!("live words were not said");
        }
    }

    /// What is said from now on, also by this process.
    ///
    /// # Errors
    /// Unavailable when the connection is at its end.
    pub async fn hear(&self) -> Result<Subscriber, Fault> {
        self.hear_of(words::HEARD).await
    }

    /// The same under other subjects.
    ///
    /// # Errors
    /// Unavailable when the connection is at its end.
    pub async fn hear_of(&self, subjects: &'static str) -> Result<Subscriber, Fault> {
        self.0.subscribe(subjects).await.map_err(Fault::internal)
    }
}
