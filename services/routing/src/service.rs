//! Composition root.

use kit_bus::{Bus, Reader, Relay};
use kit_service::Runtime;
use kit_store::{Migrations, Store};
use kit_values::Fault;
use proto::routing::v1::routing_service_server::RoutingServiceServer;
use proto::routing::v1::routing_settings_service_server::RoutingSettingsServiceServer;
use tokio_util::sync::CancellationToken;
use tonic::service::Routes;

use crate::app::Surroundings;
use crate::consume::{People, Standings};
use crate::conversation::Conversations;
use crate::directory::Directory;
use crate::domain::policy::Policy;
use crate::planner::{Planner, Waker};
use crate::presence::Presences;
use crate::rpc::{Routing, Settings};
use crate::sweep::Sweep;
use crate::{Config, topology};

/// Longest report of a gateway's sessions, in bytes: a hundred thousand of them.
const LONGEST_REPORT: usize = 32 << 20;

/// This service's name.
const NAME: &str = "routing";

/// This service's tables, after the kit's own.
#[must_use]
pub fn migrations() -> Migrations {
    Migrations::new()
        .add("0001_routing", include_str!("../migrations/0001_routing.sql"))
        .add("0002_statistics", include_str!("../migrations/0002_statistics.sql"))
        .add("0003_capacity", include_str!("../migrations/0003_capacity.sql"))
        .add("0004_access", include_str!("../migrations/0004_access.sql"))
        .add("0005_away_states", include_str!("../migrations/0005_away_states.sql"))
        .add("0006_outcome", include_str!("../migrations/0006_outcome.sql"))
}

/// Starts the service; returns once it listens and all its tasks run. Directory, conversation,
/// the broker and Redis may come later.
///
/// # Errors
/// Invalid when an address or the capacity cannot be used; Unavailable when the database or the
/// address to listen on cannot be had; Rejected when the database has not been migrated or the
/// broker is too old.
pub async fn start(config: Config, runtime: Runtime) -> Result<(), Fault> {
    let capacity = config.capacity()?;
    let presences = Presences::new(&config.redis)?;
    let surroundings = Surroundings { presences, policy: Policy::default(), capacity };
    let directory = Directory::connect(&config.directory, runtime.identity.clone())?;
    let store = Store::connect(&config.database).await?.with_kept_plans();
    migrations().check(&store).await?;
    let relay_store = Store::connect(&config.relay_database).await?;
    let bus = Bus::connect(&config.broker, NAME).await?;
    let waker = Waker::default();
    let standings = Standings::new(surroundings.clone(), waker.clone());
    let people = People::new(surroundings.clone(), waker.clone());
    let (tasks, stop) = (&runtime.tasks, &runtime.stop);
    let known = CancellationToken::new();

    let relay = Relay::new(relay_store, bus.clone(), topology::stream());
    tasks.spawn("routing-relay", relay.run(stop.clone()));
    if runtime.consumes(topology::CONVERSATIONS) {
        let plan = topology::conversations();
        let reader = Reader::new(store.clone(), bus.clone(), plan, standings.clone());
        tasks.spawn("routing-conversations", reader.run(stop.clone()));
        let conversations = Conversations::connect(
            &config.conversation,
            runtime.identity.clone(),
            store.clone(),
            surroundings.clone(),
            waker.clone(),
        )?;
        tasks.spawn("routing-standings", conversations.catch_up(known.clone(), stop.clone()));
    }
    if runtime.consumes(topology::PEOPLE) {
        let reader = Reader::new(store.clone(), bus, topology::people(), people.clone());
        tasks.spawn("routing-people", reader.run(stop.clone()));
        let load = directory.load(store.clone(), surroundings.clone(), known, stop.clone());
        tasks.spawn("routing-members", load);
    } else {
        // Somebody else's work.
        known.cancel();
    }
    let planner = Planner::new(store.clone(), surroundings.clone(), waker.clone());
    tasks.spawn("routing-planner", planner.run(stop.clone()));
    let sweep =
        Sweep { store: store.clone(), surroundings: surroundings.clone(), waker: waker.clone() };
    tasks.spawn("routing-sweep", sweep.run(stop.clone()));

    let calls = Routing { store, surroundings, waker, standings, people };
    let settings = RoutingSettingsServiceServer::new(Settings(calls.clone()));
    let calls = RoutingServiceServer::new(calls).max_decoding_message_size(LONGEST_REPORT);
    let routes = Routes::new(calls).add_service(settings);
    kit_service::rpc::serve(&runtime, &config.rpc, NAME, routes).await?;
    Ok(())
}
