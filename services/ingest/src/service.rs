//! Composition root.

use std::sync::Arc;

use kit_bus::{Bus, Reader, Relay};
use kit_service::{Runtime, http, rpc};
use kit_store::timer::Timers;
use kit_store::{Migrations, Store};
use kit_values::Fault;
use proto::ingest::v1::ingest_service_server::IngestServiceServer;
use tokio::sync::Notify;
use tonic::service::Routes as GrpcRoutes;

use crate::batcher::Batcher;
use crate::config::Config;
use crate::consume::{Answers, Routes};
use crate::directory::Directory;
use crate::registry::Registry;
use crate::rpc::Operators;
use crate::sealing::Sealer;
use crate::sweep::{Authors, Keeper};
use crate::{app, hooks, topology};

const NAME: &str = "ingest";

/// The tables of schema `ingest`.
#[must_use]
pub fn migrations() -> Migrations {
    Migrations::new()
        .add("ingest_0001", include_str!("../migrations/0001_ingest.sql"))
        .add("ingest_0002", include_str!("../migrations/0002_nameless.sql"))
}

/// Starts the service; returns once it listens and its tasks run.
///
/// Neither directory nor the broker has to be there: webhooks of known applications are taken
/// all the same.
///
/// # Errors
/// Invalid for a configuration that cannot be used; Unavailable when an address cannot be had or
/// the database is away.
pub async fn start(config: Config, runtime: Runtime) -> Result<(), Fault> {
    let sealer = Sealer::new(&config.sealing_key)?;
    let store = Store::connect(&config.database).await?;
    let relay_store = Store::connect(&config.relay_database).await?;
    let bus = Bus::connect(&config.broker, NAME).await?;
    let directory = Directory::connect(&config.directory, runtime.identity.clone())?;
    let registry = Arc::new(Registry::default());
    // Before the door opens: a webhook of an application that is not known yet would be refused,
    // and X sends none a second time.
    if let Some((snapshot, _)) = app::load(&store, &sealer, None).await? {
        registry.replace(snapshot);
    }
    let changed = Arc::new(Notify::new());
    let routes = Routes { changed: Arc::clone(&changed) };
    let stop = &runtime.stop;

    let keeper = Keeper {
        store: store.clone(),
        registry: Arc::clone(&registry),
        sealer,
        directory,
        changed,
        flag: runtime.health.register("ingest-registry"),
    };
    runtime.tasks.spawn("ingest-registry", keeper.run(stop.clone()));

    let relay = Relay::new(relay_store, bus.clone(), topology::stream());
    runtime.tasks.spawn("ingest-relay", relay.run(stop.clone()));

    let reader = Reader::new(store.clone(), bus.clone(), topology::routes(), routes.clone());
    runtime.tasks.spawn("ingest-routes", reader.run(stop.clone()));

    let answers = Answers { registry: Arc::clone(&registry) };
    let reader = Reader::new(store.clone(), bus, topology::authors(), answers.clone());
    runtime.tasks.spawn("ingest-authors", reader.run(stop.clone()));

    let authors = Authors { registry: Arc::clone(&registry) };
    runtime.tasks.spawn("ingest-timers", Timers::new(store.clone(), authors).run(stop.clone()));

    let (batcher, committers) = Batcher::new(store.clone(), Arc::clone(&registry));
    committers.spawn(&runtime.tasks);

    let operators = Operators { store, registry: Arc::clone(&registry), routes, answers };
    let calls = GrpcRoutes::new(IngestServiceServer::new(operators));
    rpc::serve(&runtime, &config.rpc, NAME, calls).await?;
    let hooks = hooks::router(registry, batcher, runtime.tasks.clone());
    http::serve(&runtime, NAME, &config.http, hooks).await?;
    Ok(())
}
