//! What must hold for every network in the same way. A network is added by one [`Sample`].

use kit_values::Secret;
use networks::{
    Credentials, Fact, Item, Message, Network, Reading, Refusal, handshake, limits, parse, sign,
    verifiable, verify,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::fixtures;

const BEYOND: &str = "9007199254740993";

/// One private message from a customer, in the network's own shape.
fn sample(network: Network, id: &Value, text: &Value) -> Vec<u8> {
    let body = match network {
        Network::X => json!({"data": {
            "event_uuid": "-2781149976877970683",
            "filter": {"user_id": "1716450569358098432"},
            "event_type": "dm.received",
            "payload": {
                "direct_message_events": [{
                    "type": "message_create",
                    "id": id,
                    "created_timestamp": "1784927040000",
                    "message_create": {
                        "target": {"recipient_id": "1716450569358098432"},
                        "sender_id": BEYOND,
                        "message_data": {"text": text},
                    },
                }],
                "users": {},
            },
        }}),
        Network::Facebook => json!({"object": "page", "entry": [{
            "id": "104857600123456789",
            "time": 1_784_927_040_100_i64,
            "messaging": [{
                "sender": {"id": BEYOND},
                "recipient": {"id": "104857600123456789"},
                "timestamp": 1_784_927_040_000_i64,
                "message": {"mid": id, "text": text},
            }],
        }]}),
    };
    serde_json::to_vec(&body).expect("serialises")
}

/// A body with a broken update between two whole ones.
fn broken_between_whole(network: Network) -> Vec<u8> {
    let list = match network {
        Network::X => "/data/payload/direct_message_events",
        Network::Facebook => "/entry/0/messaging",
    };
    let read = |id: &Value| -> Value {
        serde_json::from_slice(&sample(network, id, &json!("hello"))).expect("is JSON")
    };
    let mut body = read(&json!("first"));
    let others = [read(&json!({"not": "an id"})), read(&json!("third"))];
    for other in &others {
        let update = other.pointer(list).expect("is there")[0].clone();
        let updates = body.pointer_mut(list).and_then(Value::as_array_mut).expect("is a list");
        updates.push(update);
    }
    serde_json::to_vec(&body).expect("serialises")
}

fn only(network: Network, body: &[u8]) -> Item {
    let mut items = parse(network, body);
    assert_eq!(items.len(), 1, "{network}: {items:?}");
    items.remove(0)
}

fn message(item: &Item) -> &Message {
    match &item.reading {
        Reading::Report(report) => match &report.fact {
            Fact::Received { message, .. } => message,
            other => panic!("not received: {other:?}"),
        },
        other => panic!("not a report: {other:?}"),
    }
}

fn reason(item: &Item) -> &'static str {
    match item.reading {
        Reading::Unreadable { reason, .. } => reason,
        ref other => panic!("was read: {other:?}"),
    }
}

fn secrets(values: &[&str]) -> Vec<Secret> {
    values.iter().map(|value| Secret::new((*value).to_owned())).collect()
}

#[test]
fn a_signature_is_accepted_under_any_secret_of_the_application() {
    for network in Network::ALL {
        let body = sample(network, &json!("m1"), &json!("hello"));
        let all = secrets(&["newest", "older"]);
        for secret in &all {
            let header = sign(network, &body, secret);
            assert_eq!(verify(network, &[header.as_bytes()], &body, &all), Ok(()), "{network}");
        }
    }
}

#[test]
fn whatever_is_not_exactly_the_network_s_signature_is_refused() {
    for network in Network::ALL {
        let body = sample(network, &json!("m1"), &json!("hello"));
        let all = secrets(&["secret"]);
        let good = sign(network, &body, &all[0]);
        let code = good.strip_prefix("sha256=").expect("has its prefix");
        let check = |headers: &[&[u8]]| {
            let verdict = verify(network, headers, &body, &all);
            let beforehand = verifiable(network, headers, &all);
            let only_with_body = verdict.is_ok() || verdict == Err(Refusal::Mismatch);
            assert_eq!(beforehand, if only_with_body { Ok(()) } else { verdict });
            verdict
        };

        assert_eq!(check(&[]), Err(Refusal::Missing));
        assert_eq!(check(&[good.as_bytes(), good.as_bytes()]), Err(Refusal::Several));
        let upper = format!("sha256={}", code.to_uppercase());
        let expected = match network {
            Network::X => Refusal::Mismatch,
            Network::Facebook => Refusal::Malformed,
        };
        assert_eq!(check(&[upper.as_bytes()]), Err(expected), "upper case");
        for malformed in [
            String::new(),
            "sha256=".to_owned(),
            code.to_owned(),
            format!("SHA256={code}"),
            format!("sha1={}", &code[..40]),
            format!("sha1={code}"),
            format!("sha256={code} "),
            format!("sha256= {code}"),
            format!("sha256={code},sha256={code}"),
            format!("sha256={}", &code[..code.len() - 4]),
        ] {
            assert_eq!(check(&[malformed.as_bytes()]), Err(Refusal::Malformed), "{malformed}");
        }
        let other = sign(network, &body, &secrets(&["another tenant's"])[0]);
        assert_eq!(check(&[other.as_bytes()]), Err(Refusal::Mismatch));
    }
}

