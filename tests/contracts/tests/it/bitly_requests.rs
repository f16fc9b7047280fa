//! Every request to Bitly against Bitly's specification, by Prism.

use kit_values::Secret;
use link_shortener::bitly::{self, Body, Request, Trouble};
use serde_json::{Value, json};

use crate::prism::{Prism, Received, Sent};

const SPECIFICATION: &str = "bitly/bitly-v4.0.0-openapi.yml";

fn sent(request: &Request) -> Sent {
    let path = request.path.strip_prefix("/v4").expect("is of version 4");
    let body = match &request.body {
        Body::None => None,
        Body::Json(body) => Some(body.to_string()),
        Body::Form(_) => panic!("OAuth is none of the specification's"),
    };
    Sent {
        method: request.method.to_owned(),
        path: path.to_owned(),
        authorization: Some("Bearer token-of-the-account".to_owned()),
        body,
    }
}

fn requests() -> Vec<Request> {
    let address = "https://example.com/é?a=1&b=2#c";
    vec![
        bitly::user(),
        bitly::groups(),
        bitly::shorten(address, "", ""),
        bitly::shorten(address, "Ba1bc23dE4F", ""),
        bitly::shorten(address, "Ba1bc23dE4F", "link.example.com"),
    ]
}

/// What we make of an answer, in a word.
fn read(request: &Request, answer: &Received) -> Result<String, Trouble> {
    let (status, body) = (answer.status, answer.body.as_slice());
    match request.path {
        "/v4/user" => bitly::read_user(status, body).map(|user| user.login),
        "/v4/groups" => bitly::read_groups(status, body)
            .map(|groups| groups.into_iter().map(|group| group.guid).collect()),
        "/v4/shorten" => bitly::read_short(status, body),
        path => panic!("{path} has no reader"),
    }
}

#[test]
fn every_request_is_what_the_specification_of_bitly_says_and_every_answer_is_read() {
    let Some(folder) = super::specifications() else { return };
    let prism = Prism::start(&folder.join(SPECIFICATION));
    for request in requests() {
        let answer = prism.send(&sent(&request));
        let said = String::from_utf8_lossy(&answer.body).into_owned();
        let violations = answer.violations();
        assert!(answer.is_accepted(), "{request:?}: {} {violations:?} {said}", answer.status);
        let body: Value = serde_json::from_str(&said).expect("is JSON");
        match (request.path, read(&request, &answer)) {
            ("/v4/user", read) => assert_eq!(read.ok().as_deref(), body["login"].as_str()),
            ("/v4/groups", read) => {
                let groups = body["groups"].as_array().into_iter().flatten();
                let active = groups.filter(|group| group["is_active"] == true);
                let guids: String = active.filter_map(|group| group["guid"].as_str()).collect();
                assert_eq!(read, Ok(guids));
            }
            // Prism makes any text up; only an address of the web is taken for a link.
            (_, Ok(link)) => assert_eq!(body["link"], link),
            (_, Err(trouble)) => {
                assert_eq!(trouble, Trouble::Unreadable, "{said}");
                let link = body["link"].as_str().unwrap_or_default();
                assert!(!link.starts_with("http"), "{said}");
            }
        }
    }
    for (what, broken) in broken() {
        let answer = prism.send(&broken);
        assert!(!answer.is_accepted(), "passed although {what}: {broken:?}");
    }
}

/// The same requests, each broken in one way: Prism must refuse them all, or it proves nothing.
fn broken() -> Vec<(&'static str, Sent)> {
    let mut broken = Vec::new();
    for request in requests() {
        let right = sent(&request);
        let mut change = |what, change: &dyn Fn(&mut Sent)| {
            let mut wrong = right.clone();
            change(&mut wrong);
            broken.push((what, wrong));
        };
        change("the path does not exist", &|sent| sent.path.push_str("/more/more"));
        change("the method is another", &|sent| "PUT".clone_into(&mut sent.method));
        let Body::Json(body) = &request.body else { continue };
        change("there is no address", &|sent| {
            sent.body = Some(json!({ "domain": "bit.ly" }).to_string());
        });
        change("the address is a number", &|sent| {
            let mut body = body.clone();
            body["long_url"] = json!(1);
            sent.body = Some(body.to_string());
        });
    }
    broken
}

#[test]
fn an_exchange_of_oauth_carries_what_bitly_asks_for() {
    let secret = Secret::new("secret".to_owned());
    let request = bitly::exchange("id", &secret, "code", "https://care.example.com/back");
    let Body::Form(fields) = &request.body else { panic!("a form") };
    let fields: Vec<_> =
        fields.iter().map(|(name, value)| (*name, value.expose().as_str())).collect();
    assert_eq!(
        fields,
        [
            ("client_id", "id"),
            ("client_secret", "secret"),
            ("code", "code"),
            ("redirect_uri", "https://care.example.com/back"),
        ]
    );
    assert_eq!((request.method, request.path), ("POST", "/oauth/access_token"));
    assert!(!format!("{request:?}").contains("\"secret\""));
}
