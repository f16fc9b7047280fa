//! Between protobuf, JSON and the domain.

pub mod events;
pub mod frames;
pub mod from_proto;
pub mod rest;
