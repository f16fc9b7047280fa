//! What survives a restart: an append-only file of JSON lines.
//!
//! A line is handed to the operating system before the action that it records is answered, so it
//! survives the death of the process. It is not forced to the disk: after a power cut the last
//! lines of a simulation may be missing, and half a line at the end is cut off at the next start.

use std::fs::{File, OpenOptions};
use std::io::{BufRead as _, BufReader, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use kit_values::{Class, Fault};
use serde::{Deserialize, Serialize};

use crate::log::Attempt;
use crate::world::Happening;

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "snake_case")]
pub enum Entry {
    /// Something happened.
    Happening(Box<Happening>),
    /// An update was posted and answered, or not answered.
    Answer {
        /// The happening.
        number: u64,
        /// Which of its updates.
        index: u32,
        /// The attempt.
        #[serde(flatten)]
        attempt: Attempt,
    },
}

/// The file, open for more.
#[derive(Debug)]
pub struct Journal {
    file: File,
    length: u64,
}

impl Journal {
    /// Opens the file, made when it is not there, after giving every line in it to `each`.
    ///
    /// A last line without its end is cut off. A line that cannot be read is passed over with a
    /// warning.
    ///
    /// # Errors
    /// Unavailable, with what to do, when the file cannot be read or written.
    pub fn open(path: &Path, each: impl FnMut(Entry)) -> Result<Self, Fault> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|error| unusable(path, error))?;
        }
        let mut file = OpenOptions::new()
            .read(true)
            .append(true)
            .create(true)
            .open(path)
            .map_err(|error| unusable(path, error))?;
        let whole = read_lines(&mut file, each).map_err(|error| unusable(path, error))?;
        file.set_len(whole).map_err(|error| unusable(path, error))?;
        Ok(Self { file, length: whole })
    }

    /// Adds one line.
    ///
    /// # Errors
    /// Unavailable when the file cannot be written, a full disk above all.
    pub fn append(&mut self, entry: &Entry) -> Result<(), Fault> {
        let mut line = serde_json::to_vec(entry).map_err(Fault::internal)?;
        line.push(b'\n');
        self.file.write_all(&line).map_err(|error| {
            // Half a line would spoil the next one; if this fails too, only that line is lost.
            let _ = self.file.set_len(self.length);
            let sentence = "The playground's journal cannot be written; is the disk full?";
            Fault::new(Class::Unavailable, "journal_unwritable", sentence).caused_by(error)
        })?;
        self.length += u64::try_from(line.len()).unwrap_or(0);
        Ok(())
    }
}

/// Gives every line of a journal to `each`, without opening it for writing.
///
/// # Errors
/// Unavailable when the file cannot be read.
pub fn read(path: &Path, each: impl FnMut(Entry)) -> Result<(), Fault> {
    let mut file = File::open(path).map_err(|error| unusable(path, error))?;
    read_lines(&mut file, each).map(|_| ()).map_err(|error| unusable(path, error))
}

/// Gives how many bytes whole lines take.
fn read_lines(file: &mut File, mut each: impl FnMut(Entry)) -> std::io::Result<u64> {
    file.seek(SeekFrom::Start(0))?;
    let mut reader = BufReader::new(file);
    let mut line = Vec::new();
    let mut whole = 0;
    loop {
        line.clear();
        let length = reader.read_until(b'\n', &mut line)?;
        if !line.ends_with(b"\n") {
            return Ok(whole);
        }
        whole += u64::try_from(length).unwrap_or(0);
        match serde_json::from_slice(&line) {
            Ok(entry) => each(entry),
            Err(error) => {
                tracing::warn!(end = whole, %error, "unreadable line of the journal passed over");
            }
        }
    }
}

fn unusable(path: &Path, error: std::io::Error) -> Fault {
    let sentence = format!("The playground's journal {} cannot be used.", path.display());
    Fault::new(Class::Unavailable, "journal_unusable", sentence).caused_by(error)
}
