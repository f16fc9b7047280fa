//! A directory for tests: the real protocol over a real socket, its answers from memory.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use kit_service::rpc::{self, caller, status};
use kit_service::{Listener, Peer, Runtime};
use proto::directory::v1::directory_service_server::{DirectoryService, DirectoryServiceServer};
use proto::directory::v1::*;
use tonic::service::Routes;
use tonic::{Request, Response, Status};

/// What the directory knows.
#[derive(Debug, Default)]
pub struct State {
    pub applications: Vec<Application>,
    pub channels: Vec<Channel>,
    pub secrets: HashMap<String, (Vec<String>, String)>,
}

/// A directory; cloned, it is the same one.
#[derive(Debug, Clone, Default)]
pub struct Directory(pub Arc<Mutex<State>>);

impl Directory {
    /// Serves until the runtime's stop.
    pub async fn serve(&self, runtime: &Runtime) -> Peer {
        let routes = Routes::new(DirectoryServiceServer::new(self.clone()));
        let address = rpc::serve(runtime, &Listener::loopback(), "directory", routes).await;
        Peer::from(address.expect("listens"))
    }

    pub fn with<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.0.lock().expect("no test panicked here"))
    }
}

fn only_ingest<T>(request: &Request<T>) -> Result<(), Status> {
    caller(request)?.require_service(&["ingest"]).map_err(status)
}

macro_rules! unused {
    ($($method:ident $request:ident $response:ident),* $(,)?) => {$(
        fn $method<'life, 'future>(
            &'life self,
            _: Request<$request>,
        ) -> std::pin::Pin<Box<
            dyn Future<Output = Result<Response<$response>, Status>> + Send + 'future,
        >>
        where
            'life: 'future,
        {
            Box::pin(async { Err(Status::unimplemented("ingest does not call this")) })
        }
    )*};
}

#[tonic::async_trait]
impl DirectoryService for Directory {
    async fn list_routes(
        &self,
        request: Request<ListRoutesRequest>,
    ) -> Result<Response<ListRoutesResponse>, Status> {
        only_ingest(&request)?;
        Ok(Response::new(self.with(|state| ListRoutesResponse {
            applications: state.applications.clone(),
            channels: state.channels.clone(),
        })))
    }

    async fn get_application_secrets(
        &self,
        request: Request<GetApplicationSecretsRequest>,
    ) -> Result<Response<GetApplicationSecretsResponse>, Status> {
        only_ingest(&request)?;
        let asked = request.into_inner();
        let found = self.with(|state| {
            let version = state
                .applications
                .iter()
                .find(|application| application.application_id == asked.application_id)
                .map_or(0, |application| application.version);
            state.secrets.get(&asked.application_id).cloned().map(|secrets| (secrets, version))
        });
        let ((signing_secrets, verify_token), version) =
            found.ok_or_else(|| Status::not_found("no such application"))?;
        Ok(Response::new(GetApplicationSecretsResponse { signing_secrets, verify_token, version }))
    }

    unused! {
        verify_sign_in VerifySignInRequest VerifySignInResponse,
        get_member GetMemberRequest GetMemberResponse,
        get_organization GetOrganizationRequest GetOrganizationResponse,
        list_channels ListChannelsRequest ListChannelsResponse,
        list_people ListPeopleRequest ListPeopleResponse,
        list_members ListMembersRequest ListMembersResponse,
        get_channel_credentials GetChannelCredentialsRequest GetChannelCredentialsResponse,
        create_organization CreateOrganizationRequest CreateOrganizationResponse,
        create_member CreateMemberRequest CreateMemberResponse,
        create_application CreateApplicationRequest CreateApplicationResponse,
        connect_channel ConnectChannelRequest ConnectChannelResponse,
    }
}
