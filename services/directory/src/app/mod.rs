//! What can be asked of the directory: one use case a file, each load → decide → save.

mod announce;
pub mod connect_channel;
pub mod create_application;
pub mod create_member;
pub mod create_organization;
pub mod open_channel;
pub mod read;
pub mod sign_in;

use kit_values::{Class, Fault};

/// Something else has this id already.
fn taken(what: &'static str) -> Fault {
    Fault::new(
        Class::Rejected,
        "id_taken",
        format!("This id belongs to {what} with other contents."),
    )
}
