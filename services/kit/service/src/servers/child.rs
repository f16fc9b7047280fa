//! One child, started by a thread that lives as long as the child does.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use kit_values::Fault;

use super::account::Account;
use super::directory::Directory;
use super::record::Record;
use super::{GRACE, Options, machine};

/// How much of a log's end is shown.
const LOG_LINES: usize = 8;

/// How long a server may take to answer for the first time; PostgreSQL may have to replay a log.
const READY_WITHIN: Duration = Duration::from_mins(1);

/// How long to wait before a server that died is started again, the first time and at most.
const AGAIN: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(5));

/// A server that lived longer than this died of something new.
const LIVED: Duration = Duration::from_secs(30);

/// A running server, started again when it dies by itself.
#[derive(Debug)]
pub(super) struct Child {
    name: &'static str,
    state: Arc<State>,
    log: PathBuf,
    detached: bool,
}

/// What the child's thread and its owner share.
#[derive(Debug)]
struct State {
    stopping: AtomicBool,
    deaths: AtomicU32,
    record: Mutex<Record>,
}

impl State {
    fn record(&self) -> Record {
        self.record.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// What to run.
pub(super) struct Program {
    pub name: &'static str,
    pub path: PathBuf,
    pub arguments: Vec<OsString>,
    /// Beside what this process has of its own.
    pub environment: Vec<(&'static str, OsString)>,
}

impl Child {
    /// Starts a program, its output going to its log, and records it.
    pub(super) fn start(
        directory: &Directory,
        options: &Options,
        setpriv: &Path,
        program: &Program,
    ) -> Result<Self, Fault> {
        let name = program.name;
        let log = directory.log(name)?;
        // A log tells of one start; what a server says in normal times is little.
        let output = OpenOptions::new()
            .create(true)
            .write(true)
            .truncate(true)
            .mode(0o600)
            .open(&log)
            .map_err(Fault::internal)?;
        let mut command = prepared(directory, options.detached, setpriv, program, output)?;
        let record = directory.record(name);
        let (sender, receiver) = mpsc::channel();
        thread::Builder::new()
            .name(format!("child-{name}"))
            .spawn(move || keep(name, &mut command, &record, &sender))
            .map_err(Fault::internal)?;
        let state = receiver.recv().map_err(Fault::internal)?.map_err(|error| {
            machine(
                "server_not_started",
                format!("{} cannot be started: {error}.", program.path.display()),
            )
        })?;
        Ok(Self { name, state, log, detached: options.detached })
    }

    /// Waits until `is_ready` says so.
    pub(super) fn wait_until(&self, mut is_ready: impl FnMut() -> bool) -> Result<(), Fault> {
        let until = Instant::now() + READY_WITHIN;
        loop {
            if self.state.deaths.load(Ordering::Acquire) > 0 {
                return Err(self.failure("ended while starting"));
            }
            if is_ready() {
                return Ok(());
            }
            if Instant::now() >= until {
                return Err(self.failure("did not become ready within a minute"));
            }
            thread::sleep(Duration::from_millis(10));
        }
    }

    pub(super) fn process_id(&self) -> i32 {
        self.state.record().pid
    }

    /// What went wrong, with the end of its log.
    fn failure(&self, what: &str) -> Fault {
        told(self.name, what, &self.log, &last_lines(&self.log))
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        self.state.stopping.store(true, Ordering::Release);
        if !self.detached
            && let Err(fault) = self.state.record().end(GRACE)
        {
            tracing::error!(server = self.name, %fault, "a private server does not end");
        }
    }
}

/// The child's parent for as long as it lives: this thread's end would be the child's. Starts it
/// again when it ends without having been asked to.
fn keep(
    name: &'static str,
    command: &mut Command,
    record: &Path,
    sender: &mpsc::Sender<std::io::Result<Arc<State>>>,
) {
    let mut shared: Option<Arc<State>> = None;
    let mut pause = AGAIN.0;
    loop {
        let begin = Instant::now();
        match command.spawn() {
            Ok(mut child) => {
                let started = Record::of(name, i32::try_from(child.id()).unwrap_or_default());
                if let Err(fault) = started.save(record) {
                    tracing::warn!(server = name, %fault, "a server could not be recorded");
                }
                let state = shared.get_or_insert_with(|| {
                    let state = Arc::new(State {
                        stopping: AtomicBool::new(false),
                        deaths: AtomicU32::new(0),
                        record: Mutex::new(started.clone()),
                    });
                    let _ = sender.send(Ok(state.clone()));
                    state
                });
                *state.record.lock().unwrap_or_else(PoisonError::into_inner) = started;
                let _ = child.wait();
                state.deaths.fetch_add(1, Ordering::AcqRel);
            }
            Err(error) if shared.is_none() => {
                let _ = sender.send(Err(error));
                return;
            }
            Err(error) => tracing::warn!(server = name, %error, "a server cannot be started again"),
        }
        let is_stopping =
            || shared.as_ref().is_none_or(|state| state.stopping.load(Ordering::Acquire));
        if is_stopping() {
            return;
        }
        pause = if begin.elapsed() > LIVED { AGAIN.0 } else { (pause * 2).min(AGAIN.1) };
        tracing::warn!(server = name, "a private server died and is started again");
        thread::sleep(pause);
        if is_stopping() {
            return;
        }
    }
}

/// The command line: `setpriv` gives another user where that is needed, and the signal that ends
/// the child with its parent. A process group of its own keeps a terminal's Ctrl-C from reaching
/// it before the services have drained.
fn prepared(
    directory: &Directory,
    detached: bool,
    setpriv: &Path,
    program: &Program,
    output: File,
) -> Result<Command, Fault> {
    let mut arguments: Vec<OsString> = Vec::new();
    if !detached {
        let signal = if program.name == "postgres" { "INT" } else { "TERM" };
        arguments.extend(["--pdeathsig".into(), signal.into()]);
    }
    arguments.extend(identity(directory.account()));
    let mut command = if arguments.is_empty() {
        Command::new(&program.path)
    } else {
        let mut command = Command::new(setpriv);
        command.args(arguments).arg("--").arg(&program.path);
        command
    };
    let errors = output.try_clone().map_err(Fault::internal)?;
    command
        .args(&program.arguments)
        .current_dir(directory.path())
        .stdin(Stdio::null())
        .stdout(output)
        .stderr(errors)
        .env("LC_ALL", "C.UTF-8")
        .envs(program.environment.iter().map(|(name, value)| (name, value)))
        .process_group(0);
    Ok(command)
}

/// `setpriv`'s options that make the child another user.
pub(super) fn identity(account: Account) -> Vec<OsString> {
    if !account.switch {
        return Vec::new();
    }
    vec![
        format!("--reuid={}", account.uid).into(),
        format!("--regid={}", account.gid).into(),
        "--clear-groups".into(),
    ]
}

/// A server's failure in words for the person at the machine.
fn told(name: &str, what: &str, log: &Path, lines: &str) -> Fault {
    let log = log.display();
    if lines.contains("No space left on device") {
        let sentence = format!(
            "The {name} server {what} because the disk of {log} is full. Make room and start again."
        );
        return machine("disk_full", sentence);
    }
    if lines.to_lowercase().contains("address already in use") {
        let sentence = format!(
            "The {name} server {what} because another program took its port. Start again: a free \
             port is chosen then."
        );
        return machine("port_in_use", sentence);
    }
    machine(
        "server_failed",
        format!("The {name} server {what}. Its log, {log}, ends with:\n{lines}"),
    )
}

fn last_lines(path: &Path) -> String {
    let text = fs::read(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let text = text.unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(LOG_LINES)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_does_not_start_is_told_in_a_sentence() {
        let told = |lines| told("postgres", "ended while starting", Path::new("/d/log"), lines);
        assert_eq!(told("FATAL: could not write: No space left on device").code(), "disk_full");
        assert_eq!(told("could not bind: Address already in use").code(), "port_in_use");
        let other = told("FATAL: something else");
        assert_eq!(other.code(), "server_failed");
        assert!(other.sentence().contains("something else"), "{other}");
    }
}
