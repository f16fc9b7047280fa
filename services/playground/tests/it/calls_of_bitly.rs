//! Bitly, played: as its specification says, and with its switches.

use std::time::Duration;

use reqwest::{Client, Response, StatusCode, redirect};
use serde_json::{Value, json};

use crate::support::Playground;

fn client() -> Client {
    kit_service::cryptography();
    Client::builder().redirect(redirect::Policy::none()).build().expect("a client")
}

struct Bitly {
    playground: Playground,
    client: Client,
}

impl Bitly {
    async fn start() -> Self {
        Self { playground: Playground::start().await, client: client() }
    }

    fn address(&self, path: &str) -> String {
        format!("{}{path}", self.playground.base())
    }

    async fn get(&self, path: &str, token: &str) -> Response {
        let request = self.client.get(self.address(path)).bearer_auth(token);
        request.send().await.expect("answered")
    }

    async fn shorten(&self, token: &str, body: &Value) -> (StatusCode, Value) {
        let request = self.client.post(self.address("/bitly/v4/shorten")).bearer_auth(token);
        let answer = request.json(body).send().await.expect("answered");
        (answer.status(), answer.json().await.expect("JSON"))
    }

    async fn switch(&self, mode: &str) {
        let switches = json!({ "mode": mode });
        let request = self.client.put(self.address("/playground/api/bitly")).json(&switches);
        let answer = request.send().await.expect("answered");
        assert_eq!(answer.status(), StatusCode::NO_CONTENT, "{mode}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_makes_a_link_once_and_the_link_can_be_followed() {
    let bitly = Bitly::start().await;
    let user: Value =
        bitly.get("/bitly/v4/user", "simulated-bitly").await.json().await.expect("JSON");
    assert_eq!(user["login"], "o_maisonlumiere");
    let groups: Value =
        bitly.get("/bitly/v4/groups", "simulated-bitly").await.json().await.expect("JSON");
    let group = groups["groups"][1]["guid"].as_str().expect("a group");
    let domain = groups["groups"][1]["bsds"][0].as_str().expect("a domain");

    let wanted = json!({ "long_url": "https://example.com/a?b=c" });
    let (status, made) = bitly.shorten("simulated-bitly", &wanted).await;
    assert_eq!((status, &made["long_url"]), (StatusCode::CREATED, &wanted["long_url"]));
    let (status, again) = bitly.shorten("simulated-bitly", &wanted).await;
    assert_eq!((status, &again["link"]), (StatusCode::OK, &made["link"]));
    let hash = made["link"].as_str().expect("a link").rsplit('/').next().expect("a hash");
    let followed = bitly.get(&format!("/playground/bitly/{hash}"), "").await;
    assert_eq!(followed.headers()["location"], "https://example.com/a?b=c");
    let nothing = bitly.get("/playground/bitly/nothing", "").await;
    assert_eq!(nothing.status(), StatusCode::NOT_FOUND);

    let wanted = json!({ "long_url": "https://a.test/", "group_guid": group, "domain": domain });
    let (status, made) = bitly.shorten("simulated-bitly", &wanted).await;
    assert_eq!(status, StatusCode::CREATED);
    assert!(made["id"].as_str().expect("an id").starts_with(domain));
    for (body, expected) in [
        (json!({ "long_url": "javascript:alert(1)" }), StatusCode::BAD_REQUEST),
        (json!({ "long_url": "https://a.test/", "domain": domain }), StatusCode::BAD_REQUEST),
        (json!({ "long_url": "https://a.test/", "group_guid": "B0" }), StatusCode::FORBIDDEN),
        (json!({ "long_url": "https://a.test/", "x": 1 }), StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        let (status, said) = bitly.shorten("simulated-bitly", &body).await;
        assert_eq!(status, expected, "{body}");
        assert!(said["message"].is_string(), "{said}");
    }
    let (status, said) = bitly.shorten("another", &wanted).await;
    assert_eq!((status, &said["message"]), (StatusCode::FORBIDDEN, &json!("FORBIDDEN")));
}

#[tokio::test(flavor = "multi_thread")]
async fn its_switches_make_every_trouble() {
    let bitly = Bitly::start().await;
    for (mode, status) in [
        ("rate_limited", 429),
        ("over_quota", 429),
        ("forbidden", 403),
        ("server_error", 500),
        ("unavailable", 503),
        ("nonsense", 200),
        ("well", 200),
    ] {
        bitly.switch(mode).await;
        let answer = bitly.get("/bitly/v4/user", "simulated-bitly").await;
        assert_eq!(answer.status().as_u16(), status, "{mode}");
    }
    bitly.switch("hang").await;
    let request = bitly.client.get(bitly.address("/bitly/v4/user")).bearer_auth("simulated-bitly");
    let answer = request.timeout(Duration::from_millis(700)).send().await;
    assert!(answer.expect_err("hangs").is_timeout());
    let state: Value = bitly.get("/playground/api/bitly", "").await.json().await.expect("JSON");
    assert_eq!(state, json!({ "mode": "hang", "calls": 8 }));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_gives_leave_and_its_code_is_exchanged_once() {
    let bitly = Bitly::start().await;
    let back = "http://inbox.test/back".to_owned();
    let page = |to: &str| {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("redirect_uri", to)
            .append_pair("state", "s<1>&")
            .finish();
        format!("/playground/bitly/authorize?{query}")
    };
    let foreign = bitly.get(&page("https://evil.example/back"), "").await;
    assert_eq!(foreign.status(), StatusCode::BAD_REQUEST);
    let shown = bitly.get(&page(&back), "").await.text().await.expect("a page");
    assert!(!shown.contains("s<1>"), "{shown}");
    let code = shown.split_once("code=").and_then(|(_, rest)| rest.get(..32)).expect("a code");
    let exchange = async || {
        let form = format!("client_id=a&client_secret=b&code={code}&redirect_uri=c");
        let request = bitly.client.post(bitly.address("/bitly/oauth/access_token")).body(form);
        request.send().await.expect("answered")
    };
    let given: Value = exchange().await.json().await.expect("JSON");
    let token = given["access_token"].as_str().expect("a token");
    assert_eq!(bitly.get("/bitly/v4/user", token).await.status(), StatusCode::OK);
    assert_eq!(exchange().await.status(), StatusCode::BAD_REQUEST);
}
