//! Compiles `proto/guichet/**.proto` into Rust bindings and one descriptor set.
//!
//! Its own crate because the bindings it writes are part of `proto`, which could not compile
//! without them. Used by `cargo run -p proto-generator` and by the drift test of `proto`.

use std::error::Error;
use std::path::{Path, PathBuf};

/// The descriptor set's file name, beside the bindings.
pub const DESCRIPTORS: &str = "guichet.descriptors.bin";

/// Every `.proto` file below `root`, relative to it, sorted.
pub fn proto_files(root: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut found = Vec::new();
    let mut folders = vec![root.join("guichet")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "proto") {
                found.push(path.strip_prefix(root)?.to_path_buf());
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Writes bindings and descriptors of everything below `root` into `out`.
pub fn generate(root: &Path, out: &Path) -> Result<(), Box<dyn Error>> {
    let files = proto_files(root)?;
    let descriptors = protox::Compiler::new([root])?
        .include_imports(true)
        .include_source_info(true)
        .open_files(&files)?
        .file_descriptor_set();
    tonic_prost_build::configure()
        .out_dir(out)
        .emit_rerun_if_changed(false)
        .compile_fds(descriptors.clone())?;
    let mut bare = descriptors;
    for file in &mut bare.file {
        file.source_code_info = None;
    }
    std::fs::write(out.join(DESCRIPTORS), prost::Message::encode_to_vec(&bare))?;
    Ok(())
}
