//! Tells people what happens to their conversations: "assigned to you", "customer answered".
//!
//! One notification per conversation, replaced and not stacked, withdrawn when it is read,
//! answered, resolved or handed on anywhere. Facts leave on stream NOTIFICATION, ids only; the
//! gateway carries them to the member's browsers.
//!
//! By which means a member is told is their own choice ([`domain`]'s matrix); pushes and mails leave
//! from here ([`dispatch`]), sound and screen are the browser's, which says what became of them.
//!
//! Deliberately absent: customers' text, in pushes and in mails too, and what a notification says
//! in words on a screen (the workspace's).

mod app;
mod config;
mod consume;
mod directory;
mod dispatch;
mod domain;
pub mod mail;
mod push;
mod rpc;
mod service;
mod store;
mod topology;
mod wire;

pub use config::{Config, Encryption as SmtpEncryption, Smtp as SmtpSettings};
pub use service::{migrations, start};
