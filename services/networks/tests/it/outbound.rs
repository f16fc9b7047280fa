//! The requests that calls become, and the budgets that answers leave.

use kit_values::Secret;
use networks::outbound::{
    Account, Answer, Call, Class, Headers, Reply, Scope, Tag, Target, allowances, author, bounds,
    budgets, deletion, plan, read, request,
};
use networks::{MessageKind, Network};
use proptest::prelude::*;
use serde_json::json;
use time::{Duration, OffsetDateTime};

use crate::answers::{account, call};

const NOW: OffsetDateTime = OffsetDateTime::UNIX_EPOCH;

fn reply(kind: MessageKind, in_reply_to: Option<(MessageKind, &str)>) -> Reply {
    Reply {
        kind,
        text: "Bonjour “Inès”".to_owned(),
        recipient: "9007199254740993".to_owned(),
        in_reply_to: in_reply_to.map(|(kind, id)| Target { external_id: id.to_owned(), kind }),
        metadata: "msg_1".to_owned(),
        by_person: true,
        last_private_inbound_at: None,
    }
}

fn planned(network: Network, reply: &Reply) -> Call {
    plan(network, reply, NOW).expect("can be sent")
}

#[test]
fn a_reply_on_x_is_a_post_that_answers() {
    let reply = reply(MessageKind::Reply, Some((MessageKind::Mention, "2080765813578191303")));
    let request = request(&account(Network::X), &planned(Network::X, &reply));
    assert_eq!(format!("{request:?}"), "POST https://api.x.com/2/tweets");
    assert_eq!(request.address(), request.url);
    assert_eq!(request.authorization.expose(), "Bearer token-of-the-account");
    let expected = json!({
        "text": "Bonjour “Inès”",
        "reply": {
            "in_reply_to_tweet_id": "2080765813578191303",
            "auto_populate_reply_metadata": true,
        },
    });
    assert_eq!(request.body, Some(expected));
}

#[test]
fn a_quote_on_x_is_a_post_with_another_below_it_and_facebook_has_none() {
    let reply = reply(MessageKind::Quote, Some((MessageKind::Mention, "2080765813578191303")));
    let request = request(&account(Network::X), &planned(Network::X, &reply));
    assert_eq!(format!("{request:?}"), "POST https://api.x.com/2/tweets");
    let expected = json!({"text": "Bonjour “Inès”", "quote_tweet_id": "2080765813578191303"});
    assert_eq!(request.body, Some(expected));
    let refused = plan(Network::Facebook, &reply, NOW).expect_err("has none");
    assert_eq!(refused.code, "not_possible");
}

#[test]
fn a_direct_message_on_x_goes_to_the_person_whatever_it_answers() {
    let mention = Some((MessageKind::Mention, "2080765813578191303"));
    for answered in [None, mention, Some((MessageKind::PrivateMessage, "2080763914820927863"))] {
        let reply = reply(MessageKind::PrivateMessage, answered);
        let request = request(&account(Network::X), &planned(Network::X, &reply));
        let path = "https://api.x.com/2/dm_conversations/with/9007199254740993/messages";
        assert_eq!(request.url, path);
        assert_eq!(request.body, Some(json!({"text": "Bonjour “Inès”"})));
    }
}

#[test]
fn what_x_would_refuse_for_its_ids_is_never_asked() {
    for id in ["", "abc", "-1", "12345678901234567890", "1/../2"] {
        let mut wrong = reply(MessageKind::Reply, Some((MessageKind::Mention, id)));
        let refused = plan(Network::X, &wrong, NOW).expect_err("is refused");
        assert_eq!((refused.class, refused.code), (Class::Request, "target_missing"));
        wrong.kind = MessageKind::PrivateMessage;
        id.clone_into(&mut wrong.recipient);
        assert!(plan(Network::X, &wrong, NOW).is_err(), "{id}");
        assert!(deletion(Network::X, MessageKind::Reply, id).is_err(), "{id}");
    }
    for network in Network::ALL {
        assert!(plan(network, &reply(MessageKind::Reply, None), NOW).is_err());
        let private = Some((MessageKind::PrivateMessage, "1"));
        assert!(plan(network, &reply(MessageKind::Comment, private), NOW).is_err());
    }
}

