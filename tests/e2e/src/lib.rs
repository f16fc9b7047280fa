//! The whole system from outside: `guichet up`, webhooks in, HTTP, sockets, gRPC and the broker.
//!
//! The library is deliberately empty: everything is in the integration tests beside it.