#[test]
fn a_body_changed_after_signing_is_refused() {
    for network in Network::ALL {
        let body = sample(network, &json!("m1"), &json!("hello"));
        let all = secrets(&["secret"]);
        let header = sign(network, &body, &all[0]);
        for place in 0..body.len() {
            let mut changed = body.clone();
            changed[place] ^= 1;
            let verdict = verify(network, &[header.as_bytes()], &changed, &all);
            assert_eq!(verdict, Err(Refusal::Mismatch), "{network} at {place}");
        }
        let value: Value = serde_json::from_slice(&body).expect("is JSON");
        let again = serde_json::to_vec_pretty(&value).expect("serialises");
        let verdict = verify(network, &[header.as_bytes()], &again, &all);
        assert_eq!(verdict, Err(Refusal::Mismatch), "the same JSON in other bytes");
    }
}

#[test]
fn without_a_secret_nothing_is_accepted() {
    for network in Network::ALL {
        let body = sample(network, &json!("m1"), &json!("hello"));
        let header = sign(network, &body, &secrets(&[""])[0]);
        for none in [secrets(&[]), secrets(&[""])] {
            let verdict = verify(network, &[header.as_bytes()], &body, &none);
            assert_eq!(verifiable(network, &[header.as_bytes()], &none), verdict);
            assert_eq!(verdict, Err(Refusal::NoSecret), "{network}");
        }
    }
}

#[test]
fn ids_are_opaque_whatever_their_size_and_notation() {
    for network in Network::ALL {
        for (id, expected) in [
            (json!("2080761390344937796"), "2080761390344937796"),
            (json!("-2781149976877970683"), "-2781149976877970683"),
            (json!(2_080_761_390_344_937_797_u64), "2080761390344937797"),
            (json!("00123"), "00123"),
            (json!("m_Zk9-x_Q="), "m_Zk9-x_Q="),
        ] {
            let item = only(network, &sample(network, &id, &json!("hello")));
            assert_eq!(item.external_id, expected, "{network}");
            let Reading::Report(report) = item.reading else { panic!("was not read") };
            let Fact::Received { author: Some(author), .. } = report.fact else {
                panic!("has no author")
            };
            assert_eq!(author.id, BEYOND);
        }
        let long = json!("9".repeat(limits::ID + 1));
        assert_eq!(reason(&only(network, &sample(network, &long, &json!("")))), "id_too_long");
        let nul = json!("a\u{0}b");
        assert_eq!(reason(&only(network, &sample(network, &nul, &json!("")))), "id_unreadable");
    }
}

#[test]
fn text_keeps_every_character_but_nul() {
    let right_to_left = "مرحبا 👩‍👩‍👧 \u{202E}x";
    for network in Network::ALL {
        for (sent, expected) in [
            ("a\u{0}b\u{0}".to_owned(), "a\u{FFFD}b\u{FFFD}".to_owned()),
            ("é".repeat(10_000), "é".repeat(10_000)),
            (right_to_left.to_owned(), right_to_left.to_owned()),
            ("<img src=x onerror=alert(1)>".to_owned(), "<img src=x onerror=alert(1)>".to_owned()),
            (String::new(), String::new()),
        ] {
            let item = only(network, &sample(network, &json!("m1"), &json!(sent)));
            assert_eq!(message(&item).text, expected, "{network}");
        }
        let long = json!("a".repeat(limits::TEXT + 1));
        assert_eq!(reason(&only(network, &sample(network, &json!("m1"), &long))), "text_too_long");
        let wrong = json!({"not": "a text"});
        assert_eq!(
            reason(&only(network, &sample(network, &json!("m1"), &wrong))),
            "text_unreadable"
        );
    }
}

