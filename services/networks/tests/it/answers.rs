//! What every answer of a network means, by the tables in `tests/fixtures/answers`.

use std::collections::BTreeSet;
use std::fs;

use kit_values::Secret;
use networks::manifest::Action;
use networks::outbound::{Account, Answer, Call, Class, Headers, Tag, Target, confirmed, read};
use networks::{MessageKind, Network};
use serde_json::Value;
use time::OffsetDateTime;

use crate::fixtures;

pub fn account(network: Network) -> Account {
    let account_id = match network {
        Network::X => "1716450569358098432",
        Network::Facebook => "104857600123456789",
    };
    Account {
        network,
        api_base: String::new(),
        api_version: String::new(),
        account_id: account_id.to_owned(),
        handle: "nordline_care".to_owned(),
        token: Secret::new("token-of-the-account".to_owned()),
        application_secret: Secret::new("secret-of-the-application".to_owned()),
    }
}

pub fn call(word: &str) -> Call {
    let text = "Bonjour".to_owned();
    let id = "2080765813578191303".to_owned();
    let to = Target { external_id: id.clone(), kind: MessageKind::Comment };
    let metadata = "msg_1".to_owned();
    match word {
        "public_reply" => Call::PublicReply { to: id, text },
        "private_message" => {
            Call::PrivateMessage { recipient: id, text, metadata, tag: Tag::Response }
        }
        "private_reply" => Call::PrivateReply { to, text, metadata },
        "delete_public" => Call::DeletePublic { id },
        "delete_private" => Call::DeletePrivate { id },
        "quote" => Call::Quote { of: id, text },
        "read_person" => Call::ReadPerson { id },
        "read_author" => Call::ReadAuthor { of: to },
        word => {
            let action = Action::named(word).expect("a call");
            Call::Act { action, to }
        }
    }
}

/// The table of a network, and the moment at which its answers come.
fn table(network: Network) -> (OffsetDateTime, Vec<Value>) {
    let file = fixtures::folder().join(format!("answers/{network}.json"));
    let text = fs::read_to_string(file).expect("is committed");
    let table: Value = serde_json::from_str(&text).expect("is JSON");
    let now = table["now"].as_i64().expect("is a moment");
    let now = OffsetDateTime::from_unix_timestamp(now).expect("is a moment");
    (now, table["answers"].as_array().expect("is a list").clone())
}

fn body(case: &Value) -> Vec<u8> {
    match &case["body"] {
        Value::String(raw) => raw.clone().into_bytes(),
        json => json.to_string().into_bytes(),
    }
}

fn headers(case: &Value) -> Headers {
    let headers = case["headers"].as_object().expect("is an object").iter();
    headers.map(|(name, value)| (name.clone(), value.as_str().expect("is text"))).collect()
}

fn answer(network: Network, case: &Value, now: OffsetDateTime) -> Answer {
    let word = case["call"].as_str().expect("is a word");
    let status = case["status"].as_u64().and_then(|status| u16::try_from(status).ok());
    let status = status.expect("is a status");
    // Of what was asked afterwards, to read back what was done.
    if let Some(word) = word.strip_prefix("read back ") {
        return confirmed(&account(network), &call(word), status, &headers(case), &body(case), now);
    }
    read(&account(network), &call(word), status, &headers(case), &body(case), now)
}