#[test]
fn a_messenger_message_says_under_which_rule_it_is_sent() {
    let ages = [
        (None, Some(Tag::Response)),
        (Some(Duration::hours(24) - Duration::SECOND), Some(Tag::Response)),
        (Some(Duration::hours(24)), Some(Tag::HumanAgent)),
        (Some(Duration::days(7) - Duration::SECOND), Some(Tag::HumanAgent)),
        (Some(Duration::days(7)), None),
    ];
    for (age, expected) in ages {
        let mut message = reply(MessageKind::PrivateMessage, None);
        message.last_private_inbound_at = age.map(|age| NOW - age);
        let Some(expected) = expected else {
            let refused = plan(Network::Facebook, &message, NOW).expect_err("is too late");
            assert_eq!((refused.class, refused.code), (Class::Window, "window_closed"));
            continue;
        };
        let call = planned(Network::Facebook, &message);
        let body = request(&account(Network::Facebook), &call).body.expect("has a body");
        let mut wanted = json!({
            "recipient": {"id": "9007199254740993"},
            "message": {"text": "Bonjour “Inès”", "metadata": "msg_1"},
            "messaging_type": "RESPONSE",
        });
        if expected == Tag::HumanAgent {
            wanted["messaging_type"] = json!("MESSAGE_TAG");
            wanted["tag"] = json!("HUMAN_AGENT");
        }
        assert_eq!(body, wanted, "{age:?}");
        // What no person wrote has the short window only.
        message.by_person = false;
        assert_eq!(plan(Network::Facebook, &message, NOW).is_ok(), expected == Tag::Response);
    }
}

#[test]
fn a_private_reply_names_the_comment_or_the_post() {
    for (kind, name) in [(MessageKind::Comment, "comment_id"), (MessageKind::Post, "post_id")] {
        let reply = reply(MessageKind::PrivateMessage, Some((kind, "104_1")));
        let request = request(&account(Network::Facebook), &planned(Network::Facebook, &reply));
        assert_eq!(request.url, "https://graph.facebook.com/v26.0/104857600123456789/messages");
        let expected = json!({
            "recipient": {name: "104_1"},
            "message": {"text": "Bonjour “Inès”", "metadata": "msg_1"},
            "messaging_type": "RESPONSE",
        });
        assert_eq!(request.body, Some(expected));
    }
}

#[test]
fn a_comment_is_answered_and_deleted_by_its_id() {
    let reply = reply(MessageKind::Comment, Some((MessageKind::Comment, "104_1")));
    let answer = request(&account(Network::Facebook), &planned(Network::Facebook, &reply));
    assert_eq!(format!("{answer:?}"), "POST https://graph.facebook.com/v26.0/104_1/comments");
    assert_eq!(answer.body, Some(json!({"message": "Bonjour “Inès”"})));
    let end = deletion(Network::Facebook, MessageKind::Comment, "104_1").expect("can be deleted");
    let end = request(&account(Network::Facebook), &end);
    assert_eq!(format!("{end:?}"), "DELETE https://graph.facebook.com/v26.0/104_1");
    assert_eq!(end.body, None);
    let kept = deletion(Network::Facebook, MessageKind::PrivateMessage, "m_1");
    assert_eq!(kept.expect_err("is kept").code, "not_deletable");
}

#[test]
fn who_wrote_something_is_read_by_the_authors_id_or_by_the_message() {
    let of = |kind, id: &str| Target { external_id: id.to_owned(), kind };
    let asked = |network, of: &Target, person: &str| {
        let call = author(network, of, person).expect("can be read");
        let made = request(&account(network), &call);
        assert_eq!((made.method, made.body.as_ref()), ("GET", None));
        let query = made.query.iter().filter(|(name, _)| *name != "appsecret_proof");
        let query = query.map(|(name, value)| format!("{name}={}", value.expose()));
        format!("{} {}", made.url, query.collect::<Vec<_>>().join(" "))
    };
    let fields = "user.fields=name,username,profile_image_url";
    let post = of(MessageKind::Mention, "2080765813578191303");
    let person = format!("https://api.x.com/2/users/4711 {fields}");
    assert_eq!(asked(Network::X, &post, "4711"), person);
    let by_post = "https://api.x.com/2/tweets/2080765813578191303 expansions=author_id";
    assert_eq!(asked(Network::X, &post, ""), format!("{by_post} {fields}"));
    assert_eq!(asked(Network::X, &of(MessageKind::PrivateMessage, "1"), "4711"), person);
    let comment = of(MessageKind::Comment, "104_1");
    let by_comment = "https://graph.facebook.com/v26.0/104_1 fields=from";
    for known in ["", "4711"] {
        assert_eq!(asked(Network::Facebook, &comment, known), by_comment);
    }
    let message = of(MessageKind::PrivateMessage, "m_1");
    let profile = "https://graph.facebook.com/v26.0/4711 fields=first_name,last_name,profile_pic";
    assert_eq!(asked(Network::Facebook, &message, "4711"), profile);
    // What no call can tell is not asked.
    for network in Network::ALL {
        assert_eq!(author(network, &message, "").expect_err("cannot").code, "not_possible");
    }
    assert!(author(Network::X, &of(MessageKind::Post, "abc"), "").is_err());
}

