//! What every request can reach.

use std::sync::Arc;

use axum::extract::FromRef;
use kit_store::Store;

use crate::edge::playground::Playground;
use crate::edge::workspace::Find;
use crate::live::hub::Hub;
use crate::live::sessions::Reporter;
use crate::live::viewers::Viewing;
use crate::peers::{Conversations, Directory, Notifications, Routing};

/// Shared by all requests.
#[derive(Clone)]
pub struct State {
    /// Sessions.
    pub store: Store,
    /// Who is who.
    pub directory: Directory,
    /// Conversations.
    pub conversations: Conversations,
    /// Availability and ownership.
    pub routing: Routing,
    /// Notifications.
    pub notifications: Notifications,
    /// The live feed.
    pub hub: Arc<Hub>,
    /// Where connections are reported.
    pub reporter: Reporter,
    /// Where it is said who looks at what.
    pub viewing: Viewing,
    /// Origins whose pages may use this gateway.
    pub origins: Arc<[String]>,
    /// Whether cookies travel over https only.
    pub secure: bool,
    /// The workspace's files.
    pub find: Find,
    /// Which build of the workspace they are.
    pub ui_build: Arc<str>,
    /// The playground, in a simulated installation.
    pub playground: Option<Playground>,
}

impl FromRef<State> for Arc<Hub> {
    fn from_ref(state: &State) -> Self {
        Arc::clone(&state.hub)
    }
}
