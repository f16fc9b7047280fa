//! What both benchmarks are made of: an installation in one process, raw floors on the same
//! PostgreSQL and disk, a cheap signed generator, and figures.
//!
//! `intake` asks how many webhooks a second become durable, `way_in` how long a message takes
//! from its webhook to the screen. Deliberately absent: any figure that is compared with another
//! run or another machine; an aim is a ratio inside one run, or a time.
#![expect(clippy::missing_panics_doc, reason = "a harness stops at the first thing it cannot do")]

pub mod figures;
pub mod floor;
pub mod hops;
pub mod machine;
pub mod network;
pub mod population;
pub mod process;
pub mod shown;
pub mod system;
