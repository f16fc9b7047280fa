//! A running `guichet up` on private servers of its own.

use std::io::{BufRead as _, BufReader, Read as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::guichet;

/// A machine under load may take long to make a database.
const PATIENCE: Duration = Duration::from_secs(90);

/// Killed when dropped.
pub struct Started {
    child: Child,
    /// What it printed until it ran.
    pub printed: String,
}

impl Started {
    pub fn signal(&self, signal: &str) {
        let id = self.child.id().to_string();
        let status = Command::new("sh").args(["-c", &format!("kill -{signal} {id}")]).status();
        assert!(status.expect("runs").success(), "no process {id}");
    }

    /// Waits for the end; its exit code.
    pub fn ended(mut self) -> Option<i32> {
        let began = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("waits") {
                return status.code();
            }
            assert!(began.elapsed() < PATIENCE, "does not end");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// A folder that the database's own user can pass through.
pub fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).expect("opens");
    folder
}

pub fn on_free_ports(data: &Path) -> Command {
    let mut command = guichet(data);
    for name in [
        "GUICHET__up__workspace",
        "GUICHET__up__webhooks",
        "GUICHET__up__links",
        "GUICHET__operations__address",
    ] {
        command.env(name, "127.0.0.1:0");
    }
    command.arg("up");
    command
}

pub fn start(data: &Path) -> Started {
    start_with(data, &[])
}

pub fn start_with(data: &Path, environment: &[(&str, &str)]) -> Started {
    let mut command = on_free_ports(data);
    command.arg("--simulated").envs(environment.iter().copied());
    start_until(command, "noah", 0)
}

/// Without networks of its own; returns once it said where to set it up.
pub fn start_empty(data: &Path) -> Started {
    start_until(on_free_ports(data), "  Nobody can sign in yet.", 3)
}

/// Returns this many lines after the one with this mark.
fn start_until(mut command: Command, mark: &str, more: usize) -> Started {
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("starts");
    let mut started = Started { child, printed: String::new() };
    let mut lines = BufReader::new(started.child.stdout.take().expect("piped")).lines();
    let mut errors = started.child.stderr.take().expect("piped");
    let logged = std::thread::spawn(move || {
        let mut text = String::new();
        let _ = errors.read_to_string(&mut text);
        text
    });
    for line in &mut lines {
        let line = line.expect("a line");
        started.printed.push_str(&line);
        started.printed.push('\n');
        if line.contains(mark) {
            let rest: Vec<_> = lines.by_ref().take(more).map_while(Result::ok).collect();
            started.printed.push_str(&rest.join("\n"));
            // Somebody must go on reading, or the process would block on a full pipe.
            std::thread::spawn(move || lines.for_each(drop));
            return started;
        }
    }
    let printed = started.printed.clone();
    assert_eq!(started.ended(), Some(0), "{printed}{}", logged.join().expect("read"));
    unreachable!("ended well without having said that it runs: {printed}");
}

impl Drop for Started {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
