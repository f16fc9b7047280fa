//! The decisions: plain synchronous functions over values.
//!
//! Deliberately absent: anything asynchronous, the wire's types, storage, a clock and ids of
//! our own making; moments and ids come as arguments.

pub mod access;
pub mod action;
pub mod attribute;
pub mod batch;
pub mod chain;
pub mod contact;
pub mod decide;
pub mod draft;
pub mod fold;
mod hand;
pub mod heard;
pub mod history;
pub mod item;
mod join;
pub mod links;
pub mod lists;
pub mod lock;
pub mod member;
pub mod message;
pub mod note;
pub mod person;
pub mod policy;
pub mod receipts;
pub mod record;
mod relink;
pub mod remind;
pub mod reply;
pub mod search;
pub mod seen;
pub mod standing;
pub mod view;
pub mod words;

#[cfg(test)]
mod examples;
#[cfg(test)]
mod properties;

pub use batch::{Batch, Loaded};
pub use chain::IdentityState;
pub use decide::{Command, Decision, Effect, Rejection, decide};
pub use fold::evolve;
pub use hand::{By, Replying};
pub use history::{Entry, Fact};
pub use join::{Arriving, Known};
pub use person::{IdentityKey, Person};
pub use policy::Policy;
pub use standing::ConversationState;
