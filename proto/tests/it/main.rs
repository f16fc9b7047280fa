//! The committed bindings are what the `.proto` files say.

use std::collections::BTreeMap;
use std::path::Path;

fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    std::fs::read_dir(folder)
        .expect("the folder of bindings is readable")
        .map(|entry| entry.expect("an entry is readable").path())
        .map(|path| {
            let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
            (name, std::fs::read(&path).expect("a binding is readable"))
        })
        .collect()
}

#[test]
fn the_committed_bindings_are_those_of_the_proto_files() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let fresh = tempfile::tempdir().expect("a temporary folder can be made");
    proto_generator::generate(root, fresh.path()).expect("the proto files compile");
    let (committed, expected) = (contents(&root.join("src/gen")), contents(fresh.path()));
    assert_eq!(
        committed.keys().collect::<Vec<_>>(),
        expected.keys().collect::<Vec<_>>(),
        "run `cargo run -p proto-generator` and commit src/gen"
    );
    for (name, bytes) in expected {
        assert!(
            committed[&name] == bytes,
            "{name} is stale: run `cargo run -p proto-generator` and commit src/gen"
        );
    }
}
