//! Directory and conversation, played: three calls, what they answer is held in memory.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::routing::post;
use kit_service::rpc::{caller, status};
use kit_values::{Class, Fault, OrganizationId};
use proto::conversation::v1 as conversation;
use proto::directory::v1 as directory;
use tonic::server::{Grpc, UnaryService};
use tonic::service::Routes;
use tonic::{Request, Response, Status};
use tonic_prost::ProstCodec;

/// What the services hold.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "switches of a test")]
pub struct Held {
    pub applications: Vec<directory::Application>,
    pub channels: Vec<directory::Channel>,
    pub outbound: BTreeMap<(OrganizationId, String), conversation::Outbound>,
    /// Tokens are not told.
    pub tokens_away: bool,
    /// No account has one.
    pub no_tokens: bool,
    /// How many times a token was asked for.
    pub token_calls: usize,
    /// What was reported of accounts: which, whether it is connected, of which version.
    pub reports: Vec<(String, bool, i64)>,
    /// Takes no reports.
    pub reports_away: bool,
    /// Replies are not told.
    pub replies_away: bool,
    /// How many times replies were asked for.
    pub reply_calls: usize,
}

/// Both services.
#[derive(Clone, Default)]
pub struct Peers(Arc<Mutex<Held>>);

impl Peers {
    pub fn held(&self) -> MutexGuard<'_, Held> {
        self.0.lock().expect("no test panics while holding it")
    }

    pub fn conversation(&self) -> Routes {
        let peers = self.clone();
        let outbound = move |request: Request<conversation::GetOutboundRequest>| {
            let organization = caller(&request)?.organization().map_err(status)?;
            let mut held = peers.held();
            held.reply_calls += 1;
            if held.replies_away {
                return Err(Status::unavailable("away"));
            }
            let ids = request.into_inner().message_ids;
            let found = ids.into_iter().filter_map(|id| held.outbound.get(&(organization, id)));
            Ok(conversation::GetOutboundResponse { outbound: found.cloned().collect() })
        };
        let path = "/guichet.conversation.v1.ConversationService/GetOutbound";
        axum::Router::new().route(path, unary(outbound)).into()
    }

    pub fn directory(&self) -> Routes {
        let peers = self.clone();
        let routes = move |request: Request<directory::ListRoutesRequest>| {
            caller(&request)?.require_installation().map_err(status)?;
            let held = peers.held();
            let (applications, channels) = (held.applications.clone(), held.channels.clone());
            Ok(directory::ListRoutesResponse { applications, channels })
        };
        let peers = self.clone();
        let credentials = move |request: Request<directory::GetChannelCredentialsRequest>| {
            let asked = request.into_inner();
            let mut held = peers.held();
            held.token_calls += 1;
            if held.tokens_away {
                return Err(Status::unavailable("away"));
            }
            let mut channels = held.channels.iter();
            let channel = channels.find(|channel| {
                !held.no_tokens
                    && channel.channel_id == asked.channel_id
                    && channel.organization_id == asked.organization_id
            });
            let channel = channel.ok_or_else(|| {
                status(Fault::new(Class::Rejected, "channel_without_token", "Connect it."))
            })?;
            Ok(directory::GetChannelCredentialsResponse {
                access_token: format!("token-{}-{}", channel.account_id, channel.version),
                application_secret: "secret".to_owned(),
                channel: Some(channel.clone()),
            })
        };
        let peers = self.clone();
        let report = move |request: Request<directory::ReportChannelHealthRequest>| {
            caller(&request)?.require_installation().map_err(status)?;
            let told = request.into_inner();
            let mut held = peers.held();
            if held.reports_away {
                return Err(Status::unavailable("away"));
            }
            let connected = told.health() == directory::ChannelHealth::Connected;
            held.reports.push((told.channel_id, connected, told.channel_version));
            Ok(directory::ReportChannelHealthResponse { channel: None })
        };
        axum::Router::new()
            .route("/guichet.directory.v1.SettingsService/ReportChannelHealth", unary(report))
            .route("/guichet.directory.v1.DirectoryService/ListRoutes", unary(routes))
            .route(
                "/guichet.directory.v1.DirectoryService/GetChannelCredentials",
                unary(credentials),
            )
            .into()
    }
}

#[derive(Clone)]
struct Played<F>(F);

impl<F, I, O> UnaryService<I> for Played<F>
where
    F: Fn(Request<I>) -> Result<O, Status>,
    O: Send + 'static,
{
    type Response = O;
    type Future = Pin<Box<dyn Future<Output = Result<Response<O>, Status>> + Send>>;

    fn call(&mut self, request: Request<I>) -> Self::Future {
        let answer = (self.0)(request).map(Response::new);
        Box::pin(std::future::ready(answer))
    }
}

/// One call, answered by a function.
fn unary<F, I, O>(answer: F) -> axum::routing::MethodRouter
where
    F: Fn(Request<I>) -> Result<O, Status> + Clone + Send + Sync + 'static,
    I: prost::Message + Default + 'static,
    O: prost::Message + 'static,
{
    post(move |request: axum::extract::Request| async move {
        let mut grpc = Grpc::new(ProstCodec::<O, I>::default());
        grpc.unary(Played(answer), request).await.map(axum::body::Body::new)
    })
}
