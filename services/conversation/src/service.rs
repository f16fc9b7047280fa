//! Composition root.

use std::sync::Arc;

use kit_bus::{Apply, Bus, Reader, ReaderPlan, Relay};
use kit_service::Runtime;
use kit_store::timer::Timers;
use kit_store::{Migrations, Store};
use kit_values::Fault;
use proto::conversation::v1::conversation_service_server::ConversationServiceServer;
use proto::conversation::v1::lists_service_server::ListsServiceServer;
use proto::conversation::v1::story_service_server::StoryServiceServer;
use tonic::service::Routes;

use crate::consume::{Clock, Deliveries, Directory, Inbound, Owners};
use crate::directory::Filling;
use crate::links::Shortener;
use crate::rpc::{Conversations, Lists, Stories};
use crate::{Config, directory, sweep, topology};

/// This service's tables, after the kit's own.
#[must_use]
pub fn migrations() -> Migrations {
    Migrations::new()
        .add("0001_conversation", include_str!("../migrations/0001_conversation.sql"))
        .add("0002_statistics", include_str!("../migrations/0002_statistics.sql"))
        .add("0003_replies", include_str!("../migrations/0003_replies.sql"))
        .add("0004_statistics", include_str!("../migrations/0004_statistics.sql"))
        .add("0007_story", include_str!("../migrations/0007_story.sql"))
        .add("0008_statistics", include_str!("../migrations/0008_statistics.sql"))
        .add("0010_lists", include_str!("../migrations/0010_lists.sql"))
        .add("0011_statistics", include_str!("../migrations/0011_statistics.sql"))
        .add("0012_search", include_str!("../migrations/0012_search.sql"))
        .add("0013_member_version", include_str!("../migrations/0013_member_version.sql"))
        .add("0014_quiet", include_str!("../migrations/0014_quiet.sql"))
        .add("0015_drafts_move", include_str!("../migrations/0015_drafts_move.sql"))
        .add("0016_no_empty_totals", include_str!("../migrations/0016_no_empty_totals.sql"))
        .add("0017_reopen_window", include_str!("../migrations/0017_reopen_window.sql"))
        .needs("pg_trgm")
        .needs("btree_gin")
}

/// Starts the service; returns once it listens and all its tasks run.
///
/// # Errors
/// Unavailable when the database or the address cannot be had; rejected when the database has
/// not been migrated or the broker is too old.
pub async fn start(config: Config, runtime: Runtime) -> Result<(), Fault> {
    let policy = config.policy();
    let store = Store::connect(&config.database).await?.with_kept_plans();
    migrations().check(&store).await?;
    let relay_store = Store::connect(&config.relay_database).await?;
    let bus = Bus::connect(&config.broker, "conversation").await?;
    let inbound = Inbound::new(policy);
    let dirty = inbound.dirty();

    let relay = Relay::new(relay_store, bus.clone(), topology::stream());
    runtime.tasks.spawn("conversation-relay", relay.run(runtime.stop.clone()));
    for plan in topology::inbound() {
        read(&runtime, "conversation-inbound", &store, &bus, plan, inbound.clone());
    }
    let deliveries = Deliveries::new(inbound.clone());
    let plan = topology::deliveries();
    read(&runtime, "conversation-delivery", &store, &bus, plan, deliveries.clone());
    read(&runtime, "conversation-owners", &store, &bus, topology::owners(), Owners);
    read(&runtime, "conversation-channels", &store, &bus, topology::directory(), Directory);
    let directory = Filling {
        store: store.clone(),
        directory: directory::Client::connect(&config.directory, runtime.identity.clone())?,
    };
    runtime.tasks.spawn("conversation-directory", directory.run(runtime.stop.clone()));
    let timers = Timers::new(store.clone(), Clock::new(policy).telling(dirty.clone()));
    runtime.tasks.spawn("conversation-timers", timers.run(runtime.stop.clone()));
    let sweep = sweep::run(store.with_fresh_plans(), dirty.clone(), runtime.clone());
    runtime.tasks.spawn("conversation-sweep", sweep);

    let shortener = Shortener::connect(config.link_shortener.as_ref(), &runtime.identity)?;
    let conversations = Conversations { store, inbound, deliveries, shortener, policy, dirty };
    let conversations = Arc::new(conversations);
    let lists = ListsServiceServer::new(Lists(Arc::clone(&conversations)));
    let tales = StoryServiceServer::new(Stories(Arc::clone(&conversations)));
    let service = ConversationServiceServer::from_arc(conversations);
    let routes = Routes::new(service).add_service(tales).add_service(lists);
    kit_service::rpc::serve(&runtime, &config.rpc, "conversation", routes).await?;
    Ok(())
}

/// Runs a reader, if this process was not told to run others only.
fn read(
    runtime: &Runtime,
    name: &'static str,
    store: &Store,
    bus: &Bus,
    plan: ReaderPlan,
    apply: impl Apply,
) {
    if runtime.consumes(&plan.durable) {
        let reader = Reader::new(store.clone(), bus.clone(), plan, apply);
        runtime.tasks.spawn(name, reader.run(runtime.stop.clone()));
    }
}
