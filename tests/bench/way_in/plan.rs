//! Which sockets show what.

use std::path::Path;

use bench::system::System;
use serde::{Deserialize, Serialize};

/// What the process of the sockets is told.
#[derive(Debug, Serialize, Deserialize)]
pub struct Plan {
    /// `host:port` of the gateway.
    pub gateway: String,
    /// Logins and passwords; the sockets share their sessions, as tabs do.
    pub accounts: Vec<(String, String)>,
    /// The conversations of each socket.
    pub sockets: Vec<Vec<String>>,
}

impl Plan {
    /// Deals `conversations` out to so many sockets, neighbours to different ones.
    #[must_use]
    pub fn new(system: &System, conversations: &[String], sockets: usize) -> Self {
        let dealt = |socket| conversations.iter().skip(socket).step_by(sockets).cloned().collect();
        Self {
            gateway: system.gateway(),
            accounts: system.accounts(),
            sockets: (0..sockets).map(dealt).collect(),
        }
    }

    /// Reads one that was written.
    #[must_use]
    pub fn read(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).expect("the plan is there");
        serde_json::from_str(&text).expect("the plan is readable")
    }

    /// Writes it.
    pub fn write(&self, path: &Path) {
        let text = serde_json::to_string(self).expect("a plan is JSON");
        std::fs::write(path, text).expect("the plan can be written");
    }
}
