//! Plays X and Facebook, and their customers, on the way in: what they post is told to ingest by
//! webhooks that are shaped and signed as the networks do it. Runs only in simulated
//! installations.
//!
//! Written from the description of the networks' contracts alone, never with the `networks`
//! crate, so that one misreading cannot agree with itself.
//!
//! Deliberately absent: the networks' own APIs (what calls them comes later), sign-in (the
//! gateway's), any truth of the product, and Messenger's unsubscribing after an hour of failures.
//!
//! # The world
//!
//! Everything that happens is one [`world::Happening`]: decided by [`world::decide`], kept in
//! the journal (JSON lines, handed to the operating system before the answer), folded into
//! [`world::World`], told by [`x`] and [`facebook`] as [`update::Update`]s, which leave as the
//! [`switches`] say. After a restart the journal gives the same world and the same log; updates
//! of Facebook that were not accepted are posted again, those of X wait for a replay, as X
//! documents no retries.
//!
//! # The JSON API, under `/playground/api`
//!
//! Bodies are JSON (`Content-Type: application/json`), unknown fields are refused, errors are
//! `application/problem+json`. An account is named by id or handle, a person by key, the
//! business as `business`. Every action answers 201 with
//! `{"number", "id", "permalink", "updates"}`.
//!
//! | request | body |
//! |---|---|
//! | `POST x/mention` | `account, author, text`: the handle is put in front unless it is named |
//! | `POST x/post` | `account, author, text`: as it stands; `author: "business"` for an own post |
//! | `POST x/reply` | `author, to, text` |
//! | `POST x/quote` | `author, of, text` |
//! | `POST x/message` | `account, author, text`; with `author: "business"` also `to` |
//! | `POST x/edit` | `id, text`: gives a new id |
//! | `POST x/delete` | `id`: told only when the post is the account's own |
//! | `POST x/replay` | `application?, from?, to?, only_failed?`: tells the past day again |
//! | `POST facebook/post` | `account, author, text`: a visitor's post, or the page's own |
//! | `POST facebook/comment` | `author, post, text, photo?` |
//! | `POST facebook/reply` | `author, to, text`: to a comment |
//! | `POST facebook/mention` | `account, author, text`: on the author's own wall |
//! | `POST facebook/message` | `account, author, text?, attachment?, reply_to?`; business: also `to` |
//! | `POST facebook/edit` | `id, text`: a comment, a post, or a message (five times) |
//! | `POST facebook/remove` | `id`: a comment or a post |
//! | `POST facebook/hide`, `facebook/unhide` | `id`: a comment |
//! | `POST facebook/react` | `author, id, emoji, withdraw?` |
//! | `POST facebook/postback` | `account, author, title, payload` |
//! | `POST facebook/delivered`, `facebook/read` | `account, author` |
//! | `POST personas` | `name, handle, language?` (`en`, `fr`, `ar`) |
//! | `GET state` | accounts, people, controls, callbacks, how many updates are `pending`, the newest lines of the log |
//! | `GET threads?network=&account=` | public threads, newest first |
//! | `GET inbox?network=&account=&persona=` | private messages, oldest first |
//! | `PUT generator` | `running?, mode? (demo, load), pace?, rate?, seed?, people?, limit?` |
//! | `PUT switches` | all of [`switches::Switches`]; what is left out takes its default |
//! | `GET log?after=&limit=` | one JSON line per update ([`log::Line`]), with every answer |
//!
//! Permalinks: `/playground/x/<handle>/status/<id>`, `/playground/x/i/web/status/<id>`,
//! `/playground/facebook/<page>/posts/<post id>?comment_id=<id>` and `/playground/facebook/<id>`.

mod callbacks;
mod config;
mod controls;
mod drive;
mod error;
pub mod facebook;
pub mod generator;
mod http;
mod journal;
pub mod log;
mod replay;
mod sender;
mod service;
mod stage;
pub mod switches;
pub mod update;
pub mod world;
pub mod x;

pub use config::{Application, Config, ConnectedAccount, Start};
pub use service::start;
