//! Files that only their owner may read, and sentences for what can go wrong with files.

use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use kit_values::{Class, Fault};

/// Replaces a file in one step, readable and writable by its owner alone.
///
/// # Errors
/// Unavailable or Internal, with what to do.
pub fn write_private(path: &Path, text: &str) -> Result<(), Fault> {
    let fresh = path.with_extension("new");
    let written = (|| {
        let mut file = std::fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&fresh)?;
        file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&fresh, path)
    })();
    written.map_err(|error| refusal(path, error))
}

/// Makes a folder that only its owner can open, unless it is there.
///
/// # Errors
/// Unavailable or Internal, with what to do.
pub fn make_private_folder(path: &Path) -> Result<(), Fault> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true).mode(0o700).create(path).map_err(|error| refusal(path, error))
}

/// The text of a file; none when there is no such file.
///
/// # Errors
/// Unavailable or Internal, with what to do.
pub fn read(path: &Path) -> Result<Option<String>, Fault> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(refusal(path, error)),
    }
}

/// What to do about a file that cannot be used.
#[must_use]
pub fn refusal(path: &Path, error: std::io::Error) -> Fault {
    let path = path.display();
    let sentence = match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            format!("The disk that holds {path} is full; free some space and start again.")
        }
        ErrorKind::PermissionDenied => format!(
            "No permission for {path}; use another folder (--data) or the account that owns it."
        ),
        ErrorKind::ReadOnlyFilesystem => {
            format!("{path} is on a read-only disk; use another folder (--data).")
        }
        ErrorKind::NotFound => format!("There is no {path}."),
        _ => format!("{path} cannot be used."),
    };
    Fault::new(Class::Unavailable, "file_unusable", sentence).caused_by(error)
}
