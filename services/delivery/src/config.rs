//! Configuration section `[delivery]`.

use std::time::Duration;

use kit_bus::BrokerSettings;
use kit_service::{Listener, Peer};
use kit_store::DatabaseSettings;
use kit_values::Fault;
use serde::{Deserialize, Serialize};

/// What delivery needs to run.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// As role `guichet_delivery`.
    pub database: DatabaseSettings,
    /// As role `guichet_delivery_relay`.
    pub relay_database: DatabaseSettings,
    /// The NATS server.
    pub broker: BrokerSettings,
    /// Where gRPC listens.
    pub rpc: Listener,
    /// Tells applications, channels and their tokens.
    pub directory: Peer,
    /// Tells what a reply says and whom it goes to.
    pub conversation: Peer,
    /// How calls are made.
    #[serde(default)]
    pub sending: Sending,
}

/// How calls of networks are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Sending {
    /// Calls in flight at once, for each network.
    pub at_once: usize,
    /// Calls in flight at once for one account.
    pub at_once_per_account: usize,
    /// How long a call may take, in milliseconds.
    pub timeout_ms: u64,
    /// How long an attempt is one worker's own, in milliseconds; more than `timeout_ms`.
    pub lease_ms: u64,
    /// For how long a network must have refused an account's token, in milliseconds, before the
    /// account is called disconnected and its administrators are told; at most an hour.
    pub refusal_confirmed_ms: u64,
}

impl Default for Sending {
    fn default() -> Self {
        Self {
            at_once: 64,
            at_once_per_account: 8,
            timeout_ms: 30_000,
            lease_ms: 60_000,
            refusal_confirmed_ms: 60_000,
        }
    }
}

impl Sending {
    /// How long a call may take.
    #[must_use]
    pub const fn timeout(&self) -> Duration {
        Duration::from_millis(self.timeout_ms)
    }

    /// How long an attempt is one worker's own.
    #[must_use]
    pub const fn lease(&self) -> Duration {
        Duration::from_millis(self.lease_ms)
    }

    /// For how long a token must have been refused before it is believed to be dead.
    #[must_use]
    pub const fn refusal_confirmed(&self) -> Duration {
        Duration::from_millis(self.refusal_confirmed_ms)
    }

    /// These, if they can be used.
    ///
    /// # Errors
    /// Invalid, naming the field.
    pub fn checked(self) -> Result<Self, Fault> {
        let invalid = |field: &'static str, sentence: &'static str| {
            Err(Fault::invalid("configuration_value_invalid", field, sentence))
        };
        if self.at_once == 0 || self.at_once_per_account == 0 {
            return invalid("delivery.sending.at_once", "At least one call must be possible.");
        }
        if self.timeout_ms == 0 || self.lease_ms <= self.timeout_ms {
            let sentence = "The lease must outlast the timeout of a call.";
            return invalid("delivery.sending.lease_ms", sentence);
        }
        // I5: nothing stays "sending" beyond two minutes.
        if self.lease_ms > 110_000 {
            let sentence = "The lease must leave time to settle within two minutes.";
            return invalid("delivery.sending.lease_ms", sentence);
        }
        if self.refusal_confirmed_ms > 3_600_000 {
            let sentence = "Administrators must be told within the hour.";
            return invalid("delivery.sending.refusal_confirmed_ms", sentence);
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(sending: Sending) -> Option<String> {
        sending.checked().err()?.field().map(str::to_owned)
    }

    #[test]
    fn a_lease_that_ends_before_the_call_is_refused() {
        let defaults = Sending::default();
        assert_eq!(field(defaults), None);
        let lease = Some("delivery.sending.lease_ms".to_owned());
        assert_eq!(field(Sending { lease_ms: 30_000, ..defaults }), lease);
        assert_eq!(field(Sending { lease_ms: 120_000, ..defaults }), lease);
        let none = field(Sending { at_once: 0, ..defaults });
        assert_eq!(none, Some("delivery.sending.at_once".to_owned()));
    }

    #[test]
    fn administrators_are_told_within_the_hour() {
        let late = Sending { refusal_confirmed_ms: 3_600_001, ..Sending::default() };
        assert_eq!(field(late), Some("delivery.sending.refusal_confirmed_ms".to_owned()));
    }
}
