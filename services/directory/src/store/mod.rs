//! Rows: sea-orm for single ones, `sql/` for lists.
//!
//! Every query names the organization although row-level security would hide the others: the
//! indexes begin with it.

pub mod applications;
pub mod attributes;
pub mod channels;
pub mod connections;
mod entities;
pub mod invitations;
pub mod members;
pub mod organizations;
pub mod preferences;
pub mod throttle;
pub mod tokens;

use kit_values::Fault;

/// What a row holds that no decision of this version would have written.
fn unreadable(what: &'static str) -> Fault {
    Fault::internal(format!("a stored {what} cannot be read"))
}
