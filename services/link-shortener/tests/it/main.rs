//! The shortener on a real database, over its real ports; Bitly and directory are played.

#![expect(clippy::panic, reason = "a played service that is surprised fails")]

mod bitly;
mod played;

use std::time::Duration;

use kit_service::identity::Keys;
use kit_service::rpc::{self, Client};
use kit_service::{Caller, Listener, Peer, Runtime};
use kit_testkit::{SchemaDatabase, eventually};
use kit_values::{Class, OrganizationId, Secret, mint_uuid};
use proto::link::v1::link_shortener_service_client::LinkShortenerServiceClient;
use proto::link::v1::{Link, ShortLink, ShortenRequest};
use reqwest::StatusCode;
use reqwest::header;

struct Shortener {
    bitly: played::Bitly,
    directory: played::Directory,
    played: Runtime,
    database: SchemaDatabase,
    address: String,
    peer: Peer,
    identities: Keys,
    runtime: Runtime,
}

impl Drop for Shortener {
    fn drop(&mut self) {
        self.played.stop.cancel();
        self.runtime.stop.cancel();
    }
}

impl Shortener {
    async fn start() -> Self {
        kit_service::cryptography();
        let database = kit_testkit::database("link_shortener", &link_shortener::migrations()).await;
        let identities =
            Keys::generate(&["link_shortener", "conversation", "gateway", "directory"])
                .expect("keys");
        let runtime = Runtime::new(identities.identity("link_shortener").expect("identity"));
        let rpc = runtime.reserve(&Listener::loopback()).expect("a free port");
        let http = runtime.reserve(&Listener::loopback()).expect("a free port");
        let (directory, directory_peer, played) = played::Directory::start(&identities).await;
        let (bitly, api_base) = played::Bitly::start(&played).await;
        let config = link_shortener::Config {
            database: database.database.settings("link_shortener"),
            rpc: Listener { address: rpc },
            http: Listener { address: http },
            public_url: "https://go.example.com".to_owned(),
            directory: directory_peer,
            bitly: link_shortener::BitlySettings {
                api_base,
                authorize_url: "https://bitly.com/oauth/authorize".to_owned(),
                client_id: "guichet".to_owned(),
                client_secret: Secret::new("our secret".to_owned()),
                redirect_uri: "https://care.example.com/back".to_owned(),
            },
        };
        link_shortener::start(config, runtime.clone()).await.expect("starts");
        Self {
            bitly,
            directory,
            played,
            database,
            address: format!("http://{http}"),
            peer: rpc.into(),
            identities,
            runtime,
        }
    }

    async fn shorten(
        &self,
        organization: OrganizationId,
        reply_key: &str,
        addresses: &[&str],
    ) -> Vec<ShortLink> {
        let identity = self.identities.identity("conversation").expect("identity");
        let channel = Client::connect(&self.peer, identity, "link_shortener").expect("an address");
        let request = ShortenRequest {
            conversation_id: format!("conv_{}", mint_uuid().simple()),
            reply_key: reply_key.to_owned(),
            links: addresses
                .iter()
                .zip(0..)
                .map(|(url, ordinal)| Link { ordinal, url: (*url).to_owned() })
                .collect(),
        };
        let caller = Caller::for_organization(organization);
        let request = rpc::request(request, &caller, Duration::from_secs(10));
        let answer = LinkShortenerServiceClient::new(channel).shorten(request).await;
        answer.expect("answered").into_inner().links
    }

    fn client(&self) -> LinkShortenerServiceClient<rpc::Channel> {
        let identity = self.identities.identity("gateway").expect("identity");
        let channel = Client::connect(&self.peer, identity, "link_shortener").expect("an address");
        LinkShortenerServiceClient::new(channel)
    }

    async fn follow(&self, code: &str, user_agent: &str) -> reqwest::Response {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(user_agent)
            .build()
            .expect("a client");
        client.get(format!("{}/{code}", self.address)).send().await.expect("answered")
    }
}