#[test]
fn calls_of_the_graph_prove_that_the_application_knows_its_secret() {
    let mut account = account(Network::Facebook);
    let call = call("public_reply");
    // HMAC-SHA256 of "token-of-the-account" under "secret-of-the-application", by openssl.
    let proof = "ee5dd8a984ddbe5825aec5df4cb93263bcc194dbb782d8c45221b1823a084e6d";
    let made = request(&account, &call);
    assert_eq!(made.address(), format!("{}?appsecret_proof={proof}", made.url));
    account.application_secret = Secret::default();
    let made = request(&account, &call);
    assert_eq!(made.address(), made.url);
}

#[test]
fn calls_go_where_the_account_says() {
    for (network, path) in [(Network::X, "/2/tweets"), (Network::Facebook, "/v99.0/1/comments")] {
        let account = Account {
            api_base: "http://127.0.0.1:9/x".to_owned(),
            api_version: "v99.0".to_owned(),
            ..account(network)
        };
        let call = Call::PublicReply { to: "1".to_owned(), text: String::new() };
        assert_eq!(request(&account, &call).url, format!("http://127.0.0.1:9/x{path}"));
    }
}

#[test]
fn an_id_cannot_lead_to_another_path() {
    let call = Call::PublicReply { to: "../me/feed?x=1#".to_owned(), text: String::new() };
    let url = request(&account(Network::Facebook), &call).url;
    assert_eq!(url, "https://graph.facebook.com/v26.0/..%2Fme%2Ffeed%3Fx%3D1%23/comments");
}

#[test]
fn printing_shows_neither_text_nor_credentials() {
    let reply = reply(MessageKind::PrivateMessage, None);
    let call = planned(Network::Facebook, &reply);
    let account = account(Network::Facebook);
    let request = request(&account, &call);
    let shown = format!("{reply:?} {call:?} {request:?} {account:?}");
    for hidden in ["Bonjour", "token-of", "secret-of", "proof"] {
        assert!(!shown.contains(hidden), "{hidden} in {shown}");
    }
}

