//! Composition root.

use std::sync::Arc;

use kit_bus::{Bus, Reader, Relay};
use kit_service::{Runtime, rpc};
use kit_store::timer::Timers;
use kit_store::{Migrations, Store};
use kit_values::Fault;
use networks::Network;
use proto::delivery::v1::delivery_service_server::DeliveryServiceServer;
use tokio::sync::watch;
use tonic::service::Routes;

use crate::config::Config;
use crate::consume::{Authors, Channels, Echoes, Replies};
use crate::conversations::Conversations;
use crate::directory::Directory;
use crate::http::Caller;
use crate::lookups::{self, Lookups};
use crate::rpc::Deliveries;
use crate::sweep::{self, Forgetful};
use crate::topology;
use crate::worker::{Pool, Shared};

const NAME: &str = "delivery";

/// This service's tables, after the kit's own.
#[must_use]
pub fn migrations() -> Migrations {
    Migrations::new()
        .add("0001_delivery", include_str!("../migrations/0001_delivery.sql"))
        .add("0002_actions", include_str!("../migrations/0002_actions.sql"))
        .add("0003_lookups", include_str!("../migrations/0003_lookups.sql"))
}

/// Starts the service; returns once it listens and its tasks run.
///
/// # Errors
/// Invalid for a configuration that cannot be used; Unavailable when an address cannot be had or
/// the database is away; rejected when the database has not been migrated or the broker is too
/// old.
pub async fn start(config: Config, runtime: Runtime) -> Result<(), Fault> {
    let sending = config.sending.checked()?;
    let store = Store::connect(&config.database).await?.with_kept_plans();
    migrations().check(&store).await?;
    let relay_store = Store::connect(&config.relay_database).await?;
    let bus = Bus::connect(&config.broker, NAME).await?;
    let directory = Directory::connect(&config.directory, runtime.identity.clone())?;
    let conversations = Conversations::connect(&config.conversation, runtime.identity.clone())?;
    let wake = watch::Sender::new(());
    let stop = &runtime.stop;

    let relay = Relay::new(relay_store, bus.clone(), topology::stream());
    runtime.tasks.spawn("delivery-relay", relay.run(stop.clone()));

    let replies = Replies { conversations, wake: wake.clone() };
    let channels = Channels { wake: wake.clone() };
    let plan = topology::replies();
    if runtime.consumes(&plan.durable) {
        let reader = Reader::new(store.clone(), bus.clone(), plan, replies.clone());
        runtime.tasks.spawn("delivery-replies", reader.run(stop.clone()));
    }
    let plan = topology::channels();
    if runtime.consumes(&plan.durable) {
        let reader = Reader::new(store.clone(), bus.clone(), plan, channels.clone());
        runtime.tasks.spawn("delivery-channels", reader.run(stop.clone()));
    }
    for network in Network::ALL {
        let plan = topology::echoes(network);
        if runtime.consumes(&plan.durable) {
            let reader = Reader::new(store.clone(), bus.clone(), plan, Echoes);
            runtime.tasks.spawn("delivery-echoes", reader.run(stop.clone()));
        }
    }

    let authors = Authors { wake: watch::Sender::new(()) };
    let plan = topology::authors();
    if runtime.consumes(&plan.durable) {
        let reader = Reader::new(store.clone(), bus, plan, authors.clone());
        runtime.tasks.spawn("delivery-authors", reader.run(stop.clone()));
    }

    let flag = runtime.health.register("delivery-accounts");
    let following = sweep::follow_directory(store.clone(), directory.clone(), flag, stop.clone());
    runtime.tasks.spawn("delivery-accounts", following);
    runtime.tasks.spawn("delivery-sweep", sweep::run(store.clone(), stop.clone()));
    let timers = Timers::new(store.clone(), Forgetful);
    runtime.tasks.spawn("delivery-timers", timers.run(stop.clone()));

    for network in Network::ALL {
        if runtime.consumes(&topology::pool(network)) {
            let lookups = Lookups {
                network,
                store: store.clone(),
                directory: directory.clone(),
                caller: Caller::new(lookups::TIMEOUT)?,
                wake: authors.wake.clone(),
                tasks: runtime.tasks.clone(),
            };
            runtime.tasks.spawn("delivery-lookups", lookups.run(stop.clone()));
        }
    }

    let caller = Caller::new(sending.timeout())?;
    let shared = Arc::new(Shared { store: store.clone(), directory, caller, sending, wake });
    for network in Network::ALL {
        if runtime.consumes(&topology::pool(network)) {
            let pool = Pool::new(network, Arc::clone(&shared), &runtime);
            runtime.tasks.spawn("delivery-pool", pool.run(stop.clone()));
        }
    }

    let deliveries = Deliveries { store, replies, channels, authors };
    let calls = Routes::new(DeliveryServiceServer::new(deliveries));
    rpc::serve(&runtime, &config.rpc, NAME, calls).await?;
    Ok(())
}
