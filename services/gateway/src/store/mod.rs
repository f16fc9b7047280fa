//! Rows. The gateway keeps nothing but sessions.

pub mod sessions;
