//! Plays X, Facebook, Instagram and TikTok, and their customers, both ways: what people post is
//! told to ingest by webhooks that are shaped and signed as the networks do it, and what the
//! business sends comes in by the networks' own APIs, which answer and refuse as they do. Runs
//! only in simulated installations.
//!
//! Written from the description of the networks' contracts alone, never with the `networks`
//! crate, so that one misreading cannot agree with itself.
//!
//! Deliberately absent: what of the networks' APIs nothing calls yet ([`x::calls`],
//! [`facebook::calls`], [`instagram`] and [`tiktok`] say what that is), sign-in (the gateway's),
//! any truth of the product, and Messenger's unsubscribing after an hour of failures.
//!
//! # The world
//!
//! Everything that happens is one [`world::Happening`]: decided by [`world::decide`], kept in
//! the journal (JSON lines, handed to the operating system before the answer), folded into
//! [`world::World`], told by [`x`], [`facebook`], [`instagram`] and [`tiktok`] as
//! [`update::Update`]s, which leave as the [`switches`] say. After a restart the journal gives the
//! same world and the same log; updates that were not accepted are posted again, but those of X
//! wait for a replay, as X documents no retries.
//!
//! Where descriptions of TikTok disagree, this is played: comments come with their words once in
//! three times, of what the account itself wrote only the notice comes; `unique_identifier` is the
//! commenter's own in all of TikTok's APIs, so that the account's differs from its `open_id`, and
//! only `owner` in the list of comments tells that it is the account's; each posting of a webhook
//! is signed anew; an answer has 150 characters.
//!
//! # The networks' APIs
//!
//! | call | limit |
//! |---|---|
//! | `POST /x/2/tweets` | 100 in 15 min an account, 10,000 a day an application |
//! | `DELETE /x/2/tweets/{id}`, `PUT /x/2/tweets/{id}/hidden` | 50 in 15 min |
//! | `POST /x/2/dm_conversations/with/{participant}/messages` | 15 in 15 min, 1,440 a day, also an application |
//! | `GET /x/2/users/me`, `GET /x/2/users/{id}` | 75, 900 in 15 min |
//! | `POST /graph/{version}/{page}/messages` | 200 a day for each person heard of in the day, 300 a second; private replies 750 an hour |
//! | `POST /graph/{version}/{comment}/comments`, `DELETE /graph/{version}/{comment}` | 200 a day for each person |
//! | `POST /graph/{version}/{ig}/messages`, `/{comment}/replies`, `/{media}/comments`, `/{ig}/mentions` | as a page's |
//! | `POST /graph/{version}/{comment}` (`hide`), `DELETE /{comment}`, `GET /{comment, media, person}`, `GET /{ig}?fields=mentioned_comment…` | as a page's |
//! | `POST`, `DELETE /graph/{version}/{ig}/likes` | 50 in 5 s; one more, and none for an hour |
//! | `GET /tiktok/open_api/v1.3/business/comment/list/`, `…/comment/reply/list/`, `…/get/` | 40 a minute an account and endpoint; an application 10 a second, 600 a minute, 864,000 a day |
//! | `POST …/comment/reply/create/`, `…/comment/like/`, `…/comment/hide/`, `…/comment/delete/`, `…/message/send/`, `…/message/media/download/` | the same |
//! | `GET /bitly/v4/user`, `GET /bitly/v4/groups`, `POST /bitly/v4/shorten`, `POST /bitly/oauth/access_token` | by switch |
//!
//! The token of an account is `simulated-<account id>`: a bearer token on X; a bearer token or
//! `access_token` on Graph, with `appsecret_proof` checked where it is sent, and telling pages from
//! accounts of Instagram; the header `Access-Token` on TikTok. Versions of Graph:
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
//! | `POST instagram/post`, `instagram/story` | `account, author: "business", text`; told to nobody |
//! | `POST instagram/comment`, `instagram/reply` | `author, post, text`; `author, to, text` |
//! | `POST instagram/mention` | `account, author, text, comment?`: in a post elsewhere, or in a comment under one |
//! | `POST instagram/message` | `account, author, text?, attachment?, reply_to?, story?`; business: also `to` |
//! | `POST instagram/story-mention` | `account, author` |
//! | `POST instagram/edit`, `instagram/unsend` | `id, text`; `id`: of a private message |
//! | `POST instagram/remove`, `instagram/hide`, `instagram/unhide` | `id`; told to nobody |
//! | `POST instagram/react`, `instagram/postback`, `instagram/read` | as on Facebook |
//! | `POST tiktok/post` | `account, author: "business", text`: a video; told to nobody |
//! | `POST tiktok/comment`, `tiktok/reply` | `author, post, text`; `author, to, text` |
//! | `POST tiktok/remove`, `tiktok/hide`, `tiktok/unhide` | `id`: a comment |
//! | `POST tiktok/message` | `account, author, text or attachment, reply_to?`; business: also `to` |
//! | `POST tiktok/react`, `tiktok/read` | as on Facebook |
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
//! `/playground/facebook/<page>/posts/<post id>?comment_id=<id>`, `/playground/facebook/<id>`,
//! `/playground/instagram/p/<post>/`, `/playground/instagram/p/<post>/c/<comment>/`,
//! `/playground/instagram/stories/<handle>/<story>/`,
//! `/playground/tiktok/@<handle>/video/<video>?comment_id=<id>`, and by an id alone.

pub mod bitly;
mod callbacks;
mod config;
mod controls;
mod drive;
mod error;
pub mod facebook;
pub mod generator;
mod http;
pub mod instagram;
mod journal;
pub mod ledger;
pub mod limits;
pub mod log;
mod replay;
mod sender;
mod service;
mod stage;
pub mod switches;
pub mod tiktok;
pub mod trouble;
pub mod update;
pub mod world;
pub mod x;

pub use config::{Application, Config, ConnectedAccount, Start};
pub use service::start;
