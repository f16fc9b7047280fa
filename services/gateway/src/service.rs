//! Composition root.

use std::sync::Arc;

use kit_bus::Bus;
use kit_service::Runtime;
use kit_store::{Migrations, Store};
use kit_values::{Fault, mint_uuid};
use tokio_util::sync::CancellationToken;

use crate::domain::origin;
use crate::domain::position::Source;
use crate::edge::cursor::Cursors;
use crate::edge::playground::Playground;
use crate::edge::proxies::Proxies;
use crate::edge::workspace;
use crate::live::follow::Follower;
use crate::live::hub::Hub;
use crate::live::rooms::Registry;
use crate::live::typing::Typing;
use crate::live::viewers::Company;
use crate::live::words::Words;
use crate::live::{desk, drafts, drain, pump, sessions, settings, viewers};
use crate::peers::{
    Administration, Audit, AwayStates, Conversations, Directory, Doors, Links, Lists,
    Notifications, People, Routing,
};
use crate::state::State;
use crate::{Config, api, sweep};

/// The gateway's tables, after the kit's own.
#[must_use]
pub fn migrations() -> Migrations {
    Migrations::new().add("0001_gateway", include_str!("../migrations/0001_gateway.sql"))
}

/// Starts the gateway; returns once it listens. The process is ready when the live feed's ring
/// is filled.
///
/// # Errors
/// Invalid when the configuration cannot be used; unavailable when the address cannot be had.
pub async fn start(config: Config, runtime: Runtime) -> Result<(), Fault> {
    let origins = origin::own_origins(&config.public_url);
    if origins.is_empty() {
        return Err(Fault::invalid(
            "public_url",
            "gateway.public_url",
            "Give the address in the browser, as https://care.example.com.",
        ));
    }
    let proxies = Proxies::read(&config.trusted_proxies)?;
    let cursors = Cursors::new(&config.cursor_key)?;
    let playground = config.playground.as_ref().map(Playground::new).transpose()?;
    let identity = || runtime.identity.clone();
    let directory = Directory::new(&config.directory, identity())?;
    let people = People::new(directory.clone());
    let administration = Administration::new(&config.directory, identity())?;
    let conversations = Conversations::new(&config.conversation, identity(), people.clone())?;
    let routing = Routing::new(&config.routing, identity(), people.clone())?;
    let away_states = AwayStates::new(&config.routing, identity())?;
    let lists = Lists::new(&config.conversation, identity(), conversations.clone())?;
    let notifications = Notifications::new(&config.notification, identity())?;
    let links =
        Links::new(config.link_shortener.as_ref(), &config.conversation, &runtime.identity)?;
    let keepers = (&config.directory, &config.routing, config.link_shortener.as_ref());
    let audit = Audit::new(keepers, &runtime.identity, people.clone())?;
    let store = Store::connect(&config.database).await?;
    let bus = Bus::connect(&config.broker, "gateway").await?;
    let words = Words::connect(&config.broker).await?;
    // One name for as long as the process lives.
    let gateway = mint_uuid();

    let hub = Arc::new(Hub::new(cursors, kit_values::now()));
    // Told to stop, the gateway serves on until its sockets have gone.
    let stopped = CancellationToken::new();
    let drain =
        drain::run(Arc::clone(&hub), config.drain(), runtime.clone(), stopped.clone().drop_guard());
    runtime.tasks.spawn("gateway-drain", drain);
    let runtime = runtime.until(stopped);

    let doors = Doors::new(administration.clone());
    let (desk, changed) = desk::desk();
    let telling = desk::run(changed, Arc::clone(&hub), routing.clone(), runtime.clone());
    runtime.tasks.spawn("gateway-desk", telling);
    let follower = Follower {
        hub: Arc::clone(&hub),
        bus,
        store: store.clone(),
        people: people.clone(),
        doors: doors.clone(),
        desk,
        ready: runtime.health.register("gateway-live"),
        runtime: runtime.clone(),
    };
    follow(&follower);
    let (reporter, notes) = sessions::reporter();
    let typing = Typing::default();
    let reporting = sessions::run(notes, gateway, routing.clone(), typing.clone(), runtime.clone());
    runtime.tasks.spawn("gateway-sessions", reporting);
    let (viewing, notes) = viewers::viewing();
    let (telling, telling_settings) = words_of_gateways(&words, &hub, &lists, &runtime);
    let registry = Registry { conversations: conversations.clone(), doors: doors.clone(), people };
    let company = Company::new(Arc::clone(&hub), registry, words, gateway, typing.clone());
    runtime.tasks.spawn("gateway-viewers", company.run(notes, runtime.clone()));
    runtime.tasks.spawn(
        "gateway-pump",
        pump::run(Arc::clone(&hub), conversations.clone(), doors, runtime.clone()),
    );
    runtime
        .tasks
        .spawn("gateway-sweep", sweep::run(store.clone(), Arc::clone(&hub), runtime.clone()));

    let find = workspace::EMBEDDED;
    let state = State {
        store,
        directory,
        administration,
        audit,
        conversations,
        lists,
        telling,
        settings: telling_settings,
        routing,
        away_states,
        notifications,
        links,
        hub,
        reporter,
        viewing,
        typing,
        proxies,
        secure: origins.iter().all(|origin| origin.starts_with("https://")),
        origins: origins.into(),
        find,
        ui_build: workspace::build(find).into(),
        public_url: config.public_url.trim_end_matches('/').into(),
        tasks: runtime.tasks.clone(),
        playground,
    };
    let router = api::router(state)?;
    kit_service::http::serve(&runtime, "gateway", &config.http, router).await?;
    Ok(())
}

/// Hears what other gateways say about drafts and settings; with what the same is said.
fn words_of_gateways(
    words: &Words,
    hub: &Arc<Hub>,
    lists: &Lists,
    runtime: &Runtime,
) -> (drafts::Telling, settings::Telling) {
    let hearing = drafts::run(words.clone(), Arc::clone(hub), lists.clone(), runtime.clone());
    runtime.tasks.spawn("gateway-drafts", hearing);
    let hearing = settings::run(words.clone(), Arc::clone(hub), runtime.clone());
    runtime.tasks.spawn("gateway-link-settings", hearing);
    (drafts::Telling::new(words.clone()), settings::Telling::new(words.clone()))
}

/// Follows every stream.
fn follow(follower: &Follower) {
    for (name, source) in [
        ("gateway-conversations", Source::Conversation),
        ("gateway-directory", Source::Directory),
        ("gateway-routing", Source::Routing),
        ("gateway-notifications", Source::Notification),
    ] {
        follower.runtime.tasks.spawn(name, follower.clone().run(source));
    }
}
