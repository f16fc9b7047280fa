//! Faults against the whole system: every service a process of its own, a network that never
//! gives up, screens that resume, and an auditor that compares all three records afterwards.
//!
//! [`up`] and [`installation`] run the processes; [`audit`] reads what they keep. On the way in, [`generator`] is the network,
//! [`screen`] a browser on its live [`feed`], [`reader`] what the broker knows of a service,
//! [`checker`] the auditor. On the way out, [`agent`] is who answers, [`playground`] the network,
//! [`replies`] the auditor; [`assignments`] watches who hands out what; [`collector`] keeps the traces of both. Deliberately absent: any shortcut into a service; all goes through
//! webhooks, HTTP and sockets, and the database is read only to be audited.
#![expect(
    clippy::missing_panics_doc,
    clippy::panic,
    reason = "a harness stops at the first thing it cannot do"
)]

pub mod agent;
pub mod assignments;
pub mod audit;
pub mod checker;
pub mod collector;
pub mod feed;
pub mod generator;
pub mod installation;
pub mod playground;
mod ports;
pub mod reader;
pub mod replies;
pub mod screen;
pub mod up;
