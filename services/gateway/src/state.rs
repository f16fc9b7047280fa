//! What every request can reach.

use std::sync::Arc;

use axum::extract::FromRef;
use kit_service::Tasks;
use kit_store::Store;

use crate::edge::playground::Playground;
use crate::edge::proxies::Proxies;
use crate::edge::workspace::Find;
use crate::live::drafts::Telling;
use crate::live::hub::Hub;
use crate::live::sessions::Reporter;
use crate::live::settings;
use crate::live::typing::Typing;
use crate::live::viewers::Viewing;
use crate::peers::{
    Administration, Audit, AwayStates, Conversations, Directory, Links, Lists, Notifications,
    Routing,
};

/// Shared by all requests.
#[derive(Clone)]
pub struct State {
    /// Sessions.
    pub store: Store,
    /// Who is who.
    pub directory: Directory,
    /// Settings and people.
    pub administration: Administration,
    /// Who did what.
    pub audit: Audit,
    /// Conversations.
    pub conversations: Conversations,
    /// What is done from lists, drafts, search.
    pub lists: Lists,
    /// Where it is said that a draft is another.
    pub telling: Telling,
    /// Where it is said that settings changed of which no stream tells.
    pub settings: settings::Telling,
    /// Availability and ownership.
    pub routing: Routing,
    /// Reasons for being away, as supervisors set them.
    pub away_states: AwayStates,
    /// Notifications.
    pub notifications: Notifications,
    /// Short links.
    pub links: Links,
    /// The live feed.
    pub hub: Arc<Hub>,
    /// Where connections are reported.
    pub reporter: Reporter,
    /// Where it is said who looks at what.
    pub viewing: Viewing,
    /// Who types where.
    pub typing: Typing,
    /// Who says where a request comes from.
    pub proxies: Proxies,
    /// Origins whose pages may use this gateway.
    pub origins: Arc<[String]>,
    /// Whether cookies travel over https only.
    pub secure: bool,
    /// The workspace's files.
    pub find: Find,
    /// Which build of the workspace they are.
    pub ui_build: Arc<str>,
    /// The address in the browser, without a trailing slash.
    pub public_url: Arc<str>,
    /// Where what goes on beside an answer runs.
    pub tasks: Tasks,
    /// The playground, in a simulated installation.
    pub playground: Option<Playground>,
}

impl State {
    /// The address of a page that takes a one-time token. It stands behind the `#`, which browsers
    /// tell no server and no other page.
    #[must_use]
    pub fn link(&self, page: &str, token: &str) -> String {
        format!("{}/{page}#token={token}", self.public_url)
    }
}

impl FromRef<State> for Arc<Hub> {
    fn from_ref(state: &State) -> Self {
        Arc::clone(&state.hub)
    }
}
