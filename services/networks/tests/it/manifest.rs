//! Which ways of answering each message and account allow.

use networks::manifest::{
    Account, AnswerOption, Asked, Counting, Tier, answer_options, table, text_limit,
};
use networks::{MessageKind, Network};
use proptest::prelude::*;
use time::{Duration, OffsetDateTime};

const NOW: OffsetDateTime = OffsetDateTime::UNIX_EPOCH;

const KINDS: [MessageKind; 6] = [
    MessageKind::PrivateMessage,
    MessageKind::Comment,
    MessageKind::Reply,
    MessageKind::Mention,
    MessageKind::Post,
    MessageKind::Quote,
];

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

/// The kind of each way, and what prevents it.
fn ways(asked: &Asked<'_>) -> Vec<(MessageKind, Option<&'static str>)> {
    let ways = answer_options(asked).into_iter();
    ways.map(|way| (way.kind, way.available.err().map(|reason| reason.code))).collect()
}

fn private(asked: &Asked<'_>) -> AnswerOption {
    let mut ways = answer_options(asked).into_iter();
    ways.find(|way| way.kind == MessageKind::PrivateMessage).expect("there is a private way")
}

#[test]
fn a_mention_on_x_is_answered_publicly_or_privately() {
    let x = account(Network::X, Tier::SelfServe, &[]);
    for kind in [MessageKind::Mention, MessageKind::Reply, MessageKind::Quote] {
        let expected = [
            (MessageKind::Reply, None),
            (MessageKind::PrivateMessage, None),
            (MessageKind::Quote, Some("enterprise_only")),
        ];
        assert_eq!(ways(&asked(&x, kind)), expected);
    }
    let [public, private, _] = &answer_options(&asked(&x, MessageKind::Mention))[..] else {
        panic!("there are three ways")
    };
    assert_eq!((public.text_limit, public.counting), (280, Counting::XWeighted));
    assert_eq!((private.text_limit, private.counting), (10_000, Counting::Characters));
    assert!(public.public && !private.public);
    assert_eq!(public.expires_at, None);
}

#[test]
fn a_second_account_of_x_answers_publicly_only_with_an_enterprise_plan() {
    let self_serve = account(Network::X, Tier::SelfServe, &[]);
    let asked_of = |account| Asked { same_account: false, ..asked(account, MessageKind::Mention) };
    let expected = [
        (MessageKind::Reply, Some("account_not_mentioned")),
        (MessageKind::PrivateMessage, None),
        (MessageKind::Quote, Some("enterprise_only")),
    ];
    assert_eq!(ways(&asked_of(&self_serve)), expected);
    let enterprise = account(Network::X, Tier::Enterprise, &[]);
    let expected = [
        (MessageKind::Reply, None),
        (MessageKind::PrivateMessage, None),
        (MessageKind::Quote, None),
    ];
    assert_eq!(ways(&asked_of(&enterprise)), expected);
    let quote = &answer_options(&asked_of(&enterprise))[2];
    assert_eq!((quote.public, quote.text_limit, quote.counting), (true, 280, Counting::XWeighted));
}

#[test]
fn a_scope_that_is_missing_is_the_reason() {
    let reader = account(Network::X, Tier::Enterprise, &["tweet.read", "users.read"]);
    let expected = [
        (MessageKind::Reply, Some("missing_scope")),
        (MessageKind::PrivateMessage, Some("missing_scope")),
        (MessageKind::Quote, Some("missing_scope")),
    ];
    assert_eq!(ways(&asked(&reader, MessageKind::Mention)), expected);
    let page = account(Network::Facebook, Tier::SelfServe, &["pages_messaging"]);
    let expected =
        [(MessageKind::Comment, Some("missing_scope")), (MessageKind::PrivateMessage, None)];
    assert_eq!(ways(&asked(&page, MessageKind::Comment)), expected);
    let page = account(Network::Facebook, Tier::SelfServe, &["pages_manage_engagement"]);
    let expected =
        [(MessageKind::Comment, None), (MessageKind::PrivateMessage, Some("missing_scope"))];
    assert_eq!(ways(&asked(&page, MessageKind::Comment)), expected);
}

#[test]
fn only_the_page_that_was_written_to_answers_on_facebook() {
    let page = account(Network::Facebook, Tier::SelfServe, &[]);
    for kind in [MessageKind::Comment, MessageKind::Post, MessageKind::PrivateMessage] {
        let asked = Asked { same_account: false, ..asked(&page, kind) };
        for (_, reason) in ways(&asked) {
            assert_eq!(reason, Some("other_account"));
        }
    }
}

#[test]
fn a_private_reply_is_allowed_once_within_seven_days() {
    let page = account(Network::Facebook, Tier::SelfServe, &[]);
    for kind in [MessageKind::Comment, MessageKind::Post] {
        let written = NOW - Duration::days(7);
        let fresh = Asked { network_time: written + Duration::SECOND, ..asked(&page, kind) };
        let way = private(&fresh);
        assert_eq!(way.available, Ok(()));
        assert_eq!(way.expires_at, Some(NOW + Duration::SECOND));
        let late = private(&Asked { network_time: written, ..fresh });
        assert_eq!(late.available.expect_err("is late").code, "private_reply_expired");
        assert_eq!(late.expires_at, None);
        let again = private(&Asked { already_private_replied: true, ..fresh });
        assert_eq!(again.available.expect_err("is used").code, "private_reply_used");
        // It is addressed by the comment, so nobody needs to be known.
        assert_eq!(private(&Asked { author_known: false, ..fresh }).available, Ok(()));
    }
    let elsewhere = private(&asked(&page, MessageKind::Mention));
    assert_eq!(elsewhere.available.expect_err("is elsewhere").code, "not_on_own_page");
}

