//! The directory as its peers see it: over gRPC and its stream, on real servers.

mod harness;
mod isolation;
mod setting_up;
mod sign_in;
