//! Programs of other hands than the service's own: a mail server, and a push service.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::Value;

const PATIENCE: Duration = Duration::from_secs(30);

/// A running program that prints JSON lines; ends with the value.
pub struct Program {
    child: Child,
    lines: Receiver<Value>,
    /// Its first line.
    pub began: Value,
}

impl Program {
    /// `tests/node/<name>.js`
    pub fn start(name: &str) -> Self {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/node");
        install(&folder);
        let mut child = Command::new("node")
            .arg(folder.join(format!("{name}.js")))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("node starts");
        let output = BufReader::new(child.stdout.take().expect("is piped"));
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                let line = serde_json::from_str(&line).expect("prints JSON");
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        let began = lines.recv_timeout(PATIENCE).expect("begins");
        Self { child, lines, began }
    }

    /// The next line.
    pub fn next(&self) -> Value {
        self.lines.recv_timeout(PATIENCE).expect("prints something")
    }

    /// Nothing is printed for a while.
    pub fn is_silent(&self) -> bool {
        self.lines.recv_timeout(Duration::from_secs(2)).is_err()
    }

    pub fn port(&self) -> u16 {
        u16::try_from(self.began["port"].as_u64().expect("a port")).expect("a port")
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Tests of one run share the folder.
fn install(folder: &std::path::Path) {
    let lock = File::create(std::env::temp_dir().join("guichet-notification-node.lock"));
    let lock = lock.expect("creates");
    lock.lock().expect("locks");
    if folder.join("node_modules/smtp-server").exists() {
        return;
    }
    let done = Command::new("npm")
        .args(["ci", "--ignore-scripts", "--no-progress", "--silent"])
        .current_dir(folder)
        .stdin(Stdio::null())
        .status();
    assert!(done.expect("npm is installed").success(), "npm ci failed in tests/node");
}
