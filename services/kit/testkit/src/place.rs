//! Where test servers keep their files.

use std::path::PathBuf;

use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

/// The folder of the shared servers: one for each target directory, so that two clones do not
/// share.
///
/// As root, the servers run as a user that cannot pass through root's home, so their files go to
/// the system's folder for what may live long.
pub(crate) fn shared() -> PathBuf {
    let target = target_directory();
    if !is_root() {
        return target.join("test-servers");
    }
    let digest = Sha256::digest(target.to_string_lossy().as_bytes());
    PathBuf::from(format!("/var/tmp/guichet-test-servers-{}", hex::encode(&digest[..6])))
}

/// A folder of its own for one test, gone with the value; the servers' user can reach it.
///
/// # Panics
/// When it cannot be made.
#[must_use]
pub fn scratch() -> TempDir {
    let mut builder = tempfile::Builder::new();
    builder.prefix("guichet-test-");
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o711));
    let made = if is_root() { builder.tempdir_in("/var/tmp") } else { builder.tempdir() };
    made.expect("a scratch folder can be made")
}

fn is_root() -> bool {
    std::os::unix::fs::MetadataExt::uid(
        &std::fs::metadata("/proc/self").expect("this system has /proc"),
    ) == 0
}

/// The directory that cargo built this test into.
fn target_directory() -> PathBuf {
    let program = std::env::current_exe().expect("a process knows its program");
    program
        .ancestors()
        .find(|folder| {
            folder
                .file_name()
                .is_some_and(|name| name == "debug" || name == "release" || name == "bench-fast")
        })
        .and_then(|profile| profile.parent())
        .map_or_else(std::env::temp_dir, std::borrow::ToOwned::to_owned)
}
