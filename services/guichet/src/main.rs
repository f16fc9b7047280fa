//! Guichet, the only binary: parses the command line and dispatches to one file a verb.

mod data;
mod files;
mod operator;
mod output;
mod schema;
mod services;
mod settings;
mod verbs;

use std::process::ExitCode;
use std::time::Duration;

use clap::Parser as _;
use kit_values::Fault;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    kit_service::cryptography();
    #[cfg(feature = "failpoints")]
    let _fail_points = fail::FailScenario::setup();
    let arguments = verbs::Arguments::parse();
    let result = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(Fault::internal)
        .and_then(|runtime| {
            let result = runtime.block_on(arguments.run());
            // Whatever is still blocking must not hold the end up.
            runtime.shutdown_timeout(Duration::from_millis(200));
            result
        });
    result.unwrap_or_else(|fault| {
        output::refusal(&fault);
        ExitCode::FAILURE
    })
}
