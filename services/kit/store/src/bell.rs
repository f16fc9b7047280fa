//! Wakes the relay of this process when a transaction that appended to the outbox commits.
//!
//! Deliberately not NOTIFY: it makes every notifying commit of a database wait for the others,
//! its flush included, which would undo group commit on the way in. A relay in another process
//! finds the row by its poll, should this process die between commit and publish.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError, Weak};

use kit_values::Secret;
use sea_orm::sqlx::postgres::PgConnectOptions;
use tokio::sync::Notify;

use crate::connect;

/// Rung by commits, waited on by one relay. A ring with nobody waiting is kept for the next.
#[derive(Debug, Default)]
pub(crate) struct Bell(Notify);

/// One bell for each database and schema, shared by the service's and the relay's pools.
static BELLS: LazyLock<Mutex<HashMap<String, Weak<Bell>>>> = LazyLock::new(Mutex::default);

impl Bell {
    /// The bell of the schema that the role of this address works in.
    pub(crate) fn of(url: &Secret<String>) -> Result<Arc<Self>, kit_values::Fault> {
        let key = key(&connect::options(url)?);
        let mut bells = BELLS.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bell) = bells.get(&key).and_then(Weak::upgrade) {
            return Ok(bell);
        }
        bells.retain(|_, bell| bell.strong_count() > 0);
        let bell = Arc::new(Self::default());
        bells.insert(key, Arc::downgrade(&bell));
        Ok(bell)
    }

    pub(crate) fn ring(&self) {
        self.0.notify_one();
    }

    pub(crate) async fn rung(&self) {
        self.0.notified().await;
    }
}

/// Both roles of a service, `guichet_<service>` and `guichet_<service>_relay`, give one key.
fn key(options: &PgConnectOptions) -> String {
    let role = options.get_username();
    let service = role.strip_suffix("_relay").unwrap_or(role);
    format!(
        "{} {} {} {service}",
        options.get_host(),
        options.get_port(),
        options.get_database().unwrap_or(role),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bell(url: &str) -> Arc<Bell> {
        Bell::of(&Secret::new(url.to_owned())).expect("an address")
    }

    #[test]
    fn both_roles_of_a_service_share_a_bell_and_no_others_do() {
        let service = bell("postgres://guichet_ingest:a@127.0.0.1:5432/guichet");
        let relay = bell("postgres://guichet_ingest_relay:b@127.0.0.1:5432/guichet");
        let other = bell("postgres://guichet_directory:a@127.0.0.1:5432/guichet");
        let elsewhere = bell("postgres://guichet_ingest:a@127.0.0.1:5432/other");
        assert!(Arc::ptr_eq(&service, &relay));
        assert!(!Arc::ptr_eq(&service, &other));
        assert!(!Arc::ptr_eq(&service, &elsewhere));
    }

    #[tokio::test]
    async fn a_ring_before_the_wait_is_kept() {
        let bell = Bell::default();
        bell.ring();
        bell.ring();
        bell.rung().await;
        let second = tokio::time::timeout(std::time::Duration::from_millis(20), bell.rung());
        assert!(second.await.is_err(), "two rings before a wait are one");
    }
}
