//! What only Facebook does.

use kit_values::Secret;
use networks::{Credentials, Fact, Item, MessageKind, Network, Reading, handshake, parse};
use serde_json::{Value, json};

use crate::fixtures::{body, items};

fn fact(item: &Item) -> &Fact {
    match &item.reading {
        Reading::Report(report) => &report.fact,
        other => panic!("not a report: {other:?}"),
    }
}

fn read(file: &str) -> Vec<Item> {
    items(&format!("facebook/{file}.json"))
}

fn ask(mode: &str, token: &str, challenge: &str) -> Vec<(String, String)> {
    [("hub.mode", mode), ("hub.verify_token", token), ("hub.challenge", challenge)]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
}

#[test]
fn the_handshake_hands_the_challenge_back_to_who_knows_the_token() {
    let token = Secret::new("verify-me".to_owned());
    let credentials = Credentials { signing_secrets: &[], verify_token: &token };
    let answer = |query: &[(String, String)]| handshake(Network::Facebook, query, &credentials);
    for challenge in ["1158201444", "<script>alert(1)</script>", "a\r\nset-cookie: b"] {
        let given = answer(&ask("subscribe", "verify-me", challenge)).expect("is answered");
        assert_eq!(given.body, challenge);
        assert!(given.content_type.starts_with("text/plain"));
    }
    assert_eq!(answer(&ask("subscribe", "verify-you", "1")), None);
    assert_eq!(answer(&ask("subscribe", "", "1")), None);
    assert_eq!(answer(&ask("unsubscribe", "verify-me", "1")), None);
    assert_eq!(answer(&ask("subscribe", "verify-me", &"1".repeat(1 << 20))), None);
    let mut twice = ask("subscribe", "verify-me", "1");
    twice.push(("hub.verify_token".to_owned(), "verify-me".to_owned()));
    assert_eq!(answer(&twice), None);
}

#[test]
fn attachments_keep_the_network_s_word_whatever_it_is() {
    for word in [
        "image",
        "video",
        "audio",
        "file",
        "sticker",
        "reel",
        "ig_reel",
        "post",
        "ig_post",
        "fallback",
        "template",
        "appointment_booking",
    ] {
        let item = read(&format!("message.attachment.{word}")).remove(0);
        let Fact::Received { message, .. } = fact(&item) else { panic!("{word}") };
        let kinds: Vec<_> = message.attachments.iter().map(|found| found.kind.as_str()).collect();
        assert_eq!(kinds, [word]);
        assert!(!message.attachments[0].url.is_empty(), "{word}");
    }
    let item = read("message.attachment.fallback_without_payload").remove(0);
    let Fact::Received { message, .. } = fact(&item) else { panic!("not received") };
    assert_eq!(message.attachments[0].title, "How to return");
    let item = read("message.attachment.image_and_sticker").remove(0);
    let Fact::Received { message, .. } = fact(&item) else { panic!("not received") };
    assert_eq!(message.attachments.len(), 1, "a sticker came twice");
}

#[test]
fn an_echo_names_its_recipient_and_our_metadata() {
    let item = read("echo").remove(0);
    let Fact::Own(own) = fact(&item) else { panic!("not ours") };
    assert_eq!(own.sender_metadata, "rep_0192f0c1");
    assert_eq!(own.counterpart.as_ref().map(|who| who.id.as_str()), Some("7312345678901234567"));
    let Reading::Report(report) = &item.reading else { panic!("not a report") };
    assert_eq!(report.scope, "104857600123456789");
}

#[test]
fn a_comment_knows_its_post_its_parent_and_its_place() {
    let top = read("feed.comment.add").remove(0);
    let reply = read("feed.comment.add.reply").remove(0);
    let (Fact::Received { message: first, author }, Fact::Received { message: second, .. }) =
        (fact(&top), fact(&reply))
    else {
        panic!("not received")
    };
    assert_eq!(first.kind, MessageKind::Comment);
    assert_eq!(first.in_reply_to, first.thread);
    assert_eq!(second.in_reply_to, top.external_id);
    assert_eq!(second.thread, first.thread);
    assert_eq!(author.as_ref().map(|author| author.name.as_str()), Some("Amara Diallo"));
    let permalink = first.permalink.as_ref().expect("is public");
    assert_eq!(
        permalink.at(Network::Facebook, ""),
        "https://www.facebook.com/104857600123456789/posts/880000000001?comment_id=990000000001"
    );
    assert_eq!(
        permalink.at(Network::Facebook, "http://localhost:8080/playground/facebook"),
        format!("http://localhost:8080/playground/facebook/{}", top.external_id)
    );
}

#[test]
fn an_own_comment_is_ours_and_a_withheld_author_is_nobody() {
    let own = read("feed.comment.own").remove(0);
    assert!(matches!(fact(&own), Fact::Own(_)));
    let withheld = read("feed.comment.from_absent").remove(0);
    assert!(matches!(fact(&withheld), Fact::Received { author: None, .. }));
}

#[test]
fn two_edits_within_one_second_are_two_items() {
    let mut value: Value =
        serde_json::from_slice(&body("facebook/feed.comment.edited.json")).expect("is JSON");
    let first = parse(Network::Facebook, &serde_json::to_vec(&value).expect("serialises"));
    value["entry"][0]["changes"][0]["value"]["message"] = json!("another text");
    let second = parse(Network::Facebook, &serde_json::to_vec(&value).expect("serialises"));
    assert_eq!(first[0].external_id, second[0].external_id);
    assert_ne!(first[0].key(), second[0].key());
}

#[test]
fn a_reaction_taken_back_is_empty_and_another_item() {
    let (react, unreact) = (read("reaction.react").remove(0), read("reaction.unreact").remove(0));
    let (Fact::Reacted(first), Fact::Reacted(second)) = (fact(&react), fact(&unreact)) else {
        panic!("not reactions")
    };
    assert_eq!((first.reaction.as_str(), second.reaction.as_str()), ("love", ""));
    assert_ne!(react.key(), unreact.key());
}

#[test]
fn one_entry_may_mix_families_and_one_body_pages() {
    let items = read("batch.two_pages");
    let accounts: Vec<_> = items.iter().map(|item| item.account.as_str()).collect();
    assert_eq!(accounts, ["104857600123456789", "104857600123456789", "104857600987654321"]);
}

#[test]
fn a_comment_that_also_names_the_page_is_the_same_item_from_either_field() {
    let mut value: Value =
        serde_json::from_slice(&body("facebook/mention.comment.json")).expect("is JSON");
    let comment = &read("feed.comment.add")[0];
    let mention = &mut value["entry"][0]["changes"][0]["value"];
    mention["post_id"] = json!("104857600123456789_880000000001");
    mention["comment_id"] = json!(comment.external_id);
    let mention = parse(Network::Facebook, &serde_json::to_vec(&value).expect("serialises"));
    assert_eq!(mention[0].key(), comment.key());
    let (Fact::Received { message: a, .. }, Fact::Received { message: b, .. }) =
        (fact(&mention[0]), fact(comment))
    else {
        panic!("not received")
    };
    assert_eq!(a.kind, b.kind);
}
