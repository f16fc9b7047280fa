//! The services behind the gateway, as it asks them.

mod conversations;
mod directory;
mod notifications;
mod people;
mod replies;
mod routing;

use std::time::Duration;

use kit_service::Caller;
use kit_values::Fault;

pub use conversations::{Conversations, MOST_ROWS};
pub use directory::{Directory, Verified};
pub use notifications::Notifications;
pub use people::People;
pub use routing::Routing;

use crate::domain::session::Session;

/// How long a person waits for one answer.
const DEADLINE: Duration = Duration::from_secs(5);

/// The caller for a signed-in member.
#[must_use]
pub fn member_of(session: &Session) -> Caller {
    Caller::for_member(session.organization, session.member.uuid())
}

fn incomplete() -> Fault {
    Fault::internal("a service answered without what it was asked for")
}
