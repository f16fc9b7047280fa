//! Writes the committed bindings anew: `cargo run -p proto-generator`.

use std::error::Error;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let out = root.join("src/gen");
    // Cleared first, so that the binding of a deleted file cannot linger.
    std::fs::remove_dir_all(&out)?;
    std::fs::create_dir_all(&out)?;
    proto_generator::generate(&root, &out)
}
