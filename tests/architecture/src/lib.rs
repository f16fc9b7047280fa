//! House rules as tests: `cargo nextest run -p architecture`.
//!
//! The crate graph, the layers inside a service, the file budget, lint inheritance, the style of
//! log lines, and isolation by organization. The library is deliberately empty: the rules are the
//! integration tests beside it.
