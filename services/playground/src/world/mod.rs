//! The networks as plain values: who is there, what was written, what an action does.
//!
//! Deliberately absent: a clock, randomness other than seeded, JSON, HTTP. Moments and ids come
//! in as arguments.

mod decide;
mod deed;
mod ids;
mod people;
mod random;
mod refusal;
mod state;
pub mod text;
mod values;

pub use decide::{LONGEST_TEXT, MOST_EDITS, Ruling, decide};
pub use deed::{Action, Deed, FacebookAction, Happening, XAction};
pub use ids::first_snowflake;
pub use people::people;
pub use random::{Random, fingerprint};
pub use refusal::Refusal;
pub use state::{Item, ItemKind, World};
pub use values::{Account, Attachment, Author, Language, Network, Origin, Persona};
