//! The one table that projects a fault's class to every edge: gRPC, HTTP and the log.
//!
//! Deliberately absent: what the bus does with a failed delivery (`kit-bus` reads
//! [`Class::is_infrastructure`]).

use std::error::Error as _;
use std::fmt::Write as _;

use axum::http::StatusCode;
use kit_values::{Class, Fault};
use tonic::Code;
use tracing::Level;

/// How one class looks at each edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Projection {
    /// gRPC status code; no two classes share one, so that a class survives a call.
    pub grpc: Code,
    /// HTTP status.
    pub http: StatusCode,
    /// Level of its one log record; ERROR asks a person to act.
    pub level: Level,
    /// Title of the problem document.
    pub title: &'static str,
}

/// Every class, for tables and tests.
pub const CLASSES: [Class; 10] = [
    Class::Invalid,
    Class::Unauthenticated,
    Class::Forbidden,
    Class::NotFound,
    Class::Conflict,
    Class::Rejected,
    Class::Limited,
    Class::Unavailable,
    Class::Timeout,
    Class::Internal,
];

/// The row of `class`.
#[must_use]
pub const fn projection(class: Class) -> Projection {
    let (grpc, http, level, title) = match class {
        Class::Invalid => {
            (Code::InvalidArgument, StatusCode::UNPROCESSABLE_ENTITY, Level::WARN, "Invalid")
        }
        Class::Unauthenticated => {
            (Code::Unauthenticated, StatusCode::UNAUTHORIZED, Level::WARN, "Not signed in")
        }
        Class::Forbidden => {
            (Code::PermissionDenied, StatusCode::FORBIDDEN, Level::WARN, "Not allowed")
        }
        Class::NotFound => (Code::NotFound, StatusCode::NOT_FOUND, Level::INFO, "Not found"),
        Class::Conflict => (Code::Aborted, StatusCode::CONFLICT, Level::DEBUG, "Conflict"),
        Class::Rejected => (Code::FailedPrecondition, StatusCode::CONFLICT, Level::INFO, "Refused"),
        Class::Limited => {
            (Code::ResourceExhausted, StatusCode::TOO_MANY_REQUESTS, Level::INFO, "Too many")
        }
        Class::Unavailable => {
            (Code::Unavailable, StatusCode::SERVICE_UNAVAILABLE, Level::WARN, "Unavailable")
        }
        Class::Timeout => {
            (Code::DeadlineExceeded, StatusCode::GATEWAY_TIMEOUT, Level::WARN, "Too slow")
        }
        Class::Internal => {
            (Code::Internal, StatusCode::INTERNAL_SERVER_ERROR, Level::ERROR, "Internal error")
        }
    };
    Projection { grpc, http, level, title }
}

/// The class that a gRPC code stands for, codes that no class projects to included.
#[must_use]
pub const fn from_grpc(code: Code) -> Class {
    match code {
        Code::InvalidArgument | Code::OutOfRange => Class::Invalid,
        Code::Unauthenticated => Class::Unauthenticated,
        Code::PermissionDenied => Class::Forbidden,
        Code::NotFound => Class::NotFound,
        Code::Aborted | Code::AlreadyExists => Class::Conflict,
        Code::FailedPrecondition => Class::Rejected,
        Code::ResourceExhausted => Class::Limited,
        Code::Unavailable => Class::Unavailable,
        Code::DeadlineExceeded | Code::Cancelled => Class::Timeout,
        Code::Ok | Code::Unknown | Code::Unimplemented | Code::Internal | Code::DataLoss => {
            Class::Internal
        }
    }
}

/// Writes the one log record of a fault that leaves the process at `edge`, at its class's
/// level, with its chain of causes.
pub fn log(fault: &Fault, edge: &'static str) {
    let class = fault.class();
    let code = fault.code();
    let cause = causes(fault);
    match projection(class).level {
        Level::ERROR => tracing::error!(edge, ?class, code, cause, "request failed"),
        Level::WARN => tracing::warn!(edge, ?class, code, cause, "request failed"),
        Level::INFO => tracing::info!(edge, ?class, code, cause, "request refused"),
        _ => tracing::debug!(edge, ?class, code, cause, "request refused"),
    }
}

/// The fault's causes, outermost first, joined by colons; empty without any.
#[must_use]
pub fn causes(fault: &Fault) -> String {
    let mut text = String::new();
    let mut next = fault.source();
    while let Some(cause) = next {
        let separator = if text.is_empty() { "" } else { ": " };
        // Writing to a String cannot fail.
        let _ = write!(text, "{separator}{cause}");
        next = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_survives_a_grpc_status_code() {
        for class in CLASSES {
            assert_eq!(from_grpc(projection(class).grpc), class);
        }
    }

    #[test]
    fn only_a_defect_of_ours_is_logged_as_an_error() {
        for class in CLASSES {
            let is_error = projection(class).level == Level::ERROR;
            assert_eq!(is_error, class == Class::Internal, "{class:?}");
        }
    }

    #[test]
    fn a_fault_tells_its_whole_chain_of_causes() {
        let inner = Fault::new(Class::Unavailable, "inner", "Inside.").caused_by("the disk");
        let outer = Fault::new(Class::Internal, "outer", "Outside.").caused_by(inner);
        assert_eq!(causes(&outer), "Inside. (inner): the disk");
    }
}
