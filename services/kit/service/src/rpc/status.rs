//! Fault ↔ status, both ways without loss but for the cause, which stays in the log of the
//! side where it happened.

use std::collections::HashSet;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use kit_values::{Class, Fault};
use tonic::metadata::{MetadataMap, MetadataValue};
use tonic::{Code, Status};

use crate::class;

const CODE: &str = "guichet-fault-code";
const FIELD: &str = "guichet-fault-field-bin";
const WAIT: &str = "guichet-fault-wait-nanoseconds";

/// The fault as a gRPC status; writes its one log record.
#[must_use]
#[expect(clippy::needless_pass_by_value, reason = "made for map_err, where the fault ends")]
pub fn status(fault: Fault) -> Status {
    class::log(&fault, "grpc");
    let mut metadata = MetadataMap::new();
    metadata.insert(CODE, MetadataValue::from_static(fault.code()));
    if let Some(field) = fault.field() {
        metadata.insert_bin(FIELD, MetadataValue::from_bytes(field.as_bytes()));
    }
    if let Some(wait) = fault.wait()
        && let Ok(wait) = MetadataValue::try_from(wait.as_nanos().to_string())
    {
        metadata.insert(WAIT, wait);
    }
    let code = class::projection(fault.class()).grpc;
    Status::with_metadata(code, fault.sentence(), metadata)
}

/// The status as the fault that it was; a status made by the transport becomes a fault of the
/// class that its code stands for.
#[must_use]
pub fn fault(status: Status) -> Fault {
    let Some(code) = status.metadata().get(CODE).and_then(|code| code.to_str().ok()) else {
        return transport(status);
    };
    let class = class::from_grpc(status.code());
    let sentence = status.message().to_owned();
    let code = interned(code);
    let field = status
        .metadata()
        .get_bin(FIELD)
        .and_then(|field| field.to_bytes().ok())
        .and_then(|field| String::from_utf8(field.to_vec()).ok());
    let wait = status
        .metadata()
        .get(WAIT)
        .and_then(|wait| wait.to_str().ok())
        .and_then(|wait| wait.parse::<u64>().ok())
        .map(Duration::from_nanos);
    let mut fault = match (class, field) {
        // Only `invalid` makes a fault with a field, and only of this class.
        (Class::Invalid, Some(field)) => Fault::invalid(code, field, sentence),
        _ => Fault::new(class, code, sentence),
    };
    if let Some(wait) = wait {
        fault = fault.retry_after(wait);
    }
    fault
}

/// A status that no service of ours made: the connection, the deadline, or a peer of another
/// kind. Its text is for the log only.
fn transport(status: Status) -> Fault {
    use std::error::Error as _;

    let class = match status.code() {
        // tonic reports a connection lost in the middle of a call as unknown.
        Code::Unknown if status.source().is_some() => Class::Unavailable,
        code => class::from_grpc(code),
    };
    let (code, sentence) = match class {
        Class::Unavailable => ("peer_unavailable", "A service is not reachable at the moment."),
        Class::Timeout => ("deadline_exceeded", "A service took too long to answer."),
        Class::Unauthenticated => ("token_refused", "The call carries no valid token."),
        _ => ("call_failed", "A call between services failed."),
    };
    Fault::new(class, code, sentence).caused_by(status)
}

/// The one copy of a code that came over the wire. Codes are few and come from trusted peers;
/// should a peer go wrong, the copies kept for good stay bounded.
fn interned(code: &str) -> &'static str {
    static CODES: OnceLock<Mutex<HashSet<&'static str>>> = OnceLock::new();
    const MOST: usize = 4096;

    if code.len() > 100 {
        return "unknown";
    }
    let mut codes =
        CODES.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = codes.get(code) {
        return known;
    }
    if codes.len() >= MOST {
        return "unknown";
    }
    let kept: &'static str = Box::leak(code.to_owned().into_boxed_str());
    codes.insert(kept);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_transport_says_becomes_a_fault_of_its_class() {
        for (code, class) in [
            (Code::Unavailable, Class::Unavailable),
            (Code::Cancelled, Class::Timeout),
            (Code::DeadlineExceeded, Class::Timeout),
            (Code::Unimplemented, Class::Internal),
        ] {
            let fault = fault(Status::new(code, "words of the transport"));
            assert_eq!(fault.class(), class);
            assert!(!fault.sentence().contains("words of the transport"));
        }
    }
}
