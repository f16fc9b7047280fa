//! What processes use, from `/proc` (proc(5)).

use std::collections::BTreeMap;
use std::fs;

/// Clock ticks a second in `/proc/<pid>/stat`: `USER_HZ`, 100 on every Linux that is in use.
const TICKS: f64 = 100.0;

/// Processor time used so far, in seconds.
#[derive(Debug, Clone, Default)]
pub struct Used {
    /// By this process.
    pub own: f64,
    /// By the installation's own process, without its servers.
    pub services: f64,
    /// By PostgreSQL, those of its processes included that have ended.
    pub postgres: f64,
    /// By the broker.
    pub nats: f64,
}

impl Used {
    /// Up to now, for the services that run as `process` and the servers that `supervisor` runs.
    #[must_use]
    pub fn now(process: u32, supervisor: u32) -> Self {
        let all = all();
        let mut used = Self { services: time_of(&all, process), ..Self::default() };
        used.own = time_of(&all, std::process::id());
        for (id, one) in &all {
            let mut ancestor = one;
            while ancestor.parent > 1 && ancestor.parent != supervisor {
                let Some(next) = all.get(&ancestor.parent) else { break };
                ancestor = next;
            }
            if ancestor.parent != supervisor || *id == process {
                continue;
            }
            match one.name.as_str() {
                // Whoever has ended is counted with the process that waited for it.
                "postgres" => used.postgres += one.time + one.of_ended,
                "nats-server" => used.nats += one.time,
                _ => {}
            }
        }
        used
    }

    /// Processor time since `earlier`, as parts of one core over `seconds`.
    #[must_use]
    pub fn since(&self, earlier: &Self, seconds: f64) -> Self {
        Self {
            own: (self.own - earlier.own) / seconds,
            services: (self.services - earlier.services) / seconds,
            postgres: (self.postgres - earlier.postgres) / seconds,
            nats: (self.nats - earlier.nats) / seconds,
        }
    }
}

/// Processor time that one running process used so far, in seconds.
#[must_use]
pub fn time(process: u32) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"));
    stat.ok().and_then(|stat| parse(&stat)).map_or(0.0, |process| process.time)
}

struct Process {
    name: String,
    parent: u32,
    time: f64,
    /// Of its children that have ended.
    of_ended: f64,
}

fn all() -> BTreeMap<u32, Process> {
    let entries = fs::read_dir("/proc").expect("Linux has /proc").flatten();
    entries
        .filter_map(|entry| {
            let id: u32 = entry.file_name().to_str()?.parse().ok()?;
            // A process that has just ended is not there.
            let stat = fs::read_to_string(entry.path().join("stat")).ok()?;
            Some((id, parse(&stat)?))
        })
        .collect()
}

fn time_of(all: &BTreeMap<u32, Process>, process: u32) -> f64 {
    all.get(&process).map_or(0.0, |process| process.time)
}

fn parse(stat: &str) -> Option<Process> {
    // The name stands in parentheses and may hold any character.
    let (head, rest) = stat.rsplit_once(')')?;
    let name = head.split_once('(')?.1.to_owned();
    let fields: Vec<&str> = rest.split_whitespace().collect();
    let ticks = |field: usize| fields.get(field)?.parse::<u32>().ok();
    let time = (f64::from(ticks(11)?) + f64::from(ticks(12)?)) / TICKS;
    let of_ended = (f64::from(ticks(13)?) + f64::from(ticks(14)?)) / TICKS;
    Some(Process { name, parent: ticks(1)?, time, of_ended })
}

/// Memory of a process, in MiB.
#[derive(Debug, Clone, Copy)]
pub struct Memory {
    /// Resident now.
    pub resident: f64,
    /// Of it, anonymous: the heap and stacks.
    pub anonymous: f64,
    /// Of it, mapped files: the program itself.
    pub file: f64,
    /// The most that was ever resident.
    pub peak: f64,
}

impl Memory {
    /// Of a running process.
    #[must_use]
    pub fn of(process: u32) -> Self {
        let status = fs::read_to_string(format!("/proc/{process}/status"));
        let status = status.expect("the process runs");
        let field = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            let kibibytes = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
            kibibytes.map_or(0.0, |kibibytes: u32| f64::from(kibibytes) / 1_024.0)
        };
        Self {
            resident: field("VmRSS:"),
            anonymous: field("RssAnon:"),
            file: field("RssFile:"),
            peak: field("VmHWM:"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_hold_spaces_and_parentheses() {
        let stat = "17 (a (b) c) S 4 17 17 0 -1 4194560 1 2 3 4 250 50 7 8 20 0 1 0 99 1 1";
        let process = parse(stat).expect("readable");
        assert_eq!((process.name.as_str(), process.parent), ("a (b) c", 4));
        assert!((process.time - 3.0).abs() < f64::EPSILON);
        assert!((process.of_ended - 0.15).abs() < f64::EPSILON);
    }

    #[test]
    fn this_process_is_resident() {
        let memory = Memory::of(std::process::id());
        assert!(memory.resident > 0.5 && memory.peak >= memory.resident);
        assert!(Used::now(1, 1).own >= 0.0);
    }
}
