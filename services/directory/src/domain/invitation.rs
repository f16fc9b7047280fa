//! How somebody new comes in: invited by an administrator, with a link that works once.

use time::{Duration, OffsetDateTime};

use super::member::Member;
use super::{InvitationId, MemberId};

/// How long an invitation is good.
pub const GOOD_FOR: Duration = Duration::days(7);
/// How long a link to set a new password is good.
pub const RESET_GOOD_FOR: Duration = Duration::hours(1);
/// How long the token of an empty installation is good; every start of one makes another.
pub const WELCOME_GOOD_FOR: Duration = Duration::days(7);

/// An open invitation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Its id.
    pub id: InvitationId,
    /// Who they will be; the id is the one that they will have.
    pub invited: Member,
    /// Who invited them.
    pub by: MemberId,
    /// When.
    pub created_at: OffsetDateTime,
    /// Until when it is good.
    pub expires_at: OffsetDateTime,
}
