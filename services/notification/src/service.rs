//! Composition root.

use std::sync::Arc;

use kit_bus::{Bus, Reader, Relay};
use kit_service::Runtime;
use kit_service::egress::Egress;
use kit_store::timer::Timers;
use kit_store::{Migrations, Store};
use kit_values::Fault;
use proto::notification::v1::notification_service_server::NotificationServiceServer;
use tonic::service::Routes;

use crate::consume::Signals;
use crate::directory::Directory;
use crate::dispatch::{Dispatch, Tools};
use crate::mail::Mailer;
use crate::push::Pusher;
use crate::rpc::Notifications;
use crate::{Config, topology};

/// This service's tables, after the kit's own.
#[must_use]
pub fn migrations() -> Migrations {
    Migrations::new()
        .add("0001_notification", include_str!("../migrations/0001_notification.sql"))
        .add("0002_matrix", include_str!("../migrations/0002_matrix.sql"))
        .add("0003_push_sessions", include_str!("../migrations/0003_push_sessions.sql"))
        .add("0004_what_left", include_str!("../migrations/0004_what_left.sql"))
}

/// Whom a push service may ask; most refuse an address of plain http.
fn contact(given: String, public_url: &str) -> String {
    if !given.is_empty() {
        given
    } else if public_url.starts_with("https://") {
        public_url.to_owned()
    } else {
        "mailto:guichet@localhost".to_owned()
    }
}

/// Starts the service; returns once it listens and its readers run.
///
/// # Errors
/// Unavailable when the database or the address cannot be had; rejected when the database has
/// not been migrated or the broker is too old.
pub async fn start(config: Config, runtime: Runtime) -> Result<(), Fault> {
    let store = Store::connect(&config.database).await?;
    migrations().check(&store).await?;
    let relay_store = Store::connect(&config.relay_database).await?;
    let bus = Bus::connect(&config.broker, "notification").await?;

    let egress = Egress::new(config.egress)?;
    let contact = contact(config.push_contact, &config.public_url);
    let pusher = config.push_key.map(|key| Pusher::new(&key, contact, egress)).transpose()?;
    let mailer = config.smtp.map(|smtp| Mailer::new(&smtp)).transpose()?;
    let tools = Tools {
        pusher: pusher.map(Arc::new),
        mailer: mailer.map(Arc::new),
        public_url: config.public_url.trim_end_matches('/').into(),
    };
    let (due, dispatch) = Dispatch::new(store.clone(), tools.clone());
    runtime.tasks.spawn("notification-dispatch", dispatch.run(runtime.clone()));
    let timers = Timers::new(store.clone(), due).run(runtime.stop.clone());
    runtime.tasks.spawn("notification-timers", timers);
    let directory = Directory::connect(&config.directory, runtime.identity.clone())?;
    let people = directory.follow(store.clone(), runtime.stop.clone());
    runtime.tasks.spawn("notification-people", people);

    let relay = Relay::new(relay_store, bus.clone(), topology::stream());
    runtime.tasks.spawn("notification-relay", relay.run(runtime.stop.clone()));
    let readers = [
        ("notification-conversations", topology::conversations()),
        ("notification-owners", topology::owners()),
        ("notification-replies", topology::replies()),
        ("notification-people", topology::people()),
    ];
    let signals = Signals(tools.equipment());
    for (name, plan) in readers {
        if runtime.consumes(&plan.durable) {
            let reader = Reader::new(store.clone(), bus.clone(), plan, signals);
            runtime.tasks.spawn(name, reader.run(runtime.stop.clone()));
        }
    }
    let service = NotificationServiceServer::new(Notifications::new(store, tools));
    kit_service::rpc::serve(&runtime, &config.rpc, "notification", Routes::new(service)).await?;
    Ok(())
}