#[test]
fn a_sent_reply_knows_its_place_scope_and_time() {
    let read = |network, word: &str, body: &str| {
        let answer =
            read(&account(network), &call(word), 200, &Headers::default(), body.as_bytes(), NOW);
        let Answer::Sent(sent) = answer else { panic!("{answer:?}") };
        sent
    };
    let post = read(Network::X, "public_reply", r#"{"data":{"id":"2080763914820927863"}}"#);
    let place = post.permalink.expect("is public");
    assert_eq!(place.at(Network::X, ""), "https://x.com/nordline_care/status/2080763914820927863");
    assert_eq!(post.scope, "");
    assert_eq!(post.network_time.map(OffsetDateTime::unix_timestamp), Some(1_784_927_750));
    let message = read(Network::X, "private_message", r#"{"data":{"dm_event_id":"2"}}"#);
    assert_eq!((message.permalink, message.network_time), (None, None));
    let comment = read(Network::Facebook, "public_reply", r#"{"id":"1_2"}"#);
    assert_eq!(comment.scope, "104857600123456789");
    assert_eq!(
        comment.permalink.expect("is public").at(Network::Facebook, "http://play/fb"),
        "http://play/fb/1_2"
    );
}

#[test]
fn budgets_of_x_are_read_from_its_headers() {
    let headers: Headers = [
        ("X-Rate-Limit-Limit", "15"),
        ("X-Rate-Limit-Remaining", "0"),
        ("X-Rate-Limit-Reset", "300"),
        ("x-app-limit-24hour-limit", "1440"),
        ("x-app-limit-24hour-remaining", "12"),
        ("x-app-limit-24hour-reset", "7200"),
    ]
    .into_iter()
    .collect();
    let found = budgets(&account(Network::X), &call("private_message"), &headers, NOW);
    let found: Vec<_> = found
        .into_iter()
        .map(|one| (one.scope, one.name, one.limit, one.remaining, one.resets_at - NOW))
        .collect();
    let expected = [
        (Scope::Account, "direct_message", 15, 0, Duration::seconds(300)),
        (Scope::App, "direct_message_24h", 1_440, 12, Duration::seconds(7_200)),
    ];
    assert_eq!(found, expected);
}

#[test]
fn budgets_of_facebook_are_what_is_left_of_its_percentages() {
    let used = r#"[{"type":"messenger","call_count":100,"total_cputime":3,"total_time":4,
        "estimated_time_to_regain_access":9},{"type":"pages","call_count":40,"total_cputime":41,
        "total_time":0,"estimated_time_to_regain_access":0},{"type":"ads_insights"}]"#;
    // Under the page's id, or the business's.
    for owner in ["104857600123456789", "77"] {
        let headers: Headers = [
            ("X-App-Usage", r#"{"call_count":68,"total_cputime":0,"total_time":208}"#.to_owned()),
            ("X-Business-Use-Case-Usage", format!(r#"{{"{owner}":{used}}}"#)),
        ]
        .into_iter()
        .collect();
        let found = budgets(&account(Network::Facebook), &call("private_message"), &headers, NOW);
        let found: Vec<_> = found
            .into_iter()
            .map(|one| (one.scope, one.name, one.remaining, one.resets_at - NOW))
            .collect();
        let expected = [
            (Scope::App, "app_usage", 0, Duration::minutes(5)),
            (Scope::Account, "messenger_usage", 0, Duration::minutes(9)),
            (Scope::Account, "page_usage", 59, Duration::minutes(5)),
        ];
        assert_eq!(found, expected);
    }
}

#[test]
fn the_limits_of_direct_messages_are_those_of_the_documents() {
    let found = allowances(Network::X, &call("private_message"));
    let found: Vec<_> =
        found.iter().map(|one| (one.scope, one.limit, one.window.whole_minutes())).collect();
    let expected =
        [(Scope::Account, 15, 15), (Scope::Account, 1_440, 1_440), (Scope::App, 1_440, 1_440)];
    assert_eq!(found, expected);
}

#[test]
fn every_allowance_is_among_the_bounds_of_its_call() {
    for network in Network::ALL {
        for word in [
            "public_reply",
            "private_message",
            "private_reply",
            "delete_public",
            "delete_private",
            "quote",
            "like",
            "unlike",
            "repost",
            "unrepost",
            "follow",
            "unfollow",
            "hide",
            "read_person",
            "read_author",
        ] {
            let bounds = bounds(network, &call(word));
            for one in allowances(network, &call(word)) {
                assert!(bounds.contains(&(one.scope, one.name)), "{network} {word} {}", one.name);
            }
        }
    }
}

proptest! {
    #[test]
    fn any_answer_at_all_is_read(
        network in proptest::sample::select(Network::ALL.to_vec()),
        word in proptest::sample::select(vec![
            "public_reply", "private_message", "delete_public", "like", "unfollow", "hide",
            "read_person", "read_author",
        ]),
        status in 0_u16..1000,
        headers in proptest::collection::vec((
            proptest::sample::select(vec![
                "x-rate-limit-reset", "x-rate-limit-remaining", "x-app-limit-24hour-remaining",
                "x-app-limit-24hour-reset", "retry-after", "x-app-usage",
                "x-business-use-case-usage",
            ]),
            prop_oneof![any::<i64>().prop_map(|number| number.to_string()), any::<String>()],
        ), 0..6),
        body in prop_oneof![
            any::<Vec<u8>>(),
            any::<(i64, i64, String)>().prop_map(|(code, subcode, words)| {
                json!({"error": {"code": code, "error_subcode": subcode, "message": words},
                    "errors": [{"code": code, "type": words, "detail": words}]})
                    .to_string()
                    .into_bytes()
            }),
        ],
    ) {
        let account = account(network);
        let call = call(word);
        let headers: Headers = headers.into_iter().collect();
        let answer = read(&account, &call, status, &headers, &body, NOW);
        if !(200..300).contains(&status) {
            prop_assert!(!matches!(answer, Answer::Sent(_)));
        }
        if let Answer::Wait(waiting) = answer {
            // A wrong hint never stops an account for longer than a day.
            let until = waiting.until.unwrap_or(NOW);
            prop_assert!(until >= NOW && until <= NOW + Duration::DAY);
        }
        for budget in budgets(&account, &call, &headers, NOW) {
            prop_assert!(budget.resets_at >= NOW && budget.resets_at <= NOW + Duration::DAY);
        }
    }
}
