//! Says when the embedded workspace must be read again. Never runs npm.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    // Named also while it does not exist: only then does a binary built before the workspace
    // notice the workspace that was built after it.
    println!("cargo:rerun-if-changed=../workspace/dist");
}
