//! The answering side.

use std::net::SocketAddr;
use std::task::{Context, Poll};

use axum::http;
use futures::future::{Either, Ready, ready};
use kit_values::{Class, Fault};
use tonic::body::Body;
use tonic::service::Routes;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tonic::{Request, Status};
use tower::{Layer, Service};

use super::{AUTHORIZATION, DEADLINE, TRACEPARENT, status};
use crate::config::Listener;
use crate::{Caller, Identity, Runtime, telemetry};

/// Who makes this call.
///
/// # Errors
/// Unauthenticated when the call did not come through [`serve`].
pub fn caller<T>(request: &Request<T>) -> Result<Caller, Status> {
    request.extensions().get::<Caller>().cloned().ok_or_else(|| {
        let sentence = "The call carries no valid token.";
        status(Fault::new(Class::Unauthenticated, "token_refused", sentence))
    })
}

/// Who makes this call, if it is one of `services`.
///
/// # Errors
/// As [`caller`]; Forbidden for any other service.
pub fn admitted<T>(request: &Request<T>, services: &[&str]) -> Result<Caller, Status> {
    let caller = caller(request)?;
    caller.require_service(services).map_err(status)?;
    Ok(caller)
}

/// Serves `routes`, the standard health service and, when the process offers it, reflection;
/// returns once it listens. Every other call needs a token made for this process's identity.
/// On stop, calls in flight are finished.
///
/// # Errors
/// Unavailable, with what to do, when the address cannot be had.
pub async fn serve(
    runtime: &Runtime,
    listener: &Listener,
    name: &'static str,
    routes: Routes,
) -> Result<SocketAddr, Fault> {
    let socket = runtime.bind(listener).await?;
    let address = socket.local_addr().map_err(Fault::internal)?;
    let (reporter, health) = tonic_health::server::health_reporter();
    let mut routes = routes.add_service(health);
    if let Some(descriptors) = runtime.descriptors() {
        let reflection = tonic_reflection::server::Builder::configure()
            .register_encoded_file_descriptor_set(descriptors)
            .build_v1()
            .map_err(Fault::internal)?;
        routes = routes.add_service(reflection);
    }

    let process = runtime.health.clone();
    let stop = runtime.stop.clone();
    runtime.tasks.spawn("grpc-health", async move {
        let mut ready = process.is_ready();
        loop {
            let serving = if ready {
                tonic_health::ServingStatus::Serving
            } else {
                tonic_health::ServingStatus::NotServing
            };
            reporter.set_service_status("", serving).await;
            tokio::select! {
                changed = process.changed_from(ready) => ready = changed,
                () = stop.cancelled() => break,
            }
        }
        reporter.set_service_status("", tonic_health::ServingStatus::NotServing).await;
        Ok(())
    });

    let server = Server::builder()
        .timeout(DEADLINE)
        .http2_keepalive_interval(Some(std::time::Duration::from_secs(20)))
        .trace_fn(move |request| span(name, request))
        .layer(Authenticate { identity: runtime.identity.clone() })
        .add_routes(routes.prepare());
    let stop = runtime.stop.clone();
    let flag = runtime.health.register(format!("{name}-grpc"));
    runtime.tasks.spawn("grpc-server", async move {
        // The builder's own setting does not reach sockets that it did not bind.
        let incoming = TcpIncoming::from(socket).with_nodelay(Some(true));
        flag.set_ready();
        let result =
            server.serve_with_incoming_shutdown(incoming, stop.clone().cancelled_owned()).await;
        flag.set_unready("stopped");
        result.map_err(Fault::internal)
    });
    tracing::debug!(service = name, %address, "gRPC listener ready");
    Ok(address)
}

fn span<B>(name: &'static str, request: &http::Request<B>) -> tracing::Span {
    let method = request.uri().path();
    let span = tracing::info_span!(
        "rpc",
        otel.name = method.trim_start_matches('/'),
        otel.kind = "server",
        rpc.system = "grpc",
        service = name,
    );
    if let Some(parent) = request.headers().get(TRACEPARENT).and_then(|value| value.to_str().ok()) {
        telemetry::set_parent(&span, parent);
    }
    span
}

/// Verifies the token of every call but those to the standard health and reflection services,
/// which show nothing of anybody's data.
#[derive(Clone, Debug)]
struct Authenticate {
    identity: Identity,
}

impl<S> Layer<S> for Authenticate {
    type Service = Authenticated<S>;

    fn layer(&self, inner: S) -> Self::Service {
        Authenticated { identity: self.identity.clone(), inner }
    }
}

#[derive(Clone, Debug)]
struct Authenticated<S> {
    identity: Identity,
    inner: S,
}

impl<S, B> Service<http::Request<B>> for Authenticated<S>
where
    S: Service<http::Request<B>, Response = http::Response<Body>>,
{
    type Response = http::Response<Body>;
    type Error = S::Error;
    type Future = Either<S::Future, Ready<Result<Self::Response, Self::Error>>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: http::Request<B>) -> Self::Future {
        // Only a token makes a caller, whatever came with the request.
        request.extensions_mut().remove::<Caller>();
        if is_open(request.uri().path()) {
            return Either::Left(self.inner.call(request));
        }
        let token = request
            .headers()
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.strip_prefix("Bearer "))
            .unwrap_or_default();
        match self.identity.verify(token, kit_values::now()) {
            Ok(caller) => {
                request.extensions_mut().insert(caller);
                Either::Left(self.inner.call(request))
            }
            Err(fault) => Either::Right(ready(Ok(status(fault).into_http()))),
        }
    }
}

fn is_open(path: &str) -> bool {
    path.starts_with("/grpc.health.v1.Health/") || path.starts_with("/grpc.reflection.v1.")
}
