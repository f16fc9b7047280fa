//! What the gateway does with its own data: one use case a file.

pub mod sessions;