#[test]
fn messenger_closes_after_a_day_or_after_a_week_for_people() {
    let day = account(Network::Facebook, Tier::SelfServe, &["pages_messaging"]);
    let week = account(Network::Facebook, Tier::SelfServe, &["pages_messaging", "human_agent"]);
    for (account, window) in [(&day, Duration::hours(24)), (&week, Duration::days(7))] {
        let last = NOW - window;
        let message = asked(account, MessageKind::PrivateMessage);
        let open = private(&Asked {
            last_private_inbound_at: Some(last + Duration::SECOND),
            network_time: NOW - Duration::days(30),
            ..message
        });
        assert_eq!(open.available, Ok(()));
        assert_eq!(open.expires_at, Some(NOW + Duration::SECOND));
        assert_eq!((open.text_limit, open.counting), (2_000, Counting::Characters));
        let closed = private(&Asked { last_private_inbound_at: Some(last), ..message });
        assert_eq!(closed.available.expect_err("is closed").code, "window_closed");
        // Without any other, the message itself opened the window.
        let own = private(&Asked { network_time: last, ..message });
        assert_eq!(own.available.expect_err("is closed").code, "window_closed");
    }
}

#[test]
fn nobody_is_answered_who_is_not_known_and_nothing_that_is_gone() {
    for network in Network::ALL {
        let account = account(network, Tier::Enterprise, &[]);
        let gone = Asked { deleted: true, ..asked(&account, MessageKind::Post) };
        let public = &answer_options(&gone)[0];
        assert_eq!(public.available.expect_err("is gone").code, "message_deleted");
        let nobody = Asked { author_known: false, ..asked(&account, MessageKind::PrivateMessage) };
        assert_eq!(private(&nobody).available.expect_err("is nobody").code, "author_unknown");
    }
}

#[test]
fn a_plan_that_nobody_knows_is_the_lowest() {
    assert_eq!(Tier::named(""), Tier::SelfServe);
    assert_eq!(Tier::named("Enterprise"), Tier::SelfServe);
    for tier in Tier::ALL {
        assert_eq!(Tier::named(tier.as_str()), tier);
    }
}

#[test]
fn the_table_says_what_the_options_are() {
    let rows = table();
    for network in Network::ALL {
        let account = account(network, Tier::Enterprise, &[]);
        for kind in KINDS {
            let rows: Vec<_> = rows
                .iter()
                .filter(|row| row.network == network && row.answers.contains(&kind))
                .collect();
            if rows.is_empty() {
                // The network has no such messages.
                continue;
            }
            for way in answer_options(&asked(&account, kind)) {
                if way.available.is_err() {
                    continue;
                }
                let row = rows.iter().find(|row| row.kind == way.kind).expect("is in the table");
                assert_eq!(
                    (row.public, row.text_limit, row.counting),
                    (way.public, way.text_limit, way.counting)
                );
                assert_eq!((way.text_limit, way.counting), text_limit(network, way.kind));
                assert!(!row.scopes.is_empty() && !row.conditions.is_empty());
            }
        }
    }
}

proptest! {
    #[test]
    fn every_way_is_complete(
        network in proptest::sample::select(Network::ALL.to_vec()),
        tier in proptest::sample::select(Tier::ALL.to_vec()),
        scopes in proptest::sample::subsequence(vec![
            "tweet.read", "tweet.write", "users.read", "dm.write", "pages_messaging",
            "pages_manage_engagement", "human_agent",
        ], 0..7),
        kind in proptest::sample::select(KINDS.to_vec()),
        flags in any::<[bool; 5]>(),
        ages in any::<(u32, Option<u32>)>(),
    ) {
        let account = account(network, tier, &scopes);
        let ago = |seconds: u32| NOW - Duration::seconds(i64::from(seconds % 2_000_000));
        let asked = Asked {
            account: &account,
            kind,
            inbound: flags[0],
            deleted: flags[1],
            network_time: ago(ages.0),
            same_account: flags[2],
            author_known: flags[3],
            last_private_inbound_at: ages.1.map(ago),
            already_private_replied: flags[4],
            now: NOW,
        };
        let options = answer_options(&asked);
        prop_assert_eq!(options.is_empty(), !asked.inbound);
        for option in options {
            prop_assert!(option.text_limit > 0);
            prop_assert_eq!(option.public, option.kind != MessageKind::PrivateMessage);
            match option.available {
                // A right that has ended is not offered.
                Ok(()) => prop_assert!(option.expires_at.is_none_or(|end| end > NOW)),
                Err(reason) => {
                    prop_assert!(option.expires_at.is_none());
                    prop_assert!(reason.sentence.ends_with('.'));
                    prop_assert!(!reason.code.is_empty());
                }
            }
        }
    }
}
