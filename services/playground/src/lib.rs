//! Plays X and Facebook, and their customers, both ways: what people post is told to ingest by
//! webhooks that are shaped and signed as the networks do it, and what the business sends comes
//! in by the networks' own APIs, which answer and refuse as they do. Runs only in simulated
//! installations.
//!
//! Written from the description of the networks' contracts alone, never with the `networks`
//! crate, so that one misreading cannot agree with itself.
//!
//! Deliberately absent: what of the networks' APIs nothing calls yet ([`x::calls`] and
//! [`facebook::calls`] say what that is), sign-in (the gateway's), any truth of the product, and
//! Messenger's unsubscribing after an hour of failures.
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
//! # The networks' APIs
//!
//! | call | limit |
//! |---|---|
//! | `POST /x/2/tweets` | 100 in 15 min an account, 10,000 a day an application |
//! | `DELETE /x/2/tweets/{id}` | 50 in 15 min |
//! | `POST /x/2/dm_conversations/with/{participant}/messages` | 15 in 15 min, 1,440 a day, also an application |
//! | `GET /x/2/users/me`, `GET /x/2/users/{id}` | 75, 900 in 15 min |
//! | `POST /graph/{version}/{page}/messages` | 200 a day for each person heard of in the day, 300 a second; private replies 750 an hour |
//! | `POST /graph/{version}/{comment}/comments`, `DELETE /graph/{version}/{comment}` | 200 a day for each person |
//! | `GET /bitly/v4/user`, `GET /bitly/v4/groups`, `POST /bitly/v4/shorten`, `POST /bitly/oauth/access_token` | by switch |
//!
//! The token of an account is `simulated-<account id>`: a bearer token on X; a bearer token or
//! `access_token` on Graph, with `appsecret_proof` checked where it is sent. Versions of Graph:
//! [`facebook::calls::VERSIONS`]. Bodies are read strictly. Of an account's configuration, `tier`
//! (`self_serve` or `enterprise`) and `scopes` decide what it may do.
//!
//! An accepted call is a happening by the business with a [`world::Call`]: it is in the journal
//! and in the list of accepted calls before anything is answered. Its webhook leaves 150 ms later
//! (before the answer by switch); on Messenger a delivery receipt follows, and a read receipt as
//! soon as the person writes. [`trouble`] says what its caller may get instead of an answer.
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
//! | `POST x/reply` | `author, to, text`; with `author: "business"` also `account?` |
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
//! | `POST answer` | `to, text, author?`: a customer answers what the business wrote, post, comment or message, by its id; `author` is whom it addressed unless given |
//! | `POST personas` | `name, handle, language?` (`en`, `fr`, `ar`) |
//! | `GET state` | accounts, people, controls, callbacks, faults, how many updates are `pending`, the newest lines of the log, what the `business` did |
//! | `GET threads?network=&account=&persona=` | public threads, newest first; of others' only those in which `persona` takes part |
//! | `GET inbox?network=&account=&persona=` | private messages, oldest first |
//! | `PUT generator` | `running?, mode? (demo, load), pace?, rate?, seed?, people?, limit?` |
//! | `GET accepted?after=&network=&account=` | every accepted call ([`ledger::AcceptedCall`]) after happening `after`, with a fingerprint that equal calls share |
//! | `GET faults`, `PUT faults` | all of [`trouble::Faults`]: `limits` (`"true"`, `"off"`), and per network each fault as `{"count", "percent"}`; what is left out takes its default |
//! | `GET bitly`, `PUT bitly` | `mode` of the played Bitly ([`bitly::Mode`]): `well`, `hang`, `rate_limited`, `over_quota`, `forbidden`, `server_error`, `unavailable`, `nonsense` |
//! | `PUT switches` | all of [`switches::Switches`]; what is left out takes its default |
//! | `GET log?after=&limit=` | one JSON line per update ([`log::Line`]), with every answer |
//!
//! Permalinks: `/playground/x/<handle>/status/<id>`, `/playground/x/i/web/status/<id>`,
//! `/playground/facebook/<page>/posts/<post id>?comment_id=<id>` and `/playground/facebook/<id>`.

pub mod bitly;
mod callbacks;
mod config;
mod controls;
mod drive;
mod error;
pub mod facebook;
pub mod generator;
mod http;
mod journal;
pub mod ledger;
pub mod limits;
pub mod log;
mod replay;
mod sender;
mod service;
mod stage;
pub mod switches;
pub mod trouble;
pub mod update;
pub mod world;
pub mod x;

pub use config::{Application, Config, ConnectedAccount, Start};
pub use service::start;
