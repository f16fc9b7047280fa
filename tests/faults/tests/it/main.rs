//! Faults against the whole, each service a process of its own. On the way in, after each fault
//! I1, I2, I3 and I9 by the auditor; on the way out I4, I5, I8 and I11. Each case proves that its
//! fault was really hit.
//!
//! They take turns: each starts servers and processes of its own.

#![expect(
    clippy::panic,
    clippy::print_stdout,
    reason = "a harness stops at the first thing it cannot do, and shows its figures"
)]

mod assignment;
mod broker;
mod crashes;
mod database;
mod desk;
mod people;
mod planner;
mod race;
mod run;
mod sabotage;
mod sending;
mod traces;
mod wake;
