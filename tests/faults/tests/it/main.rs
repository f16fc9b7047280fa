//! Faults against the whole way in, each service a process of its own. After each fault, I1, I2,
//! I3 and I9 by the auditor; each case proves that its fault was really hit.
//!
//! They take turns: each starts servers and processes of its own.

#![expect(clippy::print_stdout, reason = "figures are part of what a run shows")]

mod broker;
mod crashes;
mod database;
mod run;
mod sabotage;
