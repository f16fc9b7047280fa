//! The bus: events from one service's outbox, over NATS JetStream, into another's inbox.
//!
//! JetStream is a fast transport that may lose everything it holds; PostgreSQL on both sides is
//! the record. [`Relay`] publishes what an outbox holds and knows, by the *confirmed floor*, what
//! every declared reader has committed, so whatever the stream loses above it is published again.
//! [`Reader`] applies deliveries in batches, one transaction a batch, and acknowledges only after
//! the commit. [`Tail`] follows a stream without keeping anything, for a gateway's ring.
//!
//! [`parked`] is what operators do with what a reader could not apply.
//!
//! Every choice that matters is a plain function over values: [`relay::compare`],
//! [`relay::confirm`], [`relay::settle`], [`reader::verdict`], [`reader::halves`].
//!
//! Deliberately absent: words of the domain, request and reply over NATS (gRPC does that), push
//! consumers, publishing outside an outbox, and any reliance on delivery order or on being the
//! only consumer.

mod api_level;
mod bus;
pub mod parked;
mod pull;
pub mod reader;
pub mod relay;
mod stream;
mod subject;
mod tail;
mod trace;

pub use api_level::{MINIMUM_API_LEVEL, api_level};
pub use bus::{BrokerSettings, Bus};
pub use reader::{
    Apply, Arrival, Decoded, Delivery, Pacing as ReaderPacing, Plan as ReaderPlan, Reader,
    Unreadable,
};
pub use relay::{Pacing as RelayPacing, Relay};
pub use stream::{INCARNATION, StreamPlan, StreamState};
pub use subject::{Subject, filter, subject};
pub use tail::{Followed, Start, Tail, TailEvent};
