//! Composition root.

use kit_service::Runtime;
use kit_store::{Migrations, Store};
use kit_values::Fault;
use proto::link::v1::link_shortener_service_server::LinkShortenerServiceServer;
use tonic::service::Routes;

use crate::cache::Cache;
use crate::clicks::Clicks;
use crate::domain::Base;
use crate::rpc::Shortener;
use crate::{Config, redirect};

/// The shortener's tables, after the kit's own.
#[must_use]
pub fn migrations() -> Migrations {
    Migrations::new()
        .add("0001_link_shortener", include_str!("../migrations/0001_link_shortener.sql"))
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
    let service = LinkShortenerServiceServer::new(Shortener::new(store, base));
    kit_service::rpc::serve(&runtime, &config.rpc, "link_shortener", Routes::new(service)).await?;
    Ok(())
}
