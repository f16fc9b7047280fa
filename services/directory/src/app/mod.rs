//! What can be asked of the directory: one use case a file, each load → decide → save.

pub mod account;
mod announce;
pub mod attributes;
pub mod audit;
pub mod change_member;
pub mod channel_settings;
pub mod connect_channel;
pub mod connections;
pub mod create_application;
pub mod create_member;
pub mod create_organization;
pub mod invite;
pub mod open_channel;
pub mod preferences;
pub mod read;
pub mod rights;
pub mod sign_in;
pub mod welcome;

use kit_service::Caller;
use kit_values::{Class, Fault};

use crate::domain::MemberId;

/// Who acts, as the audit keeps it.
#[derive(Debug, Clone)]
pub struct Actor {
    /// The calling service.
    pub service: String,
    /// The member behind the call, if one is.
    pub member: Option<MemberId>,
}

impl Actor {
    /// Who stands behind a call.
    #[must_use]
    pub fn behind(caller: &Caller) -> Self {
        let member = caller.member.map(MemberId::from_uuid);
        Self { service: caller.service.clone(), member }
    }

    /// Somebody who came through the gateway without a session.
    #[must_use]
    pub fn gateway(member: Option<MemberId>) -> Self {
        Self { service: "gateway".to_owned(), member }
    }

    /// Whoever set the installation up.
    #[must_use]
    pub fn operator() -> Self {
        Self { service: "operator".to_owned(), member: None }
    }

    /// The member.
    ///
    /// # Errors
    /// Forbidden when none stands behind the call.
    pub fn member(&self) -> Result<MemberId, Fault> {
        self.member.ok_or_else(|| {
            Fault::new(Class::Forbidden, "member_missing", "The call names no member.")
        })
    }
}

/// Something else has this id already.
fn taken(what: &'static str) -> Fault {
    Fault::new(
        Class::Rejected,
        "id_taken",
        format!("This id belongs to {what} with other contents."),
    )
}
