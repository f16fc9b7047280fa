//! Composition root.

use kit_bus::{Bus, Reader, Relay};
use kit_service::Runtime;
use kit_store::timer::Timers;
use kit_store::{Migrations, Store};
use kit_values::Fault;
use proto::conversation::v1::conversation_service_server::ConversationServiceServer;
use tonic::service::Routes;

use crate::consume::{Clock, Inbound};
use crate::rpc::Conversations;
use crate::{Config, sweep, topology};

/// This service's tables, after the kit's own.
#[must_use]
pub fn migrations() -> Migrations {
    Migrations::new()
        .add("0001_conversation", include_str!("../migrations/0001_conversation.sql"))
        .add("0002_statistics", include_str!("../migrations/0002_statistics.sql"))
}

/// Starts the service; returns once it listens and all its tasks run.
///
/// # Errors
/// Unavailable when the database or the address cannot be had; rejected when the database has
/// not been migrated or the broker is too old.
pub async fn start(config: Config, runtime: Runtime) -> Result<(), Fault> {
    let policy = config.policy();
    let store = Store::connect(&config.database).await?;
    migrations().check(&store).await?;
    let relay_store = Store::connect(&config.relay_database).await?;
    let bus = Bus::connect(&config.broker, "conversation").await?;
    let inbound = Inbound::new(policy);
    let dirty = inbound.dirty();

    let relay = Relay::new(relay_store, bus.clone(), topology::stream());
    runtime.tasks.spawn("conversation-relay", relay.run(runtime.stop.clone()));
    for plan in topology::readers().into_iter().filter(|plan| runtime.consumes(&plan.durable)) {
        let reader = Reader::new(store.clone(), bus.clone(), plan, inbound.clone());
        runtime.tasks.spawn("conversation-inbound", reader.run(runtime.stop.clone()));
    }
    let timers = Timers::new(store.clone(), Clock::new(policy).telling(dirty.clone()));
    runtime.tasks.spawn("conversation-timers", timers.run(runtime.stop.clone()));
    runtime.tasks.spawn("conversation-sweep", sweep::run(store.clone(), dirty, runtime.clone()));

    let service = ConversationServiceServer::new(Conversations::new(store, inbound));
    kit_service::rpc::serve(&runtime, &config.rpc, "conversation", Routes::new(service)).await?;
    Ok(())
}
