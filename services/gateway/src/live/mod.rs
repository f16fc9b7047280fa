//! The live feed: streams in, sockets out.
//!
//! [`follow`] reads the streams into the [`hub`], whose feeds decide who is told what; the
//! [`pump`] looks it up and hands it to the [`socket`]s; the [`drain`] ends them when the process
//! stops. [`sessions`] tells routing who is connected; [`viewers`] tells those who look at the same
//! conversation of one another, as far as [`rooms`] finds that they may see it, [`desk`] tells a member how much they own,
//! [`settings`] everybody what no stream tells. Deliberately absent: any wait for a slow browser, which is cut and
//! comes back with its cursor.

pub mod desk;
pub mod drafts;
pub mod drain;
pub mod follow;
pub mod hub;
pub mod outbox;
pub mod pump;
pub mod rooms;
pub mod screen;
pub mod sessions;
pub mod settings;
pub mod socket;
pub mod typing;
pub mod viewers;
pub mod words;
