//! The whole service: events come over NATS from the outboxes of other services, notifications are
//! read over gRPC and from its own stream, and pushes and mails arrive at programs of other hands.

mod hostile;
mod mails;
mod means;
mod other_hands;
mod people;
mod played;
mod pushes;
mod standing;
mod world;
