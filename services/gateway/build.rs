//! Says when the embedded workspace must be read again. Never runs npm.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    if std::path::Path::new("../workspace/dist").exists() {
        println!("cargo:rerun-if-changed=../workspace/dist");
    }
}
