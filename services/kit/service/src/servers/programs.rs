//! Where the servers' programs are, and whether they are new enough.

use std::path::{Path, PathBuf};
use std::process::Command;

use kit_values::Fault;

use super::machine;

/// The oldest versions that are accepted: what the code relies on, and for NATS the fixes of its
/// security notes (`reference/reliability.md` 1.2).
const NATS: [u32; 3] = [2, 12, 7];
const POSTGRES: u32 = 15;
const REDIS: [u32; 3] = [7, 0, 0];
/// As deploy/install pins it: the page's address and its settings are its own.
const OTELITE: [u32; 3] = [0, 1, 156];

/// Programs to use instead of those that would be found.
#[derive(Debug, Clone, Default)]
pub struct Programs {
    /// The directory of `initdb` and `postgres`.
    pub postgres: Option<PathBuf>,
    /// `nats-server`.
    pub nats: Option<PathBuf>,
    /// `redis-server` or `valkey-server`.
    pub redis: Option<PathBuf>,
    /// `otelite`.
    pub otelite: Option<PathBuf>,
}

impl Programs {
    /// The directory of PostgreSQL's programs; of that major version when `major` is given, else
    /// of the newest.
    pub(super) fn postgres_directory(&self, major: Option<u32>) -> Result<PathBuf, Fault> {
        let candidates = match &self.postgres {
            Some(given) => vec![given.clone()],
            None => postgres_candidates(),
        };
        let mut found: Vec<(u32, PathBuf)> = candidates
            .into_iter()
            .filter(|directory| directory.join("initdb").exists())
            .filter_map(|directory| {
                let version = version_of(&directory.join("postgres"))?;
                Some((*version.first()?, directory))
            })
            .collect();
        found.sort();
        if let Some(major) = major {
            return found
                .into_iter()
                .find(|(version, _)| *version == major)
                .map(|(_, directory)| directory)
                .ok_or_else(|| {
                    machine(
                        "postgres_version",
                        format!(
                            "The data was made by PostgreSQL {major}, which is not on this machine. \
                             Install it, or begin anew with --fresh."
                        ),
                    )
                });
        }
        match found.pop() {
            Some((version, directory)) if version >= POSTGRES => Ok(directory),
            Some((version, _)) => Err(too_old("PostgreSQL", &version.to_string(), "15")),
            None => Err(missing("PostgreSQL")),
        }
    }

    /// `nats-server`.
    pub(super) fn nats_server(&self) -> Result<PathBuf, Fault> {
        first(self.nats.as_ref(), &["nats-server"], NATS, "nats-server", "2.12.7")
    }

    /// `redis-server`, or `valkey-server`.
    pub(super) fn redis_server(&self) -> Result<PathBuf, Fault> {
        first(self.redis.as_ref(), &["redis-server", "valkey-server"], REDIS, "Redis", "7")
    }

    /// `otelite`, which only those have who asked for it.
    pub(super) fn otelite(&self) -> Result<PathBuf, Fault> {
        let found = first(self.otelite.as_ref(), &["otelite"], OTELITE, "otelite", "0.1.156");
        found.map_err(|fault| {
            let sentence = "otelite 0.1.156 or later, which receives and shows traces, is not on \
                            this machine. Run deploy/install observe, which builds it, or leave \
                            out --observe.";
            machine(fault.code(), sentence.to_owned())
        })
    }
}

/// `setpriv` of util-linux.
pub(super) fn setpriv() -> Result<PathBuf, Fault> {
    on_path("setpriv").next().ok_or_else(|| missing("setpriv (of util-linux)"))
}

/// The first program that is new enough.
fn first(
    given: Option<&PathBuf>,
    names: &[&str],
    least: [u32; 3],
    people: &str,
    least_text: &str,
) -> Result<PathBuf, Fault> {
    let candidates: Vec<PathBuf> = match given {
        Some(given) => vec![given.clone()],
        None => names.iter().flat_map(|name| on_path(name)).collect(),
    };
    let mut old = None;
    for candidate in candidates {
        match version_of(&candidate) {
            Some(version) if version.as_slice() >= least.as_slice() => return Ok(candidate),
            Some(version) => {
                let text: Vec<String> = version.iter().map(ToString::to_string).collect();
                old = Some(text.join("."));
            }
            None => {}
        }
    }
    Err(old.map_or_else(|| missing(people), |found| too_old(people, &found, least_text)))
}

