//! What was started, so that the next start can stop what survived.
//!
//! A pid alone names whoever has it now; with the start time and the boot it names one process.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use kit_values::Fault;
use rustix::process::{Pid, Signal, kill_process};
use serde::{Deserialize, Serialize};

use super::machine;

/// One started server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Record {
    /// Its name: `postgres`, `nats`, `redis`.
    pub server: String,
    /// Its process.
    pub pid: i32,
    /// When that process started, in the kernel's ticks since the boot.
    pub started: u64,
    /// Which boot.
    pub boot: String,
}

impl Record {
    /// The record of a process that was started just now. One that has ended already is never
    /// alive: no process has that start time.
    pub(super) fn of(server: &str, pid: i32) -> Self {
        let started = started(pid).unwrap_or(u64::MAX);
        Self { server: server.to_owned(), pid, started, boot: boot() }
    }

    /// Whether that very process is running.
    pub(super) fn is_alive(&self) -> bool {
        self.boot == boot() && started(self.pid) == Some(self.started)
    }

    fn signal(&self, signal: Signal) {
        if self.is_alive()
            && let Some(pid) = Pid::from_raw(self.pid)
        {
            // It may have ended just now.
            let _ = kill_process(pid, signal);
        }
    }

    /// Asks it to end, waits for `grace`, then kills it.
    pub(super) fn end(&self, grace: Duration) -> Result<(), Fault> {
        self.signal(ending_signal(&self.server));
        if wait_until_gone(self, grace) {
            return Ok(());
        }
        tracing::warn!(server = %self.server, pid = self.pid, "the server does not end and is killed");
        self.signal(Signal::KILL);
        if wait_until_gone(self, grace) {
            return Ok(());
        }
        let sentence = format!(
            "The {} server (process {}) does not end. End it and start again.",
            self.server, self.pid
        );
        Err(machine("survivor", sentence))
    }

    pub(super) fn save(&self, path: &Path) -> Result<(), Fault> {
        let text = serde_json::to_string(self).map_err(Fault::internal)?;
        fs::write(path, text).map_err(Fault::internal)
    }

    fn load(path: &Path) -> Option<Self> {
        serde_json::from_str(&fs::read_to_string(path).ok()?).ok()
    }
}

/// Whether the process of this record is running.
pub(super) fn is_alive(path: &Path) -> bool {
    Record::load(path).is_some_and(|record| record.is_alive())
}

/// How a server is asked to end: PostgreSQL's fast shutdown is INT (TERM would wait for its
/// clients), the others end on TERM.
fn ending_signal(server: &str) -> Signal {
    if server == "postgres" { Signal::INT } else { Signal::TERM }
}

/// Stops the recorded server if it still runs.
pub(super) fn stop_survivor(path: &Path, grace: Duration) -> Result<(), Fault> {
    let Some(record) = Record::load(path) else { return Ok(()) };
    if record.is_alive() {
        tracing::info!(server = %record.server, pid = record.pid, "stopping a server of an earlier start");
        record.end(grace)?;
    }
    // A record that stays is looked at again next time.
    let _ = fs::remove_file(path);
    Ok(())
}

fn wait_until_gone(record: &Record, grace: Duration) -> bool {
    let until = Instant::now() + grace;
    while record.is_alive() {
        if Instant::now() >= until {
            return false;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    true
}

/// When a process started, in ticks since the boot; `None` when there is no such process, or only
/// what is left of one that ended.
fn started(pid: i32) -> Option<u64> {
    parse_stat(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
}

/// The name in the second field may hold blanks and parentheses: what follows the last one counts.
fn parse_stat(stat: &str) -> Option<u64> {
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    if matches!(fields.first(), Some(&("Z" | "X"))) {
        return None;
    }
    fields.get(19)?.parse().ok()
}

fn boot() -> String {
    fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own() -> Record {
        Record::of("postgres", i32::try_from(std::process::id()).expect("a pid"))
    }

    #[test]
    fn this_process_is_alive_and_its_record_reads_back() {
        let record = own();
        assert!(record.is_alive());
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("postgres.json");
        record.save(&path).expect("saved");
        assert_eq!(Record::load(&path), Some(record));
        assert!(is_alive(&path));
    }

    #[test]
    fn another_process_with_the_same_pid_is_not_it() {
        let record = own();
        assert!(!Record { started: record.started + 1, ..record.clone() }.is_alive());
        assert!(!Record { boot: "another".to_owned(), ..record }.is_alive());
    }

    #[test]
    fn a_name_with_parentheses_does_not_confuse() {
        let stat = "42 (a) b) c) S 1 42 42 0 -1 4194304 1 0 0 0 0 0 0 0 20 0 1 0 987654 1 1";
        assert_eq!(parse_stat(stat), Some(987_654));
        let dead = "42 (gone) Z 1 42 42 0 -1 4194304 1 0 0 0 0 0 0 0 20 0 1 0 987654 1 1";
        assert_eq!(parse_stat(dead), None);
    }
}
