//! Composition root.

use kit_bus::{Bus, Relay};
use kit_service::Runtime;
use kit_store::{Migrations, Store};
use kit_values::Fault;
use proto::directory::v1::directory_service_server::DirectoryServiceServer;
use proto::directory::v1::people_service_server::PeopleServiceServer;
use proto::directory::v1::settings_service_server::SettingsServiceServer;
use tonic::service::Routes;

use crate::app::audit::Chains;
use crate::password::Hasher;
use crate::rpc::{Directory, People, Settings};
use crate::sealing::Sealer;
use crate::{Config, sweep, topology};

/// The directory's tables, after the kit's own.
#[must_use]
pub fn migrations() -> Migrations {
    Migrations::new()
        .add("0001_directory", include_str!("../migrations/0001_directory.sql"))
        .add("0002_capabilities", include_str!("../migrations/0002_capabilities.sql"))
        .add("0003_settings", include_str!("../migrations/0003_settings.sql"))
        .add("0004_reopen_window", include_str!("../migrations/0004_reopen_window.sql"))
}

/// Starts the directory; returns once it listens.
///
/// # Errors
/// Invalid when the configuration cannot be used; unavailable when the address cannot be had.
pub async fn start(config: Config, runtime: Runtime) -> Result<(), Fault> {
    let sealer = Sealer::new(&config.key_encryption_key)?;
    let store = Store::connect(&config.database).await?;
    let relay_store = Store::connect(&config.relay_database).await?;
    let bus = Bus::connect(&config.broker, "directory").await?;
    let hasher = Hasher::new(runtime.tasks.clone()).await?;

    let relay = Relay::new(relay_store, bus, topology::stream());
    runtime.tasks.spawn("directory-relay", relay.run(runtime.stop.clone()));
    let chains = Chains::default();
    let sweep = sweep::run(store.clone(), chains.clone(), runtime.clone());
    runtime.tasks.spawn("directory-sweep", sweep);

    let directory = Directory::new(store, hasher, sealer, chains);
    let routes = Routes::new(DirectoryServiceServer::new(directory.clone()))
        .add_service(SettingsServiceServer::new(Settings(directory.clone())))
        .add_service(PeopleServiceServer::new(People(directory)));
    kit_service::rpc::serve(&runtime, &config.rpc, "directory", routes).await?;
    Ok(())
}
