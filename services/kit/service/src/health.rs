//! Readiness: each part of a process raises a flag; the process is ready when all are.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::sync::watch;

/// The flags of one process.
#[derive(Clone, Debug)]
pub struct Health {
    parts: Arc<watch::Sender<BTreeMap<String, Option<String>>>>,
}

impl Default for Health {
    fn default() -> Self {
        Self { parts: Arc::new(watch::Sender::new(BTreeMap::new())) }
    }
}

/// One part's flag; starts unready with the reason "starting".
#[derive(Clone, Debug)]
pub struct HealthFlag {
    name: String,
    health: Health,
}

impl Health {
    /// Adds a part. A name given twice is one part.
    #[must_use]
    pub fn register(&self, name: impl Into<String>) -> HealthFlag {
        let flag = HealthFlag { name: name.into(), health: self.clone() };
        flag.set_unready("starting");
        flag
    }

    /// Every part that is not ready, with its reason; empty means ready.
    #[must_use]
    pub fn unready(&self) -> BTreeMap<String, String> {
        let parts = self.parts.borrow();
        parts.iter().filter_map(|(name, reason)| Some((name.clone(), reason.clone()?))).collect()
    }

    /// Whether every part is ready.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.parts.borrow().values().all(Option::is_none)
    }

    /// Resolves when the readiness differs from `known`, with the new one.
    pub async fn changed_from(&self, known: bool) -> bool {
        let mut receiver = self.parts.subscribe();
        // The sender lives in `self`, so waiting cannot fail.
        let _ = receiver.wait_for(|parts| parts.values().all(Option::is_none) != known).await;
        !known
    }

    fn set(&self, name: &str, reason: Option<&str>) {
        self.parts.send_if_modified(|parts| {
            if parts.get(name).is_some_and(|known| known.as_deref() == reason) {
                return false;
            }
            parts.insert(name.to_owned(), reason.map(ToOwned::to_owned));
            true
        });
    }
}

impl HealthFlag {
    /// This part can do its work.
    pub fn set_ready(&self) {
        self.health.set(&self.name, None);
    }

    /// This part cannot do its work, and why (lower case, no full stop).
    pub fn set_unready(&self, reason: &str) {
        self.health.set(&self.name, Some(reason));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_process_is_ready_when_all_its_parts_are() {
        let health = Health::default();
        let relay = health.register("relay");
        let reader = health.register("reader");
        relay.set_ready();
        assert!(!health.is_ready());
        assert_eq!(health.unready(), BTreeMap::from([("reader".into(), "starting".into())]));
        reader.set_ready();
        assert!(health.changed_from(false).await);
        relay.set_unready("database is away");
        assert!(!health.changed_from(true).await);
    }
}