fn missing(what: &str) -> Fault {
    machine(
        "program_missing",
        format!(
            "{what} is not on this machine. Run deploy/install, which installs it or says how."
        ),
    )
}

fn too_old(what: &str, found: &str, least: &str) -> Fault {
    machine(
        "program_too_old",
        format!(
            "{what} {found} is too old; {least} or later is needed. Run deploy/install, which \
             installs one or says how."
        ),
    )
}

#[expect(clippy::disallowed_methods, reason = "where programs are is the machine's, not a setting")]
fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Where programs may be, best first; what deploy/install unpacked comes before the system's.
fn directories() -> Vec<PathBuf> {
    let mut directories = Vec::new();
    if let Some(prefix) = environment("GUICHET_PREFIX") {
        directories.push(Path::new(&prefix).join("bin"));
    }
    directories.push("/opt/guichet/bin".into());
    if let Some(home) = environment("HOME") {
        directories.push(Path::new(&home).join(".local/share/guichet/bin"));
    }
    if let Some(path) = environment("PATH") {
        directories.extend(std::env::split_paths(&path));
    }
    // Not on an ordinary user's path everywhere.
    directories.extend(["/usr/local/bin", "/usr/bin", "/usr/sbin"].map(PathBuf::from));
    directories
}

fn on_path(name: &str) -> impl Iterator<Item = PathBuf> + use<> {
    let name = name.to_owned();
    directories()
        .into_iter()
        .map(move |directory| directory.join(&name))
        .filter(|path| path.is_file())
}

/// Debian keeps one directory a version, off the path.
fn postgres_candidates() -> Vec<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let mut found: Vec<PathBuf> =
        versions.filter_map(|entry| Some(entry.ok()?.path().join("bin"))).collect();
    found.extend(
        on_path("postgres").filter_map(|path| Some(path.canonicalize().ok()?.parent()?.to_owned())),
    );
    found
}

/// What a program says its version is: the first dotted number of its answer.
fn version_of(program: &Path) -> Option<Vec<u32>> {
    let answer = Command::new(program).arg("--version").output().ok()?;
    parse_version(&String::from_utf8_lossy(&answer.stdout))
}

fn parse_version(text: &str) -> Option<Vec<u32>> {
    text.split(|character: char| !(character.is_ascii_digit() || character == '.'))
        .map(|word| word.trim_matches('.'))
        .find(|word| word.contains('.'))
        .map(|word| word.split('.').filter_map(|part| part.parse().ok()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_what_programs_say() {
        for (text, version) in [
            ("nats-server: v2.15.1\n", vec![2, 15, 1]),
            ("nats-server: v2.9.10", vec![2, 9, 10]),
            ("postgres (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)", vec![15, 20]),
            ("Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64", vec![7, 0, 15]),
        ] {
            assert_eq!(parse_version(text), Some(version), "{text}");
        }
        assert_eq!(parse_version("no version here"), None);
    }

    #[test]
    fn an_old_server_is_refused_with_what_to_do() {
        let folder = tempfile::tempdir().expect("a folder");
        let old = folder.path().join("nats-server");
        std::fs::write(&old, "#!/bin/sh\necho 'nats-server: v2.9.10'\n").expect("written");
        std::fs::set_permissions(&old, std::os::unix::fs::PermissionsExt::from_mode(0o755))
            .expect("set");
        let fault =
            Programs { nats: Some(old), ..Programs::default() }.nats_server().expect_err("too old");
        assert_eq!(fault.code(), "program_too_old");
        for word in ["2.9.10", "2.12.7", "deploy/install"] {
            assert!(fault.sentence().contains(word), "{fault}");
        }
    }

    #[test]
    fn a_missing_program_names_the_installer() {
        let nowhere = Programs {
            nats: Some("/nonexistent/nats-server".into()),
            postgres: Some("/nonexistent".into()),
            redis: Some("/nonexistent/redis-server".into()),
            otelite: Some("/nonexistent/otelite".into()),
        };
        for fault in [
            nowhere.nats_server().expect_err("missing"),
            nowhere.redis_server().expect_err("missing"),
            nowhere.postgres_directory(None).expect_err("missing"),
        ] {
            assert_eq!(fault.code(), "program_missing");
            assert!(fault.sentence().contains("deploy/install"), "{fault}");
        }
        let fault = nowhere.otelite().expect_err("missing");
        assert!(fault.sentence().contains("Run deploy/install observe"), "{fault}");
    }
}
