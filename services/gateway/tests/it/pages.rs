//! What is served beside the API: the workspace, the playground.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::response::IntoResponse as _;
use kit_service::identity::Keys;
use kit_service::{Listener, Runtime};
use reqwest::header::{COOKIE, ORIGIN};
use reqwest::{Method, StatusCode};

use crate::browser::Browser;
use crate::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_protects_the_browser() {
    let (_world, gateway) = World::with_gateway().await;
    let browser = Browser::new(&gateway);
    for path in ["/", "/inbox/new", "/api/v1/openapi.json", "/api/v1/nowhere", "/assets/none.js"] {
        let response = browser.get(path).await;
        let header =
            |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok());
        assert_eq!(header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(header("referrer-policy"), Some("same-origin"), "{path}");
        let policy = header("content-security-policy").expect("a policy");
        for part in ["default-src 'self'", "script-src 'self'", "frame-ancestors 'none'"] {
            assert!(policy.contains(part), "{part} at {path}");
        }
        assert!(!policy.contains("unsafe"), "{path}");
    }
    let page = browser.get("/inbox/new").await;
    assert_eq!(page.headers()["cache-control"], "no-cache");
    assert!(page.text().await.expect("text").starts_with("<!doctype html>"));
    let api = browser.get("/api/v1/session").await;
    assert_eq!(api.headers()["cache-control"], "no-store");
    assert!(api.headers().contains_key("x-guichet-ui-build"));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_playground_there_is_none() {
    let (_world, gateway) = World::with_gateway().await;
    for path in ["/playground", "/playground/x/status/1"] {
        assert_eq!(Browser::new(&gateway).get(path).await.status(), StatusCode::NOT_FOUND);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_playground_is_passed_on_without_the_session() {
    let mut world = World::new().await;
    let seen: Arc<Mutex<Vec<(String, HeaderMap)>>> = Arc::default();
    let record = Arc::clone(&seen);
    let played = Router::new().fallback(async move |request: Request| {
        let path = request.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
        let headers = request.headers().clone();
        let body = axum::body::to_bytes(request.into_body(), 1_024).await.expect("a body");
        record.lock().expect("unlocked").push((path, headers));
        ([("set-cookie", "guichet_session=stolen"), ("x-played", "1")], body).into_response()
    });
    let keys = Keys::generate(&["playground"]).expect("keys");
    let runtime = Runtime::new(keys.identity("playground").expect("identity"));
    let address = kit_service::http::serve(&runtime, "playground", &Listener::loopback(), played)
        .await
        .expect("listens");
    let gateway = world.start(|config| config.playground = Some(address.into())).await;
    let browser = world.signed_in(&gateway, "amelie").await;

    let request = browser.request(Method::POST, "/playground/x/posts?fast=1").body("Bonjour");
    let response = request.send().await.expect("answered");
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()["x-played"], "1");
    assert!(!response.headers().contains_key("set-cookie"), "a cookie of ours was set");
    assert_eq!(response.headers()["x-content-type-options"], "nosniff");
    assert_eq!(response.text().await.expect("text"), "Bonjour");
    {
        let seen = seen.lock().expect("unlocked");
        assert_eq!(seen[0].0, "/playground/x/posts?fast=1");
        assert!(!seen[0].1.contains_key(COOKIE), "the session left the gateway");
    }

    let request = browser
        .bare(Method::POST, "/playground/x/posts")
        .header(ORIGIN, "https://evil.example")
        .body("spam");
    assert_eq!(request.send().await.expect("answered").status(), StatusCode::FORBIDDEN);
    runtime.stop.cancel();
    runtime.tasks.drained().await;
    let response = browser.get("/playground").await;
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
}