#[test]
fn an_unreadable_update_does_not_cost_its_siblings() {
    for network in Network::ALL {
        let items = parse(network, &broken_between_whole(network));
        let ids: Vec<_> = items.iter().map(|item| item.external_id.as_str()).collect();
        assert_eq!(ids, ["first", "", "third"], "{network}");
        assert_eq!(reason(&items[1]), "id_unreadable");
        assert_eq!(message(&items[2]).text, "hello");
    }
}

#[test]
fn a_body_that_cannot_be_read_is_one_unreadable_item() {
    for network in Network::ALL {
        let whole = sample(network, &json!("m1"), &json!("hello"));
        for end in 0..whole.len() {
            let item = only(network, &whole[..end]);
            let expected = if end == 0 { "empty_body" } else { "truncated_json" };
            assert_eq!(reason(&item), expected, "{network} cut at {end}");
        }
        let mut broken = whole.clone();
        let place = whole.windows(5).position(|part| part == b"hello").expect("is there");
        broken[place] = 0xFF;
        assert_eq!(reason(&only(network, &broken)), "invalid_utf8");
        for other in ["[]", "null", "17", "{}", r#"{"data":5}"#, r#"{"object":"instagram"}"#] {
            assert_eq!(reason(&only(network, other.as_bytes())), "envelope_unknown", "{other}");
        }
        let deep = [br#"{"data":"#.repeat(10_000), b"}".repeat(10_000)].concat();
        assert_eq!(reason(&only(network, &deep)), "nested_too_deep");
    }
}

#[test]
fn a_handshake_without_proof_is_not_answered() {
    let all = secrets(&["secret"]);
    let token = Secret::new("token".to_owned());
    let known = Credentials { signing_secrets: &all, verify_token: &token };
    let nothing = Secret::new(String::new());
    let unknown = Credentials { signing_secrets: &[], verify_token: &nothing };
    let ask = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    };
    for network in Network::ALL {
        assert_eq!(handshake(network, &[], &known), None);
        let empty = ask(&[("crc_token", ""), ("hub.mode", "subscribe"), ("hub.verify_token", "")]);
        assert_eq!(handshake(network, &empty, &unknown), None, "{network}");
    }
}

fn any_network() -> impl Strategy<Value = Network> {
    prop_oneof![Just(Network::X), Just(Network::Facebook)]
}

/// Any JSON of a little depth.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,20}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-z_]{1,8}", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// Every place of a value, as pointers.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Object(map) => {
            for (key, inner) in map {
                let key = key.replace('~', "~0").replace('/', "~1");
                places(inner, &format!("{at}/{key}"), found);
            }
        }
        Value::Array(list) => {
            for (index, inner) in list.iter().enumerate() {
                places(inner, &format!("{at}/{index}"), found);
            }
        }
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn no_bytes_whatever_make_the_reading_fail(
        network in any_network(),
        body in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        prop_assert_eq!(parse(network, &body).len(), 1);
    }

    #[test]
    fn no_json_at_any_place_of_a_real_body_makes_the_reading_fail(
        network in any_network(),
        file in any::<prop::sample::Index>(),
        place in any::<prop::sample::Index>(),
        stranger in any_json(),
    ) {
        let folder = fixtures::folder().join(network.as_str());
        let mut files: Vec<_> =
            std::fs::read_dir(folder).expect("is a folder").map(|file| file.expect("reads").path()).collect();
        files.sort();
        let body = std::fs::read(file.get(&files)).expect("is a fixture");
        let mut value: Value = serde_json::from_slice(&body).expect("is JSON");
        let mut all = Vec::new();
        places(&value, "", &mut all);
        let pointer: &String = place.get(&all);
        *value.pointer_mut(pointer).expect("is a place") = stranger;
        for item in parse(network, &serde_json::to_vec(&value).expect("serialises")) {
            prop_assert!(item.external_id.len() <= limits::ID);
            prop_assert!(!item.external_id.contains('\0') && !item.kind.contains('\0'));
            let key = item.key();
            prop_assert_eq!(key.is_some(), matches!(item.reading, Reading::Report(_)));
            if let Some(key) = key {
                prop_assert!(!key.external_id.is_empty() && !item.account.is_empty());
                prop_assert!(key.external_id.len() + key.aspect.len() + key.version.len() < 2_000);
            }
        }
    }
}
