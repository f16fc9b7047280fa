//! The binary from outside: its verbs, its exit codes, its sentences.

mod config;
mod started;
mod up;
mod webhook;

use std::path::Path;
use std::process::{Command, Output};

/// The binary, with nothing of the machine's own configuration.
fn guichet(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_guichet"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("GUICHET_") && name != "GUICHET_PREFIX" {
            command.env_remove(name);
        }
    }
    command.arg("--data").arg(data);
    command
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn refused(output: &Output) -> String {
    assert!(!output.status.success(), "was not refused: {}", text(&output.stdout));
    text(&output.stderr)
}
