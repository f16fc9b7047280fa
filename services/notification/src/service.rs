//! Composition root.

use kit_bus::{Bus, Reader, Relay};
use kit_service::Runtime;
use kit_store::{Migrations, Store};
use kit_values::Fault;
use proto::notification::v1::notification_service_server::NotificationServiceServer;
use tonic::service::Routes;

use crate::consume::Signals;
use crate::rpc::Notifications;
use crate::{Config, topology};

/// This service's tables, after the kit's own.
#[must_use]
pub fn migrations() -> Migrations {
    Migrations::new().add("0001_notification", include_str!("../migrations/0001_notification.sql"))
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

    let relay = Relay::new(relay_store, bus.clone(), topology::stream());
    runtime.tasks.spawn("notification-relay", relay.run(runtime.stop.clone()));
    let readers = [
        ("notification-conversations", topology::conversations()),
        ("notification-owners", topology::owners()),
    ];
    for (name, plan) in readers {
        if runtime.consumes(&plan.durable) {
            let reader = Reader::new(store.clone(), bus.clone(), plan, Signals);
            runtime.tasks.spawn(name, reader.run(runtime.stop.clone()));
        }
    }
    let service = NotificationServiceServer::new(Notifications::new(store));
    kit_service::rpc::serve(&runtime, &config.rpc, "notification", Routes::new(service)).await?;
    Ok(())
}
