//! Instagram by way of Facebook's login (contract 4): what an account's webhooks tell, and what
//! Graph answers. How Meta writes and signs is [`crate::facebook`]'s.
//!
//! Written from the description of the network's contract alone; deliberately without the library
//! that reads these bodies, so that one misreading cannot agree with itself.
//!
//! Deliberately absent: live comments, standby, the host graph.instagram.com with its own login,
//! publishing; nothing calls them yet.

pub mod actions;
pub mod calls;
mod envelope;
pub mod reading;

pub use envelope::updates;

use serde_json::{Value, json};

use crate::world::{Account, Author, Item, World};

/// The permission that private messages need.
pub const MESSAGES: &str = "instagram_manage_messages";
/// The one that comments need.
pub const COMMENTS: &str = "instagram_manage_comments";
/// The one that likes need.
pub const ENGAGEMENT: &str = "instagram_manage_engagement";

/// Who wrote it: the id by which the account knows them, and their name in addresses.
fn from(world: &World, account: &Account, item: &Item) -> Value {
    match &item.author {
        Author::Business => json!({"id": account.account_id, "username": account.handle}),
        Author::Persona(key) => world.persona(key).map_or(Value::Null, |persona| {
            let id = persona.instagram_scoped_id(&account.account_id);
            json!({"id": id, "username": persona.handle})
        }),
    }
}

/// `2026-11-23T10:00:00+0000`.
fn graph_time(at: time::OffsetDateTime) -> String {
    let format =
        time::macros::format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]+0000");
    at.format(&format).unwrap_or_default()
}
