//! The services that are asked while a reply is accepted or at start, played by this test.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use conversation::domain::Policy;
use conversation::domain::words::MemberId;
use kit_service::rpc::caller;
use kit_service::{Listener, Peer, Runtime};
use kit_values::OrganizationId;
use proto::directory::v1 as directory;
use proto::directory::v1::directory_service_server::{DirectoryService, DirectoryServiceServer};
use proto::link::v1 as link;
use proto::link::v1::link_shortener_service_server::{
    LinkShortenerService, LinkShortenerServiceServer,
};
use tonic::service::Routes;
use tonic::{Request, Response, Status};

use crate::feed::Feed;
use crate::office::Office;
use crate::service::{Service, by};

/// What the shortener does with an address: the first of a reply's place has it for good.
#[derive(Default)]
struct Shortener(Mutex<BTreeMap<(String, i32), String>>);

macro_rules! shortener {
    ($($method:ident: $request:ident => $response:ident;)*) => {
#[tonic::async_trait]
impl LinkShortenerService for Shortener {
    $(async fn $method(
        &self,
        _: Request<link::$request>,
    ) -> Result<Response<link::$response>, Status> {
        Err(Status::unimplemented("not asked by conversation"))
    })*

    async fn shorten(
        &self,
        request: Request<link::ShortenRequest>,
    ) -> Result<Response<link::ShortenResponse>, Status> {
        caller(&request)?.require_service(&["conversation"]).expect("conversation asks");
        let asked = request.into_inner();
        if asked.links.iter().any(|link| link.url.contains("slow")) {
            tokio::time::sleep(Duration::from_secs(10)).await;
        }
        let short = |link: link::Link| {
            let refused = link.url.contains("refused");
            link::ShortLink {
                ordinal: link.ordinal,
                short_url: if refused {
                    String::new()
                } else {
                    let mut known = self.0.lock().expect("not poisoned");
                    let place = (asked.reply_key.clone(), link.ordinal);
                    known.entry(place).or_insert(link.url.replace("//", "//s.test/")).clone()
                },
                reason: if refused { "not_public".to_owned() } else { String::new() },
                ..link::ShortLink::default()
            }
        };
        let links = asked.links.clone().into_iter().map(short).collect();
        Ok(Response::new(link::ShortenResponse { links }))
    }
}
    };
}

shortener! {
    get_settings: GetSettingsRequest => GetSettingsResponse;
    put_settings: PutSettingsRequest => PutSettingsResponse;
    connect_bitly: ConnectBitlyRequest => ConnectBitlyResponse;
    disconnect_bitly: DisconnectBitlyRequest => DisconnectBitlyResponse;
    authorize_bitly: AuthorizeBitlyRequest => AuthorizeBitlyResponse;
    finish_bitly: FinishBitlyRequest => FinishBitlyResponse;
    test: TestRequest => TestResponse;
    get_example: GetExampleRequest => GetExampleResponse;
    list_audit: ListAuditRequest => ListAuditResponse;
}

/// A directory that knows these members and one account, a page for each member.
struct Directory {
    organization: OrganizationId,
    members: Vec<MemberId>,
    channel: String,
}

macro_rules! directory {
    ($($method:ident: $request:ident => $response:ident;)*) => {
        #[tonic::async_trait]
        impl DirectoryService for Directory {
            async fn list_people(
                &self,
                request: Request<directory::ListPeopleRequest>,
            ) -> Result<Response<directory::ListPeopleResponse>, Status> {
                let after = request.into_inner().after;
                let page = after.parse().unwrap_or(0_usize);
                let member = |member: &MemberId| directory::Member {
                    member_id: member.to_string(),
                    organization_id: self.organization.to_string(),
                    roles: vec![directory::Role::Agent.into()],
                    ..directory::Member::default()
                };
                let more = page + 1 < self.members.len();
                Ok(Response::new(directory::ListPeopleResponse {
                    members: self.members.get(page).map(member).into_iter().collect(),
                    next: if more { (page + 1).to_string() } else { String::new() },
                    ..Default::default()
                }))
            }

            async fn list_routes(
                &self,
                _: Request<directory::ListRoutesRequest>,
            ) -> Result<Response<directory::ListRoutesResponse>, Status> {
                Ok(Response::new(directory::ListRoutesResponse {
                    applications: Vec::new(),
                    channels: vec![directory::Channel {
                        channel_id: self.channel.clone(),
                        organization_id: self.organization.to_string(),
                        network: proto::network::v1::Network::X.into(),
                        account_id: "1".to_owned(),
                        version: 1,
                        ..directory::Channel::default()
                    }],
                }))
            }

            $(async fn $method(
                &self,
                _: Request<directory::$request>,
            ) -> Result<Response<directory::$response>, Status> {
                Err(Status::unimplemented("not asked by conversation"))
            })*
        }
    };
}

directory! {
    verify_sign_in: VerifySignInRequest => VerifySignInResponse;
    get_member: GetMemberRequest => GetMemberResponse;
    get_organization: GetOrganizationRequest => GetOrganizationResponse;
    list_channels: ListChannelsRequest => ListChannelsResponse;
    get_application_secrets: GetApplicationSecretsRequest => GetApplicationSecretsResponse;
    list_members: ListMembersRequest => ListMembersResponse;
    get_channel_credentials: GetChannelCredentialsRequest => GetChannelCredentialsResponse;
    create_organization: CreateOrganizationRequest => CreateOrganizationResponse;
    create_member: CreateMemberRequest => CreateMemberResponse;
    create_application: CreateApplicationRequest => CreateApplicationResponse;
    connect_channel: ConnectChannelRequest => ConnectChannelResponse;
}

