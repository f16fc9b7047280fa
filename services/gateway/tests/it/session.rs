//! Signing in and out, and what protects a session.

use std::time::Duration;

use kit_testkit::eventually;
use proto::directory::v1::{MemberChanged, directory_event};
use reqwest::header::{COOKIE, ORIGIN, RETRY_AFTER, SET_COOKIE};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::browser::{Browser, post_as};
use crate::peers::PASSWORD;
use crate::world::{Gateway, World};

const SESSION: &str = "/api/v1/session";

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_sets_a_cookie_that_scripts_cannot_read() {
    let (world, gateway) = World::with_gateway().await;
    let browser = Browser::new(&gateway);
    let response = browser.post(SESSION, &json!({"login": "amelie", "password": PASSWORD})).await;
    assert_eq!(response.status(), StatusCode::CREATED);
    let cookie = response.headers()[SET_COOKIE].to_str().expect("text").to_owned();
    for part in ["guichet_session=", "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age="] {
        assert!(cookie.contains(part), "{part} in {cookie}");
    }
    assert!(!cookie.contains("Secure"), "over plain http the cookie would never come back");
    let body: Value = response.json().await.expect("JSON");
    assert_eq!(
        (&body["me"]["login"], &body["me"]["roles"][0]),
        (&"amelie".into(), &"agent".into())
    );

    let browser = world.signed_in(&gateway, "amelie").await;
    let session = browser.get_json(SESSION).await;
    assert_eq!(session["organization"]["id"], world.own.to_string());
    assert_eq!(session["csrf"].as_str(), browser.csrf.as_deref());
    let kept = world.database.texts("SELECT t::text FROM gateway.session AS t").await;
    let cookie = browser.cookie.expect("a cookie");
    assert!(kept.iter().all(|row| !row.contains(&cookie)), "only a digest is kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_https_the_cookie_travels_over_https_only() {
    let mut world = World::new().await;
    let gateway =
        world.start(|config| config.public_url = "https://care.example.com".to_owned()).await;
    let body = json!({"login": "amelie", "password": PASSWORD});
    let response = Browser::new(&gateway).post(SESSION, &body).await;
    let cookie = response.headers()[SET_COOKIE].to_str().expect("text");
    assert!(cookie.contains("; Secure"), "{cookie}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_and_an_unknown_login_get_the_same_answer() {
    let (world, gateway) = World::with_gateway().await;
    let browser = Browser::new(&gateway);
    let mut answers = Vec::new();
    for (login, password) in [("amelie", "wrong"), ("nobody", PASSWORD)] {
        let response = browser.post(SESSION, &json!({"login": login, "password": password})).await;
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
        assert!(response.headers().get(SET_COOKIE).is_none());
        assert_eq!(response.headers()["content-type"], "application/problem+json");
        answers.push(response.json::<Value>().await.expect("JSON"));
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0]["code"], "sign_in_failed");
    world.peers.held().throttled = true;
    let body = json!({"login": "amelie", "password": PASSWORD});
    let response = browser.post(SESSION, &body).await;
    assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(response.headers()[RETRY_AFTER], "42");
    let problem: Value = response.json().await.expect("JSON");
    assert_eq!(problem["code"], "sign_in_throttled");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_client_address_is_the_sockets_whatever_headers_say() {
    let (world, gateway) = World::with_gateway().await;
    let request = Browser::new(&gateway)
        .request(Method::POST, SESSION)
        .header("x-forwarded-for", "203.0.113.9")
        .header("forwarded", "for=203.0.113.9")
        .header("cf-connecting-ip", "203.0.113.9")
        .json(&json!({"login": "amelie", "password": PASSWORD}));
    assert_eq!(request.send().await.expect("answered").status(), StatusCode::CREATED);
    assert_eq!(world.peers.held().addresses, ["127.0.0.1"]);
}

/// Signs in with headers that say where somebody is; gives the address that counts.
async fn seen_from(world: &World, gateway: &Gateway, headers: &[(&str, &str)]) -> String {
    let mut request = Browser::new(gateway).request(Method::POST, SESSION);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let body = json!({"login": "amelie", "password": PASSWORD});
    let response = request.json(&body).send().await.expect("answered");
    assert_eq!(response.status(), StatusCode::CREATED);
    world.peers.held().addresses.pop().expect("an address")
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_proxies_that_are_trusted_the_address_is_the_last_one_that_is_none_of_theirs() {
    const FORWARDED: &str = "x-forwarded-for";
    let mut world = World::new().await;
    let networks = |list: &[&str]| list.iter().map(ToString::to_string).collect();
    let ours = networks(&["127.0.0.0/8", "10.0.0.0/8", "fd00::/8"]);
    let open = world.start(|config| config.trusted_proxies = ours).await;
    let elsewhere = networks(&["10.0.0.0/8", "203.0.113.9"]);
    let guarded = world.start(|config| config.trusted_proxies = elsewhere).await;

    let forged = [
        (FORWARDED, "6.6.6.6, 203.0.113.9, 10.1.2.3"),
        ("forwarded", "for=6.6.6.7"),
        ("x-real-ip", "6.6.6.8"),
        ("cf-connecting-ip", "6.6.6.9"),
    ];
    assert_eq!(seen_from(&world, &open, &forged).await, "203.0.113.9");
    assert_eq!(seen_from(&world, &guarded, &forged).await, "127.0.0.1");
    let lines = [(FORWARDED, "6.6.6.6"), (FORWARDED, "2001:db8::1"), (FORWARDED, "fd00::2")];
    assert_eq!(seen_from(&world, &open, &lines).await, "2001:db8::1");
    assert_eq!(seen_from(&world, &open, &forged[1..]).await, "127.0.0.1");
    assert_eq!(seen_from(&world, &open, &[(FORWARDED, "6.6.6.6, unknown")]).await, "127.0.0.1");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_strict_json_is_read() {
    let (_world, gateway) = World::with_gateway().await;
    let browser = Browser::new(&gateway);
    let good = json!({"login": "amelie", "password": PASSWORD}).to_string();
    for (kind, body, code) in [
        ("text/plain", good.clone(), "not_json"),
        ("application/x-www-form-urlencoded", "login=amelie".to_owned(), "not_json"),
        (
            "application/json",
            json!({"login": "a", "password": "b", "role": "admin"}).to_string(),
            "unknown_field",
        ),
        ("application/json", json!({"login": "a"}).to_string(), "missing_field"),
        (
            "application/json",
            json!({"login": {"$ne": ""}, "password": "b"}).to_string(),
            "malformed",
        ),
        ("application/json", "{".to_owned(), "malformed"),
        ("application/json", json!(["amelie", PASSWORD]).to_string(), "malformed"),
        ("application/json", format!("{{\"login\":\"{}\"}}", "a".repeat(70_000)), "body_too_large"),
        ("application/json", "[".repeat(10_000), "malformed"),
    ] {
        let response = post_as(&browser, SESSION, kind, &body).await;
        assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY, "{kind} {code}");
        let problem: Value = response.json().await.expect("JSON");
        assert_eq!(problem["code"], code);
    }
    let response = post_as(&browser, SESSION, "application/json; charset=utf-8", &good).await;
    assert_eq!(response.status(), StatusCode::CREATED);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_changes_something_needs_the_sessions_own_token() {
    let (world, gateway) = World::with_gateway().await;
    let browser = world.signed_in(&gateway, "amelie").await;
    let stranger = world.signed_in(&gateway, "bert").await;
    let conversation = world.peers.add_conversation(world.own);
    let body = json!({"ids": [conversation]});
    for csrf in [None, Some(String::new()), stranger.csrf.clone(), Some("0".repeat(64))] {
        let mut forged = browser.clone();
        forged.csrf = csrf;
        let response = forged.post("/api/v1/conversations/batch", &body).await;
        assert_eq!(response.status(), StatusCode::FORBIDDEN);
        let response = forged.request(Method::DELETE, SESSION).send().await.expect("answered");
        assert_eq!(response.status(), StatusCode::FORBIDDEN);
    }
    assert_eq!(browser.post("/api/v1/conversations/batch", &body).await.status(), StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_other_origins_can_change_nothing() {
    let (world, gateway) = World::with_gateway().await;
    let browser = world.signed_in(&gateway, "amelie").await;
    let cookie = format!("guichet_session={}", browser.cookie.clone().expect("a cookie"));
    let port = gateway.address.port();
    for origin in [
        "null".to_owned(),
        "https://evil.example".to_owned(),
        format!("http://evil-localhost:{port}"),
        format!("http://localhost.evil.example:{port}"),
        format!("https://localhost:{port}"),
    ] {
        let request = browser
            .bare(Method::POST, SESSION)
            .header(ORIGIN, &origin)
            .header(COOKIE, &cookie)
            .json(&json!({"login": "amelie", "password": PASSWORD}));
        let response = request.send().await.expect("answered");
        assert_eq!(response.status(), StatusCode::FORBIDDEN, "{origin}");
        let problem: Value = response.json().await.expect("JSON");
        assert_eq!(problem["code"], "foreign_origin");
    }
    let request = browser
        .bare(Method::POST, SESSION)
        .header("sec-fetch-site", "cross-site")
        .json(&json!({"login": "amelie", "password": PASSWORD}));
    assert_eq!(request.send().await.expect("answered").status(), StatusCode::FORBIDDEN);
    let request = browser
        .bare(Method::OPTIONS, SESSION)
        .header(ORIGIN, "https://evil.example")
        .header("access-control-request-method", "DELETE");
    let preflight = request.send().await.expect("answered");
    assert!(preflight.headers().get("access-control-allow-origin").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_ends_the_session_and_signing_in_again_replaces_it() {
    let (world, gateway) = World::with_gateway().await;
    let mut browser = world.signed_in(&gateway, "amelie").await;
    let before = browser.clone();
    browser.sign_in("amelie").await;
    assert_ne!(before.cookie, browser.cookie);
    assert_eq!(before.get(SESSION).await.status(), StatusCode::UNAUTHORIZED, "replaced");

    let response = browser.request(Method::DELETE, SESSION).send().await.expect("answered");
    assert_eq!(response.status(), StatusCode::NO_CONTENT);
    let cookie = response.headers()[SET_COOKIE].to_str().expect("text");
    assert!(cookie.contains("Max-Age=0"), "{cookie}");
    for path in [SESSION, "/api/v1/bootstrap", "/api/v1/conversations?queue=new"] {
        let response = browser.get(path).await;
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED, "{path}");
        let problem: Value = response.json().await.expect("JSON");
        assert_eq!(problem["code"], "not_signed_in");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unused_session_is_over() {
    let (world, gateway) = World::with_gateway().await;
    let browser = world.signed_in(&gateway, "amelie").await;
    let age = |column: &str, hours: u32| {
        format!("UPDATE gateway.session SET {column} = now() - interval '{hours} hours'")
    };
    world.database.execute(&age("seen_at", 11)).await;
    assert_eq!(browser.get(SESSION).await.status(), StatusCode::OK);
    let touched =
        "SELECT count(*) FROM gateway.session WHERE seen_at > now() - interval '1 minute'";
    assert_eq!(world.database.number(touched).await, 1, "its use was written down");
    world.database.execute(&age("seen_at", 13)).await;
    assert_eq!(browser.get(SESSION).await.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread")]
async fn revoking_a_members_sessions_ends_them_and_their_sockets() {
    let (world, gateway) = World::with_gateway().await;
    let browser = world.signed_in(&gateway, "amelie").await;
    let (mut socket, _) = browser.socket(&browser.cursor().await, None).await;
    let member_id = {
        let mut held = world.peers.held();
        let (_, member) = held.members.get_mut("amelie").expect("a member");
        member.session_epoch = 2;
        member.member_id.clone()
    };
    // Whoever asks who they are notices at once, even before the event has come.
    let fact = MemberChanged { member_id, session_epoch: 2, member: None };
    world.tell_directory(world.own, directory_event::Fact::MemberChanged(fact)).await;
    let ended = tokio::time::timeout(Duration::from_secs(5), socket.end()).await;
    assert_eq!(ended.expect("within five seconds"), Some(4001));
    eventually(Duration::from_secs(5), "the session is over", async || {
        browser.get("/api/v1/conversations?queue=new").await.status() == StatusCode::UNAUTHORIZED
    })
    .await;
    let again = world.signed_in(&gateway, "amelie").await;
    assert_eq!(again.get(SESSION).await.status(), StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_became_void_unnoticed_ends_when_somebody_asks_who_they_are() {
    let (world, gateway) = World::with_gateway().await;
    let browser = world.signed_in(&gateway, "amelie").await;
    if let Some((_, member)) = world.peers.held().members.get_mut("amelie") {
        member.session_epoch = 2;
    }
    assert_eq!(browser.get("/api/v1/bootstrap").await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(world.database.number("SELECT count(*) FROM gateway.session").await, 0);
}
