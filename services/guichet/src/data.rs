//! The folder where `guichet up` keeps everything: its layout, who may delete it, and that one
//! process at a time uses it.

use std::fs::{File, TryLockError};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use kit_service::config;
use kit_values::{Class, Fault};

use crate::files;

/// Present in a folder that `up` made: nothing else is ever deleted by `--fresh`.
const MARKER: &str = "GUICHET";

/// Locked by the process that uses the folder; the system unlocks it when that process ends,
/// however it ends.
const LOCK: &str = "lock";

const MARKER_TEXT: &str = "\
Everything that `guichet up` keeps is in this folder: its database, its secrets, its demo
accounts. `guichet up --fresh` deletes it and starts anew.
";

/// Proof that this process alone uses a folder.
#[derive(Debug)]
pub struct Lock(#[expect(dead_code, reason = "held for its lock alone")] File);

/// A data folder.
#[derive(Debug, Clone)]
pub struct Data {
    /// Where it is.
    pub root: PathBuf,
}

impl Data {
    /// The folder asked for, else `/var/lib/guichet` for root and `~/.local/share/guichet` for
    /// anyone else.
    ///
    /// # Errors
    /// Invalid when there is no home folder to fall back on.
    pub fn at(asked: Option<PathBuf>) -> Result<Self, Fault> {
        if let Some(root) = asked {
            let root = std::path::absolute(&root).map_err(|error| files::refusal(&root, error))?;
            return Ok(Self { root });
        }
        if is_root() {
            return Ok(Self { root: PathBuf::from("/var/lib/guichet") });
        }
        let home = config::environment("HOME").ok_or_else(|| {
            let sentence = "HOME is not set; say with --data where to keep the data.";
            Fault::new(Class::Invalid, "home_missing", sentence)
        })?;
        Ok(Self { root: Path::new(home.expose()).join(".local/share/guichet/data") })
    }

    /// Secrets of the installation.
    #[must_use]
    pub fn secrets(&self) -> PathBuf {
        self.root.join("secrets.toml")
    }

    /// The demo organization and its accounts.
    #[must_use]
    pub fn demo(&self) -> PathBuf {
        self.root.join("demo.toml")
    }

    /// The configuration of the processes that run now, or ran last.
    #[must_use]
    pub fn running(&self) -> PathBuf {
        self.root.join("running.toml")
    }

    /// Of the private servers.
    #[must_use]
    pub fn servers(&self) -> PathBuf {
        self.root.join("servers")
    }

    /// Of the playground.
    #[must_use]
    pub fn playground(&self) -> PathBuf {
        self.root.join("playground")
    }

    /// Makes the folder unless it is there, marks it, and takes it for this process alone until
    /// the returned lock is dropped.
    ///
    /// # Errors
    /// Rejected when the folder holds something else; Conflict when it is in use.
    pub fn open(&self) -> Result<Lock, Fault> {
        if !self.is_marked() && !self.is_absent_or_empty()? {
            let sentence = format!(
                "{} was not made by `guichet up`; give a new or an empty folder with --data.",
                self.root.display()
            );
            return Err(Fault::new(Class::Rejected, "folder_not_ours", sentence));
        }
        let made = (|| {
            std::fs::create_dir_all(&self.root)?;
            // The database's own user must be able to pass through; secrets are closed one by one.
            std::fs::set_permissions(&self.root, std::fs::Permissions::from_mode(0o711))?;
            std::fs::write(self.root.join(MARKER), MARKER_TEXT)
        })();
        made.map_err(|error| files::refusal(&self.root, error))?;
        self.lock()
    }

    /// Deletes everything in the folder but its marker and its lock. Whoever holds the lock has
    /// stopped the servers that kept their data there.
    ///
    /// # Errors
    /// What the disk says.
    pub fn erase(&self, _held: &Lock) -> Result<(), Fault> {
        let erased = (|| {
            for entry in std::fs::read_dir(&self.root)? {
                let entry = entry?;
                if entry.file_name() == MARKER || entry.file_name() == LOCK {
                    continue;
                }
                if entry.file_type()?.is_dir() {
                    std::fs::remove_dir_all(entry.path())?;
                } else {
                    std::fs::remove_file(entry.path())?;
                }
            }
            Ok(())
        })();
        erased.map_err(|error| files::refusal(&self.root, error))
    }

    fn lock(&self) -> Result<Lock, Fault> {
        let path = self.root.join(LOCK);
        let lock = File::create(&path).map_err(|error| files::refusal(&path, error))?;
        match lock.try_lock() {
            Ok(()) => Ok(Lock(lock)),
            Err(TryLockError::WouldBlock) => {
                let sentence = format!(
                    "Guichet is already running on {}; stop it first, or give another folder with \
                     --data.",
                    self.root.display()
                );
                Err(Fault::new(Class::Conflict, "already_running", sentence))
            }
            Err(TryLockError::Error(error)) => Err(files::refusal(&path, error)),
        }
    }

    fn is_marked(&self) -> bool {
        self.root.join(MARKER).is_file()
    }

    fn is_absent_or_empty(&self) -> Result<bool, Fault> {
        match std::fs::read_dir(&self.root) {
            Ok(mut entries) => Ok(entries.next().is_none()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(true),
            Err(error) => Err(files::refusal(&self.root, error)),
        }
    }
}

/// Whether this process may do everything; children then run as a user of their own.
#[must_use]
pub fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt as _;
    // A process's own folder in /proc belongs to its effective user.
    std::fs::metadata("/proc/self").is_ok_and(|metadata| metadata.uid() == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> (tempfile::TempDir, Data) {
        let folder = tempfile::tempdir().expect("a folder");
        let data = Data { root: folder.path().join("data") };
        (folder, data)
    }

    #[test]
    fn one_process_at_a_time_uses_a_folder() {
        let (_folder, data) = folder();
        let lock = data.open().expect("opens");
        assert_eq!(data.open().expect_err("in use").code(), "already_running");
        drop(lock);
        data.open().expect("free again");
    }

    #[test]
    fn a_folder_of_somebody_else_is_neither_used_nor_emptied() {
        let (_folder, data) = folder();
        std::fs::create_dir_all(&data.root).expect("makes");
        std::fs::write(data.root.join("thesis.txt"), "mine").expect("writes");
        assert_eq!(data.open().expect_err("not ours").code(), "folder_not_ours");
        assert!(data.root.join("thesis.txt").exists());
    }

    #[test]
    fn what_up_made_can_be_erased_while_its_lock_is_held() {
        let (_folder, data) = folder();
        let lock = data.open().expect("opens");
        files::write_private(&data.secrets(), "x = 1").expect("writes");
        std::fs::create_dir_all(data.servers().join("deep")).expect("makes");
        data.erase(&lock).expect("ours");
        assert!(!data.secrets().exists() && !data.servers().exists());
        assert_eq!(data.open().expect_err("still held").code(), "already_running");
        drop(lock);
        data.open().expect("ours still");
    }

    #[test]
    fn secrets_are_for_their_owner_alone() {
        let (_folder, data) = folder();
        let _lock = data.open().expect("opens");
        files::write_private(&data.secrets(), "x = 1").expect("writes");
        let mode = std::fs::metadata(data.secrets()).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
