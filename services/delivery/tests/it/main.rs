//! The whole service on real servers: replies come over NATS from conversation's outbox, a
//! scripted network takes or refuses them, and every test says how often it took one.

mod actions;
mod authors;
mod calls;
mod certain;
mod crashes;
mod echoes;
mod limits;
mod network;
mod peers;
mod plans;
mod sends;
mod storm;
mod world;
