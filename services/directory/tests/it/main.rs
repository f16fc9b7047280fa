//! The directory as its peers see it: over gRPC and its stream, on real servers.

mod account;
mod audit;
mod first_run;
mod harness;
mod isolation;
mod people;
mod setting_up;
mod settings;
mod sign_in;
