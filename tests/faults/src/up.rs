//! `guichet up --simulated` as a child process, on free ports and in a folder of its own.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

/// How long a first start may take: it makes a database and hashes the demo accounts' passwords.
const PATIENCE: Duration = Duration::from_mins(2);

/// How long everything may take to stop.
const STOP: Duration = Duration::from_secs(40);

/// A running `guichet up`; dropped, it is asked to stop, and waited for.
#[derive(Debug)]
pub struct Up {
    child: Child,
    log: PathBuf,
}

impl Up {
    /// Starts it with its data in `folder/data` and its output in `folder/up.log`, and returns
    /// once it runs. `environment` overrides settings, as in `GUICHET__telemetry__log`.
    #[must_use]
    pub fn start(folder: &Path, environment: &[(&str, String)]) -> Self {
        open_to_all(folder);
        let log = folder.join("up.log");
        let output = File::create(&log).expect("a log can be made");
        let child = Command::new(built_binary())
            .args(["up", "--simulated", "--data"])
            .arg(folder.join("data"))
            .env("GUICHET__up__workspace", "127.0.0.1:0")
            .env("GUICHET__up__webhooks", "127.0.0.1:0")
            .env("GUICHET__up__links", "127.0.0.1:0")
            .env("GUICHET__operations__address", "127.0.0.1:0")
            .envs(environment.iter().map(|(key, value)| (key, value)))
            .stdin(Stdio::null())
            .stdout(output.try_clone().expect("a file can be shared"))
            .stderr(output)
            .spawn()
            .expect("the binary runs");
        let mut up = Self { child, log };
        let begin = Instant::now();
        while !up.log().contains("Guichet is running") {
            let ended = up.child.try_wait().expect("a child can be asked").is_some();
            let log = up.log();
            assert!(!ended && begin.elapsed() < PATIENCE, "up did not start:\n{log}");
            std::thread::sleep(Duration::from_millis(50));
        }
        up
    }

    /// What it wrote so far, standard output and standard error.
    #[must_use]
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// The id of its process; its servers are children of it.
    #[must_use]
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// Stops it as Ctrl-C does, and sees it end cleanly.
    pub fn stop(mut self) {
        self.interrupt();
        let status = self.child.wait().expect("up ends");
        assert!(status.success(), "up did not stop cleanly: {status}\n{}", self.log());
    }

    /// The same, while the caller's own connections to it hear that it ends.
    pub async fn stop_and_be_heard(mut self) {
        self.interrupt();
        while matches!(self.child.try_wait(), Ok(None)) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        self.stop();
    }

    fn interrupt(&self) {
        let id = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        // A process that is gone needs no signal.
        let _ = kill_process(id.expect("a process id"), Signal::INT);
    }
}

impl Drop for Up {
    fn drop(&mut self) {
        if !matches!(self.child.try_wait(), Ok(None)) {
            return;
        }
        self.interrupt();
        let begin = Instant::now();
        while matches!(self.child.try_wait(), Ok(None)) {
            if begin.elapsed() > STOP {
                let _ = self.child.kill();
                let _ = self.child.wait();
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// The binary with failpoints that `tests/run` built, beside the test's own.
#[must_use]
pub fn built_binary() -> PathBuf {
    let own = std::env::current_exe().expect("a test knows its binary");
    let folder = own.parent().and_then(Path::parent).expect("target/<profile>/deps");
    let binary = folder.join("guichet");
    assert!(
        binary.is_file(),
        "build it first: cargo build --package guichet --features failpoints"
    );
    binary
}

/// The servers may run as another account, which must be able to get there.
fn open_to_all(folder: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755))
        .expect("our own folder's mode can be set");
}
