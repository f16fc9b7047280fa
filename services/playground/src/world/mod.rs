//! The networks as plain values: who is there, what was written, what an action does.
//!
//! Deliberately absent: a clock, randomness other than seeded, JSON, HTTP. Moments and ids come
//! in as arguments.

mod action;
mod decide;
mod deed;
mod ids;
mod instagram;
mod item;
mod known;
mod people;
mod random;
mod refusal;
mod state;
pub mod text;
mod tiktok;
mod values;

pub use action::{Action, FacebookAction, XAction};
pub use decide::{LONGEST_TEXT, MOST_EDITS, Ruling, answering, comment_id, decide};
pub use deed::{Answered, Call, CallKind, Deed, Happening, StoryPart};
pub use ids::{first_snowflake, instagram_message_id, message_id};
pub use instagram::InstagramAction;
pub use item::{Item, ItemKind};
pub use known::Known;
pub use people::people;
pub use random::{Random, fingerprint};
pub use refusal::Refusal;
pub use state::World;
pub use tiktok::TiktokAction;
pub use values::{Account, Attachment, Author, Language, Network, Origin, Persona, TOKEN, Tier};
