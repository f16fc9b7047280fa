//! Members, how they come and go, their own accounts, the first run, and who did what.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Role;

/// A member, as administrators see them.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ManagedMember {
    /// `mem_…`
    pub member_id: String,
    /// What they sign in with.
    pub login: String,
    /// What others see.
    pub display_name: String,
    /// What they may do.
    pub roles: Vec<Role>,
    /// Whether they may sign in.
    pub active: bool,
    /// To be sent back with a change.
    pub rev: i64,
}

/// Everybody of the organization.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ManagedMembers {
    /// In no particular order.
    pub members: Vec<ManagedMember>,
}

/// What of a member is to change; what is left out stays.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MemberChange {
    /// 1 to 255 characters.
    pub display_name: Option<String>,
    /// At least one.
    pub roles: Option<Vec<Role>>,
    /// Whether they may sign in; whoever may not any more is signed out at once.
    pub active: Option<bool>,
    /// As it was seen; 409 `stale` when somebody changed it meanwhile.
    pub rev: i64,
}

/// Somebody who shall come in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InvitationWanted {
    /// What they will sign in with.
    pub login: String,
    /// What others will see.
    pub display_name: String,
    /// What they will be allowed to do.
    pub roles: Vec<Role>,
}

/// A fresh invitation.
#[derive(Serialize, ToSchema)]
pub struct MadeInvitation {
    /// `inv_…`
    pub invitation_id: String,
    /// Where they come in, once; given this one time.
    pub url: String,
    /// Until when.
    #[schema(format = DateTime)]
    pub expires_at: Option<String>,
}

/// An open invitation.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "ids are named for what they are of")]
pub struct Invitation {
    /// `inv_…`
    pub invitation_id: String,
    /// What they will sign in with.
    pub login: String,
    /// What others will see.
    pub display_name: String,
    /// What they will be allowed to do.
    pub roles: Vec<Role>,
    /// Who invited them (`mem_…`).
    pub invited_by: String,
    /// When.
    #[schema(format = DateTime)]
    pub created_at: Option<String>,
    /// Until when it is good.
    #[schema(format = DateTime)]
    pub expires_at: Option<String>,
}

/// The open invitations.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Invitations {
    /// Newest first.
    pub invitations: Vec<Invitation>,
}

/// What holds a link's token.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenHeld {
    /// As it stands in the link.
    #[schema(format = Password)]
    pub token: String,
}

/// Who is invited, and where to.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct InvitationShown {
    /// What they will sign in with.
    pub login: String,
    /// What others will see.
    pub display_name: String,
    /// Where to.
    pub organization_name: String,
    /// BCP 47.
    pub language: String,
    /// Until when it is good.
    #[schema(format = DateTime)]
    pub expires_at: Option<String>,
}

/// A password that whoever holds a token chooses.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordChosen {
    /// As it stands in the link.
    #[schema(format = Password)]
    pub token: String,
    /// At least 12 characters, taken as it is.
    #[schema(format = Password)]
    pub password: String,
}

/// What somebody signs in with from now on.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PasswordSet {
    /// Their login.
    pub login: String,
}

/// Another password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    /// The present one.
    #[schema(format = Password)]
    pub current: String,
    /// At least 12 characters, taken as it is.
    #[schema(format = Password)]
    pub new: String,
}

/// Somebody has forgotten their password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordForgotten {
    /// What they sign in with.
    pub login: String,
}

/// A link to set a new password.
#[derive(Serialize, ToSchema)]
pub struct PasswordLink {
    /// Good once; given this one time.
    pub url: String,
    /// Until when.
    #[schema(format = DateTime)]
    pub expires_at: Option<String>,
}

/// Whether this installation is still to be set up.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Welcome {
    /// Nobody can sign in yet.
    pub needed: bool,
    /// Whether it plays networks itself.
    pub simulated_networks_offered: bool,
}

/// The first organization.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FirstOrganization {
    /// 1 to 255 characters.
    pub name: String,
    /// BCP 47: `en`, `fr`.
    pub language: String,
    /// IANA name: `Europe/Paris`.
    pub time_zone: String,
}

/// The first administrator.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FirstAdmin {
    /// What they sign in with.
    pub login: String,
    /// What others see.
    pub display_name: String,
    /// At least 12 characters, taken as it is.
    #[schema(format = Password)]
    pub password: String,
}

/// Sets the installation up.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WelcomeWanted {
    /// As `guichet up` printed it.
    #[schema(format = Password)]
    pub token: String,
    /// The first organization.
    pub organization: FirstOrganization,
    /// Its first administrator.
    pub admin: FirstAdmin,
}

/// One administrative act.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AuditEntry {
    /// The service that kept it: `directory`, `routing` or `link_shortener`.
    pub source: String,
    /// Dense in its service and organization, from 1.
    pub number: i64,
    /// When.
    #[schema(format = DateTime)]
    pub at: Option<String>,
    /// Who (`mem_…`); `null`: no member.
    pub member_id: Option<String>,
    /// Their name now.
    pub name: Option<String>,
    /// The service that called, where no member stands behind it.
    pub service: String,
    /// A stable word: `channel.changed`.
    pub act: String,
    /// What it was done to, by its id; may be empty.
    pub subject: String,
    /// What exactly, by the act.
    #[schema(value_type = Object)]
    pub detail: serde_json::Value,
}

/// One page of what was done, newest first.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AuditPage {
    /// Newest first.
    pub entries: Vec<AuditEntry>,
    /// Whether the record was found unbroken, in every service; looked at with the first page.
    pub intact: bool,
    /// Where the next page begins.
    pub next: Option<String>,
}
