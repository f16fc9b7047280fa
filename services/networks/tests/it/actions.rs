//! What can be done to messages besides answering them: which, by whom, and by which calls.

use networks::manifest::{Account, Action, Asked, Tier, actions};
use networks::outbound::{
    Call, Class, Scope, Target, action, allowances, bounds, confirmation, request,
};
use networks::{MessageKind, Network};
use proptest::prelude::*;
use serde_json::json;
use time::{Duration, OffsetDateTime};

use crate::answers;

const NOW: OffsetDateTime = OffsetDateTime::UNIX_EPOCH;

fn account(network: Network, tier: Tier, scopes: &[&str]) -> Account {
    Account { network, tier, scopes: scopes.iter().map(|&scope| scope.to_owned()).collect() }
}

fn asked(account: &Account, kind: MessageKind) -> Asked<'_> {
    Asked {
        account,
        kind,
        inbound: true,
        deleted: false,
        network_time: NOW - Duration::HOUR,
        same_account: true,
        author_known: true,
        last_private_inbound_at: None,
        already_private_replied: false,
        now: NOW,
    }
}

/// Each action, and after a colon the code of what prevents it.
fn found(asked: &Asked<'_>) -> Vec<String> {
    let words = actions(asked).into_iter().map(|option| match option.available {
        Ok(()) => option.action.as_str().to_owned(),
        Err(reason) => format!("{}:{}", option.action.as_str(), reason.code),
    });
    words.collect()
}

#[test]
fn on_x_public_messages_are_quoted_liked_and_reposted_and_authors_followed() {
    let enterprise = account(Network::X, Tier::Enterprise, &[]);
    for kind in [MessageKind::Mention, MessageKind::Reply, MessageKind::Quote, MessageKind::Post] {
        let mut expected = vec!["quote", "like", "unlike", "repost", "unrepost"];
        if kind == MessageKind::Reply {
            expected.extend(["hide", "unhide"]);
        }
        expected.extend(["follow", "unfollow"]);
        assert_eq!(found(&asked(&enterprise, kind)), expected);
        // Any of our accounts may, but hide only what answers it.
        let other = Asked { same_account: false, ..asked(&enterprise, kind) };
        let of_other = expected.iter().map(|word| match *word {
            "hide" => "hide:other_account",
            "unhide" => "unhide:other_account",
            word => word,
        });
        assert_eq!(found(&other), of_other.collect::<Vec<_>>());
    }
    let direct = asked(&enterprise, MessageKind::PrivateMessage);
    assert_eq!(found(&direct), ["follow", "unfollow"]);
}

#[test]
fn on_x_the_plan_decides_and_then_the_scopes() {
    let self_serve = account(Network::X, Tier::SelfServe, &[]);
    let expected = [
        "quote:enterprise_only",
        "like:enterprise_only",
        "unlike:enterprise_only",
        "repost",
        "unrepost",
        "follow:enterprise_only",
        "unfollow:enterprise_only",
    ];
    assert_eq!(found(&asked(&self_serve, MessageKind::Mention)), expected);
    let writer =
        account(Network::X, Tier::Enterprise, &["tweet.write", "tweet.read", "users.read"]);
    let expected = [
        "quote",
        "like:missing_scope",
        "unlike:missing_scope",
        "repost",
        "unrepost",
        "follow:missing_scope",
        "unfollow:missing_scope",
    ];
    assert_eq!(found(&asked(&writer, MessageKind::Mention)), expected);
    let hides = |account| found(&asked(account, MessageKind::Reply))[5..7].to_vec();
    assert_eq!(hides(&writer), ["hide:missing_scope", "unhide:missing_scope"]);
    // Any plan may.
    assert_eq!(hides(&self_serve), ["hide", "unhide"]);
}

#[test]
fn on_facebook_only_the_page_that_was_written_to_likes_and_hides() {
    let page = account(Network::Facebook, Tier::SelfServe, &[]);
    for kind in [MessageKind::Comment, MessageKind::Post] {
        assert_eq!(found(&asked(&page, kind)), ["like", "unlike", "hide", "unhide"]);
        let other = Asked { same_account: false, ..asked(&page, kind) };
        assert!(found(&other).iter().all(|word| word.ends_with(":other_account")));
    }
    let mention = found(&asked(&page, MessageKind::Mention));
    assert_eq!(mention, ["like", "unlike", "hide:not_on_own_page", "unhide:not_on_own_page"]);
    assert_eq!(found(&asked(&page, MessageKind::PrivateMessage)), [""; 0]);
    let reader = account(Network::Facebook, Tier::SelfServe, &["pages_messaging"]);
    let words = found(&asked(&reader, MessageKind::Comment));
    assert!(words.iter().all(|word| word.ends_with(":missing_scope")), "{words:?}");
}

