//! Bitly as an organization's provider: connected, chosen, in trouble, and never in a reply's way.

use std::time::{Duration, Instant};

use kit_service::Caller;
use kit_service::rpc;
use kit_values::{Class, Fault, OrganizationId, mint_uuid};
use proto::link::v1::{self as link, Health, Provider, ShortLink};
use serde_json::json;
use tonic::Request;
use uuid::Uuid;

use crate::Shortener;
use crate::played::Mode;

/// How long a reply waits for its links (`product.md` 7).
const BUDGET: Duration = Duration::from_millis(1_200);

/// An organization with one admin.
struct Office {
    shortener: Shortener,
    organization: OrganizationId,
    admin: Uuid,
}

impl Office {
    async fn open() -> Self {
        let shortener = Shortener::start().await;
        let admin = mint_uuid();
        shortener.directory.held().admins.push(admin);
        Self { shortener, organization: OrganizationId::mint(), admin }
    }

    /// With Bitly connected.
    async fn connected() -> Self {
        let office = Self::open().await;
        office.connect("good").await.expect("connects");
        office.shortener.bitly.asked();
        office
    }

    fn by<M>(&self, member: Uuid, message: M) -> Request<M> {
        let caller = Caller::for_member(self.organization, member);
        rpc::request(message, &caller, Duration::from_secs(10))
    }

    async fn connect(&self, token: &str) -> Result<link::LinkSettings, Fault> {
        let request = self.by(self.admin, link::ConnectBitlyRequest { token: token.to_owned() });
        let answer = self.shortener.client().connect_bitly(request).await.map_err(rpc::fault)?;
        Ok(answer.into_inner().settings.expect("settings"))
    }

    async fn settings(&self) -> link::LinkSettings {
        let request = self.by(self.admin, link::GetSettingsRequest {});
        let answer = self.shortener.client().get_settings(request).await.expect("answered");
        answer.into_inner().settings.expect("settings")
    }

    async fn put(
        &self,
        provider: Provider,
        (group, domain): (&str, &str),
        rev: i64,
    ) -> Result<link::LinkSettings, Fault> {
        let request = link::PutSettingsRequest {
            provider: provider.into(),
            group_guid: group.to_owned(),
            domain: domain.to_owned(),
            rev,
        };
        let request = self.by(self.admin, request);
        let answer = self.shortener.client().put_settings(request).await.map_err(rpc::fault)?;
        Ok(answer.into_inner().settings.expect("settings"))
    }

    async fn shorten(&self, key: &str, addresses: &[&str]) -> Vec<ShortLink> {
        self.shortener.shorten(self.organization, key, addresses).await
    }
}