fn code_of(link: &ShortLink) -> &str {
    link.short_url.strip_prefix("https://go.example.com/").expect("begins with the base")
}

const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_made_once_per_reply_and_place_and_leads_where_it_should() {
    let shortener = Shortener::start().await;
    let organization = OrganizationId::mint();
    let addresses = ["https://example.com/a?b=c#d", "ftp://example.com", "https://example.com/é"];
    let links = shortener.shorten(organization, "key-1", &addresses).await;
    let again = shortener.shorten(organization, "key-1", &addresses).await;
    assert_eq!(links, again, "the same reply gives the same links");
    assert_eq!((&*links[1].short_url, &*links[1].reason), ("", "not_http"));
    assert_ne!(code_of(&links[0]), code_of(&links[2]));
    let other = shortener.shorten(OrganizationId::mint(), "key-1", &addresses[..1]).await;
    assert_ne!(other[0], links[0], "another organization's reply is another one");

    let answer = shortener.follow(code_of(&links[0]), BROWSER).await;
    assert_eq!(answer.status(), StatusCode::FOUND);
    assert_eq!(answer.headers()[header::LOCATION], addresses[0]);
    assert!(!answer.headers().contains_key(header::SET_COOKIE));
    let answer = shortener.follow(code_of(&links[2]), BROWSER).await;
    assert_eq!(answer.headers()[header::LOCATION], "https://example.com/%C3%A9");
    for nothing in ["aaaaaaaa", "short", "with%20space", "..%2f..%2fetc"] {
        let answer = shortener.follow(nothing, BROWSER).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{nothing}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_acceptances_of_one_reply_share_their_links() {
    let shortener = Shortener::start().await;
    let organization = OrganizationId::mint();
    let many = (0..16).map(|_| shortener.shorten(organization, "key", &["https://example.com/"]));
    let links = futures::future::join_all(many).await;
    assert!(links.iter().all(|one| one == &links[0]), "{links:?}");
    let stored = "SELECT count(*) FROM link_shortener.link_code";
    assert_eq!(shortener.database.database.number(stored).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn clicks_are_counted_by_the_hour_and_bots_apart() {
    let shortener = Shortener::start().await;
    let links = shortener.shorten(OrganizationId::mint(), "key", &["https://example.com/"]).await;
    for user_agent in [BROWSER, BROWSER, "Twitterbot/1.0"] {
        shortener.follow(code_of(&links[0]), user_agent).await;
    }
    eventually(Duration::from_secs(10), "the clicks are counted", async || {
        let sum = |bot: bool| {
            format!(
                "SELECT coalesce(sum(clicks), 0)::bigint FROM link_shortener.link_click \
                 WHERE bot = {bot}"
            )
        };
        let people = shortener.database.database.number(&sum(false)).await;
        let bots = shortener.database.database.number(&sum(true)).await;
        (people, bots) == (2, 1)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_was_switched_off_leads_nowhere() {
    let shortener = Shortener::start().await;
    let links = shortener.shorten(OrganizationId::mint(), "key", &["https://example.com/"]).await;
    let code = code_of(&links[0]);
    assert_eq!(shortener.follow(code, BROWSER).await.status(), StatusCode::FOUND);
    let off = "UPDATE link_shortener.link_code SET disabled = true";
    shortener.database.database.execute(off).await;
    eventually(Duration::from_secs(10), "the link is off", async || {
        shortener.follow(code, BROWSER).await.status() == StatusCode::GONE
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_conversation_may_ask() {
    let shortener = Shortener::start().await;
    let identity = shortener.identities.identity("gateway").expect("identity");
    let channel = Client::connect(&shortener.peer, identity, "link_shortener").expect("an address");
    let caller = Caller::for_organization(OrganizationId::mint());
    let request = rpc::request(ShortenRequest::default(), &caller, Duration::from_secs(10));
    let answer = LinkShortenerServiceClient::new(channel).shorten(request).await;
    assert_eq!(answer.map_err(rpc::fault).expect_err("refused").class(), Class::Forbidden);
}
