//! Calls of an operator to running services, signed with the operator's key.

use std::time::Duration;

use kit_service::rpc::{Channel, Client};
use kit_service::{Caller, Listener, Peer, rpc};
use kit_values::{Class, Fault};

use crate::services::OPERATOR;
use crate::settings::{Settings, loopback};

/// How long one call may take.
const DEADLINE: Duration = Duration::from_secs(5);

/// A connection to `service`, at `address` if given, else where the configuration lets it
/// listen.
///
/// # Errors
/// Invalid when neither says where it is, or the operator's key is missing.
pub fn channel(
    settings: &Settings,
    service: &'static str,
    listener: Option<&Listener>,
    address: Option<&str>,
) -> Result<Channel, Fault> {
    let peer = match (address, listener) {
        (Some(address), _) => Peer { address: address.to_owned() },
        (None, Some(listener)) => Peer::from(reachable(listener)),
        (None, None) => {
            let sentence = format!(
                "No configuration says where {service} listens; start Guichet first, or give \
                 --config."
            );
            return Err(Fault::new(Class::Invalid, "service_unknown", sentence));
        }
    };
    Client::connect(&peer, settings.identity.identity(OPERATOR)?, service)
}

/// A message on its way, for the installation.
pub fn request<M>(message: M) -> tonic::Request<M> {
    rpc::request(message, &Caller::installation(), DEADLINE)
}

/// What a call that failed means for the person at the terminal.
#[must_use]
pub fn failed(status: tonic::Status) -> Fault {
    let fault = rpc::fault(status);
    if fault.class() != Class::Unavailable {
        return fault;
    }
    let sentence = "The service does not answer: is Guichet running, and from the same --data?";
    Fault::new(Class::Unavailable, "not_running", sentence).caused_by(fault)
}

/// Where a listener of this machine can be called.
#[must_use]
pub fn reachable(listener: &Listener) -> std::net::SocketAddr {
    if listener.address.ip().is_unspecified() {
        loopback(listener.address.port())
    } else {
        listener.address
    }
}
