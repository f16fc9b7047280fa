//! The data directory: who may reach it, what is kept in it, whether it has room.

use std::fmt::Write as _;
use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::Write as _;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::{
    DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _, chown,
};
use std::path::{Path, PathBuf};

use kit_values::{Fault, Secret};

use super::account::Account;
use super::{machine, record_path};

/// Less room than this and nothing is started: PostgreSQL stops in the middle of things without.
const LEAST_ROOM: u64 = 256 * 1024 * 1024;

/// A data directory in which this process alone runs one of the servers.
#[derive(Debug)]
pub(super) struct Directory {
    path: PathBuf,
    account: Account,
    _lock: File,
}

impl Directory {
    /// Makes the directory when it is not there, takes its lock for one server, and checks that
    /// the servers' user can reach it.
    pub(super) fn open(path: &Path, server: &str, account: Account) -> Result<Self, Fault> {
        DirBuilder::new().recursive(true).mode(0o755).create(path).map_err(|error| {
            machine("data_not_made", format!("{} cannot be made: {error}.", path.display()))
        })?;
        let path = path.canonicalize().map_err(Fault::internal)?;
        if account.switch {
            check_reachable(&path, account)?;
        }
        let refused = |error: std::io::Error| {
            let sentence = format!("{} cannot be written to: {error}.", path.display());
            machine("data_not_writable", sentence)
        };
        let run = path.join("run");
        DirBuilder::new().recursive(true).mode(0o700).create(&run).map_err(refused)?;
        let lock = File::create(run.join(format!("{server}.lock"))).map_err(refused)?;
        lock.try_lock().map_err(|_| {
            machine(
                "data_in_use",
                format!(
                    "Another Guichet is running from {}. Stop it first, or give another data \
                     directory.",
                    path.display()
                ),
            )
        })?;
        Ok(Self { path, account, _lock: lock })
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// As whom the servers run.
    pub(super) fn account(&self) -> Account {
        self.account
    }

    /// Refuses a disk that is nearly full.
    pub(super) fn check_space(&self) -> Result<(), Fault> {
        let found = rustix::fs::statvfs(&self.path).map_err(Fault::internal)?;
        room_or_fault(&self.path, found.f_bavail.saturating_mul(found.f_frsize))
    }

    /// A folder of the servers' user, made when it is not there.
    pub(super) fn folder(&self, name: &str) -> Result<PathBuf, Fault> {
        let folder = self.path.join(name);
        DirBuilder::new().recursive(true).mode(0o700).create(&folder).map_err(Fault::internal)?;
        self.hand_over(&folder)?;
        Ok(folder)
    }

    /// A file that only the servers' user can read.
    pub(super) fn private_file(&self, path: &Path, text: &str) -> Result<(), Fault> {
        write_private(path, text)?;
        self.hand_over(path)
    }

    fn hand_over(&self, path: &Path) -> Result<(), Fault> {
        if self.account.switch {
            chown(path, Some(self.account.uid), Some(self.account.gid)).map_err(Fault::internal)?;
        }
        Ok(())
    }

    /// Where a server's record is.
    pub(super) fn record(&self, server: &str) -> PathBuf {
        record_path(&self.path, server)
    }

    /// Where a server's output goes.
    pub(super) fn log(&self, server: &str) -> Result<PathBuf, Fault> {
        let folder = self.path.join("log");
        DirBuilder::new().recursive(true).mode(0o700).create(&folder).map_err(Fault::internal)?;
        Ok(folder.join(format!("{server}.log")))
    }

    /// The port of a server: the one of the last start when it is still free, else a free one.
    pub(super) fn port(&self, server: &str) -> Result<u16, Fault> {
        let kept = self.path.join("run").join(format!("{server}.port"));
        let before = fs::read_to_string(&kept).ok().and_then(|text| text.trim().parse().ok());
        if let Some(port) = before
            && TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
        {
            return Ok(port);
        }
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .and_then(|listener| listener.local_addr())
            .map_err(|error| {
                machine("no_free_port", format!("No free port could be had on 127.0.0.1: {error}."))
            })?
            .port();
        fs::write(&kept, port.to_string()).map_err(Fault::internal)?;
        Ok(port)
    }

    /// A password of a server, made at the first start: hexadecimal digits, since it stands in
    /// addresses and in configuration files.
    pub(super) fn password(&self, server: &str) -> Result<Secret<String>, Fault> {
        let kept = self.path.join("run").join(format!("{server}.password"));
        if let Ok(text) = fs::read_to_string(&kept)
            && !text.is_empty()
        {
            return Ok(Secret::new(text));
        }
        let mut bytes = [0_u8; 24];
        getrandom::fill(&mut bytes).map_err(|error| Fault::internal(error.to_string()))?;
        let mut text = String::with_capacity(bytes.len() * 2);
        for byte in bytes {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        write_private(&kept, &text)?;
        Ok(Secret::new(text))
    }
}

fn room_or_fault(path: &Path, room: u64) -> Result<(), Fault> {
    if room >= LEAST_ROOM {
        return Ok(());
    }
    let mebibyte = 1024 * 1024;
    Err(machine(
        "disk_full",
        format!(
            "Only {} MiB are free on the disk of {}; at least {} MiB are needed. Make room and \
             start again.",
            room / mebibyte,
            path.display(),
            LEAST_ROOM / mebibyte
        ),
    ))
}

fn write_private(path: &Path, text: &str) -> Result<(), Fault> {
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)
        .map_err(Fault::internal)?;
    // The mode above counts only for a file that is made now.
    file.set_permissions(Permissions::from_mode(0o600)).map_err(Fault::internal)?;
    file.write_all(text.as_bytes()).map_err(Fault::internal)
}

/// Every folder on the way must let the servers' user pass.
fn check_reachable(path: &Path, account: Account) -> Result<(), Fault> {
    for folder in path.ancestors() {
        let found = fs::metadata(folder).map_err(Fault::internal)?;
        let needed = if found.uid() == account.uid {
            0o100
        } else if found.gid() == account.gid {
            0o010
        } else {
            0o001
        };
        if found.mode() & needed == 0 {
            return Err(machine(
                "data_unreachable",
                format!(
                    "The servers run as user number {}, which cannot pass through {}. Choose a data \
                     directory elsewhere (root's default is /var/lib/guichet), or allow it with: \
                     chmod o+x {}",
                    account.uid,
                    folder.display(),
                    folder.display()
                ),
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own() -> Account {
        Account {
            uid: rustix::process::geteuid().as_raw(),
            gid: rustix::process::getegid().as_raw(),
            switch: false,
        }
    }

    #[test]
    fn one_directory_serves_one_start_of_a_server_at_a_time() {
        let root = tempfile::tempdir().expect("a directory");
        let first = Directory::open(root.path(), "nats", own()).expect("opens");
        let fault = Directory::open(root.path(), "nats", own()).expect_err("in use");
        assert_eq!(fault.code(), "data_in_use");
        Directory::open(root.path(), "redis", own()).expect("another server");
        drop(first);
        Directory::open(root.path(), "nats", own()).expect("opens again");
    }

    #[test]
    fn ports_and_passwords_are_kept() {
        let root = tempfile::tempdir().expect("a directory");
        let directory = Directory::open(root.path(), "nats", own()).expect("opens");
        let port = directory.port("nats").expect("a port");
        assert_eq!(directory.port("nats").expect("the same"), port);
        let password = directory.password("postgres").expect("one");
        assert!(password.equals(directory.password("postgres").expect("the same").expose()));
        let mode = fs::metadata(root.path().join("run/postgres.password")).expect("there").mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_port_that_somebody_took_is_replaced() {
        let root = tempfile::tempdir().expect("a directory");
        let directory = Directory::open(root.path(), "nats", own()).expect("opens");
        let port = directory.port("nats").expect("a port");
        let _taken = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).expect("taken");
        assert_ne!(directory.port("nats").expect("another"), port);
    }

    #[test]
    fn a_folder_that_the_servers_cannot_pass_is_named() {
        let root = tempfile::tempdir().expect("a directory");
        fs::set_permissions(root.path(), Permissions::from_mode(0o700)).expect("set");
        let inner = root.path().join("data");
        fs::create_dir(&inner).expect("made");
        let stranger = Account { uid: 4_321, gid: 4_321, switch: true };
        let fault = check_reachable(&inner, stranger).expect_err("unreachable");
        assert_eq!(fault.code(), "data_unreachable");
        assert!(fault.sentence().contains(&root.path().display().to_string()), "{fault}");
    }

    #[test]
    fn a_disk_that_is_nearly_full_is_refused() {
        let path = Path::new("/data");
        room_or_fault(path, LEAST_ROOM).expect("enough");
        let fault = room_or_fault(path, LEAST_ROOM - 1).expect_err("too little");
        assert_eq!(fault.code(), "disk_full");
        assert!(fault.sentence().contains("255 MiB"), "{fault}");
    }
}
