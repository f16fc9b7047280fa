//! Composition root: opens the journal, starts the tasks, serves the page.

use std::sync::Arc;

use kit_service::Runtime;
use kit_values::Fault;

use crate::config::Config;
use crate::http::{Served, router, serve};
use crate::sender::Sender;
use crate::stage::Stage;
use crate::{callbacks, drive};

/// Starts the playground; returns once it listens.
///
/// # Errors
/// Unavailable, with what to do, when the journal or the address cannot be had.
pub async fn start(config: Config, runtime: Runtime) -> Result<(), Fault> {
    kit_service::cryptography();
    let opened = config.clone();
    let (stage, incoming) =
        runtime.tasks.blocking("playground-journal", move || Stage::open(&opened)).await??;
    let stage = Arc::new(stage);
    let config = Arc::new(config);
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .map_err(Fault::internal)?;
    let served = Served {
        stage: Arc::clone(&stage),
        config: Arc::clone(&config),
        bitly: Arc::default(),
        runtime: runtime.clone(),
    };
    serve(&runtime, &config.http, router(served)).await?;
    let sender = Sender::new(Arc::clone(&config), Arc::clone(&stage), client.clone());
    runtime.tasks.spawn("playground-sender", sender.run(incoming, runtime.clone()));
    let watching = callbacks::watch(config, Arc::clone(&stage), client, runtime.clone());
    runtime.tasks.spawn("playground-callbacks", watching);
    runtime.tasks.spawn("playground-generator", drive::drive(stage, runtime.clone()));
    Ok(())
}
