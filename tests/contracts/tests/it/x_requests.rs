//! Every request to X against X's own specification, by Prism.

use networks::Network;
use networks::manifest::Action;
use networks::outbound::{Answer, Call, Headers, Request, read};
use serde_json::{Value, json};

use crate::prism::{Prism, Sent};
use crate::requests::{account, requests};

fn sent(request: &Request) -> Sent {
    let address = request.address();
    let path = address.strip_prefix("https://api.x.com").expect("goes to X");
    Sent {
        method: request.method.to_owned(),
        path: path.to_owned(),
        authorization: Some(request.authorization.expose().clone()),
        body: request.body.as_ref().map(Value::to_string),
    }
}

#[test]
fn every_request_is_what_the_specification_of_x_says_and_every_answer_is_read() {
    let Some(folder) = super::specifications() else { return };
    let prism = Prism::start(&folder.join("x/x-api-v2-openapi-2.167.json"));
    let requests = requests(Network::X);
    let mut words: Vec<_> = requests.iter().map(|(call, _)| call.as_str()).collect();
    words.sort_unstable();
    words.dedup();
    let expected = [
        "delete_private",
        "delete_public",
        "follow",
        "hide",
        "like",
        "private_message",
        "public_reply",
        "quote",
        "read_author",
        "read_person",
        "repost",
        "unfollow",
        "unhide",
        "unlike",
        "unrepost",
    ];
    assert_eq!(words, expected);
    for (call, request) in &requests {
        let answer = prism.send(&sent(request));
        let said = String::from_utf8_lossy(&answer.body).into_owned();
        let violations = answer.violations();
        assert!(answer.is_accepted(), "{request:?}: {} {violations:?} {said}", answer.status);
        // Prism adds random `errors` beside `data`: done is done all the same.
        let headers: Headers = answer.headers.into_iter().collect();
        let now = kit_values::now();
        let outcome =
            read(&account(Network::X), call, answer.status, &headers, said.as_bytes(), now);
        let body: Value = serde_json::from_str(&said).expect("is JSON");
        check(call, &outcome, &body);
    }
    for (what, broken) in broken(&requests) {
        let answer = prism.send(&broken);
        assert!(!answer.is_accepted(), "passed although {what}: {broken:?}");
    }
}

fn check(call: &Call, outcome: &Answer, body: &Value) {
    let name = match call {
        Call::ReadPerson { .. } | Call::ReadAuthor { .. } => {
            return check_person(call, outcome, body);
        }
        Call::PublicReply { .. } | Call::Quote { .. } => "/data/id",
        Call::Act { action, .. } => return check_action(*action, outcome, body),
        Call::PrivateMessage { .. } | Call::PrivateReply { .. } => "/data/dm_event_id",
        Call::DeletePublic { .. } | Call::DeletePrivate { .. } => {
            let deleted = body.pointer("/data/deleted").and_then(Value::as_bool);
            if deleted == Some(true) {
                assert_eq!(outcome, &Answer::Deleted);
            } else {
                assert_ne!(outcome, &Answer::Deleted, "{body}");
            }
            return;
        }
    };
    match body.pointer(name).and_then(Value::as_str) {
        Some(id) => {
            let Answer::Sent(sent) = outcome else { panic!("{outcome:?} of {body}") };
            assert_eq!(sent.external_id, id);
        }
        None => assert!(!matches!(outcome, Answer::Sent(_)), "{outcome:?} of {body}"),
    }
}

/// Prism makes up ids, so that nobody is whom we asked for; the author of a post is whoever.
fn check_person(call: &Call, outcome: &Answer, body: &Value) {
    let author = body.pointer("/data/author_id").and_then(Value::as_str);
    match (call, author) {
        (Call::ReadAuthor { .. }, Some(author)) => {
            let Answer::Person(Some(found)) = outcome else { panic!("{outcome:?} of {body}") };
            assert_eq!(found.id, author);
        }
        _ => assert!(!matches!(outcome, Answer::Person(Some(_))), "{outcome:?} of {body}"),
    }
}

fn check_action(action: Action, outcome: &Answer, body: &Value) {
    let is = |name: &str| body["data"][name].as_bool();
    let stands = match action {
        Action::Repost | Action::Unrepost => is("retweeted"),
        Action::Follow => is("following").map(|it| it || is("pending_follow") == Some(true)),
        Action::Unfollow => is("following"),
        Action::Hide | Action::Unhide => is("hidden"),
        _ => is("liked"),
    };
    let done = stands == Some(!action.is_undoing());
    assert_eq!(outcome == &Answer::Done, done, "{action:?}: {outcome:?} of {body}");
}

/// The same requests, each broken in one way: Prism must refuse them all, or it proves nothing.
fn broken(requests: &[(Call, Request)]) -> Vec<(&'static str, Sent)> {
    let mut broken = Vec::new();
    for (_, request) in requests {
        let right = sent(request);
        let mut change = |what, change: &dyn Fn(&mut Sent)| {
            let mut wrong = right.clone();
            change(&mut wrong);
            broken.push((what, wrong));
        };
        change("nobody is named", &|sent| sent.authorization = None);
        change("the path does not exist", &|sent| sent.path.push_str("/more"));
        change("the method is another", &|sent| "PATCH".clone_into(&mut sent.method));
        if request.method == "GET" {
            change("a field is none of X", &|sent| {
                sent.path = sent.path.replace("name%2C", "age%2C");
            });
        }
        if request.method == "DELETE" {
            change("the id is none of X", &|sent| sent.path.push('x'));
        }
        let Some(body) = &request.body else { continue };
        let with = |name: &str, value: Value| {
            let mut body = body.clone();
            body[name] = value;
            Some(body.to_string())
        };
        for name in ["text", "tweet_id", "target_user_id", "quote_tweet_id", "hidden"] {
            if body.get(name).is_some() {
                change("a value is a number", &|sent| sent.body = with(name, json!(1)));
            }
        }
        change("a field is unknown", &|sent| sent.body = with("txt", json!("…")));
        if body.get("reply").is_some() {
            change("the post is none of X", &|sent| {
                sent.body = with("reply", json!({"in_reply_to_tweet_id": "a1"}));
            });
        }
    }
    broken
}
