//! A gRPC service of one method, by hand: a text in, a text or a fault out.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use kit_service::{Caller, rpc};
use kit_values::Fault;
use tonic::body::Body;
use tonic::server::{NamedService, UnaryService};
use tonic::{Request, Response, Status};
use tonic_prost::ProstCodec;

type Answer = dyn Fn(&Caller, String) -> Result<String, Fault> + Send + Sync;

/// Answers with what its function says.
#[derive(Clone)]
pub struct Echo(Arc<Answer>);

impl Echo {
    pub fn new(
        answer: impl Fn(&Caller, String) -> Result<String, Fault> + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(answer))
    }
}

impl NamedService for Echo {
    const NAME: &'static str = "test.Echo";
}

impl tower::Service<axum::http::Request<Body>> for Echo {
    type Response = axum::http::Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: axum::http::Request<Body>) -> Self::Future {
        let method = Method(self.0.clone());
        Box::pin(async move {
            let codec = ProstCodec::<String, String>::default();
            Ok(tonic::server::Grpc::new(codec).unary(method, request).await)
        })
    }
}

struct Method(Arc<Answer>);

impl UnaryService<String> for Method {
    type Response = String;
    type Future = Pin<Box<dyn Future<Output = Result<Response<String>, Status>> + Send>>;

    fn call(&mut self, request: Request<String>) -> Self::Future {
        let answer = self.0.clone();
        Box::pin(async move {
            let caller = rpc::caller(&request)?;
            let text = request.into_inner();
            if text == "slow" {
                tokio::time::sleep(Duration::from_secs(5)).await;
            }
            answer(&caller, text).map(Response::new).map_err(rpc::status)
        })
    }
}

/// Calls an echo.
pub async fn call(
    channel: &rpc::Channel,
    caller: &Caller,
    text: &str,
    deadline: Duration,
) -> Result<String, Fault> {
    let mut client = tonic::client::Grpc::new(channel.clone());
    client.ready().await.map_err(Fault::internal)?;
    let request = rpc::request(text.to_owned(), caller, deadline);
    let path = axum::http::uri::PathAndQuery::from_static("/test.Echo/Say");
    client
        .unary(request, path, ProstCodec::<String, String>::default())
        .await
        .map(Response::into_inner)
        .map_err(rpc::fault)
}