#[test]
fn what_is_gone_is_not_acted_on_but_its_author_may_be_followed() {
    let enterprise = account(Network::X, Tier::Enterprise, &[]);
    let gone = Asked { deleted: true, ..asked(&enterprise, MessageKind::Mention) };
    let (follows, others): (Vec<String>, Vec<String>) =
        found(&gone).into_iter().partition(|word| word.contains("follow"));
    assert_eq!(follows, ["follow", "unfollow"]);
    assert!(others.iter().all(|word| word.ends_with(":message_deleted")), "{others:?}");
    let nobody = Asked { author_known: false, ..asked(&enterprise, MessageKind::Mention) };
    assert!(found(&nobody).contains(&"follow:author_unknown".to_owned()));
    assert!(found(&nobody).contains(&"like".to_owned()));
}

#[test]
fn of_what_we_wrote_there_is_only_its_end() {
    let x = account(Network::X, Tier::SelfServe, &[]);
    for kind in [MessageKind::Reply, MessageKind::PrivateMessage] {
        let own = Asked { inbound: false, ..asked(&x, kind) };
        assert_eq!(found(&own), ["delete"]);
        let other = Asked { same_account: false, ..own };
        assert_eq!(found(&other), ["delete:other_account"]);
        let gone = Asked { deleted: true, ..own };
        assert_eq!(found(&gone), ["delete:message_deleted"]);
    }
    let page = account(Network::Facebook, Tier::SelfServe, &[]);
    let comment = Asked { inbound: false, ..asked(&page, MessageKind::Comment) };
    assert_eq!(found(&comment), ["delete"]);
    let message = Asked { inbound: false, ..asked(&page, MessageKind::PrivateMessage) };
    assert_eq!(found(&message), ["delete:not_deletable"]);
}

#[test]
fn opposites_belong_together() {
    for one in Action::ALL {
        assert_eq!(Action::named(one.as_str()), Some(one));
        let Some(other) = one.opposite() else { continue };
        assert_eq!(other.opposite(), Some(one));
        assert_ne!(one.is_undoing(), other.is_undoing());
        assert_eq!(one.is_of_author(), other.is_of_author());
    }
    assert_eq!(Action::named("Like"), None);
}

fn target(kind: MessageKind) -> Target {
    Target { external_id: "2080765813578191303".to_owned(), kind }
}

#[test]
fn each_action_on_x_is_one_call_in_the_name_of_the_account() {
    let me = "https://api.x.com/2/users/1716450569358098432";
    let post = "2080765813578191303";
    let rows = [
        (Action::Like, "POST", format!("{me}/likes"), Some(json!({"tweet_id": post}))),
        (Action::Unlike, "DELETE", format!("{me}/likes/{post}"), None),
        (Action::Repost, "POST", format!("{me}/retweets"), Some(json!({"tweet_id": post}))),
        (Action::Unrepost, "DELETE", format!("{me}/retweets/{post}"), None),
        (Action::Follow, "POST", format!("{me}/following"), Some(json!({"target_user_id": "77"}))),
        (Action::Unfollow, "DELETE", format!("{me}/following/77"), None),
    ];
    for (wanted, method, url, body) in rows {
        let call = action(Network::X, wanted, &target(MessageKind::Mention), "77").expect("a call");
        assert!(call.is_idempotent());
        let request = request(&answers::account(Network::X), &call);
        assert_eq!((request.method, request.url, request.body), (method, url, body));
        assert!(confirmation(&answers::account(Network::X), &call).is_none());
    }
    for (wanted, hidden) in [(Action::Hide, true), (Action::Unhide, false)] {
        let call = action(Network::X, wanted, &target(MessageKind::Reply), "77").expect("a call");
        let request = request(&answers::account(Network::X), &call);
        assert_eq!(request.method, "PUT");
        assert_eq!(request.url, format!("https://api.x.com/2/tweets/{post}/hidden"));
        assert_eq!(request.body, Some(json!({"hidden": hidden})));
    }
}

