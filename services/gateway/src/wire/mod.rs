//! Between protobuf, JSON and the domain.

pub mod events;
pub mod frames;
pub mod from_proto;
pub mod names;
pub mod personal;
pub mod reports;
pub mod rest;
pub mod rights;
pub mod words;