#[test]
fn every_answer_means_what_its_row_says() {
    for network in Network::ALL {
        let (now, cases) = table(network);
        assert!(cases.len() >= 50, "{network} has only {}", cases.len());
        for case in cases {
            let answer = answer(network, &case, now);
            let what = format!("{network}: {}: {answer:?}", case["what"]);
            let word = case["answer"].as_str().expect("is a word");
            let failure = match (&answer, word) {
                (Answer::Sent(sent), "sent") => {
                    assert_eq!(sent.external_id, case["external_id"], "{what}");
                    continue;
                }
                (Answer::Deleted, "deleted") | (Answer::Done, "done") => continue,
                (Answer::Person(found), "person") => {
                    let found = found
                        .as_ref()
                        .map(|it| serde_json::json!([it.id, it.name, it.handle, it.avatar_url]));
                    assert_eq!(found.as_ref(), case.get("person"), "{what}");
                    continue;
                }
                (Answer::Wait(waiting), "wait") => {
                    assert_eq!(waiting.code, case["code"], "{what}");
                    assert_eq!(waiting.scope.as_str(), case["scope"], "{what}");
                    let seconds = waiting.until.map(|until| (until - now).whole_seconds());
                    assert_eq!(seconds, case.get("wait_seconds").and_then(Value::as_i64), "{what}");
                    continue;
                }
                (Answer::Failed(failure), "failed")
                | (Answer::Unknown(failure), "unknown")
                | (Answer::TokenRefused(failure), "token_refused") => failure,
                _ => panic!("{what}"),
            };
            assert_eq!(failure.code, case["code"], "{what}");
            assert_eq!(failure.class.as_str(), case["class"], "{what}");
            let retryable = case.get("retryable").and_then(Value::as_bool);
            let retryable = retryable.unwrap_or(failure.class.is_retryable());
            assert_eq!(failure.retryable, retryable, "{what}");
            assert!(failure.sentence.ends_with(['.', '…']) || failure.sentence.contains("says:"));
        }
    }
}

#[test]
fn a_send_after_a_server_error_or_a_lost_answer_is_never_made_again_by_itself() {
    for network in Network::ALL {
        let now = OffsetDateTime::UNIX_EPOCH;
        for word in ["public_reply", "private_message", "private_reply", "quote"] {
            for status in (500..600).chain(300..400).chain(100..200).chain([408]) {
                let answer =
                    read(&account(network), &call(word), status, &Headers::default(), b"{}", now);
                assert!(matches!(answer, Answer::Unknown(_)), "{network} {word} {status}");
            }
            let lost = networks::outbound::lost(&call(word), true);
            assert!(matches!(lost, Answer::Unknown(_)), "{word}");
            let unsent = networks::outbound::lost(&call(word), false);
            assert!(matches!(unsent, Answer::Wait(_)), "{word}");
        }
        let actions = Action::ALL
            .into_iter()
            .filter(|action| !matches!(action, Action::Quote | Action::Delete));
        let words = actions.map(Action::as_str).chain([
            "delete_public",
            "delete_private",
            "read_person",
            "read_author",
        ]);
        for word in words {
            for status in 500..600 {
                let answer =
                    read(&account(network), &call(word), status, &Headers::default(), b"{}", now);
                assert!(matches!(answer, Answer::Wait(_)), "{network} {word} {status}");
            }
            assert!(matches!(networks::outbound::lost(&call(word), true), Answer::Wait(_)));
        }
    }
}

#[test]
fn the_tables_reach_every_class() {
    let found: BTreeSet<String> = Network::ALL
        .into_iter()
        .flat_map(|network| table(network).1)
        .filter_map(|case| case["class"].as_str().map(str::to_owned))
        .collect();
    for class in Class::ALL {
        assert!(found.contains(class.as_str()), "no answer has the class {}", class.as_str());
    }
}

#[test]
fn no_credential_that_a_network_quotes_is_shown() {
    let bodies = [
        (Network::X, r#"{"title":"Forbidden","detail":"bad token-of-the-account, sorry"}"#),
        (
            Network::Facebook,
            r#"{"error":{"code":100,"message":"token-of-the-account secret-of-the-application"}}"#,
        ),
    ];
    for (network, body) in bodies {
        for status in [400, 401, 403, 200] {
            for word in ["public_reply", "private_message"] {
                let now = OffsetDateTime::UNIX_EPOCH;
                let answer = read(
                    &account(network),
                    &call(word),
                    status,
                    &Headers::default(),
                    body.as_bytes(),
                    now,
                );
                let shown = format!("{answer:?}");
                assert!(!shown.contains("of-the-a"), "{shown}");
            }
        }
    }
}