#[test]
fn each_action_on_facebook_is_one_call_and_hiding_is_read_back() {
    let node = "https://graph.facebook.com/v26.0/104_1";
    let rows = [
        (Action::Like, "POST", format!("{node}/likes"), None),
        (Action::Unlike, "DELETE", format!("{node}/likes"), None),
        (Action::Hide, "POST", node.to_owned(), Some(json!({"is_hidden": true}))),
        (Action::Unhide, "POST", node.to_owned(), Some(json!({"is_hidden": false}))),
    ];
    for (kind, fields) in
        [(MessageKind::Comment, "is_hidden,can_hide"), (MessageKind::Post, "is_hidden")]
    {
        let to = Target { external_id: "104_1".to_owned(), kind };
        for (wanted, method, url, body) in rows.clone() {
            let call = action(Network::Facebook, wanted, &to, "").expect("a call");
            let account = answers::account(Network::Facebook);
            let made = request(&account, &call);
            assert_eq!((made.method, made.url, made.body), (method, url, body));
            let read_back = confirmation(&account, &call);
            assert_eq!(
                read_back.is_some(),
                matches!(wanted, Action::Hide | Action::Unhide),
                "{wanted:?}"
            );
            let Some(read_back) = read_back else { continue };
            assert_eq!((read_back.method, read_back.url.as_str()), ("GET", node));
            let asked = read_back.query.iter().find(|(name, _)| *name == "fields");
            assert_eq!(asked.map(|(_, fields)| fields.expose().as_str()), Some(fields));
        }
    }
}

#[test]
fn what_a_network_does_not_have_is_no_call() {
    let private = MessageKind::PrivateMessage;
    for (network, wanted, kind) in [
        (Network::X, Action::Hide, MessageKind::Mention),
        (Network::X, Action::Like, private),
        (Network::X, Action::Repost, private),
        (Network::Facebook, Action::Repost, MessageKind::Comment),
        (Network::Facebook, Action::Follow, MessageKind::Comment),
        (Network::Facebook, Action::Like, private),
        (Network::Facebook, Action::Hide, private),
    ] {
        let refused = action(network, wanted, &target(kind), "77").expect_err("is no call");
        assert_eq!((refused.class, refused.code), (Class::Request, "not_possible"), "{wanted:?}");
    }
    for network in Network::ALL {
        for wanted in [Action::Quote, Action::Delete] {
            assert!(action(network, wanted, &target(MessageKind::Mention), "77").is_err());
        }
    }
    for id in ["", "abc", "1/../2", "12345678901234567890"] {
        let to = Target { external_id: id.to_owned(), kind: MessageKind::Mention };
        let refused = action(Network::X, Action::Like, &to, "77").expect_err("is no id");
        assert_eq!(refused.code, "target_missing");
        assert!(action(Network::X, Action::Follow, &target(private), id).is_err());
    }
    // Whoever wrote a direct message is followed by their own id, not by the message's.
    let call = action(Network::X, Action::Follow, &target(private), "77").expect("a call");
    let Call::Act { to, .. } = call else { panic!("is an action") };
    assert_eq!(to.external_id, "77");
}

#[test]
fn the_limits_of_actions_are_those_of_the_documents() {
    let limits = |word: &str| -> Vec<(u32, i64)> {
        let found = allowances(Network::X, &answers::call(word)).iter();
        found
            .map(|one| {
                assert_eq!(one.scope, Scope::Account);
                (one.limit, one.window.whole_minutes())
            })
            .collect()
    };
    for word in ["like", "unlike"] {
        assert_eq!(limits(word), [(50, 15), (1_000, 1_440)]);
    }
    for word in ["repost", "unrepost", "follow", "unfollow", "hide", "unhide"] {
        assert_eq!(limits(word), [(50, 15)]);
    }
    // Hiding and showing again are the same call.
    let (hide, unhide) = (answers::call("hide"), answers::call("unhide"));
    assert_eq!(bounds(Network::X, &hide), bounds(Network::X, &unhide));
    // A quote is a post, and counts with the others.
    let (quote, post) = (answers::call("quote"), answers::call("public_reply"));
    assert_eq!(quote.counted_as(), post.counted_as());
    assert_eq!(allowances(Network::X, &quote), allowances(Network::X, &post));
    assert!(!quote.is_idempotent());
}

proptest! {
    #[test]
    fn what_is_offered_can_be_called(
        network in proptest::sample::select(Network::ALL.to_vec()),
        tier in proptest::sample::select(Tier::ALL.to_vec()),
        kind in proptest::sample::select(vec![
            MessageKind::PrivateMessage, MessageKind::Comment, MessageKind::Reply,
            MessageKind::Mention, MessageKind::Post, MessageKind::Quote,
        ]),
        flags in any::<[bool; 4]>(),
    ) {
        let account = account(network, tier, &[]);
        let asked = Asked {
            inbound: flags[0],
            deleted: flags[1],
            same_account: flags[2],
            author_known: flags[3],
            ..asked(&account, kind)
        };
        for option in actions(&asked) {
            prop_assert_eq!(option.action == Action::Delete, !asked.inbound);
            match option.available {
                Ok(()) if matches!(option.action, Action::Quote | Action::Delete) => {}
                Ok(()) => prop_assert!(action(network, option.action, &target(kind), "77").is_ok()),
                Err(reason) => {
                    prop_assert!(reason.sentence.ends_with('.') && !reason.code.is_empty());
                }
            }
        }
    }
}
