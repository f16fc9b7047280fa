//! One use case a file, each in a transaction that it was given.

mod announce;
mod arrived;
mod begin;
mod expire;
mod forget;
mod learn;
mod listen;
mod lookups;
mod queue;
mod read;
mod release;
mod settle;
mod step;

use crate::domain::attempt::Failure;

pub use announce::announce;
pub use begin::{Begun, Pace, begin};
pub use expire::expire;
pub use forget::{ages, forget_budgets, forget_texts};
pub use learn::learn;
pub use listen::{Heard, listen};
pub use lookups::{Answered, Looking, Share, begin_lookups, forget_lookups, settle_lookup, want};
pub use queue::{Asked, Told, queue};
pub use read::attempts;
pub use release::release;
pub use settle::{Seen, settle};

/// How a request ends whose place a newer one about the same thing has taken.
fn superseded() -> Failure {
    Failure {
        code: "superseded".to_owned(),
        sentence: "Something newer was asked for before this was done.".to_owned(),
        retryable: false,
    }
}
