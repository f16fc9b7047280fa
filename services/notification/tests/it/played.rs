//! Directory, played: the one call that this service makes of it.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use kit_service::identity::Keys;
use kit_service::rpc::{caller, status};
use kit_service::{Listener, Peer, Runtime};
use proto::directory::v1 as pb;
use tonic::server::{Grpc, UnaryService};
use tonic::{Request, Response, Status};
use tonic_prost::ProstCodec;

/// What it tells of everybody; away until there is something to tell.
#[derive(Clone, Default)]
pub struct Directory(Arc<Mutex<Option<pb::ListPeopleResponse>>>);

impl Directory {
    /// Listens until the runtime stops.
    pub async fn start(keys: &Keys) -> (Self, Peer, Runtime) {
        let directory = Self::default();
        let runtime = Runtime::new(keys.identity("directory").expect("identity"));
        let played = directory.clone();
        let path = "/guichet.directory.v1.DirectoryService/ListPeople";
        let call = move |request: axum::extract::Request| async move {
            let mut grpc = Grpc::new(ProstCodec::default());
            grpc.unary(played, request).await.map(axum::body::Body::new)
        };
        let routes = axum::Router::new().route(path, axum::routing::post(call)).into();
        let address =
            kit_service::rpc::serve(&runtime, &Listener::loopback(), "directory", routes).await;
        (directory, address.expect("listens").into(), runtime)
    }

    /// Is there from now on, and tells this.
    pub fn tells(&self, people: pb::ListPeopleResponse) {
        *self.0.lock().expect("held") = Some(people);
    }
}

impl UnaryService<pb::ListPeopleRequest> for Directory {
    type Response = pb::ListPeopleResponse;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Self::Response>, Status>> + Send>>;

    fn call(&mut self, request: Request<pb::ListPeopleRequest>) -> Self::Future {
        let allowed = caller(&request).map(|it| it.require_installation().map_err(status));
        let people = self.0.lock().expect("held").clone();
        Box::pin(async move {
            allowed??;
            people.map(Response::new).ok_or_else(|| Status::unavailable("away"))
        })
    }
}
