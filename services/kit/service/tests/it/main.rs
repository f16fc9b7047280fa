//! The edges of a process, over real sockets.

mod echo;
mod http;
mod lifecycle;
mod rpc;
mod telemetry;

use std::future::Future;

use kit_service::identity::Keys;
use kit_service::{Identity, Runtime};

/// A runtime for tests that block, with the telemetry of a whole process.
fn block_on<F: Future>(future: F) -> F::Output {
    kit_service::cryptography();
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(future)
}

/// As [`block_on`], but the clock moves only when everything waits for it.
fn block_on_paused<F: Future>(future: F) -> F::Output {
    kit_service::cryptography();
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .expect("a runtime")
        .block_on(future)
}

/// Two services that trust each other.
fn two_services() -> (Identity, Identity) {
    let settings = Keys::generate(&["gateway", "directory"]).expect("keys");
    let identity = |name| settings.identity(name).expect("identity");
    (identity("gateway"), identity("directory"))
}

/// A process with the identity of `directory`, and the identity of a peer.
fn process() -> (Runtime, Identity) {
    let (gateway, directory) = two_services();
    (Runtime::new(directory), gateway)
}
