//! The calling side.

use std::time::Duration;

use kit_values::Fault;
use tonic::metadata::MetadataValue;
use tonic::service::Interceptor;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::Endpoint;
use tonic::{Request, Status};

use super::{AUTHORIZATION, DEADLINE, TRACEPARENT, status};
use crate::{Caller, Identity, Peer, telemetry};

/// A connection to one service that signs every call; cheap to clone, and connected at the
/// first call and again after a loss.
pub type Channel = InterceptedService<tonic::transport::Channel, Sign>;

/// Makes connections to other services.
#[derive(Debug)]
pub struct Client;

impl Client {
    /// A connection to the service named `audience`, on which `identity` signs.
    ///
    /// # Errors
    /// Invalid when the peer's address is no address.
    pub fn connect(peer: &Peer, identity: Identity, audience: &str) -> Result<Channel, Fault> {
        let endpoint = Endpoint::from_shared(peer.url())
            .map_err(|error| {
                let sentence = format!("\"{}\" is no address of a service.", peer.address);
                Fault::invalid("peer_address_invalid", "address", sentence).caused_by(error)
            })?
            .connect_timeout(Duration::from_secs(3))
            .http2_keep_alive_interval(Duration::from_secs(20))
            .keep_alive_timeout(Duration::from_secs(10))
            .keep_alive_while_idle(true)
            .tcp_nodelay(true);
        let sign = Sign { identity, audience: audience.into() };
        Ok(InterceptedService::new(endpoint.connect_lazy(), sign))
    }
}

/// A message on its way: with the caller to sign for, and the deadline of the call.
pub fn request<M>(message: M, caller: &Caller, deadline: Duration) -> Request<M> {
    let mut request = Request::new(message);
    request.extensions_mut().insert(caller.clone());
    request.set_timeout(deadline);
    request
}

/// Adds the caller's token, the deadline and the trace to each call.
#[derive(Clone, Debug)]
pub struct Sign {
    identity: Identity,
    audience: std::sync::Arc<str>,
}

impl Interceptor for Sign {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        let caller = request.extensions().get::<Caller>().cloned().unwrap_or_default();
        let token =
            self.identity.sign(&caller, &self.audience, kit_values::now()).map_err(status)?;
        let mut bearer = MetadataValue::try_from(format!("Bearer {}", token.expose()))
            .map_err(|error| status(Fault::internal(error)))?;
        bearer.set_sensitive(true);
        request.metadata_mut().insert(AUTHORIZATION, bearer);
        if let Some(trace) = telemetry::trace_context()
            && let Ok(trace) = MetadataValue::try_from(trace)
        {
            request.metadata_mut().insert(TRACEPARENT, trace);
        }
        if !request.metadata().contains_key("grpc-timeout") {
            request.set_timeout(DEADLINE);
        }
        Ok(request)
    }
}
