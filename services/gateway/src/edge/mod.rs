//! Mechanisms at the border: random tokens, signatures, headers, addresses, files.

pub mod bearer;
pub mod cursor;
pub mod headers;
pub mod playground;
pub mod proxies;
pub mod workspace;