async fn serve(runtime: &Runtime, name: &'static str, routes: Routes) -> Peer {
    let address = runtime.reserve(&Listener::loopback()).expect("a free port");
    kit_service::rpc::serve(runtime, &Listener { address }, name, routes).await.expect("listens");
    address.into()
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_are_shortened_when_asked_for_and_whatever_fails_stays_long_with_its_reason() {
    let feed = Feed::new();
    let service = Service::start_among(Policy::default(), async |keys| {
        let runtime = Runtime::new(keys.identity("link_shortener").expect("identity"));
        let routes = Routes::new(LinkShortenerServiceServer::new(Shortener::default()));
        let peer = serve(&runtime, "link_shortener", routes).await;
        (None, Some(peer), vec![runtime])
    })
    .await;
    let office = Office::of(service, feed).await;
    office.desk.apply(&[office.feed.private("anna", "1", 0)]).await;
    let row = office.sole_row().await;
    let accept = async |key: &str, text: &str, shorten_links| {
        let mut reply = office.private(&row, key);
        (reply.text, reply.shorten_links) = (text.to_owned(), shorten_links);
        let accepted = office.accept(office.lea, reply).await.expect("accepted");
        (accepted.message.expect("a message").text, accepted.link_notices)
    };
    let text = "See https://a.test/1, (https://refused.test/2) and https://b.test/3.";
    let long = accept("k1", text, false).await;
    assert_eq!(long, (text.to_owned(), Vec::new()));
    let short = (
        "See https://s.test/a.test/1, (https://refused.test/2) and https://s.test/b.test/3."
            .to_owned(),
        vec!["https://refused.test/2 not_public".to_owned()],
    );
    assert_eq!(accept("k2", text, true).await, short);
    assert_eq!(accept("k2", text, true).await, short, "the same key, the same text");

    // One of them shall stay long, and says nothing of it.
    let mut kept = office.private(&row, "k5");
    (kept.text, kept.shorten_links) = ("https://a.test/1 https://b.test/2".to_owned(), true);
    kept.keep_long_ordinals = vec![0, 7, -1];
    let accepted = office.accept(office.lea, kept).await.expect("accepted");
    let text = accepted.message.expect("a message").text;
    assert_eq!(
        (text.as_str(), accepted.link_notices),
        ("https://a.test/1 https://s.test/b.test/2", Vec::new())
    );

    // Refused, nothing was kept: the key is free for other words, which have links of their own.
    let mut long = office.private(&row, "k4");
    (long.text, long.shorten_links) = (format!("https://a.test/4 {}", "x".repeat(20_000)), true);
    let fault = office.accept(office.lea, long).await.expect_err("refused");
    assert_eq!(fault.code(), "text_too_long");
    assert_eq!(accept("k4", "https://b.test/5", true).await.0, "https://s.test/b.test/5");

    let began = std::time::Instant::now();
    let (text, notices) = accept("k3", "https://slow.test/", true).await;
    assert_eq!(text, "https://slow.test/");
    assert_eq!(notices.len(), 1);
    assert!(began.elapsed() < Duration::from_secs(8), "shortening holds no reply up");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_shortener_addresses_stay_long() {
    let office = Office::open(Feed::new()).await;
    office.desk.apply(&[office.feed.private("anna", "1", 0)]).await;
    let row = office.sole_row().await;
    let mut reply = office.private(&row, "k1");
    (reply.text, reply.shorten_links) = ("https://a.test/".to_owned(), true);
    let accepted = office.accept(office.lea, reply).await.expect("accepted");
    assert_eq!(accepted.message.expect("a message").text, "https://a.test/");
    assert_eq!(accepted.link_notices, ["https://a.test/ no_shortener"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn members_and_accounts_are_listed_at_start() {
    let feed = Feed::new();
    let members = vec![MemberId::mint(), MemberId::mint()];
    let known = Directory {
        organization: feed.organization,
        members: members.clone(),
        channel: feed.channels[0].to_string(),
    };
    let service = Service::start_among(Policy::default(), async |keys| {
        let runtime = Runtime::new(keys.identity("directory").expect("identity"));
        let routes = Routes::new(DirectoryServiceServer::new(known));
        (Some(serve(&runtime, "directory", routes).await), None, vec![runtime])
    })
    .await;
    let desk = service.desk();
    desk.apply(&[feed.private("anna", "1", 0)]).await;
    let text = desk.texts("SELECT conversation_id::text FROM conversation.conversation").await;
    let id = uuid::Uuid::try_parse(&text[0]).expect("an id");
    let conversation_id = conversation::domain::words::ConversationId::from_uuid(id).to_string();
    for member in members {
        let answers = async || {
            let reply = proto::conversation::v1::AcceptReplyRequest {
                conversation_id: conversation_id.clone(),
                idempotency_key: member.to_string(),
                kind: proto::network::v1::MessageKind::PrivateMessage.into(),
                channel_id: feed.channels[0].to_string(),
                text: "hello".to_owned(),
                seen_through: 10,
                ..Default::default()
            };
            let request = by(reply, feed.organization, member);
            service.client("gateway").accept_reply(request).await.is_ok()
        };
        service.until("the member may answer with the account", answers).await;
    }
}
