//! Faults against the whole system: every service a process of its own, a network that never
//! gives up, screens that resume, and an auditor that compares all three records afterwards.
//!
//! [`up`] and [`installation`] run the processes, [`generator`] is the network, [`screen`] a
//! browser on its live [`feed`], [`reader`] what the broker knows of a service, [`checker`] the
//! auditor. Deliberately absent: any shortcut into a
//! service; all goes through webhooks, HTTP and sockets, and the database is read only to be audited.
#![expect(
    clippy::missing_panics_doc,
    clippy::panic,
    reason = "a harness stops at the first thing it cannot do"
)]

pub mod checker;
pub mod feed;
pub mod generator;
pub mod installation;
mod ports;
pub mod reader;
pub mod screen;
pub mod up;