fn told(link: &ShortLink) -> (Provider, &str) {
    (link.provider(), &link.reason)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connected_account_makes_the_links_in_its_group_and_domain() {
    let office = Office::open().await;
    let before = office.settings().await;
    assert_eq!((before.provider(), before.rev), (Provider::BuiltIn, 0));
    assert_eq!(before.base_url, "https://go.example.com/");
    let refused = office.put(Provider::Bitly, ("", ""), 0).await.expect_err("not connected");
    assert_eq!((refused.class(), refused.code()), (Class::Rejected, "bitly_not_connected"));

    let connected = office.connect("good").await.expect("connects");
    let bitly = connected.bitly.clone().expect("an account");
    assert_eq!(connected.provider(), Provider::Bitly, "connected is chosen");
    assert_eq!(
        (bitly.connected, &*bitly.login, bitly.health()),
        (true, "o_maison", Health::Connected)
    );
    let groups: Vec<_> =
        bitly.groups.iter().map(|group| (&*group.guid, group.domains.join(","))).collect();
    assert_eq!(groups, [("B1", "bit.ly".to_owned()), ("B2", "shop.example,bit.ly".to_owned())]);
    let sealed = office.shortener.directory.held().tokens.get(&office.organization).cloned();
    assert_eq!(sealed, Some((1, "good".to_owned())), "directory keeps the token, and nobody else");
    let database = &office.shortener.database.database;
    let found = "SELECT count(*) FROM link_shortener.bitly AS it WHERE it::text LIKE '%good%'";
    assert_eq!(database.number(found).await, 0);

    let links = office.shorten("key", &["https://example.com/a", "ftp://example.com"]).await;
    assert_eq!(told(&links[0]), (Provider::Bitly, ""));
    assert_eq!(links[0].short_url, "https://bit.ly/x21");
    assert_eq!(links[1].reason, "not_http");
    office.shortener.bitly.asked();
    assert_eq!(office.shorten("key", &["https://example.com/a", "ftp://example.com"]).await, links);
    assert_eq!(office.shortener.bitly.asked(), [], "the same reply asks nobody twice");

    let settings = office.put(Provider::Bitly, ("B2", "shop.example"), 1).await.expect("chosen");
    assert_eq!(settings.rev, 2);
    let links = office.shorten("other", &["https://example.com/a"]).await;
    assert_eq!(links[0].short_url, "https://shop.example/x21");
    let asked = office.shortener.bitly.asked();
    assert_eq!(
        asked[0].2,
        json!({ "long_url": "https://example.com/a", "group_guid": "B2", "domain": "shop.example" })
    );
    let codes = database.number("SELECT count(*) FROM link_shortener.link_code").await;
    assert_eq!(codes, 0, "Bitly's links are not ours to lead on");

    for (group, domain, rev, code) in [
        ("B2", "shop.example", 1, "link_settings_changed"),
        ("B9", "", 2, "no_such_group"),
        ("B1", "shop.example", 2, "no_such_domain"),
        ("B2", "evil.example", 2, "no_such_domain"),
    ] {
        let refused = office.put(Provider::Bitly, (group, domain), rev).await.expect_err(code);
        assert_eq!(refused.code(), code);
    }
    let acts = "SELECT count(*) FROM link_shortener.audit";
    assert_eq!(database.number(acts).await, 2, "connected, changed");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_did_what_is_kept_with_the_act_and_read_by_administrators_of_the_organization() {
    let office = Office::connected().await;
    office.put(Provider::Bitly, ("B2", "shop.example"), 1).await.expect("chosen");
    let request = office.by(office.admin, link::DisconnectBitlyRequest {});
    office.shortener.client().disconnect_bitly(request).await.expect("disconnected");
    office.put(Provider::Bitly, ("", ""), 3).await.expect_err("not connected");
    let list = async |of: OrganizationId, member, before| {
        let caller = Caller::for_member(of, member);
        let message = link::ListAuditRequest { before, limit: 2 };
        let request = rpc::request(message, &caller, Duration::from_secs(10));
        let answer = office.shortener.client().list_audit(request).await.map_err(rpc::fault)?;
        let answer = answer.into_inner();
        assert!(answer.intact);
        let entries = answer.entries.into_iter();
        Ok::<Vec<_>, Fault>(entries.map(|it| (it.number, it.act, it.member_id)).collect())
    };
    let admin = format!("mem_{}", office.admin.simple());
    let act = |number, act: &str| (number, act.to_owned(), admin.clone());
    let page = list(office.organization, office.admin, 0).await.expect("listed");
    assert_eq!(page, [act(3, "bitly.disconnected"), act(2, "link_shortening.changed")]);
    let page = list(office.organization, office.admin, 2).await.expect("listed");
    assert_eq!(page, [act(1, "bitly.connected")]);
    let theirs = list(OrganizationId::mint(), office.admin, 0).await.expect("listed");
    assert_eq!(theirs, []);
    let refused = list(office.organization, mint_uuid(), 0).await.expect_err("no admin");
    assert_eq!(refused.class(), Class::Forbidden);

    // What cannot be kept is not done.
    let database = &office.shortener.database.database;
    let revoked = "REVOKE INSERT ON link_shortener.audit FROM guichet_link_shortener";
    database.execute(revoked).await;
    office.put(Provider::BuiltIn, ("", ""), 3).await.expect_err("nobody would know");
    assert_eq!(office.settings().await.rev, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn with_bitly_hanging_a_reply_has_our_link_within_its_budget_and_the_next_at_once() {
    let addresses = ["https://example.com/1", "https://example.com/2", "https://example.com/3"];
    let many: Vec<&str> = addresses.iter().copied().cycle().take(12).collect();
    let (mut first, mut next) = (Duration::MAX, Duration::MAX);
    // A busy machine makes any one of them slower; the limit is ours, and shows in the fastest.
    for _ in 0..3 {
        let office = Office::connected().await;
        office.shortener.bitly.set(Mode::Hang);
        let since = Instant::now();
        let links = office.shorten("first", &many).await;
        first = first.min(since.elapsed());
        for link in &links {
            assert_eq!(told(link), (Provider::BuiltIn, "bitly_timeout"));
            assert!(link.short_url.starts_with("https://go.example.com/"));
        }
        office.shortener.bitly.asked();
        let since = Instant::now();
        let second = office.shorten("second", &addresses).await;
        next = next.min(since.elapsed());
        assert_eq!(told(&second[0]), (Provider::BuiltIn, "bitly_timeout"));
        assert_eq!(office.shortener.bitly.asked(), [], "nobody asks while Bitly is in trouble");
        let bitly = office.settings().await.bitly.expect("an account");
        assert_eq!((bitly.health(), &*bitly.last_error), (Health::Error, "timeout"));
        // The same reply again: the links that were made stay.
        office.shortener.bitly.set(Mode::Well);
        let again = office.shorten("second", &addresses).await;
        assert_eq!(again[0].short_url, second[0].short_url);
    }
    assert!(first < BUDGET, "{first:?}");
    assert!(next < BUDGET / 3, "{next:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_connect_at_once_the_token_and_the_groups_are_of_the_same_account() {
    let office = Office::connected().await;
    office.connect("better").await.expect("connects anew");
    let before = office.settings().await;
    // Somebody else's token was sealed before that one, and their account comes to be kept now.
    let organization = office.organization;
    let sealed = office.shortener.directory.held().tokens[&organization].clone();
    office.shortener.directory.held().tokens.insert(organization, (0, "earlier".to_owned()));
    let refused = office.connect("good").await.expect_err("too late");
    assert_eq!((refused.class(), refused.code()), (Class::Rejected, "bitly_connected_meanwhile"));
    office.shortener.directory.held().tokens.insert(organization, sealed);
    assert_eq!(office.settings().await, before, "nothing of it was kept");
    office.shortener.bitly.asked();
    let links = office.shorten("key", &["https://example.com/"]).await;
    assert_eq!(told(&links[0]), (Provider::Bitly, ""));
    assert_eq!(office.shortener.bitly.asked()[0].1, "Bearer better");
    let acts = "SELECT count(*) FROM link_shortener.audit";
    assert_eq!(office.shortener.database.database.number(acts).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_of_another_account_makes_no_link() {
    let office = Office::connected().await;
    // Somebody had theirs sealed, and was never heard of again.
    office.shortener.directory.held().tokens.insert(office.organization, (2, "better".to_owned()));
    let database = &office.shortener.database.database;
    // As a process does that has not asked for a token yet.
    database.execute("UPDATE link_shortener.bitly SET version = 3").await;
    office.shortener.bitly.asked();
    let links = office.shorten("key", &["https://example.com/"]).await;
    assert_eq!(told(&links[0]), (Provider::BuiltIn, "bitly_unauthorized"));
    assert_eq!(office.shortener.bitly.asked(), []);
    assert_eq!(office.settings().await.bitly.expect("told").health(), Health::Expired);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_disconnects_does_not_take_the_token_that_somebody_else_connects_with() {
    let office = Office::connected().await;
    let other = (2, "better".to_owned());
    office.shortener.directory.held().tokens.insert(office.organization, other.clone());
    let request = office.by(office.admin, link::DisconnectBitlyRequest {});
    office.shortener.client().disconnect_bitly(request).await.expect("disconnected");
    let left = office.shortener.directory.held().tokens.get(&office.organization).cloned();
    assert_eq!(left, Some(other));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_trouble_falls_back_with_its_reason_and_shows_in_the_settings() {
    for (status, body, reason, health) in [
        (500, "", "unavailable", Health::Error),
        (503, "<html>", "unavailable", Health::Error),
        (403, r#"{"message":"FORBIDDEN"}"#, "forbidden", Health::Expired),
        (429, r#"{"message":"RATE_LIMIT_EXCEEDED"}"#, "rate_limited", Health::Error),
        (429, r#"{"message":"MONTHLY_RATE_LIMIT_EXCEEDED"}"#, "over_quota", Health::Error),
        (200, "{}", "unreadable", Health::Error),
    ] {
        let office = Office::connected().await;
        office.shortener.bitly.set(Mode::Says(status, body));
        let links = office.shorten("key", &["https://example.com/"]).await;
        assert_eq!(told(&links[0]), (Provider::BuiltIn, &*format!("bitly_{reason}")));
        let code = links[0].short_url.strip_prefix("https://go.example.com/").expect("ours");
        assert_eq!(office.shortener.follow(code, "Mozilla/5.0").await.status().as_u16(), 302);
        let bitly = office.settings().await.bitly.expect("an account");
        assert_eq!((bitly.health(), &*bitly.last_error), (health, reason));
        let tested = office.by(office.admin, link::TestRequest {});
        let tested = office.shortener.client().test(tested).await.expect("answered").into_inner();
        assert_eq!(tested.provider(), Provider::BuiltIn);
        assert_eq!(tested.fallback_reason, format!("bitly_{reason}"));
        // Connected anew, all is well.
        office.shortener.bitly.set(Mode::Well);
        let settings = office.connect("better").await.expect("connects");
        assert_eq!(settings.bitly.expect("an account").health(), Health::Connected);
        let links = office.shorten("next", &["https://example.com/"]).await;
        assert_eq!(told(&links[0]), (Provider::Bitly, ""));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_that_bitly_refuses_is_ours_and_the_others_are_not() {
    let office = Office::connected().await;
    let links =
        office.shorten("key", &["https://example.com/refused", "https://example.com/"]).await;
    assert_eq!(told(&links[0]), (Provider::BuiltIn, "bitly_refused"));
    assert_eq!(told(&links[1]), (Provider::Bitly, ""));
    let bitly = office.settings().await.bitly.expect("an account");
    assert_eq!((bitly.health(), &*bitly.last_error), (Health::Connected, ""));
    let links = office.shorten("next", &["https://example.com/"]).await;
    assert_eq!(told(&links[0]), (Provider::Bitly, ""), "one refusal stops nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_bitly_refuses_is_not_kept_and_a_forgotten_one_is_forgotten() {
    let office = Office::open().await;
    for token in ["bad", "", "a b", "é"] {
        let refused = office.connect(token).await.expect_err("refused");
        assert_eq!((refused.class(), refused.code()), (Class::Invalid, "bitly_token"), "{token}");
    }
    office.shortener.bitly.set(Mode::Says(503, ""));
    let refused = office.connect("good").await.expect_err("away");
    assert_eq!(refused.class(), Class::Unavailable);
    assert!(office.shortener.directory.held().tokens.is_empty());
    office.shortener.bitly.set(Mode::Well);
    office.connect("good").await.expect("connects");
    let request = office.by(office.admin, link::DisconnectBitlyRequest {});
    let answer = office.shortener.client().disconnect_bitly(request).await.expect("answered");
    let settings = answer.into_inner().settings.expect("settings");
    assert_eq!(settings.provider(), Provider::BuiltIn);
    assert!(!settings.bitly.expect("told").connected);
    assert!(office.shortener.directory.held().tokens.is_empty());
    office.shortener.bitly.asked();
    let links = office.shorten("key", &["https://example.com/"]).await;
    assert_eq!(told(&links[0]), (Provider::BuiltIn, ""));
    assert_eq!(office.shortener.bitly.asked(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_went_to_bitly_comes_back_once_and_as_the_same_member() {
    let office = Office::open().await;
    let other = mint_uuid();
    office.shortener.directory.held().admins.push(other);
    let mut client = office.shortener.client();
    let authorize = office.by(office.admin, link::AuthorizeBitlyRequest {});
    let url = client.authorize_bitly(authorize).await.expect("answered").into_inner().url;
    let url = url::Url::parse(&url).expect("an address");
    assert_eq!(url.host_str(), Some("bitly.com"));
    let pairs: Vec<_> = url.query_pairs().into_owned().collect();
    assert_eq!(pairs[0], ("client_id".to_owned(), "guichet".to_owned()));
    assert_eq!(pairs[1].1, "https://care.example.com/back");
    let state = pairs[2].1.clone();
    let finish = |member: Uuid, state: &str| {
        let message =
            link::FinishBitlyRequest { code: "from-bitly".to_owned(), state: state.to_owned() };
        office.by(member, message)
    };
    for (member, given) in [(office.admin, "forged"), (office.admin, ""), (other, &*state)] {
        let refused = client.finish_bitly(finish(member, given)).await.map_err(rpc::fault);
        assert_eq!(refused.expect_err("refused").code(), "bitly_state", "{given}");
    }
    let done = client.finish_bitly(finish(office.admin, &state)).await.expect("connects");
    assert!(done.into_inner().settings.and_then(|it| it.bitly).expect("told").connected);
    let sealed = office.shortener.directory.held().tokens[&office.organization].1.clone();
    assert_eq!(sealed, "better");
    let again = client.finish_bitly(finish(office.admin, &state)).await.map_err(rpc::fault);
    assert_eq!(again.expect_err("refused").code(), "bitly_state");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_admins_see_and_change_settings_and_everybody_sees_an_example() {
    let office = Office::connected().await;
    let agent = mint_uuid();
    let mut client = office.shortener.client();
    let refused = client.get_settings(office.by(agent, link::GetSettingsRequest {})).await;
    assert_eq!(refused.map_err(rpc::fault).expect_err("refused").class(), Class::Forbidden);
    let refused = client.test(office.by(agent, link::TestRequest {})).await;
    assert_eq!(refused.map_err(rpc::fault).expect_err("refused").class(), Class::Forbidden);
    let token = "good".to_owned();
    let refused = client.connect_bitly(office.by(agent, link::ConnectBitlyRequest { token })).await;
    assert_eq!(refused.map_err(rpc::fault).expect_err("refused").class(), Class::Forbidden);
    let refused = client.disconnect_bitly(office.by(agent, link::DisconnectBitlyRequest {})).await;
    assert_eq!(refused.map_err(rpc::fault).expect_err("refused").class(), Class::Forbidden);
    let example = client.get_example(office.by(agent, link::GetExampleRequest {})).await;
    let example = example.expect("answered").into_inner();
    assert_eq!(example.provider(), Provider::Bitly);
    assert_eq!(example.short_url, "https://bit.ly/aB3xY9");
    assert_eq!(office.shortener.bitly.asked(), [], "an example makes nothing");
    let made = "SELECT count(*) FROM link_shortener.link";
    assert_eq!(office.shortener.database.database.number(made).await, 0);
    // Another organization has nothing of it.
    let links = office.shortener.shorten(OrganizationId::mint(), "k", &["https://a.test/"]).await;
    assert_eq!(told(&links[0]), (Provider::BuiltIn, ""));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_directory_the_links_are_ours() {
    let office = Office::connected().await;
    // Another process has the token of another version in memory: it asks again.
    let newer = "UPDATE link_shortener.bitly SET version = 2";
    office.shortener.database.database.execute(newer).await;
    office.shortener.directory.held().tokens.insert(office.organization, (2, "good".to_owned()));
    office.shortener.directory.held().away = true;
    let links = office.shorten("key", &["https://example.com/"]).await;
    assert_eq!(told(&links[0]), (Provider::BuiltIn, "bitly_unavailable"));
    office.shortener.directory.held().away = false;
    let links = office.shorten("next", &["https://example.com/"]).await;
    assert_eq!(told(&links[0]), (Provider::Bitly, ""));
}
