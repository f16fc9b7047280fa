//! Composition root.

use kit_service::Runtime;
use kit_store::{Migrations, Store};
use kit_values::Fault;
use proto::link::v1::link_shortener_service_server::LinkShortenerServiceServer;
use tonic::service::Routes;

use crate::cache::Cache;
use crate::clicks::Clicks;
use crate::directory::Directory;
use crate::domain::Base;
use crate::provider::Bitly;
use crate::rpc::Shortener;
use crate::shortening::Shortening;
use crate::{Config, redirect};

/// The shortener's tables, after the kit's own.
#[must_use]
pub fn migrations() -> Migrations {
    Migrations::new()
        .add("0001_link_shortener", include_str!("../migrations/0001_link_shortener.sql"))
        .add("0002_bitly", include_str!("../migrations/0002_bitly.sql"))
}

/// Starts the shortener; returns once it listens.
///
/// # Errors
/// Invalid when the configuration cannot be used; unavailable when an address cannot be had.
pub async fn start(config: Config, runtime: Runtime) -> Result<(), Fault> {
    let base = Base::parse(&config.public_url)?;
    let store = Store::connect(&config.database).await?;
    let (clicks, counting) = Clicks::new(store.clone());
    runtime.tasks.spawn("link-shortener-clicks", counting.run(runtime.clone()));
    let followed = redirect::router(store.clone(), Cache::default(), clicks);
    kit_service::http::serve(&runtime, "link-shortener", &config.http, followed).await?;
    let shortening = Shortening {
        store,
        base,
        bitly: Bitly::new(config.bitly)?,
        directory: Directory::connect(&config.directory, runtime.identity.clone())?,
    };
    let service = LinkShortenerServiceServer::new(Shortener::new(shortening));
    kit_service::rpc::serve(&runtime, &config.rpc, "link_shortener", Routes::new(service)).await?;
    Ok(())
}
