//! The services behind the gateway, as it asks them.

mod administration;
mod audit;
mod away_states;
mod conversations;
mod directory;
mod doors;
mod links;
mod lists;
mod notifications;
mod people;
mod replies;
mod routing;
mod story;

use std::time::Duration;

use kit_service::Caller;
use kit_values::Fault;

pub use administration::{Administration, Forgotten};
pub use audit::Audit;
pub use away_states::AwayStates;
pub use conversations::{Assignee, Conversations, Filters, MOST_ROWS};
pub use directory::{Directory, Verified};
pub use doors::Doors;
pub use links::Links;
pub use lists::Lists;
pub use notifications::{Notifications, Read};
pub use people::People;
pub use routing::Routing;

use crate::domain::session::Session;

/// How long a person waits for one answer.
const DEADLINE: Duration = Duration::from_secs(5);

/// How long a mail may take to leave.
const MAIL_DEADLINE: Duration = Duration::from_secs(25);

/// The caller for a signed-in member.
#[must_use]
pub fn member_of(session: &Session) -> Caller {
    Caller::for_member(session.organization, session.member.uuid())
}

fn incomplete() -> Fault {
    Fault::internal("a service answered without what it was asked for")
}
